/* The one page that both teams read. It answers, in this order: will we make it, what came in, how far did it get, where does it leak,
 * what is slow, what is stuck, what changed, who did well, what to do. */
#include <math.h>
#include "report/reports.h"

#define WEEKS 12 /* what is compared with */

struct week {
	struct period now, last, four, twelve; /* twelve and four end before this week begins */
	bool over;
};

static struct week week_of(const struct page *page)
{
	int32_t monday = page->request.from != DATE_NONE ? page->request.from - date_weekday(page->request.from)
							 : page->request.as_of - date_weekday(page->request.as_of);

	return (struct week){ .now = { monday, monday + 7 },
			      .last = { monday - 7, monday },
			      .four = { monday - 28, monday },
			      .twelve = { monday - 7 * WEEKS, monday },
			      .over = page->request.as_of >= monday + 6 };
}

static struct period up_to_now(const struct week *w)
{
	return (struct period){ w->twelve.from, w->now.to };
}

/* ---- will we make it ---- */

static void say_pace(struct page *page, const struct known *known)
{
	int32_t as_of = page->request.as_of, start = date_quarter_start(as_of), before = date_add_months(start, -3);
	int32_t same_day = before + (as_of - start) + 1 < start ? before + (as_of - start) + 1 : start;
	struct period now = { start, as_of + 1 }, then = { before, same_day };
	const struct figure *won, *won_then, *deals, *deals_then;

	page_heading(page, "Will we make it");
	page_sentence(
		page, 0,
		"There is no plan in the book and no forecast yet, so whether the quarter will be made cannot be said.");
	if (!known->deals_won || !known->deals_closed_dated)
		return;
	deals = page_term(page, &TERM_WON, NULL, now);
	deals_then = page_term(page, &TERM_WON, NULL, then);
	won = page_term(page, &TERM_WON_VALUE, NULL, now);
	won_then = page_term(page, &TERM_WON_VALUE, NULL, then);
	if (!known->deals_valued) {
		page_sentence(page, 0, "Won so far this quarter: %s; by the same day of the last: %s.",
			      value(page, deals), value(page, deals_then));
		return;
	}
	page_sentence(page, 0, "Won so far this quarter: %s in %s; by the same day of the last quarter: %s in %s.",
		      value(page, won), noun(page, deals, "deal", "deals"), value(page, won_then),
		      noun(page, deals_then, "deal", "deals"));
}

/* ---- what came in ---- */

/* "… / 4" over the four weeks before. */
static const struct figure *four_week_average(struct page *page, const struct ask *term, const char *where,
					      const struct week *w)
{
	struct ask ask = page_complete(page, term);

	ask.measure = page_printf(page, "%s / 4", ask.measure);
	ask.where = both(page, ask.where, where);
	ask.period = w->four;
	return page_figure(page, &ask);
}

/* A share or a median has no average over weeks: it is asked over the four weeks as one. */
static bool adds_up(const struct ask *full)
{
	struct str measure = str_of(full->measure);

	return (str_starts(measure, "count(") || str_starts(measure, "sum(")) && str_find(measure, "/") < 0;
}

static void week_row(struct page *page, struct table *table, const char *name, const char *label,
		     const struct ask *term, const char *where, const struct week *w, bool origins)
{
	const struct figure *figures[4] = { 0 };
	struct ask full = page_complete(page, term);

	figures[0] = page_term(page, term, where, w->now);
	figures[1] = page_term(page, term, where, w->last);
	figures[2] = adds_up(&full) ? four_week_average(page, term, where, w) : page_term(page, term, where, w->four);
	if (origins && str_starts(str_of(full.measure), "count(") && adds_up(&full)) {
		struct ask ask = { .of = full.of, .where = full.where, .period_of = full.period_of };
		const char *condition = is_name(page, "origin", STR("marketing"));

		ask.title = "From marketing";
		ask.sentence = "of this week's, those that marketing created";
		ask.measure = page_printf(page, "count(%s) / count()", condition);
		ask.where = both(page, ask.where, where);
		ask.period = w->now;
		figures[3] = page_figure(page, &ask);
	}
	matrix_row(page, table, name, label, figures);
}

