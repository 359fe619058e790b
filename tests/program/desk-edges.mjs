#!/usr/bin/env node
// The desk and the clock where things meet: several in one second, what is told late or lies ahead, what was said of another episode.
import { flat, new_book } from '../book.mjs';
import { deep_equal, done, has, is, ok, run } from '../tap.mjs';

const { at, comes, lead, lockstep, put, shown, till } = new_book({
	zone: 'UTC',
	agreement: `agreement: Edges
between: {marketing: {signs: [Mia]}, sales: {signs: [Sam]}, partner: {signs: [Pam]}}
in force: 2026-01-05
calendar: {time zone: UTC, hours: {mon-fri: ["08:00-16:00"]}}
lead types: {any: {means: "any", when: "not won", hand over: score >= 30}}
score:
  engagement: [{points: 40, touch: demo}]
  answers: {budget: 10, authority: 10, need: 10, timeframe: 10, trust: 10}
route: [{when: "partner is set", to: partner}, {otherwise: [Eve, Fay], by: round robin}]
promises:
  hello: {party: marketing, from: created, until: first_response, within: 8 hours}
  passing on: {party: marketing, from: qualified, until: handed_off, within: 4 hours}
  visit: {party: partner, from: qualified, until: handed_off, within: 4 hours}
  feedback: {party: sales, from: handed_off, until: accepted or rejected or disqualified, within: 1 working day}
  bookings: {party: sales, every: week, count: "sum(opportunities.amount) on opportunities.won", at least: 100}
  partner feedback: {party: partner, from: handed_off, until: accepted or rejected or disqualified, within: 1 working day, keep: 80 % in 60 days of at least 1,
                     else: no new leads, back when: every overdue one is answered}
waiting states: [asked to wait]
reasons: {reject: [no need], excuse: [ill]}
annexes: {teams: {nurture: [Nina, Tom]}}
`,
	signed_by: ['Mia', 'Sam', 'Pam'],
	map: `map: crm
source: crm
files:
  - {match: "leads*.csv", as: leads, key: id, fields: {created: created, partner: partner}}
  - {match: "people*.csv", as: people, key: id, fields: {name: name, role: role}}
  - {match: "deals*.csv", as: opportunities, key: id, fields: {created: created, won: won, amount: amount, currency: currency}}
  - {match: "touches*.csv", as: touches, key: id, fields: {lead: lead, kind: kind, at: at}}
  - {match: "history*.csv", as: lead-history, key: id, fields: {lead: lead, kind: kind, at: at}}
`,
});
// "broken A1 hello": what the clock recorded.
const recorded = () => lockstep('clock', '--format', 'json').json.events.map((e) => [e.kind, e.lead ?? e.partner, e.promise ?? e.standing].filter(Boolean).join(' '));
const told = (answer, text, name) => {
	is(answer.code, 0, `${name}: ${answer.err}`);
	has(answer.out, text, name);
};

// ---- crossing the bar ----
till('2026-03-03T12:00:00Z');
comes('leads1.csv', 'id,created,partner\nA1,2026-03-02 08:00,\n');
comes('touches1.csv', 'id,lead,kind,at\nT1,A1,demo,2026-03-02 09:00\n');
deep_equal(recorded(), ['qualified A1', 'broken A1 passing on', 'broken A1 hello'],
	'with the crossing all that broke is recorded, not only what goes with it, and nothing of a partner there is not');
deep_equal(recorded(), [], 'asked again: nothing');

// ---- waiting ends when the lead goes on ----
till('2026-03-04T08:30:00Z');
comes('leads2.csv', 'id,created,partner\nA2,2026-03-04 08:00,\n');
comes('touches2.csv', 'id,lead,kind,at\nT2,A2,demo,2026-03-04 08:00\n');
told(lead('wait', 'A2', '--reason', 'asked to wait'), 'A2: waiting', 'a lead waits in nurture');
till('2026-03-04T09:00:00Z');
told(lead('hand-over', 'A2'), 'A2: handed over to', 'and is handed over');
till('2026-03-06T12:00:00Z');
ok(recorded().includes('broken A2 feedback'), 'sales\' clock runs');

// ---- what was called qualified before there was an agreement crossed another bar ----
comes('leads8.csv', 'id,created,partner\nB1,2025-12-01 08:00,\nB2,2026-03-02 08:00,\n');
comes('history8.csv', 'id,lead,kind,at\n81,B1,qualified,2025-12-02 09:00\n82,B2,qualified,2026-03-02 09:00\n');
has(lead('hand-over', 'B1').err, 'has 0 of the 30 points', 'it has to pass this one');
told(lead('hand-over', 'B2'), 'B2: handed over to', 'who was called qualified since is');

