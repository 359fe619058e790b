#!/usr/bin/env node
// Promises of a lead that went to sales twice: breaches of both ways, excused and disputed each by itself; waiting that is told too late; words
// that were said after the day that is asked for.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { refused, works } from '../book.mjs';
import { deep_equal, done, has, is, root, run, temporary_folder } from '../tap.mjs';

const folder = temporary_folder();
const at = (name) => join(folder, name);
let now = '2026-01-02T09:00:00Z';
const lockstep = (name, ...args) => run([name, '--book', at('book'), ...args], { env: { LOCKSTEP_NOW: now } });
const lead = (...args) => lockstep('lead', ...args);
const promise = (...args) => lockstep('promise', ...args);

// [episode, state, due] of a promise, as `lead show` and as the facts say, which must be the same.
function shown(key, name) {
	return lead('show', key, '--format', 'json').json.promises.filter((p) => p.promise === name).map((p) => [p.episode, p.state]);
}

function counted(key, name, ...options) {
	const list = lockstep('rows', '--of', 'promises', '--where', `key = "${key}" and promise = "${name}"`, '--columns', 'episode, state', '--order', 'episode', '--format', 'csv', ...options);
	return list.out.trim().split(/\r?\n/).slice(1).filter((l) => /^\d/.test(l)).map((l) => [Number(l.split(',')[0]), l.split(',')[1]]);
}

function both(key, name, wanted, said) {
	deep_equal(shown(key, name), wanted, `${said}: lead show`);
	deep_equal(counted(key, name), wanted, `${said}: rows of promises`);
}

works(lockstep('init', '--zone', 'UTC', '--currency', 'EUR'), 'init');
works(lockstep('agreement', 'propose', join(root, 'examples/agreements/small-b2b.yaml')), 'an agreement is proposed');
for (const who of ['Head of Marketing', 'Head of Sales'])
	works(lockstep('agreement', 'sign', '--as', who), `${who} signs`);
writeFileSync(at('leads.csv'), 'id,company_size,country,created\nL1,50,Germany,2026-03-02 09:00\nL2,50,Germany,2026-03-02 09:00\nL3,50,Germany,2026-03-02 09:00\nL4,50,Germany,2026-03-02 09:00\n');
writeFileSync(at('map.yaml'), `map: crm
source: crm
files:
  - match: leads.csv
    as: leads
    key: id
    fields: {company_size: company_size, country: country, created: created}
`);
now = '2026-03-02T10:00:00Z';
works(lockstep('import', '--map', at('map.yaml'), at('leads.csv')), 'leads are imported');

// ---- a breach on each way ----
const hand_over = (key) => works(lead('hand-over', key, '--override', 'old friend', '--by', 'Head of Sales', '--to', 'Seller One'), `${key} is handed over`);
hand_over('L1');
now = '2026-03-04T10:00:00Z';
works(lockstep('clock'), 'the clock');
works(lead('reject', 'L1', '--reason', 'no need', '--by', 'Seller One'), 'rejected');
now = '2026-03-05T10:00:00Z';
hand_over('L1');
now = '2026-03-09T10:00:00Z';
has(lockstep('clock').out, /about +promise +owner +why, or who is to be told\n.* broken +L1, episode 2 +first contact/, 'the clock says which episode, and every column has a heading');
both('L1', 'first contact', [[1, 'broken'], [2, 'broken']], 'both broke');

const excuse = ['excuse', 'L1', 'first contact', '--reason', 'owner ill', '--by', 'Head of Sales'];
refused(promise(...excuse, '--episode', '3'), '--episode: L1 has 2 episodes, there is no 3', 'an episode that is not');
is(promise(...excuse, '--episode', '0').code, 2, 'episodes count from one');
refused(promise('uphold', 'L1', 'first contact', '--reason', 'so it was', '--by', 'Head of Sales', '--episode', '1'), 'first contact: is broken: only a dispute can be settled', 'nothing to settle there');
is(promise(...excuse, '--episode', '1', '--format', 'json').json.episode, 1, 'the earlier breach is excused');
both('L1', 'first contact', [[1, 'excused'], [2, 'broken']], 'and only that');
refused(promise(...excuse, '--episode', '1'), 'first contact: is excused: only a broken promise can be excused', 'once');
now = '2026-03-10T10:00:00Z';
is(promise(...excuse, '--format', 'json').json.episode, 2, 'unless an episode is named the last breach is meant');
both('L1', 'first contact', [[1, 'excused'], [2, 'excused']], 'both are excused');
deep_equal(counted('L1', 'first contact', '--as-of', '2026-03-09'), [[1, 'excused'], [2, 'broken']], 'as of the day before, the second was not');
deep_equal(counted('L1', 'first contact', '--as-of', '2026-03-08'), [[1, 'broken'], [2, 'broken']], 'and before that neither');
refused(promise('dispute', 'L1', 'feedback', '--episode', '1', '--reason', 'I answered', '--by', 'Seller One'), 'feedback: is met: only a broken promise can be disputed',
	'feedback was given with the rejection');
