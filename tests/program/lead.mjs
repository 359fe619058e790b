#!/usr/bin/env node
// The life of a lead, told at the desk step by step, with what its promises' clocks say meanwhile.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { refused, says } from '../book.mjs';
import { deep_equal, done, has, is, ok, root, run, temporary_folder } from '../tap.mjs';

const folder = temporary_folder();
const at = (name) => join(folder, name);
let now = '2026-01-02T09:00:00Z';
const lockstep = (name, ...args) => run([name, '--book', at('book'), ...args], { env: { LOCKSTEP_NOW: now } });
const lead = (...args) => lockstep('lead', ...args);
const steps = (key) => lead('show', key, '--format', 'json').json.steps.map((s) => s.step);

// ---- a book with an agreement in force, and leads ----
is(lockstep('init', '--zone', 'Europe/Berlin', '--currency', 'EUR').code, 0, 'init');
is(lockstep('agreement', 'propose', join(root, 'examples/agreements/small-b2b.yaml')).code, 0, 'an agreement is proposed');
for (const who of ['Head of Marketing', 'Head of Sales'])
	is(lockstep('agreement', 'sign', '--as', who).code, 0, `${who} signs`);
now = '2026-03-05T08:00:00Z';
writeFileSync(at('leads.csv'), `id,name,company,company_size,country,industry,created,source
L1,Anna Berg,Berg Software,120,Germany,software,2026-03-02 09:14,webinar
L2,Ben Ott,Ott KG,5,Germany,,2026-03-02 10:00,webinar
L3,Cid Rau,Rau AG,60,France,software,2026-03-03 11:00,ads
L4,Dora Uhl,Uhl AG,60,Germany,,2026-03-03 11:00,ads
L5,Eva Alt,Alt AG,60,Germany,,2026-03-03 11:00,ads
`);
writeFileSync(at('touches.csv'), `id,lead,kind,at
T1,L1,webinar,2026-03-02 09:14
T2,L1,click,2026-03-03 09:14
T3,L1,click,2026-03-04 12:00
T4,L4,click,2026-03-03 11:00
T5,L5,demo_request,2026-03-05 08:30
`);
writeFileSync(at('map.yaml'), `map: crm
source: crm
files:
  - match: leads.csv
    as: leads
    key: id
    fields: {name: name, company: company, company_size: company_size, country: country, industry: industry, created: created, source: source}
  - match: touches.csv
    as: touches
    key: id
    fields: {lead: lead, kind: kind, at: at}
`);
is(lockstep('import', '--map', at('map.yaml'), at('leads.csv'), at('touches.csv')).code, 0, 'leads and touches are imported');

// ---- finding one ----
{
	const found = (...words) => lead('find', ...words, '--format', 'json').json.leads.map((l) => l.lead);

	deep_equal(found('berg'), ['L1'], 'by a part of a name');
	deep_equal(found('Anna Berg'), ['L1'], 'a name in quotes is one word');
	deep_equal(found('ANNA', 'software'), ['L1'], 'by a name and a company, whatever the case');
	deep_equal(found('ag').sort(), ['L3', 'L4', 'L5'], 'several');
	deep_equal(found('anna', 'ott'), [], 'all words have to be there');
	has(lead('find', 'ott').out, /^L2 +Ben Ott +Ott KG/m, 'as a table');
	has(lead('find', 'zzz').err, 'No lead has all of these', 'none is said to be none');
	is(lead('find').code, 2, 'nothing to find');
	is(lead('find', '.', '-').code, 2, 'nothing that could be looked for');
	has(lead('find', '.').err.replace(/\s+/g, ' '), 'In "." is no letter and no digit to look for', 'which is said');
	deep_equal(found('.', 'berg'), ['L1'], 'beside a word it does no harm');
	writeFileSync(at('people.csv'), 'id,name,email,phone\nC1,Änne Über,ae@example.com,+49 (30) 123-4567\n');
	writeFileSync(at('theirs.csv'), 'id,contact,created\nP6,C1,2026-03-03 11:00\n');
	writeFileSync(at('people.yaml'), `map: other
files:
  - {match: people.csv, as: contacts, key: id, fields: {name: name, email: email, phone: phone}}
  - {match: theirs.csv, as: leads, key: id, fields: {contact: contact, created: created}}
`);
	is(lockstep('import', '--map', at('people.yaml'), at('people.csv'), at('theirs.csv')).code, 0, 'a lead that names a contact');
	for (const words of [['anne'], ['uber'], ['ae@example.com'], ['30 1234567'], ['+49 30 123']])
		deep_equal(found(...words), ['P6'], `found by its contact: ${words}`);
	is(lockstep('erase', 'ae@example.com', '--yes').code, 0, 'the person is erased');
	deep_equal(found('anne'), [], 'and cannot be found any more');
}

