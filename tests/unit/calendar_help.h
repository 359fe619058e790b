/* Random weeks for the calendar's oracles. */
#ifndef CALENDAR_HELP_H
#define CALENDAR_HELP_H

#include "domain/calendar.h"

enum { DAY_MINUTES = 1440 };

static uint64_t random_state = 42;

static inline int64_t below(int64_t n)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 7;
	random_state ^= random_state << 17;
	return (int64_t)(random_state % (uint64_t)n);
}

static inline struct working_day random_day(bool night)
{
	struct working_day day = { .count = 0 };
	int64_t at = below(10) * 60 + below(4) * 15;

	for (int i = (int)below(4); i > 0; i--) {
		int64_t open = at + below(90), close = open + 15 + below(300);

		if (open >= DAY_MINUTES || close > DAY_MINUTES + (night ? 240 : 0))
			break;
		day.ranges[day.count++] = (struct time_range){ (int32_t)open * 60, (int32_t)close * 60 };
		at = close + below(60);
	}
	return day;
}

/* One week for a zone, and other hours on some days around each change. */
static inline void random_week(struct working_week *week, struct dated_day *dated, const int64_t *changes, size_t count)
{
	bool night = below(3) == 0;

	*week = (struct working_week){ .dated = dated };
	for (int i = 0; i < 7; i++)
		week->days[i] = random_day(night);
	for (size_t i = 0; i < count; i++)
		for (int64_t n = below(4); n > 0; n--)
			dated[week->dated_count++] =
				(struct dated_day){ (int32_t)(changes[i] / DAY_MINUTES) - 3 + (int32_t)below(7),
						    below(2) ? random_day(night) : (struct working_day){ .count = 0 } };
}

#endif
