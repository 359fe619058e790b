// One lead on a page of its own.

import { useState } from 'preact/hooks';
import { act } from '../act.js';
import { is, part, tell } from '../api.js';
import { useAsked } from '../asked.js';
import { useKeys } from '../keys.js';
import { ActBar, key_of, lead_path, name_of, useLeadActs } from '../lead_acts.js';
import { Gate, Owners, Person, Promises, Standing, TimeLine, useLead, with_sales } from '../lead_view.js';
import { Merge } from '../merge.js';
import { go } from '../router.js';
import { texts } from '../texts.js';
import { when_words } from '../time.js';
import { Asking, Empty, Heading, html, ProblemNote } from '../ui.js';
import { came_from } from '../worklist.js';

const say = texts.lead;

function Duplicates({ lead, works }) {
	const { data } = useAsked(`/api/leads/${part(key_of(lead))}/duplicates`, { live: false });
	const [merging, setMerging] = useState(null);

	return data?.duplicates.length > 0 && html`<section><h2>${say.duplicates}</h2><ul class="plain-list">${data.duplicates.map((d) => html`<li key=${key_of(d)}>
		<a href=${lead_path(d)}>${name_of(d)}</a> <small>${[d.name && d.company, d.lead, d.created && when_words(d.created), d.owner, say.lives[d.life] ?? d.life].filter(Boolean).join(' · ')}</small>
		<p class="quiet">${say.alike(d.score)}: ${d.reasons.join(', ')}</p>
		${works && html`<div class="acts quietly"><button type="button" onClick=${() => setMerging(d)}>${texts.duplicates.look}</button></div>`}</li>`)}</ul>
		${merging && html`<${Merge} ...${earlier_stays(lead, merging)} done=${(stays) => go(lead_path(stays))} onClose=${() => setMerging(null)} />`}</section>`;
}

// Of a duplicate: whose it is now, and the way back.
function Void({ lead, works }) {
	const found = lead.steps.findLast(({ step }) => ['duplicate', 'test'].includes(step));
	const into = found?.outcome;
	const back = () => act({ said: say.counts_again(name_of(lead)), send: () => tell('POST', `/api/leads/${part(key_of(lead))}/undo`, {}) });

	return html`<p class="bad-news">${into ? html`${say.same_as} <a href=${`/leads/${part(into)}`}>${into.slice(into.indexOf(':') + 1)}</a>.` : say.no_count} ${works && html`<button type="button" onClick=${back}>${say.take_back}</button>`}</p>`;
}

// What was there first has the longer history; who merges may turn it round.
const earlier_stays = (one, other) => ((one.created ?? '') <= (other.created ?? '') ? { goes: other, stays: one } : { goes: one, stays: other });

// The list, where this lead stands in it.
function back_to(address, key) {
	const url = new URL(address, location.href);

	url.searchParams.set('lead', key);
	return url.pathname + url.search;
}

// Along the list that one came from.
function Neighbours({ list, at, step, back }) {
	const last = list.keys.length - 1;

	return html`<nav class="neighbours" aria-label=${say.neighbours}><a href=${back}>${say.back_to_list}</a>
		<button type="button" class="plain" aria-label=${texts.desk.previous_lead} disabled=${at <= 0} onClick=${() => step(-1)}>‹</button><span>${texts.desk.of(at + 1, last + 1)}</span>
		<button type="button" class="plain" aria-label=${texts.desk.next_lead} disabled=${at >= last} onClick=${() => step(1)}>›</button></nav>`;
}

function Page({ id: key }) {
	const { lead, story } = useLead(key);
	const works = is('marketing', 'sales manager', 'sales rep', 'nurture', 'partner', 'admin');
	const list = came_from.value;
	const at = list && lead.data ? list.keys.indexOf(key_of(lead.data)) : -1;
	const last = at === list?.keys.length - 1;
	const step = (by) => list.keys[at + by] && go(`/leads/${part(list.keys[at + by])}`, { replace: true });
	const back = at >= 0 && back_to(list.address, key_of(lead.data));
	const shown = lead.data && { ...lead.data, created: story.data?.person.created, version: lead.etag, sweet_spot: lead.data.sweet_spot?.in ?? null, snoozed: story.data?.snoozed ?? null };
	const { actions, dialog } = useLeadActs(shown, story.data?.words, {
		clock: story.data?.now,
		gone: () => at >= 0 && step(last ? -1 : 1),
		back: (one) => go(lead_path(one), { replace: true }),
		changed: (patch) => {
			const before = lead.data;
			lead.put({ ...before, ...patch, sweet_spot: 'sweet_spot' in patch ? { in: patch.sweet_spot } : before.sweet_spot });
			return () => lead.put(before);
		},
	});

	useKeys([
		{ keys: 'j', label: texts.desk.next_lead, when: at >= 0 && !last, run: () => step(1) },
		{ keys: 'k', label: texts.desk.previous_lead, when: at > 0, run: () => step(-1) },
		{ keys: 'b', label: say.back_to_list, when: at >= 0, run: () => go(back) },
		...actions,
	], say.title);
	if (lead.problem?.status === 404)
		return html`<${Heading} title=${say.none} /><${Empty} title=${say.none_why}><p>${say.none_hint}</p><//>`;
	if (!shown || !story.data)
		return lead.problem ?? story.problem ? html`<${ProblemNote} problem=${lead.problem ?? story.problem} />` : html`<${Asking} />`;
	return html`<${Heading} title=${name_of(shown)}><${Standing} lead=${shown} />${at >= 0 && html`<${Neighbours} list=${list} at=${at} step=${step} back=${back} />`}<//>
		<div class="lead-columns">
			<div>
				${shown.void && html`<${Void} lead=${shown} works=${works} />`}
				<section aria-label=${say.who}><${Person} person=${story.data.person} /></section>
				<${ActBar} actions=${actions} groups=${['decide', 'contact']} /><${ActBar} quiet actions=${actions} groups=${['later', 'spot', 'more']} />
				<section><h2>${say.line}</h2><${TimeLine} line=${story.data.line} /></section>
			</div>
			<aside>
				<section><h2>${say.clocks}</h2><${Promises} promises=${shown.promises} episodes=${shown.episode} /></section>
				<section><h2>${say.score}</h2><${Gate} gate=${shown.gate} sold=${with_sales.includes(shown.life)} /></section>
				<${Duplicates} lead=${shown} works=${works} />
				<section><h2>${say.owners}</h2><${Owners} owners=${story.data.owners} owner=${shown.owner} /></section>
				<p class="quiet id">${say.id(shown.lead, shown.source)}</p>
			</aside>
		</div>
		${dialog}`;
}

export default { name: 'lead', path: '/leads/:id', title: say.title, Page };
