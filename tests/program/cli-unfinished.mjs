#!/usr/bin/env node
// An import that was killed is named everywhere until it is completed.
import { spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { once } from 'node:events';
import { join } from 'node:path';
import { writeFileSync } from 'node:fs';
import { is, deep_equal, has, ok, skip, done, program, run, temporary_folder } from '../tap.mjs';

const folder = temporary_folder();
const at = (name) => join(folder, name);
const lockstep = (name, ...args) => run([name, '--book', at('book'), ...args]);
const ROWS = 120000;

const csv = createWriteStream(at('leads.csv'));
csv.write('id,source,created\n');
for (let i = 0; i < ROWS; i += 1000)
	csv.write(Array.from({ length: 1000 }, (_, k) => `L${i + k},s${(i + k) % 7},2026-01-05\n`).join(''));
csv.end();
await once(csv, 'close');
writeFileSync(at('map.yaml'), `map: many
source: many
files:
  - {match: leads.csv, as: leads, key: id, dates: yyyy-mm-dd, fields: {source: source, created: created}}
`);
is(lockstep('init', '--zone', 'UTC').code, 0, 'init');
const args = ['--map', at('map.yaml'), at('leads.csv')];
const child = spawn(program, ['import', '--book', at('book'), ...args], { stdio: 'ignore' });
const gone = once(child, 'exit');
let begun;
while (child.exitCode === null && !begun)
	begun = lockstep('imports', '--format', 'json').json?.imports.find((i) => i.state !== 'finished');
child.kill('SIGSTOP');
if (begun && lockstep('imports', '--format', 'json').json?.imports[0].state !== 'finished') {
	is(begun.state, 'running', 'an import that is running is called so');
	is(begun.process, child.pid, 'with its process');
	has(lockstep('imports').err, `Running: process ${child.pid} takes it in`, 'in words too');
	ok(!lockstep('imports').err.includes('Unfinished'), 'and nobody is told to run it again');
	has(lockstep('measure', 'count()').err, `is running (process ${child.pid})`, 'measure says so');
	is(lockstep('verify', '--format', 'json').json.unfinished_imports, 0, 'nor by verify');
	has(lockstep('report', 'funnel').out, `is running (process ${child.pid})`, 'and a report');
} else {
	skip('the import was done before it could be looked at');
}
child.kill('SIGKILL');
await gone;
const left = lockstep('imports', '--format', 'json').json.imports[0];
if (left?.state !== 'unfinished') {
	skip('the import was done before it could be killed');
} else {
	has(lockstep('imports').err, 'Unfinished', 'imports says what to do');
	const verify = lockstep('verify', '--format', 'json').json;
	deep_equal([verify.sound, verify.unfinished_imports], [true, 1], 'the book is sound, and verify counts it');
	has(lockstep('verify').out, '1 unfinished import', 'and says so');
	const some = lockstep('measure', 'count()', '--format', 'json');
	has(some.err, `Import ${left.import} of ${at('leads.csv')} was not finished`, 'measure names it');
	deep_equal(some.json.unfinished_imports, [left.import], 'in JSON too');
	ok(some.json.rows[0].value < ROWS && some.json.rows[0].value % 16384 === 0, 'whole chunks are in');
}
is(lockstep('import', ...args).code, 0, 'the same import again');
const all = lockstep('measure', 'count()', '--format', 'json');
is(all.json.rows[0].value, ROWS, 'completes it');
is(all.json.unfinished_imports, undefined, 'and nothing is unfinished');
is(all.err, '', 'nor said to be');
is(lockstep('verify').code, 0, 'and all is sound');
done();
