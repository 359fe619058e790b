// A lead file of twenty columns into a durable book with its chain, beside `sqlite3 .import` of the same file: whole commands, by the wall.

import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
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

function lead_file(context) {
	const folder = join(context.folder, 'import');
	const file = join(folder, 'leads.csv');
	if (!existsSync(file)) {
		mkdirSync(folder, { recursive: true });
		execFileSync(context.driver, ['leads-csv', String(context.leads), file]);
	}
	return file;
}

// Into a book of its own; says whether every row got there.
function import_once(context, file, book) {
	timed(context.lockstep, ['init', '--book', book, '--zone', 'UTC', '--currency', 'EUR', '--quiet']);
	const { seconds, out } = timed(context.lockstep, ['import', '--preset', 'lockstep', '--book', book, '--quiet', '--format', 'json', file]);
	const accepted = JSON.parse(out).files[0].accepted;
	if (accepted !== context.leads)
		context.say(`import: ${accepted} rows, not ${context.leads}`);
	return { seconds, wrong: accepted === context.leads ? 0 : 1 };
}

// A book with the leads in it: the one that was imported last, or one made for the purpose.
export function imported_book(context) {
	const folder = join(context.folder, 'import', 'book'), book = join(folder, 'book.lockstep');
	if (!existsSync(book)) {
		const file = lead_file(context);
		fresh(folder);
		import_once(context, file, book);
	}
	return book;
}

// A database with what stands beside it, over whatever was there.
export function copy_book(from, to) {
	for (const end of ['', '-wal', '.keys']) {
		rmSync(`${to}${end}`, { force: true });
		if (existsSync(`${from}${end}`))
			copyFileSync(`${from}${end}`, `${to}${end}`);
	}
}

export async function imports(context) {
	const file = lead_file(context);
	const folder = join(context.folder, 'import');
	const book_folder = join(folder, 'book'), book = join(book_folder, 'book.lockstep');
	const has_sqlite = spawnSync('sqlite3', ['--version']).status === 0;
	const db = join(folder, 'other.db');
	const ours = [], theirs = [];
	let wrong = 0, book_bytes = 0;
	for (let run = 0; run < context.runs; run++) {
		fresh(book_folder);
		const { seconds, wrong: missing } = import_once(context, file, book);
		ours.push(seconds);
		wrong += missing;
		book_bytes = bytes_in(book_folder);
		if (has_sqlite) {
			rmSync(db, { force: true });
			theirs.push(timed('sqlite3', [db, `.import --csv ${file} leads`]).seconds);
		}
		context.say(`run ${run + 1} of ${context.runs}: ${Math.round(context.leads / seconds)} rows/s`);
	}
	if (has_sqlite && Number(timed('sqlite3', [db, 'SELECT count(*) FROM leads']).out) !== context.leads)
		throw new Error('sqlite3 .import did not take all rows');
	rmSync(db, { force: true });
	const seconds = median(ours);
	context.figure('import', context.leads / seconds, 'rows/s');
	if (has_sqlite)
		context.figure('import_vs_sqlite', median(theirs) / seconds, 'x');
	context.figure('book_a_lead', book_bytes / context.leads, 'bytes');
	return { seconds, sqlite_seconds: has_sqlite ? median(theirs) : null, file_bytes: statSync(file).size, book_bytes, wrong };
}
