// Durable single rows by 64 callers, where LEADS rows stand already: bare SQLite with group commit, which is what the disk and SQLite
// allow, beside the book.

import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { copy_book, imported_book } from './part-import.mjs';
import { median } from './page.mjs';

const CALLERS = 64;
// Larger ones are not copied before each run: what a run adds is little beside them.
const COPIED_LEADS = 1e6;

export async function writes(context) {
	const folder = join(context.folder, 'writes');
	const seconds = context.leads < 10000 ? 0.2 : 2;
	mkdirSync(folder);
	const table = join(folder, 'filled.db');
	execFileSync(context.driver, ['sqlite-fill', String(context.leads), table]);
	const book = imported_book(context);
	const kinds = {
		bare: { from: table, command: ['writes'], more: [] },
		book: { from: book, command: ['book-writes'], more: [] },
		person: { from: book, command: ['book-writes'], more: ['person'] },
	};
	const rates = { bare: [], book: [], person: [] };
	for (let run = 0; run < context.runs; run++) {
		for (const [kind, { from, command, more }] of Object.entries(kinds)) {
			const at = context.leads > COPIED_LEADS ? from : join(folder, 'written');
			if (at !== from)
				copy_book(from, at);
			const out = execFileSync(context.driver, [...command, at, String(CALLERS), String(seconds), ...more], { encoding: 'utf8' });
			rates[kind].push(Number(out.match(/^done\t([\d.]+)$/m)[1]));
		}
		context.say(`run ${run + 1} of ${context.runs}: ${rates.book.at(-1)} rows/s`);
	}
	const result = { rate: median(rates.bare), book: median(rates.book), person: median(rates.person), callers: CALLERS };
	context.figure('writes_bare', result.rate, 'rows/s');
	context.figure('writes_book', result.book, 'rows/s');
	context.figure('writes_book_person', result.person, 'rows/s');
	context.figure('writes_book_vs_sqlite', result.book / result.rate, 'x');
	return result;
}
