/* How far leads and deals get: the cohort that came in beside what happened in the same time. */
#include "report/reports.h"

struct step {
	const char *name, *label, *condition, *sentence;
};

static const struct step lead_steps[] = {
	{ "prequalified", "Pre-qualified", "prequalified", "met the top-line criteria" },
	{ "qualified", "Qualified", "qualified", "became a qualified lead (MQL)" },
	{ "handed_off", "Handed to sales", "handed_off", "were handed to sales" },
	{ "first_response", "Contacted", "first_response", "were contacted by a person after the hand-over" },
	{ "accepted", "Accepted", "accepted", "were accepted by sales (SAL)" },
	{ "opportunity", "Opportunity", "opportunity", "became an opportunity (SQL)" },
	{ "won", "Won", "won", "were won" },
	{ NULL, NULL, NULL, NULL },
};

static const struct step deal_steps[] = {
	{ "bid", "Reached a quote or proposal", "bid", "reached the quote or proposal stage" },
	{ "won", "Won", "won", "were won" },
	{ "lost", "Lost", "lost", "were lost" },
	{ "discontinued", "Discontinued", "discontinued", "were given up without being lost to anyone" },
	{ NULL, NULL, NULL, NULL },
};

/* One row per step that anything has reached. */
static void step_table(struct page *page, const char *name, const char *title, const char *of, const struct step *steps,
		       bool dated)
{
	static const char *const columns[] = { "Step", "Of those that came in (cohort)", "Of the step before",
					       "Happened in the period (snapshot)", NULL };
	struct table *table = page_matrix(page, name, title, columns);
	struct period p = page->period;
	const char *before = NULL;
	const struct figure *figures[3];

	figures[0] = PAGE_ASK(page, .title = "Came in", .sentence = "came in or were opened in the period",
			      .measure = "count()", .of = of, .period_of = "created", .period = p);
	figures[1] = NULL;
	figures[2] = dated ? figures[0] : NULL;
	matrix_row(page, table, "created", str_is(str_of(of), "leads") ? "Came in" : "Opened", figures);
	for (; steps->name; steps++) {
		bool milestone = !str_is(str_of(steps->condition), "bid");

		if (!page_count(page, of, steps->condition))
			continue;
		figures[0] = PAGE_ASK(page, .title = steps->label, .sentence = steps->sentence,
				      .measure = page_printf(page, "count(%s) / count()", steps->condition), .of = of,
				      .period_of = "created", .period = p);
		figures[1] = !before ? NULL
				     : PAGE_ASK(page, .title = steps->label, .sentence = steps->sentence,
						.measure = page_printf(page, "count(%s) / count()", steps->condition),
						.of = of, .where = before, .period_of = "created", .period = p);
		figures[2] = !dated || !milestone
				     ? NULL
				     : PAGE_ASK(page, .title = steps->label, .sentence = steps->sentence,
						.measure = page_printf(page, "count(%s)", steps->condition), .of = of,
						.period_of = steps->condition, .period = p);
		matrix_row(page, table, steps->name, steps->label, figures);
		if (str_is(str_of(of), "leads"))
			before = steps->condition;
	}
	figures[0] =
		PAGE_ASK(page, .title = "Still open", .sentence = "neither won, lost nor given up on the as-of day",
			 .measure = "count(open) / count()", .of = of, .period_of = "created", .period = p);
	figures[1] = figures[2] = NULL;
	if (figures[0]->row->numerator > 0)
		matrix_row(page, table, "open", "Still open", figures);
}

static void lead_months(struct page *page, const struct known *known, const char *by)
{
	struct table *table = page_table(page, "lead_cohorts", "Leads by when they came in (cohorts)", "leads", by,
					 "created is known");

	table_term(page, table, "leads", "Leads", &TERM_LEADS, NULL, page->period);
	table_term(page, table, "goal", known_goal_title(known), known_goal_term(known), NULL, page->period);
	if (known_goes_on(known) && known->leads_won)
		table_term(page, table, "won", "To won", &TERM_GOAL_WON, NULL, page->period);
	TABLE_COLUMN(page, table, "open", "Still open", .title = "Still open",
		     .sentence = "neither won, lost nor given up on the as-of day", .measure = "count(open) / count()",
		     .of = "leads", .period_of = "created", .period = page->period, .brief = true);
	table_fill(page, table);
	table_chart(table, "line", 0, "2", -1);
}

