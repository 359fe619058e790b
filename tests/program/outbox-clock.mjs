#!/usr/bin/env node
// What the clock records is told: at risk to the owner, broken to whom the agreement's ladder names, each once; and once the letter went out the
// book says so.

import { createServer } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { add_account, make_book, serve, sign_in } from '../serve.mjs';
import { plain, smtp } from '../smtp.mjs';
import { done, is, ok, run, temporary_folder } from '../tap.mjs';

const folder = temporary_folder();
const book = make_book(folder);
const names = { 'boss@example.com': ['Head of Sales', 'sales manager'], 'one@example.com': ['Seller One', 'sales rep'] };
for (const [login, [name, role]] of Object.entries(names))
	add_account(book, login, '--name', name, '--role', role);
const cli = (now, ...args) => run(args.concat('--book', book), { env: { LOCKSTEP_NOW: now } });

// A chat that is told of promises.
const chat = [];
const receiver = createServer((request, response) => {
	let body = '';
	request.on('data', (part) => (body += part));
	request.on('end', () => (chat.push(JSON.parse(body)), response.end('ok')));
});
await new Promise((resolve) => receiver.listen(0, '127.0.0.1', resolve));
is(cli('2026-03-05T08:30:00Z', 'outlet', 'add', 'chat', '--way', 'slack', '--url', `http://127.0.0.1:${receiver.address().port}/`, '--kinds', 'promise.*').code, 0, 'a chat is told of promises');

const mail = await smtp();
const args = ['--mail-server', mail.url, '--mail-from', 'desk@example.com', '--allow-internal', '127.0.0.1'];
const until = async (what, name) => {
	for (let i = 0; i < 300 && !what(); i++)
		await sleep(30);
	ok(what(), name);
};
const letters = (to, word) => mail.letters().filter((l) => l.to === to && l.headers.subject[0].includes(word));
// The server, from then on, until something is there.
async function at(now, what, name) {
	const server = await serve(book, { now, args });
	await until(what, name);
	await sleep(60); // what became of it is recorded
	await server.stop();
}

let server = await serve(book, { now: '2026-03-05T09:00:00Z', args });
const boss = await sign_in(server, 'boss@example.com');
is((await boss('POST', '/api/leads/L1/hand-over', { to: 'Seller One', override: 'known from the fair' })).status, 200, 'a lead is handed over');
await until(() => letters('one@example.com', 'L1 is yours').length === 1, 'who has it now is told');
await server.stop();
is(letters('one@example.com', 'At risk').length, 0, 'nothing is at risk yet');

await at('2026-03-05T15:59:59Z', () => letters('one@example.com', 'At risk: first contact').length === 1, 'when three quarters of the time are over, the owner hears of it');
await until(() => chat.some((m) => /first contact" of lead L1 is at risk: due 2026-03-06 10:00, owner Seller One\./.test(m.text)), 'and so does the chat');
server = await serve(book, { now: '2026-03-05T16:30:00Z', args });
await sleep(300);
await server.stop();
is(letters('one@example.com', 'At risk: first contact').length, 1, 'once');

await at('2026-03-06T08:59:59Z', () => letters('one@example.com', 'Broken: first contact').length === 1, 'when it is broken the owner is told');
is(letters('boss@example.com', 'Broken').length, 0, 'and nobody else yet');
const before = cli('2026-03-06T10:00:00Z', 'rows', '--of', 'promise_words', '--columns', 'kind,outcome,reason,at,sent', '--format', 'json').json;
const told = JSON.stringify(before);
ok(/"told","owner","Seller One","2026-03-06T10:00","2026-03-06T10:00"/.test(told), `the book says that it was sent ${told}`);
await at('2026-03-06T13:59:59Z', () => letters('boss@example.com', 'Broken: first contact').length === 1, 'four working hours later the manager');
ok(/the manager is told/.test(plain(letters('boss@example.com', 'Broken')[0].body).replace(/\s+/g, ' ')), 'and why');
ok(chat.some((m) => m.text.includes('is broken; to be told: manager')), 'the chat hears of each');
is(cli('2026-03-06T15:00:00Z', 'verify').code, 0, 'the book is sound');

// An old book that is looked at for the first time writes to nobody about what is long over.
const promises = () => mail.letters().filter((l) => /At risk|Broken/.test(l.headers.subject[0])).length;
const count = promises();
server = await serve(book, { now: '2026-06-01T09:00:00Z', args });
await sleep(700);
is((await server.stop()).code, 0, 'the server ends well');
is(promises(), count, 'what broke long ago is recorded, and nobody is written to');
await mail.stop();
receiver.closeAllConnections();
receiver.close();
done();
