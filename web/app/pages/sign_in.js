// Coming in: with a password (and a second factor where the account has one), through the company's own sign-in, or by a link.

import { useEffect, useState } from 'preact/hooks';
import { ask, me, tell } from '../api.js';
import { forget } from '../asked.js';
import { go, path, query } from '../router.js';
import { texts } from '../texts.js';
import { set_clock } from '../time.js';
import { Heading, html, ProblemNote } from '../ui.js';

const say = texts.sign_in;

function Door({ title, children }) {
	return html`<main class="door" id="main"><p class="brand">Lockstep</p><${Heading} title=${title} />${children}</main>`;
}

// Fields by name to what they hold; the button waits while it is sent.
export function useForm(send) {
	const [problem, setProblem] = useState(null);
	const [busy, setBusy] = useState(false);
	const submit = async (event) => {
		event.preventDefault();
		setBusy(true);
		setProblem(null);
		try {
			await send(Object.fromEntries(new FormData(event.target)));
		} catch (refused) {
			setProblem(refused);
		}
		setBusy(false);
	};
	return { problem, busy, submit };
}

const Code = () => html`<label>${say.code}<input name="code" required autofocus autocomplete="one-time-code" autocapitalize="off" spellcheck=${false} /></label>
	<p class="hint">${say.code_hint}</p>`;

function come_in({ data }) {
	forget();
	set_clock(data.now);
	me.value = data;
}

// A link by mail, where the server sends mail; else the admin gives one.
function Forgotten() {
	const [answer, setAnswer] = useState(null);
	const form = useForm(async ({ login }) => {
		setAnswer((await tell('POST', '/api/links/ask', { login })).data);
	});

	return html`<details class="forgotten"><summary>${say.forgotten}</summary>
		${answer ? html`<p role="status">${answer.mail ? say.sent : say.no_mail}</p>` : html`<${ProblemNote} problem=${form.problem} /><p class="hint">${say.forgotten_how}</p>
			<form onSubmit=${form.submit}><label>${say.your_login}<input name="login" required autocomplete="username" autocapitalize="off" spellcheck=${false} /></label><button disabled=${form.busy}>${say.send}</button></form>`}
	</details>`;
}

export function SignIn() {
	const [ways, setWays] = useState({ password: true });
	const [coded, setCoded] = useState(false);
	const form = useForm(async ({ login, password, code }) => {
		try {
			come_in(await tell('POST', '/api/session', { login, password, ...(code ? { code: code.replaceAll(' ', '') } : {}) }));
		} catch (refused) {
			if (!refused.names('code') || code)
				throw refused;
			setCoded(true);
		}
	});

	useEffect(() => {
		ask('/api/sign-in').then(({ data }) => setWays(data), () => {});
	}, []);
	return html`<${Door} title=${say.title}>
		${query.value.get('refused') === 'sign-in' && html`<div class="refused" role="alert"><p>${say.refused}</p></div>`}
		<${ProblemNote} problem=${form.problem} />
		${ways.password && html`<form onSubmit=${form.submit}>
			<label>${say.login}<input name="login" required autofocus autocomplete="username" autocapitalize="off" spellcheck=${false} /></label>
			<label>${say.password}<input name="password" type="password" required autocomplete="current-password" /></label>
			${coded && html`<${Code} />`}
			<button class="main" disabled=${form.busy}>${say.go}</button>
		</form>`}
		${ways.oidc && html`<p class="other"><a class="button" href=${`${ways.oidc.start}?to=${encodeURIComponent(path.value)}`}>${say.with(ways.oidc.name)}</a></p>`}
		<${Forgotten} />
	<//>`;
}

// An invitation, or a new password. What the link is stands behind the #, which no server ever sees.
export function Join() {
	const [link] = useState(location.hash.slice(1));
	const [found, setFound] = useState(null);
	const [gone, setGone] = useState(null);
	const [coded, setCoded] = useState(false);
	const form = useForm(async ({ password, again, code }) => {
		if (password !== again)
			throw Object.assign(new Error(say.differ), { problems: [] });
		try {
			come_in(await tell('POST', '/api/links/use', { link, password, ...(code ? { code } : {}) }));
			go('/', { replace: true });
		} catch (refused) {
			if (!refused.names?.('code') || code)
				throw refused;
			setCoded(true);
		}
	});

	useEffect(() => {
		tell('POST', '/api/links/look', { link }).then(({ data }) => setFound(data), setGone);
	}, []);
	if (gone)
		return html`<${Door} title=${say.link_gone}><p>${say.link_gone_why}</p><p><a href="/">${say.to_sign_in}</a></p><//>`;
	return found && html`<${Door} title=${found.kind === 'reset' ? say.reset : say.welcome(found.name)}>
		<p>${say.choose(found.login)}</p>
		<${ProblemNote} problem=${form.problem} />
		<form onSubmit=${form.submit}>
			<input name="login" type="text" autocomplete="username" value=${found.login} hidden readonly />
			<label>${say.new_password}<input name="password" type="password" required minlength="10" autofocus autocomplete="new-password" /></label>
			<label>${say.again}<input name="again" type="password" required autocomplete="new-password" /></label>
			${coded && html`<${Code} />`}
			<button class="main" disabled=${form.busy}>${say.set}</button>
		</form>
	<//>`;
}
