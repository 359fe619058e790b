/* The one page that both teams read. It answers, in this order: will we make it, what came in, how far did it get, where does it leak,
 * what is slow, what is stuck, what changed, who did well, what to do. */
#include <math.h>
#include "report/weekly.h"

enum { DAYS_ENOUGH = 5 }; /* of a week that is not over, to tell of it unasked */

/* The week with the last day of the period asked for, else with the as-of day asked for; unasked the last week that is over, or the one
 * that is nearly so. */
static struct week week_of(const struct page *page)
{
	const struct report_request *request = &page->request;
	int32_t last = request->to != DATE_NONE     ? request->to - 1
		       : request->from != DATE_NONE ? request->from + 6
						    : request->as_of;
	int32_t monday = last - date_weekday(last);
	bool asked = page->as_of_given || request->to != DATE_NONE || request->from != DATE_NONE;
	bool before = !asked && request->as_of - monday + 1 < DAYS_ENOUGH;

	if (before)
		monday -= 7;

	return (struct week){ .now = { monday, monday + 7 },
			      .last = { monday - 7, monday },
			      .four = { monday - 28, monday },
			      .twelve = { monday - 7 * WEEKS, monday },
			      .over = page->request.as_of >= monday + 6,
			      .before = before };
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
	if (weekly_promises(page, w))
		return;
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
	if (known->orders && page_count(page, "orders", "booked is known and paid")) {
		const struct figure *paid = PAGE_ASK(
			page, .title = "Paid", .sentence = "paid by the as-of day, of the orders booked",
			.measure = "count(paid) / count()", .of = "orders", .period_of = "booked", .period = p);

		page_sentence(page, 0, "Of the orders booked in the last %d weeks %s are paid.", WEEKS + 1,
			      share(page, paid));
	} else if (!known->leads && !known->deals) {
		page_sentence(page, 0, "The book has no leads and no deals: there is no way to follow.");
	} else if (!known->leads_dated && !known->deals_closed_dated) {
		page_sentence(
			page, 0,
			"The leads and deals have no dates: what became of them by weeks cannot be said. The funnel report "
			"tells what can be said at all.");
	}
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
	say_who_owes(page, known, PERIOD_ALL);
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

/* The end of the week told of, and the end of the one before it. Of a week that is not over: the as-of day. */
static bool say_stuck_change(struct page *page, const struct week *w)
{
	struct ask ask = TERM_STAGNANT;
	const struct figure *now, *then;

	if (w->over && w->now.to - 1 != page->request.as_of)
		ask.as_of = w->now.to - 1;
	now = page_figure(page, &ask);
	ask.as_of = w->now.from - 1;
	then = page_figure(page, &ask);
	if (!figure_known(now) || !figure_known(then) || figure_count(then) == figure_count(now))
		return false;
	page_sentence(page, figure_count(now) > figure_count(then) ? -1 : 1, "Stuck deals: %s %s, %s at the end of %s.",
		      value(page, now), w->over ? "at the end of the week" : "so far", value(page, then),
		      w->over ? "the one before" : "last week");
	return true;
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
	if (known->deals_open)
		said += say_stuck_change(page, w);
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
	size_t best, compared = 0;
	const struct figure *all;

	ask.where = both(page, ask.where, page_printf(page, "%s is not empty", dimension));
	ask.period = up_to_now(w);
	all = page_figure(page, &ask);
	ask.by = dimension;
	answer = page_answer(page, &ask);
	best = answer->row_count;
	for (size_t i = 0; i < answer->row_count; i++)
		compared += answer->rows[i].denominator >= 20;
	for (size_t i = 0; i < answer->row_count; i++) {
		if (answer->rows[i].denominator >= 20 &&
		    (best == answer->row_count || answer->rows[i].value > answer->rows[best].value))
			best = i;
	}
	/* the only one, or no better than all together, is not the best of anything */
	if (best == answer->row_count || compared < 2 || !(answer->rows[best].value > figure_number(all)))
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

static bool first_of_its_kind(const struct page *page, size_t i)
{
	size_t first = 0;

	while (!page->findings[first].action || !str_is(str_of(page->findings[first].kind), page->findings[i].kind))
		first++;
	return first == i;
}

/* The heaviest of each kind, then the rest: ten stages with stuck deals must not hide the one slow rep. */
static void say_actions(struct page *page)
{
	enum { MOST = 5 };
	size_t said = 0;

	page_heading(page, "What to do");
	for (int rest = 0; rest < 2; rest++) {
		for (size_t i = 0; i < page->finding_count && said < MOST; i++) {
			if (page->findings[i].action && first_of_its_kind(page, i) == !rest) {
				page_action(page, page->findings[i].action);
				said++;
			}
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

	if (!figure_known(spent))
		return;
	if (figure_known(each))
		page_sentence(page, 0, "%s was spent on campaigns, %s for each conversion that the platforms report.",
			      value(page, spent), value(page, each));
	else
		page_sentence(page, 0, "%s was spent on campaigns.", value(page, spent));
}

/* `w`: NULL where nothing has a date. */
static void find_all(struct page *page, const struct known *known, const struct week *w)
{
	if (w)
		weekly_find_broken(page, w);
	find_junk(page, known, "campaign", "junk_campaign");
	if (!found(page, "junk_campaign")) /* a bad campaign is most of a bad source */
		find_junk(page, known, "source", "junk_source");
	find_leaking_stage(page, known);
	find_slow_reps(page, known, PERIOD_ALL);
	find_stuck(page, known);
	page_sort_findings(page);
}

static int build(const struct report_request *request, struct page *page, struct err *err)
{
	struct known known = page_known(page);
	bool dated = page->request.as_of != DATE_NONE &&
		     (known.leads_dated || known.deals_dated || known.deals_closed_dated || known.visits_dated ||
		      page_count(page, "spend", "day is known") || page_count(page, "orders", "booked is known") ||
		      page_count(page, "touches", "at is known") || page_count(page, "activities", "at is known"));
	struct week w = { 0 };
	int year, number;

	(void)request;
	(void)err;
	if (dated)
		w = week_of(page);
	find_all(page, &known, dated ? &w : NULL);
	if (dated) {
		date_iso_week(w.now.from, &year, &number);
		page->period = w.now;
		page->title = str_of(page_printf(page, "Alignment, week %d", number));
		weekly_which(page, &w);
		weekly_pace(page, &known);
		weekly_came_in(page, &known, &w);
		weekly_campaigns(page, &known, &w);
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
	.no_by = true,
	.judged = true,
	.lived = true,
};
