/* A million random questions of working time, over all zones and every change of their clocks from 1990 to 2037, against a walk that goes
 * minute by minute and asks the C library what the clock shows. */
#include "domain/calendar.h"

#include <ftw.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "base/date.h"
#include "calendar_help.h"
#include "tap.h"

enum {
	WINDOW_DAYS = 3, /* around a change */
	WINDOW = WINDOW_DAYS * DAY_MINUTES,
	SLACK = 3 * DAY_MINUTES, /* on both sides, so that local times can be looked up */
	QUARTER = 15,
	MINUTES = WINDOW + 2 * SLACK,
	MAX_ZONES = 700,
	MAX_CHANGES = 1024,
	QUESTIONS = 1000000,
	ASKED = QUESTIONS + QUESTIONS / 20, /* some have no answer inside what was walked */
};

#define NEVER INT64_MIN

/* ---- zones and when their clocks change, by the C library ---- */

static char *zones[MAX_ZONES];
static int zone_count;

static int note_zone(const char *path, const struct stat *stat, int type, struct FTW *at)
{
	static const char folder[] = "/usr/share/zoneinfo/";
	const char *name = path + sizeof(folder) - 1;
	FILE *file = type == FTW_F ? fopen(path, "rb") : NULL;
	char magic[4] = "";

	(void)stat;
	(void)at;
	if (file && fread(magic, 1, 4, file) == 4 && memcmp(magic, "TZif", 4) == 0 && zone_count < MAX_ZONES &&
	    strncmp(name, "posix", 5) != 0 && strncmp(name, "right", 5) != 0 && strcmp(name, "localtime") != 0)
		zones[zone_count++] = strdup(name);
	if (file)
		fclose(file);
	return 0;
}

static int64_t offset_s(int64_t utc_s)
{
	time_t at = (time_t)utc_s;
	struct tm tm;

	localtime_r(&at, &tm);
	return tm.tm_gmtoff;
}

/* Minutes at which the offset changes. */
static size_t find_changes(int64_t *out, size_t most)
{
	const int64_t step = 7 * 86400, from = 631152000, to = 2145916800; /* 1990 … 2037 */
	size_t count = 0;

	for (int64_t s = from; s < to && count < most; s += step) {
		int64_t low = s, high = s + step;

		if (offset_s(low) == offset_s(high))
			continue;
		while (high - low > 1) {
			int64_t middle = low + (high - low) / 2;

			if (offset_s(middle) == offset_s(low))
				low = middle;
			else
				high = middle;
		}
		out[count++] = high / 60;
	}
	return count;
}

/* ---- one window, minute by minute ---- */

struct window {
	int64_t from;           /* UTC minutes */
	int64_t local[MINUTES]; /* what the clock shows, minutes since 1970 */
	int32_t owner[MINUTES]; /* the date whose hours this minute belongs to; DATE_NONE: closed */
};

static void look_at_clock(struct window *w, int64_t middle)
{
	w->from = middle - MINUTES / 2;
	for (int i = 0; i < MINUTES; i += QUARTER) {
		int64_t first = offset_s((w->from + i) * 60), last = offset_s((w->from + i + QUARTER) * 60);

		for (int j = i; j < i + QUARTER; j++)
			w->local[j] = w->from + j + (first == last ? first : offset_s((w->from + j) * 60)) / 60;
	}
}

/* Where the clock first shows `local`; a time that is jumped over is shown later by as much as was jumped. NEVER outside the window. */
static int64_t first_shown(const struct window *w, int64_t local)
{
	/* Clocks are moved by a day and an hour at most: it is shown no earlier than this. */
	int64_t from = local - w->local[0] - DAY_MINUTES - 60;

	if (local < w->local[0])
		return NEVER;
	for (int64_t i = from > 0 ? from : 0; i < MINUTES; i++) {
		if (w->local[i] == local)
			return i;
		if (i && w->local[i - 1] < local && w->local[i] > local)
			return first_shown(w, local + w->local[i] - w->local[i - 1] - 1);
	}
	return NEVER;
}

static const struct working_day *hours_of(const struct working_week *week, int32_t date)
{
	const struct working_day *day = &week->days[date_weekday(date)];

	for (size_t i = 0; i < week->dated_count; i++)
		if (week->dated[i].date == date)
			day = &week->dated[i].day;
	return day;
}

static void mark_hours(struct window *w, const struct working_week *week)
{
	int32_t first = (int32_t)(w->local[0] / DAY_MINUTES), last = (int32_t)(w->local[MINUTES - 1] / DAY_MINUTES);

	for (int i = 0; i < MINUTES; i++)
		w->owner[i] = DATE_NONE;
	for (int32_t date = first; date <= last; date++) {
		const struct working_day *day = hours_of(week, date);

		for (int r = 0; r < day->count; r++) {
			int64_t open = first_shown(w, date * (int64_t)DAY_MINUTES + day->ranges[r].open_s / 60);
			int64_t close = first_shown(w, date * (int64_t)DAY_MINUTES + day->ranges[r].close_s / 60);

			for (int64_t i = open; open != NEVER && close != NEVER && i < close; i++)
				if (w->owner[i] == DATE_NONE)
					w->owner[i] = date;
		}
	}
}

