// The agreement: read as a contract, who has signed it, signing; a change is written where it is checked as one types, and compared.

import { useEffect, useRef, useState } from 'preact/hooks';
import { act, complain } from '../act.js';
import { is, me, part, tell } from '../api.js';
import { useAsked } from '../asked.js';
import { useKeys } from '../keys.js';
import { go, go_with, query } from '../router.js';
import { texts } from '../texts.js';
import { today, when_words } from '../time.js';
import { Answer, Asking, Dialog, Empty, Heading, html, ProblemNote } from '../ui.js';
import { ReportBody } from './reports.js';

const say = texts.agreement;
const TYPED_MS = 400;
const lead_roles = ['executive', 'marketing', 'sales manager', 'facilitator', 'admin'];
const sides = ['marketing', 'sales', 'partner', 'executive'];

// ---- read as a contract ----

// Terms by their subject, in order.
function by_subject(terms) {
	const list = [];

	for (const term of terms) {
		if (list.at(-1)?.subject !== term.subject || list.at(-1)?.party !== term.party)
			list.push({ subject: term.subject, party: term.party, terms: [] });
		if (term.what !== 'party')
			list.at(-1).terms.push(term);
	}
	return list;
}

const Subject = ({ item }) => html`<div><dt>${item.subject}</dt><dd>${item.terms.map((term, i) => html`<p key=${i}>${term.what && html`<span class="quiet">${term.what} </span>`}${term.value}</p>`)}</dd></div>`;

function Chapter({ title, terms }) {
	const list = by_subject(terms);
	const parties = sides.filter((party) => list.some((item) => item.party === party));
	const promised = parties.length > 1 && list.some((item) => item.terms.length > 1);

	return html`<section class="chapter"><h2>${title}</h2>${promised
		? html`<div class="both">${parties.map((party) => html`<div class=${`promised ${party}`} key=${party}><h3>${texts.promises.parties[party] ?? party}</h3><dl class="terms">${list.filter((item) => item.party === party).map((item) => html`<${Subject} key=${item.subject} item=${item} />`)}</dl></div>`)}</div>`
		: html`<dl class="terms">${list.map((item, i) => html`<${Subject} key=${i} item=${item} />`)}</dl>`}</section>`;
}

function Contract({ version }) {
	const chapters = [...new Set(version.terms.map((term) => term.chapter))];

	return html`<div class="contract">${chapters.map((title) => html`<${Chapter} key=${title} title=${title} terms=${version.terms.filter((term) => term.chapter === title)} />`)}</div>`;
}

// ---- who has signed ----

function Signatures({ version, onSigned }) {
	const [asks, setAsks] = useState(false);
	const mine = version.signatures.some((s) => s.who === me.value.name && !s.at) && version.state === 'proposed';
	const sign = () => {
		setAsks(false);
		act({ said: say.signed(version.number), send: () => tell('POST', '/api/agreement/signatures', { hash: version.hash }) }).then(onSigned);
	};

	useKeys([{ keys: 's', label: say.sign, run: () => setAsks(true), when: mine }], say.title);
	return html`<ul class="signatures" aria-label=${say.signatures}>${version.signatures.map((s) => html`<li key=${`${s.party}${s.who}`} class=${s.at ? '' : 'missing'}>
			<b>${s.who}</b> <span class=${`side ${s.party}`}>${s.party}</span><br /><small>${s.at ? say.signed_at(when_words(s.at)) : say.not_signed}</small></li>`)}</ul>
		${mine && html`<p><button type="button" class="main" onClick=${() => setAsks(true)}>${say.sign_this(version.number)} <kbd aria-hidden="true">s</kbd></button></p>`}
		${asks && html`<${Dialog} title=${say.sign_this(version.number)} onClose=${() => setAsks(false)}><p>${say.sign_sure(me.value.name, version.title)}</p><p class="hint">${say.hash} <code>${version.hash}</code></p>
			<p class="buttons"><button type="button" class="main" autofocus onClick=${sign}>${say.sign}</button><button type="button" onClick=${() => setAsks(false)}>${say.not_yet}</button></p><//>`}`;
}

// ---- what differs ----

function Changes({ data }) {
	if (!data)
		return html`<${Asking} />`;
	if (data.same || !data.changes.length)
		return html`<p class="hint">${say.same}</p>`;
	return [...new Set(data.changes.map((change) => change.chapter))].map((chapter) => html`<div key=${chapter}><h3>${chapter}</h3><ul class="changes">${data.changes.filter((change) => change.chapter === chapter).map((change, i) => html`<li key=${i}>${change.text}</li>`)}</ul></div>`);
}

