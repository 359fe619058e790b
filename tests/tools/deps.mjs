#!/usr/bin/env node
// tools/deps: silent where all is there; elsewhere it says what is missing, and what to install where it cannot do so itself.

import { existsSync, mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { done, has, is, ok, root, run, temporary_folder } from '../tap.mjs';

const command = join(root, 'tools', 'deps');
const all = run(['build', 'test', 'tidy'], { command });
is(all.code, 0, 'a machine that runs this test has all it needs');
is(all.out + all.err, '', 'and then nothing is said and nothing is done');

// A machine of another distribution: a few programs, no compiler, no apt-get.
const bin = join(temporary_folder(), 'bin');
mkdirSync(bin);
for (const name of ['bash', 'env', 'dirname', 'uname', 'sort', 'tr', 'sed', 'id', 'cat', 'mktemp', 'rm']) {
	const path = [`/usr/bin/${name}`, `/bin/${name}`].find(existsSync);
	symlinkSync(path, join(bin, name));
}
const bare = run(['build'], { command, env: { PATH: bin } });
is(bare.code, 1, 'without apt-get it stops');
has(bare.err, /missing: gcc,/, 'says what is missing');
has(bare.err, /install what these packages hold and run this again: .*\bgcc\b.*\bnodejs\b/, 'and what to install');
ok(!bare.err.includes('clang'), 'building asks for nothing that only tests need');

const unknown = run(['everything'], { command });
is(unknown.code, 2, 'an unknown group is refused');
has(unknown.err, "no group named 'everything'", 'with its name');
done();
