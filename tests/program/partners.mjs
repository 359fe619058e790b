#!/usr/bin/env node
// A partner whose feedback is late gets no new leads, by rule; answering what is overdue opens a way back that needs no new leads.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deep_equal, done, has, is, ok, run, temporary_folder } from '../tap.mjs';

const folder = temporary_folder();
const at = (name) => join(folder, name);
let now = '2026-01-02T09:00:00Z';
const lockstep = (name, ...args) => run([name, '--book', at('book'), ...args], { env: { LOCKSTEP_NOW: now } });
const hand_over = () => Object.fromEntries(lockstep('lead', 'hand-over', '--waiting', '--format', 'json').json.owners.map((o) => [o.owner, o.leads]));
const standings = () => lockstep('clock', '--format', 'json').json.events.filter((e) => e.kind === 'standing').map((e) => [e.partner, e.standing, e.at, e.text]);
let number = 0;
const come = (count, created) => {
	const keys = Array.from({ length: count }, () => `P${++number}`);
	writeFileSync(at('leads.csv'), `id,created,partner\n${keys.map((k) => `${k},${created},Acme\n`).join('')}`);
	is(lockstep('import', '--map', at('map.yaml'), at('leads.csv')).code, 0, `${count} leads come`);
	return keys;
};

// Pages as they were printed; asked for again with --known-at they are the same, whatever was recorded since.
const printed = [];
const page = (name, ...args) => {
	const { title, sentences, tables, listings, notes } = lockstep('report', name, '--format', 'json', ...args).json;
	return { title, sentences, tables, listings, notes };
};
const pages = ['sla', 'no-mans-land', 'qualified', 'sweet-spot', 'mix', 'partners', 'goldilocks'];
const print = () => pages.forEach((name) => printed.push({ name, now, page: page(name), at_end: page(name, '--as-of', now.slice(0, 10)) }));

writeFileSync(at('agreement.yaml'), `agreement: Partners
between: {marketing: {signs: [Mia]}, sales: {signs: [Sam]}, partner: {signs: [Pam]}}
in force: 2026-01-05
calendar: {time zone: Europe/Berlin, hours: {mon-fri: ["08:00-12:00", "13:00-17:00"]}}
lead types: {any: {means: "any", when: "not won", hand over: at once}}
route: [{when: "partner is set", to: partner}, {otherwise: [Eve, Fay], by: round robin}]
promises:
  partner feedback: {party: partner, from: handed_off, until: accepted or rejected or disqualified, within: 2 working days, keep: 80 % in 60 days of at least 5,
                     else: no new leads, back when: every overdue one is answered, then: 2 at a time until 3 in a row are on time}
reasons: {reject: [no need], disqualify: [competitor], excuse: [owner ill]}
`);
writeFileSync(at('map.yaml'), `map: crm
source: crm
files:
  - {match: "*.csv", as: leads, key: id, fields: {created: created, partner: partner}}
`);
is(lockstep('init', '--zone', 'Europe/Berlin').code, 0, 'init');
is(lockstep('agreement', 'propose', at('agreement.yaml')).code, 0, 'an agreement is proposed');
for (const who of ['Mia', 'Sam', 'Pam'])
	is(lockstep('agreement', 'sign', '--as', who).code, 0, `${who} signs`);

now = '2026-03-02T09:00:00Z';
const first = come(6, '2026-03-02 08:30');
deep_equal(hand_over(), { Acme: 6 }, 'the partner gets them');
for (const key of first.slice(0, 4))
	is(lockstep('lead', 'accept', key, '--by', 'Acme').code, 0, `${key} is answered in time`);
now = '2026-03-04T09:00:00Z';
deep_equal(standings(), [], 'nothing is late yet');

// ---- suspended ----
print();
now = '2026-03-05T09:00:00Z';
deep_equal(standings(), [['Acme', 'suspended', '2026-03-04T10:00:00+01:00', '2 of 6 "partner feedback" were late, where 80 % are to be kept']],
	'too many are late: suspended, when the one too many fell due, with its evidence');
