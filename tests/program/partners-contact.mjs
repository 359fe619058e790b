#!/usr/bin/env node
// "Answered" has one meaning: what the promise's `until` names. The standing, the page and the routes count the same leads by it, in whatever
// episode a lead is.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deep_equal, done, has, is, run, temporary_folder } from '../tap.mjs';

const folder = temporary_folder();
const at = (name) => join(folder, name);
let now = '2026-01-02T09:00:00Z';
const lockstep = (name, ...args) => run([name, '--book', at('book'), ...args], { env: { LOCKSTEP_NOW: now } });
const done_to = (...args) => is(lockstep('lead', ...args).code, 0, `lead ${args.join(' ')}`);
const sentences = () => lockstep('report', 'partners', '--format', 'json').json.sentences.map((s) => s.text);
const still = () => sentences().find((text) => text.startsWith('Acme has still to answer'));
const standings = () => lockstep('clock', '--format', 'json').json.events.filter((e) => e.kind === 'standing').map((e) => [e.standing, e.text]);
let number = 0;
const come = (count, created) => {
	const keys = Array.from({ length: count }, () => `P${++number}`);
	writeFileSync(at('leads.csv'), `id,created,partner\n${keys.map((k) => `${k},${created},Acme\n`).join('')}`);
	is(lockstep('import', '--map', at('map.yaml'), at('leads.csv')).code, 0, `${count} leads come`);
	return lockstep('lead', 'hand-over', '--waiting', '--format', 'json').json.owners.map((o) => [o.owner, o.leads]);
};

writeFileSync(at('agreement.yaml'), `agreement: Partners
between: {marketing: {signs: [Mia]}, sales: {signs: [Sam]}, partner: {signs: [Pam]}}
in force: 2026-01-05
calendar: {time zone: Europe/Berlin, hours: {mon-fri: ["08:00-12:00", "13:00-17:00"]}}
lead types: {any: {means: "any", when: "not won", hand over: at once}}
route: [{when: "partner is set", to: partner}, {otherwise: [Eve, Fay], by: round robin}]
promises:
  quick: {party: sales, from: created, until: first_response or rejected or disqualified or opted_out, within: 2 hours}
  partner contact: {party: partner, from: handed_off, until: first_response or rejected or disqualified or opted_out, within: 2 working days, keep: 80 % in 60 days of at least 5,
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

// ---- suspended: what is late in a second episode is owed as any other ----
now = '2026-03-02T09:00:00Z';
deep_equal(come(6, '2026-03-02 08:30'), [['Acme', 6]], 'the partner gets them');
deep_equal(lockstep('measure', 'count()', '--by', 'owes', '--format', 'json').json.rows.map((r) => [...r.by, r.value]), [['partner', 6]],
	'what is with a partner it owes, though sales promised something sooner');
now = '2026-03-02T10:00:00Z';
done_to('reject', 'P1', '--reason', 'no need', '--by', 'Acme');
done_to('reject', 'P2', '--reason', 'no need', '--by', 'Acme');
now = '2026-03-02T11:00:00Z';
for (const key of ['P1', 'P2'])
	done_to('hand-over', key, '--override', 'they asked again', '--by', 'Mia', '--to', 'Acme');
now = '2026-03-05T12:00:00Z';
is(standings()[0][0], 'suspended', 'too many are late');
is(still(), 'Acme has still to answer P1, P2, P3, P4, P5, P6.', 'those that were handed over once more are named too');
has(sentences().join('\n'), '6 leads are late now.', 'the same that the page counts');
for (const key of ['P3', 'P4', 'P5', 'P6'])
	done_to('contact', key, '--by', 'Acme');
is(still(), 'Acme has still to answer P1, P2.', 'as long as they are');
deep_equal(standings(), [], 'and it is not back');

// ---- on probation: contacted is answered, as the promise says, accepted or not ----
for (const key of ['P1', 'P2'])
	done_to('contact', key, '--by', 'Acme');
is(still(), undefined, 'nothing is owed');
now = '2026-03-05T12:30:00Z';
deep_equal(standings(), [['on probation', 'all 6 overdue ones of "partner contact" are answered: 2 at a time until 3 in a row are on time']], 'back');
is(still(), undefined, 'and nothing is owed then');
deep_equal(come(3, '2026-03-05 13:15'), [['Acme', 2], ['Eve', 1]], 'two at a time, though none of the others was accepted');
is(still(), 'Acme has still to answer P7, P8.', 'the page names those that wait');
has(lockstep('lead', 'show', 'P9').out.replace(/\s+/g, ' '), 'partner Acme is on probation, 2 at a time, and has still to answer P7, P8; no other rule', 'and so does the step');
done_to('contact', 'P7', '--by', 'Acme');
deep_equal(come(1, '2026-03-05 13:20'), [['Acme', 1]], 'a contact makes room');
done();
