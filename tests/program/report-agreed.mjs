#!/usr/bin/env node
// What reports say of a book with an agreement: leads by its types, what managers let pass, a party whose promises are each too few to judge and
// broken all together, and what runs now beside a time that is over.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deep_equal, done, has, is, ok, run, temporary_folder } from '../tap.mjs';

const folder = temporary_folder();
const at = (name) => join(folder, name);
const flat = (t) => t.replace(/\s+/g, ' ');
let now = '2026-01-02T09:00:00Z';
const lockstep = (book, name, ...args) => run([name, '--book', at(book), ...args], { env: { LOCKSTEP_NOW: now } });
const json = (book, name, ...args) => lockstep(book, 'report', name, '--format', 'json', ...args).json;
const said = (page) => page.sentences.map((s) => s.text).join(' ');

writeFileSync(at('agreement.yaml'), `agreement: Both sides
between: {marketing: {signs: [Mia]}, sales: {signs: [Sam]}, partner: {signs: [Pat]}}
in force: 2026-01-05
calendar: {time zone: UTC, hours: {mon-fri: "08:00-17:00"}}
lead types:
  large: {means: "companies of 100 people or more", when: "company_size >= 100", hand over: at once}
  small: {means: "all others", when: "company_size < 100", hand over: score >= 35}
score: {fit: [{points: 50, when: "country = Germany"}], engagement: [{points: 40, touch: demo}, {halve every: 1 day}]}
route: [{otherwise: [Sam], by: round robin}]
promises:
  contact:   {party: sales, from: handed_off, until: first_response or opted_out, within: 2 calendar hours, keep: 90 % each month}
  answer:    {party: sales, from: handed_off, until: accepted or rejected, within: 1 calendar day, keep: 90 % each month}
  hand over: {party: marketing, from: qualified, until: handed_off, within: 3 calendar hours, keep: 95 % each month}
  partner:   {party: partner, from: handed_off, until: accepted or rejected, within: 2 calendar days, only: "partner is set", keep: 90 % each month}
reasons: {reject: [no need], excuse: [owner ill]}
`);
writeFileSync(at('map.yaml'), `map: crm
files:
  - match: leads*.csv
    as: leads
    key: id
    fields: {type: type, company_size: size, country: country, partner: partner, created: created, qualified: created, handed_off: handed, first_response: response, accepted: accepted}
  - {match: touches*.csv, as: touches, key: id, fields: {lead: lead, kind: kind, at: at}}
`);

// Ten leads of a week, each with two promises of sales: fewer than 20 of each, 20 together.
function leads(day, count, kept, { size = 150, handed = '10:00', response = '16:59', partner = '' } = {}) {
	return Array.from({ length: count }, (_, i) => [`${day}-${size}-${i}`, i % 2 ? 'content' : 'prospect', size, 'Germany', partner, `${day} 09:00`, `${day} ${handed}`,
		i < kept ? `${day} ${response}` : '', i < kept ? `${day} ${handed}` : ''].join(','));
}
function book_of(name, ...rows) {
	now = '2026-01-02T09:00:00Z';
	is(lockstep(name, 'init', '--zone', 'UTC', '--currency', 'EUR').code, 0, `${name}: init`);
	is(lockstep(name, 'agreement', 'propose', at('agreement.yaml')).code, 0, `${name}: an agreement`);
	for (const who of ['Mia', 'Sam', 'Pat'])
		is(lockstep(name, 'agreement', 'sign', '--as', who).code, 0, `${name}: ${who} signs`);
	now = '2026-03-08T20:00:00Z';
	writeFileSync(at('leads.csv'), ['id,type,size,country,partner,created,handed,response,accepted', ...rows.flat(), ''].join('\n'));
	is(lockstep(name, 'import', '--map', at('map.yaml'), at('leads.csv')).code, 0, `${name}: import`);
}
const broken = (page) => page.findings.filter((f) => f.kind === 'broken_promises');

