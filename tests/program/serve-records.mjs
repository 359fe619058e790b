#!/usr/bin/env node
// Records over the API, one after another and by campaign, partner, team and person, each to whom it concerns; and the page of the API.
import { deep_equal, done, has, is, ok, temporary_folder } from '../tap.mjs';
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
await server.stop();
done();
