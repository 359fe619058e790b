#!/usr/bin/env node
// Hooks: another system tells of leads as JSON, read by a map; with a key that is told once, and the same row told twice changes nothing.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deep_equal, done, has, is, ok, run, temporary_folder } from '../tap.mjs';
import { add_account, ask, make_book, serve, sign_in } from '../serve.mjs';

const folder = temporary_folder();
const book = make_book(folder);
const lockstep = (...args) => run([...args, '--book', book], { env: { LOCKSTEP_NOW: '2026-03-05T08:00:00Z' } });
const map = `map: shop
source: shop
columns: optional
files:
  - match: "*"
    as: leads
    key: id
    dates: yyyy-mm-dd
    fields:
      name: person.name
      email: person.emails.0
      company: company
      company_size: size
      created: at
      source: {constant: shop}
      notes: text
`;
writeFileSync(join(folder, 'shop.yaml'), map);
writeFileSync(join(folder, 'wrong.yaml'), map.replace('as: leads', 'as: leeds'));

add_account(book, 'mia', '--role', 'marketing', '--name', 'Mia');
add_account(book, 'one', '--role', 'sales rep', '--name', 'Seller One');

// ---- by the command line ----
let key;
{
	const added = lockstep('hook', 'add', 'shop', '--map', join(folder, 'shop.yaml'), '--title', 'The shop');
	is(added.code, 0, `a hook is made ${added.err}`);
	key = added.out.trim().split('\n').at(-1);
	is(key.length, 43, 'with a key');
	has(added.err, 'warning: --kind: no rule of the agreement in force names a touch of the kind "hook"', 'of which the agreement says nothing');
	is(lockstep('hook', 'add', 'shop', '--map', join(folder, 'shop.yaml')).code, 1, 'once');
	is(lockstep('hook', 'add', 'x').code, 2, 'a map is needed');
	has(lockstep('hook', 'add', 'x', '--map', join(folder, 'wrong.yaml')).err, 'leeds', 'a good one');
	is(lockstep('hook', 'add', 'X y', '--map', join(folder, 'shop.yaml')).code, 1, 'and a name that fits an address');
	is(lockstep('hook', 'list', '--format', 'json').out.includes(key), false, 'the key is told once');
	is(lockstep('hook', 'key', 'nothing').code, 1, 'of one that is not there');
}

is(lockstep('outlet', 'add', 'crm', '--url', 'https://crm.example.com/in', '--kinds', 'lead.created').code, 0, 'another program wants to hear of new leads');
const created = () => JSON.parse(lockstep('outbox', 'list', '--state', 'all', '--format', 'json').out).messages.filter((m) => m.kind === 'lead.created').map((m) => `${m.facts.source}:${m.facts.lead}`);

const server = await serve(book, { now: '2026-03-05T08:00:00Z' });
const mia = await sign_in(server, 'mia');
const one = await sign_in(server, 'one');
const tell = (body, headers = { Authorization: `Bearer ${key}` }, path = '/hooks/shop') => ask(server, 'POST', path, { body, headers });
const rows = async (of, columns, where) => (await mia('GET', `/api/rows?of=${of}&columns=${columns}&limit=100${where ? `&where=${encodeURIComponent(where)}` : ''}`)).json.rows;
const zoe = { id: 'S-1', person: { name: 'Zoe Zed', emails: ['zoe@zed.example', 'z@z.example'] }, company: 'Zed AG', size: 50, at: '2026-03-04T09:00:00+01:00', text: 'asked for a demo' };

// ---- told ----
{
	const told = await tell(zoe);
	deep_equal([told.status, told.json], [200, { result: 'new', key: 'S-1', source: 'shop' }], 'a lead');
	deep_equal(created(), ['shop:S-1'], 'of which other programs hear');
	deep_equal(await rows('leads', 'key,account,company_size,source', 'source = "shop"'), [['S-1', 'Zed AG', '50', 'shop']], 'by the map');
	is((await mia('GET', '/api/leads/shop:S-1')).json.name, 'Zoe Zed', 'with who it is');
	is((await tell(zoe)).json.result, 'unchanged', 'the same row again is nothing new');
	is((await tell({ ...zoe, size: 60 })).json.result, 'changed', 'another word of it is');
	deep_equal(await rows('touches', 'lead.key,kind,form,source', 'form = "shop"'), [['S-1', 'hook', 'shop', 'shop']], 'it came by one touch');
	const again = await Promise.all(Array.from({ length: 6 }, () => tell({ id: 'S-2', person: { name: 'Yan', emails: ['yan@y.example'] } })));
	deep_equal(again.map((a) => a.json.result).sort(), ['new', 'unchanged', 'unchanged', 'unchanged', 'unchanged', 'unchanged'], 'six times at once is once');
}

// ---- the same person by another row ----
{
	const other = await tell({ ...zoe, id: 'S-9' });
	deep_equal(other.json, { result: 'touch', key: 'S-1', source: 'shop' }, 'is a touch on the lead that is there');
	is((await tell({ ...zoe, id: 'S-9' })).json.result, 'touch', 'also when it is told again');
	is((await rows('touches', 'key', 'form = "shop" and lead.key = "S-1"')).length, 2, 'and one touch only');
	const two = await Promise.all(['A', 'B'].map((id) => tell({ id, person: { name: 'Will Weg', emails: ['will@weg.example'] } })));
	deep_equal(two.map((a) => a.json.result).sort(), ['new', 'touch'], 'twice in a second: one lead');
	const [lead] = two.map((a) => a.json.key).filter((k, i, all) => all.indexOf(k) === i);
	is((await rows('touches', 'key', `form = "shop" and lead.key = "${lead}"`)).length, 2, 'with two touches');
}

