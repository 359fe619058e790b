// Ways out: which programs are told what happens, and the messages that did not get through.

import { useState } from 'preact/hooks';
import { act } from '../act.js';
import { part, tell } from '../api.js';
import { useAsked } from '../asked.js';
import { go_with, query } from '../router.js';
import { texts } from '../texts.js';
import { when_words } from '../time.js';
import { Answer, Empty, Heading, html, ProblemNote } from '../ui.js';
import { Told } from './settings.js';
import { useForm } from './sign_in.js';

const say = texts.ways_out;
const ways = ['webhook', 'slack', 'teams'];

function Outlets() {
	const asked = useAsked('/api/outlets');
	const [secret, setSecret] = useState(null);
	const form = useForm(async ({ id, url, way, kinds }) => {
		const { data } = await tell('POST', '/api/outlets', { id, url, way, kinds: kinds.split(/[\s,]+/).filter(Boolean) });
		setSecret(data.secret ?? null);
		asked.again();
	});
	const turn = (outlet) => act({ said: outlet.off ? say.on_again(outlet.id) : say.off_now(outlet.id), send: () => tell('PATCH', `/api/outlets/${part(outlet.id)}`, { off: !outlet.off }), undo: () => tell('PATCH', `/api/outlets/${part(outlet.id)}`, { off: outlet.off }) }).then(asked.again);
	const drop = (outlet) => act({ said: say.dropped(outlet.id), send: () => tell('DELETE', `/api/outlets/${part(outlet.id)}`) }).then(asked.again);

	return html`<section><h2>${say.outlets}</h2><p class="hint">${say.outlets_what}</p>
		${secret && html`<${Told} title=${say.secret} text=${secret} onClose=${() => setSecret(null)}>${say.secret_why}<//>`}
		<${Answer} asked=${asked}>${({ outlets }) => html`<ul class="lines">${outlets.map((outlet) => html`<li key=${outlet.id}><span class=${outlet.off ? 'quiet' : ''}><b>${outlet.id}</b> ${outlet.way}${outlet.off ? ` ${say.is_off}` : ''}<br /><small>${outlet.url} · ${outlet.kinds.join(', ') || say.everything}</small></span>
			<button type="button" onClick=${() => turn(outlet)}>${outlet.off ? say.switch_on : say.switch_off}</button><button type="button" aria-label=${say.drop_whom(outlet.id)} onClick=${() => drop(outlet)}>${say.drop}</button></li>`)}</ul>`}<//>
		<${ProblemNote} problem=${form.problem} /><form class="inline" onSubmit=${form.submit}><label>${say.id}<input name="id" required pattern="[\\-a-z0-9]+" autocomplete="off" /></label>
			<label>${say.way}<select name="way">${ways.map((way) => html`<option key=${way} value=${way}>${way}</option>`)}</select></label>
			<label>${say.url}<input name="url" type="url" required autocomplete="off" /></label><label>${say.kinds}<input name="kinds" placeholder="lead.* promise.broken" autocomplete="off" /></label><button disabled=${form.busy}>${say.add}</button></form></section>`;
}

function Outbox() {
	const state = query.value.get('state') ?? 'dead';
	const asked = useAsked(`/api/outbox?state=${part(state)}`);
	const again = (message) => act({ said: say.tried_again, send: () => tell('POST', `/api/outbox/${part(message.id)}/again`, undefined) }).then(asked.again);
	const drop = (message) => act({ said: say.message_dropped, send: () => tell('DELETE', `/api/outbox/${part(message.id)}`) }).then(asked.again);

	return html`<section><h2>${say.outbox}</h2><${Answer} asked=${asked}>${({ messages, counts }) => html`
		<form class="filters" onSubmit=${(event) => event.preventDefault()} aria-label=${say.outbox}><label>${say.which}<select value=${state} onChange=${(event) => go_with({ state: event.target.value === 'dead' ? null : event.target.value })}>
			${['dead', 'waiting', 'sent'].map((name) => html`<option key=${name} value=${name}>${say.states[name]} (${counts[name].toLocaleString('en')})</option>`)}</select></label></form>
		${messages.length ? html`<div class="scroll" tabindex="0" role="region" aria-label=${say.outbox}><table><thead><tr>${say.columns.map((title) => html`<th scope="col" key=${title}>${title}</th>`)}<td></td></tr></thead>
			<tbody>${messages.map((message) => html`<tr key=${message.id}><th scope="row">${message.kind}<br /><small>${message.way}</small></th><td>${message.to}</td><td class="unbroken">${when_words(message.made)}</td><td class="unbroken">${when_words(message.due)}</td><td>${message.tries}${message.trouble && html`<br /><small class="bad">${message.trouble}</small>`}</td>
				<td class="buttons">${message.state === 'dead' && html`<button type="button" onClick=${() => again(message)}>${say.again}</button>`}${message.state !== 'sent' && html`<button type="button" onClick=${() => drop(message)}>${say.drop}</button>`}</td></tr>`)}</tbody></table></div>`
		: html`<${Empty} title=${say.none[state] ?? say.none.dead}><p>${say.none_why}</p><//>`}`}<//></section>`;
}

export const WaysOut = () => html`<${Heading} title=${say.title}><p>${say.what}</p><//><${Outbox} /><${Outlets} />`;
