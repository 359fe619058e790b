/* What sales works on: leads it found itself, referrals, marketing's; where the won value comes from; and who gets none of marketing's. */
#include "domain/detect.h"
#include "report/reports.h"

/* What counts as worked: a person tried to reach it, or sales took it on. */
#define SHARES_MAX 40
#define WORKED "first_response or accepted or opportunity"

static const struct ask MARKETING_SHARE = {
	.title = "From marketing",
	.sentence =
		"of the leads worked (a person tried to reach them, or sales took them on), those marketing created",
	.measure = "count(origin = \"marketing\") / count()",
	.of = "leads",
	.where = WORKED,
	.period_of = "created",
};

static struct ask share_of_origin(struct page *page, const char *title, const char *sentence, const char *of,
				  const char *where, const char *period_of, const char *condition)
{
	return (struct ask){ .title = title,
			     .sentence = sentence,
			     .measure = page_printf(page, "count(%s) / count()", condition),
			     .of = of,
			     .where = where,
			     .period_of = period_of,
			     .period = page->period };
}

static const struct figure *value_share(struct page *page, const char *condition)
{
	const char *part = condition ? page_printf(page, " and (%s)", condition) : "";

	return PAGE_ASK(page, .title = "Share of won value", .sentence = "won value from here, of all won value",
			.measure = page_printf(page, "sum(amount where won%s) / sum(amount where won)", part),
			.percent = true, .of = "opportunities", .where = "won", .period_of = "won",
			.period = page->period);
}

struct shares {
	bool worked, deals, valued;
};

/* Of those that came in, those worked, those won: what holds under the condition; NULL: all of them. */
static void share_row(struct page *page, struct table *table, const struct shares *has, const char *name,
		      const char *condition)
{
	const struct figure *figures[5];
	const char *counted = condition ? condition : "";
	struct ask ask = share_of_origin(page, "Share of leads", "leads from here, of all that came in", "leads", NULL,
					 "created", counted);
	size_t n = 0;

	figures[n++] = page_figure(page, &ask);
	if (has->worked) {
		ask = share_of_origin(page, "Share of leads worked",
				      "leads from here, of those that a person tried to reach or sales took on",
				      "leads", WORKED, "created", counted);
		figures[n++] = page_figure(page, &ask);
	}
	if (has->deals) {
		ask = share_of_origin(page, "Share of deals won", "deals from here, of all won", "opportunities", "won",
				      "won", counted);
		figures[n++] = page_figure(page, &ask);
	}
	if (has->valued) {
		figures[n++] = page_term(page, &TERM_WON_VALUE, condition, page->period);
		figures[n++] = value_share(page, condition);
	}
	matrix_row(page, table, name, name, figures);
}

/* One row for each origin (or whatever `by` is): its share of what came in, of what was worked, and of what was won. */
static void share_table(struct page *page, const struct known *known, const char *by)
{
	const struct answer *answer = page_answer(
		page, &(struct ask){ .measure = "count()", .of = known->leads ? "leads" : "opportunities", .by = by });
	const char *columns[7] = { strcmp(by, "origin") != 0 ? page_printf(page, "By %s", by) : "Created by", "Leads" };
	struct shares has = { .worked = page_count(page, "leads", WORKED) > 0 };
	struct table *table;
	size_t count = 2;

	has.deals = known->deals_won && page_count(page, "opportunities", page_printf(page, "%s is not empty", by));
	has.valued = has.deals && page_count(page, "opportunities", "won and amount > 0");
	if (has.worked)
		columns[count++] = "Leads worked";
	if (has.deals)
		columns[count++] = "Deals won";
	if (has.valued)
		columns[count++] = "Won value";
	if (has.valued)
		columns[count++] = "Of won value";
	table = page_matrix(page, "shares", "Where it comes from: the share of each", columns);
	for (size_t i = 1; i < count; i++)
		table->columns[i].brief = true;
	for (size_t i = 0; i < answer->row_count && i < SHARES_MAX; i++)
		share_row(page, table, &has, page_name(page, answer->rows[i].by[0]),
			  is_name(page, by, answer->rows[i].by[0]));
	share_row(page, table, &has, "All", NULL);
	table->rows[table->row_count - 1].total = true;
	table_bars(table, has.valued ? "5" : has.deals ? "3" : "1");
}

static void say_mix(struct page *page)
{
	struct ask ask = MARKETING_SHARE;
	const struct figure *marketing, *own, *referral;

	ask.period = page->period;
	marketing = page_figure(page, &ask);
	ask.title = "Found by sales";
	ask.sentence = "of the leads worked, those that sales found itself";
	ask.measure = "count(origin = \"sales\") / count()";
	own = page_figure(page, &ask);
	ask.title = "Referred";
	ask.sentence = "of the leads worked, those that came by referral or through a partner";
	ask.measure = "count(origin in (\"referral\", \"partner\")) / count()";
	referral = page_figure(page, &ask);
	page_sentence(page, 0,
		      "Of the leads that sales worked, marketing brought %s, sales found %s itself, and %s came by "
		      "referral or through a partner.",
		      share(page, marketing), share(page, own), share(page, referral));
	if (page_count(page, "opportunities", "won and amount > 0 and origin is not empty"))
		page_sentence(page, 0, "Of the value won, %s came from marketing's leads.",
			      value(page, value_share(page, "origin = \"marketing\"")));
}

