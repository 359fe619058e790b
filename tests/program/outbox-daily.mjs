#!/usr/bin/env node
// What comes by itself: the day's list when work begins, the weekly page; what somebody turned off does not; the calendar feed; the pages' API of the
// ways out.

import { setTimeout as sleep } from 'node:timers/promises';
import { add_account, ask, make_book, serve, sign_in } from '../serve.mjs';
import { plain, smtp } from '../smtp.mjs';
import { deep_equal, done, is, ok, run, temporary_folder } from '../tap.mjs';

const folder = temporary_folder();
const book = make_book(folder);
const names = { 'boss@example.com': ['Head of Sales', 'sales manager'], 'one@example.com': ['Seller One', 'sales rep'], 'two@example.com': ['Seller Two', 'sales rep'], 'root@example.com': ['Root', 'admin'] };
for (const [login, [name, role]] of Object.entries(names))
	add_account(book, login, '--name', name, '--role', role);
const cli = (now, ...args) => run(args.concat('--book', book), { env: { LOCKSTEP_NOW: now } });
const mail = await smtp();
const args = ['--mail-server', mail.url, '--mail-from', 'desk@example.com'];
const until = async (what, name) => {
	for (let i = 0; i < 300 && !what(); i++)
		await sleep(30);
	ok(what(), name);
};
const letters = (to, word) => mail.letters().filter((l) => l.to === to && l.headers.subject[0].includes(word));

let server = await serve(book, { now: '2026-03-05T10:00:00Z', args });
let boss = await sign_in(server, 'boss@example.com');
let one = await sign_in(server, 'one@example.com');
const two = await sign_in(server, 'two@example.com');
const root = await sign_in(server, 'root@example.com');
is((await boss('POST', '/api/leads/L1/hand-over', { to: 'Seller One', override: 'known from the fair' })).status, 200, 'a lead is handed over');

// ---- what somebody wants to hear ----
const all_on = { mail: true, assignment: true, at_risk: true, breach: true, digest: true, weekly: true };
deep_equal((await two('GET', '/api/me/notices')).json, all_on, 'at first all is told');
deep_equal((await two('PATCH', '/api/me/notices', { digest: false, weekly: false, assignment: false })).json, { ...all_on, digest: false, weekly: false, assignment: false }, 'some of it no more');
is((await two('PATCH', '/api/me/notices', { digest: 'no' })).status, 422, 'yes or no');
await boss('POST', '/api/leads/L3/steps', { step: 'assign', to: 'Seller Two' });

// ---- the calendar ----
is((await one('GET', '/api/me/feed')).json.url, null, 'there is no calendar');
const { url } = (await one('POST', '/api/me/feed')).json;
const path = new URL(url).pathname;
const calendar = await ask(server, 'GET', path);
ok(calendar.status === 200 && calendar.headers['content-type'].startsWith('text/calendar'), 'then there is one, for who has its address');
ok(/^BEGIN:VCALENDAR\r\nVERSION:2\.0\r\n/.test(calendar.text) && calendar.text.endsWith('END:VCALENDAR\r\n'), 'a whole one');
ok(/SUMMARY:first contact\\, Berg Software \(lead L1\)\r\n/.test(calendar.text) && /DTEND:20260306T1000\d\dZ/.test(calendar.text), 'with what is due, and when');
ok(!calendar.text.includes('Anna'), 'and nobody\'s name');
ok(calendar.text.split('\r\n').every((l) => Buffer.byteLength(l) <= 75), 'in lines that are short enough');
const again = await ask(server, 'GET', path);
is(again.text.match(/UID:.*/)[0], calendar.text.match(/UID:.*/)[0], 'with ids that stay');
is((await ask(server, 'GET', path.slice(0, -3))).status, 404, 'another address is none');
is((await ask(server, 'GET', path.replace(/\d+-/, '1-'))).status, 404, 'nor is it another\'s');
const second = (await one('POST', '/api/me/feed')).json.url;
ok(second !== url && (await ask(server, 'GET', path)).status === 404, 'with a new address the old one is worth nothing');
is((await one('DELETE', '/api/me/feed')).status, 204, 'it can be taken back');
is((await ask(server, 'GET', new URL(second).pathname)).status, 404, 'and is gone');

