#!/usr/bin/env node
// What keeps a book safe: verify, backup, restore, erase and the list of imports, on a few leads of our own.
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { spawnSync } from 'node:child_process';
import { ok, is, deep_equal, has, skip, done, run, program, temporary_folder } from '../tap.mjs';

const folder = temporary_folder();
const at = (name) => join(folder, name);
const book = at('book');
const lockstep = (name, ...args) => run([name, '--book', book, ...args]);
const HEAD = /^\d+:[0-9a-f]{64}$/;

// ---- a book with something in it ----

const people = [
	['L1', 'Quirina Vandermolen', 'quirina@canary-one.example', 'Fair'],
	['L2', 'Anna Schmidt', 'anna@canary-two.example', 'Search'],
	['L3', 'Anna Schmidt', 'a.schmidt@canary-three.example', 'Zebra-Crossing-Campaign'],
	['L4', 'Bo Li', '', 'Search'],
	['L7', 'Bo Li', '', 'Fair'],
];
writeFileSync(at('leads.csv'), ['Id,Name,Email,Source,Created,Won',
	...people.map(([id, name, mail, source], i) => `${id},${name},${mail},${source},2026-01-0${i + 1},`),
	'L5,Quirina Vandermolen,quirina@canary-one.example,Fair,2026-99-99,'].join('\n') + '\n');
writeFileSync(at('more.csv'), 'Id,Name,Email,Source,Created,Won\nL6,Cy Twombly,cy@example.org,Fair,2026-02-01,2026-02-20\n');
writeFileSync(at('map.yaml'), `map: small
source: small
files:
  - match: "*.csv"
    as: leads
    key: Id
    dates: yyyy-mm-dd
    fields: {name: Name, email: Email, source: Source, created: Created, won: Won}
`);
is(lockstep('init', '--zone', 'UTC', '--currency', 'EUR').code, 0, 'init');
const empty = lockstep('verify', '--format', 'json');
is(empty.code, 0, 'a new book is sound');
is(empty.json.sound, true, 'and says so');
is(lockstep('import', '--map', at('map.yaml'), at('leads.csv')).code, 0, 'import');

// ---- imports ----

const imports = lockstep('imports', '--format', 'json').json.imports;
is(imports.length, 1, 'one import is listed');
is(imports[0].file, at('leads.csv'), 'with its file');
is(imports[0].as, 'leads', 'its object');
is(imports[0].state, 'finished', 'its state');
is(imports[0].rows, 6, 'its rows');
is(imports[0].accepted, 5, 'what was taken in');
is(imports[0].rejected, 1, 'what was not');
is(imports[0].rejected_file, at('leads.csv.rejected.csv'), 'and where that went');
const listed = lockstep('imports');
has(listed.out, /leads\.csv +leads +finished +6 +5 +0 +1\n/, 'the list for people');
ok(listed.out.split('\n').every((line) => [...line].length <= 100), 'fits 100 columns');

// ---- verify ----

const first = lockstep('verify', '--format', 'json');
is(first.code, 0, 'the book is sound');
has(first.json.head, HEAD, 'verify prints the head');
is(first.json.unfinished_imports, 0, 'nothing is unfinished');
is(lockstep('import', '--map', at('map.yaml'), at('more.csv')).code, 0, 'another import');
is(lockstep('verify', '--head', first.json.head).code, 0, 'an earlier head is in the chain');
const second = lockstep('verify');
has(second.out, /^Sound\. /, 'verify for people');
has(second.out, /\nhead \d+:[0-9a-f]{64}\n$/, 'ends with the head');
const [seq, hash] = first.json.head.split(':');
const other = lockstep('verify', '--format', 'json', '--head', `${seq}:${hash.replace(/./g, (c) => (c === '0' ? '1' : '0'))}`);
is(other.code, 1, 'a head that is not in the chain is found');
is(other.json.fault, 'head', 'and named');
is(lockstep('verify', '--head', `${Number(seq) + 100}:${hash}`).code, 1, 'so is a tail that was cut');
for (const bad of ['12', '12:', `x:${hash}`, `${seq}:${hash}0`, `${seq}:${hash.slice(1)}g`])
	is(lockstep('verify', '--head', bad).code, 2, `--head ${bad.slice(0, 12)}… is wrong usage`);

// Any flipped byte of an entry is found. The text stands in the book's entries and in the state derived from them.
const bytes = readFileSync(book);
let flipped = 0;
for (let i = bytes.indexOf('Zebra-Crossing'); i >= 0; i = bytes.indexOf('Zebra-Crossing', i + 1)) {
	const damaged = Buffer.from(bytes);
	damaged[i + 3] ^= 1;
	writeFileSync(at('damaged'), damaged, { mode: 0o600 });
	writeFileSync(at('damaged.keys'), readFileSync(`${book}.keys`), { mode: 0o600 });
	const found = run(['verify', '--book', at('damaged'), '--format', 'json']);
	is(found.code, 1, `a flipped bit at byte ${i} is found`);
	is(found.json?.sound, false, 'and told');
	ok(found.json?.text, 'in words');
	flipped++;
}
ok(flipped > 0, 'there was something to flip');

// ---- backup and restore ----

