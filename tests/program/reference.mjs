#!/usr/bin/env node
// The public data sets, imported with the maps of examples/maps, against figures that were computed independently of Lockstep.
// Counts must be equal; rates to the four digits of the reference; money within half a minor unit a row.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ok, is, near, deep_equal, run, skip, done, temporary_folder, data_folder, root } from '../tap.mjs';

const folder = temporary_folder();

function reference(set) {
	return JSON.parse(readFileSync(join(data_folder(set), 'reference.json'), 'utf8'));
}

// A fresh book with the files of one set; returns the import's summary and a function that asks it.
function book_of(set, files, init = []) {
	const book = join(folder, `${set}.lockstep`);
	is(run(['init', '--book', book, '--zone', 'UTC', ...init]).code, 0, `${set}: init`);
	const paths = files.map((file) => join(data_folder(set), file));
	const call = run(['import', '--book', book, '--map', join(root, 'examples/maps', `${set}.yaml`), '--format', 'json',
		'--rejects', folder, ...paths]);
	if (!is(call.code, 0, `${set}: import`))
		console.log(call.err.replace(/^/gm, '# '));
	const ask = (measure, of, ...more) => {
		const answer = run(['measure', measure, '--book', book, '--of', of, '--format', 'json', ...more]);
		if (!ok(answer.code === 0 && answer.json, `${set}: ${measure} of ${of} ${more.join(' ')}`))
			console.log(answer.err.replace(/^/gm, '# '));
		return answer.json?.rows ?? [];
	};
	return { book, summary: call.json, ask, one: (...question) => ask(...question)[0] };
}

function label(row) {
	return row.by.map((by) => by ?? '').join(' / ');
}

// Every key of `wanted` against the row of that label: `pick(row)` beside `expect(value)`.
function compare(name, rows, wanted, pick, expect, tolerance = 0) {
	const got = new Map(rows.map((row) => [label(row), row]));
	const wrong = [];
	for (const [key, value] of Object.entries(wanted)) {
		const row = got.get(key);
		const a = row ? pick(row) : undefined;
		const b = expect(value);
		if (!(a === b || (typeof a === 'number' && typeof b === 'number' && Math.abs(a - b) <= tolerance)))
			wrong.push(`${key}: got ${a}, wanted ${b}`);
	}
	ok(Object.keys(wanted).length > 0 && wrong.length === 0, `${name} (${Object.keys(wanted).length} groups)`);
	wrong.slice(0, 8).forEach((line) => console.log(`#   ${line}`));
}

function ratios(name, rows, wanted, hits, of) {
	compare(`${name}: counted`, rows, wanted, (row) => `${row.numerator} of ${row.denominator}`, (v) => `${hits(v)} of ${of(v)}`);
}

