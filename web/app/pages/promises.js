// What both sides promised, side by side and live: how much was kept in time, what runs now, what broke; and what is said of it.

import { useEffect, useRef, useState } from 'preact/hooks';
import { act } from '../act.js';
import { is, part, tell } from '../api.js';
import { useAsked } from '../asked.js';
import { DateField } from '../date_field.js';
import { useKeys } from '../keys.js';
import { Named, useNames } from '../names.js';
import { go, go_with, query } from '../router.js';
import { texts } from '../texts.js';
import { now, set_clock, span_words, when_words } from '../time.js';
import { Answer, Choose, Dialog, Empty, Heading, html } from '../ui.js';

const say = texts.promises;
const FIRST = 50;
const MOST = 500;
const shown = ['running', 'at_risk', 'waiting', 'broken', 'disputed', 'excused'];
const state_of = (name) => name.replace('_', ' ');

const share_of = (counts) => (counts.met + counts.broken ? counts.met / (counts.met + counts.broken) : null);
const begun = (counts) => Object.values(counts).some(Boolean);
const percent = (share) => `${(100 * share).toFixed(1)} %`;
const number = (n) => n.toLocaleString('en');

const sides = ['marketing', 'sales', 'partner', 'executive'];

// The reasons for which the agreement lets a broken promise be excused.
const excuses_of = (agreed) => agreed?.terms.find((term) => term.subject === 'to excuse a broken promise')?.value.split(', ') ?? [];

// ---- both sides ----

function Share({ counts, agreed }) {
	const share = share_of(counts);

	if (share === null)
		return html`<span class="quiet">${begun(counts) ? say.none_due : say.none_begun}</span>`;
	return html`<span class=${agreed === null || agreed === undefined ? '' : share < agreed ? 'bad' : 'good'}>${percent(share)}</span>`;
}

function Count({ counts, name, filter }) {
	const n = counts[name];

	return html`<td class="number">${n ? html`<a href=${`?${new URLSearchParams({ ...filter, state: state_of(name) })}#list`} class=${name === 'broken' || name === 'at_risk' ? 'warn' : ''}>${number(n)}</a>` : html`<span class="quiet">–</span>`}</td>`;
}

function Side({ side }) {
	const share = share_of(side.counts);
	const used = shown.filter((name) => side.counts[name]);

	return html`<section class=${`promised ${side.party}`}>
		<h2>${say.parties[side.party]}</h2>
		<p class="big"><b>${share === null ? '–' : percent(share)}</b> ${say.on_time} <small>${share === null ? (begun(side.counts) ? say.none_due : say.none_begun) : say.of(number(side.counts.met), number(side.counts.met + side.counts.broken))}</small></p>
		<div class="scroll" tabindex="0" role="region" aria-label=${say.parties[side.party]}><table>
			<thead><tr><th scope="col">${say.promise}</th><th scope="col" class="number">${say.in_time}</th>${used.map((name) => html`<th scope="col" class="number" key=${name}>${say.states[state_of(name)]}</th>`)}</tr></thead>
			<tbody>${side.promises.map((item) => html`<tr key=${item.promise}>
				<th scope="row"><a href=${`?${new URLSearchParams({ party: side.party, promise: item.promise })}#list`}>${item.promise}</a>${item.sentence && html`<br /><small>${item.sentence}</small>`}</th>
				<td class="number"><${Share} counts=${item.counts} agreed=${item.agreed_share} />${item.agreed_share !== null && html`<br /><small>${say.agreed(percent(item.agreed_share).replace('.0 ', ' '))}</small>`}</td>
				${used.map((name) => html`<${Count} key=${name} counts=${item.counts} name=${name} filter=${{ party: side.party, promise: item.promise }} />`)}</tr>`)}</tbody>
		</table></div>
	</section>`;
}

// ---- one after another ----

function Due({ item }) {
	if (item.stopped)
		return html`${when_words(item.stopped)}<br /><small>${say.was_due(item.due ? when_words(item.due) : '–')}</small>`;
	if (!item.due)
		return html`<span class="quiet">–</span>`;
	const left = Date.parse(item.due) - now.value;
	const live = ['running', 'at risk'].includes(item.state);
	return html`${live ? html`<b class=${left < 0 || item.state === 'at risk' ? 'bad' : ''}>${left < 0 ? say.over(span_words(left)) : say.left(span_words(left))}</b><br /><small>${when_words(item.due)}</small>` : when_words(item.due)}`;
}

