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

const SPOKEN = 1e6; // the size at which parts are told; others stand under growth

const PARTS = { questions: questions_section, import: import_section, writes: writes_section, together: together_section, start: start_section, company: company_section, promises: promises_section, serve: serve_section };

function questions_section(result) {
	const engines = Object.keys(result.versions);
	const lines = [
		`${count(result.leads)} leads, ${count(result.touches)} touches, made by \`bench/rows.c\` and told to every engine in the same order. Every engine gave the`,
		`same answers (counts and sums exactly, percentiles but for the last bits, shared sums in whole cents). Medians of ${result.runs} interleaved runs;`,
		'in each an engine was asked three times in a row, all caches emptied before each by walking 256 MB, and its best counts, as of the walks that read',
		'memory. Milliseconds; in brackets how many times as long as Lockstep.', '',
		table(['Question', 'Lockstep', ...engines.map((e) => `${result.versions[e].title} ${result.versions[e].version}`)],
			[...result.rows.map((row) => [row.title, ms(row.seconds.ours),
				...engines.map((e) => `${ms(row.seconds[e])} (${(row.seconds[e] / row.seconds.ours).toFixed(1)}×)`)]),
			['**In the median**', '', ...engines.map((e) => `${median(result.rows.map((row) => row.seconds[e] / row.seconds.ours)).toFixed(1)}×`)]]),
		'',
	];
	const shares = result.rows.filter((row) => ['funnel', 'threshold'].includes(row.name)).map((row) =>
		`${row.name} ${(row.bytes / row.seconds.ours / 1e9).toFixed(1)} GB/s (${((row.bytes / row.seconds.ours / result.bandwidth) * 100).toFixed(0)} %)`);
	lines.push(
		`Lockstep used ${result.threads} thread${result.threads > 1 ? 's' : ''}. As many read ${result.leads < 10000 ? '64 MB' : '1 GB'} of memory at ${(result.bandwidth / 1e9).toFixed(1)} GB/s (the best of three walks in each run, the median over runs);`,
		`of that, by the bytes of the columns a question has to read: ${shares.join(', ')}.`, '');
	lines.push(
		'Both are bound by counting more than by reading: each row costs an increment in a table of counts, and as columns are narrow there are few',
		'bytes to read meanwhile (`docs/decisions/0008-narrow-columns.md`). ' + result.rows.filter((row) => ['funnel', 'threshold'].includes(row.name)).map((row) =>
			`The ${row.name} question reads ${(row.bytes / 1e6).toFixed(1)} MB in ${ms(row.seconds.ours)} ms.`).join(' '), '');
	if (result.versions.duckdb && result.leads >= SPOKEN) {
		const ratios = result.rows.map((row) => row.seconds.duckdb / row.seconds.ours);
		lines.push(
			'A prototype with a hand-written loop for each question, measured on another machine of two cores before this program was begun, was 5.7 to 12.5',
			`times as fast as DuckDB and read at 54 to 79 % of the bandwidth on these two; the one executor that answers any measure is ${Math.min(...ratios).toFixed(1)} to`,
			`${Math.max(...ratios).toFixed(1)} times as fast.`, '');
	}
	for (const { name, why } of result.missing)
		lines.push(`Without ${name}: ${why}.`, '');
	return lines;
}

function questions_notes(result) {
	const code = (text) => (text ? `\`${text}\`` : '');
	return [
		'DuckDB: its own file, 2 threads, names as ENUM, rows in the order of ours. PostgreSQL: parallel as many workers as cores, indexes on',
		'lead, creation and hand-over, `VACUUM ANALYZE`, no fsync. SQLite: for each question the index that covers it, memory-mapped.',
		'Lockstep and SQLite are timed inside the process that asks, from the text of the question to its answer; DuckDB around its Node library, PostgreSQL',
		'by `psql`, so that theirs hold some tenths of a millisecond of their clients.', '',
		'As asked in the measure language (the SQL stands in `bench/questions.mjs`):', '',
		table(['Question', 'Rows of', 'By', 'Where', 'Figures'], result.rows.map(({ title, asked }) => [title.split(':')[0], asked.of,
			code(asked.by), asked.where ? code(asked.where) : asked.period && `period ${asked.period}`, asked.measures.map(code).join(', ')])).replace(/--:/g, '---'), '',
	];
}

