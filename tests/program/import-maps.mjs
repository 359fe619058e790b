#!/usr/bin/env node
// What a map may say, and what then stands in the book: nothing that could not be read again, and nothing left out in silence.

import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deep_equal, done, has, is, ok, program, run, skip, temporary_folder } from '../tap.mjs';

const folder = temporary_folder();
let books = 0;

// Takes `rows` in by the `part` of a map, into a book of its own.
function take(part, rows) {
	const book = join(folder, `book${++books}`), map = `${book}.yaml`, file = `${book}.csv`;

	writeFileSync(map, `map: m\nfiles:\n  - match: "*.csv"\n    ${part.trim().replace(/\n/g, '\n    ')}\n`);
	writeFileSync(file, rows);
	run(['init', '--book', book, '--zone', 'Europe/Berlin', '--currency', 'EUR']);
	const result = run(['import', '--book', book, '--format', 'json', '--map', map, file]);
	return { ...result, book, file: result.json?.files[0], map };
}
function sound(taken, name) {
	is(run(['verify', '--book', taken.book, '--quiet']).code, 0, `${name}: the book is sound`);
}
function cells(taken, of, columns, order = 'key') {
	return run(['rows', '--of', of, '--columns', columns, '--order', order, '--book', taken.book, '--format', 'json']).json?.rows;
}

// ---- numbers that are multiplied and divided
{
	const hours = take('as: activities\nkey: Id\nfields: {at: At, duration: {column: H, unit: hours}}',
		'Id,At,H\n1,2025-01-05,0.25\n2,2025-01-06,1.5\n3,2025-01-07,0.125\n');
	sound(hours, 'quarters of hours');
	deep_equal(cells(hours, 'activities', 'duration_minutes', 'at'), [['15'], ['90'], ['7.5']], 'hours are minutes');

	const share = take('as: leads\nkey: Id\nfields: {score: {column: S, times: 4}}\ncustom: {part: {column: P, type: number, times: 0.04}}',
		'Id,S,P\n1,0.5,2.5\n2,2.5,50\n3,0.125,1\n');
	sound(share, 'numbers multiplied');
	deep_equal(cells(share, 'leads', 'key, score, part'), [['1', '2', '0.1'], ['2', '10', '2'], ['3', '0.5', '0.04']], 'what they are then');

	const long = take('as: activities\nkey: Id\nfields: {at: At, duration: {column: S, unit: seconds}}',
		'Id,At,S\n1,2025-01-05,92233720368547758.07\n2,2025-01-06,90\n3,2025-01-07,-90\n');
	sound(long, 'the longest duration');
	deep_equal(cells(long, 'activities', 'duration_minutes', 'at').slice(1), [['1.5'], ['-1.5']], 'seconds are minutes');
}

