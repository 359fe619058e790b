/* Steps of leads, and words about promises: what leads take from their steps, whatever order these came in. */
#include "told_help.h"

static void people(void)
{
	ADD(OBJECT_PERSON, "u1", { FIELD_NAME, "Anna" }, { FIELD_TEAM, "north" });
	ADD(OBJECT_PERSON, "u2", { FIELD_NAME, "Boris" }, { FIELD_TEAM, "south" });
}

static void leads(void)
{
	ADD(OBJECT_LEAD, "l1", { FIELD_CREATED, "2017-01-01" }, { FIELD_SOURCE, "web" });
	/* Its own record says when it was accepted, later than its step; and who had it at first. */
	ADD(OBJECT_LEAD, "l2", { FIELD_CREATED, "2017-01-02" }, { FIELD_ACCEPTED, "2017-02-01" },
	    { FIELD_QUALIFIED, "2017-01-03" }, { FIELD_OWNER, "Queue" });
	ADD(OBJECT_LEAD, "l3", { FIELD_CREATED, "2017-01-03" }, { FIELD_OWNER, "Queue" });
	ADD(OBJECT_LEAD, "l4", { FIELD_CREATED, "2017-01-04" });
	/* Each has a reason of its own record: one was lost, the other only rejected. */
	ADD(OBJECT_LEAD, "l5", { FIELD_CREATED, "2017-01-05" }, { FIELD_LOST, "2017-01-30" },
	    { FIELD_REASON, "price" });
	ADD(OBJECT_LEAD, "l6", { FIELD_CREATED, "2017-01-06" }, { FIELD_REJECTED, "2017-01-07" },
	    { FIELD_REASON, "too early" });
	ADD(OBJECT_SPEND, "x1", { FIELD_DAY, "2017-03-20" }, { FIELD_AMOUNT, "1" });
}

static void steps_of_first(void)
{
	ADD(OBJECT_LEAD_STEP, "s1", { FIELD_LEAD, "@l1" }, { FIELD_KIND, "handed_off" }, { FIELD_AT, "2017-01-10" },
	    { FIELD_OWNER, "u2" }, { FIELD_BY, "Nina" }, { FIELD_SCORE, "70" }, { FIELD_EPISODE, "1" },
	    { FIELD_AGREEMENT, "2" });
	ADD(OBJECT_LEAD_STEP, "s2", { FIELD_LEAD, "@l1" }, { FIELD_KIND, "rejected" }, { FIELD_AT, "2017-01-12" },
	    { FIELD_REASON, "no need" });
	ADD(OBJECT_LEAD_STEP, "s3", { FIELD_LEAD, "@l1" }, { FIELD_KIND, "recycled" }, { FIELD_AT, "2017-01-12" });
	ADD(OBJECT_LEAD_STEP, "s4", { FIELD_LEAD, "@l1" }, { FIELD_KIND, "handed_off" }, { FIELD_AT, "2017-02-10" },
	    { FIELD_OWNER, "u1" }, { FIELD_EPISODE, "2" });
	ADD(OBJECT_LEAD_STEP, "s5", { FIELD_LEAD, "@l1" }, { FIELD_KIND, "answered" }, { FIELD_AT, "2017-01-08" },
	    { FIELD_QUESTION, "budget" }, { FIELD_OUTCOME, "yes" });
	ADD(OBJECT_PROMISE_WORD, "w1", { FIELD_LEAD, "@l1" }, { FIELD_PROMISE, "first contact" },
	    { FIELD_KIND, "broken" }, { FIELD_AT, "2017-01-11" }, { FIELD_OWNER, "u2" }, { FIELD_EPISODE, "1" });
}

