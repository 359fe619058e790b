#!/usr/bin/env node
// `make bench` at a size that takes no time: the harness works, and every engine that is here gives Lockstep's answers.
// Durations are not looked at.

import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { done, has, is, ok, program, root, skip, temporary_folder } from '../tap.mjs';

const folder = temporary_folder();
const measure = (env) => spawnSync('node', [join(root, 'bench/main.mjs')], {
	encoding: 'utf8',
	timeout: 300000,
	env: {
		...process.env, RUNS: '1', ENGINES: '', ONLY: '', ...env, BENCH_BUILD: dirname(program),
		BENCH_PAGE: join(folder, 'page.md'), BENCH_RESULTS: join(folder, 'results.json'),
	},
});
const bench = measure({ LEADS: '2000' });
if (!is(bench.status, 0, 'it ends well'))
	console.error(bench.stderr.replace(/^/gm, '# '));
const lines = bench.stdout.trim().split('\n');
ok(lines.length > 5 && lines.every((line) => /^bench [a-z0-9_]+ [\d.]+ \S+$/.test(line)), 'standard output has one figure a line: bench NAME VALUE UNIT');

const results = existsSync(join(folder, 'results.json')) ? JSON.parse(readFileSync(join(folder, 'results.json'), 'utf8')) : {};
const engines = Object.keys(results.questions?.[2000]?.versions ?? {});
is(results.questions?.[2000]?.wrong, 0, 'all engines give the same answers to the five questions');
ok(engines.includes('sqlite'), 'SQLite was asked');
for (const [name, title] of [['duckdb', 'DuckDB'], ['postgresql', 'PostgreSQL']]) {
	const missing = results.questions?.[2000]?.missing.find((m) => m.name === name);
	if (missing)
		skip(missing.why, `${title} was asked`);
	else
		ok(engines.includes(name), `${title} was asked`);
}
for (const engine of engines)
	ok(lines.some((line) => line.startsWith(`bench funnel_vs_${engine} `)), `the ratio to ${engine} is a figure`);
for (const figure of ['import', 'start_from_snapshot', 'start_from_book', 'memory_a_lead', 'memory_a_touch', 'writes_book', 'together_updates', 'questions_median_vs_sqlite', 'promises_due_hours', 'promises_due_days', 'promises_next', 'promises_quiet_tick', 'promises_breaking_tick', 'serve_intake', 'serve_intake_p99', 'serve_list_p95', 'serve_streams', 'serve_health_p99'])
	ok(lines.some((line) => line.startsWith(`bench ${figure} `)), `${figure} is a figure`);
is(results.promises?.[2000]?.wrong, 0, 'the clock breaks a tenth of the promises');
is(results.serve?.[2000]?.wrong, 0, 'no lead that was told to the server is lost');
is(results.together?.[2000]?.wrong, 0, 'totals agree while leads are changed');
const { records, loads, rounds } = results.together?.[2000] ?? {};
ok(records + loads > 0 || rounds < 2, 'and changes were taken up, where there was time to ask twice');
has(existsSync(join(folder, 'page.md')) ? readFileSync(join(folder, 'page.md'), 'utf8') : '', /^\| Funnel by source/m, 'the page has the table');

// Another size: what was measured before stays, and stands beside it.
is(measure({ LEADS: '1000', ONLY: 'questions', ENGINES: 'sqlite' }).status, 0, 'a part at another size');
const page = readFileSync(join(folder, 'page.md'), 'utf8');
has(page, /^\|  \| 1,000 leads \| 2,000 leads \| Largest ÷ smallest \|$/m, 'the growth table has both');
has(page, /^\| Threshold curve, ns a lead \| [\d.,]+ \| [\d.,]+ \| [\d.]+ \|$/m, 'with what each costs');
has(page, /^\| Import, µs a lead \| – \| [\d.,]+ \| – \|$/m, 'and a dash where nothing was measured');
is(measure({ LEADS: '1000', ONLY: 'questions', ENGINES: 'oracle' }).status, 1, 'an engine that it does not know');
is(measure({ LEADS: '1000', ONLY: 'question' }).status, 2, 'a part that there is not');
done();
