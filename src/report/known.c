#include "report/known.h"

#define OPEN_STAGES_MAX_BYTES 2000
#define WEEKLY_UP_TO_DAYS 120

struct known page_known(struct page *page)
{
	struct known k = { 0 };
	const struct {
		int64_t *out;
		const char *of, *where;
	} counts[] = {
		{ &k.leads, "leads", NULL },
		{ &k.leads_dated, "leads", "created is known" },
		{ &k.leads_qualified, "leads", "qualified" },
		{ &k.leads_handed, "leads", "handed_off" },
		{ &k.leads_answered, "leads", "first_response" },
		{ &k.leads_accepted, "leads", "accepted" },
		{ &k.leads_opportunity, "leads", "opportunity" },
		{ &k.leads_won, "leads", "won" },
		{ &k.leads_sourced, "leads", "source is not empty" },
		{ &k.leads_campaign, "leads", "campaign is not empty" },
		{ &k.leads_origin, "leads", "origin is not empty" },
		{ &k.leads_owned, "leads", "owner is not empty" },
		{ &k.deals, "opportunities", NULL },
		{ &k.deals_dated, "opportunities", "created is known" },
		{ &k.deals_closed, "opportunities", "closed" },
		{ &k.deals_closed_dated, "opportunities", "closed is known" },
		{ &k.deals_won, "opportunities", "won" },
		{ &k.deals_lost, "opportunities", "lost" },
		{ &k.deals_open, "opportunities", "open" },
		{ &k.deals_valued, "opportunities", "amount is not empty" },
		{ &k.deals_owned, "opportunities", "owner is not empty" },
		{ &k.deals_open_valued, "opportunities", "open and amount > 0" },
		{ &k.deals_lost_valued, "opportunities", "lost and amount > 0" },
		{ &k.deals_sourced, "opportunities", "source is not empty" },
		{ &k.deals_campaign, "opportunities", "campaign is not empty" },
		{ &k.deals_origin, "opportunities", "origin is not empty" },
		{ &k.visits, "stage_visits", NULL },
		{ &k.visits_dated, "stage_visits", "entered is known" },
		{ &k.touches, "touches", NULL },
		{ &k.activities, "activities", NULL },
		{ &k.spend, "spend", NULL },
		{ &k.spend_campaign, "spend", "campaign is not empty" },
		{ &k.orders, "orders", NULL },
	};

	for (size_t i = 0; i < sizeof(counts) / sizeof(*counts); i++)
		*counts[i].out = page_count(page, counts[i].of, counts[i].where);
	return k;
}

bool known_goes_on(const struct known *known)
{
	return known->leads_opportunity > known->leads_won;
}

const char *known_goal(const struct known *known)
{
	return known_goes_on(known) ? "opportunity" : "won";
}

const char *known_goal_words(const struct known *known)
{
	return known_goes_on(known) ? "became an opportunity" : "were won";
}

const char *known_goal_title(const struct known *known)
{
	return known_goes_on(known) ? "To opportunity" : "To won";
}

const struct ask *known_goal_term(const struct known *known)
{
	return known_goes_on(known) ? &TERM_GOAL_OPPORTUNITY : &TERM_GOAL_WON;
}

bool known_win_rate(const struct known *known)
{
	return known->deals_won && known->deals_lost;
}

const char *page_lead_type(struct page *page)
{
	if (page_agreement(page) && page_count(page, "leads", "agreed_type is not empty"))
		return "agreed_type";
	return page_count(page, "leads", "type is not empty") ? "type" : NULL;
}

const char *page_lead_type_title(const char *type)
{
	return !strcmp(type, "agreed_type") ? "By type of lead, as the agreement has them"
					    : "By type of lead, as its source says";
}

const char *page_time_unit(const struct page *page)
{
	const struct facts *facts = page->request.facts;
	int32_t from = page->period.from != DATE_NONE ? page->period.from : facts_first_day(facts);
	int32_t to = page->period.to != DATE_NONE ? page->period.to : page->request.as_of + 1;

	return from != DATE_NONE && to - from <= WEEKLY_UP_TO_DAYS ? "week" : "month";
}

const char *open_stages(struct page *page)
{
	const struct stage_def *stages;
	size_t count = facts_stages(page->request.facts, &stages);
	const char *list = NULL;

	for (size_t i = 0; i < count; i++) {
		const char *name;

		if (strcmp(stages[i].means, "open") != 0 && strcmp(stages[i].means, "on_hold") != 0)
			continue;
		name = quoted_name(page, stages[i].name);
		list = list ? page_printf(page, "%s, %s", list, name) : name;
	}
	/* too many to name in one question */
	return list && strlen(list) < OPEN_STAGES_MAX_BYTES ? page_printf(page, "stage in (%s)", list) : NULL;
}

