#!/usr/bin/env node
// A hundred requests and more to every operation that the server describes, good ones and bad ones made from its schemas: none ends in a fault of
// ours, and every answer is as the description says. REQUESTS=1000 asks each so often; SEED=7 rolls other dice.
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { deep_equal, done, is, note, ok, root, run, skip_all, temporary_folder } from '../tap.mjs';
import { password, serve } from '../serve.mjs';
import { each, keep_alive, read_operations, sample, sample_body, sample_query, send } from '../api.mjs';
import { make_world, put, row_of } from '../rows.mjs';

const require = createRequire(join(root, 'tests', 'package.json'));
const library = (name) => {
	try {
		return require(name);
	} catch {
		return skip_all(`${name} is not installed: run make deps`);
	}
};
const Ajv = library('ajv/dist/2020.js');
const ajv = new Ajv({ strict: false, allErrors: false });
library('ajv-formats')(ajv);

const EACH = Number(process.env.REQUESTS ?? 100), SEED = Number(process.env.SEED ?? 1);
const book = make_world(temporary_folder(), ['R', 'P', 'X']);
const server = await serve(book, { now: '2026-03-05T08:00:00Z' });
const operations = await read_operations(server);
const agent = keep_alive(16);

// ---- dice (Park and Miller's) ----
let state = SEED;
const below = (n) => (state = (state * 48271) % 2147483647) % n;
const one_of = (list) => list[below(list.length)];

// ---- values ----
const odd_texts = ['', ' ', 'x', 'ü€😀', 'a'.repeat(5000), '\u0000', 'a\u0001b', '\u2028', '../../etc/passwd', '%00', "'; DROP TABLE entry; --", '<script>alert(1)</script>',
	'=1+1', '{{7*7}}', '2026-02-30', '2026-03-04T25:00:00Z', '9'.repeat(40), '-1', 'null', 'true', 'NaN', '\ud800'];
const odd_values = [null, true, false, 0, -1, 1, 1.5, 1e300, 9007199254740993, '', 'x', [], {}, [[]], [null], { a: 1 }, ...odd_texts];

// Fits, as a rule; more members than are needed.
function good(schema, depth = 0) {
	const type = [schema.type].flat().find((t) => t !== 'null');

	if (schema.enum)
		return one_of(schema.enum);
	if (type === 'object')
		return Object.fromEntries(Object.entries(schema.properties ?? {})
			.filter(([name]) => schema.required?.includes(name) || below(2)).map(([name, s]) => [name, good(s, depth + 1)]));
	if (type === 'array')
		return Array.from({ length: below(3) }, () => good(schema.items ?? {}, depth + 1));
	if (type === 'integer')
		return (schema.minimum ?? 0) + below(Math.min(1000, (schema.maximum ?? 1000) - (schema.minimum ?? 0) + 1));
	if (type === 'number')
		return below(100) / 4;
	if (type === 'boolean')
		return below(2) === 1;
	if (schema.format === 'date')
		return one_of(['2026-02-10', '2026-03-04', '2024-02-29', '1999-12-31']);
	if (type === 'string')
		return one_of(['x'.repeat(Math.max(1, schema.minLength ?? 1)), 'Acme', 'Rita Rep', 'R3', '2026-03-04T09:00:00+01:00', 'count()', 'leads', 'call', 'webinar', `text ${below(1000)}`]);
	return one_of(odd_values);
}

// One thing in it is changed for the worse, as a rule.
function spoiled(value, schema) {
	const names = Object.keys(value ?? {});
	const copy = JSON.parse(JSON.stringify(value));

	switch (below(names.length ? 5 : 2)) {
	case 0: return { ...copy, [one_of(['unknown', '', 'constructor', '__proto__', 'ü'])]: one_of(odd_values) };
	case 1: return one_of(odd_values);
	case 2: delete copy[one_of(names)]; return copy;
	case 3: return { ...copy, [one_of(names)]: one_of(odd_values) };
	default: {
		const all = Object.keys(schema?.properties ?? {});
		return { ...copy, ...(all.length ? { [one_of(all)]: one_of(odd_values) } : {}) };
	}
	}
}

