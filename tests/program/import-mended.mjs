#!/usr/bin/env node
// What a new user met: links between two maps, mended rejects, a map that was mended, tries that tell the truth.

import { chmodSync, existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deep_equal, done, has, is, ok, run, temporary_folder } from '../tap.mjs';

const folder = temporary_folder();
let books = 0;

function new_book() {
	const book = join(folder, `book${++books}`);
	run(['init', '--book', book, '--zone', 'Europe/Berlin', '--currency', 'EUR']);
	return book;
}
function file(name, bytes) {
	const path = join(folder, name);
	writeFileSync(path, bytes);
	return path;
}
function take(book, ...args) {
	return run(['import', '--book', book, '--format', 'json', ...args]);
}
function counts(result, i = 0) {
	const f = result.json.files[i];
	return [f.rows, f.accepted, f.unchanged, f.changed, f.older, f.rejected];
}
function measure(book, expression, of, ...more) {
	return run(['measure', expression, '--of', of, '--book', book, '--format', 'json', ...more]).json?.rows[0]?.value;
}

// ---- links between the files of two maps
{
	const book = new_book();
	const marketing = file('marketing.yaml', `map: marketing
files:
  - match: people.csv
    as: leads
    key: Nr
    fields: {email: Mail, created: Created, source: Source}
`);
	const crm = file('crm.yaml', `map: crm
files:
  - match: contracts.csv
    as: opportunities
    key: Id
    fields: {lead: {column: Contact Email, by: email}, created: Created}
  - match: calls.csv
    as: activities
    key: Id
    fields: {lead: Lead Nr, at: At}
`);
	const people = file('people.csv', 'Nr,Mail,Created,Source\n1,Ann@example.com,2025-01-02,Web\n2,bob@example.com,2025-01-03,Fair\n');
	const contracts = file('contracts.csv',
		'Id,Contact Email,Created\nA,ann@example.com,2025-02-01\nB,BOB@example.com,2025-02-02\nC,cy@example.com,2025-02-03\n');
	const calls = file('calls.csv', 'Id,Lead Nr,At\nx,1,2025-01-05\ny,9,2025-01-06\n');
	const early = take(book, '--map', crm, contracts);
	has(early.json.unknown[0], '3 of 3 opportunities that name a lead name one that is not in the book (column Contact Email)',
		'links to leads that are not there yet are counted');
	take(book, '--map', marketing, people);
	const late = take(book, '--map', crm, contracts, calls);
	is(measure(book, 'count(lead)', 'opportunities'), 2, 'an address is the same person in another source');
	is(measure(book, 'count', 'opportunities', '--where', 'source = "Web"'), 1, 'and brings the source of the lead');
	has(late.json.unknown.join('\n'), '1 of 3 opportunities', 'one address is nobody\'s');
	has(late.json.unknown.join('\n'), /2 of 2 activities .*column Lead Nr.*; 1 of these ids stand in the book under another source: give both maps the same `source:`/,
		'a key counts within its source; the import says what to do');
	has(run(['import', '--book', book, '--map', crm, contracts]).out, '1 of 3 opportunities', 'the text says so too');
}

// ---- a try tells what would be known
{
	const book = new_book();
	const map = file('try.yaml', `map: try
files:
  - match: try*.csv
    as: leads
    key: Nr
    fields: {created: Created}
`);
	const one = file('try1.csv', 'Nr,Created\n1,2025-01-02 23:30\n'), two = file('try2.csv', 'Nr,Created\n2,2025-03-02 10:00\n');
	const tried = take(book, '--dry-run', '--map', map, one, two);
	deep_equal(tried.json.known, ['2 leads from 2025-01-02 to 2025-03-02'], 'both files are counted in what would be known');
	deep_equal(take(book, '--map', map, one).json.known, ['1 lead from 2025-01-02 to 2025-01-02'], 'and nothing was written');
	deep_equal(counts(tried), [1, 1, 0, 0, 0, 0], 'the counts of the try');
	has(tried.json.files[0].preview[0], 'created 2025-01-02T23:30:00+01:00', 'times in the book\'s zone');
}

