#!/usr/bin/env node
// The system says no, or the process is killed, once, at every place in turn where a command writes, syncs, renames, cuts a file or
// asks for memory. Then: the book is sound, it is as it was before or as it was to become, never between; what the command said was
// done is done; and the same command again completes it. An import of several chunks may also end behind whole ones, named as unfinished.
//
// FAULTS=all tries every place, else some. Where one kind of call comes more often than EACH times, most are turns of the same loops:
// then a place is a way by which the call is come to (its call stack), and each is struck the first time and the last, and SPREAD
// more, as far apart as they can be.

import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { done, is, note, ok, program, root, run, skip_all, start, temporary_folder } from '../tap.mjs';

const shim = join(root, 'build/tests/fault.so');
if (!existsSync(shim)) skip_all('build/tests/fault.so is not there: make programs');
if (/asan|tsan/.test(program)) skip_all('sanitizers must be loaded first');

const folder = temporary_folder();
const [data, later, fresh, many, full] = ['leads.csv', 'later.csv', 'fresh.csv', 'many.csv', 'full'].map((name) => join(folder, name));
const all = process.env.FAULTS === 'all';
const ROWS = 400;
const CHUNK = 16384;
const EACH = 400;
const SPREAD = 40;
const BENCHES = 2;

let text = 'id,created,name,email,phone,source,qualified\n';
for (let i = 0; i < ROWS; i++)
	text += `L${i},2024-01-${String(1 + (i % 28)).padStart(2, '0')},Person ${i},person${i}@example.com,+49 30 ${100000 + i},web,\n`;
writeFileSync(data, text);
writeFileSync(later, text.replace(/web,$/gm, (found, at) => (at % 3 ? 'fair,2024-02-03' : found)));
text = text.slice(0, text.indexOf('\n') + 1);
writeFileSync(fresh, `${text}N1,2026-03-02,Ada Alt,ada@example.com,,web,\nN2,2026-03-02,Bob Bar,bob@example.com,,web,\n`);
for (let i = 0; i < 2.5 * CHUNK; i++) text += `M${i},2024-02-${String(1 + (i % 28)).padStart(2, '0')},,,,web,\n`;
writeFileSync(many, text);

// Each begins with what the one before it, or the one it is said to come `from`, made of the files. `makes` is what follows the book's
// name in the name of what it makes. `ask` is where its doing is seen. One that only `prepares` is not struck.
const at = (...words) => (book) => [...words, '--book', book, '--quiet'];
const import_of = (file) => at('import', '--preset', 'lockstep', file);
const agreement = join(root, 'examples/agreements/small-b2b.yaml');
const leads = ['measure', 'count()', '--by', 'source, qualified'];
const steps = ['measure', 'count()', '--of', 'lead_steps', '--by', 'step'];
const scenarios = [
	{ name: 'init', call: at('init', '--zone', 'Europe/Berlin', '--currency', 'EUR') },
	{ name: 'import', call: import_of(data) },
	{ name: 'import of changes', call: import_of(later) },
	{ name: 'undo', call: at('import', '--undo', 'last') },
	{ name: 'erase', call: at('erase', 'leads:lockstep:L7', '--yes') },
	{ name: 'backup', call: (book) => ['backup', '--book', book, '--to', `${book}.copy`, '--keys-to', `${book}.copy.keys`, '--quiet'], makes: '.copy' },
	{ name: 'restore', call: (book) => ['restore', `${book}.copy`, '--keys', `${book}.copy.keys`, '--book', `${book}.again`, '--quiet'], makes: '.again' },
	{ name: 'propose', call: at('agreement', 'propose', agreement), from: 'erase', ask: ['agreement', 'history'] },
	{ name: 'sign', call: at('agreement', 'sign', '--as', 'Head of Marketing'), ask: ['agreement', 'history'] },
	{ name: 'sign as the last', call: at('agreement', 'sign', '--as', 'Head of Sales'), ask: ['agreement', 'history'] },
	{ name: 'import of fresh leads', call: import_of(fresh), prepares: true },
	{ name: 'hand over', call: at('lead', 'hand-over', 'N1', '--override', 'old friend', '--by', 'Head of Sales'), ask: steps },
	{ name: 'clock', call: at('clock'), ask: steps, days: 5 },
	{ name: 'import of chunks', call: import_of(many), chunks: true, from: 'erase' },
];

