#include "base/zone.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/date.h"
#include "base/tzfile.h"

enum { MAX_FILE_BYTES = 1 << 20, MAX_NAME = 128, LARGEST_OFFSET_S = 26 * 3600 };

struct zone {
	char name[MAX_NAME];
	struct tz_ranges ranges;
};

static const char *tz_folder(void)
{
	const char *folder = getenv("TZDIR");

	return folder && folder[0] ? folder : "/usr/share/zoneinfo";
}

/* --- loading --- */

static bool is_name(const char *name)
{
	size_t len = strlen(name);

	if (!len || len >= MAX_NAME || name[0] == '/' || strstr(name, ".."))
		return false;
	return strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_+-/") == len;
}

/* The whole file in `arena`; nothing when there is none such. A file that is there and cannot be read is an error: else the zone
 * would be said not to be there. */
static int read_zone_file(const char *name, struct arena *arena, struct str *out, struct err *err)
{
	const char *path = arena_printf(arena, "%s/%s", tz_folder(), name);
	char *bytes = arena_alloc(arena, MAX_FILE_BYTES);
	FILE *file = fopen(path, "rbe");

	*out = STR_NONE;
	if (!file && errno == ENOMEM)
		out_of_memory(BUFSIZ);
	if (!file)
		return errno == ENOENT || errno == ENOTDIR ? 0 : err_system(err, "cannot open %s", path);

	size_t len = fread(bytes, 1, MAX_FILE_BYTES, file);
	bool failed = ferror(file) && errno != EISDIR;

	if (failed)
		err_system(err, "cannot read %s", path);
	else
		*out = (struct str){ bytes, len };
	fclose(file);
	return failed ? ERR_SYSTEM : 0;
}

static void utc_ranges(struct tz_ranges *out)
{
	*out = (struct tz_ranges){ must_calloc(1, sizeof(struct tz_range)), 1, 1, INT64_MAX };
	out->items[0].from_s = INT64_MIN;
}

/* 0, or why not: ERR_INPUT, not yet in words, when there is no such zone. */
static int read_ranges(const char *name, struct tz_ranges *out, struct err *err)
{
	struct arena arena;
	struct str bytes = STR_NONE;

	arena_init(&arena);

	int failed = is_name(name) ? read_zone_file(name, &arena, &bytes, err) : 0;
	bool good = !failed && tz_ranges_read(out, bytes);

	arena_release(&arena);
	if (good)
		return 0;
	if (strcmp(name, "UTC") != 0)
		return failed ? failed : ERR_INPUT;
	/* UTC is there without tzdata too. */
	utc_ranges(out);
	return 0;
}

struct zone_names {
	const char **items;
	size_t count, capacity;
	struct arena *arena;
};

static void list_names(struct zone_names *names, const char *under, int depth)
{
	DIR *folder = opendir(arena_printf(names->arena, "%s/%s", tz_folder(), under));
	struct dirent *entry;

	while (folder && (entry = readdir(folder))) {
		char *name = arena_printf(names->arena, "%s%s%s", under, under[0] ? "/" : "", entry->d_name);

		if (!is_name(name) || str_starts(str_of(name), "posix") || str_starts(str_of(name), "right"))
			continue;
		if (entry->d_type == DT_DIR && depth < 3) {
			list_names(names, name, depth + 1);
		} else if (entry->d_type != DT_DIR) {
			ARENA_PUSH(names->arena, names->items, names->count, names->capacity);
			names->items[names->count++] = name;
		}
	}
	if (folder)
		closedir(folder);
}

/* "Berlin" and "europe/berlin" mean Europe/Berlin. */
static const char *nearest_name(const char *name, struct arena *arena)
{
	struct zone_names names = { .arena = arena };

	list_names(&names, "", 0);
	for (size_t i = 0; i < names.count; i++) {
		const char *last = strrchr(names.items[i], '/');

		if (last && str_eq_fold(str_of(last + 1), str_of(name)))
			return names.items[i];
	}
	return str_nearest(str_of(name), names.items, names.count);
}

static int no_such_zone(const char *name, struct err *err)
{
	struct arena arena;

	arena_init(&arena);
	const char *nearest = nearest_name(name, &arena);

	if (nearest)
		err_set(err, ERR_INPUT, "there is no time zone '%s'; did you mean '%s'?", name, nearest);
	else
		err_set(err, ERR_INPUT, "there is no time zone '%s' in %s; give a name such as 'Europe/Berlin'", name,
			tz_folder());
	arena_release(&arena);
	return ERR_INPUT;
}

int zone_load(struct zone **out, const char *name, struct err *err)
{
	struct tz_ranges ranges;

	int failed = read_ranges(name, &ranges, err);

	if (failed)
		return failed == ERR_INPUT ? no_such_zone(name, err) : failed;

	struct zone *zone = must_calloc(1, sizeof(*zone));

	snprintf(zone->name, sizeof(zone->name), "%s", name);
	zone->ranges = ranges;
	*out = zone;
	return 0;
}

