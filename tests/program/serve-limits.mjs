#!/usr/bin/env node
// What the server does not take: requests that could be read two ways, too much, too slowly; another who wants the book. And how it stops.
import net from 'node:net';
import { join } from 'node:path';
import { deep_equal, done, has, is, ok, run, temporary_folder } from '../tap.mjs';
import { add_account, ask, make_book, serve, sign_in } from '../serve.mjs';

const folder = temporary_folder();
const book = make_book(folder);
add_account(book, 'boss', '--role', 'admin');

let server = await serve(book, { now: '2026-03-05T08:00:00Z', args: ['--request-seconds', '2'] });

// Sends bytes as they are; resolves with all that came back once the connection has ended.
function raw(...parts) {
	return new Promise((resolve) => {
		const socket = net.connect(server.port, '127.0.0.1');
		let text = '';
		socket.on('data', (bytes) => (text += bytes.toString('latin1')));
		socket.on('error', () => {});
		socket.on('close', () => resolve(text));
		for (const part of parts)
			socket.write(part);
	});
}
const status = (text) => Number(/^HTTP\/1\.1 (\d+)/.exec(text)?.[1] ?? 0);
const healthy = async (name) => is((await ask(server, 'GET', '/healthz')).status, 200, name);

// ---- as long as it may be, and longer: there is an answer to each ----
{
	const said = [];
	for (let length = 1000; length <= 12000; length += 500) {
		const [line, header] = [`find=${'a'.repeat(length)}`, 'a'.repeat(length)];
		said.push(status(await raw(`GET /healthz?${line} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`)), status(await raw(`GET /healthz HTTP/1.1\r\nHost: x\r\nX-Long: ${header}\r\nConnection: close\r\n\r\n`)));
	}
	deep_equal(said.filter((s) => ![200, 414, 422, 431].includes(s)), [], 'nobody is cut off without a word');
	ok(said[0] === 422 && said[1] === 200 && said.at(-2) === 414 && said.at(-1) === 431, 'what is too long is said to be');
}

