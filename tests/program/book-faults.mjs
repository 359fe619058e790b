#!/usr/bin/env node
// The system says no, once, at every place in turn: the book stays sound, what was acknowledged is there, and running again completes
// the import. FAULTS=all tries every place.

import { copyFileSync, existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { done, is, note, ok, program, root, run, skip_all, temporary_folder } from '../tap.mjs';

const shim = join(root, 'build/tests/fault.so');
if (!existsSync(shim)) skip_all('build/tests/fault.so is not there: make programs');
if (/asan|tsan/.test(program)) skip_all('sanitizers must be loaded first');

const folder = temporary_folder();
const [book, pristine, data, log, full] = ['book', 'pristine', 'leads.csv', 'fault.log', 'full'].map((name) => join(folder, name));
const ROWS = 400;
const all = process.env.FAULTS === 'all';

let text = 'id,created,name,email,phone,source,qualified\n';
for (let i = 0; i < ROWS; i++)
	text += `L${i},2024-01-${String(1 + (i % 28)).padStart(2, '0')},Person ${i},person${i}@example.com,+49 30 ${100000 + i},web,\n`;
writeFileSync(data, text);
run(['init', '--book', pristine, '--zone', 'UTC', '--currency', 'EUR']);

const call = ['import', '--book', book, '--preset', 'lockstep', data, '--quiet'];

function begin_anew() {
	for (const name of readdirSync(folder))
		if (name.startsWith('book') || name === 'fault.log') rmSync(join(folder, name));
	copyFileSync(pristine, book);
	copyFileSync(`${pristine}.keys`, `${book}.keys`);
}

const verified = () => run(['verify', '--book', book, '--format', 'json']).json;

// One fault; null when there is no such place any more.
function fault(kind, n) {
	begin_anew();
	const tried = run(call, { env: { LD_PRELOAD: shim, FAULT: `${kind}:${n}`, FAULT_LOG: log } });
	if (!existsSync(log)) return null;
	const state = verified();
	const again = run(call);
	const after = verified();
	return { kind, n, tried, state, again, after };
}

function judge(f) {
	const { tried, state, again, after } = f;
	if (!state?.sound) return `the book is not sound: ${state?.problem ?? 'verify fails'}`;
	if (tried.code === 0 && state.records !== ROWS) return `said done, and ${state.records} records are there`;
	if (tried.code !== 0 && tried.code !== 3) return `ended with ${tried.signal ?? tried.code}`;
	if (tried.code === 3 && !/\S/.test(tried.err)) return 'ended without a word';
	if (again.code !== 0) return `running again: ${again.err}`;
	if (!after.sound || after.records !== ROWS) return `after running again ${after.records} records`;
	return null;
}

function try_all(kind, most) {
	const wrong = [];
	const results = [];
	for (let n = 1, step = 1; ; n += step) {
		const f = fault(kind, n);
		if (!f) break;
		const what = judge(f);
		results.push(f);
		if (what) wrong.push(`${kind} ${n}: ${what}`);
		if (!all && results.length >= most) step = Math.ceil(n / 2);
	}
	for (const what of wrong) note(what);
	is(wrong.length, 0, `${kind}: refused at ${results.length} places, one after the other; the book is sound and complete after each`);
	return results;
}

const syncs = try_all('fsync', 20);
const lost = syncs.filter((f) => /the disk does not confirm/.test(f.tried.err));
ok(lost.length >= 2 && lost.every((f) => f.tried.code === 3), `${lost.length} of them were the book's: the process ended, saying that the disk does not confirm`);
ok(lost.some((f) => f.tried.err.includes('.keys')) && lost.some((f) => !f.tried.err.includes('.keys')), 'for the keys and for the log');
try_all('write', 12);
try_all('rename', 5);
try_all('memory', 6);

// A full disk refuses, keeps answering, and all goes on when there is room.
begin_anew();
writeFileSync(full, '');
const env = { LD_PRELOAD: shim, FAULT_FULL: full, FAULT_LOG: log };
const refused = run(call, { env });
is(refused.code, 3, 'a full disk refuses the import');
ok(/disk is full|No space left/.test(refused.err), `and is named: ${refused.err.trim().slice(0, 120)}`);
is(run(['imports', '--book', book, '--format', 'json'], { env }).code, 0, 'questions are answered on a full disk');
rmSync(full);
is(run(call, { env }).code, 0, 'with room again the same call goes through');
is(verified().records, ROWS, 'and everything is there');

done();