const odd_bodies = ['', '{', '[]', 'null', '"x"', '{"a":1,"a":2}', '{}{}', '[1,]', '{"a":\u0001}', '\ufeff{}', `${'['.repeat(100)}${']'.repeat(100)}`, `${'{"a":'.repeat(40)}1${'}'.repeat(40)}`,
	Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d]), Buffer.from('{"name":"\xc0\xaf"}', 'latin1'), JSON.stringify({ name: 'x'.repeat(100000) }), JSON.stringify(Array(2000).fill(0))];

function query_of(o, i) {
	const given = [];

	if (i % 5 === 0)
		return sample_query(o);
	for (const p of o.query)
		if (p.required || below(3) === 0)
			given.push([p.name, below(4) ? String(good(p.schema)) : String(one_of(odd_texts)).replace(/[\ud800]/g, '')]);
	if (i % 11 === 0)
		given.push(one_of([['unknown', 'x'], ...given]));
	return given.length ? `?${given.map((pair) => pair.map(encodeURIComponent).join('=')).join('&')}` : '';
}

function path_of(o, i) {
	const row = row_of(o.path);

	if (!row)
		return o.path;
	return put(row, i % 7 === 6 ? one_of(odd_texts.filter((t) => t && !/[\u0000\u0001\ud800]/.test(t) && t.length < 1000)) : row.any ?? (below(4) ? row.mine('admin') : row.others('admin')));
}

// Request i of an operation: the first good ones, then some of everything.
function request_of(o, i) {
	const headers = {};
	let body;

	if (o.headers.includes('Idempotency-Key') && below(3) === 0)
		headers['Idempotency-Key'] = one_of([`k-${o.id}-${i}`, 'again', '', 'k'.repeat(300), 'ü'].map((k) => Buffer.from(k).toString('latin1')));
	if (o.headers.includes('If-Match') && below(4) === 0)
		headers['If-Match'] = one_of(['*', '"x"', '""', 'W/"x"', ',,,', 'x']);
	if (o.body_type === 'application/json') {
		const fit = i < 3 ? JSON.parse(sample_body(o).body) : good(o.body);

		headers['Content-Type'] = i % 13 === 12 ? one_of(['text/plain', 'application/json; charset=latin1', '', 'multipart/form-data']) : 'application/json';
		body = i < 3 || i % 3 === 0 ? JSON.stringify(fit) : i % 10 === 4 ? one_of(odd_bodies) : JSON.stringify(spoiled(fit, o.body)) ?? '';
	} else if (o.body_type) {
		headers['Content-Type'] = o.body_type;
		body = i < 3 ? sample_body(o).body : one_of([...odd_bodies, 'a,b\n1,2\n', 'x'.repeat(10000)]);
	}
	return { method: o.method, path: path_of(o, i) + query_of(o, i), body, headers, agent };
}

// ---- who asks: anew when that was ended by what was asked ----
let pass;
async function sign_in() {
	const answer = await send(server, { method: 'POST', path: '/api/session', body: JSON.stringify({ login: 'admin', password }), headers: { 'Content-Type': 'application/json' }, agent });
	if (answer.status !== 200)
		throw new Error(`the admin cannot sign in: ${answer.status} ${answer.text}`);
	return { Cookie: answer.headers['set-cookie'][0].split(';')[0], 'Sec-Fetch-Site': 'same-origin' };
}

// ---- what an answer has to be ----
const problem = ajv.compile((await send(server, { method: 'GET', path: '/api/openapi.json', agent })).json.components.schemas.Problem);
const fits = new Map(operations.filter((o) => o.answer && o.type === 'application/json').map((o) => [o.id, ajv.compile(o.answer)]));
const wrong = [];
const counts = { good: 0, refused: 0 };
const succeeded = new Set();

