#!/usr/bin/env node
// Help in all its forms comes from one table and fits what the program accepts.
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { ok, is, deep_equal, has, skip, done, run, temporary_folder } from '../tap.mjs';

const folder = temporary_folder();
const table = run(['help', '--json']);
is(table.code, 0, 'help --json');
const names = table.json.commands.map((c) => c.name);
is(new Set(names).size, names.length, 'no command is listed twice');
deep_equal(table.json.options.map((o) => o.name), ['book', 'help', 'quiet'], 'options of every command');

const overview = run([]);
is(overview.code, 0, 'the program alone explains itself');
is(overview.out, run(['help']).out, 'as help does');
is(overview.out, run(['--help']).out, 'and --help');
ok(overview.out.split('\n').every((line) => [...line].length <= 100), 'the overview fits 100 columns');
has(run(['--version']).out, /^lockstep \d+\.\d+\.\d+\n$/, '--version');

const man = run(['help', '--man']).out;
const zsh = run(['completion', 'zsh']).out;
const fish = run(['completion', 'fish']).out;
const bash = run(['completion', 'bash']).out;

for (const command of table.json.commands) {
	const { name } = command;
	const help = run([name, '--help']);
	is(help.code, 0, `${name} --help`);
	is(help.err, '', `${name} --help says nothing else`);
	is(help.out, run(['help', name]).out, `help ${name} is the same`);
	ok(help.out.split('\n').every((line) => [...line].length <= 100), `${name} --help fits 100 columns`);
	has(overview.out, new RegExp(`^  ${name} `, 'm'), `${name} is in the overview`);
	has(man, new RegExp(`^\\.SS "${name}`, 'm'), `${name} is in the manual page`);
	ok(!command.summary.endsWith('.') && command.summary.length <= 80, `${name} has a short summary`);
	const wrong = run([name, '--no-such-option']);
	is(wrong.code, 2, `${name} --no-such-option is wrong usage`);
	is(wrong.out, '', `${name} --no-such-option prints no data`);
	has(wrong.err, '--no-such-option', `${name} --no-such-option names it`);
	for (const option of command.options) {
		has(help.out, `--${option.name}`, `${name} --help has --${option.name}`);
		has(zsh, `--${option.name}[`, `zsh completes --${option.name}`);
		has(fish, `-l ${option.name} `, `fish completes --${option.name}`);
		if (option.type === 'choice') {
			deep_equal(option.choices, option.value.split('|'), `${name} --${option.name} lists its choices`);
			ok(option.default === null || option.choices.includes(option.default),
				`${name} --${option.name} has a default that is a choice`);
		}
		if (option.type !== 'flag') {
			const bare = run([name, `--${option.name}`]);
			is(bare.code, 2, `${name} --${option.name} without its value is wrong usage`);
			has(bare.err, 'needs a value', `${name} --${option.name} says so`);
		}
		const bad = { choice: 'nonsense', number: '1x', date: '2026-02-30', time: 'noon' }[option.type];
		if (bad) {
			const refused = run([name, `--${option.name}`, bad]);
			is(refused.code, 2, `${name} --${option.name} ${bad} is wrong usage`);
			has(refused.err, `"${bad}"`, `${name} --${option.name} names the value`);
		}
	}
	if (command.least > 0)
		is(run([name]).code, 2, `${name} without ${command.arguments} is wrong usage`);
	if (command.most !== null) {
		const many = run([name, ...Array(command.most + 1).fill('x')]);
		is(many.code, 2, `${name} with too many arguments is wrong usage`);
	}
}

// Nearest names.
is(run(['hepl']).code, 2, 'an unknown command is wrong usage');
has(run(['hepl']).err, 'did you mean "help"', 'and the nearest is named');
has(run(['help', '--jsno']).err, 'did you mean --json', 'the nearest option too');
has(run(['zzzzzzzz']).err, 'no command "zzzzzzzz"', 'far off, none is named');
is(run(['help', 'nonsense']).code, 2, 'help on an unknown command');
is(run(['-x']).code, 2, 'an unknown option before the command');
is(run(['help', '-x']).code, 2, 'and after it');
is(run(['help', '--json=yes']).code, 2, 'a flag takes no value');
is(run(['completion', 'csh']).code, 2, 'an unknown shell');
is(run(['--quiet', 'help']).code, 0, 'options of every command may stand first');
is(run(['help', '--', '--json']).code, 2, 'after -- everything is an argument');

// What the generated files are for.
const roff = spawnSync('groff', ['-man', '-ww', '-Tutf8', '-K', 'utf8', '-z'], { input: man });
if (roff.error)
	skip('no groff here', 'the manual page is good roff');
else
	is(roff.stderr.toString(), '', 'the manual page is good roff');

writeFileSync(`${folder}/completion`, bash);
const complete = (...words) => {
	const script = `source ${folder}/completion; COMP_WORDS=("$@"); COMP_CWORD=$((\${#COMP_WORDS[@]} - 1));` +
		' _lockstep; printf "%s\\n" "${COMPREPLY[@]}"';
	const child = spawnSync('bash', ['--norc', '-c', script, 'bash', 'lockstep', ...words]);
	return child.stdout.toString().trim().split('\n').sort();
};
deep_equal(complete(''), [...names, '--book', '--help', '--quiet', '--version'].sort(), 'bash completes the commands');
deep_equal(complete('hel'), ['help'], 'bash completes a beginning');
for (const command of table.json.commands) {
	const all = [...command.options, ...table.json.options].map((o) => `--${o.name}`).sort();
	deep_equal(complete(command.name, '--'), all, `bash completes the options of ${command.name}`);
	for (const option of command.options.filter((o) => o.type === 'choice'))
		deep_equal(complete(command.name, `--${option.name}`, ''), [...option.choices].sort(),
			`bash completes ${command.name} --${option.name}`);
}
for (const { name, verbs } of table.json.commands.filter((c) => c.verbs)) {
	deep_equal(complete(name, ''), [...verbs].sort(), `bash completes the verbs of ${name}`);
	has(zsh, `'1:verb:(${verbs.join(' ')})'`, `and zsh those of ${name}`);
	has(fish, ` -f -a '${verbs.join(' ')}'`, `and fish those of ${name}`);
	for (const verb of verbs) {
		has(run([name, '--help']).out, verb, `${name} --help tells of ${verb}`);
		ok(!run([name, verb, 'x', 'y']).err.includes(`"${verb}"`), `${name} knows ${verb}`);
	}
}
deep_equal(table.json.commands.filter((c) => /VERB|^[a-z-]+\|/.test(c.arguments) && !c.verbs).map((c) => c.name), [], 'each command with verbs has a list of them');
is(spawnSync('bash', ['-n', `${folder}/completion`]).status, 0, 'the bash script parses');
has(run(['wekly']).err, 'did you mean "report weekly"?', 'a report is found where no command is near');
has(run(['report', 'weekly', '--form', 'html']).err, 'did you mean --format?', 'what alone begins so comes first');
done();