// ---- rejects that erase wrote anew, and those of another book
{
	const book = new_book();
	const map = file('erased.yaml', `map: erased
files:
  - match: erased-rows.csv
    as: leads
    key: Nr
    fields: {created: Created, email: Mail}
`);
	const data = file('erased-rows.csv', 'Nr,Created,Mail\n1,2025-01-02,uma@example.com\n2,never,uma@example.com\n3,never,vic@example.com\n4,never,wes@example.com\n');
	const rejected = take(book, '--map', map, data).json.files[0].rejected_file;
	is(run(['erase', 'uma@example.com', '--yes', '--book', book]).code, 0, 'she is erased');
	ok(!readFileSync(rejected, 'utf8').includes('uma@'), 'from the rejected rows too');
	writeFileSync(data, readFileSync(data, 'utf8').replace(/^[12],.*\n/gm, ''));
	const again = take(book, '--map', map, data).json.files[0];
	is(again.rejected_file, rejected, 'what erase wrote is not taken for somebody\'s mending');
	deep_equal(again.notes.filter((text) => text.includes('was changed')), [], 'nor called so');
	is(run(['erase', 'vic@example.com', '--yes', '--book', book]).code, 0, 'one whom no record speaks of is erased');
	writeFileSync(data, readFileSync(data, 'utf8').replace(/^3,.*\n/gm, ''));
	is(take(book, '--map', map, data).json.files[0].rejected_file, rejected, 'likewise');
	writeFileSync(rejected, readFileSync(rejected, 'utf8').replace(',never', ',2025-01-03') + '5,Created,none,5,2025-01-04,xia@example.com\n');
	is(run(['erase', 'xia@example.com', '--yes', '--book', book]).code, 0, 'rows are taken out of a mended file');
	const mended = readFileSync(rejected, 'utf8');
	ok(mended.includes(',2025-01-03') && !mended.includes('xia@'), 'and only those');
	const kept = take(book, '--map', map, data).json.files[0];
	is(readFileSync(rejected, 'utf8'), mended, 'which stays somebody\'s mending');
	has(kept.notes.join('\n'), 'was changed since it was written', 'and that is said');

	const foreign = take(new_book(), '--map', map, data).json.files[0];
	has(foreign.notes.join('\n'), 'rejected-2.csv was not written from this book, so it stays', 'a file of another book is called that');
	ok(!foreign.notes.join('\n').includes('was changed'), 'and not changed');
}

// ---- rejects that somebody mends
{
	const book = new_book();
	const map = file('rejects.yaml', `map: rejects
files:
  - match: rows.csv
    as: leads
    key: Nr
    fields: {created: Created}
`);
	const data = file('rows.csv', 'Nr,Created\n1,2025-01-02\n2,yesterday\n3,2025-13-40\n');
	const rejected = take(book, '--map', map, data).json.files[0].rejected_file;
	has(rejected, /rows\.csv\.rejected\.csv$/, 'bad rows beside the file');
	is(take(book, '--map', map, data).json.files[0].rejected_file, rejected, 'again: the same file');
	const mended = readFileSync(rejected, 'utf8').replace(',yesterday', ',2025-01-03');
	writeFileSync(rejected, mended);
	const again = take(book, '--map', map, data).json.files[0];
	is(readFileSync(rejected, 'utf8'), mended, 'a mended file is not written over');
	has(again.rejected_file, /rows\.csv\.rejected-2\.csv$/, 'the rows go to another');
	has(again.notes.join('\n'), 'was changed since it was written', 'and that is said');
	const third = take(book, '--map', map, data).json.files[0];
	has(third.rejected_file, /rejected-2\.csv$/, 'which is ours, and written again');
	deep_equal(counts(take(book, '--map', map, rejected)), [2, 1, 0, 0, 0, 1], 'the mended row goes in');
	deep_equal(counts(take(book, '--map', map, again.rejected_file)), [2, 0, 0, 0, 0, 2], 'the second file belongs to the map as well');
	writeFileSync(rejected, mended.replace('2025-13-40', '2025-12-04'));
	writeFileSync(data, 'Nr,Created\n1,2025-01-02\n2,2025-01-03\n');
	const good = take(book, '--map', map, data).json.files[0];
	ok(existsSync(rejected), 'a changed file stays when nothing is rejected');
	has(good.notes.join('\n'), 'was changed since it was written', 'and that is said too');

	const deep = join(folder, 'not', 'there', 'yet');
	writeFileSync(data, 'Nr,Created\n1,2025-01-02\n2,never\n');
	is(take(book, '--map', map, '--rejects', deep, data).json.files[0].rejected_file, join(deep, 'rows.csv.rejected.csv'), 'the folder for rejects is made');

	// Where the rejects cannot go the rows do not go in either, nor into the columns that are written at the end.
	const other = new_book();
	mkdirSync(`${file('blocked-rows.csv', 'Nr,Created\n1,2025-01-02\n2,never\n')}.rejected.csv`);
	const all = file('blocked.yaml', readFileSync(map, 'utf8').replace('rows.csv', 'blocked-rows.csv'));
	is(take(other, '--map', all, join(folder, 'blocked-rows.csv')).code, 1, 'a folder stands where the rejects were to go: refused');
	is(measure(other, 'count', 'leads'), 0, 'no row is counted');
	ok(run(['verify', '--book', other, '--format', 'json']).json?.sound, 'and the book is sound, its columns too');
}

