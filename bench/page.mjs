// docs/benchmarks.md from results.

import { cpus, totalmem, release } from 'node:os';

export function median(values) {
	const sorted = [...values].sort((a, b) => a - b);
	const middle = Math.floor(sorted.length / 2);
	return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

export function machine() {
	return `${cpus().length} × ${cpus()[0]?.model.trim() ?? 'unknown processor'}, ${Math.round(totalmem() / 2 ** 30)} GB, Linux ${release()}`;
}

function count(n) {
	return n.toLocaleString('en-US');
}

function ms(seconds) {
	const value = seconds * 1000;
	return value >= 100 ? count(Math.round(value)) : value >= 10 ? value.toFixed(1) : value.toFixed(2);
}

function table(header, rows) {
	const line = (cells) => `| ${cells.join(' | ')} |`;
	return [line(header), `|---|${header.slice(1).map(() => '--:|').join('')}`, ...rows.map(line)].join('\n');
}

const PARTS = { questions: questions_section, import: import_section, writes: writes_section, start: start_section };

function questions_section(result) {
	const engines = Object.keys(result.versions);
	const lines = [
		'## Five questions', '',
		`${count(result.leads)} leads, ${count(result.touches)} touches, made by \`bench/rows.c\` and told to every engine in the same order. Every engine gave the`,
		`same answers (counts and sums exactly, percentiles but for the last bits, shared sums in whole cents). Medians of ${result.runs} interleaved runs;`,
		'before each run all caches were emptied by walking 256 MB. Milliseconds; in brackets how many times as long as Lockstep.', '',
		table(['Question', 'Lockstep', ...engines.map((e) => `${result.versions[e].title} ${result.versions[e].version}`)],
			result.rows.map((row) => [row.title, ms(row.seconds.ours),
				...engines.map((e) => `${ms(row.seconds[e])} (${(row.seconds[e] / row.seconds.ours).toFixed(1)}×)`)])),
		'',
	];
	const shares = result.rows.filter((row) => ['funnel', 'threshold'].includes(row.name)).map((row) =>
		`${row.name} ${(row.bytes / row.seconds.ours / 1e9).toFixed(1)} GB/s (${((row.bytes / row.seconds.ours / result.bandwidth) * 100).toFixed(0)} %)`);
	lines.push(
		`Lockstep used ${result.threads} thread${result.threads > 1 ? 's' : ''}. As many read 1 GB of memory at ${(result.bandwidth / 1e9).toFixed(1)} GB/s in the same run; of that, by the bytes of the`,
		`columns a question has to read: ${shares.join(', ')}.`, '',
		'DuckDB: its own file, 2 threads, names as ENUM. PostgreSQL: parallel as many workers as cores, indexes on lead, creation and hand-over,',
		'`VACUUM ANALYZE`, no fsync. SQLite: for each question the index that covers it, memory-mapped.', '');
	for (const { name, why } of result.missing)
		lines.push(`Without ${name}: ${why}.`, '');
	const code = (text) => (text ? `\`${text}\`` : '');
	if (result.rows[0].asked)
		lines.push('As asked in the measure language (the SQL stands in `bench/questions.mjs`):', '',
			table(['Question', 'Rows of', 'By', 'Where', 'Figures'], result.rows.map(({ title, asked }) => [title.split(':')[0], asked.of,
				code(asked.by), asked.where ? code(asked.where) : asked.period && `period ${asked.period}`, asked.measures.map(code).join(', ')])).replace(/--:/g, '---'), '');
	return lines;
}

function import_section(result) {
	const rate = (seconds) => `${count(Math.round(result.leads / seconds))} rows/s`;
	const lines = ['## Import', '',
		`A CSV file of ${count(result.leads)} leads with 20 columns (${(result.file_bytes / 1e6).toFixed(0)} MB) into a new book: recognised, checked, matched, personal fields sealed,`,
		`every row an entry of the hash chain, committed with fsync. Whole commands by the wall clock, medians of ${result.runs} runs in turn.`, '',
		`- \`lockstep import\`: ${result.seconds.toFixed(2)} s, ${rate(result.seconds)}; the book takes ${count(Math.round(result.book_bytes / result.leads))} bytes a lead.`];
	if (result.sqlite_seconds)
		lines.push(`- \`sqlite3 .import\` into one table of texts: ${result.sqlite_seconds.toFixed(2)} s, ${rate(result.sqlite_seconds)}: ${(result.seconds / result.sqlite_seconds).toFixed(1)} times as many.`);
	lines.push('');
	return lines;
}

function writes_section(result) {
	return ['## Single durable writes', '',
		`${result.callers} callers, each waiting for its row to be on the disk; one writer that commits what is queued as soon as the last commit has`,
		`returned. Medians of ${result.runs} runs, rows of 17 columns. Bare SQLite (write-ahead log, \`synchronous = FULL\`): ${count(Math.round(result.rate))} rows/s. The book`,
		`(compared with what is known, sealed, chained, laid over the state): ${count(Math.round(result.book ?? 0))} rows/s, ${(result.book / result.rate).toFixed(2)} times as many; ${count(Math.round(result.person ?? 0))} with a new`,
		'person in each, whose key is synced first.', ''];
}

function start_section(result) {
	const rows = Object.entries(result.facts).map(([fact, { rows: n, bytes }]) =>
		[fact.replace('_', ' '), count(n), `${(bytes / 1e6).toFixed(1)} MB`, n ? (bytes / n).toFixed(0) : '–']);
	return ['## Start and memory', '',
		`A simulated company of ${count(result.leads)} leads with all that became of them. From opening the book to the first question: ${result.seconds.toFixed(2)} s (median of`,
		`${result.runs} processes; the book in the page cache). From a snapshot of the columns: not yet, there is none. Resident memory grew by`,
		`${(result.resident / 2 ** 20).toFixed(0)} MB, ${count(Math.round(result.resident / result.leads))} bytes a lead with everything that belongs to it; the most while loading was ${(result.peak / 2 ** 20).toFixed(0)} MB.`, '',
		table(['Fact', 'Rows', 'Columns', 'Bytes a row'], rows), ''];
}

// What a lead costs as the book grows, from whatever sizes were measured.
function growth_section(results) {
	const sizes = [...new Set(Object.values(results).flatMap((part) => Object.keys(part).map(Number)))].sort((a, b) => a - b);
	if (sizes.length < 2)
		return [];
	const rows = [];
	const row = (title, part, value) => {
		if (sizes.some((size) => results[part]?.[size]))
			rows.push([title, ...sizes.map((size) => (results[part]?.[size] ? value(results[part][size]) : '–'))]);
	};
	const of = (result, name) => result.rows.find((r) => r.name === name).seconds.ours;
	for (const { name, title } of Object.values(results.questions ?? {})[0]?.rows ?? [])
		row(`${title.split(':')[0]}, ns a lead`, 'questions', (result) => ((of(result, name) / result.leads) * 1e9).toFixed(1));
	row('Import, µs a lead', 'import', (result) => ((result.seconds / result.leads) * 1e6).toFixed(1));
	row('Book, bytes a lead', 'import', (result) => count(Math.round(result.book_bytes / result.leads)));
	row('Start from the book, µs a lead', 'start', (result) => ((result.seconds / result.leads) * 1e6).toFixed(1));
	row('Memory, bytes a lead with all that belongs to it', 'start', (result) => count(Math.round(result.resident / result.leads)));
	return ['## Growth', '', 'What a lead costs at different sizes. Each column is a run of its own: where the machine was busy in one and not in the other, they do not compare.', '', table(['', ...sizes.map((size) => `${count(size)} leads`)], rows), ''];
}

export function page(results) {
	const lines = [
		'# Benchmarks', '',
		'Written by `make bench`; the figures are ratios on one machine in one run, side by side on the same data. Absolute times differ elsewhere.', '',
	];
	for (const [part, section] of Object.entries(PARTS)) {
		// The largest size that was measured; the others stand under growth.
		const size = Object.keys(results[part] ?? {}).map(Number).sort((a, b) => b - a)[0];
		if (!size)
			continue;
		const result = results[part][size];
		lines.push(...section(result));
		lines.push(`Measured ${result.date} on ${result.machine}: \`make bench LEADS=${result.leads} ONLY=${part} RUNS=${result.runs}\`${result.load > 0.5 ? `; the machine was busy with other work (load ${result.load.toFixed(1)})` : ''}.`, '');
	}
	lines.push(...growth_section(results));
	return `${lines.join('\n').trimEnd()}\n`;
}
