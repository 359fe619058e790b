import { texts } from '../texts.js';
import { Heading, html } from '../ui.js';

const say = texts.nurture;

const Page = () => html`<${Heading} title=${say.title} />`;

export default { name: 'nurture', path: '/nurture', title: say.title, nav: true, Page };
