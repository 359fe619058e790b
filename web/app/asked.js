// Answers that stay true while somebody looks at them: asked when a page opens, and anew when something was told.

import { effect, signal } from '@preact/signals';
import { useEffect, useState } from 'preact/hooks';
import { ask, me } from './api.js';
import { forget_names } from './names.js';

const POLL_MS = 60000; // clocks run out by themselves, and a line may be cut off
const TOGETHER_MS = 250;
const KEPT = 60;

// Something may have changed: whoever shows answers asks anew, but not while something shows that was not sent yet (act.js).
export const pulse = signal(0);
export const held = signal(0);
export const stir = () => held.value || pulse.value++;

setInterval(() => document.hidden || stir(), POLL_MS);
document.addEventListener('visibilitychange', () => document.hidden || stir());

// The server says when something was told; many things at once are looked at once. The browser takes the line up again where it breaks.
let line;
let soon;
effect(() => {
	line?.close();
	line = me.value ? new EventSource('/api/events') : undefined;
	line?.addEventListener('message', () => {
		clearTimeout(soon);
		soon = setTimeout(() => document.hidden || stir(), TOGETHER_MS);
	});
});

const kept = new Map(); // of each path the last answer, so that going back shows at once

export function forget() {
	forget_names();
	kept.clear();
}

function keep(path, answer) {
	kept.delete(path);
	kept.set(path, answer);
	if (kept.size > KEPT)
		kept.delete(kept.keys().next().value);
}

const same_page = (before, after) => before && after && before.split('?')[0] === after.split('?')[0] && !/[?&]of=/.test(before + after);

// { data, etag, problem, again(), put(data) }: data is undefined until the first answer came. path null: nothing is asked.
export function useAsked(path, { live = true } = {}) {
	const [state, setState] = useState({ path, ...kept.get(path) });
	const beat = live ? pulse.value : 0;
	const [turn, setTurn] = useState(0);

	useEffect(() => {
		let gone = false;
		if (!path)
			return undefined;
		ask(path).then((answer) => {
			keep(path, answer);
			return { path, ...answer };
		}, (problem) => (problem.status === 404 ? { path, problem } : { path, ...kept.get(path), problem }))
			.then((next) => gone || setState(next));
		return () => (gone = true);
	}, [path, beat, turn]);

	// More of the same list, or other filters: what was there stays until the answer comes.
	const shown = state.path === path ? state : { path, ...(kept.get(path) ?? (same_page(state.path, path) ? { data: state.data } : {})) };
	return {
		...shown,
		again: () => setTurn(turn + 1),
		// What it will say once the server has done what was asked: the whole, or a function of what it says now.
		put: (next) => setState((old) => {
			const before = old.path === path ? old : { path, ...kept.get(path) };
			const after = { ...before, data: typeof next === 'function' ? next(before.data) : next };
			if (kept.has(path))
				keep(path, { data: after.data, etag: after.etag });
			return after;
		}),
	};
}
