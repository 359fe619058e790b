/* Partners and resellers: the leads they have, the promises they keep, and whether they get new leads. */
#include "report/promises.h"

static void lead_table(struct page *page, const struct known *known)
{
	struct table *table = page_table(page, "leads", "Their leads", "leads", "partner", "partner is not empty");

	table_term(page, table, "leads", "Leads", &TERM_LEADS, NULL, page->period);
	TABLE_COLUMN(page, table, "open", "Open", .title = "Open leads",
		     .sentence = "leads of the partner neither won, lost nor given back on the as-of day",
		     .measure = "count(open)", .of = "leads");
	if (known->leads_handed && known->leads_accepted)
		TABLE_COLUMN(page, table, "acceptance", "Accepted of handed over", .kpi = "acceptance",
			     .period = page->period);
	if (known->leads_opportunity || known->leads_won)
		table_term(page, table, "goal", known_goal_title(known), known_goal_term(known), NULL, page->period);
	if (known_goes_on(known) && known->leads_won)
		table_term(page, table, "won", "To won", &TERM_GOAL_WON, NULL, page->period);
	table_total(page, table);
	table_bars(table, "1");
}

/* What partners promised; where the agreement has nothing of them, what was promised about their leads. */
static const char *theirs(struct page *page)
{
	const char *own = "party = \"partner\" and partner is not empty";

	return page_count(page, "promises", own) ? own : "party != \"marketing\" and partner is not empty";
}

static void promise_table(struct page *page, const char *where)
{
	struct table *table = page_table(page, "promises", "What is promised about their leads", "promises",
					 "partner, promise", NULL);

	promise_columns(page, table, where);
	table_fill(page, table);
}

/* Feedback that is late now: what a partner owes before new leads come. */
static void say_late(struct page *page, const char *all)
{
	const struct answer *partners = page_answer(
		page, &(struct ask){ .measure = "count()", .of = "promises", .by = "partner", .where = all });

	for (size_t i = 0; i < partners->row_count; i++) {
		const char *where = both(page, all, is_name(page, "partner", partners->rows[i].by[0]));
		const struct figure *kept = page_term(page, &TERM_ON_TIME, where, page->period);
		const struct figure *late = PAGE_ASK(
			page, .title = "Late now",
			.sentence = "broken, still not done, and the lead is open: what is owed on the as-of day",
			.measure = "count(broken and stopped is empty and lead.open)", .of = "promises",
			.where = where);

		if (kept->row->denominator > 0)
			page_sentence(
				page, figure_count(late) ? -1 : 0, "%s kept %s of what fell due in time; %s late now.",
				page_name(page, partners->rows[i].by[0]), share(page, kept),
				figure_count(late) ? noun(page, late, "promise is", "promises are") : "nothing is");
	}
}

/* Who gets no new leads, or only a few: as it was recorded, with the evidence. */
static void say_standings(struct page *page)
{
	const struct standings *standings = page->request.standings;
	const struct agreement_version *version = page_agreement(page);
	size_t said = 0;
	bool agreed = false;

	for (size_t i = 0; version && i < version->agreement->promise_count; i++)
		agreed = agreed || version->agreement->promises[i].no_new_leads;
	for (size_t i = 0; standings && i < standings->count; i++) {
		const struct partner_standing *one = &standings->items[i];

		if (one->standing == STANDING_GOOD)
			continue;
		page_sentence(page, -1, "%s is %s since %s%s: %s%s%s", page_name(page, one->partner),
			      standing_name(one->standing),
			      page_date(page, zone_date(facts_zone(page->request.facts), one->at_ms)),
			      one->standing == STANDING_SUSPENDED ? ", and gets no new leads" : "",
			      page_name(page, one->reason), str_ends(one->reason, ".") ? "" : ".",
			      one->standing == STANDING_SUSPENDED
				      ? " Every overdue one answered, leads come again: that needs no new ones."
				      : "");
		said++;
	}
	if (standings && agreed && !said)
		page_sentence(page, 0, "No partner is suspended, as far as `lockstep clock` was asked to record it.");
}

static int build(const struct report_request *request, struct page *page, struct err *err)
{
	struct known known = page_known(page);
	const char *where = theirs(page);

	(void)request;
	(void)err;
	if (!page_count(page, "leads", "partner is not empty")) {
		page_sentence(
			page, 0,
			"No lead in the book has a partner. Map the column that names the partner or reseller to `partner`; then "
			"this page tells how each of them treats what they are given.");
		page_note_unknown(page, &known);
		return 0;
	}
	say_standings(page);
	if (say_no_promises(page, where)) {
		lead_table(page, &known);
	} else {
		say_late(page, where);
		lead_table(page, &known);
		promise_table(page, where);
		promise_lists(page, where);
	}
	page_note_unknown(page, &known);
	return 0;
}

const struct report report_partners = {
	.name = "partners",
	.title = "Partners",
	.sentence = "What does each partner make of the leads they get, and do they keep what was promised?",
	.build = build,
	.no_by = true,
	.judged = true,
};
