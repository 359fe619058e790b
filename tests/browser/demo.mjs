#!/usr/bin/env node
// make demo: every report it writes in a browser, and the weekly page also dark, narrow, without script, and on paper.

import { readdirSync, statSync } from 'node:fs';
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
	deep_equal(await violations(page), [], `${name}: axe-core has no objection`);
	await page.shot(name.replace('.html', ''));
	await page.close();
}
ok(charts >= 3, `${charts} charts in all`);

const weekly = address('weekly.html');
const page = await open_page(weekly);
const dark = await open_page(weekly, { dark: true });
deep_equal(await violations(dark), [], 'nor in dark mode');
const ground = (p) => p.evaluate(() => getComputedStyle(document.body).backgroundColor);
ok((await ground(dark)) !== (await ground(page)), 'dark mode is dark');
await dark.shot('weekly-dark');

const narrow = await open_page(weekly, { width: 400 });
ok(await narrow.evaluate(() => document.documentElement.scrollWidth <= 400), 'a telephone needs no sideways scrolling of the page');
await narrow.shot('weekly-narrow');

const plain = await open_page(weekly, { script: false });
is(await plain.locator('svg').count(), 0, 'without script nothing is drawn');
ok((await plain.locator('main').innerText()).length > 1000, 'and the page reads all the same');

const paper = await open_page(weekly, { dark: true, print: true, width: 794 });
ok((await ground(paper)).match(/255, 255, 255|rgba\(0, 0, 0, 0\)/), 'paper stays white');
await paper.pdf({ path: join(folder, 'weekly.pdf'), format: 'A4' });
ok(statSync(join(folder, 'weekly.pdf')).size > 10_000, 'it prints on A4');

await close_browser();
done();
