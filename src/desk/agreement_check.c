#include "desk/agreement_check.h"

#include <stdlib.h>

#include "base/date.h"
#include "desk/agreement_known.h"
#include "domain/agreement_sense.h"
#include "facts/cells.h"
#include "facts/facts_builder.h"
#include "facts/judged.h"
#include "facts/measure.h"
#include "facts/rows.h"

struct check {
	const struct agreement *agreement;
	const struct annexes *annexes; /* that hold besides its own */
	const struct facts *facts;
	struct problems *problems, *doubts;
	struct str file;
	struct arena *arena;
};

/* The executor calls the text "where" or "measure"; here it is what the agreement calls it. */
static void wrong(struct check *c, struct place place, const char *called, const struct err *err)
{
	struct str text = str_of(err->text);
	ptrdiff_t colon = str_find(text, ": ");

	if (colon > 0 && colon < 10)
		text = (struct str){ text.at + colon + 2, text.len - (size_t)colon - 2 };
	problem_add(c->problems, c->file, place.line, place.column, str_of(called), "%.*s", STR_ARG(text));
}

/* A word that no row has. Of a company of which nothing is known that says nothing. */
static void doubt(struct check *c, struct place place, const char *called, struct str hint)
{
	if (hint.len && facts_rows(c->facts, FACT_LEADS))
		problem_add(c->doubts, c->file, place.line, place.column, str_of(called), "%.*s", STR_ARG(hint));
}

static void check_rules(struct check *c)
{
	const struct rule_words *words = &c->agreement->words_of_rules;

	for (size_t i = 0; i < words->leaf_count; i++) {
		struct place place = c->agreement->leaf_places[i];
		struct err err = ERR_INIT;
		struct str hint;

		if (condition_check(c->facts, arena_cstr(c->arena, words->leaves[i]), &hint, c->arena, &err))
			wrong(c, place, "rule", &err);
		else
			doubt(c, place, "rule", hint);
	}
}

/* False where it cannot be asked. */
static bool check_measure(struct check *c, struct str measure, struct place place, const char *key,
			  struct foretold *out)
{
	struct question question = { .measure = arena_cstr(c->arena, measure),
				     .as_of = DATE_NONE,
				     .from = DATE_NONE,
				     .to = DATE_NONE,
				     .scope = SCOPE_EVERYTHING };
	struct err err = ERR_INIT;

	if (measure_check(c->facts, &question, out, c->arena, &err)) {
		wrong(c, place, key, &err);
		return false;
	}
	doubt(c, place, key, out->hint);
	return true;
}

/* More than one of a share of all is never reached; of won by lost it may be meant, of won by closed it is a slip. */
static void above_one(struct check *c, struct place at, const char *key, const struct foretold *measure,
		      const char *instead)
{
	problem_add(measure->share ? c->problems : c->doubts, c->file, at.line, at.column, str_of(key), "%s%s",
		    measure->share
			    ? "the measure is a share, which is never above 100 %"
			    : "above 100 % there are more of what is counted first than of what it is divided by",
		    instead);
}

/* Is it a number that such a measure can come to? */
static void check_target(struct check *c, const struct agreed_kpi *kpi, const struct foretold *measure)
{
	const char *key = kpi->at_most ? "at most" : "target";
	struct place at = kpi->target_place;

	if (measure->by_same && kpi->target > 1)
		above_one(c, at, key, measure,
			  kpi->target_is_share ? "" : arena_printf(c->arena, "; did you mean \"%g %%\"?", kpi->target));
	else if (kpi->target_is_share && measure->type != ANSWER_RATIO && measure->type != ANSWER_NUMBER)
		problem_add(
			c->problems, c->file, at.line, at.column, str_of(key),
			"the measure is no share: %g %% of what? Write a number, or divide the measure by what it is "
			"part of",
			kpi->target * 100);
}

static void check_kpis(struct check *c)
{
	for (size_t i = 0; i < c->agreement->kpi_count; i++) {
		const struct agreed_kpi *kpi = &c->agreement->kpis[i];
		struct foretold measure;

		if (check_measure(c, kpi->measure, kpi->measure_place, "measure", &measure))
			check_target(c, kpi, &measure);
	}
}

