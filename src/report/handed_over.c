/* What became of the leads that marketing handed over: what marketing looks at when it asks for feedback. */
#include "report/reports.h"

/* Of the leads handed over in the period. */
#define OF_THOSE(page, what, name, says)                                                                               \
	PAGE_ASK((page), .title = (name), .sentence = (says), .of = "leads", .period_of = "handed_off",                \
		 .measure = "count(handed_off and " what ") on handed_off / count(handed_off) on handed_off",          \
		 .period = (page)->period, .own_time = true)

/* Each lead is in one of these, so that together they are all that were handed over. */
#define KEPT "(accepted or opportunity) and not rejected and not disqualified"
#define BACK "(rejected or disqualified)"
#define UNANSWERED "not accepted and not rejected and not disqualified and not opportunity"

#define KEPT_SAYS                                                                                                      \
	"of the leads handed over in the period, those that sales accepted and did not give back by the as-of day"
#define BACK_SAYS                                                                                                      \
	"of the leads handed over in the period, those that sales gave back or found to be no lead, whether it had "   \
	"accepted them or not"
#define OPEN_SAYS "of the leads handed over in the period, those that sales neither took nor gave back so far"

static void say_what_became(struct page *page)
{
	const struct figure *kept = OF_THOSE(page, KEPT, "Accepted", KEPT_SAYS),
			    *back = OF_THOSE(page, BACK, "Given back", BACK_SAYS),
			    *open = OF_THOSE(page, UNANSWERED, "Without an answer", OPEN_SAYS);
	const struct figure *after =
		PAGE_ASK(page, .title = "Given back after all", .of = "leads", .period_of = "handed_off",
			 .sentence = "leads handed over in the period that sales accepted first and gave back later",
			 .measure = "count(handed_off and accepted and " BACK ") on handed_off", .period = page->period,
			 .own_time = true);

	page_sentence(page, 0,
		      "Of the leads handed over sales accepted and kept %s, gave back %s, and has not answered on %s.",
		      share(page, kept), share(page, back), share(page, open));
	if (figure_count(after))
		page_sentence(page, 0, "Of those given back %s accepted first.",
			      noun(page, after, "had been", "had been"));
}

static void say_what_is_owed(struct page *page)
{
	const struct figure *
		owed = PAGE_ASK(
		       page, .title = "Promises owed", .of = "promises",
		       .sentence =
			       "promises of sales about leads that were handed over which are not kept yet and still can be",
		       .measure = "count()", .where = "party = sales and owed and lead.handed_off"),
	       *late = PAGE_ASK(page, .title = "Overdue", .of = "promises",
				.sentence = "those of them whose time is over", .measure = "count()",
				.where = "party = sales and owed and lead.handed_off and state = broken");

	if (!figure_count(owed))
		return;
	page_sentence(page, figure_count(late) ? -1 : 0,
		      "Whatever the period, %s of sales about them wait to be kept now, %s of them overdue.",
		      noun(page, owed, "promise", "promises"), value(page, late));
}

static void count_columns(struct page *page, struct table *table)
{
	struct period p = page->period;

	TABLE_COLUMN(page, table, "handed_over", "Handed over", .kpi = "handed_off_leads", .period = p);
	TABLE_COLUMN(page, table, "accepted", "Accepted and kept", .title = "Accepted", .sentence = KEPT_SAYS,
		     .measure = "count(handed_off and " KEPT ") on handed_off / count(handed_off) on handed_off",
		     .period_of = "handed_off", .period = p, .own_time = true, .brief = true);
	TABLE_COLUMN(page, table, "back", "Given back", .title = "Given back", .sentence = BACK_SAYS,
		     .measure = "count(handed_off and " BACK ") on handed_off / count(handed_off) on handed_off",
		     .period_of = "handed_off", .period = p, .own_time = true, .brief = true);
	TABLE_COLUMN(page, table, "open", "Without an answer", .title = "Without an answer", .sentence = OPEN_SAYS,
		     .measure = "count(handed_off and " UNANSWERED ") on handed_off / count(handed_off) on handed_off",
		     .period_of = "handed_off", .period = p, .own_time = true, .brief = true);
	TABLE_COLUMN(page, table, "opportunity", "To opportunity", .title = "To opportunity",
		     .sentence = "of the leads handed over in the period, those that became an opportunity",
		     .measure = "count(handed_off and opportunity) on handed_off / count(handed_off) on handed_off",
		     .period_of = "handed_off", .period = p, .own_time = true, .brief = true);
}

static void tell_why(struct page *page)
{
	struct table *table =
		page_table(page, "reasons", "Why they came back", "leads", "reason", "rejected or disqualified");

	TABLE_COLUMN(page, table, "back", "Given back", .title = "Given back",
		     .sentence =
			     "leads that sales gave back or found to be no lead, of those handed over in the period",
		     .measure = "count(handed_off) on handed_off", .period_of = "handed_off", .period = page->period,
		     .own_time = true);
	table_sort(page, table, "back");
	table_bars(table, "1");
}

static int build(const struct report_request *request, struct page *page, struct err *err)
{
	const struct figure *handed = PAGE_ASK(page, .kpi = "handed_off_leads", .period = page->period);
	struct table *table;

	(void)err;
	if (!figure_count(handed)) {
		page_sentence(page, 0, "No lead was handed over in this time.");
		return 0;
	}
	say_what_became(page);
	say_what_is_owed(page);
	tell_why(page);
	table = page_table(page, "by", request->by ? "What became of them" : "By campaign", "leads",
			   request->by ? request->by : "campaign", "handed_off");
	count_columns(page, table);
	table_total(page, table);
	table_sort(page, table, "handed_over");
	return 0;
}

const struct report report_handed_over = {
	.name = "handed-over",
	.title = "What became of ours",
	.sentence = "What became of the leads that marketing handed over: accepted, given back and why, answers owed?",
	.build = build,
	.judged = true,
};
