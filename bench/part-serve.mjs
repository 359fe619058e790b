// The server under load from this machine: leads told over kept connections, each answered when it is durable, beside PostgreSQL doing a
// transaction of four statements for each; lists and searches; streams that stay idle; and who is served while others send slowly.

import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { postgres_cluster } from './engines.mjs';
import { copy_book } from './part-import.mjs';
import { median } from './page.mjs';
import { Driver } from './session.mjs';

const CLIENTS = 64, SLOW = 400, PASSWORD = 'correct horse battery';

// Leads with names, addresses and companies, under the agreement that new ones are judged by.
function book_of(context, folder) {
	const file = join(folder, 'leads.csv'), map = join(folder, 'map.yaml'), book = join(folder, 'book');
	const lockstep = (...args) => execFileSync(context.lockstep, [...args, '--book', book, '--quiet'], { stdio: ['pipe', 'ignore', 'inherit'], input: `${PASSWORD}\n` });
	const lines = ['id,name,email,company,country,region,source,created'];
	for (let i = 0; i < context.leads; i++)
		lines.push(`L${i},${word(i)} ${word(i * 7 + 3)},${word(i)}.${i}@${word(i * 11 + 5)}.example,${word(i * 11 + 5)} ${word(i * 13)} GmbH,Germany,${['north', 'south', 'east', 'west'][i % 4]},web,2026-0${1 + i % 3}-${String(1 + i % 28).padStart(2, '0')}`);
	writeFileSync(file, `${lines.join('\n')}\n`);
	writeFileSync(map, 'map: bench\nsource: crm\nfiles:\n  - {match: "*.csv", as: leads, key: id, fields: {name: name, email: email, company: company, country: country, region: region, source: source, created: created}}\n');
	lockstep('init', '--zone', 'Europe/Berlin', '--currency', 'EUR');
	lockstep('agreement', 'propose', join(context.root, 'bench/serve.yaml'));
	for (const who of ['Head of Marketing', 'Head of Sales'])
		lockstep('agreement', 'sign', '--as', who);
	lockstep('import', '--map', map, file);
	lockstep('account', 'add', 'boss', '--role', 'admin');
	lockstep('account', 'add', 'ann', '--name', 'Ann', '--role', 'sales rep');
	return book;
}

// Made of syllables, some thousands of them.
function word(i) {
	const parts = ['ba', 'ke', 'li', 'mo', 'nu', 'ra', 'se', 'ti', 'vo', 'zu', 'an', 'el', 'or', 'is'];
	const text = parts[i % 14] + parts[Math.floor(i / 14) % 14] + parts[Math.floor(i / 196) % 14];
	return text[0].toUpperCase() + text.slice(1);
}

class Server {
	static async start(context, book) {
		const server = new Server();
		server.context = context;
		server.child = spawn('sh', ['-c', 'ulimit -n 20000 2>/dev/null; exec "$@"', 'sh', context.lockstep, 'serve', '--book', book, '--listen', '127.0.0.1:0', '--streams-per-account', '10000'], { stdio: ['ignore', 'ignore', 'pipe'] });
		server.ended = new Promise((resolve) => server.child.on('close', resolve));
		context.at_end(() => server.child.kill('SIGKILL'));
		let text = '';
		server.port = await new Promise((resolve, reject) => {
			server.child.stderr.on('data', (data) => {
				text += data;
				const port = /127\.0\.0\.1:(\d+)/.exec(text);
				if (port)
					resolve(Number(port[1]));
			});
			server.ended.then(() => reject(new Error(`lockstep serve: ${text}`)));
		});
		const cookie = await server.sign_in('boss');
		const made = await server.ask('POST', '/api/tokens', { name: 'bench', scopes: ['read', 'intake', 'write'] }, { Cookie: cookie, 'Sec-Fetch-Site': 'same-origin' });
		server.token = (await made.json()).token;
		return server;
	}

	ask(method, path, body, headers = { Authorization: `Bearer ${this.token}` }) {
		return fetch(`http://127.0.0.1:${this.port}${path}`, { method, headers: { 'Content-Type': 'application/json', ...headers }, ...(body ? { body: JSON.stringify(body) } : {}) });
	}

	async sign_in(login) {
		const signed = await this.ask('POST', '/api/session', { login, password: PASSWORD });
		return signed.headers.get('set-cookie').split(';')[0];
	}

	async leads() {
		return (await (await this.ask('GET', '/api/leads?limit=1')).json()).total;
	}

