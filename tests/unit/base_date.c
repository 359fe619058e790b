#include "base/date.h"
#include "tap.h"

static int32_t day(int year, int month, int day_of_month)
{
	return date_of_civil((struct civil){ year, month, day_of_month });
}

/* Against a count made day by day, over four centuries and more. */
static void test_calendar(void)
{
	static const int lengths[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	struct civil c = { 1583, 1, 1 };
	int32_t date = day(1583, 1, 1);
	int weekday = date_weekday(date);
	bool right = weekday == 5; /* a Saturday */

	for (; c.year < 2400 && right; date++) {
		struct civil got = civil_of_date(date);

		right = date_of_civil(c) == date && got.year == c.year && got.month == c.month && got.day == c.day &&
			date_weekday(date) == weekday && civil_valid(c);
		weekday = (weekday + 1) % 7;
		bool leap = (c.year % 4 == 0 && c.year % 100) || c.year % 400 == 0;

		if (++c.day > lengths[c.month - 1] + (leap && c.month == 2)) {
			right &= !civil_valid(c);
			c.day = 1;
			if (++c.month > 12) {
				c.month = 1;
				c.year++;
			}
		}
	}
	ok(right, "every day of eight centuries (at %d-%d-%d)", c.year, c.month, c.day);
	is_int(day(1970, 1, 1), 0, "the first day is 0");
	is_int(day(2017, 12, 31), 17531, "2017-12-31");
	ok(!civil_valid((struct civil){ 2026, 0, 1 }) && !civil_valid((struct civil){ 2026, 13, 1 }) &&
		   !civil_valid((struct civil){ 2026, 2, 0 }) && !civil_valid((struct civil){ 0, 1, 1 }),
	   "no such days");
}

static void week_is(int32_t date, int wanted_year, int wanted_week)
{
	int year, week;
	char text[16];

	date_format(date, text);
	date_iso_week(date, &year, &week);
	ok(year == wanted_year && week == wanted_week, "%s is in week %d of %d", text, wanted_week, wanted_year);
	is_int(date_of_iso_week(year, week), date - date_weekday(date), "whose Monday is found");
}

static void test_weeks(void)
{
	week_is(day(2005, 1, 1), 2004, 53);
	week_is(day(2007, 12, 31), 2008, 1);
	week_is(day(2010, 1, 3), 2009, 53);
	week_is(day(2026, 1, 1), 2026, 1);
	week_is(day(2026, 12, 31), 2026, 53);
	week_is(day(2027, 1, 3), 2026, 53);
	week_is(day(2027, 1, 4), 2027, 1);
	is_int(date_weekday(day(2026, 3, 9)), 0, "2026-03-09 is a Monday");
	is_int(date_weekday(day(1969, 12, 28)), 6, "1969-12-28 was a Sunday");
}

static void test_periods(void)
{
	is_int(date_quarter_start(day(2024, 6, 30)), day(2024, 4, 1), "quarter start");
	is_int(date_add_months(day(2024, 1, 31), 1), day(2024, 2, 29), "a month later, clipped");
	is_int(date_add_months(day(2024, 3, 31), -13), day(2023, 2, 28), "thirteen months earlier, clipped");
	is_int(date_add_months(day(2024, 12, 15), 1), day(2025, 1, 15), "into the next year");
	is_int(date_fiscal_year(day(2026, 9, 30), 10), 2026, "the last day of fiscal 2026");
	is_int(date_fiscal_year(day(2026, 10, 1), 10), 2027, "the first day of fiscal 2027");
	is_int(date_fiscal_year(day(2026, 12, 31), 1), 2026, "a fiscal year that is the calendar year");
	is_int(date_fiscal_quarter(day(2026, 10, 1), 10), 1, "first fiscal quarter");
	is_int(date_fiscal_quarter(day(2026, 9, 30), 10), 4, "last fiscal quarter");
	is_int(date_fiscal_quarter(day(2026, 5, 1), 1), 2, "calendar quarter");
	is_int(floor_div(-1, 86400), -1, "division goes down");
	is_int(floor_div(-86400, 86400), -1, "also where it is even");
	is_int(floor_div(7, -2), -4, "also by a negative");
}

static void test_text(void)
{
	static const char *const bad[] = { "",           "2026-3-9",   "2026-02-29", "2026-03-09 ",
					   "2026/03/09", "20260309xx", "0000-01-01", "+026-01-01" };
	char text[16];
	int32_t date = 5;

	ok(date_parse(STR("2024-02-29"), &date) && date == day(2024, 2, 29), "a date is read");
	date_format(date, text);
	is_str(text, "2024-02-29", "and written");
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		ok(!date_parse(str_of(bad[i]), &date), "'%s' is no date", bad[i]);
	is_int(date, day(2024, 2, 29), "a refused text leaves the date alone");
}

int main(void)
{
	test_calendar();
	test_weeks();
	test_periods();
	test_text();
	return done();
}