function maven() {
	if (!data_folder('maven_crm'))
		return skip('no maven_crm data');
	const r = reference('maven_crm');
	const { summary, ask, one } = book_of('maven_crm', ['accounts.csv', 'products.csv', 'sales_teams.csv', 'sales_pipeline.csv'],
		['--currency', 'USD']);
	const deals = summary.files.find((f) => f.file.endsWith('sales_pipeline.csv'));
	is(deals.rows, r.rows, 'maven: rows');
	is(deals.accepted, r.rows, 'maven: accepted');
	const rate = one('count(won) / count(closed)', 'opportunities');
	is(rate.numerator, 4238, 'maven: won');
	is(rate.denominator, 6711, 'maven: closed');
	near(rate.value, r.win_rate, 0.00005, 'maven: win rate');
	is(one('sum(amount where won)', 'opportunities').value, r.won_value, 'maven: won value');
	near(one('average(amount where won)', 'opportunities').value, r.avg_won_value, 0.005, 'maven: average won value');
	for (const [group, where] of [['won', 'won'], ['lost', 'lost'], ['all_closed', 'closed']]) {
		const wanted = r.cycle_days[group];
		const days = 'days(created, closed)';
		is(one(`count(${days})`, 'opportunities', '--where', where).value, wanted.n, `maven: ${group} cycles`);
		is(one(`median(${days})`, 'opportunities', '--where', where).value, wanted.median, `maven: ${group} median`);
		near(one(`average(${days})`, 'opportunities', '--where', where).value, wanted.mean, 0.0001, `maven: ${group} mean`);
		is(one(`min(${days})`, 'opportunities', '--where', where).value, wanted.min, `maven: ${group} shortest`);
		is(one(`max(${days})`, 'opportunities', '--where', where).value, wanted.max, `maven: ${group} longest`);
		for (const p of [10, 25, 75, 90])
			near(one(`percentile(${days}, ${p})`, 'opportunities', '--where', where).value, wanted[`p${p}`], 0.0001,
				`maven: ${group} p${p}`);
	}
	const by = { owner: r.by_agent, region: r.by_region, product: r.by_product_normalised, team: r.by_manager,
		'month(closed)': r.by_close_month };
	for (const [dimension, wanted] of Object.entries(by)) {
		const all = ask('count(won) / count(closed)', 'opportunities', '--by', dimension, '--where', 'closed');
		ratios(`maven by ${dimension}`, all, wanted, (v) => v.won, (v) => v.won + v.lost);
		compare(`maven value by ${dimension}`, ask('sum(amount where won)', 'opportunities', '--by', dimension), wanted,
			(row) => row.value, (v) => v.won_value);
	}
	compare('maven cycle by agent', ask('average(days(created, closed))', 'opportunities', '--by', 'owner', '--where', 'closed'),
		r.by_agent, (row) => row.value, (v) => v.avg_cycle_days_closed, 0.0001);
	ratios('maven by industry', ask('count(won) / count(closed)', 'opportunities', '--by', 'industry', '--where', 'closed'),
		r.by_sector_raw_spelling, (v) => v.won, (v) => v.won + v.lost);
	compare('maven by stage', ask('count()', 'opportunities', '--by', 'stage'), r.stage_counts, (row) => row.value, (v) => v);
	is(one('count(open and days(created, as_of) > 138)', 'opportunities', '--as-of', '2017-12-31').value, 1291,
		'maven: open longer than 138 days');
	is(one('count(open and days(created, as_of) > 138)', 'opportunities').value, 1291, 'maven: the last day is the default as-of');
	is(one('count(stagnant)', 'opportunities', '--as-of', '2017-12-31').value, 1432, 'maven: stagnant');
	const age = r.open_engaging['age_days_as_of_2017-12-31'];
	const open = ['opportunities', '--where', 'open and stage = Engaging'];
	is(one('count()', ...open).value, r.open_engaging.count, 'maven: engaging');
	is(one('median(days(created, as_of))', ...open).value, age.median, 'maven: median age');
	near(one('average(days(created, as_of))', ...open).value, age.mean, 0.0001, 'maven: mean age');
	is(one('count(account is empty)', ...open).value, r.open_engaging.without_account, 'maven: engaging without account');
	is(one('count(account is empty)', 'opportunities', '--where', 'stage = Prospecting').value, r.open_prospecting.without_account,
		'maven: prospecting without account');
	const stuck = run(['report', 'stuck', '--book', join(folder, 'maven_crm.lockstep'), '--format', 'json']);
	is(stuck.code, 0, 'maven: the stuck report');
	ok(JSON.stringify(stuck.json.sentences ?? '').includes('1,432'), 'maven: the stuck report says 1,432');
}

