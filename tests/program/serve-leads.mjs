#!/usr/bin/env node
// Working with leads over the API: new ones, steps, contacts, hand-over; the same request twice, two people at once, and what the clock records.
import { deep_equal, done, has, is, ok, run, temporary_folder } from '../tap.mjs';
import { add_account, make_book, serve, sign_in } from '../serve.mjs';

const book = make_book(temporary_folder());
const rows = (what, columns, ...more) => run(['rows', '--book', book, '--of', what, '--columns', columns, '--limit', '1000', '--format', 'csv', ...more]).out.trim().split('\n').slice(1);

add_account(book, 'boss', '--name', 'Head of Sales', '--role', 'sales manager, admin');
add_account(book, 'one', '--role', 'sales rep', '--name', 'Seller One');
add_account(book, 'pat', '--role', 'partner', '--partner', 'Acme', '--name', 'Pat Partner');

let server = await serve(book, { now: '2026-03-05T08:00:00Z' });
let boss = await sign_in(server, 'boss');
let one = await sign_in(server, 'one');
const members = (answer) => answer.json.problems.map((p) => p.member);

// ---- new leads ----
{
	const answer = await boss('POST', '/api/leads', { name: 'Zoe Zed', email: 'zoe@example.com', company: 'Zed AG', company_size: 50, country: 'Germany', source: 'form', note: 'asked for\na demo' });
	is(answer.status, 201, 'a new lead');
	is(answer.headers.location, `/api/leads/${answer.json.lead}`, 'has an address');
	const lead = (await boss('GET', answer.headers.location)).json;
	deep_equal([lead.name, lead.company, lead.source, lead.life], ['Zoe Zed', 'Zed AG', 'lockstep', 'new'], 'where it stands');
	is((await boss('POST', '/api/leads', { id: 'A/1 ü', company: 'Odd GmbH' })).headers.location, '/api/leads/A%2F1%20%C3%BC', 'an id of one\'s own, with an address');
	is((await boss('GET', '/api/leads/A%2F1%20%C3%BC')).json.company, 'Odd GmbH', 'that finds it');
	deep_equal(members(await boss('POST', '/api/leads', { id: 'A/1 ü', company: 'Odd GmbH' })), ['id'], 'an id is given once');
	deep_equal(members(await boss('POST', '/api/leads', { nam: 'x', company_size: 1.5, created: 'soon', email: 7, note: 'a\u0001b' })).sort(),
		['company_size', 'created', 'email', 'nam', 'note'], 'all that is wrong is said at once');
	deep_equal(members(await boss('POST', '/api/leads', { country: 'Germany', created: '2026-03-06T09:00' })), ['name', 'created'], 'somebody has to be meant, and to be there');
}

