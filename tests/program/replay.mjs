#!/usr/bin/env node
// Agreements run over years that are over. What the program says is held against sums made here from the files alone.
import { join } from 'node:path';
import { readFileSync, writeFileSync, readdirSync, mkdirSync } from 'node:fs';
import { is, deep_equal, has, ok, skip, done, data_folder, root, run, temporary_folder } from '../tap.mjs';

const folder = temporary_folder();
const file = (name, text) => (writeFileSync(join(folder, name), text), join(folder, name));
const plain_csv = (text) => text.replace(/^\uFEFF/, '').trim().split(/\r?\n/).map((line) => line.split(','));
const records = (path) => {
	const [header, ...rows] = plain_csv(readFileSync(path, 'utf8'));
	return rows.map((row) => Object.fromEntries(header.map((name, i) => [name, row[i]])));
};
const day = 86400000;
const date_of = (text) => Date.parse(`${text.slice(0, 10)}T00:00:00Z`) / day;
const answer = (book, agreement, measure, ...args) =>
	run(['measure', measure, '--book', book, '--agreement', agreement, '--format', 'json', ...args]).json.rows;
const by = (rows) => Object.fromEntries(rows.map((r) => [r.by[0] ?? '', [r.numerator, r.denominator]]));

const head = (zone, hours) => `between: {marketing: {signs: [M]}, sales: {signs: [S]}}
in force: 2016-01-01
calendar: {time zone: ${zone}, hours: {mon-fri: ["${hours}"]}}
reasons: {reject: [no need]}
`;

// ---- olist: from the first contact to the won deal, by who sold ----

