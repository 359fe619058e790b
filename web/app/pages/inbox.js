// What became of marketing's leads: what sales owes an answer on, what came back and why, and all that was handed over, by campaign.

import { part } from '../api.js';
import { useAsked } from '../asked.js';
import { go_with, query } from '../router.js';
import { Named, useNames } from '../names.js';
import { texts } from '../texts.js';
import { today, when_words } from '../time.js';
import { Answer, Empty, Heading, html } from '../ui.js';
import { ReportBody } from './reports.js';

const say = texts.inbox;
const SHOWN = 8;
const DAY_MS = 86400000;

const quoted = (name) => `"${name.replaceAll('"', '""')}"`;
const rows = (question) => `/api/rows?${new URLSearchParams(question)}`;
const of_campaign = (campaign, column) => (campaign ? ` and ${column} = ${quoted(campaign)}` : '');

function All({ total, question, about }) {
	return total > SHOWN && html`<p class="more"><a href=${`/rows?${new URLSearchParams({ of: question.of, where: question.where, about })}`}>${say.all(total)}</a></p>`;
}

// ---- what sales owes ----

const since = (from, column) => (from ? ` and ${column} >= ${from}` : '');

// Leads by name, each with what is said of it and when; those of before the period are counted beneath, so that nothing is missed.
function Listed({ title, none, lines, asked, question, whole, from }) {
	const all = useAsked(from ? rows({ ...whole, limit: 1 }) : null);
	const before = from && all.data && asked.data ? all.data.total - asked.data.total : 0;
	const name_of = useNames(asked.data?.rows.map(([key]) => key) ?? []);

	return html`<section><h2>${title}</h2><${Answer} asked=${asked}>${(data) => (data.rows.length ? html`<table class="listed"><tbody>${lines(data.rows).map((line, i) => html`<tr key=${i}>
		<th scope="row"><a href=${`/leads/${part(line.key)}`}><${Named} who=${name_of(line.key)} id=${line.key} /></a></th><td>${line.what}</td><td class="quiet">${line.owner}</td><td class=${`number ${line.bad ? 'bad' : 'quiet'}`}>${line.when}</td></tr>`)}</tbody></table>
		<${All} total=${data.total} question=${question} about=${title} />` : html`<p class="hint">${none}</p>`)}<//>
		${before > 0 && html`<p class="more"><a href=${`/rows?${new URLSearchParams({ of: whole.of, where: whole.where, about: title })}`}>${say.before(before)}</a></p>`}</section>`;
}

function Owed({ campaign, from }) {
	const whole = { of: 'promises', where: `party = sales and owed and lead.handed_off${of_campaign(campaign, 'lead.campaign')}` };
	const question = { ...whole, where: whole.where + since(from, 'lead.handed_off') };
	const asked = useAsked(rows({ ...question, columns: 'key, promise, state, due, owner', order: 'due', limit: 6 * SHOWN }));
	const once = (list) => list.filter(([key], i) => list.findIndex(([other]) => other === key) === i).slice(0, SHOWN);

	return html`<${Listed} title=${say.owed} none=${say.none_owed} asked=${asked} question=${question} whole=${whole} from=${from}
		lines=${(list) => once(list).map(([key, promise, state, due, owner]) => ({ key, what: promise, owner, bad: state === 'broken', when: state === 'broken' ? say.since(when_words(due)) : say.until(when_words(due)) }))} />`;
}

// ---- what came back ----

function Back({ campaign, from }) {
	const whole = { of: 'leads', where: `(rejected or disqualified) and handed_off${of_campaign(campaign, 'campaign')}` };
	const question = { ...whole, where: whole.where + since(from, 'handed_off') };
	const asked = useAsked(rows({ ...question, columns: 'key, rejected, disqualified, reason, owner', order: 'rejected desc', limit: SHOWN }));

	return html`<${Listed} title=${say.back} none=${say.none_back} asked=${asked} question=${question} whole=${whole} from=${from}
		lines=${(list) => list.map(([key, rejected, disqualified, reason, owner]) => ({ key, what: reason ?? say.no_reason, owner, when: when_words(rejected ?? disqualified) }))} />`;
}

// ---- all that was handed over ----

const spans = { month: 30, quarter: 91, year: 365 };

