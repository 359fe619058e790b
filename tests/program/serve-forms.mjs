#!/usr/bin/env node
// Public forms: made by the command line and the API, filled in without script, and what becomes of who sends them.
import { deep_equal, done, has, is, ok, run, temporary_folder } from '../tap.mjs';
import { add_account, ask, make_book, serve, sign_in } from '../serve.mjs';

const book = make_book(temporary_folder());
const env = { LOCKSTEP_NOW: '2026-03-05T08:00:00Z' };
const lockstep = (...args) => run([...args, '--book', book], { env });
const earlier = (...args) => run([...args, '--book', book], { env: { LOCKSTEP_NOW: '2026-03-05T07:59:00Z' } });

add_account(book, 'mia', '--role', 'marketing', '--name', 'Mia');
add_account(book, 'one', '--role', 'sales rep', '--name', 'Seller One');

// ---- by the command line ----
{
	const added = run(['form', 'add', 'webinar', '--book', book, '--title', 'Webinar <b>& more</b>', '--asks', 'name* email* company message', '--campaign', 'spring'], { env: { LOCKSTEP_NOW: '2026-03-05T07:58:00Z' } });
	is(added.code, 0, 'a form is made');
	is(lockstep('form', 'add', 'webinar', '--asks', 'email*').code, 1, 'once');
	const wrong = lockstep('form', 'add', 'Web inar', '--asks', 'emial*', '--redirect', 'http://example.com/');
	is(wrong.code, 1, 'what is wrong with one');
	has(wrong.err, 'did you mean "email"?', 'is said');
	has(wrong.err, 'no name of a form', 'all');
	has(wrong.err, 'leads nowhere', 'of it');
	has(lockstep('form', 'add', 'x', '--asks', 'company').err, 'email* or phone* is needed', 'somebody has to be reached');
	is(lockstep('form', 'change', 'webinar', '--thanks', 'See you!').code, 0, 'it is changed');
	has(lockstep('form', 'list').out, 'asks for name* email* company message; campaign spring; a touch of the kind form', 'and listed');
	is(added.err, '', 'the agreement asks for forms');
	has(earlier('form', 'change', 'webinar', '--kind', 'webinnar').err, /warning: --kind: no rule of the agreement in force names a touch of the kind "webinnar".*; it names form, demo_request, contact_form, call_in, webinar, click/, 'a kind that no rule names is doubted');
	deep_equal(lockstep('form', 'change', 'webinar', '--kind', 'webinar').err, '', 'one that is named is not');
	is(JSON.parse(lockstep('form', 'list', '--format', 'json').out).forms[0].thanks, 'See you!', 'for programs, too');
	is(lockstep('form', 'close', 'nothing').code, 1, 'one that is not there');
}

const server = await serve(book, { now: '2026-03-05T08:00:00Z', args: ['--trust-proxy', '127.0.0.1'] });
const mia = await sign_in(server, 'mia');
const one = await sign_in(server, 'one');
const fill = (name, values, headers = {}) => ask(server, 'POST', `/forms/${name}`, { body: new URLSearchParams(values).toString(), headers: { 'Content-Type': 'application/x-www-form-urlencoded', ...headers } });
const rows = async (of, columns, where) => (await mia('GET', `/api/rows?of=${of}&columns=${columns}&limit=100${where ? `&where=${encodeURIComponent(where)}` : ''}`)).json.rows;