static void steps_of_others(void)
{
	ADD(OBJECT_LEAD_STEP, "s6", { FIELD_LEAD, "@l2" }, { FIELD_KIND, "accepted" }, { FIELD_AT, "2017-01-20" });
	ADD(OBJECT_LEAD_STEP, "s7", { FIELD_LEAD, "@l2" }, { FIELD_KIND, "assigned" }, { FIELD_AT, "2017-01-19" },
	    { FIELD_OWNER, "Anna" });
	ADD(OBJECT_LEAD_STEP, "s8", { FIELD_LEAD, "@l3" }, { FIELD_KIND, "assigned" }, { FIELD_AT, "2017-01-19" },
	    { FIELD_OWNER, "Anna" });
	/* Taken back; of nobody; undated; a word of another company's. */
	ADD(OBJECT_LEAD_STEP, "s9", { FIELD_LEAD, "@l4" }, { FIELD_KIND, "accepted" }, { FIELD_AT, "2017-01-21" });
	ADD(OBJECT_LEAD_STEP, "s10", { FIELD_LEAD, "@nobody" }, { FIELD_KIND, "accepted" }, { FIELD_AT, "2017-01-21" });
	ADD(OBJECT_LEAD_STEP, "s11", { FIELD_LEAD, "@l4" }, { FIELD_KIND, "disqualified" });
	ADD(OBJECT_LEAD_STEP, "s12", { FIELD_LEAD, "@l4" }, { FIELD_KIND, "won" }, { FIELD_AT, "2017-01-21" });
	ADD(OBJECT_LEAD_STEP, "s13", { FIELD_LEAD, "@l5" }, { FIELD_KIND, "rejected" }, { FIELD_AT, "2017-01-20" },
	    { FIELD_REASON, "no need" });
	ADD(OBJECT_LEAD_STEP, "s14", { FIELD_LEAD, "@l6" }, { FIELD_KIND, "rejected" }, { FIELD_AT, "2017-02-01" },
	    { FIELD_REASON, "too small" });
	ADD(OBJECT_LEAD_STEP, "s15", { FIELD_LEAD, "@l6" }, { FIELD_KIND, "rejected" }, { FIELD_AT, "2017-01-08" },
	    { FIELD_REASON, "weather" });
	ADD(OBJECT_LEAD_STEP, "s16", { FIELD_LEAD, "@l6" }, { FIELD_KIND, "rejected" }, { FIELD_AT, "2017-02-05" },
	    { FIELD_REASON, "snow" });
}

/* Later words: the CRM tells l2 anew, with the owner it always told, and of l3 another; a step is taken back. */
static void later(void)
{
	observed_ms += 10 * INT64_C(86400000);
	ADD(OBJECT_LEAD, "l2", { FIELD_CREATED, "2017-01-02" }, { FIELD_ACCEPTED, "2017-02-01" },
	    { FIELD_QUALIFIED, "2017-01-03" }, { FIELD_OWNER, "Queue" }, { FIELD_SCORE, "5" });
	ADD(OBJECT_LEAD, "l3", { FIELD_CREATED, "2017-01-03" }, { FIELD_OWNER, "u2" });
	ADD(OBJECT_LEAD_STEP, "s9", { FIELD_LEAD, "@l4" }, { FIELD_KIND, "taken back" }, { FIELD_AT, "2017-01-21" });
	ADD(OBJECT_LEAD_STEP, "s16", { FIELD_LEAD, "@l6" }, { FIELD_KIND, "taken back" }, { FIELD_AT, "2017-02-05" },
	    { FIELD_REASON, "a slip" });
	observed_ms -= 10 * INT64_C(86400000);
}

static void write_book(const char *path, void (*const days[])(void), size_t count)
{
	struct book_settings settings = { .zone = "UTC", .currency = "EUR", .fiscal_start_month = 1 };
	struct err err = ERR_INIT;

	if (book_create(path, &settings, 1488326400000, &err) || book_open(&book, path, BOOK_WRITE, &err))
		BUG("%s", err.text);
	observed_ms = 1488326400000; /* 2017-03-01 */
	if (book_begin(book, &err))
		BUG("%s", err.text);
	for (size_t i = 0; i < count; i++)
		days[i]();
	if (book_commit(book, &err))
		BUG("%s", err.text);
}

static struct facts *load(unsigned threads, uint64_t stretch)
{
	const struct facts_options options = {
		.known_at_ms = INT64_MAX, .today = DATE_NONE, .from_book = true, .threads = threads, .stretch = stretch
	};
	struct facts *facts;
	struct err err = ERR_INIT;

	if (facts_load(&facts, book, &options, &err))
		BUG("%s", err.text);
	return facts;
}

static void steps(const struct facts *facts)
{
	asks(facts, "lead_steps", "count()", "step", NULL,
	     "rejected=4; accepted=2; assigned=2; handed_off=2; taken back=2; answered=1; disqualified=1; recycled=1; won=1");
	asks(facts, "lead_steps", "count()", "owner", NULL, "Anna=3; Boris=1; =12");
	asks(facts, "lead_steps", "count(step = rejected)", "reason, lead.source", NULL,
	     "no need=web=1; no need==1; too small==1; weather==1; a slip==0; =web=0; ==0");
	asks(facts, "lead_steps", "sum(score)", "by, episode, agreement", NULL, "Nina=1=2=70; =2==–; ===–");
	asks(facts, "lead_steps", "count(question = budget and outcome = yes)", NULL, NULL, "1");
	asks(facts, "lead_steps", "count(at is unknown)", NULL, NULL, "1");
	asks(facts, "promise_words", "count()", "promise, kind, owner, month(at)", NULL,
	     "first contact=broken=Boris=2017-01=1");
	is_int(facts_unresolved(facts, FACT_LEAD_STEPS, STR("lead")), 1, "a step of nobody's is counted");
}

