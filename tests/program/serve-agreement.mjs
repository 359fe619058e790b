#!/usr/bin/env node
// Promises and the agreement over the API: both sides as they stand, what is said of a broken one; check, compare, propose, sign, take back.
import { deep_equal, done, has, is, ok, temporary_folder } from '../tap.mjs';
import { add_account, make_book, serve, sign_in } from '../serve.mjs';

const book = make_book(temporary_folder());
const people = { boss: ['Head of Sales', 'sales manager'], mia: ['Head of Marketing', 'marketing'], one: ['Seller One', 'sales rep'] };

for (const [login, [name, role]] of Object.entries(people))
	add_account(book, login, '--name', name, '--role', role);
add_account(book, 'acme', '--role', 'partner', '--partner', 'Acme');
add_account(book, 'look', '--role', 'viewer');

const server = await serve(book, { now: '2026-03-05T08:00:00Z' });
const [boss, mia, one, acme, look] = await Promise.all(['boss', 'mia', 'one', 'acme', 'look'].map((login) => sign_in(server, login)));
const members = (answer) => answer.json.problems.map((p) => p.member);

// ---- promises ----
is((await boss('POST', '/api/leads/L1/hand-over', {})).status, 200, 'a lead is handed over');
{
	const { status, json } = await boss('GET', '/api/promises');
	is(status, 200, 'promises are listed');
	deep_equal(json.promises.map((p) => [p.promise, p.party, p.state, p.lead]), [
		['hand over fast', 'marketing', 'broken', 'L1'], ['first contact', 'sales', 'running', 'L1'],
		['feedback', 'sales', 'running', 'L1'], ['keep trying', 'sales', 'running', 'L1']], 'the soonest due first');
	ok(/^2026-03-0[56]T.*\+01:00$/.test(json.promises[1].due), 'with the time by which');
	is(json.promises[1].owner, 'Seller One', 'and by whom');
	const pages = [];
	for (let cursor = ''; cursor !== null;) {
		const page = (await boss('GET', `/api/promises?limit=3${cursor && `&cursor=${cursor}`}`)).json;
		pages.push(...page.promises.map((p) => p.promise));
		cursor = page.next;
	}
	deep_equal(pages, json.promises.map((p) => p.promise), 'page by page the same');
	const some = async (client, query) => (await client('GET', `/api/promises${query}`)).json.total;
	is(await some(boss, '?party=sales&open=true'), 3, 'those of one side that run');
	is(await some(boss, '?state=broken'), 1, 'the broken ones');
	is(await some(boss, `?owner=${encodeURIComponent('a " or "')}`), 0, 'a name is a name');
	is(await some(boss, `?where=${encodeURIComponent('recorded_late or due > 2026-03-06')}`), 2, 'a condition of one\'s own');
	is(await some(one, ''), 4, 'a rep sees those of its leads');
	is(await some(acme, ''), 0, 'a partner none of others');
	deep_equal(members(await boss('GET', '/api/promises?party=nobody&state=late&open=perhaps')), ['party', 'state', 'open'], 'all that is wrong at once');
	is((await boss('GET', '/api/promises?cursor=-1')).status, 422, 'a cursor that is none');
}
{
	const { json } = await boss('GET', '/api/promises/sides');
	const of = (party) => json.parties.find((p) => p.party === party);
	is(of('sales').counts.running, 3, 'one side');
	is(of('marketing').counts.broken, 1, 'beside the other');
	has(of('sales').promises.find((p) => p.promise === 'first contact').sentence, '8 working hours', 'in the agreement\'s words');
	deep_equal((await acme('GET', '/api/promises/sides')).json.parties, [], 'nothing of it to a partner');
	is((await boss('GET', '/api/promises/sides?from=2026-03-05')).json.parties.find((p) => p.party === 'marketing').counts.broken, 0, 'of what is due in a time');
}

