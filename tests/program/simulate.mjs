#!/usr/bin/env node
// A made-up company: into a book, into CSV files and back, refused where it does not belong, completed when interrupted.
import { spawn } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, writeFileSync, statSync } from 'node:fs';
import { ok, is, deep_equal, has, done, run, root, program, temporary_folder } from '../tap.mjs';

const folder = temporary_folder();
const book = `${folder}/a.lockstep`;
const small = ['--leads', '300', '--plant', 'all', '--format', 'json'];

const first = run(['simulate', '--book', book, ...small]);
is(first.code, 0, 'a company is written into a book that is made for it');
is(first.json.new.leads, 300, 'with as many leads as asked for');
for (const kind of ['accounts', 'touches', 'activities', 'opportunities', 'stage-history', 'spend', 'people'])
	ok(first.json.new[kind] > 0, `with ${kind}`);
ok(first.json.planted.slow_rep && first.json.planted.junk_campaign && first.json.planted.leaking_stage
	&& first.json.planted.over_qualification === true, 'it says what was planted');
const story = readFileSync(`${book}.story.yaml`, 'utf8');
has(story, `slow_rep: "${first.json.planted.slow_rep}"`, 'and so does the story beside the book');
is(run(['verify', '--book', book]).code, 0, 'the book verifies');

const both = run(['simulate', '--book', `${folder}/none`, '--plant', 'over_qualification,under_qualification']);
is(both.code, 1, 'a bar that is too high and too low is refused');
has(both.err, 'plant: a bar is not too high and too low at once', 'and why');
is(run(['simulate', '--book', `${folder}/low`, '--leads', '20', '--plant', 'under_qualification', '--format', 'json']).json.planted.under_qualification, true, 'too low alone is planted');
const head = run(['verify', '--book', book, '--format', 'json']).json?.head;
const again = run(['simulate', '--book', book, ...small]);
is(again.code, 0, 'the same once more');
is(again.json.unchanged, again.json.records, 'changes nothing');
is(run(['verify', '--book', book, '--format', 'json']).json?.head, head, 'not even the head of the book');

const other = run(['simulate', '--book', book, '--leads', '301']);
is(other.code, 1, 'another company does not go into the same book');
has(other.err, '--into', 'and the way to do it all the same is named');
is(readFileSync(`${book}.story.yaml`, 'utf8'), story, 'the story beside the book stays');
is(run(['simulate', '--book', book, '--leads', '20', '--seed', '5', '--into']).code, 0, '--into does it');

// A story may be read again, and options win over it.
const twin = run(['simulate', '--book', `${folder}/b.lockstep`, '--story', `${folder}/a.story.yaml`, '--format', 'json']);
is(twin.code, 3, 'a story that is not there is an error');
writeFileSync(`${folder}/a.story.yaml`, story);
const reread = run(['simulate', '--book', `${folder}/b.lockstep`, '--story', `${folder}/a.story.yaml`, '--format', 'json']);
deep_equal(reread.json?.new, first.json.new, 'a story that simulate wrote makes the same company');
const moved = run(['simulate', '--book', `${folder}/c.lockstep`, '--story', `${folder}/a.story.yaml`, '--leads', '50',
	'--last-day', '2026-11-20', '--plant', 'none', '--format', 'json']);
is(moved.json?.last_day, '2026-11-20', '--last-day moves its end');
is(moved.json?.first_day, '2025-11-22', 'and its beginning');
is(moved.json?.new.leads, 50, '--leads wins over the story');
is(moved.json?.planted.slow_rep, null, 'so does --plant');

// Every mistake of a story is named with its place.
writeFileSync(`${folder}/bad.yaml`, 'leads: many\nlast day: 2026-02-30\nteams: 3\nreps: 2\nplant: [slow_rap]\nsed: 1\n');
const bad = run(['simulate', '--book', `${folder}/d.lockstep`, '--story', `${folder}/bad.yaml`]);
is(bad.code, 1, 'a story with mistakes is refused');
for (const place of ['bad.yaml:1:8: leads', 'bad.yaml:2:11: last day', 'bad.yaml:5:9: plant', 'bad.yaml:6:1: sed'])
	has(bad.err, place, `naming ${place}`);
ok(!existsSync(`${folder}/d.lockstep`), 'and no book is made');
writeFileSync(`${folder}/thin.yaml`, 'teams: 3\nreps: 2\n');
has(run(['simulate', '--book', `${folder}/d.lockstep`, '--story', `${folder}/thin.yaml`]).err, 'every team needs a rep',
	'keys that do not fit together are named too');
for (const [args, word] of [[['--plant', 'slow_rap'], 'slow_rap'], [['--leads', '0'], '--leads'], [['--leads', '-4'], '--leads']]) {
	const wrong = run(['simulate', '--book', `${folder}/d.lockstep`, ...args]);
	is(wrong.code, 2, `${args.join(' ')} is wrong usage`);
	has(wrong.err, word, `${args.join(' ')} is named`);
}
for (const name of readdirSync(`${root}/examples/stories`))
	if (name !== 'ten-million.yaml')
		is(run(['simulate', '--to-csv', `${folder}/${name}`, '--story', `examples/stories/${name}`, '--leads', '100']).code, 0,
			`examples/stories/${name} can be read`);

