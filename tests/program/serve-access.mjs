#!/usr/bin/env node
// Who may what, over the API: every operation that the server describes, asked by every role, for a row of its own and for somebody else's.
//
// Cells come from the served description, so a new operation is asked by itself. What they should say stands a second time in
// tests/access.txt, for people: where the two differ, or a line is missing, this fails and prints the line.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { deep_equal, done, is, ok, root, run, temporary_folder } from '../tap.mjs';
import { password, serve } from '../serve.mjs';
import { each, keep_alive, read_operations, sample_body, sample_query, send } from '../api.mjs';
import { login_of, make_world, narrow, put, roles, row_of } from '../rows.mjs';

const book = make_world(temporary_folder(), ['R', 'P', 'X']);
const server = await serve(book, { now: '2026-03-05T08:00:00Z' });
const operations = await read_operations(server);
const agent = keep_alive();

// ---- the table and the file ----
const letters = ['E', 'M', 'S', 'R', 'N', 'P', 'F', 'V', 'A'];
const line_of = (o) => `${o.id.padEnd(28)} ${(o.roles.length ? roles.map((r, i) => (o.roles.includes(r) ? letters[i] : '.')).join('') : '*'.padEnd(9)).padEnd(10)} ${o.in_person ? 'in person' : o.scope ?? ''}`.trimEnd();
{
	const agreed = readFileSync(join(root, 'tests/access.txt'), 'utf8').split('\n').filter((l) => l && !l.startsWith('#'));
	const told = operations.map(line_of);
	const missing = told.filter((l) => !agreed.includes(l)), over = agreed.filter((l) => !told.includes(l));

	deep_equal(missing, [], 'every operation stands in tests/access.txt as the server has it (what is missing: sort it in)');
	deep_equal(over, [], 'and the file has no other');
	deep_equal(agreed, [...agreed].sort((a, b) => (a.split(' ')[0] < b.split(' ')[0] ? -1 : 1)), 'in order');
	const pathless = operations.filter((o) => o.path.includes('{') && !row_of(o.path)).map((o) => o.path);
	deep_equal(pathless, [], 'tests/rows.mjs says what stands for the names in every path');
	ok(operations.filter((o) => o.method !== 'GET' && ['executive', 'facilitator', 'viewer'].some((r) => o.roles.includes(r))).every((o) => /^\/api\/(session|sessions|tokens|me|agreement)\b/.test(o.path)),
		'who looks on changes nothing but what is their own, and signs');
}

// ---- who asks: by a token, or by a session where only that will do ----
const json = { 'Content-Type': 'application/json' };
const as = {};
async function sign_in_as(role, scopes = ['read', 'intake', 'write', 'metrics']) {
	const session = await send(server, { method: 'POST', path: '/api/session', body: JSON.stringify({ login: login_of(role), password }), headers: json, agent });
	const cookie = { Cookie: session.headers['set-cookie']?.[0].split(';')[0], 'Sec-Fetch-Site': 'same-origin' };
	const made = await send(server, { method: 'POST', path: '/api/tokens', body: JSON.stringify({ name: 'all', scopes }), headers: { ...json, ...cookie }, agent });
	if (made.status !== 201)
		throw new Error(`${role} gets no token: ${session.status} ${session.text} ${made.text}`);
	return { cookie, token: { Authorization: `Bearer ${made.json.token}` } };
}
for (const role of roles)
	as[role] = await sign_in_as(role);
const scoped = {};
for (const scope of ['read', 'intake', 'write'])
	scoped[scope] = (await sign_in_as('admin', [scope])).token;

function call(operation, key, headers) {
	const { body, headers: typed = {} } = sample_body(operation);
	const row = row_of(operation.path);
	return send(server, { method: operation.method, path: (row ? put(row, key) : operation.path) + sample_query(operation), body, headers: { ...typed, ...headers }, agent });
}

// What the gate before every handler says; a handler's own refusals have other titles.
const turned_away = (a) => a.status === 401 && Boolean(a.headers['www-authenticate']);
const not_for_role = (a) => a.status === 403 && a.json?.title === 'Not yours to do';
const not_for_token = (a) => a.status === 403 && /^Not with (this|a) token$/.test(a.json?.title);
const let_in = (a) => !turned_away(a) && !not_for_role(a) && !not_for_token(a) && a.status < 500;

