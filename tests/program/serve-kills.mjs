#!/usr/bin/env node
// kill -9 at any moment while many clients tell the server something: every acknowledged lead and contact is there once, a request sent again gets its
// answer, verify finds nothing, the book only goes on; and each lead's news went to another program at least once, always with the same id.
// SERVE_KILLS=5 kills, of CLIENTS=16 clients. Kills of the book's writer itself: tests/unit/book_kills.c.
import http from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { deep_equal, done, is, note, ok, run, temporary_folder } from '../tap.mjs';
import { add_account, ask, make_book, serve, sign_in } from '../serve.mjs';
import { keep_alive, send } from '../api.mjs';

const KILLS = Number(process.env.SERVE_KILLS ?? 5), CLIENTS = Number(process.env.CLIENTS ?? 16);
const now = '2026-03-05T08:00:00Z';
const book = make_book(temporary_folder());
add_account(book, 'boss', '--role', 'admin');

// ---- the other program: takes what comes, and is busy now and then ----
const news = new Map(); // lead → ids of what told that it is there
let came = 0;
const receiver = http.createServer((request, response) => {
	let body = '';
	request.on('data', (part) => (body += part));
	request.on('end', () => {
		const { type, data } = JSON.parse(body);
		if (type === 'lead.created')
			news.set(data.lead, (news.get(data.lead) ?? new Set()).add(request.headers['webhook-id']));
		response.writeHead(++came % 7 === 0 ? 503 : 204);
		response.end();
	});
});
await new Promise((resolve) => receiver.listen(0, '127.0.0.1', resolve));
is(run(['outlet', 'add', 'other', '--url', `http://127.0.0.1:${receiver.address().port}/in`, '--kinds', 'lead.created', '--book', book], { env: { LOCKSTEP_NOW: now } }).code, 0, 'another program is told of new leads');
const start = () => serve(book, { now, args: ['--allow-internal', '127.0.0.1', '--retry-seconds', '1'] });

let state = 88172645;
const below = (n) => (state = (state * 48271) % 2147483647) % n;

// ---- the clients: each tells of one lead after another until its server is gone ----
const leads = new Map(); // id → text of the answer, as acknowledged
const contacts = new Map(); // lead → how many were acknowledged
const requests = new Map(); // id → the request, to be sent again
let turn = 0;

async function client(server, pass, agent, run_number) {
	for (;;) {
		const id = `K${run_number}-${turn++}`;
		const request = { method: 'POST', path: '/api/leads', agent, body: JSON.stringify({ id, company: `Firm of ${id}`, email: `${id}@example.com`.toLowerCase() }),
			headers: { ...pass, 'Content-Type': 'application/json', 'Idempotency-Key': id } };
		try {
			requests.set(id, request);
			const answer = await send(server, request);
			if (answer.status !== 201)
				throw Object.assign(new Error(`${answer.status} ${answer.text}`), { refused: true });
			leads.set(id, answer.text);
			const told = await send(server, { method: 'POST', path: `/api/leads/${id}/contacts`, agent, body: '{"kind": "call"}', headers: { ...pass, 'Content-Type': 'application/json' } });
			if (told.status !== 204)
				throw Object.assign(new Error(`${told.status} ${told.text}`), { refused: true });
			contacts.set(id, (contacts.get(id) ?? 0) + 1);
		} catch (error) {
			if (error.refused)
				refused.push(error.message);
			return;
		}
	}
}

const refused = [], unsound = [], changed = [];
let head, pass;
for (let i = 0; i <= KILLS; i++) {
	const server = await start();
	if (!pass) {
		const made = await (await sign_in(server, 'boss'))('POST', '/api/tokens', { name: 'kills', scopes: ['read', 'intake', 'write'] });
		pass = { Authorization: `Bearer ${made.json.token}` };
	}
	// What was sent before is sent again: the same answer, and for what nobody heard of, one answer now.
	for (const [id, request] of [...requests].slice(-CLIENTS)) {
		const again = await send(server, { ...request, agent: false });
		if (again.status !== 201 || (leads.has(id) && leads.get(id) !== again.text))
			changed.push(`${id}: ${leads.get(id)} then ${again.status} ${again.text}`);
		leads.set(id, again.text);
	}
	if (i === KILLS) {
		for (let tries = 0; tries < 400 && [...leads.keys()].some((id) => !news.has(id)); tries++)
			await sleep(50);
		is((await server.stop()).code, 0, 'the last one stops when told to');
		break;
	}
	const agent = keep_alive(CLIENTS), before = leads.size;
	const busy = Array.from({ length: CLIENTS }, () => client(server, pass, agent, i));
	// From the first acknowledged lead on, at any moment.
	while (leads.size === before)
		await sleep(1);
	await sleep(below(400));
	await server.kill();
	await Promise.all(busy);
	agent.destroy();
	const verified = run(['verify', '--book', book, ...(head ? ['--head', head] : []), '--format', 'json']);
	if (verified.code)
		unsound.push(`kill ${i}: ${verified.out} ${verified.err}`);
	head = verified.json?.head ?? head;
}

const rows = (of, columns, where) => run(['rows', '--book', book, '--of', of, '--columns', columns, '--where', where, '--limit', '1000000', '--format', 'csv']).out.trim().split('\n').slice(1);
const there = rows('leads', 'key', 'source is set or source is empty').filter((key) => key.startsWith('K'));
const calls = new Map();
for (const key of rows('activities', 'lead.key', 'kind = "call"'))
	calls.set(key, (calls.get(key) ?? 0) + 1);
const set = new Set(there);

note(`${KILLS} kills while ${CLIENTS} clients told of ${leads.size} leads and ${contacts.size} contacts; head ${head}`);
ok(leads.size > KILLS, `${leads.size} leads were acknowledged`);
deep_equal(refused, [], 'nothing was refused meanwhile');
deep_equal(unsound, [], 'verify finds nothing after any kill, and the book only went on');
deep_equal(changed, [], 'who sends a request again gets the answer that was given, or the one nobody heard');
deep_equal([...leads.keys()].filter((id) => !set.has(id)), [], 'no acknowledged lead is lost');
is(set.size, there.length, 'none is there twice');
deep_equal([...contacts].filter(([id, count]) => (calls.get(id) ?? 0) < count), [], 'no acknowledged contact is lost');
deep_equal([...leads.keys()].filter((id) => !news.has(id)), [], 'the other program heard of every lead at least once');
deep_equal([...news].filter(([, ids]) => ids.size > 1), [], 'always with the same id');
deep_equal([...news.keys()].filter((id) => !set.has(id)), [], 'and of none that is not there');
receiver.close();
is(run(['verify', '--book', book]).code, 0, 'the book is sound');
done();
