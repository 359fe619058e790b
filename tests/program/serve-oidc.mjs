#!/usr/bin/env node
// Signing in by a provider, against a small real one: there and back as a browser goes, and everything that must not be believed.
import { createRequire } from 'node:module';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deep_equal, done, has, is, ok, root, run, temporary_folder } from '../tap.mjs';
import { add_account, ask, make_book, password, serve } from '../serve.mjs';

const { OAuth2Server } = createRequire(join(root, 'tests/'))('oauth2-mock-server');
const folder = temporary_folder();
const book = make_book(folder);
add_account(book, 'ona@example.com', '--name', 'Seller One', '--role', 'sales rep');
add_account(book, 'max@example.com', '--role', 'viewer');
add_account(book, 'gone@example.com', '--role', 'viewer');
run(['account', 'close', 'gone@example.com', '--book', book]);

const provider = new OAuth2Server();
await provider.issuer.keys.generate('RS256');
await provider.start(0, '127.0.0.1');
const issuer = `http://127.0.0.1:${provider.address().port}`;
provider.issuer.url = issuer;

// What it says of who comes; `change` is done to each token before it is signed.
let person = { sub: 'u-1', email: 'ona@example.com', email_verified: true };
let change = () => {};
let asked;
provider.service.on('beforeTokenSigning', (token) => {
	Object.assign(token.payload, person);
	change(token);
});
provider.service.on('beforeResponse', (response, request) => (asked = { body: request.body, authorization: request.headers.authorization }));

writeFileSync(join(folder, 'secret'), 'a secret: with % signs\n');
for (const args of [['--oidc-issuer', issuer], ['--oidc-client', 'x'], ['--oidc-issuer', 'http://login.example.com', '--oidc-client', 'x']])
	is(run(['serve', '--book', book, '--listen', '127.0.0.1:0', ...args]).code, 2, `refused: ${args.join(' ')}`);
const server = await serve(book, { args: ['--oidc-issuer', issuer, '--oidc-client', 'lockstep-desk', '--oidc-secret-file', join(folder, 'secret'), '--oidc-name', 'Example', '--log'] });

const get = (path, cookie) => ask(server, 'GET', path, { headers: cookie ? { Cookie: cookie } : {} });
const cookies = (answer) => Object.fromEntries((answer.headers['set-cookie'] ?? []).map((c) => c.split(';')[0].split(/=(.*)/s)));
const REFUSED = '/?refused=sign-in';

// There: what the provider is asked, and the cookie to come back with.
async function begin(to = '') {
	const answer = await get(`/api/oidc/start${to}`);
	return { status: answer.status, address: new URL(answer.headers.location, 'http://x/'), cookie: `lockstep-oidc=${cookies(answer)['lockstep-oidc']}` };
}
// At the provider: it sends the browser back at once.
async function visit(address) {
	const answer = await fetch(address, { redirect: 'manual' });
	const back = new URL(answer.headers.get('location'));
	return back.pathname + back.search;
}
async function go(to) {
	const there = await begin(to);
	const answer = await get(await visit(there.address), there.cookie);
	const session = cookies(answer).lockstep;
	return { status: answer.status, location: answer.headers.location, me: session ? (await get('/api/me', `lockstep=${session}`)).json : null };
}

deep_equal((await get('/api/sign-in')).json, { password: true, oidc: { name: 'Example', start: '/api/oidc/start' } }, 'the page is told of the provider');
{
	const { status, address, cookie } = await begin();
	is(status, 302, 'the browser is sent there');
	is(address.origin, issuer, 'to the provider');
	const said = Object.fromEntries(address.searchParams);
	deep_equal([said.response_type, said.client_id, said.scope, said.code_challenge_method, said.redirect_uri], ['code', 'lockstep-desk', 'openid email', 'S256', `http://127.0.0.1:${server.port}/api/oidc/callback`], 'with the question');
	ok([said.state, said.nonce, said.code_challenge].every((s) => /^[\w-]{43}$/.test(s)), 'of which nobody can guess a part');
	ok(!cookie.includes(said.state) && !cookie.includes(said.nonce), 'nor read it from the cookie');
}
{
	const came = await go('?to=/leads/L3%3Fa=b');
	deep_equal([came.status, came.location, came.me?.login], [302, '/leads/L3?a=b', 'ona@example.com'], 'who comes back is signed in, and where they wanted to go');
	ok(/^[\w-]{43}$/.test(asked.body.code_verifier), 'the code is changed with what only we know');
	is(asked.authorization, `Basic ${Buffer.from('lockstep-desk:a%20secret%3A%20with%20%25%20signs').toString('base64')}`, 'and with our secret');
}
for (const to of ['//evil.example', 'https://evil.example', '/\\evil.example', 'evil', '/%0d%0aSet-Cookie:%20a=b'])
	is((await go(`?to=${to.includes('%') ? to : encodeURIComponent(to)}`)).location ?? REFUSED, '/', `nobody is sent elsewhere: ${to}`);

