/* How far leads and deals get: the cohort that came in beside what happened in the same time. */
#include "report/reports.h"

struct step {
	const char *name, *label, *condition, *sentence;
	const char *at; /* the milestone whose day counts, where the condition is not its name alone; "" = none */
	const struct step *instead; /* in a book without a hand-over, or NULL */
};

/* Where no lead is known to have been handed over, the first contact of all is what can be counted. */
static const struct step contact_unhanded = {
	.name = "first_response",
	.label = "Contacted",
	.condition = "first_response",
	.sentence = "were contacted by a person after they came in; the book knows no hand-over",
};

static const struct step lead_steps[] = {
	{ "prequalified", "Pre-qualified", "prequalified", "met the top-line criteria", NULL, NULL },
	{ "qualified", "Qualified", "qualified", "became a qualified lead (MQL)", NULL, NULL },
	{ "handed_off", "Handed to sales", "handed_off", "were handed to sales", NULL, NULL },
	{ "first_response", "Contacted", "handed_off and first_response",
	  "were contacted by a person after the hand-over", "first_response", &contact_unhanded },
	{ "accepted", "Accepted", "accepted", "were accepted by sales (SAL)", NULL, NULL },
	{ "opportunity", "Opportunity", "opportunity", "became an opportunity (SQL)", NULL, NULL },
	{ "won", "Won", "won", "were won", NULL, NULL },
	{ .name = NULL },
};

static const struct step deal_steps[] = {
	{ "bid", "Reached a quote or proposal", "bid", "reached the quote or proposal stage", "", NULL },
	{ "won", "Won", "won", "were won", NULL, NULL },
	{ "lost", "Lost", "lost", "were lost", NULL, NULL },
	{ "discontinued", "Discontinued", "discontinued", "were given up without being lost to anyone", NULL, NULL },
	{ .name = NULL },
};

/* One row per step that anything has reached. */
static void step_table(struct page *page, const char *name, const char *title, const char *of, const struct step *steps,
		       const struct known *known, bool dated)
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
		const struct step *step = steps->instead && !known->leads_handed ? steps->instead : steps;
		const char *at = step->at ? step->at : step->condition;
		struct ask ask = { .title = step->label, .sentence = step->sentence, .of = of, .period = p };

		if (!page_count(page, of, step->condition))
			continue;
		ask.measure = page_printf(page, "count(%s) / count()", step->condition);
		ask.period_of = "created";
		figures[0] = page_figure(page, &ask);
		ask.where = before;
		figures[1] = before ? page_figure(page, &ask) : NULL;
		ask.where = NULL;
		ask.measure = page_printf(page, "count(%s)", step->condition);
		ask.period_of = at;
		figures[2] = dated && *at ? page_figure(page, &ask) : NULL;
		matrix_row(page, table, step->name, step->label, figures);
		if (str_is(str_of(of), "leads"))
			before = step->condition;
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

/* Before the first opportunity: how far they are. */
static void say_so_far(struct page *page, const struct known *known)
{
	const struct figure *handed, *back;

	if (!known->leads_handed) {
		page_sentence(page, 0, "The book does not say what became of the leads.");
		return;
	}
	handed = PAGE_ASK(page, .title = "Handed to sales", .sentence = "were handed to sales", .of = "leads",
			  .measure = "count(handed_off)", .period_of = "created", .period = page->period);
	back = PAGE_ASK(page, .title = "Given back", .sentence = "sales gave back, or found to be no lead",
			.of = "leads", .measure = "count(handed_off and (rejected or disqualified))",
			.period_of = "created", .period = page->period);
	page_sentence(
		page, 0,
		"Of the leads that came in, %s handed to sales, %s of them given back; the book has no opportunity yet.",
		noun(page, handed, "was", "were"), value(page, back));
}

static void say_leads(struct page *page, const struct known *known)
{
	const struct figure *goal = page_term(page, known_goal_term(known), NULL, page->period);
	const struct figure *open =
		PAGE_ASK(page, .title = "Still open", .sentence = "neither won, lost nor given up on the as-of day",
			 .measure = "count(open)", .of = "leads", .period_of = "created", .period = page->period);

	if (known->leads_opportunity || known->leads_won)
		page_sentence(page, 0, "Of the leads that came in, %s %s.", share(page, goal), known_goal_words(known));
	else
		say_so_far(page, known);
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
		step_table(page, "leads", "How far leads get", "leads", lead_steps, &known, known.leads_dated > 0);
		if (known.leads_dated || request->by)
			lead_months(page, &known, request->by ? request->by : "month(created)");
	}
	if (known.deals) {
		page_heading(page, "Deals");
		say_deals(page, &known);
		step_table(page, "deals", "How far deals get", "opportunities", deal_steps, &known,
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
