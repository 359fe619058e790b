#!/usr/bin/env node
// An import that finds no room, or that somebody ends, says how many rows are in: so many, and no others, are counted. The same import again
// completes it; its undo takes back what is in.
import { spawn } from 'node:child_process';
import { statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deep_equal, done, has, is, ok, program, run, temporary_folder } from '../tap.mjs';

const folder = temporary_folder();
const at = (name) => join(folder, name);
const lockstep = (book, name, ...args) => run([name, '--book', at(book), ...args]);
const counted = (book) => lockstep(book, 'measure', 'count()', '--format', 'json').json.rows[0].value;
const CHUNK = 16384;
const day = (i, bad) => (bad(i) ? 'soon' : `2024-02-${String(1 + (i % 28)).padStart(2, '0')}`);
const write = (name, rows, bad = () => false) =>
	writeFileSync(at(name), `id,created,source\n${Array.from({ length: rows }, (_, i) => `M${i},${day(i, bad)},web\n`).join('')}`);
writeFileSync(at('map.yaml'), `map: crm
source: crm
files:
  - {match: "*.csv", as: leads, key: id, fields: {created: created, source: source}}
`);
const said = (err, rows) => {
	const match = new RegExp(`([0-9,]+) of ${rows} rows are in; run the same import again, or take them back: lockstep import --undo 2`).exec(err);
	return match ? Number(match[1].replaceAll(',', '')) : /nothing of .* was taken in; run the same import again/.test(err) ? 0 : NaN;
};

// ---- no room: files may not grow further ----
write('leads.csv', 60000);
is(lockstep('full', 'init', '--zone', 'UTC').code, 0, 'init');
const call = ['import', '--book', at('full'), '--map', at('map.yaml'), at('leads.csv')];
const refused = run(['-c', 'trap "" XFSZ; ulimit -f 8000; exec "$@"', 'sh', program, ...call], { command: '/bin/sh' });
is(refused.code, 3, 'no room for all of it');
const rows = said(refused.err, '60,000');
ok(rows > 0 && rows < 60000 && rows % CHUNK === 0, `${rows} rows are said to be in: ${refused.err.trim()}`);
ok(!/Nothing of this|the book is written/.test(refused.err), 'and nothing that is not so');
is(counted('full'), rows, 'so many are counted');
const again = run(call);
has(again.out, 'an import that was interrupted is now complete', 'with room again the same import completes it');
is(counted('full'), 60000, 'all are in');

is(lockstep('undone', 'init', '--zone', 'UTC').code, 0, 'another book');
call[2] = at('undone');
is(run(['-c', 'trap "" XFSZ; ulimit -f 8000; exec "$@"', 'sh', program, ...call], { command: '/bin/sh' }).code, 3, 'likewise');
is(lockstep('undone', 'import', '--undo', '2').code, 0, 'and taken back as it says');
is(counted('undone'), 0, 'none is left');

// ---- no room, and rows that are rejected: these are not in ----
write('faulty.csv', 60000, (i) => i % 10000 === 5);
is(lockstep('faulty', 'init', '--zone', 'UTC').code, 0, 'a book for a file with faults');
const faulty = run(['-c', 'trap "" XFSZ; ulimit -f 8000; exec "$@"', 'sh', program, 'import', '--book', at('faulty'), '--map', at('map.yaml'), at('faulty.csv')], { command: '/bin/sh' });
is(faulty.code, 3, 'no room for all of it');
ok(said(faulty.err, '60,000') > 0, faulty.err.trim());
is(counted('faulty'), said(faulty.err, '60,000'), 'the good rows of all chunks that are in are said to be in, and no others');

// ---- all is in, but what was rejected can be written nowhere ----
write('small.csv', 3, (i) => i === 1);
symlinkSync(at('nowhere/x'), at('small.csv.rejected.csv'));
is(lockstep('small', 'init', '--zone', 'UTC').code, 0, 'a book for a small file');
const small = lockstep('small', 'import', '--map', at('map.yaml'), at('small.csv'));
is(small.code, 3, 'the rejected row finds no place');
has(small.err, 'cannot write the rejected rows', 'which is said');
deep_equal([said(small.err, '3'), counted('small')], [2, 2], 'with how many rows are in');

// ---- somebody ends it ----
write('many.csv', 150000);
const interrupt = (book, before = 'true') => new Promise((resolve) => {
	const script = `${before}; exec "$@"`;
	const child = spawn('/bin/sh', ['-c', script, 'sh', program, 'import', '--book', at(book), '--map', at('map.yaml'), at('many.csv')], { stdio: ['ignore', 'pipe', 'pipe'] });
	const watch = setInterval(() => {
		if ((statSync(at(`${book}-wal`), { throwIfNoEntry: false })?.size ?? 0) < 1 << 20) return;
		clearInterval(watch); // a second signal would end it at once
		child.kill('SIGINT');
	}, 5);
	let [out, err] = ['', ''];
	child.stdout.on('data', (bytes) => (out += bytes));
	child.stderr.on('data', (bytes) => (err += bytes));
	child.on('close', (code, signal) => {
		clearInterval(watch);
		resolve({ code, signal, out, err });
	});
});
is(lockstep('ended', 'init', '--zone', 'UTC').code, 0, 'a third');
const ended = await interrupt('ended');
deep_equal([ended.code, ended.signal, ended.out], [null, 'SIGINT', ''], 'it ends by the signal');
is(ended.err.trim().split('\n').length, 1, `with one line: ${ended.err.trim()}`);
ok(ended.err.startsWith('lockstep import: interrupted: '), 'that says so');
is(counted('ended'), said(ended.err, '150,000'), 'and how many rows are in');
is(lockstep('ended', 'import', '--map', at('map.yaml'), at('many.csv')).code, 0, 'the same import again');
is(counted('ended'), 150000, 'completes it');
has(lockstep('ended', 'verify').out, 'Sound.', 'the book is sound');

is(lockstep('unheeding', 'init', '--zone', 'UTC').code, 0, 'another book');
const unheeding = await interrupt('unheeding', 'trap "" INT');
deep_equal([unheeding.code, unheeding.signal, counted('unheeding')], [0, null, 150000], 'started to take no notice of the signal, it takes none');
done();
