#!/usr/bin/env node
// The weekly page says what other pages say: who is late as sla has it, who owes what as no-mans-land has it, what is stuck at the end of the
// week, second hand-overs, numbers not reached; and it compares with no quarter that the book does not reach back to.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deep_equal, done, has, is, ok, run, temporary_folder } from '../tap.mjs';

const folder = temporary_folder();
const at = (name) => join(folder, name);
const flat = (t) => t.replace(/\s+/g, ' ');
let now = '2026-01-02T09:00:00Z';
const lockstep = (book, name, ...args) => run([name, '--book', at(book), ...args], { env: { LOCKSTEP_NOW: now } });
const json = (book, name, ...args) => lockstep(book, 'report', name, '--format', 'json', ...args).json;
const said = (page) => page.sentences.map((s) => s.text).join(' ');

writeFileSync(at('agreement.yaml'), `agreement: Both sides
between: {marketing: {signs: [Mia]}, sales: {signs: [Sam]}}
in force: 2026-01-05
calendar: {time zone: UTC, hours: {mon-fri: "08:00-17:00"}}
lead types: {any: {means: "all of them", when: "created", hand over: at once}}
score: {fit: [{points: 50, when: "country = Germany"}]}
route: [{otherwise: [Sam], by: round robin}]
promises:
  first contact: {party: sales, from: handed_off, until: first_response, within: 2 calendar hours, keep: 90 % each month}
  answer:        {party: sales, from: handed_off, until: accepted or rejected, within: 2 calendar days, keep: 80 % each quarter}
  hand over:     {party: marketing, from: qualified, until: handed_off, within: 3 calendar days, keep: 95 % each month}
  enough:        {party: marketing, every: week, count: "count(handed_off) on handed_off", at least: 25}
  some:          {party: marketing, every: week, count: "count(handed_off) on handed_off", at least: 1}
reasons: {reject: [no need], excuse: [owner ill]}
`);
writeFileSync(at('map.yaml'), `map: crm
files:
  - match: leads.csv
    as: leads
    key: id
    fields: {owner: owner, created: created, qualified: created, handed_off: handed, first_response: response, accepted: accepted}
  - match: steps.csv
    as: lead-history
    key: id
    fields: {lead: lead, kind: kind, at: at}
  - match: deals.csv
    as: opportunities
    key: id
    stages: {Open: {means: open, limit days: 10}, Won: {means: won}}
    fields: {owner: owner, stage: stage, created: created, amount: amount, won: won, currency: {constant: EUR}}
  - match: stages.csv
    as: stage-history
    key: id
    fields: {opportunity: deal, stage: stage, entered: entered}
  - match: spend.csv
    as: spend
    key: id
    fields: {campaign: campaign, day: day, amount: amount, currency: currency}
`);
const two = (n) => String(n).padStart(2, '0');
const day_of = (i) => `2026-${i < 20 ? '01' : '02'}-${two(i < 20 ? 8 + i : i - 19)}`;
const rows = [];
// Sam is contacted late by the promise, and early by three quarters of all: the two rules name different people.
for (let i = 0; i < 30; i++) {
	rows.push(`sam${i},Sam,${day_of(i)} 09:00,${day_of(i)} 10:00,${day_of(i)} ${i < 4 ? '11' : '13'}:00,${day_of(i)} 14:00`);
	for (const who of ['Sue', 'Tim'])
		rows.push(`${who}${i},${who},${day_of(i)} 09:00,${day_of(i)} 10:00,${day_of(i)} ${i < 2 ? '16' : '11'}:00,${day_of(i)} 16:30`);
}
rows.push('late,Sue,2026-03-03 09:00,2026-03-03 10:00,2026-03-03 11:00,', 'ready,,2026-03-04 09:00,,,', 'new,Tim,2026-03-05 09:00,2026-03-05 10:00,,');
writeFileSync(at('leads.csv'), ['id,owner,created,handed,response,accepted', ...rows, ''].join('\n'));
writeFileSync(at('steps.csv'), ['id,lead,kind,at', 's1,late,rejected,2026-03-04 12:00', 's2,late,handed_off,2026-03-06 10:00', ''].join('\n'));
const open = [['a', '2026-02-17'], ['b', '2026-02-24'], ['c', '2026-02-25'], ['d', '2026-02-27']];
const deals = open.map(([id, day]) => `${id},Sam,Open,${day},100,`);
writeFileSync(at('stages.csv'), ['id,deal,stage,entered', ...open.map(([id, day]) => `v${id},${id},Open,${day}`), ''].join('\n'));
writeFileSync(at('deals.csv'), ['id,owner,stage,created,amount,won', ...deals, 'w,Sam,Won,2026-01-07,500,2026-02-03', ''].join('\n'));
writeFileSync(at('spend.csv'), ['id,campaign,day,amount,currency', '1,Fair,2026-03-03,100,USD', '2,Mail,2026-03-04,50,USD', ''].join('\n'));

