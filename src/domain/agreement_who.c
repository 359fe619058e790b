/* Who signs, and when they work: `between`, `calendar`. */
#include "base/date.h"
#include "domain/agreement_text.h"

static const char *const parties[PARTY__COUNT + 1] = {
	[PARTY_MARKETING] = "marketing",
	[PARTY_SALES] = "sales",
	[PARTY_PARTNER] = "partner",
	[PARTY_EXECUTIVE] = "executive",
};

const char *party_name(enum party party)
{
	return parties[party];
}

const char *const *party_names(void)
{
	return parties;
}

/* ---- between ---- */

void read_parties(struct agreement_text *t, const struct yaml_node *node)
{
	static const char *const keys[] = { "signs", NULL };

	if (!yaml_is_map(&t->w, node, "between", parties))
		return;
	for (int party = 0; party < PARTY__COUNT; party++) {
		struct agreement_party *out = &t->agreement->parties[party];
		const struct yaml_node *sub = yaml_get(node, parties[party]), *signs;

		if (!sub || !yaml_is_map(&t->w, sub, parties[party], keys))
			continue;
		out->named = true;
		signs = yaml_get(sub, "signs");
		if (signs) {
			yaml_names(&t->w, signs, "signs", &out->signs);
			out->place = yaml_place(signs);
		} else if (party != PARTY_PARTNER)
			WRONG(t, sub, "signs", "\"signs\" is missing: who signs for %s?", parties[party]);
	}
	if (!t->agreement->parties[PARTY_MARKETING].named || !t->agreement->parties[PARTY_SALES].named)
		WRONG(t, node, "between", "an agreement is between marketing and sales at least; name both.");
}

/* ---- hours ---- */

static const char *const weekdays[] = { "mon", "tue", "wed", "thu", "fri", "sat", "sun", NULL };

static bool read_clock(struct str text, int32_t *out)
{
	struct str rest = text, hours = str_cut(&rest, ':');
	int value[2] = { 0, 0 };

	if (hours.len != 2 || rest.len != 2)
		return false;
	for (int i = 0; i < 4; i++) {
		char c = i < 2 ? hours.at[i] : rest.at[i - 2];

		if (c < '0' || c > '9')
			return false;
		value[i / 2] = value[i / 2] * 10 + (c - '0');
	}
	*out = (value[0] * 60 + value[1]) * 60;
	return value[0] <= 24 && value[1] < 60 && *out <= DAY_SECONDS;
}

/* "22:00-06:00" runs past midnight. */
static bool read_range(struct str text, struct time_range *out)
{
	struct str rest = text, open = str_cut(&rest, '-');

	if (!read_clock(str_trim(open), &out->open_s) || !read_clock(str_trim(rest), &out->close_s))
		return false;
	if (out->close_s <= out->open_s)
		out->close_s += DAY_SECONDS;
	return out->open_s < DAY_SECONDS && out->close_s - out->open_s <= DAY_SECONDS;
}

bool read_day(struct yaml_words *w, const struct yaml_node *node, const char *key, struct working_day *out)
{
	struct names ranges = { .count = 0 };

	*out = (struct working_day){ .count = 0 };
	if ((node->kind == YAML_LIST && node->count == 0) ||
	    (node->kind == YAML_SCALAR && str_is(node->text, "closed")))
		return true;
	if (!yaml_names(w, node, key, &ranges))
		return false;
	if (ranges.count > CALENDAR_RANGES) {
		YAML_WRONG(w, node, key, "\"%s\" has %zu ranges; a day has at most %d.", key, ranges.count,
			   CALENDAR_RANGES);
		return false;
	}
	for (size_t i = 0; i < ranges.count; i++) {
		const struct yaml_node *at = node->kind == YAML_LIST ? &node->items[i] : node;

		if (!read_range(ranges.items[i], &out->ranges[i])) {
			YAML_WRONG(w, at, key, "\"%.*s\" is no range of hours; write it like \"08:00-12:00\".",
				   STR_ARG(ranges.items[i]));
			return false;
		}
		out->count = (int)i + 1;
		if (!working_day_valid(out)) {
			YAML_WRONG(w, at, key, "\"%.*s\" begins before the range before it ends; write them in order.",
				   STR_ARG(ranges.items[i]));
			return false;
		}
	}
	return true;
}

