/* What is missing, odd or contradictory in the book, and so how far its figures can be trusted. */
#include "report/reports.h"

struct check {
	const char *name, *of, *label, *condition, *where, *sentence;
};

static const struct check checks[] = {
	{ "leads_no_date", "leads", "Leads without a date", "created is not known", NULL,
	  "nobody wrote down when they came in" },
	{ "leads_no_source", "leads", "Leads without a source", "source is empty", NULL, "the channel is not known" },
	{ "leads_no_owner", "leads", "Leads handed over to nobody", "owner is empty", "handed_off",
	  "handed to sales, but nobody has them" },
	{ "leads_won_no_date", "leads", "Leads won at an unknown time", "won is unknown", "won",
	  "they count in rates, never in a week or a duration" },
	{ "leads_negative", "leads", "Leads won before they came in", "days(created, won) < 0", "won",
	  "negative durations: counted, and flagged" },
	{ "leads_early_steps", "leads", "Leads with steps before they came in",
	  "days(created, qualified) < 0 or days(created, handed_off) < 0 or days(created, accepted) < 0 or "
	  "days(created, rejected) < 0",
	  NULL, "qualified, handed over or answered by sales on a day before: one of the two days is wrong" },
	{ "leads_early_answer", "leads", "Leads answered before the hand-over", "first_response < handed_off",
	  "handed_off and first_response", "a contact before the hand-over" },
	{ "deals_no_date", "opportunities", "Deals without an opening date", "created is not known", NULL,
	  "ages and cycles are not known" },
	{ "deals_no_owner", "opportunities", "Deals without an owner", "owner is empty", NULL, "nobody has them" },
	{ "deals_no_stage", "opportunities", "Deals without a stage", "stage is empty", NULL,
	  "where they stand is not known" },
	{ "deals_open_no_value", "opportunities", "Open deals without a value", "not (amount > 0)", "open",
	  "empty or zero" },
	{ "deals_won_no_value", "opportunities", "Won deals without a value", "not (amount > 0)", "won",
	  "empty or zero" },
	{ "deals_closed_no_date", "opportunities", "Deals closed at an unknown time", "closed is unknown", "closed",
	  "they count in rates, never in a week or a duration" },
	{ "deals_negative", "opportunities", "Deals closed before they were opened", "days(created, closed) < 0",
	  "closed", "negative durations: counted, and flagged" },
	{ "deals_overdue", "opportunities", "Open deals expected to have closed already",
	  "days(expected_close, as_of) > 0", "open", "their expected closing day has passed" },
	{ "deals_no_close", "opportunities", "Open deals without an expected closing", "expected_close is empty",
	  "open", "no day is given" },
	{ "deals_lost_no_reason", "opportunities", "Lost deals without a reason", "reason is empty", "lost",
	  "why is not known" },
	{ "visits_negative", "stage_visits", "Stage visits that end before they begin", "days(entered, left) < 0", NULL,
	  "negative durations" },
	{ "visits_no_date", "stage_visits", "Stage visits without an entry date", "entered is not known", NULL,
	  "they count in the flow, never in times" },
	{ "activities_no_lead", "activities", "Activities of nobody in the book",
	  "lead is empty and opportunity is empty", NULL, "they name no lead or deal that is in the book" },
	{ "touches_no_lead", "touches", "Touches of nobody in the book", "lead is empty", NULL,
	  "they name no lead that is in the book" },
	{ "spend_no_campaign", "spend", "Spend without a campaign", "campaign is empty", NULL,
	  "it cannot be set against anything" },
	{ "orders_no_deal", "orders", "Orders without a deal", "opportunity is empty", NULL,
	  "they name no deal that is in the book" },
	{ "orders_no_cost", "orders", "Orders without a cost", "cost is empty", NULL,
	  "their margin is not known: they are left out of margins" },
};
#define CHECKS (sizeof(checks) / sizeof(*checks))

