#!/usr/bin/env node
// An agreement's life in the book: proposed, signed, in force, changed, superseded; and what a signature is for.
import { spawnSync } from 'node:child_process';
import { cpSync, readFileSync } from 'node:fs';
import { new_book } from '../book.mjs';
import { ok, is, has, deep_equal, done, note, program, root, run } from '../tap.mjs';

const { book, folder, lockstep, put: file, till } = new_book({ zone: 'Europe/Berlin' });
const good = readFileSync(`${root}/tests/agreements/good.yaml`, 'utf8');
const at = (now, ...args) => {
	till(now);
	return lockstep('agreement', ...args);
};
const first = file('first.yaml', good);
const changed = file('changed.yaml', good.replace('within: 4 hours', 'within: 8 hours'));
const later = file('later.yaml', good.replace('within: 4 hours', 'within: 2 hours').replace('2026-01-05', '2026-03-01'));

// ---- nothing yet
has(at('2026-01-01T09:00Z', 'status').err, /Nothing is proposed, and nothing is in force/, 'nothing is there, and what to do is said');
is(at('2026-01-01T09:00Z', 'sign', '--as', 'Mia').code, 1, 'nothing can be signed');
is(at('2026-01-01T09:00Z', 'show').code, 1, 'nothing can be shown');

// ---- proposed, and signed by one
has(at('2026-01-01T10:00Z', 'propose', first).err, /Version 1 is proposed/, 'proposed');
const again = at('2026-01-01T10:05Z', 'propose', first);
deep_equal([again.code, again.err], [0, 'Version 1 says exactly this: nothing is proposed anew\n'], 'proposing the same bytes changes nothing');
has(at('2026-01-01T10:10Z', 'sign', '--as', 'Ann').err, /"Ann" does not sign version 1; those who do: Mia, Sam, Eve/, 'who does not sign is told who does');
has(at('2026-01-01T09:59Z', 'sign', '--as', 'Mia').err.replace(/\s+/g, ' '), "version 1 was proposed at 2026-01-01T11:00:00+01:00, and by this machine's clock it is 2026-01-01T10:59:00+01:00: nobody signs a text before it is proposed", 'nobody signs what is not proposed yet');
has(at('2026-01-01T11:00Z', 'sign', '--as', 'Mia').err, /Mia has signed version 1 for marketing\n2 signatures are missing/, 'signed by one');
const twice = at('2026-01-01T11:05Z', 'sign', '--as', 'Mia');
is(twice.code, 1, 'nobody signs twice');
has(twice.err, /Mia has signed version 1 already; signatures are missing of Sam, Eve/, 'and it says who is missing');

// ---- a changed text voids what was signed
has(at('2026-01-02T10:00Z', 'propose', changed).err, /Version 2 is proposed\nIt voids 1 signature given to version 1/, 'a changed text voids');
has(at('2026-01-02T10:01Z', 'status').out, /Version 2, proposed\n(.*\n){2}  signed +not yet by Mia for marketing\n +not yet by Sam for sales\n +not yet by Eve for partner\n/, 'all are to sign anew');
has(at('2026-01-02T10:02Z', 'history').out, /Version 1, replaced before all had signed\n(.*\n)*  signed +2026-01-01 12:00 by Mia for marketing; void/, 'history tells of it');

// ---- signed by all, in force from its day
for (const who of ['Mia', 'Sam'])
	at('2026-01-02T11:00Z', 'sign', '--as', who);
has(at('2026-01-02T12:00Z', 'sign', '--as', 'Eve').err, /All have signed. Version 2 is in force from 2026-01-05 00:00/, 'signed by all');
has(at('2026-01-03T09:00Z', 'status').out, /^Version 2, signed\n/, 'before its day it is signed');
has(at('2026-01-04T23:00:00Z', 'status').out, /^Version 2, in force\n/, 'from its day, in its own zone, it is in force');
has(at('2026-01-06T09:00Z', 'show', '--as', 'html').out, /first response or .* within 8 working hours/, 'what is in force is shown');
has(at('2026-01-06T09:00Z', 'show', '--as', 'html', '--version', '1').out, /first response or .* within 4 working hours/, 'and what was');
is(at('2026-01-06T09:00Z', 'show', '--version', '3').code, 1, 'there is no version 3');

// ---- taken back, and superseded
at('2026-01-06T10:00Z', 'propose', later);
has(at('2026-01-06T10:00Z', 'withdraw').err, /Version 3 is taken back/, 'a proposal can be taken back');
has(at('2026-01-06T10:00Z', 'sign', '--as', 'Mia').err, /nothing is proposed/, 'and is not signed then');
has(at('2026-01-06T11:00Z', 'propose', later).err, /Version 4 is proposed/, 'the same text may be proposed again');
for (const who of ['Mia', 'Sam', 'Eve'])
	at('2026-01-07T11:00Z', 'sign', '--as', who);