// ---- the same person twice in a second ----
{
	const who = { name: 'Tina Twice', email: 'tina@twice.example', source: 'fair' };
	const many = await Promise.all(Array.from({ length: 6 }, (_, i) => boss('POST', '/api/leads', i % 2 ? { ...who, email: 'Tina@Twice.example' } : who)));
	deep_equal(many.map((a) => a.status), Array(6).fill(201), 'six at once');
	is(new Set(many.map((a) => a.json.lead)).size, 1, 'are one lead');
	deep_equal(many.map((a) => a.json.known).sort(), [false, true, true, true, true, true], 'which is said');
	const bulk = await boss('POST', '/api/leads/bulk', { leads: [{ name: 'Uwe', email: 'uwe@u.example' }, who, { name: 'Uwe', email: 'uwe@u.example' }] });
	deep_equal(bulk.json.leads.map((l) => l.known), [false, true, true], 'many at once likewise');
	is(bulk.json.leads[1].lead, many[0].json.lead, 'the same');
	is(bulk.json.leads[0].lead, bulk.json.leads[2].lead, 'within one request, too');
	is((await boss('POST', '/api/leads', { ...who, id: 'T-1' })).json.known, false, 'who gives an id means another lead');
	const touches = (await boss('GET', `/api/rows?of=touches&columns=lead.key,kind,source&limit=100&where=${encodeURIComponent('kind = "inquiry"')}`)).json.rows;
	deep_equal(touches.filter((t) => t[0] === many[0].json.lead).map((t) => t[2]).sort(), ['fair', 'fair', 'fair', 'fair', 'fair', 'fair', null].sort(), 'with a touch for each');
	const dups = (await boss('GET', `/api/leads/${many[0].json.lead}/duplicates`)).json.duplicates;
	ok(dups.some((d) => d.lead === 'T-1' && d.score > 90 && d.reasons.includes('same e-mail')), 'what may be the same is suggested');
	const pair = (await boss('GET', '/api/duplicates')).json.pairs.find(({ later, earlier }) => [later.lead, earlier.lead].includes('T-1'));
	deep_equal([pair.later.name, pair.earlier.name, pair.later.created !== null], ['Tina Twice', 'Tina Twice', true], 'everywhere, with what tells the two apart');
	is((await one('GET', '/api/duplicates')).status, 403, 'to who sees all');
	const look = (await boss('GET', `/api/leads/${many[0].json.lead}/merge?into=T-1`)).json;
	deep_equal([look.touches, look.into], [7, 'T-1'], 'what merging would move');
	is((await boss('GET', `/api/leads/T-1/merge?into=nobody`)).status, 422, 'into nobody nothing');
	is((await boss('POST', `/api/leads/${many[0].json.lead}/steps`, { step: 'duplicate', of: 'nobody' })).status, 409, 'likewise');
	is((await boss('POST', `/api/leads/${many[0].json.lead}/steps`, { step: 'accept', of: 'T-1' })).status, 422, 'only a duplicate is of another');
	is((await boss('POST', `/api/leads/${many[0].json.lead}/steps`, { step: 'duplicate', of: 'T-1' })).status, 200, 'merged');
	const of_touches = async (lead) => (await boss('GET', `/api/rows?of=touches&columns=lead.key&limit=100&where=${encodeURIComponent('kind = "inquiry"')}`)).json.rows.filter((r) => r[0] === lead).length;
	is(await of_touches('T-1'), 7, 'its touches are the other one\'s');
	is((await boss('POST', `/api/leads/${many[0].json.lead}/contacts`, { kind: 'call', outcome: 'reached' })).status, 204, 'who calls by the old id');
	const calls = async (lead) => (await boss('GET', '/api/rows?of=activities&columns=lead.key&limit=100')).json.rows.filter((r) => r[0] === lead).length;
	deep_equal([await calls('T-1'), await calls(many[0].json.lead)], [1, 0], 'called that one');
	const next = await boss('POST', '/api/leads', who);
	deep_equal([next.json.known, next.json.lead], [true, 'T-1'], 'who comes again comes to that one');
	is(await of_touches('T-1'), 9, 'whose touches they are');
	is((await boss('POST', `/api/leads/${many[0].json.lead}/undo`, {})).status, 200, 'taken back');
	is(await of_touches('T-1'), 2, 'each has its own again');
	deep_equal([await calls('T-1'), await calls(many[0].json.lead)], [0, 1], 'and the call is its own');
	is((await one('POST', '/api/leads', who)).json.known, false, 'who sees not all is told of nobody');
}

// ---- addresses ----
{
	for (const email of ['not-mail', 'a@b', 'a b@example.com', 'a@b@example.com', '<a@example.com>'])
		deep_equal(members(await boss('POST', '/api/leads', { name: 'Mail', email })), ['email'], `${email} is no address`);
	const many = (await boss('POST', '/api/leads/bulk', { leads: [{ name: 'B1', email: 'b1@example.com' }, { name: 'B2', email: 'bad' }] })).json;
	deep_equal([many.taken, many.refused, many.leads[1].problems.map((p) => p.member)], [1, 1, ['email']], 'nor is one of many');
}

