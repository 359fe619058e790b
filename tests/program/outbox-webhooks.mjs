#!/usr/bin/env node
// News for other programs: signed as standardwebhooks.com has it, tried again, given up, sent once more; each at least once with the same id, also
// when the server is killed while it sends.

import { createHmac } from 'node:crypto';
import http from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { add_account, make_book, serve, sign_in } from '../serve.mjs';
import { deep_equal, done, is, ok, run, temporary_folder } from '../tap.mjs';

const folder = temporary_folder();
const book = make_book(folder);
const now = '2026-03-05T09:00:00Z';
add_account(book, 'mia@example.com', '--name', 'Head of Sales', '--role', 'sales manager');

const cli = (...args) => run(args.concat('--book', book), { env: { LOCKSTEP_NOW: now } });

// A receiver that checks every signature by itself; `answer` decides what it says.
const got = [];
let answer = () => 204;
let secret;
const receiver = http.createServer((request, response) => {
	const parts = [];
	request.on('data', (part) => parts.push(part));
	request.on('end', () => {
		const body = Buffer.concat(parts).toString('utf8');
		const id = request.headers['webhook-id'];
		const signed = createHmac('sha256', Buffer.from(secret.replace('whsec_', ''), 'base64')).update(`${id}.${request.headers['webhook-timestamp']}.${body}`).digest('base64');
		const message = { id, path: request.url, body, json: JSON.parse(body), good: request.headers['webhook-signature'] === `v1,${signed}`, headers: request.headers };
		got.push(message);
		const status = answer(message);
		if (status === 0)
			return; // never answered
		response.writeHead(status, status === 302 ? { Location: '/elsewhere' } : {});
		response.end();
	});
});
await new Promise((resolve) => receiver.listen(0, '127.0.0.1', resolve));
const url = `http://127.0.0.1:${receiver.address().port}`;
const until = async (what, name) => {
	for (let i = 0; i < 300 && !what(); i++)
		await sleep(30);
	ok(what(), name);
};

const added = cli('outlet', 'add', 'crm', '--url', `${url}/in`, '--kinds', 'lead.*');
is(added.code, 0, 'an outlet is added at the command line');
secret = added.out.trim();
ok(/^whsec_[A-Za-z0-9+/]{43}=$/.test(secret), 'which tells its secret');
is(cli('outlet', 'secret', 'crm').out.trim(), secret, 'that can be told again');
ok(/^crm: webhook to http:.*, lead\.\*\n$/.test(cli('outlet', 'list').out), 'and is listed');
is(cli('outlet', 'add', 'crm', '--url', `${url}/in`).code, 1, 'an id is given once');
is(cli('outlet', 'add', 'Bad Id', '--url', 'ftp://x/', '--kinds', 'lead.eaten').err.trim().split('\n').length, 3, 'all that is wrong is said at once');

let server = await serve(book, { now, args: ['--allow-internal', '127.0.0.1', '--retry-seconds', '1'] });
let mia = await sign_in(server, 'mia@example.com');

// ---- sent, and signed ----
is((await mia('POST', '/api/leads', { name: 'Zoe Zed', email: 'zoe@example.com', company: 'Zed AG' })).status, 201, 'a lead comes in');
await until(() => got.some((m) => m.json.type === 'lead.created'), 'its news goes out');
const first = got.find((m) => m.json.type === 'lead.created');
ok(first.good, 'signed');
ok(/^msg_/.test(first.id) && first.headers['content-type'] === 'application/json', 'with an id');
ok(!/Zoe|zoe@/.test(first.body), 'and names no customer');
deep_equal(Object.keys(first.json).sort(), ['data', 'timestamp', 'type'], 'type, timestamp and data');

// ---- what fails is tried again with the same id and body ----
let failures = 1;
answer = () => (failures-- > 0 ? 503 : 200);
const before = got.length;
await mia('POST', '/api/leads', { name: 'Yan Yew' });
await until(() => got.length >= before + 2, 'what is not taken is sent again');
const tries = got.slice(before, before + 2);
is(new Set(tries.map((m) => m.id)).size, 1, 'with the same id');
is(new Set(tries.map((m) => m.body)).size, 1, 'and the same words');
ok(tries.every((m) => m.good), 'signed each time');

