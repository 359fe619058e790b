#include "domain/annexes.h"

#include "base/buf.h"
#include "base/date.h"
#include "domain/agreement_text.h"

enum { TEXT_MAX = 256 << 20 };

/* ---- reading ---- */

static struct annex_day *day_new(struct annexes *x, struct arena *arena)
{
	ARENA_PUSH(arena, x->days, x->day_count, x->day_capacity);
	return &x->days[x->day_count];
}

void annexes_add_file(struct annexes *annexes, const struct annex_day *days, size_t count, struct arena *arena)
{
	struct annex_day *all = ARENA_ARRAY(arena, struct annex_day, count + annexes->day_count + 1);

	if (count)
		memcpy(all, days, count * sizeof(*days));
	if (annexes->day_count)
		memcpy(all + count, annexes->days, annexes->day_count * sizeof(*days));
	annexes->days = all;
	annexes->day_count += count;
	annexes->day_capacity = annexes->day_count;
	annexes->from_files = true;
}

/* {file: holidays.ics} */
static void read_holiday_file(struct annexes *out, struct yaml_words *w, const struct yaml_node *node)
{
	struct holiday_file *file;

	ARENA_PUSH(w->arena, out->files, out->file_count, out->file_capacity);
	file = &out->files[out->file_count];
	*file = (struct holiday_file){ .line = node->line, .column = node->column };
	out->file_count += yaml_text(w, node, "file", &file->path);
}

/* 2026-12-25, {2026-12-25: Christmas}, or {file: holidays.ics}. */
static void read_holiday(struct annexes *out, struct yaml_words *w, const struct yaml_node *node)
{
	bool named = node->kind == YAML_MAP && node->count == 1;
	struct str name = STR_NONE;
	int32_t date;

	if (named && str_is(node->keys[0].text, "file")) {
		read_holiday_file(out, w, &node->items[0]);
		return;
	}
	if (!read_date(w, named ? &node->keys[0] : node, "holidays", &date) ||
	    (named && !yaml_text(w, &node->items[0], "holidays", &name)))
		return;
	*day_new(out, w->arena) = (struct annex_day){ .date = date, .name = name };
	out->day_count++;
}

static void read_holidays(struct annexes *out, struct yaml_words *w, const struct yaml_node *node)
{
	if (!yaml_is_list(w, node, "holidays"))
		return;
	for (size_t i = 0; i < node->count; i++)
		read_holiday(out, w, &node->items[i]);
}

static void read_other_hours(struct annexes *out, struct yaml_words *w, const struct yaml_node *node)
{
	if (!yaml_is_map(w, node, "other hours", NULL))
		return;
	for (size_t i = 0; i < node->count; i++) {
		const struct yaml_node *hours = &node->items[i];
		struct annex_day *day = day_new(out, w->arena);

		*day = (struct annex_day){ .usual = hours->kind == YAML_SCALAR && str_is(hours->text, "usual") };
		if (read_date(w, &node->keys[i], "other hours", &day->date) &&
		    (day->usual || read_day(w, hours, "other hours", &day->hours)))
			out->day_count++;
	}
}

static void read_absence(struct annexes *out, struct yaml_words *w, const struct yaml_node *node)
{
	static const char *const keys[] = { "who", "from", "to", "away", NULL };
	const struct yaml_node *who, *from, *to, *away;
	struct absence *absence;
	bool is_away = true;

	if (!yaml_is_map(w, node, "absences", keys))
		return;
	ARENA_PUSH(w->arena, out->absences, out->absence_count, out->absence_capacity);
	absence = &out->absences[out->absence_count];
	who = yaml_get(node, "who");
	from = yaml_get(node, "from");
	to = yaml_get(node, "to");
	away = yaml_get(node, "away");
	if (away && !yaml_flag(w, away, "away", &is_away))
		return;
	if (!who || (is_away && !from) || (!is_away && (from || to))) {
		YAML_WRONG(
			w, node, "absences",
			"an absence says who, from when, and to when if it is more than a day; or {who: Anna, away: no}.");
		return;
	}
	*absence = (struct absence){ .from = 1, .to = 0, .place = yaml_place(who) };
	if (!yaml_text(w, who, "who", &absence->who) || (from && !read_date(w, from, "from", &absence->from)))
		return;
	if (from)
		absence->to = absence->from;
	if (to && !read_date(w, to, "to", &absence->to))
		return;
	if (from && absence->to < absence->from)
		YAML_WRONG(w, to, "to", "an absence ends on its first day or after it.");
	else
		out->absence_count++;
}

