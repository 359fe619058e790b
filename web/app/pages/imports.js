// Imports: a file is chosen, read as a known export or mapped by hand, tried without writing anything, and taken in while one waits.

import { useEffect, useRef, useState } from 'preact/hooks';
import { act, complain } from '../act.js';
import { ask, part, tell } from '../api.js';
import { stir, useAsked } from '../asked.js';
import { texts } from '../texts.js';
import { now, when_words } from '../time.js';
import { Answer, Asking, Empty, Heading, html, ProblemNote } from '../ui.js';

const say = texts.imports;
const JOB_MS = 700;
const number = (n) => n.toLocaleString('en');

const plain = (text) => text.toLowerCase().replace(/[^a-z0-9]+/g, '_').replace(/^_|_$/g, '');
const guesses = { e_mail: 'email', mail: 'email', telephone: 'phone', organisation: 'company', full_name: 'name', created_at: 'created', date: 'created', channel: 'source', employees: 'company_size' };

// ---- a map by hand ----

const usual = ['leads', 'opportunities', 'touches', 'activities', 'accounts', 'spend', 'orders', 'people'];

function guess(columns, fields) {
	const names = fields.map((field) => field.name);
	const taken = new Set();

	return Object.fromEntries(columns.map((column) => {
		const wanted = names.find((name) => name === plain(column)) ?? guesses[plain(column)];
		return [column, wanted && names.includes(wanted) && !taken.has(wanted) ? (taken.add(wanted), wanted) : ''];
	}));
}

// The map as the program reads it: JSON is YAML. Each is a map of its own: a map that changed would replace what was read by it before.
const map_text = ({ source, match, optional, as, key, chosen }) => JSON.stringify({
	map: `${source}, ${new Date(now.peek()).toISOString().slice(0, 16).replace('T', ' ')}`, source, ...(optional ? { columns: 'optional' } : {}), files: [{ match, as, ...(key ? { key } : {}), fields: Object.fromEntries(Object.entries(chosen).filter(([, field]) => field).map(([column, field]) => [field, column])) }],
}, null, 2);

const total = (known) => known.records.reduce((sum, r) => sum + r.count, 0);

// Whose rows they are: a source that the book knows, or a new one, which makes every row a record of its own.
function Source({ source, sources, setSource }) {
	const [fresh, setFresh] = useState(!sources.some((known) => known.source === source));

	return html`<label>${say.source}<select value=${fresh ? '' : source} onChange=${(event) => (setFresh(!event.target.value), setSource(event.target.value))}>
			<option value="">${say.source_new}</option>${sources.map((known) => html`<option key=${known.source} value=${known.source}>${say.source_known(known.source, number(total(known)))}</option>`)}</select></label>
		${fresh && html`<label>${say.source_name}<input value=${source} required pattern="[a-z0-9_]+" autocapitalize="off" spellcheck=${false} onInput=${(event) => setSource(event.target.value)} /></label>`}`;
}

// sources: where rows may be of one that is known; source: what to begin with.
export function Mapping({ columns, match, optional, sources, source: first, objects, go = say.try, onMap }) {
	const [as, setAs] = useState('leads');
	const object = objects.find((o) => o.name === as) ?? objects[0];
	const [chosen, setChosen] = useState(() => guess(columns, object.fields));
	const [key, setKey] = useState(columns.find((column) => /^(id|key|nr|no|lead_id)$/.test(plain(column))) ?? '');
	const [source, setSource] = useState(first ?? '');
	const leads = sources?.filter((known) => known.records.some((r) => r.as === as)) ?? [];
	const is_new = leads.length > 0 && !sources.some((known) => known.source === source);
	const choose_as = (event) => {
		setAs(event.target.value);
		setChosen(guess(columns, (objects.find((o) => o.name === event.target.value) ?? object).fields));
	};

	return html`<form onSubmit=${(event) => (event.preventDefault(), onMap(map_text({ source, match, optional, as, key, chosen })))}>
		<div class="inline"><label>${say.each_row}<select value=${as} onChange=${choose_as}>${usual.filter((name) => objects.some((o) => o.name === name)).map((name) => html`<option key=${name} value=${name}>${say.objects[name] ?? name}</option>`)}</select></label>
			<label>${say.key}<select value=${key} onChange=${(event) => setKey(event.target.value)}><option value="">${say.no_key}</option>${columns.map((column) => html`<option key=${column} value=${column}>${column}</option>`)}</select></label>
			${sources ? html`<${Source} source=${source} sources=${sources} setSource=${setSource} />` : html`<label>${say.source}<input value=${source} required pattern="[a-z0-9_]+" onInput=${(event) => setSource(event.target.value)} /></label>`}</div>
		<p class=${is_new ? 'bad-news' : 'hint'} role="status">${is_new ? say.source_warning(leads.map((known) => known.source).join(', '), say.objects[as] ?? as) : say.source_hint}</p>
		<div class="scroll" tabindex="0" role="region" aria-label=${say.columns}><table class="mapping"><thead><tr><th scope="col">${say.column}</th><th scope="col">${say.read_as}</th><th scope="col">${say.meaning}</th></tr></thead>
			<tbody>${columns.map((column) => {
				const field = object.fields.find((f) => f.name === chosen[column]);
				return html`<tr key=${column}><th scope="row">${column}</th><td><select aria-label=${say.column_as(column)} value=${chosen[column] ?? ''} onChange=${(event) => setChosen({ ...chosen, [column]: event.target.value })}>
					<option value="">${say.left_out}</option>${object.fields.map((f) => html`<option key=${f.name} value=${f.name}>${f.name.replaceAll('_', ' ')}</option>`)}</select></td><td class="quiet">${field?.sentence}${field?.personal ? ` · ${say.personal}` : ''}</td></tr>`;
			})}</tbody></table></div>
		<button class="main">${go}</button></form>`;
}

