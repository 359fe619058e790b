#!/usr/bin/env node
// What lies on whose desk, the queue of nurture, the story of a lead, and putting one aside: over the API, within what one may see.
import { deep_equal, done, has, is, ok, temporary_folder } from '../tap.mjs';
import { add_account, make_book, serve, sign_in } from '../serve.mjs';

const book = make_book(temporary_folder());
add_account(book, 'boss', '--name', 'Head of Sales', '--role', 'sales manager');
add_account(book, 'one', '--role', 'sales rep', '--name', 'Seller One');
add_account(book, 'two', '--role', 'sales rep', '--name', 'Seller Two');
add_account(book, 'nora', '--role', 'nurture', '--name', 'Nora');
add_account(book, 'view', '--role', 'viewer', '--name', 'Vera');
let server = await serve(book, { now: '2026-03-05T08:00:00Z' });
const boss = await sign_in(server, 'boss');
let one = await sign_in(server, 'one');
const two = await sign_in(server, 'two');
const nora = await sign_in(server, 'nora');
const view = await sign_in(server, 'view');
const on = async (who, path = '/api/desk') => (await who('GET', path)).json.leads;
const keys = (leads) => leads.map((lead) => lead.lead);

// ---- nurture ----
{
	const queue = await on(nora, '/api/nurture');
	const anna = queue.find((lead) => lead.lead === 'L1');
	ok(anna.gate.passes && queue.indexOf(anna) === 0, 'who passes the gate stands first');
	const ben = queue.find((lead) => lead.lead === 'L2');
	ok(!ben.gate.passes && ben.gate.missing.length > 0, 'who does not, with what is missing');
	deep_equal(Object.keys(ben.answers), ['budget', 'authority', 'need', 'timeframe', 'trust'], 'and what is to be asked');
	is((await nora('POST', '/api/leads/L2/answers', { need: true, trust: false })).status, 200, 'answers');
	const after = (await on(nora, '/api/nurture')).find((lead) => lead.lead === 'L2');
	deep_equal([after.answers.need, after.answers.trust, after.answers.budget], [true, false, null], 'stand there');
	ok(after.version !== ben.version, 'and change the version');
	ok((await on(view, '/api/nurture')).length, 'who looks on sees it too');
}

// ---- the desk ----
{
	const over = await boss('POST', '/api/leads/L1/hand-over', {});
	is(over.json.owner, 'Seller One', 'handed over');
	const [first] = await on(one);
	deep_equal([first.lead, first.life, first.name, first.owed > 0], ['L1', 'handed over', 'Anna Berg', true], 'it lies on the desk');
	has(first.promise.clock, /left$/, 'with its clock');
	ok(!keys(await on(nora, '/api/nurture')).includes('L1'), 'and no more in nurture');
	ok(!keys(await on(two)).includes('L1'), 'nor on another\'s');
	ok(!keys(await on(two, '/api/desk?of=Seller%20One')).includes('L1'), 'who may not see it does not see it there either');
	ok(keys(await on(boss, '/api/desk?of=Seller%20One')).includes('L1'), 'a manager does');
	is((await on(boss)).length, 0, 'and has none');
	is((await one('POST', '/api/leads/L1/steps', { step: 'accept' }, { 'If-Match': first.version })).status, 200, 'its version is what If-Match wants');
	deep_equal((await one('GET', '/api/desk')).json.words.reject.length > 0, true, 'the agreed reasons stand beside it');
}

// ---- one that a file gave to somebody ----
{
	const own = (await on(two)).find((lead) => lead.life === 'new');
	ok(own && own.owner === 'Seller Two' && own.promise === null, 'lies on the desk of who has it, though nobody handed it over');
	is((await two('POST', `/api/leads/${own.lead}/steps`, { step: 'accept' }, { 'If-Match': own.version })).status, 200, 'who may take it up');
}

// ---- put aside ----
{
	is((await one('PUT', '/api/leads/L1/snooze', { until: '2026-03-06T09:00' })).status, 204, 'put aside');
	has((await on(one)).find((lead) => lead.lead === 'L1').snoozed, /^2026-03-06T09:00:00/, 'until then');
	is((await one('PUT', '/api/leads/L1/snooze', { until: '2027-03-06T09:00' })).status, 409, 'not for a year');
	is((await one('PUT', '/api/leads/L1/snooze', { until: null })).status, 204, 'taken up again');
	is((await on(one)).find((lead) => lead.lead === 'L1').snoozed, null, 'at once');
	is((await two('PUT', '/api/leads/L1/snooze', { until: null })).status, 404, 'by nobody else');
	is((await view('PUT', '/api/leads/L1/snooze', { until: null })).status, 403, 'nor by who looks on');
	is((await one('PUT', '/api/leads/L1/snooze', {})).status, 422, 'until when is to be said');
}

// ---- the story ----
{
	is((await one('POST', '/api/leads/L1/contacts', { kind: 'call', outcome: 'reached', note: 'wants a sample' })).status, 204, 'a call');
	const story = (await one('GET', '/api/leads/L1/story')).json;
	deep_equal([story.person.name, story.person.company_size > 0], ['Anna Berg', true], 'who it is');
	deep_equal(story.line.map((item) => item.at), story.line.map((item) => item.at).sort(), 'in order of time');
	ok(['contact', 'step', 'touch'].every((what) => story.line.some((item) => item.what === what)), 'what was done, said and sent');
	deep_equal(story.line.filter((item) => item.what === 'contact').map((c) => [c.text, c.about, c.by, c.note]), [['call', 'reached', 'Seller One', 'wants a sample']], 'the call among it');
	deep_equal(story.owners.map((o) => [o.owner, Boolean(o.why)]), [['Seller One', true]], 'who had it, and why');
	is((await two('GET', '/api/leads/L1/story')).status, 404, 'who may not see it is told nothing');
}

await server.stop();
done();
