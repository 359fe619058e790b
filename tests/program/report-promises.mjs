#!/usr/bin/env node
// The reports on promises (sla, no-mans-land, partners, the week's sentence): every figure against one worked out here from the same CSV
// files, under an agreement whose times are those of the clock on the wall, so that no calendar is needed to check them.

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { flat, table } from '../book.mjs';
import { deep_equal, done, has, is, near, ok, run, temporary_folder } from '../tap.mjs';

const folder = temporary_folder();
const exports = join(folder, 'exports');
const book = join(folder, 'book');
const text = join(folder, 'agreement.yaml');
const report = (name, ...more) => run(['report', name, '--book', book, ...more]);
const json = (name, ...more) => report(name, '--format', 'json', ...more).json;

writeFileSync(text, `agreement: Sales and Marketing at Hollin Filters
between:
  marketing: {signs: [Dana Ruiz]}
  sales:     {signs: [Tom Weber]}
  partner:   {signs: [Pat Lane]}
in force: 2024-07-01
calendar: {time zone: Europe/Berlin, hours: {mon-fri: ["08:30-12:00", "12:45-17:15"]}}
lead types:
  any: {means: "all of them", when: "created", hand over: score >= 60}
pre-qualify: [{ask: "a size", when: "company_size >= 1 or company_size is empty"}]
score:
  fit: [{points: 60, when: "company_size >= 50"}]
route: [{otherwise: [Anna, Ben], by: round robin}, {nobody there: Tom Weber}]
promises:
  first contact:  {party: sales,     from: handed_off, until: first_response or opted_out, within: 6 calendar hours, keep: 90 % each month}
  hand over fast: {party: marketing, from: qualified,  until: handed_off, within: 3 calendar hours, keep: 98 % each month}
  answer:         {party: partner,   from: handed_off, until: accepted or rejected or disqualified, within: 1 calendar days, only: "partner is set",
                   keep: 95 % in 90 days of at least 2, else: no new leads, back when: every overdue one is answered}
  enough:         {party: marketing, every: month, count: "count(opportunity) on opportunity where inbound", at least: 15}
reasons: {reject: [no need], disqualify: [test], lose: [price], excuse: [owner ill]}
kpis: {win rate: {says: won of all closed, measure: "count(opportunities.won) / count(opportunities.closed)", target: 30 %, owners: [sales]}}
cadence: {weekly page: "mon 08:00", recap: monthly, review: quarterly, half-year: [jun, dec], planning: nov}
`);

const csv = (file) => table(readFileSync(join(exports, file), 'utf8'));

is(run(['simulate', '--to-csv', exports, '--leads', '900', '--seed', '5', '--plant', 'none']).code, 0, 'a company is made up');
is(run(['agreement', 'check', text]).code, 0, 'and an agreement');
{
	const contract = run(['agreement', 'show', text]).out, page = run(['agreement', 'show', text, '--as', 'html']).out;

	has(contract, /\nMarketing promises +Sales promises\n[^]*hand over fast[^]*\nPartner promises\nanswer: /, 'the contract: what partners promise stands under their own name');
	has(page, /<section class="sales">\s*<h3>Sales promises<\/h3>\s*<ul>\s*<li>\s*<b>first contact<\/b>[^]*<section class="partner">\s*<h3>Partner promises<\/h3>\s*<ul>\s*<li>\s*<b>answer<\/b>/, 'on paper too');
	ok(!/Executive promises/.test(contract + page), 'and who promises nothing has no heading');
}
is(run(['init', '--book', book, '--zone', 'Europe/Berlin', '--currency', 'EUR']).code, 0, 'init');
const files = ['accounts', 'people', 'leads', 'activities', 'opportunities', 'stage-history'].map((f) => join(exports, `${f}.csv`));
is(run(['import', '--book', book, '--rejects', folder, ...files]).code, 0, 'the exports are imported');