// ---- what it does, or did ----

const counts = ['accepted', 'changed', 'unchanged', 'older', 'superseded', 'left_out', 'rejected'];

function Outcome({ result }) {
	return result.files.map((file) => html`<section key=${file.name}>
		<p>${file.refused ? html`<b class="bad">${say.refused}</b>` : html`<b>${say.rows(number(file.rows), file.as ?? '')}</b>`}${file.map ? html` <small>${say.by_map(file.map)}</small>` : ''}</p>
		${file.skipped && html`<p class="bad">${file.skipped}</p>`}
		${file.elsewhere && file.accepted > 0 && html`<p class="bad-news">${say.elsewhere(number(file.elsewhere.rows), file.elsewhere.source)}</p>`}
		<dl class="numbers">${counts.filter((name) => file[name]).map((name) => html`<div key=${name}><dt>${say.counts[name]}</dt><dd class=${name === 'rejected' ? 'bad' : ''}>${number(file[name])}</dd></div>`)}</dl>
		${file.problems.length > 0 && html`<details open=${file.refused}><summary>${say.problems(file.problems.length)}</summary><ul class="problems">${file.problems.map((problem, i) => html`<li key=${i}>${problem.line ? `${say.line(problem.line)}: ` : ''}${problem.field ? html`<b>${problem.field}</b> ` : ''}${problem.text}</li>`)}</ul></details>`}
		${file.columns.length > 0 && html`<details><summary>${say.columns_read}</summary><ul class="problems">${file.columns.map((column) => html`<li key=${column.column}><b>${column.column}</b> ${column.field ? say.is(column.field) : say.left_out}${column.note ? ` (${column.note})` : ''}</li>`)}</ul></details>`}
		${file.preview?.length > 0 && html`<details><summary>${say.preview}</summary><pre>${file.preview.join('\n')}</pre></details>`}
		${file.notes.map((text, i) => html`<p class="hint" key=${i}>${text}</p>`)}</section>`);
}

export function Progress({ job, onEnd }) {
	const [state, setState] = useState(null);

	useEffect(() => {
		let gone = false;
		const look = async () => {
			try {
				const { data } = await ask(`/api/imports/jobs/${job}`);
				if (gone)
					return;
				setState(data);
				if (['done', 'refused', 'failed'].includes(data.state))
					onEnd(data);
				else
					setTimeout(look, JOB_MS);
			} catch (problem) {
				if (!gone)
					complain(problem);
			}
		};
		look();
		return () => (gone = true);
	}, [job]);
	return html`<p role="status"><label>${say.states[state?.state ?? 'waiting']} <progress max=${state?.bytes || 1} value=${state ? state.read : undefined}></progress></label> ${state && say.rows_read(number(state.rows))}</p>`;
}

// ---- one file, from choosing to done ----

function Choose({ onFile }) {
	const [over, setOver] = useState(false);
	const input = useRef();
	const drop = (event) => {
		event.preventDefault();
		setOver(false);
		if (event.dataTransfer.files[0])
			onFile(event.dataTransfer.files[0]);
	};

	return html`<div class=${over ? 'drop over' : 'drop'} onDragOver=${(event) => (event.preventDefault(), setOver(true))} onDragLeave=${() => setOver(false)} onDrop=${drop}>
		<label>${say.choose}<input ref=${input} type="file" accept=".csv,.tsv,.txt,text/csv" onChange=${(event) => event.target.files[0] && onFile(event.target.files[0])} /></label><p class="hint">${say.drop}</p></div>`;
}

