#!/usr/bin/env node
// Event streams: who hears of what, coming back, who is let in no more, and the server's end.
import http from 'node:http';
import { deep_equal, done, has, is, ok, run, temporary_folder } from '../tap.mjs';
import { add_account, ask, make_book, serve, sign_in } from '../serve.mjs';

const book = make_book(temporary_folder());
add_account(book, 'boss', '--role', 'admin');
add_account(book, 'one', '--role', 'sales rep', '--name', 'Seller One', '--team', 'sales');
add_account(book, 'two', '--role', 'sales rep', '--name', 'Seller Two');
add_account(book, 'acme', '--role', 'partner', '--partner', 'Acme');

const server = await serve(book, { now: '2026-03-05T08:00:00Z' });
const boss = await sign_in(server, 'boss');

// A stream: events as they come, and `until(n)` once there are so many.
function listen(cookie, { last, path = '/api/events' } = {}) {
	const stream = { events: [], ids: [], text: '' };
	let wanted = [];
	stream.ended = new Promise((resolve) => {
		const request = http.get({ host: '127.0.0.1', port: server.port, path, agent: false,
			headers: { Cookie: cookie, ...(last ? { 'Last-Event-ID': last } : {}) } }, (response) => {
			stream.status = response.statusCode;
			stream.type = response.headers['content-type'];
			response.on('data', (bytes) => {
				stream.text += bytes;
				const blocks = stream.text.split('\n\n');
				stream.text = blocks.pop();
				for (const block of blocks) {
					const id = /^id: (\d+)$/m.exec(block), data = /^data: (.*)$/m.exec(block);
					if (id)
						stream.last = id[1];
					if (data) {
						stream.events.push(JSON.parse(data[1]));
						stream.ids.push(Number(stream.last));
					}
				}
				wanted = wanted.filter((want) => !want());
			});
			response.on('close', () => resolve(true));
		});
		request.on('error', () => resolve(false));
		stream.close = () => request.destroy();
	});
	stream.until = (good) => new Promise((resolve) => {
		const look = () => good(stream) && (resolve(stream), true);
		if (!look())
			wanted.push(look);
	});
	return stream;
}
const cookie_of = async (login) => (await ask(server, 'POST', '/api/session', { body: { login, password: 'correct horse battery' } })).headers['set-cookie'][0].split(';')[0];
const brief = (events) => events.map((e) => `${e.kind} ${e.lead}`).sort().join(', ');
const cookies = {};
for (const login of ['boss', 'one', 'two', 'acme'])
	cookies[login] = await cookie_of(login);

is((await ask(server, 'GET', '/api/events')).status, 401, 'who is not known hears nothing');
is((await boss('GET', '/api/events', undefined, { 'Last-Event-ID': 'x' })).status, 400, 'an id that is none');

const streams = Object.fromEntries(Object.entries(cookies).map(([login, cookie]) => [login, listen(cookie)]));
for (const stream of Object.values(streams))
	await stream.until((s) => s.last);
is(streams.boss.type, 'text/event-stream', 'a stream of events');

// ---- who hears of what ----
{
	is((await boss('POST', '/api/leads/L3/contacts', { kind: 'call', outcome: 'reached' })).status, 204, 'a contact with a lead of Seller One');
	is((await boss('POST', '/api/leads', { id: 'N1', name: 'Nia New', partner: 'Acme' })).status, 201, 'a new lead of a partner');
	is((await boss('POST', '/api/leads', { id: 'N2', name: 'Nob New' })).status, 201, 'and one of nobody');
	is((await boss('PUT', '/api/leads/L4/sweet-spot', { in: true })).status, 204, 'a mark on a lead of Seller Two');
	await streams.boss.until((s) => ['L3', 'N1', 'N2', 'L4'].every((lead) => s.events.some((e) => e.lead === lead)));
	await streams.one.until((s) => s.events.length);
	await streams.two.until((s) => s.events.length);
	await streams.acme.until((s) => s.events.length);
	ok(streams.boss.events.some((e) => e.kind === 'contact' && e.lead === 'L3' && e.source === 'crm'), 'who sees all hears of the contact');
	ok(streams.boss.events.some((e) => e.kind === 'lead' && e.lead === 'N2' && e.source === 'lockstep'), 'and of the lead');
	is(brief(streams.one.events), 'contact L3', 'a rep hears of what is its team\'s, and of nothing else');
	ok(streams.two.events.every((e) => e.lead === 'L4'), 'without a team, of what is its own');
	ok(streams.acme.events.every((e) => e.lead === 'N1'), 'a partner of its own leads alone');
	deep_equal(streams.boss.ids, [...streams.boss.ids].sort((a, b) => a - b), 'in order of the entries');
	ok(streams.boss.events.every((e, i) => e.seq === streams.boss.ids[i]), 'whose numbers they have');
}

