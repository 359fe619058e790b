/* The deals that stand still, one by one. */
#include "report/reports.h"

static void stage_table(struct page *page, const struct known *known, const char *by)
{
	struct table *table =
		page_table(page, "stages", page_printf(page, "Open deals by %s", by), "opportunities", by, "open");

	table_term(page, table, "open", "Open", &TERM_OPEN, NULL, PERIOD_ALL);
	if (known->visits_dated)
		TABLE_COLUMN(page, table, "stuck", "Stuck", .title = "Stuck share",
			     .sentence = "stuck, of the open deals in the stage",
			     .measure = "count(stagnant) / count()", .of = "opportunities");
	TABLE_COLUMN(page, table, "age", "Median age", .title = "Median age",
		     .sentence = "median days since the open deals were opened",
		     .measure = "median(days(created, as_of))", .of = "opportunities");
	if (known->visits_dated && known->deals_open_valued)
		table_term(page, table, "stuck_value", "Stuck value", &TERM_STAGNANT_VALUE, NULL, PERIOD_ALL);
	table_total(page, table);
}

/* Stages in which too few deals moved on to know what is usual. */
static void say_no_limit(struct page *page, const struct table *limits)
{
	size_t limit = table_find(limits, "limit");
	const char *names = NULL;

	for (size_t r = 0; r < limits->row_count; r++) {
		const struct figure *f = limits->rows[r].figures[limit];
		const char *name = page_name(page, limits->rows[r].texts[0]);

		if (!f || !figure_known(f))
			names = names ? page_printf(page, "%s, %s", names, name) : name;
	}
	if (names)
		page_note(
			page,
			"No limit is known for: %s. Fewer than 20 deals moved on from there with known dates, and none is agreed.",
			names);
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
	table_fill(page, table);
	say_no_limit(page, table);
}

static void say_stuck(struct page *page)
{
	const struct figure *stuck = PAGE_ASK(page, .title = "Stuck share", .sentence = STUCK_SENTENCE,
					      .measure = "count(stagnant) / count(open)", .of = "opportunities");
	const struct figure *worth = page_term(page, &TERM_STAGNANT_VALUE, NULL, PERIOD_ALL);
	bool valued = figure_known(worth) && figure_number(worth) > 0;

	page_sentence(page, stuck->row->numerator > 0 ? -1 : +1, "Of the open deals %s are stuck%s%s.",
		      share(page, stuck), valued ? ", worth " : "", valued ? value(page, worth) : "");
}

static int build(const struct report_request *request, struct page *page, struct err *err)
{
	struct known known = page_known(page);

	(void)err;
	if (!known.deals_open) {
		page_sentence(page, 0,
			      known.deals ? "No deal in the book is open: none is stuck."
					  : "The book has no opportunities: nothing can be said of stuck deals.");
		page_note_unknown(page, &known);
		return 0;
	}
	if (known.visits_dated)
		say_stuck(page);
	else
		page_sentence(page, 0,
			      "Whether a deal is stuck cannot be told: nobody wrote down when it entered its stage.");
	find_stuck(page, &known);
	stage_table(page, &known, request->by ? request->by : "stage");
	if (known.visits_dated)
		limit_table(page);
	if (known.visits_dated && page_count(page, "stage_visits", "stagnant"))
		page_rows(page, "deals", "The stuck deals, those longest in their stage first", "stage_visits",
			  "stagnant", "opportunity, owner, stage, entered, days(entered, as_of), limit_days, amount",
			  "Deal,Owner,Stage,In it since,>Days,>Limit,>Value", "entered", 60);
	page_note_unknown(page, &known);
	return 0;
}

const struct report report_stuck = {
	.name = "stuck",
	.title = "Stuck deals",
	.sentence = "Which open deals stand still, whose are they, and what are they worth?",
	.build = build,
	.no_period = true,
};
