#!/usr/bin/env node
// Settings in a real browser: one's own account, inviting somebody, who came in, forms; by mouse and by keyboard.

import { deep_equal, done, has, is, ok, temporary_folder } from '../tap.mjs';
import { add_account, make_book, password, serve } from '../serve.mjs';
import { close_browser, open_page, violations } from '../browser.mjs';
import { opener, quiet } from '../signed_in.mjs';

const book = make_book(temporary_folder());
add_account(book, 'ada', '--role', 'admin', '--name', 'Ada');
add_account(book, 'mia', '--role', 'marketing', '--name', 'Mia');
const server = await serve(book, { now: '2026-03-05T08:00:00Z' });
const { at, open } = opener(server);

// ---- an invitation, by keyboard alone, and who is invited comes in ----
{
	const page = await open('/settings/people', 'ada');
	await page.getByRole('button', { name: 'Invite somebody' }).waitFor();
	deep_equal(await violations(page), [], 'people: axe-core has no objection');
	await page.getByRole('button', { name: 'Invite somebody' }).focus();
	await page.keyboard.press('Enter');
	await page.locator('dialog input:focus').waitFor();
	await page.keyboard.type('zoe@example.com');
	await page.keyboard.press('Tab');
	await page.keyboard.type('Zoe');
	await page.keyboard.press('Tab');
	for (let i = 0; i < 3; i++)
		await page.keyboard.press('Tab');
	await page.keyboard.press('Space'); // the fourth box
	deep_equal(await violations(page), [], 'inviting: axe-core has no objection');
	await page.keyboard.press('Enter');
	const link = await page.locator('.told').textContent();
	ok(/\/join#\w+/.test(link), 'a link is told, once');
	await page.keyboard.press('Escape');
	await page.locator('tr', { hasText: 'zoe@example.com' }).waitFor();
	ok(true, 'who is invited stands in the list');
	has(await page.locator('tr', { hasText: 'zoe' }).textContent(), 'sales rep', 'with the role');
	deep_equal(quiet(page), [], 'the console stays empty');

	const other = await open_page(at(`/join${link.slice(link.indexOf('#'))}`));
	await other.getByLabel('New password').fill('a long enough phrase');
	await other.getByLabel('The same again').fill('a long enough phrase');
	await other.keyboard.press('Enter');
	await other.locator('.top').waitFor();
	ok(true, 'and comes in by it');
	await other.context().close();

	await page.locator('.beside a', { hasText: 'Journal' }).click();
	await page.locator('tbody tr').first().waitFor();
	has(await page.locator('tbody').textContent(), 'zoe@example.com', 'the journal tells of it');
	deep_equal(await violations(page), [], 'journal: axe-core has no objection');
	await page.locator('.beside a', { hasText: 'People' }).click();
	await page.getByRole('button', { name: 'Close zoe@example.com' }).click();
	await page.getByRole('button', { name: 'Open zoe@example.com' }).waitFor();
	await page.keyboard.press('u');
	await page.getByRole('button', { name: 'Close zoe@example.com' }).waitFor();
	ok(true, 'an account is closed, and that is taken back');
	await page.context().close();
}

// ---- ways out ----
{
	const page = await open('/settings/ways-out', 'ada');
	await page.getByText('Nothing was given up').waitFor();
	deep_equal(await violations(page), [], 'ways out: axe-core has no objection');
	await page.getByLabel('Name', { exact: true }).fill('crm');
	await page.getByLabel('Address').fill('https://hooks.example.com/in');
	await page.getByRole('button', { name: 'Add' }).click();
	ok((await page.locator('.told').textContent()).length > 20, 'a webhook is added, and its secret told');
	await page.getByRole('button', { name: 'Done' }).click();
	await page.locator('.lines li', { hasText: 'hooks.example.com' }).waitFor();
	ok(true, 'it stands in the list');
	await page.getByRole('button', { name: 'Drop crm' }).click();
	await page.locator('.lines li').waitFor({ state: 'detached' });
	ok(true, 'until it is dropped');
	deep_equal(quiet(page), [], 'the console stays empty');
	await page.context().close();
}

// ---- hooks: made, the key told once, told of a lead, closed; on a telephone, in the dark ----
{
	const page = await open('/settings/hooks', 'mia', { width: 390, dark: true });
	await page.getByLabel('Name in its address').waitFor();
	deep_equal(await violations(page), [], 'hooks: axe-core has no objection');
	await page.getByLabel('Name in its address').focus();
	await page.keyboard.type('webshop');
	await page.keyboard.press('Enter');
	const key = await page.locator('.dialog .told').textContent();
	const told = await fetch(at('/hooks/webshop'), { method: 'POST', headers: { Authorization: `Bearer ${key}`, 'Content-Type': 'application/json' }, body: JSON.stringify({ id: 'W1', contact: { name: 'Wim' } }) });
	is(told.status, 200, 'a hook is made by keyboard, and its key opens it');
	await page.keyboard.press('Escape');
	await page.locator('.lines a', { hasText: 'W1' }).waitFor();
	ok(true, 'what came by it is listed');
	ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), 'no sideways scrolling');
	await page.getByRole('button', { name: 'Close', exact: true }).click();
	await page.locator('.lines', { hasText: '(closed)' }).waitFor();
	ok(true, 'and it is closed');
	deep_equal(quiet(page), [], 'the console stays empty');
	await page.context().close();
}

