#!/usr/bin/env node
// Every page there is, with script in every text that anybody can write: none of it runs, the policy has nothing to stop; in the dark on a phone axe-core
// looks on, too. A page that is new and whose address has a name that stands not in `addresses` fails.

import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deep_equal, done, is, ok, root, run, temporary_folder } from '../tap.mjs';
import { add_account, ask, serve, sign_in } from '../serve.mjs';
import { close_browser, open_page, violations } from '../browser.mjs';
import { opener, quiet } from '../signed_in.mjs';

const nasty = (what) => `<img src=x onerror="window.hit='${what}'">'"><script>window.hit='${what}'</script>{{1}} ${what}`;
const folder = temporary_folder();
const book = join(folder, 'book');
const now = '2026-03-05T08:00:00Z';
function lockstep(at, ...args) {
	const result = run([...args, '--book', book], { env: { LOCKSTEP_NOW: at } });
	if (result.code)
		throw new Error(`lockstep ${args.join(' ')}: ${result.err}`);
	return result;
}

// ---- a book whose every text is one that means harm ----
const cell = (text) => `"${String(text).replaceAll('"', '""')}"`;
function table(name, columns, lines) {
	writeFileSync(join(folder, name), [columns.join(), ...lines.map((line) => line.map(cell).join())].join('\n'));
	return join(folder, name);
}
const many = Array.from({ length: 24 }, (_, i) => i + 1);
const day = (i, plus = 0) => `2026-02-${String(2 + (i % 20) + plus).padStart(2, '0')} 09:${10 + i}`;
const owner = 'Seller One', partner = nasty('partner'), campaign = nasty('campaign');
const lead_texts = ['company', 'country', 'region', 'segment', 'industry', 'source', 'product', 'notes'];
const files = [
	table('leads.csv', ['id', 'name', 'email', 'phone', 'created', 'owner', 'team', 'partner', 'campaign', ...lead_texts], many.map((i) =>
		[`L${i}`, nasty(`name ${i}`), `l${i}@example.com`, `+49 30 5550${100 + i}`, day(i), i % 2 ? owner : nasty('owner'), 'sales', partner, campaign, ...lead_texts.map(nasty)])),
	table('touches.csv', ['id', 'lead', 'kind', 'at', 'campaign', 'source'], many.map((i) => [`T${i}`, `L${i}`, 'webinar', day(i), campaign, nasty('touch')])),
	table('activities.csv', ['id', 'lead', 'kind', 'at', 'owner', 'outcome'], many.map((i) => [`A${i}`, `L${i}`, 'call', day(i, 1), owner, nasty('outcome')])),
	table('deals.csv', ['id', 'lead', 'name', 'created', 'owner', 'team', 'partner', 'amount', 'stage'], many.filter((i) => i > 6).map((i) => [`D${i}`, `L${i}`, nasty('deal'), day(i, 2), nasty('owner'), 'sales', partner, i * 1000, 'Quote'])),
	table('spend.csv', ['id', 'day', 'campaign', 'partner', 'team', 'amount'], [['S1', '2026-02-02', campaign, partner, nasty('team'), 1000]]),
];
const same = (names) => `{${names.map((n) => `${n}: ${n}`).join(', ')}}`;
writeFileSync(join(folder, 'map.yaml'), `map: world
source: crm
currency: EUR
files:
  - {match: leads.csv, as: leads, key: id, fields: ${same(['name', 'email', 'phone', 'created', 'owner', 'team', 'partner', 'campaign', ...lead_texts])}}
  - {match: touches.csv, as: touches, key: id, fields: ${same(['lead', 'kind', 'at', 'campaign', 'source'])}}
  - {match: activities.csv, as: activities, key: id, fields: ${same(['lead', 'kind', 'at', 'owner', 'outcome'])}}
  - {match: deals.csv, as: opportunities, key: id, fields: ${same(['lead', 'name', 'created', 'owner', 'team', 'partner', 'amount', 'stage'])}, stages: {Quote: open}}
  - {match: spend.csv, as: spend, key: id, fields: ${same(['day', 'campaign', 'partner', 'team', 'amount'])}}
`);
const yaml = (text) => JSON.stringify(text);
writeFileSync(join(folder, 'agreement.yaml'), readFileSync(join(root, 'examples/agreements/small-b2b.yaml'), 'utf8')
	.replace(/^agreement: .*$/m, `agreement: ${yaml(nasty('agreement'))}`)
	.replace('"asked to talk to us"', yaml(nasty('means')))
	.replace('"a lead that reached the bar for its type"', yaml(nasty('word')))
	.replace('"ten or more people"', yaml(nasty('ask')))
	.replace('"problem written down"', yaml(nasty('leave when')))
	.replace('"new opportunities, as sales defines them"', yaml(nasty('kpi')))
	.replace('[not reachable,', `[${yaml(nasty('reason'))}, not reachable,`)
	.replace('excuse:     [', `excuse: [${yaml(nasty('excuse'))}, `));
