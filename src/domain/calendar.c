#include "domain/calendar.h"

#include <stdlib.h>

#include "base/date.h"
#include "base/err.h"

#define DAY_MS (DAY_SECONDS * INT64_C(1000))

/* A range is cut in pieces only where a day was left out: there are a few in all zones and years. */
enum { SPARE_SPANS = 16 * CALENDAR_RANGES };

/* A stretch of working time on the line of instants. */
struct span {
	int64_t open_ms, close_ms;
	int64_t before_ms; /* working time of all spans before it */
	int32_t date;      /* the day it belongs to */
};

/* What is asked of a date a million times, worked out once. */
struct known_day {
	const struct working_day *hours;
	int64_t midnight_ms; /* its begin, where clocks stay as they are for 48 hours from then on; else CLOCKS_CHANGE */
	uint32_t span_after;  /* the first span that closes after this date begins in UTC */
	uint32_t days_before; /* working days before it */
};

#define CLOCKS_CHANGE INT64_MAX

struct calendar {
	const struct zone *zone;
	struct working_week week; /* its dated days sorted, one for each date */
	int32_t first_date, last_date;
	struct span *spans; /* by time, none empty, none overlapping */
	size_t span_count, span_capacity;
	struct known_day *days; /* by date since first_date */
	int32_t *working_dates;
	size_t working_count;
};

bool working_day_valid(const struct working_day *day)
{
	for (int i = 0; i < day->count; i++) {
		struct time_range range = day->ranges[i];

		if (range.open_s < 0 || range.open_s >= DAY_SECONDS || range.close_s <= range.open_s ||
		    range.close_s > range.open_s + DAY_SECONDS)
			return false;
		if (i && range.open_s < day->ranges[i - 1].close_s)
			return false;
	}
	return day->count >= 0 && day->count <= CALENDAR_RANGES;
}

/* ---- building ---- */

struct ordered_day {
	int32_t date;
	size_t place;
};

static int compare_days(const void *a, const void *b)
{
	const struct ordered_day *x = a, *y = b;

	if (x->date != y->date)
		return x->date < y->date ? -1 : 1;
	return x->place < y->place ? -1 : 1;
}

/* By date, and of those for one date the last. */
static void sort_dated(struct working_week *week, struct arena *arena)
{
	struct dated_day *sorted = ARENA_ARRAY(arena, struct dated_day, week->dated_count);
	struct ordered_day *order = ARENA_ARRAY(arena, struct ordered_day, week->dated_count);
	size_t count = 0;

	for (size_t i = 0; i < week->dated_count; i++)
		order[i] = (struct ordered_day){ week->dated[i].date, i };
	if (week->dated_count)
		qsort(order, week->dated_count, sizeof(order[0]), compare_days);
	for (size_t i = 0; i < week->dated_count; i++) {
		if (count && sorted[count - 1].date == order[i].date)
			count--;
		sorted[count++] = week->dated[order[i].place];
	}
	week->dated = sorted;
	week->dated_count = count;
}

static struct known_day *day_of(const struct calendar *calendar, int32_t date)
{
	return &calendar->days[date - calendar->first_date];
}

static const struct working_day *find_hours(const struct calendar *calendar, int32_t date)
{
	const struct dated_day *dated = calendar->week.dated;
	size_t low = 0, high = calendar->week.dated_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (dated[middle].date < date)
			low = middle + 1;
		else
			high = middle;
	}
	if (low < calendar->week.dated_count && dated[low].date == date)
		return &dated[low].day;
	return &calendar->week.days[date_weekday(date)];
}

static int64_t instant_of(const struct calendar *calendar, int32_t date, int64_t of_day_s)
{
	return zone_utc_ms(calendar->zone, date * (int64_t)DAY_SECONDS + of_day_s);
}

static void insert_span(struct calendar *calendar, size_t at, struct span span)
{
	if (calendar->span_count == calendar->span_capacity)
		BUG("more stretches of working time than ranges");
	for (size_t i = calendar->span_count++; i > at; i--)
		calendar->spans[i] = calendar->spans[i - 1];
	calendar->spans[at] = span;
}

