// Ctrl-K: pages, what can be done here, and leads by part of a name, a mail address or a company, as one types.

import { signal } from '@preact/signals';
import { useEffect, useState } from 'preact/hooks';
import { ask, part } from './api.js';
import { lead_path } from './lead_acts.js';
import { key_words, known_keys } from './keys.js';
import { may_see, pages } from './pages.js';
import { go } from './router.js';
import { texts } from './texts.js';
import { Dialog, html } from './ui.js';

const say = texts.palette;
const TYPED_MS = 120;
const MOST = 8;

export const palette_open = signal(false);

const has_words = (label, words) => words.every((word) => label.toLowerCase().includes(word));

// What is here, without asking anybody.
function here(text) {
	const words = text.toLowerCase().split(/\s+/).filter(Boolean);
	const ways = pages.filter((page) => page.nav && may_see(page) && has_words(page.title, words))
		.map((page) => ({ id: `page-${page.name}`, group: say.pages, label: page.title, keys: page.jump && `g ${page.jump}`, run: () => go(page.path) }));
	const doings = known_keys().flatMap(({ list }) => list).filter((key) => !/^g |^(Ctrl\+k|j|k|Enter)$/.test(key.keys) && has_words(key.label, words))
		.map((key) => ({ id: `do-${key.keys}-${key.label}`, group: say.actions, label: key.label, keys: key.keys, run: key.run }));

	return [...ways, ...doings];
}

const lead_item = (lead) => ({
	id: `lead-${lead.source}-${lead.lead}`,
	group: say.leads,
	label: lead.name ?? lead.company ?? lead.lead,
	hint: [lead.name && lead.company, lead.email, lead.life, lead.owner].filter(Boolean).join(' · '),
	run: () => go(lead_path(lead)),
});

function useLeads(text) {
	const [found, setFound] = useState([]);

	useEffect(() => {
		let gone = false;
		if (text.trim().length < 2) {
			setFound([]);
			return undefined;
		}
		const timer = setTimeout(() => ask(`/api/leads?limit=${MOST}&find=${part(text.trim())}`)
			.then(({ data }) => gone || setFound(data.leads.map(lead_item)), () => gone || setFound([])), TYPED_MS);
		return () => {
			gone = true;
			clearTimeout(timer);
		};
	}, [text]);
	return found;
}

function Open() {
	const [text, setText] = useState('');
	const [at, setAt] = useState(0);
	const leads = useLeads(text);
	const typed_text = text.trim();
	const all = leads.length === MOST && { id: 'leads-all', group: say.leads, label: say.all_of(typed_text), run: () => go(`/leads?standing=all&find=${part(typed_text)}`) };
	const items = [...(typed_text ? [...leads, all].filter(Boolean) : []), ...here(text)];
	const chosen = Math.min(at, items.length - 1);
	const close = () => (palette_open.value = false);
	const run = (item) => (close(), item && setTimeout(item.run));
	const typed = (event) => {
		const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
		if (step && items.length)
			setAt((chosen + step + items.length) % items.length);
		else if (event.key === 'Enter')
			run(items[chosen]);
		else
			return;
		event.preventDefault();
	};

	useEffect(() => document.getElementById(`option-${chosen}`)?.scrollIntoView({ block: 'nearest' }), [chosen]);
	return html`<${Dialog} title=${say.title} quiet wide onClose=${close}>
		<input class="palette" type="text" role="combobox" autofocus autocomplete="off" spellcheck=${false} aria-label=${say.title} aria-expanded="true" aria-controls="options"
			aria-activedescendant=${items.length ? `option-${chosen}` : undefined} placeholder=${say.placeholder} value=${text}
			onInput=${(event) => (setText(event.target.value), setAt(0))} onKeyDown=${typed} />
		<div id="options" role="listbox" aria-label=${say.title}>${items.map((item, i) => html`
			${(!i || items[i - 1].group !== item.group) && html`<div class="group" role="presentation" key=${`group-${item.group}`}>${item.group}</div>`}
			<div key=${item.id} id=${`option-${i}`} role="option" aria-selected=${i === chosen} onClick=${() => run(item)} onMouseMove=${() => i === chosen || setAt(i)}>
				<span>${item.label}</span>${item.hint && html`<small>${item.hint}</small>`}${item.keys && html`<span class="keys-of">${key_words(item.keys).map((k) => html`<kbd>${k}</kbd>`)}</span>`}</div>`)}
		</div>
		${!items.length && html`<p class="asking">${say.nothing(text)}</p>`}
	<//>`;
}

export const Palette = () => palette_open.value && html`<${Open} />`;
