#!/usr/bin/env node
// Leads told to the server become what an import, the clock and handing over those that wait make of the same rows: one by one, many at
// once, from several connections; each is there once, whatever is sent again, and all that were acknowledged are there after a kill.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deep_equal, done, is, ok, run, temporary_folder } from '../tap.mjs';
import { add_account, ask, serve, sign_in } from '../serve.mjs';

const folder = temporary_folder();
const at = (name) => join(folder, name);
const now = '2026-03-09T09:30:00Z', later = '2026-03-09T09:40:00Z';
const lockstep = (book, when, ...args) => run([...args, '--book', book], { env: { LOCKSTEP_NOW: when } });

writeFileSync(at('agreement.yaml'), `agreement: Routes
between: {marketing: {signs: [Mia]}, sales: {signs: [Sam]}, partner: {signs: [Pat]}}
in force: 2026-01-05
calendar: {time zone: Europe/Berlin, hours: {mon-fri: ["08:00-12:00", "13:00-17:00"]}}
lead types:
  good: {means: "large enough", when: "company_size >= 50", hand over: score >= 20}
  weak: {means: "others", when: "company_size >= 10 or industry is set", hand over: score >= 15}
pre-qualify:
  - {ask: "a country we sell to", when: "country in (Germany, Austria) or country is empty"}
score:
  fit:
    - {points: 20, when: "company_size >= 50"}
    - {points: 10, when: "industry is set"}
    - {points: 5, when: "campaign = spring"}
route:
  - {when: "partner is set", to: partner}
  - {when: "region = north", to: {Ann: 5, Ben: 3, Cid: 2}, by: weighted}
  - {when: "region = south", to: team south, by: least loaded, no more than: 12 open each}
  - {otherwise: [Eve, Fay, Gus], by: round robin}
  - {nobody there: Sam}
promises:
  answer: {party: sales, from: created, until: first_response, within: 4 hours, only: "type = good", keep: 95 % each month}
  feedback: {party: sales, from: handed_off, until: accepted or rejected or disqualified, within: 3 working days, keep: 90 % each month}
  hand over fast: {party: marketing, from: qualified, until: handed_off, within: 1 hour, keep: 98 % each month}
  back: {party: partner, from: handed_off, until: accepted or rejected or disqualified, within: 5 working days, keep: 90 % each month}
reasons: {reject: [no need], disqualify: [test]}
annexes:
  absences: [{who: Gus, from: 2026-03-09, to: 2026-03-10}]
  teams: {south: [Kim, Lee]}
`);
const header = 'id,created,name,company,company_size,industry,country,region,campaign,partner';
writeFileSync(at('map.yaml'), `map: told
source: lockstep
files:
  - {match: "*.csv", as: leads, key: id, fields: {created: created, name: name, company: company, company_size: company_size, industry: industry, country: country, region: region, campaign: campaign, partner: partner}}
`);
const pick = (list, i) => list[i % list.length];
const lead = (i) => ({ id: `K${i}`, created: '2026-03-09T09:20:00Z', name: `Zoe ${i}`, company: `Firm ${i}`, company_size: pick([5, 60, 20, 200], i),
	industry: pick(['', 'software', 'steel'], i), country: pick(['Germany', '', 'France', 'Austria', 'Germany'], i),
	region: pick(['north', 'south', 'east', 'north', 'south', ''], i), campaign: pick(['', 'spring'], i), partner: pick(['', '', '', '', '', '', 'Acme'], i) });
const csv = (leads) => `${header}\n${leads.map((l) => header.split(',').map((c) => l[c]).join(',')).join('\n')}\n`;
const told = (l) => Object.fromEntries(Object.entries(l).filter(([, v]) => v !== ''));

