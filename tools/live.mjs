#!/usr/bin/env node
// A company at work, to try the server with: tools/live.mjs [FOLDER]   (`make demo` uses build/demo/live)
//
// A simulated year up to yesterday goes into a book; from today on a second version of its agreement promises a first contact within minutes, around
// the clock. `lockstep serve` answers for that book by the real clock, and this program plays everybody outside and most inside, over the API as anybody
// would: leads come in every few seconds, sellers call, accept and reject, and let some promises break. The seller of the first account is left to you.
//
// With a terminal it prints the address and one account per role, opens the page, and goes on until Ctrl-C. Without one it looks at each role's first page,
// lets some leads come in, stops, and exits 0.
//	LEADS=4000   leads of the year before     LISTEN=127.0.0.1:8377     PACE=1   twice as many leads a minute: 2

import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const folder = resolve(process.argv[2] ?? join(root, 'build/demo/live'));
const program = resolve(process.env.LOCKSTEP ?? join(root, 'build/lockstep'));
const leads = process.env.LEADS ?? '4000';
const pace = Number(process.env.PACE ?? 1);
const book = join(folder, 'book.lockstep');
const password = 'lockstep demo';
const watched = Boolean(process.stdout.isTTY && process.stdin.isTTY);

const accounts = [
	['seller', 'sales rep', 'Anke Kovar', '--team', 'North'],
	['manager', 'sales manager', 'Head of Sales'],
	['marketing', 'marketing', 'Head of Marketing'],
	['nurture', 'nurture', 'Nora Nurture'],
	['partner', 'partner', 'Nordline Supply', '--partner', 'Nordline Supply'],
	['executive', 'executive', 'Elin Executive'],
	['facilitator', 'facilitator', 'Fin Facilitator'],
	['viewer', 'viewer', 'Vera Viewer'],
	['admin', 'admin', 'Ada Admin'],
];

function fail(text) {
	console.error(`tools/live.mjs: ${text}`);
	process.exit(1);
}

function lockstep(args, { now, input } = {}) {
	const { status, stderr, error } = spawnSync(program, [...args, '--book', book, '--quiet'], {
		input, encoding: 'utf8', env: { ...process.env, ...(now ? { LOCKSTEP_NOW: now } : {}) },
	});
	if (status !== 0)
		fail(`lockstep ${args.join(' ')}: ${error?.message ?? stderr}`);
}

const day = (from_today) => new Date(Date.now() + from_today * 86400000).toISOString().slice(0, 10);

// ---- the company ----

function make_company() {
	if (existsSync(folder) && !existsSync(`${book}.story.yaml`) && readdirSync(folder).length)
		fail(`${folder} holds other things; name a folder of its own`);
	rmSync(folder, { recursive: true, force: true });
	mkdirSync(folder, { recursive: true });

	const text = readFileSync(join(root, 'examples/agreements/hollin-filters.yaml'), 'utf8');
	const first = join(folder, 'agreement-of-the-year.yaml'), second = join(folder, 'agreement-since-today.yaml');

	writeFileSync(first, text.replace(/^in force: .*$/m, `in force: ${day(-375)}`));
	writeFileSync(second, text.replace(/^in force: .*$/m, `in force: ${day(0)}`)
		.replace(/hours: \{.*\}/, 'hours: {mon-sun: ["00:00-24:00"]}')
		.replace(/within: 4 hours, /, 'within: 5 minutes, ')
		.replace(/\{manager: 4 hours later\}, \{head: 1 working day later\}/, '{manager: 5 minutes later}, {head: 15 minutes later}'));
	lockstep(['simulate', '--story', join(root, 'examples/stories/quarrel.yaml'), '--leads', leads, '--last-day', day(-1)]);
	for (const [path, signed] of [[first, -380], [second, -1]]) {
		const now = `${day(signed)}T09:00:00Z`;
		lockstep(['agreement', 'propose', path], { now });
		for (const who of ['Head of Sales', 'Head of Marketing'])
			lockstep(['agreement', 'sign', '--as', who], { now });
	}
	for (const [login, role, name, ...more] of accounts)
		lockstep(['account', 'add', login, '--role', role, '--name', name, ...more], { input: `${password}\n` });
}