// ---- what is said of one ----
{
	const say = (client, body) => client('POST', '/api/leads/L1/promises', body);
	is((await say(mia, { promise: 'first contact', say: 'excuse', reason: 'owner ill' })).status, 409, 'one that is not broken');
	is((await say(boss, { promise: 'hand over fast', say: 'excuse', reason: 'too busy' })).status, 409, 'a reason that was not agreed');
	is((await say(boss, { promise: 'enough', say: 'excuse', reason: 'owner ill' })).status, 409, 'a number in a period');
	is((await say(look, { promise: 'hand over fast', say: 'dispute' })).status, 403, 'who looks on says nothing');
	is((await acme('POST', '/api/leads/L1/promises', { promise: 'hand over fast', say: 'dispute', reason: 'x' })).status, 404, 'a lead of others is not there');
	deep_equal(members(await say(boss, { say: 'forget', episode: 0 })).sort(), ['episode', 'promise', 'say'], 'what is missing and what is wrong');
	deep_equal((await say(mia, { promise: 'hand over fast', say: 'dispute', reason: 'it was handed over by mail' })).json,
		{ lead: 'L1', promise: 'hand over fast', episode: 1, said: 'dispute' }, 'disputed');
	is((await boss('GET', '/api/promises?state=disputed')).json.total, 1, 'and stands so');
	is((await say(boss, { promise: 'hand over fast', say: 'uphold', reason: 'true' })).status, 200, 'the other side agrees');
	is((await boss('GET', '/api/promises?state=excused')).json.total, 1, 'so it is excused');
}

// ---- the agreement as it stands ----
const first = (await boss('GET', '/api/agreement')).json;
deep_equal([first.in_force, first.proposed, first.versions.length], [1, null, 1], 'what is in force');
deep_equal(first.versions[0].signatures.map((s) => [s.party, s.who]), [['marketing', 'Head of Marketing'], ['sales', 'Head of Sales']], 'who signed');
const { templates } = (await boss('GET', '/api/agreement/templates')).json;
is(templates[0].name, 'small-b2b', 'there are agreements to begin with');
const whole = (await one('GET', '/api/agreement/versions/1')).json;
has(whole.text, 'first contact:', 'its text');
ok(whole.terms.some((t) => t.subject === 'first contact' && t.party === 'sales' && t.value.includes('8')), 'its terms');
has((await one('GET', '/api/agreement/versions/1/contract')).text, '<!doctype html>', 'a contract to print');
has((await one('GET', '/api/agreement/versions/1/contract?format=text')).text, 'Head of Sales', 'or to read');
is((await one('GET', '/api/agreement/versions/2')).status, 404, 'a version that is not there');
is((await acme('GET', '/api/agreement')).status, 403, 'a partner does not read what was agreed with others');

// ---- as one types ----
const text = whole.text;
const faster = text.replace('within: 8 hours', 'within: 4 hours');
const check = async (changed) => (await one('POST', '/api/agreement/check', { text: changed })).json;
is((await check(text)).good, true, 'a text that is one');
{
	const { good, problems } = await check(text.replace('party: sales,     from: handed_off, until: first', 'party: saels,     from: handed_off, until: first'));
	const line = text.split('\n').findIndex((l) => l.includes('first contact:')) + 1;
	deep_equal([good, problems[0].line], [false, line], 'a slip, with its line');
	ok(problems[0].column > 1 && problems[0].text.includes('sales'), 'its column, and what was meant');
	const broken = (await check('a: [b')).problems[0];
	deep_equal([broken.line, broken.column], [2, 1], 'what is no YAML has a place, too');
	has((await check(`${text}\n`.replace('holidays: [', 'holidays: [{file: /etc/passwd}, '))).problems[0].text, 'no files', 'a text that is sent opens no files');
}
deep_equal((await one('POST', '/api/agreement/compare', { from_version: 1, to_text: faster })).json.changes.map((c) => c.text),
	['first contact, time allowed: 8 → 4 working hours'], 'what changed, in words');
is((await one('POST', '/api/agreement/compare', { from_version: 1, to_version: 1 })).json.same, true, 'nothing');
deep_equal(members(await one('POST', '/api/agreement/compare', { from_version: 1, from_text: 'x' })), ['from_text', 'to_text'], 'one text on each side');
deep_equal(members(await one('POST', '/api/agreement/compare', { from_version: 9, to_version: 1 })), ['from_version'], 'a version there is not');

