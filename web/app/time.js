// Times as the server knows them: its clock, and the zone of the book, whatever this machine's are.

import { computed, signal } from '@preact/signals';
import { texts } from './texts.js';

const say = texts.time;
let ahead_ms = 0;
let zone = 'Z'; // how far the book's is from UTC now

// The present, moved on each second where somebody looks.
export const now = signal(Date.now());
setInterval(() => document.hidden || (now.value = Date.now() + ahead_ms), 1000);

// What stands still for a minute.
export const minute = computed(() => Math.floor(now.value / 60000) * 60000);

// "2026-03-05T09:00:00+01:00": what the server said it is.
export function set_clock(text) {
	if (!text)
		return;
	zone = offset_of(text);
	ahead_ms = Date.parse(text) - Date.now();
	now.value = Date.now() + ahead_ms;
}

// Wall time is what the text says: the server writes it in the book's zone.
const day_of = (text) => text.slice(0, 10);
const offset_of = (text) => /([+-]\d\d:\d\d|Z)$/.exec(text)?.[1] ?? zone; // lists of rows leave it out
const here = (like) => {
	const sign = offset_of(like);
	const minutes = sign === 'Z' ? 0 : (sign[0] === '-' ? -1 : 1) * (Number(sign.slice(1, 3)) * 60 + Number(sign.slice(4, 6)));
	return new Date(now.value + minutes * 60000).toISOString();
};
export const today = () => here('').slice(0, 10);
export const clock_of = (text) => text.slice(11, 16);

export function day_words(text) {
	const date = new Date(`${day_of(text)}T00:00:00Z`);
	const today = new Date(`${day_of(here(text))}T00:00:00Z`);
	const days = Math.round((date - today) / 86400000);
	if (days >= -1 && days <= 1)
		return [say.yesterday, say.today, say.tomorrow][days + 1];
	return date.toLocaleDateString('en-GB', { timeZone: 'UTC', weekday: days > 1 && days < 7 ? 'short' : undefined, day: 'numeric', month: 'short',
		...(date.getUTCFullYear() === today.getUTCFullYear() ? {} : { year: 'numeric' }) });
}

export const when_words = (text) => `${day_words(text)} ${clock_of(text)}`;

// Local times of the book's zone: "tomorrow 09:00" as the server reads it, without an offset.
export function local_time(like, days, clock) {
	const date = new Date(`${day_of(here(like))}T00:00:00Z`);
	date.setUTCDate(date.getUTCDate() + days);
	return `${date.toISOString().slice(0, 10)}T${clock}`;
}
export const weekday = (like) => new Date(`${day_of(here(like))}T00:00:00Z`).getUTCDay();

// "2 h 5 min", the largest two units of it.
export function span_words(ms) {
	const minutes = Math.floor(Math.abs(ms) / 60000);
	const units = [[Math.floor(minutes / 1440), say.days], [Math.floor(minutes / 60) % 24, say.hours], [minutes % 60, say.minutes]];
	const first = units.findIndex(([n]) => n > 0);
	if (first < 0)
		return say.moment;
	const exact = first === 0 && units[0][0] > 1 ? 1 : first === 2 ? 1 : 2; // of several days the hours say nothing
	return units.slice(first, first + exact).filter(([n]) => n).map(([n, unit]) => unit(n)).join(' ');
}
