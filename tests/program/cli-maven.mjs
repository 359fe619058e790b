#!/usr/bin/env node
// A CRM's export, from the empty book to the rows behind a figure, as the README tells it.
import { join } from 'node:path';
import { readFileSync, readdirSync } from 'node:fs';
import { is, deep_equal, has, near, ok, skip_all, done, data_folder, root, run, temporary_folder } from '../tap.mjs';

const data = data_folder('maven_crm');
if (!data)
	skip_all('LOCKSTEP_DATA has no maven_crm');
const reference = JSON.parse(readFileSync(join(data, 'reference.json'), 'utf8'));
const folder = temporary_folder();
const book = join(folder, 'book');
const lockstep = (name, ...args) => run([name, '--book', book, ...args]);
const files = readdirSync(data).filter((f) => f.endsWith('.csv')).map((f) => join(data, f));

is(lockstep('init', '--zone', 'UTC', '--currency', 'USD').code, 0, 'init');
is(lockstep('import', '--map', join(root, 'examples/maps/maven_crm.yaml'), ...files).code, 0, 'import');
const head = lockstep('verify', '--format', 'json').json.head;

const rate = lockstep('measure', 'count(won) / count(closed)', '--of', 'opportunities', '--format', 'json').json;
deep_equal([rate.rows[0].numerator, rate.rows[0].denominator], [4238, 6711], 'win rate');
is(rate.as_of, '2017-12-31', 'old data is asked as of its last day');
has(lockstep('measure', 'count(won) / count(closed)', '--of', 'opportunities').out, /\n {2}63\.2 % {2}4,238 of 6,711\n$/,
	'for people');
const kpi = lockstep('kpi', 'win_rate', '--by', 'owner', '--format', 'json').json;
is(kpi.rows.length, 30, 'the KPI by rep');
is(kpi.rows.reduce((sum, r) => sum + r.denominator, 0), 6711, 'adds up');
const quarter = lockstep('kpi', 'win_rate', '--from', '2017-10-01', '--to', '2017-12-31', '--format', 'json').json.rows[0];
const days = lockstep('measure', 'count(won) / count(closed)', '--of', 'opportunities', '--by', 'quarter(closed)', '--format',
	'json').json.rows.find((r) => r.by[0] === '2017-Q4');
deep_equal([quarter.numerator, quarter.denominator], [days.numerator, days.denominator], 'a period is the same as its bucket');

const where = 'open and days(created, as_of) > 138';
const old = lockstep('measure', 'count()', '--of', 'opportunities', '--where', where, '--format', 'json').json.rows[0].value;
const rows = lockstep('rows', '--of', 'opportunities', '--where', where, '--columns', 'key, created', '--order', 'created',
	'--limit', '5000', '--format', 'json').json;
is(old, 1291, 'deals open longer than any that closed');
is(rows.total, old, 'and the rows behind the figure');
is(rows.rows.length, old, 'all of them');
deep_equal(rows.rows.map((r) => r[1]), rows.rows.map((r) => r[1]).sort(), 'in the order asked for');
ok(rows.rows.every((r) => r[1] < '2017-08-15'), 'each of them that old');

const cycle = lockstep('measure', 'average(days(created, won))', '--of', 'opportunities', '--format', 'json').json.rows[0];
near(cycle.value, reference.cycle_days.won.mean, 0.0001, 'mean cycle in days');

is(lockstep('measure', 'count', '--of', 'opportunities', '--format', 'json').json.rows[0].value, reference.rows, 'count alone counts rows');
is(lockstep('measure', 'count where won', '--of', 'opportunities', '--format', 'json').json.rows[0].value, 4238, 'and takes a where');
const slip = lockstep('measure', 'count(stage = Wonn)', '--of', 'opportunities', '--format', 'json');
is(slip.json.rows[0].value, 0, 'a name nobody has counts nothing');
has(slip.err, 'did you mean "Won"', 'which is said, with the nearest name');

// Taken back, moved, and checked against the head that was printed before.
is(lockstep('backup', '--to', join(folder, 'copy'), '--keys-to', join(folder, 'copy.keys')).code, 0, 'backup');
const seq = lockstep('imports', '--format', 'json').json.imports.find((i) => i.as === 'opportunities').import;
is(lockstep('import', '--undo', String(seq)).code, 0, 'undo');
is(lockstep('measure', 'count()', '--of', 'opportunities', '--format', 'json').json.rows[0]?.value ?? 0, 0, 'takes the deals back');
is(lockstep('imports', '--format', 'json').json.imports.find((i) => i.import === seq).state, 'undone', 'and says so');
is(lockstep('verify', '--head', head).code, 0, 'the earlier head still stands');
const moved = join(folder, 'moved');
is(run(['restore', join(folder, 'copy'), '--book', moved, '--keys', join(folder, 'copy.keys')]).code, 0, 'restore');
deep_equal(run(['kpi', 'win_rate', '--by', 'owner', '--book', moved, '--format', 'json']).json, kpi, 'answers as before');
is(run(['verify', '--book', moved, '--head', head]).code, 0, 'and is sound');
done();
