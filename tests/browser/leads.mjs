#!/usr/bin/env node
// All leads, pairs that may be one, and partners in a real browser: found, filtered, sorted, taken out, given to a colleague many at once; by
// mouse and by keyboard alone; what others do shows; script in names; the dark, a phone.

import { readFileSync } from 'node:fs';
import { deep_equal, done, has, is, ok, temporary_folder } from '../tap.mjs';
import { add_account, make_book, serve, sign_in } from '../serve.mjs';
import { close_browser, violations } from '../browser.mjs';
import { opener, quiet } from '../signed_in.mjs';

const book = make_book(temporary_folder());
add_account(book, 'boss', '--name', 'Head of Sales', '--role', 'sales manager');
add_account(book, 'one', '--role', 'sales rep', '--name', 'Seller One', '--team', 'sales');
add_account(book, 'acme', '--role', 'partner', '--name', 'Acme', '--partner', 'Acme');
add_account(book, 'ada', '--role', 'admin', '--name', 'Ada');
const server = await serve(book, { now: '2026-03-05T08:00:00Z' });
const { at, open } = opener(server);
const boss = await sign_in(server, 'boss');
const ada = await sign_in(server, 'ada');

const nasty = `<img src=x onerror="window.hit=1">"'><script>window.hit=1</script>`;
await boss('POST', '/api/leads', { id: 'X1', name: nasty, company: nasty, campaign: nasty, partner: nasty, source: nasty });
await boss('POST', '/api/leads', { id: 'H1', name: 'Greta Holm', company: 'Holm Pumps GmbH', email: 'info@holm-pumps.example', phone: '+49 40 77 11' });
await boss('POST', '/api/leads', { id: 'H2', name: 'Greta Holm', company: 'Holm Pumps', phone: '+49 40 77 11' });
const names = (page) => page.locator('table.leads tbody th a').allTextContents();
const note = (page, text) => page.locator('.note', { hasText: text }).waitFor();
const owners = async () => Object.fromEntries((await boss('GET', '/api/leads?limit=100')).json.leads.map((lead) => [lead.lead, lead.owner]));
const until = async (what, test) => {
	for (let i = 0; i < 100; i++) {
		if (await test())
			return ok(true, what);
		await new Promise((resolve) => setTimeout(resolve, 50));
	}
	return ok(false, what);
};

// ---- finding, filters, order, by mouse ----
{
	const page = await open('/leads', 'boss', { width: 1280 });
	await page.locator('table.leads').waitFor();
	is((await names(page)).length, 9, 'all that are open');
	is(await page.evaluate(() => window.hit), undefined, 'script in every text is text');
	deep_equal(await violations(page), [], 'leads: axe-core has no objection');
	await page.shot('leads');
	await page.getByRole('searchbox').fill('berg');
	await page.waitForURL(/find=berg/);
	await page.locator('table.leads tbody tr:only-child', { hasText: 'Anna Berg' }).waitFor();
	ok(true, 'found as one types; it stands in the address');
	await page.getByRole('searchbox').fill('nobody at all');
	await page.getByText('No lead is like that').waitFor();
	deep_equal(await violations(page), [], 'nothing found: nor there');
	await page.getByRole('link', { name: 'Take the filters away' }).click();
	await page.locator('table.leads').waitFor();
	await page.getByLabel('Channel').selectOption('ads');
	await page.waitForURL(/channel=ads/);
	await page.locator('table.leads tbody tr:nth-child(4):last-child').waitFor();
	await page.getByRole('button', { name: 'With', exact: true }).click();
	await page.waitForURL(/order=owner/);
	await page.locator('th[aria-sort=descending]', { hasText: 'With' }).waitFor();
	await until('sorted by who has them', async () => (await names(page)).slice(0, 2).join() === 'Dora Uhl,Cid Rau');
	await page.reload();
	await page.locator('table.leads').waitFor();
	deep_equal((await names(page)).slice(0, 2), ['Dora Uhl', 'Cid Rau'], 'the address keeps all of it');
	const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: 'CSV' }).click()]);
	deep_equal(readFileSync(await file.path(), 'utf8').trim().split('\n').map((line) => line.split(',')[0]), ['lead', 'L4', 'L3', 'P1', 'P2'], 'as a file, the same ones in the same order');
	await until('of which the journal knows', async () => (await ada('GET', '/api/journal')).json.entries.some((entry) => entry.text === 'leads as CSV' && entry.who === 'boss'));

	await page.getByLabel('Choose Cid Rau').check();
	await page.getByLabel('Choose Eva Alt').check();
	await page.getByRole('button', { name: 'Give to …' }).click();
	await page.locator('datalist option[value="Seller Two"]').waitFor({ state: 'attached' });
	deep_equal(await violations(page), [], 'given to whom: axe-core has no objection');
	await page.getByLabel('Colleague or partner').fill('Seller Two');
	await page.getByRole('button', { name: 'Give', exact: true }).click();
	await note(page, '2 leads are with Seller Two now.');
	await until('two at once', async () => ((all) => all.L3 === 'Seller Two' && all.P1 === 'Seller Two')(await owners()));
	await page.locator('.note', { hasText: '2 leads' }).getByRole('button', { name: 'Undo' }).click();
	await until('and both taken back', async () => ((all) => all.L3 === 'Seller One' && all.P1 === null)(await owners()));
	deep_equal(quiet(page), [], 'the console stays empty under the policy');
	await page.context().close();
}