// ---- replay ----
{
	const replay = await boss('POST', '/api/agreement/replay', { version: 1 });
	deep_equal([replay.status, replay.json.report], [200, 'replay'], 'what an agreement would have done');
	is((await boss('POST', '/api/agreement/replay', { text: faster, against_version: 1, from: '2026-03-01', to: '2026-03-31' })).status, 200, 'beside another');
	deep_equal(members(await boss('POST', '/api/agreement/replay', {})), ['text'], 'of one that is named');
	deep_equal(members(await boss('POST', '/api/agreement/replay', { version: 1, text: 'x', from: '2026-03-02', to: '2026-03-01' })), ['from', 'text'], 'once, and not backwards');
	is((await boss('POST', '/api/agreement/replay', { version: 7 })).status, 422, 'and that is there');
	is((await one('POST', '/api/agreement/replay', { version: 1 })).status, 403, 'by who sees all leads');
	is((await boss('GET', '/api/promises?state=excused')).json.total, 1, 'and others\' answers stay as they were');
}

// ---- propose, sign ----
is((await one('POST', '/api/agreement/proposals', { text: faster })).status, 403, 'a rep proposes nothing');
is((await boss('POST', '/api/agreement/proposals', { text: 'agreement: x' })).status, 422, 'nor is a half one proposed');
const tag = (await boss('GET', '/api/agreement')).headers.etag;
{
	const key = { 'Idempotency-Key': 'propose-1' };
	const [made, again] = [await mia('POST', '/api/agreement/proposals', { text: faster }, key), await mia('POST', '/api/agreement/proposals', { text: faster }, key)];
	deep_equal([made.status, made.json.version, made.json.same], [201, 2, false], 'proposed');
	deep_equal([again.status, again.text, again.headers['idempotent-replayed']], [201, made.text, 'true'], 'once, however often it is sent');
	is((await boss('POST', '/api/agreement/proposals', { text }, { 'If-Match': tag })).status, 412, 'who has not seen that does not propose over it');
	is((await boss('GET', '/api/agreement')).json.versions[1].by, 'Head of Marketing', 'by whom');
}
is((await one('POST', '/api/agreement/signatures', {})).status, 409, 'who is not named does not sign');
is((await boss('POST', '/api/agreement/signatures', { hash: first.versions[0].hash })).status, 409, 'nor who has read another text');
{
	const proposed = (await boss('GET', '/api/agreement')).json.versions[1];
	deep_equal((await boss('POST', '/api/agreement/signatures', { hash: proposed.hash })).json, { version: 2, parties: ['sales'], missing: 1, from: null }, 'one signs');
	is((await boss('POST', '/api/agreement/signatures', {})).status, 409, 'once');
	deep_equal((await boss('DELETE', '/api/agreement/proposals')).json, { version: 2, voided: 1 }, 'it is taken back');
	is((await boss('DELETE', '/api/agreement/proposals')).status, 409, 'and is no more');
}
is((await mia('POST', '/api/agreement/proposals', { text: faster })).json.version, 3, 'proposed again');
is((await boss('POST', '/api/agreement/signatures', {})).json.missing, 1, 'both');
has((await mia('POST', '/api/agreement/signatures', {})).json.from, '2026-03-05T09:0', 'sign it, and it is in force');
is((await boss('GET', '/api/agreement')).json.in_force, 3, 'as it says');

// ---- annexes ----
{
	const annex = 'annexes:\n  absences: [{who: Seller One, from: 2026-03-09, to: 2026-03-10}]\n';
	has((await boss('POST', '/api/agreement/annexes', { text: annex })).json.summary, 'absence', 'an absence is recorded');
	is((await boss('GET', '/api/agreement')).json.annexes.length, 1, 'beside the versions');
	is((await boss('POST', '/api/agreement/annexes', { text: 'annexes: {absences: [{who: A}]}' })).status, 422, 'half an absence is none');
}

await server.stop();
done();
