// Durable single rows by 64 callers: bare SQLite with group commit, which is what the disk and SQLite allow, beside the book.

import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { median } from './page.mjs';

const CALLERS = 64;

export async function writes(context) {
	const folder = join(context.folder, 'writes');
	const seconds = context.leads < 10000 ? 0.2 : 2;
	const kinds = { bare: ['writes'], book: ['book-writes'], person: ['book-writes', 'person'] };
	const rates = { bare: [], book: [], person: [] };
	mkdirSync(folder);
	for (let run = 0; run < context.runs; run++)
		for (const [kind, [command, ...more]] of Object.entries(kinds)) {
			const out = execFileSync(context.driver, [command, join(folder, `${kind}.${run}`), String(CALLERS), String(seconds), ...more], { encoding: 'utf8' });
			rates[kind].push(Number(out.match(/^done\t([\d.]+)$/m)[1]));
		}
	const result = { rate: median(rates.bare), book: median(rates.book), person: median(rates.person), callers: CALLERS };
	context.figure('writes_bare', result.rate, 'rows/s');
	context.figure('writes_book', result.book, 'rows/s');
	context.figure('writes_book_person', result.person, 'rows/s');
	context.figure('writes_book_sqlite', result.book / result.rate, 'ratio');
	return result;
}
