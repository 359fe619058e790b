/* A small company built by hand, for tests of reports: 4 reps, 4 campaigns, a year of leads and deals; Dora answers late, campaign "List" is
 * junk, Quote leaks. The same every time. */
#ifndef TESTS_COMPANY_H
#define TESTS_COMPANY_H

#include <stdlib.h>
#include "base/date.h"
#include "facts/facts_builder.h"

enum company_parts {
	COMPANY_LEADS = 1,
	COMPANY_DEALS = 2,
	COMPANY_SPEND = 4,
	COMPANY_CALLS = 8,
	COMPANY_DATES = 16,
	COMPANY_FAULTS = 32,
	COMPANY_ALL = 63
};

static uint64_t company_state;

static double company_chance(void)
{
	company_state = company_state * 6364136223846793005u + 1442695040888963407u;
	return (double)(company_state >> 40) / (double)(1u << 24);
}

struct company {
	struct facts *facts;
	int parts;
};

static void company_time(struct company *c, enum fact fact, const char *name, uint32_t row, uint32_t seconds)
{
	builder_time(c->facts, builder_column(c->facts, fact, name), row,
		     c->parts & COMPANY_DATES ? seconds : TIME_UNKNOWN);
}

static void company_name(struct company *c, enum fact fact, const char *name, uint32_t row, const char *text)
{
	builder_name(c->facts, builder_column(c->facts, fact, name), row, str_of(text));
}

static void company_visit(struct company *c, uint32_t deal, const char *key, const char *stage, int position,
			  uint32_t entered, uint32_t left, const char *outcome, const char *next, const char *owner,
			  int64_t amount)
{
	enum fact f = FACT_STAGE_VISITS;
	uint32_t row = builder_row(c->facts, f, str_of(key));

	builder_ref(c->facts, builder_column(c->facts, f, "opportunity"), row, deal);
	company_name(c, f, "stage", row, stage);
	builder_number(c->facts, builder_column(c->facts, f, "position"), row, position);
	company_time(c, f, "entered", row, entered);
	if (left)
		company_time(c, f, "left", row, left);
	company_name(c, f, "outcome", row, outcome);
	if (next)
		company_name(c, f, "next_stage", row, next);
	company_name(c, f, "owner", row, owner);
	builder_money(c->facts, builder_column(c->facts, f, "amount"), row, amount, "EUR");
	if (!strcmp(outcome, "lost"))
		company_name(c, f, "reason", row, company_chance() < 0.5 ? "price" : "no decision");
}

static void company_deal(struct company *c, uint32_t lead, int number, uint32_t at, const char *owner,
			 const char *origin, const char *source, const char *campaign, uint32_t end)
{
	static const char *const stages[] = { "Meeting", "Demo", "Quote" };
	enum fact f = FACT_OPPORTUNITIES;
	char key[32];
	uint32_t row, now = at;
	int64_t amount = 100000 + (int64_t)(company_chance() * 900000);
	const char *stage = NULL, *means = "open";

	snprintf(key, sizeof(key), "D%d", number);
	row = builder_row(c->facts, f, str_of(key));
	company_time(c, f, "created", row, at);
	company_name(c, f, "owner", row, owner);
	company_name(c, f, "origin", row, origin);
	company_name(c, f, "source", row, source);
	company_name(c, f, "campaign", row, campaign);
	builder_money(c->facts, builder_column(c->facts, f, "amount"), row, amount, "EUR");
	if (lead != REF_NONE)
		builder_ref(c->facts, builder_column(c->facts, f, "lead"), row, lead);
	for (int s = 0; s < 3; s++) {
		uint32_t left = now + (uint32_t)((3 + company_chance() * 20) * DAY_SECONDS);
		double lost = s == 2 && c->parts & COMPANY_FAULTS ? 0.55 : 0.15;

		stage = stages[s];
		if (left >= end || company_chance() < 0.05) {
			company_visit(c, row, key, stage, s + 1, now, 0, "still", NULL, owner, amount);
			break;
		}
		if (company_chance() < lost) {
			company_visit(c, row, key, stage, s + 1, now, left, "lost", "Lost", owner, amount);
			company_time(c, f, "lost", row, left);
			stage = means = "Lost";
			break;
		}
		company_visit(c, row, key, stage, s + 1, now, left, "forward", s == 2 ? "Won" : stages[s + 1], owner,
			      amount);
		now = left;
		if (s == 2) {
			company_time(c, f, "won", row, left);
			if (lead != REF_NONE)
				company_time(c, FACT_LEADS, "won", lead, left);
			stage = means = "Won";
		}
	}
	company_name(c, f, "stage", row, stage);
	company_name(c, f, "stage_means", row,
		     !strcmp(means, "Won")    ? "won"
		     : !strcmp(means, "Lost") ? "lost"
					      : "open");
}

