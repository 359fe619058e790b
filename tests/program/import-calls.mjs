#!/usr/bin/env node
// A CRM's deals and the call log beside it, mapped with nothing but YAML: first responses, attempts and owners come out as they were made.
// DEALS=20000 CALLS=100000 tries the size of a company.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { crm_export } from '../crm_export.mjs';
import { done, has, is, root, run, temporary_folder } from '../tap.mjs';

const deals = Number(process.env.DEALS || 300), calls = Number(process.env.CALLS || 1500);
const folder = temporary_folder(), book = join(folder, 'book'), map = join(root, 'examples/maps/call_log.yaml');
const truth = crm_export(folder, { deals, calls });
const file = (name) => join(folder, name);
const figure = (measure, of = book) => Number(run(['measure', '--book', of, '--format', 'csv', measure]).out.trim().split('\n').pop().split(',')[0]);

run(['init', '--book', book, '--zone', 'America/Chicago', '--currency', 'USD', '--quiet']);
const imported = run(['import', '--book', book, '--map', map, file('deals.csv'), file('calls.csv')]);
is(imported.code, 0, 'both files go in');
has(imported.out + imported.err, `${truth.strangers.toLocaleString('en-US')} of ${calls.toLocaleString('en-US')} activities that name a contact name one that is not in the book`, 'calls of strangers are counted and said');
is(figure('count(leads)'), deals, 'a lead for each deal');
is(figure('count(first_response)'), truth.first_response, 'first responses');
is(figure('count(activities where lead is set and direction = out)'), truth.attempts, 'attempts at people who are leads');
is(figure('count(activities where outcome = reached and lead is set)'), truth.conversations, 'conversations');
is(figure('sum(activities.duration_minutes)').toFixed(0), truth.minutes.toFixed(0), 'minutes, from durations like 0:04:31');
for (const [owner, count] of Object.entries(truth.by_owner))
	is(figure(`count(activities where owner = "${owner}")`), count, `calls of ${owner}`);

// In the other order, too; and no name or number of a caller stands in the book, known or not.
const other = join(folder, 'other');
run(['init', '--book', other, '--zone', 'America/Chicago', '--currency', 'USD', '--quiet']);
is(run(['import', '--book', other, '--map', map, file('calls.csv'), file('deals.csv')]).code, 0, 'calls before deals');
is(figure('count(first_response)', other), truth.first_response, 'give the same first responses');
is(run(['import', '--book', other, '--map', map, '--format', 'json', file('calls.csv')]).json?.files[0].unchanged, calls, 'and are known when they come again');
for (const path of [book, other]) {
	const bytes = [path, `${path}-wal`].filter(existsSync).map((name) => readFileSync(name, 'latin1')).join('');
	is(['+1 555', 'Kowalski', "O'Neil"].filter((text) => bytes.includes(text)).join(), '', 'nobody is named in the clear');
}
is(run(['verify', '--book', other]).code, 0, 'the book is sound');

// The draft of such a log knows its columns.
const draft = run(['import', '--draft-map', file('calls.csv')]).out;
for (const line of ['at: Call Start Time', 'contact: Contact', 'duration_minutes: Duration', 'outcome: Status'])
	has(draft, line, `drafted: ${line}`);

// Two parts of a clock read two ways, until the map says which.
const text = readFileSync(map, 'utf8');
writeFileSync(file('calls.csv'), 'Call Start Time,Owner,Contact,Direction,Duration,Status\n03/14/2025 9:05 AM,Kim Lee,Nobody,Outbound,4:31,Connected\n');
const refused = run(['import', '--book', book, '--map', map, '--dry-run', file('calls.csv')]);
has(refused.out, 'Duration: "4:31" can be read in two ways; say which in the map, with `unit: minutes`', '4:31 alone');
writeFileSync(file('map.yaml'), text.replace('duration: Duration', 'duration: {column: Duration, unit: minutes}'));
is(run(['import', '--book', book, '--map', file('map.yaml'), file('calls.csv')]).code, 0, 'with a unit it goes in');
is(figure('count(activities where duration_minutes = 4.52 and at >= 2025-03-14 and at < 2025-03-15)'), 1, 'as 4.52 minutes');
done();
