// What each partner makes of the leads they get, and whether they keep what they promised; a page for each, which is what a partner sees first.

import { is, me, part } from '../api.js';
import { useAsked } from '../asked.js';
import { lead_path, name_of } from '../lead_acts.js';
import { Clock } from '../lead_view.js';
import { texts } from '../texts.js';
import { day_words, when_words } from '../time.js';
import { Answer, Empty, Heading, html } from '../ui.js';
import { ReportBody } from './reports.js';

const say = texts.partners;
const OWED = 10;
const NEWEST = 20;

const quoted = (name) => `"${name.replaceAll('"', '""')}"`;
const question = (given) => new URLSearchParams(given);

// ---- one of them ----

function Stands({ one }) {
	const why = { suspended: say.way_back, 'on probation': say.probation }[one.standing];

	return html`<p class=${one.standing === 'good' ? '' : 'bad-news'}><span class=${`tag ${one.standing === 'good' ? 'good' : 'bad'}`}>${say.standings[one.standing] ?? one.standing}</span>
		${one.since && one.standing !== 'good' && html` <b>${say.since(day_words(one.since))}</b>`}${one.reason && one.standing !== 'good' && html`: ${one.reason}`}${why && html`<br />${why}`}</p>`;
}

const shown_as = { leads: 'all', rejected: 'back' };

function Counts({ one }) {
	return html`<dl class="numbers">${Object.entries(say.counts).map(([name, title]) => html`<div key=${name}><dt>${title}</dt><dd>${shown_as[name]
		? html`<a href=${`/leads?${question({ partner: one.partner, standing: shown_as[name] })}`}>${one[name].toLocaleString('en')}</a>` : one[name].toLocaleString('en')}
		${name !== 'leads' && one.leads >= 20 && html` <small>${say.of_leads(Math.round((100 * one[name]) / one.leads))}</small>`}</dd></div>`)}</dl>`;
}

// What the partner promised, and what sales promised about the partner's leads.
const side = (party, promise) => html`<span class=${`party ${party}`} title=${party}><span class="unseen">${texts.lead.of(party)}</span>${promise}</span>`;

function Kept({ name }) {
	const asked = useAsked(`/api/measures?${question({ measure: 'count(met and fell_due) / count(fell_due)', of: 'promises', by: 'party, promise', where: `party != marketing and partner = ${quoted(name)}` })}`);
	const due = asked.data?.rows.filter((row) => row.denominator > 0).sort((a, b) => a.by.join().localeCompare(b.by.join()));

	return html`<section><h2>${say.kept}</h2><${Answer} asked=${asked}>${() => (due.length ? html`<table><thead><tr><th scope="col">${say.promise}</th><th scope="col" class="number">${say.on_time}</th></tr></thead>
		<tbody>${due.map(({ by, numerator, denominator }) => html`<tr key=${by.join()}><th scope="row">${side(...by)}</th><td class="number"><span class="of">${texts.promises.of(numerator, denominator)}</span> <b>${Math.round((100 * numerator) / denominator)} %</b></td></tr>`)}</tbody></table>`
	: html`<p class="hint">${say.none_due}</p>`)}<//></section>`;
}

function Owed({ name }) {
	const asked = useAsked(`/api/promises?${question({ partner: name, where: 'owed and party != marketing', limit: OWED })}`);

	return html`<section><h2>${say.owed}</h2><${Answer} asked=${asked}>${({ promises, total }) => (promises.length ? html`<ul class="lines">${promises.map((p) => html`<li key=${`${p.lead}${p.promise}${p.episode}`}>
		<a href=${`/leads/${part(`${p.source}:${p.lead}`)}`}>${p.lead}</a> <span>${side(p.party, p.promise)}${p.owner && html` <small>${p.owner}</small>`}</span><small><${Clock} promise=${p} /></small></li>`)}</ul>
		${total > OWED && html`<p class="more"><a href=${`/promises?${question({ partner: name })}#list`}>${say.all_promises}</a></p>`}` : html`<p class="hint">${say.none_owed}</p>`)}<//></section>`;
}

function Newest({ name }) {
	const asked = useAsked(`/api/leads?${question({ where: `partner = ${quoted(name)}`, order: 'created desc', limit: NEWEST })}`);
	const { columns } = texts.leads;

	return html`<section><h2>${say.newest}</h2><${Answer} asked=${asked}>${({ leads, total }) => html`<div class="scroll" tabindex="0" role="region" aria-label=${say.newest}><table class="leads">
		<thead><tr><th scope="col">${columns.who}</th><th scope="col">${columns.standing}</th><th scope="col">${columns.owner}</th><th scope="col">${columns.came}</th></tr></thead>
		<tbody>${leads.map((lead) => html`<tr key=${lead.source + lead.lead}><th scope="row"><a href=${lead_path(lead)}>${name_of(lead)}</a>${lead.name && lead.company && html`<small>${lead.company}</small>`}</th>
			<td>${texts.lead.lives[lead.life] ?? lead.life}</td><td>${lead.owner}</td><td class="due-at">${lead.created && when_words(lead.created)}</td></tr>`)}</tbody></table></div>
		${total > leads.length && html`<p class="more"><a href=${`/leads?${question({ partner: name, standing: 'all' })}`}>${say.all_leads(total)}</a></p>`}`}<//></section>`;
}

function One({ name }) {
	const asked = useAsked('/api/partners?limit=200');
	const one = asked.data?.partners.find((item) => item.partner === name);

	return html`<${Heading} title=${name}><p>${is('partner') ? say.mine : say.partner}</p><//>
		<${Answer} asked=${asked}>${() => (one ? html`<${Stands} one=${one} /><${Counts} one=${one} /><div class="both"><${Owed} name=${name} /><${Kept} name=${name} /></div><${Newest} name=${name} />`
		: html`<${Empty} title=${say.none}><p>${say.none_why}</p><//>`)}<//>`;
}

// ---- all ----

function All() {
	const partners = useAsked('/api/partners?limit=200');
	const report = useAsked('/api/reports/partners?format=page');

	return html`<${Heading} title=${say.title}><p>${say.what}</p><div class="buttons"><a class="button" href="/promises?party=partner#list">${say.promises}</a></div><//>
		<${Answer} asked=${partners}>${(data) => (data.partners.length ? html`<ul class="lines partners">${data.partners.map((one) => html`<li key=${one.partner}><a href=${`/partners/${part(one.partner)}`}>${one.partner}</a>
			<span>${one.standing !== 'good' && html`<span class="tag bad">${say.standings[one.standing] ?? one.standing}</span>`}</span><small>${say.leads(one.leads)}</small></li>`)}</ul>
			<${Answer} asked=${report}>${(page) => html`<${ReportBody} page=${page} />`}<//>`
		: html`<${Empty} title=${say.nobody}><p>${say.nobody_why}</p><//>`)}<//>`;
}

const roles = ['executive', 'marketing', 'sales manager', 'partner', 'facilitator', 'viewer', 'admin'];

export const partner = { name: 'partner', under: 'partners', path: '/partners/:name', title: say.partner, roles, Page: One };
export default { name: 'partners', path: '/partners', title: say.title, roles, nav: true, jump: 'w', Page: () => (is('partner') && me.value.partner ? html`<${One} name=${me.value.partner} />` : html`<${All} />`) };
