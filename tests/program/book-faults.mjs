#!/usr/bin/env node
// The system says no, or the process is killed, once, at every place in turn where a command writes, syncs, renames, cuts a file or
// asks for memory. Then: the book is sound, it is as it was before or as it was to become, never between; what the command said was
// done is done; and the same command again completes it. An import of several chunks may also end behind whole ones, named as unfinished.
// FAULTS=all tries every place, else some.

import { copyFileSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { done, is, note, ok, program, root, run, skip_all, temporary_folder } from '../tap.mjs';

const shim = join(root, 'build/tests/fault.so');
if (!existsSync(shim)) skip_all('build/tests/fault.so is not there: make programs');
if (/asan|tsan/.test(program)) skip_all('sanitizers must be loaded first');

const folder = temporary_folder();
const [work, kept] = ['work', 'kept'].map((name) => join(folder, name));
const [data, later, many, log, full, count] = ['leads.csv', 'later.csv', 'many.csv', 'fault.log', 'full', 'count'].map((name) => join(folder, name));
const book = join(work, 'book');
const ROWS = 400;
const CHUNK = 16384;
const all = process.env.FAULTS === 'all';
mkdirSync(work);
mkdirSync(kept);

let text = 'id,created,name,email,phone,source,qualified\n';
for (let i = 0; i < ROWS; i++)
	text += `L${i},2024-01-${String(1 + (i % 28)).padStart(2, '0')},Person ${i},person${i}@example.com,+49 30 ${100000 + i},web,\n`;
writeFileSync(data, text);
writeFileSync(later, text.replace(/web,$/gm, (found, at) => (at % 3 ? 'fair,2024-02-03' : found)));
text = text.slice(0, text.indexOf('\n') + 1);
for (let i = 0; i < 2.5 * CHUNK; i++) text += `M${i},2024-02-${String(1 + (i % 28)).padStart(2, '0')},,,,web,\n`;
writeFileSync(many, text);

const import_of = (file) => ['import', '--book', book, '--preset', 'lockstep', file, '--quiet'];

// What can be seen of a book: is it sound, and what do its facts answer?
function look() {
	if (!existsSync(book)) return { sound: true, answers: 'no book' };
	const verified = run(['verify', '--book', book, '--format', 'json']);
	if (!verified.json) return { sound: false, problem: verified.err };
	const { sound, problem, text, records, unfinished_imports } = verified.json;
	const answers = [records, unfinished_imports];
	for (const measure of ['count()', 'count(qualified)'])
		answers.push(run(['measure', measure, '--of', 'leads', '--by', 'source', '--book', book, '--format', 'json']).json?.rows);
	return { sound, problem: problem ?? text, answers: JSON.stringify(answers), records, unfinished: unfinished_imports };
}

function put(from, to) {
	for (const name of readdirSync(to)) rmSync(join(to, name));
	for (const name of readdirSync(from)) copyFileSync(join(from, name), join(to, name));
}

// Each begins with what the one before it made of the book.
const scenarios = [
	{ name: 'init', call: ['init', '--book', book, '--zone', 'UTC', '--currency', 'EUR', '--quiet'] },
	{ name: 'import', call: import_of(data) },
	{ name: 'import of changes', call: import_of(later) },
	{ name: 'undo', call: ['import', '--undo', 'last', '--book', book, '--quiet'] },
	{ name: 'erase', call: ['erase', 'leads:lockstep:L7', '--book', book, '--yes', '--quiet'] },
	{ name: 'import of chunks', call: import_of(many), chunks: true },
];

// Whole chunks, and the import that they are of named as unfinished.
function between(scenario, state) {
	const chunks = (state.records - scenario.records) / CHUNK;
	if (!scenario.chunks || state.unfinished !== 1 || !Number.isInteger(chunks)) return false;
	scenario.halfway[chunks] = (scenario.halfway[chunks] ?? 0) + 1;
	return true;
}

// The one fault, and what followed. Refusing an erasing that is half done is what verify is for.
function fault(scenario, kind, n, way) {
	put(kept, work);
	rmSync(log, { force: true });
	const env = { LD_PRELOAD: shim, FAULT: `${kind}:${n}${way && ':'}${way}`, FAULT_LOG: log };
	const killed = way === 'kill' || way === 'torn';
	const tried = run(scenario.call, { env, killed });
	if (!existsSync(log)) return 'was not reached';
	const state = look();
	const half_erased = !state.sound && /is being erased/.test(state.problem ?? '');
	if (!state.sound && !half_erased) return `the book is not sound: ${state.problem}`;
	if (!half_erased && state.answers !== scenario.before && state.answers !== scenario.after && !between(scenario, state))
		return `neither as before nor as after: ${state.answers}`;
	if (tried.code === 0 && state.answers !== scenario.after) return 'said done, and it is not';
	if (killed ? tried.signal !== 'SIGKILL' : ![0, 3].includes(tried.code))
		return `ended with ${tried.signal ?? tried.code}: ${tried.err}`;
	if (tried.code === 3 && !/\S/.test(tried.err)) return 'ended without a word';
	if (kind === 'fsync' && /does not confirm/.test(tried.err)) scenario.lost.push(tried.err);
	if (state.answers !== scenario.after) {
		const again = run(scenario.call);
		if (again.code !== 0) return `running again: ${again.err}`;
	}
	const end = look();
	return end.sound && end.answers === scenario.after ? null : `after running again: ${end.problem ?? end.answers}`;
}

function places(scenario, kind) {
	put(kept, work);
	const call = run(scenario.call, { env: { LD_PRELOAD: shim, FAULT: `${kind}:0`, FAULT_COUNT: count } });
	if (call.code !== 0) throw new Error(`${scenario.name}: ${call.err}`);
	return Number(readFileSync(count, 'utf8'));
}

function try_places(scenario, kind, way, most) {
	const total = places(scenario, kind);
	const few = scenario.chunks ? 40 : kind === 'memory' && scenario.name !== 'import' ? 700 : total;
	const step = Math.max(1, total / (all ? few : most));
	let tried = 0;
	const wrong = [];
	for (let at = 1; at <= total; at = Math.max(at + 1, Math.round(at + step))) {
		const what = fault(scenario, kind, at, way);
		tried++;
		if (what) wrong.push(`${scenario.name}, ${kind} ${at} ${way}: ${what}`);
	}
	for (const what of wrong.slice(0, 5)) note(what);
	is(wrong.length, 0, `${scenario.name}: ${way || 'refused'} at ${tried} of ${total} places of ${kind}; before or after, and then complete`);
	return tried;
}

let faults = 0;
let kills = 0;
for (const scenario of scenarios) {
	put(kept, work);
	scenario.lost = [];
	scenario.halfway = [];
	({ answers: scenario.before, records: scenario.records } = look());
	if (!is(run(scenario.call).code, 0, scenario.name)) break;
	scenario.after = look().answers;
	if (scenario.chunks) {
		faults += try_places(scenario, 'write', '', 3) + try_places(scenario, 'fsync', '', 4);
		kills += try_places(scenario, 'write', 'kill', 4) + try_places(scenario, 'fsync', 'torn', 3);
		ok(scenario.halfway[1] && scenario.halfway[2], `${scenario.name}: some ended behind the first chunk, some behind the second`);
		continue;
	}
	for (const [kind, most] of [['write', 4], ['fsync', scenario.name === 'import' ? 20 : 4], ['rename', 2], ['truncate', 1], ['memory', 3]])
		faults += try_places(scenario, kind, '', most);
	faults += try_places(scenario, 'write', 'short', 2);
	for (const kind of ['write', 'fsync', 'rename', 'truncate'])
		for (const way of ['kill', 'torn']) kills += try_places(scenario, kind, way, kind === 'write' ? 3 : 1);
	put(kept, work);
	run(scenario.call);
	put(work, kept);
}
note(`${faults} refusals, ${kills} kills`);

const lost = scenarios.find((scenario) => scenario.name === 'import').lost;
ok(lost.length >= 2, `${lost.length} fsyncs of an import were the book's: the process ended, saying that the disk does not confirm`);
ok(lost.some((err) => err.includes('.keys')) && lost.some((err) => !err.includes('.keys')), 'for the keys and for the log');

// A full disk refuses, keeps answering, and all goes on when there is room.
put(kept, work);
writeFileSync(full, '');
const env = { LD_PRELOAD: shim, FAULT_FULL: full };
const refused = run(import_of(later), { env });
is(refused.code, 3, 'a full disk refuses the import');
ok(/disk is full|No space left/.test(refused.err), `and is named: ${refused.err.trim().slice(0, 120)}`);
is(run(['imports', '--book', book, '--format', 'json'], { env }).code, 0, 'questions are answered on a full disk');
rmSync(full);
is(run(import_of(later), { env }).code, 0, 'with room again the same call goes through');
is(look().sound, true, 'and the book is sound');

done();