function useTold(path, body) {
	const [data, setData] = useState(null);
	const text = JSON.stringify(body);

	useEffect(() => {
		let gone = false;
		if (!body)
			return undefined;
		tell('POST', path, body).then((answer) => gone || setData(answer.data), () => gone || setData(null));
		return () => (gone = true);
	}, [path, text]);
	return body && data;
}

function Compare({ from, to }) {
	const data = useTold('/api/agreement/compare', { from_version: from, to_version: to });

	return html`<section class="compared"><h2>${say.from_to(from, to)}</h2><${Changes} data=${data} /></section>`;
}

// ---- the page of a version ----

const words_of = (version) => (version.state === 'in force' ? say.in_force_since(when_words(version.from)) : say.states[version.state] ?? version.state);

function Version({ number, all, again }) {
	const asked = useAsked(`/api/agreement/versions/${number}`);
	const against = Number(query.value.get('against')) || null;
	const withdraw = () => act({ said: say.withdrawn, send: () => tell('DELETE', '/api/agreement/proposals') }).then(again);

	return html`<${Answer} asked=${asked}>${(version) => html`<${Heading} title=${version.title}><p>${say.version(version.number)}, ${words_of(version)}</p>
		<div class="buttons">${is(...lead_roles) && html`<a class="button" href="/agreement/propose">${say.propose}</a>`}
			${version.state === 'proposed' && is(...lead_roles) && html`<button type="button" onClick=${withdraw}>${say.withdraw}</button>`}<button type="button" onClick=${() => print()}>${say.print}</button></div><//>
		<${Signatures} version=${version} onSigned=${() => (asked.again(), again())} />
		${all.length > 1 && html`<form class="filters" onSubmit=${(event) => event.preventDefault()} aria-label=${say.versions}>
			<label>${say.which}<select value=${number} onChange=${(event) => go(`/agreement/${event.target.value}`)}>${all.map((v) => html`<option key=${v.number} value=${v.number}>${say.version(v.number)}, ${say.states[v.state] ?? v.state}</option>`)}</select></label>
			<label>${say.compare}<select value=${against ?? ''} onChange=${(event) => go_with({ against: event.target.value })}><option value="">–</option>${all.filter((v) => v.number !== version.number).map((v) => html`<option key=${v.number} value=${v.number}>${say.version(v.number)}</option>`)}</select></label></form>`}
		${against && html`<${Compare} from=${Math.min(against, version.number)} to=${Math.max(against, version.number)} />`}
		<${Contract} version=${version} />
		<p class="hint head">${say.hash} <code>${version.hash}</code></p>`}<//>`;
}

const Nothing = () => html`<${Heading} title=${say.title} /><${Empty} title=${say.none}><p>${say.none_why}</p>${is(...lead_roles) && html`<p><a class="button main" href="/agreement/propose">${say.write}</a></p>`}<//>`;

function Page({ version }) {
	const asked = useAsked('/api/agreement');

	return html`<${Answer} asked=${asked}>${(data) => {
		const all = [...data.versions].reverse();
		const number = Number(version) || data.proposed || data.in_force || all[0]?.number;
		return number ? html`<${Version} key=${number} number=${number} all=${all} again=${asked.again} />` : html`<${Nothing} />`;
	}}<//>`;
}

// ---- writing a change ----

// Where the caret goes for line and column, both from 1.
function offset_of(text, line, column) {
	const lines = text.split('\n').slice(0, line - 1);
	return lines.reduce((sum, l) => sum + l.length + 1, 0) + Math.max(0, (column ?? 1) - 1);
}

function Checked({ checked, onGo }) {
	if (!checked)
		return html`<p class="hint">${say.checking}</p>`;
	const line = (problem, i) => html`<li key=${i}>${problem.line ? html`<button type="button" class="plain" onClick=${() => onGo(problem)}>${say.line(problem.line)}</button> ` : ''}${problem.text}</li>`;
	return html`<p class=${checked.good ? 'good' : 'bad'}>${checked.good ? say.good : say.not_good(checked.problems.length)}</p>
		${checked.problems.length > 0 && html`<ul class="problems">${checked.problems.map(line)}</ul>`}
		${checked.warnings.length > 0 && html`<h3>${say.warnings}</h3><ul class="problems">${checked.warnings.map(line)}</ul>`}`;
}

