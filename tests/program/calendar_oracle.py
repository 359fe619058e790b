"""Asks `lockstep calendar` what is due and what has passed, and holds every answer against an own reckoning with Python's zoneinfo.

    python3 calendar_oracle.py PROGRAM FOLDER QUESTIONS EVERY

Of the zones of tzdata every EVERY-th, around each change of its clocks from 1990 to 2037 and at a quiet time, each zone with a random week
and other hours on some days; QUESTIONS in all. The answer is one line of JSON; what takes long tells how far it is.
"""
import bisect
import datetime as d
import json
import random
import subprocess
import sys
import zoneinfo

UTC = d.timezone.utc
EPOCH = d.datetime(1970, 1, 1, tzinfo=UTC)
FIRST, LAST = 631152000, 2145916800  # 1990 … 2037
DAY = 86400
WORDS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']
AGREEMENT = '''agreement: Hours
between: {{marketing: {{signs: [Mia]}}, sales: {{signs: [Sam]}}}}
in force: 2026-01-05
calendar: {{time zone: "{zone}", hours: {{{hours}}}}}
lead types: {{any: {{when: "not won", hand over: at once}}}}
route: [{{otherwise: [Sam]}}]
promises: {{}}
reasons: {{reject: [no need]}}
annexes: {{other hours: {{{other}}}}}
'''

random.seed(2026)


def local(zone, s):
    return d.datetime.fromtimestamp(s, UTC).astimezone(zone)


def instant(zone, wall):
    """A repeated local time is its first occurrence, a missing one moves forward by the gap: fold 0 is just that."""
    return int((wall.replace(tzinfo=zone, fold=0) - EPOCH).total_seconds())


def at_minute(zone, date, minute):
    return instant(zone, d.datetime(date.year, date.month, date.day) + d.timedelta(minutes=minute))


def changes(zone):
    """The seconds at which the offset becomes another."""
    found, step = [], 7 * DAY
    offset = lambda s: local(zone, s).utcoffset()
    for low in range(FIRST, LAST, step):
        high = low + step
        before = offset(low)
        if before == offset(high):
            continue
        while high - low > 1:
            middle = (low + high) // 2
            if offset(middle) == before:
                low = middle
            else:
                high = middle
        found.append(high)
    return found


# ---- hours ----

def random_day(night):
    ranges, at = [], random.randrange(0, 40) * 15
    for _ in range(random.randrange(0, 4)):
        opens = at + random.randrange(0, 90)
        closes = opens + 1 + random.randrange(0, 400)
        if opens >= 1440 or closes > 1440 + (240 if night else 0):
            break
        ranges.append((opens, closes))
        at = closes + random.randrange(0, 60)
    return ranges