// ---- malformed: each is refused, or the connection closed, and nobody else notices ----
{
	const get = (...headers) => `GET /healthz HTTP/1.1\r\n${headers.map((h) => `${h}\r\n`).join('')}\r\n`;
	const post = (headers, body = '') => `POST /api/session HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n${headers}\r\n${body}`;
	const C = 'Connection: close';
	const refused = {
		'no Host': get(C),
		'two Hosts': get('Host: a', 'Host: b', C),
		'two Hosts that agree': get('Host: a', 'Host: a', C),
		'two lengths that differ': post('Content-Length: 2\r\nContent-Length: 3\r\n', '{}'),
		'two lengths that agree': post('Content-Length: 2\r\nContent-Length: 2\r\n', '{}'),
		'lengths in a list': post('Content-Length: 2, 2\r\n', '{}'),
		'a length and an encoding': post('Content-Length: 2\r\nTransfer-Encoding: chunked\r\n', '2\r\n{}\r\n0\r\n\r\n'),
		'an encoding and a length': post('Transfer-Encoding: chunked\r\nContent-Length: 2\r\n', '2\r\n{}\r\n0\r\n\r\n'),
		'two encodings': post('Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n', '2\r\n{}\r\n0\r\n\r\n'),
		'an encoding that is none': post('Transfer-Encoding: gzip, chunked\r\n', '2\r\n{}\r\n0\r\n\r\n'),
		'an encoding with a tab': post('Transfer-Encoding:\tchunked, identity\r\n', '2\r\n{}\r\n0\r\n\r\n'),
		'a length with a sign': post('Content-Length: +2\r\n', '{}'),
		'a length below nothing': post('Content-Length: -2\r\n', '{}'),
		'a length in hexadecimal digits': post('Content-Length: 0x2\r\n', '{}'),
		'a length with a fraction': post('Content-Length: 2.0\r\n', '{}'),
		'a length that is empty': post('Content-Length: \r\n', '{}'),
		'a length without end': post('Content-Length: 99999999999999999999999999\r\n', '{}'),
		'a chunk size that is none': post('Transfer-Encoding: chunked\r\n', 'zz\r\n{}\r\n0\r\n\r\n'),
		'a chunk size without end': post('Transfer-Encoding: chunked\r\n', 'ffffffffffffffffffff\r\n{}\r\n0\r\n\r\n'),
		'a space before the colon': get('Host : x', C),
		'a header without a colon': get('Host: x', 'nonsense', C),
		'a line end of one half within a header': get('Host: x', 'X: a\rContent-Length: 5', C),
		'a header whose name has brackets': get('Host: x', 'X(A): b', C),
		'a nought in the path': 'GET /heal\0thz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n',
		'a path without a slash': 'GET healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n',
		'a path that climbs by two slashes': 'GET //healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n',
		'half a percent': 'GET /api/leads/%4 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n',
		'a percent of no digits': 'GET /api/leads/%zz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n',
		'an encoded nought': 'GET /api/leads/%00 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n',
		'an encoded line end': 'GET /api/leads/a%0d%0ab HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n',
		'bytes that are no UTF-8': 'GET /api/leads/%ff HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n',
		'an overlong form': 'GET /api/leads/%c0%af HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n',
		'half a pair': 'GET /api/leads/%ed%a0%80 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n',
		'an argument that is no UTF-8': 'GET /api/measures?measure=%ff HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n',
		'a method nobody knows': 'BREW /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n',
		'a method in small letters': 'get /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n',
		'CONNECT': 'CONNECT evil.example:80 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n',
		'TRACE': 'TRACE /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n',
		'a whole address': 'GET http://evil.example/healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n',
		'no version': 'GET /healthz\r\nHost: x\r\n\r\n',
		'a version to come': 'GET /healthz HTTP/9.9\r\nHost: x\r\nConnection: close\r\n\r\n',
		'a version that is none': 'GET /healthz HTTX/1.1\r\nHost: x\r\nConnection: close\r\n\r\n',
		'TLS': Buffer.from('160301020001', 'hex'),
		'a header of 20,000 bytes': get('Host: x', `X-A: ${'a'.repeat(20000)}`, C),
		'a path of 20,000 bytes': `GET /${'a'.repeat(20000)} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`,
		'2,000 headers': get('Host: x', ...Array.from({ length: 2000 }, (_, i) => `X-${i}: a`), C),
		'more segments than any path has': `GET ${'/a'.repeat(40)} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`,
		'a body that is announced too large': post('Content-Length: 999999999\r\n'),
	};
	const answers = await Promise.all(Object.entries(refused).map(async ([name, bytes]) => [name, await raw(bytes)]));
	for (const [name, text] of answers)
		ok(status(text) === 0 || (status(text) >= 400 && status(text) < 600 && status(text) !== 500), `${name}: ${status(text) || 'closed'}`);
	// What follows a request that was refused is no request of anybody.
	const smuggled = await raw(post('Content-Length: 2\r\nTransfer-Encoding: chunked\r\n', '0\r\n\r\nGET /metrics HTTP/1.1\r\nHost: x\r\n\r\n'));
	is(smuggled.match(/HTTP\/1\.1 /g)?.length ?? 0, 1, 'what is smuggled behind a refused request is not answered');
	await healthy('and it is well');
}

// ---- bodies ----
{
	const post = (body, type = 'application/json') => ask(server, 'POST', '/api/session', { body, headers: { 'Content-Type': type } });

	is((await post('{"login":"a"', 'application/json')).status, 400, 'JSON that ends too soon');
	is((await post('')).status, 400, 'nothing');
	is((await post('{"login":"a","login":"b","password":"c"}')).status, 400, 'a member twice');
	is((await post(Buffer.from('{"login":"\xff","password":"c"}', 'latin1'))).status, 400, 'JSON that is no UTF-8');
	is((await post('{"login":"\\u0000","password":"c"}')).status, 400, 'a nought in a text');
	is((await post('{"login":"\\ud800","password":"c"}')).status, 400, 'half a pair in a text');
	is((await post('['.repeat(100000))).status, 400, 'brackets without end');
	is((await post(`{"login":${'{"a":'.repeat(40)}1${'}'.repeat(40)},"password":"c"}`)).status, 400, 'JSON that is deep');
	is((await post('[]')).status, 422, 'a list where an object is meant');
	is((await post('{}')).json.problems.length, 2, 'all that is missing');
	is((await post(JSON.stringify({ login: 'a'.repeat(300), password: 'b'.repeat(300) }))).json.problems.length, 2, 'all that is too long');
	is((await post('login=a', 'application/x-www-form-urlencoded')).status, 415, 'a form');
	is((await post('{}', 'application/jsonp')).status, 415, 'a type that only begins like JSON');
	const large = await ask(server, 'POST', '/api/session', { body: Buffer.alloc((17 << 20), 0x20), headers: { 'Content-Type': 'application/json' } }).catch(() => ({ status: 413 }));
	is(large.status, 413, 'a body that is too large');
	await healthy('and it is well');
}