const leads = csv('leads.csv');
const won = new Set(csv('opportunities.csv').filter((d) => d.won).map((d) => d.lead));
const now = Date.parse('2025-06-30T00:00:00+02:00') - 1;
const at = (time) => (time ? Date.parse(time) : Infinity);
// The same time of day so many dates later, in Berlin: a day longer or shorter by the hour that the clocks jump.
const offset = (ms) => {
	const name = new Intl.DateTimeFormat('en', { timeZone: 'Europe/Berlin', timeZoneName: 'shortOffset' }).formatToParts(ms).find((p) => p.type === 'timeZoneName').value;
	return Number(name.replace('GMT', '') || 0) * 36e5;
};
const days_later = (ms, days) => { const then = ms + days * 864e5; return then + offset(ms) - offset(then); };
const hours_later = (ms, hours) => ms + hours * 36e5;

// What became of one promise of one lead.
function judged(lead, from, until, due_of) {
	const start = at(lead[from]);
	if (start > now)
		return null;
	const due = due_of(start);
	const stop = Math.min(...until.map((u) => at(lead[u])).filter((t) => t >= start && t <= now), Infinity);
	return { lead, due, stop, met: stop <= due, broken: due <= now && stop > due, fell_due: due <= now, running: due > now && stop > due };
}
const all = {
	'first contact': leads.map((l) => judged(l, 'handed_off', ['first_response'], (t) => hours_later(t, 6))).filter(Boolean),
	'hand over fast': leads.map((l) => judged(l, 'qualified', ['handed_off'], (t) => hours_later(t, 3))).filter(Boolean),
	answer: leads.filter((l) => l.partner).map((l) => judged(l, 'handed_off', ['accepted', 'rejected'], (t) => days_later(t, 1))).filter(Boolean),
};
const count = (rows, test) => rows.filter(test).length;
const on_time = (list) => [count(list, (p) => p.met && p.fell_due), count(list, (p) => p.fell_due)];
const cell = (table, ...by) => table.rows.find((r) => by.every((b, i) => r.by[i] === b));
const share_of = (row) => [row?.numerator, row?.denominator];

// ---- without an agreement ----
{
	const { code, out } = report('sla');
	is(code, 0, 'sla: without an agreement');
	for (const part of ['No agreement is in force', 'examples/agreements', 'lockstep agreement propose FILE', '--agreement FILE'])
		has(flat(out), part, `sla: tells of ${part}`);
	has(flat(report('partners').out), 'No agreement is in force', 'partners: likewise');
	has(flat(report('weekly').out), 'No agreement is in force, so no promise can be kept or broken yet', 'weekly: likewise');
}

