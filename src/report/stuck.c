/* The deals that stand still, one by one. */
#include "report/reports.h"

static void stage_table(struct page *page, const char *by)
{
	struct table *table = page_table(page, "stages", "Open deals by stage", "opportunities", by, "open");

	table_term(page, table, "open", "Open", &TERM_OPEN, NULL, PERIOD_ALL);
	TABLE_COLUMN(page, table, "stuck", "Stuck", .title = "Stuck share",
		     .sentence = "stuck, of the open deals in the stage", .measure = "count(stagnant) / count()",
		     .of = "opportunities");
	TABLE_COLUMN(page, table, "age", "Median age", .title = "Median age",
		     .sentence = "median days since the open deals were opened",
		     .measure = "median(days(created, as_of))", .of = "opportunities");
	table_term(page, table, "stuck_value", "Stuck value", &TERM_STAGNANT_VALUE, NULL, PERIOD_ALL);
	table_total(page, table);
}

static void limit_table(struct page *page)
{
	struct table *table = page_table(page, "limits", "How long a deal may stay", "stage_visits", "stage",
					 "stage is not empty and outcome = \"still\"");

	TABLE_COLUMN(page, table, "still", "Still there", .title = "Still there",
		     .sentence = "deals in the stage on the as-of day", .measure = "count()");
	TABLE_COLUMN(
		page, table, "limit", "Limit", .title = "Limit",
		.sentence =
			"how long a deal may stay: as agreed, else the 90th percentile of all visits that moved on (at least 20), else not known",
		.measure = "max(limit_days)");
}

static int build(const struct report_request *request, struct page *page, struct err *err)
{
	struct known known = page_known(page);
	const struct figure *stuck, *worth;

	(void)err;
	if (!known.deals_open) {
		page_sentence(page, 0,
			      known.deals ? "No deal in the book is open: none is stuck."
					  : "The book has no opportunities: nothing can be said of stuck deals.");
		page_note_unknown(page, &known);
		return 0;
	}
	stuck = PAGE_ASK(page, .title = "Stuck share", .sentence = STUCK_SENTENCE,
			 .measure = "count(stagnant) / count(open)", .of = "opportunities");
	worth = page_term(page, &TERM_STAGNANT_VALUE, NULL, PERIOD_ALL);
	page_sentence(page, stuck->row->numerator > 0 ? -1 : +1, "Of the open deals %s are stuck%s%s.",
		      share(page, stuck), figure_known(worth) && figure_number(worth) > 0 ? ", worth " : "",
		      figure_known(worth) && figure_number(worth) > 0 ? value(page, worth) : "");
	find_stuck(page, &known);
	stage_table(page, request->by ? request->by : "stage");
	if (known.visits)
		limit_table(page);
	if (known.visits && stuck->row->numerator > 0)
		page_rows(page, "deals", "The stuck deals, those longest in their stage first", "stage_visits",
			  "stagnant", "opportunity, owner, stage, entered, limit_days, amount",
			  "Deal,Owner,Stage,In it since,>Limit (days),>Value", "entered", 60);
	if (!known.visits)
		page_note(
			page,
			"No stage history and no date of a stage: how long a deal has been in its stage is not known.");
	page_note_unknown(page, &known);
	return 0;
}

const struct report report_stuck = {
	.name = "stuck",
	.title = "Stuck deals",
	.sentence = "Which open deals stand still, whose are they, and what are they worth?",
	.build = build,
};
