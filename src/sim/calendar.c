#include "sim/calendar.h"

#include "base/date.h"
#include "sim/purpose.h"
#include "sim/random.h"

#define OPEN_S (8 * 3600 + 1800)
#define MORNING_S (3 * 3600 + 1800)
#define LUNCH_S (45 * 60)
#define DAYS_BEFORE 14
#define DAYS_AFTER 420

/* Gregorian Easter Sunday (Meeus 1991, after the anonymous algorithm of 1876). */
static int32_t easter(int year)
{
	int a = year % 19, b = year / 100, c = year % 100;
	int h = (19 * a + b - b / 4 - (b - (b + 8) / 25 + 1) / 3 + 15) % 30;
	int l = (32 + 2 * (b % 4) + 2 * (c / 4) - h - c % 4) % 7;
	int m = (a + 11 * h + 22 * l) / 451, n = h + l - 7 * m + 114;

	return date_of_civil((struct civil){ year, n / 31, n % 31 + 1 });
}

bool sim_calendar_holiday(int32_t date)
{
	static const struct {
		int month, day;
	} fixed[] = { { 1, 1 }, { 5, 1 }, { 10, 3 }, { 12, 24 }, { 12, 25 }, { 12, 26 }, { 12, 31 } };
	struct civil c = civil_of_date(date);
	int32_t since_easter = date - easter(c.year);

	for (size_t i = 0; i < sizeof(fixed) / sizeof(fixed[0]); i++)
		if (c.month == fixed[i].month && c.day == fixed[i].day)
			return true;
	/* Good Friday, Easter Monday, Ascension, Whit Monday */
	return since_easter == -2 || since_easter == 1 || since_easter == 39 || since_easter == 50;
}

/* Interest of one day: weekday, season, holidays, growth over the story, and the week's and day's own luck. About 10,000. */
static uint64_t interest_of(int32_t date, int32_t first, int32_t last, uint64_t seed)
{
	static const uint64_t weekday[7] = { 126, 130, 126, 117, 98, 46, 57 };
	static const uint64_t month[12] = { 96, 100, 108, 100, 103, 100, 84, 80, 109, 112, 107, 76 };
	uint64_t growth = 900 + (uint64_t)(200 * (int64_t)(date - first) / (last - first + 1));
	struct random random;
	uint64_t luck;

	random_init(&random, seed, PURPOSE_WEEK, (uint64_t)(int64_t)(date - date_weekday(date)));
	luck = (uint64_t)random_between(&random, 900, 1100);
	random_init(&random, seed, PURPOSE_DAY, (uint64_t)(int64_t)date);
	luck = luck * (uint64_t)random_between(&random, 850, 1150) / 1000;
	if (sim_calendar_holiday(date))
		luck = luck * 35 / 100;
	return weekday[date_weekday(date)] * month[civil_of_date(date).month - 1] * growth / 1000 * luck / 1000 + 1;
}

int sim_calendar_init(struct sim_calendar *calendar, int32_t first_day, int32_t last_day, uint64_t seed,
		      const char *zone_name, struct arena *arena, struct err *err)
{
	struct zone *zone;
	uint64_t sum = 0;
	int rc = zone_load(&zone, zone_name, err);

	if (rc)
		return rc;
	calendar->first = first_day - DAYS_BEFORE;
	calendar->days = last_day - first_day + 1 + DAYS_BEFORE + DAYS_AFTER;
	calendar->story_first = first_day;
	calendar->story_last = last_day;
	calendar->start_ms = ARENA_ARRAY(arena, int64_t, (size_t)calendar->days + 1);
	calendar->open_ms = ARENA_ARRAY(arena, int64_t, (size_t)calendar->days);
	calendar->work_before = ARENA_ARRAY(arena, int32_t, (size_t)calendar->days + 1);
	calendar->work_day = ARENA_ARRAY(arena, int32_t, (size_t)calendar->days);
	calendar->interest = ARENA_ARRAY(arena, uint64_t, (size_t)(last_day - first_day + 1));
	calendar->work_days = 0;
	for (int32_t i = 0; i < calendar->days; i++) {
		int32_t date = calendar->first + i;

		calendar->start_ms[i] = zone_day_start_ms(zone, date);
		calendar->open_ms[i] = zone_utc_ms(zone, (int64_t)date * DAY_SECONDS + OPEN_S);
		calendar->work_before[i] = calendar->work_days;
		if (date_weekday(date) < 5 && !sim_calendar_holiday(date))
			calendar->work_day[calendar->work_days++] = i;
		if (date >= first_day && date <= last_day) {
			sum += interest_of(date, first_day, last_day, seed);
			calendar->interest[date - first_day] = sum;
		}
	}
	calendar->start_ms[calendar->days] = zone_day_start_ms(zone, calendar->first + calendar->days);
	calendar->work_before[calendar->days] = calendar->work_days;
	calendar->end_ms = zone_day_start_ms(zone, last_day + 1);
	zone_free(zone);
	return 0;
}

