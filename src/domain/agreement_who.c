/* Who signs, and when they work: `between`, `calendar`, `annexes`. */
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
		if (signs)
			yaml_names(&t->w, signs, "signs", &out->signs);
		else if (party != PARTY_PARTNER)
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

bool read_day(struct agreement_text *t, const struct yaml_node *node, const char *key, struct working_day *out)
{
	struct names ranges = { .count = 0 };

	*out = (struct working_day){ .count = 0 };
	if ((node->kind == YAML_LIST && node->count == 0) ||
	    (node->kind == YAML_SCALAR && str_is(node->text, "closed")))
		return true;
	if (!yaml_names(&t->w, node, key, &ranges))
		return false;
	if (ranges.count > CALENDAR_RANGES) {
		WRONG(t, node, key, "\"%s\" has %zu ranges; a day has at most %d.", key, ranges.count, CALENDAR_RANGES);
		return false;
	}
	for (size_t i = 0; i < ranges.count; i++) {
		const struct yaml_node *at = node->kind == YAML_LIST ? &node->items[i] : node;

		if (!read_range(ranges.items[i], &out->ranges[i])) {
			WRONG(t, at, key, "\"%.*s\" is no range of hours; write it like \"08:00-12:00\".",
			      STR_ARG(ranges.items[i]));
			return false;
		}
		out->count = (int)i + 1;
		if (!working_day_valid(out)) {
			WRONG(t, at, key, "\"%.*s\" begins before the range before it ends; write them in order.",
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
	bool said[7] = { false };

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
		if (!read_day(t, &node->items[i], "hours", &day))
			continue;
		for (int weekday = first; weekday <= last; weekday++) {
			if (said[weekday])
				WRONG(t, key, "hours", "the hours of %s stand here twice.", weekdays[weekday]);
			said[weekday] = true;
			week->days[weekday] = day;
		}
	}
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

	week.dated = agreement->annexes.days;
	week.dated_count = agreement->annexes.day_count;
	return calendar_build(&week, zone, arena);
}

/* ---- annexes ---- */

/* 2026-12-25, or {2026-12-25: Christmas}. */
static void read_holidays(struct agreement_text *t, const struct yaml_node *node, struct annexes *out)
{
	if (!yaml_is_list(&t->w, node, "holidays"))
		return;
	for (size_t i = 0; i < node->count; i++) {
		const struct yaml_node *item = &node->items[i];

		if (item->kind == YAML_MAP && item->count == 1)
			item = &item->keys[0];
		if (read_date(t, item, "holidays", &out->days[out->day_count].date))
			out->day_count++;
	}
}

static void read_extra_days(struct agreement_text *t, const struct yaml_node *node, struct annexes *out)
{
	if (!yaml_is_map(&t->w, node, "other hours", NULL))
		return;
	for (size_t i = 0; i < node->count; i++) {
		struct dated_day *day = &out->days[out->day_count];

		if (read_date(t, &node->keys[i], "other hours", &day->date) &&
		    read_day(t, &node->items[i], "other hours", &day->day))
			out->day_count++;
	}
}

static void read_absence(struct agreement_text *t, const struct yaml_node *node, struct annexes *out)
{
	static const char *const keys[] = { "who", "from", "to", NULL };
	struct absence *absence = &out->absences[out->absence_count];
	const struct yaml_node *who, *from, *to;

	if (!yaml_is_map(&t->w, node, "absences", keys))
		return;
	who = yaml_get(node, "who");
	from = yaml_get(node, "from");
	to = yaml_get(node, "to");
	if (!who || !from) {
		WRONG(t, node, "absences", "an absence says who, from when, and to when if it is more than a day.");
		return;
	}
	if (!yaml_text(&t->w, who, "who", &absence->who) || !read_date(t, from, "from", &absence->from))
		return;
	absence->to = absence->from;
	if (to && !read_date(t, to, "to", &absence->to))
		return;
	if (absence->to < absence->from)
		WRONG(t, to, "to", "an absence ends on its first day or after it.");
	else
		out->absence_count++;
}

static void read_teams(struct agreement_text *t, const struct yaml_node *node, struct annexes *out)
{
	if (!yaml_is_map(&t->w, node, "teams", NULL))
		return;
	out->teams = ARENA_ARRAY(t->w.arena, struct agreed_team, node->count);
	for (size_t i = 0; i < node->count; i++) {
		struct agreed_team *team = &out->teams[out->team_count];

		team->name = node->keys[i].text;
		if (yaml_names(&t->w, &node->items[i], "teams", &team->people))
			out->team_count++;
	}
}

void read_annexes(struct agreement_text *t, const struct yaml_node *node)
{
	static const char *const keys[] = { "holidays", "other hours", "absences", "teams", NULL };
	struct annexes *out = &t->agreement->annexes;
	const struct yaml_node *holidays, *hours, *absences, *teams;

	if (!yaml_is_map(&t->w, node, "annexes", keys))
		return;
	holidays = yaml_get(node, "holidays");
	hours = yaml_get(node, "other hours");
	absences = yaml_get(node, "absences");
	teams = yaml_get(node, "teams");
	out->days = ARENA_ARRAY(t->w.arena, struct dated_day,
				(holidays ? holidays->count : 0) + (hours ? hours->count : 0));
	if (holidays)
		read_holidays(t, holidays, out);
	if (hours)
		read_extra_days(t, hours, out);
	if (absences && yaml_is_list(&t->w, absences, "absences")) {
		out->absences = ARENA_ARRAY(t->w.arena, struct absence, absences->count);
		for (size_t i = 0; i < absences->count; i++)
			read_absence(t, &absences->items[i], out);
	}
	if (teams)
		read_teams(t, teams, out);
}
