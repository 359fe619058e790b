#!/usr/bin/env node
// What a report must not say: sums over what is not known, money of several currencies, shares of the few that were seen. Each book here
// is small, made for one question, and of the kind that exports really are.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deep_equal, done, has, is, near, ok, run, temporary_folder } from '../tap.mjs';

const folder = temporary_folder();

// files: [{ as, fields: { field: column }, rows: [[…], …], more: 'further lines of the map' }]
function book_of(name, files, options = [], zone = 'UTC') {
	const book = join(folder, name);
	const map = [`map: ${name}`, `source: ${name}`, 'files:'];
	const paths = files.map(({ as, columns, rows, more = '' }) => {
		const path = join(folder, `${name}-${as}.csv`);

		writeFileSync(path, [columns, ...rows].map((row) => row.join(',')).join('\n') + '\n');
		map.push(`  - match: ${name}-${as}.csv`, `    as: ${as}`, '    key: id', ...(more ? [`    ${more}`] : []),
			`    fields: {${columns.filter((c) => c !== 'id').map((c) => `${c}: ${c}`).join(', ')}}`);
		return path;
	});

	writeFileSync(join(folder, `${name}.yaml`), map.join('\n') + '\n');
	is(run(['init', '--book', book, '--zone', zone, '--currency', 'EUR']).code, 0, `${name}: init`);
	const read = run(['import', '--book', book, '--map', join(folder, `${name}.yaml`), '--rejects', folder, ...options, ...paths]);
	if (!is(read.code, 0, `${name}: import`))
		console.log(read.err.replace(/^/gm, '# '));
	return book;
}

const report = (book, name, ...more) => run(['report', name, '--book', book, ...more]);
const json = (book, name, ...more) => report(book, name, '--format', 'json', ...more).json;
const measure = (book, of, what, ...more) => run(['measure', what, '--of', of, '--book', book, '--format', 'json', ...more]);
const value = (...args) => measure(...args).json?.rows[0]?.value;
const day = (n, from = '2025-01-01') => new Date(Date.parse(from) + n * 86400000).toISOString().slice(0, 10);
const flat = (text) => text.replace(/\s+/g, ' ');

// ---- the margin of an order needs its cost ----
{
	const book = book_of('costs', [{ as: 'orders', columns: ['id', 'booked', 'amount', 'cost', 'freight'], rows: [
		['1', '2025-01-06', '100', '60', '5'], ['2', '2025-01-07', '200', '', '10'], ['3', '2025-01-08', '50', '20', ''], ['4', '2025-01-09', '', '10', '1']] }]);

	is(value(book, 'orders', 'sum(margin)'), 65, 'margin: only where price and cost are known; freight that is empty is none');
	is(value(book, 'orders', 'count(margin)'), 2, 'margin: of two orders');
	is(run(['kpi', 'margin', '--book', book, '--format', 'json']).json.rows[0].n, 2, 'margin: the KPI says of how many');
	is(json(book, 'data-quality').tables['checks.orders_no_cost'].rows[0].numerator, 1, 'margin: data-quality names the one without a cost');
}

// ---- steps of a lead on a day before it came in ----
{
	const columns = ['id', 'created', 'qualified', 'handed_off', 'accepted', 'rejected'];
	const book = book_of('early', [{ as: 'leads', columns, rows: [['1', '2025-01-06 10:00', '2025-01-05 09:40', '2025-01-07', '', ''],
		['2', '2025-01-06 10:00', '2025-01-06', '2025-01-06 09:00', '', ''], ['3', '2025-01-06', '', '', '', '2025-01-03'], ['4', '', '2025-01-03', '', '', ''], ['5', '2025-01-06', '', '', '', '']] }]);
	const early = json(book, 'data-quality').tables['checks.leads_early_steps'].rows[0];

	deep_equal([early.numerator, early.denominator], [2, 5], 'early: counted by days, of all leads');
	const html = report(book, 'data-quality', '--format', 'html').out;
	has(html, 'Leads with steps before they came in', 'early: the page says so');
	ok(!json(book_of('late', [{ as: 'leads', columns, rows: [['1', '2025-01-06', '2025-01-07', '2025-01-08', '', '']] }]), 'data-quality').tables['checks.leads_early_steps'], 'early: nothing where nothing is');
}

