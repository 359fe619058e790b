#!/usr/bin/env node
// No man's land: who waits between qualified and accepted, on the way that each lead is on now. Leads that went one way, were rejected without a
// hand-over, came back once or twice; from columns of leads and from their history; with an agreement and without.
import { new_book, small_b2b } from '../book.mjs';
import { deep_equal, done, has, is } from '../tap.mjs';

const { comes, lockstep } = new_book({
	zone: 'UTC', now: '2026-04-01T10:00:00Z',
	map: `map: crm
source: crm
files:
  - match: leads.csv
    as: leads
    key: id
    fields: {owner: owner, company_size: company_size, country: country, created: created, qualified: qualified, handed_off: handed_off, accepted: accepted, rejected: rejected}
  - match: steps.csv
    as: lead-history
    key: id
    fields: {lead: lead, kind: kind, at: at}
  - match: calls.csv
    as: activities
    key: id
    fields: {lead: lead, kind: kind, at: at}
`,
});

const leads = `id,owner,company_size,country,created,qualified,handed_off,accepted,rejected
once,Ann,50,Germany,2026-03-01 09:00,2026-03-02 09:00,2026-03-03 09:00,,
taken,Ann,50,Germany,2026-03-01 09:00,2026-03-02 09:00,2026-03-03 09:00,2026-03-04 09:00,
back,Ann,50,Germany,2026-03-01 09:00,2026-03-02 09:00,2026-03-03 09:00,,2026-03-05 09:00
again,Ben,50,Germany,2026-03-01 09:00,,,,
thrice,Ben,50,Germany,2026-03-01 09:00,,,,
unheard,Ben,50,Germany,2026-03-01 09:00,2026-03-02 09:00,,,2026-03-05 09:00
unheard-again,Ben,50,Germany,2026-03-01 09:00,2026-03-02 09:00,,,
twin,Ben,50,Germany,2026-03-01 09:00,2026-03-02 09:00,,,
ready,Ann,50,Germany,2026-03-01 09:00,2026-03-30 09:00,,,
`;
const steps = `id,lead,kind,at
1,again,qualified,2026-03-02 09:00
2,again,handed_off,2026-03-03 09:00
3,again,accepted,2026-03-04 09:00
4,again,rejected,2026-03-06 09:00
5,again,qualified,2026-03-20 09:00
6,again,handed_off,2026-03-22 09:00
11,thrice,handed_off,2026-03-03 09:00
12,thrice,rejected,2026-03-04 09:00
13,thrice,recycled,2026-03-04 09:00
14,thrice,handed_off,2026-03-10 09:00
15,thrice,rejected,2026-03-11 09:00
16,thrice,recycled,2026-03-12 09:00
17,thrice,qualified,2026-03-29 09:00
18,thrice,handed_off,2026-03-30 09:00
21,unheard-again,rejected,2026-03-05 09:00
22,unheard-again,handed_off,2026-03-25 09:00
31,twin,duplicate,2026-03-05 09:00
`;
const calls = `id,lead,kind,at
1,again,call,2026-03-03 10:00
2,thrice,call,2026-03-31 10:00
3,once,call,2026-03-05 10:00
`;
// The order of arrival plays no part.
for (const [file, text] of Object.entries({ 'calls.csv': calls, 'steps.csv': steps, 'leads.csv': leads }))
	comes(file, text);

// [way, state, qualified, handed over, first contact], by hand
const expected = {
	again: [2, 'handed over', '2026-03-20 09:00', '2026-03-22 09:00', ''],
	back: [2, 'nurturing', '', '', ''],
	once: [1, 'handed over', '2026-03-02 09:00', '2026-03-03 09:00', '2026-03-05 10:00'],
	ready: [1, 'qualified', '2026-03-30 09:00', '', ''],
	taken: [1, 'accepted', '2026-03-02 09:00', '2026-03-03 09:00', ''],
	thrice: [3, 'handed over', '2026-03-29 09:00', '2026-03-30 09:00', '2026-03-31 10:00'],
	twin: [1, 'void', '2026-03-02 09:00', '', ''],
	unheard: [2, 'nurturing', '', '', ''],
	'unheard-again': [2, 'handed over', '', '2026-03-25 09:00', ''],
};
const between = Object.keys(expected).filter((key) => /qualified|handed/.test(expected[key][1]));

