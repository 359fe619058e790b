#include "base/date.h"

#include <stdio.h>

enum { DAYS_400_YEARS = 146097, DAYS_0000_03_01_TO_1970 = 719468 };

int64_t floor_div(int64_t a, int64_t b)
{
	int64_t q = a / b;

	return a % b != 0 && (a < 0) != (b < 0) ? q - 1 : q;
}

static int month_days(int year, int month)
{
	static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

	return days[month - 1] + (leap && month == 2);
}

bool civil_valid(struct civil c)
{
	return c.year >= 1 && c.year <= 9999 && c.month >= 1 && c.month <= 12 && c.day >= 1 &&
	       c.day <= month_days(c.year, c.month);
}

/* Years are counted from 1 March, so that the leap day comes last. */
int32_t date_of_civil(struct civil c)
{
	int64_t year = c.month > 2 ? c.year : c.year - 1;
	int64_t era = floor_div(year, 400);
	int64_t year_of_era = year - era * 400;
	int64_t month = (c.month + 9) % 12;
	int64_t day_of_year = (153 * month + 2) / 5 + c.day - 1;
	int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;

	return (int32_t)(era * DAYS_400_YEARS + day_of_era - DAYS_0000_03_01_TO_1970);
}

struct civil civil_of_date(int32_t date)
{
	int64_t days = (int64_t)date + DAYS_0000_03_01_TO_1970;
	int64_t era = floor_div(days, DAYS_400_YEARS);
	int64_t day_of_era = days - era * DAYS_400_YEARS;
	int64_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
	int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
	int64_t month = (5 * day_of_year + 2) / 153;
	struct civil c = {
		.year = (int)(era * 400 + year_of_era + (month >= 10)),
		.month = (int)(month < 10 ? month + 3 : month - 9),
		.day = (int)(day_of_year - (153 * month + 2) / 5 + 1),
	};

	return c;
}

int date_weekday(int32_t date)
{
	int64_t days = (int64_t)date + 3; /* 1970-01-01 was a Thursday */

	return (int)(days - floor_div(days, 7) * 7);
}

static int32_t new_year(int year)
{
	return date_of_civil((struct civil){ year, 1, 1 });
}

/* A week belongs to the year that holds its Thursday. */
void date_iso_week(int32_t date, int *year, int *week)
{
	int32_t thursday = date - date_weekday(date) + 3;

	*year = civil_of_date(thursday).year;
	*week = (thursday - new_year(*year)) / 7 + 1;
}

int32_t date_of_iso_week(int year, int week)
{
	int32_t jan4 = new_year(year) + 3;

	return jan4 - date_weekday(jan4) + (week - 1) * 7;
}

int32_t date_add_months(int32_t date, int months)
{
	struct civil c = civil_of_date(date);
	int64_t month = (int64_t)c.year * 12 + c.month - 1 + months;

	c.year = (int)floor_div(month, 12);
	c.month = (int)(month - (int64_t)c.year * 12) + 1;
	if (c.day > month_days(c.year, c.month))
		c.day = month_days(c.year, c.month);
	return date_of_civil(c);
}

int32_t date_quarter_start(int32_t date)
{
	struct civil c = civil_of_date(date);

	return date_of_civil((struct civil){ c.year, (c.month - 1) / 3 * 3 + 1, 1 });
}

int date_fiscal_year(int32_t date, int start_month)
{
	struct civil c = civil_of_date(date);

	return c.year + (start_month > 1 && c.month >= start_month);
}

int date_fiscal_quarter(int32_t date, int start_month)
{
	return (civil_of_date(date).month - start_month + 12) % 12 / 3 + 1;
}

static bool digits(const char *at, int count, int *out)
{
	*out = 0;
	for (int i = 0; i < count; i++) {
		if (at[i] < '0' || at[i] > '9')
			return false;
		*out = *out * 10 + (at[i] - '0');
	}
	return true;
}

bool date_parse(struct str text, int32_t *date)
{
	struct civil c;

	if (text.len != 10 || text.at[4] != '-' || text.at[7] != '-' || !digits(text.at, 4, &c.year) ||
	    !digits(text.at + 5, 2, &c.month) || !digits(text.at + 8, 2, &c.day) || !civil_valid(c))
		return false;
	*date = date_of_civil(c);
	return true;
}

void date_format(int32_t date, char out[16])
{
	struct civil c = civil_of_date(date);

	snprintf(out, 16, "%04d-%02u-%02u", c.year, (unsigned)c.month % 100, (unsigned)c.day % 100);
}
