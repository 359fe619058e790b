/* What was spent on each campaign, and what came of it. */
#include "report/reports.h"

/* "sum(spend.amount …) / count(…)": each fact goes by its own day. */
static const char *cost_per(struct page *page, const char *condition)
{
	const char *day = in_period(page, "spend.day", page->period),
		   *created = in_period(page, "created", page->period);
	const char *counted = both(page, condition, created);

	return page_printf(page, "sum(spend.amount%s%s) / count(%s)", day ? " where " : "", day ? day : "",
			   counted ? counted : "");
}

static void spend_table(struct page *page, const char *by)
{
	struct table *table =
		page_table(page, "spend", "What was spent, and what the platforms report", "spend", by, NULL);
	struct period p = page->period;

	table_term(page, table, "spend", "Spend", &TERM_SPEND, NULL, p);
	TABLE_COLUMN(page, table, "clicks", "Clicks", .title = "Clicks", .sentence = "clicks, as the platform reported",
		     .measure = "sum(clicks)", .period_of = "day", .period = p);
	TABLE_COLUMN(page, table, "reported_leads", "Reported leads", .title = "Reported leads",
		     .sentence = "leads, as the platform reported", .measure = "sum(leads)", .period_of = "day",
		     .period = p);
	TABLE_COLUMN(page, table, "reported_conversions", "Reported conversions", .title = "Reported conversions",
		     .sentence = "conversions, as the platform reported; not what became of them here",
		     .measure = "sum(conversions)", .period_of = "day", .period = p);
	TABLE_COLUMN(page, table, "cost_per_reported_lead", "Cost per reported lead", .title = "Cost per reported lead",
		     .sentence = "spend for each lead that the platform reported",
		     .measure = "sum(amount) / sum(leads)", .period_of = "day", .period = p);
	TABLE_COLUMN(page, table, "cost_per_reported_conversion", "Cost per reported conversion",
		     .title = "Cost per reported conversion",
		     .sentence = "spend for each conversion that the platform reported",
		     .measure = "sum(amount) / sum(conversions)", .period_of = "day", .period = p);
	table_sort(page, table, "spend");
	table_total(page, table);
	table_bars(table, "1");
}

static void lead_table(struct page *page, const struct known *known, const char *by)
{
	struct table *table = page_table(page, "leads", "What came of it here", "leads", by,
					 page_printf(page, "%s is not empty", by));

	table_term(page, table, "leads", "Leads", &TERM_LEADS, NULL, page->period);
	if (known_goes_on(known))
		table_term(page, table, "opportunity", "To opportunity", &TERM_GOAL_OPPORTUNITY, NULL, page->period);
	if (known->leads_won)
		table_term(page, table, "won", "To won", &TERM_GOAL_WON, NULL, page->period);
	if (known->spend_campaign) {
		TABLE_COLUMN(page, table, "cost_per_lead", "Cost per lead", .title = "Cost per lead",
			     .sentence = "spend of the campaign for each lead that came in",
			     .measure = cost_per(page, NULL), .of = "leads");
		if (known_goes_on(known))
			TABLE_COLUMN(page, table, "cost_per_opportunity", "Cost per opportunity",
				     .title = "Cost per lead that became an opportunity",
				     .sentence =
					     "spend of the campaign for each of its leads that became an opportunity",
				     .measure = cost_per(page, "opportunity"), .of = "leads");
		if (known->leads_won)
			TABLE_COLUMN(page, table, "cost_per_won", "Cost per won", .title = "Cost per lead won",
				     .sentence = "spend of the campaign for each of its leads that was won",
				     .measure = cost_per(page, "won"), .of = "leads");
	}
	table_total(page, table);
}