// ---- names that would turn a terminal round ----
{
	const rows = [['1', 'Ann\u009b31m', '2025-01-06'], ['2', 'Bob\u202ecod.exe', '2025-01-07']];
	const book = book_of('names', [{ as: 'leads', columns: ['id', 'owner', 'created'], rows }]);

	for (const args of [['measure', 'count()', '--by', 'owner'], ['report', 'reps'], ['report', 'data-quality']]) {
		const { out, json: parsed } = run([...args, '--book', book, '--format', 'json']);
		ok(parsed && !/[\u0080-\u009f\u202e]/.test(out), `names: ${args[0]} writes them escaped in JSON`);
	}
	deep_equal(measure(book, 'leads', 'count()', '--by', 'owner').json.rows.map((r) => r.by[0]).sort(), [rows[0][1], rows[1][1]], 'names: and they read as they are');
}

// ---- several currencies ----
{
	const rows = [];
	for (let i = 0; i < 40; i++)
		rows.push([`d${i}`, i % 2 ? 'Ann' : 'Bob', i % 3 ? 'Won' : 'Lost', day(i), day(i + 20), '1000', 'EUR', i % 2 ? 'web' : 'fair']);
	rows.push(['usd', 'Ann', 'Won', '2025-02-01', '2025-03-01', '500', 'USD', 'web'], ['yen', 'Eve', 'Won', '2025-02-01', '2025-03-01', '700', 'JPY', 'web']);
	const book = book_of('currencies', [{ as: 'opportunities', columns: ['id', 'owner', 'stage', 'created', 'closed', 'amount', 'currency', 'source'],
		rows, more: 'stages: {Won: won, Lost: lost}' }]);

	for (const name of run(['report', '--format', 'json']).json.map((r) => r.name)) {
		const { code, out } = report(book, name);
		is(code, 0, `currencies: ${name} stands`);
		has(flat(out), 'Sums of money are of EUR alone: 1 opportunity in JPY, 1 opportunity in USD are left out', `currencies: ${name} says what is left out`);
	}
	const reps = json(book, 'reps').tables;
	is(reps['deals.won_value'].total.value, 26000, 'currencies: the sum is of the book\'s own');
	is(reps['deals.win_rate'].total.denominator, 42, 'currencies: counts are of all');
	is(reps['deals.won_value'].rows.find((r) => r.by[0] === 'Eve').value, null, 'currencies: who has others only has no sum');
	has(flat(report(book, 'reps').out), /Won value: [^·]*· sum\(amount[^·]* of opportunities, amounts alone in EUR/, 'currencies: the measure under a figure names the one it adds');
	is(json(book, 'reps').definitions.find((d) => d.title === 'Won value')?.currency, 'EUR', 'currencies: for programs too');
	is(json(book, 'reps').definitions.find((d) => d.title === 'Win rate')?.currency, null, 'currencies: rates are of all');
	const by = measure(book, 'opportunities', 'sum(amount where won)', '--by', 'currency').json.rows;
	deep_equal(by.map((r) => [r.by[0], r.value, r.currency]).sort(), [['EUR', 26000, 'EUR'], ['JPY', 700, 'JPY'], ['USD', 500, 'USD']], 'currencies: by currency each has its own');
	has(run(['measure', 'sum(amount)', '--of', 'opportunities', '--by', 'currency', '--book', book]).out, /USD +500.00 USD/, 'currencies: and is written so');
	const mixed = measure(book, 'opportunities', 'sum(amount)', '--by', 'owner');
	is(mixed.code, 1, 'currencies: a row that would add two is refused');
	has(mixed.err, 'several currencies (EUR, USD)', 'currencies: and says which');
	is(measure(book, 'opportunities', 'sum(amount)', '--by', 'owner', '--where', 'owner != Ann').code, 0, 'currencies: one to a row is answered');
	has(measure(book, 'opportunities', 'running(sum(amount))', '--by', 'month(won)').err, 'several currencies', 'currencies: a running total adds rows');
}

// ---- money times a share is rounded once ----
{
	const rows = [];
	for (let i = 0; i < 1000; i++)
		rows.push([`p${i}`, 'Talk', '2025-01-01', '0.01', '50']);
	const book = book_of('rounding', [{ as: 'opportunities', columns: ['id', 'stage', 'created', 'amount', 'probability'], rows, more: 'stages: {Talk: open}' }]);

	is(run(['kpi', 'factored_pipeline', '--book', book, '--format', 'json']).json.rows[0].value, 5, 'rounding: 1,000 times half a cent are 5.00');
}

// ---- one mistyped year does not move the last day ----
const deals = (n, from = '2025-01-01') => Array.from({ length: n }, (_, i) =>
	[`d${i}`, i % 2 ? 'Ann' : 'Bob', i % 3 ? 'Won' : 'Lost', day(i % 90, from), day(i % 90 + 30, from), '100']);
const deal_file = (rows, stages = 'stages: {Talk: open, Won: won, Lost: lost}') => ({ as: 'opportunities',
	columns: ['id', 'owner', 'stage', 'created', 'closed', 'amount'], rows, more: stages });
{
	const last = day(119);
	const book = book_of('straggler', [deal_file([...deals(200), ['far', 'Ann', 'Won', '2025-02-01', '2026-04-01', '100']])]);
	const quality = json(book, 'data-quality');

	is(json(book, 'weekly').as_of, last, 'straggler: the last day is the last of the others');
	is(quality.tables['late.opportunities'].rows[0].numerator, 1, 'straggler: data-quality counts it');
	has(report(book, 'data-quality').out, /far +2025-02-01 +2026-04-01/, 'straggler: and lists it');
	is(json(book_of('five', [deal_file([...deals(200), ...[1, 2, 3, 4, 5].map((i) => [`far${i}`, 'Ann', 'Won', '2025-02-01', `2026-04-0${i}`, '100'])])]), 'weekly').as_of,
		'2026-04-05', 'straggler: five are no stragglers');
	const living = run(['report', 'weekly', '--book', book, '--format', 'json'], { env: { LOCKSTEP_NOW: '2025-04-20T12:00:00Z' } }).json;
	is(living.as_of, '2025-04-20', 'straggler: and the as-of day is never later than today');
}

// ---- and the last day of the others is told by the book's zone ----
for (const [zone, last, wanted] of [['Europe/Berlin', '2026-10-31', '2026-10-31'], ['Asia/Tokyo', '2026-10-31', '2026-10-31'],
	['America/New_York', '2026-10-31 21:00', '2026-10-31'], ['Asia/Tokyo', '2026-10-31 08:00', '2026-10-31'], ['UTC', '2026-10-31', '2026-10-31']]) {
	const leads = Array.from({ length: 310 }, (_, i) => [`l${i}`, i < 300 ? day(i % 30, '2026-10-01') : last]);
	const book = book_of(`last-${zone.replace('/', '-')}-${last.length}-${last.slice(-5, -3)}`,
		[{ as: 'leads', columns: ['id', 'created'], rows: [...leads, ['far', '2062-10-31']] }], [], zone);
	const funnel = run(['report', 'funnel', '--book', book, '--format', 'json'], { env: { LOCKSTEP_NOW: '2099-01-01T12:00:00Z' } }).json;

	is(funnel.as_of, wanted, `last day: ${zone}, leads at ${last}`);
	is(run(['measure', 'count()', '--of', 'leads', '--book', book, '--format', 'json'], { env: { LOCKSTEP_NOW: '2099-01-01T12:00:00Z' } })
		.json.rows[0].value, 310, `last day: ${zone}, leads at ${last}: none of them is left out`);
}

// ---- what the funnel calls contacted ----
{
	const leads = (n, handed) => ({ as: 'leads', columns: ['id', 'created', 'handed_off'],
		rows: Array.from({ length: n }, (_, i) => [`l${i}`, day(i % 60), i < handed ? day(i % 60 + 1) : '']) });
	const contacts = (n) => ({ as: 'activities', columns: ['id', 'lead', 'at', 'kind', 'direction', 'outcome'],
		rows: Array.from({ length: n }, (_, i) => [`a${i}`, `l${i}`, day(i % 60 + 2), 'call', 'out', '']) });
	const funnel = (book) => {
		const { tables, definitions } = json(book, 'funnel');

		return { cohort: tables['leads.first_response'].rows[0].numerator, snapshot: tables['leads.first_response'].rows.at(-1).value,
			said: definitions.find((d) => d.title === 'Contacted').sentence };
	};
	deep_equal(funnel(book_of('handed', [leads(40, 30), contacts(36)])),
		{ cohort: 30, snapshot: 30, said: 'were contacted by a person after the hand-over' }, 'contacted: of the leads that were handed over');
	deep_equal(funnel(book_of('unhanded', [leads(40, 0), contacts(36)])),
		{ cohort: 36, snapshot: 36, said: 'were contacted by a person after they came in; the book knows no hand-over' },
		'contacted: where none was, of all, and that is said');
	has(flat(run(['facts', 'leads']).out + run(['facts', 'leads', '--book', join(folder, 'handed')]).out), 'of a lead not handed over, after it came in',
		'contacted: the column says the same');
}

// ---- what is a response ----
{
	const outcomes = { '': false, 'no answer': false, 'left voicemail': false, Answered: true, connected: true, reached: true };
	const ids = Object.keys(outcomes).map((outcome, i) => [`l${i}`, outcome]);
	const rows = (at) => ids.map(([id, outcome]) => [`a${id}${at}`, id, at, 'call', 'inbound', outcome]);
	const activities = (...days) => ({ as: 'activities', columns: ['id', 'lead', 'at', 'kind', 'direction', 'outcome'], rows: days.flatMap(rows) });
	const book = book_of('responses', [{ as: 'leads', columns: ['id', 'created', 'handed_off'], rows: ids.map(([id]) => [id, '2025-01-01', '2025-01-03']) },
		activities('2025-01-02', '2025-01-05')]);

	deep_equal(measure(book, 'leads', 'count(first_response = 2025-01-05)', '--by', 'key').json?.rows.map((r) => [r.by[0], r.value === 1]).sort(),
		ids.map(([id, outcome]) => [id, outcomes[outcome]]), 'responses: a call that came in counts when it was answered, after the hand-over');
	is(value(book, 'leads', 'count(first_response = 2025-01-05)'), 3, 'responses: by the day of the conversation');
	is(value(book, 'leads', 'count(first_response)'), 3, 'responses: and nothing else is one');
}

// ---- what to do names each kind of what was found, and a table what it is by ----
{
	const stages = ['A', 'B', 'C', 'D', 'E', 'F'];
	const open = Array.from({ length: 600 }, (_, i) => [`d${i}`, i % 2 ? 'Ann' : 'Bob', stages[i % 6], '2025-01-01']);
	const slow = Array.from({ length: 400 }, (_, i) => [`l${i}`, ['Sue', 'Bob', 'Cid', 'Dan', 'Eve'][i % 5], day(i % 30), day(i % 30 + 1), day(i % 30 + (i % 5 ? 1 : 12))]);
	const book = book_of('kinds', [
		{ as: 'opportunities', columns: ['id', 'owner', 'stage', 'created'], rows: open, more: `stages: {${stages.map((s) => `${s}: {means: open, limit days: 5}`).join(', ')}}` },
		{ as: 'stage-history', columns: ['id', 'opportunity', 'stage', 'entered'], rows: open.map(([id, , stage, at]) => [`h${id}`, id, stage, at]) },
		{ as: 'leads', columns: ['id', 'owner', 'created', 'handed_off', 'first_response'], rows: slow }]);
	const kinds = json(book, 'weekly').actions.map(({ text }) => text.slice(0, 4));

	deep_equal([kinds.filter((k) => k === 'Take').length, kinds.filter((k) => k === 'Call').length], [1, 4],
		'kinds: the slow rep is among what to do, though six stages have stuck deals');
	has(report(book, 'stuck').out, 'Open deals by stage', 'kinds: open deals by stage');
	has(report(book, 'stuck', '--by', 'owner').out, 'Open deals by owner', 'kinds: and by owner, when asked so');
}

// ---- which week, and options that a report does not use ----
{
	const book = book_of('weeks', [deal_file(deals(200))]); // the last day is Wednesday, 30 April 2025
	const weekly = (...more) => json(book, 'weekly', ...more);

	is(day(119), '2025-04-30', 'weeks: the last day');
	deep_equal([weekly().from, weekly().to], ['2025-04-21', '2025-04-27'], 'weeks: early in a week the last one that is over is told');
	has(flat(report(book, 'weekly').out), 'This is the last week that is over: the one of 30 April 2025 has only begun', 'weeks: and that is said');
	is(weekly('--as-of', '2025-04-30').from, '2025-04-28', 'weeks: a day asked for is its week');
	is(weekly('--to', '2025-03-09').from, '2025-03-03', 'weeks: --to');
	is(weekly('--from', '2025-03-01', '--to', '2025-03-31').from, '2025-03-31', 'weeks: --from and --to: the week of the last day');
	is(report(book, 'weekly', '--by', 'owner').code, 2, 'weeks: weekly has no breakdown');
	has(report(book, 'weekly', '--by', 'owner').err, '--by is for funnel', 'weeks: and says which have');
	is(report(book, 'data-quality', '--to', '2025-03-09').code, 2, 'weeks: data-quality has no period');
	is(report(book, 'stuck', '--from', '2025-03-09').code, 2, 'weeks: nor has stuck');
	const out = report(book, 'weekly').out;
	ok(!/Best win rate: Bob/.test(out), 'weeks: who is no better than all together is not the best');
	has(flat(out), 'That takes a plan and a forecast', 'weeks: what is missing for the question is said');
	has(out, /Won +\d+ +\d+ +\d+\.\d\n/, 'weeks: the average has one decimal');
	ok(!/\b0 pairs/.test(report(book, 'reps').out), 'weeks: nothing is said of no pairs');
}

// ---- orders alone, touches alone ----
{
	const orders = Array.from({ length: 60 }, (_, i) => [`o${i}`, day(i), day(i + 3), i % 2 ? day(i + 10) : '', '100']);
	const book = book_of('orders', [{ as: 'orders', columns: ['id', 'booked', 'invoiced', 'paid', 'amount'], rows: orders }]);
	const week = json(book, 'weekly', '--to', '2025-02-09').tables;

	is(week['week.booked'].rows[0].value, 700, 'orders: booked in the week');
	is(week['week.billed'].rows[0].value, 700, 'orders: billed');
	is(week['week.collected'].rows[0].value, 400, 'orders: collected');
	ok(!report(book, 'weekly').out.includes('Without dates'), 'orders: nothing is said of missing dates');
	const touches = Array.from({ length: 40 }, (_, i) => [`t${i}`, i % 4 ? 'Fair' : 'Mail', `l${i % 20}`, day(i)]);
	const leads = Array.from({ length: 20 }, (_, i) => [`l${i}`, day(i), i % 2 ? 'yes' : 'no']);
	const marketing = book_of('touches', [{ as: 'leads', columns: ['id', 'created', 'opportunity'], rows: leads },
		{ as: 'touches', columns: ['id', 'campaign', 'lead', 'at'], rows: touches }]);
	const campaigns = json(marketing, 'campaigns').tables;
	deep_equal(campaigns['touches.touches'].rows.map((r) => [r.by[0], r.value]), [['Fair', 30], ['Mail', 10]], 'touches: their campaigns are listed');
	is(campaigns['touches.leads'].rows[0].value, 15, 'touches: with the leads they reached');
}

// ---- exports that only know the last stage ----
{
	const book = book_of('final', [deal_file([...deals(90), ...deals(30).map((d) => [`open${d[0]}`, d[1], 'Talk', d[3], '', '100'])])]);

	has(flat(report(book, 'stages').out), 'The stage before closing of 90 closed deals is not known', 'final: no shares over open deals alone');
	deep_equal(Object.keys(json(book, 'stages').tables), [], 'final: and no table of them');
	const bids = book_of('bids', [deal_file([...deals(90), ['open', 'Ann', 'Talk', '2025-03-01', '', '100']], 'stages: {Talk: {means: open, bid: yes}, Won: won, Lost: lost}')]);
	is(run(['kpi', 'bid_to_close', '--book', bids, '--format', 'json']).json.rows[0].value, null, 'final: bid to close is not known, and not 0 %');
	ok(!Object.keys(json(book, 'leaks').tables).some((t) => t.startsWith('stages.')), 'final: nor in leaks');
}

// ---- the stage before closing of some lost deals alone ----
{
	const moves = Array.from({ length: 30 }, (_, i) => [[`m${i}a`, `d${3 * i}`, '', 'Talk', day(i)], [`m${i}b`, `d${3 * i}`, 'Talk', 'Lost', day(i + 9)]]).flat();
	const book = book_of('some', [deal_file(deals(150)), { as: 'stage-history', columns: ['id', 'opportunity', 'from_stage', 'stage', 'entered'], rows: moves }]);

	for (const name of ['stages', 'leaks'])
		has(flat(report(book, name).out), 'The stage before closing is known of 30 of 50 lost deals', `some: ${name} says of how many lost deals the stage is known`);
}

// ---- calls and deals without leads ----
{
	const calls = Array.from({ length: 200 }, (_, i) => [`c${i}`, i < 160 ? `d${i % 90}` : '', day(i % 90), 'call']);
	const activity_file = (rows) => ({ as: 'activities', columns: ['id', 'opportunity', 'at', 'kind'], rows });
	const book = book_of('calls', [deal_file(deals(90)), activity_file(calls)]);
	const out = flat(report(book, 'follow-up').out);

	has(out, 'cannot be judged: the book does not say when leads were handed to sales', 'calls: speed is not told');
	has(out, /Persistence, by deals: won ones had 1\.8 contacts each \(\d+ contacts, 60 deals\)[^;]*; lost ones 1\.8 contacts each \(\d+ contacts, 30 deals\)/, 'calls: persistence is told by deals');
	const without = flat(report(book_of('loose', [deal_file(deals(90)), activity_file(calls.map((c) => [c[0], '', c[2], c[3]]))]), 'follow-up').out);
	has(without, 'Persistence cannot be told either: no call, mail or meeting names the deal', 'calls: that name no deal are said to');
}

// ---- durations that run backwards, or have no beginning ----
{
	const leads = Array.from({ length: 60 }, (_, i) => [`l${i}`, 'Ann', day(i), day(i + 1), i < 3 ? day(i) : i < 7 ? '' : day(i + 2)]);
	const book = book_of('backwards', [{ as: 'leads', columns: ['id', 'owner', 'created', 'handed_off', 'first_response'], rows: leads }]);
	const page = report(book, 'follow-up');

	has(flat(page.out), 'Half within: 3 below zero, counted in: the end stands before the beginning.', 'backwards: a table says how many of its times are');
	has(report(book, 'follow-up', '--format', 'html').out, '3 below zero', 'backwards: on the page too');
	ok(!/below zero/.test(report(book_of('forwards', [{ as: 'leads', columns: ['id', 'owner', 'created', 'handed_off', 'first_response'],
		rows: leads.map((l) => [...l.slice(0, 4), l[4] && day(70)]) }]), 'follow-up').out), 'backwards: nothing is said where none is');
}

// ---- orders alone have something to say of the quarter ----
{
	const orders = Array.from({ length: 60 }, (_, i) => [`q${i}`, day(i), '100']);
	const out = flat(report(book_of('booked', [{ as: 'orders', columns: ['id', 'booked', 'amount'], rows: orders }]), 'weekly').out);

	has(out, /Booked so far this quarter: 6,000 EUR[^;]* in 60 orders/, 'booked: orders alone tell what was booked');
	ok(!out.includes('Nothing yet'), 'booked: and are not called nothing');
}

// ---- names as they stand, and money of any currency ----
{
	const sources = ['"Web\tAds"', '', '"Fair \u009b\u202e2024"', '"Web Ads"'];
	const leads = Array.from({ length: 50 }, (_, i) => [`l${i}`, sources[i % 4], day(i), i % 3 ? '' : day(i + 9)]);
	const deals = Array.from({ length: 50 }, (_, i) => [`d${i}`, sources[i % 4], day(i), day(i + 9), '1234']);
	const book = book_of('two words', [{ as: 'leads', columns: ['id', 'source', 'created', 'won'], rows: leads },
		{ as: 'opportunities', columns: ['id', 'source', 'created', 'won', 'amount'], rows: deals, more: 'currency: JPY' }]);
	const csv = report(book, 'sources', '--format', 'csv').out.split('\n').map((line) => line.split(','));
	const of = (column) => csv.filter((c) => c[0] === 'leads' && c[1] === column && c[2] !== 'All');

	deep_equal(of('leads').map((c) => c[5]), ['13', '12', '12', '13'], 'names: each is counted');
	deep_equal(csv.filter((c) => c[0] === 'deals' && c[1] === 'won_value' && c[2] === 'All').map((c) => [c[5], c[6]]), [['61700', 'JPY']],
		'yen: a whole amount has no digits behind a mark');
	const page = report(book, 'sources', '--format', 'html').out;
	is(page.split('id="t-leads"')[1].split('</tbody>')[0].match(/scope="row"/g).length, 4, 'names: each has one row');
	has(page, 'data-value="1234"', 'yen: nor is it drawn as a hundredth of it');
	has(page, `lockstep --book '${folder}/two words' rows --of leads`, 'a book whose name has a space stands in quotes');
	ok(!/[\u0080-\u009f\u202a-\u202e]/.test(report(book, 'sources').out), 'names: none can steer a terminal');
	is(run(['import', '--book', book, '--map', join(folder, 'two words.yaml'), '--quiet', join(folder, 'two words-leads.csv')]).code, 0, 'names: read again');
}

done();