function check(said, ...options) {
	const rows = lockstep('rows', '--of', 'leads', '--order', 'key', '--format', 'csv', '--where', 'voided or not voided', '--columns',
		'key, current_episode, current_state, current_qualified, current_handed_off, current_first_response', ...options);
	const lines = rows.out.trim().split(/\r?\n/).filter((line) => /^[a-z-]+,\d/.test(line)).map((line) => line.split(','));

	is(rows.err, '', `${said}: nothing is left to say`);
	deep_equal(Object.fromEntries(lines.map(([key, way, ...rest]) => [key, [Number(way), ...rest.map((v) => v.replace('T', ' ').slice(0, 16))]])), expected,
		`${said}: where each stands on its present way`);
	const page = lockstep('report', 'no-mans-land', '--format', 'json', ...options).json;
	const cell = (table, i = 0) => page.tables[table]?.rows[i]?.value ?? 0;

	has(page.sentences[0].text, `${between.length} leads wait`, `${said}: how many wait`);
	deep_equal(page.listings.worst.rows.map((row) => row[0]).sort(), between, `${said}: and which`);
	deep_equal([cell('waits.hand_over'), cell('waits.contact'), cell('waits.decide')], [1, 2, 2], `${said}: for what`);
	deep_equal([1, 2, 3].map((i) => cell('waits.contact', i)), [8.5, 9.7, 10], `${said}: since they were handed over last`);
	deep_equal([1, 2, 3].map((i) => cell('waits.decide', i)), [14, 24.4, 27], `${said}: since the first contact of this way`);
	deep_equal(Object.fromEntries(page.tables['owners.waiting'].rows.map((row) => [row.by[0], row.value])), { Ann: 1, Ben: 3 }, `${said}: who has them`);
	is(page.listings.worst.rows.map((row) => row[0]).join(' '), 'once again unheard-again thrice ready',
		`${said}: the longest first, since they were qualified, else handed over`);
	has(page.sentences[0].text, 'sales owes 2 a first contact, sales owes 2 an answer', `${said}: who owes what`);
	for (const other of ['weekly', 'leaks'])
		has(lockstep('report', other, '--format', 'json', ...options).json.sentences.map((s) => s.text).join(' '),
			page.sentences[0].text, `${said}: ${other} counts the same`);
	has(lockstep('report', 'leaks', '--from', '2026-03-20', '--format', 'json', ...options).json.sentences.map((s) => s.text).join(' '),
		'Between hand-over and acceptance 3 leads wait of those handed over in this time: sales owes 2 a first contact, sales owes 1 an answer.', `${said}: leaks of a time, those handed over in it`);
	has(page.sentences.map((s) => s.text).join(' '), '3 of these came back from sales before', `${said}: three are there for another time`);
}

check('without an agreement');
check('by a text', '--agreement', small_b2b.agreement);
is(lockstep('report', 'no-mans-land', '--format', 'json', '--as-of', '2026-03-08').json.listings.worst.rows.map((row) => row[0]).sort().join(' '), 'once',
	'as of a day before they came back: only who was there then');
is(lockstep('report', 'no-mans-land', '--format', 'json', '--as-of', '2026-03-10').json.listings.worst.rows.map((row) => row[0]).sort().join(' '), 'once thrice',
	'and on the second way');
{
	const rows = lockstep('measure', 'count(current_handed_off)', '--of', 'leads', '--format', 'json');
	is(rows.json.rows[0].value, 5, 'counted by a measure');
	is(lockstep('measure', 'count()', '--where', 'current_state = "handed over" and owes != "partner"', '--format', 'json').json.rows[0].value, 4,
		'beside what an agreement says');
	has(lockstep('measure', 'count(owes)').err, 'no agreement was ever in force', 'what needs an agreement says so');
}

// ---- the same told at the desk ----
for (const [who, ...args] of [['again', 'accept'], ['thrice', 'reject', '--reason', 'no need'], ['once', 'reject', '--reason', 'no need']])
	is(lockstep('lead', args[0], who, ...args.slice(1)).code, 0, `lead ${args[0]} ${who}`);
{
	const page = lockstep('report', 'no-mans-land', '--format', 'json').json;
	deep_equal(page.listings.worst.rows.map((row) => row[0]).sort(), ['ready', 'unheard-again'], 'who was accepted or rejected once more is gone');
	is(lockstep('rows', '--of', 'leads', '--where', 'key = "thrice"', '--columns', 'current_episode', '--format', 'csv').out.trim().split(/\r?\n/).at(-1), '4', 'a fourth way');
}
is(lockstep('lead', 'wait', 'unheard-again', '--reason', 'customer asked to wait').code, 0, 'one is put off');
{
	const page = lockstep('report', 'no-mans-land', '--format', 'json').json;
	is(page.sentences[0].text, 'Between qualified and accepted 2 leads wait: marketing owes 1 the hand-over, nobody owes 1 a move while its clock stands still.',
		'what is put off is owed by nobody');
	deep_equal(page.listings.worst.rows.map((row) => row[0]), ['ready'], 'and is none of those that wait longest');
}
done();