has(at('2026-02-01T09:00Z', 'status').out, /^Version 2, in force\n(.*\n)*  in force +from 2026-01-05 00:00 until 2026-03-01 00:00\n\nVersion 4, signed\n/, 'the next one waits for its day');
const history = at('2026-04-01T09:00Z', 'history').out;
deep_equal(history.match(/^Version .*$/gm), ['Version 1, replaced before all had signed', 'Version 2, superseded', 'Version 3, withdrawn', 'Version 4, in force'], 'history has every version and its state');
is(new Set(history.match(/^ {2}hash +[0-9a-f]{64}$/gm)).size, 3, 'and the hash of each text');

// ---- the last signature may come after the day
const late = `${folder}/late.lockstep`;
run(['init', '--book', late, '--zone', 'Europe/Berlin', '--currency', 'EUR']);
const at_late = (now, ...args) => run(['agreement', ...args, '--book', late], { env: { LOCKSTEP_NOW: now } });
at_late('2026-02-01T09:00Z', 'propose', first);
at_late('2026-02-01T10:00Z', 'sign', '--as', 'Mia');
at_late('2026-02-02T10:00Z', 'sign', '--as', 'Sam');
has(at_late('2026-02-03T10:00Z', 'sign', '--as', 'Eve').err, /in force from 2026-02-03 11:00/, 'from the last signature where that is later');
const bad = at_late('2026-02-03T11:00Z', 'propose', file('bad.yaml', good.replace('party: sales', 'party: sails')));
is(bad.code, 1, 'what is no agreement is not proposed');
has(bad.err, /bad\.yaml:39:26: sails: party "sails" is not known; there are: marketing, sales/, 'and the place is named');

const far = `${folder}/far.lockstep`;
run(['init', '--book', far, '--zone', 'Asia/Tokyo', '--currency', 'EUR']);
const at_far = (...args) => run(['agreement', ...args, '--book', far], { env: { LOCKSTEP_NOW: '2026-01-01T10:00Z' } });
at_far('propose', first);
at_far('sign', '--as', 'Mia');
at_far('sign', '--as', 'Sam');
has(at_far('sign', '--as', 'Eve').err, /in force from 2026-01-05 00:00/, 'in a book of another zone the agreement has its own');
has(at_far('status').out, /in force +from 2026-01-05 00:00/, 'as status says');

// ---- annexes need no signature
const ics = event => `BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//test//EN\r\nBEGIN:VEVENT\r\nUID:1\r\n${event}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n`;
file('days.ics', ics('DTSTART;VALUE=DATE:20201225\r\nDTEND;VALUE=DATE:20201227\r\nRRULE:FREQ=YEARLY\r\nSUMMARY:Christmas'));
const with_days = file('with-days.yaml', 'annexes:\n  holidays: [2026-05-01, {file: days.ics}]\n  other hours: {2026-12-26: usual}\n  absences: [{who: Ann, away: no}]\n');
const below = good.replace('holidays: [', 'holidays: [2026-06-01, ');
has(at_late('2026-02-04T09:00Z', 'propose', file('below.yaml', below)).err, /says exactly this: nothing is proposed anew\nBelow the line annexes: it differs. That needs no signature/, 'annexes alone are no other version');
is(at_late('2026-02-04T10:00Z', 'annex', with_days).code, 0, 'annexes are recorded');
has(at_late('2026-02-04T10:30Z', 'annex', file('zed.yaml', 'annexes:\n  absences: [{who: Annn, from: 2026-03-01, to: 2026-03-02}]\n')).err, /zed\.yaml:2:\d+: warning: who: no lead goes to "Annn".*did you mean "Ann"/, 'an absence of somebody nobody knows is doubted');
has(at_late('2026-02-04T11:00Z', 'status').out, /^Version 1, in force\n/, 'and what is signed stays signed');
has(at_late('2026-02-04T11:00Z', 'history').out, /Annexes 1, recorded 2026-02-04 11:00 by/, 'history has them');
const shown = at_late('2026-02-04T11:00Z', 'show').out;
has(shown, /2026-05-01 +closed/, 'they are in the contract');
ok(!/Ann +away/.test(shown), 'an absence can be taken back');
const due = (agreement, line) => run(['calendar', 'due', agreement], { input: line + '\n' }).out.trim();
const tried = file('tried.yaml', good.replace(/annexes:[^]*/, readFileSync(with_days, 'utf8')));
is(run(['calendar', 'due', '1', '--book', late], { input: '2030-12-24T16:00 2 working hours\n' }).out.trim(), '2030-12-27T09:00:00+01:00', 'a version of the book has them');
is(due(tried, '2030-12-24T16:00 2 working hours'), '2030-12-27T09:00:00+01:00', 'a yearly event closes its days every year');
is(due(tried, '2026-12-24T16:00 2 working hours'), '2026-12-28T09:00:00+01:00', 'a Saturday given back is still a Saturday');
is(due(tried, '2019-12-24T16:00 2 working hours'), '2019-12-25T09:00:00+01:00', 'and none before it began');

