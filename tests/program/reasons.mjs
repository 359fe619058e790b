#!/usr/bin/env node
// Reasons that nobody agreed to: history may give them, and it is said how many do.
import { flat, new_book, works } from '../book.mjs';
import { deep_equal, done, has, is, ok } from '../tap.mjs';

const text = (reasons) => `agreement: Reasons
between: {marketing: {signs: [Mia]}, sales: {signs: [Sam]}}
in force: 2026-01-05
calendar: {time zone: UTC, hours: {mon-fri: ["08:00-16:00"]}}
lead types: {any: {means: "any", when: "not won", hand over: at once}}
route: [{otherwise: [Eve], by: round robin}]
promises: {first contact: {party: sales, from: handed_off, until: first_response or opted_out, within: 4 hours}}
reasons: ${reasons}
`;
const { at, agree, comes, lockstep, put, till } = new_book({
	zone: 'UTC',
	map: `map: crm
source: crm
files:
  - {match: "leads*.csv", as: leads, key: id, fields: {created: created, rejected: rejected, reason: reason}}
  - {match: "story*.csv", as: lead-history, key: id, fields: {lead: lead, kind: kind, at: at, reason: reason}}
  - {match: "deals*.csv", as: opportunities, key: id, fields: {created: created, won: won, lost: lost, discontinued: discontinued, reason: reason}}
`,
});
const notes = (path) => lockstep('import', '--map', at('map.yaml'), '--format', 'json', path).json.files[0].notes.filter((n) => /agreement/.test(n));
const story = (name, kind, ...reasons) => put(name, `id,lead,kind,at,reason\n${reasons.map((r, i) => `${name}${i},L1,${kind},2026-02-0${1 + i} 09:00,${r}`).join('\n')}\n`);

till('2026-02-20T09:00:00Z');
comes('leads.csv', 'id,created,rejected,reason\nL1,2026-01-02 09:00,,\n');
deep_equal(notes(story('story1.csv', 'rejected', 'rain')), [], 'where nothing is agreed nothing differs');
till('2026-02-20T10:00:00Z');
agree(text('{reject: [no need, too small], lose: [price], excuse: [ill]}'), ['Mia', 'Sam']);
till('2026-03-02T09:00:00Z');
deep_equal(notes(story('story2.csv', 'rejected', 'weather', 'no need', 'snow', 'weather', '')), ['3 rejections give reasons that the agreement does not know: "weather" (2), "snow" (1).'],
	'a history of leads: the most first, and not those that are agreed');
deep_equal(notes(story('story3.csv', 'rejected', ...['a', 'b', 'c', 'd', 'e', 'f', 'g'])),
	['7 rejections give reasons that the agreement does not know: "a" (1), "b" (1), "c" (1), "d" (1), "e" (1) and 2 more.'], 'of many the first few');
deep_equal(notes(story('story4.csv', 'disqualified', 'alien')), [], 'what has no list may have any reason');
deep_equal(notes(story('story5.csv', 'accepted', 'likes us')), [], 'and of other steps none is asked');
deep_equal(notes(put('deals.csv', `id,created,won,lost,discontinued,reason
D1,2026-01-02,2026-02-02,,,nice
D2,2026-01-02,,2026-02-02,,price
D3,2026-01-02,,2026-02-02,,weather
D4,2026-01-02,,,2026-02-02,gone
`)), ['1 lost deal gives a reason that the agreement does not know: "weather" (1).'], 'deals: of those that were lost');
deep_equal(notes(put('leads2.csv', 'id,created,rejected,reason\nL2,2026-01-02 09:00,2026-01-03 09:00,hail\n')),
	['1 rejection gives a reason that the agreement does not know: "hail" (1).'], 'and a column of leads');
has(lockstep('import', '--map', at('map.yaml'), at('deals.csv')).err + lockstep('import', '--map', at('map.yaml'), at('deals.csv')).out, '"weather" (1)', 'people read it, too');

// ---- before it is agreed ----
const check = (reasons) => flat(works(lockstep('agreement', 'check', put('next.yaml', text(reasons))), 'a text is checked').err);
has(check('{reject: [no need, rain], lose: [price, weather], disqualify: [competitor], excuse: [ill]}'),
	'reasons: in the book 11 rejections give reasons that the agreement does not know: "weather" (2), "a" (1)', 'check names those of the book');
has(check('{reject: [no need, rain], lose: [price], disqualify: [competitor], excuse: [ill]}'), '1 lost deal gives a reason that the agreement does not know: "weather" (1)', 'of deals');
has(check('{reject: [no need], disqualify: [competitor], excuse: [ill]}'), '1 disqualification gives a reason', 'of disqualifications');
ok(!check('{reject: [no need], disqualify: [competitor], excuse: [ill]}').includes('lost deal'), 'and of no list that the text has not');
is(lockstep('verify').code, 0, 'the book is sound');
done();
