// Leads that may be of one person, likeliest first: looked at side by side, and merged.

import { useState } from 'preact/hooks';
import { useAsked } from '../asked.js';
import { useKeys } from '../keys.js';
import { key_of, lead_path, name_of } from '../lead_acts.js';
import { Merge } from '../merge.js';
import { texts } from '../texts.js';
import { when_words } from '../time.js';
import { Answer, Empty, Heading, html } from '../ui.js';

const say = texts.duplicates;

const Who = ({ lead }) => html`<div><a href=${lead_path(lead)}><b>${name_of(lead)}</b></a>${lead.name && lead.company && html` <span>${lead.company}</span>`}
	<small>${[lead.lead, lead.created && when_words(lead.created), texts.lead.lives[lead.life] ?? lead.life, lead.owner].filter(Boolean).join(' · ')}</small></div>`;

function Pairs({ pairs }) {
	const [at, setAt] = useState(0);
	const [merging, setMerging] = useState(null);
	const chosen = Math.min(at, pairs.length - 1);
	const move = (to) => {
		setAt(to);
		document.getElementById(`pair-${to}`)?.focus();
	};

	useKeys([
		{ keys: 'j', also: ['ArrowDown'], label: say.down, run: () => move(Math.min(chosen + 1, pairs.length - 1)) },
		{ keys: 'k', also: ['ArrowUp'], label: say.up, run: () => move(Math.max(chosen - 1, 0)) },
		{ keys: 'Enter', label: say.look, when: pairs.length > 0, run: () => setMerging(pairs[chosen]) },
	], say.title);
	if (!pairs.length)
		return html`<${Empty} title=${say.none}><p>${say.none_why}</p><//>`;
	return html`<ol class="pairs">${pairs.map((pair, i) => html`<li key=${`${key_of(pair.later)} ${key_of(pair.earlier)}`} class=${i === chosen ? 'chosen' : ''}>
			<p class="alike"><b>${pair.score} %</b> <small>${pair.reasons.join(', ')}</small></p><${Who} lead=${pair.earlier} /><${Who} lead=${pair.later} />
			<button type="button" id=${`pair-${i}`} aria-label=${say.look_at(name_of(pair.earlier), name_of(pair.later))} onFocus=${() => setAt(i)} onClick=${() => setMerging(pair)}>${say.look}</button></li>`)}</ol>
		${merging && html`<${Merge} goes=${merging.later} stays=${merging.earlier} onClose=${() => setMerging(null)} />`}`;
}

function Page() {
	const asked = useAsked('/api/duplicates?limit=100');

	return html`<${Heading} title=${say.title}><p>${say.what}</p><//><${Answer} asked=${asked}>${(data) => html`<${Pairs} pairs=${data.pairs} />`}<//>`;
}

export default { name: 'duplicates', under: 'leads', path: '/duplicates', title: say.title, roles: ['marketing', 'sales manager', 'nurture', 'admin'], Page };