// ---- what was done with leads
{
	const history = take(`as: lead-history
key: Nr
fields: {lead: Lead, at: Wann, owner: Wer bekommt ihn, reason: Grund, kind: {column: Status, values: {Übergeben: handed_off, Angenommen: accepted, Abgelehnt: rejected}}}`,
		`Nr,Lead,Wann,Status,Wer bekommt ihn,Grund
1,L1,2025-01-06 09:00,Übergeben,Anna,
2,L1,2025-01-07 10:00,Abgelehnt,,kein Bedarf
3,L1,2025-02-03 09:00,Übergeben,Ben,
4,L2,2025-01-08 09:00,Übergeben,Ben,
5,L2,2025-01-08 12:00,Angenommen,,
6,L3,2025-01-09 12:00,Angenommen,,
`);
	const leads = join(folder, 'leads.yaml'), file = join(folder, 'leads.csv');
	const ask = (measure, ...more) => run(['measure', measure, '--book', history.book, '--format', 'json', ...more]).json;

	is(history.code, 0, 'a history of leads is taken in');
	sound(history, 'a history of leads');
	writeFileSync(leads, 'map: m\nfiles:\n  - match: "*.csv"\n    as: leads\n    key: Id\n    fields: {created: At, source: From}\n');
	writeFileSync(file, 'Id,At,From\nL1,2025-01-02,web\nL2,2025-01-02,fair\n');
	is(run(['import', '--book', history.book, '--map', leads, file]).code, 0, 'the leads may come later');
	is(run(['verify', '--book', history.book, '--quiet']).code, 0, 'the book is sound');
	deep_equal(cells(history, 'leads', 'key, handed_off, accepted, rejected, owner'),
		[['L1', '2025-01-06T09:00', null, '2025-01-07T10:00', 'Ben'], ['L2', '2025-01-08T09:00', '2025-01-08T12:00', null, 'Ben']],
		'leads take the first of each from their steps, and who got them last');
	is(ask('count(accepted) / count(handed_off)').rows[0].value, 0.5, 'so that measures count it');
	deep_equal(ask('count(step = rejected)', '--of', 'lead_steps', '--by', 'reason').rows.map((r) => [r.by[0], r.value])[0], ['kein Bedarf', 1],
		'steps are counted by themselves');
	deep_equal(cells(history, 'lead_steps', 'step, at, lead.source, owner').slice(0, 2),
		[['handed_off', '2025-01-06T09:00', 'web', 'Anna'], ['rejected', '2025-01-07T10:00', 'web', null]], 'and listed');
	has(run(['rows', '--of', 'lead_steps', '--book', history.book]).out, /^lead +step +owner .*\nL1 +handed_off +Anna/, 'a list of them says whose they are');
	is(history.json.unknown.filter((s) => s.startsWith('no hand-over dates')).length, 0, 'when leads were handed over is known');
	const again = run(['import', '--book', history.book, '--map', history.map, `${history.book}.csv`, '--format', 'json']);
	is(again.json.files[0].rows.unchanged ?? again.json.files[0].unchanged, 6, 'read again nothing changes');
	is(run(['rows', '--of', 'lead_steps', '--where', 'lead is empty', '--book', history.book, '--format', 'json']).json.total, 1, 'a step of nobody is there');
}

// ---- a field has one value
{
	const two = take(`as: leads
key: Id
fields: {created: At}
also:
  - {as: contacts, key: A, fields: {company: X}}
  - {as: contacts, key: B, fields: {company: Y}}`, 'Id,At,A,X,B,Y\n1,2025-01-05,a,Ann,b,Bob\n');
	is(two.code, 0, 'two contacts in a row of one lead');
	sound(two, 'two contacts in a row of one lead');

	const names = take('as: spend\nfields: {day: D, leads: A, reported_leads: B}', 'D,A,B\n2025-01-05,1,2\n');
	is(names.code, 1, 'one field by two names is refused');
	has(names.file.problems[0].text, '"reported_leads" is mapped already, on line 5', '… and said');
	const own = take('as: leads\nkey: Id\nfields: {currency: C}\ncustom: {currency: D}', 'Id,C,D\n1,EUR,USD\n');
	has(own.file.problems[0].text, '"currency" is mapped already', 'a field of one\'s own by the name of one that is there');
	sound(own, 'refused maps');
}

// ---- rows that are left out
{
	const only = take('as: leads\nkey: Id\nonly rows: {when: T, is: lead}\nfields: {source: S}',
		'Id,T,S\n1,lead,web\n1,other,fair\n2,lead,fair\n2,lead,phone\n');
	deep_equal([only.file.accepted, only.file.left_out, only.file.superseded], [2, 1, 1], 'a row that is left out replaces none');
	deep_equal(cells(only, 'leads', 'key, source'), [['1', 'web'], ['2', 'phone']], 'what stands there');
}

// ---- more than is read is refused, not cut
{
	const letters = [...'abcdefghi'], row = `Id,${letters.join(',')}\n1,${letters.join(',').toUpperCase()}\n`;
	const refused = (part, text) => {
		const taken = take(`as: leads\nkey: Id\n${part}`, row);

		is(taken.code, 1, `${text}: refused`);
		has(taken.file.problems[0].text, text, '… and said');
	};

	refused(`fields: {notes: {join: [${letters}]}}`, 'at most 8 columns can be joined');
	refused(`fields: {source: {column: [${letters}], prefer: filled}}`, 'among at most 8 columns');
	refused(`fields: {source: a}\nalso: [${letters.concat(letters).map((c) => `{as: contacts, key: ${c}, fields: {company: a}}`)}]`,
		'a row speaks of at most 16 records');
	const eight = take(`as: leads\nkey: Id\nfields: {source: {join: [${letters.slice(0, 8)}]}}`, row);
	deep_equal(cells(eight, 'leads', 'source'), [['A B C D E F G H']], 'eight are read');
}

