#!/usr/bin/env node
// Commands while a server holds the book: they borrow it, and both see what the other did.
import { spawn } from 'node:child_process';
import { existsSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deep_equal, done, has, is, ok, program, run, temporary_folder } from '../tap.mjs';
import { add_account, make_book, serve, sign_in } from '../serve.mjs';

const folder = temporary_folder();
const book = make_book(folder);
const lockstep = (...args) => run(args.concat('--book', book), {});

add_account(book, 'boss', '--name', 'Head of Sales', '--role', 'sales manager');
let server = await serve(book, { now: '2026-03-05T08:00:00Z' });
let boss = await sign_in(server, 'boss');

is(statSync(`${book}.socket`).mode & 0o777, 0o600, 'the socket is ours alone');

// ---- one after another ----
{
	const told = lockstep('lead', 'opted-out', 'L3', '--format', 'json');
	is(told.code, 0, 'a command writes');
	is((await boss('GET', '/api/leads/L3')).json.opted_out, true, 'the server knows');
	has((await boss('GET', '/api/leads/L3')).text, '2026-03-05T09:0', 'at the server\'s time');
	is((await boss('POST', '/api/leads/L1/hand-over', {})).status, 200, 'the server writes');
	is(lockstep('lead', 'show', 'L1', '--format', 'json').json.life, 'handed over', 'commands know');
	is(lockstep('lead', 'accept', 'L1').code, 0, 'and go on');
	is((await boss('GET', '/api/leads/L1')).json.life, 'accepted', 'both ways');
	const refused = lockstep('lead', 'accept', 'L1');
	is(refused.code, 1, 'what is refused is refused');
	has(refused.err, 'L1', 'with its reason');
}

// ---- other kinds of commands ----
{
	writeFileSync(join(folder, 'more.csv'), 'id,name,created,source\nM1,Gus Tal,2026-03-04 08:00,ads\n');
	writeFileSync(join(folder, 'more.yaml'), 'map: more\nsource: crm\nfiles:\n  - match: more.csv\n    as: leads\n    key: id\n    fields: {name: name, created: created, source: source}\n');
	is(lockstep('import', '--map', join(folder, 'more.yaml'), join(folder, 'more.csv')).code, 0, 'an import');
	is((await boss('GET', '/api/leads/M1')).json.name, 'Gus Tal', 'is seen at once');
	const erased = lockstep('erase', 'leads:crm:M1', '--yes');
	is(erased.code, 0, 'a person is forgotten');
	ok(!(await boss('GET', '/api/leads/M1')).text.includes('Gus'), 'by the server, too');
	is(lockstep('import', '--undo', 'last').code, 0, 'an import is taken back');
	is((await boss('GET', '/api/leads/M1')).status, 404, 'for the server as well');
	is(lockstep('agreement', 'propose', join(folder, 'none.yaml')).code, 3, 'a file that is not there');
	is(lockstep('clock').code, 0, 'the clock');
	is(lockstep('verify').code, 0, 'and the book is whole');
}

// ---- many at once, and requests between them ----
{
	const one = (lead) => new Promise((resolve) => {
		const child = spawn(program, ['lead', 'contact', lead, '--kind', 'call', '--book', book, '--quiet'], { stdio: 'ignore' });
		child.on('close', resolve);
	});
	const calls = Array.from({ length: 6 }, () => one('L4'));
	const asked = Array.from({ length: 6 }, (_, i) => boss('POST', '/api/leads', { id: `N${i}`, name: `Nina ${i}` }));
	deep_equal(await Promise.all(calls), [0, 0, 0, 0, 0, 0], 'commands wait for each other');
	deep_equal((await Promise.all(asked)).map((a) => a.status), [201, 201, 201, 201, 201, 201], 'and requests for them');
}

// ---- who dies, and who stays away ----
{
	// It waits for an answer that never comes, and has the book meanwhile.
	const child = spawn('script', ['-qec', `${program} erase leads:lockstep:N0 --book ${book}`, '/dev/null'], { stdio: ['pipe', 'pipe', 'ignore'] });
	const ended = new Promise((resolve) => child.on('close', resolve));
	await new Promise((resolve) => {
		let said = '';
		child.stdout.on('data', (bytes) => {
			said += bytes;
			if (said.includes('Forget'))
				resolve();
		});
		child.on('close', resolve);
	});
	const waiting = boss('POST', '/api/leads', { id: 'Waits', name: 'Udo' });
	const busy = await boss('POST', '/api/leads/L4/contacts', { kind: 'call' });
	deep_equal([busy.status, busy.headers['retry-after']], [503, '2'], 'as long as a command has the book, nothing is told');
	is((await boss('GET', '/api/reports/weekly')).status, 200, 'but asked');
	child.kill('SIGKILL');
	await ended;
	is((await waiting).status, 201, 'a lead that came meanwhile has waited');
	is((await boss('POST', '/api/leads', { id: 'After', name: 'Ida' })).status, 201, 'a command that was killed has given the book back');
}
is((await server.stop()).code, 0, 'the server ends well');
ok(!existsSync(`${book}.socket`), 'no socket is left');
is(lockstep('lead', 'wait', 'L1', '--reason', 'customer asked to wait').code, 0, 'without a server all is as ever');

server = await serve(book, { now: '2026-03-06T08:00:00Z' });
boss = await sign_in(server, 'boss');
await server.kill();
ok(existsSync(`${book}.socket`), 'a server that was killed leaves its socket');
is(lockstep('lead', 'resume', 'L1').code, 0, 'which is in nobody\'s way');
server = await serve(book, { now: '2026-03-06T09:00:00Z' });
is(lockstep('lead', 'opted-out', 'L4').code, 0, 'nor in that of the next');
await server.stop();
done();
