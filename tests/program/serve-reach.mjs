#!/usr/bin/env node
// How the server is reached: over TLS, through a web server before it, from outside; and by how many from one address.
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import https from 'node:https';
import net from 'node:net';
import { join } from 'node:path';
import { deep_equal, done, has, is, ok, run, temporary_folder } from '../tap.mjs';
import { add_account, ask, make_book, password, serve } from '../serve.mjs';

const folder = temporary_folder();
const book = make_book(folder);
add_account(book, 'boss', '--role', 'admin');
const cert = join(folder, 'cert.pem');
const key = join(folder, 'key.pem');
const made = spawnSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', key, '-out', cert,
	'-days', '2', '-subj', '/CN=localhost', '-addext', 'subjectAltName=IP:127.0.0.1'], { encoding: 'utf8' });
is(made.status, 0, 'a certificate for the test');

// ---- what is refused ----
{
	const refused = (why, ...args) => {
		const result = run(['serve', '--book', book, ...(args[0] === '--listen' ? [] : ['--listen', '127.0.0.1:0']), ...args]);
		ok(result.code === 2, why);
		return result.err;
	};
	has(refused('a certificate without its key', '--tls-cert', cert), '--tls-key', 'says what is missing');
	has(refused('another machine\'s HTTP', '--listen', '0.0.0.0:0'), '--insecure-plain-http', 'says what may be done');
	for (const url of ['lockstep.example.com', 'ftp://x', 'https://', 'https://x/path', 'https://a b', 'https://x@y'])
		has(refused(`a public address that is none: ${url}`, '--public-url', url), 'https://lockstep.example.com', 'says how one looks');
	refused('a proxy that is no address', '--trust-proxy', '127.0.0.1,web.example.com');
	refused('a number of connections that is none', '--connections-per-address', '-1');
	writeFileSync(join(folder, 'nonsense.pem'), 'nonsense');
	const result = run(['serve', '--book', book, '--listen', '127.0.0.1:0', '--tls-cert', join(folder, 'nonsense.pem'), '--tls-key', key]);
	is(result.code, 3, 'a certificate that is none');
	has(result.err, 'not PEM', 'and what is wrong with it');
}

// ---- over TLS ----
{
	const server = await serve(book, { args: ['--tls-cert', cert, '--tls-key', key, '--request-seconds', '2'] });
	const secure = (method, path, body, options = {}) => new Promise((resolve, reject) => {
		const request = https.request({ host: '127.0.0.1', port: server.port, method, path, agent: false, rejectUnauthorized: false, ...options,
			headers: { ...(body ? { 'Content-Type': 'application/json' } : {}), ...options.headers } }, (response) => {
			let text = '';
			response.on('data', (bytes) => (text += bytes));
			response.on('end', () => resolve({ status: response.statusCode, headers: response.headers, text }));
		});
		request.on('error', reject);
		request.end(body && JSON.stringify(body));
	});
	const signed = await secure('POST', '/api/session', { login: 'boss', password });
	is(signed.status, 200, 'one signs in over TLS');
	const cookie = signed.headers['set-cookie'][0];
	has(cookie, /^__Host-lockstep=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax; Max-Age=43200; Secure$/, 'the cookie is for TLS alone, and for this host');
	has(signed.headers['strict-transport-security'], 'max-age=', 'and browsers come over TLS from then on');
	is((await secure('GET', '/api/me', null, { headers: { Cookie: cookie.split(';')[0] } })).status, 200, 'it is good');
	is((await secure('GET', '/api/me', null, { headers: { Cookie: cookie.split(';')[0].replace('__Host-', '') } })).status, 401, 'under its name');
	ok(await secure('GET', '/healthz', null, { maxVersion: 'TLSv1.1', minVersion: 'TLSv1', ciphers: 'ALL:@SECLEVEL=0' }).then(() => false, () => true), 'old TLS is not spoken');
	ok(await ask(server, 'GET', '/healthz').then(() => false, () => true), 'nor plain HTTP');
	const cut_off = new Promise((resolve) => net.connect(server.port, '127.0.0.1').on('close', () => resolve(true)).on('error', () => {}).resume());
	ok(await cut_off, 'who says nothing is cut off');
	is((await secure('GET', '/healthz')).status, 200, 'and others are served');
	is((await server.stop()).code, 0, 'it ends');
}

