#!/usr/bin/env node
// Who means harm: more requests that are none (serve-limits has the others), and texts that would do something elsewhere: formulas in a
// spreadsheet, script in a page. They are kept as they are, and do nothing where they come out.
import net from 'node:net';
import { deep_equal, done, is, note, ok, run, temporary_folder } from '../tap.mjs';
import { add_account, ask, make_book, serve, sign_in } from '../serve.mjs';

const book = make_book(temporary_folder());
add_account(book, 'boss', '--role', 'admin');
const server = await serve(book, { now: '2026-03-05T08:00:00Z', args: ['--request-seconds', '3'] });
const boss = await sign_in(server, 'boss');

function raw(bytes) {
	return new Promise((resolve) => {
		const socket = net.connect(server.port, '127.0.0.1');
		let text = '';
		socket.on('data', (part) => (text += part.toString('latin1')));
		socket.on('error', () => {});
		socket.on('close', () => resolve(text));
		socket.end(bytes);
	});
}

// ---- requests that are none ----
{
	const H = 'Host: x\r\nConnection: close\r\n\r\n';
	const get = (target, headers = '') => `GET ${target} HTTP/1.1\r\n${headers}${H}`;
	const post = (headers, body) => `POST /api/session HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/json\r\n${headers}\r\n${body}`;
	const requests = {
		'nothing': '',
		'line ends alone': '\r\n\r\n\r\n\r\n',
		'noughts': Buffer.alloc(2000),
		'bytes of every kind': Buffer.from(Array.from({ length: 4096 }, (_, i) => (i * 7919) & 255)),
		'HTTP/2': 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
		'HTTP/0.9': 'GET /healthz\r\n',
		'a line without end': 'A'.repeat(100000),
		'a star': get('*'),
		'a fragment': get('/healthz#a'),
		'a backslash': get('\\healthz'),
		'a path with a tab': 'GET /heal\tthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n',
		'three words and more': `GET /healthz and more HTTP/1.1\r\n${H}`,
		'two dots': get('/api/../../etc/passwd'),
		'two dots, encoded': get('/api/%2e%2e/%2e%2e/etc/passwd'),
		'a slash, encoded, at the front': get('/%2Fhealthz'),
		'encoded twice': get('/api/leads/%252e%252e%252f'),
		'a delete character': get('/api/leads/a%7f', 'Authorization: Bearer x\r\n'),
		'60,000 arguments': get(`/healthz?${'a&'.repeat(3000)}`),
		'an argument without a name': get('/api/measures?=x'),
		'an argument of half a percent': get('/api/measures?measure=%'),
		'a Host of nothing': 'GET /healthz HTTP/1.1\r\nHost:\r\nHost:\r\nConnection: close\r\n\r\n',
		'a header that is folded over Content-Length': post('X: a\r\n Content-Length: 2\r\n', '{}'),
		'a Content-Length in octal': post('Content-Length: 0o2\r\n', '{}'),
		'a Content-Length with a blank within': post('Content-Length: 1 2\r\n', '{}'),
		'a Content-Length with a vertical tab': post('Content-Length: \v2\r\n', '{}'),
		'an encoding with a vertical tab': post('Transfer-Encoding: \vchunked\r\n', '2\r\n{}\r\n0\r\n\r\n'),
		'an encoding twice in one line': post('Transfer-Encoding: chunked, chunked\r\n', '2\r\n{}\r\n0\r\n\r\n'),
		'an encoding under an odd name': post('Transfer_Encoding: chunked\r\n', '2\r\n{}\r\n0\r\n\r\n'),
		'a chunk that is shorter than it says': post('Transfer-Encoding: chunked\r\n', '5\r\n{}\r\n0\r\n\r\n'),
		'a chunk below nothing': post('Transfer-Encoding: chunked\r\n', '-1\r\n{}\r\n0\r\n\r\n'),
		'chunks that end in the middle': post('Transfer-Encoding: chunked\r\n', '2\r\n{'),
		'a body that ends too soon': post('Content-Length: 2000\r\n', '{}'),
		'an expectation nobody has': post('Expect: 200-ok\r\nContent-Length: 2\r\n', '{}'),
		'an upgrade': get('/healthz', 'Upgrade: websocket\r\nConnection: upgrade\r\nSec-WebSocket-Key: AAAA\r\n'),
		'a range over all numbers': get('/healthz', 'Range: bytes=0-18446744073709551615\r\n'),
		'a cookie of 6,000 bytes': get('/api/session', `Cookie: lockstep=${'a'.repeat(6000)}\r\n`),
		'a token of control characters': get('/api/session', 'Authorization: Bearer \x01\x02\x03\r\n'),
		'If-Match without end': get('/api/leads/L1', `If-Match: ${'"a",'.repeat(1000)}\r\n`),
	};
	const faults = [];
	for (const [name, text] of await Promise.all(Object.entries(requests).map(async ([n, bytes]) => [n, await raw(bytes)]))) {
		const statuses = [...text.matchAll(/HTTP\/1\.[01] (\d+)/g)].map((m) => Number(m[1]));
		// What may be served (a range, an upgrade that nobody takes up) is served; nothing fails, and nobody gets in.
		if (statuses.some((s) => s === 500 || s === 101) || (statuses.length > 1 && statuses.some((s) => s < 400)) || /root:|"leads"/.test(text))
			faults.push(`${name}: ${text.slice(0, 200)}`);
	}
	deep_equal(faults, [], `${Object.keys(requests).length} requests that mean harm come to nothing`);
	is((await ask(server, 'GET', '/healthz')).status, 200, 'and it is well');
}

