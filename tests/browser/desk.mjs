#!/usr/bin/env node
// The desk, a lead and the queue of nurture in a real browser: each main task by mouse and by keyboard alone, undo, what somebody else did
// meanwhile, script in every text, the dark, a phone.

import { deep_equal, done, has, is, ok, temporary_folder } from '../tap.mjs';
import { add_account, make_book, password, serve, sign_in } from '../serve.mjs';
import { close_browser, open_page, violations } from '../browser.mjs';

const book = make_book(temporary_folder());
add_account(book, 'boss', '--name', 'Head of Sales', '--role', 'sales manager');
add_account(book, 'one', '--role', 'sales rep', '--name', 'Seller One');
add_account(book, 'nora', '--role', 'nurture', '--name', 'Nora');
const server = await serve(book, { now: '2026-03-05T08:00:00Z' });
const at = (path) => `http://127.0.0.1:${server.port}${path}`;
const boss = await sign_in(server, 'boss');
const one = await sign_in(server, 'one');

const nasty = (what) => `<img src=x onerror="window.hit='${what}'">"'><script>window.hit='${what}'</script>{{1}}\${2} ${what}`;
const given = [];
async function give(fields) {
	const { json } = await boss('POST', '/api/leads', { country: 'Germany', company_size: 50, industry: 'Dairy', ...fields });
	const told = await boss('POST', `/api/leads/${json.lead}/hand-over`, { to: 'Seller One', override: nasty('override') });
	if (told.status === 409)
		await boss('POST', `/api/leads/${json.lead}/steps`, { step: 'assign', to: 'Seller One', reason: nasty('why') });
	given.push(json.lead);
	return json.lead;
}
const anna = await give({ name: 'Anna Able', company: 'Able AG', email: 'anna@able.example', phone: '+49 231 1' });
const bert = await give({ name: 'Bert Blunt', company: 'Blunt KG' });
const evil = await give(Object.fromEntries(['name', 'company', 'title', 'phone', 'product', 'source', 'campaign', 'region', 'segment', 'note'].map((name) => [name, nasty(name)])));
const lead = async (key) => (await boss('GET', `/api/leads/lockstep:${key}`)).json;
const story = async (key) => (await boss('GET', `/api/leads/lockstep:${key}/story`)).json;
const contacts = async (key) => (await story(key)).line.filter((item) => item.what === 'contact').map((item) => `${item.text} ${item.about}`);
const quiet = (page) => page.complaints.filter((text) => !/status of 4/.test(text)); // the browser remarks on every such answer

async function open(path, login, options) {
	const page = await open_page(at(path), options);
	await page.getByLabel('Login', { exact: true }).fill(login);
	await page.getByLabel('Password').fill(password);
	await page.keyboard.press('Enter');
	await page.locator('.top').waitFor();
	await page.locator('h1').waitFor();
	return page;
}
const note = (page, text) => page.locator('.note', { hasText: text }).waitFor();
const until = async (what, test) => {
	for (let i = 0; i < 100; i++) {
		if (await test())
			return ok(true, what);
		await new Promise((resolve) => setTimeout(resolve, 50));
	}
	return ok(false, what);
};