// ---- one second ----
till('2026-03-09T08:00:00Z');
comes('leads3.csv', 'id,created,partner\nA3,2026-03-09 07:00,\nA4,2026-03-09 07:00,\n');
told(lead('answer', 'A3', 'budget=yes', 'authority=yes', 'need=yes', 'timeframe=yes', 'trust=yes', '--by', 'Nina'), 'A3: answered, qualified', 'five answers in one call');
till('2026-03-09T08:01:00Z');
told(lead('undo', 'A3', '--by', 'Nina'), 'A3: taken back: answered, qualified', 'are taken back as one');
is(shown('A3').life, 'new', 'and nothing of them is left');
told(lead('answer', 'A4', 'budget=yes', 'authority=yes', 'need=yes', '--by', 'Nina', '--at', '2026-03-09T08:00'), 'qualified', 'another lead');
told(lead('hand-over', 'A4', '--by', 'Tom', '--at', '2026-03-09T08:01'), 'handed over to', 'handed over by the minute');
told(lead('accept', 'A4', '--by', 'Tom', '--at', '2026-03-09T08:01'), 'accepted', 'and accepted in the same');
told(lead('undo', 'A4', '--by', 'Tom'), 'A4: taken back: accepted', 'undo takes back what was told last');
is(shown('A4').life, 'handed over', 'not what was told before it');

// ---- an excuse is of one episode ----
till('2026-03-11T08:00:00Z');
told(lead('reject', 'A4', '--reason', 'no need', '--by', 'Fay'), 'episode 2', 'rejected');
till('2026-03-11T08:01:00Z');
told(lead('answer', 'A4', 'trust=yes', '--by', 'Nina'), 'A4: answered, qualified', 'something is heard of it');
told(lead('hand-over', 'A4', '--by', 'Mia'), 'handed over to', 'and it goes again');
till('2026-03-13T08:00:00Z');
recorded();
is(lockstep('promise', 'excuse', 'A4', 'feedback', '--reason', 'ill', '--by', 'Sam', '--at', '2026-03-11T09:00').code, 1, 'what had not broken then is not excused');
told(lockstep('promise', 'excuse', 'A4', 'feedback', '--reason', 'ill', '--by', 'Sam'), 'is excused', 'excused');
ok(lockstep('measure', 'count()', '--of', 'promise_words', '--where', 'kind = excused', '--by', 'key', '--format', 'json').json.rows.every((r) => r.by[0].startsWith('A4#')),
	'a word stands under its lead\'s id');
for (const step of ['hand-over', 'answers', 'rejection'])
	is(lead('undo', 'A4').code, 0, `the ${step} of the second episode: taken back`);
is(shown('A4').episode, 1, 'it is in its first episode');
told(lead('reject', 'A4', '--reason', 'no need', '--by', 'Fay'), 'episode 2', 'rejected anew');
till('2026-03-13T08:01:00Z');
told(lead('answer', 'A4', 'need=yes', '--by', 'Nina'), 'A4: answered', 'heard of again');
told(lead('hand-over', 'A4', '--by', 'Mia'), 'handed over to', 'handed over once more');
till('2026-03-17T08:00:00Z');
is(shown('A4').promises.find((p) => p.promise === 'feedback' && p.episode === 2).state, 'broken', 'the excuse of what was taken back excuses nothing now');

// ---- a script that does not wait ----
const today = (name, ...args) => run([name, '--book', at('today'), ...args]);
is(today('init', '--zone', 'UTC').code, 0, 'a book of today');
put('script.csv', 'id,created,handed_off\nS1,2026-03-02 08:00,2026-03-02 09:00\n');
put('script.yaml', 'map: crm\nsource: crm\nfiles:\n  - {match: "script.csv", as: leads, key: id, fields: {created: created, handed_off: handed_off}}\n');
is(today('import', '--map', at('script.yaml'), at('script.csv')).code, 0, 'with a lead that sales has');
for (const [step, said] of [['wait', 'waiting'], ['resume', 'taken up again'], ['accept', 'accepted'], ['reject', 'rejected']])
	told(today('lead', step, 'S1', '--reason', 'so'), `S1: ${said}`, `${step}, at once`);
deep_equal(today('lead', 'show', 'S1', '--format', 'json').json.steps.map((s) => s.step), ['waiting', 'resumed', 'accepted', 'rejected', 'recycled'],
	'the steps stand as they were told');
till('2026-03-17T08:00:30Z');
told(lead('wait', 'A3', '--reason', 'asked to wait'), 'waiting', 'where the clock is told');
told(lead('resume', 'A3'), 'taken up again', 'one second is one second');
has(flat(lead('wait', 'A3', '--reason', 'asked to wait').err), 'say --at a second later', 'and what cannot follow in it says what to do');

