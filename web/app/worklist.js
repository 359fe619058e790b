// A list to be worked through from top to bottom: one lead is chosen, stands in the address, and has the focus; the next comes by itself
// when this one is done.

import { signal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { key_of, lead_path, name_of } from './lead_acts.js';
import { go, go_with, path, query } from './router.js';
import { texts } from './texts.js';
import { html } from './ui.js';

const say = texts.desk;
const BESIDE = '(min-width: 60rem)'; // there is room for the lead beside its list

// The list that somebody came from, with its address: a lead's own page leads on along it. { address, keys }
export const came_from = signal(null);

// order: the leads as they are listed. put: of useAsked.
export function useWorklist(order, put) {
	const focus = useRef(query.peek().has('lead')); // who comes back goes on where they were
	const chosen = order.find((lead) => key_of(lead) === query.value.get('lead')) ?? order[0];
	const place = order.indexOf(chosen);
	const choose = (lead) => {
		if (!lead)
			return;
		focus.current = true;
		go_with({ lead: key_of(lead) });
	};
	const change = (key, patch) => put((old) => ({ ...old, leads: old.leads.map((lead) => (key_of(lead) === key ? { ...lead, ...patch } : lead)) }));

	useEffect(() => {
		if (!focus.current || !chosen)
			return;
		focus.current = false;
		const row = document.getElementById(`row-${key_of(chosen)}`);
		row?.focus({ preventScroll: true });
		row?.scrollIntoView({ block: 'nearest' });
	}, [chosen && key_of(chosen)]);
	const keys = order.map(key_of);
	useEffect(() => {
		came_from.value = { address: path.peek() + location.search, keys };
	}, [keys.join(), query.value]);
	return {
		chosen,
		choose,
		gone: () => choose(order[place + 1] ?? order[place - 1]),
		// Shows the chosen one as it will be; returns the way back.
		changed: (patch) => {
			change(key_of(chosen), patch);
			return () => change(key_of(chosen), { ...chosen, just: undefined });
		},
		// A link: to the lead's page, or, where there is room, to the lead beside the list.
		row: (lead) => ({
			class: 'row',
			href: lead_path(lead),
			id: `row-${key_of(lead)}`,
			'aria-current': lead === chosen ? 'true' : undefined,
			onClick: (event) => {
				const by_key = lead === chosen && !event.detail; // Enter: it is beside the list already
				if (by_key || !matchMedia(BESIDE).matches || event.ctrlKey || event.metaKey || event.shiftKey)
					return;
				event.preventDefault();
				choose(lead);
			},
		}),
		keys: [
			{ keys: 'j', also: ['ArrowDown'], label: say.next_lead, run: () => choose(order[Math.min(place + 1, order.length - 1)]) },
			{ keys: 'k', also: ['ArrowUp'], label: say.previous_lead, run: () => choose(order[Math.max(place - 1, 0)]) },
			{ keys: 'Enter', label: say.open_lead, when: Boolean(chosen), run: () => go(lead_path(chosen)) },
		],
	};
}

// parts: [{ name, title, leads, total }]; more: how many are not listed, onMore: lists them, where that can be. Row gets the lead and its link's attributes.
export function Worklist({ label, parts, work, Row, more, onMore, children }) {
	return html`<div class="desk">
		<div class="due" role="region" aria-label=${label}>${parts.map(({ name, title, leads, total }) => html`<section key=${name} class=${name}>
			<h2>${title} <span class="count">${total > leads.length ? say.of(leads.length, total) : leads.length}</span></h2>
			<ul>${leads.map((lead) => html`<li key=${key_of(lead)}><a ...${work.row(lead)}><${Row} lead=${lead} /></a></li>`)}</ul></section>`)}
			${more > 0 && html`<p class="quiet">${onMore ? html`<button type="button" onClick=${onMore}>${say.show_more(more)}</button>` : say.more(more)}</p>`}
		</div>
		${children}
	</div>`;
}

export const Who = ({ lead }) => html`<span class="who"><b>${name_of(lead)}</b>${lead.name && lead.company && html` <span>${lead.company}</span>`}</span>`;
