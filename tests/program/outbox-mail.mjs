#!/usr/bin/env node
// Letters over SMTP to a real server: text and HTML, TLS with a password, refusals for now and for good, nothing in a header that does not belong there.

import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { add_account, ask, make_book, serve, sign_in } from '../serve.mjs';
import { plain, smtp } from '../smtp.mjs';
import { done, is, ok, run, temporary_folder } from '../tap.mjs';

const folder = temporary_folder();
const book = make_book(folder);
const now = '2026-03-05T09:00:00Z';
const people = [['sales@example.com', 'Head of Sales', 'sales manager'], ['one@example.com', 'Seller One', 'sales rep'], ['two@example.com', 'Seller Two', 'sales rep'], ['gone@example.com', 'Seller Three', 'sales rep'], ['no-address', 'Seller Four', 'sales rep'], ['root@example.com', 'Root', 'admin']];
for (const [login, name, role] of people)
	add_account(book, login, '--name', name, '--role', role);

const cli = (...args) => run(args.concat('--book', book), { env: { LOCKSTEP_NOW: now } });
const listed = (state) => cli('outbox', 'list', '--state', state, '--format', 'json').json.messages;
const until = async (what, name) => {
	for (let i = 0; i < 300 && !what(); i++)
		await sleep(30);
	ok(what(), name);
};

const mail = await smtp({ tls: true, user: 'desk', password: 'pass word', refuse: ['gone@example.com'], later: ['two@example.com'] });
writeFileSync(join(folder, 'password'), 'pass word\n');
const args = ['--mail-server', mail.url, '--mail-from', 'Löckstep "Desk" <desk@example.com>', '--mail-user', 'desk', '--mail-password-file', join(folder, 'password'), '--retry-seconds', '1'];

is(run(['serve', '--book', book, '--mail-server', 'http://x', '--mail-from', 'a@b.c']).code, 2, 'a mail server is smtp');
is(run(['serve', '--book', book, '--mail-server', 'smtp://x', '--mail-from', 'a@b.c>\nBcc: x@y.z']).code, 2, 'who writes has one plain address');
is(run(['serve', '--book', book, '--mail-server', 'smtp://x', '--mail-from', 'a@b.c', '--mail-password-file', '/nowhere']).code, 3, 'a password that is not there is said');

// ---- a certificate that nobody knows ----
let server = await serve(book, { now, args });
process.on('uncaughtException', (e) => { console.error(e, server.text()); process.exit(1); });
let sales = await sign_in(server, 'sales@example.com');
const assign = (lead, to, reason) => sales('POST', `/api/leads/${lead}/steps`, { step: 'assign', to, ...(reason ? { reason } : {}) });
const assigned = await assign('L3', 'Seller Two');
is(assigned.status, 200, `a lead is given to somebody ${assigned.status === 200 ? '' : assigned.text}`);
await assign('L4', 'Seller One', 'Bcc: evil@example.com\r\nX-Evil: 1');
await until(() => listed('waiting').some((m) => /certificate|SSL/i.test(m.trouble)), 'without its certificate nothing is told to the mail server');
is(mail.letters().length, 0, 'no letter');
await server.stop();

// ---- in conversation ----
server = await serve(book, { now, args: [...args, '--mail-ca-file', mail.ca] });
sales = await sign_in(server, 'sales@example.com');
await until(() => mail.letters().some((l) => l.to === 'one@example.com'), 'a letter is taken');
const letter = mail.letters().find((l) => l.to === 'one@example.com');
is(letter.headers.subject[0], 'Lead L4 is yours', 'it says what it is about');
is(letter.headers.to[0], '"Seller One" <one@example.com>', 'to whom');
ok(/^=\?UTF-8\?B\?.*\?= <desk@example.com>$/.test(letter.headers.from[0]), 'from whom');
is(letter.from, '<desk@example.com>', 'and where it may come back to');
ok(/^<msg_[\w-]{24}@example.com>$/.test(letter.headers['message-id'][0]), 'with the id of the message');
ok(letter.headers.date?.[0].startsWith('Thu, 05 Mar 2026 09:0'), 'and a date');
ok(/multipart\/alternative/.test(letter.raw) && /text\/plain; charset=utf-8/.test(letter.raw) && /text\/html; charset=utf-8/.test(letter.raw), 'as text and as HTML');
ok(plain(letter.body).includes('Company: Uhl AG') && plain(letter.body).includes('<td>Uhl AG</td>'), 'both say which lead');
ok(!plain(letter.raw).includes('Dora'), 'but not whose');
ok(!letter.headers['x-evil'] && !letter.headers.bcc, 'what somebody typed is no header');
ok(!/<script|src=/.test(plain(letter.body)), 'there is no script in it');