// ---- the desk by keyboard alone ----
{
	const page = await open('/desk', 'one', { width: 1280 });
	const chosen = () => page.locator('.row[aria-current] .who b').textContent();
	const key = (name) => page.keyboard.press(name);
	await page.locator('.row').first().waitFor();
	is(await page.locator('.row').count(), 4, 'what was handed over, or was theirs already, lies on the desk');
	deep_equal(await violations(page), [], 'desk: axe-core has no objection');
	await page.shot('desk');
	for (let i = 0; i < 7 && (await chosen()) !== 'Anna Able'; i++)
		await key('j');
	is(await chosen(), 'Anna Able', 'j leads to the next');
	ok(await page.evaluate(() => document.activeElement.matches('.row[aria-current]')), 'which has the focus');
	await page.locator('.pane', { hasText: 'anna@able.example' }).waitFor();
	has(await page.locator('.pane').textContent(), 'first contact', 'beside it who it is, with the clocks');

	await key('c');
	await page.getByRole('dialog').waitFor();
	deep_equal(await violations(page), [], 'what came of a call: axe-core has no objection');
	await key('2');
	await note(page, 'Call logged: Anna Able, no answer.');
	has(await page.locator('.row[aria-current]').textContent(), 'just tried', 'a call shows at once');
	await key('u');
	await page.locator('.row[aria-current]', { hasText: 'not tried yet' }).waitFor();
	deep_equal(await contacts(anna), [], 'and is taken back before it is told');
	await key('c');
	await key('1');
	await note(page, 'reached');
	await key('a');
	await note(page, 'Anna Able accepted.');
	is((await lead(anna)).life, 'accepted', 'accepted');
	await until('and the call was told with it', async () => (await contacts(anna)).join() === 'call reached');
	await key('+');
	await note(page, 'in the sweet spot');
	await key('u');
	await note(page, 'Taken back: Anna Able is in the sweet spot.');
	is((await lead(anna)).sweet_spot, null, 'a first mark is taken back before it is told');
	await key('+');
	await note(page, 'Anna Able is in the sweet spot.Undo');
	await key('s');
	await key('3');
	await note(page, 'Anna Able comes back tomorrow 08:30.');
	await until('in the sweet spot', async () => (await lead(anna)).sweet_spot?.in === true);
	await page.locator('.aside', { hasText: 'Anna Able' }).waitFor();
	ok((await chosen()) !== 'Anna Able', 'what is put aside goes to the end, and the next is chosen');
	await until('put aside', async () => (await one('GET', '/api/desk')).json.leads.some((l) => l.lead === anna && /T08:30/.test(l.snoozed)));
	await key('u');
	await until('and taken up again', async () => (await one('GET', '/api/desk')).json.leads.some((l) => l.lead === anna && !l.snoozed));
	for (let i = 0; i < 7 && (await chosen()) !== 'Bert Blunt'; i++)
		await key('k');
	await key('x');
	await page.getByRole('dialog').waitFor();
	const reason = await page.locator('.choices button span').first().textContent();
	await key('1');
	await note(page, `Bert Blunt rejected: ${reason}.`);
	await until('rejected for an agreed reason', async () => (await lead(bert)).steps.some((s) => s.step === 'rejected' && s.reason === reason));
	await key('u');
	await note(page, `Taken back: Bert Blunt rejected: ${reason}.`);
	await until('taken back', async () => (await lead(bert)).life === 'handed over');
	await page.locator('.row[aria-current]', { hasText: 'Bert Blunt' }).waitFor();
	ok(true, 'who it was is chosen again: the next key is for them');
	deep_equal(quiet(page), [], 'the console stays empty under the policy');
	await page.context().close();
}

// ---- by mouse; somebody else meanwhile ----
{
	const page = await open('/desk', 'one', { width: 1280 });
	await page.locator('.row', { hasText: 'Bert Blunt' }).click();
	await page.locator('.pane h2', { hasText: 'Bert Blunt' }).waitFor();
	const other = await open(`/leads/lockstep:${bert}`, 'boss', { width: 1280 });
	await page.route('**/api/events', (route) => route.abort());
	await page.route('**/api/desk*', (route) => route.abort());
	await other.getByRole('button', { name: 'Wants no contact' }).click();
	await other.keyboard.press('1');
	await note(other, 'Nobody contacts Bert Blunt any more.');
	await page.getByRole('button', { name: 'Accept' }).click();
	await note(page, 'Somebody decided about this lead while you looked at it');
	is((await lead(bert)).life, 'handed over', 'two browsers: who decides by what is over is told, and nothing is done');
	await other.context().close();
	await page.unroute('**/api/desk*');
	await boss('POST', `/api/leads/${bert}/undo`, {});
	await page.reload();
	await page.locator('.row', { hasText: 'Bert Blunt' }).click();
	await page.getByRole('button', { name: 'Meeting' }).click();
	await page.getByLabel('Note (optional)').fill('met at the fair');
	await page.getByRole('button', { name: 'held', exact: false }).click();
	await note(page, 'Meeting logged');
	await page.getByRole('button', { name: 'Accept' }).click();
	await note(page, 'Bert Blunt accepted.');
	await until('a meeting and accepted, by mouse', async () => (await lead(bert)).life === 'accepted' && (await contacts(bert)).join() === 'meeting held');
	await page.context().close();
}

