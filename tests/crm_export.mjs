// An export of a CRM as small companies have it: a list of deals without a lead, and a log of calls from the telephone system. The same
// numbers give the same files.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

const FIRST = ['Anna', 'Ben', 'Carla', 'Deepa', 'Emil', 'Farah', 'Gus', 'Hana', 'Ivo', 'Jill', 'Kofi', 'Lena', 'Mo', 'Nora', 'Otto', 'Pia'];
const LAST = ['Abbott', 'Brown', 'Castillo', "D'Angelo", 'Evans', 'Fischer', 'García', 'Huang', 'Ito', 'Jones', 'Kowalski', 'López', 'Meyer', 'Novak', "O'Neil", 'Park'];
const OWNERS = ['Tess Vance', 'Raj Patel', 'Mike Doyle', 'Ana Souza', 'Liv Berg', 'Tom Weber', 'Kim Lee', 'Sam Hill'];
const SOURCES = ['Website', 'Referral', 'Trade Show', 'Cold Call', 'Partner', ''];
const REASONS = ['Price', 'No budget', 'Chose competitor', 'No decision', 'Timing'];
const STAGES = ['New Lead', 'Contacted', 'Quote Sent', 'Negotiation', 'Closed Won', 'Closed Lost'];
const STATUSES = [['Connected', 45], ['No Answer', 30], ['Left Voicemail', 15], ['Busy', 7], ['Wrong Number', 3]];

function dice(seed) {
	let state = seed;
	return (n) => {
		state = (Math.imul(state ^ (state >>> 15), 2246822519) + 0x9e3779b9) >>> 0;
		let x = state;
		x = Math.imul(x ^ (x >>> 16), 0x45d9f3b) >>> 0;
		return ((x ^ (x >>> 16)) >>> 0) % n;
	};
}

const two = (n) => String(n).padStart(2, '0');
// Local time as the telephone system writes it: 03/14/2025 9:05 AM
const american = (minute) => {
	const d = new Date(Date.UTC(2024, 0, 1, 0, minute));
	const h = d.getUTCHours();
	return `${two(d.getUTCMonth() + 1)}/${two(d.getUTCDate())}/${d.getUTCFullYear()} ${h % 12 || 12}:${two(d.getUTCMinutes())} ${h < 12 ? 'AM' : 'PM'}`;
};
const clock = (seconds) => `${Math.floor(seconds / 3600)}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
const csv = (cells) => cells.map((cell) => (/[",\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)).join(',');

function status_of(roll) {
	let n = roll(100);
	return STATUSES.find(([, share]) => (n -= share) < 0)[0];
}

// A working minute from `minute` on: Monday to Friday, 8:00 to 17:59.
function at_work(minute) {
	const day = Math.floor(minute / 1440), of_day = minute % 1440;
	const shift = [0, 0, 0, 0, 0, 2, 1][day % 7]; // 2024-01-01 was a Monday
	return (day + shift) * 1440 + (shift || of_day < 480 ? 480 + of_day % 120 : of_day >= 1080 ? 1440 + 480 + of_day % 60 : of_day);
}

// Returns what the files say, to be compared with reports.
export function crm_export(folder, { deals, calls, seed = 7 }) {
	const roll = dice(seed);
	const people = [], deal_lines = [], call_rows = [];
	const truth = { first_response: 0, conversations: 0, attempts: 0, minutes: 0, by_owner: {}, strangers: 0 };
	const year = 365 * 1440;
	for (let i = 0; i < deals; i++) {
		const contact = `${FIRST[roll(16)]} ${LAST[roll(16)]} ${i}`, created = at_work(Math.floor((i * 1.5 * year) / deals) + roll(600));
		const stage = STAGES[roll(6)], owner = OWNERS[roll(8)];
		const closed = stage.startsWith('Closed') ? american(at_work(created + 1440 * (5 + roll(60)))) : '';
		people.push({ contact, owner, created, id: `D-${10000 + i}`, called: [] });
		deal_lines.push([`D-${10000 + i}`, `${contact} deal`, contact, american(created), owner, stage, stage === 'Closed Lost' ? REASONS[roll(5)] : '',
			SOURCES[roll(6)], closed, stage === 'New Lead' ? '' : `$${1 + roll(90)},${100 + roll(900)}.00`]);
	}
	for (let i = 0; i < calls; i++) {
		const stranger = roll(12) === 0;
		const person = people[roll(people.length)];
		const inbound = roll(6) === 0, status = inbound ? (roll(3) ? 'Connected' : 'Missed') : status_of(roll);
		const at = at_work(person.created + Math.floor(roll(1440 * 20) / (1 + roll(20))));
		const seconds = status === 'Connected' ? 20 + roll(2400) : status === 'Left Voicemail' ? 15 + roll(40) : 0;
		call_rows.push({ at, cells: [american(at), person.owner, stranger ? `+1 555 ${1000000 + i}` : person.contact, inbound ? 'Inbound' : 'Outbound', clock(seconds), status] });
		truth.minutes += Math.round((seconds * 100) / 60) / 100;
		truth.by_owner[person.owner] = (truth.by_owner[person.owner] ?? 0) + 1;
		if (stranger)
			truth.strangers++;
		else
			person.called.push({ at, inbound, status });
	}
	call_rows.sort((a, b) => a.at - b.at);
	for (const person of people) {
		const answers = person.called.filter((call) => !call.inbound || call.status === 'Connected');
		truth.first_response += answers.length > 0;
		truth.conversations += person.called.filter((call) => call.status === 'Connected').length;
		truth.attempts += person.called.filter((call) => !call.inbound).length;
	}
	writeFileSync(join(folder, 'deals.csv'), `${[['Deal ID', 'Deal Name', 'Contact', 'Created', 'Owner', 'Stage', 'Lost Reason', 'Source', 'Closed', 'Value'], ...deal_lines].map(csv).join('\n')}\n`);
	writeFileSync(join(folder, 'calls.csv'), `${[['Call Start Time', 'Owner', 'Contact', 'Direction', 'Duration', 'Status'], ...call_rows.map((row) => row.cells)].map(csv).join('\n')}\n`);
	return truth;
}
