// Two worlds for tests of who sees what: one book with rows of a seller, of a partner and of others; and one without the others'.
// What is others' bears the mark QZX in every text, so that one look at an answer tells whether anything of it is there.
//
// `rows` says what stands for the names in a path: mine for a role that sees only some rows, and somebody else's.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root, run } from './tap.mjs';
import { add_account } from './serve.mjs';

export const roles = ['executive', 'marketing', 'sales manager', 'sales rep', 'nurture', 'partner', 'facilitator', 'viewer', 'admin'];
export const login_of = (role) => role.replace(' ', '-');
export const MARK = 'QZX';
const EACH = 60; // leads of each kind: a step is told of each once, as two in one second would wait

// Whoever sees less than everything: the letter of its leads.
export const narrow = { 'sales rep': 'R', partner: 'P' };

let turn = 0;
const lead = (letter) => `${letter}${turn++ % EACH + 1}`;
// Of leads' numbers every nth has one.
const record = (kind, every) => ({ mine: (role) => `${kind}${narrow[role] ?? 'R'}${every}`, others: () => `${kind}X${every}`, none: 'N0' });
export const rows = {
	'/api/leads/{key}': { mine: (role) => lead(narrow[role] ?? 'R'), others: () => lead('X'), none: 'N0' },
	'/api/reports/{name}': { any: 'weekly' },
	'/api/kpis/{name}': { any: 'leads' },
	'/api/agreement/versions/{number}': { any: '1' },
	'/api/opportunities/{key}': record('D', 3),
	'/api/touches/{key}': record('T', 1),
	'/api/activities/{key}': record('A', 1),
	'/api/orders/{key}': record('O', 6),
	'/api/spend/{key}': { any: 'SR' },
	'/api/contacts/{key}': record('K', 6),
	'/api/companies/{key}': { mine: (role) => `C${narrow[role] ?? 'R'}`, others: () => 'CX', none: 'N0' },
	'/api/people/{key}': { any: 'Ona Rep' },
	'/api/campaigns/{key}': { any: 'spring' },
	'/api/teams/{key}': { any: 'north' },
	'/api/stages/{key}': { any: 'Won' },
	'/api/partners/{key}': { any: 'Acme' },
	'/api/imports/{number}': { any: '2' },
	'/api/imports/jobs/{job}': { any: '1' },
	'/api/imports/files/{file}': { any: '0123456789abcdef' },
	'/api/tokens/{id}': { any: '0123456789abcdef' },
	'/api/forms/{name}': { any: 'demo' },
	'/forms/{name}': { any: 'demo' },
	'/api/hooks/{name}': { any: 'shop' },
	'/hooks/{name}': { any: 'shop' },
	'/api/outbox/{id}': { any: 'msg_AAAAAAAAAAAAAAAAAAAAAAAA' },
	'/api/outlets/{id}': { any: 'crm' },
	'/confirm/{form}/{lead}/{proof}': { any: 'demo' },
	'/feeds/{feed}': { any: '1-none' },
	'/api/sessions/{id}': { any: '0123456789abcdef' },
	'/api/accounts/{id}': { any: String(roles.length + 1) }, // nobody's who asks
};

// What stands for the names of a path, by the longest beginning that is known; undefined: nobody said.
export function row_of(path) {
	const known = Object.keys(rows).filter((p) => path === p || path.startsWith(`${p}/`)).sort((a, b) => b.length - a.length)[0];
	return known && { ...rows[known], prefix: known, rest: path.slice(known.length) };
}
export const put = (row, key) => row.prefix.replace(/\{[^}]*\}/, encodeURIComponent(key)) + row.rest;

const kinds = {
	R: { owner: 'Rita Rep', team: 'north', partner: '', tag: 'Rep' },
	P: { owner: 'Rolf Rest', team: 'south', partner: 'Acme', tag: 'Acme' },
	X: { owner: `${MARK} Seller`, team: `${MARK} team`, partner: `${MARK} Partner`, tag: MARK },
};

function table(folder, name, header, lines) {
	writeFileSync(join(folder, `${name}.csv`), `${[header, ...lines].join('\n')}\n`);
	return join(folder, `${name}.csv`);
}