function import_section(result) {
	const rate = (seconds) => `${count(Math.round(result.leads / seconds))} rows/s`;
	const lines = [
		`A CSV file of ${count(result.leads)} leads with 20 columns (${(result.file_bytes / 1e6).toFixed(0)} MB) into a new book: recognised, checked, matched, personal fields sealed,`,
		`every row an entry of the hash chain, committed with fsync. Whole commands by the wall clock, medians of ${result.runs} runs in turn. The columns`,
		'beside the book are not in it: after an import that fills a book they are left to the next command that writes.', '',
		`- \`lockstep import\`: ${result.seconds.toFixed(2)} s, ${rate(result.seconds)}; the book takes ${count(Math.round(result.book_bytes / result.leads))} bytes a lead.`];
	if (result.sqlite_seconds)
		lines.push(`- \`sqlite3 .import\` into one table of texts: ${result.sqlite_seconds.toFixed(2)} s, ${rate(result.sqlite_seconds)}. Lockstep reaches ${(result.sqlite_seconds / result.seconds).toFixed(2)} of that.`);
	lines.push('');
	return lines;
}

function writes_section(result) {
	return [
		`${result.callers} callers, each waiting for its row to be on the disk; one writer that commits what is queued as soon as the last commit has`,
		`returned; ${count(result.leads)} leads stand there already. Medians of ${result.runs} runs, rows of 17 columns. Bare SQLite (write-ahead log,`,
		`\`synchronous = FULL\`): ${count(Math.round(result.rate))} rows/s. The book (compared with what is known, sealed, chained, laid over the state):`,
		`${count(Math.round(result.book))} rows/s, ${(result.book / result.rate).toFixed(2)} of bare SQLite; ${count(Math.round(result.person))} with a new person in each, whose key is synced first.`, ''];
}

function together_section(result) {
	return [
		`${count(result.leads)} imported leads. ${result.callers} callers change old ones, ${count(result.wanted)} a second if they can (two in each decision, and a touch in every sixteenth),`,
		`for ${result.seconds} s alone, then for as long while one thread asks the five questions again and again of facts that follow the book. Medians of ${result.runs} runs.`, '',
		`- alone: ${count(Math.round(result.alone))} changed leads/s; with questions: ${count(Math.round(result.together))}; in the median run ${(result.kept * 100).toFixed(0)} % of that run's rate alone`,
		`- before each round of questions the facts take up what was committed: ${result.caught_up_ms.toFixed(1)} ms; the five questions take ${result.round_ms.toFixed(1)} ms; ${count(Math.round(result.rounds))} rounds`,
		`- the points of all leads less the touches, which every decision keeps the same, ${result.wrong ? `differed ${result.wrong} times` : 'were the same in every round'}`, ''];
}

function start_section(result) {
	return start_lines(result, [
		`A simulated company of ${count(result.leads)} leads with touches, companies, deals and their stages (\`examples/stories/ten-million.yaml\` with`,
		'`activities: no`; each told once).']);
}

function company_section(result) {
	return start_lines(result, [
		`The same with all that became of the leads: calls, mails and meetings too, ${(result.facts.activities.rows / result.leads).toFixed(1)} for each.`]);
}

function promises_section(result) {
	const rate = (seconds) => `${(result.dues / seconds / 1e6).toFixed(1)} million a second`;
	const ns = (seconds) => (seconds >= 1e-6 ? `${(seconds * 1e6).toFixed(2)} µs` : `${(seconds * 1e9).toFixed(1)} ns`);
	return [
		`Due dates by the hours and holidays of \`examples/agreements/field-sales.yaml\`, from ${count(result.dues)} starts at any time of four years, one thread:`, '',
		`- eight working hours: ${rate(result.hours)}`,
		`- two working days: ${rate(result.days)}`, '',
		`${count(result.running)} leads with a running promise each: looking at all of them, once, takes the clock ${result.gather.toFixed(1)} s. From then on seeing which is`,
		`due next takes ${ns(result.next)}, a tick in which none is due ${ns(result.quiet)}, and one in which ${count(result.broken)} break ${result.breaking.toFixed(2)} s until all of them are`,
		'durable.', ''];
}