lockstep('2026-01-02T09:00:00Z', 'init', '--zone', 'Europe/Berlin', '--currency', 'EUR');
lockstep('2026-01-02T09:00:00Z', 'agreement', 'propose', join(folder, 'agreement.yaml'));
for (const who of ['Head of Marketing', 'Head of Sales'])
	lockstep('2026-01-02T09:00:00Z', 'agreement', 'sign', '--as', who);
lockstep('2026-03-04T08:00:00Z', 'import', '--map', join(folder, 'map.yaml'), ...files);
lockstep('2026-03-04T09:00:00Z', 'lead', 'hand-over', 'L1', '--to', owner, '--override', nasty('override'), '--by', 'Head of Marketing');
lockstep('2026-03-04T09:00:00Z', 'lead', 'hand-over', 'L3', '--to', owner, '--override', nasty('override'), '--by', 'Head of Marketing');
lockstep('2026-03-04T10:00:00Z', 'lead', 'reject', 'L3', '--reason', nasty('reason'), '--by', owner);
add_account(book, 'ada', '--role', 'admin', '--name', nasty('admin'));
add_account(book, 'one', '--role', 'sales rep', '--name', owner, '--team', 'sales');
add_account(book, 'par', '--role', 'partner', '--name', nasty('who'), '--partner', partner);

const server = await serve(book, { now });
const { at, open } = opener(server);
{
	const ada = await sign_in(server, 'ada');
	const done_well = [];
	for (const [path, body] of [
		['/api/leads', { name: nasty('new'), company: nasty('new company'), title: nasty('title'), note: nasty('note') }],
		['/api/leads/L1/contacts', { kind: 'call', outcome: nasty('outcome'), note: nasty('note') }],
		['/api/forms', { name: 'demo', title: nasty('title'), text: nasty('text'), asks: 'name* email* company', campaign, thanks: nasty('thanks'), consent: nasty('consent') }],
		['/api/tokens', { name: nasty('token').slice(0, 100), scopes: ['read'] }],
		['/api/outlets', { id: 'other', way: 'webhook', url: 'https://other.example/in?a=<script>window.hit=1</script>', kinds: ['lead.created'] }],
		['/api/accounts', { login: 'x<script>window.hit=1</script>@example.com', name: nasty('invited'), roles: ['viewer'] }],
		['/api/hooks', { name: 'shop', map: 'map: shop\nsource: shop\ncolumns: optional\nfiles:\n  - match: "*"\n    as: leads\n    key: id\n    fields: {name: name}\n' }],
	])
		done_well.push(`${path} ${(await ada('POST', path, body)).status}`);
	deep_equal(done_well.filter((text) => / (?!20[0-9])/.test(text)), [], 'script is written into what can be written');
	await ask(server, 'POST', '/api/session', { body: { login: nasty('login').slice(0, 100), password: 'x' }, headers: { 'User-Agent': nasty('agent') } });
	await ask(server, 'POST', '/forms/demo?utm_source=%3Cscript%3E', { body: new URLSearchParams({ name: nasty('by form'), email: 'f@example.com', company: nasty('form company'), consent: 'yes' }).toString(),
		headers: { 'Content-Type': 'application/x-www-form-urlencoded', Referer: 'https://other.example/<script>' } });
}