function Reason({ title, hint, onClose, onSay }) {
	return html`<${Dialog} title=${title} onClose=${onClose}><form onSubmit=${(event) => {
		event.preventDefault();
		onClose();
		onSay(new FormData(event.target).get('reason').trim());
	}}><label>${say.why}<textarea name="reason" required maxlength="2000" autofocus></textarea></label><p class="hint">${hint}</p><button class="main">${say.say}</button></form><//>`;
}

// What may be said of a promise, as it stands.
function useWords(item, who, excuses, again) {
	const name = who?.name ?? who?.company ?? item?.lead;
	const [dialog, setDialog] = useState(null);
	const close = () => setDialog(null);
	const works = item?.lead && is('executive', 'marketing', 'sales manager', 'sales rep', 'nurture', 'partner', 'admin');
	const send = (what, reason) => act({
		said: say.said[what](item.promise, name),
		send: () => tell('POST', `/api/leads/${part(`${item.source}:${item.lead}`)}/promises`, { promise: item.promise, say: what, episode: item.episode, ...(reason ? { reason } : {}) }),
	}).then(again);
	const asks = (what) => () => setDialog(what === 'excuse' && excuses.length
		? html`<${Choose} title=${say.asks.excuse(item.promise, name)} choices=${excuses.map((value) => ({ value }))} onChoose=${(reason) => send('excuse', reason)} onClose=${close} />`
		: html`<${Reason} title=${say.asks[what](item.promise, name)} hint=${say.hints[what]} onSay=${(reason) => send(what, reason)} onClose=${close} />`);
	const broken = works && item.state === 'broken';
	const disputed = works && item.state === 'disputed';

	return {
		dialog,
		words: [
			{ keys: 'e', label: say.excuse, run: asks('excuse'), when: Boolean(broken) },
			{ keys: 'd', label: say.dispute, run: asks('dispute'), when: Boolean(broken) },
			{ keys: 'y', label: say.uphold, run: asks('uphold'), when: Boolean(disputed) },
			{ keys: 'n', label: say.drop, run: asks('drop'), when: Boolean(disputed) },
		],
	};
}

function Row({ item, who, chosen, moved, excuses, again, choose }) {
	const ref = useRef();
	const { words, dialog } = useWords(item, who, excuses, again);
	const path = item.lead && `/leads/${part(`${item.source}:${item.lead}`)}`;

	useEffect(() => {
		if (chosen && moved)
			ref.current?.scrollIntoView({ block: 'nearest' });
	}, [chosen]);
	useKeys(chosen ? [...words, { keys: 'Enter', label: say.open, run: () => go(path), when: Boolean(path) }] : [], say.title);
	return html`<tr ref=${ref} aria-selected=${chosen} onClick=${choose}>
		<th scope="row">${path ? html`<a href=${path}><${Named} who=${who} id=${item.lead} /></a>` : say.number(item.counted, item.at_least)}</th>
		<td><span class=${`side ${item.party}`}>${item.promise}</span></td>
		<td><span class=${item.state === 'broken' || item.state === 'at risk' ? 'bad' : item.state === 'met' ? 'good' : ''}>${say.states[item.state] ?? item.state}</span>${item.recorded_late && html`<br /><small>${say.recorded_late}</small>`}</td>
		<td class="unbroken"><${Due} item=${item} /></td>
		<td>${item.owner ?? html`<span class="quiet">–</span>`}${(item.partner ?? item.team) && html`<br /><small>${item.partner ?? item.team}</small>`}</td>
		<td class="buttons">${words.filter((word) => word.when).map((word) => html`<button type="button" key=${word.keys} onClick=${word.run}>${word.label}</button>`)}${dialog}</td>
	</tr>`;
}

const choices = ['open', 'at risk', 'broken', 'disputed', 'excused', 'met', 'all'];

