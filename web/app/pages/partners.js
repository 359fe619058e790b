// What each partner makes of the leads they get, and whether they keep what they promised.

import { useAsked } from '../asked.js';
import { texts } from '../texts.js';
import { is } from '../api.js';
import { Answer, Heading, html } from '../ui.js';
import { ReportBody } from './reports.js';

const say = texts.partners;

function Page() {
	const asked = useAsked('/api/reports/partners?format=page');

	return html`<${Heading} title=${is('partner') ? say.mine : say.title}><p>${say.what}</p><div class="buttons"><a class="button" href="/promises?party=partner#list">${say.promises}</a></div><//>
		<${Answer} asked=${asked}>${(page) => html`<${ReportBody} page=${page} />`}<//>`;
}

export default { name: 'partners', path: '/partners', title: say.title, roles: ['executive', 'marketing', 'sales manager', 'partner', 'facilitator', 'viewer', 'admin'], nav: true, Page };
