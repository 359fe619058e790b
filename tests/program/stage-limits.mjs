#!/usr/bin/env node
// Stuck is what stays longer than the agreement in force allows: in every page and question, whatever maps or habit say.
import { new_book } from '../book.mjs';
import { deep_equal, done, is, ok } from '../tap.mjs';

const text = (quote, talk) => `agreement: Stages
between: {marketing: {signs: [Mia]}, sales: {signs: [Sam]}}
in force: 2026-02-01
calendar: {time zone: UTC, hours: {mon-fri: ["08:00-16:00"]}}
lead types: {any: {means: "any", when: "not won", hand over: at once}}
route: [{otherwise: [Eve], by: round robin}]
promises:
  feedback: {party: sales, from: handed_off, until: accepted or rejected or disqualified, within: 4 hours}
stages:
  talk: {kind: early, limit: ${talk}}
  quote: {kind: mid, limit: ${quote}}
reasons: {reject: [no need], excuse: [ill]}
`;
const { agree, at, comes, lockstep, put, till } = new_book({
	zone: 'UTC',
	map: `map: crm
source: crm
files:
  - match: "deals.csv"
    as: opportunities
    key: id
    fields: {created: created, stage: stage}
    stage dates: {pattern: "In *"}
    stages: {Talk: {means: open}, Quote: {means: open, limit days: 5}, Won: {means: won}}
`,
});
const limits = (...args) => Object.fromEntries(lockstep('report', 'stuck', '--format', 'json', ...args).json.tables['limits.limit'].rows.map((r) => [r.by[0], r.value]));
const stuck = (...args) => {
	const { columns, rows } = lockstep('rows', '--of', 'stage_visits', '--where', 'stagnant', '--columns', 'opportunity', '--order', 'entered', '--format', 'json', ...args).json;
	return rows.map((r) => (Array.isArray(r) ? r[0] : r.opportunity ?? r[columns?.[0]])).sort();
};

put('tried.yaml', text('19 calendar days', '6 working days'));
till('2026-03-31T12:00:00Z');
comes('deals.csv', `id,created,stage,In Talk,In Quote
Q19,2026-03-12,Quote,,2026-03-12
Q20,2026-03-11,Quote,,2026-03-11
Q21,2026-03-10,Quote,,2026-03-10
T07,2026-03-24,Talk,2026-03-24,
T08,2026-03-23,Talk,2026-03-23,
`);
deep_equal(limits(), { Quote: 5, Talk: null }, 'nothing is agreed: as the map says, or not known');
till('2026-01-02T09:00:00Z');
agree(text('20 calendar days', '5 working days'), ['Mia', 'Sam']);
till('2026-03-31T12:00:00Z');
deep_equal(limits(), { Quote: 20, Talk: 7 }, 'as agreed: five working days are a week');
deep_equal(stuck(), ['Q21', 'T08'], 'the last day agreed is one on which it may still be there');
is(lockstep('measure', 'count(stagnant)', '--of', 'opportunities', '--format', 'json').json.rows[0].value, 2, 'a measure counts the same');
ok(!lockstep('report', 'stuck').out.includes('No limit is known'), 'and the page does not say that none is agreed');
deep_equal(stuck('--agreement', at('tried.yaml')), ['Q20', 'Q21'], 'a text that is tried has its own');
deep_equal(stuck('--as-of', '2026-01-31'), [], 'before it is in force it holds for nothing');
done();
