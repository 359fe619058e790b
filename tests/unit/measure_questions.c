/* The five questions that every engine is asked (funnel, follow-up, conversion, threshold curve, linear attribution), over a handful
 * of leads whose answers were worked out by hand. */
#include "tap.h"

#include <math.h>

#include "base/date.h"
#include "facts/facts_builder.h"
#include "facts/measure.h"

static struct arena arena;

/* Hours from 2017-01-01T00:00Z; −1 = not reached. */
struct lead {
	const char *source, *owner, *team;
	int created, qualified, handed_off, first_response, response_due, accepted, opportunity, won, lost;
	int score;
	int amount;
};

static const struct lead leads[] = {
	/*  source  owner    team    created quali hand  resp  due  acc  opp   won   lost score amount */
	{ "web", "Anna", "north", 0, 10, 20, 22, 24, 30, 40, 140, -1, 80, 900 },
	{ "web", "Anna", "north", 5, 12, 30, 40, 34, 50, 60, -1, 90, 60, 500 },
	{ "web", "Boris", "south", 8, -1, -1, -1, -1, -1, -1, -1, -1, 20, 0 },
	{ "event", "Boris", "south", 9, 20, 40, 41, 44, 45, 70, 270, -1, 80, 300 },
	{ "event", "Boris", "south", 11, 30, 50, -1, 54, 60, -1, -1, -1, 60, 0 },
	{ "event", "Cleo", "south", 2300, 2310, 2320, 2321, 2324, -1, -1, -1, -1, 80, 0 },
};

static const struct {
	int lead, at;
	const char *campaign;
} touches[] = {
	{ 0, 1, "spring" }, { 0, 2, "spring" },
	{ 0, 39, "video" }, { 0, 41, "late" }, /* after its opportunity: no credit */
	{ 1, 6, "spring" },                    /* lost: no credit */
	{ 3, 10, "video" }, { 3, 69, "fair" },
};

static uint32_t hour(int h)
{
	return h < 0 ? TIME_NOT_REACHED : 1483228800u + (uint32_t)h * 3600u;
}

static void time_of(struct facts *facts, uint32_t row, const char *name, int h)
{
	builder_time(facts, builder_column(facts, FACT_LEADS, name), row, hour(h));
}

static void name_of(struct facts *facts, enum fact fact, uint32_t row, const char *column, const char *name)
{
	builder_name(facts, builder_column(facts, fact, column), row, str_of(name));
}

static void add_lead(struct facts *facts, size_t i)
{
	const struct lead *lead = &leads[i];
	uint32_t row = builder_row(facts, FACT_LEADS, str_of(arena_printf(&arena, "L%zu", i)));

	name_of(facts, FACT_LEADS, row, "source", lead->source);
	name_of(facts, FACT_LEADS, row, "owner", lead->owner);
	name_of(facts, FACT_LEADS, row, "team", lead->team);
	time_of(facts, row, "created", lead->created);
	time_of(facts, row, "qualified", lead->qualified);
	time_of(facts, row, "handed_off", lead->handed_off);
	time_of(facts, row, "first_response", lead->first_response);
	time_of(facts, row, "response_due", lead->response_due);
	time_of(facts, row, "accepted", lead->accepted);
	time_of(facts, row, "opportunity", lead->opportunity);
	time_of(facts, row, "won", lead->won);
	time_of(facts, row, "lost", lead->lost);
	builder_number(facts, builder_column(facts, FACT_LEADS, "score"), row, lead->score);
	if (lead->amount)
		builder_money(facts, builder_column(facts, FACT_LEADS, "amount"), row, lead->amount * 100, "EUR");
}

static struct facts *company(void)
{
	struct book_settings settings = { .zone = "UTC", .currency = "EUR", .fiscal_start_month = 1 };
	struct err err = ERR_INIT;
	struct facts *facts;

	if (facts_builder_new(&facts, &settings, &err))
		BUG("%s", err.text);
	for (size_t i = 0; i < sizeof(leads) / sizeof(*leads); i++)
		add_lead(facts, i);
	for (size_t i = 0; i < sizeof(touches) / sizeof(*touches); i++) {
		uint32_t row = builder_row(facts, FACT_TOUCHES, str_of(arena_printf(&arena, "T%zu", i)));

		builder_ref(facts, builder_column(facts, FACT_TOUCHES, "lead"), row, (uint32_t)touches[i].lead);
		builder_time(facts, builder_column(facts, FACT_TOUCHES, "at"), row, hour(touches[i].at));
		name_of(facts, FACT_TOUCHES, row, "campaign", touches[i].campaign);
	}
	facts_finish(facts, DATE_NONE);
	return facts;
}

