// A simulated company's book: how long until questions can be asked, from the columns snapshot and from the entries, and what its facts
// take in memory. A process of its own each time.

import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { median } from './page.mjs';

// Larger companies go into columns alone: a book of ten million leads with all that became of them takes 50 GB.
const WITH_BOOK = 2e6;

function start_once(context, book, from) {
	const out = execFileSync(context.driver, ['start', book, ...from], { encoding: 'utf8' });
	const lines = out.trim().split('\n').map((line) => line.split('\t'));
	const [word, opened, loaded, resident, peak] = lines.pop();
	if (word !== 'done')
		throw new Error(lines.join(' '));
	const facts = {};
	for (const [fact, rows, values, names, history, keys] of lines)
		facts[fact] = { rows: Number(rows), values: Number(values), names: Number(names), history: Number(history), keys: Number(keys) };
	return { seconds: Number(opened) + Number(loaded), resident: Number(resident), peak: Number(peak), facts };
}

export async function start(context) {
	const folder = join(context.folder, 'start');
	mkdirSync(folder);
	const book = join(folder, 'book.lockstep');
	const story = join(context.root, 'examples/stories/ten-million.yaml');
	const began = performance.now();
	const alone = context.leads > WITH_BOOK;
	const where = alone ? ['--facts-only', '--columns', book] : ['--book', book];
	execFileSync(context.lockstep, ['simulate', ...where, '--story', story, '--leads', String(context.leads), '--quiet'], { stdio: 'ignore' });
	const simulated = (performance.now() - began) / 1000;
	context.say(`simulated in ${simulated.toFixed(1)} s`);
	const snapshot = [], entries = [];
	for (let run = 0; run < context.runs; run++) {
		snapshot.push(start_once(context, book, []));
		if (!alone)
			entries.push(start_once(context, book, ['book']));
		context.say(`run ${run + 1} of ${context.runs}: ${snapshot.at(-1).seconds.toFixed(2)} s${alone ? '' : `, from the book ${entries.at(-1).seconds.toFixed(2)} s`}`);
	}
	const seconds = median(snapshot.map((r) => r.seconds)), book_seconds = alone ? null : median(entries.map((r) => r.seconds));
	const { facts, resident, peak } = (alone ? snapshot : entries).at(-1);
	const all = ({ values, names, history, keys }) => values + names + history + keys;
	const each = (fact) => all(facts[fact]) / Math.max(1, facts[fact].rows);
	context.figure('start_from_snapshot', seconds, 's');
	if (!alone)
		context.figure('start_from_book', book_seconds, 's');
	for (const [name, fact] of [['lead', 'leads'], ['touch', 'touches']]) {
		context.figure(`memory_a_${name}`, each(fact), 'bytes');
		context.figure(`memory_a_${name}_values`, facts[fact].values / Math.max(1, facts[fact].rows), 'bytes');
	}
	context.figure('memory_resident', resident / 2 ** 20, 'MB');
	context.figure('memory_peak', peak / 2 ** 20, 'MB');
	return { seconds, book_seconds, simulated, facts, resident, peak };
}