// ---- the pages, as their sources have them ----
const addresses = {
	'/agreement/:version': ['/agreement/1'],
	'/campaigns/:name': [`/campaigns/${encodeURIComponent(campaign)}`],
	'/leads/:id': ['/leads/L1', '/leads/L3'],
	'/partners/:name': [`/partners/${encodeURIComponent(partner)}`],
	'/reports/:name': ['weekly', 'sources', 'rejections'].map((name) => `/reports/${name}`),
	'/rows': ['/rows?of=leads&where=' + encodeURIComponent('partner is set')],
	'/settings/:section': ['people', 'forms', 'ways-out', 'journal'].map((name) => `/settings/${name}`),
};
const paths = readdirSync(join(root, 'web/app/pages')).flatMap((name) => [...readFileSync(join(root, 'web/app/pages', name), 'utf8').matchAll(/\bpath: '(\/[^']*)'/g)].map((m) => m[1]));
deep_equal(paths.filter((path) => path.includes(':') && !addresses[path]), [], 'for each name in an address something stands here');
const all = paths.flatMap((path) => addresses[path] ?? [path]);

// Leaves once nothing that it asked for is under way.
async function go(page, path) {
	await page.goto(at(path));
	await page.locator('.top').waitFor();
	await page.locator('h1, h2').first().waitFor();
	for (let calm = 0; calm < 4; calm = page.under_way.size ? 0 : calm + 1)
		await page.waitForTimeout(25);
}
async function signed_in(login, options) {
	const page = await open('/', login, options);
	page.under_way = new Set();
	page.on('request', (request) => /\/(api|assets)\/(?!events)/.test(request.url()) && page.under_way.add(request));
	for (const end of ['requestfinished', 'requestfailed'])
		page.on(end, (request) => page.under_way.delete(request));
	return page;
}
async function look(login, list, name, options) {
	const page = await signed_in(login, options);
	const hit = [], objections = [], not_there = [];
	for (const path of list) {
		await go(page, path);
		if (await page.evaluate(() => window.hit))
			hit.push(`${path}: ${await page.evaluate(() => window.hit)}`);
		if (await page.getByText('There is no such page').count())
			not_there.push(path);
		if (options.dark)
			objections.push(...(await violations(page)).map((text) => `${path}: ${text}`));
	}
	deep_equal(not_there, [], `${name}: every page is there`);
	deep_equal(hit, [], `${name}: nothing runs on any of ${list.length} pages`);
	deep_equal(quiet(page), [], `${name}: the policy has nothing to stop, the console stays empty`);
	if (options.dark)
		deep_equal(objections, [], `${name}: axe-core has no objection`);
	await page.context().close();
}
await Promise.all([
	look('ada', all, 'an admin', { width: 1280 }),
	look('ada', all, 'an admin in the dark on a phone', { width: 390, height: 844, dark: true }),
	look('one', ['/desk', '/leads/L1', '/promises'], 'a seller', { width: 1280 }),
	look('par', ['/desk', '/leads/L1', '/partners', '/reports/weekly'], 'a partner', { width: 1280 }),
]);

// ---- the pages without script: a form ----
{
	const page = await open_page(at('/forms/demo'));
	ok((await page.textContent('body')).includes(nasty('title')), 'a form shows such texts as texts');
	is(await page.evaluate(() => window.hit), undefined, 'and runs none');
	deep_equal(page.complaints, [], 'the policy has nothing to stop there');
	await page.context().close();
}
await close_browser();
is((await server.stop()).code, 0, 'the server ends well');
done();