export function NewImport({ onDone }) {
	const [file, setFile] = useState(null);
	const [map, setMap] = useState(null);
	const [tried, setTried] = useState(null);
	const [by_hand, setByHand] = useState(false);
	const [job, setJob] = useState(null);
	const [done, setDone] = useState(null);
	const [like, setLike] = useState(null); // the import by whose map it is read
	const [problem, setProblem] = useState(null);
	const fields = useAsked(file ? '/api/fields' : null, { live: false });
	const sources = useAsked(file ? '/api/sources' : null, { live: false });
	const begin = () => [setFile, setMap, setTried, setJob, setDone, setProblem, setLike].forEach((set) => set(null)) || setByHand(false);
	const attempt = async (id, text, as_before) => {
		setProblem(null);
		setMap(text);
		setLike(as_before ?? null);
		try {
			const { data } = await tell('POST', '/api/imports/preview', { file: id, ...(as_before ? { like: as_before.import } : text ? { map: text } : {}) });
			setTried(data);
			setByHand(!text && !as_before && data.files.some((f) => f.refused || f.skipped));
		} catch (refused) {
			setTried(null);
			setByHand(true);
			if (text)
				setProblem(refused);
		}
	};
	const send = async (chosen) => {
		begin();
		try {
			const { data } = await tell('POST', `/api/imports/files?name=${part(chosen.name)}`, chosen, { type: 'text/csv' });
			const looked_at = (await ask(`/api/imports/files/${part(data.file)}/known`)).data;
			setFile({ ...data, columns: looked_at.columns });
			await attempt(data.file, null, looked_at.known[0]);
		} catch (refused) {
			setProblem(refused);
		}
	};
	const take_in = async () => {
		try {
			setJob((await tell('POST', '/api/imports', { file: file.file, ...(like ? { like: like.import } : map ? { map } : {}) })).data.job);
		} catch (refused) {
			setProblem(refused);
		}
	};
	const end = (data) => {
		setDone(data);
		stir();
		onDone?.(data);
	};
	const good = tried?.files.some((f) => !f.refused && !f.skipped && f.accepted + f.changed > 0);

	if (done)
		return html`<h2>${done.state === 'done' ? say.done_title(file.name) : say.not_done}</h2>${done.error && html`<p class="bad">${done.error}</p>`}${done.result && html`<${Outcome} result=${done.result} />`}<p><button type="button" onClick=${begin}>${say.another}</button></p>`;
	if (job)
		return html`<h2>${file.name}</h2><${Progress} job=${job} onEnd=${end} />`;
	return html`<${ProblemNote} problem=${problem} />
		${!file ? html`<${Choose} onFile=${send} />` : html`<h2>${file.name}</h2>
		${by_hand ? html`<p>${say.by_hand_why}</p><${Answer} asked=${fields}>${({ objects }) => html`<${Answer} asked=${sources}>${(all) => html`<${Mapping} columns=${file.columns} match=${file.name} sources=${all.sources} source=${all.sources.length ? '' : plain(file.name.replace(/\.\w+$/, '')) || 'file'} objects=${objects} onMap=${(text) => (setByHand(false), setTried(null), attempt(file.file, text))} />`}<//>`}<//>`
		: tried ? html`${like && html`<p class="good-news">${say.like(like.name, when_words(like.began), like.source)}</p>`}<h3>${say.would}</h3><${Outcome} result=${tried} />
			<p class="buttons"><button type="button" class="main" disabled=${!good} onClick=${take_in}>${say.import}</button><button type="button" onClick=${() => setByHand(true)}>${say.by_hand}</button><button type="button" onClick=${begin}>${say.another}</button></p>
			${!good && html`<p class="hint">${say.nothing_new}</p>`}`
		: problem ? html`<p class="buttons"><button type="button" onClick=${() => setByHand(true)}>${say.by_hand}</button><button type="button" onClick=${begin}>${say.another}</button></p>` : html`<${Asking} />`}`}`;
}

// ---- those before ----

function Before() {
	const asked = useAsked('/api/imports');
	const undo = (item) => act({ said: say.undone(item.name), send: () => tell('POST', `/api/imports/${item.import}/undo`, {}) }).then(asked.again);

	return html`<section><h2>${say.before}</h2><${Answer} asked=${asked}>${({ imports }) => (imports.length ? html`<div class="scroll" tabindex="0" role="region" aria-label=${say.before}><table>
		<thead><tr>${say.before_columns.map((title, i) => html`<th scope="col" key=${title} class=${i > 3 ? 'number' : ''}>${title}</th>`)}<td></td></tr></thead>
		<tbody>${[...imports].reverse().map((item) => html`<tr key=${item.import}><th scope="row">${item.name}<br /><small>${item.source ?? item.map}</small></th><td>${say.objects[item.as] ?? item.as}</td><td>${item.state}</td><td class="unbroken">${item.began && when_words(item.began)}</td>
			<td class="number">${number(item.rows)}</td><td class="number">${number(item.accepted)}</td><td class="number">${number(item.changed)}</td><td class="number">${item.rejected ? html`<a href=${`/api/imports/${item.import}/rejected`} download>${number(item.rejected)}</a>` : 0}</td>
			<td class="buttons">${item.state !== 'undone' && html`<button type="button" aria-label=${say.undo_of(item.name)} onClick=${() => undo(item)}>${say.undo}</button>`}</td></tr>`)}</tbody></table></div>`
	: html`<${Empty} title=${say.none}><p>${say.none_why}</p><//>`)}<//></section>`;
}

const Page = () => html`<${Heading} title=${say.title}><p>${say.what}</p><//><section class="import"><${NewImport} /></section><${Before} />`;

export default { name: 'imports', path: '/imports', title: say.title, roles: ['marketing', 'sales manager', 'admin'], nav: true, jump: 'm', Page };
