// Pages of the server as somebody who is signed in sees them.
//
//	const { at, open } = opener(server);
//	const page = await open('/reports', 'mia', { dark: true });

import { open_page } from './browser.mjs';
import { password } from './serve.mjs';

export function opener(server) {
	const at = (path) => `http://127.0.0.1:${server.port}${path}`;

	return {
		at,
		async open(path, login, options) {
			const page = await open_page(at(path), options);
			await page.getByLabel('Login', { exact: true }).fill(login);
			await page.getByLabel('Password').fill(password);
			await page.keyboard.press('Enter');
			await page.locator('.top').waitFor();
			return page;
		},
	};
}

// The browser remarks on every answer that refuses.
export const quiet = (page) => page.complaints.filter((text) => !/status of 4\d\d/.test(text));