// ---- the server ----

function serve() {
	const child = spawn(program, ['serve', '--book', book, '--listen', process.env.LISTEN ?? (watched ? '127.0.0.1:8377' : '127.0.0.1:0')],
		{ stdio: ['ignore', 'inherit', 'pipe'] });
	let said = '';

	process.on('exit', () => child.kill('SIGTERM'));
	return new Promise((done) => {
		child.stderr.on('data', (bytes) => {
			said += bytes;
			const at = /at (http:\/\/\S+)\n/.exec(said);
			if (at)
				done({ address: at[1], child });
		});
		child.on('close', () => fail(`the server ended: ${said}`));
	});
}

function ask(address, method, path, { body, headers = {} } = {}) {
	const bytes = body === undefined ? undefined : JSON.stringify(body);
	return new Promise((done, refuse) => {
		const request = http.request(address + path, { method, agent: false,
			headers: { ...(bytes ? { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(bytes) } : {}), ...headers } }, (response) => {
			let text = '';
			response.on('data', (part) => (text += part));
			response.on('end', () => done({ status: response.statusCode, headers: response.headers, text, json: /json/.test(response.headers['content-type']) ? JSON.parse(text) : undefined }));
		});
		request.on('error', refuse);
		request.end(bytes);
	});
}

async function sign_in(address, login) {
	const answer = await ask(address, 'POST', '/api/session', { body: { login, password } });
	if (answer.status !== 200)
		fail(`${login} cannot sign in: ${answer.status} ${answer.text}`);
	const headers = { Cookie: answer.headers['set-cookie'][0].split(';')[0], 'Sec-Fetch-Site': 'same-origin' };
	return (method, path, body, more = {}) => ask(address, method, path, { body, headers: { ...headers, ...more } });
}

// ---- who plays ----

const any = (list) => list[Math.floor(Math.random() * list.length)];
const between = (low, high) => low + Math.random() * (high - low);
const later = (seconds) => new Promise((go) => setTimeout(go, (seconds * 1000) / pace).unref());
const first_names = ['Ada', 'Bela', 'Cleo', 'Dario', 'Edda', 'Falk', 'Greta', 'Hugo', 'Ida', 'Jona', 'Kira', 'Lars', 'Mara', 'Nils', 'Olga', 'Piet', 'Rosa', 'Sven', 'Tilda', 'Urs'];
const last_names = ['Aalto', 'Brandt', 'Corvin', 'Dahl', 'Ebner', 'Fontane', 'Gruber', 'Hagen', 'Ilves', 'Jansen', 'Kramer', 'Lindt', 'Moser', 'Nagel', 'Ohlsen', 'Pohl', 'Reuter', 'Sand', 'Thoma', 'Voss'];
const trades = ['Dairy', 'Brewing', 'Pharma', 'Paper', 'Coatings', 'Water'];

let asked; // last, and now and then once more by another address: perhaps the same

function somebody() {
	if (asked && Math.random() < 0.06) {
		const again = { ...asked, email: `${asked.name.replace(' ', '.')}@home.example`.toLowerCase(), company: `${asked.company} GmbH` };
		asked = undefined;
		return again;
	}
	const [first, last, trade] = [any(first_names), any(last_names), any(trades)];
	asked = {
		name: `${first} ${last}`, company: `${last} ${trade}`, email: `${first}.${last}.${Math.floor(Math.random() * 1e6)}@${last}-${trade}.example`.toLowerCase(),
		phone: `+49 30 555${Math.floor(Math.random() * 1e5)}`, industry: trade, company_size: Math.floor(between(4, 400)), country: 'Germany', region: any(['North', 'South', 'West']),
		source: any(['Paid search', 'Webinar', 'Customer referral', 'Customer referral', 'Reseller', 'Trade fair', 'Web form']),
		...(Math.random() < 0.15 ? { partner: 'Nordline Supply' } : {}),
	};
	return asked;
}