void zone_free(struct zone *zone)
{
	if (!zone)
		return;
	free(zone->ranges.items);
	free(zone);
}

/* --- which zone this machine is in --- */

static bool is_zone(const char *name)
{
	struct err err = ERR_INIT;
	struct tz_ranges ranges;

	if (read_ranges(name, &ranges, &err))
		return false;
	free(ranges.items);
	return true;
}

/* ":Europe/Berlin" and ".../zoneinfo/Europe/Berlin" name a zone too. */
static const char *name_within(const char *text)
{
	const char *folder = strstr(text, "zoneinfo/");

	if (folder)
		return folder + strlen("zoneinfo/");
	return text[0] == ':' ? text + 1 : text;
}

static bool name_of_file(char *out, size_t size)
{
	FILE *file = fopen("/etc/timezone", "re");
	bool got = file && fgets(out, (int)size, file);

	if (file)
		fclose(file);
	if (got)
		out[strcspn(out, " \t\r\n")] = 0;
	return got && is_zone(out);
}

static bool name_of_link(char *out, size_t size)
{
	char target[PATH_MAX];
	ssize_t len = readlink("/etc/localtime", target, sizeof(target) - 1);

	if (len <= 0)
		return false;
	target[len] = 0;
	snprintf(out, size, "%s", name_within(target));
	return is_zone(out);
}

const char *zone_of_machine(char *out, size_t size)
{
	const char *tz = getenv("TZ");

	if (tz && tz[0]) {
		snprintf(out, size, "%s", name_within(tz));
		if (is_zone(out))
			return out;
	}
	if (!name_of_file(out, size) && !name_of_link(out, size))
		snprintf(out, size, "UTC");
	return out;
}

/* --- instants and local times --- */

/* The last range that begins at or before `utc_s`. */
static size_t range_at(const struct tz_ranges *ranges, int64_t utc_s)
{
	size_t low = 0, high = ranges->count;

	while (high - low > 1) {
		size_t middle = low + (high - low) / 2;

		if (ranges->items[middle].from_s <= utc_s)
			low = middle;
		else
			high = middle;
	}
	return low;
}

/* Seconds to take off a time so that it falls into what the ranges list. A day of leeway, because local times are asked too. */
static int64_t beyond(const struct tz_ranges *ranges, int64_t s)
{
	int64_t last = ranges->horizon_s - 2 * DAY_SECONDS;

	if (ranges->horizon_s == INT64_MAX || s < last)
		return 0;
	return ((s - last) / TZ_CYCLE_S + 1) * TZ_CYCLE_S;
}

static int32_t offset_at(const struct zone *zone, int64_t utc_s)
{
	const struct tz_ranges *ranges = &zone->ranges;

	return ranges->items[range_at(ranges, utc_s - beyond(ranges, utc_s))].offset_s;
}

int64_t zone_local_s(const struct zone *zone, int64_t utc_ms)
{
	int64_t utc_s = floor_div(utc_ms, 1000);

	return utc_s + offset_at(zone, utc_s);
}

/* The first instant at which clocks show `local_s`. Where they never do, the instant as the offset before the gap gives it, and
 * *gap_end_s is the instant at which the gap was jumped; else that is INT64_MIN. */
static int64_t utc_of_local(const struct zone *zone, int64_t local_s, int64_t *gap_end_s)
{
	const struct tz_ranges *ranges = &zone->ranges;
	int64_t cycles_s = beyond(ranges, local_s), s = local_s - cycles_s;
	size_t i = range_at(ranges, s - LARGEST_OFFSET_S);

	while (i + 1 < ranges->count && s - ranges->items[i].offset_s >= ranges->items[i + 1].from_s)
		i++;

	bool in_gap = i > 0 && s - ranges->items[i].offset_s < ranges->items[i].from_s;
	int32_t offset_s = ranges->items[in_gap ? i - 1 : i].offset_s;

	*gap_end_s = in_gap ? ranges->items[i].from_s + cycles_s : INT64_MIN;
	return s - offset_s + cycles_s;
}

int64_t zone_utc_ms(const struct zone *zone, int64_t local_s)
{
	int64_t gap_end_s;

	return utc_of_local(zone, local_s, &gap_end_s) * 1000;
}

int32_t zone_date(const struct zone *zone, int64_t utc_ms)
{
	int64_t date = floor_div(zone_local_s(zone, utc_ms), DAY_SECONDS);

	return date > INT32_MAX ? INT32_MAX : date <= DATE_NONE ? DATE_NONE + 1 : (int32_t)date;
}

int64_t zone_day_start_ms(const struct zone *zone, int32_t date)
{
	int64_t gap_end_s;
	int64_t utc_s = utc_of_local(zone, (int64_t)date * DAY_SECONDS, &gap_end_s);

	return (gap_end_s == INT64_MIN ? utc_s : gap_end_s) * 1000;
}