// Kind of call, how it ends, and how many are tried unless it is all.
const trials = [
	['write', '', 4], ['fsync', '', 4], ['rename', '', 2], ['truncate', '', 1], ['memory', '', 3],
	['write', 'short', 2], ['write', 'kill', 3], ['write', 'torn', 3],
	['fsync', 'kill', 1], ['fsync', 'torn', 1], ['rename', 'kill', 1], ['rename', 'torn', 1], ['truncate', 'kill', 1], ['truncate', 'torn', 1],
];
const trials_of_chunks = [['write', '', 3], ['fsync', '', 4], ['write', 'kill', 4], ['fsync', 'torn', 3]];

// A bench is a folder with a book that one process at a time works at.
function bench_new(name) {
	const bench = { folder: join(folder, name), log: join(folder, `${name}.log`) };
	mkdirSync(bench.folder);
	return { ...bench, book: join(bench.folder, 'book') };
}

const contents = (bench) => new Map(readdirSync(bench.folder).map((name) => [name, readFileSync(join(bench.folder, name))]));

// What counts of the files, as one hash: not who held the book last, nor the index of a log, which whoever opens first makes anew.
function hash_of(files) {
	const hash = createHash('sha256');
	for (const [name, bytes] of [...files].sort(([a], [b]) => (a < b ? -1 : 1)))
		if (bytes.length > 0 && !/(\.lock|-shm)$/.test(name)) hash.update(`${name} ${bytes.length}\n`).update(bytes);
	return hash.digest('hex');
}

function put(bench, files) {
	const there = contents(bench);
	for (const name of there.keys()) if (!files.has(name)) rmSync(join(bench.folder, name));
	for (const [name, bytes] of files) if (!there.get(name)?.equals(bytes)) writeFileSync(join(bench.folder, name), bytes);
}

// What can be seen of a book: is it sound, and what do its facts answer?
async function look(bench, { makes = '', ask = leads } = {}) {
	const book = bench.book + makes;
	if (!existsSync(book)) return { sound: true, answers: 'no book' };
	const verified = await start(['verify', '--book', book, '--format', 'json']);
	if (!verified.json) return { sound: false, problem: verified.err };
	const { sound, problem, text, records, unfinished_imports } = verified.json;
	const asked = await start([...ask, '--book', book, '--format', 'json']);
	const answers = JSON.stringify([records, unfinished_imports, asked.json?.rows ?? asked.json]);
	return { sound, problem: problem ?? text, answers, records, unfinished: unfinished_imports };
}

// Whole chunks, and the import that they are of named as unfinished.
function between(scenario, state) {
	const chunks = (state.records - scenario.records) / CHUNK;
	if (!scenario.chunks || state.unfinished !== 1 || !Number.isInteger(chunks)) return false;
	scenario.halfway[chunks] = (scenario.halfway[chunks] ?? 0) + 1;
	return true;
}

// The scenario's command, with the clock and the dice standing still: the same call makes the same bytes of the same bytes.
function call(scenario, bench, env = {}, killed = false) {
	return start(scenario.call(bench.book), { env: { LD_PRELOAD: shim, FAULT_DICE: scenario.dice, LOCKSTEP_NOW: scenario.now, ...env }, killed });
}

// What the files are that a fault left: { after } the command, or not, and what is wrong with them or with calling once more. Refusing an
// erasing that is half done is what verify is for.
async function judge(scenario, bench) {
	const state = await look(bench, scenario);
	const half_erased = !state.sound && /is being erased/.test(state.problem ?? '');
	if (!state.sound && !half_erased) return { wrong: `the book is not sound: ${state.problem}` };
	if (state.answers === scenario.after) return { after: true };
	if (!half_erased && state.answers !== scenario.before && !between(scenario, state))
		return { wrong: `neither as before nor as after: ${state.answers}` };
	const again = await call(scenario, bench);
	if (again.code !== 0) return { wrong: `running again: ${again.err}` };
	if (scenario.seen.get(hash_of(contents(bench)))?.after) return {};
	const end = await look(bench, scenario);
	return end.sound && end.answers === scenario.after ? {} : { wrong: `after running again: ${end.problem ?? end.answers}` };
}

