/* An agreement run over what is in the book: who would have passed, who would have got them, what would have been kept, and how the agreed
 * numbers stood; two texts side by side. */
#include "report/replay.h"

#include "report/promises.h"

enum { PASSED_SHOWN = 10 };

static const struct ask TERM_PASS = {
	.title = "Leads that pass",
	.sentence = "leads that met the criteria and reached the bar of their type, of all that came in",
	.measure = "count(passed) / count()",
	.of = "leads",
	.period_of = "created",
};

static const struct ask TERM_LATE = {
	.title = "Not on time",
	.sentence = "broken, of the promises that fell due",
	.measure = "count(broken) / count(fell_due)",
	.of = "promises",
	.period_of = "fell_due",
};

static const struct ask TERM_OVER_LIMIT = {
	.title = "Longer than agreed",
	.sentence = "stays in a stage that were longer than the agreement allows, of all that began",
	.measure = "count(over_limit) / count(entered)",
	.of = "stage_visits",
	.period_of = "entered",
};

/* ---- leads ---- */

static void say_handed_over(struct page *page)
{
	const struct figure *below = PAGE_ASK(page, .title = "Handed over below the bar",
					      .sentence = "leads that were handed over and would not have passed",
					      .measure = "count(handed_off and not passed) / count(handed_off)",
					      .of = "leads", .period_of = "created", .period = page->period);
	const struct figure *missed = PAGE_ASK(page, .title = "Passed and never handed over",
					       .sentence = "leads that would have passed and were not handed over",
					       .measure = "count(passed and not handed_off) / count(passed)",
					       .of = "leads", .period_of = "created", .period = page->period);

	if (below->row->denominator > 0)
		page_sentence(page, 0, "Of those that were handed over in truth %s would not have passed.",
			      share(page, below));
	if (missed->row->denominator > 0 && figure_count(missed) > 0 && below->row->denominator > 0)
		page_sentence(page, 0, "Of those that would have passed %s never reached sales.", share(page, missed));
}

/* Why few or none pass: no touch, no points for any. */
static void say_touches(struct page *page)
{
	const struct agreement_version *version = page_agreement(page);

	if (version && version->agreement->words_of_rules.kind_count && !page_count(page, "touches", NULL))
		page_sentence(
			page, 0,
			"The rules ask for touches, as \"%s\", and the book has none: nobody passes by what they ask "
			"of those.",
			page_name(page, version->agreement->words_of_rules.kinds[0]));
}

static void say_leads(struct page *page)
{
	page_heading(page, "Leads");
	page_sentence(page, 0, "%s leads would have passed.",
		      share(page, page_term(page, &TERM_PASS, NULL, page->period)));
	say_touches(page);
	say_handed_over(page);
}

static void lead_tables(struct page *page)
{
	struct table *table = page_table(page, "types", "Leads by the agreement's types", "leads", "agreed_type", NULL);

	table_label(table, 0, "Type");
	table_term(page, table, "leads", "Leads", &TERM_LEADS, NULL, page->period);
	table_term(page, table, "passed", "Would have passed", &TERM_PASS, NULL, page->period);
	table_total(page, table);
	if (!page_count(page, "leads", "passed"))
		return;
	table = page_table(page, "owners", "Who would have got them", "leads", "would_get", "passed");
	table_label(table, 0, "Owner");
	TABLE_COLUMN(page, table, "leads", "Leads", .title = "Leads that would have been given",
		     .sentence = "leads by who would have got them when they passed, by the agreement's routes",
		     .measure = "count()", .period_of = "created", .period = page->period);
	table_fill(page, table);
}

static void list_passed(struct page *page)
{
	const char *where = both(page, "passed", in_period(page, "created", page->period));

	if (page_count(page, "leads", where))
		page_rows(page, "passed", "Leads that would have passed, the last ones first", "leads", where,
			  "key, agreed_type, points, passed, would_get, owner, handed_off",
			  "Lead,Type,>Points,Passed,Would get,Owner,Handed over", "passed desc", PASSED_SHOWN);
}

/* ---- promises ---- */

/* By who had the lead, whoever was late most often first. */
static void people_table(struct page *page)
{
	const char *where = "lead is set and owner is not empty and party != marketing";
	struct table *table;

	if (!page_count(page, "promises", where))
		return;
	table = page_table(page, "people", "Promises about leads, by who had the lead", "promises", "owner", where);
	table_term(page, table, "late", "Not on time", &TERM_LATE, NULL, page->period);
	promise_shares(page, table, where);
	table_sort(page, table, "late");
}

static void stage_table(struct page *page)
{
	struct table *table;

	if (!page_count(page, "stage_visits", "over_limit"))
		return;
	table = page_table(page, "stages", "Stays in stages against the agreed limits", "stage_visits", "stage", NULL);
	table_term(page, table, "over", "Longer than agreed", &TERM_OVER_LIMIT, NULL, page->period);
	table_fill(page, table);
}

/* ---- one text ---- */

static void say_promises(struct page *page)
{
	say_untold(page);
	if (!page_count(page, "promises", NULL)) {
		page_sentence(
			page, 0,
			"No promise would have begun: nothing in the book has the times that start their clocks.");
		return;
	}
	say_parties(page);
	page_heading(page, "In numbers");
	promises_by_name(page);
	promises_of_numbers(page);
	people_table(page);
}

