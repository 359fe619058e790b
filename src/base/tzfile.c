#include "base/tzfile.h"

#include <stdlib.h>

#include "base/buf.h"
#include "base/date.h"
#include "base/err.h"

/* --- ranges --- */

static void add_range(struct tz_ranges *ranges, int64_t from_s, int32_t offset_s)
{
	if (ranges->count && ranges->items[ranges->count - 1].from_s == from_s) {
		ranges->items[ranges->count - 1].offset_s = offset_s;
		return;
	}
	if (ranges->count == ranges->capacity) {
		ranges->capacity = ranges->capacity ? ranges->capacity * 2 : 64;
		ranges->items = must_realloc(ranges->items, ranges->capacity * sizeof(*ranges->items));
	}
	ranges->items[ranges->count++] = (struct tz_range){ from_s, offset_s };
}

/* --- the footer: a POSIX TZ string such as "CET-1CEST,M3.5.0,M10.5.0/3" --- */

enum day_form { DAY_JULIAN, DAY_OF_YEAR, DAY_OF_MONTH };

struct tz_day {
	enum day_form form;
	int day, week, month; /* DAY_OF_MONTH: day is a weekday, 0 Sunday; week 5 is the last */
	int32_t time_s;
};

struct tz_rule {
	int32_t standard_s, daylight_s;
	bool has_daylight;
	struct tz_day start, end;
};

static bool take_char(struct str *s, char c)
{
	if (!s->len || s->at[0] != c)
		return false;
	s->at++;
	s->len--;
	return true;
}

static bool take_number(struct str *s, int most, int *out)
{
	size_t digits = 0;

	*out = 0;
	for (; s->len && s->at[0] >= '0' && s->at[0] <= '9' && digits < 4; digits++) {
		*out = *out * 10 + (s->at[0] - '0');
		s->at++;
		s->len--;
	}
	return digits && *out <= most;
}