// ---- the gate ----
says(lead('show', 'L1'), `L1  Anna Berg, Berg Software, Germany
  engaged · new
  Came in 2026-03-02 09:14 · webinar · from crm

Good enough?
  Yes, since 2026-03-04 12:00: 50.2 points; a lead of type "engaged" needs 50 (version 1).
  ✓  ten or more people
  ✓  a country we sell to
  points  for
      20  company_size >= 50
      10  industry is set
   14.28  webinar, 2026-03-02 09:14: 15 faded to 14.28 in 2 days
       3  click, 2026-03-04 12:00
    2.92  click, 2026-03-03 09:14: 3 faded to 2.92 in 26 h 46 min
  ───────────────────────────────────────────────────────────────
    50.2  of 50

What happened
  2026-03-02 09:14  came in
  2026-03-02 09:14  webinar
  2026-03-03 09:14  click
  2026-03-04 12:00  click

Promises
  No clock runs: none was started under an agreement.`, 'show: every line of the reason');
{
	const gate = lead('show', 'L1', '--format', 'json').json.gate;
	is(Math.round(100 * gate.lines.reduce((sum, l) => sum + l.counted, 0)), Math.round(100 * gate.points), 'the lines add up to the points');
	deep_equal([gate.version, gate.passes, gate.bar, gate.lines.length], [1, true, 50, 5], 'and name the version');
}
refused(lead('hand-over', 'L2'), 'L2: is not pre-qualified: "ten or more people" does not hold (company_size >= 10 or company_size is empty)',
	'hand-over of a company too small');
refused(lead('hand-over', 'L4'), 'L4: has 22.87 of the 70 points a lead of type "known" needs: 47.13 are missing. Not asked yet: budget (10), authority (10), need (20), timeframe (10), trust (5)',
	'hand-over below the bar');
refused(lead('hand-over', 'L4', '--override', 'old friend', '--by', 'Seller Two'), 'only a manager lets pass what the agreement holds back, and "Seller Two" is none: Head of Marketing, Head of Sales',
	'a seller overrides nothing');
refused(lead('accept', 'L9'), 'there is no lead with this id', 'a lead that is not there');
refused(lead('hand-over', 'L1', '--to', 'Seller Ona'), 'nobody is called "Seller Ona"', 'a hand-over to nobody');
says(lead('hand-over', 'L4', '--override', 'old friend', '--by', 'Head of Sales'),
	'L4: handed over to Seller One with 22.87 points, on a manager\'s word: below the bar\n  the only rule: team sales, whose turn it was', 'a manager lets it pass');
deep_equal(steps('L4'), ['overridden', 'handed_off'], 'which is a step of its own');
refused(lead('hand-over', 'L4'), 'L4: it is handed over: only a lead that is open and that sales does not have yet can be handed over', 'handing over twice');