/* What of the range no earlier day has yet. Ranges come in order but for days that a zone left out: their hours fall onto the next. */
static void add_span(struct calendar *calendar, int32_t date, struct time_range range)
{
	int64_t open_ms = instant_of(calendar, date, range.open_s);
	int64_t close_ms = instant_of(calendar, date, range.close_s);
	size_t at = calendar->span_count;

	while (at && calendar->spans[at - 1].close_ms > open_ms)
		at--;
	for (; open_ms < close_ms; at++) {
		const struct span *next = at < calendar->span_count ? &calendar->spans[at] : NULL;

		if (!next || next->open_ms > open_ms) {
			int64_t to_ms = next && next->open_ms < close_ms ? next->open_ms : close_ms;

			insert_span(calendar, at, (struct span){ open_ms, to_ms, 0, date });
			open_ms = to_ms;
		} else if (next->close_ms > open_ms) {
			open_ms = next->close_ms;
		}
	}
}

static void add_up(struct calendar *calendar)
{
	int64_t before_ms = 0;

	for (size_t i = 0; i < calendar->span_count; i++) {
		calendar->spans[i].before_ms = before_ms;
		before_ms += calendar->spans[i].close_ms - calendar->spans[i].open_ms;
	}
}

/* Returns how many ranges all days have. */
static size_t know_days(struct calendar *calendar)
{
	int64_t next_ms = instant_of(calendar, calendar->first_date, 0);
	int64_t after_ms = instant_of(calendar, calendar->first_date, DAY_SECONDS);
	size_t ranges = 0;

	for (int32_t date = calendar->first_date; date <= calendar->last_date; date++) {
		struct known_day *day = day_of(calendar, date);
		int64_t midnight_ms = next_ms;

		next_ms = after_ms;
		after_ms = instant_of(calendar, date + 2, 0);
		/* No zone has moved its clocks there and back within two days. */
		day->midnight_ms =
			next_ms - midnight_ms == DAY_MS && after_ms - next_ms == DAY_MS ? midnight_ms : CLOCKS_CHANGE;
		day->hours = find_hours(calendar, date);
		day->days_before = (uint32_t)calendar->working_count;
		if (day->hours->count)
			calendar->working_dates[calendar->working_count++] = date;
		ranges += (size_t)day->hours->count;
	}
	return ranges;
}

static void lay_out(struct calendar *calendar)
{
	for (int32_t date = calendar->first_date; date <= calendar->last_date; date++) {
		const struct working_day *hours = day_of(calendar, date)->hours;

		for (int i = 0; i < hours->count; i++)
			add_span(calendar, date, hours->ranges[i]);
	}
}

static void index_days(struct calendar *calendar)
{
	size_t span = 0;

	for (int32_t date = calendar->first_date; date <= calendar->last_date; date++) {
		while (span < calendar->span_count && calendar->spans[span].close_ms <= date * DAY_MS)
			span++;
		day_of(calendar, date)->span_after = (uint32_t)span;
	}
}

struct calendar *calendar_build(const struct working_week *week, const struct zone *zone, struct arena *arena)
{
	struct calendar *calendar = ARENA_NEW(arena, struct calendar);

	*calendar = (struct calendar){ .zone = zone,
				       .week = *week,
				       .first_date = date_of_civil((struct civil){ CALENDAR_FIRST_YEAR, 1, 1 }),
				       .last_date = date_of_civil((struct civil){ CALENDAR_LAST_YEAR, 12, 31 }) };
	for (int i = 0; i < 7; i++)
		if (!working_day_valid(&week->days[i]))
			BUG("the hours of weekday %d are not in order", i);
	for (size_t i = 0; i < week->dated_count; i++)
		if (!working_day_valid(&week->dated[i].day))
			BUG("the hours of dated day %zu are not in order", i);
	sort_dated(&calendar->week, arena);