static int64_t walked(const struct window *w, int from, int to)
{
	int64_t count = 0;

	for (int i = from; i < to; i++)
		count += w->owner[i] != DATE_NONE;
	return count;
}

/* The end of the `minutes`-th open minute from `from` on. */
static int64_t walked_due(const struct window *w, int from, int64_t minutes)
{
	for (int i = from; i < MINUTES; i++)
		if (w->owner[i] != DATE_NONE && --minutes == 0)
			return i + 1;
	return NEVER;
}

/* The same time of day on the nth working day after. */
static int64_t walked_days(const struct window *w, const struct working_week *week, int from, int days)
{
	const struct working_day *day;
	int64_t of_day;
	int32_t date;

	while (from < MINUTES && w->owner[from] == DATE_NONE)
		from++;
	if (from == MINUTES)
		return NEVER;
	date = w->owner[from];
	of_day = w->local[from] - date * (int64_t)DAY_MINUTES;
	while (days) {
		date++;
		if (date > w->local[MINUTES - 1] / DAY_MINUTES)
			return NEVER;
		days -= hours_of(week, date)->count > 0;
	}
	day = hours_of(week, date);
	for (int r = 0; r < day->count; r++) {
		int64_t open = day->ranges[r].open_s / 60, close = day->ranges[r].close_s / 60;

		if (of_day < open || (of_day > close && r == day->count - 1)) {
			of_day = close;
			break;
		}
		if (of_day <= close)
			break;
	}
	return first_shown(w, date * (int64_t)DAY_MINUTES + of_day);
}

/* ---- asking both ---- */

struct tally {
	long asked, wrong, beyond; /* beyond: the walk's window ended first */
};

static void compare(struct tally *tally, const struct window *w, int64_t walked_at, int64_t got_ms, const char *what,
		    int start, int64_t amount)
{
	int64_t wanted_ms;

	if (walked_at == NEVER) {
		tally->beyond++;
		return;
	}
	wanted_ms = (w->from + walked_at) * 60000;
	tally->asked++;
	if (got_ms != wanted_ms && ++tally->wrong <= 10)
		note("%s of %lld from %lld is %lld, not %lld", what, (long long)amount,
		     (long long)(w->from + start) * 60, (long long)got_ms / 1000, (long long)wanted_ms / 1000);
}

static void ask_window(struct tally *tally, const struct window *w, const struct working_week *week,
		       const struct calendar *calendar, int questions)
{
	for (int i = 0; i < questions; i++) {
		int start = SLACK + (int)below(WINDOW), end = SLACK + (int)below(WINDOW);
		int64_t start_ms = (w->from + start) * 60000, minutes = 1 + below(600);
		int days = 1 + (int)below(2);

		switch (below(3)) {
		case 0:
			compare(tally, w, walked_due(w, start, minutes),
				calendar_due_ms(calendar, start_ms,
						(struct allowance){ ALLOW_WORKING_TIME, minutes * 60000 }),
				"working minutes", start, minutes);
			break;
		case 1:
			compare(tally, w, walked_days(w, week, start, days),
				calendar_due_ms(calendar, start_ms, (struct allowance){ ALLOW_WORKING_DAYS, days }),
				"working days", start, days);
			break;
		default:
			tally->asked++;
			if (calendar_elapsed_ms(calendar, start_ms, (w->from + end) * 60000) !=
			    (start <= end ? walked(w, start, end) : -walked(w, end, start)) * 60000)
				tally->wrong++;
		}
	}
}

static void ask_zone(struct tally *tally, const char *name, long until)
{
	static struct window window;
	static int64_t changes[MAX_CHANGES];
	static struct dated_day dated[3 * MAX_CHANGES];
	struct calendar *calendar;
	struct working_week week;
	struct err err = ERR_INIT;
	struct arena arena;
	struct zone *zone;
	size_t count;

	setenv("TZ", name, 1);
	tzset();
	if (zone_load(&zone, name, &err) < 0) {
		ok(false, "%s", err.text);
		return;
	}
	arena_init(&arena);
	count = find_changes(changes, MAX_CHANGES - 1);
	changes[count++] = 631152000 / 60 + below(48 * 365) * DAY_MINUTES; /* and a quiet time */
	random_week(&week, dated, changes, count);
	calendar = calendar_build(&week, zone, &arena);
	for (size_t i = 0; i < count; i++) {
		long left = until - tally->asked;

		look_at_clock(&window, changes[i]);
		mark_hours(&window, &week);
		ask_window(tally, &window, &week, calendar, left > 0 ? (int)(left / (long)(count - i)) + 2 : 1);
	}
	arena_release(&arena);
	zone_free(zone);
}

int main(void)
{
	struct tally tally = { 0 };

	nftw("/usr/share/zoneinfo/", note_zone, 16, FTW_PHYS);
	if (zone_count < 100) {
		skip("no tzdata here");
		return done();
	}
	for (int i = 0; i < zone_count; i++)
		ask_zone(&tally, zones[i], (long)ASKED * (i + 1) / zone_count);
	is_int(tally.wrong, 0, "%ld questions over %d zones, each as walked minute by minute", tally.asked, zone_count);
	ok(tally.asked >= QUESTIONS, "a million of them (%ld more ended outside what was walked)", tally.beyond);
	for (int i = 0; i < zone_count; i++)
		free(zones[i]);
	return done();
}
