#!/usr/bin/env node
// Questions and their answers as programs and people see them, on a few deals of our own.
import { spawnSync } from 'node:child_process';
import { closeSync, openSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ok, is, deep_equal, has, near, done, program, run, temporary_folder } from '../tap.mjs';

const folder = temporary_folder();
const at = (name) => join(folder, name);
const lockstep = (name, ...args) => run([name, '--book', at('book'), ...args]);
const measure = (...args) => lockstep('measure', ...args, '--format', 'json');

// 30 deals: of Ada 25 closed, 15 won; of Bob 3 closed, 1 won, 2 open; one won deal without a date; one without an owner.
const rows = [];
for (let i = 1; i <= 25; i++)
	rows.push(`D${i},Ada,${i <= 15 ? 'Won' : 'Lost'},2026-01-01,2026-01-${String(1 + i).padStart(2, '0')},${i <= 15 ? '100.10' : ''}`);
rows.push('D26,Bob,Won,2026-02-01,,"2000"', 'D27,Bob,Lost,2026-02-01,2026-02-02,', 'D28,Bob,Lost,2026-02-01,2026-02-03,',
	'D29,Bob,Talk,2026-02-01,,500', 'D30,,Talk,2026-02-02,,');
writeFileSync(at('deals.csv'), `id,rep,stage,created,closed,value\n${rows.join('\n')}\n`);
writeFileSync(at('map.yaml'), `map: deals
source: deals
files:
  - match: deals.csv
    as: opportunities
    key: id
    dates: yyyy-mm-dd
    fields: {owner: rep, stage: stage, created: created, closed: closed, amount: value}
    stages: {Talk: open, Won: won, Lost: lost}
`);
is(lockstep('init', '--zone', 'Europe/Berlin', '--currency', 'EUR').code, 0, 'init');
is(lockstep('import', '--map', at('map.yaml'), at('deals.csv')).code, 0, 'import');

// ---- measure as JSON ----

const rate = measure('count(won) / count(closed)', '--of', 'opportunities');
is(rate.code, 0, 'a ratio');
is(rate.err, '', 'says nothing beside');
deep_equal(Object.keys(rate.json).slice(0, 6), ['measure', 'of', 'where', 'as_of', 'by', 'rows'].slice(0, 6),
	'the answer begins as documented');
is(rate.json.of, 'opportunities', 'names the fact');
is(rate.json.where, null, 'no condition is null');
has(rate.json.as_of, /^\d{4}-\d\d-\d\d$/, 'the day it is asked as of');
deep_equal(rate.json.by, [], 'no dimension');
is(rate.json.rows.length, 1, 'one row');
deep_equal(Object.keys(rate.json.rows[0]), ['by', 'value', 'numerator', 'denominator', 'n'], 'of the documented shape');
near(rate.json.rows[0].value, 16 / 28, 1e-12, 'won of closed, known when or not');
is(rate.json.rows[0].numerator, 16, 'numerator');
is(rate.json.rows[0].denominator, 28, 'denominator');

const by = measure('count(won) / count(closed)', '--of', 'opportunities', '--by', 'owner');
deep_equal(by.json.by, ['owner'], 'the dimension is named');
deep_equal(by.json.rows.map((r) => [r.by[0], r.numerator, r.denominator]), [['Ada', 15, 25], ['Bob', 1, 3], [null, 0, 0]],
	'one row for each owner, the empty one null and last');
is(by.json.rows[2].value, null, 'nothing to divide by is no answer');

const sum = measure('sum(amount)', '--of', 'opportunities', '--where', 'won').json;
is(sum.rows[0].value, 3501.5, 'money is exact, in major units');
is(sum.currency, 'EUR', 'with its currency');
is(sum.where, 'won', 'and the condition');
const days = measure('median(days(created, won))', '--of', 'opportunities').json;
is(days.rows[0].value, 8, 'durations are in days');
is(days.unit, 'days', 'and say so');
is(days.rows[0].unknown_time, 1, 'what has no known time is counted apart');
is(days.rows[0].numerator, null, 'no ratio, no numerator');
has(measure('min(created)', '--of', 'opportunities').json.rows[0].value, /^2026-01-01T00:00:00\+01:00$/, 'times are ISO 8601');
is(measure('count()', '--of', 'opportunities').json.rows[0].value, 30, 'count alone counts rows');
is(measure('count(won)', '--of', 'opportunities', '--as-of', '2026-01-05').json.as_of, '2026-01-05', '--as-of');
is(measure('count()', '--of', 'opportunities', '--known-at', '2020-01-01').json.rows[0]?.value ?? 0, 0,
	'before the import nothing was known');

// ---- measure for people and as CSV ----

const text = lockstep('measure', 'count(won) / count(closed)', '--of', 'opportunities', '--by', 'owner').out;
has(text, /Ada +60\.0 % +15 of 25\n/, 'counts stand beside rates');
has(text, /Bob +33\.3 % +1 of 3 +too few to say\n/, 'small denominators say so');
has(text, /\(empty\) +– +0 of 0/, 'no answer is a dash');
ok(text.split('\n').every((line) => [...line].length <= 100), 'fits 100 columns');
const csv = lockstep('measure', 'count(won) / count(closed)', '--of', 'opportunities', '--by', 'owner', '--format', 'csv').out;
is(csv.split('\n')[0], 'owner,value,numerator,denominator,n', 'CSV has a header');
has(csv, /^Ada,0\.6,15,25,\d+$/m, 'and plain numbers');