static void read_absences(struct annexes *out, struct yaml_words *w, const struct yaml_node *node)
{
	if (!yaml_is_list(w, node, "absences"))
		return;
	for (size_t i = 0; i < node->count; i++)
		read_absence(out, w, &node->items[i]);
}

static void read_teams(struct annexes *out, struct yaml_words *w, const struct yaml_node *node)
{
	if (!yaml_is_map(w, node, "teams", NULL))
		return;
	for (size_t i = 0; i < node->count; i++) {
		struct agreed_team *team;

		ARENA_PUSH(w->arena, out->teams, out->team_count, out->team_capacity);
		team = &out->teams[out->team_count];
		team->name = node->keys[i].text;
		team->place = yaml_place(&node->items[i]);
		out->team_count += yaml_names(w, &node->items[i], "teams", &team->people);
	}
}

static const struct {
	const char *key;
	void (*read)(struct annexes *out, struct yaml_words *w, const struct yaml_node *node);
} parts[] = {
	{ "holidays", read_holidays },
	{ "other hours", read_other_hours },
	{ "absences", read_absences },
	{ "teams", read_teams },
};

enum { PARTS = sizeof(parts) / sizeof(parts[0]) };

void annexes_read_node(struct annexes *out, struct yaml_words *w, const struct yaml_node *node)
{
	const char *keys[PARTS + 1] = { NULL };

	for (size_t i = 0; i < PARTS; i++)
		keys[i] = parts[i].key;
	if (!yaml_is_map(w, node, "annexes", keys))
		return;
	for (size_t i = 0; i < PARTS; i++) {
		const struct yaml_node *sub = yaml_get(node, keys[i]);

		if (sub)
			parts[i].read(out, w, sub);
	}
}

int annexes_read(struct annexes *out, struct str text, const char *file, struct problems *problems, struct arena *arena,
		 struct err *err)
{
	struct yaml_words w = { arena, problems, str_of(file) };
	struct yaml_node *root, *node;
	int got = yaml_parse(&root, text, file, arena, err);

	*out = (struct annexes){ .day_count = 0 };
	if (got < 0)
		return got;
	if (!yaml_plain_letters(&w, root) || !yaml_is_map(&w, root, "annexes", NULL))
		return 0;
	node = yaml_get(root, "annexes");
	if (node)
		annexes_read_node(out, &w, node);
	else
		YAML_WRONG(&w, root, "annexes", "the line \"annexes:\" is missing, under which they stand.");
	return 0;
}

/* ---- one after the other ---- */

static bool names_absent(const struct annexes *annexes, struct str who)
{
	for (size_t i = 0; i < annexes->absence_count; i++)
		if (str_eq(annexes->absences[i].who, who))
			return true;
	return false;
}

static void join_absences(struct annexes *annexes, const struct annexes *later, struct arena *arena)
{
	size_t kept = 0;

	for (size_t i = 0; i < annexes->absence_count; i++)
		if (!names_absent(later, annexes->absences[i].who))
			annexes->absences[kept++] = annexes->absences[i];
	annexes->absence_count = kept;
	for (size_t i = 0; i < later->absence_count; i++) {
		if (later->absences[i].to < later->absences[i].from)
			continue;
		ARENA_PUSH(arena, annexes->absences, annexes->absence_count, annexes->absence_capacity);
		annexes->absences[annexes->absence_count++] = later->absences[i];
	}
}

