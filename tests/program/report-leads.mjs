#!/usr/bin/env node
// The reports on what is handed over (qualified, mix, sweet-spot): every figure against one worked out here from the same CSV files.

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { flat, table } from '../book.mjs';
import { deep_equal, done, has, is, near, ok, run, temporary_folder } from '../tap.mjs';

const folder = temporary_folder();
const exports = join(folder, 'exports');
const book = join(folder, 'book');
const report = (name, ...more) => run(['report', name, '--book', book, ...more]);
const json = (name, ...more) => report(name, '--format', 'json', ...more).json;

const csv = (file) => table(readFileSync(join(exports, file), 'utf8'));

is(run(['simulate', '--to-csv', exports, '--leads', '900', '--seed', '5', '--plant', 'none']).code, 0, 'a company is made up');
const leads = csv('leads.csv');
const deals = csv('opportunities.csv');

// Half of what sales got is marked by a rule that no random number is needed for: large companies are in, small ones out. And some that
// nobody handed over.
const without = (line) => line.replace(/,[^,]*$/, '');
const [header, ...lines] = readFileSync(join(exports, 'leads.csv'), 'utf8').trim().split('\n').map(without);

is(`${header},sweet_spot`, readFileSync(join(exports, 'leads.csv'), 'utf8').split('\n')[0], "reps' own marks stand last, and are left out");
writeFileSync(join(exports, 'leads.csv'), [header, ...lines].join('\n') + '\n');
for (const lead of leads)
	lead.sweet_spot = lead.id.at(-1) < (lead.handed_off || lead.accepted ? '5' : '1') ? (lead.segment === 'small' ? 'no' : 'yes') : '';
is(run(['init', '--book', book, '--zone', 'Europe/Berlin', '--currency', 'EUR']).code, 0, 'init');
const files = ['accounts', 'people', 'leads', 'activities', 'opportunities', 'stage-history'].map((f) => join(exports, `${f}.csv`));
is(run(['import', '--book', book, '--rejects', folder, ...files]).code, 0, 'the exports are imported');

// The first sweet spot report has nothing to say, and teaches.
has(flat(report('sweet-spot').out), 'No rep has marked a lead yet', 'sweet-spot: without marks it says so');
has(flat(report('sweet-spot').out), 'lockstep lead mark', 'sweet-spot: and how to get some');
writeFileSync(join(exports, 'leads.csv'), [`${header},sweet_spot`, ...lines.map((line, i) => `${line},${leads[i].sweet_spot}`)].join('\n') + '\n');
is(run(['import', '--book', book, '--rejects', folder, join(exports, 'leads.csv')]).code, 0, 'marks are imported');

const won_leads = new Set(deals.filter((d) => d.won).map((d) => d.lead));
const month = (time) => new Intl.DateTimeFormat('sv', { timeZone: 'Europe/Berlin', year: 'numeric', month: '2-digit' }).format(new Date(time));
const day = (time) => Math.floor(Date.parse(new Intl.DateTimeFormat('sv', { timeZone: 'Europe/Berlin' }).format(new Date(time))) / 864e5);
const count = (rows, test) => rows.filter(test).length;
const groups = (rows, key) => Object.fromEntries([...new Set(rows.map(key))].sort().map((k) => [k, rows.filter((r) => key(r) === k)]));
// By label; what there was nothing to count of is left out.
const cells = (table) => Object.fromEntries(table.rows.filter((r) => r.by[0] !== null).map((r) => [r.by[0], r.denominator === null ? r.value : [r.numerator, r.denominator]])
	.filter(([, v]) => v[1] !== 0)
	.sort(([a], [b]) => (a < b ? -1 : 1)));
const want = (rows, key, tell) => Object.fromEntries(Object.entries(groups(rows, key)).map(([k, list]) => [k, tell(list)]));