function Page() {
	const span = query.value.get('span') ?? 'quarter';
	const from = new Date(Date.parse(today()) - (spans[span] ?? 91) * DAY_MS).toISOString().slice(0, 10);
	const asked = useAsked(`/api/reports/handed-over?format=page${span === 'all' ? '' : `&from=${from}`}`);

	return html`<${Heading} title=${say.title}><p>${say.what}</p>
		<label class="beside-title">${say.span}<select value=${span} onChange=${(event) => go_with({ span: event.target.value === 'quarter' ? null : event.target.value })}>${Object.entries(say.spans).map(([value, label]) => html`<option key=${value} value=${value}>${label}</option>`)}</select></label><//>
		<div class="both"><${Owed} from=${span === 'all' ? null : from} /><${Back} from=${span === 'all' ? null : from} /></div>
		<${Answer} asked=${asked}>${(page) => html`<${ReportBody} page=${page} />`}<//>`;
}

// ---- one campaign ----

const figures = ['leads', 'qualified_leads', 'handed_off_leads', 'acceptance', 'lead_to_opportunity', 'lead_to_won', 'won_value', 'spend', 'cost_per_lead', 'cost_per_opportunity'];

function amount({ rows: [row], currency }) {
	if (!row || row.value === null || (row.denominator === 0))
		return '–';
	if (currency)
		return `${row.value.toLocaleString('en', { maximumFractionDigits: row.value < 1000 ? 2 : 0 })} ${currency}`;
	if (row.denominator > 0)
		return row.denominator < 20 ? `${row.numerator} of ${row.denominator}` : `${(100 * row.value).toFixed(1)} %`;
	return row.value.toLocaleString('en', { maximumFractionDigits: 1 });
}

function Figure({ kpi, campaign }) {
	const asked = useAsked(`/api/kpis/${kpi.name}?${new URLSearchParams({ where: `campaign = ${quoted(campaign)}` })}`);
	const row = asked.data?.rows[0];

	return !asked.problem && html`<div><dt title=${kpi.sentence}>${kpi.title}</dt><dd>${asked.data ? amount(asked.data) : '…'}${row?.denominator >= 20 && html` <small>${row.numerator.toLocaleString('en')} of ${row.denominator.toLocaleString('en')}</small>`}</dd></div>`;
}

function Leads({ campaign }) {
	const question = { of: 'leads', where: `campaign = ${quoted(campaign)}` };
	const asked = useAsked(rows({ ...question, columns: 'key, created, current_state, owner, handed_off, accepted, reason', order: 'created desc', limit: 25 }));

	return html`<section><h2>${say.newest}</h2><${Answer} asked=${asked}>${(data) => (data.rows.length ? html`<div class="scroll" tabindex="0" role="region" aria-label=${say.newest}><table>
		<thead><tr>${say.columns.map((title) => html`<th scope="col" key=${title}>${title}</th>`)}</tr></thead>
		<tbody>${data.rows.map(([key, created, state, owner, handed, accepted, reason]) => html`<tr key=${key}><th scope="row" class="unbroken"><a href=${`/leads/${part(key)}`}>${key}</a></th>
			<td class="unbroken">${created ? when_words(created) : ''}</td><td>${state}</td><td>${owner}</td><td class="unbroken">${handed ? when_words(handed) : ''}</td><td class="unbroken">${accepted ? when_words(accepted) : ''}</td><td>${reason}</td></tr>`)}</tbody>
		</table></div><p class="more"><a href=${`/rows?${new URLSearchParams({ ...question, about: campaign })}`}>${say.all(data.total)}</a></p>`
	: html`<${Empty} title=${say.no_leads}><p>${say.no_leads_why}</p><//>`)}<//></section>`;
}

function Campaign({ name }) {
	const asked = useAsked('/api/kpis', { live: false });

	return html`<${Heading} title=${name}><p>${say.campaign}</p><//>
		<${Answer} asked=${asked}>${({ kpis }) => html`<dl class="numbers">${figures.map((wanted) => kpis.find((kpi) => kpi.name === wanted)).filter(Boolean).map((kpi) => html`<${Figure} key=${kpi.name} kpi=${kpi} campaign=${name} />`)}</dl>`}<//>
		<div class="both"><${Owed} campaign=${name} /><${Back} campaign=${name} /></div>
		<${Leads} campaign=${name} />`;
}

const roles = ['marketing', 'sales manager', 'executive', 'facilitator', 'viewer', 'admin'];

export const campaign = { name: 'campaign', under: 'inbox', path: '/campaigns/:name', title: say.campaign, roles, Page: Campaign };
export default { name: 'inbox', path: '/inbox', title: say.title, roles, nav: true, jump: 'i', Page };