// To CSV and back.
const csv = run(['simulate', '--to-csv', `${folder}/csv`, ...small]);
is(csv.code, 0, 'CSV files instead of a book');
const imported = run(['import', '--book', (run(['init', '--book', `${folder}/e.lockstep`, '--zone', 'Europe/Berlin', '--currency', 'EUR']),
	`${folder}/e.lockstep`), '--format', 'json',
	...readdirSync(`${folder}/csv`).filter((n) => n.endsWith('.csv')).map((n) => `${folder}/csv/${n}`)]);
is(imported.code, 0, 'which an import knows by their headers');
deep_equal(Object.fromEntries(imported.json?.files.map((f) => [f.as, f.accepted]) ?? []),
	Object.fromEntries(Object.entries(csv.json.new).filter(([, n]) => n > 0)), 'every row of them');

// Without minor units, and with three digits of them.
for (const currency of ['JPY', 'KWD']) {
	const at = `${folder}/${currency}`, dated = { env: { ...process.env, LOCKSTEP_NOW: '2026-01-01T00:00:00Z' } };
	writeFileSync(`${at}.yaml`, `currency: ${currency}\nleads: 200\n`);
	run(['simulate', '--to-csv', at, '--story', `${at}.yaml`]);
	run(['simulate', '--book', `${at}.lockstep`, '--story', `${at}.yaml`]);
	run(['init', '--book', `${at}.read.lockstep`, '--zone', 'Europe/Berlin', '--currency', currency]);
	run(['import', '--book', `${at}.read.lockstep`, `${at}/opportunities.csv`]);
	const amounts = [`${at}.lockstep`, `${at}.read.lockstep`].map((book) =>
		run(['measure', 'sum(amount)', '--of', 'opportunities', '--by', 'product', '--book', book, '--format', 'json'], dated).json?.rows);
	ok(amounts[0]?.length > 1, `a company in ${currency}`);
	deep_equal(amounts[1], amounts[0], 'has the same amounts in its files as in its book');
}

// The same company to the byte, wherever it goes.
run(['simulate', '--to-csv', `${folder}/csv2`, ...small]);
for (const name of readdirSync(`${folder}/csv`))
	ok(readFileSync(`${folder}/csv/${name}`).equals(readFileSync(`${folder}/csv2/${name}`)), `the same seed, the same ${name}`);
for (const name of ['one', 'two'])
	is(run(['simulate', '--facts-only', '--columns', `${folder}/${name}.columns`, ...small]).code, 0, 'columns without a book');
ok(readFileSync(`${folder}/one.columns`).equals(readFileSync(`${folder}/two.columns`)), 'the same seed, the same columns');

// Stopped on the way, files keep what they said before.
const stopped = spawn(program, ['simulate', '--to-csv', `${folder}/csv`, '--leads', '2000000'], { stdio: 'ignore' });
while (!(existsSync(`${folder}/csv/leads.csv.part`) && statSync(`${folder}/csv/leads.csv.part`).size > 100000) && stopped.exitCode === null)
	await new Promise((go) => setTimeout(go, 5));
stopped.kill('SIGKILL');
await new Promise((go) => stopped.on('exit', go));
ok(readFileSync(`${folder}/csv/leads.csv`).equals(readFileSync(`${folder}/csv2/leads.csv`)), 'a run that is killed leaves the files before it');

const half_columns = spawn(program, ['simulate', '--facts-only', '--columns', `${folder}/half.columns`, '--leads', '2000000'], { stdio: 'ignore' });
await new Promise((go) => setTimeout(go, 300));
half_columns.kill('SIGKILL');
await new Promise((go) => half_columns.on('exit', go));
ok(!existsSync(`${folder}/half.columns`), 'columns that are not whole are not there');

// Touches in parts.
writeFileSync(`${folder}/touches.yaml`, 'touches per lead: 5.25\n');
is(run(['simulate', '--to-csv', `${folder}/touches`, '--story', `${folder}/touches.yaml`, '--leads', '100']).code, 0, 'touches per lead need not be whole');
has(readFileSync(`${folder}/touches/story.yaml`, 'utf8'), 'touches per lead: 5.25\n', 'and are told as they were asked for');

// Killed on the way: whole chunks stay, and running it again completes the company.
const half = `${folder}/f.lockstep`;
const long = ['simulate', '--book', half, '--leads', '6000', '--format', 'json'];
const child = spawn(program, long, { stdio: 'ignore' });
const size = () => ['', '-wal'].reduce((sum, end) => sum + (existsSync(half + end) ? statSync(half + end).size : 0), 0);
while (size() < 4_000_000 && child.exitCode === null)
	await new Promise((go) => setTimeout(go, 5));
child.kill('SIGKILL');
await new Promise((go) => child.on('exit', go));
const rest = run(long);
is(rest.code, 0, 'an interrupted company is completed by the same command');
const whole = run(['simulate', '--book', `${folder}/g.lockstep`, '--leads', '6000', '--format', 'json']);
is(rest.json?.records, whole.json?.records, 'to the last record');
is(run(['simulate', '--book', half, '--leads', '6000', '--format', 'json']).json?.unchanged, whole.json?.records, 'none is missing');
is(run(['verify', '--book', half]).code, 0, 'and the book verifies');

done();
