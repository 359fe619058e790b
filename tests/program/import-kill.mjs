#!/usr/bin/env node
// Killed at any moment of an import, again and again: whole chunks stand, the import is named as unfinished, the book is sound; running
// it again completes it. KILLS (8) times, at moments that the same dice choose each time.

import { spawn } from 'node:child_process';
import { copyFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deep_equal, done, is, note, ok, program, root, run, temporary_folder } from '../tap.mjs';

const folder = temporary_folder();
const book = join(folder, 'book');
const pristine = join(folder, 'pristine');
const data = join(folder, 'many.csv');
const map = join(folder, 'many.yaml');
const ROWS = 50000;
const CHUNK = 16384;
const KILLS = Number(process.env.KILLS ?? 8);

writeFileSync(map, 'map: many\nfiles:\n  - match: "*.csv"\n    as: leads\n    key: id\n    fields: {email: email, created: created, source: source, owner: owner}\n');
let text = 'id,email,created,source,owner\n';
for (let i = 0; i < ROWS; i++)
	text += `L${i},person${i}@example.com,2024-01-${String(1 + (i % 28)).padStart(2, '0')},source ${i % 7},rep ${i % 11}\n`;
writeFileSync(data, text);
run(['init', '--book', pristine, '--zone', 'UTC', '--currency', 'EUR']);

const call = ['import', '--book', book, '--map', map, data, '--format', 'json'];

function begin_anew() {
	for (const name of readdirSync(folder)) if (name.startsWith('book')) rmSync(join(folder, name));
	copyFileSync(pristine, book);
	copyFileSync(`${pristine}.keys`, `${book}.keys`);
}

function start_and_kill(after_ms) {
	return new Promise((resolve) => {
		const child = spawn(program, call, { cwd: root, stdio: 'ignore' });
		const timer = setTimeout(() => child.kill('SIGKILL'), after_ms);
		child.on('exit', (code, signal) => {
			clearTimeout(timer);
			resolve(signal);
		});
	});
}

let dice = 12345;
function roll() {
	dice = (Math.imul(dice, 1103515245) + 12345) & 0x7fffffff;
	return dice / 0x80000000;
}

// How long it takes, so that the kills are spread over all of it.
begin_anew();
const began = Date.now();
const whole = run(call);
let took_ms = Date.now() - began;
is(whole.code, 0, 'an import that nobody kills');
deep_equal([whole.json.files[0].rows, whole.json.files[0].accepted], [ROWS, ROWS], 'takes every row');

let killed = 0;
let unfinished = 0;
let last = ROWS;
for (let i = 0; killed < KILLS && i < 4 * KILLS; i++) {
	if (last === ROWS) {
		begin_anew();
		last = 0;
	}
	const start = Date.now();
	const signal = await start_and_kill(roll() * took_ms);
	killed += signal === 'SIGKILL';
	if (signal !== 'SIGKILL') took_ms = Math.min(took_ms, Date.now() - start);
	const state = run(['verify', '--book', book, '--format', 'json']).json;
	const { imports } = run(['imports', '--book', book, '--format', 'json']).json;
	const named = imports.length === 1 && imports[0].state === 'unfinished';
	unfinished += named;
	const leads = imports.length ? state.records : 0;
	const wrong = [];
	if (!state.sound) wrong.push(`not sound: ${state.text}`);
	if (imports.length > 1) wrong.push(`${imports.length} imports`);
	if (state.unfinished_imports !== (named ? 1 : 0)) wrong.push('an unfinished import is not named');
	if (leads % CHUNK !== 0 && leads !== ROWS) wrong.push(`${leads} records are no whole chunks`);
	if (leads < last) wrong.push(`${last} records stood, and ${leads} are left`);
	is(wrong.join('; '), '', `${signal ? 'killed' : 'in time'}: ${leads} records stand, sound`);
	last = leads;
}
note(`${killed} kills, ${unfinished} left an unfinished import`);
is(killed, KILLS, 'the kills came in time');

const again = run(call);
is(again.code, 0, 'run again, it completes');
const file = again.json.files[0];
deep_equal([file.rows, file.rejected], [ROWS, 0], 'every row');
is(file.accepted + file.unchanged, ROWS, 'new or there already');
const state = run(['verify', '--book', book, '--format', 'json']).json;
ok(state.sound && state.unfinished_imports === 0, 'sound, and nothing unfinished');
is(state.records, ROWS, 'no record twice, none missing');
done();