static void deal_rows(struct page *page, struct table *table, const struct known *known, const struct week *w)
{
	bool origins = known->deals_origin > 0;
	const char *inbound = page_count(page, "opportunities", "inbound") ? "inbound"
			      : origins                                    ? "origin = \"marketing\""
									   : NULL;

	week_row(page, table, "opportunities", "Opportunities", &TERM_DEALS, NULL, w, origins);
	if (known->deals_valued) {
		week_row(page, table, "pipeline", "Pipeline generated", &TERM_PIPELINE, NULL, w, origins);
		if (inbound)
			week_row(page, table, "pipeline_inbound", "  of it inbound", &TERM_PIPELINE, inbound, w, false);
	}
	if (!known->deals_closed_dated)
		return;
	week_row(page, table, "won", "Won", &TERM_WON, NULL, w, origins);
	if (known->deals_valued) {
		week_row(page, table, "won_value", "Won value", &TERM_WON_VALUE, NULL, w, false);
		if (inbound)
			week_row(page, table, "won_inbound", "  of it inbound", &TERM_WON_VALUE, inbound, w, false);
	}
	if (known_win_rate(known))
		week_row(page, table, "win_rate", "Win rate", &TERM_WIN_RATE, NULL, w, false);
}

static const char *week_name(struct page *page, const struct week *w)
{
	int year, number;

	date_iso_week(w->now.from, &year, &number);
	return page_printf(page, "Week %d", number);
}

static void say_came_in(struct page *page, const struct known *known, const struct week *w)
{
	bool origins = known->leads_origin || known->deals_origin;
	const char *const columns[] = {
		week_name(page, w), "This week", "Last week", "4-week average", origins ? "From marketing" : NULL, NULL
	};
	struct table *table;

	page_heading(page, "What came in");
	if (!w->over)
		page_sentence(page, 0, "The week is not over: day %d of 7.",
			      (int)(page->request.as_of - w->now.from + 1));
	table = page_matrix(page, "week", "The week in numbers", columns);
	if (known->leads_dated)
		week_row(page, table, "leads", "Leads", &TERM_LEADS, NULL, w, known->leads_origin > 0);
	if (known->leads_qualified)
		week_row(page, table, "qualified", "Qualified leads", &TERM_QUALIFIED, NULL, w,
			 known->leads_origin > 0);
	if (known->leads_handed)
		week_row(page, table, "handed_off", "Handed to sales", &TERM_HANDED_OFF, NULL, w,
			 known->leads_origin > 0);
	if (known->deals_dated)
		deal_rows(page, table, known, w);
	else if (known->leads_won && known->leads_dated)
		week_row(page, table, "won", "Leads won", &TERM_LEAD_WON, NULL, w, known->leads_origin > 0);
	if (known->spend && page_count(page, "spend", "day is known"))
		week_row(page, table, "spend", "Spend", &TERM_SPEND, NULL, w, false);
	if (known->orders && page_count(page, "orders", "booked is known and amount is not empty"))
		week_row(page, table, "booked", "Orders booked", &TERM_BOOKED, NULL, w, false);
	if (!table->row_count)
		page_note(page, "Nothing in the book has the dates for this.");
}

