#!/usr/bin/env node
// What people really have, and what happens when it is read again, changed, older, mended, taken back.

import { existsSync, readFileSync, statSync, utimesSync, writeFileSync, mkdirSync } from 'node:fs';
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
function head(book) {
	return run(['verify', '--book', book, '--format', 'json']).json?.head;
}
function counts(result, i = 0) {
	const f = result.json.files[i];
	return [f.rows, f.accepted, f.unchanged, f.changed, f.older, f.rejected];
}

const map = file('deals.yaml', `map: deals
currency: EUR
files:
  - match: "*.csv"
    as: opportunities
    key: id
    fields: {owner: owner, stage: stage, amount: amount, created: created, closed: closed}
    stages: {Open: open, Won: won, Lost: lost}
`);
const header = 'id,owner,stage,amount,created,closed\n';
const rows = '1,Zoë Müller,Open,"€ 2.900,00",31.01.2024,\n2,Bob,Won,2900.0,01.02.2024,45352\n';

// ---- encodings, line ends, separators: the same two deals each time
{
	const text = header + rows;
	const sum = (book) => run(['measure', 'sum(amount)', '--of', 'opportunities', '--book', book, '--format', 'json']).json?.rows[0]?.value;
	const be = Buffer.from(text, 'utf16le').swap16();
	const forms = {
		'utf8': Buffer.from(text),
		'utf8-bom': Buffer.from('\ufeff' + text),
		'utf16le': Buffer.from('\ufeff' + text, 'utf16le'),
		'utf16be': Buffer.concat([Buffer.from([0xfe, 0xff]), be]),
		'windows-1252': Buffer.from(text.replace('€ ', '\x80 '), 'latin1'),
		'cr': Buffer.from(text.replace(/\n/g, '\r')),
		'crlf': Buffer.from(text.replace(/\n/g, '\r\n')),
		'tabs': Buffer.from(text.replace('"€ 2.900,00"', '€ 2.900,00').replace(/,(?!00)/g, '\t')),
		'semicolons': Buffer.from(text.replace('"€ 2.900,00"', '€ 2.900,00').replace(/,(?!00)/g, ';')),
		'row-in-quotes': Buffer.from(header + '"1,Zoë Müller,Open,""€ 2.900,00"",31.01.2024,"\n2,Bob,Won,2900.0,01.02.2024,45352\n'),
		'blank-rows': Buffer.from('\n' + header + '\n,,,,,\n' + rows + '\n\n'),
	};
	for (const [name, bytes] of Object.entries(forms)) {
		const book = new_book();
		const got = take(book, '--map', map, file(`${name}.csv`, bytes));
		deep_equal(got.json && counts(got), [2, 2, 0, 0, 0, 0], `${name}: two new rows`);
		is(sum(book), 5800, `${name}: both amounts are read`);
	}
}

// ---- dates
{
	const book = new_book();
	const got = take(book, '--map', map, file('dates.csv', header +
		'1,A,Open,1,2024-03-31T23:30:00Z,\n2,A,Open,1,31.12.2023,\n3,A,Open,1,45292,\n4,A,Open,1,"Jan 5, 2024",\n5,A,Open,1,20240106,\n' +
		'6,A,Open,1,2024-01-07 14:05,\n7,A,Open,1,07.01.2024 2:05 PM,\n'), '--dry-run');
	const seen = got.json.files[0].preview.map((p) => /created ([^,]*)/.exec(p)[1]);
	deep_equal(seen, ['2024-04-01T01:30:00+02:00', '2023-12-31', '2024-01-01', '2024-01-05', '2024-01-06'], 'dates as people write them');
}

// ---- ids of 19 digits stay what they are
{
	const book = new_book();
	const got = take(book, '--map', map, '--dry-run', file('ids.csv', header +
		'1234567890123456789,A,Open,1,2024-01-01,\n1234567890123456788,A,Open,1,2024-01-01,\n'));
	has(got.json.files[0].preview[0], 'opportunity 1234567890123456789', '19 digits');
	has(got.json.files[0].preview[1], 'opportunity 1234567890123456788', 'and its neighbour');
}

