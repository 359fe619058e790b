#!/usr/bin/env node
// Every example that help shows can be typed as it stands.
import { writeFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { is, note, ok, done, run, program, temporary_folder } from '../tap.mjs';

const folder = temporary_folder();
const env = { LOCKSTEP_BOOK: `${folder}/book` };
is(run(['simulate', '--leads', '400', '--seed', '3'], { env }).code, 0, 'a small made-up company');
writeFileSync(`${folder}/lockstep.bash`, `lockstep() { '${program}' "$@"; }\n`);

const asking = ['measure', 'kpi', 'rows', 'facts', 'imports', 'verify', 'report', 'help', 'completion'];
let count = 0;
for (const command of run(['help', '--json']).json.commands.filter((c) => asking.includes(c.name))) {
	for (const line of (command.examples ?? '').split('\n').filter(Boolean)) {
		const typed = line.replace(/ #.*/, '').replace(/ [|>] [^"]*$/, '').trim();
		if (typed.includes('…'))
			continue;
		const child = spawnSync('bash', ['--norc', '-c', `source ${folder}/lockstep.bash; ${typed}`],
			{ cwd: folder, env: { ...process.env, ...env, LC_ALL: 'C.UTF-8' } });
		if (!is(child.status, 0, typed))
			note(child.stderr.toString());
		count++;
	}
}
ok(count >= 12, 'there were examples');
done();
