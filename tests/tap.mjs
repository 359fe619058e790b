// Test Anything Protocol and the few helpers that whole-program tests need. No dependencies; Node 18 or later.
//
//	#!/usr/bin/env node
//	import { ok, is, deep_equal, skip, done, run, temporary_folder } from '../tap.mjs';
//	const folder = temporary_folder();                       // removed at exit
//	const init = run(['init', '--book', `${folder}/book`]);  // { code, out, err, json }
//	is(init.code, 0, 'init makes a book');
//	done();
//
// `run` starts build/lockstep, or what LOCKSTEP names. `json` is the parsed standard output, undefined when it is none.

import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual, inspect } from 'node:util';

export const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
export const program = process.env.LOCKSTEP ? resolve(process.env.LOCKSTEP) : join(root, 'build', 'lockstep');

let count = 0;
let failed = 0;
let finished = false;

function diagnose(text) {
	console.error(String(text).replace(/^/gm, '#   ')); // prove shows standard error and hides comments
}

function caller() {
	const line = new Error().stack.split('\n').find((l, i) => i > 0 && !l.includes('tap.mjs'));
	return line ? line.trim() : '';
}

export function note(text) {
	console.log(String(text).replace(/^/gm, '# '));
}

export function ok(condition, name) {
	console.log(`${condition ? '' : 'not '}ok ${++count} - ${String(name).replace(/#/g, '\\#').replace(/\n/g, ' ')}`);
	if (!condition) {
		failed++;
		diagnose(caller());
	}
	return Boolean(condition);
}

export function is(got, wanted, name) {
	if (ok(Object.is(got, wanted), name))
		return true;
	diagnose(`got    ${inspect(got)}\nwanted ${inspect(wanted)}`);
	return false;
}

export function deep_equal(got, wanted, name) {
	if (ok(isDeepStrictEqual(got, wanted), name))
		return true;
	diagnose(`got    ${inspect(got, { depth: 8 })}\nwanted ${inspect(wanted, { depth: 8 })}`);
	return false;
}
export { deep_equal as deepEqual };

// `text` contains `part`, a text or a pattern.
export function has(text, part, name) {
	const found = part instanceof RegExp ? part.test(text) : String(text).includes(part);
	if (ok(found, name))
		return true;
	diagnose(`wanted ${inspect(part)} in\n${String(text).slice(0, 2000)}`);
	return false;
}

// |got − wanted| ≤ tolerance.
export function near(got, wanted, tolerance, name) {
	if (ok(typeof got === 'number' && Math.abs(got - wanted) <= tolerance, name))
		return true;
	diagnose(`got    ${inspect(got)}\nwanted ${wanted} ± ${tolerance}`);
	return false;
}

export function skip(why, name = '') {
	console.log(`ok ${++count} - ${name} # SKIP ${why}`);
}

// Ends the program before its first check: the whole file is skipped.
export function skip_all(why) {
	console.log(`1..0 # SKIP ${why}`);
	finished = true;
	process.exit(0);
}

export function done() {
	console.log(`1..${count}`);
	finished = true;
	if (count === 0)
		diagnose('no check ran');
	if (failed || count === 0)
		process.exitCode = 1;
}

process.on('exit', () => {
	if (!finished) {
		console.error('# the test ended before done()');
		process.exitCode = 1;
	}
});

const folders = [];
process.on('exit', () => folders.forEach((f) => rmSync(f, { recursive: true, force: true })));
for (const signal of ['SIGINT', 'SIGTERM'])
	process.on(signal, () => process.exit(1));

export function temporary_folder() {
	const folder = mkdtempSync(join(tmpdir(), 'lockstep-test-'));
	folders.push(folder);
	return folder;
}

// Runs the program to its end. options: input (text or bytes), env (added to a plain one), cwd, seconds (120), killed (a signal is
// what is wanted).
export function run(args, options = {}) {
	const { input, cwd = root, seconds = 120, command = program } = options;
	const child = spawnSync(command, args, { cwd, input, timeout: seconds * 1000, maxBuffer: 1 << 28, env: environment(options) });
	if (child.error && child.error.code === 'ENOENT')
		throw new Error(`${command} is not there: run make first`);
	return outcome(args, options, child.status, child.signal, child.stdout ?? '', child.stderr ?? '');
}

// The same without waiting for it: a promise of what `run` gives back.
export function start(args, options = {}) {
	const { cwd = root, seconds = 120, command = program } = options;
	return new Promise((resolve, reject) => {
		const child = spawn(command, args, { cwd, timeout: seconds * 1000, stdio: ['ignore', 'pipe', 'pipe'], env: environment(options) });
		const [out, err] = [[], []];
		child.stdout.on('data', (bytes) => out.push(bytes));
		child.stderr.on('data', (bytes) => err.push(bytes));
		child.on('error', reject);
		child.on('close', (code, signal) => resolve(outcome(args, options, code, signal, Buffer.concat(out), Buffer.concat(err))));
	});
}

function environment({ env = {} }) {
	return { ...process.env, LC_ALL: 'C.UTF-8', TZ: 'UTC', NO_COLOR: '1', ...env };
}

function outcome(args, { killed = false }, code, signal, stdout, stderr) {
	const [out, err] = [stdout.toString('utf8'), stderr.toString('utf8')];
	let json;
	try {
		json = JSON.parse(out);
	} catch {
		json = undefined;
	}
	if ((signal && !killed) || /AddressSanitizer|runtime error:|LeakSanitizer/.test(err))
		note(`lockstep ${args.join(' ')}\n${signal ?? ''} ${err}`);
	return { code, signal, out, err, json };
}

// A folder of the public data sets, or null where they are absent: LOCKSTEP_DATA, by default ../shared/data.
export function data_folder(name) {
	const folder = join(resolve(root, process.env.LOCKSTEP_DATA ?? '../shared/data'), name);
	return existsSync(folder) ? folder : null;
}