// What was asked before may have ended the session.
async function call_as(operation, key, role) {
	const pass = () => (operation.in_person ? as[role].cookie : as[role].token);
	const answer = await call(operation, key, pass());

	if (!turned_away(answer))
		return answer;
	as[role] = await sign_in_as(role);
	return call(operation, key, pass());
}

// ---- a cookie sent by another site's page ----
{
	const { Cookie: cookie } = as.admin.cookie;
	const changing = operations.filter((o) => o.method !== 'GET' && o.roles.includes('admin'));
	const through = [];

	for (const o of changing)
		for (const from of [{ 'Sec-Fetch-Site': 'cross-site' }, { 'Sec-Fetch-Site': 'same-site' }, { Origin: 'http://evil.example' }, { Origin: 'null' }]) {
			const row = row_of(o.path);
			const answer = await call(o, row?.mine?.('admin') ?? row?.any, { Cookie: cookie, ...from });
			if (answer.status !== 403 || answer.json.title !== 'From another site')
				through.push(`${o.id} ${JSON.stringify(from)}: ${answer.status}`);
		}
	deep_equal(through, [], `none of ${changing.length} operations that change something is done for another site's page`);
}

// ---- every operation, every role, every row ----
const cells = [];
for (const o of operations) {
	const row = row_of(o.path);
	const which = !row ? ['no row'] : row.others ? ['mine', 'others'] : ['any'];
	const key = (kind, role) => (kind === 'mine' ? row.mine(role) : kind === 'others' ? row.others(role) : row?.any);

	for (const kind of which) {
		cells.push({ o, who: 'nobody', kind, ask: () => call(o, key(kind, 'admin'), {}), good: o.roles.length ? turned_away : let_in });
		for (const role of roles) {
			const may = !o.roles.length || o.roles.includes(role), hidden = kind === 'others' && narrow[role];
			const good = !may ? not_for_role : hidden ? (a) => a.status === 404 : (a) => let_in(a) && (kind === 'any' || !row || a.status !== 404);

			cells.push({ o, who: role, kind, ask: () => call_as(o, key(kind, role), role), good });
			// Nothing tells another's from one that is not there.
			if (may && hidden)
				cells.push({ o, who: role, kind: 'not there', ask: async () => {
					const [other, none] = [await call_as(o, row.others(role), role), await call_as(o, row.none, role)];
					return { status: other.status, same: other.text === none.text, json: other.json };
				}, good: (a) => a.same });
		}
	}
	// By a token: its scope counts. From another site's page: the cookie does not.
	if (o.roles.length)
		for (const scope of Object.keys(scoped))
			cells.push({ o, who: `token ${scope}`, kind: which[0], ask: () => call(o, key(which[0], 'admin'), scoped[scope]),
				good: !o.in_person && scope === o.scope && o.roles.includes('admin') ? let_in : (a) => a.status === 403 });
}

// What ends sessions and tokens, or closes accounts, comes last.
const ends = (o) => /\/(session|sessions|tokens|accounts|me|links)\b/.test(o.path) && o.method !== 'GET';
const wrong = [], asserted = new Set();
const look = async (cell) => {
	const answer = await cell.ask();
	asserted.add(`${cell.o.id} ${cell.who} ${cell.kind}`);
	if (!cell.good(answer))
		wrong.push(`${cell.o.method} ${cell.o.path} (${cell.o.id}) by ${cell.who}, ${cell.kind}: ${answer.status} ${answer.json?.title ?? ''} ${answer.json?.detail ?? ''}`);
};
await each(cells.filter((c) => !ends(c.o)), 6, look);
await each(cells.filter((c) => ends(c.o)), 1, look);
deep_equal(wrong, [], 'every operation lets in whom it says, and shows no row that is another\'s');
const wanted = operations.flatMap((o) => (row_of(o.path)?.others ? ['mine', 'others'] : [row_of(o.path) ? 'any' : 'no row']).flatMap((kind) =>
	['nobody', ...roles].map((who) => `${o.id} ${who} ${kind}`)));
deep_equal(wanted.filter((cell) => !asserted.has(cell)), [], `every cell was asked: ${operations.length} operations, ${wanted.length} cells of roles, ${asserted.size} in all`);

agent.destroy();
is((await server.stop()).code, 0, 'it stops');
is(run(['verify', '--book', book]).code, 0, 'the book is sound');
done();