// ---- a text that nobody has signed ----
const tried = json('sla', '--agreement', text);
{
	has(report('sla', '--agreement', text).out, 'Judged by a text that nobody has signed: Sales and Marketing at Hollin Filters.', 'sla: says by what it judges');
	for (const [name, party] of [['first contact', 'sales'], ['hand over fast', 'marketing'], ['answer', 'partner']]) {
		const list = all[name];

		deep_equal(share_of(cell(tried.tables['promises.on_time'], party, name)), on_time(list), `sla: ${name} on time`);
		is(cell(tried.tables['promises.broken'], party, name).value, count(list, (p) => p.broken), `sla: ${name} broken`);
		is(cell(tried.tables['promises.running']?.rows ? tried.tables['promises.running'] : { rows: [] }, party, name)?.value ?? 0, count(list, (p) => p.running),
			`sla: ${name} running`);
	}
	near(cell(tried.tables['promises.agreed'], 'sales', 'first contact').value, 0.9, 1e-9, 'sla: what was agreed');
	const sum = (party) => tried.tables['promises.on_time'].rows.filter((r) => r.by[0] === party && r.by[1] !== 'enough').reduce(([a, b], r) => [a + r.numerator, b + r.denominator], [0, 0]);
	has(flat(report('sla', '--agreement', text).out), `${sum('sales')[0]} of ${sum('sales')[1]}`, 'sla: a party in words');

	for (const owner of new Set(leads.map((l) => l.owner).filter(Boolean)))
		deep_equal(share_of(cell(tried.tables['owners.promise_1'], owner)), on_time(all['first contact'].filter((p) => p.lead.owner === owner)), `sla: ${owner}`);
	for (const team of new Set(leads.map((l) => l.team).filter(Boolean)))
		deep_equal(share_of(cell(tried.tables['teams.promise_1'], team)), on_time(all['first contact'].filter((p) => p.lead.team === team)), `sla: team ${team}`);
	const undone = Object.values(all).flat().filter((p) => p.broken && p.stop === Infinity);
	ok(tried.listings.worst.total <= undone.length && tried.listings.worst.total > 0, 'sla: the longest overdue are among those that are not done');
	const due = tried.listings.worst.rows.map((r) => r[5]);
	deep_equal(due, [...due].sort(), 'sla: and stand in that order');

	// by month, in Berlin
	const month = (ms) => new Intl.DateTimeFormat('sv', { timeZone: 'Europe/Berlin', year: 'numeric', month: '2-digit' }).format(ms);
	for (const row of tried.tables['volumes.counted'].rows)
		is(row.value, count(leads, (l) => l.opportunity && l.inbound === 'yes' && month(at(l.opportunity)) === row.by[1]), `sla: opportunities in ${row.by[1]}`);
	const week = json('sla', '--agreement', text, '--from', '2025-06-16', '--to', '2025-06-22');
	const then = (p) => p.due >= Date.parse('2025-06-16T00:00:00+02:00') && p.due < Date.parse('2025-06-23T00:00:00+02:00');
	deep_equal(share_of(cell(week.tables['promises.on_time'], 'sales', 'first contact')), on_time(all['first contact'].filter(then)), 'sla: of one week, by when it was due');
	const of_contact = Object.entries(tried.tables).find(([key, t]) => key.startsWith('trend.') && t.where.includes('first contact'))[1];
	const trend = of_contact.rows.find((r) => r.by[0] === '2025-W25');
	has(flat(report('sla', '--agreement', text).out), /The agreed numbers win rate: \d+ of \d+ \(\d+\.\d %\), (below|at least) the target of 30 %\./, 'sla: the signed numbers against their targets');
	has(report('sla', '--agreement', text).out, 'On time, week by week: the last 26 weeks', 'sla: the trend says how far back it goes');
deep_equal(share_of(trend), on_time(all['first contact'].filter(then)), 'sla: the same in the trend');
	const weekly = flat(report('weekly', '--agreement', text, '--as-of', '2025-06-22').out);
	const [kept, fell] = on_time(all['first contact'].filter(then));
	has(weekly, `sales kept ${kept} of ${fell}`, 'weekly: who kept what, in a sentence');
}

// ---- the same, signed ----
{
	const env = { LOCKSTEP_NOW: '2024-06-03T10:00' };
	for (const args of [['propose', text], ['sign', '--as', 'Dana Ruiz'], ['sign', '--as', 'Tom Weber'], ['sign', '--as', 'Pat Lane']])
		is(run(['agreement', ...args, '--book', book], { env }).code, 0, `agreement ${args.join(' ').replace(folder, '')}`);
	const signed = json('sla');
	has(report('sla').out, 'Agreement version 1: Sales and Marketing at Hollin Filters.', 'sla: names the version in force');
	deep_equal(Object.keys(signed.tables), Object.keys(tried.tables), 'sla: says the same of the same');
	for (const key of ['promises.on_time', 'promises.broken', 'owners.promise_1', 'trend.promise_1'])
		deep_equal(signed.tables[key].rows, tried.tables[key].rows, `sla: ${key} as under the text that was tried`);
	has(report('funnel').out, 'Agreement version 1', 'every page names it');
	deep_equal([signed.agreement.version, signed.agreement.title, tried.agreement.version], [1, 'Sales and Marketing at Hollin Filters', null], 'and so does JSON');
	deep_equal(json('sla', '--known-at', '2100-01-01').tables['promises.on_time']?.rows, signed.tables['promises.on_time'].rows, 'sla: as the book knew it at a time when all was known');
	has(report('sla', '--known-at', '2024-06-02').out, 'No agreement yet', 'sla: and before anything was');
}

