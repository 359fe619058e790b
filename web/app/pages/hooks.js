// Hooks: addresses to which other systems send leads. The key of one is told once.

import { useState } from 'preact/hooks';
import { act, complain } from '../act.js';
import { part, tell } from '../api.js';
import { useAsked } from '../asked.js';
import { texts } from '../texts.js';
import { when_words } from '../time.js';
import { Answer, Heading, html, ProblemNote } from '../ui.js';
import { Told } from './settings.js';
import { useForm } from './sign_in.js';

const say = texts.hooks;

function Lately({ name }) {
	const { data } = useAsked(`/api/rows?${new URLSearchParams({ of: 'touches', where: `form = "${name}"`, columns: 'lead.key, at', order: 'at desc', limit: 5 })}`);

	return data && html`<small>${say.came(data.total)} ${data.rows.map(([lead, at]) => html`<a href=${`/leads/${part(lead)}`}>${lead}</a> ${when_words(at)} `)}</small>`;
}

export function Hooks() {
	const asked = useAsked('/api/hooks');
	const [told, setTold] = useState(null);
	const form = useForm(async (fields) => {
		setTold((await tell('POST', '/api/hooks', fields)).data);
		asked.again();
	});
	const path = (hook) => `/api/hooks/${part(hook.name)}`;
	const close = (hook, closed) => tell('PATCH', path(hook), { closed });
	const turn = (hook) => act({ said: texts.own.saved, send: () => close(hook, !hook.closed), undo: () => close(hook, hook.closed) }).then(asked.again);
	const renew = (hook) => tell('POST', `${path(hook)}/key`).then(({ data }) => setTold(data), complain);

	return html`<${Heading} title=${say.title}><p>${say.what}</p><//>
		${told && html`<${Told} title=${say.key} text=${told.key} onClose=${() => setTold(null)}>${say.key_why} <code>${location.origin}${told.address}</code><//>`}
		<${Answer} asked=${asked}>${({ hooks }) => html`<ul class="lines">${hooks.map((hook) => html`<li key=${hook.name}><span class=${hook.closed ? 'quiet' : ''}><b>${hook.name}</b>${hook.closed ? ` ${texts.settings.is_closed}` : ''} <small>${hook.address}</small><br /><${Lately} name=${hook.name} /></span>
			<button type="button" aria-label=${say.renew_whom(hook.name)} onClick=${() => renew(hook)}>${say.renew}</button><button type="button" onClick=${() => turn(hook)}>${hook.closed ? texts.settings.open : texts.settings.close}</button></li>`)}</ul>`}<//>
		<h2>${say.make}</h2><${ProblemNote} problem=${form.problem} /><form onSubmit=${form.submit}><label>${texts.settings.form_name}<input name="name" required autocomplete="off" /></label>
			<label>${say.map}<textarea name="map" class="told" required spellcheck=${false} rows="11" defaultValue=${say.example}></textarea></label><button class="main">${say.make}</button></form>`;
}
