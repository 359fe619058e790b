#!/usr/bin/env node
// What a stranger tries who cannot get in, and what somebody tries who is in: to be somebody else, to fill memory, to have letters sent, to learn
// who has an account, to keep all workers busy, to read secrets in a file or a log.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import { basename, dirname, join } from 'node:path';
import { deep_equal, done, has, is, ok, run, temporary_folder } from '../tap.mjs';
import { add_account, ask, make_book, password, serve, sign_in } from '../serve.mjs';

const folder = temporary_folder();
const book = make_book(folder);
const boss_login = 'boss@example.com';
add_account(book, boss_login, '--role', 'admin', '--name', 'Boss');
add_account(book, 'one@example.com', '--role', 'sales rep', '--name', 'Seller One', '--team', 'sales');
const args = ['--log', '--trust-proxy', '127.0.0.1', '--mail-server', 'smtp://127.0.0.1:9', '--mail-from', 'desk@example.com', '--streams-per-account', '3'];
let server = await serve(book, { now: '2026-03-05T08:00:00Z', args });
let boss = await sign_in(server, boss_login);
const one = await sign_in(server, 'one@example.com');
const lines = () => server.text().split('\n').filter((l) => l.startsWith('{')).map((l) => JSON.parse(l));
const later = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
// A line comes by another way than the answer it is about.
const logged = async (count) => {
	while (lines().length < count)
		await later(10);
	return lines().at(-1);
};
const outbox = () => JSON.parse(run(['outbox', 'list', '--format', 'json', '--state', 'waiting', '--book', book]).out).messages;

function raw(text) {
	return new Promise((resolve) => {
		const socket = net.connect(server.port, '127.0.0.1');
		let answer = '';
		socket.on('data', (bytes) => (answer += bytes.toString('latin1')));
		socket.on('error', () => {});
		socket.on('close', () => resolve(answer));
		socket.end(text);
	});
}

// ---- another address than one has: the proxy's own line comes behind what somebody sent ----
let seen = (await logged(2), lines().length);
await raw('GET /healthz HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: 198.51.100.9\r\nX-Forwarded-For: 203.0.113.7\r\nConnection: close\r\n\r\n');
is((await logged(++seen)).client, '203.0.113.7', 'of several X-Forwarded-For the last counts, which the proxy wrote');
await raw('GET /healthz HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: 198.51.100.9, 203.0.113.8\r\nX-Forwarded-For: 127.0.0.1\r\nConnection: close\r\n\r\n');
is((await logged(++seen)).client, '203.0.113.8', 'and behind a proxy of ours the one before it');