static size_t check_table(struct page *page)
{
	static const char *const columns[] = { "What", "How many", NULL };
	const struct figure *found[CHECKS];
	struct table *table;
	size_t count = 0;

	for (size_t i = 0; i < CHECKS; i++) {
		const struct check *c = &checks[i];
		enum fact fact;

		found[i] = NULL;
		if (!fact_by_name(str_of(c->of), &fact) || !facts_rows(page->request.facts, fact))
			continue;
		if (!page_count(page, c->of, both(page, c->where, c->condition)))
			continue;
		found[i] = PAGE_ASK(page, .title = c->label, .sentence = c->sentence,
				    .measure = page_printf(page, "count(%s) / count()", c->condition), .of = c->of,
				    .where = c->where);
		((struct figure *)(uintptr_t)found[i])->rows_where = str_of(both(page, c->where, c->condition));
		count++;
	}
	if (!count)
		return 0;
	table = page_matrix(page, "checks", "What is missing or odd", columns);
	for (size_t i = 0; i < CHECKS; i++) {
		if (found[i])
			matrix_row(page, table, checks[i].name, checks[i].label, &found[i]);
	}
	return count;
}

/* ---- dates beyond the last day ---- */

/* Times that should lie behind us. Asked as of the end of time: as of the last day such rows are not there yet. */
static size_t late_table(struct page *page)
{
	static const struct {
		const char *of, *label, *times[6];
	} facts[] = {
		{ "leads", "Leads", { "created", "qualified", "handed_off", "accepted", "won", "lost" } },
		{ "opportunities", "Deals", { "created", "won", "lost", "discontinued" } },
		{ "stage_visits", "Stage visits", { "entered" } },
		{ "touches", "Touches", { "at" } },
		{ "activities", "Activities", { "at" } },
		{ "spend", "Lines of spend", { "day" } },
		{ "orders", "Orders", { "booked", "invoiced", "paid" } },
	};
	static const char *const columns[] = { "Dated after the last day", "How many", NULL };
	struct report_request *request = &page->request;
	int32_t last = facts_last_day(request->facts), as_of = request->as_of;
	struct table *table = NULL;
	char day[16];
	size_t found = 0;

	if (last == DATE_NONE)
		return 0;
	date_format(last, day);
	request->as_of = INT32_MAX;
	for (size_t i = 0; i < sizeof(facts) / sizeof(*facts); i++) {
		const char *where = NULL;
		const struct figure *late;

		for (size_t t = 0; t < 6 && facts[i].times[t]; t++)
			where = page_printf(page, "%s%s%s > %s", where ? where : "", where ? " or " : "",
					    facts[i].times[t], day);
		if (!page_count(page, facts[i].of, where))
			continue;
		late = PAGE_ASK(page, .title = page_printf(page, "%s dated after the last day", facts[i].label),
				.sentence = "far beyond all others, or in the future: most often a slip of the pen; "
					    "until then they are not counted",
				.measure = page_printf(page, "count(%s) / count()", where), .of = facts[i].of);
		table = table ? table
			      : page_matrix(page, "late", "Dates far beyond the rest, or in the future", columns);
		matrix_row(page, table, facts[i].of, facts[i].label, &late);
		page_rows(page, page_printf(page, "late_%s", facts[i].of),
			  page_printf(page, "%s dated after %s", facts[i].label, day), facts[i].of, where,
			  page_printf(page, "key, %s%s%s", facts[i].times[0], facts[i].times[1] ? ", " : "",
				      facts[i].times[1] ? facts[i].times[1] : ""),
			  page_printf(page, "Key,%s%s%s", facts[i].times[0], facts[i].times[1] ? "," : "",
				      facts[i].times[1] ? facts[i].times[1] : ""),
			  page_printf(page, "%s desc", facts[i].times[0]), 10);
		found++;
	}
	request->as_of = as_of;
	return found;
}

/* ---- spellings that look alike ---- */

#define NAMES_MAX 2000
#define ALIKE_SHOWN 10

static bool alike(struct str a, struct str b)
{
	char x[256], y[256];
	size_t len = str_fold_name(a, x, sizeof(x)), other = str_fold_name(b, y, sizeof(y));

	return len && len == other && len < sizeof(x) && !memcmp(x, y, len);
}

