#!/usr/bin/env node
// Names that lead into the own network, at once or later, and what comes of several addresses: nothing of it is ever connected to.
import net from 'node:net';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { add_account, make_book, serve, sign_in } from '../serve.mjs';
import { deep_equal, done, is, ok, program, root, run, skip_all, temporary_folder } from '../tap.mjs';

if (/asan|tsan/.test(program)) skip_all('sanitizers must be loaded first');

const folder = temporary_folder();
const book = make_book(folder);
const now = '2026-03-05T09:00:00Z';
const names = join(folder, 'names');
add_account(book, 'mia', '--name', 'Head of Sales', '--role', 'sales manager');

let calls = 0;
const receiver = net.createServer((socket) => (calls++, socket.destroy()));
await new Promise((resolve) => receiver.listen(0, resolve));
const { port } = receiver.address();

const cli = (...args) => run(args.concat('--book', book), { env: { LOCKSTEP_NOW: now } });
const troubles = () => Object.fromEntries(['waiting', 'dead'].flatMap((state) => cli('outbox', 'list', '--state', state, '--format', 'json').json.messages.map((m) => [m.to, m.trouble])));
const until = async (what, name) => {
	for (let i = 0; i < 300 && !what(); i++)
		await sleep(30);
	ok(what(), name);
};
const start = () => serve(book, { now, args: ['--retry-seconds', '1'], env: { LD_PRELOAD: join(root, 'build/tests/names.so'), NAMES: names } });
const inside = /own network/;

// ---- a name that comes to an address outside, then inside: as who owns the name may have it ----
writeFileSync(names, 'later.test 9.9.9.9\n');
is(cli('outlet', 'add', 'later', '--url', `https://later.test:${port}/in`, '--kinds', 'lead.created').code, 0, 'another program is named');
let server = await start();
is((await (await sign_in(server, 'mia'))('POST', '/api/leads', { name: 'Zoe Zed' })).status, 201, 'a lead comes in');
await until(() => troubles().later, 'it is called');
ok(!inside.test(troubles().later), `at an address outside, where nobody listens: ${troubles().later}`);
writeFileSync(names, 'later.test 127.0.0.1\n');
await server.stop();
server = await start();
await until(() => inside.test(troubles().later), 'the next time the name leads inside, and is not called');
is((await server.stop()).code, 0, 'the server ends well');

// ---- names of several addresses ----
const forms = { first: '127.0.0.1 9.9.9.9', second: '9.9.9.9 127.0.0.1', six: '9.9.9.9 ::1', mapped: '9.9.9.9 ::ffff:127.0.0.1', private: '10.0.0.7 9.9.9.9', octal: '0177.0.0.1', number: '2130706433', link: 'fe80::1', cloud: '169.254.169.254' };
writeFileSync(names, Object.entries(forms).map(([name, addresses]) => `${name}.test ${addresses}\n`).join(''));
is(cli('outlet', 'remove', 'later').code, 0, 'others are named');
for (const name of Object.keys(forms))
	cli('outlet', 'add', name, '--url', `https://${name}.test:${port}/in`, '--kinds', 'lead.created');
server = await start();
is((await (await sign_in(server, 'mia'))('POST', '/api/leads', { name: 'Yan Yew' })).status, 201, 'a lead comes in');
await until(() => Object.keys(forms).every((name) => troubles()[name]), 'all of them are tried');
deep_equal(Object.entries(forms).filter(([name, addresses]) => !addresses.includes('9.9.9.9') && !inside.test(troubles()[name])), [], 'what leads inside is said to');
is(calls, 0, 'nothing was connected to on this machine');

// ---- and it would have been, where that is allowed ----
await server.stop();
server = await serve(book, { now, args: ['--retry-seconds', '1', '--allow-internal', 'first.test'], env: { LD_PRELOAD: join(root, 'build/tests/names.so'), NAMES: names } });
is((await (await sign_in(server, 'mia'))('POST', '/api/leads', { name: 'Xia Xu' })).status, 201, 'a lead comes in');
await until(() => calls > 0, 'a name that is allowed is called where it leads');
is((await server.stop()).code, 0, 'the server ends well');
receiver.close();
done();