/* Numbers are counted by the clock, too, which judges leads one by one: the columns of what comes of that are empty there. */
static void check_count(struct check *c, const struct promise_def *promise)
{
	struct foretold measure;

	if (judging_needed(arena_cstr(c->arena, promise->count)))
		problem_add(c->problems, c->file, promise->count_place.line, promise->count_place.column, STR("count"),
			    "this asks for what comes of an agreement, which its own numbers cannot; of leads that "
			    "passed, count what was recorded: count(qualified) on qualified");
	else if (check_measure(c, promise->count, promise->count_place, "count", &measure) && measure.by_same &&
		 promise->at_least > 1)
		above_one(c, promise->at_least_place, "at least", &measure,
			  measure.share ? "; count what is wanted instead" : "");
}

/* Who is in a team stands in annexes, or in what the book knows of people. */
static struct names all_teams(const struct check *c)
{
	const struct annexes *of[] = { &c->agreement->annexes, c->annexes };
	const struct column *column = cells_of(c->facts, FACT_LEADS, "team");
	struct names out = { .items = ARENA_ARRAY(c->arena, struct str,
						  of[0]->team_count + of[1]->team_count + rows_codes(column)) };

	for (size_t k = 0; k < 2; k++)
		for (size_t i = 0; i < of[k]->team_count; i++)
			out.items[out.count++] = of[k]->teams[i].name;
	for (uint32_t code = 1; code < rows_codes(column); code++)
		out.items[out.count++] = rows_name(column, code);
	return out;
}

static void check_team(struct check *c, const struct route *route, const struct names *teams)
{
	const char **names = ARENA_ARRAY(c->arena, const char *, teams->count + 1), *near;

	for (size_t i = 0; i < teams->count; i++) {
		if (str_eq(teams->items[i], route->team))
			return;
		names[i] = arena_cstr(c->arena, teams->items[i]);
	}
	/* Who is in teams may stand in annexes that come later. */
	if (!teams->count) {
		problem_add(
			c->doubts, c->file, route->place.line, route->place.column, STR("to"),
			"nobody is in a team \"%.*s\" yet, so its leads go to %.*s; say who is, under \"annexes\", \"teams\"",
			STR_ARG(route->team), STR_ARG(c->agreement->nobody_there));
		return;
	}
	near = str_nearest(route->team, names, teams->count);
	problem_add(c->problems, c->file, route->place.line, route->place.column, STR("to"),
		    "nobody is in a team \"%.*s\"; %s%s%s", STR_ARG(route->team),
		    near ? "did you mean \"" : "say who is, under \"annexes\", \"teams\".", near ? near : "",
		    near ? "\"?" : "");
}

static void check_teams(struct check *c)
{
	const struct names teams = all_teams(c);

	for (size_t i = 0; i < c->agreement->route_count; i++)
		if (c->agreement->routes[i].pool == POOL_TEAM)
			check_team(c, &c->agreement->routes[i], &teams);
}

/* Nobody is bound who does not sign. Of other parties that is refused when the text is read; one with a partner may stand signed in a book. */
static void check_party(struct check *c, const struct promise_def *promise)
{
	if (!c->agreement->parties[promise->party].named)
		problem_add(c->problems, c->file, promise->place.line, promise->place.column, STR("party"),
			    "%s is no party of this agreement; write \"%s: {signs: [NAME]}\" under \"between\"",
			    party_name(promise->party), party_name(promise->party));
}

static int by_place(const void *left, const void *right)
{
	const struct problem *a = left, *b = right;

	if (a->line != b->line)
		return a->line < b->line ? -1 : 1;
	return a->column < b->column ? -1 : a->column > b->column;
}

static void in_order(struct problems *problems)
{
	if (problems->count)
		qsort(problems->items, problems->count, sizeof(*problems->items), by_place);
}

void agreement_check(const struct agreement *agreement, const char *file, const struct annexes *annexes,
		     const struct facts *facts, struct problems *problems, struct problems *doubts, struct arena *arena)
{
	struct check c = { agreement, annexes, facts, problems, doubts, str_of(file), arena };

	agreement_sense(agreement, file, problems, doubts);
	check_rules(&c);
	check_teams(&c);
	for (size_t i = 0; i < agreement->promise_count; i++) {
		check_party(&c, &agreement->promises[i]);
		if (agreement->promises[i].kind == PROMISE_VOLUME)
			check_count(&c, &agreement->promises[i]);
	}
	check_kpis(&c);
	agreement_known(agreement, file, annexes, facts, doubts, arena);
	in_order(problems);
	in_order(doubts);
}

int facts_of_nobody(struct facts **out, struct err *err)
{
	struct book_settings settings = { .zone = "UTC", .currency = "EUR", .fiscal_start_month = 1 };
	int failed = facts_builder_new(out, &settings, err);

	if (!failed)
		facts_finish(*out, DATE_NONE);
	return failed;
}
