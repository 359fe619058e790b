/* Working time: an agreement's hours in its time zone, and the two questions asked of them. Pure.
 *
 * A day has ranges [open, close) of local time; one that runs past midnight belongs to the day it starts on. Dated days (holidays, half
 * days, extra working days) take the place of the weekday's ranges. Ranges are laid onto instants by the zone's rules: a repeated
 * local time means its first occurrence, a missing one moves forward by the gap. Where two ranges overlap on the clock the time
 * counts once, as part of the earlier one.
 *
 * Instants are UTC milliseconds. Working time exists from 1970 to 2099 only; before and after there is none.
 * A built calendar is never changed: any number of threads may ask it.
 */
#ifndef DOMAIN_CALENDAR_H
#define DOMAIN_CALENDAR_H

#include <stdbool.h>
#include <stdint.h>
#include "base/arena.h"
#include "base/zone.h"
#include "domain/allowance.h"

enum { CALENDAR_RANGES = 8, CALENDAR_FIRST_YEAR = 1970, CALENDAR_LAST_YEAR = 2099 };

/* No such instant: the calendar ends before so much working time has passed. */
#define CALENDAR_NEVER INT64_MAX

/* Seconds since the midnight that begins the day: 0 ≤ open < 24 h, open < close ≤ open + 24 h. */
struct time_range {
	int32_t open_s, close_s;
};

/* In order, not overlapping. */
struct working_day {
	struct time_range ranges[CALENDAR_RANGES];
	int count; /* 0: not a working day */
};

/* A date whose hours are not those of its weekday. */
struct dated_day {
	int32_t date;
	struct working_day day;
};

/* What a calendar is built from. Of two entries for one date the later in the list holds. */
struct working_week {
	struct working_day days[7]; /* Monday first */
	const struct dated_day *dated;
	size_t dated_count;
};

struct calendar;

/* Lives in `arena` (24 bytes for each range and 28 for each day from 1970 to 2099); borrows `zone`. */
struct calendar *calendar_build(const struct working_week *week, const struct zone *zone, struct arena *arena);

/* Is `day` what working_day says? For those who read a calendar from a text. */
bool working_day_valid(const struct working_day *day);

/* Working time from `from_ms` to `to_ms`, negative when `to` is before `from`. */
int64_t calendar_elapsed_ms(const struct calendar *calendar, int64_t from_ms, int64_t to_ms);

/* The instant `allowed` after `start_ms`.
 * Working hours: a start outside hours moves to the next opening; what is due at closing stays at closing.
 * N working days: the same local time on the Nth following working day; where that is outside the day's hours, the closing of the range
 * after it; after its last closing, that closing.
 * N calendar days: the same local time N dates later. Calendar hours: so much later on any clock. */
int64_t calendar_due_ms(const struct calendar *calendar, int64_t start_ms, struct allowance allowed);

/* The same for what sources tell, of which they often know the day only: that stands at the first instant of the day, and N calendar days
 * from there last to the end of the Nth. */
int64_t calendar_due_of_day_ms(const struct calendar *calendar, int64_t start_ms, struct allowance allowed);

/* The last instant of the local date that `at_ms` is in. */
int64_t calendar_day_end_ms(const struct calendar *calendar, int64_t at_ms);

bool calendar_open(const struct calendar *calendar, int64_t at_ms);
/* The first instant at or after `at_ms` that is within hours. */
int64_t calendar_next_open_ms(const struct calendar *calendar, int64_t at_ms);
/* Has `date` working hours of its own? */
bool calendar_works(const struct calendar *calendar, int32_t date);

#endif
