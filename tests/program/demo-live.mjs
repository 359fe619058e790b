#!/usr/bin/env node
// The company at work: without a terminal it starts, looks at each role's first page, lets leads come in, stops and ends well.
import { writeFileSync } from 'node:fs';
import { done, has, is, ok, program, root, run, temporary_folder } from '../tap.mjs';

const command = `${root}/tools/live.mjs`;
const folder = `${temporary_folder()}/live`;
const first = run([folder], { command, env: { LOCKSTEP: program, LEADS: '300' }, seconds: 300 });

is(first.code, 0, 'it runs to its end');
is(first.err, '', 'without complaint');
for (const role of ['sales rep', 'sales manager', 'marketing', 'nurture', 'partner', 'executive', 'facilitator', 'viewer', 'admin'])
	has(first.out, new RegExp(`^  ${role} +the page and /api/`, 'm'), `${role} has a first page`);
ok(Number(/20 leads came in, (\d+) of them were handed over/.exec(first.out)?.[1]) > 0, 'leads come in and are handed over at once');
has(first.out, 'It stopped.', 'and it stops');

const book = `${folder}/book.lockstep`;
const ask = (...args) => run([...args, '--book', book, '--format', 'json']).json;
const today = ask('measure', 'count()', '--of', 'promises', '--where', 'promise = "first contact" and version = 2', '--by', 'state');
ok(today.rows.some((r) => r.value > 0), 'what was handed over today is promised by the version since today');
is(run(['verify', '--book', book]).code, 0, 'the book is sound');

const foreign = temporary_folder();
writeFileSync(`${foreign}/letter.txt`, 'mine');
is(run([foreign], { command, env: { LOCKSTEP: program } }).code, 1, 'a folder that holds other things is left alone');
done();
