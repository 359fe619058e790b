// The one way to the server. Who writes sends a key, so that a request that is sent again is done once.
//
//	const { data, etag } = await ask('/api/leads/L1');
//	await tell('POST', '/api/leads/L1/steps', { step: 'accept' }, { match: etag });
//
// What is refused is thrown as a Problem (RFC 9457): .status, .message for people, .problems member by member.

import { signal } from '@preact/signals';
import { texts } from './texts.js';
import { set_clock } from './time.js';

const say = texts.api;

// undefined: not asked yet; null: nobody is signed in.
export const me = signal(undefined);

export class Problem extends Error {
	constructor(status, body = {}) {
		const problems = body.problems ?? [];
		super(problems.length === 1 ? problem_words(problems[0]) : body.detail ?? body.title ?? say.failed(status));
		this.status = status;
		this.problems = problems;
	}
	get conflict() {
		return this.status === 412;
	}
	names(member) {
		return this.problems.some((p) => p.member === member);
	}
}

const problem_words = (p) => {
	const text = [p.about, p.member && !p.text.includes(p.member) ? p.member.replaceAll('_', ' ') : '', p.text].filter(Boolean).join(' ');
	return text.charAt(0).toUpperCase() + text.slice(1) + (/[.!?]$/.test(text) ? '' : '.');
};

const new_key = () => [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

async function request(method, path, headers, body) {
	try {
		return await fetch(path, { method, headers, body, credentials: 'same-origin', cache: 'no-store', keepalive: method !== 'GET' && !(body instanceof Blob) && (body?.length ?? 0) < 60000 });
	} catch {
		return null;
	}
}

async function answer_of(response) {
	const type = response.headers.get('Content-Type') ?? '';
	const data = type.includes('json') ? await response.json().catch(() => undefined) : await response.text();

	set_clock(data?.now);
	if (response.ok)
		return { data: response.status === 204 ? undefined : data, etag: response.headers.get('ETag'), status: response.status };
	if (response.status === 401 && me.value && !response.url.endsWith('/api/session'))
		me.value = null;
	throw new Problem(response.status, typeof data === 'object' ? data : { detail: response.status === 413 ? say.too_much : undefined });
}

export async function ask(path) {
	const response = await request('GET', path, { Accept: 'application/json' });

	if (!response)
		throw new Problem(0, { detail: say.unreachable });
	return answer_of(response);
}

// options.match: the ETag of what one decided by. options.type: of a body that is no JSON.
export async function tell(method, path, body, { match, type } = {}) {
	const headers = { Accept: 'application/json', 'Idempotency-Key': new_key(), ...(match ? { 'If-Match': match } : {}),
		...(body === undefined ? {} : { 'Content-Type': type ?? 'application/json' }) };
	const bytes = body === undefined || type ? body : JSON.stringify(body);
	let response;

	for (const wait of [0, 700, 2000]) { // the same key: it is done once, however often it arrives
		if (wait)
			await pause(wait);
		response = await request(method, path, headers, bytes);
		if (response && response.status !== 503)
			return answer_of(response);
	}
	if (response)
		return answer_of(response);
	throw new Problem(0, { detail: say.unreachable });
}

export const is = (...roles) => Boolean(me.value?.roles.some((role) => roles.includes(role)));

export const part = encodeURIComponent;