// ---- by the API ----
{
	is((await one('GET', '/api/forms')).status, 403, 'a sales rep has nothing to do with forms');
	const made = await mia('POST', '/api/forms', { name: 'demo', title: 'A demo', asks: 'last_name* phone*', redirect: 'https://example.com/thanks?x=1', consent: 'I agree to be called.' });
	deep_equal([made.status, made.headers.location, made.json.address], [201, '/api/forms/demo', '/forms/demo'], 'a form is made');
	is((await mia('POST', '/api/forms', { name: 'demo', asks: 'email*' })).status, 409, 'once');
	deep_equal((await mia('POST', '/api/forms', { name: 'x', asks: 'shoe_size*', redirect: '//evil.example' })).json.problems.map((p) => p.member).sort(), ['asks', 'redirect'], 'what is wrong is said');
	for (const redirect of ['http://example.com/', 'javascript:alert(1)', 'https://a@b.example/', 'https://', '/a\nb', 'https://x.example;script-src *', "https://x.example'"])
		is((await mia('PATCH', '/api/forms/demo', { redirect })).status >= 400, true, `nobody is led to ${redirect}`);
	is((await mia('PATCH', '/api/forms/demo', { title: 'See it' })).json.asks, 'last_name* phone*', 'a change leaves the rest');
	const all = (await mia('GET', '/api/forms')).json;
	deep_equal(all.forms.map((f) => [f.name, f.kind, f.warning]), [['webinar', 'webinar', null], ['demo', 'form', null]], 'all of them, with what sending them is');
	deep_equal(all.kinds, ['form', 'demo_request', 'contact_form', 'call_in', 'webinar', 'click'], 'and what the agreement asks for');
	has((await mia('PATCH', '/api/forms/demo', { kind: 'visit' })).json.warning, 'no rule of the agreement in force names a touch of the kind "visit"', 'a kind that no rule names is doubted');
	deep_equal((await mia('PATCH', '/api/forms/demo', { kind: 'a\tb' })).json.problems.map((p) => p.member), ['kind'], 'one that is no word is refused');
	is((await mia('PATCH', '/api/forms/demo', { kind: '' })).json.kind, 'form', 'none is the usual one');
}

// ---- the page ----
{
	const page = await ask(server, 'GET', '/forms/webinar?utm_source=google&utm_campaign=%22%3E%3Cscript%3Ealert(1)%3C/script%3E&gclid=7', { headers: { Referer: 'https://ann:pw@blog.example/post/7?mail=ann@example.com#top' } });
	is(page.status, 200, 'anybody sees the page');
	is(page.headers['content-type'], 'text/html; charset=utf-8', 'as HTML');
	has(page.headers['content-security-policy'], "default-src 'none'; style-src 'sha256-", 'under a strict policy');
	has(page.headers['content-security-policy'], "frame-ancestors 'none'", 'in no frame');
	has(page.text, '<h1>Webinar &lt;b&gt;&amp; more&lt;/b&gt;</h1>', 'what stands there is escaped');
	is(page.text.includes('<script'), false, 'no script');
	has(page.text, 'name="referrer" value="blog.example/post/7"', 'where they come from, and nothing personal of it');
	has(page.text, 'name="utm_source" value="google"', 'and by what');
	has((await ask(server, 'GET', '/forms/demo')).headers['content-security-policy'], "form-action 'self' https://example.com;", 'a redirect is named in the policy');
	is((await ask(server, 'GET', '/forms/nothing')).status, 404, 'none at this address');
}