// The one fault, and what followed: what is wrong, or null. Files that were seen already, byte for byte, are judged already.
async function fault(trial, n, bench) {
	const { scenario, kind, way } = trial;
	put(bench, scenario.files);
	rmSync(bench.log, { force: true });
	const killed = way === 'kill' || way === 'torn';
	const tried = await call(scenario, bench, { FAULT: `${kind}:${n}${way && ':'}${way}`, FAULT_LOG: bench.log }, killed);
	if (!existsSync(bench.log)) return 'was not reached';
	trial.struck.add(readFileSync(bench.log, 'utf8').trim());
	if (killed ? tried.signal !== 'SIGKILL' : ![0, 3].includes(tried.code))
		return `ended with ${tried.signal ?? tried.code}: ${tried.err}`;
	if (tried.code === 3 && !/\S/.test(tried.err)) return 'ended without a word';
	if (kind === 'fsync' && /does not confirm/.test(tried.err)) scenario.lost.push(tried.err);
	const hash = hash_of(contents(bench));
	if (!scenario.seen.has(hash)) scenario.seen.set(hash, await judge(scenario, bench));
	const { wrong, after } = scenario.seen.get(hash);
	return wrong ?? (tried.code === 0 && !after ? 'said done, and it is not' : null);
}

// By which way each call of a kind is come to, in the order of the calls.
async function ways_of(scenario, kind, bench) {
	put(bench, scenario.files);
	const counted = await call(scenario, bench, { FAULT: `${kind}:0`, FAULT_WAYS: bench.log });
	if (counted.code !== 0) throw new Error(`${scenario.name}: ${counted.err}`);
	return readFileSync(bench.log, 'utf8').split('\n').slice(0, -1);
}

function places(ways, most) {
	const every = (step) => Array.from({ length: Math.ceil(ways.length / step) }, (_, i) => 1 + Math.floor(i * step)).filter((n) => n <= ways.length);
	if (!all || ways.length <= EACH) return every(Math.max(1, all ? 1 : ways.length / most));
	const turns = new Map();
	ways.forEach((way, i) => turns.set(way, [...(turns.get(way) ?? []), i + 1]));
	return [...new Set([...[...turns.values()].flatMap((at) => [at[0], at.at(-1)]), ...every(ways.length / SPREAD)])].sort((a, b) => a - b);
}

// Says how far it is, where that takes long.
const progress = { began: 0, told: 0, done: 0, total: 0 };
function tell(trial) {
	const now = Date.now();
	progress.done += trial.scenario.weight;
	trial.tried++;
	if (!all || now - progress.told < 10000) return;
	const minutes = ((now - progress.began) * (progress.total / progress.done - 1)) / 60000;
	const percent = Math.floor((100 * progress.done) / progress.total);
	process.stderr.write(`# ${trial.scenario.name}, ${trial.way || 'refused'} at ${trial.kind}: ${trial.tried} of ${trial.places.length}; ` +
		`${percent} % of all, about ${minutes < 1 ? 'a minute' : `${Math.ceil(minutes)} minutes`} left\n`);
	progress.told = now;
}

// What was missed because threads did not take turns as they did when their calls were counted is counted and struck once more.
async function try_again(trial, bench) {
	const { scenario, kind } = trial;
	for (let round = 0; round < 5; round++) {
		const missed = [...trial.ways].filter((way) => !trial.struck.has(way));
		if (!missed.length) return;
		const ways = await ways_of(scenario, kind, bench);
		for (const way of missed) if (ways.includes(way)) await strike(trial, 1 + ways.indexOf(way), bench);
	}
}

async function strike(trial, n, bench) {
	const what = await fault(trial, n, bench);
	if (what) trial.wrong.push(`${trial.scenario.name}, ${trial.kind} ${n} ${trial.way}: ${what}`);
}