// letters: whose rows are in it.
export function make_world(folder, letters) {
	const book = join(folder, `world-${letters.join('')}`);
	const all = letters.flatMap((letter) => Array.from({ length: EACH }, (_, i) => ({ letter, i: i + 1, ...kinds[letter] })));
	const day = (i, plus = 0) => `2026-02-${String(2 + (i % 20) + plus).padStart(2, '0')}`;
	const lockstep = (now, ...args) => {
		const result = run(args.concat('--book', book), { env: { LOCKSTEP_NOW: now } });
		if (result.code)
			throw new Error(`lockstep ${args.join(' ')}: ${result.err}`);
	};
	const files = [
		table(folder, 'leads', 'id,name,email,phone,company,company_size,country,region,segment,industry,created,source,campaign,owner,team,partner,product,notes', all.map((r) =>
			`${r.letter}${r.i},${r.tag} Person ${r.i},${r.letter}${r.i}@${r.tag}.example,+49 30 ${r.letter.charCodeAt(0)}${1000 + r.i},${r.tag} Works ${r.i},${40 + r.i},Germany,${r.tag} region,${r.tag} segment,software,${day(r.i)} 09:${10 + r.i % 40},webinar,${r.tag} campaign,${r.owner},${r.team},${r.partner},${r.tag} product,${r.tag} note`)),
		table(folder, 'touches', 'id,lead,kind,at,campaign,source', all.map((r) => `T${r.letter}${r.i},${r.letter}${r.i},webinar,${day(r.i)} 09:${10 + r.i % 40},${r.tag} campaign,${r.tag} source`)),
		table(folder, 'activities', 'id,lead,kind,at,owner,outcome', all.map((r) => `A${r.letter}${r.i},${r.letter}${r.i},call,${day(r.i, 1)} 11:00,${r.owner},${r.tag} outcome`)),
		table(folder, 'deals', 'id,lead,name,created,owner,team,partner,amount,stage', all.filter((r) => r.i % 3 === 0).map((r) =>
			`D${r.letter}${r.i},${r.letter}${r.i},${r.tag} deal ${r.i},${day(r.i, 2)} 12:00,${r.owner},${r.team},${r.partner},${r.i}000,Quote`)),
		table(folder, 'companies', 'id,name,industry,owner,team,partner', letters.map((l) => `C${l},${kinds[l].tag} Holding,${kinds[l].tag} trade,${kinds[l].owner},${kinds[l].team},${kinds[l].partner}`)),
		table(folder, 'contacts', 'id,name,email,company,owner', all.filter((r) => r.i % 6 === 0).map((r) => `K${r.letter}${r.i},${r.tag} Contact ${r.i},k${r.i}@${r.tag}.example,C${r.letter},${r.owner}`)),
		table(folder, 'spend', 'id,day,campaign,partner,team,amount', letters.map((l) => `S${l},2026-02-02,${kinds[l].tag} campaign,${kinds[l].partner},${kinds[l].team},1000`)),
		table(folder, 'orders', 'id,lead,name,owner,team,partner,booked,amount', all.filter((r) => r.i % 6 === 0).map((r) =>
			`O${r.letter}${r.i},${r.letter}${r.i},${r.tag} order ${r.i},${r.owner},${r.team},${r.partner},${day(r.i, 3)} 12:00,${r.i}00`)),
	];
	writeFileSync(join(folder, 'map.yaml'), `map: world
source: crm
currency: EUR
files:
  - {match: leads.csv, as: leads, key: id, fields: {name: name, email: email, phone: phone, company: company, company_size: company_size, country: country, region: region, segment: segment, industry: industry, created: created, source: source, campaign: campaign, owner: owner, team: team, partner: partner, product: product, notes: notes}}
  - {match: touches.csv, as: touches, key: id, fields: {lead: lead, kind: kind, at: at, campaign: campaign, source: source}}
  - {match: activities.csv, as: activities, key: id, fields: {lead: lead, kind: kind, at: at, owner: owner, outcome: outcome}}
  - {match: deals.csv, as: opportunities, key: id, fields: {lead: lead, name: name, created: created, owner: owner, team: team, partner: partner, amount: amount, stage: stage}, stages: {Quote: open}}
  - {match: companies.csv, as: accounts, key: id, fields: {name: name, industry: industry, owner: owner, team: team, partner: partner}}
  - {match: contacts.csv, as: contacts, key: id, fields: {name: name, email: email, account: company, owner: owner}}
  - {match: spend.csv, as: spend, key: id, fields: {day: day, campaign: campaign, partner: partner, team: team, amount: amount}}
  - {match: orders.csv, as: orders, key: id, fields: {lead: lead, name: name, owner: owner, team: team, partner: partner, booked: booked, amount: amount}}
`);
	lockstep('2026-01-02T09:00:00Z', 'init', '--zone', 'Europe/Berlin', '--currency', 'EUR');
	lockstep('2026-01-02T09:00:00Z', 'agreement', 'propose', join(root, 'examples/agreements/small-b2b.yaml'));
	for (const who of ['Head of Marketing', 'Head of Sales'])
		lockstep('2026-01-02T09:00:00Z', 'agreement', 'sign', '--as', who);
	lockstep('2026-03-05T08:00:00Z', 'import', '--map', join(folder, 'map.yaml'), ...files);
	lockstep('2026-03-05T08:00:00Z', 'form', 'add', 'demo', '--title', 'Call me', '--asks', 'name* email* company', '--by', 'Head of Marketing');
	writeFileSync(join(folder, 'shop.yaml'), 'map: shop\nsource: shop\ncolumns: optional\nfiles:\n  - match: "*"\n    as: leads\n    key: id\n    fields: {name: name, email: email}\n');
	lockstep('2026-03-05T08:00:00Z', 'hook', 'add', 'shop', '--map', join(folder, 'shop.yaml'), '--by', 'Head of Marketing');
	for (const role of roles)
		add_account(book, login_of(role), '--role', role, '--name', role === 'sales rep' ? 'Rita Rep' : `The ${role}`,
			...(role === 'sales rep' ? ['--team', 'north'] : []), ...(role === 'partner' ? ['--partner', 'Acme'] : []));
	add_account(book, 'somebody', '--role', 'viewer');
	return book;
}