// ---- handing over, contact, acceptance ----
has(lockstep('clock').out, 'Recorded: 1 broken, 2 leads crossed the bar.', 'crossing the bar is recorded, and what broke since');
says(lockstep('clock'), 'Nothing fell due since.\nNext: 2026-03-05 10:00', 'asked again the clock records nothing');
now = '2026-03-05T08:20:00Z';
says(lead('hand-over', '--waiting', '--by', 'Head of Marketing'), '2 leads handed over: Seller Three 1, Seller Two 1', 'all that wait go in turn');
says(lead('hand-over', '--waiting'), '', 'and none waits any more');
now = '2026-03-05T17:30:00Z';
has(lockstep('clock').out, /2026-03-05 18:00 +broken +L4 +first contact +Seller One/, 'first contact breaks at its due time');
is(lockstep('clock', '--next').out, '2026-03-06T09:20:00+01:00\n', 'when the next is due');
says(lead('contact', 'L4', '--at', '2026-03-05T10:00', '--outcome', 'reached', '--by', 'Seller One'), 'L4: call at 2026-03-05 10:00, reached',
	'the call at ten is told in the evening');
has(lockstep('clock').out, /2026-03-05 18:30 +withdrawn +L4 +first contact +Seller One +kept at 2026-03-05 10:00/, 'and withdraws the breach');
is(lockstep('rows', '--of', 'promise_words', '--order', 'at desc', '--columns', 'kind', '--limit', '1', '--format', 'csv').out.trim().split('\n').at(-1).split(',').at(-1).trim(), 'withdrawn', 'read by time the withdrawal follows the breach');
has(lockstep('clock').out, 'Nothing fell due since.', 'once');
is(lockstep('clock', '--format', 'json').json.events_left_out, 0, 'and programs are told how many events were left out');
refused(lead('contact', 'L1', '--at', '2026-03-07T10:00'), '2026-03-07 10:00 has not come yet', 'what is to come is not told');
refused(lead('contact', 'L1', '--at', '2026-03-01T10:00'), '2026-03-01 10:00 is before the lead came in, 2026-03-02 09:14', 'nor what was before it');
says(lead('accept', 'L1', '--by', 'Seller Two'), 'L1: accepted', 'accept');
refused(lead('accept', 'L1'), 'it is accepted: only a lead that is open and was not accepted before can be accepted', 'accepting twice');
says(lead('mark', 'L1', 'out', '--by', 'Seller One', '--at', '2026-03-05T12:00'), 'L1: out of the sweet spot', 'mark, told for somebody');
has(lead('show', 'L1').out, '  Out of the sweet spot: marked 2026-03-05 12:00, by Seller One\n', 'show tells who and when');
now = '2026-03-05T17:30:01Z';
says(lead('mark', 'L1', 'in', '--by', 'Seller Two'), 'L1: in the sweet spot', 'mark');
deep_equal((({ in: yes, by }) => [yes, by])(lead('show', 'L1', '--format', 'json').json.sweet_spot), [true, 'Seller Two'], 'the last mark counts, with who made it');
is(lockstep('measure', 'count(marked) on marked', '--where', 'marked_by = "Seller Two"', '--format', 'json').json.rows[0].value, 1, 'and can be asked for');
refused(lead('mark', 'L1', 'in', '--at', '2026-03-01T12:00'), 'is before the lead came in', 'a mark from before the lead');
refused(lead('undo', 'L1'), 'the last word was a mark of the sweet spot at 2026-03-05 18:30, which another mark mends; the step before, accepted, is taken back with --at 2026-03-05T18:30',
	'undo takes back no step that stands behind a mark');
refused(lead('undo', 'L1', '--at', '2026-03-05T12:00'), '--at: only the last step is taken back: accepted at 2026-03-05 18:30', 'nor one that is not the last');
says(lead('undo', 'L1', '--at', '2026-03-05T18:30'), 'L1: taken back: accepted', 'but the one that is named');
says(lead('accept', 'L1', '--by', 'Seller Two'), 'L1: accepted', 'accepted again');
refused(lead('contact', 'L1', '--kind', 'cal'), '--kind: "cal" is no kind of contact; did you mean "call"?: call, mail, meeting and demo are', 'a contact of no kind');
is(lockstep('measure', 'count(sweet_spot = yes)', '--format', 'json').json.rows[0].value, 1, 'which measures see');