function List({ parties, excuses }) {
	const { party, promise, owner, partner, state = 'open' } = Object.fromEntries(query.value);
	const [at, setAt] = useState(0);
	const moved = useRef(false);
	const move = (to) => {
		moved.current = true;
		setAt(to);
	};
	const [limit, setLimit] = useState(FIRST);
	const wanted = new URLSearchParams(Object.entries({ party, promise, owner, partner, limit, ...(state === 'open' ? { open: true } : state === 'all' ? {} : { state }) }).filter(([, value]) => value));
	const asked = useAsked(`/api/promises?${wanted}`);
	const items = asked.data?.promises ?? [];
	const name_of = useNames(items.map((item) => item.lead));
	const chosen = Math.min(at, items.length - 1);
	const promises = parties.filter((side) => !party || side.party === party).flatMap((side) => side.promises.map((item) => item.promise));

	useKeys([
		{ keys: 'j', also: ['ArrowDown'], label: say.down, run: () => move(Math.min(chosen + 1, items.length - 1)) },
		{ keys: 'k', also: ['ArrowUp'], label: say.up, run: () => move(Math.max(chosen - 1, 0)) },
	], say.title);
	return html`<section id="list"><h2>${say.one_by_one}</h2>
		<form class="filters" onSubmit=${(event) => event.preventDefault()} aria-label=${say.which}>
			<label>${say.state}<select value=${state} onChange=${(event) => go_with({ state: event.target.value === 'open' ? null : event.target.value })}>${choices.concat(choices.includes(state) ? [] : [state]).map((value) => html`<option key=${value} value=${value}>${say.which_states[value] ?? say.states[value] ?? value}</option>`)}</select></label>
			<label>${say.party}<select value=${party ?? ''} onChange=${(event) => go_with({ party: event.target.value, promise: null })}><option value="">${say.both}</option>${parties.map((side) => html`<option key=${side.party} value=${side.party}>${say.parties[side.party]}</option>`)}</select></label>
			<label>${say.promise}<select value=${promise ?? ''} onChange=${(event) => go_with({ promise: event.target.value })}><option value="">${say.every}</option>${promises.map((name) => html`<option key=${name} value=${name}>${name}</option>`)}</select></label>
		</form>
		<${Answer} asked=${asked}>${(data) => (items.length ? html`<p class="hint">${data.total > items.length ? say.first(number(items.length), number(data.total)) : say.total(number(data.total))}</p>
			<div class="scroll" tabindex="0" role="region" aria-label=${say.one_by_one}><table>
				<thead><tr><th scope="col">${say.lead}</th><th scope="col">${say.promise}</th><th scope="col">${say.state}</th><th scope="col">${say.due}</th><th scope="col">${say.owner}</th><td></td></tr></thead>
				<tbody>${items.map((item, i) => html`<${Row} key=${`${item.lead}${item.promise}${item.episode}${item.due}`} item=${item} who=${name_of(item.lead, item.source)} chosen=${i === chosen} moved=${moved.current} choose=${() => setAt(i)} excuses=${excuses} again=${asked.again} />`)}</tbody>
			</table></div>
			${data.total > items.length && limit < MOST && html`<p><button type="button" onClick=${() => setLimit(MOST)}>${say.more}</button></p>`}`
		: html`<${Empty} title=${say.nothing[state] ?? say.nothing.other}><p>${say.nothing_why}</p><//>`)}<//>
	</section>`;
}

function Page() {
	const { from, to } = Object.fromEntries(query.value);
	const period = new URLSearchParams(Object.entries({ from, to }).filter(([, value]) => value));
	const asked = useAsked(`/api/promises/sides${period.size ? `?${period}` : ''}`);
	const agreed = useAsked(asked.data?.version && !is('partner') ? `/api/agreement/versions/${asked.data.version}` : null, { live: false });
	const parties = sides.map((party) => asked.data?.parties.find((side) => side.party === party)).filter(Boolean);

	useEffect(() => set_clock(asked.data?.now), [asked.data?.now]);
	return html`<${Heading} title=${say.title}><p>${asked.data?.version ? (Date.parse(asked.data.from) > Date.parse(asked.data.now) ? say.will_hold(asked.data.version, when_words(asked.data.from)) : say.judged(asked.data.version)) : ''}</p><//>
		<${Answer} asked=${asked}>${(data) => (data.parties.length ? html`
			<form class="filters" onSubmit=${(event) => event.preventDefault()} aria-label=${say.when}>
				<${DateField} label=${say.from} value=${from ?? ''} onChange=${(day) => go_with({ from: day })} />
				<${DateField} label=${say.to} value=${to ?? ''} onChange=${(day) => go_with({ to: day })} />
				<p class="hint">${say.what}</p></form>
			<div class="both">${parties.map((side) => html`<${Side} key=${side.party} side=${side} />`)}</div>
			<${List} parties=${parties} excuses=${excuses_of(agreed.data)} />`
		: html`<${Empty} title=${say.no_promises}><p>${say.no_promises_why}</p><p><a class="button" href="/agreement">${say.to_agreement}</a></p><//>`)}<//>`;
}

export default { name: 'promises', path: '/promises', title: say.title, nav: true, jump: 'p', Page };
