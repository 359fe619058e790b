#!/usr/bin/env node
// The first steps with an empty book, in a real browser: from nothing to the first weekly page, with made-up leads and by keyboard; with a file.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deep_equal, done, has, is, ok, run, temporary_folder } from '../tap.mjs';
import { add_account, serve } from '../serve.mjs';
import { close_browser, violations } from '../browser.mjs';
import { opener, quiet } from '../signed_in.mjs';

const now = '2026-03-09T08:00:00Z';
async function empty() {
	const book = join(temporary_folder(), 'book');
	run(['init', '--zone', 'Europe/Berlin', '--currency', 'EUR', '--book', book], { env: { LOCKSTEP_NOW: now } });
	add_account(book, 'ada', '--role', 'admin', '--name', 'Ada');
	return { book, server: await serve(book, { now }) };
}

// ---- made-up leads, by keyboard alone, on a telephone ----
{
	const { book, server } = await empty();
	const { at, open } = opener(server);
	const page = await open('/', 'ada', { width: 390, dark: true });
	await page.waitForURL(at('/welcome'));
	await page.getByRole('button', { name: 'Put them in' }).waitFor();
	deep_equal(await violations(page), [], 'axe-core has no objection');
	ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), 'no sideways scrolling');
	await page.getByRole('button', { name: 'Put them in' }).focus();
	await page.keyboard.press('Enter');
	await page.locator('.report-weekly').waitFor();
	has(await page.locator('.report-weekly').textContent(), 'What came in', 'the first weekly page is there');
	ok(JSON.parse(run(['measure', 'count()', '--of', 'leads', '--book', book, '--format', 'json']).out).rows[0].value > 200, 'with the leads in the book');
	deep_equal(await violations(page), [], 'axe-core has no objection to that, either');
	await page.goto(at('/'));
	await page.waitForFunction(() => location.pathname !== '/');
	ok(!page.url().endsWith('/welcome'), 'and the next time one looks elsewhere first');
	deep_equal(quiet(page), [], 'the console stays empty');
	await page.goto(at('/imports'));
	await page.getByRole('button', { name: 'Take back sample.csv' }).click();
	await page.locator('.note', { hasText: 'taken back' }).waitFor();
	is(JSON.parse(run(['measure', 'count()', '--of', 'leads', '--book', book, '--format', 'json']).out).rows[0].value, 0, 'and they go again in one step');
	await page.context().close();
	await server.stop();
}

// ---- with a file of one's own, by mouse ----
{
	const { server } = await empty();
	const { at, open } = opener(server);
	const file = join(temporary_folder(), 'mine.csv');
	writeFileSync(file, `id,name,company,created,source\n${Array.from({ length: 30 }, (_, i) => `${i + 1},Person ${i},Firm ${i},2026-03-0${1 + (i % 7)} 09:00,fair`).join('\n')}\n`);
	const page = await open('/', 'ada', { width: 1280 });
	await page.waitForURL(at('/welcome'));
	await page.locator('input[type=file]').setInputFiles(file);
	const by_hand = page.getByRole('button', { name: 'Map by hand' });
	await page.locator('.mapping').or(by_hand).first().waitFor();
	if (await by_hand.isVisible())
		await by_hand.click();
	await page.getByRole('button', { name: 'Try it' }).click();
	await page.getByRole('button', { name: 'Import it' }).click();
	await page.locator('.report-weekly').waitFor();
	ok(true, 'a file leads to the first weekly page, too');
	await page.shot('page-welcome');
	await page.context().close();
	await server.stop();
}

await close_browser();
done();
