// The API as the server describes it: its operations, and requests made from their schemas.
//
//	const operations = await read_operations(server);      // { id, method, path, roles, scope, query, body, … }
//	const agent = keep_alive();                             // connections that are used again; agent.destroy() at the end
//	await send(server, { method, path, body, headers, agent })  // { status, headers, text, json }

import http from 'node:http';
import { ask } from './serve.mjs';

export async function read_operations(server) {
	const { json } = await ask(server, 'GET', '/api/openapi.json');
	const resolve = (schema) => (schema?.$ref ? schema.$ref.split('/').slice(1).reduce((at, part) => at[part], json) : schema);

	return Object.entries(json.paths).flatMap(([path, methods]) => Object.entries(methods).map(([method, o]) => {
		const [status] = Object.keys(o.responses).filter((s) => s !== 'default');
		const [type, answer] = Object.entries(o.responses[status].content ?? {})[0] ?? [];
		const [body_type, body] = Object.entries(o.requestBody?.content ?? {})[0] ?? [];

		return {
			id: o.operationId, method: method.toUpperCase(), path, roles: o['x-roles'], scope: o['x-scope'],
			in_person: o['x-roles'].length > 0 && !o.security.some((s) => s.token),
			query: (o.parameters ?? []).filter((p) => p.in === 'query'),
			headers: (o.parameters ?? []).filter((p) => p.in === 'header').map((p) => p.name),
			body: resolve(body?.schema), example: body?.example, body_type,
			status: Number(status), type, types: Object.keys(o.responses[status].content ?? {}), answer: resolve(answer?.schema),
		};
	}));
}

// A value that fits: required members only.
export function sample(schema) {
	const type = [schema.type].flat()[0];

	if ([schema.type].flat().includes('null'))
		return null;
	if (schema.enum)
		return schema.enum[0];
	if (type === 'object')
		return Object.fromEntries((schema.required ?? []).map((name) => [name, sample(schema.properties[name])]));
	if (type === 'array')
		return schema.items ? [sample(schema.items)] : [];
	if (type === 'integer' || type === 'number')
		return Math.max(schema.minimum ?? 1, 1);
	if (type === 'boolean')
		return true;
	return schema.format === 'date' ? '2026-03-04' : 'x'.repeat(Math.max(schema.minLength ?? 1, 1));
}

// Arguments whose form a schema cannot say.
const arguments_known = { measure: 'count()', of: 'leads', columns: 'key' };

export function sample_query(operation) {
	const given = operation.query.filter((p) => p.required).map((p) => [p.name, arguments_known[p.name] ?? sample(p.schema)]);
	return given.length ? `?${new URLSearchParams(given)}` : '';
}

// A good body: { body, headers } for `send`.
export function sample_body(operation) {
	if (!operation.body_type)
		return {};
	if (operation.body_type !== 'application/json')
		return { body: operation.example ?? 'x', headers: { 'Content-Type': operation.body_type } };
	return { body: JSON.stringify(operation.example ?? sample(operation.body)), headers: { 'Content-Type': 'application/json' } };
}

export function keep_alive(sockets = 8) {
	return new http.Agent({ keepAlive: true, maxSockets: sockets });
}

// Whatever it is, as it is. A stream is left after its first bytes.
export function send(server, { method, path, body, headers = {}, agent = false }) {
	return new Promise((resolve, reject) => {
		const request = http.request({ host: '127.0.0.1', port: server.port, method, path, agent,
			headers: { ...(body === undefined ? {} : { 'Content-Length': Buffer.byteLength(body) }), ...headers } }, (response) => {
			const parts = [];
			const finish = () => {
				const text = Buffer.concat(parts).toString('utf8');
				let json;
				try {
					json = JSON.parse(text);
				} catch {
					json = undefined;
				}
				resolve({ status: response.statusCode, headers: response.headers, text, json });
			};

			response.on('data', (part) => parts.push(part));
			response.on('error', reject);
			response.on('end', finish);
			if (/^text\/event-stream/.test(response.headers['content-type']))
				setTimeout(() => (finish(), response.destroy()), 100);
		});
		request.on('error', (error) => reject(new Error(`${method} ${path}: ${error.message}`)));
		request.end(body);
	});
}

// Does all of them, some at a time, in order.
export async function each(items, at_once, work) {
	let next = 0;
	await Promise.all(Array.from({ length: at_once }, async () => {
		while (next < items.length)
			await work(items[next++]);
	}));
}