deep_equal(standings(), [], 'recorded once');
come(2, '2026-03-05 09:30');
deep_equal(hand_over(), { Eve: 1, Fay: 1 }, 'a suspended partner is passed over: the next rule decides');
has(lockstep('lead', 'show', 'P7').out.replace(/\s+/g, ' '), 'partner Acme is suspended; no other rule holds: Eve, Fay, whose turn it was', 'and the step says why');

// ---- who owes what, while two wait for the partner and two went to our own ----
{
	now = '2026-03-05T12:00:00Z';
	const value = (table, by) => table?.rows.find((r) => r.by[0] === by)?.value;
	const waits = lockstep('report', 'no-mans-land', '--format', 'json').json.tables;
	is(value(waits['partners.waiting'], 'Acme'), 2, 'a partner owes an answer about what it was given');
	is(waits['partners.waiting'].total.value, 2, 'and nothing else');
	deep_equal([value(waits['owners.waiting'], 'Eve'), value(waits['owners.waiting'], 'Fay'), waits['owners.waiting'].total.value], [1, 1, 2],
		'what went to our own they owe, though it came through the partner');
	has(lockstep('report', 'no-mans-land', '--format', 'json').json.sentences[0].text, 'a partner owes 2 an answer.', 'named as what it promised, not a first contact');
	const page = lockstep('report', 'partners', '--format', 'json').json;
	ok(page.sentences.some((s) => s.text === '2 leads came through a partner and were handed over to somebody else.'), 'the page on partners says how many were given to others');
	ok(page.sentences.some((s) => s.text.startsWith('Of what Acme promised and fell due, 4 of 6') && s.text.endsWith('2 leads are late now.')), 'and how many leads are late');
	const later = lockstep('report', 'partners', '--format', 'json', '--from', '2026-03-05').json;
	deep_equal([value(later.tables['leads.leads'], 'Acme'), value(later.tables['leads.open'], 'Acme')], [2, 2], 'of a period: those that came in it');
}

// ---- the way back ----
print();
now = '2026-03-06T09:00:00Z';
is(lockstep('lead', 'accept', 'P5', '--by', 'Acme').code, 0, 'one overdue is answered');
deep_equal(standings(), [], 'one is not');
is(lockstep('lead', 'reject', 'P6', '--reason', 'no need', '--by', 'Acme').code, 0, 'the other too');
deep_equal(standings(), [['Acme', 'on probation', '2026-03-06T10:00:00+01:00', 'both overdue ones of "partner feedback" are answered: 2 at a time until 3 in a row are on time']],
	'back without a new lead');
come(3, '2026-03-06 09:30');
print();
now = '2026-03-06T09:30:00Z';
deep_equal(hand_over(), { Acme: 2, Eve: 1 }, 'on probation: two at a time');
has(lockstep('lead', 'show', 'P11').out.replace(/\s+/g, ' '), 'partner Acme is on probation, 2 at a time, and has still to answer P9, P10; no other rule', 'and the step says why, and for which leads');
is(lockstep('report', 'partners', '--format', 'json').json.sentences.find((s) => s.text.startsWith('Acme has still'))?.text, 'Acme has still to answer P10, P9.', 'as the page does');
is(lockstep('lead', 'accept', 'P9').code, 0, 'one is answered in time');
come(1, '2026-03-06 10:00');
print();
now = '2026-03-06T10:00:00Z';
deep_equal(hand_over(), { Acme: 1 }, 'which makes room for one');
is(lockstep('lead', 'accept', 'P10').code, 0, 'the second in a row');
deep_equal(standings(), [], 'not enough yet');
is(lockstep('lead', 'accept', 'P12').code, 0, 'the third');
deep_equal(standings(), [['Acme', 'good', '2026-03-06T11:00:00+01:00', '3 in a row of "partner feedback" were on time']], 'good standing returns by rule');
come(4, '2026-03-06 10:00');
deep_equal(hand_over(), { Acme: 4 }, 'and so do the leads');

