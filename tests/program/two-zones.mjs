#!/usr/bin/env node
// A book that tells its times by one zone, under an agreement that keeps its hours by another: wherever something is due, that is said.
import { flat, new_book, works } from '../book.mjs';
import { done, has, ok } from '../tap.mjs';

const text = (zone) => `agreement: Zones
between: {marketing: {signs: [Mia]}, sales: {signs: [Sam]}}
in force: 2026-01-05
calendar: {time zone: ${zone}, hours: {mon-fri: ["08:00-16:00"]}}
lead types: {any: {means: "any", when: "not won", hand over: at once}}
route: [{otherwise: [Eve], by: round robin}]
promises: {feedback: {party: sales, from: handed_off, until: accepted or rejected or disqualified, within: 4 hours}}
reasons: {reject: [no need], excuse: [ill]}
`;

for (const [zone, differs] of [['America/Chicago', true], ['Europe/Vienna', false]]) {
	const { comes, lead, lockstep, till } = new_book({
		zone: 'Europe/Berlin', agreement: text(zone), signed_by: ['Mia', 'Sam'],
		map: 'map: crm\nfiles: [{match: "*.csv", as: leads, key: id, fields: {created: created}}]\n',
	});
	const words = new RegExp(`Times (here )?are those of Europe/Berlin; (version 1|the agreement) keeps its hours by ${zone}\\.`);
	const said = (page, name) => ok(words.test(flat(page)) === differs, `${zone}: ${name} ${differs ? 'says so' : 'says nothing of it'}`);

	till('2026-03-03T15:00:00Z');
	comes('leads.csv', 'id,created\nL1,2026-03-03 15:00\n');
	works(lead('hand-over', 'L1'), 'handed over');
	has(lead('show', 'L1').out, differs ? 'running  2026-03-03 20:00' : 'running  2026-03-04 12:00', `${zone}: four hours`);
	said(lead('show', 'L1').out, 'lead show');
	said(lockstep('clock').out, 'the clock');
	said(lockstep('report', 'sla').out, 'the report');
}
done();