function serve_section(result) {
	const { taken, other, lists, healthy } = result;
	return [
		`A book of ${count(result.leads)} leads, an agreement in force (\`bench/serve.yaml\`); the load comes from the same machine and takes its share of the processors.`, '',
		`- New leads over ${result.clients} kept connections, each judged, handed over where it passes, and answered when it is durable: ${count(Math.round(taken.rate))} leads/s; half of them within`,
		`  ${taken.p50.toFixed(1)} ms, 99 of 100 within ${taken.p99.toFixed(1)} ms, the slowest ${taken.most.toFixed(0)} ms; ${taken.lost ? `${taken.lost} lost` : 'none lost'}. Medians of ${result.runs} runs of ${result.seconds} s.`,
		...(other.rate ? [`- PostgreSQL ${other.version}, durable, by pgbench with as many connections, a transaction of four statements a lead, without HTTP, judging or a chain: ${count(Math.round(other.rate))} a second, ${(taken.rate / other.rate).toFixed(1)} times less`] : [`- PostgreSQL: ${other.missing}`]),
		`- Lists, lists of a condition, and searches by beginnings of words: 95 of 100 within ${lists.p95.toFixed(1)} ms, half within ${lists.p50.toFixed(1)} ms, one after another`,
		...(result.shown?.ms ? [`- The desk of a seller, in a browser that was never there (headless Chromium): ${result.shown.ms.toFixed(0)} ms from its address to a list that takes keys; its script`,
			`  is ${(result.pages / 1000).toFixed(1)} kB packed, that of charts, which come when they are wanted, ${(result.charts / 1000).toFixed(1)} kB`] : []),
		`- ${count(result.streams)} idle event streams: ${(result.memory / 1e6).toFixed(0)} MB`,
		`- Health while others send slowly in four ways: 99 of 100 within ${healthy.p99.toFixed(1)} ms`, ''];
}

function start_lines(result, story) {
	const kinds = ['values', 'names', 'history', 'keys'];
	const rows = Object.entries(result.facts).map(([fact, of]) =>
		[fact.replace('_', ' '), count(of.rows), ...[...kinds.map((kind) => of[kind]), kinds.reduce((sum, kind) => sum + of[kind], 0)].map((bytes) =>
			(of.rows ? (bytes / of.rows).toFixed(1) : '–'))]);
	return [
		...story, `From opening the book to the first question, medians of ${result.runs} processes, files in the page cache:`, '',
		`- from the columns snapshot: ${result.seconds.toFixed(2)} s`,
		`- from the book: ${result.book_seconds ? `${result.book_seconds.toFixed(2)} s` : 'not measured'}; resident memory grew by ${count(Math.round(result.resident / 2 ** 20))} MB, the most while loading was ${count(Math.round(result.peak / 2 ** 20))} MB`, '',
		'Bytes a row in memory. Keys are looked at only when one is asked for, history only when a past day is.', '',
		table(['Fact', 'Rows', 'Values', 'Names', 'History', 'Keys', 'Together'], rows), '',
		`Writing that book took the simulator ${result.simulated.toFixed(0)} s${result.book_bytes ? `; it takes ${count(Math.round(result.book_bytes / result.leads))} bytes a lead with all that belongs to it` : ''}.`, ''];
}

// Bytes of a fact's row, all together.
function each_row({ rows, values, names, history, keys }) {
	return (values + names + history + keys) / rows;
}