function olist(data) {
	const leads_file = join(data, 'olist_marketing_qualified_leads_dataset.csv');
	const deals_file = join(data, 'olist_closed_deals_dataset.csv');
	const book = join(folder, 'olist');
	const map = file('olist.yaml', `map: olist
currency: BRL
dates: yyyy-mm-dd
files:
  - match: olist_marketing_qualified_leads*.csv
    as: leads
    key: mql_id
    fields: {created: first_contact_date, qualified: first_contact_date, source: origin}
  - match: olist_closed_deals*.csv
    as: opportunities
    key: mql_id
    fields: {lead: mql_id, won: won_date, owner: sr_id}
    also:
      - {as: leads, key: mql_id, fields: {owner: sr_id}}
`);
	const agreement = file('close.yaml', `agreement: From first contact to won
${head('America/Sao_Paulo', '09:00-18:00')}
lead types:
  social: {when: "source = social", hand over: at once}
  other: {when: "source is set", hand over: score >= 1}
score: {fit: [{points: 1, when: "source in (organic_search, paid_search)"}]}
route: [{when: "owner is set", to: owner}, {otherwise: [Ada, Bo], by: round robin}]
promises:
  close: {party: sales, from: created, until: won, within: 30 calendar days, keep: 5 % each quarter}
  quick: {party: sales, from: created, until: won, within: 7 calendar days, only: "type = social"}
  deals: {party: sales, every: month, count: "count(won) on won", at least: 100}
kpis:
  deals: {says: deals won, measure: "count(won) on won", target: 100 each month, owners: [sales]}
  few: {says: deals won, measure: "count(won) on won", at most: 99 each month, owners: [sales]}
  slow: {says: half were won by then, measure: "median(days(created, won))", at most: 13, owners: [sales]}
  quick: {says: half were won by then, measure: "median(days(created, won))", at most: 14, owners: [sales]}
  all: {says: deals won, measure: "count(won) on won", at most: 800, owners: [sales]}
`);
	is(run(['init', '--book', book, '--zone', 'America/Sao_Paulo', '--currency', 'BRL']).code, 0, 'olist: init');
	is(run(['import', '--book', book, '--map', map, leads_file, deals_file]).code, 0, 'olist: import');

	const won = Object.fromEntries(records(deals_file).map((r) => [r.mql_id, r]));
	const leads = records(leads_file);
	// First contact is a day without a time: the last day is allowed whole.
	const kept = (lead, days) =>
		won[lead.mql_id] && date_of(won[lead.mql_id].won_date) - date_of(lead.first_contact_date) <= days;
	const count = (list, holds) => list.filter(holds).length;
	const social = leads.filter((l) => l.origin === 'social');

	deep_equal(by(answer(book, agreement, 'count(met and fell_due) / count(fell_due)', '--of', 'promises', '--by', 'promise', '--where', 'lead is set')),
		{ close: [count(leads, (l) => kept(l, 30)), leads.length], quick: [count(social, (l) => kept(l, 7)), social.length] },
		'olist: first contact to won, in 30 days and in 7');
	const sellers = {};
	for (const lead of leads) {
		const seller = won[lead.mql_id]?.sr_id ?? '';
		sellers[seller] ??= [0, 0];
		sellers[seller][0] += kept(lead, 30) ? 1 : 0;
		sellers[seller][1]++;
	}
	deep_equal(by(answer(book, agreement, 'count(met and fell_due) / count(fell_due)', '--of', 'promises', '--by', 'owner', '--where', 'promise = close')),
		sellers, `olist: the same by each of ${Object.keys(sellers).length - 1} sellers`);

	const passes = leads.filter((l) => ['social', 'organic_search', 'paid_search'].includes(l.origin));
	is(answer(book, agreement, 'count(passed)')[0].value, passes.length, 'olist: who passes');
	is(answer(book, agreement, 'count(passed and would_get = owner)', '--where', 'owner is set')[0].value,
		count(passes, (l) => won[l.mql_id]), 'olist: who is owned already would have gone to the owner');
	const shared = by(answer(book, agreement, 'count(passed) / count()', '--by', 'would_get', '--where', 'owner is empty and passed'));
	is(shared.Ada[0] + shared.Bo[0], count(passes, (l) => !won[l.mql_id]), 'olist: the others by turns');
	ok(Math.abs(shared.Ada[0] - shared.Bo[0]) <= 1, 'olist: fairly');

	const months = {};
	for (const deal of Object.values(won))
		months[deal.won_date.slice(0, 7)] = (months[deal.won_date.slice(0, 7)] ?? 0) + 1;
	const numbers = answer(book, agreement, 'sum(counted)', '--of', 'promises', '--by', 'month(started)', '--where', 'kind = volume and counted > 0');
	deep_equal(Object.fromEntries(numbers.map((r) => [r.by[0], r.value])), months, 'olist: deals by month');
	deep_equal(by(answer(book, agreement, 'count(met) / count(fell_due)', '--of', 'promises', '--by', 'promise', '--where', 'promise = deals')).deals[0],
		Object.entries(months).filter(([month, n]) => n >= 100 && month < '2018-11').length, 'olist: months with a hundred deals');
	const quarters = {};
	for (const lead of leads) {
		const due = new Date((date_of(lead.first_contact_date) + 30) * day);
		const quarter = due.getUTCFullYear() * 4 + Math.floor(due.getUTCMonth() / 3);
		quarters[quarter] ??= [0, 0];
		quarters[quarter][0] += kept(lead, 30) ? 1 : 0;
		quarters[quarter][1]++;
	}
	// The whole months of the book, those without a deal among them.
	const every_month = [];
	for (let month = '2017-07'; month < '2018-11';) {
		every_month.push(months[month] ?? 0);
		const [year, number] = month.split('-').map(Number);
		month = number === 12 ? `${year + 1}-01` : `${year}-${String(number + 1).padStart(2, '0')}`;
	}
	const shares = Object.values(quarters).map(([a, b]) => a / b);
	pages(book, agreement, `in ${count(shares, (s) => s >= 0.05)} of ${shares.length} quarters`,
		...[(n) => n >= 100, (n) => n <= 99].map((holds) => `in ${every_month.filter(holds).length} of ${every_month.length} months`));
}