// ---- rejects that a wildcard brings along
{
	const book = new_book();
	const map = file('all.yaml', `map: all
files:
  - match: all-*.csv
    as: leads
    key: Nr
    fields: {created: Created}
`);
	const one = file('all-1.csv', 'Nr,Created\n1,2025-01-02\n2,never\n'), first = `${one}.rejected.csv`;
	const all = () => readdirSync(folder).filter((name) => /^all-.*csv$/.test(name)).sort();
	const paths = () => all().map((name) => join(folder, name));
	const passed = (result) => result.json.files.filter((f) => f.skipped).map((f) => f.file.split('/').pop());
	const both = ['all-1.csv.rejected.csv', 'all-2.csv.rejected.csv'];
	file('all-2.csv', 'Nr,Created\n3,2025-01-02\n4,soon\n');

	deep_equal(passed(take(book, '--map', map, ...paths())), [], 'what was exported is read');
	deep_equal(passed(take(book, '--map', map, ...paths())), both, 'again: rejects that nobody changed are passed over');
	has(run(['import', '--book', book, '--map', map, '--dry-run', ...paths()]).out.replace(/\s+/g, ' '), 'all-1.csv.rejected.csv: passed over, rows that were rejected before', '… with a word');
	is(all().length, 4, 'so there are no rejects of rejects');
	writeFileSync(first, readFileSync(first, 'utf8').replace(/,never$/m, ',2025-01-03'));
	deep_equal(passed(take(book, '--map', map, ...paths())), both.slice(1), 'a mended file is read');
	is(measure(book, 'count', 'leads'), 3, '… and the mended row is in');
	take(book, '--map', map, ...paths());
	ok(!all().some((name) => name.includes('.rejected.csv.')), 'once more: still no rejects of rejects');
	writeFileSync(one, 'Nr,Created\n1,2025-01-02\n2,2025-01-03\n');
	is(take(book, '--map', map, ...paths()).code, 0, 'rejects that went while their file was read are missed by nobody');
	deep_equal(counts(take(book, '--map', map, join(folder, both[1]))), [1, 0, 0, 0, 0, 1], 'named alone, it is read as it is');
}

