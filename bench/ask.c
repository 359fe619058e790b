/* The five questions of docs/benchmarks.md in the measure language. */
#include <stdlib.h>
#include <string.h>

#include "bench.h"
#include "base/date.h"
#include "facts/facts_builder.h"
#include "facts/packed.h"

#define DATE_OF(second) ((int32_t)((second) / 86400u))

const struct bench_question bench_questions[BENCH_QUESTIONS] = {
	{ .name = "funnel",
	  .by = "source",
	  .from = DATE_OF(BENCH_Q0),
	  .to = DATE_OF(BENCH_Q1),
	  .figures = { "count()", "count(qualified)", "count(handed_off)", "count(first_response)", "count(accepted)",
		       "count(rejected)", "count(opportunity)", "count(won)", "count(lost)", "sum(amount where won)" },
	  .columns = { "created", "source", "qualified", "handed_off", "first_response", "accepted", "rejected",
		       "opportunity", "won", "lost", "amount" },
	  .created_bounds = true },
	{ .name = "follow_up",
	  .by = "owner",
	  .where = "handed_off >= 2025-10-02",
	  .figures = { "count()", "count(first_response <= response_due)",
		       "percentile(seconds(first_response - handed_off), 50)",
		       "percentile(seconds(first_response - handed_off), 90)" },
	  .columns = { "handed_off", "owner", "first_response", "response_due" } },
	{ .name = "conversion",
	  .by = "team, owner",
	  .where = "accepted",
	  .figures = { "count(accepted)", "count(opportunity)", "count(won)", "sum(seconds(won - opportunity))" },
	  .columns = { "accepted", "team", "owner", "opportunity", "won" } },
	{ .name = "threshold",
	  .by = "score",
	  .figures = { "running(count(), from top)", "running(count(opportunity), from top)" },
	  .columns = { "score", "opportunity" } },
	{ .name = "attribution",
	  .of = "touches",
	  .by = "campaign",
	  .where = "lead.won and at < lead.opportunity",
	  .figures = { "sum(shared(lead.amount, lead))" },
	  .columns = { "at", "lead", "campaign" } },
};

/* ---- the data as facts ---- */

struct columns {
	struct column *created, *qualified, *handed_off, *response_due, *first_response, *accepted, *rejected,
		*opportunity, *won, *lost, *source, *campaign, *team, *owner, *score, *amount, *at, *lead,
		*touch_campaign;
};

static void find_columns(struct facts *facts, struct columns *c)
{
	const struct {
		struct column **at;
		const char *name;
	} of_leads[] = {
		{ &c->created, "created" },
		{ &c->qualified, "qualified" },
		{ &c->handed_off, "handed_off" },
		{ &c->response_due, "response_due" },
		{ &c->first_response, "first_response" },
		{ &c->accepted, "accepted" },
		{ &c->rejected, "rejected" },
		{ &c->opportunity, "opportunity" },
		{ &c->won, "won" },
		{ &c->lost, "lost" },
		{ &c->source, "source" },
		{ &c->campaign, "campaign" },
		{ &c->team, "team" },
		{ &c->owner, "owner" },
		{ &c->score, "score" },
		{ &c->amount, "amount" },
	};

	for (size_t i = 0; i < sizeof(of_leads) / sizeof(*of_leads); i++)
		*of_leads[i].at = builder_column(facts, FACT_LEADS, of_leads[i].name);
	c->at = builder_column(facts, FACT_TOUCHES, "at");
	c->lead = builder_column(facts, FACT_TOUCHES, "lead");
	c->touch_campaign = builder_column(facts, FACT_TOUCHES, "campaign");
}

static void set_time(struct facts *facts, struct column *column, uint32_t row, uint32_t t)
{
	if (t)
		builder_time(facts, column, row, t);
}