// ---- who it is ----
person = { sub: 'u-1', email: 'new@example.com', email_verified: true };
is((await go()).me?.login, 'ona@example.com', 'another address at the provider is the same person');
person = { sub: 'u-2', email: 'ona@example.com', email_verified: true };
is((await go()).location, REFUSED, 'another person with that address is not');
for (const [who, name] of [[{ sub: 'u-3', email: 'nobody@example.com', email_verified: true }, 'who has no account'],
	[{ sub: 'u-4', email: 'max@example.com', email_verified: false }, 'whose address is not verified'],
	[{ sub: 'u-4', email: 'max@example.com', email_verified: 'true' }, 'whose address is said to be, in a text'],
	[{ sub: 'u-4' }, 'who has no address'],
	[{ sub: 'u-5', email: 'gone@example.com', email_verified: true }, 'whose account is closed']]) {
	person = who;
	deep_equal([(await go()).location, (await go()).me], [REFUSED, null], `nobody comes in ${name}`);
}

// ---- tokens that are not to be believed ----
person = { sub: 'u-1', email: 'ona@example.com', email_verified: true };
const now_s = () => Math.floor(Date.now() / 1000);
for (const [name, how] of Object.entries({
	'of another issuer': (t) => (t.payload.iss = 'https://evil.example'),
	'for somebody else': (t) => (t.payload.aud = 'another client'),
	'for several, with nobody named': (t) => (t.payload.aud = ['lockstep-desk', 'another client']),
	'for us among others, given to another': (t) => Object.assign(t.payload, { aud: ['lockstep-desk', 'x'], azp: 'x' }),
	'that is over': (t) => (t.payload.exp = now_s() - 120),
	'without an end': (t) => delete t.payload.exp,
	'of a time to come': (t) => (t.payload.iat = now_s() + 600),
	'with another nonce': (t) => (t.payload.nonce = 'x'),
	'without one': (t) => delete t.payload.nonce,
	'of nobody': (t) => (t.payload.sub = ''),
})) {
	change = how;
	deep_equal([(await go()).location, (await go()).me], [REFUSED, null], `a token ${name} is not believed`);
}
change = () => {};
for (const [name, forge] of Object.entries({
	'unsigned': ([, payload]) => [Buffer.from('{"alg":"none"}').toString('base64url'), payload, ''],
	'signed by a secret that everybody knows': ([, payload, signature]) => [Buffer.from('{"alg":"HS256"}').toString('base64url'), payload, signature],
	'with other claims under the signature': ([header, payload, signature]) => [header, Buffer.from(JSON.stringify({ ...JSON.parse(Buffer.from(payload, 'base64url')), sub: 'u-9' })).toString('base64url'), signature],
	'in pieces': ([header, payload]) => [header, payload],
	'of nonsense': () => ['x'],
})) {
	const once = (response) => (response.body.id_token = forge(response.body.id_token.split('.')).join('.'));
	provider.service.once('beforeResponse', once);
	is((await go()).location, REFUSED, `a token ${name} is not believed`);
}

// ---- who began elsewhere ----
{
	const [mine, other] = [await begin(), await begin()];
	is((await get(await visit(mine.address), other.cookie)).headers.location, REFUSED, 'an answer to another question');
	is((await get(await visit(mine.address))).headers.location, REFUSED, 'in a browser that asked nothing');
	is((await get(await visit(mine.address), 'lockstep-oidc=AAAA')).headers.location, REFUSED, 'with a cookie that was made up');
	is((await get(`/api/oidc/callback?state=${mine.address.searchParams.get('state')}`, mine.cookie)).headers.location, REFUSED, 'without a code');
	is((await get(`/api/oidc/callback?error=access_denied&state=${mine.address.searchParams.get('state')}`, mine.cookie)).headers.location, REFUSED, 'the provider says no');
	const back = `${await visit(mine.address)}&session_state=x&iss=y`;
	is((await get(back, mine.cookie)).headers.location, '/', 'the right one comes in, whatever else the provider says');
	is((await get(back, mine.cookie)).headers.location, REFUSED, 'by a code that is good once');
}

// ---- the provider changes its keys ----
{
	change = (token) => (token.header.kid = 'unknown');
	is((await go()).location, REFUSED, 'a key that the provider does not have');
	change = () => {};
	is((await go()).me?.login, 'ona@example.com', 'and all is well again');
}
has(server.text(), '"why": "the token is not to be believed: it answers another question"', 'the log says why');
const { code } = await server.stop();
is(code, 0, 'it stops');
await provider.stop();
has(run(['account', 'log', '--book', book]).out, /sign-in {2}ona@example\.com: signed in by the provider$/m, 'the journal tells who came in by it');
has(run(['account', 'log', '--book', book]).out, /rights {2}ona@example\.com: signs in by the provider from now on$/m, 'and from when on');

// ---- where there is none ----
{
	const plain = await serve(book, {});
	deep_equal((await ask(plain, 'GET', '/api/sign-in')).json, { password: true, oidc: null }, 'without a provider the page is told so');
	is((await ask(plain, 'GET', '/api/oidc/start')).status, 404, 'and there is no way there');
	await plain.stop();
	const lost = await serve(book, { args: ['--oidc-issuer', issuer, '--oidc-client', 'x'] });
	is((await ask(lost, 'GET', '/api/oidc/start')).headers.location, REFUSED, 'a provider that does not answer lets nobody in');
	is((await ask(lost, 'POST', '/api/session', { body: { login: 'ona@example.com', password } })).status, 200, 'a password does');
	await lost.stop();
}
done();