// A book with work under way: leads that came before, handed over.
function begin(name) {
	const book = at(name);
	const good = (result) => result.code && ok(false, result.err);
	good(lockstep(book, '2026-01-02T09:00:00Z', 'init', '--zone', 'Europe/Berlin'));
	good(lockstep(book, '2026-01-02T09:00:00Z', 'agreement', 'propose', at('agreement.yaml')));
	for (const who of ['Mia', 'Sam', 'Pat'])
		good(lockstep(book, '2026-01-02T09:00:00Z', 'agreement', 'sign', '--as', who));
	writeFileSync(at('before.csv'), csv(Array.from({ length: 37 }, (_, i) => ({ ...lead(i), id: `B${i}`, created: '2026-03-02T08:30:00Z' }))));
	good(lockstep(book, '2026-03-02T09:00:00Z', 'import', '--map', at('map.yaml'), at('before.csv')));
	good(lockstep(book, '2026-03-02T09:00:00Z', 'clock'));
	good(lockstep(book, '2026-03-02T09:00:00Z', 'lead', 'hand-over', '--waiting', '--by', 'Sam'));
	return book;
}
const rows = (book, of, columns, order) => lockstep(book, later, 'rows', '--of', of, '--columns', columns, '--order', order, '--limit', '100000', '--format', 'csv').out;
const picture = (book) => [rows(book, 'leads', 'key, source, created, owner, partner, qualified, handed_off, score, agreed_type, points, would_get, owes, company_size, industry, country, region, campaign', 'key'),
	rows(book, 'lead_steps', 'lead, step, at, owner, reason, outcome, score, episode', 'key'),
	rows(book, 'promises', 'lead, promise, started, due, state, owner', 'lead')];

const leads = Array.from({ length: 240 }, (_, i) => lead(i));
const imported = begin('imported');
writeFileSync(at('leads.csv'), csv(leads));
is(lockstep(imported, now, 'import', '--map', at('map.yaml'), at('leads.csv')).code, 0, 'a file is imported');
is(lockstep(imported, now, 'clock').code, 0, 'the clock looks');
is(lockstep(imported, now, 'lead', 'hand-over', '--waiting', '--by', 'Sam').code, 0, 'and those that wait are handed over');
const wanted = picture(imported);
ok(wanted[1].includes('handed_off') && wanted[1].includes('Acme') && wanted[1].includes('Kim') && wanted[1].includes('Ann'), 'by all routes');

const open = async (book) => {
	add_account(book, 'boss', '--role', 'admin');
	add_account(book, 'acme', '--role', 'partner', '--partner', 'Acme');
	const server = await serve(book, { now });
	return { server, boss: await sign_in(server, 'boss'), acme: await sign_in(server, 'acme') };
};

// ---- one by one, and many at once: the same ----
{
	const book = begin('one');
	const { server, boss } = await open(book);
	const owners = [];
	for (const l of leads) {
		const { status, json } = await boss('POST', '/api/leads', told(l));
		if (status !== 201 || json.lead !== l.id)
			ok(false, `${l.id}: ${status}`);
		owners.push(json.owner);
	}
	is((await server.stop()).code, 0, 'leads are told one by one');
	ok(owners.some((o) => o) && owners.some((o) => o === null), 'the answer says who has it already');
	deep_equal(picture(book), wanted, 'and come out as those of the file');
	is(lockstep(book, now, 'verify').code, 0, 'in a book that is sound');
}
{
	const book = begin('many');
	const { server, boss } = await open(book);
	const { status, json } = await boss('POST', '/api/leads/bulk', { leads: leads.map(told) });
	is(status, 200, 'leads are told many at once');
	is(json.taken, leads.length, 'all are taken in');
	await server.stop();
	deep_equal(picture(book), wanted, 'and come out the same');
}