// ---- a party that breaks most of what it promised ----
{
	book_of('broken', leads('2026-03-03', 10, 2), leads('2026-02-26', 3, 0));
	const page = json('broken', 'weekly', '--as-of', '2026-03-08'), text = flat(lockstep('broken', 'report', 'weekly', '--as-of', '2026-03-08').out);

	deep_equal(broken(page).map((f) => f.subject), ['sales'], 'weekly: who broke most of all it promised is found');
	has(broken(page)[0]?.text ?? '', /^Over all they promised, sales kept 2 of 20 \(10\.0 %; .*\) of what fell due this week, where 90 % were agreed\.$/, 'weekly: and said with its counts');
	has(page.actions.map((a) => a.text).join(' '), 'Sit down over the 18 promises that sales broke this week: `lockstep report sla --from 2026-03-02 --to 2026-03-08` names them.', 'weekly: what to do');
	ok(!text.includes('Nothing stands out'), 'weekly: something stands out');
}
{
	book_of('late', leads('2026-03-03', 20, 20, { handed: '15:00', response: '15:30' }), leads('2026-03-05', 1, 1));
	deep_equal(broken(json('late', 'weekly', '--as-of', '2026-03-08')).map((f) => f.subject), ['marketing'], 'weekly: marketing likewise');
}
{
	book_of('partner', leads('2026-03-03', 22, 0, { partner: 'Nord' }));
	const page = json('partner', 'weekly', '--as-of', '2026-03-08');

	deep_equal(broken(page).map((f) => f.subject).sort(), ['partner', 'sales'], 'weekly: partners likewise');
	has(page.actions.map((a) => a.text).join(' '), 'Sit down over the 22 promises that partners broke this week', 'weekly: by their name');
}
{
	book_of('few', leads('2026-03-03', 3, 1), leads('2026-02-26', 3, 2));
	deep_equal(broken(json('few', 'weekly', '--as-of', '2026-03-08')), [], 'weekly: a few broken ones are too few to say');
}
{
	book_of('slow', ...[3, 4, 5].map((n) => leads(`2026-02-${n * 5}`, 3, 0)), leads('2026-03-03', 2, 0));
	const [found] = broken(json('slow', 'weekly', '--as-of', '2026-03-08'));

	has(found?.text ?? '', /sales kept 0 of 22 .* in 13 weeks, where/, 'weekly: a company of few leads is judged by a quarter');
}
{
	book_of('fair', leads('2026-03-03', 20, 17, { response: '11:00' }));
	deep_equal(broken(json('fair', 'weekly', '--as-of', '2026-03-08')), [], 'weekly: 34 of 40 where 90 % were agreed is no alarm');
}

// ---- what ran, of a time that is over ----
{
	const running = leads('2026-03-08', 4, 0, { handed: '19:30' });
	book_of('time', leads('2026-02-03', 20, 15), running);
	const cell = (page, table, name) => page.tables[`promises.${table}`]?.rows.find((r) => r.by[1] === name)?.value;
	const all = json('time', 'sla'), before = json('time', 'sla', '--from', '2026-02-01', '--to', '2026-02-28'), march = json('time', 'sla', '--from', '2026-03-01');

	deep_equal([cell(all, 'running', 'contact'), cell(all, 'running', 'answer')], [4, 4], 'sla: what runs now');
	is(before.tables['promises.running'], undefined, 'sla: is no part of a month that is over');
	has(said(before), 'Not of this time: on 8 March 2026 8 others are running.', 'sla: and said beside it');
	ok(!/; \d+ running/.test(said(before)), 'sla: not among its figures');
	deep_equal([cell(march, 'running', 'contact'), cell(march, 'running', 'answer')], [4, 4], 'sla: it is of the time in which it falls due');
	ok(!said(march).includes('Not of this time'), 'sla: and then not beside it');
	ok(!said(all).includes('Not of this time'), 'sla: of all times nothing stands beside');
}

