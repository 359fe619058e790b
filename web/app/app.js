// The pages of Lockstep: who is signed in sees the page of this address inside the frame; who is not signs in first.

import { render } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { signal } from '@preact/signals';
import { ask, me, tell } from './api.js';
import { Notes, undo_last } from './act.js';
import { forget, stir } from './asked.js';
import { Help, help_open, useKeys } from './keys.js';
import { Palette, palette_open } from './palette.js';
import { first_page, may_see, page_at, pages } from './pages.js';
import { Join, SignIn } from './pages/sign_in.js';
import { first_look } from './pages/welcome.js';
import { go, path } from './router.js';
import { texts } from './texts.js';
import { set_clock } from './time.js';
import { Empty, Heading, html, Key } from './ui.js';

const say = texts.frame;

// ---- how it looks ----

const theme = signal(localStorage.getItem('lockstep-theme') ?? 'auto');

function set_theme(value) {
	theme.value = value;
	localStorage.setItem('lockstep-theme', value);
	show_theme();
}

function show_theme() {
	if (theme.value === 'auto')
		delete document.documentElement.dataset.theme;
	else
		document.documentElement.dataset.theme = theme.value;
}
show_theme();

// ---- the frame ----

async function sign_out() {
	await tell('DELETE', '/api/session').catch(() => {});
	forget();
	me.value = null;
	go('/');
}

function Account() {
	const [open, setOpen] = useState(false);

	useEffect(() => {
		const away = (event) => event.target.closest?.('.account') || setOpen(false);
		document.addEventListener('click', away);
		return () => document.removeEventListener('click', away);
	}, []);
	return html`<details class="account" open=${open} onToggle=${(event) => setOpen(event.currentTarget.open)}
		onKeyDown=${(event) => event.key === 'Escape' && (setOpen(false), event.currentTarget.querySelector('summary').focus())}>
		<summary><span class="name">${me.value.name}</span></summary>
		<div class="menu">
			<p><b>${me.value.name}</b><br /><small>${me.value.login} · ${me.value.roles.join(', ')}${me.value.team ? ` · ${me.value.team}` : ''}</small></p>
			<fieldset><legend>${say.appearance}</legend>${['auto', 'light', 'dark'].map((value) => html`<label key=${value}><input type="radio" name="theme"
				value=${value} checked=${theme.value === value} onChange=${() => set_theme(value)} /> ${say.themes[value]}</label>`)}</fieldset>
			<button type="button" onClick=${() => (setOpen(false), (help_open.value = true))}>${say.keys} <${Key}>?<//></button>
			<button type="button" onClick=${sign_out}>${say.sign_out}</button>
		</div>
	</details>`;
}

function Frame() {
	const found = page_at(path.value);
	const listed = pages.filter((page) => page.nav && may_see(page));

	useKeys([
		...listed.filter((page) => page.jump).map((page) => ({ keys: `g ${page.jump}`, label: say.go_to(page.title), run: () => go(page.path) })),
		{ keys: 'Ctrl+k', also: ['/'], label: say.palette, anywhere: true, run: () => (palette_open.value = true) },
		{ keys: 'u', also: ['Ctrl+z'], label: say.undo, run: undo_last },
		{ keys: '?', label: say.keys, run: () => (help_open.value = true) },
	], say.everywhere);
	useEffect(() => {
		if (path.value === '/' || path.value === '/sign-in')
			first_look().then((to) => go(to, { replace: true }));
		document.querySelector('.top nav [aria-current]')?.scrollIntoView({ inline: 'center', block: 'nearest' });
	}, [path.value]);

	return html`<a class="skip" href="#main">${say.skip}</a>
	<header class="top">
		<a class="brand" href=${first_page()}>Lockstep</a>
		<nav aria-label=${say.pages}><ul>${listed.map((page) => html`<li key=${page.name}><a href=${page.path} aria-current=${found && [found.page.name, found.page.under].includes(page.name) ? 'page' : undefined}>${page.title}</a></li>`)}</ul></nav>
		<button type="button" class="search" onClick=${() => (palette_open.value = true)}><span>${say.search}</span> <${Key}>Ctrl K<//></button>
		<${Account} />
	</header>
	<main id="main" tabindex="-1" class=${found ? `page-${found.page.name}` : ''}>${found ? html`<${found.page.Page} key=${path.value} ...${found.parts} />` : html`<${Nowhere} />`}</main>
	<${Palette} /><${Help} /><${Notes} />`;
}

function Nowhere() {
	return path.value !== '/' && html`<${Heading} title=${say.nowhere} /><${Empty} title=${say.nowhere_why}><p><a href=${first_page()}>${say.nowhere_go}</a></p><//>`;
}

function App() {
	useEffect(() => {
		if (document.querySelector('script[data-known]').dataset.known === 'no')
			me.value = null; // no cookie came: nobody need be asked
		else
			ask('/api/session').then(({ data }) => (set_clock(data.now), (me.value = data)), () => (me.value = null));
	}, []);
	if (path.value === '/join')
		return html`<${Join} />`;
	return me.value === undefined ? null : me.value ? html`<${Frame} />` : html`<${SignIn} onIn=${stir} />`;
}

const root = document.getElementById('app');
root.replaceChildren();
render(html`<${App} />`, root);
