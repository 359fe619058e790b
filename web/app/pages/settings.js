// One's own account, and what an admin sets: who may come in, as what; forms; what was noted.

import { useState } from 'preact/hooks';
import { act, complain, note } from '../act.js';
import { ask, is, me, part, tell } from '../api.js';
import { useAsked } from '../asked.js';
import { texts } from '../texts.js';
import { when_words } from '../time.js';
import { Answer, Dialog, Empty, Heading, html, ProblemNote } from '../ui.js';
import { go } from '../router.js';
import { useForm } from './sign_in.js';
import { Hooks } from './hooks.js';
import { Feed, Notices } from './own.js';
import { WaysOut } from './ways_out.js';

const say = texts.settings;

export const roles = ['executive', 'marketing', 'sales manager', 'sales rep', 'nurture', 'partner', 'facilitator', 'viewer', 'admin'];

// What is told once: shown until it is put away.
export function Told({ title, text, children, onClose }) {
	const copy = () => navigator.clipboard.writeText(text).then(() => note(say.copied), () => note(say.not_copied));

	return html`<${Dialog} title=${title} wide onClose=${onClose}><p>${children}</p><p><code class="told">${text}</code></p>
		<p class="buttons"><button type="button" class="main" autofocus onClick=${copy}>${say.copy}</button><button type="button" onClick=${onClose}>${say.done}</button></p><//>`;
}

// ---- one's own ----

function Password() {
	const form = useForm(async ({ password, new_password, again }) => {
		if (new_password !== again)
			throw Object.assign(new Error(texts.sign_in.differ), { problems: [] });
		await tell('POST', '/api/me/password', { password, new_password });
		note(say.password_changed);
		document.getElementById('password-form').reset();
	});

	return html`<section><h2>${say.password}</h2><${ProblemNote} problem=${form.problem} /><form id="password-form" class="narrow" onSubmit=${form.submit}>
		<input name="login" type="text" autocomplete="username" value=${me.value.login} hidden readonly />
		<label>${say.old_password}<input name="password" type="password" required autocomplete="current-password" /></label>
		<label>${texts.sign_in.new_password}<input name="new_password" type="password" required minlength="10" autocomplete="new-password" /></label>
		<label>${texts.sign_in.again}<input name="again" type="password" required autocomplete="new-password" /></label>
		<button disabled=${form.busy}>${say.change}</button></form></section>`;
}

const refresh = () => ask('/api/me').then(({ data }) => (me.value = data), complain);