// ---- a map that no longer maps a field
{
	const book = new_book();
	const map = (name, fields) => file(name, `map: shops
files:
  - match: shops*.csv
    as: leads
    key: Nr
    fields: {created: Created, ${fields}}
  - match: scores.csv
    as: leads
    key: Nr
    fields: {score: Score}
`);
	const first = map('shops1.yaml', 'region: Area, segment: Kind'), second = map('shops2.yaml', 'segment: Kind');
	const data = file('shops1.csv', 'Nr,Created,Area,Kind\n1,2025-01-02,North,A\n2,2025-01-03,South,B\n');
	const next = file('shops2.csv', 'Nr,Created,Area,Kind\n1,2025-01-02,North,A\n2,2025-01-03,South,C\n');
	const scores = file('scores.csv', 'Nr,Score\n1,7\n2,8\n');
	take(book, '--map', first, '--exported-at', '2025-02-01', data, scores);
	is(measure(book, 'count(region)', 'leads'), 2, 'the first map takes the region');
	deep_equal(counts(take(book, '--map', second, '--exported-at', '2025-02-01', data)), [2, 0, 0, 2, 0, 0], 'the mended map changes both rows');
	is(measure(book, 'count(region)', 'leads') ?? 0, 0, 'what it no longer maps is gone');
	is(measure(book, 'count(segment)', 'leads'), 2, 'what it maps stays');
	is(measure(book, 'sum(score)', 'leads'), 15, 'what another file said stays');
	const before = run(['verify', '--book', book, '--format', 'json']).json.head;
	deep_equal(counts(take(book, '--map', second, '--exported-at', '2025-02-01', data)), [2, 0, 2, 0, 0, 0], 'again: nothing changes');
	is(run(['verify', '--book', book, '--format', 'json']).json.head, before, 'and nothing is written');
	deep_equal(counts(take(book, '--map', second, '--exported-at', '2025-03-01', next)), [2, 0, 1, 1, 0, 0], 'the next export: what did not change is not changed');
	ok(run(['verify', '--book', book, '--format', 'json']).json.sound, 'the book is sound');
}

// ---- an e-mail address as the key: what is missing in a newer export; stages another map explains; cells that say nothing
{
	const book = new_book();
	const map = file('mails.yaml', `map: mails
files:
  - match: mails*.csv
    as: leads
    key: Mail
    fields: {email: Mail, created: Created, qualified: Ok}
  - match: calls*.csv
    as: activities
    key: Id
    fields: {at: At, duration: {column: Seconds, unit: seconds}}
  - match: ads*.csv
    as: spend
    fields: {day: Day, clicks: {column: Clicks, times: 0.5}, conversions: Conv}
`);
	const one = file('mails1.csv', 'Mail,Created,Ok\nAnn@example.com,2025-01-02,Yes\nbob@example.com,tba,No\nnobody,?,No\n');
	const two = file('mails2.csv', 'Mail,Created,Ok\nann@example.com,2025-01-02,Yes\n');
	const first = take(book, '--map', map, '--exported-at', '2025-02-01', '--dates', 'mm/dd/yyyy', one).json.files[0];
	is(first.rejected, 0, 'tba and ? mean nothing');
	has(first.notes.join('\n'), '1 e-mail cell has no @', 'an address without @ is noted');
	ok(!first.notes.join('\n').includes('Ok: dates read'), 'a column of yes and no holds no dates');
	is(take(book, '--map', map, '--exported-at', '2025-03-01', two).json.files[0].vanished, 2, 'two are missing, whatever the letters of the third');
	take(book, '--map', map, file('calls.csv', 'Id,At,Seconds\n1,2025-01-02,90\n2,2025-01-02,30\n'), file('ads.csv', 'Day,Clicks,Conv\n2025-01-02,10,3\n'));
	is(measure(book, 'sum(duration_minutes)', 'activities'), 2, 'seconds become minutes');
	is(measure(book, 'sum(clicks)', 'spend'), 5, 'a factor below one');
	is(measure(book, 'sum(conversions)', 'spend'), 3, 'fields may be called as measures call them');
	is(run(['import', '--book', book, '--quiet', '--map', map, two]).out, '', '--quiet prints problems only');
	has(run(['fields', 'spend']).out, 'reported_conversions', 'fields are listed without a book');
	has(run(['erase', 'Tom Otte', '--book', book, '--yes']).err, 'colleagues', 'colleagues are not erased; said so');
}

done();
