// A book of its own for a test, and what people do with it; tables read back.
//
//	const { at, lockstep, lead, comes, till } = new_book({ zone: 'UTC', agreement: text, signed_by: ['Mia', 'Sam'], map });
//	till('2026-03-02T10:00:00Z');                          // the program's clock
//	comes('leads.csv', 'id,created\nL1,2026-03-02 09:00\n');  // imported by the map
//	says(lead('accept', 'L1'), 'L1: accepted', 'accept');

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { has, is, ok, root, run, temporary_folder } from './tap.mjs';

export const small_b2b = { agreement: join(root, 'examples/agreements/small-b2b.yaml'), signed_by: ['Head of Marketing', 'Head of Sales'] };

// agreement: the path of a text, or the text itself. Without `zone` no book is made, only the folder and the words for it.
export function new_book({ zone, currency = 'EUR', agreement, signed_by = [], map, now = '2026-01-02T09:00:00Z', name = 'book' } = {}) {
	const folder = temporary_folder();
	const at = (file) => join(folder, file);
	const put = (file, text) => {
		writeFileSync(at(file), text);
		return at(file);
	};
	const lockstep = (command, ...args) => run([command, '--book', at(name), ...args], { env: { LOCKSTEP_NOW: now } });
	const till = (time) => { now = time; };
	const agree = (text, people) => {
		works(lockstep('agreement', 'propose', text.includes('\n') ? put('agreement.yaml', text) : text), 'an agreement is proposed');
		for (const who of people)
			works(lockstep('agreement', 'sign', '--as', who), `${who} signs`);
	};
	// Pairs of a file's name and its lines.
	const comes = (...files) => {
		const paths = [];
		for (let i = 0; i < files.length; i += 2)
			paths.push(put(files[i], files[i + 1]));
		return works(lockstep('import', '--map', at('map.yaml'), ...paths), `${files.filter((_, i) => i % 2 === 0).join(', ')} comes in`);
	};

	if (map)
		put('map.yaml', map);
	if (zone)
		works(lockstep('init', '--zone', zone, '--currency', currency), 'init');
	if (agreement)
		agree(agreement, signed_by);
	return {
		folder, at, put, lockstep, till, agree, comes,
		book: at(name),
		lead: (...args) => lockstep('lead', ...args),
		shown: (key) => lockstep('lead', 'show', key, '--format', 'json').json,
	};
}

// ---- what an answer is held against ----

export function works(answer, name) {
	is(answer.code, 0, answer.code ? `${name}: ${answer.err}` : name);
	return answer;
}

// Exactly this, on standard output.
export function says(answer, text, name) {
	is(answer.out.trimEnd(), text, name);
	if (answer.code)
		ok(false, `${name}: exit ${answer.code}: ${answer.err}`);
}

// Refused, with this in the words, however they are broken into lines.
export function refused(answer, text, name) {
	is(answer.code, 1, `${name}: refused`);
	has(flat(answer.err), text, name);
}

export const flat = (text) => text.replace(/\s+/g, ' ');

// ---- tables ----

// The rows of a table in CSV by their columns' names; quotes as RFC 4180 has them, but for line ends inside.
export function table(text) {
	const [header, ...lines] = text.trim().split(/\r?\n/).map((line) =>
		line.match(/("([^"]|"")*"|[^,]*)(,|$)/g).map((c) => c.replace(/,$/, '').replace(/^"|"$/g, '').replaceAll('""', '"')));

	return lines.map((cells) => Object.fromEntries(header.map((name, i) => [name, cells[i]])));
}
