#!/usr/bin/env node
// Taking a step back: what somebody told, not what was reckoned of it, and not what a contact came of unless it is named.
import { new_book, refused, says, works } from '../book.mjs';
import { deep_equal, done, has, is } from '../tap.mjs';

const { comes, lead, lockstep, shown, till } = new_book({
	zone: 'Europe/Berlin',
	agreement: `agreement: Slips
between: {marketing: {signs: [Mia]}, sales: {signs: [Sam]}}
in force: 2026-01-05
calendar: {time zone: Europe/Berlin, hours: {mon-fri: ["08:00-16:00"]}}
lead types: {any: {means: "any", when: "not won", hand over: score >= 30}}
score:
  engagement: [{points: 20, touch: webinar}, {points: 40, touch: demo}]
  answers: {budget: 10, authority: 10, need: 10, timeframe: 10, trust: 10}
route: [{otherwise: [Eve, Fay], by: round robin}]
promises: {first contact: {party: sales, from: handed_off, until: first_response or opted_out, within: 4 hours}}
waiting states: [asked to wait]
reasons: {reject: [no need], disqualify: [competitor], excuse: [ill]}
annexes: {teams: {nurture: [Nina]}}
`,
	signed_by: ['Mia', 'Sam'],
	map: `map: crm
source: crm
files:
  - {match: "leads*.csv", as: leads, key: id, fields: {created: created}}
  - {match: "touches*.csv", as: touches, key: id, fields: {lead: lead, kind: kind, at: at}}
  - {match: "calls*.csv", as: activities, key: id, fields: {lead: lead, kind: kind, at: at, automatic: automatic}}
`,
});
const steps = (key) => shown(key).steps.map((s) => s.step);

till('2026-03-02T08:00:00Z');
comes('leads.csv', `id,created\n${['A', 'B', 'C', 'D', 'E', 'F'].map((key) => `${key},2026-03-02 08:00`).join('\n')}\n`,
	'touches.csv', 'id,lead,kind,at\nT1,A,demo,2026-03-02 08:30\n');

// ---- what the clock recorded ----
refused(lead('undo', 'A'), 'no step was told of this lead', 'nothing is told yet');
has(works(lockstep('clock'), 'the clock').out, '1 lead crossed the bar', 'a lead crossed the bar');
refused(lead('undo', 'A'), 'the last step, qualified at 2026-03-02 08:30, was told by nobody: its touches and answers say so, and the next clock would record it again',
	'what the clock recorded is not taken back');
deep_equal(steps('A'), ['qualified'], 'and stands');

// ---- behind what the clock recorded ----
works(lead('assign', 'B', '--to', 'Eve'), 'one is given to somebody');
works(lead('wait', 'C', '--reason', 'asked to wait'), 'one waits');
works(lead('disqualify', 'D', '--reason', 'competitor'), 'one is disqualified');
till('2026-03-02T08:10:00Z');
works(lead('reopen', 'D'), 'and reopened');
works(lead('answer', 'E', 'need=yes', '--by', 'Nina'), 'one answers');
till('2026-03-02T09:00:00Z');
comes('touches2.csv', `id,lead,kind,at\n${['B', 'C', 'D'].map((key) => `${key}1,${key},demo,2026-03-02 09:30`).join('\n')}\nE1,E,webinar,2026-03-02 09:30\n`);
has(works(lockstep('clock'), 'the clock').out, '4 leads crossed the bar', 'then they cross the bar');
says(lead('undo', 'B'), 'B: taken back: given', 'a step of before is taken back where nothing rests on it');
deep_equal(steps('B'), ['qualified'], 'and the crossing stays');
says(lead('undo', 'C'), 'C: taken back: waiting', 'so is waiting, which the crossing ended');
refused(lead('undo', 'D'), 'D: reopened at 2026-03-02 09:10 stays: qualified at 2026-03-02 09:30 could not follow without it', 'but not what the crossing could not do without');
refused(lead('undo', 'E'), 'E: answered at 2026-03-02 09:10 stays: qualified at 2026-03-02 09:30 counts its points; another answer to the same question mends it',
	'nor an answer whose points it counts');
works(lead('answer', 'E', 'need=no', '--by', 'Nina'), 'which another answer mends');
deep_equal([shown('D').life, shown('E').life], ['qualified', 'qualified'], 'both stand');

// ---- a contact since ----
works(lead('hand-over', 'A', '--by', 'Mia'), 'a lead is handed over');
till('2026-03-02T10:00:00Z');
comes('calls.csv', 'id,lead,kind,at,automatic\nM1,A,mail,2026-03-02 10:30,yes\n');
works(lead('contact', 'A', '--by', 'Eve', '--outcome', 'reached'), 'and called');
refused(lead('undo', 'A'), 'the last word was a call at 2026-03-02 11:00, which stays in the book; the step before, handed over, is taken back with --at 2026-03-02T10:00',
	'undo does not reach behind a contact unasked');
is(shown('A').life, 'handed over', 'nothing was written');
says(lead('undo', 'A', '--at', '2026-03-02T10:00'), 'A: taken back: handed over', 'but for the step that is named');
deep_equal([shown('A').life, shown('A').promises], ['qualified', []], 'then nothing was promised of it');
works(lead('hand-over', 'A', '--by', 'Mia', '--to', 'Fay'), 'to somebody else, then');
refused(lead('undo', 'A'), 'the last word was a call', 'a contact of the same moment stands behind it, too');
till('2026-03-02T10:20:00Z');
works(lead('accept', 'A'), 'accepted after the call');
says(lead('undo', 'A'), 'A: taken back: accepted', 'what came after the contact needs no time');
comes('calls2.csv', 'id,lead,kind,at,automatic\nM2,A,mail,2026-03-02 11:10,yes\n');
works(lead('accept', 'F', '--at', '2026-03-02T11:00'), 'another is accepted');
comes('calls3.csv', 'id,lead,kind,at,automatic\nM3,F,mail,2026-03-02 11:10,yes\n');
says(lead('undo', 'F'), 'F: taken back: accepted', 'what a machine sent is no word about a lead');

// ---- told of one minute ----
till('2026-03-02T12:00:00Z');
comes('leads2.csv', 'id,created\nG,2026-03-02 08:00\n');
works(lead('answer', 'G', 'need=yes', 'budget=yes', 'trust=yes', '--by', 'Mia', '--at', '2026-03-02T12:00'), 'one answers');
works(lead('hand-over', 'G', '--by', 'Mia', '--at', '2026-03-02T12:00'), 'and is handed over');
says(lead('undo', 'G'), 'G: taken back: handed over', 'what came of the answers goes before them');
says(lead('undo', 'G'), 'G: taken back: answered, qualified', 'then they');
has(lockstep('verify').out, 'Sound.', 'the book is sound');
done();
