#!/usr/bin/env node
// A public form in a real browser: by keyboard alone, without script, dark, on a phone; nothing that the policy or axe-core objects to.
import { done, deep_equal, has, is, run, temporary_folder } from '../tap.mjs';
import { make_book, serve } from '../serve.mjs';
import { close_browser, open_page, violations } from '../browser.mjs';

const book = make_book(temporary_folder());
run(['form', 'add', 'spring', '--title', 'Spring <i>fair</i>', '--text', 'We call you.', '--asks', 'name* email* company message', '--consent', 'You may write to me.', '--thanks', 'See you there!', '--book', book], { env: { LOCKSTEP_NOW: '2026-03-05T08:00:00Z' } });
const server = await serve(book, { now: '2026-03-05T08:00:00Z' });
const at = `http://127.0.0.1:${server.port}/forms/spring?utm_source=%3Cscript%3E`;

for (const [how, options] of Object.entries({ wide: {}, 'dark, on a phone': { dark: true, width: 360 }, 'without script': { script: false } })) {
	const page = await open_page(at, options);
	const type = async (text) => (await page.keyboard.press('Tab'), text && (await page.keyboard.type(text)));

	is(await page.locator('h1').textContent(), 'Spring <i>fair</i>', `${how}: the form`);
	if (options.script !== false)
		deep_equal(await violations(page), [], `${how}: axe finds nothing`);
	is(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth), true, `${how}: nothing stands out at the side`);
	await type('Zoe Zed');
	await type(`${how.replace(/\W/g, '')}@zed.example`);
	await type('Zed AG');
	await type('call me');
	await type('');
	await page.keyboard.press('Space');
	await page.keyboard.press('Tab');
	is(await page.evaluate(() => document.activeElement.textContent), 'Send', `${how}: the next is the button, not what is for robots`);
	await Promise.all([page.waitForNavigation(), page.keyboard.press('Enter')]);
	has(await page.locator('main').textContent(), 'See you there!', `${how}: sent by keyboard alone`);
	deep_equal(page.complaints, [], `${how}: nothing is complained of`);
}

// ---- what is wrong is said where it is ----
{
	const page = await open_page(at);
	await page.getByLabel('Name').fill('Zoe');
	await page.getByLabel('E-mail').fill('zoe@zed');
	await page.getByLabel('You may write to me.').check();
	await Promise.all([page.waitForNavigation(), page.getByRole('button').click()]);
	is(await page.locator('#email').getAttribute('aria-invalid'), 'true', 'an address that is none');
	is(await page.getByLabel('Name').inputValue(), 'Zoe', 'and what was written stays');
	deep_equal(await violations(page), [], 'axe finds nothing');
	await page.shot('form-wrong');
}
await close_browser();
await server.stop();
done();
