// One lead: who it is, how its clocks stand, why it has its points, and everything that happened on one line of time. The page of a lead
// shows all of it, the desk the part of it that one works by.

import { useState } from 'preact/hooks';
import { part } from './api.js';
import { useAsked } from './asked.js';
import { ActBar, key_of } from './lead_acts.js';
import { may_see, pages } from './pages.js';
import { texts } from './texts.js';
import { clock_of, day_words, now, span_words, when_words } from './time.js';
import { html } from './ui.js';

const say = texts.lead;
const SHOWN_FIRST = 12;

export function useLead(key) {
	const lead = useAsked(key && `/api/leads/${part(key)}`);
	const story = useAsked(key && `/api/leads/${part(key)}/story`);

	return { lead, story };
}

// ---- clocks ----

export const with_sales = ['handed over', 'accepted', 'opportunity', 'won', 'lost', 'discontinued'];
const ended = ['met', 'excused', 'void'];

// "2 h 5 min left", which runs; how it ended where it did.
export function Clock({ promise }) {
	const { state, due } = promise;

	if (state === 'waiting')
		return html`<span class="clock quiet">${say.stands_still}</span>`;
	if (ended.includes(state) || !due)
		return html`<span class="clock quiet">${say.states[state] ?? state}</span>`;
	const left = Date.parse(due) - now.value;
	if (promise.stopped)
		return html`<span class="clock bad">${say.done_late(span_words(Date.parse(promise.stopped) - Date.parse(due)))}</span>`;
	return left >= 0
		? html`<span class=${`clock ${state === 'at risk' || (promise.at_risk_at && Date.parse(promise.at_risk_at) <= now.value) ? 'warn' : ''}`}>${say.left(span_words(left))}</span>`
		: html`<span class="clock bad">${say.late(span_words(left))}</span>`;
}

export function Promises({ promises, episodes }) {
	if (!promises.length)
		return html`<p class="quiet">${say.no_promises}</p>`;
	return html`<div class="scroll"><table class="promises"><thead><tr>${episodes > 1 && html`<th>${say.episode}</th>`}<th>${say.promise}</th><th>${say.due}</th><th>${say.clock}</th></tr></thead>
		<tbody>${promises.map((p) => html`<tr key=${`${p.episode}-${p.promise}`}>${episodes > 1 && html`<td>${p.episode}</td>`}<th scope="row"><span class=${`party ${p.party}`} title=${p.party}><span class="unseen">${say.of(p.party)}</span>${p.promise}</span></th>
			<td class="due-at">${p.due ? when_words(p.due) : '–'}</td><td><${Clock} promise=${p} /></td></tr>`)}</tbody></table></div>`;
}

// ---- points ----

// "company_size >= 50", as the agreement has it.
const rule_words = (text) => text.replaceAll('_', ' ').replaceAll('>=', '≥').replaceAll('<=', '≤');

export function Gate({ gate, sold }) {
	if (!gate)
		return html`<p class="quiet">${say.no_agreement}</p>`;
	const share = gate.bar ? Math.min(1, gate.points / gate.bar) : 1;
	return html`<div class="gate">
		<p class="sum"><b>${gate.points}</b> ${gate.bar ? say.of_points(gate.bar) : say.points} · ${gate.type ? say.type(gate.type, gate.bar) : say.no_type}
			${' · '}<span class=${gate.passes && !sold ? 'good' : 'quiet'}>${sold ? say.was_handed_over : gate.passes ? (gate.points < gate.bar ? say.passed_before : say.passes) : say.passes_not}</span></p>
		${gate.bar > 0 && html`<meter min="0" max="1" value=${share} aria-label=${say.bar}>${Math.round(share * 100)} %</meter>`}
		${gate.missing.length > 0 && html`<ul class="missing">${gate.missing.map((text) => html`<li key=${text}>${say.it(text)}</li>`)}</ul>`}
		${gate.lines?.length > 0 && html`<table class="points"><tbody>${gate.lines.map((line, i) => html`<tr key=${i}><td class="number">${line.counted}</td><th scope="row">${rule_words(line.for)}</th>
			<td class="quiet">${[line.at && day_words(line.at), line.faded !== line.full && say.faded(line.full), line.counted !== line.faded && say.capped].filter(Boolean).join(', ')}</td></tr>`)}</tbody></table>`}
	</div>`;
}

// ---- the line of time ----

const marks = { step: '●', touch: '○', contact: '▲', promise: '✕' };
const titled = (text) => text.charAt(0).toUpperCase() + text.slice(1).replaceAll('_', ' ');

