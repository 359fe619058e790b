#!/usr/bin/env node
// The server: who may come in, what each sees, questions and reports, and what it says of itself.
import { deep_equal, done, has, is, ok, run, temporary_folder } from '../tap.mjs';
import { add_account, ask, make_book, password, serve, sign_in } from '../serve.mjs';

const book = make_book(temporary_folder());
const now = '2026-03-05T08:00:00Z';

add_account(book, 'Boss@Example.com', '--name', 'Boss', '--role', 'admin');
add_account(book, 'one', '--role', 'sales rep', '--name', 'Seller One', '--team', 'sales');
add_account(book, 'two', '--role', 'sales rep', '--name', 'Seller Two');
add_account(book, 'acme', '--role', 'partner', '--partner', 'Acme');
add_account(book, 'viewer', '--role', 'viewer');
add_account(book, 'both', '--role', 'sales rep', '--name', 'Seller Two', '--team', 'sales');

// ---- accounts ----
{
	const account = (args, input = `${password}\n`) => run(['account', ...args, '--book', book], { input });

	is(account(['add', 'BOSS@example.com', '--role', 'viewer']).code, 1, 'a login is taken, whatever its capitals');
	is(account(['add', 'x', '--role', 'king']).code, 2, 'a role that is none');
	is(account(['add', 'x']).code, 2, 'an account without a role');
	is(account(['add', 'x', '--role', 'partner']).code, 2, 'a partner that is nobody\'s');
	is(account(['add', 'x', '--role', 'viewer'], 'short\n').code, 2, 'a password that is too short');
	is(account(['close', 'x']).code, 1, 'closing an account that is not there');
	deep_equal(account(['list']).out.trim().split('\n'), ['boss@example.com (Boss): admin', 'one (Seller One): sales rep',
		'two (Seller Two): sales rep', 'acme (acme): partner', 'viewer (viewer): viewer', 'both (Seller Two): sales rep'], 'accounts are listed');
}

const server = await serve(book, { now });
const get = (path, headers) => ask(server, 'GET', path, { headers });

// ---- what it says of itself ----
is((await get('/healthz')).json.status, 'ok', 'it is well');
is((await get('/readyz')).json.status, 'ok', 'it is ready');
is((await get('/metrics')).status, 401, 'its counts are not for everybody');
{
	const { status, json } = await get('/api/openapi.json');
	const operations = Object.values(json.paths).flatMap((path) => Object.values(path));

	is(status, 200, 'the API is described');
	is(json.openapi, '3.1.0', 'as OpenAPI 3.1');
	is(new Set(operations.map((o) => o.operationId)).size, operations.length, 'every operation has a name of its own');
	ok(operations.every((o) => o.responses.default), 'and says how it refuses');
	deep_equal(json.paths['/api/leads/{key}/steps'].post.requestBody.content['application/json'].schema.required, ['step'], 'and what it needs');
	is(json.paths['/api/leads/{key}/steps'].post.parameters.filter((p) => p.in === 'header').map((p) => p.name).join(), 'If-Match,Idempotency-Key', 'and which headers it reads');
}
{
	const { status, headers } = await get('/healthz');
	is(headers['x-content-type-options'], 'nosniff', 'no type is guessed');
	is(headers['cache-control'], 'no-store', 'nothing is kept underway');
	is(status, 200, 'and all is well');
}
is((await get('/api/nothing')).status, 404, 'what is not there');
is((await get('/api/leads/')).status, 400, 'a path that ends with nothing');
{
	const { status, headers, json } = await ask(server, 'DELETE', '/api/leads');
	is(status, 405, 'a method that the path has not');
	is(headers.allow, 'GET, HEAD, POST', 'those it has are told');
	is(json.title, 'Not this method', 'in words');
}
is((await ask(server, 'HEAD', '/healthz')).text, '', 'HEAD has no body');

