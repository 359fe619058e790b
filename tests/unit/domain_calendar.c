#include "domain/calendar.h"

#include "base/date.h"
#include "tap.h"

/* Answers by hand; tests/unit/domain_calendar_oracle.c compares a million with other programs. */

enum { HOUR_S = 3600 };

static struct working_day hours(int a, int b, int c, int d)
{
	struct working_day day = { .ranges = { { a * HOUR_S, b * HOUR_S }, { c * HOUR_S, d * HOUR_S } } };

	day.count = b > a ? d > c ? 2 : 1 : 0;
	return day;
}

/* Monday to Thursday 8–12 and 13–17, Friday 8–12 and 13–16. */
static struct working_week office(void)
{
	struct working_week week = { .dated = NULL };

	for (int i = 0; i < 4; i++)
		week.days[i] = hours(8, 12, 13, 17);
	week.days[4] = hours(8, 12, 13, 16);
	return week;
}

struct asked {
	struct calendar *calendar;
	struct zone *zone;
};

static int64_t instant(struct asked *asked, const char *text)
{
	int64_t ms = 0;
	bool date_only;

	if (!zone_parse(asked->zone, str_of(text), &ms, &date_only))
		ok(false, "%s is no time", text);
	return ms;
}

static void due(struct asked *asked, const char *start, const char *allowed, const char *wanted)
{
	const char *shown = "never";
	struct allowance allowance = { .amount = 0 };
	const char *wrong = allowance_parse(str_of(allowed), &allowance);
	char text[40];

	ok(!wrong, "'%s' is an allowance%s%s", allowed, wrong ? ": " : "", wrong ? wrong : "");
	int64_t ms = calendar_due_ms(asked->calendar, instant(asked, start), allowance);

	if (ms != CALENDAR_NEVER) {
		zone_format(asked->zone, ms, text);
		shown = text;
	}
	is_str(shown, wanted, "%s after %s", allowed, start);
}

static void elapsed(struct asked *asked, const char *from, const char *to, int64_t wanted_s)
{
	is_int(calendar_elapsed_ms(asked->calendar, instant(asked, from), instant(asked, to)), wanted_s * 1000,
	       "from %s to %s", from, to);
	is_int(calendar_elapsed_ms(asked->calendar, instant(asked, to), instant(asked, from)), -wanted_s * 1000,
	       "and back");
}

static void with_week(const struct working_week *week, const char *zone_name, void (*test)(struct asked *))
{
	struct err err = ERR_INIT;
	struct asked asked;
	struct arena arena;

	arena_init(&arena);
	if (zone_load(&asked.zone, zone_name, &err) < 0) {
		ok(false, "%s", err.text);
	} else {
		asked.calendar = calendar_build(week, asked.zone, &arena);
		test(&asked);
		zone_free(asked.zone);
	}
	arena_release(&arena);
}

