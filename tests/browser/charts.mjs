#!/usr/bin/env node
// web/charts.js on a page of its own: every kind of chart, from the page's own tables, under a strict policy.

import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deep_equal, done, has, is, ok, root, temporary_folder } from '../tap.mjs';
import { close_browser, open_page, violations } from '../browser.mjs';

const charts = [
	{ id: 'won', kind: 'bar', head: ['Source', 'Won'], rows: [['Paid search', 12], ['Referral', 30], ['Event', 7]], y: '1' },
	{ id: 'reps', kind: 'bar', head: ['Rep', 'Win rate'], rows: [['Anna Schneider', 0.41], ['Bo <b>Lindqvist</b>', 0.3]], y: '1',
		more: 'data-layout="rows" data-y-format="percent"' },
	{ id: 'rate', kind: 'line', head: ['Week', 'Rate'], rows: [['2026-01-05', 0.2], ['2026-01-12', null], ['2026-01-19', 0.4]], y: '1',
		more: 'data-y-format="percent"' },
	{ id: 'both', kind: 'line', head: ['Month', 'Won', 'Lost'], rows: [['Jan', 3, 4], ['Feb', 5, 2], ['Mar', 6, 6]], y: '1,2' },
	{ id: 'open', kind: 'area', head: ['Day', 'Open'], rows: [['2026-01-05', 10], ['2026-01-06', 14], ['2026-01-07', 9]], y: '1' },
	{ id: 'flow', kind: 'stacked', head: ['Stage', 'Outcome', 'Deals'], y: '2', more: 'data-series="1" data-layout="rows"',
		rows: [['Demo', 'forward', 8], ['Demo', 'lost', 3], ['Quote', 'forward', 5], ['Quote', 'lost', 4]] },
	{ id: 'sides', kind: 'bar', head: ['Month', 'Marketing', 'Sales'], rows: [['Jan', 3, 4], ['Feb', 5, 2]], y: '1,2' },
	{ id: 'empty', kind: 'line', head: ['Week', 'Rate'], rows: [], y: '1' },
];

const escape = (text) => String(text).replace(/&/g, '&amp;').replace(/</g, '&lt;');
const cell = (v) => (typeof v === 'number' ? `<td data-value="${v}">${v}</td>` : v === null ? '<td>–</td>' : `<td>${escape(v)}</td>`);
const section = ({ id, kind, head, rows, y, more = '' }) => `
<figure class="chart" data-chart="${kind}" data-table="${id}" data-x="0" data-y="${y}" ${more}><figcaption>Chart ${id}</figcaption></figure>
<table id="${id}"><thead><tr>${head.map((h) => `<th scope="col">${h}</th>`).join('')}</tr></thead>
<tbody>${rows.map((r) => `<tr>${r.map(cell).join('')}</tr>`).join('\n')}</tbody></table>`;

const script = readFileSync(join(root, 'build', 'web', 'charts.js'), 'utf8');
const hash = createHash('sha256').update(script).digest('base64');
const page_text = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Charts</title>
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'sha256-${hash}'">
</head><body><main><h1>Charts</h1>${charts.map(section).join('\n')}</main><script>${script}</script></body></html>`;

const file = join(temporary_folder(), 'charts.html');
writeFileSync(file, page_text);
const address = `file://${file}`;

ok(!script.includes('</script'), 'the bundle can stand inside a page');
ok(script.length < 400_000, 'the bundle stays small');

const page = await open_page(address);
for (const { id, kind, rows } of charts) {
	const figure = page.locator(`figure[data-table="${id}"]`);
	is(await figure.locator('svg').count(), rows.length ? 1 : 0, `${id}: ${rows.length ? 'one drawing' : 'nothing to draw'}`);
	const marks = { bar: 'rect', stacked: 'rect', line: '[data-mark=line] path', area: '[data-mark=area] path' }[kind];
	const drawn = await figure.locator(`svg ${marks}`).count();
	const values = rows.flat().filter((v) => typeof v === 'number').length;
	if (marks === 'rect')
		is(drawn, values, `${id}: one bar for each number`);
	else if (rows.length)
		ok(drawn >= 1, `${id}: a curve`);
}
is(await page.locator('figure[data-table=rate] svg circle').count(), 2, 'a cell without a value is a gap, not a zero');
has(await page.locator('figure[data-table=open] svg').textContent(), '6 Jan', 'days are ticked by their dates');
is(await page.locator('figure[data-table=both] [data-mark=line] path').count(), 2, 'two columns are two lines');
deep_equal(await page.locator('figure[data-table=flow] .chart-legend li').allTextContents(), ['forward', 'lost'], 'series are named');
has(await page.locator('figure[data-table=rate] svg').textContent(), '40 %', 'shares print as per cent');
has(await page.locator('figure[data-table=reps] svg').textContent(), 'Bo <b>Lindqvist</b>', 'names stay text');
is(await page.locator('svg b').count(), 0, 'and never become elements');
deep_equal(page.requests, [], 'nothing is requested');
deep_equal(page.complaints, [], 'the strict policy finds nothing to object to');
deep_equal(await violations(page), [], 'axe-core has no objection');
await page.shot('charts');

const wide = await page.locator('figure[data-table=won] svg').getAttribute('width');
await page.setViewportSize({ width: 420, height: 800 });
await page.waitForFunction((w) => document.querySelector('figure[data-table=won] svg').getAttribute('width') !== w, wide);
ok(await page.evaluate(() => document.documentElement.scrollWidth <= 420), 'a narrow window needs no sideways scrolling');

const colour = (p) => p.evaluate(() => getComputedStyle(document.querySelector('figure[data-table=won] svg')).color);
const dark = await open_page(address, { dark: true });
ok((await colour(dark)) !== (await colour(page)), 'dark mode has its own ink');
await dark.shot('charts-dark');

const plain = await open_page(address, { script: false });
is(await plain.locator('svg').count(), 0, 'without script there is no drawing');
has(await plain.locator('#won').textContent(), 'Referral', 'and the table reads all the same');

await close_browser();
done();