// ---- qualified ----
{
	const page = json('qualified');
	const steps = { prequalified: 'prequalified', qualified: 'qualified', handed_off: 'handed_off', accepted: 'accepted', opportunity: 'opportunity' };

	for (const [column, step] of Object.entries(steps))
		deep_equal(cells(page.tables[`volumes.${column}`]), want(leads.filter((l) => l[step]), (l) => month(l[step]), (l) => l.length),
			`qualified: ${step} by month`);
	const first_won = {};
	for (const d of deals.filter((d) => d.won))
		first_won[d.lead] = first_won[d.lead] < d.won ? first_won[d.lead] : d.won;
	deep_equal(cells(page.tables['volumes.won']), want(Object.values(first_won), month, (l) => l.length), 'qualified: won by month');
	deep_equal(cells(page.tables['cohorts.goal']), want(leads.filter((l) => l.qualified), (l) => month(l.qualified),
		(list) => [count(list, (l) => l.opportunity), list.length]), 'qualified: cohorts to opportunity');
	deep_equal(cells(page.tables['cohorts.accepted']), want(leads.filter((l) => l.qualified), (l) => month(l.qualified),
		(list) => [count(list, (l) => l.accepted), list.length]), 'qualified: cohorts accepted');

	const days = Number(page.tables['cohorts.within'].measure.match(/<= (\d+)/)[1]);
	const last = Math.floor(Date.parse(page.as_of) / 864e5);
	ok(days > 0 && days % 10 === 0, `qualified: within ${days} days`);
	deep_equal(cells(page.tables['cohorts.within']), want(leads.filter((l) => l.qualified && last - day(l.qualified) >= days), (l) => month(l.qualified),
		(list) => [count(list, (l) => l.opportunity && day(l.opportunity) - day(l.qualified) <= days), list.length]), 'qualified: only whose days have passed');
	for (const [table, key] of [['types', 'type'], ['sources', 'source']]) {
		deep_equal(cells(page.tables[`${table}.qualified`]), want(leads, (l) => l[key], (list) => [count(list, (l) => l.qualified), list.length]), `qualified: by ${key}`);
		deep_equal(cells(page.tables[`${table}.acceptance`]), want(leads.filter((l) => l.handed_off), (l) => l[key],
			(list) => [count(list, (l) => l.accepted), list.length]), `qualified: acceptance by ${key}`);
		deep_equal(cells(page.tables[`${table}.won`]), want(leads, (l) => l[key], (list) => [count(list, (l) => won_leads.has(l.id)), list.length]), `qualified: won by ${key}`);
	}
	has(page.sentences[0].text, `${count(leads, (l) => l.qualified)} leads qualified; ${count(leads, (l) => l.handed_off)} were handed over`, 'qualified: in words');
	const weeks = json('qualified', '--from', '2025-03-03', '--to', '2025-05-04');
	is(weeks.tables['volumes.qualified'].rows[0].by[0], '2025-W10', 'qualified: a short period goes by week');
	is(weeks.tables['volumes.qualified'].rows.reduce((n, r) => n + r.value, 0), count(leads, (l) => l.qualified && day(l.qualified) >= day('2025-03-03') && day(l.qualified) <= day('2025-05-04')),
		'qualified: and of that period alone');
	deep_equal(Object.keys(json('qualified', '--by', 'region').tables).filter((t) => t.endsWith('.acceptance')), ['breakdown.acceptance'], 'qualified: --by replaces type and source');
}

// ---- mix ----
{
	const page = json('mix');
	const worked = leads.filter((l) => l.first_response || l.accepted || l.opportunity);
	const won = deals.filter((d) => d.won);
	const sum = (list) => list.reduce((n, d) => n + Math.round(100 * d.amount), 0) / 100;

	deep_equal(cells(page.tables['reps.marketing']), want(worked, (l) => l.owner, (list) => [count(list, (l) => l.origin === 'marketing'), list.length]), 'mix: marketing, by rep');
	deep_equal(cells(page.tables['reps.sales']), want(worked, (l) => l.owner, (list) => [count(list, (l) => l.origin === 'sales'), list.length]), 'mix: self-generated, by rep');
	deep_equal(cells(page.tables['months.partner']), want(worked, (l) => month(l.created), (list) => [count(list, (l) => l.origin === 'partner'), list.length]), 'mix: partners, by month');
	const shares = Object.keys(page.tables).filter((t) => t.startsWith('shares.'));
	is(shares.length, 5, 'mix: a row for each origin, and for all');
	for (const origin of ['marketing', 'sales', 'referral', 'partner']) {
		const of = page.tables[`shares.${origin}`].rows;
		const is_own = (r) => r.origin === origin;

		deep_equal(of.slice(0, 3).map((r) => [r.numerator, r.denominator]), [[count(leads, is_own), leads.length], [count(worked, is_own), worked.length], [count(won, is_own), won.length]], `mix: ${origin}`);
		near(of[3].value, sum(won.filter(is_own)), 0.005, `mix: won value of ${origin}`);
		near(of[4].value, sum(won.filter(is_own)) / sum(won), 1e-9, `mix: its share`);
	}
	has(flat(report('mix').out), `marketing brought ${count(worked, (l) => l.origin === 'marketing')} of ${worked.length}`, 'mix: in words');
	has(report('mix', '--by', 'source').out, 'Paid search', 'mix: by source instead');
}

