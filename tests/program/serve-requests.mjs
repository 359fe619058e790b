#!/usr/bin/env node
// A hundred requests and more to every operation that the server describes, good ones and bad ones made from its schemas: none ends in a fault of
// ours, and every answer is as the description says. REQUESTS=1000 asks each so often; SEED=7 rolls other dice.
import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { deep_equal, done, is, ok, root, run, skip_all, temporary_folder } from '../tap.mjs';
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

// ---- good ones that need something to be there first: asked once before the others ----
async function tell(method, path, body, more = {}) {
	const typed = typeof body === 'string' ? { 'Content-Type': 'text/csv' } : body === undefined ? {} : { 'Content-Type': 'application/json' };
	const answer = await send(server, { method, path, body: typeof body === 'object' ? JSON.stringify(body) : body, headers: { ...typed, ...(more.pass ?? pass) }, agent });
	if (answer.status >= 400)
		throw new Error(`${method} ${path}: ${answer.status} ${answer.text}`);
	return answer.json;
}
async function sign_in_as(login) {
	const answer = await send(server, { method: 'POST', path: '/api/session', body: JSON.stringify({ login, password }), headers: { 'Content-Type': 'application/json' }, agent });
	return { Cookie: answer.headers['set-cookie'][0].split(';')[0], 'Sec-Fetch-Site': 'same-origin' };
}
function code_of(secret, at) {
	const bits = [...secret.replace(/[^A-Z2-7]/g, '')].map((c) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(c).toString(2).padStart(5, '0')).join('');
	const step = Buffer.alloc(8);
	step.writeUInt32BE(Math.floor(at / 30000), 4);
	const mac = createHmac('sha1', Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)))).update(step).digest();
	return String((mac.readUInt32BE(mac[19] & 15) & 0x7fffffff) % 1000000).padStart(6, '0');
}
const agreement = readFileSync(join(root, 'examples/agreements/small-b2b.yaml'), 'utf8');
const csv = 'id,name,created\nI1,Ida Igel,2026-03-02\nI2,Ilse Ibis,not a day\n';
const csv_map = JSON.stringify({ map: 'sent', source: 'sent', files: [{ match: 'sent.csv', as: 'leads', key: 'id', fields: { name: 'name', created: 'created' } }] });
const file = async () => (await tell('POST', '/api/imports/files?name=sent.csv', csv)).file;
const imported = async () => {
	const { job } = await tell('POST', '/api/imports', { file: await file(), map: csv_map });
	for (let state = ''; state !== 'done'; ({ state } = await tell('GET', `/api/imports/jobs/${job}`)))
		await sleep(20);
	return job;
};
let outlets = 0;
const outlet = async () => (await tell('POST', '/api/outlets', { id: `out-${++outlets}`, url: 'https://receiver.example/hook', kinds: ['lead.created'] })).id;
const message = async () => {
	await outlet();
	await tell('POST', '/api/leads', { name: 'Told Outside' });
	return (await tell('GET', '/api/outbox?state=waiting')).messages[0].id;
};
let campaigns = 0;
const campaign = () => tell('POST', '/api/campaigns', { id: `C-${++campaigns}`, name: `campaign ${campaigns}` });
const account = async (login) => (await tell('GET', '/api/accounts')).accounts.find((a) => a.login === login).id;
const link = async () => ({ link: (await tell('POST', `/api/accounts/${await account('viewer')}/link`)).link.split('#')[1] });
const factor = {};
const begun = async () => {
	factor.pass = await sign_in_as('somebody');
	factor.secret = (await tell('POST', '/api/me/totp', { password }, factor)).secret;
	factor.at = Date.parse((await tell('GET', '/api/me', undefined, factor)).now);
	return { pass: factor.pass, body: { code: code_of(factor.secret, factor.at) } };
};
const form = () => tell('PATCH', '/api/forms/demo', { closed: false, asks: 'name* email* company', consent: '', redirect: '' });
const prepared = {
	signIn: async () => ({ body: { login: 'somebody', password } }),
	endSession: async () => {
		pass = await sign_in();
		await sign_in_as('admin');
		const { sessions } = await tell('GET', '/api/sessions');
		return { path: `/api/sessions/${sessions.find((s) => !s.current)?.id ?? sessions[0].id}` };
	},
	setPassword: async () => ({ pass: await sign_in_as('facilitator'), body: { password, new_password: 'another one of mine' } }),
	beginTotp: async () => ({ pass: await sign_in_as('executive'), body: { password } }),
	confirmTotp: begun,
	endTotp: async () => ({ pass: factor.pass, body: { password, code: code_of(factor.secret, factor.at + 30000) } }),
	lookAtLink: async () => ({ body: await link() }),
	useLink: async () => ({ body: { ...(await link()), password: 'a password of mine' } }),
	dropToken: async () => ({ path: `/api/tokens/${(await tell('POST', '/api/tokens', { name: 'one', scopes: ['read'] })).id}` }),
	handOver: async () => ({ path: `/api/leads/${encodeURIComponent(`lockstep:${(await tell('POST', '/api/leads', { id: 'HO', name: 'Hana Over' })).lead}`)}/hand-over`, body: { to: 'Rita Rep', override: 'a manager says so', by: 'Head of Sales' } }),
	showForm: async () => (await form(), {}),
	sendForm: async () => (await form(), { body: 'name=Fay+Form&email=fay%40form.example', type: 'application/x-www-form-urlencoded' }),
	receiveHook: async () => {
		await tell('PATCH', '/api/hooks/shop', { closed: false });
		return { body: { id: 'H1', name: 'Hugo Hook' }, headers: { Authorization: `Bearer ${(await tell('POST', '/api/hooks/shop/key')).key}` } };
	},
	getMessage: async () => ({ path: `/api/outbox/${await message()}` }),
	dropMessage: async () => ({ path: `/api/outbox/${await message()}` }),
	getOutletSecret: async () => ({ path: `/api/outlets/${await outlet()}/secret` }),
	renewOutletSecret: async () => ({ path: `/api/outlets/${await outlet()}/secret` }),
	readFeed: async () => ({ path: new URL((await tell('POST', '/api/me/feed')).url, 'http://x').pathname }),
	sayOfPromise: async () => {
		await imported();
		await tell('POST', '/api/leads/sent:I1/hand-over', { to: 'Rita Rep', override: 'a manager says so', by: 'Head of Sales', at: '2026-03-03T09:00:00+01:00' });
		const { promises } = await tell('GET', '/api/promises?state=broken&limit=50');
		const { lead, source, promise, episode } = promises.find((p) => p.lead);
		return { path: `/api/leads/${encodeURIComponent(`${source}:${lead}`)}/promises`, body: { promise, say: 'dispute', reason: 'it was otherwise', episode } };
	},
	compareAgreements: async () => ({ body: { from_version: 1, to_text: agreement.replace('Example Software', 'Another Company') } }),
	proposeAgreement: async () => ({ body: { text: agreement.replace('Example Software', 'One Company') } }),
	withdrawAgreement: async () => (await tell('POST', '/api/agreement/proposals', { text: agreement.replace('Example Software', 'Two Companies') }), {}),
	signAgreement: async () => {
		await tell('POST', '/api/agreement/proposals', { text: agreement.replace('Example Software', 'Three Companies') });
		await tell('PATCH', `/api/accounts/${await account('marketing')}`, { name: 'Head of Marketing' });
		return { pass: await sign_in_as('marketing'), body: {} };
	},
	addOutlet: async () => ({ body: { id: `out-${++outlets}`, url: 'https://receiver.example/hook' } }),
	changeOutlet: async () => ({ path: `/api/outlets/${await outlet()}`, body: { off: true } }),
	dropOutlet: async () => ({ path: `/api/outlets/${await outlet()}` }),
	getCampaign: async () => ({ path: `/api/campaigns/${(await campaign()).key}` }),
	changeCampaign: async () => ({ path: `/api/campaigns/${(await campaign()).key}`, body: { status: 'ended' } }),
	changeOrder: async () => ({ path: `/api/orders/${(await tell('POST', '/api/orders', { id: 'OR-1', amount: '1200.00' })).key}`, body: { status: 'shipped' } }),
	createAccountLink: async () => ({ path: `/api/accounts/${await account('viewer')}/link` }),
	erasePerson: async () => (await tell('POST', '/api/leads', { name: 'Ed Gone', email: 'ed@gone.example' }), { body: { who: 'ed@gone.example' } }),
	undoStep: async () => (await tell('POST', '/api/leads/R59/steps', { step: 'opted-out' }), { path: '/api/leads/R59/undo', body: {} }),
	recordAnnexes: async () => ({ body: { text: 'annexes:\n  absences: [{who: Rita Rep, from: 2026-03-09, to: 2026-03-10}]\n' } }),
	createTouch: async () => ({ body: { lead: 'R1', kind: 'webinar' } }),
	createActivity: async () => ({ body: { lead: 'R1', kind: 'call', outcome: 'reached' } }),
	dropFile: async () => ({ path: `/api/imports/files/${await file()}` }),
	draftMap: async () => ({ path: `/api/imports/files/${await file()}/draft?as=leads` }),
	findKnown: async () => ({ path: `/api/imports/files/${await file()}/known` }),
	findKnown: async () => ({ path: `/api/imports/files/${await file()}/known` }),
	tellStep: async () => ({ path: `/api/leads/${(await tell('POST', '/api/leads', { id: 'TS', name: 'Tia Stepp' })).lead}/steps`, body: { step: 'opted-out' } }),
	tryImport: async () => ({ body: { file: await file(), map: csv_map } }),
	import: async () => ({ body: { file: await file(), map: csv_map } }),
	getImportJob: async () => ({ path: `/api/imports/jobs/${await imported()}` }),
	getRejected: async () => (await imported(), { path: `/api/imports/${(await tell('GET', '/api/imports')).imports.find((i) => i.rejected).import}/rejected` }),
	undoImport: async () => ({ path: `/api/imports/${(await tell('GET', '/api/imports')).imports.find((i) => i.state === 'finished').import}/undo` }),
};
async function ask_prepared(o) {
	const good_one = await prepared[o.id]();
	const type = good_one.type ?? 'application/json';
	const request = { method: o.method, path: good_one.path ?? put_any(o), body: typeof good_one.body === 'object' ? JSON.stringify(good_one.body) : good_one.body,
		headers: { ...(good_one.body === undefined ? {} : { 'Content-Type': type }), ...(good_one.pass ?? pass), ...good_one.headers }, agent };
	const answer = await send(server, request);

	judge(o, request, answer);
	if (answer.status >= 400)
		wrong.push(`${o.id}: what is good is refused: ${request.method} ${request.path} ${request.body ?? ''} → ${answer.status} ${answer.text}`);
}
const put_any = (o) => (row_of(o.path) ? put(row_of(o.path), row_of(o.path).any ?? row_of(o.path).mine('admin')) : o.path);

