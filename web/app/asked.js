// Answers that stay true while somebody looks at them: asked when a page opens, and anew when something was told.

import { signal } from '@preact/signals';
import { useEffect, useState } from 'preact/hooks';
import { ask } from './api.js';

const POLL_MS = 15000;
const KEPT = 60;

// Something may have changed: whoever shows answers asks anew.
export const pulse = signal(0);
export const stir = () => pulse.value++;

setInterval(() => document.hidden || stir(), POLL_MS);
document.addEventListener('visibilitychange', () => document.hidden || stir());

const kept = new Map(); // of each path the last answer, so that going back shows at once

export function forget() {
	kept.clear();
}

function keep(path, answer) {
	kept.delete(path);
	kept.set(path, answer);
	if (kept.size > KEPT)
		kept.delete(kept.keys().next().value);
}

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

	const shown = state.path === path ? state : { path, ...kept.get(path) };
	return {
		...shown,
		again: () => setTurn(turn + 1),
		// What it will say once the server has done what was asked.
		put: (data) => {
			if (kept.has(path))
				keep(path, { ...kept.get(path), data });
			setState((old) => ({ ...(old.path === path ? old : { path }), data }));
		},
	};
}
