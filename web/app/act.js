// Doing something: it shows at once, is told to the server, and can be taken back; where it was refused all is as before, with the reason.
//
//	act({ said: 'Accepted.', show: () => put(changed), send: () => tell(…), undo: () => tell(…) })
//
// show() changes what is shown and returns how it was before (a function), or nothing.

import { signal } from '@preact/signals';
import { stir } from './asked.js';
import { texts } from './texts.js';
import { html, Key } from './ui.js';

const say = texts.act;
const SHOWN_MS = 8000;
let last = 0;

const notes = signal([]);

function drop(id) {
	notes.value = notes.value.filter((note) => note.id !== id);
}

function add(note) {
	const id = ++last;
	notes.value = [...notes.value.slice(-2), { id, ...note }];
	setTimeout(() => drop(id), note.bad ? 2 * SHOWN_MS : SHOWN_MS);
}

export const note = (text) => add({ text });
export const complain = (problem) => add({ bad: true, text: problem.conflict ? say.conflict : problem.message });

export async function act({ said, show, send, undo }) {
	const restore = show?.();

	try {
		const answer = await send();
		add({ text: said, undo });
		stir();
		return answer ?? true;
	} catch (problem) {
		restore?.();
		complain(problem);
		stir();
		return null;
	}
}

async function take_back(chosen) {
	drop(chosen.id);
	try {
		await chosen.undo();
		add({ text: say.taken_back });
	} catch (problem) {
		complain(problem);
	}
	stir();
}

// The newest that can be taken back.
export function undo_last() {
	const chosen = notes.value.findLast((n) => n.undo);
	if (chosen)
		take_back(chosen);
	else
		add({ text: say.nothing_to_undo });
}

export function Notes() {
	return html`<div class="notes" role="status" aria-live="polite">${notes.value.map((n) => html`<div key=${n.id} class=${n.bad ? 'note bad' : 'note'}>
		<span>${n.text}</span>
		${n.undo && html`<button type="button" onClick=${() => take_back(n)}>${say.undo} <${Key}>u<//></button>`}
		<button type="button" class="plain" aria-label=${texts.ui.close} onClick=${() => drop(n.id)}>×</button>
	</div>`)}</div>`;
}
