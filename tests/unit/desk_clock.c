/* The clock of the promises, on a real book: at the instant, after downtime, by late evidence, asked again. */
#include "desk/clock.h"

#include "book/private.h"
#include "book_help.h"
#include "desk/record_fields.h"
#include "desk/signing.h"

static const char text[] =
	"agreement: Clock\n"
	"between: {marketing: {signs: [Mia]}, sales: {signs: [Sam]}, executive: {signs: [Xenia]}}\n"
	"in force: 2026-01-05\n"
	"calendar: {time zone: UTC, hours: {mon-fri: [\"08:00-16:00\"]}}\n"
	"lead types: {any: {when: \"not won\", hand over: at once}}\n"
	"route: [{otherwise: [Eve], by: round robin}]\n"
	"promises:\n"
	"  feedback: {party: sales, from: handed_off, until: accepted or rejected or disqualified, within: 4 hours,\n"
	"    when broken tell: [owner, {manager: 2 hours later}, {head: 1 working day later}, {executive: 3 calendar days later}]}\n"
	"reasons: {reject: [no need], excuse: [ill]}\n";

static struct arena arena;
static struct book *book;
static int64_t now_ms;

static int64_t instant(const char *utc)
{
	struct zone *zone;
	bool date_only;
	int64_t ms = 0;

	MUST(zone_load(&zone, "UTC", err));
	if (!zone_parse(zone, str_of(utc), &ms, &date_only))
		BUG("%s is no time", utc);
	zone_free(zone);
	return ms;
}

/* ---- what is told ---- */

static void offer(enum object object, const char *key, struct record_fields *fields)
{
	struct append_context context = { .now_ms = now_ms, .actor = "tester" };
	struct record record = { .object = object,
				 .source = STR("crm"),
				 .key = str_of(key),
				 .observed_ms = now_ms,
				 .fields = fields->items,
				 .count = fields->count };
	enum append_result result;

	MUST(book_begin(book, err));
	MUST(book_append(book, &record, &context, &result, err));
	MUST(book_commit(book, err));
}

static void tell_lead(const char *key, const char *handed_off, const char *accepted)
{
	struct record_fields fields = { .count = 0 };

	fields_time(&fields, FIELD_CREATED, instant("2026-03-02T08:00"));
	fields_time(&fields, FIELD_HANDED_OFF, instant(handed_off));
	fields_text(&fields, FIELD_OWNER, STR("Eve"));
	if (accepted)
		fields_time(&fields, FIELD_ACCEPTED, instant(accepted));
	offer(OBJECT_LEAD, key, &fields);
}

static void tell_person(const char *name, const char *manager)
{
	struct record_fields fields = { .count = 0 };

	fields_text(&fields, FIELD_NAME, str_of(name));
	fields_text(&fields, FIELD_MANAGER, str_of(manager));
	offer(OBJECT_PERSON, name, &fields);
}

static void agree(void)
{
	static const char *const who[] = { "Mia", "Sam", "Xenia" };
	struct signing signing = { .book = book, .now_ms = now_ms, .actor = "tester", .by = "tester", .arena = &arena };
	char path[320];
	struct problems problems;
	struct proposed proposed;
	struct agreements read;
	struct signed_as signed_as;
	struct facts *facts;
	struct facts_options options = { .known_at_ms = INT64_MAX, .today = 20500 };
	FILE *file;

	snprintf(path, sizeof(path), "%s/agreement.yaml", help_folder);
	file = fopen(path, "w");
	fputs(text, file);
	fclose(file);
	problems_init(&problems, &arena);
	MUST(facts_load(&facts, book, &options, err));
	MUST(agreements_of_file(&read, path, &problems, &arena, err));
	is_int((int64_t)problems.count, 0, "the agreement is one");
	MUST(agreement_propose(&signing, &read, path, facts, &problems, &proposed, err));
	is_int((int64_t)problems.count, 0, "and can be proposed");
	agreements_release(&read);
	facts_free(facts);
	for (size_t i = 0; i < 3; i++)
		MUST(agreement_sign(&signing, str_of(who[i]), &signed_as, err));
}

