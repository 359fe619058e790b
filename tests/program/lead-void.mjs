#!/usr/bin/env node
// A test or a duplicate is no lead in any count, from when that is known; who asks for such leads gets them.
import { new_book, small_b2b } from '../book.mjs';
import { deep_equal, done, has, is, ok } from '../tap.mjs';

const { at, lockstep, put, till } = new_book({ zone: 'Europe/Berlin', ...small_b2b });
const lead = (...args) => is(lockstep('lead', ...args).code, 0, `lead ${args.join(' ')}`);
const ask = (...args) => lockstep('measure', ...args, '--format', 'json').json.rows.map((row) => row.value);
const number = (...args) => ask(...args)[0];
const keys = (...args) =>
	lockstep('rows', ...args, '--format', 'csv').out.trimEnd().split('\n').slice(1).map((line) => line.split(',')[0]);


put('leads.csv', `id,created,source
L1,2026-03-02 09:14,webinar
L2,2026-03-02 10:00,webinar
L3,2026-03-03 11:00,ads
L4,2026-03-03 11:00,ads
L5,2026-03-03 11:00,ads
`);
put('touches.csv', `id,lead,kind,at
T1,L1,demo_request,2026-03-02 09:14
T2,L2,demo_request,2026-03-02 10:00
T3,L3,demo_request,2026-03-03 11:00
T4,L5,demo_request,2026-03-03 11:00
`);
put('steps.csv', `id,lead,step,at
S1,L5,test,
`);
put('map.yaml', `map: crm
source: crm
files:
  - match: leads.csv
    as: leads
    key: id
    fields: {created: created, source: source}
  - match: touches.csv
    as: touches
    key: id
    fields: {lead: lead, kind: kind, at: at}
  - match: steps.csv
    as: lead-history
    key: id
    fields: {lead: lead, kind: step, at: at}
`);
till('2026-03-04T08:00:00Z');
is(lockstep('import', '--map', at('map.yaml'), at('leads.csv'), at('touches.csv')).code, 0, 'leads and touches are imported');
is(number('count()'), 5, 'five leads');
const promised = (lead) => ask('count()', '--of', 'promises', '--where', `lead.key = ${lead}`, '--by', 'state').length
	? lockstep('measure', 'count()', '--of', 'promises', '--where', `lead.key = ${lead}`, '--by', 'state', '--format', 'json').json.rows.map((r) => r.by[0])
	: [];
for (const key of ['L1', 'L3', 'L5'])
	deep_equal(promised(key), ['broken'], `a promise about ${key} counts`);

till('2026-03-05T08:00:00Z');
lead('hand-over', 'L1');
lead('test', 'L1');
till('2026-03-06T08:00:00Z');
lead('duplicate', 'L3');

// ---- no count has them ----
is(number('count()'), 3, 'neither the test nor the duplicate is a lead');
deep_equal(ask('count()', '--by', 'source'), [2, 1], 'by source');
is(number('count(handed_off)'), 0, 'nor was one handed over');
is(number('distinct(lead)', '--of', 'touches'), 2, 'nor does it count as what touches refer to');
is(number('count()', '--of', 'touches'), 4, 'the touches count as touches');
is(number('count(leads)', '--of', 'touches'), 3, 'nor beside other facts');
is(number('count(open)'), 3, 'open ones');

// ---- from when it is known ----
is(number('count()', '--as-of', '2026-03-05'), 4, 'as of the day before, the duplicate was a lead yet');
is(number('count()', '--as-of', '2026-03-04'), 5, 'and the test before it was found');
is(number('count()', '--known-at', '2026-03-05T12:00:00Z'), 4, 'known at: what was not recorded yet is not known');

// ---- who asks for them gets them ----
is(number('count(voided)'), 2, 'the number of those that are none');
is(number('count(voided) / count()'), 2 / 5, 'their share');
is(number('count(voided) on voided', '--by', 'day'), 1, 'by the day it was found');
is(number('count()', '--where', 'voided or not voided'), 5, 'all of them');
is(number('count(open)', '--where', 'voided'), 0, 'what is none is not open');
deep_equal(keys('--of', 'leads', '--where', 'voided').sort(), ['L1', 'L3'], 'rows: those');
deep_equal(keys('--of', 'leads').sort(), ['L1', 'L2', 'L3', 'L4', 'L5'], 'rows: all stay to be seen');
deep_equal(keys('--of', 'leads', '--where', 'created is set', '--columns', 'key').sort(), ['L2', 'L4', 'L5'], 'rows behind a figure: those counted');
has(lockstep('lead', 'show', 'L3').out, 'duplicate', 'lead show tells it');

// ---- what was promised about them is void, and not lost ----
deep_equal(promised('L3'), ['void'], 'the promise about the duplicate is void');
deep_equal([...new Set(promised('L1'))], ['void'], 'and all about the test');
deep_equal(promised('L2'), ['broken'], 'others stand');

// ---- a step that nobody dated ----
const last = lockstep('import', '--map', at('map.yaml'), at('steps.csv'));
is(last.code, 0, 'a step without a time');
has(last.out.replace(/\s+/g, ' '), '5 leads from 2026-03-02 to 2026-03-03; 3 of them tests or duplicates, which no report counts', 'the import tells how many are counted');
is(number('count()'), 2, 'a test of unknown time is no lead either');
is(number('count()', '--as-of', '2026-03-04'), 4, 'on any day');
deep_equal(promised('L5'), ['void'], 'its promise is void');
is(number('count(voided is unknown)', '--where', 'voided'), 1, 'and it is said to be of unknown time');

// ---- reports say so; taken back, it is a lead again ----
has(lockstep('report', 'sources').out.replace(/\s+/g, ' '), '3 leads were found to be tests or duplicates and are in no count here', 'a report says it');
lead('undo', 'L3');
is(number('count()'), 3, 'taken back, it is a lead again');
deep_equal(promised('L3'), ['broken'], 'with its promise');
done();
