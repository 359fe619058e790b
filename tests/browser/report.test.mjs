#!/usr/bin/env node
// Every report as HTML in a real browser: nothing complains, nothing is requested, axe-core has no objection, figures lead to their
// rows, definitions show on focus; without script, in the dark, on a phone and on paper.

import { join } from 'node:path';
import { deep_equal, done, has, is, ok, run, temporary_folder } from '../tap.mjs';
import { close_browser, open_page, violations } from '../browser.mjs';

const folder = temporary_folder();
const book = join(folder, 'made');
is(run(['simulate', '--book', book, '--leads', '2000', '--seed', '3', '--plant', 'slow_rep,junk_campaign,leaking_stage']).code, 0, 'a made-up company');

const names = run(['report', '--format', 'json']).json.map((r) => r.name);
function page_of(name) {
	const file = join(folder, `${name}.html`);
	const { code, err } = run(['report', name, '--book', book, '--format', 'html', '--out', file, '--quiet']);
	if (!is(code, 0, `${name}: written`))
		console.log(err);
	return `file://${file}`;
}

for (const name of names) {
	const address = page_of(name);
	const page = await open_page(address);
	deep_equal(page.complaints, [], `${name}: the console stays empty under the strict policy`);
	deep_equal(page.requests, [], `${name}: nothing is requested`);
	deep_equal(await violations(page), [], `${name}: axe-core has no objection`);
	const charts = await page.locator('figure.chart').count();
	is(await page.locator('figure.chart svg').count(), charts, `${name}: every chart is drawn`);
	const dead = await page.$$eval('a[href^="#"]', (links) => links.map((a) => a.getAttribute('href').slice(1)).filter((id) => !document.getElementById(id)));
	deep_equal(dead, [], `${name}: no link leads nowhere`);
	await page.shot(`report-${name}`);
	await page.emulateMedia({ colorScheme: 'dark' });
	deep_equal(await violations(page, ['color-contrast']), [], `${name}: nor to the colours in the dark`);
	await page.context().close();
}

const address = page_of('weekly');
const page = await open_page(address);

// A figure opens its rows; the definition shows on hover and on focus.
const figure = page.locator('main a.figure[href^="#rows-"]').first();
const target = await figure.getAttribute('href');
ok(!(await page.locator(target).isVisible()), 'rows are folded away');
const tip = page.locator(`#${await figure.getAttribute('aria-describedby')}`);
ok(!(await tip.isVisible()), 'so are definitions');
await figure.hover();
ok(await tip.isVisible(), 'a definition shows on hover');
await page.mouse.move(0, 0);
await page.keyboard.press('Tab'); // to the skip link
ok(await page.locator('.skip').isVisible() && (await page.evaluate(() => document.activeElement.className)) === 'skip', 'the first key leads to the skip link');
await page.keyboard.press('Tab');
ok(await page.locator('.tip:visible').count() === 1, 'a definition shows on focus');
await figure.click();
ok(await page.locator(target).isVisible(), 'a figure opens its rows');
const listed = await page.locator(`${target} tbody tr`).count();
ok(listed >= 1 && listed <= 50, `the first of them (${listed})`);
has(await page.locator(`${target} code`).textContent(), /^lockstep --book .* rows --of \w+/, 'and the command that lists all');

// That command works.
const command = await page.locator(`${target} code`).textContent();
const args = [...command.replace(/^lockstep --book \S+ /, '').matchAll(/'((?:[^']|'\\'')*)'|(\S+)/g)].map((m) => m[2] ?? m[1].replace(/'\\''/g, "'"));
const rows = run([...args, '--book', book, '--limit', '1000', '--format', 'json']);
is(rows.code, 0, 'the command is one that Lockstep understands');
ok(rows.json?.rows.length >= listed, 'and lists at least as many');

// Without script everything but the drawings is there.
const plain = await open_page(address, { script: false });
is(await plain.locator('svg').count(), 0, 'without script: no drawings');
has(await plain.locator('main').textContent(), 'What to do', 'without script: every section');
ok(await plain.locator('table').first().isVisible(), 'without script: the tables');

// Dark, phone, paper.
const ink = (p) => p.evaluate(() => [getComputedStyle(document.body).color, getComputedStyle(document.body).backgroundColor].join());
const dark = await open_page(address, { dark: true });
ok((await ink(dark)) !== (await ink(page)), 'dark mode has its own colours');
const phone = await open_page(address, { width: 390, height: 844 });
ok(await phone.evaluate(() => document.documentElement.scrollWidth <= 390), 'a phone needs no sideways scrolling');
deep_equal(await violations(phone), [], 'phone: axe-core has no objection');
await phone.shot('report-weekly-phone');
const paper = await open_page(address, { dark: true, print: true });
is(await paper.evaluate(() => getComputedStyle(document.body).backgroundColor), 'rgb(255, 255, 255)', 'paper is white even in the dark');
is(await paper.locator('.group:visible, .tip:visible, .skip:visible').count(), 0, 'paper has no rows, tips or skip link');
const pdf = (await paper.pdf({ preferCSSPageSize: true })).toString('latin1');
const pages = [...pdf.matchAll(/\/Type\s*\/Page[^s]/g)].length;
ok(pages <= 2, `the weekly page prints on one sheet, its definitions on the back (${pages})`);

await close_browser();
done();