is(lockstep('book', 'init', '--zone', 'UTC', '--currency', 'EUR').code, 0, 'a book');
is(lockstep('book', 'agreement', 'propose', at('agreement.yaml')).code, 0, 'an agreement');
for (const who of ['Mia', 'Sam'])
	is(lockstep('book', 'agreement', 'sign', '--as', who).code, 0, `${who} signs`);
now = '2026-03-10T20:00:00Z';
for (const file of ['leads', 'steps', 'deals', 'stages', 'spend'])
	is(lockstep('book', 'import', '--map', at('map.yaml'), at(`${file}.csv`)).code, 0, `import ${file}`);

const week = ['--from', '2026-03-02', '--to', '2026-03-08', '--as-of', '2026-03-10'];
const weekly = json('book', 'weekly', ...week), text = said(weekly);

// ---- who is late ----
{
	const slow = (page) => page.findings.filter((f) => f.kind === 'slow_rep');
	const sla = json('book', 'sla', '--as-of', '2026-03-10');
	const contacts = (page) => Object.entries(page.tables).find(([key, t]) => key.startsWith('owners.promise_') && t.where.includes('first contact'))[1];
	const of = (name) => contacts(sla).rows.find((r) => r.by[0] === name);
	const late = of('Sam').denominator - of('Sam').numerator;
	const others = [of('Sue'), of('Tim')].reduce(([a, b], r) => [a + r.denominator - r.numerator, b + r.denominator], [0, 0]);

	deep_equal([late, of('Sam').denominator], [26, 30], 'sla: who kept what, by hand');
	for (const [name, page] of [['follow-up', json('book', 'follow-up', '--as-of', '2026-03-10')], ['reps', json('book', 'reps', '--as-of', '2026-03-10')], ['weekly', json('book', 'weekly', '--as-of', '2026-03-10')]]) {
		deep_equal(slow(page).map((f) => f.subject), ['Sam'], `${name}: late is who breaks the promise`);
		has(slow(page)[0]?.text ?? '', `Sam answers late: ${late} of ${of('Sam').denominator} (`, `${name}: with the figures of sla`);
		has(slow(page)[0]?.text ?? '', `of all first contacts promised were not made in time, against ${others[0]} of ${others[1]} (`, `${name}: the others' too`);
	}
	const january = ['--from', '2026-01-01', '--to', '2026-01-31', '--as-of', '2026-03-10'];
	const then = contacts(json('book', 'sla', ...january)).rows.find((r) => r.by[0] === 'Sam');
	has(slow(json('book', 'follow-up', ...january))[0]?.text ?? '', `Sam answers late: ${then.denominator - then.numerator} of ${then.denominator} (`, 'follow-up: of a time, as sla of it');
	has(slow(json('book', 'follow-up', ...january))[0]?.text ?? '', 'of the first contacts due in this time were not made by then', 'follow-up: and says so');

	// Three quarters of all came within three hours, and so did Sam.
	is(lockstep('plain', 'init', '--zone', 'UTC', '--currency', 'EUR').code, 0, 'a book without an agreement');
	is(lockstep('plain', 'import', '--map', at('map.yaml'), at('leads.csv')).code, 0, 'with the same leads');
	deep_equal(slow(json('plain', 'weekly')), [], 'without an agreement: late is later than three quarters of all');
}

