#!/usr/bin/env node
// Files sent over the API: a map is drafted, the import tried, run in the background, its rejected rows fetched, and taken back.
import { readdirSync, statSync } from 'node:fs';
import { deep_equal, done, has, is, ok, temporary_folder } from '../tap.mjs';
import { add_account, ask, make_book, serve, sign_in } from '../serve.mjs';

const book = make_book(temporary_folder());

add_account(book, 'mia', '--name', 'Head of Marketing', '--role', 'marketing');
add_account(book, 'one', '--name', 'Seller One', '--role', 'sales rep');
const server = await serve(book, { now: '2026-03-05T08:00:00Z' });
const mia = await sign_in(server, 'mia'), one = await sign_in(server, 'one');
const members = (answer) => answer.json.problems.map((p) => p.member);

const map = `map: fair
source: fair
files:
  - match: "*.csv"
    as: leads
    key: id
    fields: {name: name, created: created, source: source}
`;
const rows = 'id,name,created,source\nF1,Gus Tal,2026-03-04 08:00,fair\nF2,Ida Moor,2026-03-04 09:00,fair\nF3,Jo Kern,some day,fair\n';
const send = (client, name, bytes) => client('POST', `/api/imports/files?name=${encodeURIComponent(name)}`, bytes, { 'Content-Type': 'text/csv' });
async function import_of(body) {
	const asked = await mia('POST', '/api/imports', body);
	is(asked.status, 202, 'an import is asked for');
	for (let i = 0; i < 400; i++) {
		const { json } = await mia('GET', asked.headers.location);
		if (!['waiting', 'running'].includes(json.state))
			return json;
		await new Promise((resolve) => setTimeout(resolve, 25));
	}
	throw new Error('the import does not end');
}

// ---- sending ----
is((await send(one, 'leads.csv', rows)).status, 403, 'a rep sends no files');
deep_equal(members(await send(mia, '../leads.csv', rows)), ['name'], 'a name is no path');
for (const name of ['.hidden', 'a/b.csv', 'map.yaml', 'a\\b.csv'])
	is((await send(mia, name, rows)).status, 422, `nor ${name}`);
is((await send(mia, 'leads.csv', '')).status, 422, 'an empty file is none');
is((await mia('POST', '/api/imports/files?name=large.csv', Buffer.alloc((16 << 20) + 1, 'x'), { 'Content-Type': 'text/csv' }).catch(() => ({ status: 413 }))).status, 413, 'a file has a largest size');
const sent = await send(mia, 'leads.csv', rows);
deep_equal([sent.status, sent.json.name, sent.json.bytes], [201, 'leads.csv', rows.length], 'a file is sent');
{
	const folder = `${book}.uploads`;
	is(statSync(folder).mode & 0o777, 0o700, 'it stands where nobody else reads it');
	deep_equal(readdirSync(folder), [sent.json.file], 'alone');
}
const { file } = sent.json;

// ---- looking at it ----
has((await mia('GET', `/api/imports/files/${file}/draft?as=leads`)).json.map, 'created', 'a first map');
is((await mia('GET', '/api/imports/files/0123456789abcdef/draft')).status, 404, 'of a file that is there');
is((await mia('GET', '/api/imports/files/..%2f..%2fbook/draft')).status, 404, 'and of no other');
ok((await mia('GET', '/api/presets')).json.presets.includes('hubspot'), 'presets');
ok((await mia('GET', '/api/fields')).json.objects.find((o) => o.name === 'leads').fields.some((f) => f.name === 'email' && f.personal), 'fields');
{
	const { status, json } = await mia('POST', '/api/imports/preview', { file, map });
	is(status, 200, 'it is tried');
	deep_equal([json.dry_run, json.files[0].name, json.files[0].accepted, json.files[0].rejected, json.files[0].preview.length], [true, 'leads.csv', 2, 1, 2], 'with its counts');
	has(json.files[0].problems[0].text, 'some day', 'what is wrong');
	is(json.files[0].problems[0].line, 4, 'and where');
	ok(!JSON.stringify(json).includes(book), 'and nothing of where it stands here');
	is((await mia('GET', '/api/leads?where=source%20%3D%20%22fair%22')).json.total, 0, 'nothing is written');
	is((await mia('POST', '/api/imports/preview', { file, map: 'map: x' })).status < 500, true, 'a map that is none');
	deep_equal(members(await mia('POST', '/api/imports/preview', { file, map, preset: 'hubspot', dates: 'yy', numbers: 'many', as: 'cows' })).sort(), ['as'], 'what has a wrong form');
	deep_equal(members(await mia('POST', '/api/imports/preview', { file, map, preset: 'hubspot', dates: 'yy', numbers: 'many' })).sort(), ['dates', 'map', 'numbers'], 'and what is none');
	deep_equal(members(await mia('POST', '/api/imports/preview', { file: 'abc', map })), ['file'], 'a file there is not');
}

