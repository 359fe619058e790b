#include "io/ics.h"

#include <libical/ical.h>

#include "base/date.h"
#include "io/text.h"

enum { MOST_DAYS = 20000, MOST_NAME = 200, MOST_NOTES = 10 };

/* One time of a repeated event that stands as an event of its own: moved, renamed or cancelled. */
struct moved {
	struct str uid;
	int32_t date; /* on which it would have been */
};

struct days {
	struct ics_day *items;
	size_t count, capacity;
	int32_t first, last;
	struct problems *problems;
	struct arena *arena;
	struct str file;
	long line;       /* of the event at hand */
	struct str name; /* of the event at hand */
	size_t timed;    /* events passed over: they have times of day */
	int32_t *except; /* dates on which it does not take place */
	size_t except_count, except_capacity;
	struct moved *moved; /* of the whole file */
	size_t moved_count, moved_capacity;
};

static void wrong(struct days *d, const char *text)
{
	problem_add(d->problems, d->file, d->line, 1, STR_NONE, "event \"%.*s\": %s", STR_ARG(d->name), text);
}

/* A whole diary has thousands of meetings; some of them show what is meant. */
static void pass_over(struct days *d)
{
	if (d->timed++ < MOST_NOTES)
		problem_note(
			d->problems, d->file, d->line, 1,
			"event \"%.*s\" has times of day, so it closes none and is passed over; half days stand under "
			"\"other hours\".",
			STR_ARG(d->name));
}

static int32_t date_of(struct icaltimetype time)
{
	return date_of_civil((struct civil){ time.year, time.month, time.day });
}

static bool is_excepted(const struct days *d, int32_t date)
{
	for (size_t i = 0; i < d->except_count; i++)
		if (d->except[i] == date)
			return true;
	return false;
}

/* One time it takes place: `length` days from `date`. */
static bool add_days(struct days *d, int32_t date, int32_t length)
{
	if (is_excepted(d, date))
		return true;
	for (int32_t day = date; day < date + length; day++) {
		if (day < d->first || day > d->last)
			continue;
		if (d->count == MOST_DAYS) {
			wrong(d, "the file names more than 20000 days; holidays are fewer.");
			return false;
		}
		ARENA_PUSH(d->arena, d->items, d->count, d->capacity);
		d->items[d->count++] = (struct ics_day){ day, d->name };
	}
	return true;
}

/* ---- one event ---- */

static struct str uid_of(icalcomponent *event)
{
	const char *uid = icalcomponent_get_uid(event);

	return str_of(uid ? uid : "");
}

static bool is_moved(icalcomponent *event)
{
	return icalcomponent_get_first_property(event, ICAL_RECURRENCEID_PROPERTY) != NULL;
}

static void except(struct days *d, int32_t date)
{
	ARENA_PUSH(d->arena, d->except, d->except_count, d->except_capacity);
	d->except[d->except_count++] = date;
}

/* What it excepts itself, and what other events of the file say of single times of it. */
static void read_exceptions(struct days *d, icalcomponent *event)
{
	icalproperty *property;

	d->except_count = 0;
	for (size_t i = 0; !is_moved(event) && i < d->moved_count; i++)
		if (str_eq(d->moved[i].uid, uid_of(event)))
			except(d, d->moved[i].date);
	for (property = icalcomponent_get_first_property(event, ICAL_EXDATE_PROPERTY); property;
	     property = icalcomponent_get_next_property(event, ICAL_EXDATE_PROPERTY))
		except(d, date_of(icalproperty_get_exdate(property)));
}

static void add_rule(struct days *d, icalproperty *property, struct icaltimetype start, int32_t length)
{
	struct icalrecurrencetype rule = icalproperty_get_rrule(property);
	/* Within a day a rule may run through billions of seconds and find no day. */
	icalrecur_iterator *each = rule.freq < ICAL_DAILY_RECURRENCE ? NULL : icalrecur_iterator_new(rule, start);
	struct icaltimetype time;

	if (!each) {
		wrong(d, "its RRULE cannot be followed; write its days out.");
		return;
	}
	for (time = icalrecur_iterator_next(each); !icaltime_is_null_time(time) && date_of(time) <= d->last;
	     time = icalrecur_iterator_next(each))
		if (!add_days(d, date_of(time), length))
			break;
	icalrecur_iterator_free(each);
}

static void add_named_dates(struct days *d, icalcomponent *event, int32_t length)
{
	icalproperty *property;

	for (property = icalcomponent_get_first_property(event, ICAL_RDATE_PROPERTY); property;
	     property = icalcomponent_get_next_property(event, ICAL_RDATE_PROPERTY)) {
		struct icaldatetimeperiodtype when = icalproperty_get_rdate(property);

		if (!icaltime_is_null_time(when.time))
			add_days(d, date_of(when.time), length);
	}
}

static bool is_midnight(struct icaltimetype time)
{
	return !icaltime_is_null_time(time) && !icaltime_is_utc(time) && !time.hour && !time.minute && !time.second;
}

/* Some programs write whole days from midnight to midnight, of whatever zone: they are those dates. */
static void take_midnights_as_days(struct icaltimetype *start, struct icaltimetype *end)
{
	if (!is_midnight(*start) || !is_midnight(*end))
		return;
	start->is_date = end->is_date = 1;
}

