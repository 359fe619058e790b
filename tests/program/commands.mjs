#!/usr/bin/env node
// Every command has its operation over the API, or a reason why not: docs/commands.md, held against the program's own list of commands
// and the description that the server gives.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { deep_equal, done, is, ok, root, run, temporary_folder } from '../tap.mjs';
import { make_book, serve } from '../serve.mjs';
import { read_operations } from '../api.mjs';

const server = await serve(make_book(temporary_folder()), { now: '2026-03-05T08:00:00Z' });
const operations = new Map((await read_operations(server)).map((o) => [o.id, o]));
is((await server.stop()).code, 0, 'the server stops');
const { commands } = run(['help', '--json']).json;

// ---- the table ----
const quoted = (text) => [...text.matchAll(/`([^`]+)`/g)].map((match) => match[1]);
const rows = readFileSync(join(root, 'docs/commands.md'), 'utf8').split('\n').filter((line) => line.startsWith('| `')).map((line) => {
	const [, told, by, remark] = line.split('|').map((cell) => cell.trim());
	return { told: quoted(told), by: quoted(by), none: by === '–', remark };
});
const listed = rows.flatMap((row) => row.told.filter((call) => !call.includes('--')));
const there = commands.flatMap((c) => (c.verbs ? c.verbs.map((verb) => `${c.name} ${verb}`) : [c.name]));

ok(rows.length > 50, 'the table is read');
deep_equal(there.filter((call) => !listed.includes(call)), [], 'every command stands in docs/commands.md');
deep_equal(listed.filter((call) => !there.includes(call)), [], 'and nothing else');
is(new Set(listed).size, listed.length, 'once');
deep_equal(rows.flatMap((row) => row.by).filter((id) => !operations.has(id)), [], 'the operations that it names are there');
deep_equal(rows.filter((row) => row.none ? row.by.length || row.remark.length < 20 : !row.by.length).map((row) => row.told[0]), [],
	'what has no operation has a reason, and the other way round');

// ---- options ----
// What an operation can be told: names in its path, behind the ?, in its body.
const words = (o) => [...[...o.path.matchAll(/\{(\w+)\}/g)].map((match) => match[1]), ...o.query.map((p) => p.name), ...Object.keys(o.body?.properties ?? {})];
const untold = [], idle = [];

for (const { name, options } of commands) {
	const mine = rows.filter((row) => row.told[0].split(' ')[0] === name);
	const members = new Set(mine.flatMap((row) => row.by).flatMap((id) => words(operations.get(id))));
	const explained = new Set(mine.flatMap((row) => [...row.told, ...quoted(row.remark)]).flatMap((text) => [...text.matchAll(/--([a-z-]+)/g)].map((match) => match[1])));

	// These say how a server runs, and what a made-up company is like.
	if (name === 'serve' || name === 'simulate')
		continue;
	for (const option of options)
		if (option.name !== 'format' && !members.has(option.name.replaceAll('-', '_')) && !explained.has(option.name))
			untold.push(`${name} --${option.name}`);
	for (const option of explained)
		if (!options.some((o) => o.name === option))
			idle.push(`${name} --${option}`);
}
deep_equal(untold, [], 'every option is a member of its operation, or the table says what it is');
deep_equal(idle, [], 'and it speaks of no option that there is not');
done();