function SecondFactor() {
	const [begun, setBegun] = useState(null);
	const [codes, setCodes] = useState(null);
	const begin = useForm(async ({ password }) => setBegun((await tell('POST', '/api/me/totp', { password })).data));
	const confirm = useForm(async ({ code }) => {
		setCodes((await tell('POST', '/api/me/totp/confirm', { code: code.replaceAll(' ', '') })).data.recovery_codes);
		setBegun(null);
		refresh();
	});
	const end = useForm(async ({ password, code }) => {
		await tell('POST', '/api/me/totp/off', { password, code });
		refresh();
	});

	return html`<section><h2>${say.second}</h2>
		${codes && html`<${Told} title=${say.codes} text=${codes.join('\n')} onClose=${() => setCodes(null)}>${say.codes_why}<//>`}
		${me.value.second_factor ? html`<p>${say.second_on(me.value.recovery_left)}</p><${ProblemNote} problem=${end.problem} /><form class="narrow" onSubmit=${end.submit}>
			<label>${say.old_password}<input name="password" type="password" required autocomplete="current-password" /></label>
			<label>${texts.sign_in.code}<input name="code" required autocomplete="one-time-code" /></label><button disabled=${end.busy}>${say.second_end}</button></form>`
		: begun ? html`<p>${say.second_scan}</p><p><a href=${begun.uri}>${say.second_link}</a></p><p><code class="told">${begun.secret.replace(/(.{4})/g, '$1 ')}</code></p>
			<${ProblemNote} problem=${confirm.problem} /><form class="narrow" onSubmit=${confirm.submit}><label>${texts.sign_in.code}<input name="code" required autofocus autocomplete="one-time-code" inputmode="numeric" /></label><button class="main" disabled=${confirm.busy}>${say.second_confirm}</button></form>`
		: html`<p>${say.second_what}</p><${ProblemNote} problem=${begin.problem} /><form class="narrow" onSubmit=${begin.submit}>
			<label>${say.old_password}<input name="password" type="password" required autocomplete="current-password" /></label><button disabled=${begin.busy}>${say.second_begin}</button></form>`}</section>`;
}

// "Chrome, Linux": what people call the program that names itself at such length.
function program_words(agent) {
	const first = (names) => names.split(' ').find((name) => agent.includes(name));
	return [first('Edg OPR Firefox Chrome Safari'), first('Android iPhone iPad Windows Mac Linux')].filter(Boolean).join(', ') || say.some_browser;
}

function Sessions() {
	const asked = useAsked('/api/sessions');
	const drop = (session) => act({ said: say.session_ended, send: () => tell('DELETE', `/api/sessions/${part(session.id)}`) }).then(asked.again);

	return html`<section><h2>${say.sessions}</h2><${Answer} asked=${asked}>${({ sessions }) => html`<ul class="lines">${sessions.map((session) => html`<li key=${session.id}>
		<span>${program_words(session.agent)}<br /><small>${say.since(when_words(session.made))}${session.client ? ` · ${session.client}` : ''}</small></span>
		${session.current ? html`<small>${say.this_one}</small>` : html`<button type="button" onClick=${() => drop(session)}>${say.end_session}</button>`}</li>`)}</ul>`}<//></section>`;
}

const scopes = ['read', 'intake', 'write'];

function Tokens() {
	const asked = useAsked('/api/tokens');
	const [told, setTold] = useState(null);
	const form = useForm(async (fields) => {
		setTold((await tell('POST', '/api/tokens', { name: fields.name, scopes: scopes.filter((scope) => fields[scope]), days: Number(fields.days) })).data.token);
		asked.again();
	});
	const drop = (token) => act({ said: say.token_dropped(token.name), send: () => tell('DELETE', `/api/tokens/${part(token.id)}`) }).then(asked.again);

	return html`<section><h2>${say.tokens}</h2><p class="hint">${say.tokens_what} <a href="/api/openapi.json">${say.api}</a></p>
		${told && html`<${Told} title=${say.token} text=${told} onClose=${() => setTold(null)}>${say.told_once}<//>`}
		<${Answer} asked=${asked}>${({ tokens }) => html`<ul class="lines">${tokens.map((token) => html`<li key=${token.id}><span>${token.name} <small>${token.scopes.join(', ')}</small><br /><small>${say.good_until(when_words(token.until))}</small></span>
			<button type="button" onClick=${() => drop(token)}>${say.drop}</button></li>`)}</ul>`}<//>
		<${ProblemNote} problem=${form.problem} /><form class="inline" onSubmit=${form.submit}><label>${say.token_name}<input name="name" required maxlength="100" /></label>
			<label>${say.days}<input name="days" type="number" min="1" max="3650" value="365" required /></label>
			<fieldset><legend>${say.scopes}</legend>${scopes.map((scope) => html`<label key=${scope}><input type="checkbox" name=${scope} defaultChecked=${scope === 'read'} /> ${scope}</label>`)}</fieldset>
			<button disabled=${form.busy}>${say.make_token}</button></form></section>`;
}

const Profile = () => html`<${Heading} title=${say.profile}><p>${me.value.name} · ${me.value.login} · ${[...me.value.roles, me.value.team, me.value.partner].filter(Boolean).join(', ')}<br /><small>${texts.own.by_admin}</small></p><//>
	<div class="both"><div><${Notices} /><${Feed} /></div><div><${Password} /><${SecondFactor} /><${Sessions} /><${Tokens} /></div></div>`;

// ---- people ----

const RoleBoxes = ({ chosen = [] }) => html`<fieldset class="roles"><legend>${say.roles}</legend>${roles.map((role) => html`<label key=${role}><input type="checkbox" name=${`role ${role}`} defaultChecked=${chosen.includes(role)} /> ${role}</label>`)}</fieldset>`;
const chosen_roles = (fields) => roles.filter((role) => fields[`role ${role}`]);
const or_null = (text) => text.trim() || null;

function Account({ account, onClose, onDone }) {
	const form = useForm(async (fields) => {
		const body = { name: fields.name, roles: chosen_roles(fields), team: or_null(fields.team), partner: or_null(fields.partner) };
		const { data } = account ? await tell('PATCH', `/api/accounts/${account.id}`, body) : await tell('POST', '/api/accounts', Object.fromEntries(Object.entries({ ...body, login: fields.login }).filter(([, value]) => value !== null && value !== '')));
		onDone(data);
	});

	return html`<${Dialog} title=${account ? account.login : say.invite} wide onClose=${onClose}><${ProblemNote} problem=${form.problem} /><form onSubmit=${form.submit}>
		${!account && html`<label>${say.login}<input name="login" required autofocus autocapitalize="off" autocomplete="off" spellcheck=${false} /></label>`}
		<label>${say.name}<input name="name" defaultValue=${account?.name ?? ''} autocomplete="off" /></label><p class="hint">${say.name_hint}</p>
		<${RoleBoxes} chosen=${account?.roles} />
		<label>${say.team}<input name="team" defaultValue=${account?.team ?? ''} autocomplete="off" /></label>
		<label>${say.partner}<input name="partner" defaultValue=${account?.partner ?? ''} autocomplete="off" /></label>
		<button class="main" disabled=${form.busy}>${account ? say.save : say.invite_do}</button></form><//>`;
}