static bool is_letter(char c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

static bool take_name(struct str *s)
{
	size_t letters = 0;

	if (take_char(s, '<')) {
		str_cut(s, '>');
		return true;
	}
	for (; s->len && is_letter(s->at[0]); letters++) {
		s->at++;
		s->len--;
	}
	return letters >= 3;
}

/* [+-]h[:m[:s]] */
static bool take_time(struct str *s, int32_t *out)
{
	bool negative = take_char(s, '-');
	int hours, minutes = 0, seconds = 0;

	if (!negative)
		take_char(s, '+');
	if (!take_number(s, 167, &hours))
		return false;
	if (take_char(s, ':') && !take_number(s, 59, &minutes))
		return false;
	if (take_char(s, ':') && !take_number(s, 59, &seconds))
		return false;
	*out = hours * 3600 + minutes * 60 + seconds;
	if (negative)
		*out = -*out;
	return true;
}

/* ",M3.5.0/2" */
static bool take_day(struct str *s, struct tz_day *day)
{
	*day = (struct tz_day){ .time_s = 2 * 3600 };
	if (!take_char(s, ','))
		return false;
	if (take_char(s, 'M')) {
		day->form = DAY_OF_MONTH;
		if (!take_number(s, 12, &day->month) || !day->month || !take_char(s, '.') ||
		    !take_number(s, 5, &day->week) || !day->week || !take_char(s, '.') || !take_number(s, 6, &day->day))
			return false;
	} else {
		day->form = take_char(s, 'J') ? DAY_JULIAN : DAY_OF_YEAR;
		if (!take_number(s, 365, &day->day))
			return false;
	}
	return !take_char(s, '/') || take_time(s, &day->time_s);
}

static bool read_rule(struct str s, struct tz_rule *rule)
{
	int32_t west_s;

	*rule = (struct tz_rule){ 0 };
	if (!take_name(&s) || !take_time(&s, &west_s))
		return false;
	rule->standard_s = -west_s;
	if (!s.len)
		return true;
	rule->has_daylight = true;
	rule->daylight_s = rule->standard_s + 3600;
	if (!take_name(&s))
		return false;
	if (s.len && s.at[0] != ',') {
		if (!take_time(&s, &west_s))
			return false;
		rule->daylight_s = -west_s;
	}
	return take_day(&s, &rule->start) && take_day(&s, &rule->end) && !s.len;
}

static int32_t date_of_day(const struct tz_day *day, int year)
{
	int32_t new_year = date_of_civil((struct civil){ year, 1, 1 });
	bool leap = civil_valid((struct civil){ year, 2, 29 });

	if (day->form == DAY_OF_YEAR)
		return new_year + day->day;
	if (day->form == DAY_JULIAN)
		return new_year + day->day - 1 + (leap && day->day >= 60);

	int32_t first = date_of_civil((struct civil){ year, day->month, 1 });
	int32_t next_month = date_add_months(first, 1);
	int weekday = (day->day + 6) % 7; /* 0 Monday */
	int32_t date = first + (weekday - date_weekday(first) + 7) % 7 + 7 * (day->week - 1);

	while (date >= next_month)
		date -= 7;
	return date;
}

static int64_t change_s(const struct tz_day *day, int year, int32_t offset_before_s)
{
	return (int64_t)date_of_day(day, year) * DAY_SECONDS + day->time_s - offset_before_s;
}

/* A rule may put a change of one year behind one of the next; the earlier one is then over before it begins. */
static void add_change(struct tz_ranges *ranges, struct tz_range change, int64_t after_s)
{
	if (change.from_s > after_s && change.from_s >= ranges->items[ranges->count - 1].from_s)
		add_range(ranges, change.from_s, change.offset_s);
}

static void add_rule_year(struct tz_ranges *ranges, const struct tz_rule *rule, int year, int64_t after_s)
{
	struct tz_range start = { change_s(&rule->start, year, rule->standard_s), rule->daylight_s };
	struct tz_range end = { change_s(&rule->end, year, rule->daylight_s), rule->standard_s };
	struct tz_range first = start.from_s < end.from_s ? start : end;
	struct tz_range second = start.from_s < end.from_s ? end : start;

	add_change(ranges, first, after_s);
	add_change(ranges, second, after_s);
}

/* Writes the rule out for one whole cycle behind the last change that the file lists. */
static void add_rule(struct tz_ranges *ranges, const struct tz_rule *rule)
{
	enum { RULE_WITHOUT_CHANGES_FROM = 1900, CYCLE_YEARS = 400 };
	int64_t last_s = ranges->items[ranges->count - 1].from_s;
	int year = RULE_WITHOUT_CHANGES_FROM;

	if (!rule->has_daylight)
		return;
	if (ranges->count > 1)
		year = civil_of_date((int32_t)floor_div(last_s, DAY_SECONDS)).year;
	for (int i = 0; i <= CYCLE_YEARS + 1; i++)
		add_rule_year(ranges, rule, year + i, last_s);
	ranges->horizon_s = (int64_t)date_of_civil((struct civil){ year + CYCLE_YEARS + 1, 1, 1 }) * DAY_SECONDS;
}

/* --- the file --- */

struct tz_header {
	unsigned char version;
	size_t ut_count, standard_count, leap_count, time_count, type_count, char_count;
};

static uint64_t big_endian(const unsigned char *at, size_t size)
{
	uint64_t v = 0;

	for (size_t i = 0; i < size; i++)
		v = v << 8 | at[i];
	return v;
}

static bool read_header(struct cursor *in, struct tz_header *header)
{
	enum { HEADER_BYTES = 44, COUNTS_AT = 20 };
	const unsigned char *at = cursor_take(in, HEADER_BYTES);

	if (!at || memcmp(at, "TZif", 4) != 0)
		return false;

	const unsigned char *counts = at + COUNTS_AT;

	*header = (struct tz_header){
		.version = at[4],
		.ut_count = big_endian(counts, 4),
		.standard_count = big_endian(counts + 4, 4),
		.leap_count = big_endian(counts + 8, 4),
		.time_count = big_endian(counts + 12, 4),
		.type_count = big_endian(counts + 16, 4),
		.char_count = big_endian(counts + 20, 4),
	};
	return header->type_count && header->type_count <= 256 && !header->leap_count;
}

static size_t rest_bytes(const struct tz_header *header)
{
	return header->char_count + header->standard_count + header->ut_count;
}

/* The offset of type `i`: six bytes each, of which the first four count here. False when it is no offset. */
static bool type_offset(const struct tz_header *header, const unsigned char *types, size_t i, int32_t *out)
{
	if (i >= header->type_count)
		return false;
	*out = (int32_t)big_endian(types + 6 * i, 4);
	return *out > -26 * 3600 && *out < 26 * 3600;
}

static bool read_block(struct cursor *in, const struct tz_header *header, size_t time_size, struct tz_ranges *out)
{
	const unsigned char *times = cursor_take(in, header->time_count * time_size);
	const unsigned char *indexes = cursor_take(in, header->time_count);
	const unsigned char *types = cursor_take(in, header->type_count * 6);
	int32_t offset_s;

	cursor_take(in, rest_bytes(header));
	if (in->failed || !type_offset(header, types, 0, &offset_s))
		return false;
	add_range(out, INT64_MIN, offset_s);
	for (size_t i = 0; i < header->time_count; i++) {
		uint64_t raw = big_endian(times + i * time_size, time_size);
		int64_t from_s = time_size == 4 ? (int32_t)raw : (int64_t)raw;

		if (!type_offset(header, types, indexes[i], &offset_s))
			return false;
		if (i > 0 && from_s <= out->items[out->count - 1].from_s)
			return false;
		add_range(out, from_s, offset_s);
	}
	return true;
}

static bool read_footer(struct cursor *in, struct tz_ranges *out)
{
	struct str rest = { (const char *)in->at, (size_t)(in->end - in->at) };
	struct tz_rule rule;

	if (!take_char(&rest, '\n') || !str_ends(rest, "\n"))
		return false;
	rest = str_cut(&rest, '\n');
	if (!rest.len)
		return true;
	if (!read_rule(rest, &rule))
		return false;
	add_rule(out, &rule);
	return true;
}

static bool read_file(struct cursor *in, struct tz_ranges *out)
{
	struct tz_header header;

	if (!read_header(in, &header))
		return false;
	if (header.version < '2')
		return read_block(in, &header, 4, out);

	/* The first block is for readers of 1985. */
	cursor_take(in, header.time_count * 5 + header.type_count * 6 + rest_bytes(&header));
	return read_header(in, &header) && read_block(in, &header, 8, out) && read_footer(in, out);
}

bool tz_ranges_read(struct tz_ranges *out, struct str bytes)
{
	struct cursor in = cursor_of(bytes.at, bytes.len);

	*out = (struct tz_ranges){ .horizon_s = INT64_MAX };
	if (read_file(&in, out))
		return true;
	free(out->items);
	*out = (struct tz_ranges){ .horizon_s = INT64_MAX };
	return false;
}