// ---- sent ----
{
	const sent = await fill('webinar', { name: 'Zoe Zed', email: 'zoe@zed.example', company: 'Zed AG', message: 'call\r\nme', utm_source: 'google', utm_medium: 'cpc', utm_campaign: 'brand', utm_term: 'crm', referrer: 'https://blog.example/post/7?mail=x' });
	is(sent.status, 200, 'sent');
	has(sent.text, 'See you!', 'with thanks');
	const [lead] = await rows('leads', 'key,account,source,campaign,origin,inbound', 'source = "google"');
	deep_equal(lead.slice(1), ['Zed AG', 'google', 'brand', 'marketing', 'yes'], 'a lead, by its first touch');
	deep_equal(await rows('touches', 'lead.key,kind,form,source,campaign,utm_source,utm_medium,utm_campaign,utm_term,utm_content,referrer', 'form = "webinar"'),
		[[lead[0], 'webinar', 'webinar', 'google', 'brand', 'google', 'cpc', 'brand', 'crm', null, 'blog.example/post/7']], 'which is kept');
	is((await mia('GET', `/api/leads/${lead[0]}`)).json.name, 'Zoe Zed', 'and who it is');
	const plain = await fill('webinar', { name: 'Yan Ypsilon', email: 'yan@example.com' });
	is(plain.status, 200, 'without any of it');
	deep_equal((await rows('leads', 'source,campaign', 'campaign = "spring"')), [['form', 'spring']], 'the form says where it is from');
	const led = await fill('demo', { last_name: 'Xu', phone: '+49 30 1234567', consent: 'yes' });
	deep_equal([led.status, led.headers.location], [303, 'https://example.com/thanks?x=1'], 'led on');
	deep_equal((await rows('touches', 'consent', 'form = "demo"')), [['I agree to be called.']], 'what was agreed to is kept');
	const [[asked, owner, type]] = await rows('leads', 'key,owner,agreed_type', 'source = "form" and campaign is empty');
	deep_equal([owner, type], ['Seller One', 'hand-raiser'], 'who asks for a demo is handed over at once');
	const show = (lead) => run(['lead', 'show', lead, '--book', book], { env: { LOCKSTEP_NOW: '2026-03-05T08:30:00Z' } }).out;
	const shown = show(asked);
	has(shown, /came in\n.*09:00 {2}form by demo\n.*qualified/, 'the command line tells by which form it came');
	has(show(lead[0]).replace(/\s+/g, ' '), /webinar by webinar, brand: call me/, 'and what they wrote');
}

// ---- who is known, and asks for sales now ----
{
	const lead = (await mia('POST', '/api/leads', { name: 'Kim Known', email: 'kim@known.example', source: 'list' })).json;
	is(lead.owner, null, 'an address alone is no hand-raiser');
	is((await mia('POST', '/api/forms', { name: 'ask', asks: 'email*' })).status, 201, 'a form asks for addresses');
	is((await fill('ask', { email: 'kim@known.example' })).status, 200, 'the same person asks for a demo');
	const shown = (await mia('GET', `/api/leads/${lead.lead}`)).json;
	deep_equal([shown.life, shown.owner, shown.steps.map((s) => s.step)], ['handed over', shown.owner, ['qualified', 'handed_off']], 'and is handed over at once');
	ok(/^Seller /.test(shown.owner), 'to whose turn it is');
	is((await fill('ask', { email: 'kim@known.example' })).status, 200, 'who asks again');
	is((await mia('GET', `/api/leads/${lead.lead}`)).json.steps.length, 2, 'is with sales already');
}

// ---- the same person twice in a second ----
{
	const many = await Promise.all(Array.from({ length: 8 }, (_, i) => fill('webinar', { name: i % 2 ? 'Will Weg' : 'William Weg', email: i % 2 ? 'Will@weg.example' : 'will@WEG.example' })));
	deep_equal(many.map((a) => a.status), Array(8).fill(200), 'eight at once');
	const leads = new Set((await rows('touches', 'lead.key', 'form = "webinar"')).map((r) => r[0]));
	const of_will = (await rows('touches', 'lead.key,key', 'form = "webinar"')).filter((r, i, all) => all.filter((s) => s[0] === r[0]).length === 8);
	is(of_will.length, 8, 'are one lead with eight touches');
	is(leads.size, 3, 'and nobody else');
	const again = await fill('demo', { last_name: 'Xu', phone: '0049 (30) 123 45 67', consent: 'yes' });
	is(again.status, 303, 'by the telephone number, too');
	is(new Set((await rows('touches', 'lead.key', 'form = "demo"')).map((r) => r[0])).size, 1, 'however it is written');
	const other = await fill('demo', { last_name: 'Olsen', phone: '+49 30 1234567', consent: 'yes' });
	is(other.status, 303, 'a colleague at the same number');
	is(new Set((await rows('touches', 'lead.key', 'form = "demo"')).map((r) => r[0])).size, 2, 'is somebody else');
}

