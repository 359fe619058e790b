#!/usr/bin/env node
// The pages of the reports in a real browser: the same texts as on the command line, definitions, rows behind, filters, charts, paper.

import { join } from 'node:path';
import { deep_equal, done, has, is, ok, run, temporary_folder } from '../tap.mjs';
import { add_account, serve } from '../serve.mjs';
import { close_browser, violations } from '../browser.mjs';
import { opener, quiet } from '../signed_in.mjs';

const book = join(temporary_folder(), 'book');
run(['simulate', '--book', book, '--leads', '600', '--last-day', '2026-03-08', '--quiet']);
add_account(book, 'mia', '--role', 'marketing', '--name', 'Mia');
const server = await serve(book, { now: '2026-03-09T08:00:00Z' });
const { at, open } = opener(server);

// ---- by mouse ----
{
	const page = await open('/reports', 'mia');
	await page.locator('.tiles li').first().waitFor();
	is(await page.locator('.tiles li').count(), 19, 'every report, with its question');
	deep_equal(await violations(page), [], 'list: axe-core has no objection');
	ok(!page.requests.some((r) => r.includes('/assets/charts')), 'charts are not loaded where nothing is drawn');
	await page.locator('.tiles a', { hasText: 'Sources' }).click();
	await page.waitForURL(at('/reports/sources'));
	await page.locator('figure.chart svg').first().waitFor();
	ok(page.requests.some((r) => r.includes('/assets/charts')), 'but where something is');
	deep_equal(await violations(page), [], 'report: axe-core has no objection');
	await page.shot('page-report');

	await page.locator('.beside a', { hasText: 'Alignment' }).click();
	await page.locator('.report-weekly').waitFor();
	const told = JSON.parse(run(['report', 'weekly', '--book', book, '--format', 'json'], { env: { LOCKSTEP_NOW: '2026-03-09T08:00:00Z' } }).out).sentences.map((s) => s.text.replaceAll('`', ''));
	const shown = await page.locator('.report-weekly section > div > p:not(.hint)').allTextContents();
	deep_equal(shown.map((t) => t.replace('2026-03-09 tells', '--as-of 2026-03-09 tells')).filter((t) => told.includes(t)).length, told.length, 'the sentences of the command line');

	const figure = page.locator('a.figure[href^="/rows"]').first();
	await figure.hover();
	ok(await page.locator('.tip').isVisible(), 'a figure says what it means');
	ok((await page.locator('.tip').textContent()).length > 20, 'in words');
	await page.keyboard.press('Escape');
	ok(await page.locator('.tip').isHidden(), 'and Escape puts that away');
	await figure.click();
	await page.locator('tbody tr').first().waitFor();
	ok(page.url().includes('/rows?of='), 'the rows behind it have an address');
	deep_equal(await violations(page), [], 'rows: axe-core has no objection');
	await page.goBack();
	await page.locator('.report-weekly').waitFor();
	ok(true, 'and going back leads to the report');
	deep_equal(quiet(page), [], 'the console stays empty');
	await page.context().close();
}

// ---- by keyboard alone: a report, its filters, a figure's rows ----
{
	const page = await open('/reports', 'mia');
	await page.locator('.tiles li').first().waitFor();
	await page.locator('.tiles a').nth(1).focus();
	await page.keyboard.press('Enter');
	await page.locator('.report-funnel').waitFor();
	const before = await page.locator('.report section').first().textContent();
	await page.getByLabel('Period').focus();
	await page.keyboard.press('ArrowDown');
	await page.keyboard.press('ArrowDown');

	await page.waitForURL(/from=2026-01-01&to=2026-03-31/);
	await page.waitForFunction((text) => document.querySelector('.report section').textContent !== text, before);
	ok(true, 'a period is chosen, stands in the address and is counted');
	await page.reload();
	await page.locator('.report-funnel').waitFor();
	is(await page.getByLabel('Period').inputValue(), 'quarter', 'and is there again');
	await page.getByLabel('Broken down by').focus();
	await page.keyboard.type('nonsense');
	await page.keyboard.press('Tab');
	await page.locator('.refused').waitFor();
	has(await page.locator('.refused').textContent(), 'nonsense', 'what cannot be counted is refused in words');
	await page.getByRole('button', { name: 'Clear' }).focus();
	await page.keyboard.press('Enter');
	await page.locator('.report-funnel').waitFor();
	await page.locator('a.figure[href^="/rows"], td a[href^="/rows"]').first().focus();
	await page.keyboard.press('Enter');
	await page.locator('tbody tr').first().waitFor();
	await page.goBack();
	await page.locator('.report-funnel').waitFor();
	await page.keyboard.press(']');
	await page.locator('.report-qualified').waitFor();
	ok(true, 'the next report is a key away');
	await page.context().close();
}

// ---- telephone, the dark, paper ----
for (const options of [{ width: 390 }, { width: 1280, dark: true }]) {
	const page = await open('/reports/campaigns', 'mia', options);
	await page.locator('figure.chart svg').first().waitFor();
	ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${JSON.stringify(options)}: no sideways scrolling`);
	deep_equal(await violations(page), [], 'axe-core has no objection');
	await page.emulateMedia({ media: 'print' });
	ok(await page.locator('.filters').isHidden() && await page.locator('.top').isHidden(), 'on paper only the report stands');
	await page.context().close();
}

await close_browser();
await server.stop();
done();
