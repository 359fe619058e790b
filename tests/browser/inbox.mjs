#!/usr/bin/env node
// What became of marketing's leads, in a real browser: what came back and why, what is owed, a campaign; by mouse and by keyboard.

import { join } from 'node:path';
import { deep_equal, done, has, is, ok, root, run, temporary_folder } from '../tap.mjs';
import { add_account, serve } from '../serve.mjs';
import { close_browser, violations } from '../browser.mjs';
import { opener, quiet } from '../signed_in.mjs';

const book = join(temporary_folder(), 'book');
const early = { env: { LOCKSTEP_NOW: '2024-06-24T09:00' } };
run(['simulate', '--book', book, '--leads', '800', '--last-day', '2026-03-08', '--quiet']);
run(['agreement', 'propose', join(root, 'examples/agreements/hollin-filters.yaml'), '--book', book], early);
for (const who of ['Head of Sales', 'Head of Marketing'])
	run(['agreement', 'sign', '--as', who, '--book', book], early);
add_account(book, 'mia', '--role', 'marketing', '--name', 'Head of Marketing');
add_account(book, 'par', '--role', 'partner', '--partner', 'Nordline Supply');
const server = await serve(book, { now: '2026-03-09T08:00:00Z' });
const { at, open } = opener(server);

// ---- by mouse ----
{
	const page = await open('/inbox', 'mia', { width: 1280 });
	await page.locator('.report').waitFor();
	await page.locator('.listed tr').first().waitFor();
	has(await page.locator('.report').textContent(), 'Of the leads handed over sales accepted', 'what became of ours is said');
	ok((await page.locator('h2', { hasText: 'Answers that sales owes' }).locator('..').locator('tr').count()) > 0, 'what sales owes is listed');
	ok((await page.locator('h2', { hasText: 'Came back' }).locator('..').locator('tr').count()) > 0, 'and what came back');
	deep_equal(await violations(page), [], 'axe-core has no objection');
	await page.shot('page-inbox');
	const told = JSON.parse(run(['report', 'handed-over', '--from', '2025-12-08', '--book', book, '--format', 'json'], { env: { LOCKSTEP_NOW: '2026-03-09T08:00:00Z' } }).out);
	has(await page.locator('.report').textContent(), told.sentences[0].text, 'with the figures of the command line');
	const name = await page.locator('#t-by tbody th a').first().textContent();
	await page.locator('#t-by tbody th a').first().click();
	await page.locator('h1', { hasText: name }).waitFor();
	await page.locator('tbody tr').first().waitFor();
	const of_it = JSON.parse(run(['kpi', 'leads', '--where', `campaign = "${name}"`, '--book', book, '--format', 'json']).out).rows[0].value;
	is(await page.locator('.numbers dd').first().textContent(), String(of_it), 'a campaign has a page, with its figures');
	deep_equal(await violations(page), [], 'campaign: axe-core has no objection');
	deep_equal(quiet(page), [], 'the console stays empty');
	await page.context().close();
}

// ---- by keyboard alone, on a telephone, in the dark ----
{
	const page = await open('/reports', 'mia', { width: 390, dark: true });
	await page.locator('.tiles li').first().waitFor();
	await page.keyboard.press('g');
	await page.keyboard.press('i');
	await page.waitForURL(at('/inbox'));
	await page.locator('.report').waitFor();
	await page.getByLabel('Handed over in').focus();
	await page.keyboard.press('ArrowDown');
	await page.waitForURL(at('/inbox?span=year'));
	await page.locator('h2', { hasText: 'Came back' }).locator('..').locator('a[href^="/rows"]').focus();
	await page.keyboard.press('Enter');
	await page.locator('tbody tr').first().waitFor();
	ok(true, 'all that came back is a few keys away');
	await page.goBack();
	await page.locator('.report').waitFor();
	ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), 'no sideways scrolling');
	deep_equal(await violations(page), [], 'axe-core has no objection');
	await page.context().close();
}

// ---- a partner has no such page ----
{
	const page = await open('/inbox', 'par');
	await page.getByText('There is no such page').first().waitFor();
	ok(true, 'a partner has no such page');
	await page.context().close();
}

await close_browser();
await server.stop();
done();
