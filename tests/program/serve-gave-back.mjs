#!/usr/bin/env node
// What sales gives back reaches who sent it: the reason is counted and reported, other programs and the event stream hear of it, and of its being
// taken back. Each lead that was handed over is in one state.

import http from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { deep_equal, done, has, is, ok, run, temporary_folder } from '../tap.mjs';
import { add_account, make_book, serve, sign_in } from '../serve.mjs';

const book = make_book(temporary_folder());
const lockstep = (...args) => run([...args, '--book', book], { env: { LOCKSTEP_NOW: '2026-03-05T09:30:00Z' } });
add_account(book, 'boss', '--role', 'admin,sales manager', '--name', 'Head of Sales');
is(lockstep('outlet', 'add', 'crm', '--url', 'https://crm.example.com/in', '--kinds', 'lead.*').code, 0, 'another program listens');
const again = lockstep('outlet', 'add', 'crm', '--url', 'https://crm.example.com/in');
deep_equal([again.code, again.err], [1, 'lockstep outlet: id: there is an outlet of this id already\n'], 'one of each id');

const server = await serve(book, { now: '2026-03-05T09:00:00Z' });
const boss = await sign_in(server, 'boss');
const steps = (lead, step, more = {}) => boss('POST', `/api/leads/${lead}/steps`, { step, ...more });
const reasons = async () => {
	const { rows } = (await boss('GET', `/api/measures?measure=${encodeURIComponent('count(rejected)')}&of=leads&by=reason`)).json;
	return Object.fromEntries(rows.filter((r) => r.value).map((r) => [r.by[0] ?? '', r.value]));
};
const sent = () => JSON.parse(lockstep('outbox', 'list', '--state', 'all', '--format', 'json').out).messages.map((m) => [m.kind, m.facts]);

// ---- a stream ----
const heard = [];
{
	const { headers } = await boss('GET', '/api/me');
	ok(headers, 'signed in');
	const cookie = (await new Promise((resolve) => {
		const request = http.request({ host: '127.0.0.1', port: server.port, method: 'POST', path: '/api/session', headers: { 'Content-Type': 'application/json' } }, (response) => (response.resume(), resolve(response)));
		request.end(JSON.stringify({ login: 'boss', password: 'correct horse battery' }));
	})).headers['set-cookie'][0].split(';')[0];
	http.get({ host: '127.0.0.1', port: server.port, path: '/api/events', agent: false, headers: { Cookie: cookie } }, (response) => {
		response.on('error', () => {});
		response.on('data', (bytes) => {
			for (const [, data] of bytes.toString().matchAll(/^data: (.*)$/gm))
				heard.push(JSON.parse(data));
		});
	}).on('error', () => {});
}

// ---- told at the desk, and counted ----
is((await boss('POST', '/api/leads/L1/hand-over', {})).status, 200, 'a lead is handed over');
has((await boss('GET', '/api/reports/funnel')).json.sentences.map((s) => s.text).join(' '), 'Of the leads that came in, 1 was handed to sales, 0 of them given back; the book has no opportunity yet.', 'the funnel tells how far they are');
is((await steps('L1', 'accept')).status, 200, 'accepted');
is((await steps('L1', 'reject', { reason: 'no need' })).status, 200, 'and given back after all');
deep_equal(await reasons(), { 'no need': 1 }, 'with its reason');
is(lockstep('lead', 'hand-over', 'L4', '--override', 'asked by telephone', '--by', 'Head of Sales').code, 0, 'another is handed over');
is(lockstep('lead', 'reject', 'L4', '--reason', 'too small', '--by', 'Head of Sales').code, 0, 'and given back at the command line');
deep_equal(await reasons(), { 'no need': 1, 'too small': 1 }, 'likewise');
deep_equal(Object.fromEntries(JSON.parse(lockstep('measure', 'count(rejected)', '--of', 'leads', '--by', 'reason', '--format', 'json').out).rows.filter((r) => r.value).map((r) => [r.by[0], r.value])),
	{ 'no need': 1, 'too small': 1 }, 'and so does who loads the book anew');
{
	const report = (await boss('GET', '/api/reports/handed-over?format=text')).text;
	has(report.replace(/\s+/g, ' '), /accepted and kept 0 of 2 .*, gave back 2 of 2 .*, and has not answered on 0 of 2/, 'each is counted once');
	has(report, /Of those given back 1 had been accepted first\./, 'and what came between is told');
	has(report, /no need +1/, 'why they came back');
}

// ---- taken back ----
is((await boss('POST', '/api/leads/L1/undo', { reason: 'a slip' })).status, 200, 'taken back');
deep_equal(await reasons(), { 'too small': 1 }, 'it counts no more');
for (let i = 0; i < 100 && !heard.some((e) => e.kind === 'undone'); i++)
	await sleep(30);
deep_equal(heard.filter((e) => e.kind === 'undone').map((e) => [e.lead, e.source])[0], ['L1', 'crm'], 'who listens hears that it was undone');
deep_equal(sent().filter(([kind]) => kind === 'lead.undone').map(([, facts]) => [facts.lead, facts.steps.split(', ').sort().join(), facts.by, facts.reason]), [['L1', 'recycled,rejected', 'Head of Sales', 'a slip']], 'and so do other programs, with what it was');
is((await boss('GET', '/api/leads/L1')).json.life, 'accepted', 'it is as before');

is((await server.stop()).code, 0, 'it stops');
is(lockstep('verify').code, 0, 'the book is sound');
done();
