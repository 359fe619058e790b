#!/usr/bin/env node
// make install DESTDIR= PREFIX=: what is installed works on its own, and make uninstall leaves nothing behind.

import { existsSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deep_equal, done, has, is, ok, root, run, temporary_folder } from '../tap.mjs';

const destination = temporary_folder();
const prefix = join(destination, 'opt', 'lockstep');
// The make that runs this test is not asked to share its job slots with the one below.
const make = (goal) => run([goal, `DESTDIR=${destination}`, 'PREFIX=/opt/lockstep', 'DEPS=no'],
	{ command: 'make', env: { MAKEFLAGS: '', MAKELEVEL: '0', MFLAGS: '' } });

function files_under(folder) {
	return readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
		entry.isDirectory() ? files_under(join(folder, entry.name)) : [join(folder, entry.name)]);
}

const installed = make('install');
is(installed.code, 0, 'make install');
const program = join(prefix, 'bin', 'lockstep');
is(statSync(program).mode & 0o777, 0o755, 'the program is there and may be started');

const away = temporary_folder();
const lockstep = (...args) => run(args, { command: program, cwd: away, env: { HOME: away, XDG_DATA_HOME: join(away, 'data') } });
const help = lockstep('help', '--json');
is(help.code, 0, 'it runs from anywhere');
const names = help.json.commands.map((command) => command.name);
ok(names.includes('help') && names.includes('completion'), 'and lists its commands');

const manual = readFileSync(join(prefix, 'share/man/man1/lockstep.1'), 'utf8');
has(manual, /^\.TH /m, 'the manual is a manual page');
deep_equal(names.filter((name) => !manual.includes(name.replace(/-/g, '\\-'))), [], 'and tells of every command');
const complain = run(['-Kutf8', '-man', '-Tutf8', '-ww', join(prefix, 'share/man/man1/lockstep.1')], { command: existsSync('/usr/bin/groff') ? 'groff' : 'true' });
is(complain.err, '', 'that a formatter has no objection to');

const bash = join(prefix, 'share/bash-completion/completions/lockstep');
is(run(['-n', bash], { command: 'bash' }).err, '', 'the completion is sound bash');
const complete = run(['-c', `source ${bash}; COMP_WORDS=(lockstep compl); COMP_CWORD=1; COMP_LINE="lockstep compl"; COMP_POINT=14; ` +
	'$(complete -p lockstep | sed "s/.*-F \\([^ ]*\\).*/\\1/"); printf "%s\\n" "${COMPREPLY[@]}"'], { command: 'bash' });
has(complete.out, /^completion\b/m, 'and completes "compl"');
for (const path of ['share/zsh/site-functions/_lockstep', 'share/fish/vendor_completions.d/lockstep.fish'])
	has(readFileSync(join(prefix, path), 'utf8'), 'completion', `${path} knows the commands`);

const unit = join(prefix, 'lib/systemd/system/lockstep.service');
has(readFileSync(unit, 'utf8'), 'ExecStart=/opt/lockstep/bin/lockstep serve', 'the unit starts what is installed');
if (existsSync('/usr/bin/systemd-analyze')) {
	const here = join(away, 'lockstep.service');
	writeFileSync(here, readFileSync(unit, 'utf8').replaceAll('=/opt/lockstep/', `=${prefix}/`));
	const verified = run(['verify', here], { command: 'systemd-analyze' });
	deep_equal([verified.code, verified.err], [0, ''], 'and systemd has no objection to it');
}

for (const path of ['LICENSE', 'README.md', 'docs/glossary.md', 'examples/maps'])
	is(existsSync(join(prefix, 'share/doc/lockstep', path)), existsSync(join(root, path)), `${path} is in share/doc`);
is(files_under(destination).filter((path) => !path.startsWith(prefix)).length, 0, 'nothing lands outside DESTDIR and PREFIX');

is(make('uninstall').code, 0, 'make uninstall');
deep_equal(files_under(destination), [], 'leaves no file');
done();