// ---- the log ----
{
	const { url } = (await boss('POST', '/api/me/feed')).json;
	is((await ask(server, 'GET', new URL(url).pathname)).status, 200, 'who has the address of a calendar sees it');
	await raw(`GET /${'"'.repeat(7000)} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
	ok((await logged(seen += 3)).path.length <= 1000, 'a long path is a short line');
	ok(!server.text().includes(new URL(url).pathname.split('/').at(-1)), 'the address of the calendar stands in no log');
}

// ---- memory ----
{
	const large = (bytes) => JSON.stringify({ login: 'a', password: Array(Math.ceil(bytes / 2)).fill(1) });
	is((await ask(server, 'POST', '/api/session', { body: large(400000) })).status, 413, 'who is not known sends no large body');
	is((await ask(server, 'POST', '/hooks/x', { body: large(400000) })).status, 413, 'not to a hook either');
	is((await boss('POST', '/api/leads/bulk', { leads: Array(900000).fill(12345) })).status, 413, 'nor who is known one that is parsed');
	const many = await boss('POST', '/api/leads', Object.fromEntries(Array.from({ length: 5000 }, (_, i) => [`m${i}`, 1])));
	ok(many.status === 422 && many.json.problems.length <= 101, `of 5,000 wrong members ${many.json.problems.length} are named`);
}

// ---- letters, and who has an account ----
{
	const asks = async (login) => (await ask(server, 'POST', '/api/links/ask', { body: { login } })).status;
	const known = [], unknown = [];
	for (let i = 0; i < 4; i++) {
		known.push(await asks(i % 2 ? 'One@example.com ' : 'one@example.com'));
		unknown.push(await asks('nobody@example.com'));
	}
	deep_equal(known, [202, 202, 202, 429], 'a stranger has three letters sent to somebody, and no flood');
	deep_equal(unknown, known, 'and learns nothing from where it ends');
	is((await ask(server, 'POST', '/api/session', { body: { login: 'one@example.com', password } })).status, 200, 'who was written to signs in meanwhile');

	is((await boss('POST', '/api/forms', { name: 'news', title: 'News', asks: 'name* email*', consent: 'Write to me.', confirm: true })).status, 201, 'a form asks twice');
	const fill = (email) => ask(server, 'POST', '/forms/news', { body: new URLSearchParams({ name: 'Vic Tim', email, consent: 'yes' }).toString(), headers: { 'Content-Type': 'application/x-www-form-urlencoded' } });
	const answers = [];
	for (const email of ['vic@example.com', 'vic@example.com', 'VIC@example.com', 'vic@example.com', 'vic@EXAMPLE.com'])
		answers.push((await fill(email)).status);
	deep_equal(answers, [200, 200, 200, 200, 200], 'somebody fills it in for another, again and again');
	is(outbox().filter((m) => m.kind === 'confirm').length, 3, 'who is asked three times whether it was meant, and no more');
	for (const at of [1, 2])
		is((await ask(server, 'POST', `/forms/news?utm_term=${at}`, { body: 'name=Kim+Key&email=kim@example.com&consent=yes', headers: { 'Content-Type': 'application/x-www-form-urlencoded', 'Idempotency-Key': 'k' } })).status,
			at === 1 ? 200 : 422, at === 1 ? 'a request with a key' : 'with other arguments it is another request');
}

// ---- secrets that are told once ----
{
	const map = 'map: shop\nsource: shop\nfiles:\n  - match: "*"\n    as: leads\n    key: id\n    fields: {name: name}\n';
	const made = await boss('POST', '/api/hooks', { name: 'shop', map }, { 'Idempotency-Key': 'told-once' });
	const renewed = await boss('POST', '/api/hooks/shop/key', undefined, { 'Idempotency-Key': 'told-once-more' });
	ok(made.json.key && renewed.json.key && made.json.key !== renewed.json.key, 'a hook tells its key');
	const holding = readdirSync(folder).filter((name) => name.startsWith(basename(book)) && !name.endsWith('.socket'))
		.filter((name) => [made, renewed].some((m) => readFileSync(join(dirname(book), name), { encoding: 'latin1' }).includes(m.json.key)));
	deep_equal(holding, [], 'and no file has it, whatever key the request had');
	is((await ask(server, 'POST', '/hooks/shop', { body: '['.repeat(5000), headers: { Authorization: `Bearer ${renewed.json.key}` } })).status, 400, 'what it is sent is not followed as deep as somebody likes');
}

// ---- all workers at once: who tells two steps in a second waits for the next, and nobody else does ----
{
	let told = 0;
	const assign = (to) => boss('POST', '/api/leads/L4/steps', { step: 'assign', to }).then(({ status }) => (told++, status));
	const steps = Array.from({ length: 6 }, (_, i) => assign(i % 2 ? 'Seller One' : 'Seller Two'));
	await later(100);
	is((await ask(server, 'GET', '/api/sign-in')).status, 200, 'somebody else asks something');
	const before = told;
	deep_equal(await Promise.all(steps), Array(6).fill(200), 'each gets its second');
	ok(before <= 2, `and others are answered meanwhile: ${before} of 6 were through`);
}

// ---- all connections for one account ----
{
	const { token } = (await boss('POST', '/api/tokens', { name: 'listens', scopes: ['read'] })).json;
	const listen = (headers) => new Promise((resolve, reject) => {
		const request = http.get({ host: '127.0.0.1', port: server.port, path: '/api/events', headers, agent: false }, (response) => resolve({ status: response.statusCode, request }));
		request.on('error', reject);
	});
	const streams = [];
	for (let i = 0; i < 4; i++)
		streams.push(await listen({ Authorization: `Bearer ${token}` }));
	deep_equal(streams.map(({ status }) => status), [200, 200, 200, 429], 'an account listens in so many places, and no more');
	is((await one('GET', '/api/session')).status, 200, 'others are answered');
	for (const { request } of streams)
		request.destroy();
}

// ---- somebody has the book, and the server is to stop ----
{
	const borrower = net.connect(`${book}.socket`);
	await new Promise((resolve) => borrower.once('data', resolve));
	const waiting = one('POST', '/api/leads', { name: 'Late Comer', email: 'late@example.com' }).then(({ status }) => status, () => 0);
	await later(300);
	const stopped = server.stop();
	is(await waiting, 503, 'who waits for a book that is lent is told to come again when the server stops');
	borrower.destroy();
	is((await stopped).code, 0, 'which then stops as it should');
}

// ---- what fails is for the log ----
server = await serve(book, { now: '2026-03-05T08:00:00Z', args });
writeFileSync(`${book}.doors`, 'x'.repeat(8192));
{
	const answer = await ask(server, 'POST', '/api/session', { body: { login: boss_login, password } });
	ok(answer.status >= 500 && !answer.text.includes(folder), `a stranger is not told what failed where: ${answer.json?.detail}`);
	has((await logged(1), server.text()), `${book}.doors`, 'the log tells it');
	is((await ask(server, 'GET', '/healthz')).status, 200, 'and the server runs on');
}
await server.kill();
done();
