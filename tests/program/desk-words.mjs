#!/usr/bin/env node
// What the desk takes for granted and says so: who is known, which clock, which zone; and how promises are looked up.
import { new_book, refused, says, works } from '../book.mjs';
import { deep_equal, done, has, is, ok } from '../tap.mjs';

const { comes, lead, lockstep, shown, till } = new_book({
	zone: 'Europe/Berlin',
	agreement: `agreement: Words
between: {marketing: {signs: [Mia]}, sales: {signs: [Sam]}, partner: {signs: [Pia]}}
in force: 2026-01-05
calendar: {time zone: Europe/Berlin, hours: {mon-fri: ["08:00-16:00"]}}
lead types:
  talked: {means: "was reached", when: "reached", hand over: at once}
  any: {means: "any", when: "not won", hand over: score >= 30}
score: {answers: {need: 30}}
route: [{when: "partner is set", to: partner}, {otherwise: [Eve, Fay], by: round robin}]
promises:
  first contact: {party: sales, from: handed_off, until: first_response or opted_out, within: 4 hours, at risk: 50 %}
  visit: {party: partner, from: handed_off, until: accepted or rejected or disqualified, within: 4 hours}
  enough: {party: marketing, every: week, count: "count(handed_off) on handed_off", at least: 9}
waiting states: [asked to wait]
reasons: {reject: [no need], excuse: [ill]}
annexes: {teams: {nurture: [Nina]}}
`,
	signed_by: ['Mia', 'Sam', 'Pia'],
	map: `map: crm
source: crm
files:
  - {match: "leads*.csv", as: leads, key: id, fields: {created: created, partner: partner}}
  - {match: "people*.csv", as: people, key: id, fields: {name: name, manager: manager}}
  - {match: "calls*.csv", as: activities, key: id, fields: {lead: lead, kind: kind, at: at, outcome: outcome}}
`,
});
const promise = (...args) => lockstep('promise', ...args);
const rows = (...args) => lockstep('rows', '--of', 'promises', ...args);

// ---- the clock's zone ----
till('2026-03-02T09:00');
comes('leads.csv', `id,created,partner\n${['LD-1', 'LD-2', 'LD-3', 'LD-4'].map((key) => `${key},2026-03-02 08:00,`).join('\n')}\nLD-5,2026-03-02 08:00,Acme\n`,
	'people.csv', 'id,name,manager\nQ1,Eve,Max\n');
works(lead('answer', 'LD-1', 'need=yes', '--by', 'Nina'), 'one answers');
deep_equal(shown('LD-1').steps.map((s) => s.at), ['2026-03-02T09:00:00+01:00', '2026-03-02T09:00:00+01:00'], 'a time without a zone is the book\'s, as with --at');
till('2026-03-02T08:00:30Z');
works(lead('answer', 'LD-2', 'need=yes'), 'one with a zone');
is(shown('LD-2').steps[0].at, '2026-03-02T09:00:30+01:00', 'is what it says');
till('2026-03-02T10:01:00+02:00');
works(lead('answer', 'LD-3', 'need=yes'), 'as one with an offset');
is(shown('LD-3').steps[0].at, '2026-03-02T09:01:00+01:00', 'is');

// ---- at risk after waiting ----
till('2026-03-02T09:02');
works(lead('hand-over', 'LD-1', '--to', 'Eve'), 'handed over');
till('2026-03-02T09:12');
works(lead('wait', 'LD-1', '--reason', 'asked to wait'), 'waits');
till('2026-03-03T10:00');
works(lead('resume', 'LD-1'), 'taken up again');
is(shown('LD-1').promises[0].state, 'running', 'ten minutes of four hours have run');
till('2026-03-03T11:49');
is(shown('LD-1').promises[0].state, 'running', 'not yet two hours');
till('2026-03-03T11:50');
is(shown('LD-1').promises[0].state, 'at risk', 'two hours: half of what was allowed, whatever was waited');

// ---- who is known ----
till('2026-03-04T09:00');
lockstep('clock');
refused(promise('excuse', 'LD-1', 'first contact', '--reason', 'ill', '--by', 'Niemand Da'),
	'--by: nobody is called "Niemand Da": no colleague or partner in the book, nobody who has a lead, and nobody whom the agreement names', 'an excuse by nobody');
refused(promise('dispute', 'LD-1', 'first contact', '--reason', 'I called', '--by', 'Evi'), 'nobody is called "Evi"; did you mean "Eve"?', 'a dispute by nobody');
refused(lead('accept', 'LD-1', '--by', 'Niemand Da'), 'nobody is called', 'a step by nobody');
is(shown('LD-1').promises[0].state, 'broken', 'nothing was written');
for (const who of ['Mia', 'Fay', 'Nina', 'Acme', 'Max'])
	is(lead('mark', 'LD-1', 'in', '--by', who).code, 0, `${who} is known`);
refused(promise('dispute', 'LD-4', 'first contact', '--reason', 'so'), 'first contact: no clock of this promise was opened for LD-4', 'a promise whose clock never began');
refused(promise('dispute', 'LD-4', 'first contct', '--reason', 'so'), 'first contct: nobody gave such a promise; did you mean "first contact"? The agreement has: first contact, visit, enough', 'one that nobody gave');
says(promise('excuse', 'LD-1', 'first contact', '--reason', 'ill', '--by', 'Max'), 'LD-1: first contact is excused', 'somebody\'s manager excuses it');

// ---- a type by a milestone ----
comes('calls.csv', 'id,lead,kind,at,outcome\nC1,LD-4,call,2026-03-03 15:00,reached\n');
has(lockstep('clock').out, /2026-03-03 15:00 +qualified +LD-4/, 'a lead crosses the bar when what its type asks for happens, not with the next touch');

// ---- looking promises up ----
works(lead('hand-over', 'LD-5', '--override', 'asked for', '--by', 'Sam'), 'a partner gets a lead');
const total = rows('--format', 'json').json.total;
ok(total > 2, `${total} promises`);
has(lockstep('facts', 'promises').out, /^promises, judged when asked: one row for each promise/, 'how many there are is judged when asked');
is(lockstep('facts', 'promises', '--format', 'json').json.facts[0].rows, null, 'and no number is given');
has(lockstep('facts', 'leads').out, /^leads, 5 rows: /, 'others have theirs');
has(rows().out, /^lead +promise +started +due +state /m, 'whose, which and since when stand first');
deep_equal(rows('--where', 'lead = "LD-1"', '--columns', 'key', '--format', 'csv').out.trim().split(/\r?\n/), ['key', 'LD-1'], 'of one lead, by its id');
is(rows('--where', 'lead in ("LD-1", "LD-5") and party != marketing', '--format', 'json').json.total, 2, 'of several');
const column = rows('--where', 'party = partner', '--format', 'json');
is(column.json.total, 0, 'a word that is a column is the column');
has(column.err, '"partner" is read as the column of that name; for the party write it in quotes: party = "partner".', 'which is said where it is a name, too');
const quoted = rows('--where', 'party = "partner"', '--format', 'json');
deep_equal([quoted.json.total, quoted.err], [1, ''], 'in quotes it is the name');
has(lockstep('measure', 'count()', '--of', 'promises', '--where', 'party = partner').err, 'is read as the column', 'measures say so, too');
is(lockstep('verify').code, 0, 'the book is sound');
done();