// ---- again, changed, older, undone
{
	const book = new_book();
	const won = () => run(['measure', 'count(won)', '--of', 'opportunities', '--book', book, '--format', 'json']).json.rows[0].value;
	const january = file('january.csv', header + '1,Ann,Open,10,2024-01-05,\n2,Bob,Open,20,2024-01-06,\n');
	const march = file('march.csv', header + '1,Ann,Won,10,2024-01-05,2024-03-01\n2,Bob,Open,20,2024-01-06,\n3,Cy,Open,30,2024-03-02,\n');
	const february = file('february.csv', header + '1,Ann,Lost,10,2024-01-05,2024-02-20\n2,Bob,Open,20,2024-01-06,\n');
	const first = take(book, '--map', map, '--exported-at', '2024-02-01', january);
	deep_equal(counts(first), [2, 2, 0, 0, 0, 0], 'January goes in');
	const before = head(book);
	const again = take(book, '--map', map, january);
	deep_equal(counts(again), [2, 0, 2, 0, 0, 0], 'January again: nothing');
	has(first.json.known[0], '2 opportunities from 2024-01-05 to 2024-01-06; 0 won or lost', 'what is known, counted from what came in');
	deep_equal([again.json.known, again.json.unknown], [first.json.known, first.json.unknown], 'and from what the book tells');
	const both = take(new_book(), '--map', map, january, march);
	has(both.json.known[0], '3 opportunities from 2024-01-05 to 2024-03-02; 1 won or lost', 'changed by a second file of the same call');
	is(head(book), before, 'and no entry');
	deep_equal(counts(take(book, '--map', map, '--exported-at', '2024-04-01', march)), [3, 1, 1, 1, 0, 0], 'March: one new, one changed');
	is(won(), 1, 'one deal is won');
	const late = take(book, '--map', map, '--exported-at', '2024-03-01', february);
	deep_equal(counts(late), [2, 0, 1, 0, 1, 0], 'February, read late: kept as history');
	is(won(), 1, 'it does not undo March');
	const vanished = take(book, '--map', map, '--exported-at', '2024-05-01', file('may.csv', header + '1,Ann,Won,10,2024-01-05,2024-03-01\n'));
	is(vanished.json.files[0].vanished, 2, 'what is missing in May is counted');
	const list = run(['imports', '--book', book, '--format', 'json']).json.imports;
	const seq = list.find((i) => i.file.endsWith('march.csv')).import;
	is(run(['import', '--book', book, '--undo', String(seq)]).code, 0, 'March is taken back');
	is(run(['import', '--book', book, '--undo', String(seq)]).code, 1, 'once is enough');
	ok(run(['verify', '--book', book, '--format', 'json']).json.sound, 'the book is sound after all that');
	deep_equal(counts(take(book, '--map', map, '--exported-at', '2024-04-01', march)).slice(0, 1), [3], 'March goes in again');
	is(won(), 1, 'and counts');
}

// ---- a map that was mended is news
{
	const book = new_book();
	const data = file('mended.csv', header + '1,Ann,Closed,10,2024-01-05,2024-03-01\n');
	const first = take(book, '--map', map, data);
	has(first.json.files[0].notes.join('\n'), 'No meaning in the map for the stage "Closed"', 'an unknown stage is named');
	const better = file('better.yaml', readFileSync(map, 'utf8').replace('stage: stage,', 'stage: {column: stage, values: {Closed: Won}},'));
	deep_equal(counts(take(book, '--map', better, data)), [1, 0, 0, 1, 0, 0], 'read by a better map, the row changes');
	is(run(['measure', 'count(won)', '--of', 'opportunities', '--book', book, '--format', 'json']).json.rows[0].value, 1, 'and the better reading stands');
}

