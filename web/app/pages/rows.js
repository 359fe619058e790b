// The rows behind a figure: what it counted, one by one.

import { part } from '../api.js';
import { useAsked } from '../asked.js';
import { go_with, query } from '../router.js';
import { texts } from '../texts.js';
import { Answer, Empty, Heading, html } from '../ui.js';

const say = texts.rows;
const FIRST = 50;
const MOST = 1000;

const unbroken = (text) => (/^[\d–:., -]+$/.test(text ?? '') ? ' unbroken' : '');

// Times stand as 2026-03-05T09:00: a space is easier to read.
const words = (text) => (/^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(text) ? text.slice(0, 16).replace('T', ' ') : text);
const of_leads = ['leads', 'promises'];

function Table({ rows, of, about }) {
	const said = rows.titles.map((_, c) => rows.rows.some((row) => row[c] !== null && row[c] !== ''));
	const right = rows.titles.map((title) => title.startsWith('>'));

	return html`<div class="scroll" tabindex="0" role="region" aria-label=${about}><table>
		<thead><tr>${rows.titles.map((title, c) => said[c] && html`<th scope="col" key=${c} class=${right[c] ? 'number' : ''}>${title.replace(/^>/, '')}</th>`)}</tr></thead>
		<tbody>${rows.rows.map((row, i) => html`<tr key=${i}>${row.map((cell, c) => said[c] && (c === 0
			? html`<th scope="row" class="unbroken">${of_leads.includes(of) && cell ? html`<a href=${`/leads/${part(cell)}`}>${cell}</a>` : cell}</th>`
			: html`<td class=${right[c] ? 'number' : unbroken(words(cell ?? ''))}>${words(cell ?? '')}</td>`))}</tr>`)}</tbody>
	</table></div>`;
}

function Page() {
	const of = query.value.get('of') ?? 'leads';
	const about = query.value.get('about') ?? say.title;
	const limit = Number(query.value.get('limit')) || FIRST;
	const question = new URLSearchParams([...query.value].filter(([name]) => ['of', 'where', 'as_of', 'order'].includes(name)));
	const asked = useAsked(`/api/rows?${question}&limit=${limit}`);

	return html`<${Heading} title=${about}><div class="buttons"><a class="button" href=${`/api/rows?${question}&limit=10000&format=csv`} download=${`${of}.csv`}>${say.csv}</a></div><//>
		<${Answer} asked=${asked}>${(rows) => (rows.total ? html`<p class="hint">${say.count(rows.rows.length, rows.total)}${query.value.get('where') && html` <code>${of} where ${query.value.get('where')}</code>`}</p>
			<${Table} rows=${rows} of=${of} about=${about} />
			${rows.total > rows.rows.length && limit < MOST && html`<p><button type="button" onClick=${() => go_with({ limit: MOST })}>${say.more}</button></p>`}`
		: html`<${Empty} title=${say.none}><p>${say.none_why}</p><//>`)}<//>`;
}

export default { name: 'rows', under: 'reports', path: '/rows', title: say.title, Page };
