#!/usr/bin/env node
// A dry run reads the book and writes nothing where it stands: not a byte differs, no file is made, nobody has to wait. Its counts are
// those of the import itself.

import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ok, is, deep_equal, skip, done, run, temporary_folder } from '../tap.mjs';

const folder = temporary_folder();
const home = join(folder, 'home');
const temporary = join(folder, 'temporary');
const book = join(home, 'book');
mkdirSync(home);
mkdirSync(temporary);
process.env.TMPDIR = temporary;
writeFileSync(join(folder, 'map.yaml'), `map: small
files:
  - match: "*.csv"
    as: leads
    key: id
    fields: {name: name, email: email, amount: amount}
`);
writeFileSync(join(folder, 'a.csv'), 'id,name,email,amount\n1,Ann,a@x.example,5\n2,Bob,b@x.example,6\n');
writeFileSync(join(folder, 'b.csv'), 'id,name,email,amount\n1,Ann,a@x.example,5\n2,Bob,b@x.example,7\n3,Cy,c@x.example,8\n4,Di,,x\n');

const import_of = (name, ...args) =>
	run(['import', '--book', book, '--map', join(folder, 'map.yaml'), join(folder, name), '--format', 'json', ...args]);
// SQLite's own shared memory (-shm) holds no part of the book; every reader marks its place there.
const bytes = () => readdirSync(home).map((name) =>
	name.endsWith('-shm') ? name : `${name} ${createHash('sha256').update(readFileSync(join(home, name))).digest('hex')}`);
const counts = (result) => result.json.files.map(({ rows, accepted, unchanged, changed, rejected }) => ({ rows, accepted, unchanged, changed, rejected }));

is(run(['init', '--book', book, '--zone', 'UTC', '--currency', 'EUR']).code, 0, 'init');
const untouched = bytes();
is(import_of('a.csv', '--dry-run').code, 0, 'a dry run into an empty book');
deep_equal(bytes(), untouched, 'leaves the folder of the book as it was');
is(import_of('a.csv').code, 0, 'an import');

const before = bytes();
const tried = import_of('b.csv', '--dry-run');
is(tried.code, 0, `a dry run: ${tried.err}`);
deep_equal(bytes(), before, 'leaves every byte of the book and its keys as it was');
deep_equal(readdirSync(temporary), [], 'and nothing among the temporary files');
deep_equal(readdirSync(folder).filter((name) => name.includes('rejected')), [], 'nor a file of rejected rows');

chmodSync(home, 0o500);
if (process.getuid() === 0)
	skip('root may write everywhere');
else
	is(import_of('b.csv', '--dry-run').code, 0, 'a dry run in a folder that cannot be written');
chmodSync(home, 0o700);

const done_so = import_of('b.csv');
deep_equal(counts(done_so), counts(tried), 'what it counted is what the import then does');
ok(counts(tried)[0].rejected === 1 && counts(tried)[0].changed === 1 && counts(tried)[0].accepted === 1, 'which is something');
done();
