#!/usr/bin/env node
// `lockstep calendar` against Python's zoneinfo: an own reckoning of working time, over many zones, weeks and holidays.
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { ok, is, skip, done, program, run, temporary_folder } from '../tap.mjs';

const folder = temporary_folder();
const agreement = (calendar, annexes) => `agreement: Hours
between: {marketing: {signs: [Mia]}, sales: {signs: [Sam]}}
in force: 2026-01-05
${calendar}
lead types: {any: {when: "not won", hand over: at once}}
route: [{otherwise: [Sam]}]
promises: {}
reasons: {reject: [no need]}
${annexes}`;

// Writes cases as JSON: [{zone, hours, other, due: [[line, answer]], elapsed: [[line, answer]]}].
const script = `
import random, json, bisect, datetime as d, zoneinfo
random.seed(2026)
U = d.timezone.utc
EPOCH = d.datetime(1970, 1, 1, tzinfo=U)
names = sorted(n for n in zoneinfo.available_timezones() if '/' in n and not n.startswith(('Etc', 'SystemV')))
def text(m): return '%02d:%02d' % (m // 60 % 24 if m != 1440 else 24, m % 60)
def day(night):
    out, at = [], random.randrange(0, 40) * 15
    for i in range(random.randrange(0, 4)):
        a = at + random.randrange(0, 8) * 15
        b = a + 15 + random.randrange(0, 20) * 15
        if a >= 1440 or b > 1440 + (180 if night else 0) or b - a > 1440: break
        out.append((a, b)); at = b + random.randrange(0, 4) * 15
    return out
cases = []
for name in random.sample(names, 40):
    z = zoneinfo.ZoneInfo(name)
    def utc(date, minute):          # first occurrence; a missing time moves forward by the gap (fold 0)
        w = d.datetime(date.year, date.month, date.day) + d.timedelta(minutes=minute)
        return int((w.replace(tzinfo=z) - EPOCH).total_seconds())
    while True:
        night = random.random() < 0.3
        week = [day(night) for i in range(7)]
        if any(week) and all(not week[i] or not week[(i + 1) % 7] or week[i][-1][1] <= 1440 + week[(i + 1) % 7][0][0] for i in range(7)): break
    year = random.randrange(1990, 2036)
    first, last = d.date(year, 1, 1), d.date(year + 1, 12, 31)
    other = {}
    for i in range(12):
        at = d.date(year, 2, 1) + d.timedelta(days=random.randrange(0, 500))
        other[at] = [] if random.random() < 0.6 else [(540, 720)]
    hours = lambda date: other[date] if date in other else week[date.weekday()]
    dates = [first + d.timedelta(days=i) for i in range((last - first).days + 1)]
    spans, end = [], -10**12
    for date in dates:
        for a, b in hours(date):
            x, y = max(utc(date, a), end), utc(date, b)
            if x < y: spans.append((x, y, date)); end = y
    if not spans or any(spans[i][0] > spans[i + 1][0] for i in range(len(spans) - 1)): continue
    ends = [s[1] for s in spans]
    working = [date for date in dates if hours(date)]
    def iso(s): return d.datetime.fromtimestamp(s, U).astimezone(z).isoformat()
    def after(s, seconds):
        i = bisect.bisect_right(ends, s)
        while i < len(spans):
            x, y, date = spans[i]
            s = max(s, x)
            if y - s >= seconds: return s + seconds
            seconds -= y - s; i += 1
    def days(s, n):
        i = bisect.bisect_right(ends, s)
        if i == len(spans): return None
        s, date = max(s, spans[i][0]), spans[i][2]
        local = d.datetime.fromtimestamp(s, U).astimezone(z).replace(tzinfo=None)
        minute = (local - d.datetime(date.year, date.month, date.day)).total_seconds() / 60
        k = working.index(date) + n
        if k >= len(working): return None
        ranges = hours(working[k])
        for a, b in ranges:
            if minute < a: minute = b; break
            if minute <= b: break
        else: minute = ranges[-1][1]
        return utc(working[k], minute)
    def elapsed(a, b):
        if b < a: return -elapsed(b, a)
        return sum(max(0, min(y, b) - max(x, a)) for x, y, date in spans[bisect.bisect_right(ends, a):bisect.bisect_right(ends, b) + 1])
    due, spent = [], []
    low = utc(d.date(year, 2, 1), 0)
    for i in range(500):
        s = low + random.randrange(0, 500 * 86400)
        n = random.randrange(1, 100)
        kind = random.choice(['working minutes', 'working hours', 'working days', 'calendar days', 'calendar hours'])
        local = d.datetime.fromtimestamp(s, U).astimezone(z).replace(tzinfo=None)
        answer = (after(s, n * 60) if kind == 'working minutes' else after(s, n * 3600) if kind == 'working hours'
                  else days(s, n) if kind == 'working days' else s + n * 3600 if kind == 'calendar hours'
                  else int(((local + d.timedelta(days=n)).replace(tzinfo=z) - EPOCH).total_seconds()))
        if answer is not None: due.append(['%s %d %s' % (iso(s), n, kind), answer])
        t = s + random.randrange(-40, 40) * 7211
        if t > low: spent.append(['%s %s' % (iso(s), iso(t)), elapsed(s, t)])
    word = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']
    ranges = lambda day: '[' + ', '.join('"%s-%s"' % (text(a), text(b)) for a, b in day) + ']'
    cases.append({'zone': name, 'hours': ', '.join('%s: %s' % (word[i], ranges(week[i])) for i in range(7)),
                  'other': ', '.join('%s: %s' % (k.isoformat(), ranges(v)) for k, v in other.items()), 'due': due, 'elapsed': spent})
print(json.dumps(cases))
`;

