import { texts } from '../texts.js';
import { Heading, html } from '../ui.js';

const say = texts.lead;

const Page = () => html`<${Heading} title=${say.title} />`;

export default { name: 'lead', path: '/leads/:key', title: say.title, Page };
