import { texts } from '../texts.js';
import { Heading, html } from '../ui.js';

const say = texts.desk;

const Page = () => html`<${Heading} title=${say.title} />`;

export default { name: 'desk', path: '/desk', title: say.title, nav: true, Page };