// ---- rejects: written, mended, taken in
{
	const book = new_book();
	const data = file('faulty.csv', header + '1,Ann,Open,10,2024-01-05,\n2,"Bob, the second",Open,much,2024-02-30,\n,Cy,Open,30,2024-01-07,\n');
	const got = take(book, '--map', map, data);
	const rejected = got.json.files[0].rejected_file;
	deep_equal(counts(got), [3, 1, 0, 0, 0, 2], 'two of three are rejected');
	is(got.code, 0, 'which is no failure');
	const lines = readFileSync(rejected, 'utf8').trim().split('\n');
	is(lines[0], `line,column,reason,${header.trim()}`, 'the rejects have the header of the file after three columns');
	has(lines[1], '3,amount; created,', 'line and columns');
	has(lines[1], '2,"Bob, the second",Open,much,2024-02-30,', 'and the row');
	const before = head(book);
	take(book, '--map', map, data);
	is(head(book), before, 'reading it again writes nothing');
	writeFileSync(rejected, readFileSync(rejected, 'utf8').replace('much,2024-02-30', '20,2024-02-28').replace(',Cy', '3,Cy').replace('missing",,', 'missing",'));
	const mended = take(book, '--map', map, rejected);
	is(mended.json.files[0].accepted, 2, 'mended rows go in');
	ok(!existsSync(`${rejected}.rejected.csv`), 'with nothing rejected');
	writeFileSync(data, header + '1,Ann,Open,10,2024-01-05,\n');
	const clean = take(book, '--map', map, data);
	has(clean.json.files[0].notes.join('\n'), 'No row was rejected this time', 'a file without faults takes the old rejects away');
	ok(!existsSync(rejected), 'they are gone');
	const elsewhere = join(folder, 'elsewhere');
	mkdirSync(elsewhere);
	const moved = take(book, '--map', map, '--rejects', elsewhere, file('faulty2.csv', header + '9,Ann,Open,x,2024-01-05,\n'));
	is(moved.json.files[0].rejected_file, join(elsewhere, 'faulty2.csv.rejected.csv'), '--rejects says where');
}

// ---- strict and dry
{
	const book = new_book();
	const before = head(book);
	const bytes = [readFileSync(book), readFileSync(`${book}.keys`)];
	const good = file('good.csv', header + '1,Ann,Open,10,2024-01-05,\n');
	const bad = file('bad.csv', header + '1,Ann,Open,10,2024-01-05,\n2,Bob,Open,x,2024-01-05,\n');
	const dry = take(book, '--map', map, '--dry-run', bad);
	deep_equal(counts(dry), [2, 1, 0, 0, 0, 1], 'a dry run counts');
	is(dry.json.files[0].rejected_file, null, 'and writes no rejects');
	ok(!existsSync(`${bad}.rejected.csv`), 'indeed none');
	deep_equal([readFileSync(book), readFileSync(`${book}.keys`)], bytes, 'nor a byte of the book');
	const strict = take(book, '--map', map, '--strict', bad, good);
	is(strict.code, 1, 'strict: one bad row refuses the file');
	deep_equal([strict.json.files[0].refused, strict.json.files[1].refused], [true, false], 'that file alone');
	is(strict.json.files[0].problems[0].line, 3, 'and says which row');
	ok(head(book) !== before, 'the good file went in');
}

// ---- one row, two records; records that name each other
{
	const book = new_book();
	const both = file('both.yaml', `map: both
files:
  - match: people.csv
    as: leads
    key: nr
    fields: {email: mail, created: day, source: source}
    skip rows: {when: source, is: [Test]}
    also:
      - as: opportunities
        key: deal
        only rows: {when: deal, is not: [""]}
        fields: {amount: amount, won: {column: bought, values: {"yes": yes, "no": no}}}
  - match: calls.csv
    as: activities
    key: [mail, when]
    fields: {lead: {column: mail, by: email}, at: when, kind: {constant: call}}
`);
	file('people.csv', 'nr,mail,day,source,deal,amount,bought\n1,ann@example.com,2024-01-05,web,D1,100,yes\n2,bob@example.com,2024-01-06,fair,,,\n3,t@example.com,2024-01-06,Test,,,\n');
	file('calls.csv', 'mail,when\nANN@example.com ,2024-01-05 10:00\n');
	const got = take(book, '--map', both, join(folder, 'people.csv'), join(folder, 'calls.csv'));
	is(got.code, 0, 'two files in one call');
	deep_equal([got.json.files[0].accepted, got.json.files[0].left_out], [2, 1], 'two leads, one left out by the map');
	const ask = (e, of) => run(['measure', e, '--of', of, '--book', book, '--format', 'json']).json?.rows[0]?.value;
	is(ask('count(created)', 'leads'), 2, 'two leads');
	is(ask('count(won)', 'leads'), 1, 'the lead of the won deal is won');
	is(ask('count(won)', 'opportunities'), 1, 'one opportunity');
	is(ask('count(lead)', 'activities') ?? 1, 1, 'the call found its lead');
	ok(!readFileSync(book).includes('ann@example.com'), 'no address stands in the book');
}

// ---- nothing of a progress bar in a pipe
{
	const book = new_book();
	const got = run(['import', '--book', book, '--map', map, join(folder, 'march.csv')]);
	is(got.err, '', 'standard error is silent');
	ok(!/\r|\x1b/.test(got.out), 'and no control characters on standard output');
}