	resident() {
		return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${this.child.pid}/status`, 'utf8'))[1]) * 1024;
	}

	// Answers a second, how many, and percentiles of milliseconds.
	async load(clients, seconds, paths) {
		const driver = new Driver(this.context.driver, ['load', String(this.port), this.token, String(clients), String(seconds), ...(paths ? [paths] : [])]);
		const [rate, answered, refused, p50, p95, p99, most] = (await driver.ready()).done.map(Number);
		await driver.close();
		return { rate, answered, refused, p50, p95, p99, most };
	}

	async hold(what, count) {
		const driver = new Driver('sh', ['-c', 'ulimit -n 20000 2>/dev/null; exec "$@"', 'sh', this.context.driver, what, String(this.port), this.token, String(count)]);
		await driver.ready();
		return driver;
	}

	stop() {
		this.child.kill('SIGTERM');
		return this.ended;
	}
}

async function intake(context, folder, book, seconds) {
	const runs = [], written = join(folder, 'written');
	let lost = 0;
	for (let run = 0; run < context.runs; run++) {
		copy_book(book, written);
		execFileSync('cp', [`${book}.doors`, `${written}.doors`]);
		const server = await Server.start(context, written);
		const before = await server.leads();
		await server.load(CLIENTS, seconds / 5);
		const warm = await server.leads();
		const result = await server.load(CLIENTS, seconds);
		lost += Math.abs(await server.leads() - warm - result.answered) + result.refused + (warm <= before);
		await server.stop();
		runs.push(result);
		context.say(`run ${run + 1} of ${context.runs}: ${Math.round(result.rate)} leads/s, p99 ${result.p99.toFixed(1)} ms`);
	}
	return { rate: median(runs.map((r) => r.rate)), p50: median(runs.map((r) => r.p50)), p99: median(runs.map((r) => r.p99)), most: Math.max(...runs.map((r) => r.most)), lost };
}

// A duplicate looked for, the lead, whose turn it is, the promise: four statements, committed durably.
function pgbench(context, folder, seconds) {
	const cluster = postgres_cluster(folder, { shared_buffers: '1GB', max_connections: CLIENTS + 10, max_wal_size: '16GB' });
	if (cluster.missing)
		return { missing: cluster.missing };
	const { as_user, programs, home } = cluster, rates = [];
	try {
		writeFileSync(join(home, 'make.sql'), `CREATE TABLE lead (id bigserial PRIMARY KEY, name text, email text, phone text, company text, company_size int, country text, region text, source text, campaign text, owner int, score int, created timestamptz);
CREATE INDEX ON lead (email);
CREATE TABLE seller (id int PRIMARY KEY, open int, given timestamptz);
INSERT INTO seller SELECT i, 0, now() FROM generate_series(1, 10) i;
CREATE TABLE promise (id bigserial PRIMARY KEY, lead bigint, kind text, due timestamptz);
CREATE INDEX ON promise (due);
INSERT INTO lead (name, email, company, country, created) SELECT 'Person ' || i, 'p' || i || '@firm.example', 'Firm ' || i / 3, 'Germany', now() FROM generate_series(1, ${context.leads}) i;
VACUUM ANALYZE;`);
		writeFileSync(join(home, 'lead.sql'), `\\set n random(1, 1000000000)
\\set s random(1, 10)
BEGIN;
SELECT id FROM lead WHERE email = 'p' || :n::bigint || '@firm.example';
INSERT INTO lead (name, email, phone, company, company_size, country, region, source, campaign, owner, score, created) VALUES ('Person ' || :n::bigint, 'p' || :n::bigint || '@firm.example', '+49 30 ' || :n::bigint, 'Firm ' || :n::bigint / 3, :n::bigint % 200, 'Germany', 'north', 'web', 'spring', :s, 40, now());
UPDATE seller SET open = open + 1, given = now() WHERE id = :s;
INSERT INTO promise (lead, kind, due) VALUES (:n, 'first contact', now() + interval '8 hours');
COMMIT;
`);
		as_user(`${programs}/psql`, '-q', '-h', home, '-U', 'bench', '-f', join(home, 'make.sql'), 'postgres');
		for (let run = 0; run < context.runs; run++) {
			const out = as_user(`${programs}/pgbench`, '-n', '-c', String(CLIENTS), '-j', '2', '-T', String(Math.max(1, Math.round(seconds))), '-M', 'prepared', '-h', home, '-U', 'bench', '-f', join(home, 'lead.sql'), 'postgres');
			if (!/tps = /.test(out))
				throw new Error(`pgbench: ${out}`);
			rates.push(Number(/tps = ([\d.]+)/.exec(out)[1]));
			context.say(`PostgreSQL, run ${run + 1} of ${context.runs}: ${Math.round(rates.at(-1))} transactions/s`);
		}
	} finally {
		cluster.stop();
	}
	return { rate: median(rates), version: cluster.version };
}

function paths_file(context, folder) {
	const file = join(folder, 'paths');
	const paths = [];
	for (let i = 0; i < 200; i++) {
		const text = word(i * 31);
		for (const find of [text.slice(0, 2), text.slice(0, 4), text, `${text} ${word(i * 31 * 7 + 3).slice(0, 3)}`, `${text.toLowerCase()}.${i * 31}`])
			paths.push(`/api/leads?limit=20&find=${encodeURIComponent(find)}`);
		paths.push('/api/leads', `/api/leads?where=${encodeURIComponent('region = south')}`);
	}
	writeFileSync(file, `${paths.join('\n')}\n`);
	return file;
}

// From the address to a desk that shows what is due and takes keys, in a browser that was never there; milliseconds, the median of some times.
async function desk(context, server) {
	const executablePath = [process.env.CHROMIUM, '/usr/bin/chromium', '/usr/bin/chromium-browser'].find((path) => path && existsSync(path));
	let browser;
	try {
		browser = await createRequire(join(context.root, 'web/package.json'))('playwright-core').chromium.launch({
			executablePath, args: ['--disable-dev-shm-usage', '--disable-gpu', ...(process.getuid() === 0 ? ['--no-sandbox'] : [])] });
	} catch (error) {
		return { missing: error.message.split('\n')[0] };
	}
	const spans = [];
	for (let i = 0; i < 80; i++)
		await server.ask('POST', '/api/leads', { name: `Desk ${i}`, company: `Desk ${i}`, company_size: 200, industry: 'software', country: 'Germany', region: 'north' });
	const [name, value] = (await server.sign_in('ann')).split('=');
	for (let run = 0; run < context.runs + 1; run++) {
		const place = await browser.newContext();
		await place.addCookies([{ name, value, url: `http://127.0.0.1:${server.port}` }]);
		await place.addInitScript(() => new MutationObserver((changes, watcher) => {
			if (!document.querySelector('.row'))
				return;
			watcher.disconnect();
			requestAnimationFrame(() => setTimeout(() => (window.interactive_ms = performance.now())));
		}).observe(document, { childList: true, subtree: true }));
		const page = await place.newPage();
		await page.goto(`http://127.0.0.1:${server.port}/desk`);
		spans.push(await (await page.waitForFunction(() => window.interactive_ms)).jsonValue());
		await place.close();
	}
	await browser.close();
	// The first waits for the browser itself.
	return { ms: median(spans.slice(1)) };
}