// ---- waiting, and back ----
refused(lead('wait', 'L1', '--reason', 'holiday'), '"holiday" is no agreed reason to wait. The agreement has: customer asked to wait', 'waiting for no agreed reason');
says(lead('wait', 'L1', '--reason', 'customer asked to wait'), 'L1: waiting', 'wait');
refused(lead('wait', 'L1', '--reason', 'customer asked to wait'), 'it is accepted and waits: only an open lead that does not wait already can wait', 'waiting twice');
now = '2026-03-06T09:00:00Z';
says(lead('resume', 'L1'), 'L1: taken up again', 'resume');
refused(lead('assign', 'L1', '--to', 'Seller Thre'), 'nobody is called "Seller Thre"', 'a name nobody has');
says(lead('assign', 'L1', '--to', 'Seller Three'), 'L1: given', 'assign');
is(lead('show', 'L1', '--format', 'json').json.owner, 'Seller Three', 'who has it since');

// ---- rejected: nurture, and a second episode ----
now = '2026-03-09T09:00:00Z';
refused(lead('reject', 'L1'), '--reason: to reject needs a reason of the agreement: not reachable, no need, too small', 'reject without a reason');
refused(lead('reject', 'L1', '--reason', 'no ned'), '"no ned" is no agreed reason to reject; did you mean "no need"?', 'reject for a reason misspelt');
says(lead('reject', 'L1', '--reason', 'no need', '--by', 'Seller Three'), 'L1: rejected, back in nurture (episode 2)', 'reject');
has(lead('show', 'L1').out, /2026-03-09 10:00 {2}1 {2}rejected, by Seller Three: no need/, 'the rejection belongs to the episode it ends');
now = '2026-03-10T09:00:00Z';
says(lead('undo', 'L1'), 'L1: taken back: back in nurture, rejected', 'undo takes back what was told together');
is(lead('show', 'L1', '--format', 'json').json.life, 'accepted', 'it is accepted again');
now = '2026-03-10T09:01:00Z';
says(lead('reject', 'L1', '--reason', 'no need', '--by', 'Seller Three', '--at', '2026-03-09T10:00'), 'L1: rejected, back in nurture (episode 2)', 'told again');
refused(lead('hand-over', 'L1'), /L1: has [0-9.]+ of the 50 points/, 'it does not pass by what it was rejected with');
says(lead('answer', 'L1', 'need=yes', 'budget=no'), 'L1: answered, qualified (episode 2)', 'answers take it over the bar');
has(lead('show', 'L1').out, /budget: no.*\n.*need: yes.*\n.*qualified with/, 'and stand above what came of them');
is(run(['lead', '--book', at('book'), 'answer', 'L1', 'neet=yes']).code, 2, 'a question nobody asks');
is(run(['lead', '--book', at('book'), 'answer', 'L1', 'need=yes', 'need=no']).code, 2, 'a question answered twice');
now = '2026-03-10T10:00:00Z';
has(lead('hand-over', 'L1').out, 'L1: handed over to Seller ', 'a second hand-over');
is(lead('show', 'L1', '--format', 'json').json.episode, 2, 'is a second episode');

// ---- excuses and disputes ----
const promise = (...args) => lockstep('promise', ...args);
refused(promise('excuse', 'L5', 'first contact', '--reason', 'owner ill', '--by', 'Seller Three'), 'Seller Three was to keep the promise; somebody else has to look at it', 'an excuse by who was to keep it');
refused(promise('excuse', 'L5', 'first contact', '--reason', 'ill', '--by', 'Head of Sales'), '"ill" is no agreed reason to excuse', 'an excuse that is none');
refused(promise('excuse', 'L5', 'first contct', '--reason', 'owner ill', '--by', 'Head of Sales'), 'did you mean "first contact"?', 'a promise nobody gave');
says(promise('excuse', 'L5', 'first contact', '--reason', 'owner ill', '--by', 'Head of Sales'), 'L5: first contact is excused', 'excuse');

