#!/usr/bin/env node
// People over HTTP: invitations and resets, the second factor against oathtool, how often one may try, sessions, accounts, and what the
// journal tells of all of it.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { deep_equal, done, has, is, ok, run, temporary_folder } from '../tap.mjs';
import { add_account, ask, make_book, password, serve, sign_in } from '../serve.mjs';

const book = make_book(temporary_folder());
const now = '2026-03-05T08:00:05Z'; // five seconds into a half minute
const account = (...args) => run(['account', ...args, '--book', book], { input: `${password}\n`, env: { LOCKSTEP_NOW: now } });

add_account(book, 'boss@example.com', '--name', 'Boss', '--role', 'admin');
add_account(book, 'rep', '--role', 'sales rep', '--name', 'Seller One', '--team', 'sales');

// ---- from the command line ----
{
	const invited = account('invite', 'ona@example.com', '--role', 'marketing', '--url', 'https://lockstep.example.com');
	is(invited.code, 0, 'somebody is invited');
	has(invited.out, /^https:\/\/lockstep\.example\.com\/join#[\w-]{43}\n$/, 'the link is printed');
	has(invited.err, 'good once, until 2026-03-12 09:00 (Europe/Berlin):', 'and how long it is good, as the book tells times');
	is(account('close', 'boss@example.com').code, 1, 'the only admin stays one');
	has(account('change', 'boss@example.com', '--role', 'viewer').err, 'make another one first', 'and it is said what to do');
	is(account('change', 'rep', '--role', 'partner, sales rep', '--partner', 'Acme').code, 1, 'a partner has no other role');
	is(account('list', '--role', 'viewer').code, 2, 'an option that a verb does not take');
}

const server = await serve(book, { now });
const post = (path, body, headers = {}) => ask(server, 'POST', path, { body, headers });
const boss = await sign_in(server, 'boss@example.com');
const rep = await sign_in(server, 'rep');
const cookie_of = (answer) => answer.headers['set-cookie'][0].split(';')[0];
const as = (cookie) => (method, path, body) => ask(server, method, path, { body, headers: { Cookie: cookie, 'Sec-Fetch-Site': 'same-origin' } });

deep_equal((await ask(server, 'GET', '/api/sign-in')).json.password, true, 'one comes in by a password');
is((await ask(server, 'GET', '/api/me')).status, 401, 'who is not known is nobody');
deep_equal({ ...(await rep('GET', '/api/me')).json, now: 0 }, { login: 'rep', name: 'Seller One', roles: ['sales rep'], team: 'sales', partner: null, second_factor: false, recovery_left: 0, now: 0 }, 'who I am');

// ---- inviting ----
let zoe;
{
	is((await rep('POST', '/api/accounts', { login: 'x', roles: ['viewer'] })).status, 403, 'only an admin invites');
	is((await rep('GET', '/api/accounts')).status, 403, 'or sees who there is');
	const wrong = await boss('POST', '/api/accounts', { login: 'p', roles: ['partner', 'admin'] });
	is(wrong.status, 409, 'what an account cannot be');
	deep_equal(wrong.json.problems.map((p) => p.member), ['partner', 'roles'], 'is named');
	is((await boss('POST', '/api/accounts', { login: 'x', roles: ['king'] })).status, 422, 'a role that is none');
	is((await boss('POST', '/api/accounts', { login: 'REP', roles: ['viewer'] })).json.problems[0].member, 'login', 'a login is given once');
	const made = await boss('POST', '/api/accounts', { login: 'Zoe@Example.com', name: 'Zoe', roles: ['sales manager'], team: 'sales' });
	is(made.status, 201, 'somebody is invited');
	has(made.json.link, new RegExp(`^http://127\\.0\\.0\\.1:${server.port}/join#[\\w-]{43}$`), 'by a link');
	deep_equal([made.json.account.login, made.json.account.invited, made.json.account.last_sign_in], ['zoe@example.com', true, null], 'who has no password yet');
	zoe = made.json.account.id;
	const link = made.json.link.split('#')[1];
	is((await post('/api/session', { login: 'zoe@example.com', password: link })).status, 401, 'nobody signs in by it');
	deep_equal((await post('/api/links/look', { link })).json, { kind: 'invitation', login: 'zoe@example.com', name: 'Zoe', second_factor: false }, 'the link says whose it is');
	is((await post('/api/links/use', { link, password: 'short' })).status, 422, 'a password that is too short');
	const second = (await boss('POST', `/api/accounts/${zoe}/link`)).json.link.split('#')[1];
	is((await post('/api/links/look', { link })).status, 404, 'a newer link ends the one before');
	const used = await post('/api/links/use', { link: second, password });
	is(used.status, 200, 'the newer one sets the password');
	is(used.json.login, 'zoe@example.com', 'and signs in');
	is((await as(cookie_of(used))('GET', '/api/me')).status, 200, 'with a session');
	is((await post('/api/links/use', { link: second, password: 'another password' })).status, 404, 'it is good once');
	is((await post('/api/session', { login: 'zoe@example.com', password })).status, 200, 'the password holds');
	is((await post('/api/links/look', { link: 'x' })).status, 404, 'a link that is none');
	const file = readFileSync(`${book}.doors`, 'latin1');
	ok(!file.includes(second), 'no link stands in the file');
}

// ---- accounts ----
{
	const { accounts } = (await boss('GET', '/api/accounts')).json;
	deep_equal(accounts.map((a) => [a.login, a.roles.join(), a.invited]), [['boss@example.com', 'admin', false], ['rep', 'sales rep', false],
		['ona@example.com', 'marketing', true], ['zoe@example.com', 'sales manager', false]], 'all accounts');
	has(accounts[3].last_sign_in, '2026-03-05T09:0', 'and when each came in last');
	const changed = await boss('PATCH', `/api/accounts/${zoe}`, { roles: ['viewer'], team: null });
	deep_equal([changed.status, changed.json.roles.join(), changed.json.team, changed.json.name], [200, 'viewer', null, 'Zoe'], 'what is said is changed, and nothing else');
	is((await boss('PATCH', `/api/accounts/${accounts[0].id}`, { roles: ['viewer'] })).status, 409, 'the only admin stays one');
	is((await boss('GET', '/api/accounts/99')).status, 404, 'an account that is not there');
	is((await boss('GET', '/api/accounts/x')).status, 404, 'a number that is none');
	const token = (await boss('POST', '/api/tokens', { name: 'all', scopes: ['read', 'write'] })).json.token;
	const program = (method, path, body) => ask(server, method, path, { body, headers: { Authorization: `Bearer ${token}` } });
	is((await program('GET', '/api/accounts')).status, 200, 'a program may read them');
	is((await program('PATCH', `/api/accounts/${zoe}`, { roles: ['admin'] })).status, 403, 'but gives nobody rights');
	is((await program('POST', `/api/accounts/${zoe}/link`)).status, 403, 'nor a link');
	is((await ask(server, 'POST', `/api/accounts/${zoe}/link`, { headers: { Cookie: cookie_of(await post('/api/session', { login: 'boss@example.com', password })), Origin: 'https://evil.example' } })).status, 403, 'nor does a page of another site');
}

// ---- sessions ----
{
	const first = as(cookie_of(await post('/api/session', { login: 'zoe@example.com', password }, { 'User-Agent': 'Browser/1' })));
	const second = as(cookie_of(await post('/api/session', { login: 'zoe@example.com', password })));
	const { sessions } = (await first('GET', '/api/sessions')).json;
	const mine = sessions.find((s) => s.current);
	deep_equal([mine.client, mine.agent], ['127.0.0.1', 'Browser/1'], 'a session says where it is');
	const other = (await second('GET', '/api/sessions')).json.sessions.find((s) => s.current);
	is((await rep('DELETE', `/api/sessions/${other.id}`)).status, 404, 'another\'s session is not mine to end');
	is((await first('DELETE', `/api/sessions/${other.id}`)).status, 204, 'my other one is');
	is((await second('GET', '/api/me')).status, 401, 'and has ended');
	is((await first('POST', '/api/me/password', { password: 'not mine at all', new_password: 'a better password' })).status, 422, 'a new password wants the old one');
	const renewed = await first('POST', '/api/me/password', { password, new_password: 'a better password' });
	is(renewed.status, 204, 'a new password');
	is((await first('GET', '/api/me')).status, 401, 'ends the session');
	const third = as(cookie_of(renewed));
	is((await third('GET', '/api/me')).status, 200, 'and gives another');
	is((await post('/api/session', { login: 'zoe@example.com', password })).status, 401, 'the old one is good no more');
	const fourth = as(cookie_of(await post('/api/session', { login: 'zoe@example.com', password: 'a better password' })));
	is((await third('DELETE', '/api/sessions')).status, 204, 'signed out everywhere');
	is((await fourth('GET', '/api/me')).status, 401, 'there too');
	const fifth = as(cookie_of(await post('/api/session', { login: 'zoe@example.com', password: 'a better password' })));
	is((await boss('DELETE', `/api/accounts/${zoe}/sessions`)).status, 204, 'an admin signs somebody out');
	is((await fifth('GET', '/api/me')).status, 401, 'and it is so');
}

// ---- the second factor ----
{
	const code = (secret, step) => {
		const at = new Date(Date.parse(now) + step * 30000).toISOString().replace('T', ' ').replace('.000Z', ' UTC');
		const result = spawnSync('oathtool', ['--totp', '--base32', secret, '--now', at], { encoding: 'utf8' });
		return result.stdout.trim();
	};
	const sign = (more) => post('/api/session', { login: 'rep', password, ...more });

	is((await rep('POST', '/api/me/totp', { password: 'not mine at all' })).status, 422, 'a second factor wants the password');
	const { secret, uri } = (await rep('POST', '/api/me/totp', { password })).json;
	is(uri, `otpauth://totp/Lockstep:rep?secret=${secret}&issuer=Lockstep`, 'a secret for the device');
	is((await sign()).status, 200, 'which does not count yet');
	is((await rep('POST', '/api/me/totp/confirm', { code: code(secret, 9) })).status, 422, 'a code of another time');
	const { recovery_codes } = (await rep('POST', '/api/me/totp/confirm', { code: code(secret, 0) })).json;
	is(recovery_codes.length, 10, 'a code that is right turns it on');
	deep_equal([(await rep('GET', '/api/me')).json.second_factor, (await rep('GET', '/api/me')).json.recovery_left], [true, 10], 'and it is on');
	const asked = await sign();
	deep_equal([asked.status, asked.json.problems[0].member], [401, 'code'], 'a code is asked for');
	is((await sign({ code: code(secret, 0) })).status, 401, 'the one that was used is not good again');
	is((await sign({ code: code(secret, 3) })).status, 401, 'nor one to come');
	is((await sign({ code: code(secret, 1) })).status, 200, 'the next half minute\'s is: clocks differ');
	is((await sign({ code: code(secret, 1) })).status, 401, 'once');
	is((await sign({ code: code(secret, 0) })).status, 401, 'nor one before it');
	is((await sign({ code: recovery_codes[3].toUpperCase() })).status, 200, 'a code for when the device is lost');
	is((await sign({ code: recovery_codes[3] })).status, 401, 'is good once');
	is((await rep('GET', '/api/me')).json.recovery_left, 9, 'and gone');
	const id = (await boss('GET', '/api/accounts')).json.accounts.find((a) => a.login === 'rep').id;
	const link = (await boss('POST', `/api/accounts/${id}/link`)).json.link.split('#')[1];
	is((await post('/api/links/use', { link, password: 'taken over!' })).status, 401, 'a link alone does not pass by it');
	is((await post('/api/links/use', { link, password: 'by both of them', code: recovery_codes[0] })).status, 200, 'with a code it does');
	is((await boss('DELETE', `/api/accounts/${id}/totp`)).status, 204, 'an admin takes it away');
	is((await post('/api/session', { login: 'rep', password: 'by both of them' })).status, 200, 'and no code is asked for');
}

// ---- how often ----
{
	let answer;
	for (let i = 0; i < 12 && answer?.status !== 429; i++)
		answer = await post('/api/session', { login: 'ona@example.com', password: `wrong password ${i}` });
	is(answer.status, 429, 'who tries too often has to wait');
	ok(Number(answer.headers['retry-after']) > 0, 'and is told how long');
	is((await post('/api/session', { login: 'boss@example.com', password })).status, 200, 'others have not');
	for (let i = 0; i < 40 && answer.status === 401 || i === 0; i++)
		answer = await post('/api/session', { login: `nobody ${i}`, password: 'wrong password' });
	for (let i = 0; i < 40 && answer.status !== 429; i++)
		answer = await post('/api/session', { login: `nobody ${i}`, password: 'wrong password' });
	is(answer.status, 429, 'nor does it help to try many logins from one place');
}

// ---- the journal ----
await boss('GET', '/api/reports/weekly?format=csv');
is((await rep('GET', '/api/journal')).status, 401, 'the journal is not for who was signed out');
await server.stop();
is(run(['verify', '--book', book]).code, 0, 'the book is sound');
const log = account('log').out;
for (const line of [/^\d+ {2}2026-03-05 09:00 {2}rights {2}\S+: ona@example\.com made, as marketing$/m,
	/rights {2}\S+: ona@example\.com invited by a link$/m,
	/sign-in {2}boss@example\.com: signed in by password$/m,
	/rights {2}boss@example\.com: zoe@example\.com made, as sales manager, team sales$/m,
	/rights {2}zoe@example\.com: set a password by a link$/m,
	/rights {2}boss@example\.com: zoe@example\.com is viewer; was sales manager, team sales$/m,
	/rights {2}boss@example\.com: made token [0-9a-f]{16} \(all\) for read, write$/m,
	/rights {2}zoe@example\.com: has a new password$/m,
	/rights {2}rep: has a second factor$/m,
	/sign-in {2}rep: signed in by password and code$/m,
	/rights {2}boss@example\.com: rep has no second factor any more$/m,
	/export {2}boss@example\.com: report weekly as CSV$/m])
	has(log, line, `the journal tells: ${line.source}`);
ok(!/127\.0\.0\.1/.test(log), 'and no addresses');
{
	const again = await serve(book, { now: '2026-03-05T10:00:00Z' });
	const client = await sign_in(again, 'boss@example.com');
	const page = (await client('GET', '/api/journal?limit=3')).json;
	is(page.entries.length, 3, 'it is told over HTTP, a page at a time');
	ok(page.entries[0].seq > page.entries[2].seq && page.next === page.entries[2].seq, 'newest first');
	ok((await client('GET', `/api/journal?before=${page.next}`)).json.entries.every((e) => e.seq < page.next), 'and on from there');
	const before = log.split('\n').length;
	is(account('close', 'rep').code, 0, 'an account is closed while the server runs');
	await again.stop();
	const lines = account('log').out.split('\n');
	is(lines.filter((l) => /rep closed$/.test(l)).length, 1, 'which is told, once');
	ok(lines.length > before, 'after what was told before');
}
done();