// ---- by keyboard alone; what others do ----
{
	const page = await open('/desk', 'boss', { width: 1280 });
	const key = (name) => page.keyboard.press(name);
	await page.locator('h1').waitFor();
	await key('g');
	await key('l');
	await page.locator('table.leads').waitFor();
	await key('f');
	await page.keyboard.type('uhl');
	await page.locator('table.leads tbody tr:only-child', { hasText: 'Dora Uhl' }).waitFor();
	await key('Enter');
	await key('t');
	await page.getByLabel('Colleague or partner').waitFor();
	await page.keyboard.type('Seller One');
	await key('Enter');
	await note(page, 'Dora Uhl is with Seller One now.');
	await until('given by key', async () => (await owners()).L4 === 'Seller One');
	await key('u');
	await until('and taken back', async () => (await owners()).L4 === 'Seller Two');
	await boss('POST', '/api/leads/L4/steps', { step: 'assign', to: 'Seller Three' });
	await page.locator('table.leads td', { hasText: 'Seller Three' }).waitFor({ timeout: 8000 });
	ok(true, 'what somebody else does shows by itself');
	await page.goto(at('/leads'));
	await page.locator('table.leads').waitFor();
	const all = await names(page);
	await key('j');
	await key('v');
	await key('j');
	await key('v');
	await page.locator('.marked', { hasText: '2 chosen' }).waitFor();
	deep_equal(await violations(page), [], 'some chosen: axe-core has no objection');
	await key('Enter');
	await page.locator('h1', { hasText: all[2] }).waitFor();
	has(await page.locator('.neighbours').textContent(), `3 of ${all.length}`, 'Enter opens the lead, which knows its list');
	await key('Control+k');
	await page.keyboard.type('greta');
	await page.locator('[role=option]', { hasText: 'Greta Holm' }).first().waitFor();
	for (const words of ['greta pumps', 'info@holm-p', '4940']) {
		await page.getByRole('combobox').fill(words);
		await page.locator('[role=option]', { hasText: 'Greta Holm' }).first().waitFor();
	}
	ok(true, 'Ctrl-K finds by name, company, mail and telephone as one types');
	await page.context().close();
}

// ---- pairs ----
{
	const page = await open('/duplicates', 'boss', { width: 1280 });
	await page.locator('.pairs li').first().waitFor();
	const pair = page.locator('.pairs li', { hasText: 'Greta Holm' });
	has(await pair.textContent(), /H1.*H2/s, 'both are named by id, company and day');
	deep_equal(await violations(page), [], 'pairs: axe-core has no objection');
	await page.shot('pairs');
	for (let i = 0; i < 9 && !(await page.locator('.pairs li.chosen', { hasText: 'Greta Holm' }).count()); i++)
		await page.keyboard.press('j');
	await page.keyboard.press('Enter');
	await page.locator('dialog .main[aria-disabled=false]').waitFor();
	has(await page.locator('table.merge').textContent(), 'Holm Pumps GmbH', 'what each is');
	await page.keyboard.press('Enter');
	await note(page, 'Greta Holm (H2) merged into Greta Holm (H1).');
	await until('merged by keyboard alone', async () => (await boss('GET', '/api/leads/H2')).json.void === true);
	await page.locator('.pairs li', { hasText: 'Greta Holm' }).waitFor({ state: 'detached' });
	await page.keyboard.press('u');
	await until('and taken back', async () => (await boss('GET', '/api/leads/H2')).json.void === false);
	await page.locator('.pairs li', { hasText: 'Greta Holm' }).waitFor();
	deep_equal(quiet(page), [], 'the console stays empty');
	await page.context().close();
}

// ---- partners ----
{
	const page = await open('/partners', 'boss', { width: 1280 });
	await page.locator('.partners a', { hasText: 'Acme' }).click();
	await page.waitForURL(at('/partners/Acme'));
	await page.locator('table.leads').waitFor();
	deep_equal(await names(page), ['Eva Alt'], 'a partner\'s page has its leads');
	has(await page.locator('main').textContent(), 'in good standing', 'and how it stands');
	await page.locator('.numbers').waitFor();
	deep_equal(await violations(page), [], 'a partner: axe-core has no objection');
	await page.shot('partner');
	await page.getByRole('link', { name: '1', exact: true }).first().click();
	await page.waitForURL(/partner=Acme/);
	await page.locator('table.leads').waitFor();
	deep_equal(await names(page), ['Eva Alt'], 'its leads one by one');
	await page.getByRole('button', { name: 'Without the filter Acme' }).click();
	await until('and all without the filter', async () => (await names(page)).length > 5);
	await page.context().close();

	const own = await open('/partners', 'acme', { width: 1280 });
	await own.locator('table.leads').waitFor();
	deep_equal([await own.locator('h1').textContent(), (await names(own)).join()], ['Acme', 'Eva Alt'], 'a partner sees its own page');
	await own.goto(at('/partners/Other'));
	await own.getByText('No lead is of this partner').waitFor();
	ok(true, 'and nothing of another');
	await own.goto(at('/leads'));
	await own.locator('table.leads').waitFor();
	deep_equal(await names(own), ['Eva Alt'], 'in no list');
	is(await own.locator('table.leads input').count(), 0, 'who gives nothing to others is offered nothing of it');
	deep_equal(quiet(own), [], 'the console stays empty');
	await own.context().close();
}

// ---- the dark, a phone ----
for (const path of ['/leads', '/duplicates', '/partners', '/partners/Acme']) {
	for (const [how, options] of [['on a phone', { width: 390, height: 844 }], ['in the dark', { dark: true, width: 1280 }]]) {
		const page = await open(path, 'boss', options);
		await page.locator('table.leads, .pairs, .report').first().waitFor();
		ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${path} ${how}: no sideways scrolling`);
		deep_equal(await violations(page), [], `${path} ${how}: axe-core has no objection`);
		await page.shot(`${how.slice(-5)}${path.replaceAll(/\W/g, '-')}`, false);
		await page.context().close();
	}
}

await close_browser();
await server.stop();
done();
