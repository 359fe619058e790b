/* What becomes of deals in each stage, and how long they stay. */
#include "report/reports.h"

static void flow_column(struct page *page, struct table *table, const char *name, const char *title,
			const char *outcome, const char *sentence)
{
	TABLE_COLUMN(page, table, name, title, .title = title, .sentence = sentence,
		     .measure = page_printf(page, "count(outcome = \"%s\") / count()", outcome), .period_of = "entered",
		     .period = page->period, .brief = true);
}

static struct table *flow_table(struct page *page, const char *by)
{
	struct table *table = page_table(page, "flow", "What became of the deals that entered", "stage_visits", by,
					 both(page, "stage is not empty", open_stages(page)));

	TABLE_COLUMN(page, table, "entered", "Entered", .title = "Entered",
		     .sentence = "visits to the stage, by the day the deal entered it", .measure = "count()",
		     .period_of = "entered", .period = page->period);
	flow_column(page, table, "forward", "Forward", "forward",
		    "went on to a later stage or was won, of all that entered: stage conversion");
	flow_column(page, table, "back", "Back", "back", "went back to an earlier stage, of all that entered");
	flow_column(page, table, "lost", "Lost", "lost", "was lost from the stage, of all that entered");
	flow_column(page, table, "discontinued", "Given up", "discontinued",
		    "was given up in the stage without being lost to anyone, of all that entered");
	flow_column(page, table, "still", "Still there", "still", "still there on the as-of day, of all that entered");
	table_fill(page, table);
	return table;
}

static struct table *time_table(struct page *page, const char *by)
{
	struct table *table = page_table(page, "time", "How long deals that moved on had stayed", "stage_visits", by,
					 both(page, "stage is not empty and outcome = \"forward\"", open_stages(page)));
	struct period p = page->period;

	TABLE_COLUMN(page, table, "moved_on", "Moved on", .title = "Moved on", .sentence = "visits that ended forward",
		     .measure = "count()", .period_of = "entered", .period = p);
	TABLE_COLUMN(page, table, "p25", "A quarter within", .title = "25th percentile",
		     .sentence = "a quarter of the visits that ended forward took no longer",
		     .measure = "percentile(days(entered, left), 25)", .period_of = "entered", .period = p);
	TABLE_COLUMN(page, table, "median", "Half within", .title = "Median",
		     .sentence = "half of the visits that ended forward took no longer",
		     .measure = "median(days(entered, left))", .period_of = "entered", .period = p);
	TABLE_COLUMN(page, table, "p75", "Three quarters", .title = "75th percentile",
		     .sentence = "three quarters of the visits that ended forward took no longer",
		     .measure = "percentile(days(entered, left), 75)", .period_of = "entered", .period = p);
	TABLE_COLUMN(page, table, "p90", "Nine in ten", .title = "90th percentile",
		     .sentence = "nine in ten of the visits that ended forward took no longer",
		     .measure = "percentile(days(entered, left), 90)", .period_of = "entered", .period = p);
	TABLE_COLUMN(
		page, table, "limit", "Limit", .title = "Limit",
		.sentence =
			"how long a deal may stay: as agreed, else the 90th percentile of all visits that moved on (at least 20), else not known",
		.measure = "max(limit_days)");
	table_fill(page, table);
	return table;
}

/* The stage that takes longest among those of which enough is known. */
static void say_slowest(struct page *page, const struct table *time)
{
	size_t median = table_find(time, "median"), slowest = time->row_count;
	double most = 0;

	for (size_t r = 0; r < time->row_count; r++) {
		const struct figure *f = time->rows[r].figures[median];

		if (!f || figure_too_few(f) || !(figure_number(f) > most))
			continue;
		most = figure_number(f);
		slowest = r;
	}
	if (slowest < time->row_count)
		page_sentence(page, 0,
			      "Slowest step: %s, where half of the deals that moved on had stayed %s or longer.",
			      page_name(page, time->rows[slowest].texts[0]),
			      value(page, time->rows[slowest].figures[median]));
}

static int build(const struct report_request *request, struct page *page, struct err *err)
{
	struct known known = page_known(page);
	const char *by = request->by ? request->by : "stage";

	(void)err;
	if (!known.visits) {
		page_sentence(
			page, 0,
			"The book does not say how deals moved through stages: there is no stage history and no date of a stage.");
		page_note_unknown(page, &known);
		return 0;
	}
	if (known.deals_closed &&
	    !page_count(page, "stage_visits", both(page, "outcome != \"still\"", open_stages(page)))) {
		page_sentence(
			page, 0,
			"The stage before closing of %s closed deals is not known: the book only has the stage each deal "
			"stands in. What became of deals in each stage cannot be told from the open ones alone.",
			number(page, known.deals_closed));
		page_note_unknown(page, &known);
		return 0;
	}
	find_leaking_stage(page, &known);
	for (size_t i = 0; i < page->finding_count; i++)
		page_print_finding(page, &page->findings[i]);
	if (!page->finding_count)
		page_sentence(page, 0, "No stage loses so much more than the others that it could be said for sure.");
	flow_table(page, by);
	page_note_lost_stages(page, &known);
	if (known.visits_dated)
		say_slowest(page, time_table(page, by));
	else
		page_sentence(page, 0,
			      "How long deals stay is not known: nobody wrote down when they entered a stage.");
	if (known.visits_dated && known.visits_dated < known.visits)
		page_note(page, "%s of %s visits have no entry date: they count in the flow, never in the times.",
			  number(page, known.visits - known.visits_dated), number(page, known.visits));
	page_note_unknown(page, &known);
	return 0;
}

const struct report report_stages = {
	.name = "stages",
	.title = "Stages",
	.sentence = "What becomes of deals in each stage, how long do they stay, and where is it slow?",
	.build = build,
};