static void test_office(struct asked *asked)
{
	due(asked, "2026-03-27T16:30:00-05:00", "8 working hours", "2026-03-30T17:00:00-05:00");
	due(asked, "2026-03-23T16:00:00", "2 hours", "2026-03-24T09:00:00-05:00");
	due(asked, "2026-03-23T15:00:00", "2 hours", "2026-03-23T17:00:00-05:00");
	due(asked, "2026-03-23T17:00:00", "1 hour", "2026-03-24T09:00:00-05:00");
	due(asked, "2026-03-23T11:59:59.500", "1 minute", "2026-03-23T13:00:59-05:00");
	due(asked, "2026-03-23T12:30:00", "30 minutes", "2026-03-23T13:30:00-05:00");
	due(asked, "2026-03-28T03:00:00", "1 working hour", "2026-03-30T09:00:00-05:00");
	due(asked, "2026-03-27T10:00:00", "4000 working hours", "2028-03-15T09:00:00-05:00");
	due(asked, "2026-03-23T10:15:00", "1 working day", "2026-03-24T10:15:00-05:00");
	due(asked, "2026-03-26T16:30:00", "1 day", "2026-03-27T16:00:00-05:00");
	due(asked, "2026-03-27T17:00:00", "1 day", "2026-03-31T08:00:00-05:00");
	due(asked, "2026-03-27T09:00:00", "6 days", "2026-04-06T09:00:00-05:00");
	due(asked, "2026-03-06T12:00:00", "2 calendar days", "2026-03-08T12:00:00-05:00");
	due(asked, "2026-03-07T02:30:00", "1 calendar day", "2026-03-08T03:30:00-05:00");
	due(asked, "2026-10-31T01:30:00", "1 calendar day", "2026-11-01T01:30:00-05:00");
	due(asked, "2026-03-07T12:00:00", "24 calendar hours", "2026-03-08T13:00:00-05:00");
	due(asked, "2099-12-31T15:00:00", "1 working hour", "2099-12-31T16:00:00-06:00");
	due(asked, "2099-12-31T15:00:00", "9 working hours", "never");
	due(asked, "2099-12-31T15:00:00", "1 working day", "never");
	due(asked, "1950-01-01T00:00:00", "1 working hour", "1970-01-01T09:00:00-06:00");

	elapsed(asked, "2026-03-27T16:30:00", "2026-03-30T09:00:00", HOUR_S);
	elapsed(asked, "2026-03-23T08:00:00", "2026-03-28T00:00:00", 39 * HOUR_S);
	elapsed(asked, "2026-03-23T12:00:00", "2026-03-23T13:00:00", 0);
	elapsed(asked, "2026-01-01T00:00:00", "2027-01-01T00:00:00", (52 * 39 + 8) * HOUR_S);
	ok(calendar_open(asked->calendar, instant(asked, "2026-03-23T08:00:00")), "open at opening");
	ok(!calendar_open(asked->calendar, instant(asked, "2026-03-23T12:00:00")), "not at closing");
	is_int(calendar_next_open_ms(asked->calendar, instant(asked, "2026-03-23T12:00:00")),
	       instant(asked, "2026-03-23T13:00:00"), "the next opening");
	is_int(calendar_next_open_ms(asked->calendar, instant(asked, "2100-01-01T12:00:00")), CALENDAR_NEVER,
	       "no opening after the last");
}

static void test_dated(struct asked *asked)
{
	due(asked, "2026-12-24T09:00:00", "1 working day", "2026-12-26T09:00:00+01:00");
	due(asked, "2026-12-24T09:00:00", "2 working days", "2026-12-28T09:00:00+01:00");
	due(asked, "2026-12-24T09:00:00", "5 working hours", "2026-12-26T11:00:00+01:00");
	ok(calendar_works(asked->calendar, date_of_civil((struct civil){ 2026, 12, 26 })), "an extra Saturday");
	ok(!calendar_works(asked->calendar, date_of_civil((struct civil){ 2026, 12, 25 })), "a holiday");
	elapsed(asked, "2026-12-24T00:00:00", "2026-12-27T00:00:00", 6 * HOUR_S);
}

static void test_night(struct asked *asked)
{
	/* 22–6 from Monday to Friday; clocks go back on Sunday 2026-10-25 and forward on 2026-03-29, Saturday's shift works through. */
	due(asked, "2026-10-21T01:00:00", "1 working day", "2026-10-22T01:00:00+02:00");
	due(asked, "2026-10-21T05:00:00", "2 working hours", "2026-10-21T23:00:00+02:00");
	due(asked, "2026-10-24T12:00:00", "4 working hours", "2026-10-25T02:00:00+02:00");
	due(asked, "2026-10-24T12:00:00", "5 working hours", "2026-10-25T02:00:00+01:00");
	elapsed(asked, "2026-10-24T12:00:00", "2026-10-25T12:00:00", 9 * HOUR_S);
	elapsed(asked, "2026-03-28T12:00:00", "2026-03-29T12:00:00", 7 * HOUR_S);
	due(asked, "2026-03-27T02:30:00", "2 working days", "2026-03-29T03:30:00+02:00");
}