// ---- signing in ----
{
	const { status, headers, json } = await get('/api/leads');
	is(status, 401, 'who is not known sees nothing');
	is(headers['content-type'], 'application/problem+json', 'which is a problem document');
	is(json.status, 401, 'that says the same');
	is((await ask(server, 'POST', '/api/session', { body: { login: 'one', password: 'wrong password' } })).status, 401, 'a wrong password');
	is((await ask(server, 'POST', '/api/session', { body: { login: 'nobody', password } })).status, 401, 'a login that is not there');
	is((await get('/api/session', { Cookie: 'lockstep=AAAA' })).status, 401, 'a cookie that was made up');
}
const one = await sign_in(server, 'one');
const boss = await sign_in(server, 'BOSS@EXAMPLE.COM');
const acme = await sign_in(server, 'acme');
const two = await sign_in(server, 'two');
const viewer = await sign_in(server, 'viewer');
const both = await sign_in(server, 'both');
{
	const answer = await ask(server, 'POST', '/api/session', { body: { login: 'one', password } });
	const cookie = answer.headers['set-cookie'][0];
	has(cookie, '; Path=/; HttpOnly; SameSite=Lax; Max-Age=43200', 'the cookie is for us alone');
	const mine = { Cookie: `a=b; ${cookie.split(';')[0]}; c=d` };
	deep_equal({ ...(await get('/api/session', mine)).json, now: 0 }, { login: 'one', name: 'Seller One', roles: ['sales rep'], team: 'sales', partner: null, second_factor: false, recovery_left: 0, now: 0 }, 'who I am');
	for (const headers of [{ 'Sec-Fetch-Site': 'cross-site' }, { 'Sec-Fetch-Site': 'same-site' }, { Origin: 'http://evil.example' }, { Origin: 'null' }])
		is((await ask(server, 'DELETE', '/api/session', { headers: { ...mine, ...headers } })).status, 403, `nothing is changed for another site: ${JSON.stringify(headers)}`);
	has((await ask(server, 'DELETE', '/api/session', { headers: { ...mine, Origin: 'http://evil.example' } })).json.detail, `Origin says http://evil.example, and our own pages are at http://127.0.0.1:${server.port}`, 'which is told, with the header that says so');
	const program = (await ask(server, 'POST', '/api/session', { body: { login: 'one', password } })).headers['set-cookie'][0].split(';')[0];
	is((await ask(server, 'DELETE', '/api/session', { headers: { Cookie: program } })).status, 204, 'a program that keeps a cookie says neither and need not');
	is((await ask(server, 'DELETE', '/api/session', { headers: { ...mine, Origin: `http://127.0.0.1:${server.port}` } })).status, 204, 'signing out from our own page');
	is((await get('/api/session', mine)).status, 401, 'and the cookie is good for nothing');
}

// ---- rows ----
const keys = async (client, query = '') => (await client('GET', `/api/leads${query}`)).json.leads.map((l) => l.lead);
const count = async (client) => (await client('GET', '/api/measures?measure=count()&of=leads')).json.rows[0]?.value ?? 0;
deep_equal(await keys(boss), ['L1', 'L2', 'L3', 'L4', 'P1', 'P2'], 'an admin sees all leads');
deep_equal(await keys(one), ['L3'], 'a rep those of the team');
deep_equal(await keys(two), ['L4'], 'without a team the own ones');
deep_equal(await keys(both), ['L3', 'L4'], 'with a team both');
is((await both('GET', '/api/leads/L4')).status, 200, 'one of them singly');
is((await both('GET', '/api/leads/L1')).status, 404, 'and no other');
deep_equal(await keys(acme), ['P1'], 'a partner its own');
for (const [client, name, wanted] of [[boss, 'admin', 6], [one, 'rep', 1], [both, 'rep with a team', 2], [acme, 'partner', 1], [viewer, 'viewer', 6]])
	is(await count(client), wanted, `counts are of the same rows: ${name}`);
is((await acme('GET', '/api/leads/P1')).status, 200, 'a partner reads its lead');
{
	const [other, none] = [await acme('GET', '/api/leads/P2'), await acme('GET', '/api/leads/P9')];
	is(other.status, 404, 'another partner\'s is not there');
	is(other.text, none.text, 'and nothing tells it from one that is not');
	is((await acme('POST', '/api/leads/P2/contacts', { kind: 'call' })).status, 404, 'nor is anything told of it');
}
is((await acme('GET', '/api/rows?of=leads&columns=key')).json.total, 1, 'rows too');
is((await viewer('POST', '/api/leads/L1/contacts', { kind: 'call' })).status, 403, 'who looks on tells nothing');
{
	const page = (await boss('GET', '/api/leads?limit=4')).json;
	is(page.total, 6, 'a page says how many there are');
	const next = (await boss('GET', `/api/leads?limit=4&cursor=${page.next}`)).json;
	deep_equal([...page.leads, ...next.leads].map((l) => l.lead), ['L1', 'L2', 'L3', 'L4', 'P1', 'P2'], 'pages follow each other');
	is(next.next, null, 'and end');
	deep_equal(await keys(boss, `?where=${encodeURIComponent('country = "France"')}`), ['L3'], 'a condition');
	is((await boss('GET', '/api/leads?cursor=xyz')).status, 422, 'a cursor that is none');
	is((await boss('GET', '/api/leads?where=nonsense')).status, 422, 'a condition that is none');
}