// ---- what is told later ----
print();
now = '2026-03-12T09:00:00Z';
deep_equal(standings().map((s) => s.slice(0, 3)), [['Acme', 'suspended', '2026-03-10T11:00:00+01:00']], 'four are late: suspended again, by what began since it came back');
for (const key of ['P13', 'P14', 'P15', 'P16'])
	is(lockstep('lead', 'accept', key, '--at', '2026-03-09T10:00').code, 0, `${key} was accepted in time, as is told now`);
deep_equal(standings().map((s) => [s[1], s[3]]), [['good', 'by what was told since of what was late']], 'late evidence takes the suspension back');
deep_equal(standings(), [], 'once');

// ---- asked as the book knew it ----
print();
now = '2026-03-12T09:30:00Z';
is(lockstep('promise', 'excuse', 'P6', 'partner feedback', '--reason', 'owner ill', '--by', 'Mia').code, 0, 'later a late one is excused');
come(2, '2026-03-12 10:00');
now = '2026-03-20T09:00:00Z';
lockstep('clock');
for (const then of printed) {
	deep_equal(page(then.name, '--known-at', then.now), then.page, `${then.name} as it was on ${then.now}`);
	deep_equal(page(then.name, '--known-at', then.now, '--as-of', then.now.slice(0, 10)), then.at_end, `${then.name} of that day`);
}
const suspended = printed.filter((p) => p.name === 'partners').map((p) => p.page.sentences.some((s) => s.text.startsWith('Acme is suspended')));
deep_equal(suspended, [false, true, false, false, false, false], 'the page on partners says who was suspended then');
const excused = (...args) => lockstep('measure', 'count()', '--of', 'promises', '--where', 'state = excused', '--format', 'json', ...args).json.rows[0].value;
deep_equal([excused(), excused('--as-of', '2026-03-11')], [1, 0], 'as of a day before it was excused it is not');
ok(page('partners', '--as-of', '2026-03-05').sentences.some((s) => s.text.startsWith('Acme is suspended')), 'as of a day it says who was suspended on it');
ok(!page('partners', '--as-of', '2026-03-03').sentences.some((s) => s.text.startsWith('Acme is suspended')), 'and not who was later');

// ---- what ended cannot be answered any more ----
now = '2026-04-13T07:00:00Z';
lockstep('clock');
const late = come(6, '2026-04-13 08:30');
deep_equal(hand_over().Acme, 8, 'they go to the partner, with two of before');
for (const key of ['P17', 'P18'])
	is(lockstep('lead', 'accept', key, '--by', 'Acme').code, 0, `${key} is answered in time`);
now = '2026-04-14T09:00:00Z';
is(lockstep('lead', 'disqualify', late[0], '--reason', 'competitor', '--by', 'Acme').code, 0, 'one is disqualified before it was due');
now = '2026-04-16T09:00:00Z';
deep_equal(standings().map((s) => s[1]), ['suspended'], 'too many were late');
const held_up = () => lockstep('report', 'partners', '--format', 'json').json.sentences.find((s) => s.text.startsWith('Acme has still to answer'))?.text ?? '';
has(held_up(), `Acme has still to answer ${late.slice(1).join(', ')}.`, 'the page names those that hold it up');
for (const key of late.slice(1, 5))
	is(lockstep('lead', 'accept', key, '--by', 'Acme').code, 0, `${key} is answered`);
has(held_up(), `Acme has still to answer ${late[5]}.`, 'the page names what is left');
is(lockstep('lead', 'disqualify', late[5], '--reason', 'competitor', '--by', 'Acme').code, 0, 'the last is disqualified when it was late');
now = '2026-04-16T10:00:00Z';
deep_equal(standings().map((s) => [s[1], s[2]]), [['on probation', '2026-04-16T11:00:00+02:00']], 'nothing is left to answer: back');
deep_equal(standings(), [], 'once');
is(held_up(), '', 'and the page names none');
has(lockstep('verify').out, 'Sound.', 'the book is sound');
done();
