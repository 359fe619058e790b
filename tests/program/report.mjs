#!/usr/bin/env node
// Reports of the public data sets and of a made-up company: every report in every form, figures against `measure` and against the
// reference figures, and what one-sided data cannot tell.

import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { data_folder, deep_equal, done, has, is, near, ok, root, run, skip, temporary_folder } from '../tap.mjs';

const folder = temporary_folder();
const formats = ['text', 'csv', 'html'];

function book_of(set) {
	const data = data_folder(set);
	if (!data)
		return null;
	const book = join(folder, set);
	const files = readdirSync(data).filter((f) => f.endsWith('.csv')).map((f) => join(data, f));
	is(run(['init', '--book', book, '--zone', 'UTC']).code, 0, `${set}: init`);
	is(run(['import', '--book', book, '--map', join(root, 'examples/maps', `${set}.yaml`), '--rejects', folder, ...files]).code, 0, `${set}: import`);
	return book;
}

const report = (book, name, ...more) => run(['report', name, '--book', book, ...more]);
const json = (book, name, ...more) => report(book, name, '--format', 'json', ...more).json;
const row_of = (table, ...by) => table?.rows.find((row) => row.by.every((b, i) => b === by[i]));
const width = (line) => [...line.replace(/\p{Mn}/gu, '')].length;

const list = run(['report', '--format', 'json']);
const names = list.json?.map((r) => r.name) ?? [];
deep_equal(names, ['weekly', 'funnel', 'qualified', 'handed-over', 'goldilocks', 'no-mans-land', 'sla', 'partners', 'origins', 'mix', 'sweet-spot', 'sources',
	'campaigns', 'stages', 'leaks', 'stuck', 'reps', 'follow-up', 'data-quality'],
	'without a name, the reports are listed');
ok(list.json.every((r) => r.answers.length > 20), 'each with its question');

// Every table column is what `measure` answers to the same question.
function agrees(book, page, name) {
	let asked = 0;
	const wrong = [];
	for (const [key, table] of Object.entries(page.tables)) {
		if (table.rows.some((row) => row.measure) || table.from || table.to || asked >= 2)
			continue; // a matrix asks one thing per cell; a period goes by each aggregate's own time
		const args = ['measure', table.measure, '--of', table.of, '--book', book, '--as-of', table.as_of, '--format', 'json'];
		if (table.by.length)
			args.push('--by', table.by.join(', '));
		if (table.where)
			args.push('--where', table.where);
		const answer = run(args).json;
		asked++;
		if (JSON.stringify(answer?.rows) !== JSON.stringify(table.rows))
			wrong.push(key);
	}
	deep_equal(wrong, [], `${name}: tables are what measure answers`);
}

