// Runs the parts that are asked for, says every figure as one line, and writes the page from the latest result of each part at each size.

import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { machine, page } from './page.mjs';
import { imports } from './part-import.mjs';
import { promises } from './part-promises.mjs';
import { questions } from './part-questions.mjs';
import { serve } from './part-serve.mjs';
import { company, start } from './part-start.mjs';
import { together } from './part-together.mjs';
import { writes } from './part-writes.mjs';

const PARTS = { questions, import: imports, writes, together, start, company, promises, serve };

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const build = resolve(root, process.env.BENCH_BUILD || 'build');
const leads = Number(process.env.LEADS || 1e6);
const runs = Number(process.env.RUNS || 5);
const only = (process.env.ONLY || Object.keys(PARTS).join(',')).split(',');

function usage(text) {
	console.error(`bench: ${text}`);
	process.exit(2);
}
if (!(Number.isInteger(leads) && leads >= 100 && leads <= 1e8))
	usage(`LEADS is a whole number from 100 to 100,000,000, not ${process.env.LEADS}`);
if (!(Number.isInteger(runs) && runs >= 1 && runs <= 100))
	usage(`RUNS is a whole number from 1 to 100, not ${process.env.RUNS}`);
for (const part of only)
	if (!(part in PARTS))
		usage(`there is no part "${part}"; there are ${Object.keys(PARTS).join(', ')}`);

const folder = mkdtempSync(join(process.env.BENCH_FOLDER || tmpdir(), 'lockstep-bench-'));
chmodSync(folder, 0o755); // PostgreSQL runs as another user in a folder below
const cleaners = [];
let cleaned = false;
async function clean() {
	if (cleaned)
		return;
	cleaned = true;
	for (const cleaner of cleaners.reverse())
		await Promise.resolve(cleaner()).catch(() => {});
	rmSync(folder, { recursive: true, force: true });
}
for (const signal of ['SIGINT', 'SIGTERM'])
	process.on(signal, () => clean().finally(() => process.exit(1)));

const context = {
	root, build, leads, runs, folder,
	driver: join(build, 'bench', 'driver'),
	lockstep: join(build, 'lockstep'),
	at_end: (cleaner) => cleaners.push(cleaner),
	say: (text) => console.error(`bench: ${text}`),
	figures: [],
	figure(name, value, unit) {
		const digits = Math.abs(value) >= 1000 ? 0 : Math.abs(value) >= 100 ? 1 : Math.abs(value) >= 10 ? 2 : 3;
		context.figures.push([name, value, unit]);
		console.log(`bench ${name} ${value.toFixed(digits)} ${unit}`);
	},
};

// The page is put together from the latest result of each part at each size, so that one can be measured again alone.
const results_path = resolve(root, process.env.BENCH_RESULTS || 'bench/results.json');
const results = existsSync(results_path) ? JSON.parse(readFileSync(results_path, 'utf8')) : {};
let wrong = 0;
try {
	for (const part of only) {
		context.figures = [];
		const load = loadavg()[0]; // of others, before we begin
		const result = await PARTS[part](context);
		wrong += result.wrong ?? 0;
		results[part] ??= {};
		if (part === 'questions' && process.env.ENGINES)
			result.engines = process.env.ENGINES;
		results[part][leads] = { ...result, leads, runs, date: new Date().toISOString().slice(0, 10), machine: machine(), load, figures: context.figures };
		// After each part: who stops a long run keeps what was measured.
		mkdirSync(dirname(results_path), { recursive: true });
		writeFileSync(results_path, `${JSON.stringify(results, null, '\t')}\n`);
		writeFileSync(resolve(root, process.env.BENCH_PAGE || 'docs/benchmarks.md'), page(results));
	}
} catch (error) {
	console.error(`bench: ${error.stack ?? error}`);
	process.exitCode = 1;
} finally {
	await clean();
}
if (wrong) {
	console.error(`bench: ${wrong} answers differ`);
	process.exitCode = 1;
}