// ---- not now, and never ----
await until(() => listed('waiting').some((m) => m.to === 'Seller Two' && /45\d|busy/.test(m.trouble)), 'who is told to come again waits');
mail.later([]);
await until(() => mail.letters().some((l) => l.to === 'two@example.com'), 'and comes again');
await assign('L3', 'Seller Three');
await until(() => listed('dead').some((m) => m.to === 'Seller Three' && /55\d|no such person/.test(m.trouble)), 'what is refused for good is a dead letter');
await assign('L4', 'Seller Four');
await until(() => !listed('waiting').some((m) => m.to === 'Seller Four'), 'to a login that is no address');
ok(!listed('dead').some((m) => m.to === 'Seller Four') && mail.letters().length === 2, 'nothing is sent');
ok(listed('sent').length === 2, 'what was sent is remembered');

// ---- a password that was forgotten ----
is((await ask(server, 'POST', '/api/links/ask', { body: { login: 'nobody@example.com' } })).status, 202, 'who is not known gets the same answer');
is((await ask(server, 'POST', '/api/links/ask', { body: { login: 'one@example.com' } })).status, 202, 'who forgot the password asks');
await until(() => mail.letters().some((l) => l.headers.subject[0] === 'Your password'), 'and gets a link by mail');
const reset = mail.letters().find((l) => l.headers.subject[0] === 'Your password');
const [, link] = /\/join#([\w-]+)/.exec(plain(reset.body));
is(reset.to, 'one@example.com', 'to that address alone');
const used = await ask(server, 'POST', '/api/links/use', { body: { link, password: 'another good one' } });
is(used.status, 200, 'by which a new password is chosen');
is((await ask(server, 'POST', '/api/links/use', { body: { link, password: 'another good one' } })).status, 404, 'once');
ok(!JSON.stringify(listed('sent')).includes(link), 'the link stands nowhere in the book');

// ---- consent that counts once a letter was answered ----
const root = await sign_in(server, 'root@example.com');
is((await root('POST', '/api/forms', { name: 'news', title: 'News <by> mail', asks: 'name* email*', consent: 'You may write to me.', confirm: true })).status, 201, 'a form asks twice');
const fill = (name, email) => ask(server, 'POST', '/forms/news', { body: new URLSearchParams({ name, email, consent: 'yes' }).toString(), headers: { 'Content-Type': 'application/x-www-form-urlencoded' } });
is((await fill('Uma Ude', 'uma@example.com')).status, 200, 'somebody fills it in');
await until(() => mail.letters().some((l) => l.to === 'uma@example.com'), 'and is asked by mail');
const asked = mail.letters().find((l) => l.to === 'uma@example.com');
is(asked.headers.subject[0], 'Please confirm: News <by> mail', 'whether it was meant');
const confirm = new URL(/(http:\S+\/confirm\/\S+)/.exec(plain(asked.body))[1]).pathname;
const consents = () => cli('rows', '--of', 'touches', '--columns', 'lead,kind,consent', '--format', 'json').json.rows.filter((r) => r[2] === 'You may write to me.').length;
is(consents(), 0, 'until then nothing is agreed to');
const shown = await ask(server, 'GET', confirm);
ok(shown.status === 200 && /<form method="post">/.test(shown.text) && shown.text.includes('News &lt;by&gt; mail'), 'the link shows what it is about');
is(consents(), 0, 'and looking changes nothing');
is((await ask(server, 'POST', confirm.slice(0, -2) + 'xx')).status, 404, 'another link is none');
is((await ask(server, 'POST', confirm)).status, 200, 'who answers it agrees');
is((await ask(server, 'POST', confirm)).status, 200, 'twice is no harm');
is(consents(), 1, 'which is noted once');
const vera = await fill('Vera Voss', 'gone@example.com');
is(vera.status, 200, 'an address that takes no mail');
await until(() => listed('dead').some((m) => m.kind === 'confirm'), 'is a dead letter');
const lead = listed('dead').find((m) => m.kind === 'confirm').to;
is((await sales('POST', `/api/leads/${encodeURIComponent(lead)}/steps`, { step: 'opted-out' })).status, 200, 'who wants no contact');
const opted = await root('POST', `/api/outbox/${listed('dead').find((m) => m.kind === 'confirm').id}/again`);
is(opted.status, 200, 'is not written to, even when it is sent again');
await until(() => !listed('dead').some((m) => m.kind === 'confirm') && !listed('waiting').length, 'it is held back');