// ---- the pages of a replay ----

function pages(book, agreement, quarters, months, few) {
	const text = run(['agreement', 'replay', agreement, '--book', book]);
	is(text.code, 0, 'replay');
	has(text.out, /leads would have passed/, 'replay says how many leads pass');
	has(run(['agreement', 'replay', join(root, 'examples/agreements/small-b2b.yaml'), '--book', book]).out.replace(/\s+/g, ' '),
		'win rate: 842 of 842 (100.0 %); no lost deal is in the book, so this cannot be held against the target of 25 %.', 'a win rate of won deals alone is praised by nobody');
	const flat = text.out.replace(/\s+/g, ' ');
	has(flat, `Close (in 30 calendar days): 555 of 8,000 (6.9 %) on time; ${quarters} at least the 5.0 % agreed.`, 'what was kept, and in how many quarters what was agreed');
	has(flat, `deals: 842 in all; ${months} at least the target of 100 each month.`, 'an agreed number of each month, month by month');
	has(flat, `few: 842 in all; ${few} within the limit of 99 each month.`, 'what is to be at most so many, month by month');
	has(flat, 'slow: 14 days, above the limit of 13.', 'a median above its limit');
	has(flat, 'quick: 14 days, within the limit of 14.', 'and one just within it');
	has(flat, 'all: 842 in all; limit of 800.', 'whether a count is too much depends on the time it is of');
	const wider = agreement.replace('close', 'wider');
	writeFileSync(wider, readFileSync(agreement, 'utf8').replace('at most: 13', 'at most: 20').replace('at most: 800', 'target: 800'));
	has(run(['agreement', 'diff', agreement, wider]).out, 'slow, at most: 13 → 20', 'what changed in it, in words');
	has(run(['agreement', 'show', wider]).out, /at most: 20\n/, 'and the contract has it');
	is(run(['agreement', 'replay', agreement, '--book', book]).out, text.out, 'the same again, byte for byte');
	const csv = run(['agreement', 'replay', agreement, '--book', book, '--format', 'csv']);
	has(csv.out, /social/, 'as CSV');
	ok(run(['agreement', 'replay', agreement, '--book', book, '--format', 'json']).json, 'as JSON');
	const half = run(['agreement', 'replay', agreement, '--book', book, '--from', '2018-01-01', '--to', '2018-03-31']);
	ok(half.code === 0 && half.out !== text.out, 'of a time');
	unknown(book);
	const strict = file('strict.yaml', readFileSync(agreement, 'utf8').replace('30 calendar days', '10 calendar days').replace('score >= 1', 'score >= 2'));
	const two = run(['agreement', 'replay', agreement, '--against', strict, '--book', book]);
	has(two.out, /sales: close \[2\] +555 of 8,000 +6\.9 % +\d+ of 8,000/, 'two texts side by side');
	is(run(['agreement', 'replay', agreement, '--against', strict, '--format', 'html', '--book', book]).code, 2, 'not as HTML');
	is(run(['agreement', 'replay', agreement, '--from', '2018-02-01', '--to', '2018-01-01', '--book', book]).code, 2, 'from after to');
	is(run(['agreement', 'replay', join(folder, 'none.yaml'), '--book', book]).code, 3, 'no such text');
	const wrong = file('wrong.yaml', readFileSync(agreement, 'utf8').replace('source = social', 'sauce = social'));
	const refused = run(['agreement', 'replay', wrong, '--book', book]);
	ok(refused.code !== 0 && /sauce/.test(refused.err), 'a rule about what no lead has is named');
	has(run(['measure', 'count()', '--of', 'promises', '--book', book]).err, /no agreement/, 'a book without an agreement says so');
}