// ---- no man's land ----
{
	const page = json('no-mans-land');
	const closed = (l) => won.has(l.id) || l.disqualified || (l.rejected && !l.recycled);
	const between = leads.filter((l) => (l.qualified || l.handed_off) && !closed(l) && !l.accepted && !l.opportunity && !l.rejected && !l.recycled);
	// Sales promised the first contact with every lead; the answer was promised by partners alone, of theirs: that is what is owed of these.
	const begun = (l) => at(l.created) >= Date.parse('2024-07-01T00:00:00+02:00');
	const partner_owes = (l) => l.partner && begun(l);
	const want = {
		hand_over: between.filter((l) => !l.handed_off),
		contact: between.filter((l) => l.handed_off && !l.first_response && !partner_owes(l)),
		decide: between.filter((l) => l.handed_off && l.first_response && !partner_owes(l)),
		partner_contact: [],
		partner_decide: between.filter((l) => l.handed_off && partner_owes(l)),
	};
	const total = [...want.contact, ...want.decide];
	is(page.tables['owners.waiting'].total.value, total.length, "no man's land: by owner, as many as sales owes");
	is(page.tables['partners.waiting']?.total.value ?? 0, want.partner_decide.length, "no man's land: by partner, as many as they owe");
	for (const owner of new Set(leads.map((l) => l.owner).filter(Boolean)))
		is(cell(page.tables['owners.waiting'], owner)?.value ?? 0, count(total, (l) => l.owner === owner), `no man's land: ${owner} owes`);
	// Where sales promised nothing of partners' leads, the partner's is the first.
	const apart = join(folder, 'apart.yaml');
	const theirs = between.filter((l) => l.handed_off && l.partner && begun(l));
	writeFileSync(apart, readFileSync(text, 'utf8').replace('within: 6 calendar hours,', 'within: 6 calendar hours, only: "partner is empty",'));
	const parted = json('no-mans-land', '--agreement', apart);
	ok(theirs.length > 0, "no man's land: some were handed over to partners");
	is(parted.tables['partners.waiting'].total.value, theirs.length, "no man's land: partners owe what they alone promised");
	is(parted.tables['waits.partner_decide']?.rows[0].value ?? 0, theirs.length, "no man's land: the answer that they promised, contacted or not");
	is(parted.tables['waits.partner_contact'], undefined, "no man's land: and no first contact, which they did not");
	is(parted.tables['owners.waiting'].total.value, count(between, (l) => l.handed_off) - theirs.length, "no man's land: sales the rest");
	for (const partner of new Set(theirs.map((l) => l.partner)))
		is(cell(parted.tables['partners.waiting'], partner).value, count(theirs, (l) => l.partner === partner), `no man's land: ${partner} owes`);

	const date = (time) => Math.floor((Date.parse(time) + offset(Date.parse(time))) / 864e5);
	const today = Date.parse('2025-06-29') / 864e5;

	has(page.sentences[0].text, `${between.length} leads wait`, "no man's land: how many");
	for (const [name, list] of Object.entries(want)) {
		const row = page.tables[`waits.${name}`]?.rows;

		is(row ? row[0].value : 0, list.length, `no man's land: ${name}`);
		if (!row)
			continue;
		const since = name === 'hand_over' ? 'qualified' : name.endsWith('contact') || name === 'partner_decide' ? 'handed_off' : 'first_response';
		const ages = list.map((l) => today - date(l[since])).sort((a, b) => a - b);
		const type_7 = (p) => { const r = p * (ages.length - 1), i = Math.floor(r); return ages[i] + (r - i) * ((ages[i + 1] ?? ages[i]) - ages[i]); };
		deep_equal(row.slice(1).map((r) => Math.round(1e6 * r.value)), [type_7(0.5), type_7(0.9), ages.at(-1)].map((v) => Math.round(1e6 * v)), `no man's land: how long, ${name}`);
		deep_equal(page.tables[`ages.${name}`].rows.map((r) => r.value), [[-1, 1], [2, 3], [4, 7], [8, 30], [31, 1e9]].map(([a, b]) => count(ages, (d) => d >= a && d <= b)),
			`no man's land: by age, ${name}`);
	}
	is(page.listings.worst.total, between.length, "no man's land: all of them can be listed");
	is(page.listings.worst.rows[0][0], [...between].sort((a, b) => (a.qualified || 'z') < (b.qualified || 'z') ? -1 : 1)[0].id, "no man's land: the oldest first");
}