// What becomes of a lead that was handed over. Some are forgotten, as everywhere.
async function work(manager, lead, owner) {
	if (owner === accounts[0][2] || Math.random() < 0.2)
		return;
	await later(between(20, 420));
	const reached = Math.random() < 0.6;
	await manager('POST', `/api/leads/${encodeURIComponent(lead)}/contacts`, { kind: any(['call', 'call', 'mail']), outcome: reached ? 'reached' : 'no answer', by: owner });
	if (!reached)
		return;
	await later(between(5, 60));
	await manager('POST', `/api/leads/${encodeURIComponent(lead)}/steps`, Math.random() < 0.7 ? { step: 'accept', by: owner } : { step: 'reject', reason: any(['no need', 'no budget', 'too small', 'too early']), by: owner });
}

async function one_comes(marketing, manager) {
	const made = await marketing('POST', '/api/leads', somebody());
	if (made.status === 201 && made.json.owner)
		work(manager, made.json.lead, made.json.owner).catch(() => {});
	return made;
}

async function play(marketing, manager) {
	for (;;) {
		await one_comes(marketing, manager).catch(() => {});
		await later(between(3, 15));
	}
}

// ---- looking on ----

// What a role's first page asks for.
const asks = {
	'sales rep': ['/api/desk'], partner: ['/api/desk'], nurture: ['/api/nurture'], marketing: ['/api/nurture'], 'sales manager': ['/api/desk'],
	executive: ['/api/reports/weekly'], facilitator: ['/api/reports/weekly'], viewer: ['/api/reports/weekly'], admin: ['/api/accounts'],
};

async function look(address, login, role) {
	const client = await sign_in(address, login);
	const page = await client('GET', '/', undefined, { Accept: 'text/html' });
	const assets = [...page.text.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g)].map((m) => m[1]);

	if (page.status !== 200 || !assets.length)
		fail(`${role}: the page is not there: ${page.status}`);
	for (const path of [...assets, '/api/session', ...asks[role]]) {
		const answer = await client('GET', path);
		if (answer.status !== 200)
			fail(`${role}: ${path} answers ${answer.status} ${answer.text}`);
	}
	console.log(`  ${role.padEnd(14)} the page and ${asks[role].join(', ')}`);
}

function open_page(address) {
	const opener = process.platform === 'darwin' ? 'open' : 'xdg-open';
	if (process.platform === 'darwin' || process.env.DISPLAY || process.env.WAYLAND_DISPLAY)
		spawn(opener, [address], { stdio: 'ignore', detached: true }).on('error', () => {}).unref();
}

console.log('\nA company at work: its year up to yesterday …');
make_company();
const { address, child } = await serve();
const [marketing, manager] = [await sign_in(address, 'marketing'), await sign_in(address, 'manager')];

if (watched) {
	console.log(`\n  ${address}   (password of all: ${password})\n`);
	for (const [login, role, name] of accounts)
		console.log(`  ${login.padEnd(12)} ${role.padEnd(14)} ${name}`);
	console.log('\nLeads come in every few seconds; what is handed over is to be answered within 5 minutes. Ctrl-C ends it.');
	open_page(address);
	play(marketing, manager);
	process.on('SIGINT', () => {});
	await new Promise((go) => process.once('SIGINT', go));
} else {
	console.log(`\nEach role's first page at ${address}:`);
	for (const [login, role] of accounts)
		await look(address, login, role);
	let owners = 0;
	for (let i = 0; i < 20; i++) {
		const made = await one_comes(marketing, manager);
		if (made.status !== 201)
			fail(`a lead does not get in: ${made.status} ${made.text}`);
		owners += Boolean(made.json.owner);
	}
	console.log(`\n20 leads came in, ${owners} of them were handed over at once`);
	if (!owners)
		fail('none was handed over');
}
child.removeAllListeners('close');
child.kill('SIGTERM');
const code = await new Promise((end) => (child.exitCode === null ? child.on('close', end) : end(child.exitCode)));
console.log(code === 0 ? 'It stopped.' : `It stopped with ${code}.`);
process.exit(code);