// ---- who never wants it again: a dead letter, until it is sent again ----
answer = () => 410;
const gone = got.length;
await mia('POST', '/api/leads', { name: 'Xia Xu' });
await until(() => got.length > gone, 'refused for good');
await until(() => cli('outbox', 'list', '--format', 'json').json.messages.length === 1, 'it is a dead letter');
const dead = cli('outbox', 'list', '--format', 'json').json.messages[0];
ok(dead.trouble.includes('410') && dead.id === got[gone].id, 'that says why');
ok(cli('outbox', 'show', dead.id).out.includes('lead.created'), 'and what it was');
await server.stop();
answer = () => 302;
is(cli('outbox', 'again', dead.id).code, 0, 'it is to be sent once more');
is(cli('outbox', 'again', 'msg_none').code, 1, 'no other is');
server = await serve(book, { now, args: ['--allow-internal', '127.0.0.1', '--retry-seconds', '1'] });
mia = await sign_in(server, 'mia@example.com');
await until(() => got.filter((m) => m.id === dead.id).length >= 2, 'it was, with the same id');
await sleep(100);
ok(!got.some((m) => m.path === '/elsewhere'), 'nobody is followed elsewhere');
answer = () => 200;
await until(() => got.filter((m) => m.id === dead.id).length >= 3, 'a redirect is no yes');

// ---- killed while it sends ----
const written = new Set();
for (let round = 0; round < 4; round++) {
	answer = () => (Math.random() < 0.5 ? 0 : 200);
	for (let i = 0; i < 8; i++)
		written.add((await mia('POST', '/api/leads', { name: `Round ${round} ${i}` })).json.lead ?? `${round}.${i}`);
	await sleep(round * 20);
	await server.kill();
	answer = () => 200;
	server = await serve(book, { now, args: ['--allow-internal', '127.0.0.1', '--retry-seconds', '1'] });
	mia = await sign_in(server, 'mia@example.com');
}
const told = () => new Set(got.filter((m) => m.json.type === 'lead.created').map((m) => m.json.data.lead));
await until(() => told().size >= written.size + 3, 'after four kills every lead that was taken in has been told');
const by_lead = new Map();
for (const m of got.filter((one) => one.json.type === 'lead.created'))
	by_lead.set(m.json.data.lead, (by_lead.get(m.json.data.lead) ?? new Set()).add(m.id));
ok([...by_lead.values()].every((ids) => ids.size === 1), 'each with one id, however often');
ok(got.every((m) => m.good), 'all of them signed');
await server.stop();

// ---- our own network ----
const inside = ['http://127.0.0.1:1/', 'https://127.0.0.1:1/', 'https://2130706433/', 'https://0x7f000001/', 'https://0177.0.0.1/', 'https://127.1/', 'https://[::1]/', 'https://[::ffff:127.0.0.1]/', 'https://[::ffff:7f00:1]/', 'https://169.254.169.254/latest', 'https://[fe80::1]/', 'https://[fd00::1]/', 'https://0.0.0.0/', 'https://0/', 'https://10.1.2.3/', 'https://172.16.0.1/', 'https://192.168.1.1/', 'https://[64:ff9b::7f00:1]/', 'https://[2002:7f00:1::]/', 'https://localhost/', 'https://100.64.0.1/', 'https://user:pass@example.com/', 'https://224.0.0.1/', 'https://[::]/'];
cli('outlet', 'remove', 'crm');
inside.forEach((address, i) => is(cli('outlet', 'add', `in-${i}`, '--url', address, '--kinds', 'lead.created').code, 0, `${address} can be written down`));
server = await serve(book, { now });
mia = await sign_in(server, 'mia@example.com');
const quiet = got.length;
await mia('POST', '/api/leads', { name: 'Wim Wu' });
const dead_now = () => cli('outbox', 'list', '--format', 'json').json.messages.filter((m) => m.to.startsWith('in-'));
await until(() => dead_now().length === inside.length, 'but every one of them is refused when it is to be called');
for (const m of dead_now())
	ok(/own network|without TLS|no place/.test(m.trouble), `${inside[Number(m.to.slice(3))]}: ${m.trouble}`);
is(got.length, quiet, 'nothing was called');
is((await server.stop()).code, 0, 'the server ends well');
receiver.closeAllConnections();
receiver.close();
done();
