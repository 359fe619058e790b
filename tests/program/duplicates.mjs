#!/usr/bin/env node
// Leads that may be of one person: what is suggested and why, merging with a preview, and taking it back. Reports go by the lead that stays.
import { deep_equal, done, has, is, ok, run, temporary_folder } from '../tap.mjs';
import { make_book } from '../serve.mjs';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

const folder = temporary_folder();
const book = make_book(folder);
let now = '2026-03-05T08:00:00Z';
const lockstep = (...args) => run([...args, '--book', book], { env: { LOCKSTEP_NOW: now } });
const rows = (of, columns, ...more) => lockstep('rows', '--of', of, '--columns', columns, '--limit', '100', '--format', 'csv', ...more).out.trim().split('\n').slice(1).sort();

writeFileSync(join(folder, 'people.csv'), `id,name,company,email,phone,created,country
D1,Anna Berg,Berg Software GmbH,anna@berg.example,,2026-03-03 09:00,Germany
D2,Ana Berg,Berg Software,A.Berg@berg.example,030 1234567,2026-03-03 10:00,Germany
D3,Berg Anna,,anna@berg.example,,2026-03-03 11:00,
D4,A. Berg,Berg Sofware,,+49 30 1234567,2026-03-03 12:00,
D5,Anna Berg,Quite Another SE,,,2026-03-03 13:00,
D6,Otto Berg,Berg Software,otto@berg.example,,2026-03-03 14:00,
`);
writeFileSync(join(folder, 'more.csv'), `id,lead,kind,at
M1,D3,webinar,2026-03-03 11:00
M2,D3,click,2026-03-03 11:05
`);
writeFileSync(join(folder, 'calls.csv'), `id,lead,kind,at,direction,outcome
C1,D3,call,2026-03-04 11:00,out,reached
`);
writeFileSync(join(folder, 'deals.csv'), `id,lead,stage,created,amount
O1,D3,Won,2026-03-04 12:00,1000
`);
writeFileSync(join(folder, 'dup.yaml'), `map: dup
source: crm
currency: EUR
files:
  - match: people.csv
    as: leads
    key: id
    fields: {name: name, company: company, email: email, phone: phone, created: created, country: country}
  - match: more.csv
    as: touches
    key: id
    fields: {lead: lead, kind: kind, at: at}
  - match: calls.csv
    as: activities
    key: id
    fields: {lead: lead, kind: kind, at: at, direction: direction, outcome: outcome}
  - match: deals.csv
    as: opportunities
    key: id
    fields: {lead: lead, stage: stage, created: created, amount: amount}
    stages: {Open: open, Won: won}
`);
{
	const imported = lockstep('import', '--map', join(folder, 'dup.yaml'), ...['people', 'more', 'calls', 'deals'].map((f) => join(folder, `${f}.csv`)));
	is(imported.code, 0, `the people are in ${imported.err}`);
}

// ---- suggesting ----
{
	const of = JSON.parse(lockstep('lead', 'duplicates', 'D1', '--format', 'json').out).pairs;
	const by = Object.fromEntries(of.map((p) => [p.other, p]));
	deep_equal(by.D3.reasons, ['same e-mail', 'name alike', 'same mail domain'], 'one address, in another order of names');
	ok(by.D2.score >= 50 && by.D2.reasons.includes('company alike'), 'a spelling of name and company');
	ok(by.D3.score > by.D2.score, 'the surer one first');
	is(by.D6, undefined, 'a colleague is somebody else');
	is(by.L1?.score >= 50, true, 'of whatever import');
	ok(!by.D5 || by.D5.score < by.D2.score, 'the same name elsewhere is less');
	const phone = JSON.parse(lockstep('lead', 'duplicates', 'D4', '--format', 'json').out).pairs.find((p) => p.other === 'D2');
	ok(phone.reasons.includes('same telephone number'), 'one number, written in two ways');
	const all = lockstep('lead', 'duplicates');
	is(all.code, 0, 'all of them');
	has(all.out, 'same e-mail, name alike', 'with why');
	has(lockstep('lead', 'duplicates', 'L2').err, 'No lead looks like another', 'none');
	is(lockstep('lead', 'duplicates', 'nobody').code, 1, 'of nobody');
}

// ---- merging ----
const state = () => ({
	leads: JSON.parse(lockstep('measure', 'count(created)', '--format', 'json').out).rows[0].value,
	touches: rows('touches', 'key,lead.key', '--where', 'key = "M1" or key = "M2"'),
	calls: rows('activities', 'key,lead.key'),
	deals: rows('opportunities', 'key,lead.key'),
	won: rows('leads', 'key', '--where', 'won'),
	first_response: rows('leads', 'key', '--where', 'first_response'),
});
const before = state();
{
	const preview = JSON.parse(lockstep('lead', 'duplicate', 'D3', '--of', 'D1', '--preview', '--format', 'json').out);
	deep_equal([preview.touches, preview.contacts, preview.opportunities, preview.orders], [2, 1, 1, 0], 'what would move');
	has(lockstep('lead', 'duplicate', 'D3', '--of', 'D1', '--preview').out, 'Move: touches 2, contacts 1, opportunities 1, orders 0.', 'in words');
	deep_equal(state(), before, 'a preview writes nothing');
	is(lockstep('lead', 'duplicate', 'D3', '--preview').code, 2, 'of what?');
	is(lockstep('lead', 'duplicate', 'D3', '--of', 'D3').code, 1, 'no lead is its own duplicate');
	is(lockstep('lead', 'duplicate', 'D3', '--of', 'nobody').code, 1, 'nor of one that is not there');
	is(lockstep('lead', 'duplicate', 'D3', '--of', 'D1').code, 0, 'merged');
	const after = state();
	is(after.leads, before.leads - 1, 'one lead less');
	deep_equal(after.touches, ['M1,D1', 'M2,D1'], 'its touches are those of the one that stays');
	deep_equal([after.calls, after.deals, after.won, after.first_response], [['C1,D1'], ['O1,D1'], ['D1'], ['D1']], 'and contacts, deals and what follows');
	deep_equal(rows('leads', 'key,merged_into', '--where', 'key = "D3" and voided'), ['D3,crm:D1'], 'where it went');
	is(lockstep('lead', 'duplicate', 'D1', '--of', 'D3').code, 1, 'into one that is gone nothing goes');
	now = '2026-03-05T08:01:00Z';
	is(lockstep('lead', 'duplicate', 'D1', '--of', 'crm:L1').code, 0, 'and on');
	deep_equal(state().touches, ['M1,L1', 'M2,L1'], 'all goes along');
	is(JSON.parse(lockstep('lead', 'duplicates', 'D2', '--format', 'json').out).pairs.some((p) => p.other === 'D1'), false, 'what is merged is suggested no more');
	is(lockstep('lead', 'undo', 'D1').code, 0, 'taken back');
	is(lockstep('lead', 'undo', 'D3').code, 0, 'both');
	deep_equal(state(), before, 'and all is as it was');
	is(lockstep('verify').code, 0, 'the book is sound');
}
done();
