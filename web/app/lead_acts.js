// What can be done with a lead, the same on every page: by button, by key, from the palette. Each shows at once and can be taken back.
//
//	const { actions, dialog } = useLeadActs(lead, words, { changed, gone, back })
//
// lead: as /api/desk, /api/nurture or /api/leads/KEY say it, with `key` and `version`. changed(patch) shows it as it will be and returns
// the way back; gone(): it leaves this list; back(lead): something of it was taken back.

import { useState } from 'preact/hooks';
import { act } from './act.js';
import { is, me, part, tell } from './api.js';
import { useAsked } from './asked.js';
import { path } from './router.js';
import { texts } from './texts.js';
import { local_time, now, weekday, when_words } from './time.js';
import { Choose, Dialog, html } from './ui.js';

const say = texts.acts;

export const key_of = (lead) => `${lead.source}:${lead.lead}`;
export const name_of = (lead) => lead.name ?? lead.company ?? lead.lead;
export const lead_path = (lead) => `/leads/${part(key_of(lead))}`;
const api_path = (lead, what) => `/api/leads/${part(key_of(lead))}/${what}`;

// Versions that changed by what was done here: who goes on at once decides by that, not by somebody else's word.
const spent = new Set();

export async function tell_lead(method, lead, what, body) {
	const version = `${key_of(lead)} ${lead.version}`;
	const answer = await tell(method, api_path(lead, what), body, { match: spent.has(version) ? undefined : lead.version });

	spent.add(version);
	return answer;
}

const outcomes = {
	call: ['reached', 'no answer', 'left a message', 'wrong number'],
	mail: ['sent', 'replied', 'bounced'],
	meeting: ['held', 'agreed on', 'did not come'],
};
const talked = ['reached', 'held', 'replied'];

// Later today, tomorrow morning, on Monday.
function snoozes(like) {
	const hour = new Date(now.value + 3600000).toISOString().replace(/\.\d+Z/, '+00:00');
	const to_monday = (8 - weekday(like)) % 7 || 7;
	return [
		{ value: hour, label: say.snoozes.hour },
		{ value: local_time(like, 0, '16:00'), label: say.snoozes.today, past: local_time(like, 0, '16:00') <= local_time(like, 0, like.slice(11, 16)) },
		{ value: local_time(like, 1, '08:30'), label: say.snoozes.tomorrow },
		{ value: local_time(like, to_monday, '08:30'), label: say.snoozes.monday },
		{ value: local_time(like, 14, '08:30'), label: say.snoozes.fortnight },
	].filter((choice) => !choice.past);
}

