// All pages. A page is a file in pages/ that exports
//
//	{ name, path: '/leads/:key', title, roles: ['sales rep', …] (none: everybody), nav: true, jump: 'd' (g d leads there), Page }
//
// and stands here once, in the order of the navigation. Page gets what stands for the :names of its path. `under`: the page of the navigation that it belongs to.

import { is } from './api.js';
import { fits } from './router.js';
import agreement, { proposing, version } from './pages/agreement.js';
import desk from './pages/desk.js';
import duplicates from './pages/duplicates.js';
import imports from './pages/imports.js';
import inbox, { campaign } from './pages/inbox.js';
import lead from './pages/lead.js';
import leads from './pages/leads.js';
import nurture from './pages/nurture.js';
import partners, { partner } from './pages/partners.js';
import promises from './pages/promises.js';
import reports, { report } from './pages/reports.js';
import rows from './pages/rows.js';
import settings, { settings_section } from './pages/settings.js';
import welcome from './pages/welcome.js';

export const pages = [desk, nurture, leads, inbox, promises, agreement, partners, reports, imports, settings, proposing, version, lead, duplicates, campaign, partner, report, rows, settings_section, welcome];

export const may_see = (page) => !page.roles || is(...page.roles);

// { page, parts }; undefined where there is none at this address.
export function page_at(path) {
	for (const page of pages) {
		const parts = fits(page.path, path);
		if (parts && may_see(page))
			return { page, parts };
	}
	return undefined;
}

// What each role looks at first: the first of these that is there.
const first = [
	['partner', ['desk']],
	['sales rep', ['desk']],
	['nurture', ['nurture']],
	['marketing', ['inbox', 'nurture']],
	['sales manager', ['promises', 'desk']],
	['executive', ['promises', 'reports']],
	['facilitator', ['agreement', 'promises']],
	['admin', ['settings', 'people', 'desk']],
	['viewer', ['reports', 'promises']],
];

export function first_page() {
	const names = first.filter(([role]) => is(role)).flatMap(([, wanted]) => wanted);
	const page = names.map((name) => pages.find((p) => p.name === name)).find((p) => p && may_see(p));
	return (page ?? pages.find((p) => p.nav && may_see(p)) ?? pages[0]).path;
}