// ---- partners ----
{
	const page = json('partners');
	const theirs = leads.filter((l) => l.partner);
	const open = (l) => !(won.has(l.id) || l.disqualified || (l.rejected && !l.recycled)) && !lost(l);
	const late = (list) => new Set(list.filter((p) => p.broken && p.stop === Infinity && open(p.lead)).map((p) => p.lead.id)).size;
	const said = (list) => `${on_time(list).join(' of ')} (${on_time(list)[1] < 20 ? 'too few to say' : `${(100 * on_time(list)[0] / on_time(list)[1]).toFixed(1)} %`}) was kept in time; ` +
		`${late(list) === 1 ? '1 lead is' : late(list) ? `${late(list)} leads are` : 'no lead is'} late now.`;
	const texts = page.sentences.map((s) => s.text);

	for (const partner of new Set(theirs.map((l) => l.partner))) {
		const own = theirs.filter((l) => l.partner === partner);

		is(cell(page.tables['leads.leads'], partner).value, own.length, `partners: leads of ${partner}`);
		is(cell(page.tables['leads.open'], partner).value, count(own, open), `partners: open ones of ${partner}`);
		const answers = all.answer.filter((p) => p.lead.partner === partner);
		deep_equal(share_of(cell(page.tables['promises.on_time'], partner, 'answer')), on_time(answers), `partners: ${partner} on time`);
		ok(texts.includes(`Of what ${partner} promised and fell due, ${said(answers)}`), `partners: ${partner} in words`);
		deep_equal(share_of(cell(page.tables['ours.on_time'], partner, 'first contact')), on_time(all['first contact'].filter((p) => p.lead.partner === partner)),
			`partners: what sales promised about leads of ${partner}`);
	}
	deep_equal([...new Set(page.tables['promises.on_time'].rows.map((r) => r.by[1]))], ['answer'], 'partners: what sales promised is not among what partners kept');
	ok(texts.includes(`Of what sales promised about partners' leads and fell due, ${said(all['first contact'].filter((p) => p.lead.partner))}`), 'partners: what sales kept about their leads, in words');
}

// ---- an agreement without a promise of a partner: nothing is a partner's to keep or to owe ----
{
	const sales = join(folder, 'sales.yaml');
	writeFileSync(sales, readFileSync(text, 'utf8').replace(/^  partner: .*\n/m, '').replace(/^  answer: [^]*?\n(?=  enough)/m, ''));
	const page = json('partners', '--agreement', sales);
	has(flat(report('partners', '--agreement', sales).out), 'The agreement has no promise of a partner: none of them can be late.', 'partners: they promised nothing');
	is(page.tables['promises.on_time'], undefined, 'partners: and no table says that they did');
	ok(page.tables['ours.on_time'].rows.every((r) => r.by[1] === 'first contact'), 'partners: what sales promised stands by itself');
	const waits = json('no-mans-land', '--agreement', sales);
	ok(waits.tables['waits.contact'] && !waits.tables['waits.partner_contact'] && !waits.tables['waits.partner_decide'] && !waits.tables['partners.waiting'],
		"no man's land: a lead that a partner brought is owed by sales");
	is(waits.tables['owners.waiting'].total.value, waits.tables['waits.contact'].rows[0].value + waits.tables['waits.decide'].rows[0].value, "no man's land: by owner, as many");
}

// ---- how partners stand, as the clock recorded it ----
{
	has(flat(report('partners').out), 'No partner is suspended, as far as lockstep clock was asked to record it.', 'partners: nothing was recorded yet');
	const clock = run(['clock', '--book', book, '--format', 'json'], { env: { LOCKSTEP_NOW: '2025-06-29T20:00' } });
	const last = {};
	for (const event of clock.json.events.filter((e) => e.kind === 'standing'))
		last[event.partner] = event;
	ok(Object.keys(last).length > 0, `partners: the standing of ${Object.keys(last).length} changed`);
	const out = flat(report('partners').out);
	for (const { partner, standing, text: why } of Object.values(last)) {
		is(out.includes(`${partner} is ${standing} since`), standing !== 'good', `partners: ${partner} is ${standing}`);
		if (standing !== 'good')
			has(out, why, 'partners: with the evidence');
	}
}

