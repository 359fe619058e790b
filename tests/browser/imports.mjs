#!/usr/bin/env node
// Imports in a real browser: a file mapped by hand, tried, taken in, its rejected rows, taken back.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deep_equal, done, has, is, ok, run, temporary_folder } from '../tap.mjs';
import { add_account, make_book, serve } from '../serve.mjs';
import { close_browser, violations } from '../browser.mjs';
import { opener, quiet } from '../signed_in.mjs';

const folder = temporary_folder();
const book = make_book(folder);
add_account(book, 'mia', '--role', 'marketing', '--name', 'Mia');
add_account(book, 'rep', '--role', 'sales rep', '--name', 'Seller One');
const file = join(folder, 'fair.csv');
writeFileSync(file, 'Nr;Name;E-Mail;Company;Created;Remark\n1;Zoe Zed;zoe@example.com;Zed AG;2026-03-01 09:00;x\n2;Yan Ypsi;yan@example.com;Ypsi;2026-03-02 09:00;y\n3;Xia;xia@example.com;Xi;2026-02-31 09:00;z\n');
const server = await serve(book, { now: '2026-03-05T08:00:00Z' });
const { open } = opener(server);

{
	const page = await open('/imports', 'mia', { width: 1280 });
	await page.locator('input[type=file]').waitFor();
	deep_equal(await violations(page), [], 'axe-core has no objection');
	await page.locator('input[type=file]').setInputFiles(file);
	const by_hand = page.getByRole('button', { name: 'Map by hand' });
	await page.locator('.mapping').or(by_hand).first().waitFor();
	if (await by_hand.isVisible())
		await by_hand.click();
	await page.locator('.mapping').waitFor();
	is(await page.getByLabel('E-Mail is read as').inputValue(), 'email', 'what can be guessed is guessed');
	is(await page.getByLabel('Its id stands in').inputValue(), 'Nr', 'the id, too');
	is(await page.getByLabel('Remark is read as').inputValue(), '', 'what cannot is left out');
	has(await page.locator('.bad-news').textContent(), 'one more', 'that a new source makes second leads is said');
	await page.getByLabel('Its name').fill('fair');
	deep_equal(await violations(page), [], 'mapping: axe-core has no objection');
	await page.shot('page-imports');
	await page.getByRole('button', { name: 'Try it' }).click();
	await page.getByRole('button', { name: 'Import it' }).waitFor();
	const would = await page.locator('.import').textContent();
	ok(/New2/.test(would) && /Rejected1/.test(would), 'what it would do is said');
	has(would, '2026-02-31', 'with what is wrong');
	deep_equal(await violations(page), [], 'trying: axe-core has no objection');
	await page.getByRole('button', { name: 'Import it' }).click();
	await page.getByText('is in the book').waitFor();
	is(JSON.parse(run(['measure', 'count()', '--of', 'leads', '--where', 'key in ("1", "2")', '--book', book, '--format', 'json']).out).rows[0].value, 2, 'it is in the book');
	writeFileSync(join(folder, 'fair (1).csv'), 'Nr;Name;E-Mail;Company;Created;Remark\n1;Zoe Zed;zoe@example.com;Zed AG;2026-03-01 09:00;x\n4;Will;will@example.com;Wi;2026-03-03 09:00;w\n');
	await page.getByRole('button', { name: 'Another file' }).click();
	await page.locator('input[type=file]').setInputFiles(join(folder, 'fair (1).csv'));
	await page.locator('.good-news').waitFor();
	has(await page.locator('.good-news').textContent(), 'as rows of fair', 'a second export is known by its columns');
	ok(/New1Unchanged1/.test(await page.locator('.import').textContent()), 'and read the same way');
	await page.getByRole('button', { name: 'Map by hand' }).click();
	await page.getByLabel('Its name').fill('other');
	await page.getByRole('button', { name: 'Try it' }).click();
	await page.locator('.bad-news').waitFor();
	has(await page.locator('.bad-news').textContent(), 'leads of fair', 'by another source its ids are found there');
	await page.getByRole('button', { name: 'Another file' }).click();
	const row = page.locator('tbody tr', { hasText: 'fair.csv' });
	await row.waitFor();
	const rejected = await page.evaluate(async (path) => (await fetch(path)).text(), await row.locator('a').getAttribute('href'));
	has(rejected, 'Xia', 'the rejected rows are there to be mended');
	await page.getByRole('button', { name: 'Take back fair.csv' }).focus();
	await page.keyboard.press('Enter');
	await page.locator('.note', { hasText: 'taken back' }).waitFor();
	ok(true, 'and an import is taken back');
	deep_equal(quiet(page), [], 'the console stays empty');
	await page.context().close();
}

// ---- by keyboard, on a telephone, in the dark: a file whose header is known ----
{
	const page = await open('/imports', 'mia', { width: 390, dark: true });
	await page.locator('input[type=file]').waitFor();
	ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), 'no sideways scrolling');
	deep_equal(await violations(page), [], 'axe-core has no objection');
	await page.locator('input[type=file]').setInputFiles(file);
	await page.locator('.mapping').or(page.getByRole('button', { name: 'Map by hand' })).first().waitFor();
	ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), 'nor while mapping');
	await page.context().close();
}

{
	const page = await open('/imports', 'rep');
	await page.getByText('There is no such page').first().waitFor();
	ok(true, 'a sales rep has no such page');
	await page.context().close();
}

await close_browser();
await server.stop();
done();