// Sign-in takes its time with every password, and may say that it was too many: its good ones are few.
const slow = (o) => /\/(session|password|totp|links|oidc)\b/.test(o.path) && o.method === 'POST';
const last = (o) => (slow(o) || /\/(sessions|accounts|me)\b/.test(o.path) && o.method !== 'GET' ? 1 : 0);
let sent = 0;
pass = await sign_in();
for (const o of [...operations].sort((a, b) => last(a) - last(b))) {
	const requests = Array.from({ length: EACH }, (_, i) => request_of(o, i));

	if (prepared[o.id])
		await ask_prepared(o).catch((error) => wrong.push(`${o.id}: nothing good can be made: ${error.message}`));
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
// By a provider nobody signs in here (serve-oidc.mjs), letters are not sent (outbox-mail.mjs), and what fails is not given up so soon (outbox-webhooks.mjs).
if (EACH >= 100)
	deep_equal(operations.filter((o) => !succeeded.has(o.id)).map((o) => o.id).sort(), ['confirmForm', 'finishOidc', 'sendAgain', 'showConfirm', 'startOidc'], 'every other operation was done, too');

agent.destroy();
is((await server.stop()).code, 0, 'it stops');
is(run(['verify', '--book', book]).code, 0, 'the book is sound');
done();