// ---- behind a web server ----
{
	const server = await serve(book, { args: ['--public-url', 'https://lockstep.example.com', '--trust-proxy', '127.0.0.1,10.0.0.7'] });
	const sign = (headers) => ask(server, 'POST', '/api/session', { body: { login: 'boss', password }, headers });
	const signed = await sign({ 'X-Forwarded-For': '198.51.100.1, 203.0.113.9, 10.0.0.7' });
	const cookie = signed.headers['set-cookie'][0].split(';')[0];
	ok(cookie.startsWith('__Host-lockstep='), 'the cookie is one for TLS');
	const client = (method, path, body, headers) => ask(server, method, path, { body, headers: { Cookie: cookie, ...headers } });
	is((await client('GET', '/api/sessions')).json.sessions.at(-1).client, '203.0.113.9', 'who comes is whom the nearest proxy of ours names');
	for (const [said, wanted] of [['nonsense', '127.0.0.1'], ['203.0.113.9, nonsense', '127.0.0.1'], ['2001:DB8::1', '2001:db8::1'], [',', '127.0.0.1']]) {
		const own = (await sign({ 'X-Forwarded-For': said })).headers['set-cookie'][0].split(';')[0];
		const { sessions } = (await ask(server, 'GET', '/api/sessions', { headers: { Cookie: own } })).json;
		is(sessions.find((s) => s.current).client, wanted, `of "${said}"`);
	}
	const link = async (headers) => client('POST', '/api/accounts', { login: `x${Math.random()}`, roles: ['viewer'] }, headers);
	has((await link({ Origin: 'https://lockstep.example.com' })).json.link, /^https:\/\/lockstep\.example\.com\/join#/, 'links are of the public address');
	is((await link({ Origin: `http://127.0.0.1:${server.port}` })).status, 403, 'and so are our own pages');
	await server.stop();
	const other = await serve(book, {});
	const plain = (await ask(other, 'POST', '/api/session', { body: { login: 'boss', password }, headers: { 'X-Forwarded-For': '203.0.113.9' } })).headers['set-cookie'][0];
	ok(plain.startsWith('lockstep=') && !plain.includes('Secure'), 'on this machine alone the cookie is a plain one');
	const { sessions } = (await ask(other, 'GET', '/api/sessions', { headers: { Cookie: plain.split(';')[0] } })).json;
	is(sessions.find((s) => s.current).client, '127.0.0.1', 'and nobody says who else they are');
	await other.stop();
}

// ---- from one address ----
{
	const server = await serve(book, { listen: '0.0.0.0:0', args: ['--insecure-plain-http', '--connections-per-address', '3'] });
	const idle = () => new Promise((resolve) => {
		const socket = net.connect(server.port, '127.0.0.1', () => setTimeout(() => resolve(socket), 50));
		socket.on('error', () => {});
		socket.on('close', () => (socket.gone = true));
		socket.resume();
	});
	const held = [await idle(), await idle(), await idle()];
	const fourth = await idle();
	for (let i = 0; i < 100 && !fourth.gone; i++)
		await new Promise((resolve) => setTimeout(resolve, 50));
	deep_equal([held.some((s) => s.gone), fourth.gone], [false, true], 'three connections may be open, a fourth is closed');
	held.forEach((s) => s.destroy());
	let status;
	for (let i = 0; i < 50 && status !== 200; i++)
		status = await ask(server, 'GET', '/healthz').then((a) => a.status, () => new Promise((resolve) => setTimeout(resolve, 50)));
	is(status, 200, 'and the next one once they are gone');
	await server.stop();
}
done();