/* The day's place; instants outside what is covered fall on its ends. */
static int32_t day_of(const struct sim_calendar *calendar, int64_t ms)
{
	int64_t i = (ms - calendar->start_ms[0]) / 86400000;

	if (i < 0)
		return 0;
	if (i >= calendar->days)
		i = calendar->days - 1;
	/* Days of 23 and 25 hours put the estimate out by one at most. */
	while (i > 0 && ms < calendar->start_ms[i])
		i--;
	while (i < calendar->days - 1 && ms >= calendar->start_ms[i + 1])
		i++;
	return (int32_t)i;
}

int32_t sim_calendar_date(const struct sim_calendar *calendar, int64_t ms)
{
	return calendar->first + day_of(calendar, ms);
}

static bool is_work_day(const struct sim_calendar *calendar, int32_t day)
{
	return calendar->work_before[day + 1] > calendar->work_before[day];
}

int64_t sim_calendar_work_s(const struct sim_calendar *calendar, int64_t ms)
{
	int32_t day = day_of(calendar, ms);
	int64_t before = (int64_t)calendar->work_before[day] * WORK_DAY_S, s;

	if (!is_work_day(calendar, day) || ms <= calendar->open_ms[day])
		return before;
	s = (ms - calendar->open_ms[day] + 999) / 1000;
	if (s < MORNING_S)
		return before + s;
	if (s < MORNING_S + LUNCH_S)
		return before + MORNING_S;
	return before + (s - LUNCH_S < WORK_DAY_S ? s - LUNCH_S : WORK_DAY_S);
}

int64_t sim_calendar_ms(const struct sim_calendar *calendar, int64_t work_s)
{
	int64_t day = work_s / WORK_DAY_S, s = work_s % WORK_DAY_S;

	if (day >= calendar->work_days) {
		day = calendar->work_days - 1;
		s = WORK_DAY_S - 1;
	}
	return calendar->open_ms[calendar->work_day[day]] + (s < MORNING_S ? s : s + LUNCH_S) * 1000;
}

bool sim_calendar_working(const struct sim_calendar *calendar, int64_t ms)
{
	return sim_calendar_ms(calendar, sim_calendar_work_s(calendar, ms)) == ms;
}

int64_t sim_calendar_add(const struct sim_calendar *calendar, int64_t ms, int64_t work_s)
{
	return sim_calendar_ms(calendar, sim_calendar_work_s(calendar, ms) + work_s);
}

int64_t sim_calendar_moment(const struct sim_calendar *calendar, int32_t date, uint64_t share_q32)
{
	/* Running totals of interest over the hours of a day, of 1000. */
	static const uint32_t hours[24] = { 8,   13,  17,  20,  23,  29,  43,  76,  139, 218, 303, 387,
					    455, 525, 606, 687, 762, 820, 863, 900, 936, 966, 987, 1000 };
	int32_t day = date - calendar->first;
	uint64_t part = share_q32 * 1000;
	uint32_t hour = 0, from;
	int64_t ms;

	if (day < 0 || day >= calendar->days)
		day = day < 0 ? 0 : calendar->days - 1;
	while (hour < 23 && hours[hour] <= part >> 32)
		hour++;
	from = hour ? hours[hour - 1] : 0;
	part = (part - ((uint64_t)from << 32)) / (hours[hour] - from) * 3600 >> 32;
	ms = calendar->start_ms[day] + ((int64_t)hour * 3600 + (int64_t)part) * 1000;
	/* A day of 23 hours ends early. */
	return ms < calendar->start_ms[day + 1] ? ms : calendar->start_ms[day + 1] - 1000;
}

int64_t sim_calendar_arrival(const struct sim_calendar *calendar, uint64_t share_q32)
{
	int32_t low = 0, high = calendar->story_last - calendar->story_first;
	uint64_t at = share_q32 * calendar->interest[high], before;

	while (low < high) {
		int32_t middle = (low + high) / 2;

		if (calendar->interest[middle] > at >> 32)
			high = middle;
		else
			low = middle + 1;
	}
	before = low ? calendar->interest[low - 1] : 0;
	return sim_calendar_moment(calendar, calendar->story_first + low,
				   (at - (before << 32)) / (calendar->interest[low] - before));
}

uint64_t sim_calendar_interest(const struct sim_calendar *calendar, int32_t from, int32_t to)
{
	uint64_t days = (uint64_t)(calendar->story_last - calendar->story_first + 1);
	uint64_t all = calendar->interest[days - 1];
	uint64_t low, high;

	if (from < calendar->story_first)
		from = calendar->story_first;
	if (to > calendar->story_last + 1)
		to = calendar->story_last + 1;
	if (to <= from)
		return 0;
	low = from > calendar->story_first ? calendar->interest[from - calendar->story_first - 1] : 0;
	high = calendar->interest[to - calendar->story_first - 1];
	return (high - low) * 1000 * days / all;
}
