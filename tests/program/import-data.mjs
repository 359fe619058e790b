#!/usr/bin/env node
// The public data sets go in by the maps of examples/maps: every row counted, nothing written the second time.

import { join } from 'node:path';
import { data_folder, deep_equal, done, has, is, ok, run, skip, temporary_folder } from '../tap.mjs';

const folder = temporary_folder();
const sets = {
	maven_crm: { 'accounts.csv': 85, 'data_dictionary.csv': null, 'products.csv': null, 'sales_pipeline.csv': 8800, 'sales_teams.csv': 35 },
	olist: { 'olist_closed_deals_dataset.csv': 842, 'olist_marketing_qualified_leads_dataset.csv': 8000, 'olist_sellers_dataset.csv': null },
	skylark: { 'deals.csv': 344, 'work_orders.csv': 176 },
	kag: { 'KAG_conversion_data.csv': 1143 },
	bank: { 'bank-full.csv': 45211 },
};

function head(book) {
	return run(['verify', '--book', book, '--format', 'json']).json?.head;
}

for (const [set, wanted] of Object.entries(sets)) {
	const data = data_folder(set);
	if (!data) {
		skip('no data here', set);
		continue;
	}
	const book = join(folder, set);
	const files = Object.keys(wanted).map((f) => join(data, f));
	const call = ['import', '--book', book, '--map', `examples/maps/${set}.yaml`, '--rejects', folder, '--format', 'json', ...files];
	run(['init', '--book', book, '--zone', 'UTC', '--currency', 'EUR']);
	const first = run(call);
	is(first.code, 0, `${set}: goes in`);
	for (const [i, [name, rows]] of Object.entries(wanted).entries()) {
		const file = first.json.files[i];
		if (rows === null) {
			ok(file.skipped, `${set}/${name}: left out, with the reason`);
			continue;
		}
		deep_equal([file.rows, file.accepted, file.unchanged, file.changed, file.rejected], [rows, rows, 0, 0, 0], `${set}/${name}: ${rows} rows`);
		is(file.rejected_file, null, `${set}/${name}: no rejects`);
	}
	const before = head(book);
	const again = run(call);
	for (const [i, [name, rows]] of Object.entries(wanted).entries()) {
		const file = again.json.files[i];
		if (rows !== null)
			deep_equal([file.accepted, file.unchanged, file.changed, file.import], [0, rows, 0, null], `${set}/${name}: nothing the second time`);
	}
	is(head(book), before, `${set}: no entry was written the second time`);
	deep_equal([again.json.known, again.json.unknown], [first.json.known, first.json.unknown],
		`${set}: what is known is counted from what came in as from what the book tells`);
	const unknown = again.json.unknown.join('\n');
	has(unknown, 'no call log: follow-up cannot be judged', `${set}: says what it does not know`);
	if (set === 'skylark') {
		is(first.json.files[0].inner_headers, 2, 'skylark: two headers inside');
		is(first.json.files[0].identical, 12, 'skylark: twelve rows stood before, kept');
	}
	if (set === 'kag')
		ok(first.json.files[0].notes.some((n) => n.includes('rounded half away from zero')), 'kag: rounding is said');
}

done();
