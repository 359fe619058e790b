// Durable single rows by 64 callers: bare SQLite with group commit, which is what the disk and SQLite allow.

import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { median } from './page.mjs';

const CALLERS = 64;

export async function writes(context) {
	const folder = join(context.folder, 'writes');
	const seconds = context.leads < 10000 ? 0.2 : 2;
	const rates = [];
	mkdirSync(folder);
	for (let run = 0; run < context.runs; run++) {
		const out = execFileSync(context.driver, ['writes', join(folder, `${run}.db`), String(CALLERS), String(seconds)], { encoding: 'utf8' });
		rates.push(Number(out.match(/^done\t([\d.]+)$/m)[1]));
	}
	context.figure('writes_bare', median(rates), 'rows/s');
	return { rate: median(rates), callers: CALLERS };
}