/* Days from its first to the day before DTEND, which is not part of it; 0 when that makes no sense. */
static int32_t length_of(struct icaltimetype start, struct icaltimetype end)
{
	int32_t length;

	if (icaltime_is_null_time(end) || icaltime_compare(end, start) == 0)
		return 1;
	length = date_of(end) - date_of(start);
	return icaltime_is_date(end) && length > 0 && length <= 366 ? length : 0;
}

static void name_event(struct days *d, icalcomponent *event)
{
	const char *summary = icalcomponent_get_summary(event);
	struct str name = str_trim(str_of(summary ? summary : ""));

	d->name = utf8_valid(name) ? text_cut(name, MOST_NAME, d->arena) : STR_NONE;
}

static void read_event(struct days *d, icalcomponent *event)
{
	icalproperty *rule = icalcomponent_get_first_property(event, ICAL_RRULE_PROPERTY);
	struct icaltimetype start = icalcomponent_get_dtstart(event), end = icalcomponent_get_dtend(event);
	int32_t length;

	take_midnights_as_days(&start, &end);
	name_event(d, event);
	if (icalcomponent_get_status(event) == ICAL_STATUS_CANCELLED)
		return;
	if (icalcomponent_count_errors(event)) {
		wrong(d, "it has a line that is no part of an event.");
		return;
	}
	if (icaltime_is_null_time(start)) {
		wrong(d, "it has no day: DTSTART;VALUE=DATE:20261225 is one.");
		return;
	}
	if (!icaltime_is_date(start)) {
		pass_over(d);
		return;
	}
	length = length_of(start, end);
	if (!length) {
		wrong(d, "it ends before it begins, or not at the end of a day, or lasts more than a year.");
		return;
	}
	read_exceptions(d, event);
	if (!rule)
		add_days(d, date_of(start), length);
	for (; rule; rule = icalcomponent_get_next_property(event, ICAL_RRULE_PROPERTY))
		add_rule(d, rule, start, length);
	add_named_dates(d, event, length);
}

/* ---- the file ---- */

/* The line on which the next event begins, after `from`; libical does not say. */
static long next_event_line(struct str *rest, long from)
{
	while (rest->len) {
		from++;
		if (str_eq_fold(str_trim(str_cut(rest, '\n')), STR("BEGIN:VEVENT")))
			return from;
	}
	return from;
}

static void find_moved(struct days *d, icalcomponent *calendar)
{
	icalcomponent *event;

	for (event = icalcomponent_get_first_component(calendar, ICAL_VEVENT_COMPONENT); event;
	     event = icalcomponent_get_next_component(calendar, ICAL_VEVENT_COMPONENT)) {
		if (!is_moved(event))
			continue;
		ARENA_PUSH(d->arena, d->moved, d->moved_count, d->moved_capacity);
		d->moved[d->moved_count++] =
			(struct moved){ uid_of(event), date_of(icalcomponent_get_recurrenceid(event)) };
	}
}

/* The first of them, where a file has one after another. */
static icalcomponent *first_calendar(icalcomponent *root)
{
	if (icalcomponent_isa(root) == ICAL_XROOT_COMPONENT)
		return icalcomponent_get_first_component(root, ICAL_VCALENDAR_COMPONENT);
	return icalcomponent_isa(root) == ICAL_VCALENDAR_COMPONENT ? root : NULL;
}

static icalcomponent *next_calendar(icalcomponent *root)
{
	return icalcomponent_isa(root) == ICAL_XROOT_COMPONENT
		       ? icalcomponent_get_next_component(root, ICAL_VCALENDAR_COMPONENT)
		       : NULL;
}

static void read_events(struct days *d, icalcomponent *root, struct str text)
{
	icalcomponent *calendar, *event;
	long line = 0;

	for (calendar = first_calendar(root); calendar; calendar = next_calendar(root))
		find_moved(d, calendar);
	for (calendar = first_calendar(root); calendar; calendar = next_calendar(root))
		for (event = icalcomponent_get_first_component(calendar, ICAL_VEVENT_COMPONENT); event;
		     event = icalcomponent_get_next_component(calendar, ICAL_VEVENT_COMPONENT)) {
			d->line = line = next_event_line(&text, line);
			read_event(d, event);
		}
	if (d->timed > MOST_NOTES)
		problem_note(d->problems, d->file, line, 1, "%zu more events with times of day were passed over.",
			     d->timed - MOST_NOTES);
}

void ics_days(struct ics_day **days, size_t *count, struct str text, const char *file, int32_t first, int32_t last,
	      struct problems *problems, struct arena *arena)
{
	struct days d = { .first = first, .last = last, .problems = problems, .arena = arena, .file = str_of(file) };
	icalcomponent *root = NULL;

	icalerror_set_errors_are_fatal(false);
	if (str_starts(text, "\xEF\xBB\xBF"))
		text = (struct str){ text.at + 3, text.len - 3 };
	/* Lines may be folded within a letter: names are looked at once they are whole. */
	if (!memchr(text.at, 0, text.len))
		root = icalparser_parse_string(arena_cstr(arena, text));
	if (root && first_calendar(root))
		read_events(&d, root, text);
	else
		problem_add(problems, d.file, 1, 1, STR_NONE,
			    "this is no calendar file; it begins with BEGIN:VCALENDAR and holds events.");
	if (root)
		icalcomponent_free(root);
	icalmemory_free_ring();
	*days = d.items;
	*count = d.count;
}