// The three months before this one, by the book's clock.
function last_quarter() {
	const last = new Date(today());
	const month = last.getUTCMonth() - (last.getUTCMonth() % 3);
	const day = (m, d) => new Date(Date.UTC(last.getUTCFullYear(), m, d)).toISOString().slice(0, 10);

	return { from: day(month - 3, 1), to: day(month, 0) };
}

function Replay({ text, from, when }) {
	const [page, setPage] = useState(null);
	const [busy, setBusy] = useState(false);
	const run = async () => {
		setBusy(true);
		try {
			setPage((await tell('POST', '/api/agreement/replay', { text, format: 'page', ...(from ? { against_version: from } : {}), ...last_quarter() })).data);
		} catch (problem) {
			complain(problem);
		}
		setBusy(false);
	};

	return html`<section class="replay"><p class="buttons"><button type="button" disabled=${!when || busy} onClick=${run}>${busy ? texts.ui.asking : say.replay}</button></p>${page && html`<${ReportBody} page=${page} />`}</section>`;
}

function Editor({ from, first, templates }) {
	const [text, setText] = useState(first);
	const [typed, setTyped] = useState(first);
	const [problem, setProblem] = useState(null);
	const area = useRef();
	const checked = useTold('/api/agreement/check', typed.trim() ? { text: typed } : null);
	const changes = useTold('/api/agreement/compare', checked?.good && from ? { from_version: from, to_text: typed } : null);
	const fresh = typed === text;

	useEffect(() => {
		const timer = setTimeout(() => setTyped(text), TYPED_MS);
		return () => clearTimeout(timer);
	}, [text]);
	const jump = ({ line, column }) => {
		const at = offset_of(text, line, column);
		area.current.focus();
		area.current.setSelectionRange(at, at);
		area.current.scrollTop = Math.max(0, (line - 5) * parseFloat(getComputedStyle(area.current).lineHeight));
	};
	const propose = async () => {
		try {
			const { data } = await tell('POST', '/api/agreement/proposals', { text });
			go(`/agreement/${part(String(data.version))}`);
		} catch (refused) {
			setProblem(refused);
		}
	};

	return html`<${Heading} title=${say.propose}><p>${say.propose_what}</p><div class="buttons"><button type="button" class="main" disabled=${!fresh || !checked?.good} onClick=${propose}>${say.propose_do}</button></div><//>
		<${ProblemNote} problem=${problem} />
		${templates && html`<label class="narrow">${say.template}<select onChange=${(event) => setText(templates[event.target.value].text)}>${templates.map(({ name }, i) => html`<option key=${name} value=${i}>${name}</option>`)}</select></label>`}
		<div class="both editor"><label>${say.text}<textarea ref=${area} spellcheck=${false} value=${text} onInput=${(event) => setText(event.target.value)}></textarea></label>
			<div><section aria-live="polite"><h2>${say.check}</h2>${text.trim() ? html`<${Checked} checked=${fresh ? checked : null} onGo=${jump} />` : html`<p class="hint">${say.empty}</p>`}</section>
			${from && checked?.good && html`<section class="compared"><h2>${say.changes(from)}</h2><${Changes} data=${changes} /></section>`}</div></div>
		<${Replay} text=${text} from=${from} when=${fresh && checked?.good} />`;
}

function Propose() {
	const asked = useAsked('/api/agreement', { live: false });
	const number = asked.data && (asked.data.proposed ?? asked.data.in_force);
	const templates = useAsked('/api/agreement/templates', { live: false });
	const version = useAsked(number ? `/api/agreement/versions/${number}` : null, { live: false });

	return html`<${Answer} asked=${asked}>${(data) => (!number ? html`<${Answer} asked=${templates}>${(known) => html`<${Editor} first=${known.templates[0].text} templates=${known.templates} />`}<//>`
		: html`<${Answer} asked=${version}>${({ text }) => html`<${Editor} from=${data.in_force ?? number} first=${text} />`}<//>`)}<//>`;
}

const roles = ['executive', 'marketing', 'sales manager', 'sales rep', 'nurture', 'facilitator', 'viewer', 'admin'];

export const proposing = { name: 'proposing', under: 'agreement', path: '/agreement/propose', title: say.propose, roles: lead_roles, Page: Propose };
export const version = { name: 'version', under: 'agreement', path: '/agreement/:version', title: say.title, roles, Page };
export default { name: 'agreement', path: '/agreement', title: say.title, roles, nav: true, jump: 'a', Page };