static void build_one(struct page *page)
{
	say_leads(page);
	say_agreed_numbers(page);
	say_promises(page);
	lead_tables(page);
	stage_table(page);
	list_passed(page);
	page_note(page, "Rules see a lead's columns as they are now, its touches and milestones as they were then.");
}

/* ---- two texts ---- */

/* One line of the comparison: the same question under both. Capital letters make no other name. */
struct line {
	const char *label;
	struct ask ask;
	const struct figure *figures[2];
	bool of[2]; /* which text has it at all */
};

struct lines {
	struct line *items;
	size_t count, capacity;
};

static void add_line(struct page *page, struct lines *lines, size_t text, const char *label, struct ask ask)
{
	for (size_t i = 0; i < lines->count; i++) {
		if (str_eq_fold(str_of(lines->items[i].label), str_of(label))) {
			lines->items[i].of[text] = true;
			return;
		}
	}
	ARENA_PUSH(&page->arena, lines->items, lines->count, lines->capacity);
	ask.period = page->period;
	lines->items[lines->count] = (struct line){ .label = label, .ask = ask };
	lines->items[lines->count++].of[text] = true;
}

static struct ask on_condition(struct page *page, const struct ask *term, const char *column, struct str name)
{
	struct ask ask = *term;

	ask.where = is_name(page, column, name);
	return ask;
}

static void add_lines(struct page *page, struct lines *lines, size_t text, const struct agreement *agreement)
{
	add_line(page, lines, text, "Leads that pass", TERM_PASS);
	for (size_t i = 0; i < agreement->type_count; i++) {
		struct str name = agreement->types[i].name;

		add_line(page, lines, text, page_printf(page, "… of type %s", page_name(page, name)),
			 on_condition(page, &TERM_PASS, "agreed_type", name));
	}
	for (size_t i = 0; i < agreement->promise_count; i++) {
		const struct promise_def *promise = &agreement->promises[i];

		add_line(page, lines, text,
			 page_printf(page, "%s: %s", party_name(promise->party), page_name(page, promise->name)),
			 on_condition(page, &TERM_ON_TIME, "promise", promise->name));
	}
	for (size_t i = 0; i < agreement->stage_count; i++)
		if (agreement->stages[i].limit.amount)
			add_line(page, lines, text,
				 page_printf(page, "longer than agreed in %s",
					     page_name(page, agreement->stages[i].name)),
				 on_condition(page, &TERM_OVER_LIMIT, "stage", agreement->stages[i].name));
	for (size_t i = 0; i < agreement->kpi_count; i++)
		add_line(page, lines, text, page_name(page, agreement->kpis[i].name),
			 ask_of_kpi(page, &agreement->kpis[i]));
}

static void ask_lines(struct page *page, struct lines *lines, size_t text)
{
	for (size_t i = 0; i < lines->count; i++)
		if (lines->items[i].of[text])
			lines->items[i].figures[text] = page_figure(page, &lines->items[i].ask);
}

/* Of each text; what neither can judge is said once. */
static void say_untold_of_two(struct page *page, const char *const *const untold[2], const size_t counts[2])
{
	static const char *const whose[] = { "This text", "The other" };

	if (counts[0] || counts[1])
		page_heading(page, "What cannot be judged");
	for (size_t text = 0; text < 2; text++) {
		for (size_t i = 0; i < counts[text]; i++) {
			bool in_both = false;

			for (size_t k = 0; k < counts[!text]; k++)
				in_both = in_both || !strcmp(untold[text][i], untold[!text][k]);
			if (!in_both)
				page_sentence(page, 0, "%s: %s", whose[text], untold[text][i]);
			else if (!text)
				page_sentence(page, 0, "Both: %s", untold[text][i]);
		}
	}
}

static int build_two(struct page *page, struct err *err)
{
	static const char *const columns[] = { "", "This text", "The other", NULL };
	const struct report_request *request = &page->request;
	struct lines lines = { .count = 0 };
	const char **untold[2];
	struct table *table;
	size_t counts[2];
	int failed;

	add_lines(page, &lines, 0, request->agreements->versions[0].agreement);
	add_lines(page, &lines, 1, request->against->versions[0].agreement);
	ask_lines(page, &lines, 0);
	untold[0] = untold_of(page, &request->agreements->versions[0], &counts[0]);
	failed = request->judge(request->judge_context, request->against, err);
	if (failed)
		return failed;
	ask_lines(page, &lines, 1);
	untold[1] = untold_of(page, &request->against->versions[0], &counts[1]);
	page_sentence(page, 0, "Under this text %s leads would have passed, under the other %s.",
		      share(page, lines.items[0].figures[0]), share(page, lines.items[0].figures[1]));
	table = page_matrix(page, "against", "Two texts side by side", columns);
	for (size_t i = 0; i < lines.count; i++)
		matrix_row(page, table, page_printf(page, "line_%zu", i + 1), lines.items[i].label,
			   lines.items[i].figures);
	say_untold_of_two(page, (const char *const *const[]){ untold[0], untold[1] }, counts);
	return 0;
}

static int build(const struct report_request *request, struct page *page, struct err *err)
{
	if (request->against)
		return build_two(page, err);
	build_one(page);
	return 0;
}

const struct report report_replay = {
	.name = "replay",
	.title = "Replay",
	.sentence = "How would we have done under this agreement?",
	.build = build,
	.judged = true,
	.no_by = true,
};
