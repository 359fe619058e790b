#!/usr/bin/env node
// The description of the API that the server gives passes a linter (Redocly's recommended rules but one), without a warning.
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deep_equal, done, is, ok, root, run, skip_all, temporary_folder } from '../tap.mjs';
import { ask, make_book, serve } from '../serve.mjs';

const linter = join(root, 'tests/node_modules/@redocly/cli/bin/cli.js');
if (!existsSync(linter))
	skip_all('@redocly/cli is not installed: run make deps');

const folder = temporary_folder();
const server = await serve(make_book(folder), { now: '2026-03-05T08:00:00Z' });
const { status, text } = await ask(server, 'GET', '/api/openapi.json');
is(status, 200, 'the API is described');
is((await server.stop()).code, 0, 'the server stops');

const file = join(folder, 'openapi.json');
writeFileSync(file, text);
// /api/imports/files/{file} and /api/imports/{number}/undo: no number is called files, and no method is the same.
const lint = (path) => run([linter, 'lint', path, '--format=json', '--extends=recommended', '--skip-rule=no-ambiguous-paths'], { command: process.execPath, cwd: folder,
	env: { REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' } });
const found = lint(file);
deep_equal(found.json?.problems.map((p) => `${p.ruleId}: ${p.message} ${p.location[0]?.pointer ?? ''}`), [], 'the linter has no objection');
is(found.code, 0, 'and says so');

// ---- what comes back is described to the last member ----
// A schema that lets anything through, an object without its members, a member without its meaning.
const open = (schema, at) => {
	if (schema.anyOf)
		return schema.anyOf.flatMap((one, i) => open(one, `${at}|${i}`));
	const types = [schema.type ?? []].flat();
	if (!types.length && !schema.enum)
		return [`${at} may be anything`];
	if (types.includes('array'))
		return schema.items ? open(schema.items, `${at}[]`) : [`${at} lists anything`];
	if (!types.includes('object'))
		return [];
	if (schema.additionalProperties)
		return open(schema.additionalProperties, `${at}.*`);
	const members = Object.entries(schema.properties ?? {});
	if (!members.length || schema.additionalProperties !== false)
		return [`${at} may hold anything`];
	return members.flatMap(([name, one]) => [...(one.description ? [] : [`${at}.${name} says not what it means`]), ...open(one, `${at}.${name}`)]);
};
const described = JSON.parse(text);
const answers = Object.values(described.paths).flatMap((methods) => Object.values(methods)).flatMap((o) => Object.entries(o.responses).filter(([code]) => /^2/.test(code))
	.flatMap(([, response]) => Object.entries(response.content ?? {}).filter(([type]) => type === 'application/json').map(([, media]) => ({ id: o.operationId, schema: media.schema }))));
ok(answers.length > 60, `${answers.length} operations answer JSON`);
// A description holds schemas, which may be any.
deep_equal(answers.flatMap(({ id, schema }) => open(schema, id)).filter((at) => !(/^getOpenapi\b/.test(at) && /may be anything$/.test(at))), [], 'every answer is described, member by member');
deep_equal(open(described.components.schemas.Problem, 'Problem'), [], 'and every refusal');

// It has objections where there is something to object to.
const spoiled = JSON.parse(text);
delete spoiled.paths['/api/leads/{key}'].get.parameters;
writeFileSync(file, JSON.stringify(spoiled));
is(lint(file).code, 1, 'a parameter of a path that is not described is found');
done();
