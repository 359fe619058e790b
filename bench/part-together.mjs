// Old leads are changed by 64 callers, alone and then while the five questions are asked again and again of facts that follow the book.

import { execFileSync } from 'node:child_process';
import { imported_book } from './part-import.mjs';
import { median } from './page.mjs';

const CALLERS = 64;
const UPDATES_A_SECOND = 21000; // 20,000 are promised; a caller that was late has room to catch up

export async function together(context) {
	const book = imported_book(context);
	const seconds = context.leads < 10000 ? 0.5 : 4;
	const fields = ['alone', 'together', 'rounds', 'round_ms', 'caught_up_ms', 'records', 'loads', 'wrong'];
	const seen = Object.fromEntries(fields.map((field) => [field, []]));
	for (let run = 0; run < context.runs; run++) {
		const out = execFileSync(context.driver, ['together', book, String(CALLERS), String(seconds), String(UPDATES_A_SECOND)], { encoding: 'utf8' });
		const [word, ...values] = out.trim().split('\n').pop().split('\t');
		if (word !== 'done')
			throw new Error(out);
		fields.forEach((field, i) => seen[field].push(Number(values[i])));
		context.say(`run ${run + 1} of ${context.runs}: ${values[0]} updates/s alone, ${values[1]} with questions`);
	}
	const result = Object.fromEntries(fields.map((field) => [field, median(seen[field])]));
	// Every time, not in the median.
	result.wrong = seen.wrong.reduce((sum, n) => sum + n, 0);
	result.kept = median(seen.alone.map((alone, i) => seen.together[i] / alone));
	if (result.wrong)
		context.say(`totals did not agree ${result.wrong} times`);
	context.figure('together_updates_alone', result.alone, 'rows/s');
	context.figure('together_updates', result.together, 'rows/s');
	context.figure('together_kept', result.kept, 'x');
	context.figure('together_questions', result.round_ms, 'ms');
	context.figure('together_catching_up', result.caught_up_ms, 'ms');
	return { ...result, callers: CALLERS, wanted: UPDATES_A_SECOND, seconds };
}