/* Says which names of a column differ only in spaces, case or punctuation. Returns how many pairs. */
static size_t say_alike(struct page *page, const char *of, const char *column)
{
	struct ask ask = { .title = "Rows",
			   .sentence = "rows with this spelling",
			   .measure = "count()",
			   .of = of,
			   .by = column,
			   .where = page_printf(page, "%s is not empty", column) };
	const struct answer *answer = page_answer(page, &ask);
	size_t pairs = 0;

	for (size_t i = 0; i < answer->row_count && i < NAMES_MAX; i++) {
		for (size_t j = i + 1; j < answer->row_count && j < NAMES_MAX; j++) {
			struct str a = answer->rows[i].by[0], b = answer->rows[j].by[0];

			if (!alike(a, b) || pairs++ >= ALIKE_SHOWN)
				continue;
			page_sentence(
				page, -1,
				"Look alike, in %s of %s: \"%s\" (%s) and \"%s\" (%s). If they are one, say so in the map.",
				column, of, page_name(page, a),
				noun(page, page_row_figure(page, &ask, answer, i), "row", "rows"), page_name(page, b),
				noun(page, page_row_figure(page, &ask, answer, j), "row", "rows"));
		}
	}
	return pairs;
}

static size_t say_all_alike(struct page *page)
{
	static const char *const columns[] = {
		"source", "campaign", "owner", "product", "region", "segment", "reason"
	};
	size_t pairs = 0;

	for (size_t i = 0; i < sizeof(columns) / sizeof(*columns); i++) {
		if (facts_rows(page->request.facts, FACT_LEADS))
			pairs += say_alike(page, "leads", columns[i]);
		if (facts_rows(page->request.facts, FACT_OPPORTUNITIES))
			pairs += say_alike(page, "opportunities", columns[i]);
	}
	return pairs;
}

/* ---- rows that are in no figure ---- */

#define FILES_SHOWN 5

static struct str file_name(struct str path)
{
	for (size_t i = path.len; i--;) {
		if (path.at[i] == '/')
			return (struct str){ path.at + i + 1, path.len - i - 1 };
	}
	return path;
}

/* A file that was read again said last what was wrong with it. */
static bool is_last_of_file(const struct report_request *request, size_t i)
{
	const struct import *import = &request->imports[i];

	for (size_t later = i + 1; later < request->import_count; later++) {
		const struct import *other = &request->imports[later];

		if (other->object == import->object && other->state == IMPORT_FINISHED &&
		    str_eq(other->path, import->path))
			return false;
	}
	return import->state == IMPORT_FINISHED;
}

static void say_rejected(struct page *page, const struct report_request *request)
{
	const char *list = "";
	int64_t rows = 0;
	size_t files = 0;

	for (size_t i = 0; i < request->import_count; i++) {
		const struct import *import = &request->imports[i];

		if (!import->rejected || !is_last_of_file(request, i))
			continue;
		rows += (int64_t)import->rejected;
		if (files++ < FILES_SHOWN)
			list = page_printf(page, "%s%s%s of %s", list, *list ? ", " : "",
					   number(page, (int64_t)import->rejected),
					   page_name(page, file_name(import->path)));
	}
	if (rows)
		page_note(
			page,
			"Rejected when they were imported, and so in no figure unless they were mended since: %s %s (%s%s). "
			"`lockstep imports --format json` says where they are.",
			number(page, rows), rows == 1 ? "row" : "rows", list, files > FILES_SHOWN ? " …" : "");
	else if (request->imports)
		page_note(page, "No row of the files that were imported was rejected.");
}

static int build(const struct report_request *request, struct page *page, struct err *err)
{
	struct known known = page_known(page);
	size_t odd;

	(void)err;
	odd = say_all_alike(page);
	odd += check_table(page);
	odd += late_table(page);
	say_rejected(page, request);
	if (odd)
		page_note(
			page,
			"The share is of those that should have it; `lockstep rows` and the HTML form show which they are.");
	if (!odd && (known.leads || known.deals))
		page_sentence(page, +1, "Nothing missing or odd was found.");
	page_note_unknown(page, &known);
	return 0;
}

const struct report report_data_quality = {
	.name = "data-quality",
	.title = "Data quality",
	.sentence = "What is missing, odd or contradictory, and how far can the figures be trusted?",
	.build = build,
	.no_by = true,
	.no_period = true,
};