const onto_itself = lockstep('backup', '--to', at('copy'), '--keys-to', `${book}.keys`);
is(onto_itself.code, 1, "the book's own keys are no copy of themselves");
has(onto_itself.err, 'stands there already', 'which it says');
ok(!existsSync(at('copy')), 'and nothing is copied');
const backup = lockstep('backup', '--to', at('copy'), '--keys-to', at('copy-of-keys'), '--format', 'json');
is(backup.code, 0, 'backup');
has(backup.json.head, HEAD, 'prints the head of the copy');
is(backup.json.head, lockstep('verify', '--format', 'json').json.head, 'which is the head of the book');
is(statSync(at('copy')).mode & 0o077, 0, 'nobody else may read the copy');
is(lockstep('backup', '--to', at('copy')).code, 1, 'a file that is there is not overwritten');
is(lockstep('backup').code, 2, 'backup to nowhere');
is(lockstep('backup', at('plain-copy')).code, 0, 'a place needs no option');
is(lockstep('backup', at('plain-copy')).code, 1, 'and is no more overwritten');
is(lockstep('backup', at('here'), '--to', at('there')).code, 2, 'two places are one too many');
mkdirSync(at('again'), { recursive: true });
writeFileSync(at('again/book.columns'), 'columns of a book that stood here');
const restored = run(['restore', at('copy'), '--book', at('again/book'), '--keys', at('copy-of-keys'), '--format', 'json']);
is(restored.code, 0, 'restore');
is(restored.json?.head, backup.json.head, 'has the same head');
ok(!existsSync(at('again/book.columns')), 'and no columns of another book beside it');
is(run(['verify', '--book', at('again/book'), '--head', backup.json.head]).code, 0, 'and is sound');
is(run(['restore', at('copy'), '--book', book]).code, 1, 'a book that is there is not overwritten');
ok(run(['restore', at('map.yaml'), '--book', at('nobook'), '--keys', at('copy-of-keys')]).code >= 1, 'what is no book is not restored');
ok(!existsSync(at('nobook')), 'and leaves nothing');

// ---- erase ----

const look = lockstep('erase', 'quirina@canary-one.example', '--dry-run', '--format', 'json');
is(look.code, 0, 'erase --dry-run');
is(look.json.erased, false, 'erases nothing');
deep_equal(look.json.found.map((f) => [f.key, f.name]), [['L1', 'Quirina Vandermolen']], 'and shows what it found');
has(lockstep('erase', 'quirina@canary-one.example', '--dry-run').out, /lead +small +L1 +Quirina Vandermolen +quirina@canary/,
	'for people too');
is(lockstep('erase', 'quirina@canary-one.example').code, 1, 'where nobody can be asked it needs --yes');
is(lockstep('erase', 'nobody@example.org', '--yes').code, 1, 'nobody fits');
const both = lockstep('erase', 'Anna Schmidt', '--yes');
is(both.code, 1, 'two people of one name are refused');
has(both.err, 'anna@canary-two.example', 'with the list');
has(both.err, 'a.schmidt@canary-three.example', 'of both');
is(lockstep('erase', 'Anna Schmidt', '--dry-run', '--format', 'json').code, 1, 'also when only looking');
has(lockstep('erase', 'Bo Li', '--yes').err, 'leads:small:L4', 'two without an address too, and each can be named by record');
deep_equal(lockstep('erase', 'leads:small:L4', '--dry-run', '--format', 'json').json?.found.map((f) => f.key), ['L4'],
	'a record names one of them');

const erased = lockstep('erase', 'quirina@canary-one.example', '--yes', '--format', 'json');
is(erased.code, 0, 'erase --yes');
is(erased.json.erased, true, 'says that it did');
is(erased.json.people, 1, 'one person');
ok(erased.json.records >= 1, 'and the records');
deep_equal(erased.json.scrubbed, [at('leads.csv.rejected.csv')], 'the rejected rows were scrubbed');
deep_equal(erased.json.unreachable, [], 'all files were reached');
is(lockstep('verify').code, 0, 'the book is still sound');
is(lockstep('verify', '--head', first.json.head).code, 0, 'its earlier head still stands');
is(lockstep('erase', 'quirina@canary-one.example', '--dry-run').code, 1, 'nobody is found any more');

const ours = readdirSync(folder).filter((f) => f.startsWith('book') || f.endsWith('rejected.csv') || f === 'copy');
for (const file of ours) {
	const content = readFileSync(at(file));
	for (const canary of ['Quirina', 'Vandermolen', 'canary-one'])
		ok(!content.includes(canary), `${file} has no trace of ${canary}`);
}
is(run(['restore', at('copy'), '--book', at('today/book'), '--keys', `${book}.keys`]).code, 0, "a copy restored with today's keys");
is(run(['erase', 'quirina@canary-one.example', '--dry-run', '--book', at('today/book')]).code, 1, 'does not bring her back');
is(run(['erase', 'anna@canary-two.example', '--dry-run', '--book', at('today/book')]).code, 0, 'but knows the others');

// On a terminal it asks. script(1) gives one.
const typed = (answer) => spawnSync('script', ['-qec', `${program} erase anna@canary-two.example --book ${book}`, '/dev/null'],
	{ input: `${answer}\n`, env: { ...process.env, LC_ALL: 'C.UTF-8' } });
const no = typed('no');
if (no.error) {
	skip('no script(1) here', 'asks on a terminal');
} else {
	has(no.stdout.toString(), 'Type yes', 'on a terminal it asks');
	has(no.stdout.toString(), 'Anna Schmidt', 'after showing the person');
	is(no.status, 1, 'and takes no for an answer');
	is(lockstep('erase', 'anna@canary-two.example', '--dry-run').code, 0, 'then nothing was erased');
	is(typed('yes').status, 0, 'yes erases');
	is(lockstep('erase', 'anna@canary-two.example', '--dry-run').code, 1, 'and then nobody is found');
}
done();