// ---- sweet spot ----
{
	const page = json('sweet-spot');
	const has_it = leads.filter((l) => l.handed_off || l.accepted);
	const with_mark = leads.filter((l) => l.sweet_spot);

	const unmarked = has_it.filter((l) => !l.sweet_spot);

	ok(with_mark.length > 100 && with_mark.some((l) => !l.handed_off && !l.accepted), `${with_mark.length} leads are marked, some that sales never got`);
	for (const [table, key] of [['reps', 'owner'], ['sources', 'source'], ['campaigns', 'campaign'], ['types', 'type']]) {
		const of = has_it.filter((l) => l[key]);

		deep_equal(cells(page.tables[`${table}.marked`]), want(of, (l) => l[key], (list) => [count(list, (l) => l.sweet_spot), list.length]), `sweet-spot: marked, by ${key}`);
		deep_equal(cells(page.tables[`${table}.sweet_spot_share`]),
			want(with_mark.filter((l) => l[key]), (l) => l[key], (list) => [count(list, (l) => l.sweet_spot === 'yes'), list.length]), `sweet-spot: in, by ${key}`);
	}
	const text = flat(report('sweet-spot').out);
	has(text, `${count(with_mark, (l) => l.sweet_spot === 'yes')} of ${with_mark.length}`, 'sweet-spot: of those marked');
	has(text, `${unmarked.length} of ${has_it.length}`, 'sweet-spot: how many are not');
	for (const table of ['reps', 'sources', 'campaigns', 'types']) {
		is(page.tables[`${table}.leads`].total.value, has_it.length, `sweet-spot: ${table}, all that sales got`);
		is(page.tables[`${table}.sweet_spot_share`].total.denominator, with_mark.length, `sweet-spot: ${table}, all that are marked`);
	}
}

// ---- goldilocks: a company whose bar is too high ----
{
	const over = join(folder, 'over');
	is(run(['simulate', '--to-csv', exports, '--leads', '1500', '--seed', '7', '--plant', 'over_qualification']).code, 0, 'a company with too high a bar');
	const all = csv('leads.csv');
	const calls = csv('activities.csv');
	const won = new Set(csv('opportunities.csv').filter((d) => d.won).map((d) => d.lead));

	is(run(['init', '--book', over, '--zone', 'Europe/Berlin', '--currency', 'EUR']).code, 0, 'goldilocks: init');
	is(run(['import', '--book', over, '--rejects', folder, ...files]).code, 0, 'goldilocks: import');
	const page = run(['report', 'goldilocks', '--book', over, '--format', 'json']).json;
	const handed = all.filter((l) => l.handed_off && !(l.qualified && Number(l.score) < 70));
	const [found] = page.findings;

	is(found?.kind, 'over_qualification', 'goldilocks: the bar is found too high');
	has(page.sentences[0].text, 'The bar in use is 70 points', 'goldilocks: the bar that nobody wrote down is seen');
	const bars = page.tables['curve.handed_over'].rows.map((r) => Number(r.by[0]));
	const step = bars[1] - bars[0];
	const at_least = (bar) => handed.filter((l) => Number(l.score) >= bar);
	const id = Object.fromEntries(handed.map((l) => [l.id, Number(l.score)]));

	ok(bars.length > 5 && bars.every((b, i) => !i || b > bars[i - 1]), `goldilocks: ${bars.length} bars, rising`);
	deep_equal(page.tables['curve.handed_over'].rows.map((r) => r.value), bars.map((b) => at_least(b).length), 'goldilocks: handed over at each bar');
	for (const [column, test] of [['acceptance', (l) => l.accepted], ['goal', (l) => l.opportunity]])
		deep_equal(page.tables[`curve.${column}`].rows.map((r) => [r.numerator, r.denominator]), bars.map((b) => [count(at_least(b), test), at_least(b).length]),
			`goldilocks: ${column} at each bar`);
	deep_equal(page.tables['curve.here'].rows.map((r) => [r.numerator, r.denominator]), bars.map((b) => {
		const here = handed.filter((l) => Number(l.score) >= b && Number(l.score) < b + step);
		return [count(here, (l) => l.opportunity), here.length];
	}), 'goldilocks: in each band');
	deep_equal(page.tables['curve.held_back'].rows.map((r) => r.value), bars.map((b) => count(handed, (l) => Number(l.score) < b && won.has(l.id))), 'goldilocks: won deals held back');
	const hours = (b) => calls.reduce((n, c) => n + (id[c.lead] >= b ? Number(c.duration_minutes) / 60 : 0), 0);
	for (const row of page.tables['curve.hours'].rows)
		near(row.value, hours(Number(row.by[0])), 1e-6, `goldilocks: hours at ${row.by[0]}`);

	const text = run(['report', 'goldilocks', '--book', over]).out;
	has(text, '70 in use', 'goldilocks: the bar is marked');
	has(text, /^\d+ recommended/m, 'goldilocks: and the recommended one');
	has(flat(text), 'never tried', 'goldilocks: below the lowest nothing is known');
	has(flat(text), 'A small random test would tell', 'goldilocks: and a test is offered');
	const calm = json('goldilocks');
	deep_equal(calm.findings, [], 'goldilocks: a bar that is right is not accused');
}

