/* Days, weeks, months, quarters, years: numbers in their order, and their labels. */
#include <stdio.h>
#include <string.h>

#include "base/date.h"
#include "facts/plan.h"

static const char *const names[PERIOD__COUNT] = {
	[PERIOD_DAY] = "day",
	[PERIOD_WEEK] = "week",
	[PERIOD_MONTH] = "month",
	[PERIOD_QUARTER] = "quarter",
	[PERIOD_YEAR] = "year",
	[PERIOD_FISCAL_QUARTER] = "fiscal_quarter",
	[PERIOD_FISCAL_YEAR] = "fiscal_year",
};

bool period_by_name(struct str name, enum period *period)
{
	for (enum period p = 0; p < PERIOD__COUNT; p++) {
		if (str_is(name, names[p])) {
			*period = p;
			return true;
		}
	}
	return false;
}

double period_of_date(const struct facts *facts, enum period period, int32_t date)
{
	int fiscal = facts->settings.fiscal_start_month;
	struct civil civil;

	switch (period) {
	case PERIOD_DAY: return date;
	case PERIOD_WEEK: return (double)floor_div((int64_t)date + 3, 7); /* 1970-01-01 was a Thursday */
	case PERIOD_FISCAL_YEAR: return date_fiscal_year(date, fiscal);
	case PERIOD_FISCAL_QUARTER: return date_fiscal_year(date, fiscal) * 4 + date_fiscal_quarter(date, fiscal) - 1;
	default: break;
	}
	civil = civil_of_date(date);
	if (period == PERIOD_YEAR)
		return civil.year;
	if (period == PERIOD_QUARTER)
		return civil.year * 4 + (civil.month - 1) / 3;
	return civil.year * 12 + civil.month - 1;
}

struct str period_label(const struct facts *facts, enum period period, double index, struct arena *arena)
{
	int64_t i = (int64_t)index;
	char date[16];
	int year, week;

	(void)facts;
	switch (period) {
	case PERIOD_DAY: date_format((int32_t)i, date); return str_of(arena_dup(arena, date));
	case PERIOD_WEEK:
		date_iso_week((int32_t)(i * 7 - 3), &year, &week);
		return str_of(arena_printf(arena, "%04d-W%02d", year, week));
	case PERIOD_MONTH:
		return str_of(
			arena_printf(arena, "%04d-%02d", (int)floor_div(i, 12), (int)(i - floor_div(i, 12) * 12) + 1));
	case PERIOD_QUARTER:
		return str_of(
			arena_printf(arena, "%04d-Q%d", (int)floor_div(i, 4), (int)(i - floor_div(i, 4) * 4) + 1));
	case PERIOD_FISCAL_QUARTER:
		return str_of(
			arena_printf(arena, "FY%04d-Q%d", (int)floor_div(i, 4), (int)(i - floor_div(i, 4) * 4) + 1));
	case PERIOD_FISCAL_YEAR: return str_of(arena_printf(arena, "FY%04d", (int)i));
	default: return str_of(arena_printf(arena, "%04d", (int)i));
	}
}

bool period_parse(const struct facts *facts, enum period period, struct str label, double *index)
{
	char text[24];
	int year, part = 1, used = 0;
	int32_t date;

	(void)facts;
	if (label.len >= sizeof(text))
		return false;
	memcpy(text, label.at, label.len);
	text[label.len] = '\0';
	switch (period) {
	case PERIOD_DAY:
		if (!date_parse(label, &date))
			return false;
		*index = date;
		return true;
	case PERIOD_WEEK:
		if (sscanf(text, "%4d-W%2d%n", &year, &part, &used) != 2 || text[used] || part < 1 || part > 53)
			return false;
		*index = (double)floor_div((int64_t)date_of_iso_week(year, part) + 3, 7);
		return true;
	case PERIOD_MONTH:
		if (sscanf(text, "%4d-%2d%n", &year, &part, &used) != 2 || text[used] || part < 1 || part > 12)
			return false;
		*index = year * 12 + part - 1;
		return true;
	case PERIOD_QUARTER:
		if (sscanf(text, "%4d-Q%1d%n", &year, &part, &used) != 2 || text[used] || part < 1 || part > 4)
			return false;
		*index = year * 4 + part - 1;
		return true;
	case PERIOD_FISCAL_QUARTER:
		if (sscanf(text, "FY%4d-Q%1d%n", &year, &part, &used) != 2 || text[used] || part < 1 || part > 4)
			return false;
		*index = year * 4 + part - 1;
		return true;
	case PERIOD_FISCAL_YEAR:
		if (sscanf(text, "FY%4d%n", &year, &used) != 1 || text[used])
			return false;
		*index = year;
		return true;
	default:
		if (sscanf(text, "%4d%n", &year, &used) != 1 || text[used])
			return false;
		*index = year;
		return true;
	}
}
