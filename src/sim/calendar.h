/* The made-up company's calendar: when its people work, and when interest comes in.
 *
 * Work is Monday to Friday, 8:30–12:00 and 12:45–17:15 local time, but for holidays. *Work time* counts the seconds of that from the
 * calendar's first day on, so that "two working hours later" is an addition. All instants are whole seconds in UTC milliseconds.
 */
#ifndef SIM_CALENDAR_H
#define SIM_CALENDAR_H

#include <stdbool.h>
#include <stdint.h>
#include "base/arena.h"
#include "base/err.h"
#include "base/zone.h"

#define WORK_DAY_S (8 * 3600)

struct sim_calendar {
	int32_t first;        /* first day covered: some weeks before the story */
	int32_t days;         /* how many are covered: to a year after the story */
	int64_t *start_ms;    /* per day: its first instant; one more at the end */
	int64_t *open_ms;     /* per day: 8:30 local */
	int32_t *work_before; /* per day: working days before it; one more at the end */
	int32_t *work_day;    /* per working day: its place among the days */
	int32_t work_days;
	int32_t story_first, story_last;
	uint64_t *interest; /* running totals of how much interest each day of the story brings */
	int64_t end_ms;     /* first instant after the story */
};

bool sim_calendar_holiday(int32_t date);
int sim_calendar_init(struct sim_calendar *calendar, int32_t first_day, int32_t last_day, uint64_t seed,
		      const char *zone, struct arena *arena, struct err *err);

int32_t sim_calendar_date(const struct sim_calendar *calendar, int64_t ms);
bool sim_calendar_working(const struct sim_calendar *calendar, int64_t ms);
/* Work time at the instant; outside hours that of the next opening. */
int64_t sim_calendar_work_s(const struct sim_calendar *calendar, int64_t ms);
int64_t sim_calendar_ms(const struct sim_calendar *calendar, int64_t work_s);
/* `work_s` of working time later (0: the instant itself, or the next opening). */
int64_t sim_calendar_add(const struct sim_calendar *calendar, int64_t ms, int64_t work_s);

/* Instant of a day at which part `share_q32` (32 fraction bits, below 1) of its interest has come in. */
int64_t sim_calendar_moment(const struct sim_calendar *calendar, int32_t date, uint64_t share_q32);
/* Instant at which part `share_q32` of the story's whole interest has come in; never falls as the share grows. */
int64_t sim_calendar_arrival(const struct sim_calendar *calendar, uint64_t share_q32);
/* Interest of [from, to) in thousandths of an average day's. */
uint64_t sim_calendar_interest(const struct sim_calendar *calendar, int32_t from, int32_t to);

#endif