static void campaign_table(struct page *page, const struct known *known, const struct week *w)
{
	struct period p = up_to_now(w);
	struct table *table;
	char from[16], to[16];

	if (!known->spend_campaign || !known->leads_campaign || !known->leads_dated || !known->leads_opportunity)
		return;
	date_format(p.from, from);
	date_format(p.to, to);
	table = page_table(page, "campaigns", page_printf(page, "Campaigns, %d weeks", WEEKS + 1), "leads", "campaign",
			   "campaign is not empty");
	table_term(page, table, "leads", "Leads", &TERM_LEADS, NULL, p);
	table_term(page, table, "opportunity", "To opportunity", &TERM_GOAL_OPPORTUNITY, NULL, p);
	TABLE_COLUMN(
		page, table, "cost_per_opportunity", "Cost of each", .title = "Cost per opportunity",
		.sentence =
			"spend of the campaign in these weeks for each of its leads of these weeks that became an opportunity",
		.measure = page_printf(page,
				       "sum(spend.amount where spend.day >= %s and spend.day < %s) / "
				       "count(opportunity where created >= %s and created < %s)",
				       from, to, from, to));
	table->shown = 5;
}

/* ---- promises ---- */

static void say_response(struct page *page, const struct known *known, const struct week *w)
{
	struct ask ask = { .title = "Contacted within a day",
			   .sentence = "contacted by a person within 24 hours, of the leads handed to sales",
			   .measure = "count(first_response - handed_off <= 1 days) / count()",
			   .of = "leads",
			   .where = "handed_off",
			   .period_of = "handed_off" };
	struct ask median = { .title = "First response",
			      .sentence =
				      "median time from hand-over to the first attempt of a person to reach the lead",
			      .measure = "median(hours(handed_off, first_response))",
			      .of = "leads",
			      .period_of = "handed_off" };
	const struct figure *now, *half;

	page_heading(page, "What we promised each other");
	page_sentence(page, 0, "No agreement is in force, so no promise can be kept or broken yet.");
	if (!known->leads_handed || !known->leads_answered)
		return;
	now = page_term(page, &ask, NULL, w->now);
	half = page_term(page, &median, NULL, w->now);
	if (now->row->denominator > 0)
		page_sentence(page, 0,
			      "Of the leads handed over this week %s were contacted within a day, last week %s%s%s.",
			      share(page, now), share(page, page_term(page, &ask, NULL, w->last)),
			      figure_known(half) ? "; half of the answers came within " : "",
			      figure_known(half) ? value(page, half) : "");
	else
		page_sentence(page, 0,
			      "No lead was handed over this week; of last week's %s were contacted within a day.",
			      share(page, page_term(page, &ask, NULL, w->last)));
}

/* ---- how far it gets ---- */

static void say_funnel(struct page *page, const struct known *known, const struct week *w)
{
	struct period p = up_to_now(w);

	page_heading(page, "How far it gets");
	if (known->leads_dated && (known->leads_opportunity || known->leads_won)) {
		const struct figure *goal = page_term(page, known_goal_term(known), NULL, p);
		const struct figure *open = PAGE_ASK(
			page, .title = "Still open", .sentence = "neither won, lost nor given up on the as-of day",
			.measure = "count(open)", .of = "leads", .period_of = "created", .period = p);

		if (goal->row->denominator > 0)
			page_sentence(page, 0, "Of the leads of the last %d weeks %s %s; %s.", WEEKS + 1,
				      share(page, goal), known_goal_words(known),
				      figure_count(open) ? noun(page, open, "is still open", "are still open")
							 : "none is still open");
		else
			page_sentence(page, 0, "No lead came in in the last %d weeks.", WEEKS + 1);
	}
	if (known->deals_closed_dated && known_win_rate(known)) {
		const struct figure *now = page_term(page, &TERM_WIN_RATE, NULL, p);
		struct period earlier = { p.from - 7 * (WEEKS + 1), p.from };
		const struct figure *then = page_term(page, &TERM_WIN_RATE, NULL, earlier);

		page_sentence(page, 0, "Of the deals that closed in the last %d weeks %s were won%s%s.", WEEKS + 1,
			      share(page, now),
			      figure_known(then) && then->row->denominator > 0 ? ", in as many weeks before " : "",
			      figure_known(then) && then->row->denominator > 0 ? share(page, then) : "");
	}
	if (!known->leads_dated && !known->deals_closed_dated)
		page_sentence(
			page, 0,
			"Without dates nothing can be said by weeks; `lockstep report funnel` tells what can be said at all.");
}

