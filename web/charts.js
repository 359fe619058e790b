// Draws the charts of a report from the tables that stand in the same page. Without this script the page reads just as well.
//
//	<figure class="chart" data-chart="line" data-table="per-week" data-x="0" data-y="2"><figcaption>…</figcaption></figure>
//	<table id="per-week"><thead><tr><th>Week</th>…</tr></thead>
//	<tbody><tr><td>2026-03-09</td><td>…</td><td data-value="0.41">41 %</td></tr>…</tbody></table>
//
// data-chart     bar, line, area or stacked
// data-table     id of the table; its body rows are the data, in their order
// A row of the table with data-marked has a line through the chart at its x.
//
// data-x         0-based column of the categories, dates (YYYY-MM-DD) or, where its cells have a data-value, numbers
// data-y         column of the numbers (each cell's data-value; a cell without one is a gap), or several: "2,3", each a
//                series named by its heading
// data-series    column of the series' names (optional, with one data-y only)
// data-y-label   what the numbers are (optional; else the column's heading)
// data-y-format  percent (optional): shares of one print as per cent on the axis
// data-sort      value (optional, bar with one series): the greatest first; else the order of the table
// data-max       draw only so many of them (optional, with data-sort)
// data-layout    rows (optional, bar and stacked): bars lie, one under the other; for long names
//
// Colours are CSS variables a page may set on :root or .chart: --chart-1 … --chart-6, --chart-ink, --chart-rule. Nothing is requested from
// anywhere, and nothing is written as HTML or as a style attribute, so that a strict content security policy can stay strict.

import { areaY, barX, barY, dot, gridX, gridY, lineY, plot, ruleX, ruleY, tip, pointerX } from '@observablehq/plot';

const SERIES_COLOURS = 6;

const SHEET = `
:where(:root) {
	--chart-1: #1f6feb; --chart-2: #d9730d; --chart-3: #2e8b57; --chart-4: #a23b9b; --chart-5: #8a6d00; --chart-6: #6b7280;
	--chart-ink: #24292f; --chart-paper: #fff; --chart-rule: #d0d7de;
}
@media screen and (prefers-color-scheme: dark) {
	:where(:root) {
		--chart-1: #6cb0ff; --chart-2: #f2a65a; --chart-3: #67c587; --chart-4: #d88fd2; --chart-5: #d6b84a; --chart-6: #a3abb5;
		--chart-ink: #d7dde3; --chart-paper: #14181d; --chart-rule: #3a424b;
	}
}
.chart svg { display: block; max-width: 100%; height: auto; color: var(--chart-ink); background: none;
	font: 12px system-ui, sans-serif; font-variant-numeric: tabular-nums; overflow: visible; }
.chart svg text { white-space: pre; }
.chart .chart-legend { display: flex; flex-wrap: wrap; gap: .25em 1em; margin: .25em 0; padding: 0; list-style: none; font-size: .85em; }
.chart .chart-legend span { display: inline-block; width: .8em; height: .8em; margin-right: .4em; border-radius: 2px; }
@media print { .chart { break-inside: avoid; } }
${Array.from({ length: SERIES_COLOURS }, (_, i) => `.chart .chart-legend .of-${i + 1} { background: var(--chart-${i + 1}); }`).join('\n')}
`;

// What a cell says, without the definition that shows on hover and its number.
function cell_text(cell) {
	if (!cell)
		return '';
	const copy = cell.cloneNode(true);
	copy.querySelectorAll('[role=tooltip], sup').forEach((part) => part.remove());
	return copy.textContent.trim().replace(/\s+/g, ' ');
}

function cell_number(cell) {
	const value = cell?.dataset.value;
	return value === undefined || value === '' || !Number.isFinite(Number(value)) ? null : Number(value);
}

