/* The week in numbers: what came in, beside the week before and the four before that. */
#include "report/weekly.h"

static const struct figure *with_tenths(const struct figure *figure)
{
	((struct figure *)(uintptr_t)figure)->tenths = true;
	return figure;
}

/* "… / 4" over the four weeks before. */
static const struct figure *four_week_average(struct page *page, const struct ask *term, const char *where,
					      const struct week *w)
{
	struct ask ask = page_complete(page, term);

	ask.measure = page_printf(page, "%s / 4", ask.measure);
	ask.where = both(page, ask.where, where);
	ask.period = w->four;
	return with_tenths(page_figure(page, &ask));
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

/* Of what is not known no part is known either: nothing of it is not "0". */
static void part_row(struct page *page, struct table *table, const char *name, const char *label,
		     const struct ask *term, const char *part, const struct week *w)
{
	const struct period periods[3] = { w->now, w->last, w->four };
	const struct figure *figures[4] = { 0 };

	for (int i = 0; i < 3; i++) {
		struct ask whole = page_complete(page, term);
		const struct answer *answer;

		whole.period = periods[i];
		answer = page_answer(page, &whole);
		if (!answer->row_count || answer->rows[0].type == ANSWER_NONE)
			continue;
		figures[i] = i == 2 ? four_week_average(page, term, part, w) : page_term(page, term, part, periods[i]);
	}
	matrix_row(page, table, name, label, figures);
}

static void deal_rows(struct page *page, struct table *table, const struct known *known, const struct week *w)
{
	bool origins = known->deals_origin > 0;
	bool told = page_count(page, "opportunities", "inbound is not empty") > 0;
	const char *part = told ? "inbound" : origins ? "origin = \"marketing\"" : NULL;
	const char *label = told ? "  of it inbound" : "  of it from marketing";

	week_row(page, table, "opportunities", "Opportunities", &TERM_DEALS, NULL, w, origins);
	if (known->deals_valued) {
		week_row(page, table, "pipeline", "Pipeline generated", &TERM_PIPELINE, NULL, w, origins);
		if (part)
			part_row(page, table, told ? "pipeline_inbound" : "pipeline_marketing", label, &TERM_PIPELINE,
				 part, w);
	}
	if (!known->deals_closed_dated)
		return;
	week_row(page, table, "won", "Won", &TERM_WON, NULL, w, origins);
	if (known->deals_valued) {
		week_row(page, table, "won_value", "Won value", &TERM_WON_VALUE, NULL, w, false);
		if (part)
			part_row(page, table, told ? "won_inbound" : "won_marketing", label, &TERM_WON_VALUE, part, w);
	}
	if (known_win_rate(known))
		week_row(page, table, "win_rate", "Win rate", &TERM_WIN_RATE, NULL, w, false);
}

static const char *iso_date(struct page *page, int32_t date)
{
	char text[16];

	date_format(date, text);
	return page_printf(page, "%s", text);
}

static const char *week_name(struct page *page, const struct week *w)
{
	int year, number;

	date_iso_week(w->now.from, &year, &number);
	return page_printf(page, "Week %d", number);
}

/* By the day of each step; where the source says no amount of it, the orders' price stands for it. */
static void order_rows(struct page *page, struct table *table, const struct known *known, const struct week *w)
{
	static const struct {
		const char *name, *label, *day, *amount, *sentence;
	} steps[] = { { "orders", "Orders", "booked", NULL, "orders, by the day they were booked" },
		      { "billed", "Billed", "invoiced", "billed", "what was billed, by the day of the invoice" },
		      { "collected", "Collected", "paid", "collected", "what was collected, by the day it was paid" } };

	for (size_t i = 0; known->orders && i < sizeof(steps) / sizeof(*steps); i++) {
		struct ask ask = { .title = steps[i].label,
				   .sentence = steps[i].sentence,
				   .measure = "count()",
				   .of = "orders",
				   .where = steps[i].day,
				   .period_of = steps[i].day };

		if (!page_count(page, "orders", page_printf(page, "%s is known", steps[i].day)))
			continue;
		if (steps[i].amount) {
			bool own = page_count(page, "orders", page_printf(page, "%s is not empty", steps[i].amount));

			ask.measure = page_printf(page, "sum(%s)", own ? steps[i].amount : "amount");
			if (!own)
				ask.sentence = page_printf(
					page, "%s; the orders' price, since the book has no amount of its own for it",
					steps[i].sentence);
		}
		week_row(page, table, steps[i].name, steps[i].label, &ask, NULL, w, false);
	}
}

void weekly_which(struct page *page, const struct week *w)
{
	if (w->before)
		page_sentence(
			page, 0,
			"This is the last week that is over: the one of %s has only begun. --as-of %s tells of that one.",
			page_date(page, page->request.as_of), iso_date(page, page->request.as_of));
	else if (!w->over && page->request.as_of >= w->now.from)
		page_sentence(page, 0, "The week is not over: day %d of 7.",
			      (int)(page->request.as_of - w->now.from + 1));
}

/* Those that came back from sales and went there once more: the row above has each lead once. */
static void again_row(struct page *page, struct table *table, const struct week *w)
{
	static const struct ask again = { .title = "Handed over once more",
					  .sentence = "hand-overs of leads that had been handed over before",
					  .measure = "count()",
					  .of = "lead_steps",
					  .where = "step = handed_off and at > lead.handed_off",
					  .period_of = "at" };
	const char *lately = in_period(page, "at", (struct period){ w->four.from, w->now.to });

	if (page_count(page, "lead_steps", both(page, again.where, lately)))
		week_row(page, table, "handed_again", "  once more", &again, NULL, w, false);
}

/* Spend by days, and in the currency of the page. */
static const char *spend_told(struct page *page)
{
	const char *currency = page->currency;

	return both(page, "day is known",
		    currency ? page_printf(page, "currency is empty or %s", is_name(page, "currency", str_of(currency)))
			     : NULL);
}

void weekly_came_in(struct page *page, const struct known *known, const struct week *w)
{
	bool origins = known->leads_origin || known->deals_origin;
	const char *const columns[] = {
		week_name(page, w), "This week", "Last week", "4-week average", origins ? "From marketing" : NULL, NULL
	};
	struct table *table;

	table = page_matrix(page, "week", "What came in", columns);
	if (known->leads_dated)
		week_row(page, table, "leads", "Leads", &TERM_LEADS, NULL, w, known->leads_origin > 0);
	if (known->leads_qualified)
		week_row(page, table, "qualified", "Qualified leads", &TERM_QUALIFIED, NULL, w,
			 known->leads_origin > 0);
	if (known->leads_handed) {
		week_row(page, table, "handed_off", "Handed to sales", &TERM_HANDED_OFF, NULL, w,
			 known->leads_origin > 0);
		again_row(page, table, w);
	}
	if (known->deals_dated)
		deal_rows(page, table, known, w);
	else if (known->leads_won && known->leads_dated)
		week_row(page, table, "won", "Leads won", &TERM_LEAD_WON, NULL, w, known->leads_origin > 0);
	if (known->spend && page_count(page, "spend", spend_told(page)))
		week_row(page, table, "spend", "Spend", &TERM_SPEND, NULL, w, false);
	if (known->touches && page_count(page, "touches", "at is known"))
		week_row(page, table, "touches", "Touches", &(struct ask){ .kpi = "touches" }, NULL, w, false);
	if (known->activities && page_count(page, "activities", "at is known"))
		week_row(page, table, "activities", "Calls and other contacts",
			 &(struct ask){ .title = "Contacts",
					.sentence = "calls, mails and meetings, by the day they happened",
					.measure = "count()",
					.of = "activities",
					.period_of = "at" },
			 NULL, w, false);
	if (known->orders && page_count(page, "orders", "booked is known and amount is not empty"))
		week_row(page, table, "booked", "Orders booked", &TERM_BOOKED, NULL, w, false);
	order_rows(page, table, known, w);
	if (!table->row_count)
		page_note(page, "Nothing in the book has the dates for this.");
}

void weekly_campaigns(struct page *page, const struct known *known, const struct week *w)
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
	table_fill(page, table);
	table->shown = 5;
}