// ---- meanwhile others work: turns go on from there ----
{
	const book = begin('between');
	const { server, boss } = await open(book);
	const half = leads.length / 2;
	await boss('POST', '/api/leads/bulk', { leads: leads.slice(0, half).map(told) });
	const first = (await boss('GET', '/api/leads?where=owner%20%3D%20%22Kim%22&limit=1')).json.leads[0];
	is((await boss('POST', `/api/leads/${first.lead}/steps`, { step: 'disqualify', reason: 'test' })).status, 200, 'a lead of Kim\'s ends');
	await boss('POST', '/api/leads/bulk', { leads: leads.slice(half).map(told) });
	await server.stop();
	const other = begin('between-files');
	writeFileSync(at('half.csv'), csv(leads.slice(0, half)));
	for (const args of [['import', '--map', at('map.yaml'), at('half.csv')], ['clock'], ['lead', 'hand-over', '--waiting', '--by', 'Sam'],
		['lead', 'disqualify', first.lead, '--reason', 'test', '--by', 'Sam'], ['import', '--map', at('map.yaml'), at('leads.csv')], ['clock'],
		['lead', 'hand-over', '--waiting', '--by', 'Sam']])
		is(lockstep(other, now, ...args).code, 0, args[0]);
	const owners = (b) => rows(b, 'leads', 'key, owner', 'key');
	is(owners(book), owners(other), 'a place that became free is given again');
}

// ---- from several connections: each once ----
{
	const book = begin('several');
	const { server, boss, acme } = await open(book);
	const tell = (l, i) => boss('POST', '/api/leads', { ...told(l), id: i % 2 ? l.id : undefined }, { 'Idempotency-Key': `k${i % 200}` });
	const first = await Promise.all(leads.slice(0, 200).map(tell));
	ok(first.every((a) => a.status === 201), 'all at once');
	const other = await Promise.all(leads.slice(200).map(tell));
	ok(other.every((a) => a.status === 422), 'a key that came with another lead is refused');
	is(new Set(first.map((a) => a.json.lead)).size, 200, 'each has an id of its own');
	const again = await Promise.all(leads.slice(0, 200).map(tell));
	ok(again.every((a, i) => a.status === 201 && a.text === first[i].text && a.headers['idempotent-replayed'] === 'true'), 'sent again it is answered as before');
	const pair = await Promise.all([1, 2, 3].map(() => boss('POST', '/api/leads', { name: 'Only One' }, { 'Idempotency-Key': 'pair' })));
	is(new Set(pair.map((a) => a.json.lead)).size, 1, 'also when it comes three times at once');
	is((await boss('POST', '/api/leads', { id: 'K1', name: 'Known' })).status, 409, 'an id that is taken');
	is((await boss('GET', '/api/leads?limit=1')).json.total, 37 + 200 + 1, 'and nothing is there twice');
	const mixed = await boss('POST', '/api/leads/bulk', { leads: [{ name: 'A' }, { nme: 'B' }, { id: 'K1', name: 'C' }, { id: 'T', name: 'D' }, { id: 'T', name: 'E' }, { company_size: 3 }, { name: 'F', created: '2030-01-01' }] });
	deep_equal(mixed.json.leads.map((l) => l.lead === null ? l.problems.map((p) => p.member).join() : 'taken'), ['taken', 'nme', 'id', 'taken', 'id', 'name', 'created'], 'of many each is answered by itself');
	is(mixed.json.taken + mixed.json.refused, 7, 'and counted');
	is((await boss('POST', '/api/leads/bulk', { leads: [] })).json.taken, 0, 'none at all');
	is((await boss('POST', '/api/leads/bulk', { leads: Array(1001).fill({ name: 'x' }) })).status, 422, 'too many');
	is((await boss('POST', '/api/leads/bulk', { leads: ['x'] })).status, 422, 'something else');
	const mine = await acme('POST', '/api/leads', { name: 'Theirs', partner: 'Other', company_size: 60 });
	is(mine.json.owner, 'Acme', 'what a partner tells is its own');
	const taken = [];
	const flood = Promise.all(Array.from({ length: 16 }, async (_, c) => {
		for (let i = 0; i < 200; i++) {
			const { json } = await boss('POST', '/api/leads', { id: `F${c}-${i}`, name: 'Flood' });
			taken.push(json.lead);
		}
	})).catch(() => {});
	while (taken.length < 300)
		await new Promise((resolve) => setTimeout(resolve, 5));
	await server.kill();
	await flood;
	const there = new Set(rows(book, 'leads', 'key', 'key').split('\n'));
	deep_equal(taken.filter((key) => !there.has(key)), [], 'every lead that was acknowledged is there after a kill');
	is(lockstep(book, now, 'verify').code, 0, 'and the book is sound');
}
done();
