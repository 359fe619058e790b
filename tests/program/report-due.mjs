#!/usr/bin/env node
// The pages on promises on days when little or nothing has fallen due: no empty table, no heading without a word under it, weeks as weeks, and
// what still runs marked as such.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deep_equal, done, has, is, ok, run, temporary_folder } from '../tap.mjs';

const folder = temporary_folder();
const at = (name) => join(folder, name);
const now = '2026-03-11T12:00:00Z';
const lockstep = (name, ...args) => run([name, '--book', at('book'), ...args], { env: { LOCKSTEP_NOW: now } });
const page = (name, ...args) => lockstep('report', name, '--format', 'json', ...args).json;
const said = (name, ...args) => page(name, ...args).sentences.map((s) => s.text).join(' ');
const text = (name, ...args) => lockstep('report', name, ...args).out;
const cells = (table) => Object.fromEntries((table?.rows ?? []).map((r) => [r.by.at(-1), r.value]));

writeFileSync(at('agreement.yaml'), `agreement: Small
between: {marketing: {signs: [Mia]}, sales: {signs: [Sam]}, partner: {signs: [Pam]}}
in force: 2026-02-18
calendar: {time zone: UTC, hours: {mon-fri: ["08:00-12:00", "13:00-17:00"]}}
lead types: {any: {means: "any", when: "not won", hand over: score >= 1}}
score: {engagement: [{points: 5, touch: webinar}, {points: 5, touch: demo}]}
route: [{when: "partner is set", to: partner}, {otherwise: [Eve], by: round robin}]
promises:
  answer: {party: partner, from: handed_off, until: accepted or rejected or disqualified, within: 2 calendar days}
  first contact: {party: sales, from: handed_off, until: first_response or opted_out, within: 6 calendar hours, only: "partner is empty"}
  enough: {party: marketing, every: week, count: "count(handed_off) on handed_off", at least: 2}
  much: {party: marketing, every: month, count: "count(handed_off) on handed_off", at least: 2}
reasons: {reject: [no need], excuse: [owner ill]}
`);
writeFileSync(at('leads.csv'), `id,created,handed_off,first_response,partner,owner
L0,2026-02-20 09:00,,,,Eve
L1,2026-02-24 09:00,2026-02-24 10:00,2026-02-24 18:00,,Eve
L2,2026-02-25 09:00,2026-02-25 10:00,2026-02-25 11:00,,Eve
L3,2026-03-03 09:00,2026-03-03 10:00,2026-03-03 20:00,,Eve
L4,2026-03-10 09:00,2026-03-10 10:00,,Acme,Acme
`);
writeFileSync(at('map.yaml'), `map: crm
source: crm
files:
  - {match: "*.csv", as: leads, key: id, fields: {created: created, handed_off: handed_off, first_response: first_response, partner: partner, owner: owner}}
`);
is(lockstep('init', '--zone', 'UTC').code, 0, 'init');
is(lockstep('import', '--map', at('map.yaml'), at('leads.csv')).code, 0, 'leads');

// ---- a book without touches ----
has(lockstep('agreement', 'check', at('agreement.yaml')).out + lockstep('agreement', 'check', at('agreement.yaml')).err,
	'the book has no touches at all: no rule that asks for one (webinar, demo) holds', 'check: what is asked of touches never holds');
has(lockstep('agreement', 'replay', at('agreement.yaml')).out.replace(/\s+/g, ' '), 'The rules ask for touches, as "webinar", and the book has none', 'replay: why none would have passed');

const agree = (...args) => run(['agreement', ...args, '--book', at('book')], { env: { LOCKSTEP_NOW: '2026-02-18T09:00:00Z' } });
is(agree('propose', at('agreement.yaml')).code, 0, 'proposed');
has(text('sla').replace(/\s+/g, ' '), 'says who has still to sign', 'not signed by all');
for (const who of ['Mia', 'Sam', 'Pam'])
	is(agree('sign', '--as', who).code, 0, `${who} signs`);

// ---- before its day ----
has(said('sla', '--as-of', '2026-02-16'), 'The agreement is in force from 18 February 2026 on, and this page tells of 16 February 2026', 'a day before: which, and from when');
ok(!said('sla', '--as-of', '2026-02-16').includes('still to sign'), 'and nobody has still to sign');

// ---- nothing of the partner's has fallen due ----
{
	const sla = page('sla');
	has(said('sla'), 'Nothing fell due yet; 1 running.', 'a party of whose promises none fell due');
	ok(!sla.tables['partners.promise_1'] && !text('sla').includes('What partners promised'), 'no empty table of theirs');
	ok(!text('sla', '--as-of', '2026-02-24').includes("about partners' leads"), "nor of what was promised about partners' leads");
	has(said('sla', '--as-of', '2026-02-24'), 'Nothing fell due yet; 1 running.', 'nor had anything of a week');
	ok(!text('sla', '--as-of', '2026-02-23').includes('week by week'), 'and no weeks without any');
	has(said('sla', '--from', '2026-02-23', '--to', '2026-02-23'), 'Nothing fell due in this time', 'of a time it says so');
}

// ---- numbers, each in its own time ----
{
	const { tables } = page('sla');
	deep_equal(cells(tables['volumes_week.counted']), { '2026-W09': 2, '2026-W10': 1, '2026-W11': 1 }, 'weeks stand by week');
	deep_equal(cells(tables['volumes_week.reached']), { '2026-W09': 1, '2026-W10': 0 }, 'what still runs is neither reached nor missed');
	deep_equal(cells(tables['volumes_week.running']), { '2026-W11': 1 }, 'it is marked');
	deep_equal(cells(tables['volumes.counted']), { '2026-03': 2 }, 'months by month');
	ok(!page('sla', '--to', '2026-03-01').tables['volumes_week.running'], 'where all are over there is nothing to mark');
}

// ---- how late ----
{
	const { rows } = page('sla').listings.worst;
	has(text('sla'), 'Hours late', 'in hours where it was less than two days');
	deep_equal(rows.map((r) => [r[0], Number(r.at(-1))]), [['L3', 4], ['L1', 2]], 'by how much');
}
done();