	size_t days = (size_t)(calendar->last_date - calendar->first_date) + 1;

	calendar->days = ARENA_ARRAY(arena, struct known_day, days);
	calendar->working_dates = ARENA_ARRAY(arena, int32_t, days);
	calendar->span_capacity = know_days(calendar) + SPARE_SPANS;
	calendar->spans = ARENA_ARRAY(arena, struct span, calendar->span_capacity);
	lay_out(calendar);
	add_up(calendar);
	index_days(calendar);
	return calendar;
}

/* ---- asking ---- */

/* The first span that closes after `at_ms`; span_count when there is none. */
static size_t span_closing_after(const struct calendar *calendar, int64_t at_ms)
{
	int64_t day = floor_div(at_ms, DAY_MS);
	size_t span;

	if (day < calendar->first_date)
		return 0;
	if (day > calendar->last_date)
		day = calendar->last_date;
	for (span = day_of(calendar, (int32_t)day)->span_after; span < calendar->span_count; span++)
		if (calendar->spans[span].close_ms > at_ms)
			break;
	return span;
}

static int64_t span_ms(const struct span *span)
{
	return span->close_ms - span->open_ms;
}

/* Working time from the calendar's beginning to `at_ms`, which is in or before `span` and after the one before. */
static int64_t worked_ms(const struct calendar *calendar, size_t span, int64_t at_ms)
{
	if (span == calendar->span_count)
		return span ? calendar->spans[span - 1].before_ms + span_ms(&calendar->spans[span - 1]) : 0;

	const struct span *s = &calendar->spans[span];

	return s->before_ms + (at_ms > s->open_ms ? at_ms - s->open_ms : 0);
}

int64_t calendar_elapsed_ms(const struct calendar *calendar, int64_t from_ms, int64_t to_ms)
{
	return worked_ms(calendar, span_closing_after(calendar, to_ms), to_ms) -
	       worked_ms(calendar, span_closing_after(calendar, from_ms), from_ms);
}

bool calendar_open(const struct calendar *calendar, int64_t at_ms)
{
	size_t span = span_closing_after(calendar, at_ms);

	return span < calendar->span_count && calendar->spans[span].open_ms <= at_ms;
}

int64_t calendar_next_open_ms(const struct calendar *calendar, int64_t at_ms)
{
	size_t span = span_closing_after(calendar, at_ms);

	if (span == calendar->span_count)
		return CALENDAR_NEVER;
	return calendar->spans[span].open_ms > at_ms ? calendar->spans[span].open_ms : at_ms;
}

bool calendar_works(const struct calendar *calendar, int32_t date)
{
	return date >= calendar->first_date && date <= calendar->last_date && day_of(calendar, date)->hours->count > 0;
}

/* The first span at whose end `worked` has passed, from `from` on: in steps that double, because most are near. */
static size_t span_reaching(const struct calendar *calendar, size_t from, int64_t worked)
{
	size_t low = from, step = 1;

	while (low + step < calendar->span_count && calendar->spans[low + step].before_ms < worked) {
		low += step;
		step *= 2;
	}

	size_t high = low + step < calendar->span_count ? low + step : calendar->span_count;

	/* The last span that has less than `worked` before it is in low … high − 1. */
	while (high - low > 1) {
		size_t middle = low + (high - low) / 2;

		if (calendar->spans[middle].before_ms < worked)
			low = middle;
		else
			high = middle;
	}
	return low;
}

static int64_t after_working_time(const struct calendar *calendar, int64_t start_ms, int64_t allowed_ms)
{
	size_t first = span_closing_after(calendar, start_ms);

	if (first == calendar->span_count)
		return CALENDAR_NEVER;

	int64_t worked = worked_ms(calendar, first, start_ms) + allowed_ms;
	const struct span *span = &calendar->spans[span_reaching(calendar, first, worked)];
	int64_t into_ms = worked - span->before_ms;

	return into_ms <= span_ms(span) ? span->open_ms + into_ms : CALENDAR_NEVER;
}