const standing = (account) => (account.closed ? say.closed : account.invited ? say.invited : account.last_sign_in ? say.seen(when_words(account.last_sign_in)) : say.never_seen);

function People() {
	const asked = useAsked('/api/accounts');
	const [open, setOpen] = useState(null);
	const [link, setLink] = useState(null);
	const change = (account, body, said) => act({ said, send: () => tell('PATCH', `/api/accounts/${account.id}`, body), undo: () => tell('PATCH', `/api/accounts/${account.id}`, { closed: account.closed }) }).then(asked.again);
	const send_link = async (account) => {
		try {
			setLink((await tell('POST', `/api/accounts/${account.id}/link`, {})).data);
		} catch (problem) {
			complain(problem);
		}
	};
	const end_second = (account) => act({ said: say.second_ended(account.login), send: () => tell('DELETE', `/api/accounts/${account.id}/totp`) }).then(asked.again);

	return html`<${Heading} title=${say.people}><div class="buttons"><button type="button" class="main" onClick=${() => setOpen({})}>${say.invite}</button></div><//>
		${open && html`<${Account} account=${open.account} onClose=${() => setOpen(null)} onDone=${(data) => {
			setOpen(null);
			asked.again();
			if (data.link)
				setLink(data);
			else if (data.mailed)
				note(say.invited_by_mail(data.account.login));
		}} />`}
		${link && html`<${Told} title=${say.link} text=${link.link} onClose=${() => setLink(null)}>${say.link_why(when_words(link.until))}<//>`}
		<${Answer} asked=${asked}>${({ accounts }) => html`<div class="scroll" tabindex="0" role="region" aria-label=${say.people}><table>
			<thead><tr><th scope="col">${say.login}</th><th scope="col">${say.name}</th><th scope="col">${say.roles}</th><th scope="col">${say.team_or_partner}</th><th scope="col">${say.stands}</th><td></td></tr></thead>
			<tbody>${accounts.map((account) => html`<tr key=${account.id} class=${account.closed ? 'quiet' : ''}><th scope="row">${account.login}</th><td>${account.name}</td><td>${account.roles.join(', ')}</td><td>${account.team ?? account.partner}</td>
				<td>${standing(account)}${account.second_factor && html`<br /><small>${say.with_second}</small>`}</td>
				<td class="buttons"><button type="button" aria-label=${say.change_whom(account.login)} onClick=${() => setOpen({ account })}>${say.change}</button>
					${!account.closed && html`<button type="button" aria-label=${say.link_for(account.login)} onClick=${() => send_link(account)}>${say.new_link}</button>`}
					${account.second_factor && html`<button type="button" onClick=${() => end_second(account)}>${say.second_end}</button>`}
					${account.login !== me.value.login && html`<button type="button" aria-label=${account.closed ? say.open_whom(account.login) : say.close_whom(account.login)} onClick=${() => change(account, { closed: !account.closed }, account.closed ? say.opened(account.login) : say.was_closed(account.login))}>${account.closed ? say.open : say.close}</button>`}</td></tr>`)}</tbody>
		</table></div>`}<//>`;
}

