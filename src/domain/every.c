#include "domain/every.h"

#include "base/date.h"

static const char *const names[EVERY__COUNT + 1] = {
	[EVERY_NONE] = "none",   [EVERY_DAY] = "day",         [EVERY_WEEK] = "week",
	[EVERY_MONTH] = "month", [EVERY_QUARTER] = "quarter", [EVERY_YEAR] = "year",
};

const char *every_name(enum every period)
{
	return names[period];
}

const char *const *every_names(void)
{
	return names;
}

bool every_by_name(struct str name, enum every *out)
{
	for (int period = EVERY_DAY; period < EVERY__COUNT; period++)
		if (str_is(name, names[period])) {
			*out = (enum every)period;
			return true;
		}
	return false;
}

int32_t every_start(enum every every, int32_t date)
{
	struct civil c = civil_of_date(date);

	switch (every) {
	case EVERY_WEEK: return date - date_weekday(date);
	case EVERY_MONTH: return date - (c.day - 1);
	case EVERY_QUARTER: return date_quarter_start(date);
	case EVERY_YEAR: return date_of_civil((struct civil){ c.year, 1, 1 });
	default: return date;
	}
}

int32_t every_next(enum every every, int32_t start)
{
	switch (every) {
	case EVERY_WEEK: return start + 7;
	case EVERY_MONTH: return date_add_months(start, 1);
	case EVERY_QUARTER: return date_add_months(start, 3);
	case EVERY_YEAR: return date_add_months(start, 12);
	default: return start + 1;
	}
}
