// The engines on the same rows. Each: name, version(), load(), ask(sql) → { rows of texts, seconds }, close().

import { execFileSync, spawnSync } from 'node:child_process';
import { chownSync, existsSync, mkdirSync, readdirSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { Driver, Session } from './session.mjs';

const COLUMNS = ['created', 'qualified', 'handed_off', 'response_due', 'first_response', 'accepted', 'rejected', 'opportunity', 'won', 'lost'];

function tables(whole, big, text, small) {
	return [
		`CREATE TABLE journey (lead_id ${whole}, ${COLUMNS.map((c) => `${c} ${whole}`).join(', ')}, ` +
			`source ${text}, campaign ${text}, team ${text}, rep ${text}, score ${small}, amount ${big})`,
		`CREATE TABLE touch (lead_id ${whole}, ts ${whole}, campaign ${text})`,
	];
}

// --- DuckDB ----------------------------------------------------------------------------------------------------------------

export async function duckdb(folder, driver) {
	let api;
	try {
		api = await import('@duckdb/node-api');
	} catch {
		return { name: 'duckdb', missing: 'bench/node_modules has no @duckdb/node-api' };
	}
	const instance = await api.DuckDBInstance.create(join(folder, 'duckdb.db'), { threads: '2', memory_limit: `${Math.round(totalmem() / 2 ** 31)}GB` });
	const connection = await instance.connect();
	return {
		name: 'duckdb',
		title: 'DuckDB',
		version: () => api.version().replace(/^v/, ''),
		// Source order is kept; names are ENUMs, which are answered faster than VARCHARs and take less room.
		async load() {
			const names = Object.fromEntries(execFileSync(driver, ['names'], { encoding: 'utf8' }).trim().split('\n').map((line) => {
				const [what, ...all] = line.split('\t');
				return [what, all];
			}));
			for (const [what, all] of Object.entries(names))
				await connection.run(`CREATE TYPE name_of_${what} AS ENUM (${all.map((name) => `'${name}'`).join(', ')})`);
			for (const sql of tables('INTEGER', 'BIGINT', 'VARCHAR', 'UTINYINT')) {
				const name = sql.match(/TABLE (\w+)/)[1];
				await connection.run(sql.replace(/(\w+) VARCHAR/g, '$1 name_of_$1'));
				await connection.run(`COPY ${name} FROM '${join(folder, `${name}.csv`)}' (HEADER false)`);
			}
			await connection.run('CHECKPOINT');
			const order = await connection.runAndReadAll('SELECT (SELECT bool_and(lead_id = rowid) FROM journey), '
				+ '(SELECT bool_and(before <= lead_id) FROM (SELECT lead_id, lag(lead_id, 1, 0) OVER (ORDER BY rowid) AS before FROM touch))');
			if (order.getRows()[0].some((kept) => !kept))
				throw new Error('DuckDB has the rows in another order');
		},
		async ask(sql) {
			const start = performance.now();
			const reader = await connection.runAndReadAll(sql);
			const seconds = (performance.now() - start) / 1000;
			return { rows: reader.getRows().map((row) => row.map((v) => (v === null ? '' : String(v)))), seconds };
		},
		async close() {
			connection.closeSync();
			instance.closeSync?.();
		},
	};
}

// --- PostgreSQL: a cluster of our own, under a user that is not root ---------------------------------------------------------

function postgres_programs() {
	const found = existsSync('/usr/lib/postgresql') ? readdirSync('/usr/lib/postgresql').sort((a, b) => b - a) : [];
	const version = found.includes('15') ? '15' : found[0];
	return version ? `/usr/lib/postgresql/${version}/bin` : null;
}

// How to run as a user that is not root: [command…] before the program.
function other_user() {
	if (process.getuid() !== 0)
		return { before: [], uid: process.getuid(), gid: process.getgid() };
	for (const name of ['postgres', 'nobody']) {
		const id = (flag) => Number(spawnSync('id', [flag, name], { encoding: 'utf8' }).stdout);
		if (spawnSync('id', [name]).status === 0)
			return { before: ['setpriv', `--reuid=${id('-u')}`, `--regid=${id('-g')}`, '--clear-groups'], uid: id('-u'), gid: id('-g') };
	}
	return null;
}

// A cluster in `folder`, started with these settings beside its own; { missing } where there can be none.
export function postgres_cluster(folder, settings) {
	const programs = postgres_programs();
	const user = other_user();
	if (!programs || !user)
		return { missing: programs ? 'no user to run it under' : 'PostgreSQL is not installed' };
	const home = join(folder, 'pg');
	mkdirSync(home, { mode: 0o700 });
	chownSync(home, user.uid, user.gid);
	const as_user = (command, ...args) => {
		const [program, ...rest] = [...user.before, command, ...args];
		return execFileSync(program, rest, { cwd: home, stdio: ['ignore', 'pipe', 'pipe'], encoding: 'utf8' });
	};
	try {
		as_user(`${programs}/initdb`, '-D', `${home}/data`, '-U', 'bench', '--locale=C.UTF-8', '-E', 'UTF8', '-A', 'trust');
	} catch (error) {
		return { missing: `initdb as another user: ${error.stderr.trim().split('\n').at(-1)}` };
	}
	const all = { listen_addresses: "''", unix_socket_directories: `'${home}'`, ...settings };
	as_user('sh', '-c', `cat >> ${home}/data/postgresql.conf <<'E'\n${Object.entries(all).map(([k, v]) => `${k} = ${v}`).join('\n')}\nE`);
	as_user(`${programs}/pg_ctl`, '-D', `${home}/data`, '-l', `${home}/log`, '-w', 'start');
	return {
		home, programs, as_user, settings: all,
		version: execFileSync(`${programs}/postgres`, ['--version'], { encoding: 'utf8' }).match(/[\d.]+/)[0],
		stop: () => as_user(`${programs}/pg_ctl`, '-D', `${home}/data`, '-m', 'immediate', '-w', 'stop'),
	};
}

export async function postgresql(folder) {
	const gigabytes = Math.max(1, Math.floor(totalmem() / 4 / 2 ** 30));
	const settings = {
		fsync: 'off', full_page_writes: 'off', max_wal_size: '16GB',
		shared_buffers: `${gigabytes}GB`, effective_cache_size: `${gigabytes * 2}GB`, work_mem: '256MB', maintenance_work_mem: '1GB', max_connections: 5,
		max_worker_processes: 8, max_parallel_workers: cpus().length, max_parallel_workers_per_gather: cpus().length,
		parallel_setup_cost: 10, parallel_tuple_cost: 0.001, min_parallel_table_scan_size: 0, random_page_cost: 1.1, autovacuum: 'off',
	};
	const cluster = postgres_cluster(folder, settings);
	if (cluster.missing)
		return { name: 'postgresql', missing: cluster.missing };
	const { home, programs } = cluster;
	const psql = new Session(`${programs}/psql`, ['-X', '-q', '-A', '-t', '-F', '\t', '-h', home, '-U', 'bench', 'postgres']);
	let asked = 0;
	const ask = async (sql) => {
		const mark = `-- done ${++asked}`;
		const lines = await psql.ask(`${sql};\n\\echo '${mark}'`, (line) => line === mark);
		if (psql.errors)
			throw new Error(`PostgreSQL: ${psql.errors}`);
		const time = lines.slice(0, -1).filter((line) => /^Time: /.test(line));
		return {
			rows: lines.slice(0, -1).filter((line) => line && !/^Time: /.test(line)).map((line) => line.split('\t')),
			seconds: time.length ? Number(time.at(-1).match(/^Time: ([\d.]+) ms/)[1]) / 1000 : NaN,
		};
	};
	return {
		name: 'postgresql',
		title: 'PostgreSQL',
		version: () => cluster.version,
		settings: cluster.settings,
		async load() {
			for (const sql of tables('integer', 'bigint', 'text', 'smallint')) {
				const name = sql.match(/TABLE (\w+)/)[1];
				await ask(sql);
				await ask(`\\copy ${name} FROM '${join(folder, `${name}.csv`)}' (FORMAT csv)\nSELECT 1`);
			}
			await ask('CREATE UNIQUE INDEX ON journey (lead_id)');
			await ask('CREATE INDEX ON journey (created)');
			await ask('CREATE INDEX ON journey (handed_off)');
			await ask('CREATE INDEX ON touch (lead_id)');
			await ask('VACUUM ANALYZE');
			await ask('\\timing on\nSELECT 1');
		},
		ask,
		async close() {
			await psql.close();
			cluster.stop();
		},
	};
}

// --- SQLite ----------------------------------------------------------------------------------------------------------------

export async function sqlite(folder, driver, leads) {
	const file = join(folder, 'sqlite.db');
	let session;
	return {
		name: 'sqlite',
		title: 'SQLite',
		async version() {
			return (await session.command('sql SELECT sqlite_version()')).rows[0][0];
		},
		async load() {
			execFileSync(driver, ['sqlite-make', String(leads), file]);
			session = new Driver(driver, ['sqlite', file]);
		},
		async ask(sql) {
			const { rows, done } = await session.command(`sql ${sql.replace(/\s+/g, ' ')}`);
			return { rows, seconds: Number(done[0]) };
		},
		close: () => session?.close(),
	};
}
