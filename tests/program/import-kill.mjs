#!/usr/bin/env node
// Ten times killed in the middle of an import: whole chunks stand, the import is named as unfinished, the book is sound; running it
// again completes it.

import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deep_equal, done, is, note, ok, program, root, run, temporary_folder } from '../tap.mjs';

const folder = temporary_folder();
const book = join(folder, 'book');
const data = join(folder, 'many.csv');
const map = join(folder, 'many.yaml');
const ROWS = 120000;
const CHUNK = 16384;

writeFileSync(map, 'map: many\nfiles:\n  - match: "*.csv"\n    as: leads\n    key: id\n    fields: {email: email, created: created, source: source, owner: owner}\n');
let text = 'id,email,created,source,owner\n';
for (let i = 0; i < ROWS; i++)
	text += `L${i},person${i}@example.com,2024-01-${String(1 + (i % 28)).padStart(2, '0')},source ${i % 7},rep ${i % 11}\n`;
writeFileSync(data, text);
run(['init', '--book', book, '--zone', 'UTC', '--currency', 'EUR']);

const call = ['import', '--book', book, '--map', map, data, '--format', 'json'];

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

let killed = 0;
let last = 0;
for (let i = 0; i < 10; i++) {
	const signal = await start_and_kill(120 + 90 * i);
	killed += signal === 'SIGKILL';
	const state = run(['verify', '--book', book, '--format', 'json']).json;
	ok(state && state.sound, `kill ${i + 1}: the book is sound`);
	const { imports } = run(['imports', '--book', book, '--format', 'json']).json;
	ok(imports.length <= 1, `kill ${i + 1}: one import at most`);
	const leads = state.records - (imports.length ? 0 : state.records);
	if (signal === 'SIGKILL' && imports.length)
		is(state.unfinished_imports, imports[0].state === 'unfinished' ? 1 : 0, `kill ${i + 1}: an unfinished import is named`);
	ok(leads % CHUNK === 0 || leads === ROWS || leads === 0, `kill ${i + 1}: whole chunks stand (${leads} records)`);
	ok(leads >= last, `kill ${i + 1}: nothing that stood is gone`);
	last = leads;
}
note(`${killed} of 10 were killed before they were done; ${last} records stood after the last`);
ok(killed >= 3, 'the kills came in time');

const whole = run(call);
is(whole.code, 0, 'run again, it completes');
const file = whole.json.files[0];
deep_equal([file.rows, file.rejected], [ROWS, 0], 'every row');
is(file.accepted + file.unchanged, ROWS, 'new or there already');
const state = run(['verify', '--book', book, '--format', 'json']).json;
ok(state.sound && state.unfinished_imports === 0, 'sound, and nothing unfinished');
is(state.records, ROWS, 'no record twice, none missing');
done();