static void company_call(struct company *c, uint32_t lead, int number, uint32_t at, const char *owner)
{
	enum fact f = FACT_ACTIVITIES;
	char key[32];
	uint32_t row;

	snprintf(key, sizeof(key), "A%d", number);
	row = builder_row(c->facts, f, str_of(key));
	company_time(c, f, "at", row, at);
	builder_ref(c->facts, builder_column(c->facts, f, "lead"), row, lead);
	company_name(c, f, "owner", row, owner);
	company_name(c, f, "kind", row, "call");
	company_name(c, f, "direction", row, "outbound");
}

static void company_lead(struct company *c, int number, uint32_t start, uint32_t end)
{
	static const char *const reps[] = { "Anna", "Boris", "Carl", "Dora \"D\" <x>" }, *const campaigns[] = {
		"Search", "Fair", "Webinar", "List"
	};
	static const char *const sources[] = { "paid search", "event", "webinar", "bought list" };
	enum fact f = FACT_LEADS;
	int rep = number % 4, campaign = (number / 4) % 4;
	bool own = number % 10 == 9, junk = campaign == 3 && !own && c->parts & COMPANY_FAULTS;
	uint32_t at = start + (uint32_t)number * ((end - start) / 2000), row, answered;
	const char *origin = own ? "sales" : "marketing", *source = own ? "own network" : sources[campaign];
	double wait;
	char key[32];

	snprintf(key, sizeof(key), "L%d", number);
	row = builder_row(c->facts, f, str_of(key));
	company_time(c, f, "created", row, at);
	company_name(c, f, "owner", row, reps[rep]);
	company_name(c, f, "origin", row, origin);
	company_name(c, f, "source", row, source);
	company_name(c, f, "campaign", row, own ? "" : campaigns[campaign]);
	company_time(c, f, "qualified", row, at + 3600);
	company_time(c, f, "handed_off", row, at + 7200);
	wait = rep == 3 && c->parts & COMPANY_FAULTS ? 24 + company_chance() * 90 : company_chance() * 10;
	answered = at + 7200 + (uint32_t)(wait * 3600);
	if (c->parts & COMPANY_CALLS && answered < end) {
		company_time(c, f, "first_response", row, answered);
		company_call(c, row, 2 * number, answered, reps[rep]);
		if (company_chance() < 0.5)
			company_call(c, row, 2 * number + 1, answered + 3600, reps[rep]);
	}
	if (company_chance() < (junk ? 0.02 : 0.35) && at + 5 * DAY_SECONDS < end) {
		company_time(c, f, "opportunity", row, at + 5 * DAY_SECONDS);
		if (c->parts & COMPANY_DEALS)
			company_deal(c, row, number, at + 5 * DAY_SECONDS, reps[rep], origin, source,
				     own ? "" : campaigns[campaign], end);
	}
}

static void company_spend(struct company *c, uint32_t start, uint32_t end)
{
	static const char *const campaigns[] = { "Search", "Fair", "Webinar", "List" };
	enum fact f = FACT_SPEND;
	char key[32];

	for (uint32_t at = start, n = 0; at < end; at += 7 * DAY_SECONDS, n++) {
		uint32_t row;

		snprintf(key, sizeof(key), "S%u", n);
		row = builder_row(c->facts, f, str_of(key));
		if (c->parts & COMPANY_DATES)
			builder_time(c->facts, builder_column(c->facts, f, "day"), row, at);
		company_name(c, f, "campaign", row, campaigns[n % 4]);
		builder_money(c->facts, builder_column(c->facts, f, "amount"), row, 123456, "EUR");
		builder_number(c->facts, builder_column(c->facts, f, "clicks"), row, 250);
		builder_number(c->facts, builder_column(c->facts, f, "conversions"), row, 12);
		builder_number(c->facts, builder_column(c->facts, f, "leads"), row, 30);
	}
}

/* Returns owned. */
static struct facts *company_facts(int parts)
{
	struct book_settings settings = {
		.zone = "Europe/Berlin", .currency = "EUR", .fiscal_start_month = 1, .name = "Test & Söhne"
	};
	struct company c = { NULL, parts };
	struct err err = ERR_INIT;
	uint32_t start = 1767225600 /* 2026-01-01 */, end = 1798498800;
	static const char *const names[] = { "Meeting", "Demo", "Quote", "Won", "Lost" }, *const means[] = {
		"open", "open", "open", "won", "lost"
	};

	company_state = 42;
	if (facts_builder_new(&c.facts, &settings, &err)) {
		fprintf(stderr, "%s\n", err.text);
		exit(1);
	}
	for (int i = 0; i < 5; i++)
		builder_stage(c.facts,
			      &(struct stage_def){
				      .name = str_of(names[i]), .position = i + 1, .means = means[i], .bid = i == 2 });
	for (int i = 0; i < 1980; i++) {
		if (parts & COMPANY_LEADS)
			company_lead(&c, i, start, end);
		else if (parts & COMPANY_DEALS && i % 4 == 0)
			company_deal(&c, REF_NONE, i, start + (uint32_t)i * ((end - start) / 2000), "Anna", "", "", "",
				     end);
	}
	if (parts & COMPANY_SPEND)
		company_spend(&c, start, end);
	facts_finish(c.facts, DATE_NONE);
	return c.facts;
}

#endif
