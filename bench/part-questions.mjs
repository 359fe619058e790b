// The five questions, asked of the same rows by every engine: same answers first, then time, interleaved, caches emptied before each.
// In its turn an engine is asked three times and the best counts, as of the bandwidth's three walks: cores that fell asleep, or were
// slowed, while another engine read from files are nobody's merit or fault.

import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { duckdb, postgresql, sqlite } from './engines.mjs';
import { QUESTIONS, by_label, differences, of_driver } from './questions.mjs';
import { Driver } from './session.mjs';
import { median } from './page.mjs';

// Enough that no cache matters; a trial of the harness itself needs no such patience.
const bandwidth_bytes = (leads) => (leads < 10000 ? 2 ** 26 : 2 ** 30);

async function open_engines(context, folder) {
	const wanted = (process.env.ENGINES || 'duckdb,postgresql,sqlite').split(',');
	const makers = { duckdb: () => duckdb(folder, context.driver), postgresql: () => postgresql(folder), sqlite: () => sqlite(folder, context.driver, context.leads) };
	const engines = [], missing = [];
	for (const name of wanted) {
		if (!(name in makers))
			throw new Error(`there is no engine "${name}"; there are ${Object.keys(makers).join(', ')}`);
		const engine = await makers[name]();
		if (engine.missing) {
			context.say(`without ${name}: ${engine.missing}`);
			missing.push({ name, why: engine.missing });
			continue;
		}
		context.at_end(() => engine.close());
		const start = Date.now();
		await engine.load();
		context.say(`${engine.title} loaded in ${((Date.now() - start) / 1000).toFixed(1)} s`);
		engines.push(engine);
	}
	return { engines, missing };
}

function sql_of(question, engine) {
	return question[engine.name] ?? question.sql;
}

const ASKED_EACH_TURN = 3;

async function best_of_turn(ours, ask) {
	let best = Infinity;
	for (let i = 0; i < ASKED_EACH_TURN; i++) {
		await ours.command('evict');
		best = Math.min(best, await ask());
	}
	return best;
}

// Every engine against every other one's answers would be the same as each against ours.
async function compare(context, ours, engines) {
	let wrong = 0;
	for (const [i, question] of QUESTIONS.entries()) {
		const mine = of_driver(question, (await ours.command(`ask ${i}`)).rows);
		for (const engine of engines) {
			const found = differences(question, mine, by_label(question, (await engine.ask(sql_of(question, engine))).rows));
			if (found.length || mine.size === 0) {
				wrong++;
				context.say(`${question.name}: not the answer of ${engine.title}: ${found.slice(0, 5).join('; ')}`);
			}
		}
	}
	context.say(wrong ? `${wrong} answers differ` : `same answers to five questions in ${engines.length + 1} engines`);
	return wrong;
}

export async function questions(context) {
	const folder = join(context.folder, 'questions');
	mkdirSync(folder, { mode: 0o755 });
	context.say(`making ${context.leads} leads`);
	execFileSync(context.driver, ['csv', String(context.leads), folder]);
	// Before the others fill the memory with pages of their files: large pages are to be had from what lies together.
	const ours = new Driver(context.driver, ['facts', String(context.leads)]);
	const ready = await ours.ready();
	context.at_end(() => ours.close());
	const { engines, missing } = await open_engines(context, folder);
	for (const table of ['journey', 'touch'])
		rmSync(join(folder, `${table}.csv`));
	const wrong = await compare(context, ours, engines);

	const times = QUESTIONS.map(() => ({ ours: [], ...Object.fromEntries(engines.map((e) => [e.name, []])) }));
	const bytes = [], bandwidths = [];
	for (let run = 0; run < context.runs; run++) {
		for (const [i, question] of QUESTIONS.entries()) {
			times[i].ours.push(await best_of_turn(ours, async () => {
				const { done } = await ours.command(`time ${i}`);
				bytes[i] = Number(done[1]);
				return Number(done[0]);
			}));
			for (const engine of engines)
				times[i][engine.name].push(await best_of_turn(ours, async () => (await engine.ask(sql_of(question, engine))).seconds));
		}
		bandwidths.push(Number((await ours.command(`bandwidth ${bandwidth_bytes(context.leads)}`)).done[0]));
		context.say(`run ${run + 1} of ${context.runs}`);
	}
	const bandwidth = median(bandwidths);
	const threads = Number((await ours.command('threads')).done[0]);
	const versions = {};
	for (const engine of engines)
		versions[engine.name] = { title: engine.title, version: await engine.version() };

	const asked = [];
	for (const i of QUESTIONS.keys()) {
		const [[of, by, where, period], ...measures] = (await ours.command(`question ${i}`)).rows;
		asked.push({ of, by, where, period, measures: measures.map(([measure]) => measure) });
	}
	const rows = QUESTIONS.map((question, i) => ({
		name: question.name,
		title: question.title,
		asked: asked[i],
		bytes: bytes[i],
		seconds: Object.fromEntries(Object.entries(times[i]).map(([name, all]) => [name, median(all)])),
	}));
	tell(context, rows, engines, bandwidth);
	return { rows, versions, missing, bandwidth, threads, wrong, touches: Number(ready.done[3]), sql: QUESTIONS.map((q) => q.sql.replace(/\n\t*/g, '\n')) };
}

function tell(context, rows, engines, bandwidth) {
	for (const row of rows)
		context.figure(`${row.name}`, row.seconds.ours * 1000, 'ms');
	for (const engine of engines) {
		for (const row of rows)
			context.figure(`${row.name}_vs_${engine.name}`, row.seconds[engine.name] / row.seconds.ours, 'x');
		context.figure(`questions_median_vs_${engine.name}`, median(rows.map((row) => row.seconds[engine.name] / row.seconds.ours)), 'x');
	}
	context.figure('memory_read', bandwidth / 1e9, 'GB/s');
	for (const row of rows.filter((r) => ['funnel', 'threshold'].includes(r.name)))
		context.figure(`${row.name}_of_memory_read`, (row.bytes / row.seconds.ours / bandwidth) * 100, '%');
}
