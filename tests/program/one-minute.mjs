#!/usr/bin/env node
// Several things of one minute: as files tell them, in whatever order they come, and as they are told at the desk with one --at.
import { new_book, refused, says, table, works } from '../book.mjs';
import { deep_equal, done, has, is, ok } from '../tap.mjs';

const terms = {
	zone: 'UTC',
	agreement: `agreement: Minutes
between: {marketing: {signs: [Mia]}, sales: {signs: [Sam]}}
in force: 2026-01-05
calendar: {time zone: UTC, hours: {mon-fri: ["08:00-16:00"]}}
lead types: {any: {means: "any", when: "not won", hand over: score >= 30}}
score:
  engagement: [{points: 40, touch: demo}]
  answers: {budget: 10, authority: 10, need: 40, timeframe: 10, trust: 10}
route: [{otherwise: [Eve, Fay], by: round robin}]
promises:
  first contact: {party: sales, from: handed_off, until: first_response, within: 4 hours}
  feedback: {party: sales, from: handed_off, until: accepted or rejected, within: 2 working days}
waiting states: [asked to wait]
reasons: {reject: [no need], disqualify: [competitor], excuse: [ill]}
`,
	signed_by: ['Mia', 'Sam'],
	map: `map: crm
source: crm
files:
  - {match: "leads*.csv", as: leads, key: id, fields: {created: created}}
  - {match: "history*.csv", as: lead-history, key: id, fields: {lead: lead, kind: kind, at: at}}
  - {match: "calls*.csv", as: activities, key: id, fields: {lead: lead, kind: kind, at: at, outcome: outcome}}
`,
};
const promised = (lead, name) => lead.promises.filter((p) => p.promise === name).map((p) => [p.episode, p.state]);
const steps = (lead) => lead.steps.map((s) => [s.step, s.episode]);
// What `lead show` lists, each line from its time on.
const listed = (book, key) => book.lead('show', key).out.split('\nWhat happened')[1].split('\nPromises')[0].split('\n').slice(1)
	.map((line) => line.trim().replace(/\s+/g, ' ')).filter(Boolean);

// ---- files that know minutes ----
const leads = 'id,created\nA,2026-03-02 08:00\nB,2026-03-02 08:00\nC,2026-03-02 08:00\n';
const history = ['1,A,handed_off,2026-03-02 09:00', '2,A,rejected,2026-03-02 09:17', '3,B,handed_off,2026-03-02 09:00', '4,B,rejected,2026-03-02 10:00',
	'5,B,handed_off,2026-03-02 10:00', '6,C,qualified,2026-03-02 09:00', '7,C,handed_off,2026-03-02 09:00', '8,C,accepted,2026-03-02 09:00'];
const calls = ['1,A,call,2026-03-02 09:17,reached', '2,C,call,2026-03-02 09:00,reached'];
const rows = (header, lines) => `${header}\n${lines.join('\n')}\n`;
const files = {
	leads, history: rows('id,lead,kind,at', history), calls: rows('id,lead,kind,at,outcome', calls),
	backwards: rows('id,lead,kind,at', [...history].reverse()),
};
const [one, other] = [new_book(terms), new_book(terms)];

for (const book of [one, other])
	book.till('2026-03-04T12:00:00Z');
one.comes('leads.csv', files.leads, 'history.csv', files.history);
one.comes('calls.csv', files.calls);
other.comes('leads.csv', files.leads);
other.comes('calls.csv', files.calls);
other.comes('history.csv', files.backwards);
deep_equal(promised(one.shown('A'), 'first contact'), [[1, 'met']], 'a call and a rejection of one minute: the call was before, and the promise is kept');
deep_equal(listed(one, 'A'), ['2026-03-02 08:00 1 came in', '2026-03-02 09:00 1 handed over', '2026-03-02 09:17 1 first contact', '2026-03-02 09:17 1 reached', '2026-03-02 09:17 1 rejected'],
	'and stands so');
deep_equal(table(one.lockstep('rows', '--of', 'promises', '--where', 'key = "A" and promise = "first contact"', '--columns', 'episode, state', '--format', 'csv').out)
	.map((r) => [r.episode, r.state]), [['1', 'met']], 'the facts say the same');
is(one.lockstep('measure', 'count()', '--of', 'leads', '--where', 'key = "A" and current_first_response', '--format', 'json').json.rows[0]?.value ?? 0, 0, 'in the second episode nobody called');
deep_equal([one.shown('B').life, one.shown('B').episode, promised(one.shown('B'), 'first contact')], ['handed over', 2, [[1, 'broken'], [2, 'broken']]],
	'rejected and handed over again in one minute: it is with sales');
