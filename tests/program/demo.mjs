#!/usr/bin/env node
// The demonstration runs through without a terminal, twice, and finds what was planted.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { ok, is, has, done, run, root, program, temporary_folder } from '../tap.mjs';

const folder = `${temporary_folder()}/demo`;
const demo = () => run([folder], { command: `${root}/tools/demo`, env: { LOCKSTEP: program }, seconds: 600 });

const first = demo();
is(first.code, 0, 'the demonstration runs to its end');
is(first.err, '', 'without complaint');
const faults = first.out.split('\n').filter((line) => / {2,}(not )?found$/.test(line));
is(faults.length, 3, 'it names three planted faults');
ok(faults.every((line) => !line.endsWith('not found')), 'and all are found');
const campaign = /junk_campaign: (.*?) +found/.exec(first.out)[1];
const marks = run(['report', 'sweet-spot', '--book', `${folder}/book.lockstep`, '--format', 'json']).json.sentences.map((sentence) => sentence.text);
ok(marks.some((text) => text.startsWith(`${campaign}: reps mark `)), `reps' marks tell the junk campaign apart: ${marks.join(' ')}`);
ok(marks.some((text) => text.endsWith('The marks tell who buys.')), 'and who buys');
const index = readFileSync(`${folder}/index.html`, 'utf8');
const pages = [...index.matchAll(/href="([^"#]+)"/g)].map((m) => m[1]);
ok(pages.length >= 11, 'an index leads to the reports');
ok(pages.every((page) => existsSync(`${folder}/${page}`)), 'which are there');
has(first.out, '$ ', 'commands are shown as they run');
has(first.out, /^\$ .* sign --as "Head of Sales" --book /m, '… so that they can be pasted');

const second = demo();
is(second.code, 0, 'it runs a second time');
const planted = (out) => out.slice(out.indexOf('What was planted'));
is(planted(second.out), planted(first.out), 'and tells the same');

const foreign = temporary_folder();
writeFileSync(`${foreign}/letter.txt`, 'mine');
const refused = run([foreign], { command: `${root}/tools/demo`, env: { LOCKSTEP: program } });
is(refused.code, 2, 'a folder that holds other things is refused');
ok(existsSync(`${foreign}/letter.txt`), 'and left alone');
done();