refused(promise('dispute', 'L1', 'keep trying', '--reason', 'I did', '--episode', '2', '--by', 'Seller One'), 'keep trying: is running: only a broken promise can be disputed', 'what still runs');
deep_equal(lockstep('clock', '--format', 'json').json.events.filter((e) => e.promise === 'first contact'), [], 'the clock has nothing to add');

// ---- the same numbers for a lead that was rejected without a hand-over ----
writeFileSync(at('steps.csv'), 'id,lead,kind,at\n1,L2,rejected,2026-03-03 09:00\n');
writeFileSync(at('map.yaml'), `map: crm
source: crm
files:
  - match: steps.csv
    as: lead-history
    key: id
    fields: {lead: lead, kind: kind, at: at}
`);
works(lockstep('import', '--map', at('map.yaml'), at('steps.csv')), 'a rejection is imported');
is(lead('show', 'L2', '--format', 'json').json.episode, 2, 'which ends the first episode');
refused(lead('reject', 'L2', '--reason', 'no need'), 'L2: it is nurturing: only a lead that sales has can be rejected', 'at the desk sales must have it');
hand_over('L2');
is(lockstep('rows', '--of', 'lead_steps', '--where', 'lead.key = "L2" and step = handed_off', '--columns', 'episode', '--format', 'csv').out.trim().split(/\r?\n/).at(-1), '2', 'the hand-over is recorded as of the second');
both('L2', 'first contact', [[2, 'running']], 'and so is its promise');
now = '2026-03-12T10:00:00Z';
works(lockstep('clock'), 'the clock');
deep_equal(lockstep('rows', '--of', 'promise_words', '--where', 'lead.key = "L2" and promise = "first contact" and kind = broken', '--columns', 'episode', '--format', 'csv').out.trim().split(/\r?\n/).at(-1), '2', 'and its breach');

// ---- waiting that is told too late ----
hand_over('L3');
const due = () => lead('show', 'L3', '--format', 'json').json.promises.find((p) => p.promise === 'first contact');
const first_due = due().due;
now = '2026-03-12T11:00:00Z';
works(lead('contact', 'L3', '--outcome', 'reached', '--by', 'Seller One'), 'L3 is called');
now = '2026-03-12T12:00:00Z';
works(lead('wait', 'L3', '--reason', 'customer asked to wait'), 'then asked to wait');
deep_equal([due().state, due().due], ['met', first_due], 'what was kept before stays due when it was');
now = '2026-03-16T12:00:00Z';
deep_equal([due().state, due().due], ['met', first_due], 'however long it waits');
works(lead('accept', 'L3', '--by', 'Seller One'), 'accepting it ends the waiting');
is(lead('show', 'L3', '--format', 'json').json.waits, false, 'it waits no more');
now = '2026-03-17T12:00:00Z';
works(lead('wait', 'L2', '--reason', 'customer asked to wait'), 'L2 waits, long after the contact was due');
both('L2', 'first contact', [[2, 'broken']], 'and the breach stays');
is(lockstep('clock', '--format', 'json').json.events.filter((e) => e.kind === 'withdrawn').length, 0, 'the clock takes none back');
// ---- the clock of what was given back runs on; it is not laid to who got the lead afterwards ----
now = '2026-03-17T13:00:00Z';
hand_over('L4');
now = '2026-03-17T14:00:00Z';
works(lead('reject', 'L4', '--reason', 'no need', '--by', 'Seller One'), 'rejected without a call');
works(lead('assign', 'L4', '--to', 'Seller Two'), 'and given to somebody else');
now = '2026-03-20T09:00:00Z';
deep_equal(lockstep('clock', '--format', 'json').json.events.filter((e) => e.lead === 'L4' && e.promise === 'first contact' && e.kind === 'broken').map((e) => e.owner), ['Seller One'], 'the breach is of who gave it back');
deep_equal(lockstep('measure', 'count()', '--of', 'promises', '--where', 'key = "L4" and promise = "first contact"', '--by', 'owner', '--format', 'json').json.rows.map((r) => r.by[0]), ['Seller One'],
	'and so is the promise');

has(lockstep('verify').out, 'Sound.', 'the book is sound');
done();