// ---- one's own: letters, the calendar, a token, another password ----
{
	const page = await open('/settings', 'mia');
	await page.getByLabel('the weekly page is there').focus();
	await page.keyboard.press('Space');
	await page.locator('.note', { hasText: 'Saved' }).waitFor();
	await page.reload();
	await page.getByLabel('the weekly page is there').waitFor();
	is(await page.getByLabel('the weekly page is there').isChecked(), false, 'a letter that is not wanted is switched off');
	await page.getByRole('button', { name: 'Make an address' }).click();
	is((await fetch(new URL(new URL(await page.locator('.told').textContent()).pathname, at('/')))).headers.get('content-type').split(';')[0], 'text/calendar', 'and there is a calendar of what one owes');
	await page.getByRole('button', { name: 'End it' }).click();
	await page.getByRole('button', { name: 'Make an address' }).waitFor();
	await page.getByLabel('What for').fill('import of the fair');
	await page.getByRole('button', { name: 'Make a token' }).click();
	const token = await page.locator('.told').textContent();
	const answer = await fetch(at('/api/me'), { headers: { Authorization: `Bearer ${token}` } });
	is(answer.status, 200, 'a token that is told lets a program ask');
	await page.getByRole('button', { name: 'Done' }).click();
	deep_equal(await violations(page), [], 'my account: axe-core has no objection');
	await page.getByRole('button', { name: 'Drop' }).click();
	await page.locator('.note', { hasText: 'good for nothing' }).waitFor();
	is((await fetch(at('/api/me'), { headers: { Authorization: `Bearer ${token}` } })).status, 401, 'until it is dropped');
	const form = page.locator('#password-form');
	await form.getByLabel('Your password').fill(password);
	await form.getByLabel('New password').fill('another long phrase');
	await form.getByLabel('The same again').fill('another long phrase');
	await page.keyboard.press('Enter');
	await page.locator('.note', { hasText: 'password is changed' }).waitFor();
	ok(true, 'the password is changed');
	ok(!(await page.locator('.beside').textContent()).includes('People'), 'who is no admin sees no people');
	await page.context().close();
}

// ---- a form, on a telephone, in the dark ----
{
	const page = await open('/settings/forms', 'ada', { width: 390, dark: true });
	await page.getByText('No form yet').waitFor();
	deep_equal(await violations(page), [], 'no forms yet: axe-core has no objection');
	await page.getByRole('button', { name: 'New form' }).click();
	await page.getByLabel('Name in its address').fill('spring-fair');
	await page.getByLabel('Title', { exact: true }).fill('Spring fair');
	await page.getByLabel('Campaign').fill('Fair 2026');
	await page.getByLabel('Source').fill('event');
	deep_equal(await page.locator('#form-kinds option').evaluateAll((options) => options.map((o) => o.value)), ['form', 'demo_request', 'contact_form', 'call_in', 'webinar', 'click'], 'the kinds that the agreement names are offered');
	await page.getByLabel('Sending it is a touch of the kind').fill('fair');
	deep_equal(await violations(page), [], 'a new form: axe-core has no objection');
	await page.getByRole('button', { name: 'Make the form' }).click();
	await page.locator('.lines li').waitFor();
	const address = await page.locator('.lines a').getAttribute('href');
	has(await page.locator('.lines li').textContent(), 'no rule of the agreement in force names a touch of the kind "fair"', 'a kind that none names is doubted');
	deep_equal(await violations(page), [], 'the doubt: axe-core has no objection');
	is((await fetch(new URL(address, at('/')))).status, 200, 'a form is made, and is there for everybody');
	ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), 'no sideways scrolling');
	await page.context().close();
}

await close_browser();
await server.stop();
done();