// ---- who wants no contact wants none by another lead either ----
const opt_out = async (id, told) => {
	is((await root('POST', '/api/leads', { id, ...told })).status, 201, `${id} comes in`);
	is((await sales('POST', `/api/leads/lockstep:${id}/steps`, { step: 'opted-out' })).status, 200, 'and wants no contact');
	is((await sales('POST', `/api/leads/lockstep:${id}/steps`, { step: 'test' })).status, 200, 'which is not looked at any more');
};
await opt_out('W1', { name: 'Wim Wald', email: 'Wim@Example.com' });
await opt_out('W2', { name: 'Xenia Xu', phone: '+49 30 555 0199' });
is((await root('POST', '/api/forms', { name: 'call', title: 'Call', asks: 'name* email* phone', consent: 'Yes', confirm: true })).status, 201, 'a form asks for a number');
is((await fill('Willem Wald', 'wim@example.com')).status, 200, 'who fills a form in again');
is((await ask(server, 'POST', '/forms/call', { body: new URLSearchParams({ name: 'X. Xu', email: 'xenia@example.com', phone: '0049 30 5550199', consent: 'yes' }).toString(), headers: { 'Content-Type': 'application/x-www-form-urlencoded' } })).status, 200, 'by the same number, too');
is((await fill('Yves Yard', 'yves@example.com')).status, 200, 'and somebody else');
await until(() => mail.letters().some((l) => l.to === 'yves@example.com'), 'who is written to');
await until(() => !listed('waiting').length, 'all are decided');
ok(!mail.letters().some((l) => /^(wim|xenia)@/i.test(l.to)), 'by address and by number nobody is who wanted no contact');

is((await root('POST', '/api/leads', { id: 'W3', name: 'W. Wald', email: 'wim@example.com' })).status, 201, 'another lead of the same address');
is((await sales('GET', '/api/leads/lockstep:W3')).json.opted_out, true, 'says so, too');
is((await root('POST', '/api/leads', { id: 'Y3', name: 'Y. Yard', email: 'yet@example.com' })).status, 201, 'and one of another');
is((await sales('GET', '/api/leads/lockstep:Y3')).json.opted_out, false, 'does not');

// ---- invitations ----
const invitation = () => mail.letters().filter((l) => l.headers.subject[0] === 'Your account in Lockstep');
const made = await root('POST', '/api/accounts', { login: 'New@Example.com', name: 'Nina New', roles: ['viewer'] });
is(made.status, 201, 'somebody is invited');
ok(made.json.mailed === true && made.json.link === null && made.json.account.invited, 'the link is told to nobody');
await until(() => invitation().length === 1, 'but goes out by mail');
is(invitation()[0].to, 'new@example.com', 'to the login');
ok(plain(invitation()[0].body).includes('Root made an account for you'), 'which says who invited');
const door = /\/join#([\w-]+)/.exec(plain(invitation()[0].body))[1];
is((await ask(server, 'POST', '/api/links/use', { body: { link: door, password: 'a password of mine' } })).json?.login, 'new@example.com', 'and lets in');
ok(!JSON.stringify(listed('sent')).includes(door), 'the link stands nowhere in the book');
const told = await root('POST', '/api/accounts', { login: 'told@example.com', roles: ['viewer'], mail: false });
ok(told.status === 201 && told.json.mailed === false && /\/join#/.test(told.json.link), 'who would rather hand it on gets it');
const plainly = await root('POST', '/api/accounts', { login: 'no-address-2', roles: ['viewer'] });
ok(plainly.status === 201 && plainly.json.mailed === false && plainly.json.link, 'as does who invites a login that is no address');
is((await root('POST', '/api/accounts', { login: 'no-address-3', roles: ['viewer'], mail: true })).status, 422, 'which cannot be written to');
const by_command = cli('account', 'invite', 'command@example.com', '--role', 'viewer');
is(by_command.code, 0, 'a command invites, too');
is(by_command.out, '', 'and prints no link');
await until(() => invitation().length === 2, 'a letter goes out for it');
is(invitation()[1].to, 'command@example.com', 'to the login');
ok(/\/join#/.test(cli('account', 'invite', 'printed@example.com', '--role', 'viewer', '--no-mail').out), 'unless it is to be printed');
is((await server.stop()).code, 0, 'the server ends well');
await mail.stop();
done();
