/* Values as people read them. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "facts/plan.h"

struct str number_text(double number, struct arena *arena)
{
	char text[64];

	/* Whole numbers whole; others with up to six digits behind the point, no zeros at the end. */
	if (number == floor(number) && fabs(number) < 1e15) {
		snprintf(text, sizeof(text), "%.0f", number + 0.0);
	} else {
		size_t len;

		snprintf(text, sizeof(text), "%.6f", number);
		len = strlen(text);
		while (len && text[len - 1] == '0')
			text[--len] = '\0';
		if (len && text[len - 1] == '.')
			text[len - 1] = '\0';
	}
	return str_of(arena_dup(arena, text));
}

/* Digits in groups of three. */
static struct str grouped(const char *digits, struct arena *arena)
{
	size_t len = strlen(digits), whole = strcspn(digits, "."), from = digits[0] == '-' ? 1 : 0, used = 0;
	char *out = arena_alloc(arena, len + len / 3 + 2);

	for (size_t i = 0; i < len; i++) {
		if (i > from && i < whole && (whole - i) % 3 == 0)
			out[used++] = ',';
		out[used++] = digits[i];
	}
	return (struct str){ out, used };
}

struct str money_text(int64_t minor, const char *currency, struct arena *arena)
{
	int digits = money_digits(currency);
	uint64_t scale = (uint64_t)money_scale(currency), size = minor < 0 ? 0 - (uint64_t)minor : (uint64_t)minor;
	char text[64];
	struct str number;

	if (digits)
		snprintf(text, sizeof(text), "%s%llu.%0*llu", minor < 0 ? "-" : "", (unsigned long long)(size / scale),
			 digits, (unsigned long long)(size % scale));
	else
		snprintf(text, sizeof(text), "%s%llu", minor < 0 ? "-" : "", (unsigned long long)size);
	number = grouped(text, arena);
	if (!*currency)
		return number;
	return str_of(arena_printf(arena, "%.*s %s", STR_ARG(number), currency));
}

static struct str plain_text(double value, struct arena *arena)
{
	char text[64];
	double size = fabs(value);

	if (value == floor(value) && size < 1e15)
		snprintf(text, sizeof(text), "%.0f", value + 0.0);
	else
		snprintf(text, sizeof(text), "%.*f", size < 1 ? 3 : 2, value);
	return grouped(text, arena);
}

/* One digit behind the point where there is something to say there. */
static struct str duration_text(double value, const char *unit, struct arena *arena)
{
	char text[64];
	double tenths = round(value * 10) / 10;
	struct str number;

	if (tenths == floor(tenths))
		snprintf(text, sizeof(text), "%.0f", tenths + 0.0);
	else
		snprintf(text, sizeof(text), "%.1f", tenths);
	number = grouped(text, arena);
	return str_of(arena_printf(arena, "%.*s %.*s", STR_ARG(number), (int)strlen(unit) - (fabs(tenths) == 1 ? 1 : 0),
				   unit));
}

struct str time_text(const struct zone *zone, uint32_t t, struct arena *arena)
{
	int64_t local = zone_local_s(zone, (int64_t)t * 1000), day = floor_div(local, DAY_SECONDS);
	char date[16];

	date_format((int32_t)day, date);
	local -= day * DAY_SECONDS;
	/* Midnight is how a date without a time is kept. */
	if (local == 0)
		return str_of(arena_dup(arena, date));
	return str_of(arena_printf(arena, "%sT%02d:%02d", date, (int)(local / 3600), (int)(local / 60 % 60)));
}

struct str answer_text(const struct answer *answer, const struct answer_row *row, struct arena *arena)
{
	char text[64];

	switch (row->type) {
	case ANSWER_NONE: return STR("–");
	case ANSWER_COUNT: snprintf(text, sizeof(text), "%.0f", row->value); return grouped(text, arena);
	case ANSWER_RATIO: return str_of(arena_printf(arena, "%.1f %%", row->value * 100));
	case ANSWER_MONEY: return money_text(row->minor, row->currency, arena);
	case ANSWER_DURATION: return duration_text(row->value, answer->unit, arena);
	case ANSWER_TIME: return time_text(answer->zone, (uint32_t)row->value, arena);
	default: return plain_text(row->value, arena);
	}
}

struct str tidy_text(struct str text, struct arena *arena)
{
	char *out = arena_alloc(arena, text.len + 1);
	size_t len = 0;
	char quote = 0;

	text = str_trim(text);
	for (size_t i = 0; i < text.len; i++) {
		char c = text.at[i];

		if (quote ? c == quote : (c == '"' || c == '\''))
			quote = quote ? 0 : c;
		else if (!quote && (c == '\n' || c == '\t' || c == '\r'))
			c = ' ';
		if (!quote && c == ' ' && len && out[len - 1] == ' ')
			continue;
		out[len++] = c;
	}
	return (struct str){ out, len };
}
