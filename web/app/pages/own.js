// One's own: what is told by mail, the calendar of what one owes.

import { act, complain } from '../act.js';
import { tell } from '../api.js';
import { useAsked } from '../asked.js';
import { texts } from '../texts.js';
import { Answer, html } from '../ui.js';

const say = texts.own;

export function Notices() {
	const asked = useAsked('/api/me/notices');
	const turn = (name, on) => act({
		said: say.saved,
		show: () => (asked.put((old) => ({ ...old, [name]: on })), () => asked.put((old) => ({ ...old, [name]: !on }))),
		send: () => tell('PATCH', '/api/me/notices', { [name]: on }),
		undo: () => tell('PATCH', '/api/me/notices', { [name]: !on }),
	});

	return html`<section><h2>${say.notices}</h2><${Answer} asked=${asked}>${(data) => html`${!data.mail && html`<p class="hint">${say.no_mail}</p>`}
		<fieldset><legend>${say.mail_me}</legend>${Object.keys(say.wishes).map((name) => html`<label key=${name}><input type="checkbox" checked=${data[name]} onChange=${(event) => turn(name, event.target.checked)} /> ${say.wishes[name]}</label>`)}</fieldset>`}<//></section>`;
}

export function Feed() {
	const asked = useAsked('/api/me/feed');
	const tell_it = async (method) => {
		try {
			const answer = await tell(method, '/api/me/feed');
			asked.put(answer.data ?? { url: null });
		} catch (problem) {
			complain(problem);
		}
	};

	return html`<section><h2>${say.feed}</h2><p class="hint">${say.feed_what}</p><${Answer} asked=${asked}>${({ url }) => (url ? html`<code class="told">${url}</code>
		<p class="buttons"><button type="button" onClick=${() => tell_it('POST')}>${say.feed_new}</button><button type="button" onClick=${() => tell_it('DELETE')}>${say.feed_end}</button></p>`
	: html`<button type="button" onClick=${() => tell_it('POST')}>${say.feed_make}</button>`)}<//></section>`;
}