// ---- the end ----
says(lead('disqualify', 'L5', '--reason', 'competitor'), 'L5: disqualified', 'disqualify');
refused(lead('answer', 'L5', 'need=yes'), 'it is disqualified: only an open lead is asked', 'nothing follows');
says(lead('reopen', 'L5'), 'L5: reopened (episode 2)', 'but reopening');
now = '2026-03-10T10:05:00Z';
refused(lead('hand-over', 'L5'), 'came back to nurture at 2026-03-10 11:00, and nothing was heard of it since: no touch, no answer', 'it is not handed over by what it had before');
says(lead('duplicate', 'L4'), 'L4: found to be a duplicate', 'duplicate');
is(run(['lead', '--book', at('book'), 'acept', 'L1']).code, 2, 'a verb that is none');
now = '2026-05-04T09:00:00Z';
has(lockstep('clock').out, /2026-04-30 23:59 +broken +2026-04-01 +enough +0 of 20/, 'a number not reached in a period is recorded at its end');
has(lockstep('clock').out, 'Nothing fell due since.', 'once');
has(lockstep('verify').out, 'Sound.', 'the book is sound');
{
	const page = lockstep('report', 'no-mans-land').out.replace(/\s+/g, ' ');
	has(page, '1 of these came back from sales before', 'a lead that was handed over again waits again');
}
has(lockstep('report', 'qualified').out.replace(/\s+/g, ' '), '1 lead was handed over on a manager\'s word, though the agreement held it back: 1 below the bar.', 'overrides are reported');
has(lockstep('report', 'qualified').out, /Head of Sales +old friend +1/, 'with who let them pass, and why');
ok(lockstep('measure', 'count()', '--of', 'lead_steps', '--where', 'step = overridden', '--format', 'json').json.rows[0].value >= 1, 'overrides are counted');

// ---- a lead from before the agreement ----
writeFileSync(at('leads.csv'), `id,name,company,company_size,country,industry,created,source
L6,Flo Uhr,Uhr AG,60,Germany,,2025-12-01 11:00,ads
`);
is(lockstep('import', '--map', at('map.yaml'), at('leads.csv')).code, 0, 'a lead that came before there was an agreement');
deep_equal(lead('show', 'L6', '--format', 'json').json.promises, [], 'nothing was promised about it');
is(lead('hand-over', 'L6', '--override', 'old friend', '--by', 'Head of Sales').code, 0, 'it is handed over');
has(lead('show', 'L6').out, /first contact +sales +running/, 'and from then on it has promises');
deep_equal(steps('L6'), ['overridden', 'handed_off'], 'below the bar it is not qualified');
writeFileSync(at('leads.csv'), `id,name,company,company_size,country,industry,created,source
L7,Gil Ahn,Ahn Software,120,Germany,software,2025-12-01 11:00,webinar
L8,Hal Orb,Orb Software,120,Germany,software,2025-12-02 11:00,webinar
`);
writeFileSync(at('touches.csv'), 'id,lead,kind,at\nT6,L7,demo_request,2025-12-30 11:00\nT7,L8,demo_request,2025-12-30 12:00\n');
is(lockstep('import', '--map', at('map.yaml'), at('leads.csv'), at('touches.csv')).code, 0, 'two that crossed the bar before there was an agreement');
const qualified = () => lockstep('measure', 'count(qualified)', '--format', 'json').json.rows[0].value;
const qualified_before = qualified();
is(lockstep('clock', '--format', 'json').json.qualified, 0, 'their crossing is none under the agreement');
is(lead('hand-over', 'L7').code, 0, 'one passes the gate');
is(lead('hand-over', '--waiting').code, 0, 'and the other with all that wait');
for (const key of ['L7', 'L8']) {
	const { steps, promises } = lead('show', key, '--format', 'json').json;
	deep_equal(steps.map((s) => [s.step, s.at]), [['qualified', '2026-05-04T11:00:00+02:00'], ['handed_off', '2026-05-04T11:00:00+02:00']], `${key} is qualified then`);
	is(promises.find((p) => p.promise === 'hand over fast')?.state, 'met', 'what is promised from then on is met at once');
}
is(lockstep('measure', 'count(handed_off and qualified > handed_off)', '--format', 'json').json.rows[0].value, 0, 'none is qualified after it');
is(qualified(), qualified_before + 2, 'the funnel counts both');
has(lockstep('clock').out, 'Nothing fell due since.', 'which the clock does not write again');
done();
