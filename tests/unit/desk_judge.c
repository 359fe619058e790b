/* Judging, in any order, by any number of threads: cases worked out on paper; what must hold always, on made-up companies. */
#include "tap.h"

#include <math.h>
#include <stdlib.h>

#include "base/date.h"
#include "desk/judge.h"
#include "domain/lead_step.h"
#include "facts/facts_builder.h"
#include "facts/measure.h"
#include "sim/random.h"

static struct arena arena;
static struct zone *zone;
static int32_t today; /* of the last judging: questions are asked as of it */

/* ---- agreements ---- */

#define TERMS(within)                                                                                                                    \
	"agreement: Judging\n"                                                                                                           \
	"between: {marketing: {signs: [Mia]}, sales: {signs: [Sam]}, partner: {signs: [Pia]}}\n"                                         \
	"in force: 2026-01-05\n"                                                                                                         \
	"calendar: {time zone: UTC, hours: {mon-fri: [\"08:00-12:00\", \"13:00-17:00\"]}}\n"                                             \
	"lead types:\n"                                                                                                                  \
	"  raiser: {when: \"touched(quote)\", hand over: at once}\n"                                                                     \
	"  known: {when: \"source is set\", hand over: score >= 30}\n"                                                                   \
	"score:\n"                                                                                                                       \
	"  fit: [{points: 20, when: \"industry = dairy\"}]\n"                                                                            \
	"  engagement: [{points: 5, touch: webinar, no more than: 15 points}]\n"                                                         \
	"  answers: {budget: 10, need: 15}\n"                                                                                            \
	"route: [{when: \"region = west\", to: [Wanda]}, {otherwise: [Anna, Ben], by: round robin}, {nobody there: Sam}]\n"              \
	"promises:\n"                                                                                                                    \
	"  first: {party: sales, from: handed_off, until: first_response, within: " within "}\n"                                         \
	"  trying: {party: sales, from: handed_off, attempts: 3, until: reached or rejected or disqualified, within: 2 working days}\n"  \
	"  feedback: {party: sales, from: handed_off, until: accepted or rejected or disqualified or working, within: 3 working days}\n" \
	"  quick: {party: sales, from: created, until: first_response, within: 8 hours, only: \"type = raiser\"}\n"                      \
	"  visit: {party: partner, from: handed_off, until: accepted, within: 1 working day}\n"                                          \
	"  enough: {party: marketing, every: week, count: \"count(handed_off) on handed_off\", at least: 2}\n"                           \
	"waiting states: [asked to wait]\n"                                                                                              \
	"reasons: {reject: [no need], excuse: [ill]}\n"

static const char *const texts[2] = { TERMS("4 hours"), TERMS("2 hours") };

enum { VERSIONS = 2 };
static struct judge_version versions[VERSIONS];

static int64_t instant(const char *local)
{
	int64_t ms = 0;
	bool date_only;

	if (!zone_parse(zone, str_of(local), &ms, &date_only))
		BUG("%s is no time", local);
	return ms;
}

static void read_agreements(void)
{
	for (int i = 0; i < VERSIONS; i++) {
		struct problems problems;
		struct err err = ERR_INIT;
		struct agreement *agreement;

		problems_init(&problems, &arena);
		if (agreement_read(&agreement, str_of(texts[i]), "test", &problems, &arena, &err) || problems.count)
			BUG("%s%.*s", err.text, STR_ARG(problems.count ? problems.items[0].text : STR_NONE));
		versions[i] = (struct judge_version){ .number = i + 1,
						      .agreement = agreement,
						      .calendar = agreement_calendar(agreement, zone, &arena),
						      .zone = zone };
	}
	versions[0].from_ms = instant("2026-01-05T00:00");
	versions[1].from_ms = instant("2026-02-02T00:00");
}

/* ---- what is told ---- */

enum what { LEAD, TOUCH, CONTACT, STEP, WORD };

/* One record. Names as the columns have them; NULL: says nothing. */
struct told {
	enum what what;
	const char *key, *at, *kind, *outcome, *detail, *owner;
	double number;
};

enum { MOST_TOLD = 400 };

struct world {
	const struct told *told;
	const char *lead[MOST_TOLD]; /* whose */
	size_t count;
};

static void set_name(struct facts *facts, enum fact fact, const char *column, uint32_t row, const char *name)
{
	if (name)
		builder_name(facts, builder_column(facts, fact, column), row, str_of(name));
}