// What the book knows of no lead is unknown, and not broken.
function unknown(book) {
	const agreement = join(root, 'examples/agreements/small-b2b.yaml');
	const text = run(['agreement', 'replay', agreement, '--book', book]).out.replace(/\s+/g, ' ');
	has(text, 'Hand over fast: the book knows of no lead that it was handed over.', 'olist: nobody was handed over');
	has(text, 'Keep trying: the book knows of no lead that it was handed over.', 'olist: nor begins a clock there');
	ok(!/hand over fast +\d/.test(text), 'olist: the promise is in no table');
	const two = run(['agreement', 'replay', join(folder, 'close.yaml'), '--against', agreement, '--book', book]).out.replace(/\s+/g, ' ');
	has(two, /What cannot be judged The other: .* The other: Hand over fast: the book knows of no lead that it was handed over\./, 'olist: beside another text it is said, too, of which');
	has(run(['agreement', 'replay', agreement, '--against', agreement, '--book', book]).out, 'Both: Keep trying: ', 'olist: and of both but once');
	is(run(['measure', 'count()', '--of', 'promises', '--where', 'promise = "hand over fast"', '--agreement', agreement, '--book', book, '--format', 'json']).json.rows[0].value, 0, 'olist: and not opened');
	has(run(['report', 'no-mans-land', '--book', book]).out.replace(/\s+/g, ' '), 'who owes the next move, cannot be told', 'olist: no one owes a hand-over');
	const kpi = (...args) => /opportunities a month: ([\d,]+) in all/.exec(run(['agreement', 'replay', agreement, '--book', book, ...args]).out)[1];
	is(kpi(), run(['measure', 'count(opportunity)', '--book', book]).out.trim().split(' ').pop(), 'olist: an agreed number of everything');
	is(kpi('--from', '2018-01-01', '--to', '2018-03-31'),
		run(['measure', 'count(opportunity)', '--book', book, '--where', 'created >= 2018-01-01 and created < 2018-04-01']).out.trim().split(' ').pop(), 'olist: and of a time');
}

// ---- maven_crm: how long deals stay in a stage, by calendar and by working days ----

function maven(data) {
	const book = join(folder, 'maven');
	const agreement = (limit) => file('limit.yaml', `agreement: Limits
${head('UTC', '09:00-18:00')}
lead types: {any: {when: "not won", hand over: at once}}
route: [{otherwise: [S]}]
promises: {}
stages: {Engaging: {kind: mid, limit: ${limit}}}
`);
	const files = readdirSync(data).filter((f) => f.endsWith('.csv')).map((f) => join(data, f));
	is(run(['init', '--book', book, '--zone', 'UTC', '--currency', 'USD']).code, 0, 'maven: init');
	is(run(['import', '--book', book, '--map', join(root, 'examples/maps/maven_crm.yaml'), ...files]).code, 0, 'maven: import');

	const replayed = run(['agreement', 'replay', join(root, 'examples/agreements/small-b2b.yaml'), '--book', book]).out;
	has(replayed.replace(/\s+/g, ' '), 'win rate: 4,238 of 6,711 (63.2 %), at least the target of 25 %.', 'maven: deals are counted where there are no leads');
	has(replayed, /Enough, in \d+ of \d+ months: the book does not know/, 'maven: without leads nothing counts them');
	has(replayed, 'opportunities a month: nothing to count', 'maven: nor is there a number of them');
	has(run(['report', 'sla', '--agreement', join(root, 'examples/agreements/small-b2b.yaml'), '--book', book]).out, /Enough, in \d+ of/, 'maven: the page of promises says so too');
	ok(!/Enough.*reached in/.test(replayed), 'maven: so the number was not missed');

	const capitals = file('capitals.yaml', readFileSync(agreement('30 calendar days'), 'utf8').replace('Engaging:', 'ENGAGING:'));
	const sides = run(['agreement', 'replay', agreement('30 calendar days'), '--against', capitals, '--book', book]).out.split('\n').filter((l) => /longer than agreed in engaging/i.test(l));
	is(sides.length, 1, 'maven: a stage in capital letters is no other stage');
	is(new Set(sides[0].match(/[\d,]+ of [\d,]+/g)).size, 1, 'maven: and comes to the same');
	const deals = records(join(data, 'sales_pipeline.csv')).filter((d) => d.engage_date);
	const last = date_of('2017-12-31');
	const works = (date) => (date + 3) % 7 < 5; // 1970-01-01 was a Thursday
	const after = (date, days) => {
		while (!works(date))
			date++;
		for (let left = days; left > 0; left -= works(date) ? 1 : 0)
			date++;
		return date;
	};
	// The last day is allowed whole: an open deal is over on the day behind it, a closed one if it closed on a later day.
	const over = (due_of) => deals.filter((d) => {
		const due = due_of(date_of(d.engage_date));
		return (d.close_date ? date_of(d.close_date) : last) > due;
	}).length;
	const asked = (limit) => by(answer(book, agreement(limit), 'count(over_limit) / count(entered)', '--of', 'stage_visits', '--by', 'stage'))['Engaging'];

	for (const days of [30, 60, 120])
		deep_equal(asked(`${days} calendar days`), [over((date) => date + days), deals.length], `maven: ${days} calendar days in a stage`);
	for (const days of [20, 45])
		deep_equal(asked(`${days} working days`), [over((date) => after(date, days)), deals.length], `maven: ${days} working days`);
}