// ---- mistakes ----

for (const expression of ['count(', 'count(wonn)', 'count() +', '', 'won', 'median(owner)', "count(won) / 'x'"]) {
	const wrong = lockstep('measure', expression, '--of', 'opportunities');
	is(wrong.code, 2, `"${expression}" is wrong usage`);
	is(wrong.out, '', 'and prints no data');
}
has(lockstep('measure', 'count(wonn)', '--of', 'opportunities').err, /count\(wonn\)\n +\^/, 'mistakes are pointed at');
is(lockstep('measure', 'count()', '--of', 'nonsense').code, 2, 'unknown facts');
is(lockstep('measure', 'count()', '--by', 'nonsense').code, 2, 'an unknown dimension');
is(lockstep('measure', 'count()', '--where', 'nonsense = ').code, 2, 'a bad condition');

// ---- rows ----

const list = lockstep('rows', '--of', 'opportunities', '--where', 'open', '--columns', 'key, owner, amount', '--format', 'json');
is(list.code, 0, 'rows');
is(list.json.total, 2, 'the rows behind the figure');
deep_equal(list.json.columns, ['key', 'owner', 'amount'], 'with the columns asked for');
deep_equal(list.json.rows.map((r) => r.slice(0, 2)), [['D29', 'Bob'], ['D30', null]], 'empty is null');
const some = lockstep('rows', '--of', 'opportunities', '--limit', '3', '--order', 'key', '--format', 'json').json;
is(some.rows.length, 3, '--limit');
is(some.total, 30, 'counts all');
is(lockstep('rows', '--of', 'opportunities', '--limit', '0').code, 2, 'a limit of nothing');
is(lockstep('rows', '--of', 'opportunities', '--columns', 'nonsense').code, 2, 'an unknown column');
is(lockstep('rows', '--of', 'nonsense').code, 2, 'unknown facts');
const shown = lockstep('rows', '--of', 'opportunities', '--limit', '5');
has(shown.err, '5 of 30 opportunities', 'says how many there are');
ok(shown.out.split('\n').every((line) => [...line].length <= 100), 'fits 100 columns');
is(lockstep('rows', '--of', 'opportunities', '--format', 'csv').out.trim().split('\n').length, 31, 'rows as CSV');

// ---- facts ----

const facts = lockstep('facts', '--format', 'json').json;
deep_equal(facts.facts.map((f) => f.name), ['leads', 'opportunities', 'stage_visits', 'touches', 'activities', 'spend', 'orders', 'lead_steps', 'promise_words', 'promises'],
	'all facts are in the catalogue');
is(facts.facts.find((f) => f.name === 'opportunities').rows, 30, 'with their rows');
for (const fact of facts.facts) {
	ok(fact.sentence, `${fact.name} has a sentence`);
	deep_equal(fact.columns.filter((c) => !c.sentence).map((c) => c.name), [], `so has each column of ${fact.name}`);
}
const catalogue = lockstep('facts');
is(catalogue.code, 0, 'facts for people');
ok(catalogue.out.split('\n').every((line) => [...line].length <= 100), 'fits 100 columns');
deep_equal(lockstep('facts', 'spend', '--format', 'json').json.facts.map((f) => f.name), ['spend'], 'one fact alone');
is(lockstep('facts', 'nonsense').code, 2, 'unknown facts');

// ---- kpi ----

const kpis = run(['kpi', '--format', 'json']);
is(kpis.code, 0, 'the list of KPIs needs no book');
ok(kpis.json.kpis.length > 10, 'there are some');
ok(run(['kpi']).out.split('\n').every((line) => [...line].length <= 100), 'fits 100 columns');
for (const kpi of kpis.json.kpis) {
	ok(kpi.title && kpi.sentence, `${kpi.kpi} has title and sentence`);
	const answer = lockstep('kpi', kpi.kpi, '--format', 'json');
	if (is(answer.code, 0, `${kpi.kpi} can be asked`))
		ok(answer.json.kpi === kpi.kpi && Array.isArray(answer.json.rows), `${kpi.kpi} answers`);
}
const win = lockstep('kpi', 'win_rate', '--by', 'owner', '--format', 'json').json;
is(win.title, 'Win rate', 'a KPI has its title');
const closed = lockstep('kpi', 'win_rate', '--from', '2026-01-01', '--to', '2026-01-31', '--format', 'json').json;
deep_equal([closed.from, closed.to], ['2026-01-01', '2026-01-31'], 'the period stands in the answer');
deep_equal([closed.rows[0].numerator, closed.rows[0].denominator], [15, 25], 'and limits it: unknown times are in no period');
is(lockstep('kpi', 'win_rate', '--from', '2026-02-01', '--to', '2026-01-01').code, 2, 'a period that ends before it begins');
has(lockstep('kpi', 'winrate').err, 'did you mean "win_rate"', 'the nearest KPI is named');
is(lockstep('kpi', 'nonsense').code, 2, 'an unknown KPI');

// ---- an output that takes nothing ----

for (const args of [['kpi'], ['kpi', '--format', 'json'], ['help']]) {
	const full = openSync('/dev/full', 'w');
	const { status, stderr } = spawnSync(program, args, { stdio: ['ignore', full, 'pipe'], encoding: 'utf8' });

	closeSync(full);
	is(status, 3, `${args.join(' ')}: an output that is full is an error`);
	is(stderr.match(/could not be written: No space left on device/g)?.length, 1, 'which is said once');
}
done();