// ---- questions and reports ----
is((await boss('GET', '/api/kpis')).json.kpis.length > 10, true, 'KPIs are listed');
is((await boss('GET', '/api/facts')).json.facts[0].name, 'leads', 'facts are described');
has((await boss('GET', '/api/reports/weekly?format=text')).text, 'Alignment, week', 'a report as text');
is((await boss('GET', '/api/reports/weekly')).json.report, 'weekly', 'as JSON');
has((await boss('GET', '/api/reports/weekly?format=html')).headers['content-type'], 'text/html', 'as HTML');
is((await boss('GET', '/api/reports/nonsense')).status, 404, 'a report that is not there');
{
	const { status, json } = await boss('GET', '/api/reports/weekly?from=yesterday&formt=text&to=2026-01-01&to=2026-01-02');
	is(status, 422, 'a question with mistakes');
	deep_equal(json.problems.map((p) => p.member).sort(), ['formt', 'from', 'to'], 'names all of them at once');
	has(json.problems.find((p) => p.member === 'formt').text, 'did you mean format', 'with the nearest that is known');
}

// ---- tokens ----
{
	const { token } = (await boss('POST', '/api/tokens', { name: 'Prometheus', scopes: ['metrics'] })).json;
	has((await get('/metrics', { Authorization: `Bearer ${token}` })).text, /^lockstep_http_requests_total [1-9]/m, 'the server\'s counts are for who has a token for that');
	is((await get('/api/leads', { Authorization: `Bearer ${token}` })).status, 403, 'which is good for nothing else');
	is((await viewer('GET', '/metrics')).status, 403, 'nor are they for every account');
	for (const t of (await boss('GET', '/api/tokens')).json.tokens)
		await boss('DELETE', `/api/tokens/${t.id}`);
}
{
	is((await boss('POST', '/api/tokens', { name: 'x', scopes: [] })).status, 422, 'a token for nothing');
	is((await boss('POST', '/api/tokens', { name: 'x', scopes: ['everything'] })).status, 422, 'a scope that is none');
	const made = await boss('POST', '/api/tokens', { name: 'site', scopes: ['intake'], days: 30 });
	is(made.status, 201, 'a token is made');
	const site = (method, path, body) => ask(server, method, path, { body, headers: { Authorization: `Bearer ${made.json.token}` } });
	is((await site('POST', '/api/leads', { name: 'Zoe Zed' })).status, 201, 'it brings a lead in');
	is((await site('GET', '/api/leads')).status, 403, 'but reads none');
	is((await site('POST', '/api/leads/L1/contacts', { kind: 'call' })).status, 403, 'nor tells anything');
	is((await site('POST', '/api/tokens', { name: 'y', scopes: ['write'] })).status, 403, 'nor makes another');
	const reader = (await boss('POST', '/api/tokens', { name: 'reader', scopes: ['read'] })).json;
	is((await get('/api/leads', { Authorization: `Bearer ${reader.token}` })).json.total, 7, 'one that reads');
	is((await ask(server, 'POST', '/api/leads', { body: { name: 'A' }, headers: { Authorization: `Bearer ${reader.token}` } })).status, 403, 'writes nothing');
	deep_equal((await boss('GET', '/api/tokens')).json.tokens.map((t) => [t.name, t.scopes, t.token]), [['site', ['intake'], undefined], ['reader', ['read'], undefined]], 'tokens are listed, and shown no more');
	is((await one('DELETE', `/api/tokens/${reader.id}`)).status, 404, 'another\'s token is not mine to take back');
	is((await boss('DELETE', `/api/tokens/${reader.id}`)).status, 204, 'mine is');
	is((await get('/api/leads', { Authorization: `Bearer ${reader.token}` })).status, 401, 'and is good for nothing then');
	is((await get('/api/leads', { Authorization: 'Bearer' })).status, 401, 'nor is an empty one');
}

// ---- accounts while it runs ----
is(run(['account', 'close', 'two', '--book', book]).code, 0, 'an account is closed while the server runs');
is((await two('GET', '/api/leads')).status, 401, 'and out at once');
is((await ask(server, 'POST', '/api/session', { body: { login: 'two', password } })).status, 401, 'and cannot sign in');

const { code } = await server.stop();
is(code, 0, 'it stops when told to');
is(run(['verify', '--book', book]).code, 0, 'the book is sound');
done();
