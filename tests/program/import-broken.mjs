#!/usr/bin/env node
// Every broken input of tests/broken: the program refuses or goes on as written beside it, says why, does not crash, and leaves a
// book that is sound; where it refuses, the book is as it was.
//
// NAME.expect holds `args:` (before NAME.csv, or good.csv where there is no NAME.csv) or `call:` (the whole call), `exit:` and `says:`
// lines that must appear in the output.

import { copyFileSync, existsSync, mkdirSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { ok, is, has, done, run, root, temporary_folder } from '../tap.mjs';

const folder = temporary_folder();
const broken = join(root, 'tests', 'broken');
const work = join(folder, 'files');
mkdirSync(work);
for (const name of readdirSync(broken))
	copyFileSync(join(broken, name), join(work, name));
run(['init', '--book', join(folder, 'fresh'), '--currency', 'EUR', '--zone', 'Europe/Berlin']);

function fresh_book(name) {
	const book = join(folder, name);
	copyFileSync(join(folder, 'fresh'), book);
	copyFileSync(join(folder, 'fresh.keys'), `${book}.keys`);
	return book;
}

const first = run(['verify', '--book', fresh_book('first'), '--format', 'json']).json;
ok(first && first.sound, 'a fresh book is sound');

const cases = readdirSync(broken).filter((f) => f.endsWith('.expect')).map((f) => f.slice(0, -'.expect'.length)).sort();
ok(cases.length >= 150, `there are ${cases.length} broken inputs, at least 150`);

for (const name of cases) {
	const lines = readFileSync(join(broken, `${name}.expect`), 'utf8').split('\n').filter(Boolean);
	const value = (key) => lines.filter((l) => l.startsWith(`${key}: `)).map((l) => l.slice(key.length + 2));
	const book = fresh_book(`book-${name}`);
	const csv = existsSync(join(broken, `${name}.csv`)) ? `${name}.csv` : 'good.csv';
	const call = value('call')[0] ?? `${value('args')[0]} ${csv}`;
	const wanted = Number(value('exit')[0]);
	const got = run(['import', '--book', book, ...call.split(' ')], { cwd: work });
	const said = `${got.out}\n${got.err}`.replace(/\s+/g, ' ');

	is(got.signal, null, `${name}: does not crash`);
	is(got.code, wanted, `${name}: exit ${wanted}`);
	for (const text of value('says'))
		has(said, text.replace(/\s+/g, ' '), `${name}: says why`);
	const after = run(['verify', '--book', book, '--format', 'json']).json;
	ok(after && after.sound && after.unfinished_imports === 0, `${name}: the book is sound, nothing is half done`);
	if (wanted !== 0)
		is(after && after.head, first.head, `${name}: the book is as it was`);
}

done();
