// What all pages are made of: htm bound to Preact, and the few pieces that more than one page uses.

import { Fragment, h } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import htm from 'htm';
import { texts } from './texts.js';

export const html = htm.bind(h);
export { Fragment };

const say = texts.ui;

// A native dialog: the browser keeps the focus inside, closes it on Escape and gives the focus back.
export function Dialog({ title, onClose, children, wide, quiet }) {
	const ref = useRef();

	useLayoutEffect(() => { // before the next key comes
		const before = document.activeElement;
		ref.current.showModal();
		ref.current.querySelector('[autofocus]')?.focus();
		return () => before?.isConnected && before.focus();
	}, []);
	return html`<dialog ref=${ref} class=${wide ? 'wide' : ''} aria-label=${title} onClose=${onClose}
		onCancel=${(event) => (event.preventDefault(), onClose())}
		onClick=${(event) => event.target === ref.current && onClose()}>
		<div class="dialog">
			${!quiet && html`<header><h2>${title}</h2><button type="button" class="plain" aria-label=${say.close} onClick=${onClose}>×</button></header>`}
			${children}
		</div>
	</dialog>`;
}

// One of several, by number key, mouse or arrow; with room for a note. choices: [{ value, label, hint }].
export function Choose({ title, choices, note, noteLabel = say.note, onChoose, onClose }) {
	const [text, setText] = useState('');
	const list = useRef();
	const choose = (choice) => (onClose(), onChoose(choice.value, text.trim()));
	const typed = (event) => {
		const place = Number(event.key) - 1;
		const buttons = [...list.current.querySelectorAll('button')];
		const at = buttons.indexOf(document.activeElement);
		if (event.target.matches('input, textarea') || event.ctrlKey || event.metaKey || event.altKey)
			return;
		if (choices[place])
			choose(choices[place]);
		else if (event.key === 'ArrowDown' || event.key === 'j')
			buttons[Math.min(at + 1, buttons.length - 1)].focus();
		else if (event.key === 'ArrowUp' || event.key === 'k')
			buttons[Math.max(at - 1, 0)].focus();
		else
			return;
		event.preventDefault();
	};

	return html`<${Dialog} title=${title} onClose=${onClose}>
		<div onKeyDown=${typed}>
			<ol class="choices" ref=${list}>
				${choices.map((choice, i) => html`<li key=${choice.value}><button type="button" autofocus=${i === 0} onClick=${() => choose(choice)}>
					${i < 9 && html`<kbd>${i + 1}</kbd>`} <span>${choice.label ?? choice.value}</span>${choice.hint && html`<small>${choice.hint}</small>`}</button></li>`)}
			</ol>
			${note && html`<label>${noteLabel}<input value=${text} maxlength="2000" onInput=${(event) => setText(event.target.value)} /></label>`}
		</div>
	<//>`;
}

// What the server refused, member by member.
export function ProblemNote({ problem }) {
	return problem && html`<div class="refused" role="alert"><p>${problem.message}</p>
		${problem.problems?.length > 1 && html`<ul>${problem.problems.map((p) => html`<li>${p.member && html`<b>${p.member}</b>${': '}`}${p.text}</li>`)}</ul>`}</div>`;
}

// Nothing is there yet: what will be, and how it comes.
export const Empty = ({ title, children }) => html`<div class="empty"><h2>${title}</h2>${children}</div>`;

export const Asking = () => html`<p class="asking" role="status">${say.asking}</p>`;

// What was asked (asked.js), once it is there.
export function Answer({ asked, children }) {
	if (asked.problem && !asked.data)
		return html`<${ProblemNote} problem=${asked.problem} />`;
	return asked.data ? children(asked.data) : html`<${Asking} />`;
}

// A heading that says where we are, also to who only listens.
export function Heading({ title, children }) {
	useEffect(() => {
		document.title = `${title} · Lockstep`;
	}, [title]);
	return html`<header class="heading"><h1 tabindex="-1" id="heading">${title}</h1>${children}</header>`;
}

export const Key = ({ children }) => html`<kbd aria-hidden="true">${children}</kbd>`;