function lost(lead) {
	lost.deals ??= csv('opportunities.csv');
	const own = lost.deals.filter((d) => d.lead === lead.id);
	return own.length > 0 && own.every((d) => d.lost || d.discontinued);
}
// ---- too few to say; and a promise that was changed ----
{
	const first = (...more) => json('sla', ...more).sentences.map((s) => s.text).find((t) => t.startsWith('First contact')) ?? '';

	const by_month = {};
	for (const p of all['first contact'].filter((one) => one.fell_due)) {
		const month = new Intl.DateTimeFormat('sv', { timeZone: 'Europe/Berlin', year: 'numeric', month: '2-digit' }).format(p.due);
		(by_month[month] ??= []).push(p);
	}
	const last = json('sla').as_of.slice(0, 7);
	const whole = Object.keys(by_month).filter((month) => month < last).map((month) => on_time(by_month[month]));
	has(first(), new RegExp(`^First contact \\(in 6 calendar hours\\): .* %\\) on time; in ${whole.filter(([a, b]) => a / b >= 0.9).length} of ${whole.length} months at least the 90\\.0 % agreed\\.$`), 'sla: each month against what was agreed of it');
	has(first('--from', '2025-06-02', '--to', '2025-06-29'), / %\) on time; 90\.0 % agreed each month, and this time has no whole month\.$/, 'sla: of a time without a whole month there is nothing to hold it against');
	// The first days of the agreement, until fewer than twenty fell due.
	const due = all['first contact'].filter((p) => p.fell_due && at(p.lead.created) >= Date.parse('2024-07-01T00:00:00+02:00')).map((p) => p.due).sort();
	const few = new Intl.DateTimeFormat('sv', { timeZone: 'Europe/Berlin' }).format(due[5]);
	has(first('--to', few), /\(too few to say\) on time; 90\.0 % agreed each month\.$/, 'sla: of too few nothing is said of it');

	const shorter = join(folder, 'shorter.yaml');
	const env = { LOCKSTEP_NOW: '2025-03-01T10:00' };
	writeFileSync(shorter, readFileSync(text, 'utf8').replace('within: 6 calendar hours', 'within: 2 calendar hours').replace('in force: 2024-07-01', 'in force: 2025-03-03'));
	for (const args of [['propose', shorter], ['sign', '--as', 'Dana Ruiz'], ['sign', '--as', 'Tom Weber'], ['sign', '--as', 'Pat Lane']])
		is(run(['agreement', ...args, '--book', book], { env }).code, 0, `agreement ${args.join(' ').replace(folder, '')}`);
	has(first('--to', '2025-03-02'), 'First contact (in 6 calendar hours):', 'sla: those that ran under version 1 are told with its time');
	has(first(), /^First contact: /, 'sla: where several ran no time is told');
	has(first('--from', '2025-06-20'), /^First contact \(in 2 calendar hours\): /, 'sla: those of version 2 with its own');

	// ---- versions of the book by their numbers ----
	const agreement = (...args) => run(['agreement', ...args, '--book', book]);
	has(agreement('diff', '1', '2').out, 'first contact, time allowed: 6 → 2 calendar hours', 'diff: of two versions');
	is(agreement('diff', '2', shorter).out, '', 'diff: of a version and a file');
	const files = agreement('replay', text, '--against', shorter, '--format', 'csv'), numbers = agreement('replay', '1', '--against', '2', '--format', 'csv');
	is(numbers.code, 0, 'replay: of two versions');
	is(numbers.out, files.out, 'replay: says what it says of the files they came from');
	has(agreement('replay', '1').out, 'Judged by version 1 of the agreement, as if it had always been in force', 'replay: and says which it is');
	deep_equal(json('sla', '--agreement', '1').tables, json('sla', '--agreement', text).tables, 'sla: by a version as by its file');
	has(agreement('replay', '9').err, 'there is no version 9 of the agreement in the book; the last is 2', 'replay: a version that is not there');
	has(agreement('replay', '1', '--against', '0').err, 'there is no version 0', 'replay: nor is there one of number 0');
}

done();
