/* An agreement replayed on what is in the book: which leads would have passed, and which promises were kept. */
#include "report/replay.h"

#include "report/page.h"

static void say_leads(struct page *page)
{
	const struct figure *passed = PAGE_ASK(
		page, .title = "Leads that pass",
		.sentence = "leads that meet the criteria and reach the bar of their type, of all that came in",
		.measure = "count(passed) / count()", .of = "leads", .period_of = "created", .period = page->period);
	struct table *table =
		page_table(page, "passed", "Leads by the agreement's types", "leads", "agreed_type", NULL);

	page_sentence(page, 0, "%s leads would have passed.", share(page, passed));
	TABLE_COLUMN(page, table, "leads", "Leads", .title = "Leads", .sentence = "leads that came in",
		     .measure = "count()", .period_of = "created", .period = page->period);
	TABLE_COLUMN(page, table, "passed", "Passed", .title = "Leads that pass",
		     .sentence = "leads that meet the criteria and reach the bar of their type, of all that came in",
		     .measure = "count(passed) / count()", .period_of = "created", .period = page->period);
	table_total(page, table);
}

static void promise_columns(struct page *page, struct table *table)
{
	TABLE_COLUMN(page, table, "opened", "Opened", .title = "Promises opened",
		     .sentence = "promises whose clock started", .measure = "count()", .period_of = "started",
		     .period = page->period);
	TABLE_COLUMN(page, table, "due", "Fell due", .title = "Promises that fell due",
		     .sentence = "promises that were met or broken, by when they were due",
		     .measure = "count(fell_due)", .period_of = "due", .period = page->period);
	TABLE_COLUMN(page, table, "kept", "Kept", .title = "On-time share", .sentence = "kept, of what fell due",
		     .measure = "count(met and fell_due) / count(fell_due)", .period_of = "due",
		     .period = page->period);
}

static void say_promises(struct page *page)
{
	struct table *table = page_table(page, "promises", "Promises", "promises", "party, promise", NULL);
	struct table *people;

	promise_columns(page, table);
	people = page_table(page, "owners", "Promises by owner", "promises", "promise, owner", "lead is set");
	promise_columns(page, people);
}

static int build(const struct report_request *request, struct page *page, struct err *err)
{
	(void)request;
	(void)err;
	say_leads(page);
	say_promises(page);
	return 0;
}

const struct report report_replay = {
	.name = "replay",
	.title = "Replay",
	.sentence = "How would we have done under this agreement?",
	.build = build,
	.no_by = true,
};