// ---- it lives ----
{
	const page = await open('/desk', 'one', { width: 1280 });
	await page.locator('.row').first().waitFor();
	await give({ name: 'Cora Quick', company: 'Quick GmbH' });
	await page.locator('.row', { hasText: 'Cora Quick' }).waitFor({ timeout: 8000 });
	ok(true, 'what is handed over meanwhile comes by itself');
	await page.keyboard.press('Control+k');
	await page.keyboard.type('cora qu');
	await page.locator('[role=option]', { hasText: 'Cora Quick' }).waitFor();
	await page.keyboard.press('Enter');
	await page.locator('h1', { hasText: 'Cora Quick' }).waitFor();
	has(page.url(), '/leads/lockstep', 'and leads to it');
	const cora = decodeURIComponent(page.url()).split(':').at(-1);
	await boss('POST', `/api/leads/${cora}/contacts`, { kind: 'call', outcome: 'left a message' });
	await page.locator('.line li', { hasText: 'left a message' }).waitFor({ timeout: 8000 });
	await one('POST', `/api/leads/${cora}/steps`, { step: 'accept' });
	await page.locator('.standing', { hasText: 'Accepted' }).waitFor({ timeout: 8000 });
	ok(true, 'what others do with a lead shows on its page by itself');

	// From the desk into a lead, on to the next and back, all by key.
	await page.keyboard.press('g');
	await page.keyboard.press('d');
	await page.locator('.row').first().waitFor();
	const names = await page.locator('.row .who b').allTextContents();
	await page.keyboard.press('j');
	await page.keyboard.press('Enter');
	await page.locator('.neighbours', { hasText: `2 of ${names.length}` }).waitFor();
	is(await page.locator('h1').textContent(), names[1], 'a lead from the desk knows its list');
	await page.keyboard.press('j');
	await page.locator('.neighbours', { hasText: `3 of ${names.length}` }).waitFor();
	is(await page.locator('h1').textContent(), names[2], 'j leads to the next');
	await page.keyboard.press('k');
	await page.locator('.neighbours', { hasText: `2 of ${names.length}` }).waitFor();
	await page.keyboard.press('s');
	await page.keyboard.press('3');
	await page.locator('.neighbours', { hasText: `3 of ${names.length}` }).waitFor();
	is(await page.locator('h1').textContent(), names[2], 'what is put aside makes room for the next');
	await page.keyboard.press('u');
	await page.locator('.neighbours', { hasText: `2 of ${names.length}` }).waitFor();
	is(await page.locator('h1').textContent(), names[1], 'what is taken back is shown again');
	await page.keyboard.press('b');
	await page.locator('.row[aria-current]', { hasText: names[1] }).waitFor();
	has(page.url(), '/desk', 'b leads back to the list, where one was');
	await page.context().close();
}

// ---- another's desk ----
{
	const page = await open('/desk', 'boss', { width: 1280 });
	await page.getByLabel('Whose desk').selectOption('Seller Two');
	await page.locator('h1', { hasText: 'Desk of Seller Two' }).waitFor();
	await page.locator('.row', { hasText: 'Dora Uhl' }).waitFor();
	ok(true, 'who leads others looks at their desks');
	await page.context().close();
}

// ---- a lead on its own; script in every text ----
{
	const page = await open(`/leads/lockstep:${evil}`, 'one', { width: 1280 });
	await page.locator('.line li').first().waitFor();
	has(await page.locator('h1').textContent(), 'onerror', 'script in a name is text');
	has(await page.locator('.person').textContent(), "window.hit='note'", 'and in a note');
	is(await page.evaluate(() => window.hit), undefined, 'nothing of it ran');
	deep_equal(quiet(page), [], 'or was even tried');
	deep_equal(await violations(page), [], 'lead: axe-core has no objection');
	await page.goto(at(`/leads/lockstep:${anna}`));
	await page.locator('h1', { hasText: 'Anna Able' }).waitFor();
	await page.locator('.line li').first().waitFor();
	has(await page.locator('.line').textContent(), /Call.*reached/, 'one line of time');
	has(await page.locator('.owners').textContent(), 'Seller One', 'who had it');
	await page.shot('lead');
	await page.goto(at('/leads/lockstep:nobody'));
	await page.getByText('There is no such lead').first().waitFor();
	ok(true, 'a lead that is not there, or another\'s, says so');
	await page.goto(at('/desk'));
	await page.locator('.row').first().waitFor();
	is(await page.evaluate(() => window.hit), undefined, 'nor on the desk');
	await page.context().close();
}