// ---- what was noted ----

function Journal() {
	const [before, setBefore] = useState(null);
	const asked = useAsked(`/api/journal?limit=100${before ? `&before=${before}` : ''}`);

	return html`<${Heading} title=${say.journal}><p>${say.journal_what}</p><//><${Answer} asked=${asked}>${({ entries, next }) => (entries.length ? html`<div class="scroll" tabindex="0" role="region" aria-label=${say.journal}><table>
		<thead><tr>${say.journal_columns.map((title) => html`<th scope="col" key=${title}>${title}</th>`)}</tr></thead>
		<tbody>${entries.map((entry) => html`<tr key=${entry.seq}><th scope="row" class="unbroken">${when_words(entry.at)}</th><td>${say.kinds[entry.kind] ?? entry.kind}</td><td>${entry.who}</td><td>${entry.text}</td></tr>`)}</tbody>
	</table></div><p>${before && html`<button type="button" onClick=${() => setBefore(null)}>${say.newest}</button>`} ${next && html`<button type="button" onClick=${() => setBefore(next)}>${say.older}</button>`}</p>` : html`<${Empty} title=${say.nothing_noted} />`)}<//>`;
}

// ---- forms ----

function Form({ form: old, kinds, onClose, onDone }) {
	const form = useForm(async (fields) => {
		const texts_of = Object.fromEntries(['asks', 'title', 'text', 'kind', 'campaign', 'source', 'thanks', 'redirect', 'consent'].map((name) => [name, fields[name]?.trim()]).filter(([name, value]) => value || (old && old[name])));
		await (old ? tell('PATCH', `/api/forms/${part(old.name)}`, texts_of) : tell('POST', '/api/forms', { name: fields.name, ...texts_of }));
		onDone();
	});
	const field = (name, label, hint, area) => html`<label>${label}${area ? html`<textarea name=${name} defaultValue=${old?.[name] ?? ''}></textarea>` : html`<input name=${name} defaultValue=${old?.[name] ?? (name === 'asks' ? 'name* email* company message' : '')} autocomplete="off" />`}</label>${hint && html`<p class="hint">${hint}</p>`}`;

	return html`<${Dialog} title=${old ? old.name : say.new_form} wide onClose=${onClose}><${ProblemNote} problem=${form.problem} /><form onSubmit=${form.submit}>
		${!old && html`<label>${say.form_name}<input name="name" required autofocus autocomplete="off" autocapitalize="off" spellcheck=${false} /></label><p class="hint">${say.form_name_hint}</p>`}
		${field('title', say.form_title)}${field('text', say.form_text, null, true)}
		${field('asks', say.form_asks, say.form_asks_hint)}
		<label>${say.form_kind}<input name="kind" defaultValue=${old?.kind ?? 'form'} list="form-kinds" maxlength="60" autocomplete="off" autocapitalize="off" spellcheck=${false} /></label>
		<datalist id="form-kinds">${kinds.map((kind) => html`<option key=${kind} value=${kind}></option>`)}</datalist><p class="hint">${say.form_kind_hint(kinds)}</p>
		${field('campaign', say.form_campaign)}${field('source', say.form_source)}${field('thanks', say.form_thanks, null, true)}${field('redirect', say.form_redirect, say.form_redirect_hint)}${field('consent', say.form_consent, say.form_consent_hint, true)}
		<button class="main" disabled=${form.busy}>${old ? say.save : say.make_form}</button></form><//>`;
}

