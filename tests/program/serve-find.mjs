#!/usr/bin/env node
// Leads one after another, and found by words as they are typed: who sees which, and page after page while others come.
import { deep_equal, done, is, ok, run, temporary_folder } from '../tap.mjs';
import { add_account, make_book, serve, sign_in } from '../serve.mjs';

const book = make_book(temporary_folder());
add_account(book, 'boss', '--role', 'admin');
add_account(book, 'one', '--role', 'sales rep', '--name', 'Seller One', '--team', 'sales');
add_account(book, 'acme', '--role', 'partner', '--partner', 'Acme');
const server = await serve(book, { now: '2026-03-05T08:00:00Z' });
const boss = await sign_in(server, 'boss');
const one = await sign_in(server, 'one');
const acme = await sign_in(server, 'acme');
const find = async (who, words, more = '') => (await who('GET', `/api/leads?find=${encodeURIComponent(words)}${more}`)).json.leads.map((l) => l.lead);

deep_equal(await find(boss, 'anna'), ['L1'], 'by a name');
deep_equal(await find(boss, 'AN be'), ['L1'], 'by the beginnings of words, whatever their case');
deep_equal(await find(boss, 'nna'), [], 'and not by what stands within one');
deep_equal(await find(boss, 'ott kg'), ['L2'], 'by a company');
deep_equal(await find(boss, 'l3'), ['L3'], 'by an id');
deep_equal(await find(boss, 'ag'), ['P2', 'P1', 'L4', 'L3'], 'the latest first');
deep_equal(await find(one, 'ag'), ['L3'], 'a rep finds what is its team\'s');
deep_equal(await find(acme, 'ag'), ['P1'], 'a partner its own');
deep_equal(await find(acme, 'anna'), [], 'and nothing else');
deep_equal(await find(boss, '!!!'), [], 'signs alone find nothing');
deep_equal(await find(boss, 'ag', '&where=country%20%3D%20%22France%22'), ['L3'], 'words and a condition');
is((await boss('POST', '/api/leads', { id: 'N1', name: 'José María Núñez', email: 'jose.nunez@example.com', phone: '+49 (30) 555-0100' })).status, 201, 'a new lead');
for (const words of ['jose', 'NÚÑ', 'jose.n', 'example', '4930555', '555 0100'])
	deep_equal(await find(boss, words), ['N1'], `is found at once by ${words}`);
is((await boss('GET', '/api/leads?find=jose')).json.leads[0].name, 'José María Núñez', 'and called as it is written');

// ---- pages ----
{
	for (let i = 0; i < 25; i++)
		await boss('POST', '/api/leads', { id: `Z${i}`, name: `Zack ${i}` });
	const pages = async (path, between) => {
		const seen = [];
		for (let next = ''; next !== null;) {
			const { json } = await boss('GET', `${path}${next && `&cursor=${next}`}`);
			seen.push(...json.leads.map((l) => l.lead));
			next = json.next;
			await between?.();
		}
		return seen;
	};
	const zack = Array.from({ length: 25 }, (_, i) => `Z${24 - i}`);
	deep_equal(await pages('/api/leads?find=zack&limit=7'), zack, 'page after page');
	let came = 0;
	deep_equal(await pages('/api/leads?find=zack&limit=7', () => boss('POST', '/api/leads', { name: `Zack late ${came++}` })), zack, 'none is told twice or left out though others come');
	const all = await pages('/api/leads?limit=5');
	is(all.length, (await boss('GET', '/api/leads?limit=1')).json.total, 'as many as are counted');
	is(new Set(all).size, all.length, 'each once');
	deep_equal(await pages('/api/leads?limit=2&where=country%20%3D%20%22Germany%22'), ['L1', 'L2', 'L4', 'P1', 'P2'], 'those of a condition');
	is((await boss('GET', '/api/leads?cursor=ffff')).status, 422, 'a cursor that no page gave');
	is((await boss('GET', `/api/leads?find=${'a'.repeat(201)}`)).status, 422, 'too long');
	deep_equal((await one('GET', '/api/leads?limit=50')).json.leads.map((l) => l.lead), ['L3'], 'a rep lists what is its team\'s');
}

// ---- in an order, and as a file ----
{
	const order = async (who, text, more = '') => (await who('GET', `/api/leads?order=${encodeURIComponent(text)}${more}`)).json;
	const known = '&where=source%20in%20(webinar%2C%20ads)';
	deep_equal((await order(boss, 'created desc', known)).leads.map((l) => l.lead), ['L3', 'L4', 'P1', 'P2', 'L2', 'L1'], 'the newest first');
	const first = await order(boss, 'created', `${known}&limit=4`);
	deep_equal([first.total, first.leads.map((l) => l.lead)], [6, ['L1', 'L2', 'L3', 'L4']], 'a page of them');
	deep_equal((await order(boss, 'created', `${known}&limit=4&cursor=${first.next}`)).leads.map((l) => l.lead), ['P1', 'P2'], 'and the next');
	deep_equal((await order(one, 'owner')).leads.map((l) => l.lead), ['L3'], 'of what one may see');
	is((await boss('GET', '/api/leads?order=points')).status, 422, 'what judging tells is no order here');
	is((await boss('GET', '/api/leads?order=nothing')).status, 422, 'nor what no lead has');

	await boss('POST', '/api/leads', { id: 'F1', name: '=cmd|evil', company: 'Formula "AG"', campaign: 'fair' });
	const file = async (who, more) => (await who('GET', `/api/leads?format=csv${more}`)).text.trim().split('\n');
	const lines = await file(boss, '&order=created%20desc');
	is(lines[0], 'lead,source,name,company,owner,life,channel,campaign,partner,created', 'as a file');
	is(lines.length - 1, (await boss('GET', '/api/leads?limit=1')).json.total, 'with all of them');
	ok(lines.some((line) => line.startsWith(`F1,lockstep,"'=cmd|evil","Formula ""AG""",`)), 'in which nothing runs');
	deep_equal((await file(boss, '&find=zack%201')).length, 13, 'those that were found');
	deep_equal((await file(acme, '')).slice(1).map((line) => line.split(',')[0]), ['P1'], 'a partner takes out its own');
	await ok_soon('and it is noted', async () => (await boss('GET', '/api/journal')).json.entries.some((entry) => entry.kind === 'export' && entry.who === 'acme' && entry.text === 'leads as CSV'));
}

async function ok_soon(what, test) {
	for (let i = 0; i < 100 && !(await test()); i++)
		await new Promise((resolve) => setTimeout(resolve, 50));
	ok(await test(), what);
}
await server.stop();
ok(run(['verify', '--book', book]).code === 0, 'the book is sound');
done();