/* Campaigns that only touches name: who was reached, and how far those leads got. */
static void touch_table(struct page *page, const struct known *known, const char *by)
{
	struct table *table = page_table(page, "touches", "Whom campaigns reached", "touches", by,
					 page_printf(page, "%s is not empty", by));
	struct period p = page->period;

	TABLE_COLUMN(page, table, "touches", "Touches", .kpi = "touches", .period = p);
	if (page_count(page, "touches", "lead is not empty")) {
		TABLE_COLUMN(page, table, "leads", "Leads reached", .title = "Leads reached",
			     .sentence = "leads with at least one touch of the campaign", .measure = "distinct(lead)",
			     .period_of = "at", .period = p);
		if (known->leads_opportunity || known->leads_won)
			TABLE_COLUMN(page, table, "goal", known_goal_title(known), .title = "Of them, got there",
				     .sentence = "leads reached by the campaign that got there by the as-of day, "
						 "whatever else touched them",
				     .measure = page_printf(page, "distinct(lead where lead.%s) / distinct(lead)",
							    known_goal(known)),
				     .period_of = "at", .period = p);
	}
	table_sort(page, table, "touches");
	table_total(page, table);
	if (known->spend_campaign)
		page_note(page,
			  "Touches and spend are set side by side only where both write the campaign's name alike.");
}

/* Nothing else on this page is money: where all that was spent is of one other currency than the book's, the page is in that. */
static void take_currency_of_spend(struct page *page)
{
	const struct answer *answer;

	if (!page->currency || page_count(page, "spend", "currency is empty and amount is not empty"))
		return;
	answer = page_answer(page, &(struct ask){ .measure = "count()",
						  .of = "spend",
						  .by = "currency",
						  .where = "currency is not empty" });
	if (answer->row_count != 1 || str_is(answer->rows[0].by[0], page->currency))
		return;
	page_sentence(page, 0, "All spend is in %s, so this page is in it and not in %s.",
		      page_name(page, answer->rows[0].by[0]), page->currency);
	page->currency = arena_cstr(&page->arena, answer->rows[0].by[0]);
	page->other_money = NULL;
}

static void say_spend(struct page *page, const struct known *known)
{
	const struct figure *spent = page_term(page, &TERM_SPEND, NULL, page->period);

	if (!figure_known(spent)) {
		page_sentence(page, 0, page->currency ? "Nothing was spent in %s." : "What was spent is not known.",
			      page->currency);
		return;
	}
	if (known->leads && known->leads_campaign) {
		const struct figure *cost =
			PAGE_ASK(page, .title = "Cost", .sentence = "all spend for each lead that got there",
				 .measure = cost_per(page, known_goal(known)), .of = "leads");

		if (figure_known(cost)) {
			page_sentence(page, 0,
				      "%s was spent: %s for each lead that %s, leads without a campaign included.",
				      value(page, spent), value(page, cost),
				      known_goes_on(known) ? "became an opportunity" : "was won");
			return;
		}
	}
	page_sentence(page, 0, "%s was spent.", value(page, spent));
	if (!known->leads)
		page_sentence(page, 0,
			      "The book has no leads: what came of it is only what the platforms themselves report.");
}

static int build(const struct report_request *request, struct page *page, struct err *err)
{
	struct known known = page_known(page);
	const char *by = request->by ? request->by : "campaign";
	bool touches = page_count(page, "touches", "campaign is not empty") > 0;
	bool leads = known.leads && (known.leads_campaign || request->by);

	(void)err;
	take_currency_of_spend(page);
	if (!known.spend && !leads && !touches)
		page_sentence(page, 0, "The book knows of no campaign: neither spend nor leads nor touches name one.");
	if (known.spend)
		say_spend(page, &known);
	if (leads) {
		find_junk(page, &known, "campaign", "junk_campaign");
		for (size_t i = 0; i < page->finding_count; i++)
			page_print_finding(page, &page->findings[i]);
		if (!page->finding_count)
			page_sentence(
				page, 0,
				"No campaign converts so much worse than the others that it could be said for sure.");
	}
	if (known.spend)
		spend_table(page, by);
	if (leads)
		lead_table(page, &known, by);
	if (touches)
		touch_table(page, &known, by);
	page_note_unknown(page, &known);
	return 0;
}

const struct report report_campaigns = {
	.name = "campaigns",
	.title = "Campaigns",
	.sentence = "What did each campaign cost, and what did a lead, an opportunity, a won deal from it cost?",
	.build = build,
};
