// A simulated company's book: how long until questions can be asked, from the columns snapshot and from the entries, and what its facts
// take in memory. A process of its own each time.

import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { median } from './page.mjs';

// Larger companies go into columns alone: a book of ten million leads takes 24 GB, with all that became of them 35 GB.
const BOOK_OF_ALL = 2e6;

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

// Leads, touches and opportunities, or all that became of them.
function story_file(context, folder, all) {
	const told = readFileSync(join(context.root, 'examples/stories/ten-million.yaml'), 'utf8');
	const file = join(folder, 'story.yaml');
	writeFileSync(file, `${told}activities: ${all ? 'yes' : 'no'}\n`);
	return file;
}

async function measure(context, name, all) {
	const folder = join(context.folder, name);
	mkdirSync(folder);
	const book = join(folder, 'book.lockstep');
	const began = performance.now();
	const alone = all && context.leads > BOOK_OF_ALL;
	const where = alone ? ['--facts-only', '--columns', book] : ['--book', book];
	execFileSync(context.lockstep, ['simulate', ...where, '--story', story_file(context, folder, all), '--leads', String(context.leads), '--quiet'], { stdio: 'ignore' });
	const simulated = (performance.now() - began) / 1000, book_bytes = statSync(book).size;
	context.say(`simulated in ${simulated.toFixed(1)} s`);
	const snapshot = [], entries = [];
	for (let run = 0; run < context.runs; run++) {
		snapshot.push(start_once(context, book, []));
		if (!alone)
			entries.push(start_once(context, book, ['book']));
		context.say(`run ${run + 1} of ${context.runs}: ${snapshot.at(-1).seconds.toFixed(2)} s${alone ? '' : `, from the book ${entries.at(-1).seconds.toFixed(2)} s`}`);
	}
	rmSync(folder, { recursive: true });
	const seconds = median(snapshot.map((r) => r.seconds)), book_seconds = alone ? null : median(entries.map((r) => r.seconds));
	const { facts, resident, peak } = (alone ? snapshot : entries).at(-1);
	return { seconds, book_seconds, simulated, facts, resident, peak, book_bytes: alone ? null : book_bytes };
}

export async function start(context) {
	const result = await measure(context, 'start', false);
	const { facts } = result;
	const each = ({ rows, values, names, history, keys }) => (values + names + history + keys) / Math.max(1, rows);
	context.figure('start_from_snapshot', result.seconds, 's');
	context.figure('start_from_book', result.book_seconds, 's');
	for (const [name, fact] of [['lead', facts.leads], ['touch', facts.touches]]) {
		context.figure(`memory_a_${name}`, each(fact), 'bytes');
		context.figure(`memory_a_${name}_values`, fact.values / Math.max(1, fact.rows), 'bytes');
	}
	context.figure('memory_resident', result.resident / 2 ** 20, 'MB');
	context.figure('memory_peak', result.peak / 2 ** 20, 'MB');
	return result;
}

export async function company(context) {
	const result = await measure(context, 'company', true);
	context.figure('company_from_snapshot', result.seconds, 's');
	if (result.book_seconds)
		context.figure('company_from_book', result.book_seconds, 's');
	context.figure('company_resident', result.resident / 2 ** 20, 'MB');
	context.figure('company_peak', result.peak / 2 ** 20, 'MB');
	return result;
}