function Forms() {
	const asked = useAsked('/api/forms');
	const [open, setOpen] = useState(null);
	const turn = (form) => act({ said: form.closed ? say.form_open(form.name) : say.form_closed(form.name), send: () => tell('PATCH', `/api/forms/${part(form.name)}`, { closed: !form.closed }), undo: () => tell('PATCH', `/api/forms/${part(form.name)}`, { closed: form.closed }) }).then(asked.again);

	return html`<${Heading} title=${say.forms}><p>${say.forms_what}</p><div class="buttons"><button type="button" class="main" onClick=${() => setOpen({})}>${say.new_form}</button></div><//>
		${open && html`<${Form} form=${open.form} kinds=${asked.data?.kinds ?? []} onClose=${() => setOpen(null)} onDone=${() => (setOpen(null), asked.again())} />`}
		<${Answer} asked=${asked}>${({ forms }) => (forms.length ? html`<ul class="lines">${forms.map((form) => html`<li key=${form.name}><span class=${form.closed ? 'quiet' : ''}><b>${form.title || form.name}</b>${form.closed ? ` ${say.is_closed}` : ''}<br /><small><a href=${form.address} target="_blank" rel="noopener">${form.address}</a>${form.campaign ? ` · ${form.campaign}` : ''} · ${form.kind}</small>${form.warning && !form.closed && html`<br /><span class="warn">${say.form_warning(form.warning)}</span>`}</span>
			<button type="button" aria-label=${say.change_whom(form.name)} onClick=${() => setOpen({ form })}>${say.change}</button><button type="button" onClick=${() => turn(form)}>${form.closed ? say.open : say.close}</button></li>`)}</ul>`
		: html`<${Empty} title=${say.no_forms}><p>${say.no_forms_why}</p><//>`)}<//>`;
}

// ---- the page ----

const sections = [
	{ name: 'profile', title: say.profile, Section: Profile },
	{ name: 'people', title: say.people, roles: ['admin'], Section: People },
	{ name: 'forms', title: say.forms, roles: ['admin', 'marketing'], Section: Forms },
	{ name: 'hooks', title: texts.hooks.title, roles: ['admin', 'marketing'], Section: () => html`<${Hooks} />` },
	{ name: 'ways-out', title: texts.ways_out.title, roles: ['admin'], Section: () => html`<${WaysOut} />` },
	{ name: 'journal', title: say.journal, roles: ['admin'], Section: Journal },
];
const listed = () => sections.filter((section) => !section.roles || is(...section.roles));
const path_of = (name) => (name === 'profile' ? '/settings' : `/settings/${name}`);

function Page({ section: name = 'profile' }) {
	const list = listed();
	const section = list.find((s) => s.name === name);

	if (!section)
		return html`<${Heading} title=${texts.frame.nowhere} /><${Empty} title=${texts.frame.nowhere_why} />`;
	return html`<div class="with-menu"><nav class="beside" aria-label=${say.title}><ul>${list.map((s) => html`<li key=${s.name}><a href=${path_of(s.name)} aria-current=${s === section ? 'page' : undefined}>${s.title}</a></li>`)}</ul></nav>
		${list.length > 1 && html`<label class="instead">${say.title}<select value=${name} onChange=${(event) => go(path_of(event.target.value))}>${list.map((s) => html`<option key=${s.name} value=${s.name}>${s.title}</option>`)}</select></label>`}
		<div class="body"><${section.Section} key=${name} /></div></div>`;
}

export const settings_section = { name: 'settings_section', under: 'settings', path: '/settings/:section', title: say.title, Page };
export default { name: 'settings', path: '/settings', title: say.title, nav: true, jump: 's', Page };