// ---- a map and a file that are not there are the same mistake
{
	const book = join(folder, `book${++books}`), csv = join(folder, 'there.csv');

	run(['init', '--book', book, '--zone', 'UTC']);
	writeFileSync(csv, 'Lead ID,Owner\n1,Ann\n');
	for (const args of [['--map', join(folder, 'none.yaml'), csv], [join(folder, 'none.csv')]]) {
		const { code, out, err } = run(['import', '--book', book, ...args]);

		is(code, 1, `${args[0]}: refused`);
		has(out + err, /none\.(yaml|csv) cannot be opened: No such file/, '… and said');
	}
	has(run(['import', '--drymap', csv]).err, 'did you mean --draft-map?', 'an option that is nearly one');
	has(run(['report', 'week', '--book', book]).err, 'did you mean "weekly"?', 'the beginning of a report\'s name');
}

// ---- drafts of maps
{
	const drafted = (name, rows) => {
		const file = join(folder, name), map = `${file}.yaml`, book = join(folder, `book${++books}`);

		writeFileSync(file, rows);
		const draft = run(['import', '--draft-map', file]).out;
		writeFileSync(map, draft);
		run(['init', '--book', book, '--zone', 'Europe/Berlin', '--currency', 'EUR']);
		const taken = run(['import', '--book', book, '--format', 'json', '--map', map, file]);
		return { draft, book, accepted: taken.json?.files[0].accepted };
	};
	const order = drafted('auftraege.csv', `Umsatz 2024;;;;;;;
Erstellt am 31.12.2024;;;;;;;
;;;;;;;
Auftragsnr.;Kunde;Verkäufer;Auftragsdatum;Zahldatum;Gesamtbetrag;Währung;Größe
A-1;Bergmann AG;K. Weiß;03.04.2024;25.04.2024;"1.250,00";EUR;klein
A-2;Nordlicht GmbH;T. Otte;15.04.2024;;980,00;EUR;groß
`);
	for (const line of ['skip lines: 2', 'as: orders', 'key: Auftragsnr.', 'booked: Auftragsdatum', 'paid: Zahldatum', 'amount: Gesamtbetrag',
		'owner: Verkäufer', 'currency: Währung', 'grosse: {column: Größe'])
		has(order.draft, line, `a German file of orders under titles that are filled up with empty cells: ${line}`);
	is(order.accepted, 2, '… and the map reads the file');

	const person = drafted('list.csv', 'Name,Phone Number,Created,Source\nAnn Lee,+49 1,2024-01-05,web\nBob Ray,+49 2,2024-01-06,fair\n');
	has(person.draft, '# key: COLUMN', 'neither a name nor a telephone number becomes a key, which stands in the clear');
	const odd = drafted('odd.csv', 'Lead ID,"the\nown ""field""",Owner,Created\n1,a,Ann,2024-01-05\n2,b,Bob,2024-01-06\n');
	has(odd.draft, 'as: leads', 'an id in front says what the rows are');
	is(odd.accepted, 2, 'a column whose name has a line end in it is found again');

	// Words of one's own: what is missing is said, and a single column of dates is when.
	const own = drafted('anmeldung.csv', 'Ref;Da seit;Person;Squad\nA1;03.04.2026 10:00;Ann Lee;north\nA2;13.04.2026 10:00;Bob Lee;north\n');
	for (const line of [/^ {6}created: Da seit +# the only dates in the file; is it this\? When the lead came in/m, /^ {6}name: Person$/m, 'lockstep fields leads'])
		has(own.draft, line, `words of one's own: ${line}`);
	is(own.accepted, 2, '… and the map reads the file');
	const bare = drafted('touches.csv', 'Id;Ref;What\n1;A1;webinar\n2;A2;form\n').draft;
	for (const field of ['at', 'lead'])
		has(bare, new RegExp(`^ {6}# ${field}: COLUMN`, 'm'), `touches without ${field}: that is said`);
	ok(!/# created|# at/.test(own.draft), 'and nothing of what is there');
	const two = drafted('leads.csv', 'Ref;Da seit;Geburtstag\nA1;03.04.2026;01.02.1990\nA2;13.04.2026;01.02.1991\n').draft;
	has(two, /^ {6}# created: COLUMN/m, 'of two columns of dates none is guessed');
	for (const line of ['as: people', 'role: Role', 'manager: Boss', 'team: Squad'])
		has(drafted('people.csv', 'Name,Role,Boss,Squad\nAnn,seller,Tom,north\nBob,seller,Tom,north\n').draft, line, `people: ${line}`);

	// A history of leads is known by what it tells of them, whatever its columns and itself are called.
	const story = drafted('story.csv', `Nr;Lead;When;Who;New;Doer;Why
1;L1;13.03.2026 10:00;Eve;Handed over;Mia;
2;L1;14.03.2026 10:00;;Rejected;Eve;no need
3;L2;14.03.2026 11:00;Fay;handed_off;Mia;
4;L2;15.03.2026 11:00;;Angenommen;Fay;
`);
	for (const line of ['as: lead-history', 'key: Nr', 'lead: Lead', 'at: When', 'owner: Who', 'by: Doer', 'reason: Why',
		'kind: {column: New, values: {Handed over: handed_off, Rejected: rejected, Angenommen: accepted}}'])
		has(story.draft, line, `a history of leads: ${line}`);
	is(story.accepted, 4, '… and the map reads the file');
	has(run(['measure', 'count()', '--of', 'lead_steps', '--where', 'step = handed_off', '--book', story.book, '--format', 'json']).out, '"value": 2', '… with its steps');
	const plain = drafted('lead-history.csv', 'Id,Lead,Date,Step,Who\n1,A,2026-03-13,accepted,Eve\n2,B,2026-03-14,nachgefasst,Eve\n').draft;
	for (const line of ['as: lead-history', 'by: Who', 'kind: {column: Step, values: {nachgefasst: STEP}}      # which steps are these?'])
		has(plain, line, `by its name: ${line}`);

	// German files of a company: calls, stages, people, and numbers like the dates beside them.
	const rows = (header, ...lines) => `${[header, ...lines].join('\n')}\n`;
	const log = drafted('kontakte.csv', rows('Nr;Lead;Zeitpunkt;Art;Richtung;Ergebnis;Sekunden;Wer', 'K1;L1;13.03.2026 10:00;Anruf;ausgehend;nicht erreicht;20;Eve Ott',
		'K2;L1;14.03.2026 10:00;Anruf;eingehend;erreicht;90;Eve Ott', 'K3;L2;14.03.2026 11:00;Mail;ausgehend;;;Mia Rau'));
	for (const line of ['as: activities', 'key: Nr', 'lead: Lead', 'at: Zeitpunkt', 'kind: Art', 'owner: Wer', 'duration_minutes: {column: Sekunden, unit: seconds}',
		/direction: \{column: Richtung, values: \{(ausgehend: out, eingehend: in|eingehend: in, ausgehend: out)\}\}/, 'outcome: {column: Ergebnis, values: {erreicht: reached}}'])
		has(log.draft, line, `a log of calls: ${line}`);
	is(log.accepted, 3, '… and the map reads the file');
	is(run(['measure', 'count(direction = "in" and outcome = reached)', '--of', 'activities', '--book', log.book, '--format', 'json']).json.rows[0].value, 1, '… with who began, and who was reached');
	const stages = drafted('phasen.csv', rows('Chance;neue Phase;alte Phase;Datum', 'C1;Angebot;Kontakt;13.03.2026', 'C1;Gewonnen;Angebot;20.03.2026', 'C2;Angebot;Kontakt;14.03.2026'));
	for (const line of ['as: stage-history', 'opportunity: Chance', 'stage: neue Phase', 'from_stage: alte Phase', 'entered: Datum'])
		has(stages.draft, line, `stages: ${line}`);
	is(stages.accepted, 3, '… and the map reads the file');
	has(drafted('deals.csv', rows('Deal ID,Stage,Previous stage,Amount,Close date', 'D1,Won,Open,100,2026-03-01', 'D2,Lost,Open,200,2026-03-02')).draft, 'as: opportunities', 'deals that know the stage before are deals');
	const asked = drafted('liste.csv', rows('Anfrage-Nr;Ansprechpartner;Mailadresse;Partner;Eingang', 'A1;Ann Lee;ann@example.com;Alpin Technik;13.03.2026', 'A2;Bob Ray;bob@example.com;;14.03.2026'));
	for (const line of ['as: leads', 'key: Anfrage-Nr', ' name: Ansprechpartner', ' email: Mailadresse', ' partner: Partner'])
		has(asked.draft, line, `whole names go before parts of names: ${line}`);
	has(drafted('personal.csv', rows('Personalnr;Name;E-Mail;Funktion;Vorgesetzter;Team', '1;Eve Ott;eve@example.com;Vertrieb;Tom Weber;Nord')).draft, /^ {6}name: Name$/m, '… in whatever order');
	const people = drafted('kollegen.csv', rows('Name;Mailadresse;Funktion;Vorgesetzter;Team', 'Eve Ott;eve@example.com;Vertrieb;Tom Weber;Nord', 'Mia Rau;mia@example.com;Vertrieb;Tom Weber;Nord'));
	for (const line of ['as: people', 'email: Mailadresse', 'role: Funktion', 'manager: Vorgesetzter', 'team: Team'])
		has(people.draft, line, `people: ${line}`);
	const ids = [...Array(40).keys()].map((i) => `LD-${i}`);
	ids[30] = 'LD-3';
	ids[31] = '';
	const slips = drafted('anfragen.csv', rows('Lead-Nr;Firma;MA-Zahl;Eingang', ...ids.map((id, i) => `${id};F${i};1.200;${10 + i % 9}.03.2026`)));
	has(slips.draft, /^ {4}key: Lead-Nr +# twice in 1 row: the last one counts; empty in 1: not taken in$/m, 'a column of ids with slips of the pen is the key, and they are told');
	has(slips.draft, 'numbers: "1.234,56"      # like the dates', 'numbers are written like dates');
	is(run(['measure', 'max(company_size)', '--of', 'leads', '--book', slips.book, '--format', 'json']).json?.rows[0]?.value, 1200, '… and read so');
	has(drafted('anrufe.csv', rows('Lead-Nr;Wann', ...ids.map((id) => `${id};13.03.2026`))).draft, '# key: COLUMN', 'what names another record becomes no key by halves');
	has(drafted('export.csv', 'Lead ID,Status,Created\nA,accepted,2026-03-13\nB,rejected,2026-03-14\n').draft, 'as: leads', 'leads with a status are leads');

	const minutes = (column, cell) => {
		const { draft, accepted, book } = drafted('calls.csv',
			`Start,Agent,Contact,"${column}",Id\n2025-01-02 10:00,Ann,kim@example.com,${cell},c1\n2025-01-02 11:00,Bob,lee@example.com,${cell},c2\n`);

		is(accepted, 2, `${column}: the map that was drafted reads the file`);
		return { draft, sum: run(['measure', 'sum(duration_minutes)', '--of', 'activities', '--book', book, '--format', 'json']).json?.rows[0]?.value };
	};
	for (const name of ['Duration (s)', 'Duration [sec]', 'duration_seconds', 'callDurationInSeconds', 'Call duration in seconds', 'Dauer (Sek.)', 'durationsec'])
		is(minutes(name, 90).sum, 3, `${name}: 90 of them are a minute and a half`);
	for (const name of ['Duration (h)', 'duration_hours', 'Duration hrs'])
		is(minutes(name, 2).sum, 240, `${name}: two of them are 120 minutes`);
	for (const name of ['Duration (min)', 'Duration minutes', 'Duration'])
		is(minutes(name, 7).sum, 14, `${name}: minutes`);
	has(minutes('Duration', 7).draft, 'duration_minutes: Duration      # minutes? its name does not say', 'what is guessed is said');
	for (const name of ['Duration (ms)', 'durationMs', 'duration_milliseconds']) {
		const { draft } = minutes(name, 90000);

		ok(!/^ *duration_minutes:/m.test(draft), `${name}: not taken for minutes`);
		has(draft, /# no duration_minutes: .* is in another unit/, '… and that is said');
	}
	const call = minutes('Duration', 7).draft;
	for (const line of ['at: Start', 'owner: Agent', 'contact: {column: Contact, by: email}'])
		has(call, line, `a log of calls: ${line}`);
}

// ---- a row that is rejected replaces none
{
	const file = join(folder, 'twice.csv'), map = join(folder, 'twice.yaml'), book = join(folder, `book${++books}`);

	writeFileSync(map, 'map: t\nfiles: [{match: "*", as: leads, key: id, fields: {owner: owner, created: created}}]\n');
	writeFileSync(file, `id,owner,created
A,Ann,2026-03-02
B,Bob,2026-03-02
C,Cid,2026-03-02
D,Dan,2026-03-02
E,Eli,2026-02-30
F,Flo,2026-03-02
A,Eve
B,Fay,2026-02-30
C,Gus,2026-03-03
D,Hal,2026-03-04
D,Ivy,soon
E,Jan,later
F,Flo,2026-03-02
`);
	run(['init', '--book', book, '--zone', 'UTC']);
	const take = (...args) => run(['import', '--book', book, '--format', 'json', '--map', map, ...args]).json.files[0];
	const counts = (taken) => [taken.rows, taken.accepted, taken.unchanged, taken.superseded, taken.rejected];
	const owners = () => run(['rows', '--of', 'leads', '--order', 'key', '--columns', 'key, owner', '--format', 'csv', '--book', book]).out.replace(/\r/g, '');

	deep_equal(counts(take('--dry-run', file)), [13, 5, 1, 2, 5], 'ids that stand more than once: a try');
	is(take('--strict', file).refused, true, 'strictly nothing goes in');
	const taken = take(file);
	deep_equal(counts(taken), [13, 5, 1, 2, 5], 'all that is good goes in, and each bad row is rejected');
	has(owners(), 'A,Ann\nB,Bob\nC,Gus\nD,Hal\nF,Flo\n', 'of each id the last good row counts');
	has(taken.notes.join(), '2 rows have a key that stands again below with different contents', 'what gave way gave way to a good row');
	deep_equal(counts(take(file)), [13, 0, 6, 2, 5], 'read again, nothing changes');
	const rejected = readFileSync(taken.rejected_file, 'utf8');
	deep_equal(rejected.match(/^\d+/gm), ['6', '8', '9', '12', '13'], 'the rejects have the bad ones');
	writeFileSync(taken.rejected_file, rejected.replace(/,2026-02-30$/m, ',2026-03-05').replace(/,2026-02-30$/m, ',2026-03-06').replace(/,soon$/m, ',2026-03-07'));
	deep_equal(counts(take(taken.rejected_file)).slice(3), [0, 2], 'mended');
	has(owners(), 'A,Ann\nB,Fay\nC,Gus\nD,Ivy\nE,Eli\nF,Flo\n', '… they are the newest word');
}

// ---- reasons are text, however long the cell
{
	const cell = `x${'ä'.repeat(40)}`;
	const bad = take('as: leads\nkey: Id\nfields: {created: At}', `Id,At\n1,${cell}\n`);

	has(bad.file.problems[0].text, `"x${'ä'.repeat(29)}" is not a date`, 'a long cell is cut between two letters');
}
// ---- what was rejected is told, and steers no terminal
{
	const bad = take('as: leads\nkey: Id\nfields: {created: At}', 'Id,At\n1,2024-01-05\n2,\x1b]0;mine\x07\u009b31m\n3,soon\n');
	const report = run(['report', 'data-quality', '--book', bad.book, '--format', 'json']).json;

	has(report.notes.join('\n'), /^Rejected when they were imported, .*: 2 rows \(2 of book\d+\.csv\)/m, 'the quality of data: rejected rows are counted');
	const good = take('as: leads\nkey: Id\nfields: {created: At}', 'Id,At\n1,2024-01-05\n');
	has(run(['report', 'data-quality', '--book', good.book, '--format', 'json']).json.notes.join('\n'), 'No row of the files that were imported was rejected', '… and none are');
	has(bad.file.problems[0].text, '\x1b]0;mine', 'a program gets the cell as it stands');
	const terminal = spawnSync('script', ['-qec', `${program} import --book ${bad.book} --map ${bad.map} ${bad.book}.csv`, '/dev/null'],
		{ env: { ...process.env, LC_ALL: 'C.UTF-8', NO_COLOR: '1' } });
	if (terminal.error)
		skip('no script(1) here', 'a terminal');
	else
		ok(/is not a date/.test(terminal.stdout) && !/\x1b\]|\u009b/.test(terminal.stdout), 'a terminal gets none of its control characters');
}
done();