function answers(verb, path, lines) {
	const child = spawnSync(program, ['calendar', verb, path], { input: lines.join('\n') + '\n', encoding: 'utf8' });
	return { code: child.status, lines: child.stdout.split('\n').slice(0, -1), err: child.stderr };
}

const example = `${folder}/example.yaml`;
writeFileSync(example, agreement('calendar: {time zone: America/Chicago, hours: {mon-fri: ["08:00-12:00", "13:00-17:00"]}}', ''));
const some = answers('due', example, ['2026-03-27T16:30:00-05:00 8 working hours', '', '2026-03-27T16:30 2 calendar days', 'soon', '2026-03-27T16:30 1 day 2 hours']);
is(some.code, 1, 'lines that make no sense are refused');
is(some.lines.join(' '), '2026-03-30T16:30:00-05:00 2026-03-29T16:30:00-05:00', 'the others are answered');
ok(some.err.includes('standard input:4:') && some.err.includes('standard input:5:'), 'with their places');
is(run(['calendar', 'overdue', example]).code, 2, 'due or elapsed');

const python = spawnSync('python3', ['-c', script], { encoding: 'utf8', maxBuffer: 1 << 28 });
const has_python = python.status === 0;
let compared = 0;
if (!has_python)
	skip('no Python with zoneinfo here');
for (const { zone, hours, other, due, elapsed } of has_python ? JSON.parse(python.stdout) : []) {
	const path = `${folder}/hours.yaml`;
	writeFileSync(path, agreement(`calendar: {time zone: ${zone}, hours: {${hours}}}`, `annexes: {other hours: {${other}}}`));
	const got_due = answers('due', path, due.map(([line]) => line));
	const got_elapsed = answers('elapsed', path, elapsed.map(([line]) => line));
	const wrong = [
		...due.filter(([, wanted], i) => Date.parse(got_due.lines[i]) !== wanted * 1000).map((c) => ['due', ...c]),
		...elapsed.filter(([, wanted], i) => Number(got_elapsed.lines[i]) !== wanted).map((c) => ['elapsed', ...c]),
	];
	compared += due.length + elapsed.length;
	is(wrong.length, 0, `${zone}: ${due.length + elapsed.length} answers, as Python has them${wrong.length ? `: ${wrong.slice(0, 3).map(String).join(' | ')}` : ''}`);
	if (got_due.err || got_elapsed.err)
		ok(false, got_due.err + got_elapsed.err);
}
if (has_python)
	ok(compared > 10000, `${compared} answers were compared`);
done();