/* Reps who get no leads from marketing at all. */
static void say_without(struct page *page)
{
	struct ask ask = { .title = "Leads from marketing",
			   .sentence = "leads of the rep that marketing created, of all the rep has",
			   .measure = "count(origin = \"marketing\") / count()",
			   .of = "leads",
			   .by = "owner",
			   .where = "owner is not empty",
			   .period_of = "created",
			   .period = page->period };
	const struct answer *answer = page_answer(page, &ask);
	const char *names = NULL;
	size_t count = 0;

	for (size_t i = 0; i < answer->row_count; i++) {
		if (answer->rows[i].numerator != 0 || answer->rows[i].denominator < 1)
			continue;
		if (count++ < 8)
			names = names ? page_printf(page, "%s, %s", names, page_name(page, answer->rows[i].by[0]))
				      : page_name(page, answer->rows[i].by[0]);
	}
	if (count)
		page_sentence(page, -1, "No marketing leads at all: %s%s.", names, count > 8 ? " and others" : "");
}

/* Whose mix is not the team's, for sure: what one person is fed differently from the others. */
static void say_different(struct page *page)
{
	struct ask ask = MARKETING_SHARE;
	const struct answer *answer;
	struct share_of *shares;
	size_t compared = 0, said = 0;

	ask.by = "owner";
	ask.period = page->period;
	ask.where = both(page, ask.where, "owner is not empty");
	answer = page_answer(page, &ask);
	shares = ARENA_ARRAY(&page->arena, struct share_of, answer->row_count + 1);
	for (size_t i = 0; i < answer->row_count; i++) {
		shares[i] = (struct share_of){ answer->rows[i].numerator, answer->rows[i].denominator };
		compared += shares[i].of >= 20;
	}
	for (size_t i = 0; i < answer->row_count && said < 10; i++) {
		const char *rep = is_name(page, "owner", answer->rows[i].by[0]);
		struct ask own = ask, others = ask;

		if (!detect_differs(shares[i], share_rest(shares, answer->row_count, i), compared))
			continue;
		own.by = others.by = NULL;
		own.where = both(page, ask.where, rep);
		others.where = both(page, ask.where, page_printf(page, "not (%s)", rep));
		page_sentence(page, 0, "%s works another mix: %s from marketing, the others %s (%zu compared).",
			      page_name(page, answer->rows[i].by[0]), estimate(page, page_figure(page, &own)),
			      estimate(page, page_figure(page, &others)), compared);
		said++;
	}
}

static const struct {
	const char *name, *title, *condition, *sentence;
} parts[] = {
	{ "marketing", "Marketing", "origin = \"marketing\"", "that marketing created" },
	{ "sales", "Self-generated", "origin = \"sales\"", "that sales found itself" },
	{ "referral", "Referral", "origin = \"referral\"", "that were referred" },
	{ "partner", "Partner", "origin = \"partner\"", "that a partner brought" },
};

static struct table *mix_table(struct page *page, const char *name, const char *title, const char *by)
{
	struct table *table = page_table(page, name, title, "leads", by,
					 both(page, WORKED, page_printf(page, "%s is not empty", by)));

	TABLE_COLUMN(page, table, "worked", "Leads worked", .title = "Leads worked",
		     .sentence = "leads that a person tried to reach, or that sales took on, by the day they came in",
		     .measure = "count()", .period_of = "created", .period = page->period);
	for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++)
		TABLE_COLUMN(page, table, parts[i].name, parts[i].title,
			     .title = page_printf(page, "%s, of leads worked", parts[i].title),
			     .sentence = page_printf(page, "of the leads worked, those %s", parts[i].sentence),
			     .measure = page_printf(page, "count(%s) / count()", parts[i].condition),
			     .period_of = "created", .period = page->period, .brief = true);
	return table;
}

static void mix_tables(struct page *page, const struct known *known)
{
	const char *unit = page_time_unit(page);
	struct table *table;

	if (known->leads_owned) {
		table = mix_table(page, "reps", "What each rep works on", "owner");
		table_sort(page, table, "worked");
		table_total(page, table);
	}
	if (known->leads_dated) {
		table = mix_table(page, "months", page_printf(page, "The mix by %s", unit),
				  page_printf(page, "%s(created)", unit));
		table_fill(page, table);
		table_chart(table, "line", 0, "2,3,4", -1);
	}
}

static int build(const struct report_request *request, struct page *page, struct err *err)
{
	struct known known = page_known(page);
	bool worked = page_count(page, "leads", WORKED) > 0;

	(void)err;
	if (!known.leads_origin && !known.deals_origin && !request->by) {
		page_sentence(
			page, 0,
			"The book does not say who created the leads and deals, so there is no mix to show. Map a column "
			"to `origin` (marketing, sales, referral, partner); `--by source` shows the channels meanwhile.");
		page_note_unknown(page, &known);
		return 0;
	}
	if (known.leads_origin && worked) {
		say_mix(page);
		if (known.leads_owned) {
			say_without(page);
			say_different(page);
		}
	}
	share_table(page, &known, request->by ? request->by : "origin");
	if (known.leads_origin && worked)
		mix_tables(page, &known);
	if (known.leads && !worked)
		page_note(page,
			  "The book does not say which leads were worked: it has neither contacts, nor leads accepted, "
			  "nor opportunities that name their lead.");
	if (!page_count(page, "leads", "sweet_spot is not empty"))
		page_note(page,
			  "No rep has marked a lead as in or out of the sweet spot: see `lockstep report sweet-spot`.");
	page_note_unknown(page, &known);
	return 0;
}

const struct report report_mix = {
	.name = "mix",
	.title = "Lead mix",
	.sentence =
		"Where do the leads that sales works, and the value it wins, come from? Who gets none of marketing's?",
	.build = build,
};
