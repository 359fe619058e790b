// The reports: the same figures as on the command line, each with its definition and the rows behind it. Filters stand in the address.

import { useEffect, useRef } from 'preact/hooks';
import { part } from '../api.js';
import { useAsked } from '../asked.js';
import { DateField } from '../date_field.js';
import { useKeys } from '../keys.js';
import { go, go_with, query } from '../router.js';
import { texts } from '../texts.js';
import { today } from '../time.js';
import { Answer, Empty, Heading, html } from '../ui.js';

const say = texts.reports;

const encoded = (pairs) => new URLSearchParams(Object.entries(pairs).filter(([, value]) => value !== null && value !== undefined && value !== '')).toString();
const filters = () => Object.fromEntries(['from', 'to', 'as_of', 'by'].map((name) => [name, query.value.get(name)]));
const report_path = (name) => `/reports/${part(name)}${query.value.size ? `?${encoded(filters())}` : ''}`;
export const rows_path = (behind, as_of) => `/rows?${encoded({ of: behind.of, where: behind.where, as_of, about: behind.label })}`;

// ---- definitions: one note for all of the page, shown beside what is pointed at or has the focus ----

function Tip({ definitions }) {
	const ref = useRef();

	useEffect(() => {
		const tip = ref.current;
		const hide = () => (tip.hidden = true);
		const show = (event) => {
			const term = event.target.closest?.('[data-definition]');
			if (!term)
				return tip.contains(event.target) || hide();
			const definition = definitions[term.dataset.definition];
			tip.replaceChildren(Object.assign(document.createElement('b'), { textContent: definition.title }), definition.sentence ? `: ${definition.sentence}` : '');
			tip.hidden = false;
			const box = term.getBoundingClientRect();
			tip.style.left = `${Math.max(8, Math.min(box.left, innerWidth - tip.offsetWidth - 8)) + scrollX}px`;
			tip.style.top = `${(box.bottom + tip.offsetHeight + 8 > innerHeight ? box.top - tip.offsetHeight - 4 : box.bottom + 4) + scrollY}px`;
		};
		const typed = (event) => event.key === 'Escape' && hide();
		document.addEventListener('mouseover', show);
		document.addEventListener('focusin', show);
		document.addEventListener('keydown', typed);
		return () => {
			document.removeEventListener('mouseover', show);
			document.removeEventListener('focusin', show);
			document.removeEventListener('keydown', typed);
		};
	}, [definitions]);
	return html`<div class="tip" ref=${ref} hidden aria-hidden="true"></div>`;
}

// `commands` as code; a day that the command line would be asked for is a link.
function Words({ text }) {
	return text.split(/(`[^`]+`|--as-of \d{4}-\d\d-\d\d)/).map((piece) => (piece.startsWith('`') && piece.length > 1 ? html`<code>${piece.slice(1, -1)}</code>`
		: piece.startsWith('--as-of ') ? html`<a href=${`?as_of=${piece.slice(8)}`}>${piece.slice(8)}</a>` : piece));
}

function Figure({ span, page }) {
	const described = span.definition === undefined ? {} : { 'data-definition': span.definition, 'aria-describedby': `def-${span.definition}` };

	return span.rows === undefined
		? html`<a class="figure" href=${`#def-${span.definition}`} ...${described}>${span.text}</a>`
		: html`<a class="figure" href=${rows_path(page.behind[span.rows], page.as_of)} ...${described}>${span.text}</a>`;
}

const Spans = ({ spans, page }) => spans.map((span) => (span.definition === undefined ? html`<${Words} text=${span.text} />` : html`<${Figure} span=${span} page=${page} />`));

// ---- tables and what is drawn of them ----

let charts; // the bundle, once somebody wants a chart

function load_charts() {
	charts ??= new Promise((resolve, reject) => {
		const script = document.createElement('script');
		script.src = document.querySelector('script[data-charts]').dataset.charts;
		script.onload = resolve;
		script.onerror = reject;
		document.head.append(script);
	});
	return charts;
}

