// A lead file of twenty columns into a durable book with its chain, beside `sqlite3 .import` of the same file: whole commands, by the wall.

import { execFileSync, spawnSync } from 'node:child_process';
import { readdirSync, rmSync, statSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { median } from './page.mjs';

function timed(command, args) {
	const start = performance.now();
	const run = spawnSync(command, args, { encoding: 'utf8' });
	const seconds = (performance.now() - start) / 1000;
	if (run.status !== 0)
		throw new Error(`${command} ${args.join(' ')}: ${run.error ?? run.stderr}`);
	return { seconds, out: run.stdout };
}

function fresh(folder) {
	rmSync(folder, { recursive: true, force: true });
	mkdirSync(folder);
}

function bytes_in(folder) {
	return readdirSync(folder).reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
}

export async function imports(context) {
	const folder = join(context.folder, 'import');
	mkdirSync(folder);
	const file = join(folder, 'leads.csv');
	execFileSync(context.driver, ['leads-csv', String(context.leads), file]);
	const has_sqlite = spawnSync('sqlite3', ['--version']).status === 0;
	const ours = [], theirs = [];
	const book_folder = join(folder, 'book'), book = join(book_folder, 'book.lockstep');
	const db = join(folder, 'other.db');
	let wrong = 0, book_bytes = 0;
	for (let run = 0; run < context.runs; run++) {
		fresh(book_folder);
		timed(context.lockstep, ['init', '--book', book, '--zone', 'UTC', '--currency', 'EUR', '--quiet']);
		const { seconds, out } = timed(context.lockstep, ['import', '--preset', 'lockstep', '--book', book, '--quiet', '--format', 'json', file]);
		ours.push(seconds);
		if (new RegExp(`\\b${context.leads}\\b`).test(out) === false) {
			wrong++;
			context.say(`import: not ${context.leads} rows: ${out.slice(0, 500)}`);
		}
		book_bytes = bytes_in(book_folder);
		if (has_sqlite) {
			rmSync(db, { force: true });
			theirs.push(timed('sqlite3', [db, `.import --csv ${file} leads`]).seconds);
		}
		context.say(`run ${run + 1} of ${context.runs}: ${Math.round(context.leads / seconds)} rows/s`);
	}
	if (has_sqlite && Number(timed('sqlite3', [db, 'SELECT count(*) FROM leads']).out) !== context.leads)
		throw new Error('sqlite3 .import did not take all rows');
	const seconds = median(ours);
	context.figure('import', context.leads / seconds, 'rows/s');
	if (has_sqlite)
		context.figure('import_vs_sqlite', median(theirs) / seconds, 'x');
	context.figure('book_a_lead', book_bytes / context.leads, 'bytes');
	return { seconds, sqlite_seconds: has_sqlite ? median(theirs) : null, file_bytes: statSync(file).size, book_bytes, wrong };
}