deep_equal(listed(one, 'C').map((l) => l.slice(17)), ['came in', 'qualified', 'handed over', 'first contact', 'reached', 'accepted'], 'a whole way in one minute');
for (const key of ['A', 'B', 'C']) {
	deep_equal(other.shown(key), one.shown(key), `${key}: in whatever order the files come`);
	deep_equal(listed(other, key), listed(one, key), `${key}: listed alike`);
}
deep_equal(other.lockstep('clock', '--format', 'json').json, one.lockstep('clock', '--format', 'json').json, 'the clock records the same');

// ---- one --at for several words ----
const at = ['--at', '2026-03-02T10:00'];
const desk = new_book(terms);
const { lead, lockstep, shown, till } = desk;

till('2026-03-02T09:00:00Z');
desk.comes('leads.csv', 'id,created\nD,2026-03-02 08:00\nE,2026-03-02 08:00\nF,2026-03-02 08:00\n');
for (const key of ['D', 'E', 'F']) {
	says(lead('answer', key, 'need=yes', '--by', 'Mia'), `${key}: answered, qualified`, 'over the bar');
	works(lead('hand-over', key, '--by', 'Mia', '--to', 'Eve'), 'and handed over');
}
till('2026-03-02T10:30:00Z');
works(lead('contact', 'D', '--outcome', 'reached', '--by', 'Eve', ...at), 'called');
works(lead('reject', 'D', '--reason', 'no need', '--by', 'Eve', ...at), 'then rejected');
deep_equal(promised(shown('D'), 'first contact'), [[1, 'met']], 'the call kept the promise');
says(lead('answer', 'D', 'trust=yes', '--by', 'Mia', ...at), 'D: answered, qualified (episode 2)', 'then it answers');
deep_equal([shown('D').life, shown('D').episode, shown('D').gate.passes], ['qualified', 2, true], 'and is what was said');
has(works(lead('hand-over', 'D', '--by', 'Mia', '--to', 'Fay', ...at), 'handed over again').out, 'D: handed over to Fay', 'all at ten o\'clock');
deep_equal(steps(shown('D')), [['answered', 1], ['qualified', 1], ['handed_off', 1], ['rejected', 1], ['recycled', 2], ['answered', 2], ['qualified', 2], ['handed_off', 2]],
	'as it was told');
deep_equal(promised(shown('D'), 'first contact'), [[1, 'met'], [2, 'running']], 'the second promise runs');
ok(listed(desk, 'D').findIndex((l) => l.includes('first contact')) < listed(desk, 'D').findIndex((l) => l.includes('rejected')), 'the contact stands above the rejection');
refused(lead('hand-over', 'D', '--by', 'Mia', ...at), 'it is handed over', 'not twice');

works(lead('reject', 'E', '--reason', 'no need', '--by', 'Eve', ...at), 'another is rejected');
works(lead('contact', 'E', '--outcome', 'reached', '--by', 'Eve', ...at), 'and the call told afterwards');
deep_equal([promised(shown('E'), 'first contact'), shown('E').life], [[[1, 'met']], 'nurturing'], 'it was before the rejection all the same');
works(lead('wait', 'E', '--reason', 'asked to wait', ...at), 'it waits');
deep_equal([shown('E').waits, shown('E').episode], [true, 2], 'in nurture');

works(lead('accept', 'F', '--by', 'Eve', ...at), 'the third is accepted');
works(lead('reject', 'F', '--reason', 'no need', '--by', 'Eve', ...at), 'and rejected');
works(lead('disqualify', 'F', '--reason', 'competitor', ...at), 'and disqualified');
refused(lead('answer', 'F', 'trust=no', ...at), 'it is disqualified: only an open lead is asked', 'then nothing is asked');
works(lead('reopen', 'F', ...at), 'and reopened');
deep_equal([shown('F').life, shown('F').episode, steps(shown('F')).slice(3)],
	['nurturing', 3, [['accepted', 1], ['rejected', 1], ['recycled', 2], ['disqualified', 2], ['reopened', 2]]], 'three episodes in one minute');

is(lockstep('clock', '--format', 'json').json.events.length, 0, 'the clock has nothing to add');
for (const said of ['handed over', 'answered, qualified', 'back in nurture, rejected'])
	says(lead('undo', 'D', ...at), `D: taken back: ${said}`, 'undone in the order it was told');
deep_equal([shown('D').life, promised(shown('D'), 'first contact')], ['handed over', [[1, 'met']]], 'as before');
has(lockstep('verify').out, 'Sound.', 'the book is sound');
done();
