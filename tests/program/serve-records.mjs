#!/usr/bin/env node
// Records over the API, one after another and by campaign, partner, team and person, each to whom it concerns; and the page of the API.
import { deep_equal, done, has, is, ok, run, temporary_folder } from '../tap.mjs';
import { ask, serve, sign_in } from '../serve.mjs';
import { MARK, make_world } from '../rows.mjs';

const book = make_world(temporary_folder(), ['R', 'P', 'X']);
const server = await serve(book, { now: '2026-03-05T08:00:00Z' });
const boss = await sign_in(server, 'sales-manager'), rep = await sign_in(server, 'sales-rep'), acme = await sign_in(server, 'partner');
const total = async (client, path) => (await client('GET', path)).json.total;

for (const [kind, all, own] of [['opportunities', 60, 20], ['touches', 180, 60], ['activities', 180, 60], ['orders', 30, 10], ['spend', 3, 0]]) {
	is(await total(boss, `/api/${kind}`), all, `${kind}: all of them`);
	is(await total(rep, `/api/${kind}`), own, 'a rep sees its own');
	is(await total(acme, `/api/${kind}`), own, 'a partner its own');
	ok(!(await acme('GET', `/api/${kind}?limit=200`)).text.includes(MARK), 'and nothing of others');
}
{
	const deal = await boss('GET', '/api/opportunities/DR3');
	deep_equal([deal.json.key, deal.json.amount, deal.json.currency, deal.json.owner, deal.json.lead, deal.json.record_source], ['DR3', '3000.00', 'EUR', 'Rita Rep', 'R3', 'crm'], 'a deal');
	ok(deal.headers.etag, 'has a tag');
	is((await rep('GET', '/api/opportunities/DX3')).status, 404, 'another\'s is not there');
	is((await boss('GET', '/api/opportunities/DR3?source=other')).status, 404, 'nor is one of another source');
	is((await boss('GET', '/api/opportunities/x%22%20or%20key%20is%20not%20empty%20or%20key%20%3D%20%22')).status, 404, 'an id is an id');
	const first = (await boss('GET', '/api/opportunities?limit=2&order=amount%20desc')).json;
	const second = (await boss('GET', `/api/opportunities?limit=2&order=amount%20desc&cursor=${first.next}`)).json;
	ok(Number(first.opportunities[1].amount) >= Number(second.opportunities[0].amount), 'in order, page after page');
	is(await total(boss, `/api/touches?where=${encodeURIComponent('lead.owner = "Rita Rep"')}`), 60, 'by a condition');
	is((await boss('GET', '/api/touches?where=nonsense')).status, 422, 'that is one');
}
{
	const partners = (await boss('GET', '/api/partners')).json;
	deep_equal(partners.partners.map((p) => [p.partner, p.leads, p.standing]).sort(), [['Acme', 60, 'good'], [`${MARK} Partner`, 60, 'good']], 'partners');
	deep_equal((await acme('GET', '/api/partners')).json.partners.map((p) => p.partner), ['Acme'], 'each knows of itself');
	is((await boss('GET', '/api/campaigns')).json.campaigns.length, 3, 'campaigns');
	is((await boss('GET', '/api/teams?limit=1')).json.teams.length, 1, 'teams, by pages');
	deep_equal((await rep('GET', '/api/people')).json.people.map((p) => [p.person, p.leads]), [['Rita Rep', 60]], 'people');
}
{
	const page = await ask(server, 'GET', '/api');
	is(page.status, 200, 'the API has a page');
	has(page.headers['content-security-policy'], "default-src 'none'", 'that loads nothing');
	ok(!/<(script|img|link|iframe)|(src|href)="(https?:)?\/\//.test(page.text), 'from nowhere');
	const { paths } = (await ask(server, 'GET', '/api/openapi.json')).json;
	deep_equal(Object.values(paths).flatMap((p) => Object.values(p)).filter((o) => o.operationId && !page.text.includes(`id="${o.operationId}"`)), [], 'and tells of every operation');
}

// ---- told ----
const roles = { boss, rep, acme, ads: await sign_in(server, 'marketing') };
const tell = (who, path, body, headers) => roles[who]('POST', path, body, headers);
const members = (answer) => (answer.json.problems ?? []).map((p) => p.member).sort();
{
	const touch = await tell('rep', '/api/touches', { lead: 'R1', kind: 'webinar', campaign: 'Rep campaign', score: 5 });
	is(touch.status, 201, 'a touch is told');
	deep_equal([touch.json.record_source, touch.json.result], ['crm', 'new'], 'it is of the source of its lead');
	is(touch.headers.location, `/api/touches/${encodeURIComponent(touch.json.key)}`, 'and says where it is');
	const there = await rep('GET', touch.headers.location);
	deep_equal([there.json.lead, there.json.kind, there.json.score, there.json.at.slice(0, 10)], ['R1', 'webinar', 5, '2026-03-05'], 'as it was told');
	is(await total(boss, '/api/touches'), 181, 'it counts');
	is(await total(acme, '/api/touches'), 60, 'and not for whom it does not concern');
	is((await rep('PATCH', touch.headers.location, { outcome: 'stayed' })).status, 200, 'it is changed');
	const same = await rep('PATCH', touch.headers.location, { outcome: 'stayed' });
	deep_equal([same.status, same.json.result], [200, 'unchanged'], 'and what is known already is not written again');
	is((await rep('GET', touch.headers.location)).json.outcome, 'stayed', 'the change is there');
	is((await rep('PATCH', touch.headers.location, { outcome: null })).status, 200, 'null says that it is empty');
	is((await rep('GET', touch.headers.location)).json.outcome, null, 'so it is');
}
{
	const wrong = await tell('boss', '/api/activities', { lead: 'N0', kind: 'cal', at: '2027-01-01', direction: 'up', duration_minutes: 'x', nonsense: 1 });
	is(wrong.status, 422, 'what is wrong is refused');
	deep_equal(members(wrong), ['direction', 'duration_minutes', 'nonsense'], 'by its form first, each member');
	const meant = await tell('boss', '/api/activities', { lead: 'N0', kind: 'cal', at: '2027-01-01', owner: 'Nobody', duration_minutes: -1 });
	deep_equal(members(meant), ['at', 'duration_minutes', 'kind', 'lead', 'owner'], 'then by what it means, each member');
	deep_equal(members(await tell('boss', '/api/touches', {})), ['kind'], 'what is missing is named');
	deep_equal(members(await tell('boss', '/api/touches', { kind: 'form' })), ['lead'], 'of whom is it?');
	deep_equal(members(await tell('ads', '/api/spend', { day: '2026-03-02', amount: '12.345', campaign: 'x', currency: 'EU' })), ['currency'], 'a currency has three letters');
	deep_equal(members(await tell('ads', '/api/spend', { day: '2026-02-30', amount: 'much' })), ['day'], 'a day that there is not');
	deep_equal(members(await tell('ads', '/api/spend', { day: '2026-03-02', amount: 12.345 })), ['amount', 'campaign'], 'cents end at the second digit');
	deep_equal(members(await tell('boss', '/api/opportunities', { stage: 'Quotte', probability: 130 })), ['probability', 'stage'], 'a stage that there is not');
	is(await total(boss, '/api/activities'), 180, 'and nothing of it was written');
}
{
	const others = await tell('acme', '/api/touches', { lead: 'X1', kind: 'form' }), none = await tell('acme', '/api/touches', { lead: 'N0', kind: 'form' });
	is(others.status, 422, 'nobody tells of another\'s lead');
	is(others.text, none.text, 'which is as one that is not there');
	is((await rep('PATCH', '/api/opportunities/DX3', { amount: '1' })).status, 404, 'nor changes another\'s deal');
	is((await rep('PATCH', '/api/opportunities/DX3', { amount: '1' })).text, (await rep('PATCH', '/api/opportunities/DN0', { amount: '1' })).text, 'nor hears of it');
	deep_equal(members(await tell('acme', '/api/opportunities', { lead: 'P1', stage: 'Quote', partner: 'Other', team: 'north' })), ['partner', 'team'], 'nor gives its own to another');
	is((await rep('PATCH', '/api/opportunities/DR3', { owner: 'Rolf Rest' })).status, 422, 'nor does a rep');
	is((await tell('rep', '/api/spend', { day: '2026-03-02', campaign: 'x', amount: '1' })).status, 403, 'what was spent is marketing\'s to tell');
	is((await tell('acme', '/api/opportunities', { stage: 'Quote', amount: '10' })).status, 201, 'a deal that came from no lead');
	is(await total(acme, '/api/opportunities'), 21, 'is the partner\'s who tells it');
	is(await total(rep, '/api/opportunities'), 20, 'and nobody else\'s');
}
{
	const measure = async (what, of) => (await boss('GET', `/api/measures?measure=${encodeURIComponent(what)}&of=${of}`)).json.rows[0].value;
	const before = await measure('count(won)', 'opportunities');
	const deal = await tell('boss', '/api/opportunities', { lead: 'R1', stage: 'Quote', amount: '5000.00', name: 'Deal of somebody', owner: 'Rita Rep', expected_close: '2026-06-01' });
	is(deal.status, 201, 'a deal');
	const { location } = deal.headers, read = async () => (await boss('GET', location));
	const first = await read();
	deep_equal([first.json.stage, first.json.amount, first.json.currency, first.json.lead, first.json.name], ['Quote', '5000.00', 'EUR', 'R1', 'Deal of somebody'], 'in its stage');
	is((await boss('PATCH', location, { amount: '6000' }, { 'If-Match': '"0"' })).status, 412, 'who read something else changes nothing');
	is((await boss('PATCH', location, { amount: '6000', won: '2026-03-04' }, { 'If-Match': first.headers.etag })).status, 200, 'who read it does');
	const won = await read();
	deep_equal([won.json.amount, won.json.won?.slice(0, 10)], ['6000.00', '2026-03-04'], 'it is won');
	is((await boss('PATCH', location, { amount: '7000' }, { 'If-Match': first.headers.etag })).status, 412, 'and what was read before holds no more');
	is(await measure('count(won)', 'opportunities'), before + 1, 'the numbers follow');
	is((await tell('boss', '/api/stages', { name: 'Signed', means: 'won', position: 5 })).status, 201, 'a stage');
	deep_equal(members(await tell('boss', '/api/stages', { name: 'Quote', means: 'won' })), ['name'], 'that there is not yet');
	deep_equal(members(await tell('boss', '/api/stages', { name: 'Odd', means: 'odd' })), ['means'], 'and that means something');
	const other = await tell('boss', '/api/opportunities', { lead: 'R1', stage: 'Quote', amount: '10' }), there = other.headers.location;
	is((await boss('PATCH', there, { stage: 'Signed' })).status, 200, 'a deal moves there');
	const visits = async (key) => (await boss('GET', '/api/rows?of=stage_visits&columns=stage,entered,left&where=' + encodeURIComponent(`opportunity.key = "${key}"`))).json.rows;
	const [[stage, entered, left]] = await visits(other.json.key);
	deep_equal([stage, entered?.slice(0, 10), left?.slice(0, 10)], ['Quote', '2026-03-05', '2026-03-05'], 'it is known since when it was where');
	deep_equal([(await boss('GET', there)).json.won?.slice(0, 10), (await boss('GET', '/api/stages')).json.stages.map((s) => s.name)], ['2026-03-05', ['Quote', 'Signed']], 'and is won now');
	is((await boss('PATCH', there, { stage: 'Quote' })).status, 200, 'it moves back');
	is((await boss('GET', there)).json.won, null, 'and is open again');
	is((await boss('PATCH', there, { notes: 'of a new kind' })).status, 200, 'a note');
	is((await boss('GET', there)).json.notes, 'of a new kind', 'is kept sealed, and told who asks for this one');
	const steps = async () => (await boss('GET', '/api/rows?of=lead_steps&columns=step,by&where=' + encodeURIComponent('lead.key = "R7"'))).text;
	is((await boss('POST', '/api/leads/R7/hand-over', { to: 'Rita Rep', override: 'asked for by name', by: 'Head of Sales' })).status, 200, 'a lead is handed over');
	ok(!(await steps()).includes('accepted'), 'and not accepted yet');
	is((await rep('POST', '/api/opportunities', { lead: 'R7', stage: 'Quote', amount: 12000.5 })).status, 201, 'its owner makes a deal of it');
	has(await steps(), 'accepted', 'which accepts it');
	const again = (await boss('POST', '/api/leads', { name: 'Rep Person 9', email: 'R9@Rep.example' })).json;
	deep_equal([again.known, again.lead, again.owner], [true, 'R9', 'Rita Rep'], 'who is known already is told with who has the lead');
	const undone = (await boss('POST', '/api/leads/R8/hand-over', { to: 'Rita Rep', override: 'asked for by name', by: 'Head of Sales' })).status === 200 && (await rep('POST', '/api/leads/R8/steps', { step: 'accept' })).status === 200 && await rep('POST', '/api/leads/R8/undo', {});
	deep_equal([undone.status, undone.json.life, undone.json.episode], [200, 'handed over', 1], 'who takes an acceptance back is told how the lead stands');
	is((await boss('POST', '/api/opportunities', { lead: 'P1', stage: 'Quote', amount: 1 })).status, 201, 'a deal of whom nobody says');
	is((await boss('GET', '/api/opportunities?lead=P1')).json.opportunities.find((o) => o.amount === '1.00').owner, 'Rolf Rest', 'is of whose lead it is');
	deep_equal((await boss('GET', '/api/opportunities?lead=R7')).json.opportunities.map((o) => o.amount), ['12000.50'], 'the deals of one lead');
	is((await boss('GET', '/api/touches?lead=R1&opportunity=none')).json.total, 0, 'or of one deal');
	is((await boss('GET', '/api/spend?lead=R1')).status, 422, 'of what belongs to none nobody asks so');
	const order = await tell('boss', '/api/orders', { opportunity: deal.json.key, amount: '6000', booked: '2026-03-04' });
	is(order.status, 201, 'an order');
	is((await boss('GET', order.headers.location)).json.owner, 'Rita Rep', 'of whose deal it is');
	const spent = await measure('sum(amount)', 'spend');
	is((await tell('ads', '/api/spend', { day: '2026-03-02', campaign: 'Rep campaign', amount: '350.00' })).status, 201, 'a line of spend');
	is(await measure('sum(amount)', 'spend') - spent, 350, 'is in the sum');
}
{
	const body = { lead: 'R2', kind: 'call', outcome: 'reached' }, key = { 'Idempotency-Key': 'once' };
	const [a, b] = [await tell('rep', '/api/activities', body, key), await tell('rep', '/api/activities', body, key)];
	is(a.text, b.text, 'sent again with its key it is answered as before');
	is(await total(boss, '/api/activities'), 181, 'and told once');
	is((await rep('GET', a.headers.location ?? `/api/activities/${encodeURIComponent(a.json.key)}`)).json.owner, 'Rita Rep', 'it is of who told it');
}
{
	const rows = [{ id: 'w1', lead: 'R3', kind: 'webinar' }, { id: 'w2', lead: 'X3', kind: 'webinar' }, { kind: 'webinar' }, { id: 'w1', lead: 'R3', kind: 'webinar' }, { nonsense: 1 }];
	const many = await tell('rep', '/api/touches/bulk', { touches: rows });
	deep_equal([many.status, many.json.taken, many.json.refused], [200, 1, 4], 'many at a time, each answered');
	deep_equal(many.json.touches.map((t) => [t.key, t.result, t.problems?.map((p) => p.member)]), [['w1', 'new', undefined], [null, 'refused', ['lead']], [null, 'refused', ['lead']], [null, 'refused', ['id']],
		[null, 'refused', ['kind', 'nonsense']]], 'with what became of it');
	const again = await tell('rep', '/api/touches/bulk', { touches: [{ id: 'w1', lead: 'R3', kind: 'webinar', at: '2026-03-04' }] });
	is(again.json.touches[0].result, 'changed', 'whose id is known is changed');
	is((await tell('rep', '/api/touches/bulk', { touches: [{ id: 'w1', lead: 'R3', kind: 'webinar', at: '2026-03-04' }] })).json.touches[0].result, 'unchanged', 'or is as it was');
	is((await tell('rep', '/api/touches', { id: 'w1', lead: 'R3', kind: 'webinar' })).status, 409, 'one alone is refused');
	const thousand = await tell('boss', '/api/touches/bulk', { touches: Array.from({ length: 1000 }, (_, i) => ({ lead: `P${i % 60 + 1}`, kind: 'click' })) }, { 'Idempotency-Key': 'thousand' });
	is(thousand.json.taken, 1000, 'a thousand');
	is((await tell('boss', '/api/touches/bulk', { touches: Array.from({ length: 1001 }, () => ({})) })).status, 422, 'and no more');
}

// ---- persons and companies, and what is ours ----
{
	for (const [kind, all, own] of [['contacts', 30, 10], ['companies', 3, 1]]) {
		is(await total(boss, `/api/${kind}`), all, `${kind}: all of them`);
		is(await total(rep, `/api/${kind}`), own, 'a rep sees its own');
		is(await total(acme, `/api/${kind}`), own, 'a partner its own');
		ok(!(await acme('GET', `/api/${kind}?limit=200`)).text.includes(MARK), 'and nothing of others');
	}
	const first = (await boss('GET', '/api/contacts?limit=20')).json, second = (await boss('GET', `/api/contacts?limit=20&cursor=${first.next}`)).json;
	deep_equal([first.contacts.length, second.contacts.length, second.next], [20, 10, null], 'page after page');
	is(new Set([...first.contacts, ...second.contacts].map((c) => c.key)).size, 30, 'each once');
	is((await boss('GET', '/api/contacts?cursor=zz')).status, 422, 'a cursor is one that a page gave');
	const person = await rep('GET', '/api/contacts/KR6');
	deep_equal([person.json.name, person.json.email, person.json.account, person.json.owner], ['Rep Contact 6', 'k6@Rep.example', 'CR', 'Rita Rep'], 'a person, opened for who may see it');
	is((await rep('GET', '/api/contacts/KX6')).text, (await rep('GET', '/api/contacts/KN0')).text, 'another\'s is not there');
	is((await rep('PATCH', '/api/contacts/KR6', { title: 'Head of IT' }, { 'If-Match': '"1"' })).status, 412, 'who read something else changes nothing');
	is((await rep('PATCH', '/api/contacts/KR6', { title: 'Head of IT' }, { 'If-Match': person.headers.etag })).status, 200, 'who read it does');
	is((await rep('GET', '/api/contacts/KR6')).json.title, 'Head of IT', 'and it is there');
	is((await rep('PATCH', '/api/contacts/KX6', { title: 'x' })).status, 404, 'another\'s is not changed');
	const company = await tell('rep', '/api/companies', { name: 'Berg Software', industry: 'software', company_size: 120 });
	is(company.status, 201, 'a company');
	deep_equal((await rep('GET', company.headers.location)).json.owner, 'Rita Rep', 'of who told it');
	is(await total(acme, '/api/companies'), 1, 'and nobody else\'s');
	is((await tell('rep', '/api/contacts', { name: 'Anna Berg', account: company.json.key })).status, 201, 'a person there');
	deep_equal(members(await tell('acme', '/api/contacts', { name: 'Zoe', account: 'crm:CX' })), ['account'], 'nobody refers to another\'s company');
	deep_equal(members(await tell('acme', '/api/contacts', { name: 'Zoe' })), ['account'], 'a partner\'s person is of a company of its own');
	is((await tell('acme', '/api/contacts', { name: 'Zoe', account: 'crm:CP' })).status, 201, 'which it knows');
	deep_equal(members(await tell('boss', '/api/contacts', { title: 'x', email: 'no address' })), ['email'], 'an address is one');
	deep_equal(members(await tell('boss', '/api/contacts', { title: 'x' })), ['name'], 'who is it?');
}
{
	const admin = await sign_in(server, 'admin');
	const owner_team = async () => (await boss('GET', '/api/rows?of=opportunities&columns=key,team&where=' + encodeURIComponent('owner = "Nora New"'))).json.rows.map((r) => r[1] ?? Object.values(r)[1]);

	is((await admin('POST', '/api/people', { name: 'Nora New', team: 'west', email: 'nora@example.com' })).status, 201, 'a colleague');
	is((await admin('POST', '/api/people', { name: 'Nora New' })).status, 409, 'whom the book has once');
	is((await tell('boss', '/api/opportunities', { stage: 'Quote', amount: '1', owner: 'Nora New' })).status, 201, 'can have deals');
	deep_equal(await owner_team(), ['west'], 'which are of the colleague\'s team');
	is((await admin('PATCH', '/api/people/Nora%20New', { team: 'east' })).status, 200, 'who changes to another');
	deep_equal(await owner_team(), ['east'], 'and takes them along');
	is((await rep('POST', '/api/people', { name: 'x' })).status, 403, 'not for everybody to tell');
	is((await tell('ads', '/api/campaigns', { name: 'summer', begins: '2026-06-01', budget: '5000.00', currency: 'USD' })).status, 201, 'a campaign, before it has leads');
	is((await roles.ads('PATCH', '/api/campaigns/summer', { budget: '6000' })).status, 200, 'is changed');
	const summer = (await boss('GET', '/api/campaigns/summer')).json;
	deep_equal([summer.begins, summer.budget, summer.currency], ['2026-06-01', '6000.00', 'USD'], 'and told');
	is((await rep('GET', '/api/campaigns/summer')).status, 404, 'to whom it concerns');
	ok((await boss('GET', '/api/campaigns')).json.campaigns.some((c) => c.campaign === 'summer' && c.leads === 0), 'it stands among the others');
	is((await tell('boss', '/api/partners', { name: 'Acme', country: 'Germany' })).status, 201, 'a partner');
	is((await acme('GET', '/api/partners/Acme')).json.country, 'Germany', 'which sees itself');
	is((await tell('boss', '/api/teams', { name: 'north', manager: 'Nora New' })).status, 201, 'a team');
	is((await rep('GET', '/api/teams/north')).json.manager, 'Nora New', 'which its people see');
}
const before = await total(boss, '/api/touches');
is((await server.stop()).code, 0, 'it stops');
is(run(['verify', '--book', book]).code, 0, 'the book is sound');

// ---- the same on the command line, and what stays ----
{
	const cli = (...args) => run(['record', ...args, '--book', book], { env: { LOCKSTEP_NOW: '2026-03-05T09:00:00Z' } });
	const added = JSON.parse(cli('add', 'touch', 'lead=R4', 'kind=webinar', '--format', 'json').out);
	is(added.record_source, 'crm', 'a command tells a touch');
	const refused = cli('add', 'activity', 'lead=N0', 'kind=cal', 'colour=red');
	is(refused.code, 1, 'what is wrong is refused');
	for (const word of ['lead', 'kind', 'colour'])
		has(refused.err, word, `${word} is named`);
	is(cli('change', 'opportunity', 'DR6', 'amount=42.50').code, 0, 'a change');
	is(cli('change', 'opportunity', 'DN6', 'amount=42.50').code, 1, 'of none that there is');
	is(cli('add', 'lead', 'name=Zoe').code, 2, 'leads come in another way');
	const anew = await serve(book, { now: '2026-03-05T09:00:00Z' }), chief = await sign_in(anew, 'sales-manager');
	is(await total(chief, '/api/touches'), before + 1, 'what was told stays, by either way');
	is((await chief('GET', '/api/opportunities/DR6')).json.amount, '42.50', 'and what was changed');
	await anew.stop();
}
done();
