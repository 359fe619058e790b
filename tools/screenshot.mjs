#!/usr/bin/env node
// The pictures in README.md: the top of the demonstration's weekly page, and a seller's desk at nine on the morning after it ends.
// `make screenshot` writes docs/weekly.png and docs/desk.png.

import { join } from 'node:path';
import { close_browser, open_page } from '../tests/browser.mjs';
import { add_account, password, serve, sign_in } from '../tests/serve.mjs';
import { root } from '../tests/tap.mjs';

const demo = join(root, 'build', 'demo');

const weekly = await open_page(`file://${join(demo, 'weekly.html')}`, { width: 1100, height: 1400 });
await weekly.screenshot({ path: join(root, 'docs', 'weekly.png') });

// Four came in this morning.
const book = join(demo, 'book.lockstep');
add_account(book, 'anke', '--role', 'sales rep', '--name', 'Anke Kovar');
add_account(book, 'boss', '--role', 'sales manager', '--name', 'Head of Sales');
const server = await serve(book, { now: '2025-06-30T09:10:00+02:00' });
const boss = await sign_in(server, 'boss');
for (const [name, company, title, company_size, source] of [['Greta Aldinger', 'Nordmark Dairy', 'Plant manager', 120, 'Customer referral'], ['Piet van Loon', 'Van Loon Brewing', 'Head of maintenance', 64, 'Reseller'],
	['Ayşe Demir', 'Demir Pharma', 'Quality manager', 210, 'Customer referral'], ['Conor Walsh', 'Walsh Foods', 'Owner', 35, 'Customer referral']]) {
	const { json } = await boss('POST', '/api/leads', { name, company, title, company_size, source, region: 'North', country: 'Germany', phone: `+49 40 5550${company_size}`,
		email: `${name.split(' ')[0].toLowerCase().replace('ş', 's')}@${company.toLowerCase().replaceAll(' ', '-')}.example`, note: 'Asked how soon we can deliver, and for a sample.' });
	if (json.owner !== 'Anke Kovar')
		await boss('POST', `/api/leads/${json.lead}/steps`, { step: 'assign', to: 'Anke Kovar' });
}
const page = await open_page(`http://127.0.0.1:${server.port}/`, { width: 1280, height: 800 });
await page.getByLabel('Login', { exact: true }).fill('anke');
await page.getByLabel('Password').fill(password);
await page.keyboard.press('Enter');
await page.locator('.pane .line li').first().waitFor();
await page.screenshot({ path: join(root, 'docs', 'desk.png') });
await close_browser();
await server.stop();
process.removeAllListeners('exit'); // tap.mjs would miss its done()