/* ---- leaks, slowness, standstill ---- */

static const struct finding *found(const struct page *page, const char *kind)
{
	for (size_t i = 0; i < page->finding_count; i++) {
		if (!strcmp(page->findings[i].kind, kind))
			return &page->findings[i];
	}
	return NULL;
}

/* Index of the row with the greatest value among those with enough behind them. */
static size_t greatest(const struct answer *answer, int64_t least)
{
	size_t best = answer->row_count;

	for (size_t i = 0; i < answer->row_count; i++) {
		if (answer->rows[i].type == ANSWER_NONE || answer->rows[i].n < least || !answer->rows[i].by[0].len)
			continue;
		if (best == answer->row_count || answer->rows[i].value > answer->rows[best].value)
			best = i;
	}
	return best;
}

static void say_most_lost(struct page *page)
{
	struct ask ask = { .title = "Lost from the stage",
			   .sentence = "deals lost from this stage, of all lost from a stage that is known",
			   .measure = "count()",
			   .of = "stage_visits",
			   .by = "stage",
			   .where = both(page, "outcome = \"lost\" and stage is not empty and entered is known",
					 open_stages(page)) };
	const struct answer *answer = page_answer(page, &ask);
	size_t most = greatest(answer, 1);
	struct ask one = ask;

	if (most == answer->row_count) {
		page_sentence(page, 0, "From which stage deals are lost is not known.");
		return;
	}
	one.by = NULL;
	if (answer->row_count == 1) {
		page_sentence(page, 0, "All lost deals of which the stage is known were lost from %s: %s.",
			      page_name(page, answer->rows[most].by[0]), value(page, page_figure(page, &one)));
		return;
	}
	one.measure = page_printf(page, "count(%s) / count()", is_name(page, "stage", answer->rows[most].by[0]));
	page_sentence(page, 0, "Most deals are lost from %s: %s of all that were lost.",
		      page_name(page, answer->rows[most].by[0]), share(page, page_figure(page, &one)));
}

static void say_leaks(struct page *page, const struct known *known)
{
	const struct finding *leak = found(page, "leaking_stage");

	page_heading(page, "Where it leaks");
	if (leak)
		page_print_finding(page, leak);
	else if (known->visits)
		say_most_lost(page);
	else
		page_sentence(page, 0, "There is no stage history: from which stage deals are lost is not known.");
	for (size_t i = 0; i < page->finding_count; i++) {
		if (!strcmp(page->findings[i].kind, "junk_campaign") || !strcmp(page->findings[i].kind, "junk_source"))
			page_print_finding(page, &page->findings[i]);
	}
	if (known->leads_handed && known->leads_accepted) {
		const struct figure *waiting = PAGE_ASK(
			page, .title = "Waiting for acceptance",
			.sentence = "leads handed to sales that are neither accepted nor rejected nor anything later",
			.measure = "count(handed_off and open and not accepted and not opportunity and not rejected)",
			.of = "leads");

		if (figure_count(waiting))
			page_sentence(page, 0, "Between hand-over and acceptance %s; sales owes the next move.",
				      noun(page, waiting, "lead waits", "leads wait"));
	}
}

static void say_slowest(struct page *page, const struct known *known)
{
	struct ask ask = { .title = "Time in stage",
			   .sentence = "median days in the stage of the visits that ended forward",
			   .of = "stage_visits",
			   .measure = "median(days(entered, left))",
			   .by = "stage",
			   .where = "outcome = \"forward\" and stage is not empty" };
	const struct answer *answer;
	size_t slowest;

	page_heading(page, "What is slow");
	answer = known->visits_dated ? page_answer(page, &ask) : NULL;
	slowest = answer ? greatest(answer, 20) : 0;
	if (answer && slowest < answer->row_count) {
		struct ask one = ask;

		one.by = NULL;
		one.where = both(page, ask.where, is_name(page, "stage", answer->rows[slowest].by[0]));
		page_sentence(page, 0,
			      "Slowest step: %s, where half of the deals that moved on had stayed %s or longer.",
			      page_name(page, answer->rows[slowest].by[0]), value(page, page_figure(page, &one)));
	} else {
		page_sentence(page, 0, "How long deals stay in a stage is not known.");
	}
	for (size_t i = 0; i < page->finding_count; i++) {
		if (!strcmp(page->findings[i].kind, "slow_rep"))
			page_print_finding(page, &page->findings[i]);
	}
}