// ---- perhaps the same ----
{
	const twin = await give({ name: 'Anna Able', company: 'Able Pumps', email: 'a.able@able.example', phone: '+49 231 1' });
	const page = await open(`/leads/lockstep:${anna}`, 'one', { width: 1280 });
	const column = (n) => page.locator(`table.merge tbody td:nth-of-type(${n})`).allTextContents();
	await page.getByRole('button', { name: 'Compare' }).click();
	await page.getByText(/the one that goes/i).waitFor();
	deep_equal(await violations(page), [], 'what merging would do: axe-core has no objection');
	deep_equal((await column(1)).slice(0, 3), ['Anna Able', 'Able Pumps', `${twin} in lockstep`], 'two of a name are told apart: the later goes');
	deep_equal((await column(2)).slice(0, 3), ['Anna Able', 'Able AG', `${anna} in lockstep`], 'the earlier stays');
	await page.shot('merge', false);
	await page.getByRole('button', { name: 'The other stays' }).click();
	is((await column(1))[1], 'Able AG', 'or the other way round');
	await page.getByRole('button', { name: 'The other stays' }).click();
	is((await lead(twin)).void, false, 'is shown before it is done');
	await page.locator('dialog .main[aria-disabled=false]').click();
	await note(page, `Anna Able (${twin}) merged into Anna Able (${anna}).`);
	await until('merged', async () => (await lead(twin)).void === true);
	await page.keyboard.press('u');
	await note(page, 'Taken back: Anna Able');
	await until('and taken back', async () => (await lead(twin)).void === false);
	await boss('POST', `/api/leads/${twin}/steps`, { step: 'duplicate', of: `lockstep:${anna}` });
	await page.goto(at(`/leads/lockstep:${twin}`));
	await page.locator('.bad-news a', { hasText: anna }).waitFor();
	deep_equal(await violations(page), [], 'a lead that was merged says into which: axe-core has no objection');
	await page.getByRole('button', { name: 'Take that back' }).click();
	await page.locator('.bad-news').waitFor({ state: 'detached' });
	is((await lead(twin)).void, false, 'and is taken back there');
	await page.context().close();
}

// ---- nurture ----
{
	const page = await open('/nurture', 'nora', { width: 1280 });
	await page.locator('.row').first().waitFor();
	deep_equal(await violations(page), [], 'nurture: axe-core has no objection');
	await page.shot('nurture');
	for (let i = 0; i < 6 && (await page.locator('.row[aria-current] .who b').textContent()) !== 'Ben Ott'; i++)
		await page.keyboard.press('j');
	await page.keyboard.press('3');
	await note(page, 'Need, yes');
	is(await page.getByRole('button', { name: 'Need: yes' }).getAttribute('aria-pressed'), 'true', 'an answer by key shows at once');
	await until('and is told', async () => (await boss('GET', '/api/nurture')).json.leads.some((l) => l.lead === 'L2' && l.answers.need === true));
	await page.getByRole('button', { name: 'Trust: no' }).click();
	await note(page, 'Trust, no');
	await until('another by mouse', async () => (await boss('GET', '/api/nurture')).json.leads.some((l) => l.lead === 'L2' && l.answers.trust === false));
	await page.locator('.row', { hasText: 'Anna Berg' }).click();
	await page.locator('.pane h2', { hasText: 'Anna Berg' }).waitFor();
	await page.keyboard.press('h');
	await note(page, 'Anna Berg handed over.');
	await until('handed over', async () => (await boss('GET', '/api/leads/L1')).json.life === 'handed over');
	deep_equal(quiet(page), [], 'the console stays empty');
	await page.context().close();
}

// ---- the dark, a phone ----
for (const [path, login] of [['/desk', 'one'], [`/leads/lockstep:${anna}`, 'one'], ['/nurture', 'nora']]) {
	const phone = await open(path, login, { width: 390, height: 844 });
	await phone.locator('.row, .line li').first().waitFor();
	ok(await phone.evaluate(() => document.documentElement.scrollWidth <= 390), `${path}: a phone needs no sideways scrolling`);
	deep_equal(await violations(phone), [], `${path} on a phone: axe-core has no objection`);
	await phone.shot(`phone${path.replaceAll(/\W/g, '-')}`, false);
	await phone.context().close();
	const dark = await open(path, login, { dark: true, width: 1280 });
	await dark.locator('.row, .line li').first().waitFor();
	deep_equal(await violations(dark), [], `${path} in the dark: nor there`);
	await dark.context().close();
}

await close_browser();
await server.stop();
done();
