#!/usr/bin/env node
// The pages of the server in a real browser: signing in, the frame, the palette, keys; by mouse and by keyboard alone; under a policy that
// lets nothing else run; in the dark, on a phone.

import { deep_equal, done, has, is, ok, temporary_folder } from '../tap.mjs';
import { add_account, ask, make_book, password, serve } from '../serve.mjs';
import { close_browser, open_page, violations } from '../browser.mjs';

const book = make_book(temporary_folder());
add_account(book, 'one', '--role', 'sales rep', '--name', 'Seller One');
add_account(book, 'nora', '--role', 'nurture', '--name', 'Nora');
const server = await serve(book, { now: '2026-03-05T08:00:00Z' });
const at = (path) => `http://127.0.0.1:${server.port}${path}`;
const html = { Accept: 'text/html' };

// ---- what is served ----
{
	const shell = await ask(server, 'GET', '/desk', { headers: html });
	is(shell.status, 200, 'an address of a page');
	has(shell.headers['content-security-policy'], "default-src 'none'; script-src 'self'; style-src 'self'", 'has a strict policy');
	ok(!/unsafe|<style|<script>| style=| on\w+=/.test(shell.text + shell.headers['content-security-policy']), 'and nothing that it would forbid');
	is(shell.headers['cache-control'], 'no-store', 'is asked for anew');
	const script = /src="(\/assets\/app-[0-9a-f]{16}\.js)"/.exec(shell.text)[1];
	const plain = await ask(server, 'GET', script);
	const packed = await ask(server, 'GET', script, { headers: { 'Accept-Encoding': 'br, gzip;q=0.8' } });
	has(plain.headers['cache-control'], 'immutable', 'a script stays');
	is(packed.headers['content-encoding'], 'gzip', 'and comes packed');
	ok(Number(packed.headers['content-length']) <= 60000, `in at most 60 kB (${packed.headers['content-length']})`);
	is((await ask(server, 'GET', script, { headers: { 'Accept-Encoding': 'gzip;q=0' } })).headers['content-encoding'], undefined, 'unless somebody wants it plain');
	const charts = /data-charts="([^"]+)"/.exec(shell.text)[1];
	ok(Number((await ask(server, 'GET', charts, { headers: { 'Accept-Encoding': 'gzip' } })).headers['content-length']) <= 110000, 'charts on demand in at most 110 kB');
	is((await ask(server, 'GET', '/assets/app-0000000000000000.js', { headers: html })).status, 404, 'another hash is no asset');
	is((await ask(server, 'GET', '/desk')).status, 404, 'who wants no page gets none');
	is((await ask(server, 'GET', '/api/nothing', { headers: html })).status, 404, 'nor does who asks the API');
}

async function open(path, login, options) {
	const page = await open_page(at(path), options);
	await page.getByLabel('Login', { exact: true }).fill(login);
	await page.getByLabel('Password').fill(password);
	await page.keyboard.press('Enter');
	await page.locator('.top').waitFor();
	return page;
}
const quiet = (page) => page.complaints.filter((text) => !/status of 4/.test(text)); // the browser remarks on every such answer

// ---- signing in, the frame ----
{
	const page = await open_page(at('/'));
	await page.getByLabel('Login', { exact: true }).waitFor();
	deep_equal(await violations(page), [], 'sign-in: axe-core has no objection');
	is(await page.evaluate(() => document.activeElement.name), 'login', 'the first field is ready');
	await page.keyboard.type('one');
	await page.keyboard.press('Tab');
	await page.keyboard.type('wrong password');
	await page.keyboard.press('Enter');
	await page.locator('.refused').waitFor();
	has(await page.locator('.refused').textContent(), 'do not go together', 'a wrong password is refused in words');
	await page.getByLabel('Password').fill(password);
	await page.getByRole('button', { name: 'Sign in' }).click();
	await page.waitForURL(at('/desk'));
	ok(true, 'a sales rep looks at the desk first');
	await page.keyboard.press('Control+k');
	await page.keyboard.type('nurt');
	deep_equal(await violations(page), [], 'palette: axe-core has no objection');
	await page.keyboard.press('Escape');
	await page.keyboard.press('?');
	await page.getByRole('dialog', { name: 'Keys' }).waitFor();
	deep_equal(await violations(page), [], 'help: axe-core has no objection');
	await page.keyboard.press('Escape');
	await page.getByText('Seller One').first().click();
	await page.getByLabel('dark').click();
	is(await page.evaluate(() => getComputedStyle(document.body).backgroundColor), 'rgb(20, 23, 27)', 'the dark is switched on');
	await page.reload();
	await page.locator('.top').waitFor();
	is(await page.evaluate(() => getComputedStyle(document.body).backgroundColor), 'rgb(20, 23, 27)', 'and stays');
	await page.goto(at('/nothing/here'));
	await page.getByText('There is no such page').first().waitFor();
	ok(true, 'an address without a page says so');
	await page.locator('.account summary').click();
	await page.getByRole('button', { name: 'Sign out' }).click();
	await page.getByLabel('Login', { exact: true }).waitFor();
	ok(true, 'signed out');
	deep_equal(quiet(page), [], 'the console stays empty');
	await page.context().close();
}

await close_browser();
await server.stop();
done();
