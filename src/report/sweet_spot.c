/* What reps say of the leads they get: in their sweet spot or out of it, so that marketing sees what to bring more of. */
#include "domain/detect.h"
#include "report/reports.h"

#define MARKED "sweet_spot is not empty"

static const struct ask SHARE = { .kpi = "sweet_spot_share" };

/* The leads a rep could mark: those that sales was given. What else is marked counts among marks alone. */
static const char *sales_got(const struct known *known)
{
	return known->leads_handed || known->leads_accepted ? "(handed_off or accepted)"
	       : known->leads_owned                         ? "owner is not empty"
							    : NULL;
}

static void say_marks(struct page *page, const struct known *known)
{
	const struct figure *in = page_term(page, &SHARE, NULL, page->period);
	const struct figure *unmarked =
		PAGE_ASK(page, .title = "Unmarked", .sentence = "of the leads that sales got, those that no rep marked",
			 .measure = "count(sweet_spot is empty) / count()", .of = "leads", .where = sales_got(known),
			 .period_of = "created", .period = page->period);

	page_sentence(page, 0, "Of the leads that reps marked, %s are in their sweet spot.", share(page, in));
	if (unmarked->row->numerator > 0)
		page_sentence(page, unmarked->row->numerator * 2 > unmarked->row->denominator ? -1 : 0,
			      "%s of the leads that sales got are not marked: what is said here is said of the others.",
			      share(page, unmarked));
	else
		page_sentence(page, 1, "Every lead that sales got is marked.");
}

/* Does the mark tell anything? */
static void say_outcome(struct page *page, const struct known *known)
{
	struct ask ask = { .title = page_printf(page, "%s, of those marked", known_goal_title(known)),
			   .sentence = "got there by the as-of day, of the leads marked so",
			   .measure = page_printf(page, "count(%s) / count()", known_goal(known)),
			   .of = "leads",
			   .where = "sweet_spot = yes",
			   .period_of = "created",
			   .period = page->period };
	const struct figure *in = page_figure(page, &ask), *out;
	int differs;

	ask.where = "sweet_spot = no";
	out = page_figure(page, &ask);
	if (in->row->denominator <= 0 || out->row->denominator <= 0)
		return;
	differs = detect_differs((struct share_of){ in->row->numerator, in->row->denominator },
				 (struct share_of){ out->row->numerator, out->row->denominator }, 1);
	page_sentence(page, 0, "Of those marked in, %s %s; of those marked out, %s. %s", estimate(page, in),
		      known_goal_words(known), estimate(page, out),
		      differs > 0   ? "The marks tell who buys."
		      : differs < 0 ? "Those marked out do better: ask what the marks mean."
				    : "Too close, or too few, to tell apart.");
}

/* A list that reps mark otherwise than the rest, for sure. */
static void say_different(struct page *page, const char *dimension)
{
	struct ask ask = page_complete(page, &SHARE);
	const struct answer *answer;
	struct share_of *shares;
	size_t compared = 0;

	ask.by = dimension;
	ask.period = page->period;
	ask.where = both(page, ask.where, page_printf(page, "%s is not empty and " MARKED, dimension));
	answer = page_answer(page, &ask);
	shares = ARENA_ARRAY(&page->arena, struct share_of, answer->row_count + 1);
	for (size_t i = 0; i < answer->row_count; i++) {
		shares[i] = (struct share_of){ answer->rows[i].numerator, answer->rows[i].denominator };
		compared += shares[i].of >= 20;
	}
	for (size_t i = 0; i < answer->row_count; i++) {
		int differs = detect_differs(shares[i], share_rest(shares, answer->row_count, i), compared);
		const char *here = is_name(page, dimension, answer->rows[i].by[0]);
		struct ask own = ask, others = ask;

		if (!differs)
			continue;
		own.by = others.by = NULL;
		own.where = both(page, ask.where, here);
		others.where = both(page, ask.where, page_printf(page, "not (%s)", here));
		page_sentence(page, differs, "%s: reps mark %s in, of the other %ss %s (%zu compared).",
			      page_name(page, answer->rows[i].by[0]), estimate(page, page_figure(page, &own)),
			      dimension, estimate(page, page_figure(page, &others)), compared);
	}
}

static void mark_table(struct page *page, const struct known *known, const char *by, const char *name,
		       const char *title)
{
	const char *got = sales_got(known);
	struct table *table =
		page_table(page, name, title, "leads", by, got ? page_printf(page, "%s or " MARKED, got) : NULL);

	TABLE_COLUMN(
		page, table, "leads", "Leads", .title = "Leads that sales got",
		.sentence =
			"leads handed over to sales or accepted by it; where nobody wrote that down, those with an owner",
		.measure = "count()", .where = got, .period_of = "created", .period = page->period);
	TABLE_COLUMN(page, table, "marked", "Marked", .title = "Marked",
		     .sentence = "of the leads that sales got, those that a rep marked in or out",
		     .measure = "count(" MARKED ") / count()", .where = got, .period_of = "created",
		     .period = page->period, .brief = true);
	table_column(page, table, "sweet_spot_share", "In the sweet spot",
		     &(struct ask){ .kpi = SHARE.kpi, .period = page->period });
	table_total(page, table);
	table_bars(table, "3");
	table->shown = 15;
}

static void mark_tables(struct page *page, const struct known *known, const char *by)
{
	static const struct {
		const char *dimension, *name, *title;
	} tables[] = { { "owner", "reps", "By rep" },
		       { "source", "sources", "By source" },
		       { "campaign", "campaigns", "By campaign" } };
	const char *type;

	if (by) {
		mark_table(page, known, by, "breakdown", "In the sweet spot");
		return;
	}
	for (size_t i = 0; i < sizeof(tables) / sizeof(*tables); i++) {
		if (page_count(page, "leads", page_printf(page, MARKED " and %s is not empty", tables[i].dimension)))
			mark_table(page, known, tables[i].dimension, tables[i].name, tables[i].title);
	}
	type = page_lead_type(page);
	if (type && page_count(page, "leads", page_printf(page, MARKED " and %s is not empty", type)))
		mark_table(page, known, type, "types", page_lead_type_title(type));
}

static int build(const struct report_request *request, struct page *page, struct err *err)
{
	struct known known = page_known(page);

	(void)err;
	if (!page_count(page, "leads", MARKED)) {
		page_sentence(
			page, 0,
			"No rep has marked a lead yet, so nobody knows which ones they would like more of. "
			"Mark each lead in or out once you have talked to it: `lockstep lead mark`; or map a column to "
			"`sweet_spot`.");
		page_sentence(page, 0, "From then on this page says which sources and campaigns bring what sells.");
		page_note_unknown(page, &known);
		return 0;
	}
	say_marks(page, &known);
	if (known.leads_opportunity || known.leads_won)
		say_outcome(page, &known);
	if (known.leads_sourced)
		say_different(page, "source");
	if (known.leads_campaign)
		say_different(page, "campaign");
	mark_tables(page, &known, request->by);
	page_note_unknown(page, &known);
	return 0;
}

const struct report report_sweet_spot = {
	.name = "sweet-spot",
	.title = "Sweet spot",
	.sentence = "Which leads do reps call right for them, by rep, source, campaign and type? And do those buy?",
	.build = build,
	.judged = true,
};