// ---- importing ----
{
	const strict = await import_of({ file, map, strict: true });
	deep_equal([strict.state, strict.result.files[0].refused], ['refused', true], 'not one row, if one is bad');
	const job = await import_of({ file, map });
	deep_equal([job.state, job.result.files[0].accepted, job.result.files[0].rejected, job.error], ['done', 2, 1, null], 'in the background');
	is((await mia('GET', '/api/leads?where=source%20%3D%20%22fair%22')).json.total, 2, 'and there they are');
	is((await mia('POST', '/api/imports', { file, map })).status, 422, 'the file is gone');
	deep_equal(readdirSync(`${book}.uploads`), [], 'wholly');
	const { import: number } = job.result.files[0];
	const listed = (await mia('GET', '/api/imports?limit=1')).json;
	deep_equal([listed.imports[0].import, listed.imports[0].name, listed.imports[0].state, listed.imports[0].rejected], [number, 'leads.csv', 'finished', 1], 'it is listed');
	ok(listed.next && (await mia('GET', `/api/imports?limit=10&cursor=${listed.next}`)).json.imports.length === listed.total - 1, 'before those before it');
	const bad = await mia('GET', `/api/imports/${number}/rejected`);
	has(bad.text, 'F3,Jo Kern,some day,fair', 'its rejected rows');
	is((await one('GET', `/api/imports/${number}/rejected`)).status, 403, 'are not everybody\'s');
	is((await mia('GET', '/api/imports/1/rejected')).status, 404, 'nor those of no import');

	const key = { 'Idempotency-Key': 'undo-1' };
	const undone = await mia('POST', `/api/imports/${number}/undo`, undefined, key);
	deep_equal([undone.status, undone.json], [200, { undone: number, records: 2 }], 'taken back');
	is((await mia('POST', `/api/imports/${number}/undo`, undefined, key)).headers['idempotent-replayed'], 'true', 'once');
	is((await mia('POST', `/api/imports/${number}/undo`)).status, 409, 'not twice');
	is((await mia('GET', '/api/leads?where=source%20%3D%20%22fair%22')).json.total, 0, 'and they are gone');
	is((await mia('POST', '/api/imports/999/undo')).status, 404, 'an import there is not');

	const again = (await send(mia, 'mended.csv', bad.text.replace(',some day,', ',2026-03-04 10:00,'))).json.file;
	const mended = await import_of({ file: again, map });
	is(mended.result.files[0].accepted, 1, 'a mended row goes in');
}

// ---- what is refused, and who asks beside it ----
{
	const { file: odd } = (await send(mia, 'odd.csv', 'a,b\n1,2\n')).json;
	const job = await import_of({ file: odd });
	deep_equal([job.state, job.result?.files[0].refused], ['refused', true], 'a file that no preset knows');
	ok(job.result.files[0].problems.length > 0, 'with its reason');
	is((await mia('DELETE', `/api/imports/files/${odd}`)).status, 204, 'is dropped');
	is((await mia('DELETE', `/api/imports/files/${odd}`)).status, 404, 'once');
	is((await mia('GET', '/api/imports/jobs/99')).status, 404, 'a job there is not');
	is((await ask(server, 'POST', '/api/imports/files?name=a.csv', { body: rows })).status, 401, 'nobody sends without a name');
}
// ---- a person is forgotten ----
{
	add_account(book, 'root', '--name', 'Root', '--role', 'admin');
	const admin = await sign_in(server, 'root');
	const erase = (path, who) => admin('POST', `/api/erasures${path}`, { who });

	is((await mia('POST', '/api/erasures', { who: 'Anna Berg' })).status, 403, 'not by everybody');
	deep_equal((await erase('/look', 'Anna Berg')).json, { found: [{ id: 'leads:crm:L1', name: 'Anna Berg', email: null }], several: false }, 'who it is');
	is((await erase('', 'Nobody At All')).status, 404, 'nobody');
	const { json } = await erase('', 'Anna Berg');
	deep_equal([json.people, json.records, json.unreachable], [1, 1, []], 'forgotten');
	ok(!(await mia('GET', '/api/leads/L1')).text.includes('Anna'), 'and no more there');
	ok(!(await mia('GET', '/api/leads?find=anna')).text.includes('Anna'), 'nor found');
	is((await mia('GET', '/api/leads')).text.includes('"L1"'), true, 'but counted');
}
await server.stop();
done();
