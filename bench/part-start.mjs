// A simulated company's book: how long until questions can be asked, and what its facts take in memory. A process of its own each time.

import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { median } from './page.mjs';

function start_once(context, book) {
	const lines = execFileSync(context.driver, ['start', book], { encoding: 'utf8' }).trim().split('\n').map((line) => line.split('\t'));
	const [word, opened, loaded, resident, peak] = lines.pop();
	if (word !== 'done')
		throw new Error(lines.join(' '));
	return {
		seconds: Number(opened) + Number(loaded), resident: Number(resident), peak: Number(peak),
		facts: Object.fromEntries(lines.map(([fact, rows, bytes]) => [fact, { rows: Number(rows), bytes: Number(bytes) }])),
	};
}

export async function start(context) {
	const folder = join(context.folder, 'start');
	mkdirSync(folder);
	const book = join(folder, 'book.lockstep');
	const began = performance.now();
	execFileSync(context.lockstep, ['simulate', '--book', book, '--leads', String(context.leads), '--quiet'], { stdio: 'ignore' });
	const simulated = (performance.now() - began) / 1000;
	context.say(`simulated in ${simulated.toFixed(1)} s`);
	const runs = [];
	for (let run = 0; run < context.runs; run++) {
		runs.push(start_once(context, book));
		context.say(`run ${run + 1} of ${context.runs}: ${runs.at(-1).seconds.toFixed(2)} s`);
	}
	const { facts, resident, peak } = runs.at(-1);
	const seconds = median(runs.map((r) => r.seconds));
	const each = (fact) => facts[fact].bytes / Math.max(1, facts[fact].rows);
	context.figure('start_from_book', seconds, 's');
	context.figure('memory_a_lead', each('leads'), 'bytes');
	context.figure('memory_a_touch', each('touches'), 'bytes');
	context.figure('memory_resident', resident / 2 ** 20, 'MB');
	return { seconds, simulated, facts, resident, peak };
}