// What a lead costs as the book grows, from whatever sizes were measured.
const GROWTH = [
	['import', 'Import, µs a lead', (result) => (result.seconds / result.leads) * 1e6],
	['import', 'Book, bytes a lead', (result) => result.book_bytes / result.leads],
	['writes', 'Single durable write, µs', (result) => 1e6 / result.book],
	['writes', '… with a new person, µs', (result) => 1e6 / result.person],
	['start', 'Start from the columns snapshot, µs a lead', (result) => (result.seconds / result.leads) * 1e6],
	['start', 'Start from the book, µs a lead', (result) => result.book_seconds && (result.book_seconds / result.leads) * 1e6],
	['start', 'Memory, bytes a lead', (result) => each_row(result.facts.leads)],
	['start', 'Memory, bytes a touch', (result) => each_row(result.facts.touches)],
	['start', 'Resident memory, bytes a lead with all that belongs to it', (result) => result.resident / result.leads],
	['start', 'Most memory while loading from the book, bytes a lead', (result) => result.book_seconds && result.peak / result.leads],
	['company', 'Start from the book with activities, µs a lead', (result) => result.book_seconds && (result.book_seconds / result.leads) * 1e6],
];

function growth_section(results) {
	const sizes = [...new Set(Object.values(results).flatMap((part) => Object.keys(part).map(Number)))].sort((a, b) => a - b);
	if (sizes.length < 2)
		return [];
	const of = (result, name) => result.rows.find((row) => row.name === name).seconds.ours;
	const questions = (Object.values(results.questions ?? {})[0]?.rows ?? []).map(({ name, title }) =>
		['questions', `${title.split(':')[0]}, ns a lead`, (result) => (of(result, name) / result.leads) * 1e9]);
	const text = (value) => (value >= 100 ? count(Math.round(value)) : value.toFixed(value >= 10 ? 1 : 2));
	const rows = [];
	for (const [part, title, value_of] of [...questions, ...GROWTH]) {
		const values = sizes.map((size) => results[part]?.[size] && value_of(results[part][size]));
		const measured = values.filter((value) => value);
		if (measured.length)
			rows.push([title, ...values.map((value) => (value ? text(value) : '–')), measured.length > 1 ? (measured.at(-1) / measured[0]).toFixed(2) : '–']);
	}
	return ['## Growth', '', 'What a lead costs at different sizes, and the largest size against the smallest: 1 is flat. Each column is a run of its own: where the',
		'machine was busy in one and not in the other, they do not compare. Questions cost less a lead where there are more: what each costs once, about',
		'0.15 ms, is shared by more rows. – was not measured at that size. `make bench-growth` measures them all.', '',
		table(['', ...sizes.map((size) => `${count(size)} leads`), 'Largest ÷ smallest'], rows), ''];
}

const TITLES = { questions: 'Five questions', import: 'Import', writes: 'Single durable writes', together: 'Questions while the book is written', start: 'Start and memory', company: 'Start with activities', promises: 'Promises', serve: 'The server' };

function measured(part, result) {
	const engines = result.engines ? ` ENGINES=${result.engines}` : '';
	const busy = result.load > 0.5 ? `; the machine was busy with other work (load ${result.load.toFixed(1)})` : '';
	return `Measured ${result.date} on ${result.machine}: \`make bench LEADS=${result.leads} ONLY=${part} RUNS=${result.runs}${engines}\`${busy}.`;
}

// The questions at each size from SPOKEN on, the rest at SPOKEN; where nothing was measured at these, at the largest that was.
function sizes_of(part, results) {
	const sizes = Object.keys(results[part] ?? {}).map(Number).sort((a, b) => b - a);
	const large = sizes.filter((size) => (part === 'questions' ? size >= SPOKEN : size === SPOKEN));
	return large.length ? large : sizes.slice(0, 1);
}

export function page(results) {
	const lines = [
		'# Benchmarks', '',
		'Written by `make bench`; the figures are ratios on one machine in one run, side by side on the same data. Absolute times differ elsewhere.', '',
	];
	for (const [part, section] of Object.entries(PARTS)) {
		const sizes = sizes_of(part, results);
		if (!sizes.length)
			continue;
		lines.push(`## ${TITLES[part]}`, '');
		for (const size of sizes) {
			if (sizes.length > 1)
				lines.push(`### ${count(size)} leads`, '');
			lines.push(...section(results[part][size]), measured(part, results[part][size]), '');
		}
		if (part === 'questions')
			lines.push(...questions_notes(results[part][sizes[0]]));
	}
	lines.push(...growth_section(results));
	return `${lines.join('\n').trimEnd()}\n`;
}