// ---- steps ----
{
	const over = await boss('POST', '/api/leads/L1/hand-over', {});
	deep_equal([over.status, over.json.owner, over.json.version], [200, 'Seller One', 1], 'handed over to whose turn it is');
	const refused = await boss('POST', '/api/leads/L2/hand-over', {});
	is(refused.status, 409, 'one that does not pass');
	has(refused.json.problems[0].text, 'is not pre-qualified', 'with the reason');
	is((await one('GET', '/api/leads/L1')).status, 200, 'who has it sees it');
	deep_equal(members(await one('POST', '/api/leads/L1/steps', { step: 'reject', reason: 'no budgett' })), ['reason'], 'a reason that was not agreed');
	is((await one('POST', '/api/leads/L1/steps', { step: 'accept', by: 'Seller Two' })).status, 403, 'nobody tells for others');
	is((await one('POST', '/api/leads/L1/contacts', { kind: 'call', outcome: 'reached', note: 'will call back' })).status, 204, 'a call');
	deep_equal(members(await one('POST', '/api/leads/L1/contacts', { kind: 'coll' })), ['kind'], 'a kind of contact that is none');
	const told = await one('POST', '/api/leads/L1/steps', { step: 'accept' });
	deep_equal([told.status, told.json.steps, told.json.life], [200, ['accepted'], 'accepted'], 'accepted');
	is((await one('PUT', '/api/leads/L1/sweet-spot', { in: true })).status, 204, 'marked');
	is((await one('GET', '/api/leads/L1')).json.sweet_spot.by, 'Seller One', 'by who did it');
	is((await one('POST', '/api/leads/L1/answers', { budget: true, need: false })).status, 200, 'answers');
	is((await one('POST', '/api/leads/L1/answers', {})).status, 422, 'no answer');
	is((await boss('POST', '/api/leads/L3/steps', { step: 'opted-out', at: '2026-03-05T08:30' })).status, 200, 'something told late');
	const back = await boss('POST', '/api/leads/L3/undo', {});
	is(back.status, 200, 'is taken back');
	const { life, episode } = (await boss('GET', '/api/leads/L3')).json;
	deep_equal([back.json.life, back.json.episode], [life, episode], 'and the answer says where it stands then');
	is((await boss('GET', '/api/leads/L3')).json.opted_out, false, 'and holds no more');
	is((await boss('POST', '/api/leads/L1/steps', { step: 'assign', to: 'Nobody Known' })).status, 409, 'nobody of that name');
	deep_equal(members(await boss('POST', '/api/leads/L1/contacts', { kind: 'call', by: 'Nobody Known' })), ['by'], 'and nobody of that name called');
	is((await boss('POST', '/api/leads/L1/contacts', { kind: 'call', by: 'Seller One' })).status, 204, 'a manager tells for others');
}

// ---- past the gate ----
{
	const pat = await sign_in(server, 'pat');
	is((await pat('POST', '/api/leads/P1/steps', { step: 'assign', to: 'Seller One' })).status, 403, 'a lead that nobody has is handed over, and not given to a seller by the way');
	const over = await pat('POST', '/api/leads/P1/hand-over', { override: 'old friends' });
	ok(over.status === 403 && !over.text.includes('Head of'), 'nor by a partner against the agreement, who is not told who may');
	is((await boss('GET', '/api/leads/P1')).json.owner, null, 'nobody has it still');
	is((await boss('POST', '/api/leads/P1/steps', { step: 'assign', to: 'Seller One' })).status, 200, 'a manager may');
	is((await pat('POST', '/api/leads/P1/steps', { step: 'assign', to: 'Seller Two' })).status, 200, 'and once somebody has it it may be passed on');
}

// ---- two people at once ----
{
	const seen = (await boss('GET', '/api/leads/L4')).headers.etag;
	const steps = await Promise.all(['working', 'wait'].map((step) =>
		boss('POST', '/api/leads/L4/steps', { step: 'opted-out', note: step }, { 'If-Match': seen })));
	deep_equal(steps.map((a) => a.status).sort(), [200, 412], 'of two who decide by the same page one is told that it changed');
	is((await boss('POST', '/api/leads/L4/undo', {}, { 'If-Match': seen })).status, 412, 'the old page is good for nothing');
	is((await boss('POST', '/api/leads/L4/undo', {}, { 'If-Match': `"x", ${(await boss('GET', '/api/leads/L4')).headers.etag}` })).status, 200, 'the new one is');
	is((await boss('GET', '/api/leads/L4')).json.opted_out, false, 'and what is taken back is gone');
}