static void join_team(struct annexes *annexes, const struct agreed_team *later, struct arena *arena)
{
	for (size_t i = 0; i < annexes->team_count; i++)
		if (str_eq(annexes->teams[i].name, later->name)) {
			annexes->teams[i] = *later;
			return;
		}
	ARENA_PUSH(arena, annexes->teams, annexes->team_count, annexes->team_capacity);
	annexes->teams[annexes->team_count++] = *later;
}

/* By date; of one date in the order said. */
static void sort_days(struct annex_day *days, size_t count, struct arena *arena)
{
	struct annex_day *other = ARENA_ARRAY(arena, struct annex_day, count + 1);

	for (size_t width = 1; width < count; width *= 2) {
		for (size_t at = 0; at < count; at += 2 * width) {
			size_t middle = at + width < count ? at + width : count,
			       end = at + 2 * width < count ? at + 2 * width : count;

			for (size_t to = at, a = at, b = middle; to < end; to++)
				other[to] = b == end || (a < middle && days[a].date <= days[b].date) ? days[a++]
												     : days[b++];
		}
		memcpy(days, other, count * sizeof(*days));
	}
}

/* The last word about each date, by date. */
static struct annex_day *last_words(const struct annexes *annexes, size_t *count, struct arena *arena)
{
	struct annex_day *days = ARENA_ARRAY(arena, struct annex_day, annexes->day_count + 1);
	size_t said = annexes->day_count, kept = 0;

	if (said)
		memcpy(days, annexes->days, said * sizeof(*days));
	sort_days(days, said, arena);
	for (size_t i = 0; i < said; i++)
		if (i + 1 == said || days[i + 1].date != days[i].date)
			days[kept++] = days[i];
	*count = kept;
	return days;
}

void annexes_join(struct annexes *annexes, const struct annexes *later, struct arena *arena)
{
	for (size_t i = 0; i < later->day_count; i++) {
		*day_new(annexes, arena) = later->days[i];
		annexes->day_count++;
	}
	annexes->days = last_words(annexes, &annexes->day_count, arena);
	annexes->day_capacity = annexes->day_count;
	annexes->from_files |= later->from_files;
	join_absences(annexes, later, arena);
	for (size_t i = 0; i < later->team_count; i++)
		join_team(annexes, &later->teams[i], arena);
}

struct dated_day *annexes_dated(const struct annexes *annexes, size_t *count, struct arena *arena)
{
	size_t said;
	const struct annex_day *days = last_words(annexes, &said, arena);
	struct dated_day *out = ARENA_ARRAY(arena, struct dated_day, said + 1);

	*count = 0;
	for (size_t i = 0; i < said; i++)
		if (!days[i].usual)
			out[(*count)++] = (struct dated_day){ days[i].date, days[i].hours };
	return out;
}

/* ---- as YAML ---- */

static void add_date(struct buf *out, int32_t date)
{
	char text[16];

	date_format(date, text);
	buf_add_text(out, text);
}

/* In quotes, whatever stands in it. */
static void add_quoted(struct buf *out, struct str text)
{
	buf_add_char(out, '"');
	for (size_t i = 0; i < text.len; i++) {
		unsigned char c = (unsigned char)text.at[i];

		if (c == '"' || c == '\\')
			buf_addf(out, "\\%c", c);
		else if (c < 0x20 || c == 0x7f)
			buf_addf(out, "\\x%02x", c);
		else
			buf_add_char(out, (char)c);
	}
	buf_add_char(out, '"');
}