/* "label=value; …" with values as plain numbers, – where there is no answer; money in minor units. */
static const char *ask(const struct facts *facts, const char *of, const char *measure, const char *by,
		       const char *where)
{
	struct question question = {
		.measure = measure, .of = of, .by = by, .where = where, .as_of = DATE_NONE, .scope = SCOPE_EVERYTHING
	};
	struct answer answer;
	struct err err = ERR_INIT;
	char *out = arena_alloc(&arena, 2000);
	size_t len = 0;

	if (measure_ask(facts, &question, &arena, &answer, &err))
		return arena_dup(&arena, err.text);
	for (size_t i = 0; i < answer.row_count; i++) {
		const struct answer_row *row = &answer.rows[i];

		len += (size_t)snprintf(out + len, 2000 - len, "%s", i ? "; " : "");
		for (size_t d = 0; d < answer.by_count; d++)
			len += (size_t)snprintf(out + len, 2000 - len, "%s%.*s", d ? "," : "", STR_ARG(row->by[d]));
		if (row->type == ANSWER_NONE)
			len += (size_t)snprintf(out + len, 2000 - len, "=–");
		else
			len += (size_t)snprintf(out + len, 2000 - len, "=%.10g",
						row->type == ANSWER_MONEY ? (double)row->minor : row->value);
	}
	return out;
}

#define QUARTER "created >= 2017-01-01 and created < 2017-04-01"

static void funnel(const struct facts *facts)
{
	is_str(ask(facts, "leads", "count()", "source", QUARTER), "web=3; event=2", "funnel: rows, of one quarter");
	is_str(ask(facts, "leads", "count(qualified)", "source", QUARTER), "event=2; web=2", "funnel: qualified");
	is_str(ask(facts, "leads", "count(first_response)", "source", QUARTER), "web=2; event=1",
	       "funnel: first response");
	is_str(ask(facts, "leads", "count(opportunity)", "source", QUARTER), "web=2; event=1", "funnel: opportunities");
	is_str(ask(facts, "leads", "sum(amount where won)", "source", QUARTER), "event=30000; web=90000",
	       "funnel: won amount");
}

static void follow_up(const struct facts *facts)
{
	/* Anna 2 and 10 hours, Boris 1 hour; of 3 leads handed to Boris one was never answered. */
	is_str(ask(facts, "leads", "count(first_response <= response_due)", "owner", "handed_off >= 2017-01-01"),
	       "Anna=1; Boris=1; Cleo=1", "follow-up: in time");
	is_str(ask(facts, "leads", "median(hours(first_response - handed_off))", "owner", NULL),
	       "Anna=6; Boris=1; Cleo=1", "follow-up: median, in hours");
	is_str(ask(facts, "leads", "percentile(hours(first_response - handed_off), 90)", "owner", NULL),
	       "Anna=9.2; Boris=1; Cleo=1", "follow-up: 90th percentile, linear between ranks");
}

static void conversion(const struct facts *facts)
{
	is_str(ask(facts, "leads", "count(accepted)", "team, owner", "accepted"), "north,Anna=2; south,Boris=2",
	       "conversion: accepted");
	is_str(ask(facts, "leads", "sum(hours(won - opportunity))", "team, owner", "accepted"),
	       "north,Anna=100; south,Boris=200", "conversion: hours from opportunity to won");
}

static void threshold(const struct facts *facts)
{
	is_str(ask(facts, "leads", "running(count(), from top)", "score", NULL), "20=6; 60=5; 80=3",
	       "threshold: leads at or above");
	is_str(ask(facts, "leads", "running(count(opportunity), from top)", "score", NULL), "20=3; 60=3; 80=2",
	       "threshold: opportunities at or above");
}

static void attribution(const struct facts *facts)
{
	/* 900.00 over three touches before the opportunity, 300.00 over two. */
	is_str(ask(facts, "touches", "sum(shared(lead.amount, lead)) where lead.won and at < lead.opportunity",
		   "campaign", NULL),
	       "spring=60000; video=45000; fair=15000; late=0", "attribution: linear credit");
	is_str(ask(facts, "touches", "sum(shared(lead.amount, lead))", "campaign",
		   "lead.won and at < lead.opportunity"),
	       "spring=60000; video=45000; fair=15000", "attribution: the same with the condition in front");
	is_str(ask(facts, "touches", "sum(shared(lead.amount, lead))", NULL, "lead.won and at < lead.opportunity"),
	       "=120000", "attribution: nothing is lost on the way");
}

int main(void)
{
	struct facts *facts;

	arena_init(&arena);
	facts = company();
	funnel(facts);
	follow_up(facts);
	conversion(facts);
	threshold(facts);
	attribution(facts);
	facts_free(facts);
	arena_release(&arena);
	return done();
}