static void add_lead(struct facts *facts, const struct columns *c, const struct bench_lead *lead)
{
	uint32_t row = builder_row(facts, FACT_LEADS, STR_NONE);

	set_time(facts, c->created, row, lead->created);
	set_time(facts, c->qualified, row, lead->qualified);
	set_time(facts, c->handed_off, row, lead->handed_off);
	set_time(facts, c->response_due, row, lead->response_due);
	set_time(facts, c->first_response, row, lead->first_response);
	set_time(facts, c->accepted, row, lead->accepted);
	set_time(facts, c->rejected, row, lead->rejected);
	set_time(facts, c->opportunity, row, lead->opportunity);
	set_time(facts, c->won, row, lead->won);
	set_time(facts, c->lost, row, lead->lost);
	builder_name(facts, c->source, row, str_of(bench_source(lead->source)));
	builder_name(facts, c->campaign, row, str_of(bench_campaign(lead->campaign)));
	if (lead->rep < BENCH_REPS) {
		builder_name(facts, c->team, row, str_of(bench_team(lead->rep)));
		builder_name(facts, c->owner, row, str_of(bench_rep(lead->rep)));
	}
	builder_number(facts, c->score, row, lead->score);
	if (lead->amount_minor >= 0)
		builder_money(facts, c->amount, row, lead->amount_minor, "EUR");
	for (unsigned i = 0; i < lead->touch_count; i++) {
		uint32_t touch = builder_row(facts, FACT_TOUCHES, STR_NONE);

		builder_time(facts, c->at, touch, lead->touches[i].at);
		builder_ref(facts, c->lead, touch, row);
		builder_name(facts, c->touch_campaign, touch, str_of(bench_campaign(lead->touches[i].campaign)));
	}
}

struct facts *bench_facts(uint64_t leads)
{
	struct book_settings settings = { .zone = "UTC", .currency = "EUR", .fiscal_start_month = 1 };
	struct err err = ERR_INIT;
	struct bench_rows rows;
	struct bench_lead lead;
	struct columns columns;
	struct facts *facts;

	if (facts_builder_new(&facts, &settings, &err))
		bench_fail("facts", err.text);
	bench_rows_init(&rows, leads);
	find_columns(facts, &columns);
	for (uint64_t i = 0; i < leads; i++) {
		bench_rows_lead(&rows, i, &lead);
		add_lead(facts, &columns, &lead);
	}
	facts_finish(facts, DATE_OF(BENCH_END_SECOND) - 1);
	return facts;
}

/* ---- asking ---- */

double bench_ask(const struct facts *facts, unsigned number, struct arena *arena, struct answer *answers)
{
	const struct bench_question *asked = &bench_questions[number];
	struct err err = ERR_INIT;
	double start = bench_now_s();

	struct question question = { .of = asked->of,
				     .by = asked->by,
				     .where = asked->where,
				     .as_of = DATE_NONE,
				     .from = asked->from,
				     .to = asked->to,
				     .scope = SCOPE_EVERYTHING };
	size_t figures = 0;

	while (asked->figures[figures])
		figures++;
	if (measure_ask_many(facts, &question, asked->figures, figures, arena, answers, &err))
		bench_fail(asked->name, err.text);
	return bench_now_s() - start;
}

/* ---- bytes ---- */

/* Rows of the chunks in which something was created in the quarter. */
static uint64_t quarter_rows(const struct facts *facts)
{
	const struct column *created = facts_known_column(facts, FACT_LEADS, "created");
	uint32_t rows = facts_rows(facts, FACT_LEADS);
	uint64_t count = 0;

	for (uint32_t chunk = 0; chunk < rows; chunk += FACT_CHUNK) {
		uint32_t end = rows - chunk > FACT_CHUNK ? chunk + FACT_CHUNK : rows;
		bool any = false;

		for (uint32_t i = chunk; i < end && !any; i++)
			any = created->at.times[i] >= BENCH_Q0 && created->at.times[i] < BENCH_Q1;
		count += any ? end - chunk : 0;
	}
	return count;
}

uint64_t bench_bytes(const struct facts *facts, unsigned number)
{
	const struct bench_question *asked = &bench_questions[number];
	enum fact fact = FACT_LEADS;
	uint64_t rows, bytes = 0;

	if (asked->of)
		fact_by_name(str_of(asked->of), &fact);
	rows = asked->created_bounds ? quarter_rows(facts) : facts_rows(facts, fact);
	for (size_t i = 0; asked->columns[i]; i++)
		bytes += column_bytes(facts_known_column(facts, fact, asked->columns[i]), (uint32_t)rows);
	return bytes;
}
