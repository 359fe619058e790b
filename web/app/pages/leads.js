// All leads one may see: found as one types, filtered and sorted in the address, taken out as CSV, given to a colleague many at once.

import { useEffect, useState } from 'preact/hooks';
import { act, complain } from '../act.js';
import { is, me, part, tell } from '../api.js';
import { useAsked } from '../asked.js';
import { useKeys } from '../keys.js';
import { Assign, key_of, lead_path, name_of } from '../lead_acts.js';
import { may_see } from '../pages.js';
import { go_with, query } from '../router.js';
import { texts } from '../texts.js';
import { when_words } from '../time.js';
import { Answer, Empty, Heading, html } from '../ui.js';
import { useWorklist } from '../worklist.js';
import duplicates from './duplicates.js';

const say = texts.leads;
const TYPED_MS = 200;
const MOST = 100;
const MINE = 'me';

// ---- what is asked ----

// What a name is in the measure language.
const quoted = (name) => `"${name.replaceAll('"', '""')}"`;
const standing = {
	'': 'open',
	before: 'open and not handed_off',
	handed: 'open and handed_off and not accepted and not rejected',
	accepted: 'open and accepted and not opportunity',
	opportunity: 'open and opportunity',
	back: 'rejected',
	ended: 'not open',
	all: null,
};
const names = { owner: 'owner', channel: 'source', campaign: 'campaign', partner: 'partner' };

function asked_for(given) {
	const came = Number(given.get('came'));
	const where = [standing[given.get('standing') ?? ''],
		...Object.entries(names).map(([name, column]) => given.get(name) && `${column} = ${quoted(name === 'owner' && given.get(name) === MINE ? me.value.name : given.get(name))}`),
		came > 0 && `age <= ${came}`].filter(Boolean).join(' and ');
	const find = given.get('find');
	const question = { find, where, order: find ? null : given.get('order') ?? 'created desc' };
	return new URLSearchParams(Object.entries(question).filter(([, value]) => value));
}

// ---- filters ----

const filter = (name, value) => go_with({ [name]: value, cursor: null, lead: null });

function Pick({ name, choices, words = say[name] }) {
	const value = query.value.get(name) ?? '';

	return html`<label>${say.filters[name]}<select value=${value} onChange=${(event) => filter(name, event.target.value)}>
		${(choices.includes(value) ? choices : [...choices, value]).map((choice) => html`<option key=${choice} value=${choice}>${words[choice] ?? choice}</option>`)}</select></label>`;
}

// Of all names that open leads have.
function PickName({ name, more = [] }) {
	const { data } = useAsked(`/api/measures?${new URLSearchParams({ measure: 'count()', of: 'leads', by: names[name] })}`, { live: false });
	const found = (data?.rows ?? []).map((row) => row.by[0]).filter(Boolean).sort((a, b) => a.localeCompare(b));

	return html`<${Pick} name=${name} choices=${['', ...more, ...found]} />`;
}

function Find() {
	const [text, setText] = useState(query.value.get('find') ?? '');

	const find = () => text.trim() !== (query.peek().get('find') ?? '') && filter('find', text.trim());
	const typed = (event) => ['Enter', 'Escape'].includes(event.key) && (find(), event.target.blur()); // the next key is for the list

	useEffect(() => {
		const timer = setTimeout(find, TYPED_MS);
		return () => clearTimeout(timer);
	}, [text]);
	return html`<label class="find">${say.find}<input type="search" id="find" value=${text} placeholder=${say.find_hint} onInput=${(event) => setText(event.target.value)} onKeyDown=${typed} /></label>`;
}

function Filters() {
	return html`<form class="filters" aria-label=${say.which} onSubmit=${(event) => event.preventDefault()}><${Find} /><${Pick} name="standing" choices=${Object.keys(standing)} />
		${!is('sales rep', 'partner') && html`<${PickName} name="owner" more=${[MINE]} />`}${is('sales rep') && html`<${Pick} name="owner" choices=${['', MINE]} />`}
		<${PickName} name="channel" /><${Pick} name="came" choices=${['', '7', '30', '90']} />
		${['campaign', 'partner'].filter((name) => query.value.get(name)).map((name) => html`<button type="button" key=${name} class="chip" aria-label=${say.without(query.value.get(name))} onClick=${() => filter(name, null)}>${query.value.get(name)} ×</button>`)}</form>`;
}

// ---- many at once ----

// One after another: each is a step of its own, and is taken back as such.
async function each(leads, send) {
	const done = [];
	let last;

	for (const lead of leads)
		await send(lead).then(() => done.push(lead), (problem) => (last = problem));
	if (!done.length)
		throw last;
	if (last)
		complain({ message: say.not_all(done.length, leads.length, last.message) });
	return done;
}

const path_of = (lead, what) => `/api/leads/${part(key_of(lead))}/${what}`;

function give(leads, to, put) {
	const keys = new Set(leads.map(key_of));
	let done = [];

	return act({
		said: leads.length === 1 ? texts.acts.assigned(name_of(leads[0]), to) : say.given(leads.length, to),
		show: () => {
			let before;
			put((old) => ((before = old), { ...old, leads: old.leads.map((lead) => (keys.has(key_of(lead)) ? { ...lead, owner: to } : lead)) }));
			return () => put(before);
		},
		send: async () => (done = await each(leads, (lead) => tell('POST', path_of(lead, 'steps'), { step: 'assign', to }))),
		undo: () => each(done, (lead) => tell('POST', path_of(lead, 'undo'), {})),
	});
}