static void deal_months(struct page *page)
{
	struct table *table = page_table(page, "deal_cohorts", "Win rate by month: cohort and snapshot side by side",
					 "opportunities", "month(created)", NULL);
	struct ask snapshot = TERM_WIN_RATE;

	table_label(table, 0, "Month");
	TABLE_COLUMN(page, table, "cohort", "Won of the opened (cohort)", .title = "Cohort win rate",
		     .sentence = "of the opportunities opened, those won by the as-of day",
		     .measure = "count(won) / count()", .of = "opportunities", .where = "created is known",
		     .period_of = "created", .period = page->period);
	TABLE_COLUMN(page, table, "open", "Still open", .title = "Still open",
		     .sentence = "neither won, lost nor given up on the as-of day", .measure = "count(open) / count()",
		     .of = "opportunities", .where = "created is known", .period_of = "created", .period = page->period,
		     .brief = true);
	snapshot.by = "month(closed)";
	snapshot.where = "closed is known";
	snapshot.period = page->period;
	table_column(page, table, "snapshot", "Won of the closed (snapshot)", &snapshot);
	table_fill(page, table);
	table_chart(table, "line", 0, "1,3", -1);
}

static void say_leads(struct page *page, const struct known *known)
{
	const struct figure *goal = page_term(page, known_goal_term(known), NULL, page->period);
	const struct figure *open =
		PAGE_ASK(page, .title = "Still open", .sentence = "neither won, lost nor given up on the as-of day",
			 .measure = "count(open)", .of = "leads", .period_of = "created", .period = page->period);

	if (!known->leads_opportunity && !known->leads_won) {
		page_sentence(page, 0, "The book does not say what became of the leads.");
		return;
	}
	page_sentence(page, 0, "Of the leads that came in, %s %s.", share(page, goal), known_goal_words(known));
	if (figure_count(open))
		page_sentence(page, 0, "%s still open: that share can still rise.",
			      noun(page, open, "of them is", "of them are"));
}

static void say_deals(struct page *page, const struct known *known)
{
	const struct figure *cohort = page_term(page, &TERM_COHORT_WIN_RATE, NULL, page->period);
	const struct figure *snapshot = page_term(page, &TERM_WIN_RATE, NULL, page->period);
	const struct figure *open = PAGE_ASK(
		page, .title = "Still open", .sentence = "neither won, lost nor given up on the as-of day",
		.measure = "count(open)", .of = "opportunities", .period_of = "created", .period = page->period);

	if (known_win_rate(known))
		page_sentence(page, 0, "Of the deals that closed, %s were won; of those that were opened, %s so far.",
			      share(page, snapshot), share(page, cohort));
	else
		page_sentence(page, 0, "Of the deals that were opened, %s were won.", share(page, cohort));
	if (figure_count(open))
		page_sentence(page, 0, "%s still open: the cohort can still rise.",
			      noun(page, open, "deal is", "deals are"));
}

static int build(const struct report_request *request, struct page *page, struct err *err)
{
	struct known known = page_known(page);

	(void)err;
	if (known.leads) {
		page_heading(page, "Leads");
		say_leads(page, &known);
		step_table(page, "leads", "How far leads get", "leads", lead_steps, known.leads_dated > 0);
		if (known.leads_dated || request->by)
			lead_months(page, &known, request->by ? request->by : "month(created)");
	}
	if (known.deals) {
		page_heading(page, "Deals");
		say_deals(page, &known);
		step_table(page, "deals", "How far deals get", "opportunities", deal_steps,
			   known.deals_closed_dated > 0);
		if (known.deals_dated && known.deals_closed_dated)
			deal_months(page);
	}
	page_note_unknown(page, &known);
	return 0;
}

const struct report report_funnel = {
	.name = "funnel",
	.title = "Funnel",
	.sentence =
		"How far do leads and deals get: those that came in (cohort) beside what happened in the same time (snapshot)?",
	.build = build,
};