// As many at a time as there are benches; what each trial came to is said in the order of the trials.
async function try_all(plan, benches) {
	const tasks = plan.flatMap((trial) => trial.places.map((n) => ({ trial, n })));
	let next = 0;
	await Promise.all(benches.map(async (bench) => {
		while (next < tasks.length) {
			const { trial, n } = tasks[next++];
			await strike(trial, n, bench);
			tell(trial);
			if (trial.tried < trial.places.length) continue;
			await try_again(trial, bench);
			say(trial);
		}
	}));
}

function say(trial) {
	const { scenario, kind, way, wrong, tried, total, ways, struck } = trial;
	const missed = [...ways].filter((one) => !struck.has(one)).length;
	if (missed > ways.size / 100) wrong.push(`${missed} of ${ways.size} ways were not come to again`);
	for (const what of wrong.slice(0, 5)) note(what);
	is(wrong.length, 0, `${scenario.name}: ${way || 'refused'} at ${tried} of ${total} places of ${kind}, come to in ${struck.size} ways; ` +
		'before or after, and then complete');
}

// What each scenario begins and ends with, and where its calls are.
const benches = Array.from({ length: BENCHES }, (_, i) => bench_new(`bench${i}`));
const [bench] = benches;
const plan = [];
for (const [i, scenario] of scenarios.entries()) {
	const { name, chunks, from, prepares } = scenario;
	if (from) put(bench, scenarios.find(({ name }) => name === from).leaves);
	Object.assign(scenario, { files: contents(bench), dice: 1000 * (i + 1), now: `2026-03-0${2 + (scenario.days ?? 0)}T09:${10 + i}:00Z`, lost: [], halfway: [], weight: chunks ? 25 : 1 });
	({ answers: scenario.before, records: scenario.records } = await look(bench, scenario));
	put(bench, scenario.files);
	if (!is((await call(scenario, bench)).code, 0, name)) process.exit(1);
	scenario.leaves = contents(bench);
	scenario.after = (await look(bench, scenario)).answers;
	scenario.seen = new Map([[hash_of(scenario.files), {}], [hash_of(scenario.leaves), { after: true }]]);
	const counted = {};
	for (const [kind, way, most] of prepares ? [] : chunks ? trials_of_chunks : trials) {
		const ways = (counted[kind] ??= await ways_of(scenario, kind, bench));
		const at = places(ways, kind === 'fsync' && !way && name === 'import' ? ways.length : most);
		const wanted = new Set(at.map((n) => ways[n - 1]));
		plan.push({ scenario, kind, way, places: at, ways: wanted, total: ways.length, tried: 0, wrong: [], struck: new Set() });
		progress.total += at.length * scenario.weight;
	}
	put(bench, scenario.leaves);
}
progress.began = progress.told = Date.now();
await try_all(plan, benches);
const tried = (killed) => plan.filter(({ way }) => /kill|torn/.test(way) === killed).reduce((sum, trial) => sum + trial.tried, 0);
const seen = scenarios.reduce((sum, scenario) => sum + scenario.seen.size, 0);
note(`${tried(false)} refusals, ${tried(true)} kills; ${seen} different states of the files`);

const [first, changes, chunked] = ['import', 'import of changes', 'import of chunks'].map((name) => scenarios.find((one) => one.name === name));
ok(chunked.halfway[1] && chunked.halfway[2], `${chunked.name}: some ended behind the first chunk, some behind the second`);
ok(first.lost.length >= 2, `${first.lost.length} fsyncs of an import were the book's: the process ended, saying that the disk does not confirm`);
ok(first.lost.some((err) => err.includes('.keys')) && first.lost.some((err) => !err.includes('.keys')), 'for the keys and for the log');

// A full disk refuses, keeps answering, and all goes on when there is room.
put(bench, changes.files);
writeFileSync(full, '');
const env = { LD_PRELOAD: shim, FAULT_FULL: full };
const import_later = changes.call(bench.book);
const refused = run(import_later, { env });
is(refused.code, 3, 'a full disk refuses the import');
ok(/disk is full|No space left/.test(refused.err), `and is named: ${refused.err.trim().slice(0, 120)}`);
is(run(['imports', '--book', bench.book, '--format', 'json'], { env }).code, 0, 'questions are answered on a full disk');
rmSync(full);
is(run(import_later, { env }).code, 0, 'with room again the same call goes through');
is((await look(bench)).sound, true, 'and the book is sound');

done();