// Bytes of what the pages are made of, as it comes over the line.
function bundles(context) {
	const packed = (path) => statSync(join(context.root, `build/web/${path}.gz`)).size;
	return { pages: packed('app/app.js'), charts: packed('charts.js') };
}

// Everything else, of one server.
async function others(context, folder, book, seconds) {
	const server = await Server.start(context, book);
	const small = context.leads < 10000, streams = small ? 100 : 10000;
	const paths = paths_file(context, folder), health = join(folder, 'health');
	// Until all is read that searches look into.
	const last = `${word(context.leads - 1)}.${context.leads - 1}`.toLowerCase();
	while (!(await (await server.ask('GET', `/api/leads?find=${last}`)).json()).leads.length)
		await new Promise((resolve) => setTimeout(resolve, 200));
	await server.load(1, seconds, paths);
	const lists = await server.load(1, seconds, paths);
	const shown = await desk(context, server);
	writeFileSync(health, '/healthz\n');
	const before = server.resident();
	const held = await server.hold('streams', streams);
	const memory = server.resident() - before;
	await held.close();
	const slow = await server.hold('slow', small ? 40 : SLOW);
	const healthy = await server.load(8, seconds, health);
	await slow.close();
	await server.stop();
	return { lists, streams, memory, healthy, shown };
}

export async function serve(context) {
	const folder = join(context.folder, 'serve');
	const seconds = context.leads < 10000 ? 0.5 : 10;
	mkdirSync(folder, { recursive: true });
	const book = book_of(context, folder);
	const taken = await intake(context, folder, book, seconds);
	const { lists, streams, memory, healthy, shown } = await others(context, folder, book, seconds);
	const other = pgbench(context, folder, seconds);
	rmSync(folder, { recursive: true, force: true });
	context.figure('serve_intake', taken.rate, 'leads/s');
	context.figure('serve_intake_p50', taken.p50, 'ms');
	context.figure('serve_intake_p99', taken.p99, 'ms');
	context.figure('serve_intake_lost', taken.lost, 'leads');
	if (other.rate) {
		context.figure('serve_postgresql', other.rate, 'transactions/s');
		context.figure('serve_vs_postgresql', taken.rate / other.rate, 'x');
	}
	context.figure('serve_list_p95', lists.p95, 'ms');
	const { pages, charts } = bundles(context);
	if (shown.ms)
		context.figure('desk_interactive', shown.ms, 'ms');
	else
		context.say(`no browser: ${shown.missing}`);
	context.figure('serve_pages_packed', pages / 1000, 'kB');
	context.figure('serve_charts_packed', charts / 1000, 'kB');
	context.figure('serve_streams', memory / 1e6, 'MB');
	context.figure('serve_health_p99', healthy.p99, 'ms');
	return { taken, other, lists, streams, memory, healthy, shown, pages, charts, clients: CLIENTS, seconds, wrong: taken.lost ? 1 : 0 };
}