static void say_stuck(struct page *page, const struct known *known)
{
	const struct figure *stuck, *worth;

	page_heading(page, "What is stuck");
	if (!known->deals_open) {
		page_sentence(page, 0,
			      known->deals
				      ? "No deal is open."
				      : "There are no opportunities in the book: nothing is known of stuck deals.");
		return;
	}
	if (!known->visits_dated) {
		page_sentence(page, 0,
			      "Whether a deal is stuck cannot be told: nobody wrote down when it entered its stage.");
		return;
	}
	stuck = PAGE_ASK(page, .title = "Stuck share", .sentence = STUCK_SENTENCE,
			 .measure = "count(stagnant) / count(open)", .of = "opportunities");
	worth = page_term(page, &TERM_STAGNANT_VALUE, NULL, PERIOD_ALL);
	page_sentence(page, stuck->row->numerator > 0 ? -1 : 1,
		      "Of the open deals %s have been in their stage longer than its limit%s%s.", share(page, stuck),
		      figure_known(worth) && figure_number(worth) > 0 ? ": " : "",
		      figure_known(worth) && figure_number(worth) > 0 ? value(page, worth) : "");
	if (stuck->row->numerator > 0)
		page_note(page, "`lockstep report stuck` names them one by one.");
}

/* ---- what changed ---- */

static bool week_range(struct page *page, const struct ask *term, const struct week *w, double *least, double *most)
{
	struct ask ask = page_complete(page, term);
	const struct answer *answer;

	ask.by = page_printf(page, "week(%s)", ask.period_of);
	ask.period = w->twelve;
	answer = page_answer(page, &ask);
	if (answer->row_count < WEEKS) /* a week without any is no row: least is 0 */
		*least = 0;
	else
		*least = INFINITY;
	*most = 0;
	for (size_t i = 0; i < answer->row_count; i++) {
		*least = fmin(*least, answer->rows[i].value);
		*most = fmax(*most, answer->rows[i].value);
	}
	return answer->row_count >= 8;
}

static void say_changes(struct page *page, const struct known *known, const struct week *w)
{
	const struct {
		const struct ask *term;
		bool there;
		const char *label;
	} lines[] = {
		{ &TERM_LEADS, known->leads_dated > 0, "Leads" },
		{ &TERM_QUALIFIED, known->leads_qualified > 0, "Qualified leads" },
		{ &TERM_DEALS, known->deals_dated > 0, "New opportunities" },
		{ &TERM_WON, known->deals_closed_dated > 0, "Deals won" },
		{ &TERM_LOST, known->deals_closed_dated > 0, "Deals lost" },
	};
	size_t said = 0;
	double least, most;

	page_heading(page, "What changed");
	for (size_t i = 0; i < sizeof(lines) / sizeof(*lines); i++) {
		const struct figure *now, *last;

		if (!lines[i].there || !week_range(page, lines[i].term, w, &least, &most))
			continue;
		now = page_term(page, lines[i].term, NULL, w->now);
		last = page_term(page, lines[i].term, NULL, w->last);
		if (figure_number(now) > most || (w->over && figure_number(now) < least)) {
			page_sentence(page, 0, "%s: %s, last week %s; %s than in any of the %d weeks before.",
				      lines[i].label, value(page, now), value(page, last),
				      figure_number(now) > most ? "more" : "fewer", WEEKS);
			said++;
		}
	}
	if (known->deals_open) {
		struct ask before = TERM_STAGNANT;
		const struct figure *now = page_term(page, &TERM_STAGNANT, NULL, PERIOD_ALL), *then;

		before.as_of = w->now.from - 1;
		then = page_figure(page, &before);
		if (figure_known(then) && figure_count(then) != figure_count(now)) {
			page_sentence(page, figure_count(now) > figure_count(then) ? -1 : 1,
				      "Stuck deals: %s, a week ago %s.", value(page, now), value(page, then));
			said++;
		}
	}
	if (!said)
		page_sentence(page, 0, "Nothing moved further than weeks usually move.");
}

