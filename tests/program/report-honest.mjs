#!/usr/bin/env node
// What a report must not say: sums over what is not known, money of several currencies, shares of the few that were seen. Each book here
// is small, made for one question, and of the kind that exports really are.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deep_equal, done, has, is, near, ok, run, temporary_folder } from '../tap.mjs';

const folder = temporary_folder();

// files: [{ as, fields: { field: column }, rows: [[…], …], more: 'further lines of the map' }]
function book_of(name, files, options = []) {
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
	is(run(['init', '--book', book, '--zone', 'UTC', '--currency', 'EUR']).code, 0, `${name}: init`);
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

done();
