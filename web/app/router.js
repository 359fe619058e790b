// Addresses and pages: each page has its own address, links are plain links, and going back works.

import { computed, signal } from '@preact/signals';

const place = signal({ path: location.pathname, query: location.search });

addEventListener('popstate', () => (place.value = { path: location.pathname, query: location.search }));

export const path = computed(() => place.value.path);
export const query = computed(() => new URLSearchParams(place.value.query));

export function go(address, { replace = false } = {}) {
	const url = new URL(address, location.href);

	if (url.href !== location.href)
		history[replace ? 'replaceState' : 'pushState'](null, '', url.href);
	place.value = { path: url.pathname, query: url.search };
	if (!replace)
		scrollTo(0, 0);
}

// The same page with other arguments: filters stand in the address. Empty ones go.
export function go_with(changes) {
	const next = new URLSearchParams(place.value.query);

	for (const [name, value] of Object.entries(changes))
		value === null || value === undefined || value === '' ? next.delete(name) : next.set(name, value);
	go(`${place.value.path}${next.size ? `?${next}` : ''}`, { replace: true });
}

// Links within the pages change the page without loading it anew; what the API gives is loaded.
document.addEventListener('click', (event) => {
	const link = event.target.closest?.('a[href]');

	if (!link || event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey ||
		link.target || link.hasAttribute('download') || link.origin !== location.origin || /^\/(api|assets)\//.test(link.pathname))
		return;
	if (link.pathname === location.pathname && link.hash)
		return;
	event.preventDefault();
	go(link.href);
});

// "/leads/:key" against a path: what stands for the names, decoded; null where it does not fit.
export function fits(pattern, given) {
	const wanted = pattern.split('/');
	const parts = given.split('/');
	const found = {};

	if (wanted.length !== parts.length)
		return null;
	for (let i = 0; i < wanted.length; i++)
		if (wanted[i].startsWith(':') && parts[i])
			found[wanted[i].slice(1)] = decoded(parts[i]);
		else if (wanted[i] !== parts[i])
			return null;
	return found;
}

function decoded(text) {
	try {
		return decodeURIComponent(text);
	} catch {
		return text;
	}
}