function olist() {
	if (!data_folder('olist'))
		return skip('no olist data');
	const r = reference('olist');
	const { ask, one } = book_of('olist', ['olist_marketing_qualified_leads_dataset.csv', 'olist_closed_deals_dataset.csv'],
		['--currency', 'BRL']);
	const rate = one('count(won) / count()', 'leads');
	is(`${rate.numerator} of ${rate.denominator}`, `${r.won} of ${r.mql}`, 'olist: won of leads');
	const mql = (v) => v.mql;
	const won = (v) => v.won;
	ratios('olist by source', ask('count(won) / count()', 'leads', '--by', 'source'), r.by_origin, won, mql);
	ratios('olist by landing page', ask('count(won) / count()', 'leads', '--by', 'landing_page'),
		r['by_landing_page(>=100 mql)'], won, mql);
	ratios('olist by month', ask('count(won) / count()', 'leads', '--by', 'month(created)'), r.by_first_contact_month, won, mql);
	for (const [dimension, wanted] of [['source', r.by_origin], ['landing_page', r['by_landing_page(>=100 mql)']],
		['month(created)', r.by_first_contact_month]])
		compare(`olist median days by ${dimension}`, ask('median(days(created, won))', 'leads', '--by', dimension), wanted,
			(row) => row.value, (v) => v.median_days_to_won);
	const days = 'days(created, won)';
	const d = r.days_to_won;
	is(one(`median(${days})`, 'leads').value, d.median, 'olist: median');
	near(one(`average(${days})`, 'leads').value, d.mean, 0.0001, 'olist: mean');
	is(one(`min(${days})`, 'leads').value, d.min, 'olist: shortest is negative, and kept');
	is(one(`max(${days})`, 'leads').value, d.max, 'olist: longest');
	for (const p of [10, 25, 75, 90])
		near(one(`percentile(${days}, ${p})`, 'leads').value, d[`p${p}`], 0.0001, `olist: p${p}`);
	is(one(`count(${days} < 0)`, 'leads').value, r.negative_days, 'olist: negative durations');
	is(one(`count(${days} = 0)`, 'leads').value, r.zero_days, 'olist: same day');
	is(one(`count(${days} >= 0 and ${days} <= 7)`, 'leads').value, r.within_7, 'olist: within 7 days');
	is(one(`count(${days} >= 0 and ${days} <= 30)`, 'leads').value, r.within_30, 'olist: within 30 days');
	is(one(`count(${days} > 90)`, 'leads').value, r.over_90, 'olist: over 90 days');
	const groups = { 'month(won)': r.won_by_month, segment: r.won_by_business_segment, owner: r.won_by_sr_id, sdr: r.won_by_sdr_id,
		lead_type: r.won_by_lead_type, behaviour: r.won_by_behaviour };
	for (const [dimension, wanted] of Object.entries(groups))
		compare(`olist won by ${dimension}`, ask('count(won)', 'opportunities', '--by', dimension), wanted, (row) => row.value,
			(v) => v);
	const quality = run(['report', 'data-quality', '--book', join(folder, 'olist.lockstep')]);
	is(quality.code, 0, 'olist: the data-quality report');
	ok(/negative/i.test(quality.out), 'olist: the data-quality report names the negative duration');
}

function skylark() {
	if (!data_folder('skylark'))
		return skip('no skylark data');
	const r = reference('skylark');
	const { summary, ask, one } = book_of('skylark', ['deals.csv', 'work_orders.csv'], ['--currency', 'INR']);
	const deals = summary.files.find((f) => f.file.endsWith('deals.csv'));
	is(deals.accepted, r.deals, 'skylark: deals');
	is(deals.inner_headers, r.header_rows_inside, 'skylark: inner headers');
	is(deals.identical, r.exact_duplicate_rows, 'skylark: identical rows are kept and reported');
	const rate = one('count(won) / count(closed)', 'opportunities');
	is(`${rate.numerator} of ${rate.denominator}`, '165 of 292', 'skylark: win rate');
	is(one('count(won and amount is empty)', 'opportunities').value, r.won_without_value, 'skylark: won without value');
	for (const [dimension, wanted] of [['stage', r.by_stage], ['segment', r.by_sector], ['owner', r.by_owner]]) {
		compare(`skylark by ${dimension}`, ask('count()', 'opportunities', '--by', dimension), wanted, (row) => row.value,
			(v) => v.deals);
		compare(`skylark value by ${dimension}`, ask('sum(amount)', 'opportunities', '--by', dimension), wanted,
			(row) => row.value ?? 0, (v) => v.value, 2);
	}
	const outcome = { won: 'Won', lost: 'Dead', open: 'Open', on_hold: 'On Hold' };
	is(one('count(won)', 'opportunities').value, r.by_status[outcome.won].deals, 'skylark: won');
	is(one('count(lost)', 'opportunities').value, r.by_status[outcome.lost].deals, 'skylark: lost');
	is(one('count(on_hold)', 'opportunities').value, r.by_status[outcome.on_hold].deals, 'skylark: on hold');
	near(one('sum(amount where won)', 'opportunities').value, r.by_status.Won.value, 1, 'skylark: won value');
	near(one('sum(amount where lost)', 'opportunities').value, r.by_status.Dead.value, 1, 'skylark: lost value');
	const w = r.work_orders;
	is(one('count()', 'orders').value, w.rows, 'skylark: orders');
	near(one('sum(amount)', 'orders').value, w.amount_excl_gst, 0.9, 'skylark: booked');
	near(one('sum(billed)', 'orders').value, w.billed_excl_gst, 0.9, 'skylark: billed');
	near(one('sum(collected)', 'orders').value, w.collected_incl_gst, 0.9, 'skylark: collected');
	compare('skylark orders by status', ask('count()', 'orders', '--by', 'status'), w.by_execution_status, (row) => row.value, (v) => v);
}