// ---- wrong, or not meant ----
{
	const count = async () => (await rows('leads', 'key')).length;
	const before = await count();
	const wrong = await fill('webinar', { name: '', email: 'zoe@zed', message: '"><script>alert(1)</script>' });
	is(wrong.status, 422, 'what cannot be used');
	has(wrong.text, '<p class="wrong" id="name-wrong">This is needed.</p>', 'is said');
	has(wrong.text, 'This is no e-mail address.', 'each');
	has(wrong.text, 'aria-describedby="email-wrong"', 'where it is');
	has(wrong.text, '&quot;&gt;&lt;script&gt;', 'and what was written stays, escaped');
	is((await fill('demo', { last_name: 'Xu', phone: '+49 30 1234567' })).status, 422, 'a tick that is missing');
	const robot = await fill('webinar', { name: 'Robot', email: 'r@example.com', website: 'http://spam.example' });
	is(robot.status, 200, 'a robot is told nothing');
	is((await ask(server, 'POST', '/forms/webinar', { body: { name: 'x' } })).status, 415, 'no JSON');
	is((await fill('webinar', Array.from({ length: 60 }, (_, i) => [`a${i}`, '1']))).status, 415, 'nor a hundred values');
	is((await ask(server, 'POST', '/forms/webinar', { body: 'name=%zz', headers: { 'Content-Type': 'application/x-www-form-urlencoded' } })).status, 415, 'nor what is not encoded well');
	for (const email of ['a b@example.com', 'a@b@example.com', 'x@example.com\r\nBcc: all@example.com', '<a@example.com>', `${'a'.repeat(70)}@example.com`])
		is((await fill('webinar', { name: 'x', email })).status, 422, `no address: ${JSON.stringify(email).slice(0, 30)}`);
	is((await fill('webinar', { name: 'x'.repeat(401), email: 'x@example.com' })).status, 422, 'nor a novel for a name');
	is(await count(), before, 'and nobody comes in by that');
	is((await mia('PATCH', '/api/forms/webinar', { closed: true })).json.closed, true, 'closed');
	is((await fill('webinar', { name: 'x', email: 'x@example.com' })).status, 410, 'it takes nothing in');
	is((await mia('PATCH', '/api/forms/webinar', { closed: false })).status, 200, 'until it is opened');
	is((await ask(server, 'GET', '/forms/webinar')).status, 200, 'again');
}

// ---- who was forgotten is not known again ----
{
	const sent = async () => (await fill('webinar', { name: 'Fay Forget', email: 'fay@forget.example' })).status;
	const leads = async () => new Set((await rows('touches', 'lead.key,key', 'form = "webinar"')).map((r) => r[0])).size;
	const before = await leads();
	deep_equal([await sent(), await sent(), await leads()], [200, 200, before + 1], 'one lead');
	const erased = lockstep('erase', 'fay@forget.example', '--yes');
	is(erased.code, 0, `erased ${erased.err}`);
	deep_equal([await sent(), await leads()], [200, before + 2], 'whoever comes then is somebody new');
}

// ---- too often ----
{
	let tries = 0, answer;
	do
		answer = await fill('demo', { last_name: 'Flood', phone: '+49 30 99999999' });
	while (answer.status === 422 && ++tries < 100);
	is(answer.status, 429, 'from one address');
	ok(tries > 10 && Number(answer.headers['retry-after']) > 0, 'it is told when to try again');
	is((await fill('webinar', { name: 'x' })).status, 422, 'another form is another matter');
	is((await fill('demo', { last_name: 'Next' }, { 'X-Forwarded-For': '203.0.113.9, 198.51.100.7' })).status, 422, 'and so is who comes by the web server before it');
	is((await fill('demo', { last_name: 'Next' }, { 'X-Forwarded-For': 'somebody' })).status, 429, 'if it says who');
}

{
	is((await fill('webinar?utm_source=adverts&utm_medium=display&gclid=7', { name: 'Ada Address', email: 'ada@address.example' })).status, 200, 'sent to an address with arguments');
	deep_equal(await rows('touches', 'source,utm_source,utm_medium', 'utm_source = "adverts"'), [['adverts', 'adverts', 'display']], 'which count where the form brings none');
}
is((await server.stop()).code, 0, 'it stops');
is(lockstep('verify').code, 0, 'the book is sound');
done();