/* Where in the hours of `day` the local time `of_day_ms` falls, or what stands for it (calendar_due_ms). */
static int64_t within_day_ms(const struct working_day *day, int64_t of_day_ms)
{
	for (int i = 0; i < day->count; i++) {
		if (of_day_ms < day->ranges[i].open_s * INT64_C(1000))
			return day->ranges[i].close_s * INT64_C(1000);
		if (of_day_ms <= day->ranges[i].close_s * INT64_C(1000))
			return of_day_ms;
	}
	return day->ranges[day->count - 1].close_s * INT64_C(1000);
}

static int64_t instant_of_ms(const struct calendar *calendar, int32_t date, int64_t of_day_ms)
{
	int64_t of_day_s = floor_div(of_day_ms, 1000);

	return instant_of(calendar, date, of_day_s) + (of_day_ms - of_day_s * 1000);
}

/* Milliseconds from the local midnight that begins `date` to what the clock shows at `at_ms`. */
static int64_t of_day_ms(const struct calendar *calendar, int32_t date, int64_t at_ms)
{
	int64_t local_s = zone_local_s(calendar->zone, at_ms);

	return (local_s - date * (int64_t)DAY_SECONDS) * 1000 + (at_ms - floor_div(at_ms, 1000) * 1000);
}

static int64_t after_working_days(const struct calendar *calendar, int64_t start_ms, int64_t days)
{
	size_t span = span_closing_after(calendar, start_ms);

	if (span == calendar->span_count)
		return CALENDAR_NEVER;

	const struct span *first = &calendar->spans[span];
	const struct known_day *day = day_of(calendar, first->date);
	int64_t from_ms = start_ms > first->open_ms ? start_ms : first->open_ms;
	int64_t nth = day->days_before + days;

	if (nth >= (int64_t)calendar->working_count)
		return CALENDAR_NEVER;

	int64_t since_ms = day->midnight_ms != CLOCKS_CHANGE ? from_ms - day->midnight_ms
							     : of_day_ms(calendar, first->date, from_ms);
	int32_t date = calendar->working_dates[nth];

	day = day_of(calendar, date);
	since_ms = within_day_ms(day->hours, since_ms);
	return day->midnight_ms != CLOCKS_CHANGE ? day->midnight_ms + since_ms
						 : instant_of_ms(calendar, date, since_ms);
}

int64_t calendar_due_ms(const struct calendar *calendar, int64_t start_ms, struct allowance allowed)
{
	switch (allowed.kind) {
	case ALLOW_WORKING_TIME: return after_working_time(calendar, start_ms, allowed.amount);
	case ALLOW_CALENDAR_TIME: return start_ms + allowed.amount;
	case ALLOW_WORKING_DAYS: return after_working_days(calendar, start_ms, allowed.amount);
	case ALLOW_CALENDAR_DAYS: {
		int32_t date = zone_date(calendar->zone, start_ms);

		return instant_of_ms(calendar, date + (int32_t)allowed.amount, of_day_ms(calendar, date, start_ms));
	}
	case ALLOW__COUNT: break;
	}
	BUG("no allowance is of kind %d", allowed.kind);
}

int64_t calendar_day_end_ms(const struct calendar *calendar, int64_t at_ms)
{
	return zone_day_start_ms(calendar->zone, zone_date(calendar->zone, at_ms) + 1) - 1;
}

int64_t calendar_due_of_day_ms(const struct calendar *calendar, int64_t start_ms, struct allowance allowed)
{
	int64_t due_ms = calendar_due_ms(calendar, start_ms, allowed);

	if (allowed.kind != ALLOW_CALENDAR_DAYS ||
	    start_ms != zone_day_start_ms(calendar->zone, zone_date(calendar->zone, start_ms)))
		return due_ms;
	return calendar_day_end_ms(calendar, due_ms);
}
