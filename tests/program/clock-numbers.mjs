#!/usr/bin/env node
// Numbers promised for a time are counted after the crossings that the same run of the clock records: one run is enough.
import { new_book } from '../book.mjs';
import { deep_equal, done, has, is } from '../tap.mjs';

const { comes, lockstep, till } = new_book({
	zone: 'UTC',
	agreement: `agreement: Numbers
between: {marketing: {signs: [Mia]}, sales: {signs: [Sam]}}
in force: 2026-01-05
calendar: {time zone: UTC, hours: {mon-fri: ["08:00-16:00"]}}
lead types: {any: {means: "any", when: "not won", hand over: at once}}
route: [{otherwise: [Eve], by: round robin}]
promises:
  enough: {party: marketing, every: week, count: "count(qualified) on qualified", at least: 2}
  answered: {party: sales, every: week, count: "count(accepted) / count(qualified) on qualified", at least: 0.5}
reasons: {reject: [no need], excuse: [ill]}
`,
	signed_by: ['Mia', 'Sam'],
	map: `map: crm
source: crm
files:
  - {match: "*.csv", as: leads, key: id, fields: {created: created}}
`,
});
const clock = () => {
	const { events, broken, withdrawn, qualified } = lockstep('clock', '--format', 'json').json;
	return { broken, withdrawn, qualified, weeks: events.filter((e) => e.kind === 'broken').map((e) => `${e.lead} ${e.text}`) };
};

// Two leads in the first week, one in the second, three in the third; nobody asks before the fourth.
till('2026-01-28T09:00:00Z');
comes('leads.csv', `id,created
A1,2026-01-05 09:00
A2,2026-01-06 09:00
B1,2026-01-13 09:00
C1,2026-01-19 09:00
C2,2026-01-20 09:00
C3,2026-01-21 09:00
`);
deep_equal(clock(), {
	broken: 4, withdrawn: 0, qualified: 6,
	weeks: ['2026-01-05 0 of 0.5', '2026-01-12 1 of 2', '2026-01-12 0 of 0.5', '2026-01-19 0 of 0.5'],
}, 'the first run counts what it records itself: only the second week has too few, and of each week a share is known');
deep_equal(clock(), { broken: 0, withdrawn: 0, qualified: 0, weeks: [] }, 'the second run has nothing to add');

// A number is nobody's to excuse.
for (const key of ['2026-01-12', 'A1'])
	has(lockstep('promise', 'excuse', key, 'enough', '--reason', 'ill', '--by', 'Sam').err, 'enough: is promised of a number in a period: it can be neither excused nor disputed', 'excused it cannot be, and that is said');
is(lockstep('promise', 'dispute', 'A1', 'enough', '--reason', 'so', '--by', 'Sam').code, 1, 'nor disputed');

// A version of the book stands for its text.
const text = lockstep('agreement', 'show', '1');
has(text.out, 'Numbers', 'shown by its number');
is(text.out, lockstep('agreement', 'show', '--version', '1').out, 'the same as by --version');
is(lockstep('agreement', 'check', '1').code, 0, 'and checked');
is(lockstep('agreement', 'show', '9').code, 1, 'one that is not there is refused');

// One that came in the second week, and is known only now, makes that week good.
comes('late.csv', 'id,created\nB2,2026-01-14 09:00\n');
deep_equal(clock(), { broken: 0, withdrawn: 1, qualified: 1, weeks: [] }, 'its crossing and the breach it takes back come with one run');
deep_equal(clock(), { broken: 0, withdrawn: 0, qualified: 0, weeks: [] }, 'and no second is needed');
done();
