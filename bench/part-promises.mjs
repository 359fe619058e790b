// What promises cost, LEADS of them running: due dates by an agreement's hours, the next due, a tick of the clock, and one in which a tenth
// of them break.

import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { median } from './page.mjs';
import { copy_book } from './part-import.mjs';

const HOURS = 'examples/agreements/field-sales.yaml';
const KINDS = ['hours', 'days', 'gather', 'running', 'next', 'quiet', 'breaking', 'broken'];

function book_of(context, folder) {
	const file = join(folder, 'leads.csv'), book = join(folder, 'book');
	const lockstep = (...args) => execFileSync(context.lockstep, [...args, '--book', book, '--quiet'], { stdio: ['ignore', 'ignore', 'inherit'] });
	execFileSync(context.driver, ['promised-csv', String(context.leads), file]);
	lockstep('init', '--zone', 'Europe/Berlin', '--currency', 'EUR');
	lockstep('import', '--preset', 'lockstep', file);
	return book;
}

export async function promises(context) {
	const folder = join(context.folder, 'promises'), written = join(folder, 'written');
	const dues = context.leads * 10;
	const seen = Object.fromEntries(KINDS.map((kind) => [kind, []]));
	mkdirSync(folder);
	const book = book_of(context, folder);
	for (let run = 0; run < context.runs; run++) {
		copy_book(book, written);
		const out = execFileSync(context.driver, ['dues', join(context.root, HOURS), String(dues)], { encoding: 'utf8' }) +
			execFileSync(context.driver, ['clock', written, join(context.root, 'bench/promises.yaml')], { encoding: 'utf8' });
		for (const kind of KINDS)
			seen[kind].push(Number(out.match(new RegExp(`^${kind}\t([\\d.]+)$`, 'm'))[1]));
		context.say(`run ${run + 1} of ${context.runs}: ${seen.broken.at(-1)} of ${seen.running.at(-1)} broke in ${seen.breaking.at(-1)} s`);
	}
	const result = Object.fromEntries(KINDS.map((kind) => [kind, median(seen[kind])]));
	result.dues = dues;
	result.wrong = result.running === context.leads && result.broken === Math.ceil(context.leads / 10) ? 0 : 1;
	context.figure('promises_due_hours', dues / result.hours, 'dates/s');
	context.figure('promises_due_days', dues / result.days, 'dates/s');
	context.figure('promises_gather', result.gather, 's');
	context.figure('promises_next', result.next * 1e9, 'ns');
	context.figure('promises_quiet_tick', result.quiet * 1e9, 'ns');
	context.figure('promises_breaking_tick', result.breaking, 's');
	return result;
}