// ---- the same sentence on both ----
{
	const between = json('book', 'no-mans-land', '--as-of', '2026-03-10').sentences[0].text;

	is(between, 'Between qualified and accepted 3 leads wait: marketing owes 1 the hand-over, sales owes 2 a first contact.', 'no-mans-land: by hand');
	has(text, between, 'weekly: the same');
	has(said(json('book', 'leaks', '--as-of', '2026-03-10')), between, 'leaks: the same');
}

// ---- what is stuck, at the end of which week ----
{
	const stuck = (day) => lockstep('book', 'measure', 'count(stagnant)', '--of', 'opportunities', '--as-of', day, '--format', 'json').json.rows[0].value;

	deep_equal(['2026-03-01', '2026-03-08', '2026-03-10'].map(stuck), [1, 3, 4], 'stuck: day by day');
	has(text, 'Stuck deals: 3 at the end of the week, 1 at the end of the one before.', 'weekly: the end of its week against the end of the one before');
}

// ---- hand-overs, and numbers ----
{
	const flat_page = flat(lockstep('book', 'report', 'weekly', ...week).out);

	has(flat_page, /Handed to sales \[\d+\] 2 0 /, 'weekly: leads handed over for the first time');
	has(flat_page, /once more \[\d+\] 1 0 /, 'weekly: and once more');
	has(text, 'Not reached: enough (at least 25 each week); it came to 2.', 'weekly: a number that was not reached');
	ok(!text.includes('Not reached: some'), 'weekly: one that was is passed over');
	const counted = json('book', 'sla', ...week).tables['volumes_week.counted'].rows.find((r) => r.by[0] === 'enough');
	is(counted.value, 2, 'sla: the same number');
	ok(!/^ *Spend\b/m.test(lockstep('book', 'report', 'weekly', ...week).out), 'weekly: spend of another currency is no row of noughts');
}

// ---- how far the book reaches back ----
has(text, 'Won so far this quarter: 500.00 EUR in 1 deal; the book begins on 7 January 2026, too late to compare with the last quarter.', 'weekly: nothing to compare with');
has(said(json('book', 'sla', '--as-of', '2026-03-10')), '80.0 % agreed each quarter, and no whole quarter under the agreement is over yet.', 'sla: a quarter of which a part is over');

// ---- spend of another currency ----
{
	const page = json('book', 'campaigns'), out = flat(lockstep('book', 'report', 'campaigns').out);

	has(said(page), 'All spend is in USD, so this page is in it and not in EUR.', 'campaigns: in the currency of what was spent');
	has(said(page), '150.00 USD was spent', 'campaigns: with its sum');
	deep_equal(Object.fromEntries(page.tables['spend.spend'].rows.map((r) => [r.by[0], r.value])), { Fair: 100, Mail: 50 }, 'campaigns: and what each cost');
	ok(!out.includes('Sums of money are of EUR alone'), 'campaigns: nothing is left out');
	writeFileSync(at('spend.csv'), ['id,campaign,day,amount,currency', '1,Fair,2026-03-03,100,USD', '2,Mail,2026-03-04,50,USD', '3,Mail,2026-03-05,50,GBP', ''].join('\n'));
	is(lockstep('book', 'import', '--map', at('map.yaml'), at('spend.csv')).code, 0, 'two currencies');
	const mixed = flat(lockstep('book', 'report', 'campaigns').out);
	has(mixed, 'Nothing was spent in EUR.', 'campaigns: where no one currency is of all');
	has(mixed, '1 line of spend in GBP', 'campaigns: it says what is left out');
	ok(!mixed.includes('What was spent, and what'), 'campaigns: and there is no empty table');
	ok(!lockstep('book', 'report', 'campaigns', '--format', 'html').out.includes('id="t-spend"'), 'campaigns: nor in a browser');
}
done();
