// One lead on a page of its own.

import { useAsked } from '../asked.js';
import { part } from '../api.js';
import { useKeys } from '../keys.js';
import { ActBar, useLeadActs } from '../lead_acts.js';
import { Gate, Owners, Person, Promises, Standing, TimeLine, useLead, with_sales } from '../lead_view.js';
import { texts } from '../texts.js';
import { Empty, Heading, html, ProblemNote } from '../ui.js';

const say = texts.lead;

function Duplicates({ path }) {
	const { data } = useAsked(`${path}/duplicates`, { live: false });

	return data?.duplicates.length > 0 && html`<section><h2>${say.duplicates}</h2><ul class="plain-list">${data.duplicates.map((d) => html`<li key=${`${d.source}:${d.lead}`}>
		<a href=${`/leads/${part(`${d.source}:${d.lead}`)}`}>${d.name ?? d.company ?? d.lead}</a> <small>${[d.company, d.owner, d.life].filter(Boolean).join(' · ')}</small>
		<p class="quiet">${say.alike(d.score)}: ${d.reasons.join(', ')}</p></li>`)}</ul></section>`;
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
		return html`<${ProblemNote} problem=${lead.problem ?? story.problem} />`;
	return html`<${Heading} title=${shown.name ?? shown.company ?? shown.lead}><${Standing} lead=${shown} /><//>
		<div class="lead-columns">
			<div>
				<section aria-label=${say.who}><${Person} person=${story.data.person} /></section>
				<${ActBar} actions=${actions} groups=${['decide', 'contact']} /><${ActBar} quiet actions=${actions} groups=${['later', 'spot', 'more']} />
				<section><h2>${say.line}</h2><${TimeLine} line=${story.data.line} /></section>
			</div>
			<aside>
				<section><h2>${say.clocks}</h2><${Promises} promises=${shown.promises} episodes=${shown.episode} /></section>
				<section><h2>${say.score}</h2><${Gate} gate=${shown.gate} sold=${with_sales.includes(shown.life)} /></section>
				<${Duplicates} path=${`/api/leads/${part(key)}`} />
				<section><h2>${say.owners}</h2><${Owners} owners=${story.data.owners} /></section>
				<p class="quiet id">${say.id(shown.lead, shown.source)}</p>
			</aside>
		</div>
		${dialog}`;
}

export default { name: 'lead', path: '/leads/:id', title: say.title, Page };