function every_form(book, set, forms = formats) {
	for (const name of names) {
		for (const format of forms) {
			const { code, out, err } = report(book, name, '--format', format);
			if (!is(code, 0, `${set}: ${name} as ${format}`))
				console.log(err.replace(/^/gm, '# '));
			if (format === 'text') {
				const wide = out.split('\n').filter((line) => width(line) > 100);
				deep_equal(wide, [], `${set}: ${name} fits 100 columns`);
				ok(!out.includes('\x1b'), `${set}: ${name} has no colours in a pipe`);
				has(out, /Book head \d+:[0-9a-f]{64}\n$/, `${set}: ${name} prints the book's head`);
			}
			if (format === 'html') {
				ok(!/(src|href)="(https?:)?\/\//.test(out), `${set}: ${name} asks for nothing from outside`);
				ok(!/<[^>]* style=/.test(out.replace(/<script>[^]*<\/script>/, '')), `${set}: ${name} has no inline styles`);
			}
		}
		const page = json(book, name);
		deep_equal(['report', 'title', 'head', 'as_of', 'sentences', 'findings', 'tables', 'notes'].filter((key) => !(key in (page ?? {}))), [],
			`${set}: ${name} has the parts of a report`);
		ok(page.sentences.length + page.notes.length > 0, `${set}: ${name} says something`);
		agrees(book, page, `${set}: ${name}`);
	}
}

function maven(book) {
	const reference = JSON.parse(readFileSync(join(data_folder('maven_crm'), 'reference.json'), 'utf8'));
	const reps = json(book, 'reps');
	for (const [name, want] of Object.entries(reference.by_agent).slice(0, 30)) {
		const row = row_of(reps.tables['deals.win_rate'], name);
		deep_equal([row?.numerator, row?.denominator], [want.won, want.won + want.lost], `maven: win rate of ${name}`);
		near(row_of(reps.tables['deals.won_value'], name)?.value, want.won_value, 0.005 * (want.won + 1), `maven: won value of ${name}`);
	}
	const all = reps.tables['deals.win_rate'].total;
	deep_equal([all.numerator, all.denominator], [4238, 6711], 'maven: win rate');
	is(reps.tables['deals.won_value'].total.value, 10005534, 'maven: won value');
	is(reps.tables['deals.cycle'].total.value, 57, 'maven: median cycle');

	const stuck = json(book, 'stuck');
	is(stuck.sentences[0].measures[0].rows[0].numerator, 1432, 'maven: stuck deals');
	is(stuck.listings.deals.total, 1432, 'maven: each of them is listed');
	is(stuck.listings.deals.rows.length, 1432, 'maven: in JSON all of them');
	deep_equal(stuck.listings.deals.rows[0].slice(0, 5), ['HAXMC4IX', 'James Ascencio', 'Engaging', '2016-11-03', '423'], 'maven: the oldest first');
	is(report(book, 'stuck', '--format', 'csv').out.match(/^[A-Z0-9]{8},/gm)?.length, 1432, 'maven: in CSV all of them');
	const weekly = report(book, 'weekly');
	has(weekly.out, 'Alignment, week 52', 'maven: the week of the last day');
	has(weekly.out, 'No call log: follow-up cannot be judged', 'maven: what is not known is said');
	has(report(book, 'follow-up').out, 'No call log', 'maven: follow-up says why it cannot answer');
	has(report(book, 'weekly', '--as-of', '2017-10-04').out, 'The week is not over: day 3 of 7', 'maven: a week that is not over');
	has(report(book, 'weekly').out, /\nWhat came in\nWeek/, 'maven: no heading without anything under it');
	const quarter = json(book, 'reps', '--from', '2017-10-01', '--to', '2017-12-31');
	const measured = run(['kpi', 'win_rate', '--book', book, '--from', '2017-10-01', '--to', '2017-12-31', '--format', 'json']).json;
	deep_equal(quarter.tables['deals.win_rate'].total.numerator, measured?.rows[0].numerator, 'maven: a quarter is what kpi says of it');
	const regions = json(book, 'reps', '--by', 'region');
	is(regions.tables['deals.win_rate'].rows.length, 3, 'maven: by region instead');
}

function olist(book) {
	const reference = JSON.parse(readFileSync(join(data_folder('olist'), 'reference.json'), 'utf8'));
	const sources = json(book, 'sources').tables['leads.goal'];
	for (const [name, want] of Object.entries(reference.by_origin)) {
		const row = row_of(sources, name || null);
		deep_equal([row?.numerator, row?.denominator], [want.won, want.mql], `olist: ${name || 'no origin'}`);
	}
	deep_equal([sources.total.numerator, sources.total.denominator], [842, 8000], 'olist: 842 of 8,000');
	is(json(book, 'sources').tables['leads.days_to_won'].total.value, 14, 'olist: median days');
	const quality = json(book, 'data-quality');
	is(quality.tables['checks.leads_negative']?.rows[0].numerator, 1, 'olist: one negative duration');
	has(report(book, 'weekly').out, 'a win rate cannot be told', 'olist: won deals alone make no win rate');
}

function skylark(book) {
	const reps = json(book, 'reps');
	has(report(book, 'reps').out, 'The team won 165 of 292 (56.5 %)', 'skylark: win rate, most closings without a date');
	ok(reps.tables['deals.win_rate'], 'skylark: by rep');
	is(json(book, 'data-quality').tables['checks.deals_won_no_value']?.rows[0].numerator, 101, 'skylark: 101 won without value');
	has(report(book, 'stuck').out, 'cannot be told', 'skylark: stuck cannot be told without dates');
	deep_equal(json(book, 'weekly').findings.filter((f) => f.kind === 'leaking_stage'), [], 'skylark: nobody was seen leaving a stage');
}

function kag(book) {
	const spend = json(book, 'campaigns').tables;
	near(spend['spend.spend'].total.value, 58705.23, 0.005 * 1143, 'kag: spend');
	near(row_of(spend['spend.cost_per_reported_conversion'], '1178')?.value, 63.83, 0.01, 'kag: cost per approved conversion');
	near(spend['spend.cost_per_reported_conversion'].total.value, 54.41, 0.01, 'kag: of all');
	has(report(book, 'campaigns').out, 'what the platforms themselves report', 'kag: and says whose count that is');
}

function bank(book) {
	has(report(book, 'weekly').out, '5,289 of 45,211 (11.7 %)', 'bank: the rate without any date');
	has(report(book, 'weekly').out, 'no week to tell of', 'bank: and no week');
}

const sets = { maven_crm: maven, olist, skylark, kag, bank };
for (const [set, check] of Object.entries(sets)) {
	const book = book_of(set);
	if (!book) {
		skip(`no ${set} data`);
		continue;
	}
	check(book);
	every_form(book, set, set === 'maven_crm' ? formats : ['text']);
}

// A made-up company: faults are found, and named at the top of what to do.
const made = join(folder, 'made');
is(run(['simulate', '--book', made, '--leads', '3000', '--seed', '7', '--plant', 'slow_rep,junk_campaign,leaking_stage']).code, 0, 'a made-up company');
every_form(made, 'made up');
const truth = readFileSync(`${made}.story.yaml`, 'utf8');
const weekly = json(made, 'weekly');
for (const kind of ['slow_rep', 'junk_campaign', 'leaking_stage']) {
	const planted = truth.match(new RegExp(`${kind}: "(.*)"`))?.[1];
	deep_equal(weekly.findings.filter((f) => f.kind === kind).map((f) => f.subject), [planted], `${kind}: ${planted}`);
}
ok(weekly.findings.every((f, i, all) => !i || all[i - 1].weight >= f.weight), 'the heaviest finding first');
is(weekly.actions.length, 5, 'five things to do');
const follow_up = json(made, 'follow-up').tables;
const bands = ['hour', 'four_hours', 'day', 'three_days', 'later', 'never'].map((b) => follow_up[`speed.${b}`].rows[0].value);
is(bands.reduce((a, b) => a + b), run(['measure', 'count()', '--book', made, '--of', 'leads', '--where', 'handed_off', '--format', 'json']).json.rows[0].value,
	'every lead handed over is in one band of speed');
const flow = json(made, 'stages').tables;
for (const row of flow['flow.entered'].rows) {
	const parts = ['forward', 'back', 'lost', 'discontinued', 'still'].map((o) => row_of(flow[`flow.${o}`], ...row.by).numerator);
	is(parts.reduce((a, b) => a + b), row.value, `the five shares of ${row.by[0]} sum to one`);
}

// Two currencies without a rate: money is not added, and everything else is still told.
writeFileSync(join(folder, 'deals.csv'), 'id,owner,stage,created,closed,amount,cur\n1,Ann,Won,2025-01-02,2025-02-03,1000,EUR\n' +
	'2,Bob,Won,2025-01-05,2025-02-20,2000,USD\n3,Ann,Lost,2025-01-07,2025-02-25,500,USD\n4,Bob,Talk,2025-02-08,,900,EUR\n');
writeFileSync(join(folder, 'two.yaml'), `map: two\nsource: two\nfiles:\n  - match: deals.csv\n    as: opportunities\n    key: id
    fields: {owner: owner, stage: stage, created: created, closed: closed, amount: amount, currency: cur}
    stages: {Talk: open, Won: won, Lost: lost}\n`);
const two = join(folder, 'two');
run(['init', '--book', two, '--zone', 'UTC', '--currency', 'EUR']);
is(run(['import', '--book', two, '--map', join(folder, 'two.yaml'), join(folder, 'deals.csv')]).code, 0, 'two currencies');
for (const name of names) {
	for (const format of ['text', 'json', 'csv', 'html'])
		is(report(two, name, '--format', format).code, 0, `two currencies: ${name} as ${format}`);
}
has(report(two, 'weekly').out, 'Sums of money are of EUR alone', 'two currencies: said');
has(report(two, 'reps').out, /Ann +\d+ +1 of 2/, 'two currencies: counts are still told');

// Calls that make no sense.
is(run(['report', 'weakly', '--book', made]).code, 2, 'a report that is none');
has(run(['report', 'weakly', '--book', made]).err, 'did you mean "weekly"', 'the nearest is suggested');
is(report(made, 'sources', '--by', 'nonsense').code !== 0, true, 'a dimension that is none');
is(report(made, 'sources', '--from', '2025-02-01', '--to', '2025-01-01').code, 2, 'a period that ends before it begins');
const file = join(folder, 'page.html');
const written = report(made, 'weekly', '--format', 'html', '--out', file);
ok(written.code === 0 && written.out === '' && existsSync(file), '--out writes the file, and nothing to standard output');

// All of them in one folder.
const pages = join(folder, 'pages');
is(run(['report', '--all', '--book', made, '--out', pages, '--from', '2025-01-01', '--to', '2025-03-31']).code, 0, '--all takes a period');
is(run(['report', '--all', '--book', made, '--out', pages]).code, 0, '--all writes every report');
const first_page = readFileSync(join(pages, 'index.html'), 'utf8');
for (const { name, answers } of run(['report', '--format', 'json']).json) {
	ok(first_page.includes(`href="${name}.html"`) && first_page.includes(answers), `the index leads to ${name} and has its question`);
	has(readFileSync(join(pages, `${name}.html`), 'utf8'), `href="${name}.html" aria-current="page"`, `${name} links to the others`);
}
ok(!report(made, 'weekly', '--format', 'html').out.includes('<nav'), 'a page alone links to no other');
for (const args of [['--out', pages, 'weekly'], [], ['--out', pages, '--format', 'csv'], ['--out', pages, '--by', 'owner']])
	is(run(['report', '--all', '--book', made, ...args]).code, 2, `--all ${args.join(' ').replace(pages, 'FOLDER')}: wrong usage`);
is(run(['report', '--all', '--book', made, '--out', join(made, 'pages')]).code, 3, 'a folder that cannot be made is an error');

// Commands stand between marks for HTML alone.
ok(!report(made, 'weekly').out.includes('`'), 'text has no marks around commands');
has(report(made, 'weekly', '--format', 'html').out, '<code>lockstep report stuck</code>', 'in HTML they are code');
done();
