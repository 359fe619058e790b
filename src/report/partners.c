/* Partners and resellers: the leads they have, the promises they keep, and whether they get new leads. */
#include "report/promises.h"

static void lead_table(struct page *page, const struct known *known)
{
	struct table *table =
		page_table(page, "leads", "Leads that came through them", "leads", "partner", "partner is not empty");

	table_term(page, table, "leads", "Leads", &TERM_LEADS, NULL, page->period);
	TABLE_COLUMN(
		page, table, "open", "Open", .title = "Open leads",
		.sentence =
			"of the leads that came in, those neither won, lost nor given up by the as-of day; what went "
			"back to nurture is among them",
		.measure = "count(open)", .of = "leads", .period_of = "created", .period = page->period);
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

/* What they promised themselves, and what sales promised about leads that came through them: never one for the other. */
#define THEIRS "party = \"partner\" and partner is not empty"
#define OURS "party = \"sales\" and partner is not empty"

enum { OWED_SHOWN = 10 };

static void promise_table(struct page *page, const char *name, const char *title, const char *where)
{
	struct table *table;

	if (!page_count(page, "promises", where))
		return;
	table = page_table(page, name, title, "promises", "partner, promise", where);
	promise_columns(page, table, where);
	table_fill(page, table);
}

static const struct figure *late_leads(struct page *page, const char *where)
{
	return PAGE_ASK(page, .title = "Late now",
			.sentence = "open leads with a promise that is broken and still not done on the as-of day",
			.measure = "distinct(lead where broken and owed)", .of = "promises", .where = where);
}

static void say_kept_by(struct page *page, const char *who, const char *where)
{
	const struct figure *kept = page_term(page, &TERM_ON_TIME, where, page->period);
	const struct figure *late = late_leads(page, where);

	if (kept->row->denominator > 0)
		page_sentence(page, figure_count(late) ? -1 : 0,
			      "Of what %s and fell due, %s was kept in time; %s late now.", who, share(page, kept),
			      figure_count(late) ? noun(page, late, "lead is", "leads are") : "no lead is");
}

static bool partners_promise(const struct agreement_version *version)
{
	for (size_t i = 0; version && i < version->agreement->promise_count; i++)
		if (version->agreement->promises[i].party == PARTY_PARTNER)
			return true;
	return false;
}

/* Late now is what a partner owes before new leads come. */
static void say_theirs(struct page *page)
{
	const struct answer *partners = page_answer(
		page, &(struct ask){ .measure = "count()", .of = "promises", .by = "partner", .where = THEIRS });

	if (!partners->row_count)
		page_sentence(page, 0, "%s",
			      partners_promise(page_agreement(page))
				      ? "No lead has gone to a partner under a promise of theirs yet."
				      : "The agreement has no promise of a partner: none of them can be late.");
	for (size_t i = 0; i < partners->row_count; i++)
		say_kept_by(page, page_printf(page, "%s promised", page_name(page, partners->rows[i].by[0])),
			    both(page, THEIRS, is_name(page, "partner", partners->rows[i].by[0])));
}

/* What came through them and went to somebody else: others accept it, or not. */
static void say_elsewhere(struct page *page)
{
	const struct figure *elsewhere = PAGE_ASK(
		page, .title = "Given to others",
		.sentence = "leads with a partner that were handed over to somebody else, as one of our reps",
		.measure = "distinct(lead)", .of = "lead_steps",
		.where =
			"step = \"handed_off\" and lead.partner is not empty and owner is not empty and owner != lead.partner",
		.period_of = "at", .period = page->period);

	if (figure_count(elsewhere))
		page_sentence(page, 0, "%s through a partner and %s handed over to somebody else.",
			      noun(page, elsewhere, "lead came", "leads came"),
			      figure_count(elsewhere) == 1 ? "was" : "were");
}

/* "P7, P8 and 3 more": whose answers a partner owes by what its standing goes by, the same that the clock counts; NULL: none, as of the day. */
static const char *owed_by(struct page *page, const struct agreement_version *version, struct str partner,
			   const char *where)
{
	const char *promises = NULL, *text = NULL;
	const struct answer *leads;
	size_t i;

	for (i = 0; version && i < version->agreement->promise_count; i++) {
		const struct promise_def *p = &version->agreement->promises[i];

		if (p->no_new_leads)
			promises = page_printf(page, "%s%s%s", promises ? promises : "", promises ? " or " : "",
					       is_name(page, "promise", p->name));
	}
	if (!promises)
		return NULL;
	leads = page_answer(page,
			    &(struct ask){ .measure = "count()",
					   .of = "promises",
					   .by = "lead",
					   .where = both(page, both(page, where, page_printf(page, "(%s)", promises)),
							 is_name(page, "partner", partner)) });
	for (i = 0; i < leads->row_count && i < OWED_SHOWN; i++)
		text = page_printf(page, "%s%s%s", text ? text : "", text ? ", " : "",
				   page_name(page, leads->rows[i].by[0]));
	return i < leads->row_count ? page_printf(page, "%s and %zu more", text, leads->row_count - i) : text;
}

/* Suspended: what is overdue. On probation: whatever waits for an answer, as so many may at a time. */
static void say_owed(struct page *page, const struct agreement_version *version, const struct partner_standing *one)
{
	bool suspended = one->standing == STANDING_SUSPENDED;
	const char *leads = owed_by(page, version, one->partner,
				    suspended ? THEIRS " and state = broken and owed" : THEIRS " and owed");

	if (leads)
		page_sentence(page, 0, "%s has still to answer %s.", page_name(page, one->partner), leads);
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
		say_owed(page, version, one);
		said++;
	}
	if (standings && agreed && !said)
		page_sentence(page, 0, "No partner is suspended, as far as `lockstep clock` was asked to record it.");
}

static int build(const struct report_request *request, struct page *page, struct err *err)
{
	struct known known = page_known(page);

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
	say_elsewhere(page);
	if (say_no_promises(page, NULL)) {
		lead_table(page, &known);
	} else {
		say_theirs(page);
		say_kept_by(page, "sales promised about partners' leads", OURS);
		lead_table(page, &known);
		promise_table(page, "promises", "What partners promised", THEIRS);
		promise_table(page, "ours", "What sales promised about their leads", OURS);
		promise_lists(page, "party != \"marketing\" and partner is not empty");
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
