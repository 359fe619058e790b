// The first steps with an empty book: leads go in, made-up ones or a file of one's own, and the first weekly page is there.

import { useEffect, useState } from 'preact/hooks';
import { ask, is, part, tell } from '../api.js';
import { stir, useAsked } from '../asked.js';
import { first_page } from '../pages.js';
import { texts } from '../texts.js';
import { now } from '../time.js';
import { Answer, Heading, html, ProblemNote } from '../ui.js';
import { NewImport, Progress } from './imports.js';
import { ReportBody } from './reports.js';

const say = texts.welcome;
const roles = ['admin', 'marketing', 'sales manager'];

// Where somebody who comes in looks first: at this page while the book is empty.
export async function first_look() {
	if (!is(...roles))
		return first_page();
	try {
		return (await ask('/api/rows?of=leads&limit=1')).data.total ? first_page() : '/welcome';
	} catch {
		return first_page();
	}
}

// ---- made-up leads: the same each time, around the present day ----

const SAMPLES = 240;
const DAY_MS = 86400000;
const sources = ['webinar', 'paid search', 'trade fair', 'referral', 'newsletter'];
const sellers = [1, 2, 3].map((n) => `Sample Seller ${n}`);
const columns = ['id', 'name', 'company', 'created', 'source', 'campaign', 'owner', 'qualified', 'handed_off', 'first_response', 'accepted', 'rejected', 'opportunity', 'won', 'reason', 'amount'];

function sample() {
	let seed = 7;
	const random = () => (seed = (seed * 16807) % 2147483647) / 2147483647;
	const one_of = (list) => list[Math.floor(random() * list.length)];
	const rows = [];

	for (let i = 0; i < SAMPLES; i++) {
		const source = one_of(sources);
		let at = now.peek() - (120 * (1 - i / SAMPLES) + random()) * DAY_MS;
		const row = { id: `S${i + 1}`, name: `Sample Person ${i + 1}`, company: `Sample Company ${1 + (i % 90)}`, source, campaign: `${source} ${1 + Math.floor(i / 80)}` };
		// The next thing happens with this chance, after up to so many days, if there was time.
		const step = (what, chance, days) => {
			at += (0.05 + random()) * days * DAY_MS;
			if (random() > chance || at > now.peek())
				return false;
			row[what] = new Date(at).toISOString().slice(0, 16).replace('T', ' ');
			return true;
		};
		step('created', 1, 0);
		if (step('qualified', source === 'newsletter' ? 0.3 : 0.7, 4) && step('handed_off', 0.9, 1)) {
			row.owner = one_of(sellers);
			step('first_response', row.owner === sellers[2] ? 0.6 : 0.95, row.owner === sellers[2] ? 6 : 1);
			if (!step('accepted', 0.7, 3) && step('rejected', 0.8, 2))
				row.reason = one_of(['no budget', 'not reached', 'too early']);
			if (row.accepted && step('opportunity', 0.6, 8) && step('won', 0.4, 30))
				row.amount = String(2000 + Math.floor(random() * 60) * 500);
		}
		if (row.created)
			rows.push(row);
	}
	return [columns.join(','), ...rows.map((row) => columns.map((column) => row[column] ?? '').join(','))].join('\n');
}

const sample_map = JSON.stringify({ map: 'sample', source: 'sample', files: [{ match: 'sample.csv', as: 'leads', key: 'id', fields: Object.fromEntries(columns.slice(1).map((column) => [column, column])) }] });

function Sample({ onDone }) {
	const [job, setJob] = useState(null);
	const [problem, setProblem] = useState(null);
	const [busy, setBusy] = useState(false);
	const begin = async () => {
		setBusy(true);
		setProblem(null);
		try {
			const { data } = await tell('POST', `/api/imports/files?name=${part('sample.csv')}`, sample(), { type: 'text/csv' });
			setJob((await tell('POST', '/api/imports', { file: data.file, map: sample_map })).data.job);
		} catch (refused) {
			setProblem(refused);
			setBusy(false);
		}
	};

	return html`<${ProblemNote} problem=${problem} />${job ? html`<${Progress} job=${job} onEnd=${onDone} />` : html`<button type="button" class="main" disabled=${busy} onClick=${begin}>${say.sample_do}</button>`}`;
}

function Page() {
	const [done, setDone] = useState(false);
	const asked = useAsked('/api/rows?of=leads&limit=1');
	const filled = done || asked.data?.total > 0;
	const report = useAsked(filled ? '/api/reports/weekly?format=page' : null);
	const took = () => {
		setDone(true);
		stir();
	};

	useEffect(() => {
		if (done)
			document.getElementById('first-report')?.scrollIntoView({ block: 'start' });
	}, [done]);
	return html`<${Heading} title=${say.title}><p>${filled ? say.filled : say.what}</p><//>
		${!filled && html`<div class="both"><section><h2>${say.sample}</h2><p>${say.sample_what}</p><${Sample} onDone=${took} /></section>
			<section class="import"><h2>${say.own}</h2><p>${say.own_what}</p><${NewImport} onDone=${(data) => data.state === 'done' && took()} /></section></div>`}
		${filled && html`<section><h2>${say.next}</h2><ul class="tiles">${say.steps.filter((step) => !step.roles || is(...step.roles)).map((step) => html`<li key=${step.to}><h3><a href=${step.to}>${step.title}</a></h3><p>${step.text}</p></li>`)}</ul></section>
			<section id="first-report"><h2>${say.report}</h2><${Answer} asked=${report}>${(page) => html`<${ReportBody} page=${page} />`}<//></section>`}`;
}

export default { name: 'welcome', path: '/welcome', title: say.title, roles, Page };