// The rows of the table as { x, y, series, title } and what kind of thing x is.
function read_table(figure, table) {
	const { x = '0', y = '1', series } = figure.dataset;
	const rows = [...table.tBodies].flatMap((body) => [...body.rows]).filter((row) => row.cells.length > Number(x));
	const headings = table.tHead ? [...(table.tHead.rows[table.tHead.rows.length - 1]?.cells ?? [])] : [];
	const columns = y.split(',').map(Number);
	const dates = rows.every((row) => /^\d{4}-\d\d-\d\d$/.test(cell_text(row.cells[x])));
	const numbers = !dates && rows.every((row) => cell_number(row.cells[x]) !== null);
	let points = rows.flatMap((row) =>
		columns.map((column) => {
			const name = cell_text(row.cells[x]);
			const label = columns.length > 1 ? cell_text(headings[column]) : series ? cell_text(row.cells[series]) : '';
			return {
				x: dates ? new Date(`${name}T00:00:00Z`) : numbers ? cell_number(row.cells[x]) : name,
				y: cell_number(row.cells[column]),
				series: label,
				title: [name, label, cell_text(row.cells[column])].filter(Boolean).join('\n'),
			};
		}));
	if (figure.dataset.sort === 'value') {
		points = points.filter((p) => p.y !== null).sort((a, b) => b.y - a.y);
		if (figure.dataset.max)
			points.length = Math.min(points.length, Number(figure.dataset.max));
	}
	const at_x = (row) => (dates ? new Date(`${cell_text(row.cells[x])}T00:00:00Z`) : numbers ? cell_number(row.cells[x]) : cell_text(row.cells[x]));
	return {
		points,
		marked: rows.filter((row) => row.dataset.marked).map(at_x),
		// A tick at each date while they are few; otherwise the library chooses.
		dates: dates && rows.length <= 8 ? points.map((p) => p.x) : undefined,
		x_label: cell_text(headings[x]),
		y_label: figure.dataset.yLabel ?? (columns.length === 1 ? cell_text(headings[columns[0]]) : ''),
		categories: dates || numbers ? undefined : [...new Set(points.map((p) => p.x))],
		series: [...new Set(points.map((p) => p.series))].filter(Boolean),
	};
}

function tip_options() {
	return { title: 'title', fill: 'var(--chart-paper)', stroke: 'var(--chart-rule)' };
}

function bar_marks(data, kind, lying) {
	const drawn = data.points.filter((p) => p.y !== null);
	const colour = data.series.length ? 'series' : () => '';
	const options = lying ? { x: 'y', y: 'x' } : { x: 'x', y: 'y' };
	const side_by_side = kind === 'bar' && data.series.length > 1;
	if (side_by_side)
		Object.assign(options, lying ? { fy: 'x', y: 'series' } : { fx: 'x', x: 'series' });
	Object.assign(options, { fill: colour, title: 'title', inset: 0.5 });
	return [lying ? barX(drawn, options) : barY(drawn, options), lying ? ruleX([0]) : ruleY([0])];
}

function line_marks(data, kind) {
	const stroke = data.series.length ? 'series' : () => '';
	const drawn = data.points.filter((p) => p.y !== null);
	const marks = [ruleY([0])];
	if (data.marked.length)
		marks.push(ruleX(data.marked, { stroke: 'var(--chart-ink)', strokeDasharray: '4 3', strokeOpacity: 0.7 }));
	if (kind === 'area')
		marks.push(areaY(data.points, { x: 'x', y2: 'y', y1: 0, z: 'series', fill: stroke, fillOpacity: 0.2 }));
	marks.push(lineY(data.points, { x: 'x', y: 'y', z: 'series', stroke, strokeWidth: 2 }),
		dot(drawn, { x: 'x', y: 'y', fill: stroke, r: 2.5 }), tip(drawn, pointerX({ x: 'x', y: 'y', ...tip_options() })));
	return marks;
}

function day_text(date) {
	return date.toLocaleDateString('en-GB', { day: 'numeric', month: 'short', timeZone: 'UTC' });
}

function shortened(name, room) {
	return name.length > room ? `${name.slice(0, Math.max(1, room - 1)).trimEnd()}…` : name;
}

const LETTER = 7; // pixels, at most
const GAP = 12; // between two names
const TURNED = 18; // from one turned name to the next

// Names that would run into each other turn by 40 degrees.
function crowded(categories, width) {
	return categories && (Math.max(...categories.map((c) => c.length)) * LETTER + GAP) * categories.length > width - 80;
}

// Of names that are too many even then, every second, third … is written.
function some_of(categories, width) {
	const step = Math.ceil(categories.length * TURNED / (width - 80));
	return step > 1 ? categories.filter((name, i) => i % step === 0) : undefined;
}