// ---- leads by the agreement's types ----
{
	book_of('types', leads('2026-03-03', 4, 2), leads('2026-03-04', 6, 3, { size: 20 }));
	const page = json('types', 'qualified'), text = lockstep('types', 'report', 'qualified').out;
	const types = (p) => Object.fromEntries(p.tables['types.leads'].rows.map((r) => [r.by[0], r.value]));
	const replay = run(['agreement', '--book', at('types'), 'replay', '1', '--format', 'json']).json;

	deep_equal(types(page), { large: 4, small: 6 }, 'qualified: by the types of the agreement');
	deep_equal(types(page), types(replay), 'qualified: as replay has them');
	has(text, 'By type of lead, as the agreement has them', 'qualified: and says whose they are');
	const before = json('types', 'qualified', '--as-of', '2026-01-04');
	ok(!before.tables['types.leads'], 'qualified: before there were any there is nothing to tell');

	is(lockstep('plain', 'init', '--zone', 'UTC', '--currency', 'EUR').code, 0, 'a book without an agreement');
	is(lockstep('plain', 'import', '--map', at('map.yaml'), at('leads.csv')).code, 0, 'with the same leads');
	deep_equal(types(json('plain', 'qualified')), { content: 5, prospect: 5 }, 'qualified: without an agreement, by what the source says');
	has(lockstep('plain', 'report', 'qualified').out, 'By type of lead, as its source says', 'qualified: and says so');
	deep_equal(types(json('plain', 'qualified', '--agreement', at('agreement.yaml'))), { large: 4, small: 6 }, 'qualified: by a text that is tried');
}

// ---- what a manager let pass ----
{
	const row = (id, size, country) => `${id},,${size},${country},,2026-03-03 09:00,,,`;

	writeFileSync(at('map.yaml'), readFileSync(at('map.yaml'), 'utf8').replace(' qualified: created,', ''));
	book_of('word', ...[row('low', 20, 'France'), row('back', 20, 'France'), row('out', 150, 'Germany'), row('high', 20, 'Germany')].map((r) => [r]));
	const lead = (...args) => lockstep('word', 'lead', ...args);
	const held_back = () => /handed over on a manager's word, though the agreement held (?:it|them) back: ([^.]*)\./.exec(flat(lockstep('word', 'report', 'qualified').out))?.[1];

	for (const key of ['out', 'high'])
		is(lead('opted-out', key).code, 0, `${key} opts out`);
	now = '2026-03-08T20:10:00Z';
	is(lead('hand-over', 'low', '--override', 'old friend', '--by', 'Sam').code, 0, 'a lead below the bar');
	is(held_back(), '1 below the bar', 'qualified: below the bar');
	// Over the bar once, given back, and faded since.
	writeFileSync(at('touches.csv'), 'id,lead,kind,at\nT1,back,demo,2026-03-03 09:30\n');
	is(lockstep('word', 'import', '--map', at('map.yaml'), at('touches.csv')).code, 0, 'a touch of days ago');
	is(lead('hand-over', 'back').code, 0, 'one that crossed the bar then');
	is(lead('reject', 'back', '--reason', 'no need').code, 0, 'is given back');
	now = '2026-03-08T20:15:00Z';
	is(lead('hand-over', 'back', '--override', 'old friend', '--by', 'Sam').code, 0, 'and let pass below the bar');
	is(held_back(), '2 below the bar', 'qualified: on an earlier way it was above, and not on this one');
	is(lead('hand-over', 'out', '--override', 'called again', '--by', 'Sam').code, 0, 'one that opted out');
	is(lead('hand-over', 'high', '--override', 'called again', '--by', 'Sam').code, 0, 'another');
	is(held_back(), '2 below the bar, 2 opted out', 'qualified: who opted out is not below the bar');
	has(lead('show', 'high').out, 'Let pass by Sam, opted out: called again (50 of 35 points, version 1).', 'qualified: as its page says');
}
done();
