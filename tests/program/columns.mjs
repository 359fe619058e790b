#!/usr/bin/env node
// The columns snapshot beside the book, over real and made-up data: the same answers with it, without it, and when it is damaged.

import { chownSync, closeSync, existsSync, openSync, readFileSync, readSync, rmSync, statSync, unlinkSync, writeFileSync, writeSync } from 'node:fs';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { ok, is, deep_equal, has, run, skip, done, temporary_folder, data_folder, root } from '../tap.mjs';

const folder = temporary_folder();

function flip(path, at) {
	const file = openSync(path, 'r+');
	const byte = Buffer.alloc(1);
	readSync(file, byte, 0, 1, at);
	byte[0] ^= 1 << at % 8;
	writeSync(file, byte, 0, 1, at);
	closeSync(file);
}

// Every question with the snapshot, with a damaged one, and with none.
function same_answers(name, book, questions) {
	const columns = `${book}.columns`;
	const ask = () => questions.map(([measure, of, by]) => {
		const answer = run(['measure', measure, '--book', book, '--of', of, '--format', 'json', ...(by ? ['--by', by] : [])]);
		return { code: answer.code, rows: answer.json?.rows, err: answer.err };
	});
	ok(existsSync(columns), `${name}: it is written with the book`);
	const sound = run(['verify', '--book', book, '--format', 'json']);
	is(sound.code, 0, `${name}: it holds what the entries make`);
	const first = ask();
	ok(first.every((answer) => answer.code === 0 && answer.err === ''), `${name}: asked`);
	flip(columns, Math.floor(statSync(columns).size / 2));
	const damaged = ask();
	deep_equal(damaged.map((a) => a.rows), first.map((a) => a.rows), `${name}: a damaged one changes no answer`);
	ok(damaged.every((a) => a.err.split('\n').length === 2 && a.err.includes(columns)), `${name}: and is said, in one line`);
	const found = run(['verify', '--book', book, '--format', 'json']);
	is(found.code, 1, `${name}: verify finds it`);
	is(found.json.fault, 'columns', `${name}: calls it by its name`);
	has(found.json.text, columns, `${name}: and says where it is`);
	has(run(['verify', '--book', book]).out, /Not sound.*columns snapshot.*delete it/s, `${name}: for people too`);
	unlinkSync(columns);
	const none = ask();
	deep_equal(none, first, `${name}: without it the answers are the same`);
	ok(existsSync(columns), `${name}: and the first question has made it again`);
	is(run(['verify', '--book', book]).code, 0, `${name}: and the book is sound`);
}

function real(set, files, questions) {
	if (!data_folder(set))
		return skip(`no ${set} data`);
	const book = join(folder, `${set}.lockstep`);
	run(['init', '--book', book, '--zone', 'UTC', '--currency', 'USD']);
	const call = run(['import', '--book', book, '--map', join(root, 'examples/maps', `${set}.yaml`), '--rejects', folder,
		...files.map((file) => join(data_folder(set), file))]);
	if (ok(call.code === 0, `${set}: import`))
		same_answers(set, book, questions);
}

real('maven_crm', ['accounts.csv', 'products.csv', 'sales_teams.csv', 'sales_pipeline.csv'],
	[['count()', 'opportunities', 'stage'], ['sum(amount where won)', 'opportunities', 'owner'], ['count(won)', 'opportunities', 'account']]);
real('kag', ['KAG_conversion_data.csv'], [['sum(amount)', 'spend', 'campaign'], ['sum(clicks)', 'spend', 'age']]);

// ---- a made-up company ----

const book = join(folder, 'made-up');
const columns = `${book}.columns`;
is(run(['simulate', '--book', book, '--leads', '400', '--quiet']).code, 0, 'simulate');
same_answers('made up', book, [['count(won) / count(closed)', 'opportunities', 'owner'], ['median(days(created, won))', 'leads', 'source'],
	['sum(amount where open)', 'opportunities', 'stage'], ['count()', 'touches', 'kind']]);

is(run(['simulate', '--book', book, '--leads', '400', '--quiet']).code, 0, 'simulated again, nothing is new');
ok(existsSync(columns), 'but what was deleted is made again');
const before = readFileSync(columns);
is(run(['erase', 'leads:simulator:L7', '--book', book, '--yes']).code, 0, 'someone is erased');
ok(!readFileSync(columns).equals(before), 'it is another one then');
is(run(['verify', '--book', book]).code, 0, 'and sound');
is(run(['import', '--undo', 'last', '--dry-run', '--book', book]).code, 2, 'taking back cannot be tried, so nothing is taken back');
const undo = run(['import', '--undo', 'last', '--book', book]);
is(undo.code, 0, 'the import is taken back');
const left = run(['measure', 'count()', '--of', 'leads', '--book', book, '--format', 'json']);
is(left.json.rows[0]?.value ?? 0, 0, 'nothing of it is left in the answers');
is(run(['verify', '--book', book]).code, 0, 'nor in the columns');

// ---- kept by who asks ----

const kept = readFileSync(columns);
unlinkSync(columns);
const asking = ['measure', 'count()', '--of', 'touches', '--book', book];
is(run([...asking, '--known-at', '2020-01-01']).code, 0, 'asked what was known long ago');
ok(!existsSync(columns), 'that is not kept');
const holder = spawn('flock', [`${book}.lock`, 'cat'], { stdio: ['pipe', 'ignore', 'ignore'] });
while (!run(['import', '--undo', 'last', '--book', book]).err.includes('is held by'))
	;
rmSync(columns, { force: true }); // an undo that came before the holder made them again
is(run(asking).code, 0, 'asked while another process holds the book');
ok(!existsSync(columns), 'nothing is put beside a book that is being written');
holder.stdin.end();
await once(holder, 'exit');
is(run(asking).code, 0, 'asked again');
ok(readFileSync(columns).equals(kept), 'then it is kept, just as who writes makes it');
is(run(['verify', '--book', book]).code, 0, 'and sound');

unlinkSync(columns);
if (process.getuid() === 0) {
	const owner = statSync(book).uid;
	unlinkSync(`${book}.lock`);
	chownSync(book, 65534, -1);
	is(run(asking).code, 0, 'asked by another user than who owns the book');
	ok(!existsSync(columns) && !existsSync(`${book}.lock`), 'nothing is put there that its owner could not read or lock');
	chownSync(book, owner, -1);
} else {
	skip('only root can give a book to somebody else');
}
is(run(asking).code, 0, 'asked by its owner');
ok(existsSync(columns), 'it is kept again');

// ---- no book at all ----

const alone = join(folder, 'alone.columns');
is(run(['simulate', '--facts-only', '--columns', alone, '--leads', '400', '--quiet']).code, 0, 'columns without a book');
is(run(['measure', 'count()', '--of', 'leads', '--book', alone, '--format', 'json']).json.rows[0].value, 400, 'can be asked');
is(run(['simulate', '--facts-only', '--leads', '400']).code, 2, '--facts-only asks where to');
is(run(['simulate', '--columns', alone]).code, 2, '--columns is for --facts-only');
flip(alone, 5000);
const broken = run(['measure', 'count()', '--of', 'leads', '--book', alone]);
is(broken.code, 3, 'damaged, they are refused');
has(broken.err, alone, 'by name');
writeFileSync(alone, 'LOCKSTEP COLUMNS');
is(run(['facts', '--book', alone]).code, 3, 'cut off, likewise');

done();
