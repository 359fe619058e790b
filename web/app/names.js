// Who the leads of a list are: people know names, not ids.

import { useEffect, useState } from 'preact/hooks';
import { ask } from './api.js';
import { html } from './ui.js';

const AT_ONCE = 50;
const known = new Map(); // by id, and by source and id

export const forget_names = () => known.clear();

const quoted = (text) => `"${text.replaceAll('"', '""')}"`;

async function learn(keys) {
	const { data } = await ask(`/api/leads?${new URLSearchParams({ where: `key in (${keys.map(quoted).join(', ')})`, limit: 200 })}`);

	for (const key of keys)
		known.set(key, null);
	for (const lead of data.leads) {
		known.set(lead.lead, lead);
		known.set(`${lead.source}:${lead.lead}`, lead);
	}
}

// (id, source) => { name, company }, or undefined while nobody has answered; null: nobody is known by that id.
export function useNames(keys) {
	const wanted = [...new Set(keys)].filter((key) => key && !known.has(key));
	const [, setTurn] = useState(0);

	useEffect(() => {
		let gone = false;
		(async () => {
			for (let i = 0; i < wanted.length && !gone; i += AT_ONCE) {
				await learn(wanted.slice(i, i + AT_ONCE)).catch(() => {});
				gone || setTurn((turn) => turn + 1);
			}
		})();
		return () => (gone = true);
	}, [wanted.join()]);
	return (key, source) => (source && known.get(`${source}:${key}`)) ?? known.get(key);
}

// "Zoe Zed", and beside it "Zed AG"; the id where neither is known.
export function Named({ who, id }) {
	const name = who?.name ?? who?.company ?? id;

	return html`${name}${who?.name && who.company && html` <small class="firm">${who.company}</small>`}${name !== id && html` <small class="lead-id">${id}</small>`}`;
}
