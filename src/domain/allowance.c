#include "domain/allowance.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>

enum { MINUTE_MS = 60 * 1000, HOUR_MS = 60 * MINUTE_MS, MOST_DAYS = 36600, MOST_HOURS = 24 * MOST_DAYS };

static const struct {
	const char *one, *many;
	int64_t unit_ms;   /* 0: days */
	int64_t unit_days; /* 0: time */
	int64_t most;
} units[] = {
	{ "minute", "minutes", MINUTE_MS, 0, INT64_C(60) * MOST_HOURS },
	{ "hour", "hours", HOUR_MS, 0, MOST_HOURS },
	{ "day", "days", 0, 1, MOST_DAYS },
	{ "week", "weeks", 0, 7, MOST_DAYS / 7 },
};

enum { UNIT_COUNT = sizeof(units) / sizeof(units[0]) };

static struct str next_word(struct str *rest)
{
	*rest = str_trim(*rest);
	return str_cut(rest, ' ');
}

/* Whole digits; at most ten of them. */
static bool read_number(struct str word, int64_t *out)
{
	*out = 0;
	for (size_t i = 0; i < word.len; i++) {
		if (word.at[i] < '0' || word.at[i] > '9' || i == 10)
			return false;
		*out = *out * 10 + (word.at[i] - '0');
	}
	return word.len > 0;
}

static int unit_named(struct str word)
{
	for (int i = 0; i < UNIT_COUNT; i++)
		if (str_is(word, units[i].one) || str_is(word, units[i].many))
			return i;
	return -1;
}

const char *allowance_parse(struct str text, struct allowance *out)
{
	struct str rest = text;
	int64_t amount;

	if (!read_number(next_word(&rest), &amount))
		return "a time allowed begins with a whole number, as in '8 working hours' or '2 calendar days'";
	if (amount == 0)
		return "a time allowed is more than nothing; write 1 minute or more";

	struct str word = next_word(&rest);
	bool calendar = str_is(word, "calendar"), working = str_is(word, "working");

	if (calendar || working)
		word = next_word(&rest);

	int unit = unit_named(word);

	if (unit < 0)
		return "after the number comes 'minutes', 'hours' or 'days', with 'working' or 'calendar' before it if need be";
	if (str_trim(rest).len)
		return "a time allowed has one number and one unit; write '12 working hours', not '1 day 4 working hours'";
	if (units[unit].unit_days == 7 && !calendar)
		return "a week is either '5 working days' or '7 calendar days'; write which";
	if (amount > units[unit].most)
		return "a time allowed is at most a hundred years";
	if (units[unit].unit_ms)
		*out = (struct allowance){ calendar ? ALLOW_CALENDAR_TIME : ALLOW_WORKING_TIME,
					   amount * units[unit].unit_ms };
	else
		*out = (struct allowance){ calendar ? ALLOW_CALENDAR_DAYS : ALLOW_WORKING_DAYS,
					   amount * units[unit].unit_days };
	return NULL;
}

void allowance_format(struct allowance allowance, char out[ALLOWANCE_TEXT])
{
	bool days = allowance.kind == ALLOW_WORKING_DAYS || allowance.kind == ALLOW_CALENDAR_DAYS;
	bool calendar = allowance.kind == ALLOW_CALENDAR_TIME || allowance.kind == ALLOW_CALENDAR_DAYS;
	bool hours = allowance.amount % HOUR_MS == 0;
	int unit = days ? 2 : hours ? 1 : 0;
	int64_t number = days ? allowance.amount : allowance.amount / units[unit].unit_ms;

	snprintf(out, ALLOWANCE_TEXT, "%" PRId64 " %s %s", number, calendar ? "calendar" : "working",
		 number == 1 ? units[unit].one : units[unit].many);
}
