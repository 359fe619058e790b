#!/usr/bin/env node
// A new book: what is taken from the machine is said aloud, nothing is overwritten, and the book is found again.
import { copyFileSync, existsSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ok, is, deep_equal, has, done, run, temporary_folder } from '../tap.mjs';

const folder = temporary_folder();
const book = (name) => join(folder, name);
const made = (name, args, env) => run(['init', '--book', book(name), '--format', 'json', ...args], { env });

// From the machine.
const plain = run(['init', '--book', book('deep/er/plain')], { env: { TZ: 'Asia/Tokyo', LC_ALL: 'C' } });
is(plain.code, 0, 'init makes the folders it needs');
is(plain.out, '', 'and prints no data');
has(plain.err, 'Asia/Tokyo, from this machine', 'the zone of the machine is said aloud');
has(plain.err, /USD, as the locale names none \(--currency CODE/, 'the currency too, and how to choose another');
ok(existsSync(book('deep/er/plain.keys')), 'the keys stand beside the book');
is(statSync(book('deep/er/plain')).mode & 0o077, 0, 'nobody else may read the book');
is(statSync(book('deep/er/plain.keys')).mode & 0o077, 0, 'nor the keys');

const locales = { 'de_DE.UTF-8': 'EUR', 'en_GB.UTF-8': 'GBP', de_CH: 'CHF', 'pl_PL.UTF-8': 'PLN', ja_JP: 'JPY', 'xx_YY': 'USD' };
for (const [locale, currency] of Object.entries(locales))
	is(made(`locale-${locale}`, [], { LC_ALL: locale }).json?.currency, currency, `${locale} counts in ${currency}`);
is(made('monetary', [], { LC_ALL: '', LC_MONETARY: 'sv_SE', LANG: 'de_DE' }).json.currency, 'SEK', 'LC_MONETARY goes before LANG');

// Chosen.
const chosen = made('chosen', ['--zone', 'Europe/Berlin', '--currency', 'CHF', '--fiscal-start', 'april', '--name', 'Acme & Söhne']);
deep_equal(chosen.json, { book: book('chosen'), name: 'Acme & Söhne', zone: 'Europe/Berlin', currency: 'CHF',
	fiscal_start_month: 4 }, 'settings are as chosen');
is(run(['init', '--book', book('quiet'), '--quiet']).err, '', '--quiet says nothing');

// Refused.
const before = readFileSync(book('chosen'));
const again = run(['init', '--book', book('chosen')]);
is(again.code, 1, 'an existing book is refused');
has(again.err, book('chosen'), 'and named');
ok(before.equals(readFileSync(book('chosen'))), 'and left as it was');
writeFileSync(book('other'), 'mine');
is(run(['init', '--book', book('other')]).code, 1, 'so is any other file');
is(readFileSync(book('other'), 'utf8'), 'mine', 'which keeps its bytes');

// A book that was moved away without its keys can still be read with them when another was made at its name.
renameSync(book('chosen'), book('moved'));
is(run(['init', '--book', book('chosen')]).code, 0, 'keys without a person are no hindrance');
copyFileSync(book('chosen.keys'), book('moved.keys'));
is(run(['verify', '--book', book('moved'), '--quiet']).code, 0, 'and are those that were there');
for (const [option, value] of [['zone', 'Europe/Berln'], ['currency', 'euro'], ['currency', 'EU'], ['fiscal-start', '13'],
	['fiscal-start', 'ma'], ['fiscal-start', '0'], ['name', 'x'.repeat(200)]]) {
	const refused = run(['init', '--book', book('never'), `--${option}`, value]);
	is(refused.code, 2, `--${option} ${value.slice(0, 20)} is wrong usage`);
	ok(!existsSync(book('never')), 'and nothing was made');
}
has(run(['init', '--book', book('never'), '--zone', 'Europe/Berln']).err, 'Europe/Berlin', 'the nearest zone is named');
is(run(['init', '--book', '/proc/nowhere/book']).code, 3, 'a place that cannot be written is an error');

// Found again.
const env = { XDG_DATA_HOME: join(folder, 'data'), HOME: join(folder, 'home'), LOCKSTEP_BOOK: '' };
const none = run(['imports'], { env });
is(none.code, 1, 'no book is a refusal');
has(none.err, 'lockstep init', 'that says how to make one');
is(run(['init'], { env }).code, 0, 'init without --book');
ok(existsSync(join(folder, 'data/lockstep/book.lockstep')), 'makes it under XDG_DATA_HOME');
is(run(['init'], { env: { ...env, XDG_DATA_HOME: '' } }).code, 0, 'without XDG_DATA_HOME');
ok(existsSync(join(folder, 'home/.local/share/lockstep/book.lockstep')), 'under ~/.local/share');
deep_equal(run(['imports', '--format', 'json'], { env }).json, { imports: [] }, 'other commands find it');
is(run(['imports'], { env: { ...env, LOCKSTEP_BOOK: book('nowhere') } }).code, 1, 'LOCKSTEP_BOOK goes before it');
is(run(['imports', '--book', book('chosen')], { env: { ...env, LOCKSTEP_BOOK: book('nowhere') } }).code, 0,
	'--book goes before that');
is(run(['--book', book('chosen'), 'imports'], { env }).code, 0, 'and may stand before the command');
is(run(['imports', '--book', book('chosen')], { env: { LOCKSTEP_NOW: 'soon' } }).code, 2, 'LOCKSTEP_NOW must be a time');
done();