// ---- too slowly: cut off at a fixed time, however busily they drip; others are served meanwhile ----
{
	const drip = (head, piece) => new Promise((resolve) => {
		const socket = net.connect(server.port, '127.0.0.1');
		const timer = setInterval(() => socket.write(piece), 100);
		socket.write(head);
		socket.on('error', () => {});
		socket.on('close', () => (clearInterval(timer), resolve(true)));
		socket.resume();
	});
	const slow = [
		drip('', ''),
		drip('GET /healthz HTT', 'P'),
		drip('GET /healthz HTTP/1.1\r\nHost: x\r\n', 'X-A: b\r\n'),
		drip('POST /api/session HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100000\r\n\r\n', ' '),
		drip('POST /api/session HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n', '1\r\n \r\n'),
	];
	let open = slow.length;
	slow.forEach((one) => one.then(() => open--));
	await healthy('who is quick is served while five are slow');
	is(open, 5, 'who still have their time');
	deep_equal(await Promise.all(slow), [true, true, true, true, true], 'all of them are cut off');
	has((await (await sign_in(server, 'boss'))('GET', '/metrics')).text, /^lockstep_http_cut_off_total [4-9]/m, 'and counted');
}

// ---- two requests at once over one connection ----
{
	const one = 'GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n';
	const text = await raw(one + one + one.replace('\r\n\r\n', '\r\nConnection: close\r\n\r\n'));
	is(text.match(/HTTP\/1\.1 200/g).length, 3, 'requests sent ahead are answered in turn');
}

// ---- another who wants the book ----
{
	const second = run(['serve', '--book', book, '--listen', '127.0.0.1:0'], { seconds: 20 });
	is(second.code, 1, 'a second server is refused');
	has(second.err, `held by process ${server.pid} (`, 'and told who has the book');
	is(run(['import', '--book', book, '--map', join(folder, 'map.yaml'), join(folder, 'leads.csv')]).code, 0, 'a command that writes borrows the book');
	is(run(['measure', 'count()', '--of', 'leads', '--book', book, '--format', 'json']).json.rows[0].value, 6, 'who only asks is answered');
	is(run(['serve', '--book', book, '--listen', '0.0.0.0:0']).code, 2, 'plain HTTP is for this machine only');
	is(run(['serve', '--book', book, '--listen', 'localhost']).code, 2, 'an address is an address');
	is(run(['serve', '--book', join(folder, 'none'), '--listen', '127.0.0.1:0']).code, 1, 'a book that is not there');
}

// ---- stopping ----
{
	const boss = await sign_in(server, 'boss');
	// Its step has to wait for a second of its own: it is under way when the server is told to stop.
	is((await boss('POST', '/api/leads/L1/hand-over', {})).status, 200, 'handed over');
	const under_way = boss('POST', '/api/leads/L1/steps', { step: 'accept' });
	await new Promise((resolve) => setTimeout(resolve, 200));
	const ended = server.stop();
	is((await under_way).status, 200, 'what is under way is answered');
	is((await ended).code, 0, 'then it ends');
	is(run(['lead', 'show', 'L1', '--book', book, '--format', 'json']).json.life, 'accepted', 'and what was answered is so');
}

// ---- a Unix socket ----
{
	const path = join(folder, 'socket');
	server = await serve(book, { listen: `unix:${path}` });
	const text = await new Promise((resolve) => {
		const socket = net.connect(path);
		let all = '';
		socket.on('data', (bytes) => (all += bytes));
		socket.on('close', () => resolve(all));
		socket.write('GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
	});
	is(status(text), 200, 'a Unix socket');
	await server.kill();
	server = await serve(book, { listen: `unix:${path}` });
	is((await server.stop()).code, 0, 'the socket of one that was killed is no hindrance');
}
is(run(['verify', '--book', book]).code, 0, 'the book is sound');
done();