// ---- a file that will change later than now was not observed in the future
{
	const book = new_book();
	const path = file('future.csv', header + '1,Ann,Open,10,2024-01-05,\n');
	utimesSync(path, new Date('2099-01-01'), new Date('2099-01-01'));
	take(book, '--map', map, path);
	const [one] = run(['imports', '--book', book, '--format', 'json']).json.imports;
	ok(new Date(one.observed) <= new Date(), 'observed now at the latest');
	ok(statSync(path).mtime > new Date(), 'whatever the clock of the file says');
}

// ---- a drafted map sees titles above the header, and addresses where they would not be sealed
{
	const book = new_book();
	const path = file('titled.csv', 'Deals export\nMade on 2025-01-03\n\nDeal ID;Owner;Close Date;Extra\n'
		+ [1, 2, 3].map((i) => `${i};Ann;2025-01-0${i};anna${i}@quorn.example\n`).join(''));
	const draft = run(['import', '--draft-map', path]);
	has(draft.out, 'skip lines: 2', 'titles above the header are passed over');
	has(draft.out, 'key: Deal ID', 'and the header is found under them');
	has(draft.out, 'left out: Extra holds addresses', 'a column of addresses gets no name of its own');
	const yaml = file('titled.yaml', draft.out);
	const { files } = run(['import', '--book', book, '--map', yaml, '--format', 'json', path]).json;
	is(files[0].accepted, 3, 'and the map that was drafted reads the file');
	const open = file('open.yaml', 'map: own\nfiles:\n  - match: titled.csv\n    skip lines: 2\n    as: leads\n    key: Deal ID\n'
		+ '    fields: {owner: Owner}\n    custom:\n      extra: {column: Extra, type: text}\n');
	has(run(['import', '--book', new_book(), '--map', open, path]).out.replace(/\s+/g, ' '), 'Addresses in fields of your own, which are not sealed: "extra" (3)',
		'who maps them there all the same is told');
	ok(!/skip lines/.test(run(['import', '--draft-map', file('plain.csv', 'Deal ID;Owner\n1;Ann\n2;Bob\n')]).out), 'a file without titles has none');
}

// ---- what would run as a formula is guarded in lists, and comes back as it was ----
{
	const names = ['=1+1', '@x', '-2+3|x', '-5', "'tis"];
	const map = file('formulas.yaml', 'map: own\nfiles:\n  - match: "formulas*.csv"\n    as: leads\n    key: key\n    fields: {company: account}\n');
	const list = (book) => run(['rows', '--book', book, '--of', 'leads', '--columns', 'key, account', '--format', 'csv']).out;
	const first = new_book(), second = new_book();

	take(first, '--map', map, file('formulas.csv', 'key,account\n' + names.map((name, i) => `${i},${name}\n`).join('')));
	const listed = list(first);
	is(listed, `key,account\n0,"'=1+1"\n1,"'@x"\n2,"'-2+3|x"\n3,-5\n4,'tis\n`, 'formulas are made text in a list for spreadsheets');
	take(second, '--map', map, file('formulas-again.csv', listed));
	is(run(['measure', 'count()', '--by', 'account', '--book', second, '--format', 'json']).json.rows.map((r) => r.by[0]).sort().join(),
		[...names].sort().join(), 'what is read of a list of ours is what stood in the book');
	is(list(second), listed, 'and so listed');
}

// ---- telephone numbers as ids ----
{
	const rows = 'number,company\n+49 30 1234567,Acme\n(555) 010-0199,Beta\n4711 0815,Gamma\n4930123456,Delta\n';
	const map = (fields) => file('phones.yaml', `map: own\nfiles:\n  - match: phones.csv\n    as: leads\n    key: number\n    fields: {company: company${fields}}\n`);
	const said = (book, fields) => run(['import', '--book', book, '--map', map(fields), file('phones.csv', rows)]).out.replace(/\s+/g, ' ');
	const keys = (book) => run(['rows', '--book', book, '--of', 'leads', '--columns', 'key', '--format', 'csv']).out;
	const open = new_book(), sealed = new_book();

	has(said(open, ''), '3 ids look like a telephone number: ids are not sealed', 'numbers as ids are told of');
	has(keys(open), '+49 30 1234567', 'they stand in the clear');
	ok(!said(sealed, ', phone: number').includes('look like a telephone number'), 'not where the column is the phone as well');
	ok(!/\d{4}/.test(keys(sealed).replace(/anon-\d+/g, '')), 'for then they do not');
}

done();
