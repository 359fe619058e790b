#!/usr/bin/env node
// make demo: every report it writes in a browser, and the weekly page also dark, narrow, without script, and on paper.

import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { deep_equal, done, has, is, ok, root, run, temporary_folder } from '../tap.mjs';
import { close_browser, open_page, violations } from '../browser.mjs';

const folder = join(temporary_folder(), 'demo');
const demo = run([folder], { command: join(root, 'tools', 'demo') });
is(demo.code, 0, 'the demonstration runs');
is(demo.err, '', 'and has nothing to complain about');
has(demo.out, /\$ \S+ simulate /, 'it shows the commands it runs');
is((demo.out.match(/ {2}found$/gm) ?? []).length, 3, 'the three faults that were planted are found');
ok(demo.out.split('\n').filter((line) => !/^\$|^To go on|^All reports|^The story/.test(line)).every((line) => [...line].length <= 100), 'the text fits 100 columns');

const reports = readdirSync(folder).filter((name) => name.endsWith('.html') && name !== 'index.html').sort();
ok(reports.includes('weekly.html') && reports.length >= 8, `there are ${reports.length} reports`);
const address = (name) => `file://${join(folder, name)}`;

let charts = 0;
for (const name of reports) {
	const page = await open_page(address(name));
	ok(statSync(join(folder, name)).size < 3_000_000, `${name}: one file of reasonable size`);
	is(await page.locator('h1').count(), 1, `${name}: one title`);
	const here = await page.locator('figure.chart').count();
	charts += here;
	is(await page.locator('figure.chart svg').count(), here, `${name}: ${here} charts, all drawn`);
	deep_equal(page.requests, [], `${name}: nothing is requested`);
	deep_equal(page.complaints, [], `${name}: the browser has no complaint`);
	await page.context().close();
}
ok(charts >= 3, `${charts} charts in all`);

// The first page leads to all of them, and each of them to the others.
for (const options of [{}, { dark: true }, { width: 390, height: 844 }]) {
	const index = await open_page(address('index.html'), options);
	deep_equal(await violations(index), [], `index: axe-core has no objection (${JSON.stringify(options)})`);
	deep_equal([index.requests, index.complaints], [[], []], 'index: nothing is requested, nothing complains');
	ok(await index.evaluate(() => document.documentElement.scrollWidth <= innerWidth), 'index: no sideways scrolling');
	const links = await index.$$eval('main h2 a', (all) => all.map((a) => a.getAttribute('href')).sort());
	deep_equal(links, reports, 'index: one entry for each report');
	await index.shot(`index-${Object.keys(options)[0] ?? 'light'}`);
	if (Object.keys(options).length)
		continue;
	await index.locator('main h2 a[href="funnel.html"]').click();
	is(await index.locator('nav a[aria-current=page]').textContent(), 'Funnel', 'a page knows its place among the others');
	deep_equal(await index.$$eval('nav a', (all) => all.map((a) => a.getAttribute('href')).sort()), [...reports, 'index.html'].sort(),
		'and leads to all of them');
}

const wall = await open_page(address('campaigns.html'));
const bars = wall.locator('figure.chart[data-table=t-spend]');
is(await bars.locator('svg [data-mark=bar] rect').count(), 12, 'of many campaigns the twelve largest are drawn');
const widths = await bars.locator('svg [data-mark=bar] rect').evaluateAll((all) => all.map((r) => Number(r.getAttribute('width'))));
deep_equal(widths, [...widths].sort((a, b) => b - a), 'the largest first');
has(await bars.locator('figcaption').textContent(), /the 12 largest of \d+$/, 'and the caption says so');

const weekly = address('weekly.html');
const page = await open_page(weekly);
const dark = await open_page(weekly, { dark: true });
deep_equal(await violations(dark), [], 'nor in dark mode');
const ground = (p) => p.evaluate(() => getComputedStyle(document.body).backgroundColor);
ok((await ground(dark)) !== (await ground(page)), 'dark mode is dark');
await dark.shot('weekly-dark');

is(await page.locator('main code', { hasText: 'lockstep report' }).count() > 0, true, 'commands stand as code');
ok(!(await page.locator('main').innerText()).includes('`'), 'without the marks around them');

const narrow = await open_page(weekly, { width: 400 });
ok(await narrow.evaluate(() => document.documentElement.scrollWidth <= 400), 'a telephone needs no sideways scrolling of the page');
await narrow.shot('weekly-narrow');

const plain = await open_page(weekly, { script: false });
is(await plain.locator('svg').count(), 0, 'without script nothing is drawn');
ok((await plain.locator('main').innerText()).length > 1000, 'and the page reads all the same');

const paper = await open_page(weekly, { dark: true, print: true, width: 794 });
ok((await ground(paper)).match(/255, 255, 255|rgba\(0, 0, 0, 0\)/), 'paper stays white');
is(await paper.locator('nav:visible').count(), 0, 'links to other pages are not printed');
await paper.pdf({ path: join(folder, 'weekly.pdf'), preferCSSPageSize: true });
const sheets = [...readFileSync(join(folder, 'weekly.pdf'), 'latin1').matchAll(/\/Type\s*\/Page[^s]/g)].length;
is(sheets, 2, 'the week on one sheet, the definitions on the next');
ok(statSync(join(folder, 'weekly.pdf')).size > 10_000, 'it prints on A4');

await close_browser();
done();