/* ---- who did well ---- */

static bool say_top_seller(struct page *page, const struct known *known, const struct week *w)
{
	struct ask ask = known->deals_valued ? TERM_WON_VALUE : TERM_WON, deals = TERM_WON;
	const struct answer *answer;
	size_t best;
	const char *owner;

	if (!known->deals_owned || !known->deals_closed_dated)
		return false;
	ask.by = "owner";
	ask.where = both(page, "won", "owner is not empty");
	ask.period = w->now;
	answer = page_answer(page, &ask);
	best = greatest(answer, 1);
	if (best == answer->row_count || !(answer->rows[best].value > 0))
		return false;
	owner = is_name(page, "owner", answer->rows[best].by[0]);
	ask.by = NULL;
	ask.where = both(page, "won", owner);
	deals.period = w->now;
	deals.where = owner;
	if (known->deals_valued)
		page_sentence(page, 1, "Most won this week: %s, %s in %s.", page_name(page, answer->rows[best].by[0]),
			      value(page, page_figure(page, &ask)),
			      noun(page, page_figure(page, &deals), "deal", "deals"));
	else
		page_sentence(page, 1, "Most won this week: %s, %s.", page_name(page, answer->rows[best].by[0]),
			      noun(page, page_figure(page, &deals), "deal", "deals"));
	return true;
}

/* The rep or list with the best share among those with at least 20 behind it, in the last weeks. */
static bool say_best_share(struct page *page, const struct ask *term, const char *dimension, const char *intro,
			   const struct week *w, const char *tail)
{
	struct ask ask = page_complete(page, term), one;
	const struct answer *answer;
	size_t best;

	ask.by = dimension;
	ask.where = both(page, ask.where, page_printf(page, "%s is not empty", dimension));
	ask.period = up_to_now(w);
	answer = page_answer(page, &ask);
	best = answer->row_count;
	for (size_t i = 0; i < answer->row_count; i++) {
		if (answer->rows[i].denominator >= 20 &&
		    (best == answer->row_count || answer->rows[i].value > answer->rows[best].value))
			best = i;
	}
	if (best == answer->row_count || !(answer->rows[best].value > 0))
		return false;
	one = ask;
	one.by = NULL;
	one.where = both(page, ask.where, is_name(page, dimension, answer->rows[best].by[0]));
	page_sentence(page, 1, "%s %s: %s %s in %d weeks.", intro, page_name(page, answer->rows[best].by[0]),
		      share(page, page_figure(page, &one)), tail, WEEKS + 1);
	return true;
}

static void say_well_done(struct page *page, const struct known *known, const struct week *w)
{
	bool said;

	page_heading(page, "Well done");
	said = say_top_seller(page, known, w);
	if (known->deals_owned && known->deals_closed_dated && known_win_rate(known))
		said = say_best_share(page, &TERM_WIN_RATE, "owner", "Best win rate:", w, "won") || said;
	if (known->leads_dated && known->leads_campaign && (known->leads_opportunity || known->leads_won))
		said = say_best_share(page, known_goal_term(known), "campaign", "Best campaign:", w,
				      known_goal_words(known)) ||
		       said;
	else if (known->leads_dated && known->leads_sourced && (known->leads_opportunity || known->leads_won))
		said = say_best_share(page, known_goal_term(known), "source", "Best source:", w,
				      known_goal_words(known)) ||
		       said;
	if (!said)
		page_sentence(page, 0, "The book has too little to name anybody fairly.");
}

