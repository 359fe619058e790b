#!/usr/bin/env node
// What a careless or hostile file can do to an agreement, and to who reads it: nothing that stays, hangs or steers a terminal.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { new_book } from '../book.mjs';
import { deep_equal, done, has, is, ok, root, run } from '../tap.mjs';

const { book, folder, lockstep, put: file } = new_book({ zone: 'Europe/Berlin' });
const good = readFileSync(`${root}/tests/agreements/good.yaml`, 'utf8');
const agreement = (...args) => lockstep('agreement', ...args);
const calendar = (...events) => file('days.ics', `BEGIN:VCALENDAR\r\nVERSION:2.0\r\n${events.map((e) => `BEGIN:VEVENT\r\n${e}\r\nEND:VEVENT\r\n`).join('')}END:VCALENDAR\r\n`);
const with_file = (name) => good.replace('holidays: [', `holidays: [{file: ${name}}, `);

// ---- what stands in the book can always be read again
calendar('UID:1\r\nDTSTART;VALUE=DATE:20260303\r\nSUMMARY:Pu\u202erim\\n\u001b[31m');
is(agreement('propose', file('letters.yaml', with_file('days.ics'))).code, 0, 'a calendar whose names turn the direction of writing');
is(agreement('status').code, 0, 'is no harm to the book');
const shown = agreement('show').out;
has(shown, /2026-03-03 +closed, Pu rim/, 'the day is there');
ok(!/[\u202e\u001b]/.test(shown), 'its name has plain letters');
const red = agreement('annex', file('red.yaml', 'annexes:\n  teams: {"\\e[31minside": [Cid]}\n'));
is(red.code, 1, 'annexes with such letters are refused');
has(red.err, 'red.yaml:2:11: the character U+001B shows a text as another', 'with their place');
is(agreement('history').code, 0, 'and the history is told');

// ---- single times of a repeated event
calendar('UID:1\r\nDTSTART;VALUE=DATE:20251226\r\nRRULE:FREQ=YEARLY\r\nSUMMARY:Boxing Day',
	'UID:1\r\nRECURRENCE-ID;VALUE=DATE:20261226\r\nDTSTART;VALUE=DATE:20261228\r\nSUMMARY:Boxing Day, moved',
	'UID:1\r\nRECURRENCE-ID;VALUE=DATE:20271226\r\nDTSTART;VALUE=DATE:20271226\r\nSTATUS:CANCELLED\r\nSUMMARY:Boxing Day',
	'UID:2\r\nDTSTART;VALUE=DATE:20251231\r\nRRULE:FREQ=YEARLY\r\nEXDATE;VALUE=DATE:20261231\r\nSUMMARY:New Year');
const week = good.replace(/hours:\n.*\n.*\n/, 'hours: {mon-sun: "00:00-24:00"}\n').replace(/ {2}other hours.*\n/, '').replace(/, \{2026-12-26.*\}\]/, ']')
	.replace('holidays: [2026-12-25', 'holidays: [{file: days.ics}');
const works = (days) => run(['calendar', 'elapsed', file('moved.yaml', week)], { input: days.map((d) => `${d}T00:00 ${d}T23:00\n`).join('') }).out.trim().split('\n').map((s) => s !== '0');
deep_equal(works(['2025-12-26', '2026-12-26', '2026-12-28', '2027-12-26', '2028-12-26', '2025-12-31', '2026-12-31']), [false, true, false, true, false, false, true],
	'a moved day is where it was moved to, a cancelled one is none');

// ---- as other programs write whole days
calendar('UID:1\r\nDTSTART;TZID=Europe/Berlin:20251226T000000\r\nDTEND;TZID=Europe/Berlin:20251228T000000\r\nRRULE:FREQ=YEARLY\r\nSUMMARY:Two days');
writeFileSync(`${folder}/days.ics`, `\ufeff${readFileSync(`${folder}/days.ics`, 'utf8')}`);
deep_equal(works(['2025-12-25', '2025-12-26', '2026-12-27', '2026-12-28']), [true, false, false, true], 'from midnight to midnight, behind a byte order mark');
calendar('UID:1\r\nDTSTART:20251226T000000Z\r\nDTEND:20251227T000000Z\r\nSUMMARY:Elsewhere');
has(run(['agreement', 'check', file('utc.yaml', with_file('days.ics'))]).err, 'event "Elsewhere" has times of day', 'midnight of Greenwich is no midnight here');

// ---- what would never end
for (const freq of ['SECONDLY', 'MINUTELY;BYMONTH=2;BYMONTHDAY=30', 'HOURLY']) {
	calendar(`UID:1\r\nDTSTART;VALUE=DATE:00010101\r\nRRULE:FREQ=${freq}\r\nSUMMARY:Ever`);
	has(run(['agreement', 'check', file('ever.yaml', with_file('days.ics'))]).err, 'days.ics:3:1: event "Ever": its RRULE cannot be followed', `FREQ=${freq} is refused at once`);
}