static void test_never(struct asked *asked)
{
	due(asked, "2026-03-27T10:00:00", "1 working hour", "never");
	due(asked, "2026-03-27T10:00:00", "1 working day", "never");
	elapsed(asked, "2026-03-27T10:00:00", "2027-03-27T10:00:00", 0);
}

static void test_whole_days(struct asked *asked)
{
	elapsed(asked, "2026-03-28T12:00:00", "2026-03-30T12:00:00", 47 * HOUR_S);
	due(asked, "2026-03-28T12:00:00", "47 working hours", "2026-03-30T12:00:00+02:00");
	due(asked, "2026-03-28T12:00:00", "3 working days", "2026-03-31T12:00:00+02:00");
}

static void test_allowances(void)
{
	static const struct {
		const char *text, *shown;
	} good[] = {
		{ "8 hours", "8 working hours" },          { "1 working hour", "1 working hour" },
		{ " 90  minutes ", "90 working minutes" }, { "120 calendar minutes", "2 calendar hours" },
		{ "10 working days", "10 working days" },  { "2 calendar weeks", "14 calendar days" },
	};
	static const char *const bad[] = {
		"",
		"hours",
		"0 hours",
		"8",
		"8 hrs",
		"1 day 4 working hours",
		"2 weeks",
		"8 hours or so",
		"99999999999 hours",
		"1.5 hours",
		"-1 day",
		"40000 days",
		"working 8 hours",
		"9999999999 minutes",
	};
	struct allowance allowance;
	char text[ALLOWANCE_TEXT];

	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		ok(!allowance_parse(str_of(good[i].text), &allowance), "'%s' is read", good[i].text);
		allowance_format(allowance, text);
		is_str(text, good[i].shown, "and written");
	}
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		const char *said = allowance_parse(str_of(bad[i]), &allowance);

		ok(said, "'%s' is refused: %s", bad[i], said ? said : "");
	}
}

static void test_hours_valid(void)
{
	struct working_day late = hours(22, 30, 0, 0), twice = hours(8, 12, 11, 17), back = hours(8, 12, 13, 17);

	back.ranges[1].close_s = 12 * HOUR_S;
	ok(working_day_valid(&late), "past midnight");
	ok(!working_day_valid(&twice), "not twice at once");
	ok(!working_day_valid(&back), "not backwards");
	late.ranges[0].close_s = 47 * HOUR_S;
	ok(!working_day_valid(&late), "not longer than a day");
}

int main(void)
{
	struct working_week week = office(), never = { .dated = NULL }, night = never, whole = never;
	struct dated_day dated[] = {
		{ date_of_civil((struct civil){ 2026, 12, 26 }), hours(9, 12, 0, 0) },
		{ date_of_civil((struct civil){ 2026, 12, 25 }), hours(0, 24, 0, 0) },
		{ date_of_civil((struct civil){ 2026, 12, 24 }), hours(9, 12, 0, 0) },
		{ date_of_civil((struct civil){ 2026, 12, 25 }), hours(0, 0, 0, 0) },
	};

	with_week(&week, "America/Chicago", test_office);
	week.dated = dated;
	week.dated_count = 4;
	with_week(&week, "Europe/Berlin", test_dated);
	for (int i = 0; i < 6; i++)
		night.days[i] = hours(22, 30, 0, 0);
	with_week(&night, "Europe/Berlin", test_night);
	with_week(&never, "Europe/Berlin", test_never);
	for (int i = 0; i < 7; i++)
		whole.days[i] = hours(0, 24, 0, 0);
	with_week(&whole, "Europe/Berlin", test_whole_days);
	test_allowances();
	test_hours_valid();
	return done();
}
