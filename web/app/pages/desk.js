// My desk: what is due, what can still be kept first; the lead beside it; everything by one key.

import { is, me } from '../api.js';
import { useAsked } from '../asked.js';
import { useKeys } from '../keys.js';
import { key_of, lead_path, useLeadActs } from '../lead_acts.js';
import { Clock, LeadPane } from '../lead_view.js';
import { go_with, query } from '../router.js';
import { texts } from '../texts.js';
import { minute, when_words } from '../time.js';
import { Answer, Empty, Heading, html } from '../ui.js';
import { useWorklist, Who, Worklist } from '../worklist.js';

const say = texts.desk;

// ---- by clock ----

// What can still be kept comes first; of what is late the latest, which is most likely to matter yet.
const groups = ['due', 'late', 'fresh', 'next', 'open', 'aside'];

function group_of(lead) {
	const due = lead.promise?.due && Date.parse(lead.promise.due);

	if (lead.snoozed && (lead.snoozed === 'now' || Date.parse(lead.snoozed) > minute.value))
		return 'aside';
	if (!lead.promise || lead.promise.state === 'waiting' || lead.waits)
		return ['new', 'prequalified', 'qualified'].includes(lead.life) && !lead.waits ? 'fresh' : 'open';
	if (due <= minute.value)
		return 'late';
	return due - minute.value < 24 * 3600000 ? 'due' : 'next';
}

function grouped(leads) {
	const found = Object.fromEntries(groups.map((name) => [name, []]));

	leads.forEach((lead) => found[group_of(lead)].push(lead));
	found.late.reverse();
	return groups.filter((name) => found[name].length).map((name) => ({ name, title: say.groups[name], leads: found[name] }));
}

function Row({ lead }) {
	const last = lead.just ? say.just[lead.just] : lead.tried ? say.tried(lead.attempts, when_words(lead.tried)) : say.untried;

	return html`<${Who} lead=${lead} />
		<span class="when">${lead.promise && html`<${Clock} promise=${lead.promise} />`}</span>
		<span class="what">${lead.waits ? say.waits : lead.promise ? lead.promise.promise : say.lives[lead.life] ?? lead.life}${lead.promise && lead.owed > 1 ? say.and_more(lead.owed - 1) : ''} · ${last}</span>
		<span class="from">${lead.snoozed ? when_words(lead.snoozed) : lead.channel}</span>`;
}

// ---- the page ----

function List({ data, put }) {
	const parts = grouped(data.leads);
	const work = useWorklist(parts.flatMap(({ leads }) => leads), put);
	const { chosen } = work;
	const { actions, dialog } = useLeadActs(chosen, data.words, { changed: work.changed, gone: work.gone, back: work.choose, clock: data.now });

	useKeys([...work.keys, ...actions], say.title);
	if (!chosen)
		return html`<${Empty} title=${say.empty}><p>${say.empty_why}</p><p>${say.empty_how}</p><p><a class="button" href="/leads">${texts.leads.title}</a></p><//>`;
	return html`<${Worklist} label=${say.list} parts=${parts} work=${work} Row=${Row} more=${data.total - data.leads.length}>
		<${LeadPane} key=${key_of(chosen)} lead=${chosen} actions=${actions} href=${lead_path(chosen)} />
	<//>${dialog}`;
}

// Managers look at each other desk of their people.
function Whose({ of }) {
	const asked = useAsked(`/api/measures?${new URLSearchParams({ measure: 'count()', of: 'leads', by: 'owner', where: 'open' })}`, { live: false });
	const names = (asked.data?.rows ?? []).map((row) => row.by[0]).filter(Boolean).sort();

	return html`<label class="whose"><span>${say.whose}</span><select value=${of ?? ''} onChange=${(event) => go_with({ of: event.target.value, lead: null })}>
		<option value="">${say.mine(me.value.name)}</option>${names.filter((name) => name !== me.value.name).map((name) => html`<option key=${name} value=${name}>${name}</option>`)}</select></label>`;
}

function Page() {
	const of = query.value.get('of');
	const asked = useAsked(`/api/desk${of ? `?of=${encodeURIComponent(of)}` : ''}`);
	const data = asked.data;
	const owed = data?.leads.filter((lead) => ['due', 'late'].includes(group_of(lead))).length;

	return html`<${Heading} title=${of ? say.desk_of(of) : say.title}>
			${data?.leads.length > 0 && html`<p>${say.summary(owed, data.total)}${data.zones ? ` ${data.zones}` : ''}</p>`}
			${is('sales manager', 'admin', 'executive') && html`<${Whose} of=${of} />`}
		<//>
		<${Answer} asked=${asked}>${() => html`<${List} data=${data} put=${asked.put} />`}<//>`;
}

export default { name: 'desk', path: '/desk', title: say.title, nav: true, jump: 'd', Page };
