#!/usr/bin/env node
// The same book, the same agreement, the same day: every report and a replay, in every form, on one core and on all, byte for byte the same.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { readdirSync, readFileSync } from 'node:fs';
import { done, is, ok, program, root, run, skip, temporary_folder } from '../tap.mjs';

const folder = temporary_folder();
const book = join(folder, 'book');
const agreement = join(root, 'examples/agreements/hollin-filters.yaml');
const env = { ...process.env, LOCKSTEP_NOW: '2025-07-01T09:00' };
const on_one = (args) => spawnSync('taskset', ['-c', '0', program, ...args], { env, encoding: 'buffer', maxBuffer: 1 << 28 });
const on_all = (args) => spawnSync(program, args, { env, encoding: 'buffer', maxBuffer: 1 << 28 });

is(run(['simulate', '--to-csv', join(folder, 'made'), '--leads', '400', '--seed', '11']).code, 0, 'a company is made up');
is(run(['init', '--book', book, '--zone', 'Europe/Berlin', '--currency', 'EUR']).code, 0, 'init');
const files = ['accounts', 'people', 'leads', 'activities', 'opportunities', 'stage-history'].map((name) => join(folder, 'made', `${name}.csv`));
is(run(['import', '--book', book, '--rejects', folder, ...files]).code, 0, 'its exports are imported');

function same(args, name) {
	const [one, all] = [on_one(args), on_all(args)];

	is(one.status, 0, `${name}: ${one.stderr.toString().split('\n')[0]}`);
	ok((one.stdout.length > 100 || args.includes('csv')) && one.stdout.equals(all.stdout), `${name}: the same again, on one core and on all`);
}

if (spawnSync('taskset', ['-c', '0', 'true']).status !== 0) {
	skip('there is no taskset');
} else {
	const names = run(['report', '--format', 'json']).json.map((report) => report.name);

	ok(names.length >= 18, `${names.length} reports`);
	for (const name of names)
		for (const format of ['text', 'json', 'csv'])
			same(['report', name, '--agreement', agreement, '--format', format, '--book', book], `${name} as ${format}`);
	for (const format of ['text', 'json', 'csv', 'html'])
		same(['agreement', 'replay', agreement, '--format', format, '--book', book], `replay as ${format}`);
	same(['agreement', 'replay', agreement, '--against', join(root, 'examples/agreements/small-b2b.yaml'), '--book', book], 'replay of two');
	same(['agreement', 'show', agreement, '--as', 'html'], 'the contract');
	is(on_one(['report', '--all', '--out', join(folder, 'one'), '--agreement', agreement, '--book', book]).status, 0, 'all of them as HTML');
	is(on_all(['report', '--all', '--out', join(folder, 'all'), '--agreement', agreement, '--book', book]).status, 0, 'and again');
	for (const page of readdirSync(join(folder, 'one')))
		ok(readFileSync(join(folder, 'one', page)).equals(readFileSync(join(folder, 'all', page))), `${page}: the same again`);
}
done();