// ---- the ways out over the API ----
is((await boss('GET', '/api/outlets')).status, 403, 'outlets are the admin\'s');
is((await root('POST', '/api/outlets', { id: 'in', url: 'https://192.168.0.7/' })).status, 422, 'not into our own network');
const made = await root('POST', '/api/outlets', { id: 'crm', url: 'https://crm.example.com/in', kinds: ['lead.*', 'promise.broken'] });
ok(made.status === 201 && made.json.secret.startsWith('whsec_'), 'an outlet has a secret');
is((await root('GET', '/api/outlets/crm/secret')).json.secret, made.json.secret, 'which can be told again');
ok((await root('POST', '/api/outlets/crm/secret')).json.secret !== made.json.secret, 'and made anew');
deep_equal((await root('PATCH', '/api/outlets/crm', { off: true })).json, { id: 'crm', url: 'https://crm.example.com/in', way: 'webhook', kinds: ['lead.*', 'promise.broken'], off: true }, 'it is turned off');
is((await root('POST', '/api/outlets', { id: 'crm', url: 'https://crm.example.com/in' })).status, 422, 'an id is given once');
is((await root('PATCH', '/api/outlets/crm', { kinds: ['lead.eaten'] })).status, 422, 'of what there is');
is((await root('DELETE', '/api/outlets/crm')).status, 204, 'and goes');
is((await root('DELETE', '/api/outlets/crm')).status, 404, 'once');
const journal = JSON.stringify((await root('GET', '/api/journal?limit=50')).json);
ok(/outlet crm added: webhook to crm\.example\.com/.test(journal) && /outlet crm removed/.test(journal) && !/crm\.example\.com\/in/.test(journal), 'each change is in the journal, without the path');
const sent = (await root('GET', '/api/outbox?state=sent')).json;
ok(sent.counts.sent === sent.messages.length && sent.messages.every((m) => m.way === 'mail'), 'what was sent is listed');
is((await root('GET', '/api/outbox/msg_none')).status, 404, 'a message that is not there');
is(mail.letters().filter((l) => l.to === 'two@example.com').length, 0, 'who turned it off got no letter');
await server.stop();

// ---- the morning, in Berlin: Friday 9:00 ----
server = await serve(book, { now: '2026-03-06T07:59:30Z', args });
await sleep(300);
await server.stop();
is(letters('one@example.com', 'Today').length, 0, 'not before work begins');
server = await serve(book, { now: '2026-03-06T08:00:01Z', args });
await until(() => letters('one@example.com', 'Today: 1 due').length === 1, 'when it begins who owes something is told what');
ok(/Due today\n-+\n2026-03-06 11:00: first contact, lead L1\n/.test(plain(letters('one@example.com', 'Today')[0].body)), 'and by when');
await server.stop();
server = await serve(book, { now: '2026-03-06T09:00:00Z', args });
await sleep(400);
await server.stop();
is(letters('one@example.com', 'Today').length, 1, 'once a day');
server = await serve(book, { now: '2026-03-07T09:00:00Z', args });
await sleep(300);
await server.stop();
is(letters('one@example.com', 'Today').length, 1, 'not on a Saturday');

// ---- the weekly page, Monday 8:00 ----
server = await serve(book, { now: '2026-03-09T07:10:00Z', args });
await until(() => letters('boss@example.com', 'The weekly page').length === 1, 'the weekly page comes when the agreement says');
const page = plain(letters('boss@example.com', 'The weekly page')[0].body);
ok(/What came in/.test(page) && /<table/.test(page), 'with its tables');
ok(!/<script|<style|<link|<img|<svg/.test(page), 'without script or style');
await until(() => letters('one@example.com', 'The weekly page').length === 1, 'to everybody');
await sleep(200);
is(letters('two@example.com', 'The weekly page').length, 0, 'but who turned it off');
is((await server.stop()).code, 0, 'the server ends well');
is(cli('2026-03-09T08:00:00Z', 'outbox', 'list', '--format', 'json').json.messages.length, 0, 'no letter is dead');
await mail.stop();
done();