// ---- the table ----

function Sorted({ by, children }) {
	const order = query.value.get('order') ?? 'created desc';
	const [column, down] = order.split(' ');
	const here = column === by && !query.value.get('find');

	return html`<th scope="col" aria-sort=${here ? (down ? 'descending' : 'ascending') : undefined}><button type="button" class="sort" disabled=${Boolean(query.value.get('find'))}
		onClick=${() => filter('order', order === `${by} desc` ? by : `${by} desc`)}>${children}${here ? (down ? ' ↓' : ' ↑') : ''}</button></th>`;
}

function Table({ data, put }) {
	const gives = is('sales manager', 'admin');
	const work = useWorklist(data.leads, put);
	const { chosen } = work;
	const [marked, setMarked] = useState(new Set());
	const [giving, setGiving] = useState(null);
	const many = data.leads.filter((lead) => marked.has(key_of(lead)));
	const mark = (leads, on) => setMarked((old) => new Set([...old].filter((key) => on || !leads.some((lead) => key_of(lead) === key)).concat(on ? leads.map(key_of) : [])));

	useKeys([
		...work.keys,
		{ keys: 'f', label: say.find, run: () => document.getElementById('find').focus() },
		{ keys: 'v', label: say.mark, when: gives && Boolean(chosen), run: () => mark([chosen], !marked.has(key_of(chosen))) },
		{ keys: 't', label: texts.acts.assign, when: gives && Boolean(chosen), run: () => setGiving(many.length ? many : [chosen]) },
	], say.title);
	if (!data.leads.length)
		return html`<${Empty} title=${say.none}><p>${query.value.size ? say.none_so : say.none_why}</p>${query.value.size > 0 && html`<p><a class="button" href="/leads">${say.all_filters_off}</a></p>`}<//>`;
	return html`${many.length > 0 && html`<div class="marked" role="region" aria-label=${say.chosen(many.length)}><b>${say.chosen(many.length)}</b>
			<button type="button" class="main" onClick=${() => setGiving(many)}>${texts.acts.assign} <kbd aria-hidden="true">t</kbd></button>
			<button type="button" class="plain" onClick=${() => setMarked(new Set())}>${say.mark_none}</button></div>`}
		<div class="scroll" tabindex="0" role="region" aria-label=${say.title}><table class="leads"><thead><tr>
			${gives && html`<td><input type="checkbox" aria-label=${say.mark_all} checked=${many.length === data.leads.length} onChange=${(event) => mark(data.leads, event.target.checked)} /></td>`}
			<th scope="col">${say.columns.who}</th><th scope="col">${say.columns.standing}</th><${Sorted} by="owner">${say.columns.owner}<//><${Sorted} by="source">${say.columns.channel}<//><${Sorted} by="created">${say.columns.came}<//></tr></thead>
		<tbody>${data.leads.map((lead) => html`<tr key=${key_of(lead)} class=${lead === chosen ? 'chosen' : ''}>
			${gives && html`<td><input type="checkbox" aria-label=${say.mark_one(name_of(lead))} checked=${marked.has(key_of(lead))} onChange=${(event) => mark([lead], event.target.checked)} /></td>`}
			<th scope="row"><a id=${`row-${key_of(lead)}`} href=${lead_path(lead)}>${name_of(lead)}</a>${lead.name && lead.company && html`<small>${lead.company}</small>`}</th>
			<td>${texts.lead.lives[lead.life] ?? lead.life}</td><td>${lead.owner ?? html`<span class="quiet">–</span>`}${lead.partner && lead.partner !== lead.owner && html`<small>${lead.partner}</small>`}</td>
			<td>${lead.channel}${lead.campaign && html`<small>${lead.campaign}</small>`}</td><td class="due-at">${lead.created && when_words(lead.created)}</td></tr>`)}</tbody></table></div>
		<p class="acts">${query.value.get('cursor') && html`<button type="button" onClick=${() => go_with({ cursor: null })}>${say.first}</button>`}
			${data.next && html`<button type="button" onClick=${() => (go_with({ cursor: data.next, lead: null }), scrollTo(0, 0))}>${say.next}</button>`}</p>
		${giving && html`<${Assign} name=${giving.length === 1 ? name_of(giving[0]) : say.these(giving.length)} onClose=${() => setGiving(null)} onAssign=${(to) => (setMarked(new Set()), give(giving, to, put))} />`}`;
}

function Page() {
	const question = asked_for(query.value);
	const cursor = query.value.get('cursor');
	const asked = useAsked(`/api/leads?${question}&limit=${MOST}${cursor ? `&cursor=${part(cursor)}` : ''}`);
	const total = asked.data?.total ?? null;

	return html`<${Heading} title=${say.title}>${total !== null && html`<p>${say.total(total)}</p>`}
			<div class="buttons">${may_see(duplicates) && html`<a class="button" href=${duplicates.path}>${duplicates.title}</a>`}<a class="button" href=${`/api/leads?${question}&format=csv`} download="leads.csv" title=${say.csv_hint}>CSV</a></div><//>
		<${Filters} /><${Answer} asked=${asked}>${(data) => html`<${Table} data=${data} put=${asked.put} />`}<//>`;
}

export default { name: 'leads', path: '/leads', title: say.title, nav: true, jump: 'l', Page };