// ---- no file but those it came with
mkdirSync(`${folder}/years`);
file('years/2026.ics', 'BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n');
is(run(['agreement', 'check', file('below.yaml', with_file('years/2026.ics'))]).code, 0, 'a calendar file may lie in a folder beside the text');
for (const away of ['/dev/zero', '../days.ics', 'years/../../days.ics']) {
	const { code, err } = run(['agreement', 'check', file('away.yaml', with_file(away))]);
	is(code, 1, `${away} is not opened`);
	has(err, /away\.yaml:55:21: holidays: a calendar file lies beside the text that names it/, 'and that is said');
}

// ---- texts that are no agreement
for (const [name, text] of [['deep', '['.repeat(5000)], ['nul', good.replace('Nowhere', 'No\0where')], ['large', '#'.repeat(2 << 20)], ['empty', ''], ['list', '- a\n']]) {
	const { code, err } = run(['agreement', 'check', file(`${name}.yaml`, text)]);
	ok(code === 1 && err.includes(`${name}.yaml`), `${name}: refused, and named`);
}
const script = run(['agreement', 'show', file('script.yaml', good.replace('Nowhere', '<script>alert(1)</script>').replace('[Mia]', '["<img src=x>"]')), '--as', 'html']);
ok(script.code === 0 && !/<script>alert|<img src=x>/.test(script.out), 'a name is no HTML');

// ---- options that a verb makes no use of are not passed over
deep_equal([['check', 'a', '--version', '1'], ['show', `${folder}/below.yaml`, '--version', '1'], ['diff', 'a', 'b', '--as', 'html'], ['status', '--format', 'csv'], ['sign', '--as', 'Mia', '--format', 'json']]
	.map((args) => agreement(...args).code), [2, 2, 2, 2, 2], 'wrong usage');

// ---- for programs
agreement('sign', '--as', 'Mia');
is(agreement('annex', file('one.yaml', 'annexes: {holidays: [2026-05-01]}\n')).code, 0, 'annexes');
has(agreement('history').out, '  1 day, 0 absences, 0 teams\n', 'one day is one');
const { versions, annexes } = agreement('history', '--format', 'json').json;
deep_equal(versions.map((v) => [v.version, v.state, v.title, v.day, v.from, v.missing, v.signatures.map((s) => [s.party, s.by, s.at])]),
	[[1, 'proposed', 'Sales and Marketing at Nowhere', '2026-01-05', null, 2,
		[['marketing', 'Mia', '2026-01-02T10:00:00+01:00'], ['sales', 'Sam', null], ['partner', 'Eve', null]]]], 'history for programs');
deep_equal([annexes.length, annexes[0].days, annexes[0].recorded], [1, 1, '2026-01-02T10:00:00+01:00'], 'with its annexes');
for (const who of ['Sam', 'Eve'])
	agreement('sign', '--as', who);
const [signed] = agreement('status', '--format', 'json').json.versions;
deep_equal([signed.state, signed.from, signed.until, signed.hash.length], ['signed', '2026-01-05T00:00:00+01:00', null, 64], 'status for programs');

// ---- names of imported leads do not steer the terminal
writeFileSync(`${folder}/map.yaml`, 'map: crm\nsource: crm\nfiles:\n  - {match: leads.csv, as: leads, key: id, fields: {name: name, company: company, created: created, owner: owner}}\n');
// Among many, as a file of them alone would be no text.
file('leads.csv', `id,name,company,created,owner\nL1,Ann\u001b]0;title\u0007,"Ac\u202eme",2026-01-01 10:00,B\u001b[31mob\n${Array.from({ length: 200 }, (_, i) => `P${i},Ann,Acme,2026-01-01 10:00,Bob\n`).join('')}`);
is(run(['import', '--book', book, '--map', `${folder}/map.yaml`, `${folder}/leads.csv`]).code, 0, 'a lead with letters that steer terminals');
const page = run(['lead', 'show', 'L1', '--book', book], { env: { LOCKSTEP_NOW: '2026-01-06T09:00Z' } }).out;
has(page, 'Ann ]0;title , Ac me', 'its page has them as spaces');
ok(!/[\u001b\u0007\u202e]/.test(page), 'and none else');
deep_equal([['accept', 'L1', '--override', 'x'], ['show', 'L1', '--by', 'x'], ['mark', 'L1', 'in', '--reason', 'x'], ['hand-over', '--waiting', '--to', 'Cid']]
	.map((args) => run(['lead', ...args, '--book', book]).code), [2, 2, 2, 2], 'lead: options that a verb makes no use of');
has(run(['lead', 'show', 'nobody', '--book', book]).err, 'lockstep rows --of leads lists them', 'who is not there');
is(run(['rows', '--of', 'leads', '--book', book]).code, 0, 'and that command is one');
done();
