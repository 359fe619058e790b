// A real browser for tests: Debian's Chromium driven by playwright-core, and axe-core for accessibility.
//
//	const page = await open_page('file:///…/weekly.html', { dark: true, width: 900 });
//	page.requests    addresses asked for besides the page itself (a report must ask for none)
//	page.complaints  console errors, uncaught errors, policy violations
//	await page.shot('weekly-dark')     screenshot into build/shots
//	await violations(page, rules)      what axe-core objects to, one line each; [] is good. rules: these alone, as ['color-contrast']
//	await close_browser()              at the end
//
// CHROMIUM names another browser. Where there is none, or web/node_modules is missing, the test file is skipped.

import { existsSync, mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { root, skip_all } from './tap.mjs';

const require = createRequire(join(root, 'web', 'package.json'));
const executable = [process.env.CHROMIUM, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']
	.find((path) => path && existsSync(path));

function library(name) {
	try {
		return require(name);
	} catch {
		return skip_all(`${name} is not installed: run make deps`);
	}
}

let browser;

async function launch() {
	const { chromium } = library('playwright-core');
	if (!executable)
		skip_all('no Chromium: run make deps');
	return chromium.launch({
		executablePath: executable,
		args: ['--disable-dev-shm-usage', '--disable-gpu', ...(process.getuid() === 0 ? ['--no-sandbox'] : [])],
	});
}

// options: dark, width, height, script (false: JavaScript off), print (media), zone
export async function open_page(address, options = {}) {
	const { dark = false, width = 1000, height = 800, script = true, print = false } = options;
	browser ??= launch(); // one for all who ask at once
	const context = await (await browser).newContext({
		viewport: { width, height },
		colorScheme: dark ? 'dark' : 'light',
		javaScriptEnabled: script,
		bypassCSP: false,
	});
	const page = await context.newPage();
	page.requests = [];
	page.complaints = [];
	page.on('request', (request) => {
		if (request.url() !== address && !request.url().startsWith('data:') && request.url() !== page.url())
			page.requests.push(request.url());
	});
	page.on('console', (message) => {
		if (message.type() === 'error' || message.type() === 'warning')
			page.complaints.push(message.text());
	});
	page.on('pageerror', (error) => page.complaints.push(String(error)));
	page.shot = async (name, full = true) => {
		mkdirSync(join(root, 'build', 'shots'), { recursive: true });
		await page.screenshot({ path: join(root, 'build', 'shots', `${name}.png`), fullPage: full });
	};
	if (print)
		await page.emulateMedia({ media: 'print' });
	await page.goto(address);
	return page;
}

export async function violations(page, rules) {
	const { source } = library('axe-core');
	const options = rules ? { runOnly: rules } : {};
	const result = await page.evaluate(async ([text, how]) => {
		if (!window.axe)
			new Function(text)();
		return (await window.axe.run(document, how)).violations;
	}, [source, options]).catch(async () => {
		// A strict policy forbids what the line above does; a script put in by the driver itself may run.
		const session = await page.context().newCDPSession(page);
		await session.send('Runtime.evaluate', { expression: source });
		return page.evaluate(async (how) => (await window.axe.run(document, how)).violations, options);
	});
	return result.map((v) => `${v.id}: ${v.help} (${v.nodes.slice(0, 3).map((n) => n.target.join(' ')).join(', ')})`);
}

export async function close_browser() {
	await (await browser)?.close();
	browser = undefined;
}