// ---- who asks for sales by it ----
{
	const life = async (lead) => {
		const { json } = await mia('GET', `/api/leads/${lead}`);
		return [json.life, json.owner, json.steps.map((s) => s.step).join()];
	};
	deep_equal(await life('shop:S-1'), ['new', null, ''], 'nobody asked for sales by a kind that no rule names');
	const changed = (await mia('PATCH', '/api/hooks/shop', { kind: 'demo_request' })).json;
	deep_equal([changed.kind, changed.warning], ['demo_request', null], 'a kind that is named');
	deep_equal((await tell({ id: 'S-20', person: { name: 'Dan Demo', emails: ['dan@demo.example'] }, size: 80 })).json.result, 'new', 'somebody new asks');
	deep_equal(await life('shop:S-20'), ['handed over', 'Seller One', 'qualified,handed_off'], 'and is handed over at once, though nobody said when it came in');
	is((await tell({ ...zoe, id: 'S-21' })).json.result, 'touch', 'somebody known asks');
	deep_equal(await life('shop:S-1'), ['handed over', 'Seller Two', 'qualified,handed_off'], 'and is handed over, too');
	is((await tell({ ...zoe, id: 'S-22', person: { name: 'Ed', emails: ['ed@e.example'] }, at: '2026-03-05T08:59:00+01:00' })).json.result, 'new', 'one that says when');
	is((await life('shop:S-22'))[1], 'Seller Three', 'goes to whose turn it is');
	deep_equal((await mia('PATCH', '/api/hooks/shop', { kind: 'x\ny' })).json.problems.map((p) => p.member), ['kind'], 'a kind that is no word is refused');
	has((await mia('PATCH', '/api/hooks/shop', { kind: '' })).json.warning, 'no rule of the agreement in force names a touch of the kind "hook"', 'the usual one is doubted');
}

// ---- keys ----
{
	is((await tell(zoe, {})).status, 403, 'without a key');
	is((await tell(zoe, { Authorization: 'Bearer nothing' })).status, 403, 'with another');
	is((await tell(zoe, {}, '/hooks/nothing')).status, 403, 'a hook that is not there looks the same');
	is((await tell(zoe, {}, `/hooks/shop?key=${key}&x=1`)).status, 200, 'in the address, where a system can no better');
	const renewed = await mia('POST', '/api/hooks/shop/key');
	is(renewed.status, 200, 'a new key');
	is((await tell(zoe)).status, 403, 'the one before opens nothing');
	({ key } = renewed.json);
	is((await tell(zoe)).status, 200, 'the new one does');
	is((await mia('GET', '/api/hooks')).text.includes(key), false, 'and is told once');
	is((await one('GET', '/api/hooks')).status, 403, 'not a matter of sales reps');
	const made = await mia('POST', '/api/hooks', { name: 'second', map });
	deep_equal([made.status, made.json.key.length], [201, 43], 'made over the API');
	is((await mia('POST', '/api/hooks', { name: 'third', map: 'map: x' })).status, 409, 'not with a map that is none');
	is((await mia('PATCH', '/api/hooks/second', { closed: true })).json.closed, true, 'closed');
	is((await tell(zoe, { Authorization: `Bearer ${made.json.key}` }, '/hooks/second')).status, 410, 'it takes nothing in');
}

// ---- wrong ----
{
	const before = (await rows('leads', 'key')).length;
	is((await tell('[1]')).status, 400, 'no object');
	is((await tell('{"id": "x"')).status, 400, 'no JSON');
	is((await tell('{"id": "x", "id": "y"}')).status, 400, 'a member twice');
	is((await tell({ person: { name: 'Nobody' } })).status, 422, 'without the key of the map');
	const wrong = await tell({ ...zoe, id: 'S-3', at: 'yesterday', size: 'many' });
	is(wrong.status, 422, 'what cannot be read');
	ok(wrong.json.problems.length >= 2, 'is said, each');
	let deep = { id: 'S-4' };
	for (let i = 0; i < 20; i++)
		deep = { a: deep };
	is((await tell(deep)).status, 422, 'nested too deep');
	is((await tell(Object.fromEntries(Array.from({ length: 600 }, (_, i) => [`m${i}`, i])))).status, 422, 'too many members');
	is((await rows('leads', 'key')).length, before, 'nothing came in by that');
	let last;
	for (let i = 0; i < 80 && last !== 429; i++)
		last = (await tell(zoe, { Authorization: `Bearer ${i}` })).status;
	is(last, 429, 'who guesses keys is told to wait');
	is((await tell(zoe)).status, 200, 'who has the key is not');
}

// ---- killed: what was acknowledged is there ----
{
	const told = [];
	let n = 0;
	const busy = Promise.all(Array.from({ length: 4 }, async () => {
		for (;;) {
			const id = `K-${n++}`;
			try {
				if ((await tell({ id, person: { name: id, emails: [`${id}@k.example`] } })).status === 200)
					told.push(id);
			} catch {
				return;
			}
			if (told.length === 20)
				server.kill();
		}
	}));
	await busy;
	await server.ended;
	const keys = new Set(lockstep('rows', '--of', 'leads', '--columns', 'key', '--limit', '1000', '--format', 'csv').out.split('\n'));
	deep_equal([told.length >= 20, told.filter((id) => !keys.has(id))], [true, []], 'all of it');
	is(lockstep('verify').code, 0, 'and the book is sound');
}
done();