function Chart({ table }) {
	const { chart } = table;
	const ref = useRef();

	useEffect(() => {
		let gone = false;
		load_charts().then(() => gone || globalThis.draw_chart(ref.current), () => {});
		return () => (gone = true);
	}, []);
	return html`<figure class="chart" ref=${ref} data-chart=${chart.kind} data-table=${`t-${table.name}`} data-x=${chart.x} data-y=${chart.y} data-series=${chart.series}
		data-y-label=${chart.label} data-y-format=${chart.format} data-layout=${chart.layout} data-sort=${chart.sort} data-max=${chart.max}><figcaption>${chart.caption}</figcaption></figure>`;
}

const Term = ({ of, children }) => (of.definition === undefined ? children
	: html`<a class="term" href=${`#def-${of.definition}`} data-definition=${of.definition} aria-describedby=${`def-${of.definition}`}>${children}</a>`);

function Cell({ cell, column, first, page }) {
	const text = html`${cell.of && html`<span class="of">${cell.of}</span> `}${cell.text}`;

	if (first)
		return html`<th scope="row" class=${['marketing', 'sales'].includes(cell.text) ? `side ${cell.text}` : ''}>
			${column.title === 'Campaign' && cell.text !== '(none)' ? html`<a href=${`/campaigns/${part(cell.text)}`}>${cell.text}</a>` : html`<${Term} of=${cell}>${cell.text}<//>`}</th>`;
	return html`<td class=${`${column.number ? 'number' : ''}${cell.few ? ' few' : ''}${['marketing', 'sales'].includes(cell.text) ? ` side ${cell.text}` : ''}`} data-value=${cell.value}>
		${cell.rows === undefined ? text : html`<a href=${rows_path(page.behind[cell.rows], page.as_of)}>${text}</a>`}</td>`;
}

const Row = ({ row, table, page }) => html`<tr data-marked=${row.marked ? 'yes' : undefined}>${row.cells.map((cell, c) => html`<${Cell} key=${c} cell=${cell} column=${table.columns[c]} first=${c === 0} page=${page} />`)}</tr>`;

function Table({ table, page }) {
	const whole = table.table_rows.filter((row) => !row.total);
	const totals = table.table_rows.filter((row) => row.total);

	return html`${table.chart && html`<${Chart} key=${JSON.stringify(table.table_rows)} table=${table} />`}
	<div class="scroll" tabindex="0" role="region" aria-label=${table.title}><table id=${`t-${table.name}`}>
		<caption><span>${table.title}</span></caption>
		<thead><tr>${table.columns.map((column, c) => (column.title ? html`<th scope="col" key=${c} class=${column.number ? 'number' : ''}><${Term} of=${column}>${column.title}<//></th>` : html`<td key=${c}></td>`))}</tr></thead>
		<tbody>${whole.map((row, i) => html`<${Row} key=${i} row=${row} table=${table} page=${page} />`)}</tbody>
		${totals.length > 0 && html`<tfoot>${totals.map((row, i) => html`<${Row} key=${i} row=${row} table=${table} page=${page} />`)}</tfoot>`}
	</table></div>
	${table.more > 0 && html`<p class="more">${say.more(table.more)}</p>`}`;
}

function Listing({ block }) {
	return html`<div class="scroll" tabindex="0" role="region" aria-label=${block.title}><table>
		<caption><span>${block.title}</span></caption>
		<thead><tr>${block.columns.map((column) => html`<th scope="col" class=${column.number ? 'number' : ''}>${column.title}</th>`)}</tr></thead>
		<tbody>${block.lines.map((line, i) => html`<tr key=${i}>${line.map((cell, c) => (c === 0 ? html`<th scope="row">${block.columns[0].title === 'Lead' ? html`<a href=${`/leads/${part(cell)}`}>${cell}</a>` : cell}</th>` : html`<td class=${block.columns[c].number ? 'number' : ''}>${cell}</td>`))}</tr>`)}</tbody>
	</table></div>
	${block.more > 0 && html`<p class="more">${say.more(block.more)}</p>`}`;
}

// ---- the page ----

const mood = (block) => (block.mood > 0 ? 'good-news' : block.mood < 0 ? 'bad-news' : '');

function Block({ block, page }) {
	switch (block.kind) {
	case 'table':
		return html`<${Table} table=${block} page=${page} />`;
	case 'listing':
		return html`<${Listing} block=${block} />`;
	case 'note':
		return html`<p class="hint"><${Spans} spans=${block.spans} page=${page} /></p>`;
	default:
		return html`<p class=${mood(block)}><${Spans} spans=${block.spans} page=${page} /></p>`;
	}
}

// Blocks by their headings; actions that follow each other are one list.
function sections(blocks) {
	const list = [{ title: null, parts: [] }];

	for (const block of blocks)
		if (block.kind === 'heading')
			list.push({ title: block.text, parts: [] });
		else if (block.kind === 'action' && list.at(-1).parts.at(-1)?.actions)
			list.at(-1).parts.at(-1).actions.push(block);
		else
			list.at(-1).parts.push(block.kind === 'action' ? { actions: [block] } : block);
	return list.filter((section) => section.parts.length);
}

function Section({ section, page }) {
	return html`<section>${section.title && html`<h2>${section.title}</h2>`}<div>${section.parts.map((block, i) => (block.actions
		? html`<ol class="actions" key=${i}>${block.actions.map((action) => html`<li><${Spans} spans=${action.spans} page=${page} /></li>`)}</ol>`
		: html`<${Block} key=${i} block=${block} page=${page} />`))}</div></section>`;
}

function Definitions({ page }) {
	return page.definitions.length > 0 && html`<section class="definitions"><h2>${say.definitions}</h2><ol>${page.definitions.map((d, i) => html`<li id=${`def-${i}`} key=${i}>
		<b>${d.title}</b>${d.sentence && html`: <${Words} text=${d.sentence} />`} <code>${d.measure} of ${d.of}</code>${d.currency && say.in_currency(d.currency)}</li>`)}</ol>
		${page.interval_note && html`<p>${page.interval_note}</p>`}</section>`;
}

export function ReportBody({ page }) {
	return html`<div class=${`report report-${page.report}`}>
		<p class="hint meta">${page.period} · ${page.as_of_text ? say.as_of(page.as_of_text) : say.no_dates}<br />${page.agreement_text}</p>
		${page.warnings.map((text) => html`<p class="bad-news" key=${text}><${Words} text=${text} /></p>`)}
		${sections(page.blocks).map((section, i) => html`<${Section} key=${`${i}${section.title}`} section=${section} page=${page} />`)}
		<${Definitions} page=${page} /><${Tip} definitions=${page.definitions} />
		<p class="hint head">${say.head} <code>${page.head}</code></p>
	</div>`;
}

// ---- filters ----

const day = (date) => date.toISOString().slice(0, 10);
const at = (year, month, date) => day(new Date(Date.UTC(year, month, date)));

// As the book's time goes: of old data the last day is today.
function periods(as_of) {
	const last = new Date(as_of ?? today());
	const year = last.getUTCFullYear();
	const month = last.getUTCMonth();
	const quarter = month - (month % 3);

	return {
		weeks: [at(year, month, last.getUTCDate() - 28), at(year, month, last.getUTCDate() - 1)],
		quarter: [at(year, quarter, 1), at(year, quarter + 3, 0)],
		last_quarter: [at(year, quarter - 3, 1), at(year, quarter, 0)],
		year: [at(year, 0, 1), at(year, 12, 0)],
		last_year: [at(year - 1, 0, 1), at(year, 0, 0)],
	};
}

function Filters({ report, today }) {
	const { from, to, as_of, by } = filters();
	const known = periods(today);
	const chosen = !from && !to ? '' : Object.keys(known).find((name) => known[name][0] === from && known[name][1] === to) ?? 'other';

	return html`<form class="filters" onSubmit=${(event) => event.preventDefault()} aria-label=${say.filters}>
		${report.period && html`<label>${say.period}<select value=${chosen} onChange=${(event) => {
			const [first, last] = known[event.target.value] ?? [];
			go_with({ from: first, to: last, as_of: null });
		}}><option value="">${say.own_period}</option>${Object.keys(known).map((name) => html`<option key=${name} value=${name}>${say.periods[name]}</option>`)}
			${chosen === 'other' && html`<option value="other">${say.other_period}</option>`}</select></label>
		<${DateField} label=${say.from} value=${from ?? ''} onChange=${(day) => go_with({ from: day })} />
		<${DateField} label=${say.to} value=${to ?? ''} onChange=${(day) => go_with({ to: day })} />`}
		<${DateField} label=${say.day} value=${as_of ?? ''} onChange=${(day) => go_with({ as_of: day })} />
		${report.by && html`<label>${say.by}<input list="breakdowns" value=${by ?? ''} placeholder=${say.own} autocomplete="off" spellcheck=${false} onChange=${(event) => go_with({ by: event.target.value })} />
			<datalist id="breakdowns">${['owner', 'team', 'source', 'campaign', 'country', 'industry', 'partner', 'month(created)', 'quarter(created)'].map((name) => html`<option key=${name} value=${name} />`)}</datalist></label>`}
		${Object.values(filters()).some(Boolean) && html`<button type="button" class="plain" onClick=${() => go_with({ from: null, to: null, as_of: null, by: null })}>${say.clear}</button>`}
	</form>`;
}

// ---- the pages ----

const Menu = ({ reports, name }) => html`<nav class="beside" aria-label=${say.title}><ul>${reports.map((report) => html`<li key=${report.name}>
	<a href=${report_path(report.name)} aria-current=${report.name === name ? 'page' : undefined}>${report.title}</a></li>`)}</ul></nav>
	<label class="instead">${say.report}<select value=${name} onChange=${(event) => go(report_path(event.target.value))}>${reports.map((report) => html`<option key=${report.name} value=${report.name}>${report.title}</option>`)}</select></label>`;

function Report({ name, reports }) {
	const report = reports.find((r) => r.name === name);
	const wanted = encoded({ ...filters(), ...(report?.period ? {} : { from: null, to: null }), ...(report?.by ? {} : { by: null }) });
	const asked = useAsked(report && `/api/reports/${part(name)}?format=page${wanted ? `&${wanted}` : ''}`);
	const file = (format) => `/api/reports/${part(name)}?format=${format}${wanted ? `&${wanted}` : ''}`;
	const today = useRef();
	const step = (by) => {
		const next = reports[reports.indexOf(report) + by];
		if (next)
			go(report_path(next.name));
	};

	useKeys([
		{ keys: ']', label: say.next, run: () => step(1) },
		{ keys: '[', label: say.previous, run: () => step(-1) },
		{ keys: 'p', label: say.print, run: () => print() },
	], say.title);
	if (!report)
		return html`<${Heading} title=${say.title} /><${Empty} title=${say.none}><p><a href="/reports">${say.all}</a></p><//>`;
	return html`<${Heading} title=${asked.data?.title ?? report.title}><p>${report.answers}</p>
		<div class="buttons"><a class="button" href=${file('csv')} download=${`${name}.csv`}>${say.csv}</a><a class="button" href=${file('html')} download=${`${name}.html`}>${say.html}</a>
			<button type="button" onClick=${() => print()}>${say.print}</button></div><//>
		<${Filters} report=${report} today=${(today.current = asked.data?.as_of ?? today.current)} />
		<${Answer} asked=${asked}>${(page) => html`<${ReportBody} page=${page} />`}<//>`;
}

function Page({ name }) {
	const asked = useAsked('/api/reports', { live: false });

	return html`<${Answer} asked=${asked}>${({ reports }) => html`<div class="with-menu"><${Menu} reports=${reports} name=${name} /><div class="body"><${Report} key=${name} name=${name} reports=${reports} /></div></div>`}<//>`;
}

function Index() {
	const asked = useAsked('/api/reports', { live: false });

	return html`<${Heading} title=${say.title}><p>${say.what}</p><//>
		<${Answer} asked=${asked}>${({ reports }) => html`<ul class="tiles">${reports.map((report) => html`<li key=${report.name}><h2><a href=${report_path(report.name)}>${report.title}</a></h2><p>${report.answers}</p></li>`)}</ul>`}<//>`;
}

export const report = { name: 'report', under: 'reports', path: '/reports/:name', title: say.title, Page };
export default { name: 'reports', path: '/reports', title: say.title, nav: true, jump: 'r', Page: Index };