static void add_hours(struct buf *out, const struct annex_day *day)
{
	if (day->usual) {
		buf_add_text(out, "usual");
		return;
	}
	buf_add_char(out, '[');
	for (int i = 0; i < day->hours.count; i++) {
		int32_t open = day->hours.ranges[i].open_s / 60, close = day->hours.ranges[i].close_s / 60;

		close = close > 24 * 60 ? close - 24 * 60 : close;
		buf_addf(out, "%s\"%02d:%02d-%02d:%02d\"", i ? ", " : "", open / 60, open % 60, close / 60, close % 60);
	}
	buf_add_char(out, ']');
}

static void add_holiday(struct buf *out, const struct annex_day *day)
{
	buf_add_text(out, day->name.len ? "    - {" : "    - ");
	add_date(out, day->date);
	if (day->name.len) {
		buf_add_text(out, ": ");
		add_quoted(out, day->name);
		buf_add_char(out, '}');
	}
	buf_add_char(out, '\n');
}

static void add_other_hours(struct buf *out, const struct annex_day *day)
{
	buf_add_text(out, "    ");
	add_date(out, day->date);
	buf_add_text(out, ": ");
	add_hours(out, day);
	buf_add_char(out, '\n');
}

static void add_days(struct buf *out, const char *key, const struct annex_day *days, size_t count, bool holidays)
{
	bool any = false;

	for (size_t i = 0; i < count; i++) {
		if ((!days[i].usual && !days[i].hours.count) != holidays)
			continue;
		if (!any)
			buf_addf(out, "  %s:\n", key);
		any = true;
		(holidays ? add_holiday : add_other_hours)(out, &days[i]);
	}
}

static void add_absences(struct buf *out, const struct annexes *x)
{
	if (x->absence_count)
		buf_add_text(out, "  absences:\n");
	for (size_t i = 0; i < x->absence_count; i++) {
		const struct absence *absence = &x->absences[i];

		buf_add_text(out, "    - {who: ");
		add_quoted(out, absence->who);
		if (absence->to < absence->from) {
			buf_add_text(out, ", away: no}\n");
			continue;
		}
		buf_add_text(out, ", from: ");
		add_date(out, absence->from);
		buf_add_text(out, ", to: ");
		add_date(out, absence->to);
		buf_add_text(out, "}\n");
	}
}

static void add_teams(struct buf *out, const struct annexes *x)
{
	if (x->team_count)
		buf_add_text(out, "  teams:\n");
	for (size_t i = 0; i < x->team_count; i++) {
		buf_add_text(out, "    ");
		add_quoted(out, x->teams[i].name);
		buf_add_text(out, ": [");
		for (size_t p = 0; p < x->teams[i].people.count; p++) {
			buf_add_text(out, p ? ", " : "");
			add_quoted(out, x->teams[i].people.items[p]);
		}
		buf_add_text(out, "]\n");
	}
}

struct str annexes_text(const struct annexes *annexes, struct arena *arena)
{
	size_t count;
	const struct annex_day *days = last_words(annexes, &count, arena);
	bool empty = !count && !annexes->absence_count && !annexes->team_count;
	struct buf out;
	struct str text;

	buf_init(&out, TEXT_MAX);
	buf_add_text(&out, empty ? "annexes: {}\n" : "annexes:\n");
	add_days(&out, "holidays", days, count, true);
	add_days(&out, "other hours", days, count, false);
	add_absences(&out, annexes);
	add_teams(&out, annexes);
	if (out.full)
		BUG("annexes longer than %d bytes", TEXT_MAX);
	text = arena_str(arena, buf_str(&out));
	buf_release(&out);
	return text;
}

const char *annexes_summary(const struct annexes *annexes, struct arena *arena)
{
	return arena_printf(arena, "%zu day%s, %zu absence%s, %zu team%s", annexes->day_count,
			    annexes->day_count == 1 ? "" : "s", annexes->absence_count,
			    annexes->absence_count == 1 ? "" : "s", annexes->team_count,
			    annexes->team_count == 1 ? "" : "s");
}