// ---- the order in which records arrive ----

function shuffled(text, seed) {
	const [header, ...rows] = text.trimEnd().split('\n');
	let state = BigInt(seed);
	for (let i = rows.length - 1; i > 0; i--) {
		state = (state * 6364136223846793005n + 1442695040888963407n) & 0xffffffffffffffffn;
		const other = Number((state >> 33n) % BigInt(i + 1));
		[rows[i], rows[other]] = [rows[other], rows[i]];
	}
	return `${[header, ...rows].join('\n')}\n`;
}

function any_order() {
	const source = join(folder, 'made');
	const agreement = join(root, 'examples/agreements/small-b2b.yaml');
	const lists = [];
	is(run(['simulate', '--leads', '300', '--seed', '9', '--to-csv', source]).code, 0, 'a made-up company');
	const map = readdirSync(source).filter((f) => f.endsWith('.yaml') && !f.includes('story')).map((f) => join(source, f));
	const names = readdirSync(source).filter((f) => f.endsWith('.csv')).sort();
	for (const turn of [0, 1, 2]) {
		const into = join(folder, `turn${turn}`);
		const book = join(folder, `book${turn}`);
		mkdirSync(into);
		for (const name of names) {
			const text = readFileSync(join(source, name), 'utf8');
			writeFileSync(join(into, name), turn ? shuffled(text, turn) : text);
		}
		run(['init', '--book', book, '--zone', 'Europe/Berlin', '--currency', 'EUR']);
		for (const name of turn === 1 ? [...names].reverse() : names)
			is(run(['import', '--book', book, ...(map.length ? ['--map', map[0]] : []), join(into, name)]).code, 0, `import ${turn}: ${name}`);
		const rows = (...args) => run(['rows', '--book', book, '--agreement', agreement, '--limit', '100000', '--format', 'csv', ...args]).out.split('\n').sort().join('\n');
		lists.push(rows('--of', 'promises', '--columns', 'key, promise, party, kind, episode, version, owner, team, source, type, started, due, at_risk_at, stopped, state, met, broken, attempts, counted') +
			rows('--of', 'leads', '--columns', 'key, agreed_type, points, passed, would_get'));
	}
	ok(lists[0].split('\n').length > 700, 'promises there are');
	ok(lists[0] === lists[1], 'files and rows in another order: the same promises, byte for byte');
	ok(lists[0] === lists[2], 'and in a third');
}

const olist_data = data_folder('olist');
if (olist_data)
	olist(olist_data);
else
	skip('LOCKSTEP_DATA has no olist');
const maven_data = data_folder('maven_crm');
if (maven_data)
	maven(maven_data);
else
	skip('LOCKSTEP_DATA has no maven_crm');
any_order();
done();
