// The queue of nurture: who may go to sales now, and what the others lack; the five questions on a card beside it.

import { act } from '../act.js';
import { is, part, tell } from '../api.js';
import { useAsked } from '../asked.js';
import { useKeys } from '../keys.js';
import { ActBar, key_of, lead_path, tell_lead, useLeadActs } from '../lead_acts.js';
import { Gate, Person, Standing, TimeLine, useLead } from '../lead_view.js';
import { go_with, query } from '../router.js';
import { texts } from '../texts.js';
import { when_words } from '../time.js';
import { Answer, Empty, Heading, html } from '../ui.js';
import { useWorklist, Who, Worklist } from '../worklist.js';

const say = texts.nurture;
const PAGE = 100;
const MOST = 1000;
const questions = ['budget', 'authority', 'need', 'timeframe', 'trust'];

const marks_words = (answers) => questions.map((q) => `${say.questions[q].name}: ${say.answers[answers[q] ?? 'open']}`).join(', ');

function Row({ lead }) {
	const gate = lead.gate;

	return html`<${Who} lead=${lead} />
		<span class="when">${gate && (gate.bar ? html`<b>${Math.round(gate.points)}</b> / ${gate.bar}` : say.at_once)}</span>
		<span class="what">${gate?.type ?? say.no_type} · ${lead.tried ? texts.desk.tried(lead.attempts, when_words(lead.tried)) : texts.desk.untried}</span>
		<span class="from bant" role="img" aria-label=${marks_words(lead.answers)}>${questions.map((q) => html`<i key=${q} class=${{ true: 'good', false: 'bad' }[lead.answers[q]] ?? ''}>${say.questions[q].letter}</i>`)}</span>`;
}

// BANT + T: what was answered, and what each yes is worth.
function Card({ lead, words, onAnswer }) {
	const may = is('marketing', 'sales manager', 'sales rep', 'nurture', 'partner', 'admin');

	return html`<div class="card"><h3>${say.card}</h3><dl>${questions.map((q, i) => {
		const said = lead.answers[q];
		return html`<div key=${q}><dt><b>${say.questions[q].name}</b> <span class="quiet">${say.questions[q].ask}</span></dt><dd>
			${[true, false].map((value) => html`<button type="button" key=${value} aria-pressed=${said === value} class=${said === value ? (value ? 'yes' : 'no') : ''} disabled=${!may}
				aria-label=${`${say.questions[q].name}: ${say.answers[value]}`} onClick=${() => onAnswer(q, value)}>${say.answers[value]}</button>`)}
			<span class="worth quiet">+${words.points[q]} ${' '}<kbd aria-hidden="true">${i + 1}</kbd></span></dd></div>`;
	})}</dl></div>`;
}

function Pane({ lead, words, actions, onAnswer }) {
	const { story } = useLead(key_of(lead));

	return html`<article class="pane" aria-labelledby="pane-name">
		<header><h2 id="pane-name"><a href=${lead_path(lead)}>${lead.name ?? lead.company ?? lead.lead}</a></h2><${Standing} lead=${lead} /></header>
		${story.data && html`<${Person} person=${story.data.person} />`}
		<${ActBar} actions=${actions} groups=${['decide', 'contact']} />
		<${Card} lead=${lead} words=${words} onAnswer=${onAnswer} />
		<h3>${say.good_enough}</h3><${Gate} gate=${lead.gate} />
		<${ActBar} quiet actions=${actions} groups=${['later', 'more']} />
		${story.data && html`<h3>${texts.lead.line}</h3><${TimeLine} line=${story.data.line} />`}
	</article>`;
}

function group_of({ gate, snoozed }) {
	if (snoozed)
		return 'aside';
	return gate?.passes ? 'ready' : gate?.type && gate.bar && gate.points >= gate.bar / 2 ? 'near' : 'far';
}

function grouped({ leads, ready }) {
	return ['ready', 'near', 'far', 'aside'].map((name) => ({ name, title: say.groups[name], leads: leads.filter((lead) => group_of(lead) === name), total: name === 'ready' ? ready : 0 }))
		.filter((part) => part.leads.length);
}

function List({ data, put, onMore }) {
	const parts = grouped(data);
	const work = useWorklist(parts.flatMap(({ leads }) => leads), put);
	const { chosen } = work;
	const { actions, dialog } = useLeadActs(chosen, data.words, { changed: work.changed, gone: work.gone, back: work.choose, clock: data.now });
	const answer = (q, value) => act({
		said: say.answered(chosen.name ?? chosen.lead, say.questions[q].name, say.answers[value]),
		show: () => work.changed({ answers: { ...chosen.answers, [q]: value } }),
		send: () => tell_lead('POST', chosen, 'answers', { [q]: value }),
		undo: () => tell('POST', `/api/leads/${part(key_of(chosen))}/undo`, {}),
	});

	useKeys([
		...work.keys,
		...questions.map((q, i) => ({ keys: String(i + 1), label: say.ask_key(say.questions[q].name), when: Boolean(chosen), run: () => answer(q, chosen.answers[q] !== true) })),
		...actions,
	], say.title);
	if (!chosen)
		return html`<${Empty} title=${say.empty}><p>${say.empty_why}</p><//>`;
	return html`<${Worklist} label=${say.title} parts=${parts} work=${work} Row=${Row} more=${Math.min(data.total, MOST) - data.leads.length} onMore=${onMore}>
		<${Pane} key=${key_of(chosen)} lead=${chosen} words=${data.words} actions=${actions} onAnswer=${answer} />
	<//>${dialog}`;
}

function Page() {
	const limit = Number(query.value.get('limit') ?? PAGE);
	const asked = useAsked(`/api/nurture?limit=${limit}`);
	const data = asked.data;

	return html`<${Heading} title=${say.title}>${data?.leads.length > 0 && html`<p>${say.summary(data.ready, data.total)}</p>`}<//>
		<${Answer} asked=${asked}>${() => html`<${List} data=${data} put=${asked.put} onMore=${() => go_with({ limit: Math.min(limit + 2 * PAGE, MOST) })} />`}<//>`;
}

export default { name: 'nurture', path: '/nurture', title: say.title, roles: ['nurture', 'marketing', 'sales manager', 'admin', 'executive', 'facilitator', 'viewer'], nav: true, jump: 'n', Page };