// ---- the same request twice ----
{
	const key = { 'Idempotency-Key': 'k-1' };
	const all = await Promise.all(Array.from({ length: 8 }, () => boss('POST', '/api/leads', { name: 'Once Only' }, key)));
	deep_equal(all.map((a) => a.status), Array(8).fill(201), 'eight times the same request');
	is(new Set(all.map((a) => a.text)).size, 1, 'have one answer');
	is(all.filter((a) => a.headers['idempotent-replayed']).length, 7, 'seven of them again');
	is((await boss('POST', '/api/leads', { name: 'Somebody Else' }, key)).status, 422, 'the key is for that request only');
	is((await one('POST', '/api/leads', { name: 'Mine' }, key)).status, 201, 'and of that person only');
	is((await boss('POST', '/api/leads', {}, { 'Idempotency-Key': 'k-2' })).status, 422, 'what is refused');
	is((await boss('POST', '/api/leads', { name: 'Second Try' }, { 'Idempotency-Key': 'k-2' })).status, 201, 'may be tried again');
	is((await boss('POST', '/api/leads', { name: 'x' }, { 'Idempotency-Key': '' })).status, 400, 'a key is something');
	is((await boss('POST', '/api/leads', { name: 'x' }, { 'Idempotency-Key': 'k'.repeat(201) })).status, 400, 'and no novel');
}

// ---- a promise that nobody will keep ----
{
	const over = await boss('POST', '/api/leads/L4/hand-over', { override: 'old friend' });
	deep_equal([over.status, over.json.overridden, over.json.held_back], [200, true, 'below the bar'], 'a manager lets one pass, for what held it back');
}

// ---- killed: what was acknowledged is there, and the clock catches up ----
{
	const names = [];
	let asked = 0;
	const busy = Promise.all(Array.from({ length: 4 }, async () => {
		for (;;) {
			const name = `Killed ${asked++}`;
			try {
				const answer = await boss('POST', '/api/leads', { company: name }, { 'Idempotency-Key': name });
				if (answer.status === 201)
					names.push([name, answer.text]);
			} catch {
				return;
			}
			if (names.length === 20)
				server.kill();
		}
	}));
	await busy;
	await server.ended;
	ok(names.length >= 20, 'leads come in until it is killed');
	server = await serve(book, { now: '2026-03-10T08:00:00Z' });
	boss = await sign_in(server, 'boss');
	const again = await Promise.all(names.map(([name]) => boss('POST', '/api/leads', { company: name }, { 'Idempotency-Key': name })));
	deep_equal(again.map((a) => a.text), names.map(([, text]) => text), 'every answer that was given is given again');
	const found = (await boss('GET', '/api/leads?limit=200')).json.leads.map((l) => l.company).filter((c) => c?.startsWith('Killed'));
	is(new Set(found).size, found.length, 'nothing is there twice');
	ok(names.every(([name]) => found.includes(name)), 'and nothing acknowledged is lost');
}
{
	// The thread of the clock looks as soon as it begins; how soon that is done is its own affair.
	const recorded = async () => Number(/^lockstep_clock_recorded_total (\d+)/m.exec((await boss('GET', '/metrics')).text)[1]);
	for (let tries = 0; tries < 100 && !(await recorded()); tries++)
		await new Promise((resolve) => setTimeout(resolve, 100));
	const broken = (await boss('GET', '/api/rows?of=promise_words&columns=kind,promise,lead.key,at&limit=100')).json.rows.filter((r) => r[0] === 'broken');
	ok(broken.length > 0, 'what broke while it was away is recorded');
	ok(broken.every((r) => r[3] < '2026-03-10'), 'at the time it broke');
}
is((await server.stop()).code, 0, 'it stops');
is(rows('promise_words', 'kind', '--where', 'kind = "broken"').length > 0, true, 'the book has it');
is(run(['verify', '--book', book]).code, 0, 'and is sound');
done();
