/* Who created the business: marketing, sales itself, referrals, partners. */
#include "domain/detect.h"
#include "report/reports.h"

static void say_mix(struct page *page)
{
	struct ask ask = { .title = "Share of leads",
			   .sentence = "leads of this origin, of all that came in",
			   .measure = "count(origin = \"marketing\") / count()",
			   .of = "leads",
			   .period_of = "created",
			   .period = page->period };
	const struct figure *marketing = page_figure(page, &ask), *own;

	ask.measure = "count(origin = \"sales\") / count()";
	own = page_figure(page, &ask);
	page_sentence(page, 0, "Marketing brought %s of the leads, sales found %s itself.", share(page, marketing),
		      share(page, own));
}

/* "Marketing's leads are no good": said only where it is so. */
static void compare(struct page *page, const struct ask *term)
{
	const struct figure *marketing = page_term(page, term, "origin = \"marketing\"", page->period);
	const struct figure *own = page_term(page, term, "origin = \"sales\"", page->period);
	int differs;

	if (marketing->row->denominator <= 0 || own->row->denominator <= 0)
		return;
	differs = detect_differs((struct share_of){ marketing->row->numerator, marketing->row->denominator },
				 (struct share_of){ own->row->numerator, own->row->denominator }, 1);
	page_sentence(page, 0, "%s: marketing's %s, sales' own %s. %s", kpi_find(str_of(term->kpi))->title,
		      estimate(page, marketing), estimate(page, own),
		      differs > 0                                        ? "Marketing's do better."
		      : differs < 0                                      ? "Sales' own do better."
		      : figure_too_few(marketing) || figure_too_few(own) ? "Too few to tell apart."
									 : "Too close to tell apart.");
}

static void lead_table(struct page *page, const struct known *known, const char *by)
{
	struct table *table = page_table(page, "leads", "Leads by who created them", "leads", by, NULL);

	table_term(page, table, "leads", "Leads", &TERM_LEADS, NULL, page->period);
	if (known->leads_qualified && known->leads_qualified < known->leads)
		TABLE_COLUMN(page, table, "qualified", "Qualified", .title = "Lead to qualified",
			     .sentence = "qualified by the as-of day, of all that came in",
			     .measure = "count(qualified) / count()", .of = "leads", .period_of = "created",
			     .period = page->period);
	if (known_goes_on(known))
		table_term(page, table, "opportunity", "To opportunity", &TERM_GOAL_OPPORTUNITY, NULL, page->period);
	if (known->leads_won)
		table_term(page, table, "won", "To won", &TERM_GOAL_WON, NULL, page->period);
	table_days_to_won(page, table, known);
	table_total(page, table);
	table_bars(table, "1");
}

static void deal_table(struct page *page, const struct known *known, const char *by)
{
	table_deals(page, page_table(page, "deals", "Deals by who created them", "opportunities", by, NULL), known);
}

static int build(const struct report_request *request, struct page *page, struct err *err)
{
	struct known known = page_known(page);
	const char *by = request->by ? request->by : "origin";

	(void)err;
	if (!known.leads_origin && !known.deals_origin) {
		page_sentence(page, 0,
			      "The book does not say who created the leads and deals: no record has an origin. "
			      "Map a column to `origin` (marketing, sales, referral, partner) and this page answers.");
		page_note_unknown(page, &known);
		return 0;
	}
	if (known.leads_origin) {
		say_mix(page);
		compare(page, known_goal_term(&known));
	}
	if (known.deals_origin && known_win_rate(&known))
		compare(page, &TERM_WIN_RATE);
	if (known.leads_origin || (request->by && known.leads))
		lead_table(page, &known, by);
	if (known.deals_origin || (request->by && known.deals))
		deal_table(page, &known, by);
	page_note_unknown(page, &known);
	return 0;
}

const struct report report_origins = {
	.name = "origins",
	.title = "Origins",
	.sentence = "Who creates the business: marketing, sales itself, referrals, partners? And whose converts?",
	.build = build,
};