// ---- goldilocks: an agreed bar between the rows of its curve ----
{
	const between = join(folder, 'between');
	const text = join(folder, 'between.yaml');
	// Points are the size of the company. Just above the bar of 35 nothing comes of anybody; the rows are ten points wide.
	const tried = [[0, 5, 0], [36, 40, 0], [60, 60, 30], [130, 60, 30]];
	const rows = tried.flatMap(([size, leads, reach]) => Array.from({ length: leads },
		(_, i) => `${size}-${i},${size},2025-01-02 10:00,2025-01-03 10:00,${i < reach ? '2025-01-09 10:00' : ''}`));

	writeFileSync(join(folder, 'sizes.csv'), ['id,size,created,handed,opportunity', ...rows, 'last,1,2025-02-20 10:00,,', ''].join('\n'));
	writeFileSync(join(folder, 'sizes.yaml'), 'map: sizes\nfiles:\n  - match: sizes.csv\n    as: leads\n    key: id\n'
		+ '    fields: {company_size: size, created: created, qualified: created, handed_off: handed, opportunity: opportunity}\n');
	writeFileSync(text, `agreement: A bar between
between: {marketing: {signs: [Mia]}, sales: {signs: [Sam]}}
in force: 2024-01-01
calendar: {time zone: Europe/Berlin, hours: {mon-fri: "08:00-17:00"}}
lead types: {any: {when: "created", hand over: score >= 35}}
score: {fit: [${[36, 60, 130].map((size) => `{points: ${size}, when: "company_size = ${size}"}`).join(', ')}]}
route: [{otherwise: [Sam], by: round robin}]
promises: {contact: {party: sales, from: handed_off, until: reached or opted_out, within: 1 working day}}
reasons: {reject: [no need]}
`);
	is(run(['init', '--book', between, '--zone', 'Europe/Berlin', '--currency', 'EUR']).code, 0, 'goldilocks, between: init');
	is(run(['import', '--book', between, '--map', join(folder, 'sizes.yaml'), join(folder, 'sizes.csv')]).code, 0, 'goldilocks, between: import');
	const page = run(['report', 'goldilocks', '--book', between, '--agreement', text, '--format', 'json']).json;

	deep_equal(page.findings.map((f) => f.kind), ['under_qualification'], 'goldilocks: leads between the bar and the next row are above the bar');
	has(page.findings[0]?.text ?? '', /0 of 40 .* 60 of 120/, 'goldilocks: all of them');
	const marked = run(['report', 'goldilocks', '--book', between, '--agreement', text]).out;
	has(marked, '30 proposed', 'goldilocks: the row of the bar is marked');
	has(marked, /^\d+ recommended/m, 'goldilocks: and that of the recommended one');
}