static void set_time(struct facts *facts, enum fact fact, const char *column, uint32_t row, const char *at)
{
	if (at)
		builder_time_ms(facts, builder_column(facts, fact, column), row, instant(at));
}

/* Milestones have the first of their steps, as the loader gives them. */
static void set_milestones(struct facts *facts, const struct world *world, const char *lead, uint32_t row)
{
	static const char *const steps[] = { "handed_off", "accepted", "rejected", "recycled", "duplicate" };

	for (size_t m = 0; m < 5; m++) {
		const char *first = NULL;

		for (size_t i = 0; i < world->count; i++) {
			const struct told *told = &world->told[i];

			if (told->what == STEP && !strcmp(world->lead[i], lead) && !strcmp(told->kind, steps[m]) &&
			    (!first || strcmp(told->at, first) < 0))
				first = told->at;
		}
		set_time(facts, FACT_LEADS, m < 4 ? steps[m] : "voided", row, first);
	}
}

static void tell_lead(struct facts *facts, const struct world *world, const struct told *told)
{
	uint32_t row = builder_row(facts, FACT_LEADS, str_of(told->key));

	set_time(facts, FACT_LEADS, "created", row, told->at);
	set_name(facts, FACT_LEADS, "source", row, "fair");
	set_name(facts, FACT_LEADS, "industry", row, told->kind);
	set_name(facts, FACT_LEADS, "region", row, told->outcome);
	set_name(facts, FACT_LEADS, "owner", row, told->owner);
	set_name(facts, FACT_LEADS, "partner", row, told->detail);
	set_milestones(facts, world, told->key, row);
}

static void tell_rest(struct facts *facts, const struct told *told, size_t number, uint32_t lead)
{
	static const enum fact of[] = { [TOUCH] = FACT_TOUCHES,
					[CONTACT] = FACT_ACTIVITIES,
					[STEP] = FACT_LEAD_STEPS,
					[WORD] = FACT_PROMISE_WORDS };
	enum fact fact = of[told->what];
	uint32_t row = builder_row(facts, fact, str_of(arena_printf(&arena, "R%zu", number)));

	builder_ref(facts, builder_column(facts, fact, "lead"), row, lead);
	set_time(facts, fact, "at", row, told->at);
	set_name(facts, fact, told->what == STEP ? "step" : "kind", row, told->kind);
	set_name(facts, fact, "outcome", row, told->outcome);
	if (told->what == CONTACT)
		set_name(facts, fact, "direction", row, told->detail);
	if (told->what == STEP) {
		set_name(facts, fact, "reason", row, told->detail);
		set_name(facts, fact, "question", row, told->detail);
		set_name(facts, fact, "owner", row, told->owner);
		if (told->number > 0)
			builder_number(facts, builder_column(facts, fact, "score"), row, told->number);
	}
	if (told->what == WORD) {
		set_name(facts, fact, "promise", row, told->detail);
		builder_number(facts, builder_column(facts, fact, "episode"), row, told->number);
	}
}

/* The facts of the records in that order. */
static struct facts *facts_of(const struct world *world, const size_t *order)
{
	struct book_settings settings = { .zone = "UTC", .currency = "EUR", .fiscal_start_month = 1 };
	const char *keys[MOST_TOLD];
	struct err err = ERR_INIT;
	struct facts *facts;
	uint32_t leads = 0;

	if (facts_builder_new(&facts, &settings, &err))
		BUG("%s", err.text);
	for (size_t i = 0; i < world->count; i++)
		if (world->told[order[i]].what == LEAD) {
			tell_lead(facts, world, &world->told[order[i]]);
			keys[leads++] = world->told[order[i]].key;
		}
	for (size_t i = 0; i < world->count; i++) {
		uint32_t lead = 0;

		if (world->told[order[i]].what == LEAD)
			continue;
		while (lead < leads && strcmp(keys[lead], world->lead[order[i]]) != 0)
			lead++;
		tell_rest(facts, &world->told[order[i]], order[i], lead);
	}
	facts_finish(facts, DATE_NONE);
	return facts;
}

static size_t *as_told(size_t count)
{
	size_t *order = ARENA_ARRAY(&arena, size_t, count + 1);

	for (size_t i = 0; i < count; i++)
		order[i] = i;
	return order;
}

static void judge_facts(struct facts *facts, const char *now, unsigned threads)
{
	struct judge_options options = { .now_ms = instant(now), .threads = threads };
	struct judge_terms terms = { versions, VERSIONS };
	struct err err = ERR_INIT;
	struct judge *judge;

	today = zone_date(zone, options.now_ms);
	if (judge_open(&judge, facts, &terms, &options, &err) || judge_all(judge, &err))
		BUG("%s", err.text);
	judge_close(judge);
}

