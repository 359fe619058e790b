#!/usr/bin/env node
// `lockstep calendar`: what it refuses, and what it answers against an own reckoning by Python's zoneinfo (calendar_oracle.py).
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { ok, is, skip, done, program, root, run, temporary_folder } from '../tap.mjs';

const folder = temporary_folder();
const agreement = (calendar, annexes) => `agreement: Hours
between: {marketing: {signs: [Mia]}, sales: {signs: [Sam]}}
in force: 2026-01-05
${calendar}
lead types: {any: {when: "not won", hand over: at once}}
route: [{otherwise: [Sam]}]
promises: {}
reasons: {reject: [no need]}
${annexes}`;

function answers(verb, path, lines) {
	const child = spawnSync(program, ['calendar', verb, path], { input: lines.join('\n') + '\n', encoding: 'utf8' });
	return { code: child.status, lines: child.stdout.split('\n').slice(0, -1), err: child.stderr };
}

const example = `${folder}/example.yaml`;
writeFileSync(example, agreement('calendar: {time zone: America/Chicago, hours: {mon-fri: ["08:00-12:00", "13:00-17:00"]}}', ''));
const some = answers('due', example, ['2026-03-27T16:30:00-05:00 8 working hours', '', '2026-03-27T16:30 2 calendar days', 'soon', '2026-03-27T16:30 1 day 2 hours']);
is(some.code, 1, 'lines that make no sense are refused');
is(some.lines.join(' '), '2026-03-30T16:30:00-05:00 2026-03-29T16:30:00-05:00', 'the others are answered');
ok(some.err.includes('standard input:4:') && some.err.includes('standard input:5:'), 'with their places');
// As promises have it of which the day alone is known: calendar days last to the end of the last.
is(answers('due', example, ['2026-03-27 2 calendar days', '2026-03-27 2 working days', '2026-03-27 3 hours', '2026-03-27T00:00 2 calendar days']).lines.join(' '),
	'2026-03-29T23:59:59-05:00 2026-03-31T08:00:00-05:00 2026-03-27T11:00:00-05:00 2026-03-29T00:00:00-05:00', 'a day without a time');
is(answers('elapsed', example, ['2026-03-27 2026-03-28']).code, 1, 'between two days nobody knows how long it was');
is(run(['calendar', 'overdue', example]).code, 2, 'due or elapsed');

// QUESTIONS=1000000 asks so many over all zones; without it a part of the zones answers.
const questions = Number(process.env.QUESTIONS ?? 60000);
const every = process.env.QUESTIONS ? 1 : 8;
if (spawnSync('python3', ['-c', 'import zoneinfo']).status !== 0) {
	skip('no Python with zoneinfo here');
} else {
	const python = spawnSync('python3', [`${root}/tests/program/calendar_oracle.py`, program, folder, questions, every],
		{ encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
	is(python.status, 0, 'Python reckons');
	const { zones, changes, asked, wrong, examples, failed } = JSON.parse(python.stdout);
	is(wrong, 0, `${asked} questions over ${zones} zones and ${changes} changes of their clocks, each as Python has it: ${examples.join(' | ')}`);
	is(failed.join('; '), '', 'none was refused');
	ok(asked >= questions && zones * every > 500, 'as many as were wanted');
}
done();
