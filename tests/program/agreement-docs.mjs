#!/usr/bin/env node
// docs/agreement.md: each example of its tables stands in a text that is an agreement.
import { readFileSync, writeFileSync } from 'node:fs';
import { done, has, is, ok, root, run, temporary_folder } from '../tap.mjs';

const text = `agreement: Sales and Marketing at Northfield Feed
between:
  marketing: {signs: [Dana Ruiz]}
  sales: {signs: [Tom Weber]}
  partner: {signs: [Pat Lane]}
in force: 2026-01-05
calendar:
  time zone: America/Chicago
  hours:
    mon-thu: ["08:00-12:00", "13:00-17:00"]
    fri: "22:00-06:00"
words:
  MQL: "a lead that reached the bar"
lead types:
  hand-raiser:
    means: "asked to talk to us"
    when: "touched(demo_request, call_in)"
    hand over: at once
  engaged: {when: "touches_in(30 days) >= 3", hand over: score >= 60}
pre-qualify:
  - {ask: "50 or more animals", when: "company_size >= 50"}
score:
  fit:
    - {points: 20, when: "industry in (dairy, horse)"}
  engagement:
    - {points: 5, touch: webinar, no more than: 10 points}
    - {halve every: 14 days}
  answers: {budget: 10, authority: 10, need: 15, timeframe: 10, trust: 5}
route:
  - {when: "region = midwest", to: team midwest, by: round robin}
  - {when: "partner is set", to: partner}
  - {when: "region in (midwest, west)", to: owner}
  - {when: "accepted", to: [Anna, Ben], by: least loaded}
  - {when: "type = hand-raiser", to: {Anna: 2, Ben: 1}, by: weighted, no more than: 12 open each}
  - {otherwise: team midwest, by: round robin}
  - {nobody there: Tom Weber}
promises:
  first contact: {party: sales, from: handed_off, until: accepted or rejected or disqualified or working, within: 8 hours, only: "type = hand-raiser",
                  keep: 95 % each month, at risk: 50 %, when broken tell: [owner, {manager: 2 hours later}, {head: 1 working day later}]}
  keep trying: {party: sales, from: handed_off, attempts: 5, within: 14 calendar days}
  opportunities: {party: marketing, every: week, count: "count(opportunity) on opportunity where inbound", at least: 12}
  feedback: {party: partner, from: handed_off, until: accepted, within: 2 working days, keep: 80 % in 60 days of at least 5, else: no new leads,
             back when: every overdue one is answered, then: 3 at a time until 10 in a row are on time}
waiting states: [customer asked to wait]
stages:
  quote: {kind: mid, limit: 21 calendar days, bid: true, leave when: ["price agreed"]}
reasons:
  reject: [no need, duplicate]
  disqualify: [competitor]
  lose: [price]
  excuse: [owner ill]
kpis:
  deals: {says: "deals won", measure: "count(won)", target: 30 each month, owners: [sales]}
  win rate: {says: "won of all closed", measure: "count(opportunities.won) / count(opportunities.closed)", target: 30 %, owners: [sales]}
  days to first contact: {says: "half were contacted by then", measure: "median(days(handed_off, first_response))", at most: 2, owners: [sales]}
pay: {team share: 30 %, team kpis: [deals], pays from: 80 %, pays up to: 150 %}
cadence: {weekly page: "mon 08:00", recap: monthly, review: quarterly, half-year: [jun, dec], planning: nov}
annexes:
  holidays: [2026-12-25, {2026-12-26: Boxing Day}]
  other hours: {2026-12-24: ["08:00-12:00"], 2026-05-01: usual}
  absences: [{who: Anna, from: 2026-08-01, to: 2026-08-14}]
  teams: {midwest: [Anna, Ben]}
`;
// Patterns for a name, a file that would have to be there, and what stands alone in an annex.
const stands_for = { 'team NAME': 'team midwest', 'first contact: {…}': 'first contact: {', '[{file: holidays.ics}]': '' };
const folder = temporary_folder();

writeFileSync(`${folder}/agreement.yaml`, text);
const { code, err } = run(['agreement', 'check', `${folder}/agreement.yaml`], { env: { XDG_DATA_HOME: folder } });
is(code, 0, 'all examples together are an agreement') || ok(false, err);

let examples = 0;
for (const line of readFileSync(`${root}/docs/agreement.md`, 'utf8').split('\n')) {
	const cells = line.split('|').slice(1, -1);

	if (cells.length !== 3)
		continue;
	for (const [, example] of cells[1].matchAll(/`([^`]+)`/g)) {
		has(text, stands_for[example] ?? example, `${cells[0].trim()}: ${example}`);
		examples++;
	}
}
ok(examples > 40, `${examples} examples`);

// And each key of the program is one of the page's.
const page = readFileSync(`${root}/docs/agreement.md`, 'utf8');
const sources = ['read', 'who', 'leads', 'routes', 'promises', 'numbers'].map((f) => readFileSync(`${root}/src/domain/agreement_${f}.c`, 'utf8')).join('\n');
const keys = new Set([...sources.matchAll(/keys\[\] = \{([^}]*)\}/g)].flatMap(([, list]) => [...list.matchAll(/"([^"]+)"/g)].map(([, key]) => key)));
ok(keys.size > 40, `${keys.size} keys`);
for (const key of keys)
	ok(page.includes(key), `the page has the key ${key}`);
done();