function kag() {
	if (!data_folder('kag'))
		return skip('no kag data');
	const r = reference('kag');
	const { summary, ask, one } = book_of('kag', ['KAG_conversion_data.csv'], ['--currency', 'USD']);
	is(summary.files[0].accepted, r.total.ads, 'kag: rows (lines end in CR alone)');
	const half_cent_a_row = (v) => 0.005 * v.ads;
	near(one('sum(amount)', 'spend').value, r.total.spend, half_cent_a_row(r.total), 'kag: spend');
	is(one('sum(impressions)', 'spend').value, r.total.impressions, 'kag: impressions');
	is(one('sum(clicks)', 'spend').value, r.total.clicks, 'kag: clicks');
	is(one('sum(leads)', 'spend').value, r.total.enquiries, 'kag: enquiries');
	is(one('sum(conversions)', 'spend').value, r.total.approved, 'kag: approved');
	near(one('sum(amount) / sum(conversions)', 'spend').value, r.total.cost_per_approved, 0.01, 'kag: cost per approved');
	near(one('sum(amount) / sum(clicks)', 'spend').value, r.total.cpc, 0.001, 'kag: cost per click');
	is(one('count(amount = 0)', 'spend').value, r.ads_with_spend_0, 'kag: advertisements without spend');
	for (const [dimension, wanted] of [['campaign', r['by xyz_campaign_id']], ['age', r['by age']], ['gender', r['by gender']]]) {
		compare(`kag spend by ${dimension}`, ask('sum(amount)', 'spend', '--by', dimension), wanted, (row) => row.value,
			(v) => v.spend, 3.2);
		compare(`kag cost per approved by ${dimension}`, ask('sum(amount) / sum(conversions)', 'spend', '--by', dimension), wanted,
			(row) => row.value, (v) => v.cost_per_approved, 0.02);
		compare(`kag approved by ${dimension}`, ask('sum(conversions)', 'spend', '--by', dimension), wanted, (row) => row.value,
			(v) => v.approved);
	}
}

function bank() {
	if (!data_folder('bank'))
		return skip('no bank data');
	const r = reference('bank')['bank-full.csv'];
	const { summary, ask, one } = book_of('bank', ['bank-full.csv']);
	is(summary.files[0].accepted, r.rows, 'bank: rows');
	const rate = one('count(won) / count()', 'leads');
	is(`${rate.numerator} of ${rate.denominator}`, `${r.yes} of ${r.rows}`, 'bank: conversion');
	for (const [dimension, key] of [['contact_by', 'by contact'], ['month', 'by month'], ['poutcome', 'by poutcome'], ['job', 'by job'],
		['education', 'by education']])
		ratios(`bank by ${dimension}`, ask('count(won) / count()', 'leads', '--by', dimension), r[key], (v) => v.yes, (v) => v.n);
	near(one('average(duration)', 'leads', '--where', 'won').value, r.mean_duration_yes_no.yes, 0.001, 'bank: seconds of calls that won');
	near(one('average(duration)', 'leads', '--where', 'not won').value, r.mean_duration_yes_no.no, 0.001, 'bank: of those that did not');
	const weekly = run(['report', 'weekly', '--book', join(folder, 'bank.lockstep')]);
	is(weekly.code, 0, 'bank: the weekly page stands without a single date');
	deep_equal(weekly.out.split('\n').filter((line) => [...line].length > 100), [], 'bank: and fits 100 columns');
}

maven();
olist();
skylark();
kag();
bank();
done();
