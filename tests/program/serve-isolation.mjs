#!/usr/bin/env node
// What is another's is not there: not in a list, a count, a report, an export or a stream. A partner and a seller ask everything that can be
// asked of two books, one with others' rows and one without: both answer alike, byte for byte.
import http from 'node:http';
import { deep_equal, done, has, is, note, ok, temporary_folder } from '../tap.mjs';
import { password, serve } from '../serve.mjs';
import { each, keep_alive, read_operations, sample_query, send } from '../api.mjs';
import { login_of, make_world, MARK, narrow, put, row_of } from '../rows.mjs';

const now = '2026-03-05T08:00:00Z';
const agent = keep_alive();

async function sign_in(server, login) {
	const { headers } = await send(server, { method: 'POST', path: '/api/session', body: JSON.stringify({ login, password }), headers: { 'Content-Type': 'application/json' }, agent });
	const pass = { Cookie: headers['set-cookie'][0].split(';')[0], 'Sec-Fetch-Site': 'same-origin' };
	return Object.assign((method, path) => send(server, { method, path, headers: pass, agent }), { pass });
}

const tell = ({ server, admin }, key) => send(server, { method: 'POST', path: `/api/leads/${key}/contacts`, body: '{"kind": "call"}', headers: { 'Content-Type': 'application/json', ...admin.pass }, agent });

// Does `what` once the stream is open; resolves with all that came until `wanted` is in it.
function listen(server, pass, wanted, what) {
	return new Promise((resolve, reject) => {
		const request = http.get({ host: '127.0.0.1', port: server.port, path: '/api/events', headers: pass, agent: false }, (response) => {
			let text = '', begun = false;
			response.setEncoding('utf8');
			response.on('data', (part) => {
				text += part;
				if (!begun) {
					begun = true;
					what().catch(reject);
				}
				if (text.includes(wanted)) {
					request.destroy();
					resolve(text);
				}
			});
			response.on('end', () => resolve(text));
			response.on('error', () => {});
		});
		request.on('error', () => {});
	});
}

// Every way to put a question: each choice of each argument, each report, each KPI, every column of every fact.
async function questions(server, operations, asks) {
	const all = [];
	const { facts } = (await asks('GET', '/api/facts')).json;
	const names = {
		'/api/reports/{name}': (await asks('GET', '/api/reports')).json.reports.map((r) => r.name),
		'/api/kpis/{name}': (await asks('GET', '/api/kpis')).json.kpis.map((k) => k.name),
	};

	for (const o of operations.filter((x) => x.method === 'GET' && x.roles.length)) {
		const row = row_of(o.path);
		const paths = !row ? [o.path] : (names[o.path] ?? [row.mine ? 'first' : row.any]).map((key) => put(row, key));
		const choices = o.query.filter((p) => p.schema.enum).flatMap((p) => p.schema.enum.map((v) => [p.name, v]));

		for (const path of paths) {
			const query = sample_query(o);
			all.push(path + query);
			for (const [name, value] of choices)
				all.push(`${path}${query}${query ? '&' : '?'}${name}=${encodeURIComponent(value)}`);
		}
	}
	for (const fact of facts) {
		const columns = fact.columns.map((c) => c.name);
		all.push(`/api/rows?of=${fact.name}&limit=10000&columns=${columns.join()}`);
		all.push(`/api/measures?measure=count()&of=${fact.name}`);
		for (const column of fact.columns.filter((c) => c.type === 'name'))
			all.push(`/api/measures?measure=count()&of=${fact.name}&by=${column.name}`);
		for (const column of fact.columns.filter((c) => c.type === 'money'))
			all.push(`/api/measures?measure=sum(${column.name})&of=${fact.name}`);
		for (const column of fact.columns.filter((c) => c.type === 'reference'))
			all.push(`/api/rows?of=${fact.name}&limit=10000&columns=${column.name}.key`);
	}
	all.push('/api/leads?limit=200', `/api/leads?limit=200&where=${encodeURIComponent('country = "Germany"')}`);
	return all;
}

// What differs though nothing of others is in it: heads of the chain, passes, where a page ends in the order of all (as ids of leads that count up tell
// it, too), the second of the clock.
const plain = (text) => text.replace(/"next": "[^"]*"/g, 'NEXT').replace(/\b[0-9a-f]{16}\b/g, 'PASS').replace(/^id: \d+$/gm, 'id: SEQ').replace(/\b\d+:[0-9a-f]{16,}\b/g, 'HEAD').replace(/T\d\d:\d\d:\d\d/g, 'TIME');

async function world(letters) {
	const server = await serve(make_world(temporary_folder(), letters), { now });
	return { server, admin: await sign_in(server, 'admin') };
}

const everybodys = await world(['R', 'P', 'X']);
for (const [role, letter] of Object.entries(narrow)) {
	const own = await world([letter]);
	const [full, bare] = await Promise.all([everybodys, own].map(async (w) => ({ ...w, client: await sign_in(w.server, login_of(role)) })));
	const operations = (await read_operations(full.server)).filter((o) => o.roles.includes(role));
	const asked = (await questions(full.server, operations, full.client)).map((path) => path.replace('/first', `/${letter}1`));
	const differ = [], marked = [], failed = [];
	let blind = 0;

	await each(asked, 4, async (path) => {
		const [a, b, seen] = await Promise.all([full.client('GET', path), bare.client('GET', path), path.length % 4 ? undefined : full.admin('GET', path)]);
		if (a.status >= 500 || b.status >= 500)
			failed.push(`${path}: ${a.status} ${a.text}`);
		if (a.text.includes(MARK))
			marked.push(path);
		blind += Boolean(seen?.text.includes(MARK));
		if (a.status !== b.status || plain(a.text) !== plain(b.text)) {
			const [one, two] = [plain(a.text), plain(b.text)];
			let at = 0;
			while (one[at] === two[at])
				at++;
			differ.push(JSON.stringify(`${path}: …${one.slice(Math.max(0, at - 60), at + 60)}… and …${two.slice(Math.max(0, at - 60), at + 60)}…`));
		}
	});
	deep_equal(failed, [], `${role}: every question has an answer`);
	deep_equal(marked, [], `${role}: nothing of others stands in any of ${asked.length} answers`);
	deep_equal(differ, [], `${role}: no answer tells that there are others`);
	ok(blind >= 10, `${role}: ${blind} of the same questions show others' rows to who may see them`);
	note(`${role}: ${asked.length} questions`);
	is((await bare.server.stop()).code, 0, `${role}: the server stops`);
}

for (const [role, letter] of Object.entries(narrow)) {
	const client = await sign_in(everybodys.server, login_of(role));

	// What is told while somebody listens: first of another's lead, then of one that may be seen.
	const heard = await listen(everybodys.server, client.pass, `"${letter}1"`, async () => {
		for (const key of ['X1', `${letter}1`])
			is((await tell(everybodys, key)).status, 204, `${role}: a contact with ${key} is told`);
	});
	has(heard, `"${letter}1"`, `${role}: who listens hears of a lead it may see`);
	ok(!heard.includes('X1'), `${role}: and nothing of another's`);
}
is((await everybodys.server.stop()).code, 0, 'the server stops');
agent.destroy();
done();
