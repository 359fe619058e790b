/* Where business leaks out: from which stage, for which reason, and between hand-over and acceptance. */
#include "report/reports.h"

static void stage_table(struct page *page, const struct known *known, const char *by)
{
	struct table *table = page_table(page, "stages", "Lost, by the stage they were lost from", "stage_visits", by,
					 both(page, "stage is not empty and outcome != \"still\"", open_stages(page)));
	struct period p = page->period;

	TABLE_COLUMN(page, table, "lost", "Lost", .title = "Lost from the stage",
		     .sentence = "deals lost from this stage, by the day they left it",
		     .measure = "count(outcome = \"lost\")", .period_of = "left", .period = p);
	if (known->deals_lost_valued)
		TABLE_COLUMN(page, table, "lost_value", "Lost value", .title = "Lost value",
			     .sentence = "value of the deals lost from this stage, as far as it is known",
			     .measure = "sum(amount)", .where = "outcome = \"lost\"", .period_of = "left", .period = p);
	TABLE_COLUMN(page, table, "lost_share", "Of all that left", .title = "Lost share",
		     .sentence = "lost, of all the visits to the stage that ended",
		     .measure = "count(outcome = \"lost\") / count()", .period_of = "left", .period = p);
	TABLE_COLUMN(page, table, "discontinued", "Given up", .title = "Discontinued",
		     .sentence = "given up in this stage without being lost to anyone; not in the losses",
		     .measure = "count(outcome = \"discontinued\")", .period_of = "left", .period = p);
	table_total(page, table);
	page_note_lost_stages(page, known);
	table_bars(table, "1");
}

static void reason_table(struct page *page)
{
	struct table *table = page_table(page, "reasons", "Lost, by reason", "opportunities", "reason", "lost");

	table_term(page, table, "lost", "Lost", &TERM_LOST, NULL, page->period);
	table_term(page, table, "lost_value", "Lost value", &TERM_LOST_VALUE, NULL, page->period);
	table_total(page, table);
}

static void stage_reason_table(struct page *page)
{
	struct table *table = page_table(page, "stage_reasons", "Lost, by stage and reason", "stage_visits",
					 "stage, reason", "outcome = \"lost\" and reason is not empty");

	TABLE_COLUMN(page, table, "lost", "Lost", .title = "Lost from the stage",
		     .sentence = "deals lost from this stage, by the day they left it", .measure = "count()",
		     .period_of = "left", .period = page->period);
	TABLE_COLUMN(page, table, "lost_value", "Lost value", .title = "Lost value",
		     .sentence = "value of the deals lost from this stage, as far as it is known",
		     .measure = "sum(amount)", .period_of = "left", .period = page->period);
	table_sort(page, table, "lost");
	table->shown = 20;
}

static void say_lost(struct page *page)
{
	const struct figure *lost = page_term(page, &TERM_LOST, NULL, page->period);
	const struct figure *worth = page_term(page, &TERM_LOST_VALUE, NULL, page->period);
	const struct figure *valued =
		PAGE_ASK(page, .title = "Lost with a value", .sentence = "lost deals whose value is known, of all lost",
			 .measure = "count(amount > 0) / count()", .of = "opportunities", .where = "lost",
			 .period_of = "lost", .period = page->period);

	if (figure_known(worth) && figure_number(worth) > 0)
		page_sentence(page, 0, "%s lost, worth %s as far as it is known: %s have a value.",
			      noun(page, lost, "deal was", "deals were"), value(page, worth), counts(page, valued));
	else
		page_sentence(page, 0, "%s lost. What they were worth is not known: none has a value.",
			      noun(page, lost, "deal was", "deals were"));
}

static int build(const struct report_request *request, struct page *page, struct err *err)
{
	struct known known = page_known(page);

	(void)err;
	if (!known.deals_lost) {
		page_sentence(page, 0,
			      known.deals ? "No deal in the book is lost."
					  : "The book has no opportunities: nothing is known of losses.");
	} else {
		say_lost(page);
		find_leaking_stage(page, &known);
		for (size_t i = 0; i < page->finding_count; i++)
			page_print_finding(page, &page->findings[i]);
	}
	say_who_owes(page, &known, page->period);
	if (known.visits && known.deals_lost &&
	    !page_count(page, "stage_visits", both(page, "outcome != \"still\"", open_stages(page))))
		page_note(page, "The stage before closing of %s lost deals is not known.",
			  number(page, known.deals_lost));
	else if (known.visits && known.deals_lost)
		stage_table(page, &known, request->by ? request->by : "stage");
	if (known.deals_lost && page_count(page, "opportunities", "lost and reason is not empty")) {
		reason_table(page);
		if (known.visits)
			stage_reason_table(page);
	} else if (known.deals_lost) {
		page_note(page, "No lost deal names a reason: why they were lost is not known.");
	}
	page_note_unknown(page, &known);
	return 0;
}

const struct report report_leaks = {
	.name = "leaks",
	.title = "Leaks",
	.sentence = "Where does business leak out, how much of it, and why?",
	.build = build,
	.judged = true,
	.lived = true,
};
