#!/usr/bin/env node
// Promises and the agreement in a real browser: both sides, a broken promise disputed and settled; a change written, proposed and signed by both.

import { join } from 'node:path';
import { deep_equal, done, has, is, ok, root, run, temporary_folder } from '../tap.mjs';
import { add_account, serve, sign_in } from '../serve.mjs';
import { close_browser, violations } from '../browser.mjs';
import { opener, quiet } from '../signed_in.mjs';

const book = join(temporary_folder(), 'book');
const early = { env: { LOCKSTEP_NOW: '2024-06-24T09:00' } };
run(['simulate', '--book', book, '--leads', '500', '--last-day', '2026-03-08', '--quiet']);
run(['agreement', 'propose', join(root, 'examples/agreements/hollin-filters.yaml'), '--book', book], early);
for (const who of ['Head of Sales', 'Head of Marketing'])
	run(['agreement', 'sign', '--as', who, '--book', book], early);
add_account(book, 'mia', '--role', 'marketing', '--name', 'Head of Marketing');
add_account(book, 'sal', '--role', 'sales manager', '--name', 'Head of Sales');
const server = await serve(book, { now: '2026-03-09T08:00:00Z' });
const { at, open } = opener(server);

// ---- both sides, by mouse ----
{
	const page = await open('/promises', 'mia', { width: 1280 });
	await page.locator('#list tbody tr, #list .empty').first().waitFor();
	deep_equal(await page.locator('.promised h2').allTextContents(), ['Marketing', 'Sales'], 'both sides stand beside each other');
	const met = JSON.parse(run(['measure', 'count(met and fell_due) / count(fell_due)', '--of', 'promises', '--where', 'party = sales', '--book', book, '--format', 'json']).out).rows[0];
	ok(Math.abs(parseFloat(await page.locator('.promised.sales .big b').textContent()) - 100 * met.value) < 1, 'with the share of the command line');
	deep_equal(await violations(page), [], 'promises: axe-core has no objection');
	await page.shot('page-promises');
	await page.locator('.promised.sales tr', { hasText: 'first contact' }).locator('a[href*="state=broken"]').click();
	await page.waitForURL(/state=broken/);
	const row = page.locator('#list tbody tr').first();
	await row.getByRole('button', { name: 'Dispute' }).click();
	await page.getByLabel('Why').fill('It was called the same morning');
	await page.getByRole('button', { name: 'Say so' }).click();
	await page.locator('.note', { hasText: 'is disputed' }).waitFor();
	ok(true, 'a broken promise is disputed');
	await page.getByLabel('State').selectOption('disputed');
	await page.waitForFunction(() => document.querySelectorAll('#list tbody tr').length === 1);
	ok(true, 'and stands among the disputed');
	deep_equal(quiet(page), [], 'the console stays empty');
	await page.context().close();
}

// ---- settled by keyboard alone, on a telephone, in the dark ----
{
	const page = await open('/promises?state=disputed', 'sal', { width: 390, dark: true });
	await page.locator('#list tbody tr').first().waitFor();
	ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), 'no sideways scrolling');
	deep_equal(await violations(page), [], 'axe-core has no objection');
	await page.keyboard.press('y');
	await page.locator('dialog textarea:focus').waitFor();
	await page.keyboard.type('The call list shows it');
	await page.keyboard.press('Tab');
	await page.keyboard.press('Enter');
	await page.locator('.note', { hasText: 'upheld' }).waitFor();
	await page.locator('#list .empty').waitFor();
	ok(true, 'a dispute is upheld, and nothing is disputed any more');
	await page.context().close();
}

