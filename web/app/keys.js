// Keys of what is on the screen. `?` lists them, the palette offers them as actions.
//
//	useKeys([{ keys: 'a', label: 'Accept', run: accept, when: open }, { keys: 'g d', label: 'My desk', run }])
//
// A single letter counts only outside of fields and dialogs, and can be switched off (WCAG 2.1.4): who dictates, or slips, decides nothing.

import { signal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { texts } from './texts.js';
import { Dialog, html } from './ui.js';

const PENDING_MS = 1200;
const groups = [];
let pending = '';
let pending_until = 0;

export const letters_on = signal(localStorage.getItem('lockstep-keys') !== 'off');
export const help_open = signal(false);

export function set_letters(on) {
	letters_on.value = on;
	localStorage.setItem('lockstep-keys', on ? 'on' : 'off');
}

// list: may be made anew at each rendering; group: the heading in the help.
export function useKeys(list, group) {
	const entry = useRef({ list, group });

	entry.current.list = list;
	entry.current.group = group;
	useEffect(() => {
		groups.push(entry.current);
		return () => groups.splice(groups.indexOf(entry.current), 1);
	}, []);
}

export function known_keys() {
	return groups.map(({ list, group }) => ({ group, list: list.filter((key) => key.label && key.when !== false) })).filter(({ list }) => list.length);
}

const in_field = (target) => target.matches?.('input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]');

function named(event) {
	const modified = event.ctrlKey || event.metaKey ? 'Ctrl+' : '';
	return modified + (modified ? event.key.toLowerCase() : event.key);
}

function find(name) {
	for (const { list } of [...groups].reverse())
		for (const key of list)
			if (key.when !== false && [key.keys, ...(key.also ?? [])].includes(name))
				return key;
	return null;
}

const begins = (name) => groups.some(({ list }) => list.some((key) => key.when !== false && key.keys.startsWith(`${name} `)));

addEventListener('keydown', (event) => {
	const name = named(event);
	const modified = name.startsWith('Ctrl+');
	const fresh = Date.now() < pending_until;

	if (event.defaultPrevented || event.altKey || event.isComposing)
		return;
	if (!modified && (in_field(event.target) || !letters_on.value))
		return;
	if (document.querySelector('dialog[open]') && !find(name)?.anywhere)
		return;
	if (name === 'Enter' && event.target.closest?.('a, button, summary'))
		return;
	const key = (fresh && find(`${pending} ${name}`)) || (modified && in_field(event.target) && !find(name)?.anywhere ? null : find(name));
	pending = '';
	pending_until = 0;
	if (key) {
		event.preventDefault();
		key.run(event);
	} else if (begins(name)) {
		pending = name;
		pending_until = Date.now() + PENDING_MS;
	}
});

const shown = { ArrowDown: '↓', ArrowUp: '↑', Enter: '↵', 'Ctrl+k': 'Ctrl K', 'Ctrl+z': 'Ctrl Z' };
export const key_words = (keys) => keys.split(' ').map((key) => shown[key] ?? key);

export function Help() {
	const say = texts.help;

	return help_open.value && html`<${Dialog} title=${say.title} wide onClose=${() => (help_open.value = false)}>
		<div class="keys">${known_keys().reverse().map(({ group, list }) => html`<section key=${group}><h3>${group}</h3><dl>
			${list.map((key) => html`<div key=${key.keys}><dt>${key_words(key.keys).map((k) => html`<kbd>${k}</kbd> `)}</dt><dd>${key.label}</dd></div>`)}
		</dl></section>`)}</div>
		<label class="check"><input type="checkbox" checked=${letters_on.value} onChange=${(event) => set_letters(event.target.checked)} /> ${say.letters}</label>
	<//>`;
}