function draw(figure, data, width) {
	const kind = figure.dataset.chart;
	const bars = kind === 'bar' || kind === 'stacked';
	const lying = bars && figure.dataset.layout === 'rows';
	const side_by_side = kind === 'bar' && data.series.length > 1;
	const percent = figure.dataset.yFormat === 'percent';
	const longest = Math.max(0, ...(data.categories ?? []).map((c) => c.length));
	const margin = lying ? Math.min(width * 0.42, 20 + longest * 6.5) : 60;
	const room = Math.floor((margin - 14) / 6.5); // letters beside a lying bar
	const turned = !lying && crowded(data.categories, width);
	const value = {
		label: data.y_label || null, labelAnchor: lying ? 'right' : 'top', nice: true, zero: true,
		tickFormat: percent ? (v) => `${Math.round(v * 100)} %` : undefined,
	};
	const category = { label: null, ticks: turned ? some_of(data.categories, width) : data.dates, tickFormat: data.dates ? day_text : lying && longest > room ? (name) => shortened(name, room) : undefined, ...(bars || data.categories ? { type: bars ? 'band' : 'point', domain: data.categories } : {}) };
	const inner = { axis: null, domain: data.series };
	const grid = { stroke: 'var(--chart-rule)', strokeOpacity: 1 };
	const facet = side_by_side ? { [lying ? 'fy' : 'fx']: { ...category, type: 'band', padding: 0.2, domain: data.categories } } : {};
	const svg = plot({
		width,
		height: lying ? 50 + 26 * (data.categories?.length ?? 8) * (side_by_side ? data.series.length * 0.7 : 1) : 280,
		className: 'chart-plot',
		marginLeft: margin,
		marginBottom: turned ? Math.min(120, 30 + longest * 4.5) : 34,
		marginRight: 20,
		ariaLabel: cell_text(figure.querySelector('figcaption')) || data.y_label || 'chart',
		x: lying ? value : side_by_side ? inner : { ...category, tickRotate: turned ? -40 : 0 },
		y: lying ? (side_by_side ? inner : category) : value,
		...facet,
		color: {
			domain: data.series.length ? data.series : [''],
			range: (data.series.length ? data.series : ['']).map((_, i) => `var(--chart-${1 + (i % SERIES_COLOURS)})`),
		},
		marks: [lying ? gridX(grid) : gridY(grid), ...(bars ? bar_marks(data, kind, lying) : line_marks(data, kind))],
	});
	svg.setAttribute('role', 'img');
	svg.querySelectorAll('style').forEach((style) => style.remove()); // SHEET has the rules
	for (const part of svg.querySelectorAll('[aria-label]')) { // inside one image its parts have no names of their own
		part.dataset.mark = part.getAttribute('aria-label');
		part.removeAttribute('aria-label');
	}
	return svg;
}

function legend(series) {
	const list = document.createElement('ul');
	list.className = 'chart-legend';
	series.forEach((name, i) => {
		const item = document.createElement('li');
		const swatch = document.createElement('span');
		swatch.className = `of-${1 + (i % SERIES_COLOURS)}`;
		item.append(swatch, name);
		list.append(item);
	});
	return list;
}

const shown = new WeakSet();

function show(figure) {
	const table = document.getElementById(figure.dataset.table);
	if (!table || shown.has(figure))
		return;
	shown.add(figure);
	let drawn_width = 0;
	let parts = [];
	const redraw = () => {
		const width = Math.round(Math.min(960, Math.max(280, figure.clientWidth)));
		if (Math.abs(width - drawn_width) < 8)
			return;
		drawn_width = width;
		const data = read_table(figure, table);
		if (!data.points.some((p) => p.y !== null))
			return;
		const svg = draw(figure, data, width);
		parts.forEach((part) => part.remove());
		parts = data.series.length > 1 ? [legend(data.series), svg] : [svg];
		const caption = figure.querySelector('figcaption');
		if (caption)
			caption.after(...parts);
		else
			figure.append(...parts);
	};
	redraw();
	new ResizeObserver(redraw).observe(figure);
}

function start() {
	const sheet = new CSSStyleSheet();
	sheet.replaceSync(SHEET);
	document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
	document.querySelectorAll('figure.chart[data-chart][data-table]').forEach(show);
}

globalThis.draw_chart = show; // for pages whose figures come later

if (document.readyState === 'loading')
	document.addEventListener('DOMContentLoaded', start);
else
	start();
