/* What each seller makes of what they are given: conversion to the rep, win rate apart, and where each differs from the team. */
#include <math.h>
#include <stdlib.h>
#include "domain/detect.h"
#include "domain/statistics.h"
#include "report/reports.h"

static void deal_table(struct page *page, const struct known *known, const char *by)
{
	struct table *table =
		page_table(page, "deals", "Deals", "opportunities", by, page_printf(page, "%s is not empty", by));

	table_term(page, table, "opportunities", "Opened", &TERM_DEALS, NULL, page->period);
	if (known_win_rate(known))
		table_term(page, table, "win_rate", "Win rate", &TERM_WIN_RATE, NULL, page->period);
	else
		table_term(page, table, "won", "Won", &TERM_WON, NULL, page->period);
	if (known->deals_valued)
		table_term(page, table, "won_value", "Won value", &TERM_WON_VALUE, NULL, page->period);
	if (known->deals_dated)
		table_term(page, table, "cycle", "Won cycle", &TERM_CYCLE, NULL, page->period);
	if (known->deals_open && known->visits_dated)
		TABLE_COLUMN(page, table, "stuck", "Stuck of open", .title = "Stuck share", .sentence = STUCK_SENTENCE,
			     .measure = "count(stagnant) / count(open)", .of = "opportunities");
	else if (known->deals_open)
		table_term(page, table, "open", "Open now", &TERM_OPEN, NULL, PERIOD_ALL);
	table_sort(page, table, known->deals_valued ? "won_value" : known_win_rate(known) ? "win_rate" : "won");
	table_total(page, table);
	table_bars(table, "2");
}

static void lead_table(struct page *page, const struct known *known, const char *by)
{
	struct table *table = page_table(page, "leads", "Leads", "leads", by, page_printf(page, "%s is not empty", by));
	struct period p = page->period;

	table_term(page, table, "leads", "Leads", &TERM_LEADS, NULL, p);
	if (known->leads_origin)
		TABLE_COLUMN(page, table, "from_marketing", "From marketing", .title = "From marketing",
			     .sentence = "leads that marketing created, of the rep's",
			     .measure = "count(origin = \"marketing\") / count()", .period_of = "created", .period = p,
			     .brief = true);
	table_term(page, table, "goal", known_goal_title(known), known_goal_term(known), NULL, p);
	if (known->leads_answered && known->leads_handed)
		TABLE_COLUMN(
			page, table, "first_response", "First response", .title = "First response",
			.sentence = "median time from hand-over to the first attempt of a person to reach the lead",
			.measure = "median(hours(handed_off, first_response))", .period_of = "handed_off", .period = p);
	table_total(page, table);
}

/* ---- where each differs ---- */

struct difference {
	struct str rep, stage;
	struct share_of own, others;
	double by;
	size_t row;
};

static int by_rep_and_size(const void *a, const void *b)
{
	const struct difference *x = a, *y = b;
	int order = str_cmp(x->rep, y->rep);

	if (order)
		return order;
	return (fabs(x->by) < fabs(y->by)) - (fabs(x->by) > fabs(y->by));
}

static const struct ask conversion = {
	.title = "Stage conversion",
	.sentence = "went on to a later stage or was won, of the visits to the stage that ended",
	.measure = "count(outcome = \"forward\") / count()",
	.of = "stage_visits",
	.where = "outcome != \"still\" and stage is not empty and owner is not empty",
	.period_of = "entered",
};

static struct share_of all_in_stage(const struct answer *answer, struct str stage)
{
	struct share_of all = { 0, 0 };

	for (size_t i = 0; i < answer->row_count; i++) {
		if (str_eq(answer->rows[i].by[1], stage)) {
			all.hits += answer->rows[i].numerator;
			all.of += answer->rows[i].denominator;
		}
	}
	return all;
}

static void say_difference(struct page *page, const struct difference *d, struct ask ask)
{
	const char *stage = is_name(page, "stage", d->stage), *rep = is_name(page, "owner", d->rep);
	struct ask own = ask, others = ask;

	own.by = others.by = NULL;
	own.where = both(page, ask.where, both(page, stage, rep));
	others.where = both(page, ask.where, both(page, stage, page_printf(page, "not (%s)", rep)));
	page_sentence(page, d->by > 0 ? 1 : -1, "%s in %s: %s moved on, the others' %s.", page_name(page, d->rep),
		      page_name(page, d->stage), estimate(page, page_figure(page, &own)),
		      estimate(page, page_figure(page, &others)));
}

/* Whose win rate really differs. Returns how many. */
static size_t say_win_rates(struct page *page)
{
	struct ask ask = page_complete(page, &TERM_WIN_RATE), one;
	const struct answer *answer;
	struct share_of *shares;
	size_t said = 0;

	ask.by = "owner";
	ask.where = both(page, ask.where, "owner is not empty");
	ask.period = page->period;
	answer = page_answer(page, &ask);
	shares = ARENA_ARRAY(&page->arena, struct share_of, answer->row_count + 1);
	for (size_t i = 0; i < answer->row_count; i++)
		shares[i] = (struct share_of){ answer->rows[i].numerator, answer->rows[i].denominator };
	for (size_t i = 0; i < answer->row_count; i++) {
		int differs = detect_differs(shares[i], share_rest(shares, answer->row_count, i), answer->row_count);
		const char *rep = is_name(page, "owner", answer->rows[i].by[0]);
		const struct figure *own;

		if (!differs)
			continue;
		one = ask;
		one.by = NULL;
		one.where = both(page, ask.where, rep);
		own = page_figure(page, &one);
		one.where = both(page, ask.where, page_printf(page, "not (%s)", rep));
		page_sentence(page, differs, "%s wins %s of the closed deals, the others %s.",
			      page_name(page, answer->rows[i].by[0]), estimate(page, own),
			      estimate(page, page_figure(page, &one)));
		said++;
	}
	return said;
}

