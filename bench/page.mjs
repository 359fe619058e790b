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

const PARTS = { questions: questions_section };

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
	return lines;
}

export function page(results) {
	const lines = [
		'# Benchmarks', '',
		'Written by `make bench`; the figures are ratios on one machine in one run, side by side on the same data. Absolute times differ elsewhere.', '',
	];
	for (const [part, section] of Object.entries(PARTS)) {
		const result = results[part];
		if (!result)
			continue;
		lines.push(...section(result));
		lines.push(`Measured ${result.date} on ${result.machine}: \`make bench LEADS=${result.leads} ONLY=${part} RUNS=${result.runs}\`.`, '');
	}
	return `${lines.join('\n').trimEnd()}\n`;
}