// ---- coming back ----
{
	const all = streams.boss.events.length, from = streams.boss.events[0].seq;
	const again = listen(cookies.boss, { last: String(from) });
	await again.until((s) => s.events.length >= all - 1);
	is(brief(again.events), brief(streams.boss.events.slice(1)), 'who comes back gets what came after');
	again.close();
	const rep = listen(cookies.one, { path: `/api/events?after=${streams.boss.events.at(-1).seq}` });
	await rep.until((s) => s.last);
	is(rep.events.length, 0, 'and nothing that it had');
	rep.close();
	const partner = listen(cookies.acme, { last: String(from - 1) });
	await partner.until((s) => s.events.length);
	ok(partner.events.every((e) => e.lead === 'N1'), 'coming back shows nothing that is another\'s');
	partner.close();
	const late = listen(cookies.two, { last: '1' });
	await late.until((s) => s.events.length);
	is(late.events[0].kind, 'many', 'who was away too long looks anew');
	is(late.events[0].lead, null, 'at everything');
	late.close();
}

// ---- it goes on, and ends ----
{
	const before = { one: streams.one.events.length, two: streams.two.events.length };
	is((await boss('POST', '/api/leads/L3/steps', { step: 'assign', to: 'Seller Two' })).status, 200, 'the lead goes to a colleague');
	await streams.two.until((s) => s.events.some((e) => e.lead === 'L3'));
	ok(true, 'who hears of it');
	await streams.one.until((s) => s.events.slice(before.one).some((e) => e.lead === 'L3'));
	is(brief(streams.one.events.slice(before.one)), 'step L3', 'who sees it still, with the team, hears of the step alone');
	is((await boss('POST', '/api/leads/L4/steps', { step: 'assign', to: 'Seller One' })).status, 200, 'a lead of another team goes to Seller One');
	await streams.two.until((s) => s.events.slice(before.two).some((e) => e.lead === 'L4'));
	is(brief(streams.two.events.slice(before.two)), 'gone L4, step L3', 'who loses it hears that it is gone, and no more');
	await streams.one.until((s) => s.events.some((e) => e.lead === 'L4'));
	is((await boss('POST', '/api/leads/L4/undo', { at: '2026-03-05T08:00:00Z' })).status, 200, 'which is taken back');
	await streams.one.until((s) => s.events.some((e) => e.kind === 'gone'));
	ok(streams.one.events.at(-1).kind === 'gone' && streams.one.events.at(-1).lead === 'L4', 'who had got it loses it');
	await streams.two.until((s) => s.events.at(-1).kind === 'undone' && s.events.at(-1).lead === 'L4');
	ok(!streams.boss.events.some((e) => e.kind === 'gone'), 'who sees all hears of no loss');
	has((await boss('GET', '/metrics')).text, /^lockstep_streams [4-9]/m, 'streams are counted');
	const ends = Object.values(streams).map((s) => s.ended);
	const { code } = await server.stop();
	is(code, 0, 'the server stops although somebody listens');
	deep_equal(await Promise.all(ends), [true, true, true, true], 'and ends the streams');
}
run(['verify', '--book', book]);
done();