/* ---- what to do ---- */

static void say_actions(struct page *page)
{
	size_t said = 0;

	page_heading(page, "What to do");
	for (size_t i = 0; i < page->finding_count && said < 5; i++) {
		if (page->findings[i].action) {
			page_action(page, page->findings[i].action);
			said++;
		}
	}
	if (!said)
		page_sentence(page, 0, "Nothing stands out that the book could show.");
}

/* Spend without days: what the platforms report is all there is. */
static void say_spend(struct page *page)
{
	const struct figure *spent = page_term(page, &TERM_SPEND, NULL, PERIOD_ALL);
	const struct figure *each = PAGE_ASK(page, .title = "Cost per reported conversion",
					     .sentence = "spend for each conversion that the platform reported",
					     .measure = "sum(amount) / sum(conversions)", .of = "spend");

	if (figure_known(each))
		page_sentence(page, 0, "%s was spent on campaigns, %s for each conversion that the platforms report.",
			      value(page, spent), value(page, each));
	else
		page_sentence(page, 0, "%s was spent on campaigns.", value(page, spent));
}

static void find_all(struct page *page, const struct known *known)
{
	find_junk(page, known, "campaign", "junk_campaign");
	if (!found(page, "junk_campaign")) /* a bad campaign is most of a bad source */
		find_junk(page, known, "source", "junk_source");
	find_leaking_stage(page, known);
	find_slow_reps(page, known);
	find_stuck(page, known);
	page_sort_findings(page);
}

static int build(const struct report_request *request, struct page *page, struct err *err)
{
	struct known known = page_known(page);
	bool dated = page->request.as_of != DATE_NONE &&
		     (known.leads_dated || known.deals_dated || known.deals_closed_dated || known.visits_dated ||
		      page_count(page, "spend", "day is known"));
	struct week w = { 0 };
	int year, number;

	(void)err;
	find_all(page, &known);
	if (dated) {
		w = week_of(page);
		date_iso_week(w.now.from, &year, &number);
		page->period = w.now;
		page->title = str_of(page_printf(page, "Alignment, week %d", number));
		say_pace(page, &known);
		say_came_in(page, &known, &w);
		campaign_table(page, &known, &w);
		say_response(page, &known, &w);
		say_funnel(page, &known, &w);
	} else {
		page->title = STR("Alignment");
		page_sentence(
			page, 0,
			"Nothing in the book has a date, so there is no week to tell of. What can be said without dates:");
		if (known.leads && (known.leads_opportunity || known.leads_won))
			page_sentence(page, 0, "Of the leads, %s %s.",
				      share(page, page_term(page, known_goal_term(&known), NULL, PERIOD_ALL)),
				      known_goal_words(&known));
		if (known.deals_closed)
			page_sentence(page, 0, "Of the deals that closed, %s were won.",
				      share(page, page_term(page, &TERM_WIN_RATE, NULL, PERIOD_ALL)));
		if (known.spend)
			say_spend(page);
	}
	if (known.deals || known.leads) {
		say_leaks(page, &known);
		say_slowest(page, &known);
		say_stuck(page, &known);
	}
	if (dated) {
		say_changes(page, &known, &w);
		say_well_done(page, &known, &w);
	}
	say_actions(page);
	page_heading(page, "What the book does not know");
	if (request->by)
		page_note(page, "The weekly page has no breakdown: --by was left aside.");
	page_note_unknown(page, &known);
	if (page->blocks[page->block_count - 1].kind == BLOCK_HEADING)
		page->block_count--;
	return 0;
}

const struct report report_weekly = {
	.name = "weekly",
	.title = "Alignment",
	.sentence =
		"The one page both teams read: what came in, where it leaks, what is stuck, who did well, what to do",
	.build = build,
};
