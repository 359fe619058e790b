/* Which channels bring leads, which of those convert, and what deals from them are worth. */
#include "report/reports.h"

static void say_best(struct page *page, const struct known *known, struct table *table)
{
	size_t goal = table_find(table, "goal"), best = table->row_count;
	double most = 0;

	for (size_t r = 0; r < table->row_count; r++) {
		const struct figure *f = table->rows[r].figures[goal];

		if (table->rows[r].total || str_is(table->rows[r].texts[0], "(none)") || !f ||
		    f->row->denominator < 20 || !(figure_number(f) > most))
			continue;
		most = figure_number(f);
		best = r;
	}
	if (best < table->row_count)
		page_sentence(page, +1, "Best of the sources with at least 20 leads: %s, where %s %s.",
			      page_name(page, table->rows[best].texts[0]), share(page, table->rows[best].figures[goal]),
			      known_goal_words(known));
}

static struct table *lead_table(struct page *page, const struct known *known, const char *by)
{
	struct table *table = page_table(page, "leads", "Leads by source", "leads", by, NULL);

	table_term(page, table, "leads", "Leads", &TERM_LEADS, NULL, page->period);
	table_term(page, table, "goal", known_goal_title(known), known_goal_term(known), NULL, page->period);
	if (known_goes_on(known) && known->leads_won)
		table_term(page, table, "won", "To won", &TERM_GOAL_WON, NULL, page->period);
	table_days_to_won(page, table, known);
	table_total(page, table);
	table_bars(table, "2");
	return table;
}

static void deal_table(struct page *page, const struct known *known, const char *by)
{
	table_deals(page, page_table(page, "deals", "Deals by source", "opportunities", by, NULL), known);
}

static int build(const struct report_request *request, struct page *page, struct err *err)
{
	struct known known = page_known(page);
	const char *by = request->by ? request->by : "source";
	bool leads = known.leads && (known.leads_sourced || request->by),
	     deals = known.deals && (known.deals_sourced || request->by);

	(void)err;
	if (!leads && !deals)
		page_sentence(page, 0,
			      "The book does not say through which channel anything came in: no record has a source. "
			      "Map a column to `source` and this page answers.");
	if (leads) {
		const struct figure *all = page_term(page, known_goal_term(&known), NULL, page->period);

		page_sentence(page, 0, "Of the leads that came in, %s %s.", share(page, all), known_goal_words(&known));
		find_junk(page, &known, "source", "junk_source");
		for (size_t i = 0; i < page->finding_count; i++)
			page_print_finding(page, &page->findings[i]);
		say_best(page, &known, lead_table(page, &known, by));
	}
	if (deals)
		deal_table(page, &known, by);
	page_note_unknown(page, &known);
	return 0;
}

const struct report report_sources = {
	.name = "sources",
	.title = "Sources",
	.sentence = "Which channels bring leads that become business, and which do not?",
	.build = build,
};
