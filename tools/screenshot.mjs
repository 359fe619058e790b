#!/usr/bin/env node
// The picture in README.md: the top of the demonstration's weekly page. `make screenshot` writes docs/weekly.png.

import { join } from 'node:path';
import { close_browser, open_page } from '../tests/browser.mjs';
import { root } from '../tests/tap.mjs';

const page = await open_page(`file://${join(root, 'build', 'demo', 'weekly.html')}`, { width: 1100, height: 1400 });
await page.screenshot({ path: join(root, 'docs', 'weekly.png') });
await close_browser();
process.removeAllListeners('exit'); // tap.mjs would miss its done()