static int weekday_named(struct str name)
{
	for (int day = 0; day < 7; day++)
		if (str_is(name, weekdays[day]))
			return day;
	return -1;
}

/* "mon", or "mon-thu". */
static bool read_weekdays(struct str text, int *first, int *last)
{
	struct str rest = text, from = str_cut(&rest, '-');

	*first = weekday_named(str_trim(from));
	*last = from.len == text.len ? *first : weekday_named(str_trim(rest));
	return *first >= 0 && *last >= *first;
}

static void read_week(struct agreement_text *t, const struct yaml_node *node)
{
	struct working_week *week = &t->agreement->hours;
	bool said[7] = { false }, any = false;

	if (!yaml_is_map(&t->w, node, "hours", NULL))
		return;
	for (size_t i = 0; i < node->count; i++) {
		const struct yaml_node *key = &node->keys[i];
		struct working_day day;
		int first, last;

		if (!read_weekdays(key->text, &first, &last)) {
			WRONG(t, key, "hours",
			      "\"%.*s\" is no weekday; write mon, tue, wed, thu, fri, sat, sun, or mon-thu.",
			      STR_ARG(key->text));
			continue;
		}
		if (!read_day(&t->w, &node->items[i], "hours", &day))
			continue;
		for (int weekday = first; weekday <= last; weekday++) {
			if (said[weekday])
				WRONG(t, key, "hours", "the hours of %s stand here twice.", weekdays[weekday]);
			said[weekday] = true;
			week->days[weekday] = day;
			any |= day.count > 0;
		}
	}
	if (!any)
		WRONG(t, node, "hours", "nobody ever works: name the hours of one day at least.");
}

/* A night shift may not run into the next day's first range: that time would be two days'. */
static void check_nights(struct agreement_text *t, const struct yaml_node *node)
{
	const struct working_week *week = &t->agreement->hours;

	for (int day = 0; day < 7; day++) {
		const struct working_day *today = &week->days[day], *next = &week->days[(day + 1) % 7];

		if (today->count && next->count &&
		    today->ranges[today->count - 1].close_s > next->ranges[0].open_s + DAY_SECONDS)
			WRONG(t, node, "hours", "the last range of %s runs into the first of %s.", weekdays[day],
			      weekdays[(day + 1) % 7]);
	}
}

static void read_zone(struct agreement_text *t, const struct yaml_node *node)
{
	struct err err = ERR_INIT;
	struct zone *zone;
	struct str name;

	if (!yaml_text(&t->w, node, "time zone", &name))
		return;
	if (zone_load(&zone, arena_cstr(t->w.arena, name), &err) < 0) {
		WRONG(t, node, "time zone", "%s", err.text);
		return;
	}
	zone_free(zone);
	t->agreement->zone = name;
	t->agreement->zone_place = yaml_place(node);
}

void read_hours(struct agreement_text *t, const struct yaml_node *node)
{
	static const char *const keys[] = { "time zone", "hours", NULL };
	const struct yaml_node *zone, *hours;

	if (!yaml_is_map(&t->w, node, "calendar", keys))
		return;
	zone = yaml_get(node, "time zone");
	hours = yaml_get(node, "hours");
	if (zone)
		read_zone(t, zone);
	else
		WRONG(t, node, "time zone", "\"time zone\" is missing; write it like Europe/Berlin.");
	if (!hours) {
		WRONG(t, node, "hours", "\"hours\" is missing: when do people work?");
		return;
	}
	read_week(t, hours);
	check_nights(t, hours);
}

struct calendar *agreement_calendar(const struct agreement *agreement, const struct zone *zone, struct arena *arena)
{
	struct working_week week = agreement->hours;

	week.dated = annexes_dated(&agreement->annexes, &week.dated_count, arena);
	return calendar_build(&week, zone, arena);
}

void read_annexes(struct agreement_text *t, const struct yaml_node *node)
{
	annexes_read_node(&t->agreement->annexes, &t->w, node);
}