bool zones_agree(const struct zone *a, const struct zone *b, int32_t date)
{
	return zone_day_start_ms(a, date) == zone_day_start_ms(b, date) &&
	       zone_day_start_ms(a, date + 182) == zone_day_start_ms(b, date + 182);
}

/* --- texts --- */

void zone_format(const struct zone *zone, int64_t utc_ms, char out[40])
{
	int64_t local_s = zone_local_s(zone, utc_ms);
	int offset_s = (int)(local_s - floor_div(utc_ms, 1000));
	int of_day = (int)(local_s - floor_div(local_s, DAY_SECONDS) * DAY_SECONDS);
	int size_s = abs(offset_s);
	char date[16];

	date_format(zone_date(zone, utc_ms), date);
	int len = snprintf(out, 40, "%.12sT%02d:%02d:%02d%c%02d:%02d", date, of_day / 3600, of_day / 60 % 60,
			   of_day % 60, offset_s < 0 ? '-' : '+', size_s / 3600, size_s / 60 % 60);

	if (size_s % 60) /* local mean time, before zones */
		snprintf(out + len, 40 - (size_t)len, ":%02d", size_s % 60);
}

static bool take_two(struct str *s, int most, int *out)
{
	if (s->len < 2 || s->at[0] < '0' || s->at[0] > '9' || s->at[1] < '0' || s->at[1] > '9')
		return false;
	*out = (s->at[0] - '0') * 10 + (s->at[1] - '0');
	s->at += 2;
	s->len -= 2;
	return *out <= most;
}

static bool take_char(struct str *s, char c)
{
	if (!s->len || s->at[0] != c)
		return false;
	s->at++;
	s->len--;
	return true;
}

/* Digits behind the mark; what is finer than milliseconds is cut off. */
static bool take_fraction(struct str *s, int *ms)
{
	int unit = 100;

	*ms = 0;
	if (!take_char(s, '.') && !take_char(s, ','))
		return true;
	if (!s->len || s->at[0] < '0' || s->at[0] > '9')
		return false;
	for (; s->len && s->at[0] >= '0' && s->at[0] <= '9'; unit /= 10) {
		*ms += unit * (s->at[0] - '0');
		s->at++;
		s->len--;
	}
	return true;
}

/* "14:05", "14:05:00.25", "24:00" */
static bool take_clock(struct str *s, int64_t *of_day_ms)
{
	int hour, minute, second = 0, ms = 0;

	if (!take_two(s, 24, &hour) || !take_char(s, ':') || !take_two(s, 59, &minute))
		return false;
	if (take_char(s, ':') && (!take_two(s, 59, &second) || !take_fraction(s, &ms)))
		return false;
	*of_day_ms = ((hour * 60 + minute) * 60 + second) * INT64_C(1000) + ms;
	return hour < 24 || *of_day_ms == DAY_SECONDS * INT64_C(1000);
}

/* "Z", "+01:00", "+0100", "-03"; all of `s`. */
static bool read_offset(struct str s, int *offset_s)
{
	int hours, minutes = 0, seconds = 0;

	*offset_s = 0;
	if (str_is(s, "Z"))
		return true;

	bool negative = take_char(&s, '-');

	if ((!negative && !take_char(&s, '+')) || !take_two(&s, 25, &hours))
		return false;
	if (s.len) {
		take_char(&s, ':');
		if (!take_two(&s, 59, &minutes))
			return false;
	}
	if (take_char(&s, ':') && !take_two(&s, 59, &seconds))
		return false;
	*offset_s = (hours * 60 + minutes) * 60 + seconds;
	if (negative)
		*offset_s = -*offset_s;
	return !s.len;
}

bool zone_parse(const struct zone *zone, struct str text, int64_t *utc_ms, bool *date_only)
{
	enum { DATE_LETTERS = 10 };
	struct str rest = text;
	int64_t of_day_ms;
	int32_t date;
	int offset_s;

	if (text.len < DATE_LETTERS || !date_parse((struct str){ text.at, DATE_LETTERS }, &date))
		return false;
	rest.at += DATE_LETTERS;
	rest.len -= DATE_LETTERS;
	if (!rest.len) {
		*utc_ms = zone_day_start_ms(zone, date);
		*date_only = true;
		return true;
	}
	if ((!take_char(&rest, 'T') && !take_char(&rest, ' ')) || !take_clock(&rest, &of_day_ms))
		return false;

	int64_t local_ms = (int64_t)date * DAY_SECONDS * 1000 + of_day_ms;

	if (!rest.len) {
		int64_t local_s = floor_div(local_ms, 1000);

		*utc_ms = zone_utc_ms(zone, local_s) + (local_ms - local_s * 1000);
	} else if (read_offset(rest, &offset_s)) {
		*utc_ms = local_ms - offset_s * INT64_C(1000);
	} else {
		return false;
	}
	*date_only = false;
	return true;
}