function judge(o, request, answer) {
	const type = (answer.headers['content-type'] ?? '').split(';')[0];
	const say = (text) => wrong.filter((w) => w.startsWith(`${o.id}:`)).length < 3 && wrong.push(`${o.id}: ${request.method} ${request.path.slice(0, 200)} ${String(request.body ?? '').slice(0, 200)} → ${answer.status} ${answer.text.slice(0, 300)}: ${text}`);

	if (answer.status >= 500) {
		say('a fault of ours');
	} else if (answer.status >= 400) {
		counts.refused++;
		if (type === 'text/plain' || answer.status === 414)
			return; // refused before it had an operation
		if (type === 'text/html' && o.type?.startsWith(type))
			return; // a page for people says it as a page
		if (type !== 'application/problem+json' || !problem(answer.json))
			say(`no problem document: ${type} ${ajv.errorsText(problem.errors)}`);
		else if (answer.json.status !== answer.status)
			say('the problem has another status');
	} else if (answer.status >= 300) {
		counts.good++;
	} else {
		const check = fits.get(o.id);

		counts.good++;
		succeeded.add(o.id);
		if (answer.status !== o.status)
			say(`it should be ${o.status}`);
		else if (answer.status !== 204 && !o.types.includes(type))
			say(`${type} is none of ${o.types.join(', ')}`);
		else if (answer.status === 204 ? answer.text : check && type === 'application/json' && !check(answer.json))
			say(answer.status === 204 ? 'it has a body' : `not as described: ${ajv.errorsText(check.errors)}`);
	}
}

// Sign-in takes its time with every password, and may say that it was too many: its good ones are few.
const slow = (o) => /\/(session|password|totp|links|oidc)\b/.test(o.path) && o.method === 'POST';
const last = (o) => (slow(o) || /\/(sessions|accounts|me)\b/.test(o.path) && o.method !== 'GET' ? 1 : 0);
let sent = 0;
pass = await sign_in();
for (const o of [...operations].sort((a, b) => last(a) - last(b))) {
	const requests = Array.from({ length: EACH }, (_, i) => request_of(o, i));

	if (slow(o))
		requests.forEach((r, i) => i > 12 && (r.body = one_of(odd_bodies)));
	else if (o.id.startsWith('signOut'))
		requests.forEach((r, i) => i > 12 && (r.path += `?unknown=${i}`));
	await each(requests, last(o) ? 4 : 16, async (request) => {
		let answer;
		for (let tries = 0; tries < 2; tries++) {
			answer = await send(server, { ...request, headers: { ...request.headers, ...pass } }).catch((error) => {
				// What is too long to be taken in at all is cut off.
				if (request.path.length < 2000)
					throw error;
				return undefined;
			});
			if (!answer)
				break;
			if (answer.status !== 401 || !answer.headers['www-authenticate'])
				break;
			pass = await sign_in();
		}
		sent++;
		if (answer)
			judge(o, request, answer);
	});
}
deep_equal(wrong, [], 'every answer is one of those described, and none a fault of ours');
ok(sent >= 100 * operations.length || EACH < 100, `${sent} requests to ${operations.length} operations`);
ok(counts.good > sent / 20 && counts.refused > sent / 4, `${counts.good} were done, ${counts.refused} refused`);
const never = operations.filter((o) => !succeeded.has(o.id)).map((o) => o.id);
note(`never done: ${never.join(', ')}`);
const bare = operations.filter((o) => o.type === 'application/json' && o.answer && !o.answer.properties).map((o) => o.id);
note(`answers without a schema: ${bare.join(', ')}`);

agent.destroy();
is((await server.stop()).code, 0, 'it stops');
is(run(['verify', '--book', book]).code, 0, 'the book is sound');
done();