// ---- goldilocks: points that tell nothing ----
{
	const useless = join(folder, 'useless');
	const rows = [0, 36].flatMap((size) => Array.from({ length: 60 }, (_, i) => `${size}-${i},${size},2025-01-02 10:00,2025-01-03 10:00,${i < 30 ? '2025-01-09 10:00' : ''}`));

	writeFileSync(join(folder, 'sizes.csv'), ['id,size,created,handed,opportunity', ...rows, 'last,1,2025-02-20 10:00,,', ''].join('\n'));
	is(run(['init', '--book', useless, '--zone', 'Europe/Berlin', '--currency', 'EUR']).code, 0, 'goldilocks, no bar: init');
	is(run(['import', '--book', useless, '--map', join(folder, 'sizes.yaml'), join(folder, 'sizes.csv')]).code, 0, 'goldilocks, no bar: import');
	const args = ['report', 'goldilocks', '--book', useless, '--agreement', join(folder, 'between.yaml')];
	const page = run([...args, '--format', 'json']).json, text = flat(run(args).out);

	deep_equal(page.findings.map((f) => f.kind), ['over_qualification'], 'goldilocks: leads without points do as well');
	has(text, '(1 bar compared)', 'goldilocks: one bar is one bar');
	has(text, 'Leave the bar out, or give points for something else', 'goldilocks: a bar of nothing is not recommended');
	ok(!/bar of 0|0 recommended/.test(text), 'goldilocks: nor marked');
	has(flat(run(['report', 'qualified', '--book', useless]).out), 'Half of those that qualified did so on the same day.', 'qualified: no days are the same day');
	has(text, 'not drawn, so they may be others than the rest', 'goldilocks: nobody is said to have asked for them');
}

// ---- goldilocks: more points bring less ----
{
	const upside = join(folder, 'upside');
	// Agreed are 35 points; 20 points bring half of the leads there, 60 fewer, nobody has none.
	const rows = [[20, 30], [60, 24]].flatMap(([size, reach]) => Array.from({ length: 60 }, (_, i) => `${size}-${i},${size},2025-01-02 10:00,2025-01-03 10:00,${i < reach ? '2025-01-09 10:00' : ''}`));
	const agreed = readFileSync(join(folder, 'between.yaml'), 'utf8').replace('{points: 36, when: "company_size = 36"}', '{points: 20, when: "company_size = 20"}');

	writeFileSync(join(folder, 'upside.yaml'), agreed);
	writeFileSync(join(folder, 'sizes.csv'), ['id,size,created,handed,opportunity', ...rows, 'last,1,2025-02-20 10:00,,', ''].join('\n'));
	is(run(['init', '--book', upside, '--zone', 'Europe/Berlin', '--currency', 'EUR']).code, 0, 'goldilocks, upside down: init');
	is(run(['import', '--book', upside, '--map', join(folder, 'sizes.yaml'), join(folder, 'sizes.csv')]).code, 0, 'goldilocks, upside down: import');
	const args = ['report', 'goldilocks', '--book', upside, '--agreement', join(folder, 'upside.yaml')];
	const page = run([...args, '--format', 'json']).json, text = flat(run(args).out);

	deep_equal(page.findings.map((f) => f.kind), ['over_qualification'], 'goldilocks: leads with fewer points do better');
	has(text, 'Leads with more points do no better here: look at the points before the bar.', 'goldilocks: points do not tell');
	has(text, 'Give points for what tells leads apart before you agree on another bar', 'goldilocks: they are what to mend');
	ok(!/Agree on a bar|recommended/.test(text), 'goldilocks: no bar is recommended by points that do not tell');
}

// ---- tests and duplicates are in no count, and said to be in none ----
{
	const before = flat(report('qualified').out);
	const count_all = json('mix').tables['shares.marketing'].rows[0].denominator;

	ok(!/tests? or (a )?duplicates?/.test(before), 'qualified: no word of tests where there are none');
	for (const [verb, lead] of [['test', leads.at(-1)], ['duplicate', leads.at(-2)]])
		is(run(['lead', verb, lead.id, '--book', book], { env: { LOCKSTEP_NOW: '2025-06-30T10:00' } }).code, 0, `lead ${verb}`);
	for (const name of ['qualified', 'mix'])
		has(flat(report(name).out), '2 leads were found to be tests or duplicates and are in no count here', `${name}: says that they are not counted`);
	is(json('mix').tables['shares.marketing'].rows[0].denominator, count_all - 2, 'mix: nor are they');
}

// ---- what a book does not have ----
{
	const empty = join(folder, 'empty');
	is(run(['init', '--book', empty, '--zone', 'UTC', '--currency', 'EUR']).code, 0, 'a book of nothing');
	for (const name of ['qualified', 'mix', 'sweet-spot', 'goldilocks']) {
		const { code, out } = run(['report', name, '--book', empty]);
		is(code, 0, `${name}: of an empty book`);
		has(flat(out), 'The book is empty: import something first.', `${name}: says so`);
	}
	has(flat(run(['report', 'qualified', '--book', empty]).out), 'There are no leads in the book', 'qualified: and what is missing');
	has(flat(run(['report', 'mix', '--book', empty]).out), 'Map a column to origin', 'mix: and what to do');
}
done();
