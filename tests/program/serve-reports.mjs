#!/usr/bin/env node
// Reports as people read them (format=page): the texts of the command line, each with its definition and the rows behind it, for who may see them.

import { deep_equal, done, has, is, ok, run, temporary_folder } from '../tap.mjs';
import { add_account, serve, sign_in } from '../serve.mjs';
import { join } from 'node:path';

const book = join(temporary_folder(), 'book');
run(['simulate', '--book', book, '--leads', '400', '--last-day', '2026-03-08', '--quiet']);
add_account(book, 'mia', '--role', 'marketing');
add_account(book, 'par', '--role', 'partner', '--partner', 'Nordline Supply');
const server = await serve(book, { now: '2026-03-09T08:00:00Z' });
const mia = await sign_in(server, 'mia');
const par = await sign_in(server, 'par');

const { reports } = (await mia('GET', '/api/reports')).json;
is(reports.length, 19, 'all reports');
ok(reports.find((r) => r.name === 'stages').by && !reports.find((r) => r.name === 'weekly').by, 'told which can be broken down');

for (const { name } of reports) {
	const page = (await mia('GET', `/api/reports/${name}?format=page`)).json;
	const plain = (await mia('GET', `/api/reports/${name}`)).json;
	const texts = page.blocks.filter((b) => b.kind === 'sentence').map((b) => b.spans.map((s) => s.text).join(''));
	deep_equal(texts, plain.sentences.map((s) => s.text), `${name}: the sentences of the other form`);
	const marks = page.blocks.flatMap((b) => [...(b.spans ?? []), ...(b.columns ?? []), ...(b.table_rows ?? []).flatMap((r) => r.cells)]);
	ok(marks.every((m) => m.definition === undefined || page.definitions[m.definition]), `${name}: every definition is there`);
	ok(marks.every((m) => m.rows === undefined || page.behind[m.rows]), `${name}: and what stands behind every figure`);
	ok(page.blocks.every((b) => b.kind !== 'table' || b.table_rows.every((r) => r.cells.length === b.columns.length)), `${name}: rows have the columns of the head`);
}

// The rows behind a figure are as many as it says.
{
	const page = (await mia('GET', '/api/reports/funnel?format=page')).json;
	const leads = page.blocks.flatMap((b) => b.table_rows ?? []).map((r) => r.cells.find((c) => c.rows !== undefined && !c.of && /^[\d,]+$/.test(c.text))).find(Boolean);
	const { of, where } = page.behind[leads.rows];
	const rows = (await mia('GET', `/api/rows?of=${of}${where ? `&where=${encodeURIComponent(where)}` : ''}&as_of=${page.as_of}`)).json;
	is(rows.total, Number(leads.text.replaceAll(',', '')), 'the rows are as many as the figure says');
	is(rows.titles[0], 'Lead', 'with the titles of reports');
	const csv = await mia('GET', `/api/rows?of=${of}&limit=3&format=csv`);
	is(csv.text.trim().split('\n').length, 4, 'and as CSV');
	has((await mia('GET', '/api/rows?of=nothing')).text, 'nothing', 'of what is not counted there are none');
}

// A partner's figures count the own leads alone.
{
	const all = (await mia('GET', '/api/rows?of=leads&where=partner%20%3D%20%22Nordline%20Supply%22')).json.total;
	const page = (await par('GET', '/api/reports/partners?format=page')).text;
	ok(!/Tessen|Delta Plant|Ferrow/.test(page), 'no other partner is named');
	is((await par('GET', '/api/rows?of=leads')).json.total, all, 'nor counted');
}

await server.stop();
done();