/* ---- a process that asks ---- */

struct process {
	struct facts *facts;
	struct lead_desk desk;
	struct clock *clock;
};

static void start(struct process *p)
{
	struct facts_options options = { .known_at_ms = INT64_MAX, .today = 20600 };

	MUST(facts_load(&p->facts, book, &options, err));
	MUST(lead_desk_open(&p->desk, book, p->facts, now_ms, "tester", &arena, err));
	MUST(clock_open(&p->clock, &p->desk, err));
}

static void end(struct process *p)
{
	clock_close(p->clock);
	lead_desk_close(&p->desk);
	facts_free(p->facts);
}

/* "broken 2026-03-02 13:00 L1; told 2026-03-02 13:00 L1 owner Eve": in the order they were written. */
static const char *told(const struct process *p, const struct clock_tick *tick)
{
	static const char *const kinds[] = { "broken", "withdrawn", "told", "qualified", "standing" };
	const char *list = "";

	for (size_t i = 0; i < tick->event_count; i++) {
		const struct clock_event *e = &tick->events[i];

		list = arena_printf(&arena, "%s%s%s %.*s %.*s%s%.*s", list, i ? "; " : "", kinds[e->kind],
				    STR_ARG(lead_desk_when(&p->desk, e->at_ms)), STR_ARG(e->lead),
				    e->kind == CLOCK_TOLD ? " " : "",
				    STR_ARG(e->kind == CLOCK_TOLD ? e->text : STR_NONE));
	}
	return list;
}

static void ticks(struct process *p, const char *at, const char *wanted, const char *name)
{
	struct clock_tick tick = { .event_count = 0 };

	MUST(clock_tick(p->clock, instant(at), &tick, err));
	is_str(told(p, &tick), wanted, "%s", name);
}

/* Starts, asks once, ends. */
static void asks(const char *at, const char *wanted, const char *name)
{
	struct process p;

	now_ms = instant(at);
	start(&p);
	ticks(&p, at, wanted, name);
	end(&p);
}

/* ---- the tests ---- */

static void at_the_instant(void)
{
	struct process p;
	uint64_t before;

	now_ms = instant("2026-03-02T10:00");
	tell_lead("L1", "2026-03-02T09:00", NULL);
	start(&p);
	is_int(clock_next_ms(p.clock), instant("2026-03-02T13:00"), "the next is known");
	before = book_head(book).seq;
	ticks(&p, "2026-03-02T12:59", "", "nothing is due yet");
	ticks(&p, "2026-03-02T13:00", "", "at the very instant it may still be kept");
	is_int((int64_t)book_head(book).seq, (int64_t)before, "and nothing was written");
	ticks(&p, "2026-03-02T13:01", "broken 2026-03-02 13:00 L1; told 2026-03-02 13:00 L1 owner Eve",
	      "a minute later it is broken");
	is_int(clock_next_ms(p.clock), instant("2026-03-02T15:00"), "the next is the next rung");
	ticks(&p, "2026-03-02T14:00", "", "in between nothing");
	end(&p);
}

static void after_downtime(void)
{
	now_ms = instant("2026-03-02T14:00");
	tell_lead("L2", "2026-03-02T10:00", NULL);
	tell_lead("L3", "2026-03-02T11:00", "2026-03-02T12:00");
	asks("2026-03-10T12:00",
	     "broken 2026-03-02 14:00 L2; told 2026-03-02 14:00 L2 owner Eve; told 2026-03-02 15:00 L1 manager Max; "
	     "told 2026-03-02 16:00 L2 manager Max; told 2026-03-03 13:00 L1 head Hal; told 2026-03-03 14:00 L2 head Hal; "
	     "told 2026-03-05 13:00 L1 executive Xenia; told 2026-03-05 14:00 L2 executive Xenia",
	     "after a week: all at their own time, each rung once, what was kept is not there");
	asks("2026-03-10T12:00", "", "asked again: nothing");
	asks("2026-04-10T12:00", "", "a month later: nothing");
}