export function useLeadActs(lead, words, { changed = () => undefined, gone = () => {}, back = () => {}, clock = new Date().toISOString() } = {}) {
	const [dialog, setDialog] = useState(null);
	const close = () => setDialog(null);
	const works = is('marketing', 'sales manager', 'sales rep', 'nurture', 'partner', 'admin');
	const name = lead && name_of(lead);
	const undo = () => tell('POST', api_path(lead, 'undo'), {});
	const here = path.peek().split('/')[1];
	const undone = () => path.peek().split('/')[1] === here && back(lead); // the next key is for this one again
	const step = (body, said, patch, leaves) => act({
		said,
		show: () => {
			const restore = changed(patch);
			if (leaves)
				gone();
			return restore;
		},
		send: () => tell_lead('POST', lead, 'steps', body),
		undo,
		undone,
	});
	// The desk wants a note for nothing; who has one gives it.
	const noted = (note) => (note ? { note } : {});
	const choose = (title, choices, onChoose, note = true) => setDialog({ title, choices, note, onChoose });
	const reasons = (list) => list.map((value) => ({ value }));
	const contact = (kind) => choose(say.contact(say.kinds[kind], name), outcomes[kind].map((value) => ({ value, label: say.outcomes[value] ?? value })),
		(outcome, note) => act({
			said: say.logged(say.kinds[kind], say.outcomes[outcome] ?? outcome, name),
			held: true,
			undone,
			show: () => changed({ attempts: (lead.attempts ?? 0) + 1, tried: 'now', just: talked.includes(outcome) ? 'talked' : 'tried' }),
			send: (at) => tell('POST', api_path(lead, 'contacts'), { kind, outcome, at, ...noted(note) }),
		}));
	const marked = lead?.sweet_spot ?? null;
	const mark = (value) => act({
		said: value ? say.marked_in(name) : say.marked_out(name),
		held: marked === null, // a first mark can be changed, but not taken back
		show: () => changed({ sweet_spot: value }),
		send: () => tell_lead('PUT', lead, 'sweet-spot', { in: value }),
		undo: () => tell('PUT', api_path(lead, 'sweet-spot'), { in: marked }),
		undone,
	});
	const snooze = (until) => act({
		said: until ? say.snoozed(name, /^\d{4}-.*[+]/.test(until) ? say.snoozes.hour : when_words(until)) : say.woken(name),
		show: () => {
			const restore = changed({ snoozed: until });
			if (until)
				gone();
			return restore;
		},
		send: () => tell('PUT', api_path(lead, 'snooze'), { until }),
		undo: () => tell('PUT', api_path(lead, 'snooze'), { until: null }),
		undone,
	});
	const hand_over = () => act({
		said: say.handed_over(name),
		show: () => {
			const restore = changed({ life: 'handed over' });
			gone();
			return restore;
		},
		send: () => tell_lead('POST', lead, 'hand-over', {}),
		undo,
		undone,
	});
	const assign = () => setDialog({ assign: true });
	const life = lead?.life;
	const with_sales = ['handed over', 'accepted', 'opportunity'].includes(life);
	const open = lead && !['won', 'lost', 'discontinued', 'disqualified'].includes(life) && !lead.void;
	const in_nurture = ['new', 'prequalified', 'nurturing', 'qualified'].includes(life);
	const agreed = Boolean(words?.agreed);

	const actions = [
		{ keys: 'c', label: say.call, run: () => contact('call'), when: open && !lead.opted_out, group: 'contact' },
		{ keys: 'm', label: say.mail, run: () => contact('mail'), when: open && !lead.opted_out, group: 'contact' },
		{ keys: 'e', label: say.meeting, run: () => contact('meeting'), when: open && !lead.opted_out, group: 'contact' },
		{ keys: 'a', label: say.accept, run: () => step({ step: 'accept' }, say.accepted(name), { life: 'accepted' }), when: open && (life === 'handed over' || (['new', 'prequalified', 'qualified'].includes(life) && lead.owner === me.value?.name)), group: 'decide', main: true },
		{ keys: 'h', label: say.hand_over, run: hand_over, when: open && in_nurture && Boolean(lead.gate?.passes), group: 'decide', main: true },
		{ keys: 'x', label: say.reject, when: open && ['handed over', 'accepted'].includes(life) && agreed, group: 'decide',
			run: () => choose(say.reject_why(name), reasons(words.reject), (reason, note) => step({ step: 'reject', reason, ...noted(note) }, say.rejected(name, reason), { life: 'nurturing' }, true)) },
		{ keys: 'd', label: say.disqualify, when: open && agreed && life !== 'opportunity', group: 'more',
			run: () => choose(say.disqualify_why(name), reasons(words.disqualify), (reason, note) => step({ step: 'disqualify', reason, ...noted(note) }, say.disqualified(name, reason), { life: 'disqualified' }, true)) },
		{ keys: '+', label: say.mark_in, run: () => mark(true), when: open && with_sales && lead.sweet_spot !== true, group: 'spot' },
		{ keys: '-', label: say.mark_out, run: () => mark(false), when: open && with_sales && lead.sweet_spot !== false, group: 'spot' },
		{ keys: 's', label: say.snooze, when: open && !lead.snoozed, group: 'later', run: () => choose(say.snooze_until(name), snoozes(clock), snooze, false) },
		{ keys: 's', label: say.wake, when: Boolean(open && lead.snoozed), group: 'later', run: () => snooze(null) },
		{ keys: 'w', label: say.wait, when: open && !lead.waits && agreed && words.wait.length > 0, group: 'later',
			run: () => choose(say.wait_why(name), reasons(words.wait), (reason, note) => step({ step: 'wait', reason, ...noted(note) }, say.waits(name, reason), { waits: true })) },
		{ keys: 'w', label: say.resume, when: Boolean(open && lead.waits), group: 'later', run: () => step({ step: 'resume' }, say.resumed(name), { waits: false }) },
		{ keys: 't', label: say.assign, when: open && is('sales manager', 'admin'), group: 'more', run: assign },
		{ keys: 'o', label: say.opt_out, when: open && !lead.opted_out, group: 'more',
			run: () => choose(say.opt_out_sure(name), [{ value: 'yes', label: say.opt_out_yes }, { value: 'no', label: say.opt_out_no }],
				(value, note) => value === 'yes' && step({ step: 'opted-out', ...noted(note) }, say.opted_out(name), { opted_out: true })) },
	].map((action) => ({ ...action, when: Boolean(lead && works && action.when) }));

	const shown = dialog?.assign
		? html`<${Assign} name=${name} onClose=${close} onAssign=${(to) => step({ step: 'assign', to }, say.assigned(name, to), { owner: to })} />`
		: dialog && html`<${Choose} ...${dialog} onClose=${close} />`;
	return { actions, dialog: shown };
}

// To whom: who has leads, and partners, are suggested.
export function Assign({ name, onClose, onAssign }) {
	const people = useAsked('/api/people?limit=200', { live: false }).data?.people ?? [];
	const partners = useAsked('/api/partners?limit=200', { live: false }).data?.partners ?? [];
	const known = [...new Set([...people.map((one) => one.person), ...partners.map((one) => one.partner)])].sort();

	return html`<${Dialog} title=${say.assign_to(name)} onClose=${onClose}>
		<form onSubmit=${(event) => (event.preventDefault(), onClose(), onAssign(new FormData(event.target).get('to').trim()))}>
			<label>${say.colleague}<input name="to" required autofocus autocomplete="off" list="known" /></label><datalist id="known">${known.map((one) => html`<option key=${one} value=${one} />`)}</datalist>
			<button class="main">${say.assign_do}</button>
		</form>
	<//>`;
}

// The buttons of what can be done now, in groups.
export function ActBar({ actions, groups, quiet }) {
	const list = actions.filter((action) => action.when && groups.includes(action.group));
	return html`<div class=${quiet ? 'acts quietly' : 'acts'}>${list.map((action) => html`<button type="button" key=${action.label} class=${action.main ? 'main' : ''} onClick=${action.run}>${action.label} <kbd aria-hidden="true">${action.keys}</kbd></button>`)}</div>`;
}