static void say_differences(struct page *page, const struct known *known)
{
	struct ask ask = conversion;
	const struct answer *answer;
	struct difference *found;
	size_t count = 0, said = 0, of_rep = 0, compared = 0, reps;

	ask.by = "owner, stage";
	ask.period = page->period;
	answer = page_answer(page, &ask);
	found = ARENA_ARRAY(&page->arena, struct difference, answer->row_count + 1);
	for (size_t i = 0; i < answer->row_count; i++)
		compared += answer->rows[i].denominator >= TOO_FEW;
	for (size_t i = 0; i < answer->row_count; i++) {
		const struct answer_row *row = &answer->rows[i];
		struct share_of own = { row->numerator, row->denominator }, others = all_in_stage(answer, row->by[1]);

		others.hits -= own.hits;
		others.of -= own.of;
		if (!detect_differs(own, others, compared))
			continue;
		found[count++] = (struct difference){
			row->by[0], row->by[1], own, others, share_value(own) - share_value(others), i
		};
	}
	qsort(found, count, sizeof(*found), by_rep_and_size);
	page_heading(page, "Where somebody really differs from the team");
	reps = known_win_rate(known) ? say_win_rates(page) : 0;
	for (size_t i = 0; i < count; i++) {
		of_rep = i && str_eq(found[i].rep, found[i - 1].rep) ? of_rep + 1 : 0;
		if (of_rep < 2 && said++ < 30)
			say_difference(page, &found[i], ask);
	}
	if (!compared)
		page_sentence(
			page, 0,
			"Stages are not compared: no rep has 20 finished visits to one stage in the stage history.");
	else if (!count && !reps)
		page_sentence(
			page, 0,
			"Nowhere for sure: %zu pairs of rep and stage with at least 20 visits were compared, and the differences are "
			"no larger than chance makes them.",
			compared);
	else
		page_note(page,
			  "%zu pairs of rep and stage were compared; said is only what stands up to that many looks.",
			  compared);
}

static void say_spread(struct page *page)
{
	struct ask ask = TERM_WIN_RATE;
	const struct answer *answer;
	size_t best = 0, worst = 0;
	bool any = false;
	struct ask one;

	ask.by = "owner";
	ask.where = "owner is not empty";
	ask.period = page->period;
	answer = page_answer(page, &ask);
	for (size_t i = 0; i < answer->row_count; i++) {
		if (answer->rows[i].denominator < TOO_FEW)
			continue;
		best = !any || answer->rows[i].value > answer->rows[best].value ? i : best;
		worst = !any || answer->rows[i].value < answer->rows[worst].value ? i : worst;
		any = true;
	}
	if (!any || best == worst)
		return;
	one = ask;
	one.by = NULL;
	one.where = is_name(page, "owner", answer->rows[best].by[0]);
	const struct figure *top = page_figure(page, &one);
	one.where = is_name(page, "owner", answer->rows[worst].by[0]);
	const struct figure *bottom = page_figure(page, &one);
	page_sentence(page, 0, "Win rates run from %s (%s) to %s (%s).", share(page, bottom),
		      page_name(page, answer->rows[worst].by[0]), share(page, top),
		      page_name(page, answer->rows[best].by[0]));
}

static int build(const struct report_request *request, struct page *page, struct err *err)
{
	struct known known = page_known(page);
	const char *by = request->by ? request->by : "owner";

	(void)err;
	if (!known.deals_owned && !known.leads_owned && !request->by) {
		page_sentence(page, 0, "The book does not say who has the leads and deals: no record has an owner.");
		page_note_unknown(page, &known);
		return 0;
	}
	if (known_win_rate(&known)) {
		page_sentence(page, 0, "The team won %s.",
			      share(page, page_term(page, &TERM_WIN_RATE, NULL, page->period)));
		if (known.deals_owned)
			say_spread(page);
	}
	find_slow_reps(page, &known, page->period);
	for (size_t i = 0; i < page->finding_count; i++)
		page_print_finding(page, &page->findings[i]);
	if (known.leads && (known.leads_owned || request->by))
		lead_table(page, &known, by);
	if (known.deals && (known.deals_owned || request->by))
		deal_table(page, &known, by);
	if (known.visits && known.deals_owned)
		say_differences(page, &known);
	page_note_unknown(page, &known);
	return 0;
}

const struct report report_reps = {
	.name = "reps",
	.title = "Reps",
	.sentence = "What does each rep make of what they get, and where does somebody really differ from the team?",
	.build = build,
	.judged = true,
};
