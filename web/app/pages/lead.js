// One lead on a page of its own.

import { useState } from 'preact/hooks';
import { act } from '../act.js';
import { is, part, tell } from '../api.js';
import { useAsked } from '../asked.js';
import { useKeys } from '../keys.js';
import { ActBar, key_of, lead_path, name_of, useLeadActs } from '../lead_acts.js';
import { Gate, Owners, Person, Promises, Standing, TimeLine, useLead, with_sales } from '../lead_view.js';
import { go } from '../router.js';
import { texts } from '../texts.js';
import { Asking, Dialog, Empty, Heading, html, ProblemNote } from '../ui.js';

const say = texts.lead;

// What merging would do, before it is done; it can be taken back.
function Merge({ from, into, onClose }) {
	const { data, problem } = useAsked(`/api/leads/${part(key_of(from))}/merge?into=${part(key_of(into))}`, { live: false });
	const merge = () => {
		onClose();
		go(lead_path(into));
		act({
			said: say.merged(name_of(from), name_of(into)),
			send: () => tell('POST', `/api/leads/${part(key_of(from))}/steps`, { step: 'duplicate', of: key_of(into) }),
			undo: () => tell('POST', `/api/leads/${part(key_of(from))}/undo`, {}),
		});
	};

	return html`<${Dialog} title=${say.merge_title(name_of(from), name_of(into))} onClose=${onClose}>
		<${ProblemNote} problem=${problem} />
		${data && html`<p>${say.moves(data)}</p>${data.promises_void > 0 && html`<p>${say.voids(data.promises_void)}</p>`}
		<button type="button" class="main" autofocus onClick=${merge}>${say.merge_do}</button>`}
	<//>`;
}

function Duplicates({ lead }) {
	const { data } = useAsked(`/api/leads/${part(key_of(lead))}/duplicates`, { live: false });
	const [merging, setMerging] = useState(null);
	const works = is('marketing', 'sales manager', 'sales rep', 'nurture', 'partner', 'admin');

	return data?.duplicates.length > 0 && html`<section><h2>${say.duplicates}</h2><ul class="plain-list">${data.duplicates.map((d) => html`<li key=${key_of(d)}>
		<a href=${lead_path(d)}>${name_of(d)}</a> <small>${[d.company, d.owner, say.lives[d.life] ?? d.life].filter(Boolean).join(' · ')}</small>
		<p class="quiet">${say.alike(d.score)}: ${d.reasons.join(', ')}</p>
		${works && html`<div class="acts quietly"><button type="button" onClick=${() => setMerging({ from: lead, into: d })}>${say.merge_away}</button>
			<button type="button" onClick=${() => setMerging({ from: d, into: lead })}>${say.merge_here}</button></div>`}</li>`)}</ul>
		${merging && html`<${Merge} ...${merging} onClose=${() => setMerging(null)} />`}</section>`;
}

function Page({ id: key }) {
	const { lead, story } = useLead(key);
	const shown = lead.data && { ...lead.data, version: lead.etag, sweet_spot: lead.data.sweet_spot?.in ?? null, snoozed: story.data?.snoozed ?? null };
	const { actions, dialog } = useLeadActs(shown, story.data?.words, {
		clock: story.data?.now,
		changed: (patch) => {
			const before = lead.data;
			lead.put({ ...before, ...patch, sweet_spot: 'sweet_spot' in patch ? { in: patch.sweet_spot } : before.sweet_spot });
			return () => lead.put(before);
		},
	});

	useKeys(actions, say.title);
	if (lead.problem?.status === 404)
		return html`<${Heading} title=${say.none} /><${Empty} title=${say.none_why}><p>${say.none_hint}</p><//>`;
	if (!shown || !story.data)
		return lead.problem ?? story.problem ? html`<${ProblemNote} problem=${lead.problem ?? story.problem} />` : html`<${Asking} />`;
	return html`<${Heading} title=${name_of(shown)}><${Standing} lead=${shown} /><//>
		<div class="lead-columns">
			<div>
				<section aria-label=${say.who}><${Person} person=${story.data.person} /></section>
				<${ActBar} actions=${actions} groups=${['decide', 'contact']} /><${ActBar} quiet actions=${actions} groups=${['later', 'spot', 'more']} />
				<section><h2>${say.line}</h2><${TimeLine} line=${story.data.line} /></section>
			</div>
			<aside>
				<section><h2>${say.clocks}</h2><${Promises} promises=${shown.promises} episodes=${shown.episode} /></section>
				<section><h2>${say.score}</h2><${Gate} gate=${shown.gate} sold=${with_sales.includes(shown.life)} /></section>
				<${Duplicates} lead=${shown} />
				<section><h2>${say.owners}</h2><${Owners} owners=${story.data.owners} owner=${shown.owner} /></section>
				<p class="quiet id">${say.id(shown.lead, shown.source)}</p>
			</aside>
		</div>
		${dialog}`;
}

export default { name: 'lead', path: '/leads/:id', title: say.title, Page };
