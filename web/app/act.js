// Doing something: it shows at once, is told to the server, and can be taken back; where it was refused all is as before, with the reason.
//
//	act({ said: 'Accepted.', show: () => put(changed), send: () => tell(…), undo: () => tell(…) })
//
// show() changes what is shown and returns how it was before (a function), or nothing. undone() is called once it was taken back. What the book
// cannot take back (a contact is a contact) is held for some seconds before it is sent: held: true; send(at) gets the moment it was done.

import { signal } from '@preact/signals';
import { held, stir } from './asked.js';
import { texts } from './texts.js';
import { now } from './time.js';
import { html, Key } from './ui.js';

const say = texts.act;
const SHOWN_MS = 8000;
const HELD_MS = 5000;
let last = 0;

const notes = signal([]);

function drop(id) {
	notes.value = notes.value.filter((note) => note.id !== id);
}

function add(note) {
	const id = ++last;
	notes.value = [...notes.value.slice(-2), { id, ...note }];
	setTimeout(() => drop(id), note.bad ? 2 * SHOWN_MS : note.ms ?? SHOWN_MS);
	return id;
}

export const note = (text) => add({ text });
export const complain = (problem) => add({ bad: true, text: problem.conflict ? say.conflict : problem.message });

// The server's clock, in whole seconds that are over.
const moment = () => new Date(Math.floor(now.value / 1000) * 1000).toISOString().replace('.000Z', '+00:00');

const waiting = new Set(); // what is held: each sends it now, and resolves when the server has answered

// Resolves once its time is over, or the page goes; to false where it was taken back. sent: resolves when the server has answered.
function hold(said, sent) {
	return new Promise((resolve) => {
		const end = (sends) => {
			clearTimeout(timer);
			if (waiting.delete(entry))
				held.value--;
			drop(id);
			resolve(sends);
		};
		const entry = () => (end(true), sent);
		const timer = setTimeout(entry, HELD_MS);
		const id = add({ text: said, undo: () => end(false), ms: HELD_MS });
		waiting.add(entry);
		held.value++;
	});
}

// Whatever is held is sent now: the page goes, or something is done that goes by it.
export const flush = () => Promise.all([...waiting].map((send) => send()));
addEventListener('pagehide', flush);

export async function act({ said, show, send, undo, undone, held: holds }) {
	const at = moment();
	const restore = show?.();
	let answered;

	if (holds && !(await hold(said, new Promise((resolve) => (answered = resolve))))) {
		restore?.();
		undone?.();
		stir();
		return null;
	}
	try {
		if (!holds)
			await flush();
		const answer = await send(at);
		if (!holds)
			add({ text: said, undo, undone });
		return answer ?? true;
	} catch (problem) {
		restore?.();
		complain(problem);
		return null;
	} finally {
		answered?.();
		stir();
	}
}

async function take_back(chosen) {
	drop(chosen.id);
	try {
		await chosen.undo();
		add({ text: say.taken_back(chosen.text) });
		chosen.undone?.();
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