static void by_late_evidence(void)
{
	struct process p;

	now_ms = instant("2026-04-11T09:00");
	tell_lead("L2", "2026-03-02T10:00", "2026-03-02T13:30");
	asks("2026-04-11T10:00", "withdrawn 2026-04-11 10:00 L2", "what was kept, as is told later, is withdrawn");
	asks("2026-04-11T10:00", "", "once");
	now_ms = instant("2026-04-12T09:00");
	tell_lead("L2", "2026-03-02T10:00", "2026-03-02T14:30");
	asks("2026-04-12T10:00", "broken 2026-04-12 10:00 L2",
	     "and broken again, when that was a slip; nobody is told twice");
	asks("2026-04-12T10:00", "", "once");

	now_ms = instant("2026-04-13T09:00");
	tell_lead("L4", "2026-04-13T08:00", NULL);
	start(&p);
	is_int((int64_t)clock_running(p.clock), 1, "one runs");
	ok(clock_at_risk(p.clock, instant("2026-04-13T10:59"), NULL, 0) == 0, "it is not at risk");
	is_int((int64_t)clock_at_risk(p.clock, instant("2026-04-13T11:01"), NULL, 0), 1,
	       "after three of four hours it is");
	end(&p);
}

/* One after another from a book that was just opened: records asked for one by one, and whether all were read. */
static uint64_t recalled(const char *at, const char *prefix, int leads, bool *loaded)
{
	struct clock_tick tick = { .event_count = 0 };
	struct process p;
	char key[16];

	for (int i = 0; i < leads; i++) {
		snprintf(key, sizeof(key), "%s%d", prefix, i);
		tell_lead(key, "2026-05-04T09:00", NULL);
	}
	book_close(book);
	MUST(book_open(&book, help_path, BOOK_WRITE, err));
	now_ms = instant(at);
	start(&p);
	MUST(clock_tick(p.clock, now_ms, &tick, err));
	is_int((int64_t)tick.counts[CLOCK_BROKEN], leads, "%d broke in one tick", leads);
	end(&p);
	*loaded = book->index_loaded;
	return book->recalled;
}

/* The book is told how many records come, and need not find out by being asked for each. */
static void announced(void)
{
	uint64_t asked;
	bool loaded;

	asks("2026-05-04T08:00",
	     "broken 2026-04-13 12:00 L4; told 2026-04-13 12:00 L4 owner Eve; told 2026-04-13 14:00 L4 manager Max; "
	     "told 2026-04-14 12:00 L4 head Hal; told 2026-04-16 12:00 L4 executive Xenia",
	     "what ran is over");
	now_ms = instant("2026-05-04T09:00");
	asked = recalled("2026-05-04T14:00", "F", 10, &loaded);
	ok(asked == 20 && !loaded, "for ten breaches and who is told the book is asked one by one: %d", (int)asked);
	now_ms = instant("2026-05-05T06:00");
	asked = recalled("2026-05-05T07:00", "M", 200, &loaded);
	ok(asked == 0 && loaded, "for two hundred it reads all at once: %d asked for", (int)asked);
}

int main(void)
{
	arena_init(&arena);
	help_folder_make();
	now_ms = instant("2026-01-02T09:00");
	MUST(book_create(help_path, &(struct book_settings){ "UTC", "EUR", 1, "" }, now_ms, err));
	MUST(book_open(&book, help_path, BOOK_WRITE, err));
	tell_person("Eve", "Max");
	tell_person("Max", "Hal");
	agree();
	at_the_instant();
	after_downtime();
	by_late_evidence();
	announced();
	book_close(book);
	help_sound("at the end");
	help_folder_remove();
	arena_release(&arena);
	return done();
}