export function TimeLine({ line, all }) {
	const [open, setOpen] = useState(all);
	const newest = [...line].reverse();
	const shown = open ? newest : newest.slice(0, SHOWN_FIRST);
	let day;

	if (!line.length)
		return html`<p class="quiet">${say.nothing_yet}</p>`;
	return html`<ol class="line">${shown.map((item, i) => {
		const heading = item.at.slice(0, 10) !== day && (day = item.at.slice(0, 10));
		return html`<li key=${`${item.at}-${i}-${item.text}`} class=${item.what}>
			<span class="day">${heading ? day_words(item.at) : ''}</span><time datetime=${item.at}>${clock_of(item.at)}</time>
			<span class="mark" role="img" aria-label=${say.whats[item.what]}>${marks[item.what]}</span>
			<span class="said"><b>${item.what === 'promise' ? say.ran_out(item.text) : titled(item.text)}</b>${item.why && html` <q>${item.why}</q>`}${(item.about || item.by) && html`<small>${[item.about, item.by && say.by(item.by)].filter(Boolean).join(' · ')}</small>`}${item.note && html`<blockquote>${item.note}</blockquote>`}</span>
		</li>`;
	})}</ol>${!open && newest.length > SHOWN_FIRST && html`<button type="button" class="plain" onClick=${() => setOpen(true)}>${say.earlier(newest.length - SHOWN_FIRST)}</button>`}`;
}

// ---- who ----

// A campaign or a partner by name: a link for who may see its page.
function page_link(page_name, name) {
	const page = pages.find((one) => one.name === page_name);
	return may_see(page) ? html`<a href=${page.path.replace(':name', part(name))}>${name}</a>` : name;
}

export function Person({ person }) {
	const address = [person.title, person.company].filter(Boolean).join(', ');
	const about = [person.industry, person.company_size && say.people(person.company_size), person.segment, person.region, person.country].filter(Boolean).join(' · ');
	const from = [person.created && say.came(when_words(person.created)), person.source, person.campaign && page_link('campaign', person.campaign), person.partner && html`${say.partner} ${page_link('partner', person.partner)}`]
		.filter(Boolean).map((text, i) => html`${i > 0 && ' · '}${text}`);

	return html`<div class="person">
		${address && html`<p>${address}</p>`}
		<p class="reach">${person.phone && html`<a href=${`tel:${person.phone.replace(/[^+\d]/g, '')}`}>${person.phone}</a>`} ${person.email && html`<a href=${`mailto:${encodeURIComponent(person.email).replaceAll('%40', '@')}`}>${person.email}</a>`}
			${!person.phone && !person.email && html`<span class="quiet">${say.no_address}</span>`}</p>
		${about && html`<p class="quiet">${about}</p>`}
		${from.length > 0 && html`<p class="quiet">${from}</p>`}
		${person.product && html`<p>${say.asks(person.product)}</p>`}
		${person.notes && html`<blockquote>${person.notes}</blockquote>`}
	</div>`;
}

export function Standing({ lead }) {
	const words = [say.lives[lead.life] ?? lead.life, lead.owner && say.with(lead.owner), lead.episode > 1 && say.in_episode(lead.episode)].filter(Boolean).join(' · ');
	return html`<p class="standing"><span class="life">${words}</span>${lead.waits && html` <span class="tag">${say.waiting}</span>`}${lead.opted_out && html` <span class="tag bad">${say.opted_out}</span>`}
		${lead.void && html` <span class="tag bad">${say.is_void}</span>`}${lead.snoozed && html` <span class="tag">${say.snoozed(when_words(lead.snoozed))}</span>`}
		${lead.sweet_spot !== null && lead.sweet_spot !== undefined && html` <span class=${`tag ${spot_in(lead) ? 'good' : ''}`}>${spot_in(lead) ? say.spot_in : say.spot_out}</span>`}</p>`;
}

// A list says yes or no, the lead's own page who said so and when.
const spot_in = (lead) => (typeof lead.sweet_spot === 'object' ? lead.sweet_spot.in : lead.sweet_spot);

export function Owners({ owners, owner }) {
	if (!owners.length && owner)
		return html`<p><b>${owner}</b> <small>${say.owner_since}</small></p>`;
	return owners.length
		? html`<ol class="owners">${[...owners].reverse().map((o) => html`<li key=${o.at}><b>${o.owner}</b> <small>${when_words(o.at)}${o.by ? ` · ${say.by(o.by)}` : ''}</small>${o.why && html`<p class="quiet">${titled(o.why)}</p>`}</li>`)}</ol>`
		: html`<p class="quiet">${say.no_owners}</p>`;
}

// Beside the list of the desk.
export function LeadPane({ lead, actions, href }) {
	const { lead: full, story } = useLead(key_of(lead));

	return html`<article class="pane" aria-labelledby="pane-name">
		<header><h2 id="pane-name"><a href=${href}>${lead.name ?? lead.company ?? lead.lead}</a></h2><${Standing} lead=${lead} /></header>
		${story.data && html`<${Person} person=${story.data.person} />`}
		<${ActBar} actions=${actions} groups=${['decide', 'contact']} /><${ActBar} quiet actions=${actions} groups=${['later', 'spot', 'more']} />
		${full.data && html`<h3>${say.clocks}</h3><${Promises} promises=${full.data.promises.filter((p) => p.episode === full.data.episode && !ended.includes(p.state)).sort((a, b) => (a.due ?? '9').localeCompare(b.due ?? '9'))} episodes=${1} />`}
		${story.data && html`<h3>${say.line}</h3><${TimeLine} line=${story.data.line} />`}
		${full.data?.gate && html`<h3>${say.score}</h3><${Gate} gate=${full.data.gate} sold=${with_sales.includes(full.data.life)} />`}
	</article>`;
}