static void note_void(struct page *page)
{
	const struct figure *voided;

	if (!page_count(page, "leads", "voided"))
		return;
	voided = PAGE_ASK(page, .title = "Tests and duplicates",
			  .sentence = "leads that were found to be a test or a duplicate", .measure = "count(voided)",
			  .of = "leads");
	page_note(page, "%s in no count here.",
		  noun(page, voided, "lead was found to be a test or a duplicate and is",
		       "leads were found to be tests or duplicates and are"));
}

void page_note_unknown(struct page *page, const struct known *k)
{
	note_void(page);
	if (page->no_history)
		page_note(
			page,
			"Of a day before the last, stage, owner and value come from history; for some records there is none, and they are empty here.");
	if (!k->leads && !k->deals && !k->spend && !k->orders)
		page_note(page, "The book is empty: import something first.");
	if (!k->leads && (k->deals || k->spend))
		page_note(page, "No leads in the book: what came in, and how it converted, is not known.");
	if (k->deals_won && !k->deals_lost)
		page_note(page, "No lost deal in the book: a win rate cannot be told.");
	if (!k->deals && (k->leads || k->spend))
		page_note(page, "No opportunities in the book: stages, stuck deals and win rates are not known.");
	if (k->leads && !k->leads_dated)
		page_note(page,
			  "No lead has a date: nothing can be said by week or month, nor how long anything took.");
	if (k->deals && !k->deals_dated)
		page_note(page, "No opportunity has an opening date: ages and cycles are not known.");
	if (k->deals_closed > k->deals_closed_dated)
		page_note(
			page,
			"%s of %s closed deals have no closing date: they count in rates, never in a week or a duration.",
			number(page, k->deals_closed - k->deals_closed_dated), number(page, k->deals_closed));
	if (!k->activities && !k->leads_answered && (k->leads || k->deals) &&
	    strcmp(page->report->name, "follow-up") != 0)
		page_note(page, "No call log: follow-up cannot be judged.");
	if (!k->spend && k->leads)
		page_note(page, "No spend: cost per lead, opportunity and won deal is not known.");
	if (k->leads && !k->leads_origin && !k->deals_origin)
		page_note(page, "No origins: marketing's and sales' own leads cannot be told apart.");
}

const struct figure *page_term(struct page *page, const struct ask *term, const char *where, struct period period)
{
	struct ask ask = *term;

	ask.where = both(page, ask.where, where);
	ask.period = period;
	return page_figure(page, &ask);
}

void table_term(struct page *page, struct table *table, const char *name, const char *title, const struct ask *term,
		const char *where, struct period period)
{
	struct ask ask = *term;

	ask.where = both(page, ask.where, where);
	ask.period = period;
	table_column(page, table, name, title, &ask);
}

void table_days_to_won(struct page *page, struct table *table, const struct known *known)
{
	if (known->leads_won && known->leads_dated)
		TABLE_COLUMN(page, table, "days_to_won", "Days to won", .title = "Days to won",
			     .sentence = "median days from coming in to the first won deal",
			     .measure = "median(days(created, won))", .of = "leads", .period_of = "created",
			     .period = page->period);
}

void table_deals(struct page *page, struct table *table, const struct known *known)
{
	table_term(page, table, "opportunities", "Opportunities", &TERM_DEALS, NULL, page->period);
	if (known_win_rate(known))
		table_term(page, table, "win_rate", "Win rate", &TERM_WIN_RATE, NULL, page->period);
	if (known->deals_won && known->deals_valued) {
		table_term(page, table, "won_value", "Won value", &TERM_WON_VALUE, NULL, page->period);
		table_term(page, table, "average_sale", "Average sale", &TERM_AVERAGE_SALE, NULL, page->period);
	}
	if (known->deals_won && known->deals_dated)
		table_term(page, table, "cycle", "Won cycle", &TERM_CYCLE, NULL, page->period);
	table_total(page, table);
}

void page_note_lost_stages(struct page *page, const struct known *known)
{
	int64_t seen = page_count(page, "stage_visits", both(page, "outcome = \"lost\"", open_stages(page)));

	if (seen && seen < known->deals_lost)
		page_note(
			page,
			"The stage before closing is known of %s of %s lost deals: what is said by stage is said of these.",
			number(page, seen), number(page, known->deals_lost));
}
