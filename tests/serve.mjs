// A running server for tests: a book with an agreement in force and leads, accounts, and clients.
//
//	const server = await serve(book, { now });          // { port, stop(), kill(), out() }
//	const mia = await sign_in(server, 'mia', password);  // client(method, path, body, headers) → { status, headers, body, json }

import { spawn, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import http from 'node:http';
import { join } from 'node:path';
import { program, root, run } from './tap.mjs';

export const password = 'correct horse battery';

// Anna Berg (L1) passes the gate, Ben Ott (L2) does not, Cid Rau (L3) and Dora Uhl (L4) have owners of two teams.
export function make_book(folder) {
	const book = join(folder, 'book');
	const lockstep = (now, ...args) => {
		const result = run(args.concat('--book', book), { env: { LOCKSTEP_NOW: now } });
		if (result.code)
			throw new Error(`lockstep ${args.join(' ')}: ${result.err}`);
	};
	lockstep('2026-01-02T09:00:00Z', 'init', '--zone', 'Europe/Berlin', '--currency', 'EUR');
	lockstep('2026-01-02T09:00:00Z', 'agreement', 'propose', join(root, 'examples/agreements/small-b2b.yaml'));
	for (const who of ['Head of Marketing', 'Head of Sales'])
		lockstep('2026-01-02T09:00:00Z', 'agreement', 'sign', '--as', who);
	writeFileSync(join(folder, 'leads.csv'), `id,name,company,company_size,country,industry,created,source,owner,team,partner
L1,Anna Berg,Berg Software,120,Germany,software,2026-03-02 09:14,webinar,,,
L2,Ben Ott,Ott KG,5,Germany,,2026-03-02 10:00,webinar,,,
L3,Cid Rau,Rau AG,60,France,software,2026-03-03 11:00,ads,Seller One,sales,
L4,Dora Uhl,Uhl AG,60,Germany,,2026-03-03 11:00,ads,Seller Two,others,
P1,Eva Alt,Alt AG,60,Germany,,2026-03-03 11:00,ads,,,Acme
P2,Fay Neu,Neu AG,60,Germany,,2026-03-03 11:00,ads,,,Other
`);
	writeFileSync(join(folder, 'touches.csv'), `id,lead,kind,at
T1,L1,webinar,2026-03-02 09:14
T2,L1,click,2026-03-03 09:14
T3,L1,click,2026-03-04 12:00
`);
	writeFileSync(join(folder, 'map.yaml'), `map: crm
source: crm
files:
  - match: leads.csv
    as: leads
    key: id
    fields: {name: name, company: company, company_size: company_size, country: country, industry: industry, created: created, source: source, owner: owner, team: team, partner: partner}
  - match: touches.csv
    as: touches
    key: id
    fields: {lead: lead, kind: kind, at: at}
`);
	lockstep('2026-03-05T08:00:00Z', 'import', '--map', join(folder, 'map.yaml'), join(folder, 'leads.csv'), join(folder, 'touches.csv'));
	return book;
}

export function add_account(book, login, ...options) {
	const result = spawnSync(program, ['account', 'add', login, '--book', book, '--quiet', ...options], { input: `${password}\n`, encoding: 'utf8' });
	if (result.status)
		throw new Error(`account add ${login}: ${result.stderr}`);
}

const running = new Set();
process.on('exit', () => running.forEach((child) => child.kill('SIGKILL')));

// Started, and listening.
export function serve(book, { now, listen = '127.0.0.1:0', args = [], env = {} } = {}) {
	const child = spawn(program, ['serve', '--book', book, '--listen', listen, ...args], {
		env: { ...process.env, TZ: 'UTC', LC_ALL: 'C.UTF-8', ...(now ? { LOCKSTEP_NOW: now } : {}), ...env },
		stdio: ['ignore', 'pipe', 'pipe'],
	});
	let text = '';
	const ended = new Promise((resolve) => child.on('close', (code, signal) => resolve({ code, signal, text })));
	running.add(child);
	return new Promise((resolve, reject) => {
		child.stderr.on('data', (bytes) => {
			text += bytes;
			const at = /serving .* at (?:https?:\/\/[^ \n]*:(\d+)|unix:(\S+))\n/.exec(text);
			if (at)
				resolve({
					port: Number(at[1]),
					pid: child.pid,
					text: () => text,
					ended,
					stop: () => (child.kill('SIGTERM'), ended),
					kill: () => (child.kill('SIGKILL'), ended),
				});
		});
		ended.then(({ code }) => reject(new Error(`lockstep serve ended with ${code}: ${text}`)));
	});
}

// One request over a connection of its own.
export function ask(server, method, path, { body, headers = {} } = {}) {
	const bytes = body === undefined ? undefined : typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body);
	return new Promise((resolve, reject) => {
		const request = http.request({ host: '127.0.0.1', port: server.port, method, path, agent: false,
			headers: { ...(bytes === undefined ? {} : { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(bytes) }), ...headers } }, (response) => {
			const parts = [];
			response.on('data', (part) => parts.push(part));
			response.on('error', reject);
			response.on('end', () => {
				const text = Buffer.concat(parts).toString('utf8');
				let json;
				try {
					json = JSON.parse(text);
				} catch {
					json = undefined;
				}
				resolve({ status: response.statusCode, headers: response.headers, text, json });
			});
		});
		request.on('error', reject);
		request.end(bytes);
	});
}

// A client that is signed in, as a browser is.
export async function sign_in(server, login, secret = password) {
	const answer = await ask(server, 'POST', '/api/session', { body: { login, password: secret } });
	if (answer.status !== 200)
		throw new Error(`${login} cannot sign in: ${answer.status} ${answer.text}`);
	const cookie = answer.headers['set-cookie'][0].split(';')[0];
	return (method, path, body, headers = {}) => ask(server, method, path, { body, headers: { Cookie: cookie, 'Sec-Fetch-Site': 'same-origin', ...headers } });
}
