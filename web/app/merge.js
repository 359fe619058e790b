// Two leads that are one: side by side, which of them stays, and what goes along. Nothing is done before that was seen, and it can be taken back.

import { useState } from 'preact/hooks';
import { act } from './act.js';
import { part, tell } from './api.js';
import { useAsked } from './asked.js';
import { key_of, name_of } from './lead_acts.js';
import { texts } from './texts.js';
import { when_words } from './time.js';
import { Dialog, html, ProblemNote } from './ui.js';

const say = texts.merge;

const lines = {
	name: (lead) => lead.name,
	company: (lead) => lead.company,
	id: (lead) => texts.lead.id(lead.lead, lead.source),
	came: (lead) => lead.created && when_words(lead.created),
	life: (lead) => texts.lead.lives[lead.life] ?? lead.life,
	owner: (lead) => lead.owner,
};

// goes, stays: leads, with `created`. done(stays): it was told.
export function Merge({ goes, stays, done, onClose }) {
	const [turned, setTurned] = useState(false);
	const [from, into] = turned ? [stays, goes] : [goes, stays];
	const path = `/api/leads/${part(key_of(from))}`;
	const { data, problem } = useAsked(`${path}/merge?into=${part(key_of(into))}`, { live: false });
	const merge = () => {
		onClose();
		act({
			said: say.merged(name_of(from), from.lead, name_of(into), into.lead),
			send: () => tell('POST', `${path}/steps`, { step: 'duplicate', of: key_of(into) }),
			undo: () => tell('POST', `${path}/undo`, {}),
		}).then((told) => told && done?.(into));
	};

	return html`<${Dialog} title=${say.title} wide onClose=${onClose}>
		<table class="merge"><thead><tr><td></td><th scope="col">${say.goes}</th><th scope="col">${say.stays}</th></tr></thead>
			<tbody>${Object.entries(lines).map(([name, line]) => html`<tr key=${name}><th scope="row">${say.lines[name]}</th>
				<td>${line(from) ?? '–'}</td><td>${line(into) === line(from) ? html`<span class="quiet">${line(into) ?? '–'}</span>` : line(into) ?? '–'}</td></tr>`)}
				${data && data.points !== null && html`<tr><th scope="row">${say.lines.points}</th><td>${data.points}</td><td>${data.into_points}</td></tr>`}</tbody></table>
		<${ProblemNote} problem=${problem} />
		<p aria-live="polite">${data && `${say.moves(data)}${data.promises_void ? ` ${say.voids(data.promises_void)}` : ''}`}</p>
		<div class="acts"><button type="button" class="main" autofocus aria-disabled=${!data} onClick=${() => data && merge()}>${say.merge}</button>
			<button type="button" onClick=${() => setTurned(!turned)}>${say.turn}</button></div>
	<//>`;
}
