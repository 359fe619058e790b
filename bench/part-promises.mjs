// What promises cost, LEADS of them running: due dates by an agreement's hours, the next due, a tick of the clock.

import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { median } from './page.mjs';

const AGREEMENT = 'examples/agreements/field-sales.yaml';

export async function promises(context) {
	const dues = context.leads * 10;
	const seconds = { hours: [], days: [], put: [], next: [], tick: [] };
	for (let run = 0; run < context.runs; run++) {
		const out = execFileSync(context.driver, ['promises', join(context.root, AGREEMENT), String(context.leads), String(dues)], { encoding: 'utf8' });
		for (const kind of Object.keys(seconds))
			seconds[kind].push(Number(out.match(new RegExp(`^${kind}\t([\\d.]+)$`, 'm'))[1]));
		context.say(`run ${run + 1} of ${context.runs}: ${dues} due dates in ${seconds.hours.at(-1)} s (hours), ${seconds.days.at(-1)} s (days)`);
	}
	const result = Object.fromEntries(Object.entries(seconds).map(([kind, values]) => [kind, median(values)]));
	result.dues = dues;
	context.figure('promises_due_hours', dues / result.hours, 'dates/s');
	context.figure('promises_due_days', dues / result.days, 'dates/s');
	context.figure('promises_put', result.put * 1e9, 'ns');
	context.figure('promises_next', result.next * 1e9, 'ns');
	context.figure('promises_quiet_tick', result.tick * 1e9, 'ns');
	return result;
}
