#!/usr/bin/env node
// Ten thousand leads are handed over in one go, fairly; the next ones go on from there, whatever process does it.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deep_equal, done, has, is, ok, run, temporary_folder } from '../tap.mjs';

const folder = temporary_folder();
const at = (name) => join(folder, name);
let now = '2026-01-02T09:00:00Z';
const lockstep = (name, ...args) => run([name, '--book', at('book'), ...args], { env: { LOCKSTEP_NOW: now } });
const hand_over = () => lockstep('lead', 'hand-over', '--waiting', '--format', 'json').json;
const counts = (owners) => Object.fromEntries(owners.map((o) => [o.owner, o.leads]).sort(([a], [b]) => (a < b ? -1 : 1)));

writeFileSync(at('agreement.yaml'), `agreement: Routes
between: {marketing: {signs: [Mia]}, sales: {signs: [Sam]}}
in force: 2026-01-05
calendar: {time zone: Europe/Berlin, hours: {mon-fri: ["08:00-12:00", "13:00-17:00"]}}
lead types: {any: {means: "any", when: "not won", hand over: at once}}
route:
  - {when: "partner is set", to: partner}
  - {when: "region = north", to: {Ann: 5, Ben: 3, Cid: 2}, by: weighted}
  - {when: "region = south", to: team south, by: least loaded, no more than: 40 open each}
  - {otherwise: [Eve, Fay, Gus], by: round robin}
  - {nobody there: Sam}
promises:
  feedback: {party: sales, from: handed_off, until: accepted or rejected or disqualified, within: 3 working days, keep: 90 % each month}
reasons: {reject: [no need]}
annexes:
  absences: [{who: Gus, from: 2026-03-09, to: 2026-03-10}]
  teams: {south: [Kim, Lee]}
`);
writeFileSync(at('map.yaml'), `map: crm
source: crm
files:
  - {match: "*.csv", as: leads, key: id, fields: {created: created, region: region, partner: partner}}
`);
is(lockstep('init', '--zone', 'Europe/Berlin').code, 0, 'init');
is(lockstep('agreement', 'propose', at('agreement.yaml')).code, 0, 'an agreement is proposed');
for (const who of ['Mia', 'Sam'])
	is(lockstep('agreement', 'sign', '--as', who).code, 0, `${who} signs`);

const come = (file, created, count, region, partner = '') => {
	writeFileSync(at(file), 'id,created,region,partner\n' +
		Array.from({ length: count }, (_, i) => `${file.split('.')[0]}${i},${created},${region(i)},${partner}\n`).join(''));
	is(lockstep('import', '--map', at('map.yaml'), at(file)).code, 0, `${count} leads come`);
};

now = '2026-03-02T09:00:00Z';
come('a.csv', '2026-03-02 08:30', 10000, (i) => ['north', 'east'][i % 2]);
const first = hand_over();
is(first.handed_over, 10000, 'all are handed over');
deep_equal(counts(first.owners), { Ann: 2500, Ben: 1500, Cid: 1000, Eve: 1667, Fay: 1667, Gus: 1666 }, 'by weight, and in turn');
is(hand_over().handed_over, 0, 'once');

now = '2026-03-03T09:00:00Z';
come('b.csv', '2026-03-03 08:30', 8, (i) => ['north', 'east'][i % 2]);
deep_equal(counts(hand_over().owners), { Ann: 2, Ben: 1, Cid: 1, Eve: 1, Fay: 1, Gus: 2 }, 'another process goes on where the first one was');
const owners = lockstep('measure', 'count(handed_off)', '--by', 'owner', '--format', 'json').json;
deep_equal(Object.fromEntries(owners.rows.map((r) => [r.by[0], r.value]).sort()), { Ann: 2502, Ben: 1501, Cid: 1001, Eve: 1668, Fay: 1668, Gus: 1668 },
	'measures see who has them');

// ---- absent, full, nobody there ----
now = '2026-03-09T09:00:00Z';
come('c.csv', '2026-03-09 08:30', 4, () => 'east');
deep_equal(counts(hand_over().owners), { Eve: 2, Fay: 2 }, 'who is absent is passed over');
come('d.csv', '2026-03-09 08:30', 100, () => 'south');
const south = hand_over();
deep_equal([counts(south.owners), south.nobody_there], [{ Kim: 40, Lee: 40, Sam: 20 }, 20], 'who has enough open gets no more; then who is named for that');
is(lockstep('lead', 'reject', 'd0', '--reason', 'no need').code, 0, 'one is rejected');
now = '2026-03-09T10:00:00Z';
come('e.csv', '2026-03-09 10:30', 2, () => 'south');
const room = hand_over();
ok(room.owners.some((o) => ['Kim', 'Lee'].includes(o.owner)) && room.nobody_there >= 1, 'which makes room for one');

// ---- partners ----
come('f.csv', '2026-03-09 10:30', 3, () => 'east', 'Acme');
deep_equal(counts(hand_over().owners), { Acme: 3 }, 'leads of a partner go to it');
has(lockstep('lead', 'show', 'f0').out, 'handed over to Acme', 'as the step says');
has(lockstep('verify').out, 'Sound.', 'the book is sound');
done();
