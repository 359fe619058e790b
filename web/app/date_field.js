// A day: written as the rest of the page writes it ("16 Nov 2026"), or chosen from the browser's calendar (the button, or arrow down). What is
// typed may be 2026-11-16, 16 Nov 2026, 16.11.2026, today. A browser's own field would write days the way its locale does, whatever the page says.

import { useEffect, useRef, useState } from 'preact/hooks';
import { texts } from './texts.js';
import { today } from './time.js';
import { html } from './ui.js';

const say = texts.dates;
const DAY_MS = 86400000;

const iso = (ms) => new Date(ms).toISOString().slice(0, 10);
const ms_of = (day) => Date.parse(`${day}T00:00:00Z`);
const made = (year, month, day) => {
	const ms = Date.UTC(year, month, day);
	return year > 1900 && year < 2200 && new Date(ms).getUTCMonth() === month ? iso(ms) : null;
};
export const date_words = (day) => (day ? new Date(ms_of(day)).toLocaleDateString('en-GB', { timeZone: 'UTC', day: 'numeric', month: 'short', year: 'numeric' }) : '');

// "2026-11-16"; '' of nothing; null: it is no day.
export function read_day(text) {
	const plain = text.trim().toLowerCase().replace(/,/g, '');
	const year_now = Number(today().slice(0, 4));
	let found;

	if (!plain)
		return '';
	if (plain in say.near)
		return iso(ms_of(today()) + say.near[plain] * DAY_MS);
	if ((found = /^(\d{4})-(\d\d?)-(\d\d?)$/.exec(plain)))
		return made(Number(found[1]), found[2] - 1, Number(found[3]));
	if ((found = /^(\d\d?)[./](\d\d?)[./](\d{4})?$/.exec(plain)))
		return made(Number(found[3] ?? year_now), found[2] - 1, Number(found[1]));
	found = /^(\d\d?)\.? ([a-z]{3,})\.?(?: (\d{4}))?$/.exec(plain);
	if (!found)
		return null;
	const place = say.months.indexOf(found[2].slice(0, 3)) / 3;
	return place % 1 || place < 0 ? null : made(Number(found[3] ?? year_now), place, Number(found[1]));
}

// value: "2026-11-16" or ''; onChange gets the same.
export function DateField({ label, value, onChange }) {
	const [text, setText] = useState(date_words(value));
	const [wrong, setWrong] = useState(false);
	const calendar = useRef();
	const take = (written) => {
		const day = read_day(written);
		setWrong(day === null);
		if (day === null)
			return;
		setText(date_words(day));
		if (day !== value)
			onChange(day);
	};
	const show = () => {
		calendar.current.value = read_day(text) || value;
		calendar.current.showPicker();
	};
	const typed = (event) => {
		if (event.key !== 'ArrowDown' && event.key !== 'Enter')
			return;
		event.preventDefault();
		event.key === 'Enter' ? take(text) : show();
	};

	useEffect(() => setText(date_words(value)), [value]);
	return html`<div class="date"><label>${label}<input type="text" value=${text} placeholder=${say.example} autocomplete="off" spellcheck=${false} aria-invalid=${wrong || undefined}
			onInput=${(event) => (setText(event.target.value), setWrong(false))} onChange=${() => take(text)} onKeyDown=${typed} /></label>
		<input type="date" class="behind" ref=${calendar} tabindex="-1" aria-hidden="true" onInput=${(event) => take(event.target.value)} />
		<button type="button" class="plain" aria-label=${say.open(label)} onClick=${show}>▾</button>${wrong && html`<p class="bad" role="alert">${say.wrong}</p>`}</div>`;
}
