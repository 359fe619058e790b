#!/usr/bin/env node
// Just the agreed share is kept: what is as much as was agreed is not below it, though fractions of two are seldom one double.
import { flat, new_book } from '../book.mjs';
import { done, has } from '../tap.mjs';

const { comes, lockstep, till } = new_book({
	zone: 'UTC',
	agreement: `agreement: Shares
between: {marketing: {signs: [Mia]}, sales: {signs: [Sam]}}
in force: 2026-01-05
calendar: {time zone: UTC, hours: {mon-fri: ["08:00-16:00"]}}
lead types: {any: {means: "any", when: "not won", hand over: at once}}
route: [{otherwise: [Eve], by: round robin}]
promises: {answer: {party: sales, from: handed_off, until: accepted or rejected or disqualified, within: 4 hours, keep: 80 % in 60 days}}
reasons: {reject: [no need], excuse: [ill]}
`,
	signed_by: ['Mia', 'Sam'],
	map: 'map: crm\nfiles: [{match: "*.csv", as: leads, key: id, fields: {created: created, handed_off: created, accepted: accepted}}]\n',
});

till('2026-03-10T15:00:00Z');
for (const [of, kept, words] of [[20, 16, 'at least'], [25, 20, 'at least'], [30, 24, 'at least'], [35, 28, 'at least'], [40, 31, 'below']]) {
	comes('leads.csv', ['id,created,accepted', ...Array.from({ length: of }, (_, i) => `L${i},2026-03-03 09:00,${i < kept ? '2026-03-03 10:00' : ''}`), ''].join('\n'));
	has(flat(lockstep('report', 'sla').out), new RegExp(`Answer \\(in 4 working hours\\): ${kept} of ${of} \\([0-9.]+ %\\) on time, ${words} the 80\\.0 % agreed\\.`), `${kept} of ${of}`);
}
done();