// ---- a calendar file that is wrong is named with its line
const wrong = [
	['DTSTART;VALUE=DATE:20261225\r\nDTEND;VALUE=DATE:20261220\r\nSUMMARY:Back', 'days.ics:4:1: event "Back": it ends before it begins'],
	['DTSTART;VALUE=DATE:19700101\r\nRRULE:FREQ=DAILY\r\nSUMMARY:All', 'days.ics:4:1: event "All": the file names more than 20000 days'],
	['SUMMARY:Never', 'days.ics:4:1: event "Never": it has no day'],
];
for (const [event, message] of wrong) {
	file('days.ics', ics(event));
	const { code, err } = at_late('2026-02-05T10:00Z', 'annex', with_days);
	is(code, 1, 'refused');
	ok(err.includes(message), message) || note(err);
}
// A meeting among the holidays closes no day: every command that reads the file says so, and goes on.
const meeting = ics('DTSTART:20261228T100000Z\r\nDTEND:20261228T230000Z\r\nSUMMARY:Party\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nUID:2\r\nDTSTART;VALUE=DATE:20261229\r\nSUMMARY:Closed');
file('days.ics', meeting);
const passed_over = /days\.ics:4:1: event "Party" has times of day, so it closes none and is passed over/;
const party = run(['calendar', 'due', tried], { input: '2026-12-25T16:00 10 working hours\n' });
is(party.out.trim(), '2026-12-30T10:00:00+01:00', 'the day of the meeting is open, the day after is closed');
has(party.err, passed_over, 'and the meeting is named');
is(party.code, 0, 'which refuses nothing');
has(run(['agreement', 'check', tried]).err, passed_over, 'as check says');
is(run(['calendar', 'due', tried, '--quiet'], { input: '' }).err, '', 'unless nothing is to be said');
has(at_late('2026-02-05T09:00Z', 'annex', with_days).err, passed_over, 'and so does annex');
file('days.ics', 'no calendar\n');
has(at_late('2026-02-05T10:00Z', 'annex', with_days).err, /days\.ics:1:1: this is no calendar file/, 'what is no calendar is said to be none');
has(at_late('2026-02-05T10:00Z', 'annex', file('gone.yaml', 'annexes: {holidays: [{file: gone.ics}]}')).err, /gone\.yaml:1:29: holidays: .*gone\.ics/, 'a file that is not there is named where it stands');

// ---- what changed, in words
const other = good.replace('within: 4 hours', 'within: 8 hours').replace('call_in)', 'call)').replace('fri:     "08:00', 'fri:     "09:00').replace('halve every: 14', 'halve every: 1');
deep_equal(run(['agreement', 'diff', first, file('other.yaml', other)]).out.match(/^ {2}.*$/gm), [
	'  Friday: 08:00–14:00 → 09:00–14:00',
	'  hand-raiser, when: touched(demo_request, call_in) → touched(demo_request, call)',
	'  points of a touch: halve every 14 days → halve every 1 day',
	'  first contact, time allowed: 4 → 8 working hours',
], 'numbers of one unit have it once, all else is said in full');

// ---- what the README tells to type
const typed = readFileSync(`${root}/README.md`, 'utf8').split('## Sign an agreement')[1].split('```')[1].trim().split('\n');
cpSync(`${root}/examples`, `${folder}/examples`, { recursive: true });
const env = { ...process.env, LOCKSTEP_BOOK: `${folder}/readme.lockstep`, LC_ALL: 'C.UTF-8' };
run(['simulate', '--leads', '200', '--seed', '3'], { env });
ok(typed.length >= 8, 'the README signs an agreement');
for (const line of typed) {
	const child = spawnSync('bash', ['--norc', '-c', `lockstep() { '${program}' "$@"; }; ${line}`], { cwd: folder, env });
	is(child.status, 0, line) || note(child.stderr);
}

// ---- the book is sound, and depends on no file outside
has(run(['verify', '--book', book]).out, /^Sound\./, 'the book is sound');
has(run(['verify', '--book', late]).out, /^Sound\./, 'the other too');
is(run(['measure', 'count()', '--book', book]).code, 0, 'questions are answered as before');
done();