// ---- a dispute is of the last breach ----
till('2026-03-17T08:01:00Z');
const dispute = () => lockstep('promise', 'dispute', 'A4', 'feedback', '--reason', 'I called');
told(dispute(), 'is disputed', 'the breach of the second episode is disputed');
is(shown('A4').promises.find((p) => p.promise === 'feedback' && p.episode === 2).state, 'disputed', 'that one');
is(dispute().code, 1, 'once more is refused');
has(flat(dispute().err), 'is disputed: only a broken promise can be disputed', 'and falls on no other episode');
is(shown('A4').promises.find((p) => p.promise === 'feedback' && p.episode === 1).state, 'broken', 'the first is as it was');
told(lockstep('promise', 'drop', 'A4', 'feedback', '--reason', 'no call found', '--by', 'Sam'), 'is broken', 'settled');

// ---- whose breach it is ----
const excuse = (by) => lockstep('promise', 'excuse', 'A2', 'hello', '--reason', 'ill', '--by', by);
comes('people.csv', 'id,name,role\nQ1,Nina,nurture\nQ2,Eve,seller\n');
is(shown('A2').promises.find((p) => p.promise === 'hello').owner, 'Mia', 'what marketing promised is kept by who signs for it, not by the seller');
deep_equal(lockstep('measure', 'count()', '--of', 'promise_words', '--where', 'promise = hello and kind = broken', '--by', 'owner', '--format', 'json').json.rows.map((r) => r.by[0]),
	['Mia'], 'and so is it recorded');
deep_equal(lockstep('measure', 'count()', '--of', 'promises', '--where', 'party = marketing', '--by', 'owner', '--format', 'json').json.rows.map((r) => r.by[0]),
	['Mia'], 'and counted');
for (const who of ['Mia', 'Nina']) {
	is(excuse(who).code, 1, `${who} of marketing does not excuse what marketing broke`);
	has(flat(excuse(who).err), `the promise is one of marketing, as is ${who}; somebody else has to look at it`, 'which is said');
}
told(excuse('Eve'), 'is excused', 'who has the lead may: it was not hers to keep');

// ---- what lies ahead; long ids ----
comes('leads4.csv', `id,created,partner\nA5,2026-03-16 08:00,\n${'X'.repeat(1000)},2026-03-16 08:00,\n`);
comes('history1.csv', 'id,lead,kind,at\nH1,A5,handed_off,2026-03-16 09:00\nH2,A5,rejected,2027-01-01 09:00\nH4,A5,test,\nH5,,accepted,2026-03-16 10:00\n');
put('history2.csv', 'id,lead,kind,at\nH6,A5,danced,2026-03-16 10:00\nH7,A5,assigned,2026-03-16 08:30\n');
{
	const { files } = lockstep('import', '--map', at('map.yaml'), '--format', 'json', at('history2.csv')).json;
	deep_equal([files[0].accepted, files[0].rejected], [1, 1], 'a word that is no step is rejected, and nothing else');
	has(JSON.stringify(files[0].problems), 'is no step of a lead; say which it is', 'with what to do');
}
is(shown('A5').life, 'handed over', 'a step that lies ahead has not happened');
is(lead('undo', 'A5').code, 1, 'a step that came with a file is not undone at the desk');
has(flat(lead('undo', 'A5').err), 'the last step, handed over at 2026-03-16 09:00, came with a file', 'which says how it is');
ok(recorded().includes(`broken ${'X'.repeat(1000)} hello`), 'a promise about a lead with a very long id breaks like any other');

// ---- a partner with nothing left against it ----
till('2026-03-23T08:00:00Z');
comes('leads5.csv', 'id,created,partner\nP1,2026-03-23 08:00,Acme\n');
comes('touches5.csv', 'id,lead,kind,at\nT5,P1,demo,2026-03-23 08:00\n');
told(lead('hand-over', 'P1', '--by', 'Mia'), 'handed over to Acme', 'a partner gets a lead');
till('2026-03-25T08:00:00Z');
ok(recorded().includes('standing Acme suspended'), 'and is late: suspended');
told(lockstep('promise', 'excuse', 'P1', 'partner feedback', '--reason', 'ill', '--by', 'Sam'), 'is excused', 'which is excused');
deep_equal(recorded(), ['standing Acme good'], 'nothing is left against it');
deep_equal(recorded(), [], 'once');

// ---- two currencies ----
till('2026-04-01T08:00:00Z');
comes('deals1.csv', 'id,created,won,amount,currency\nD1,2026-03-24,2026-03-25,60,EUR\nD2,2026-03-24,2026-03-25,60,USD\n');
deep_equal(recorded(), [], 'a number that cannot be added is neither kept nor broken, and stops no clock');
is(lockstep('measure', 'count(state = void)', '--of', 'promises', '--where', 'promise = bookings', '--format', 'json').code, 0, 'nor any question');
has(lockstep('verify').out, 'Sound.', 'the book is sound');
done();