// ---- the agreement: read, changed, proposed, compared, signed ----
{
	const page = await open('/agreement', 'mia', { width: 1280 });
	await page.locator('.contract').waitFor();
	has(await page.locator('.contract').textContent(), '4 working hours', 'it reads as a contract');
	is(await page.locator('.signatures li:not(.missing)').count(), 2, 'with who has signed');
	deep_equal(await violations(page), [], 'agreement: axe-core has no objection');
	await page.getByRole('link', { name: 'Propose a change' }).click();
	const text = page.locator('.editor textarea');
	await text.waitFor();
	const before = await text.inputValue();
	await text.fill(before.replace('first contact:', 'first contact'));
	await page.locator('.problems button').first().waitFor();
	ok(await page.getByRole('button', { name: 'Propose it' }).isDisabled(), 'what is wrong cannot be proposed');
	await page.locator('.problems button').first().click();
	ok(await text.evaluate((area) => document.activeElement === area && area.selectionStart > 100), 'and a step leads to its line');
	await text.fill(before.replace('in force: 2024-07-01', 'in force: 2026-04-01').replace(/company_size >= 8"/, 'company_size >= 12"'));
	await page.locator('.changes li').first().waitFor();
	has(await page.locator('.compared').textContent(), '12', 'what would change is said while one types');
	deep_equal(await violations(page), [], 'editor: axe-core has no objection');
	await page.getByRole('button', { name: 'Replay it over last quarter' }).click();
	await page.locator('.replay .report').waitFor();
	has(await page.locator('.replay .report').textContent(), '1 October', 'what it would have done last quarter is told');
	deep_equal(await violations(page), [], 'replay: axe-core has no objection');
	await page.getByRole('button', { name: 'Propose it' }).click();
	await page.waitForURL(at('/agreement/2'));
	await page.getByRole('button', { name: 'Sign version 2' }).click();
	await page.getByRole('button', { name: 'Sign', exact: true }).click();
	await page.locator('.note', { hasText: 'signed version 2' }).waitFor();
	await page.getByLabel('Compare with').selectOption('1');
	await page.locator('.compared .changes').first().waitFor();
	ok(page.url().endsWith('against=1'), 'versions are compared, at an address of their own');
	await page.context().close();

	const other = await open('/agreement', 'sal', { width: 390 });
	await other.locator('.signatures .missing').waitFor();
	await other.keyboard.press('s');
	await other.getByRole('button', { name: 'Sign', exact: true }).waitFor();
	await other.keyboard.press('Enter');
	await other.locator('.note', { hasText: 'signed version 2' }).waitFor();
	await other.locator('.signatures .missing').waitFor({ state: 'detached' });
	await other.getByRole('heading', { level: 1 }).waitFor(); // the version now in force may be another, which is asked first
	ok(true, 'the other side signs, by keyboard alone');
	deep_equal(await violations(other), [], 'axe-core has no objection');
	has(run(['agreement', 'history', '--book', book]).out, 'Head of Sales', 'and the book knows');
	await other.context().close();
}

await close_browser();
await server.stop();

// ---- the first agreement: begun with one that is there, signed by both; what was promised stands there before any of it began ----
{
	const fresh = join(temporary_folder(), 'book');
	const now = { env: { LOCKSTEP_NOW: '2026-03-09T08:00:00Z' } };
	run(['init', '--zone', 'Europe/Berlin', '--currency', 'EUR', '--book', fresh], now);
	add_account(fresh, 'mia', '--role', 'marketing', '--name', 'Head of Marketing');
	add_account(fresh, 'sal', '--role', 'sales manager', '--name', 'Head of Sales');
	const other = await serve(fresh, { now: '2026-03-09T08:00:00Z' });
	const page = await opener(other).open('/agreement/propose', 'mia', { width: 390 });
	await page.locator('.good', { hasText: 'can be proposed' }).waitFor();
	ok(true, 'who writes the first agreement begins with a good one');
	deep_equal(await violations(page), [], 'axe-core has no objection');
	await page.getByRole('button', { name: 'Propose it' }).click();
	await page.locator('.signatures .missing').first().waitFor();
	for (const login of ['mia', 'sal']) {
		const ask = await sign_in(other, login);
		const { hash } = (await ask('GET', '/api/agreement/versions/1')).json;
		is((await ask('POST', '/api/agreement/signatures', { hash })).status < 300, true, `${login} signs`);
	}
	await page.goto(opener(other).at('/promises'));
	await page.locator('.promised').first().waitFor();
	has(await page.locator('.promised.sales').textContent(), 'none has begun yet', 'what both promised stands there before the first begins');
	await page.context().close();
	await close_browser();
	await other.stop();
}
done();