// ---- texts that mean harm ----
const harm = ['=1+1', '+1+1', '-1+1', '@SUM(A1)', '\t=1+1', '=cmd|\'/c calc\'!A1', '<script>alert(1)</script>', '"><img src=x onerror=alert(1)>', '</script><script>alert(1)</script>', 'javascript:alert(1)',
	'{{constructor.constructor("alert(1)")()}}', '\u202Eevil', 'a\r\nSet-Cookie: b=c', '\'; DROP TABLE entry; --'];
const fields = ['name', 'first_name', 'last_name', 'email', 'phone', 'title', 'company', 'industry', 'country', 'region', 'segment', 'product', 'source', 'campaign', 'partner', 'note'];
const made = [];
for (const [i, text] of harm.entries()) {
	// Of each another person: one that is known gets a touch.
	const answer = await boss('POST', '/api/leads', { ...Object.fromEntries(fields.map((name) => [name, text])), email: `harm${i}@harm.example`, phone: `${text} ${1000 + 37 * i}`, name: `${text} ${i}`, company: `${text} ${i}` });
	if (answer.status === 201)
		made.push([answer.json.lead, text]);
	else
		note(`refused: ${JSON.stringify(text)} ${answer.status}`);
}
ok(made.length >= harm.length - 2, `${made.length} leads have such texts in every field`);
{
	const kept = [];
	for (const [lead] of made)
		kept.push((await boss('GET', `/api/leads/${encodeURIComponent(lead)}`)).json.company.replace(/ \d+$/, '').trim());
	deep_equal(kept, made.map(([, text]) => text.trim()), 'they are kept as they are');
	const told = await boss('POST', `/api/leads/${encodeURIComponent(made[0][0])}/contacts`, { kind: 'call', outcome: '<script>alert(2)</script>', note: '@x' });
	is(told.status, 204, 'a contact with such texts is told');
}

// Cells of a CSV: what a spreadsheet would reckon with begins otherwise.
const cells = (csv) => {
	const all = [];
	let cell = '', quoted = false;
	for (let i = 0; i < csv.length; i++) {
		const c = csv[i];
		if (quoted && c === '"' && csv[i + 1] === '"')
			cell += csv[i++];
		else if (c === '"')
			quoted = !quoted;
		else if (!quoted && (c === ',' || c === '\n'))
			all.push(cell), cell = '';
		else if (c !== '\r' || quoted)
			cell += c;
	}
	return [...all, cell];
};
const operations = Object.entries((await ask(server, 'GET', '/api/openapi.json')).json.paths);
const reports = (await boss('GET', '/api/reports')).json.reports.map((r) => r.name);
{
	const alive = [], raw_html = [];
	let looked = 0, seen = 0;
	for (const name of reports)
		for (const by of ['', '&by=source', '&by=campaign', '&by=partner']) {
			const csv = await boss('GET', `/api/reports/${name}?format=csv${by}`);
			if (csv.status === 200) {
				looked++;
				alive.push(...cells(csv.text).filter((c) => /^[=+@\t\r]|^-(?![\d.,]*%?$)/.test(c)).map((c) => `${name}${by}: ${c}`));
				seen += csv.text.includes('1+1');
			}
			const html = await boss('GET', `/api/reports/${name}?format=html${by}`);
			if (html.status === 200) {
				seen += html.text.includes('alert(1)');
				if (/<script>alert\(1\)|<img src=x|href="javascript:/.test(html.text))
					raw_html.push(`${name}${by}`);
			}
		}
	deep_equal(alive, [], `no cell of ${looked} CSV files is a formula`);
	deep_equal(raw_html, [], 'no page has such a text as anything but text');
	ok(seen > 0, `${seen} of them hold such texts`);
}
// Whatever is asked by GET: JSON is said to be JSON, and no header comes out of a text.
{
	const strange = [];
	for (const [path, { get }] of operations) {
		if (!get || path.includes('{') || path === '/api/events')
			continue;
		const { headers, text } = await boss('GET', `${path}${path === '/api/measures' ? '?measure=count()&of=leads&by=campaign' : path === '/api/rows' ? '?of=leads&columns=campaign,source' : ''}`);
		if (headers['x-content-type-options'] !== 'nosniff' || headers['set-cookie'] || (/alert\(1\)/.test(text) && !/json/.test(headers['content-type'])))
			strange.push(path);
	}
	deep_equal(strange, [], 'answers say what they are, and browsers guess nothing');
	const { headers } = await boss('GET', '/', undefined, { Accept: 'text/html' });
	const policy = headers['content-security-policy'] ?? '';
	ok(/default-src 'none'|default-src 'self'/.test(policy) && !/script-src[^;]*unsafe/.test(policy), `pages run no script that stands in them: ${policy}`);
}

is((await server.stop()).code, 0, 'it stops');
is(run(['verify', '--book', book]).code, 0, 'the book is sound');
done();