/* ---- what comes of it, as lines ---- */

static int by_line(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static struct listing listed(const struct facts *facts, const char *of, const char *where, const char *columns)
{
	struct question question = { .of = of, .where = where, .as_of = today, .scope = SCOPE_EVERYTHING };
	struct err err = ERR_INIT;
	struct listing listing;

	if (measure_list(facts, &question, columns, NULL, 100000, &arena, &listing, &err))
		BUG("%s", err.text);
	return listing;
}

/* All there is, each row a line, in their order. */
static const char *lines(const struct facts *facts, const char *of, const char *columns)
{
	struct listing listing = listed(facts, of, strcmp(of, "leads") ? NULL : "voided or not voided", columns);
	char **all = ARENA_ARRAY(&arena, char *, listing.count + 1);
	const char *text = "";

	for (size_t r = 0; r < listing.count; r++) {
		all[r] = "";
		for (size_t c = 0; c < listing.columns; c++)
			all[r] = arena_printf(&arena, "%s|%.*s", all[r], STR_ARG(listing.cells[r][c]));
	}
	if (listing.count)
		qsort(all, listing.count, sizeof(*all), by_line);
	for (size_t r = 0; r < listing.count; r++)
		text = arena_printf(&arena, "%s%s\n", text, all[r]);
	return text;
}

static const char promise_columns[] =
	"key, promise, party, kind, lead, episode, version, owner, source, type, started, due, at_risk_at, "
	"stopped, state, met, broken, fell_due, recorded_late, attempts, counted, at_least";

static const char *judged_text(const struct facts *facts)
{
	return arena_printf(&arena, "%s%s", lines(facts, "promises", promise_columns),
			    lines(facts, "leads", "key, agreed_type, points, passed, would_get"));
}

static int64_t counted(const struct facts *facts, const char *where)
{
	struct question question = {
		.measure = "count()", .of = "promises", .where = where, .as_of = today, .scope = SCOPE_EVERYTHING
	};
	struct err err = ERR_INIT;
	struct answer answer;

	if (measure_ask(facts, &question, &arena, &answer, &err))
		BUG("%s", err.text);
	return (int64_t)answer.rows[0].value;
}

/* ---- on paper ---- */

#define NOW "2026-03-02T09:00"

static void is_promise(const struct facts *facts, const char *lead, const char *promise, int episode,
		       const char *wanted)
{
	const char *where =
		arena_printf(&arena, "key = \"%s\" and promise = %s and episode = %d", lead, promise, episode);
	struct listing listing = listed(facts, "promises", where, "state, due, stopped, version");
	const char *got = "none";

	if (listing.count == 1)
		got = arena_printf(&arena, "%.*s due %.*s stopped %.*s v%.*s", STR_ARG(listing.cells[0][0]),
				   STR_ARG(listing.cells[0][1]), STR_ARG(listing.cells[0][2]),
				   STR_ARG(listing.cells[0][3]));
	else if (listing.count)
		got = "several";
	is_str(got, wanted, "%s: %s of episode %d", lead, promise, episode);
}

/* 2026-02-02 is a Monday. */
static const struct told paper[] = {
	/* L0: answered in time, accepted. */
	{ LEAD, "L0", "2026-02-02T07:00", "dairy", NULL, NULL, "Ben", 0 },
	{ STEP, NULL, "2026-02-02T09:00", "handed_off", NULL, NULL, "Ben", 42 },
	{ CONTACT, NULL, "2026-02-02T10:00", "call", "no_answer", "out", NULL, 0 },
	{ CONTACT, NULL, "2026-02-02T10:30", "mail", NULL, "in", NULL, 0 },
	{ CONTACT, NULL, "2026-02-03T10:00", "call", "reached", "out", NULL, 0 },
	{ STEP, NULL, "2026-02-05T09:00", "accepted", NULL, NULL, NULL, 0 },
	/* L1: rejected and recycled, handed over once more, in vain. */
	{ LEAD, "L1", "2026-01-30T10:00", NULL, "west", NULL, "Anna", 0 },
	{ STEP, NULL, "2026-01-30T16:00", "handed_off", NULL, NULL, "Anna", 0 },
	{ STEP, NULL, "2026-02-03T16:00", "rejected", NULL, "no need", NULL, 0 },
	{ STEP, NULL, "2026-02-03T16:00", "recycled", NULL, NULL, NULL, 0 },
	{ STEP, NULL, "2026-02-10T08:00", "handed_off", NULL, NULL, "Ben", 0 },
	/* L2: waits, is excused, is disputed; the breach that was recorded of `trying` was none. */
	{ LEAD, "L2", "2026-02-09T08:00", NULL, NULL, NULL, "Ben", 0 },
	{ STEP, NULL, "2026-02-09T08:00", "handed_off", NULL, NULL, "Ben", 0 },
	{ STEP, NULL, "2026-02-09T09:00", "waiting", NULL, "asked to wait", NULL, 0 },
	{ STEP, NULL, "2026-02-09T11:00", "resumed", NULL, NULL, NULL, 0 },
	{ STEP, NULL, "2026-02-09T12:00", "waiting", NULL, "on holiday", NULL, 0 },
	{ CONTACT, NULL, "2026-02-09T13:30", "call", NULL, "out", NULL, 0 },
	{ CONTACT, NULL, "2026-02-10T08:00", "call", NULL, "out", NULL, 0 },
	{ CONTACT, NULL, "2026-02-10T09:00", "call", NULL, "out", NULL, 0 },
	{ WORD, NULL, "2026-02-09T13:00", "excused", NULL, "first", NULL, 1 },
	{ WORD, NULL, "2026-02-12T10:00", "disputed", NULL, "feedback", NULL, 1 },
	{ WORD, NULL, "2026-02-11T10:00", "broken", NULL, "trying", NULL, 1 },
	{ WORD, NULL, "2026-02-12T10:00", "excused", NULL, "trying", NULL, 2 },
	/* L3: a duplicate. */
	{ LEAD, "L3", "2026-02-09T08:00", NULL, NULL, NULL, NULL, 0 },
	{ STEP, NULL, "2026-02-09T08:00", "handed_off", NULL, NULL, "Anna", 0 },
	{ STEP, NULL, "2026-02-20T08:00", "duplicate", NULL, NULL, NULL, 0 },
	/* L4: a hand-raiser nobody handed over; before any agreement: L5. */
	{ LEAD, "L4", "2026-02-27T16:00", NULL, "west", NULL, NULL, 0 },
	{ TOUCH, NULL, "2026-02-27T16:00", "quote", NULL, NULL, NULL, 0 },
	{ LEAD, "L5", "2025-12-01T08:00", NULL, NULL, NULL, NULL, 0 },
	{ STEP, NULL, "2026-02-09T08:00", "handed_off", NULL, NULL, "Anna", 0 },
	/* LD: handed over too before any agreement, and once more after; LE: passes by what it does then, LF does nothing. */
	{ LEAD, "LD", "2025-12-01T08:00", NULL, NULL, NULL, "Anna", 0 },
	{ STEP, NULL, "2026-01-02T09:00", "handed_off", NULL, NULL, "Anna", 0 },
	{ STEP, NULL, "2026-01-06T08:00", "handed_off", NULL, NULL, "Anna", 0 },
	{ LEAD, "LE", "2025-12-01T08:00", NULL, NULL, NULL, "Anna", 0 },
	{ TOUCH, NULL, "2025-12-02T08:00", "quote", NULL, NULL, NULL, 0 },
	{ TOUCH, NULL, "2026-01-07T08:00", "webinar", NULL, NULL, NULL, 0 },
	{ LEAD, "LF", "2025-12-01T08:00", NULL, NULL, NULL, "Anna", 0 },
	{ TOUCH, NULL, "2025-12-02T08:00", "quote", NULL, NULL, NULL, 0 },
	/* L6: nurture's answers bring it over the bar. */
	{ LEAD, "L6", "2026-02-16T08:00", "dairy", NULL, NULL, NULL, 0 },
	{ TOUCH, NULL, "2026-02-17T08:00", "webinar", NULL, NULL, NULL, 0 },
	{ STEP, NULL, "2026-02-18T08:00", "answered", "no", "budget", NULL, 0 },
	{ STEP, NULL, "2026-02-19T08:00", "answered", "yes", "need", NULL, 0 },
	/* L7: a dispute that was settled against who was late, and one that was upheld; handed over twice without being given back. */
	{ LEAD, "L7", "2026-02-16T08:00", NULL, NULL, NULL, "Ben", 0 },
	{ STEP, NULL, "2026-02-16T08:00", "handed_off", NULL, NULL, "Anna", 0 },
	{ STEP, NULL, "2026-02-18T08:00", "handed_off", NULL, NULL, "Ben", 0 },
	{ WORD, NULL, "2026-02-17T08:00", "disputed", NULL, "first", NULL, 1 },
	{ WORD, NULL, "2026-02-17T08:00", "settled", "dropped", "first", NULL, 1 },
	{ WORD, NULL, "2026-02-17T08:00", "settled", "upheld", "trying", NULL, 1 },
	/* L8: a hand-raiser that was rejected passes again when it does something. L9, LA: a partner's, and one the partner was passed over for. */
	{ LEAD, "L8", "2026-02-16T08:00", NULL, NULL, NULL, "Ben", 0 },
	{ TOUCH, NULL, "2026-02-16T08:00", "quote", NULL, NULL, NULL, 0 },
	{ STEP, NULL, "2026-02-16T08:00", "rejected", NULL, "no need", NULL, 0 },
	{ LEAD, "L9", "2026-02-16T08:00", NULL, NULL, "Pat", NULL, 0 },
	{ STEP, NULL, "2026-02-16T08:00", "handed_off", NULL, NULL, "Pat", 0 },
	{ LEAD, "LA", "2026-02-16T08:00", NULL, NULL, "Pat", NULL, 0 },
	{ STEP, NULL, "2026-02-16T08:00", "handed_off", NULL, NULL, "Anna", 0 },
	/* LB: excused before its clock started: that was another episode's. LC: waits until it is handed over. */
	{ LEAD, "LB", "2026-02-16T08:00", NULL, NULL, NULL, "Ben", 0 },
	{ WORD, NULL, "2026-02-16T08:00", "excused", NULL, "first", NULL, 1 },
	{ STEP, NULL, "2026-02-16T09:00", "handed_off", NULL, NULL, "Ben", 0 },
	{ LEAD, "LC", "2026-02-16T08:00", NULL, NULL, NULL, "Ben", 0 },
	{ STEP, NULL, "2026-02-16T08:00", "waiting", NULL, "asked to wait", NULL, 0 },
	{ STEP, NULL, "2026-02-16T09:00", "handed_off", NULL, NULL, "Ben", 0 },
};

static struct world paper_world(void)
{
	struct world world = { paper, { NULL }, sizeof(paper) / sizeof(*paper) };
	const char *lead = NULL;

	for (size_t i = 0; i < world.count; i++) {
		lead = paper[i].what == LEAD ? paper[i].key : lead;
		world.lead[i] = lead;
	}
	return world;
}

static void test_promises(const struct facts *facts)
{
	is_promise(facts, "L0", "first", 1, "met due 2026-02-02T11:00 stopped 2026-02-02T10:00 v2");
	is_promise(facts, "L0", "trying", 1, "met due 2026-02-04T09:00 stopped 2026-02-03T10:00 v2");
	is_promise(facts, "L0", "feedback", 1, "met due 2026-02-05T09:00 stopped 2026-02-05T09:00 v2");
	is_promise(facts, "L0", "quick", 1, "none");
	is_promise(facts, "L1", "first", 1, "broken due 2026-02-02T11:00 stopped  v1");
	is_promise(facts, "L1", "trying", 1, "met due 2026-02-03T16:00 stopped 2026-02-03T16:00 v1");
	is_promise(facts, "L1", "feedback", 1, "met due 2026-02-04T16:00 stopped 2026-02-03T16:00 v1");
	is_promise(facts, "L1", "first", 2, "broken due 2026-02-10T10:00 stopped  v2");
	is_promise(facts, "L1", "feedback", 2, "broken due 2026-02-13T08:00 stopped  v2");
	is_promise(facts, "L2", "first", 1, "excused due 2026-02-09T12:00 stopped 2026-02-09T13:30 v2");
	is_promise(facts, "L2", "trying", 1, "met due 2026-02-11T10:00 stopped 2026-02-10T09:00 v2");
	is_promise(facts, "L2", "feedback", 1, "disputed due 2026-02-12T10:00 stopped  v2");
	is_promise(facts, "L3", "first", 1, "void due 2026-02-09T10:00 stopped  v2");
	is_promise(facts, "L4", "quick", 1, "running due 2026-03-02T16:00 stopped  v2");
	is_promise(facts, "L5", "first", 1, "broken due 2026-02-09T12:00 stopped  v1");
	is_promise(facts, "L5", "quick", 1, "none");
	is_promise(facts, "LD", "first", 1, "none");
	is_promise(facts, "LD", "feedback", 2, "broken due 2026-01-09T08:00 stopped  v1");
	is_promise(facts, "L7", "first", 1, "broken due 2026-02-16T10:00 stopped  v2");
	is_promise(facts, "L7", "trying", 1, "excused due 2026-02-18T08:00 stopped  v2");
	is_promise(facts, "L7", "first", 2, "broken due 2026-02-18T10:00 stopped  v2");
	is_promise(facts, "L9", "visit", 1, "broken due 2026-02-17T08:00 stopped  v2");
	is_promise(facts, "L9", "first", 1, "none");
	is_promise(facts, "LA", "visit", 1, "none");
	is_promise(facts, "LA", "first", 1, "broken due 2026-02-16T10:00 stopped  v2");
	is_promise(facts, "L0", "visit", 1, "none");
	is_promise(facts, "LB", "first", 1, "broken due 2026-02-16T11:00 stopped  v2");
	is_promise(facts, "LC", "first", 1, "broken due 2026-02-16T11:00 stopped  v2");
	is_int(counted(facts, "recorded_late"), 1, "one was recorded as broken and had been kept");
	is_int(counted(facts, "key = L2 and promise = trying and recorded_late"), 1, "that one");
}

static void test_leads(const struct facts *facts)
{
	is_str(lines(facts, "leads", "key, owes"),
	       "|L0|\n|L1|sales\n|L2|sales\n|L3|\n|L4|sales\n|L5|sales\n|L6|\n|L7|sales\n|L8|\n|L9|partner\n|LA|sales\n|LB|sales\n|LC|sales\n|LD|sales\n|LE|\n|LF|\n",
	       "whose promise is due first of those not done: a partner's where the lead was given to it");
	is_str(lines(facts, "leads", "key, agreed_type, points, passed, would_get"),
	       "|L0|known|42||\n|L1|known|0||\n|L2|known|0||\n|L3|known|0||\n"
	       "|L4|raiser|0|2026-02-27T16:00|Wanda\n|L5|known|0||\n|L6|known|40|2026-02-19T08:00|Ben\n|L7|known|0||\n"
	       "|L8|raiser|0|2026-02-16T08:00|Anna\n|L9|known|0||\n|LA|known|0||\n|LB|known|0||\n|LC|known|0||\n"
	       "|LD||||\n|LE|raiser|5|2026-01-07T08:00|Anna\n|LF|raiser|0||\n",
	       "type, points at hand-over or at the bar, when it passed and who would have got it");
}

static void test_volume(const struct facts *facts)
{
	struct listing listing = listed(facts, "promises", "kind = volume", "started, counted, state, version");
	static const char *const wanted[] = { "2026-01-05 0 broken v1", "2026-01-12 0 broken v1",
					      "2026-01-19 0 broken v1", "2026-01-26 1 broken v1",
					      "2026-02-02 1 broken v2", "2026-02-09 2 met v2",
					      "2026-02-16 5 met v2",    "2026-02-23 0 broken v2",
					      "2026-03-02 0 running v2" };

	is_int((int64_t)listing.count, 9, "a row for each week since the first agreement");
	for (size_t i = 0; i < listing.count && i < 9; i++)
		is_str(arena_printf(&arena, "%.*s %.*s %.*s v%.*s", STR_ARG(listing.cells[i][0]),
				    STR_ARG(listing.cells[i][1]), STR_ARG(listing.cells[i][2]),
				    STR_ARG(listing.cells[i][3])),
		       wanted[i], "week %zu", i);
}

/* A period is under the version that was in force when it began, and under none before the first. */
static void test_in_force_at_noon(struct facts *facts)
{
	static const char *const wanted[] = { "2026-01-12 v1", "2026-01-19 v1", "2026-01-26 v1", "2026-02-02 v1",
					      "2026-02-09 v2" };
	int64_t first_ms = versions[0].from_ms, second_ms = versions[1].from_ms;
	struct listing listing;

	versions[0].from_ms = instant("2026-01-05T12:00");
	versions[1].from_ms = instant("2026-02-02T12:00");
	judge_facts(facts, "2026-02-10T09:00", 1);
	listing = listed(facts, "promises", "kind = volume", "started, version");
	is_int((int64_t)listing.count, 5, "a row for each week that began under an agreement");
	for (size_t i = 0; i < listing.count && i < 5; i++)
		is_str(arena_printf(&arena, "%.*s v%.*s", STR_ARG(listing.cells[i][0]), STR_ARG(listing.cells[i][1])),
		       wanted[i], "signed at noon: week %zu", i);
	versions[0].from_ms = first_ms;
	versions[1].from_ms = second_ms;
}

/* ---- what must hold always ---- */

static void test_sums(const struct facts *facts, const char *name)
{
	static const char *const states[] = { "met",     "broken",  "running",  "at risk",
					      "waiting", "excused", "disputed", "void" };
	int64_t sum = 0;

	for (size_t i = 0; i < sizeof(states) / sizeof(*states); i++)
		sum += counted(facts, arena_printf(&arena, "state = \"%s\"", states[i]));
	is_int(sum, counted(facts, NULL), "%s: the states sum to what was opened", name);
	is_int(counted(facts, "met and broken"), 0, "%s: none is both met and broken", name);
	is_int(counted(facts, "state = met and not met") + counted(facts, "met and state != met") +
		       counted(facts, "state = broken and not broken") + counted(facts, "broken and state != broken"),
	       0, "%s: flags and states say the same", name);
	is_int(counted(facts, "fell_due and not met and not broken or met and stopped > due"), 0,
	       "%s: what fell due was met, in time, or broken", name);
}

static void shuffle(size_t *order, size_t count, struct random *random)
{
	for (size_t i = count; i > 1; i--) {
		size_t other = random_below(random, (uint32_t)i), item = order[i - 1];

		order[i - 1] = order[other];
		order[other] = item;
	}
}

/* The same in another order, by other numbers of threads. */
static const char *judged_in_order(const struct world *world, const size_t *order, const char *now, unsigned threads)
{
	struct facts *facts = facts_of(world, order);
	const char *text;

	judge_facts(facts, now, threads);
	text = judged_text(facts);
	facts_free(facts);
	return text;
}

static void test_order(const struct world *world, const char *now, struct random *random, const char *name)
{
	const char *first = judged_in_order(world, as_told(world->count), now, 1);
	size_t *order = as_told(world->count);
	bool same = true;

	for (unsigned i = 1; i <= 3 && same; i++) {
		shuffle(order, world->count, random);
		same = strcmp(first, judged_in_order(world, order, now, i)) == 0;
	}
	ok(same, "%s: neither the order of arrival nor threads change anything", name);
}

/* One lead by itself says what all together say. */
static void test_one_by_one(struct facts *facts, const char *now)
{
	struct judge_options options = { .now_ms = instant(now), .threads = 1 };
	struct judge_terms terms = { versions, VERSIONS };
	size_t promises = 0, wrong = 0;
	struct err err = ERR_INIT;
	struct judge *judge;

	if (judge_open(&judge, facts, &terms, &options, &err))
		BUG("%s", err.text);
	for (uint32_t row = 0; row < facts_rows(facts, FACT_LEADS); row++) {
		struct judged_lead lead;
		struct lead_file file;

		judge_lead(judge, row, options.now_ms, &lead, &arena);
		lead_file_read(judge_files(judge), row, &file, &arena);
		wrong += file.life.episode != lead.count ||
			 cells_number(cells_of(facts, FACT_LEADS, "current_episode"), row) != (double)lead.count;
		for (size_t e = 0; e < lead.count; e++) {
			const struct judged_episode *episode = &lead.episodes[e];

			promises += episode->promise_count;
			for (size_t p = 0; p < episode->promise_count; p++)
				wrong += episode->version->from_ms > episode->promises[p].judged.start_ms;
			wrong += episode->number != e + 1 ||
				 (e + 1 < lead.count && episode->end_ms != lead.episodes[e + 1].begin_ms);
			wrong += e && episode->passed_ms != EVENT_NEVER && episode->passed_ms <= episode->begin_ms;
		}
	}
	is_int((int64_t)promises, counted(facts, "lead is set"), "leads one by one: as many promises as all together");
	is_int((int64_t)wrong, 0,
	       "none began before its version, the desk counts the same episodes, none passes by what it had before");
	judge_close(judge);
}

/* ---- made up ---- */

enum { MADE_LEADS = 12, MADE_WORLDS = 40 };

static const char *some_time(struct random *random)
{
	/* Few different times, so that many things happen in the same second. */
	return arena_printf(&arena, "2026-%02u-%02uT%02u:00", 1 + random_below(random, 2), 1 + random_below(random, 28),
			    7 + random_below(random, 11));
}

static struct told some_step(struct random *random)
{
	struct told told = { .what = STEP, .at = some_time(random) };
	enum lead_step step = (enum lead_step)random_below(random, LEAD_STEP__COUNT);

	told.kind = lead_step_name(random_chance(random, PERCENT(40)) ? LEAD_STEP_HANDED_OFF : step);
	told.detail = "need";
	told.outcome = random_chance(random, PERCENT(50)) ? "yes" : "no";
	return told;
}

static struct told some_word(struct random *random)
{
	static const char *const kinds[] = { "broken", "withdrawn", "excused", "disputed", "settled", "told" };
	static const char *const promises[] = { "first", "trying", "feedback", "quick" };
	struct told told = { .what = WORD, .at = some_time(random) };

	told.kind = kinds[random_below(random, 6)];
	told.detail = promises[random_below(random, 4)];
	told.outcome = random_chance(random, PERCENT(50)) ? "upheld" : "dropped";
	told.number = 1 + random_below(random, 2);
	return told;
}

static struct told something(struct random *random)
{
	static const char *const touches[] = { "quote", "webinar", "webinar", "mail" };
	struct told told = { .what = TOUCH, .at = some_time(random), .kind = touches[random_below(random, 4)] };
	uint32_t drawn = random_below(random, 10);

	if (drawn < 4)
		return some_step(random);
	if (drawn < 5)
		return some_word(random);
	if (drawn < 8) {
		told.what = CONTACT;
		told.detail = random_chance(random, PERCENT(70)) ? "out" : "in";
		told.outcome = random_chance(random, PERCENT(30)) ? "reached" : "no_answer";
	}
	return told;
}

static struct world made_up(struct random *random)
{
	struct told *told = ARENA_ARRAY(&arena, struct told, MOST_TOLD);
	struct world world = { told, { NULL }, 0 };

	for (unsigned lead = 0; lead < MADE_LEADS; lead++) {
		const char *key = arena_printf(&arena, "L%02u", lead);
		uint32_t more = random_below(random, 20);

		told[world.count] = (struct told){ .what = LEAD,
						   .key = key,
						   .at = random_chance(random, PERCENT(90)) ? some_time(random) : NULL,
						   .kind = random_chance(random, PERCENT(50)) ? "dairy" : NULL,
						   .outcome = random_chance(random, PERCENT(30)) ? "west" : NULL,
						   .owner = random_chance(random, PERCENT(50)) ? "Anna" : "Ben" };
		world.lead[world.count++] = key;
		for (uint32_t i = 0; i < more; i++) {
			told[world.count] = something(random);
			world.lead[world.count++] = key;
		}
	}
	return world;
}

static void test_made_up(void)
{
	struct random random;
	int64_t promises = 0;

	random_init(&random, 7, 1, 0);
	for (int i = 0; i < MADE_WORLDS; i++) {
		struct world world = made_up(&random);
		const char *now = random_chance(&random, PERCENT(50)) ? "2026-02-16T12:00" : "2026-04-01T12:00";
		const char *name = arena_printf(&arena, "company %d", i);
		struct facts *facts = facts_of(&world, as_told(world.count));

		judge_facts(facts, now, 2);
		promises += counted(facts, NULL);
		test_sums(facts, name);
		test_one_by_one(facts, now);
		facts_free(facts);
		test_order(&world, now, &random, name);
	}
	ok(promises > 1000, "%lld promises in %d companies", (long long)promises, MADE_WORLDS);
}

/* Judged again, for another day and for the first: nothing is left of the judging before. */
static void test_again(struct facts *facts)
{
	const char *before = judged_text(facts);

	judge_facts(facts, "2026-02-10T09:00", 1);
	ok(strcmp(before, judged_text(facts)) != 0, "as of another instant other things are so");
	is_int(counted(facts, "key = L2 and promise = feedback and state = running"), 1, "what was not yet due runs");
	judge_facts(facts, NOW, 2);
	is_str(judged_text(facts), before, "judged again it is as it was");
}

int main(void)
{
	struct world world = paper_world();
	struct err err = ERR_INIT;
	struct facts *facts;
	struct random random;

	arena_init(&arena);
	random_init(&random, 3, 1, 0);
	if (zone_load(&zone, "UTC", &err))
		BUG("%s", err.text);
	read_agreements();
	facts = facts_of(&world, as_told(world.count));
	judge_facts(facts, NOW, 0);
	test_promises(facts);
	test_leads(facts);
	test_volume(facts);
	test_sums(facts, "on paper");
	test_one_by_one(facts, NOW);
	test_in_force_at_noon(facts);
	judge_facts(facts, NOW, 0);
	test_again(facts);
	test_order(&world, NOW, &random, "on paper");
	test_made_up();
	facts_free(facts);
	zone_free(zone);
	arena_release(&arena);
	return done();
}