class Hours:
    def __init__(self, around):
        night = random.random() < 0.3
        self.week = [random_day(night) for _ in range(7)]
        if not any(self.week):
            self.week[1] = [(540, 1020)]
        self.other = {}
        for date in around:
            for _ in range(random.randrange(0, 4)):
                day = date + d.timedelta(days=random.randrange(-4, 9))
                self.other[day] = random_day(night) if random.random() < 0.5 else []

    def of(self, date):
        return self.other[date] if date in self.other else self.week[date.weekday()]

    def text(self, zone):
        clock = lambda m: '24:00' if m == 1440 else '%02d:%02d' % (m // 60 % 24, m % 60)
        ranges = lambda day: '[' + ', '.join('"%s-%s"' % (clock(a), clock(b)) for a, b in day) + ']'
        return AGREEMENT.format(zone=zone, hours=', '.join('%s: %s' % (WORDS[i], ranges(self.week[i])) for i in range(7)),
                                other=', '.join('%s: %s' % (k, ranges(v)) for k, v in self.other.items()))


class Stretch:
    """Some days of a zone's hours as spans of seconds; of time that two ranges share the earlier range has it."""

    def __init__(self, zone, hours, first, days):
        self.zone, self.hours = zone, hours
        dates = [first + d.timedelta(days=i) for i in range(days)]
        self.low, self.high = at_minute(zone, dates[2], 0), at_minute(zone, dates[-2], 0)
        self.working = [date for date in dates if hours.of(date)]
        spans, end = [], 0
        for date in self.working:
            for opens, closes in hours.of(date):
                x, y = at_minute(zone, date, opens), at_minute(zone, date, closes)
                pieces = [(x, y)] if x < y else []
                for a, b, _ in reversed(spans) if x < end else ():
                    pieces = [p for x, y in pieces for p in ((x, min(y, a)), (max(x, b), y)) if p[0] < p[1]]
                spans += [(x, y, date) for x, y in pieces]
                end = max([end] + [y for _, y in pieces])
        spans.sort()
        self.spans = spans
        self.ends = [y for _, y, _ in spans]

    def after(self, s, seconds):
        for x, y, _ in self.spans[bisect.bisect_right(self.ends, s):]:
            s = max(s, x)
            if y - s >= seconds:
                return s + seconds
            seconds -= y - s
        return None

    def days_after(self, s, n):
        i = bisect.bisect_right(self.ends, s)
        if i == len(self.spans):
            return None
        x, _, date = self.spans[i]
        wall = local(self.zone, max(s, x)).replace(tzinfo=None)
        minute = (wall - d.datetime(date.year, date.month, date.day)).total_seconds() / 60
        k = self.working.index(date) + n
        if k >= len(self.working):
            return None
        ranges = self.hours.of(self.working[k])
        for opens, closes in ranges:
            if minute <= closes:
                return at_minute(self.zone, self.working[k], minute if minute >= opens else closes)
        return at_minute(self.zone, self.working[k], ranges[-1][1])

    def elapsed(self, a, b):
        if b < a:
            return -self.elapsed(b, a)
        i = bisect.bisect_right(self.ends, a)
        return sum(max(0, min(y, b) - max(x, a)) for x, y, _ in self.spans[i:bisect.bisect_right(self.ends, b) + 1])


# ---- asking ----

def due(stretch, s, n, unit):
    zone = stretch.zone
    if unit == 'working minutes':
        return stretch.after(s, n * 60)
    if unit == 'working hours':
        return stretch.after(s, n * 3600)
    if unit == 'working days':
        return stretch.days_after(s, n)
    if unit == 'calendar hours':
        return s + n * 3600
    return instant(zone, local(zone, s).replace(tzinfo=None) + d.timedelta(days=n))


# The most of each in a short stretch, in a long one.
MOST = {'working minutes': (1200, 20000), 'working hours': (30, 300), 'working days': (6, 90), 'calendar hours': (100, 5000),
        'calendar days': (10, 200)}
UNITS = list(MOST)


def moment(stretch, middle, reach):
    """A start, as it is written: with its offset, or by the zone's own clock."""
    s = middle + random.randrange(-1, 2) if random.random() < 0.1 else middle + random.randrange(-reach, reach)
    wall = local(stretch.zone, s)
    if random.random() < 0.2:
        wall = wall.replace(tzinfo=None)
        s = instant(stretch.zone, wall)
    return s, wall.isoformat()


def ask_stretch(stretch, middle, reach, long, count, asked):
    while count > 0:
        s, start = moment(stretch, middle, reach)
        if random.random() < 0.3:
            e, end = moment(stretch, middle, reach)
            asked['elapsed'].append(('%s %s' % (start, end), str(stretch.elapsed(s, e))))
        else:
            unit = random.choice(UNITS)
            n = random.randrange(1, MOST[unit][long] + 1)
            answer = due(stretch, s, n, unit)
            if answer is None:
                continue
            asked['due'].append(('%s %d %s' % (start, n, unit), local(stretch.zone, answer).isoformat()))
        count -= 1


def ask_zone(name, middles, questions):
    zone, quiet = zoneinfo.ZoneInfo(name), FIRST + random.randrange(300, 47 * 365) * DAY
    hours = Hours([local(zone, s).date() for s in middles + [quiet]])
    asked = {'due': [], 'elapsed': []}
    each = -(-questions // (len(middles) + 1))
    for middle in middles:
        stretch = Stretch(zone, hours, local(zone, middle).date() - d.timedelta(days=10), 40)
        ask_stretch(stretch, middle, 36 * 3600, 0, each, asked)
    stretch = Stretch(zone, hours, local(zone, quiet).date() - d.timedelta(days=150), 600)
    ask_stretch(stretch, quiet, 140 * DAY, 1, max(1, questions - each * len(middles)), asked)
    return hours.text(name), asked


def compare(program, path, asked, tally):
    for verb, pairs in asked.items():
        child = subprocess.run([program, 'calendar', verb, path], input=''.join(line + '\n' for line, _ in pairs),
                               capture_output=True, text=True)
        got = child.stdout.split('\n')[:-1]
        if child.returncode or child.stderr or len(got) != len(pairs):
            tally['failed'].append('%s: %d of %d lines, code %d: %s' % (verb, len(got), len(pairs), child.returncode, child.stderr[:300]))
        for (line, wanted), answer in zip(pairs, got):
            tally['asked'] += 1
            if answer != wanted:
                tally['wrong'] += 1
                tally['examples'] = (tally['examples'] + ['%s %s: %s, not %s' % (verb, line, answer, wanted)])[:5]


def main(program, folder, questions, every):
    zoneinfo.reset_tzpath(['/usr/share/zoneinfo'])
    zones = [(name, changes(zoneinfo.ZoneInfo(name))) for name in sorted(zoneinfo.available_timezones())[::every]]
    left = sum(len(middles) + 1 for _, middles in zones)
    tally = {'zones': len(zones), 'changes': left - len(zones), 'asked': 0, 'wrong': 0, 'examples': [], 'failed': []}
    for i, (name, middles) in enumerate(zones):
        share = max(questions - tally['asked'], 0) * (len(middles) + 1) // left
        text, asked = ask_zone(name, middles, max(share, len(middles) + 1))
        left -= len(middles) + 1
        with open(folder + '/hours.yaml', 'w', encoding='utf-8') as file:
            file.write(text)
        compare(program, folder + '/hours.yaml', asked, tally)
        if questions >= 1000000 and i % 25 == 24:
            print('# %d of %d zones, %d questions, %d wrong' % (i + 1, len(zones), tally['asked'], tally['wrong']), file=sys.stderr)
    print(json.dumps(tally))


if __name__ == '__main__':
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