static void milestones(const struct facts *facts)
{
	asks(facts, "leads", "count(handed_off)", "month(handed_off)", NULL, "2017-01=1");
	asks(facts, "leads", "count(rejected and recycled)", NULL, NULL, "1");
	asks(facts, "leads", "median(days(created, accepted))", NULL, NULL, "18 days");
	asks(facts, "leads", "count(qualified = 2017-01-03)", NULL, NULL, "1");
	asks(facts, "leads", "count(accepted)", NULL, NULL, "1");
	asks(facts, "leads", "count(disqualified is unknown)", NULL, NULL, "1");
	asks(facts, "leads", "count(won)", NULL, NULL, "0");
}

static void owners(const struct facts *facts)
{
	asks(facts, "leads", "count()", "key, owner, team", NULL,
	     "l1=Anna=north=1; l2=Anna=north=1; l3=Boris=south=1; l4===1; l5===1; l6===1");
	asks(facts, "leads", "count()", "owner", "2017-01-15", "Boris=1; =5");
	asks(facts, "leads", "count()", "owner", "2017-02-15", "Anna=3; =3");
	/* What the CRM says of l2 once more is no news. */
	asks(facts, "leads", "count()", "owner", "2017-03-08", "Anna=3; =3");
}

/* The latest step that gives a reason; of what was lost its own record does. */
static void reasons(const struct facts *facts)
{
	asks(facts, "leads", "count()", "key, reason", NULL,
	     "l1=no need=1; l2==1; l3==1; l4==1; l5=price=1; l6=too small=1");
	asks(facts, "leads", "count(rejected)", "reason", NULL, "no need=1; price=1; too small=1; =0");
}

/* Who has the lead sees what was done with it; who had it then does not. */
static void scopes(const struct facts *facts)
{
	static const struct {
		const char *of, *measure, *who, *wanted;
	} cases[] = {
		{ "lead_steps", "count(key = s1)", "Boris", "0" },    { "lead_steps", "count(key = s1)", "Anna", "1" },
		{ "lead_steps", "count(key = s2)", "Anna", "1" },     { "lead_steps", "count()", "Boris", "1" },
		{ "promise_words", "count(key = w1)", "Boris", "0" }, { "promise_words", "count()", "Anna", "1" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct question question = { .measure = cases[i].measure,
					     .of = cases[i].of,
					     .as_of = DATE_NONE,
					     .scope = { .kind = SCOPE_OWNER, .name = str_of(cases[i].who) } };
		struct answer answer;
		struct err err = ERR_INIT;

		if (measure_ask(facts, &question, &arena, &answer, &err))
			BUG("%s", err.text);
		is_str(arena_cstr(&arena, answer_text(&answer, &answer.rows[0], &arena)), cases[i].wanted,
		       "%s sees %s of %s", cases[i].who, cases[i].measure, cases[i].of);
	}
}

static void book_of(const char *path, void (*const days[])(void), size_t count, unsigned char digest[HASH_BYTES])
{
	unsigned char other[HASH_BYTES];
	struct facts *facts, *again;

	write_book(path, days, count);
	facts = load(0, 0);
	steps(facts);
	milestones(facts);
	owners(facts);
	reasons(facts);
	scopes(facts);
	facts_digest(facts, digest);
	facts_free(facts);
	for (unsigned threads = 1; threads <= 3; threads++) {
		again = load(threads, 3);
		facts_digest(again, other);
		ok(!memcmp(digest, other, HASH_BYTES), "the same in small stretches by %u threads", threads);
		facts_free(again);
	}
	book_close(book);
}

int main(void)
{
	void (*const one[])(void) = { people, leads, steps_of_first, steps_of_others, later };
	void (*const other[])(void) = { later, steps_of_others, steps_of_first, leads, people };
	unsigned char digest[HASH_BYTES];
	char folder[] = "/tmp/facts_steps.XXXXXX";

	arena_init(&arena);
	if (!mkdtemp(folder))
		BUG("no folder");
	book_of(arena_printf(&arena, "%s/one", folder), one, sizeof(one) / sizeof(*one), digest);
	book_of(arena_printf(&arena, "%s/other", folder), other, sizeof(other) / sizeof(*other), digest);
	ok(!system(arena_printf(&arena, "rm -r %s", folder)), "nothing is left behind");
	arena_release(&arena);
	return done();
}
