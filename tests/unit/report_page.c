/* Every report in every form, of a company built by hand and of its halves: what is left out must be said, not broken. */
#include <jansson.h>
#include "company.h"
#include "facts/facts_builder.h"
#include "report/page.h"
#include "tap.h"

static const struct {
	const char *name;
	int parts;
} companies[] = {
	{ "all", COMPANY_ALL },
	{ "healthy", COMPANY_ALL & ~COMPANY_FAULTS },
	{ "no calls, no spend", COMPANY_LEADS | COMPANY_DEALS | COMPANY_DATES },
	{ "no dates", COMPANY_ALL & ~COMPANY_DATES },
	{ "leads only", COMPANY_LEADS | COMPANY_DATES },
	{ "leads without dates", COMPANY_LEADS },
	{ "deals only", COMPANY_DEALS | COMPANY_DATES },
	{ "spend only", COMPANY_SPEND | COMPANY_DATES },
	{ "spend without dates", COMPANY_SPEND },
	{ "nothing", 0 },
};

static struct page *build(const struct facts *facts, const struct report *report, const char *by)
{
	struct report_request request = { .facts = facts,
					  .scope = SCOPE_EVERYTHING,
					  .from = DATE_NONE,
					  .to = DATE_NONE,
					  .as_of = DATE_NONE,
					  .by = by };
	struct err err = ERR_INIT;
	struct page *page = NULL;

	if (report_build(report, &request, &page, &err)) {
		note("%s: %s", report->name, err.text);
		return NULL;
	}
	return page;
}

/* The widest line, in columns. */
static size_t widest(struct str text)
{
	size_t most = 0;

	while (text.len) {
		struct str line = str_cut(&text, '\n');
		size_t width = utf8_width(line);

		most = width > most ? width : most;
	}
	return most;
}

static void check_text(const struct page *page, const char *name)
{
	struct err err = ERR_INIT;
	struct buf out;

	buf_init(&out, 1 << 24);
	is_int(report_text(page, false, &out, &err), 0, "%s: text", name);
	ok(widest(buf_str(&out)) <= 100, "%s: at most 100 columns (%zu)", name, widest(buf_str(&out)));
	ok(utf8_valid(buf_str(&out)) && !strpbrk(out.at, "\x01\x02\x03\x1b"),
	   "%s: neither marks nor colours are left in it", name);
	ok(str_find(buf_str(&out), " nan") < 0 && str_find(buf_str(&out), "-nan") < 0 &&
		   str_find(buf_str(&out), "(null)") < 0,
	   "%s: no number that is none", name);
	buf_release(&out);
}

static void check_json(const struct page *page, const char *name)
{
	struct err err = ERR_INIT;
	struct buf out;
	json_t *root;
	size_t i, without = 0;
	json_t *sentence;
	const char *key;
	json_t *table;

	buf_init(&out, 1 << 24);
	is_int(report_json(page, &out, &err), 0, "%s: JSON", name);
	root = json_loadb(out.at, out.len, 0, NULL);
	if (ok(root, "%s: JSON that can be read", name)) {
		ok(json_is_string(json_object_get(root, "head")) && json_is_array(json_object_get(root, "findings")) &&
			   json_is_array(json_object_get(root, "notes")),
		   "%s: has its parts", name);
		json_array_foreach(json_object_get(root, "sentences"), i, sentence) without +=
			!json_is_array(json_object_get(sentence, "measures"));
		json_object_foreach(json_object_get(root, "tables"), key, table) without +=
			!json_is_string(json_object_get(table, "measure")) ||
			!json_is_array(json_object_get(table, "rows"));
		is_int(without, 0, "%s: every sentence and every table column has its measures", name);
	}
	json_decref(root);
	buf_release(&out);
}

/* Every link to a part of the page has its part, once. */
static void check_links(struct str html, const char *name)
{
	size_t dead = 0;

	for (size_t i = 0; i + 6 < html.len; i++) {
		char id[64];
		size_t n = 0;

		if (memcmp(html.at + i, "href=\"#", 7) != 0)
			continue;
		for (const char *c = html.at + i + 7; *c != '"' && n < 50; c++)
			id[n++] = *c;
		id[n] = 0;
		char wanted[80];
		snprintf(wanted, sizeof(wanted), " id=\"%s\"", id);
		dead += !strstr(html.at, wanted);
	}
	is_int(dead, 0, "%s: no link leads nowhere", name);
}

static void check_html(const struct page *page, const char *name)
{
	struct err err = ERR_INIT;
	struct buf out;
	char *script;

	buf_init(&out, 1 << 26);
	is_int(report_html(page, false, &out, &err), 0, "%s: HTML %s", name, err.text);
	script = strstr(out.at, "<script>");
	if (script)
		*script = 0; /* the bundle is not ours to check */
	ok(!strstr(out.at, "<x>") && !strstr(out.at, "style=\"") && !strpbrk(out.at, "\x01\x02\x03"),
	   "%s: names stay text", name);
	check_links(str_of(out.at), name);
	buf_release(&out);
}

static void check_csv(const struct page *page, const char *name)
{
	struct err err = ERR_INIT;
	struct buf out;

	buf_init(&out, 1 << 26);
	is_int(report_csv(page, &out, &err), 0, "%s: CSV", name);
	buf_release(&out);
}

static size_t findings_of(const struct page *page, const char *kind, struct str *subject)
{
	size_t count = 0;

	for (size_t i = 0; i < page->finding_count; i++) {
		if (!strcmp(page->findings[i].kind, kind)) {
			*subject = page->findings[i].subject;
			count++;
		}
	}
	return count;
}

static void check_findings(void)
{
	struct facts *facts = company_facts(COMPANY_ALL), *healthy = company_facts(COMPANY_ALL & ~COMPANY_FAULTS);
	struct page *page = build(facts, report_find(STR("weekly")), NULL),
		    *other = build(healthy, report_find(STR("weekly")), NULL);
	struct str subject = STR_NONE;

	is_int(findings_of(page, "slow_rep", &subject), 1, "one slow rep");
	is_bytes(subject, "Dora \"D\" <x>", "is the right one");
	is_int(findings_of(page, "junk_campaign", &subject), 1, "one junk campaign");
	is_bytes(subject, "List", "is the right one");
	is_int(findings_of(page, "leaking_stage", &subject), 1, "one leaking stage");
	is_bytes(subject, "Quote", "is the right one");
	is_int(findings_of(other, "slow_rep", &subject) + findings_of(other, "junk_campaign", &subject) +
		       findings_of(other, "leaking_stage", &subject),
	       0, "nobody is accused in the healthy company");
	page_free(page);
	page_free(other);
	facts_free(facts);
	facts_free(healthy);
}

static void check_builder(void)
{
	struct facts *facts = company_facts(COMPANY_LEADS | COMPANY_DATES);
	struct page *page = build(facts, report_find(STR("sources")), NULL);
	const struct figure *all, *few;
	const struct sentence *s;
	struct table *table;

	all = PAGE_ASK(page, .title = "T", .sentence = "S", .measure = "count(opportunity) / count()", .of = "leads");
	few = PAGE_ASK(page, .title = "T", .sentence = "S", .measure = "count(opportunity) / count()", .of = "leads",
		       .where = "key in (\"L1\", \"L2\")");
	s = page_sentence(page, 0, "%s, then %s.", share(page, all), share(page, few));
	is_int(s->count, 2, "a sentence knows its figures");
	ok(s->figures[0] == all && s->figures[1] == few, "in their order");
	ok(str_find(s->text, "of 2 (too few to say), then") < 0 && str_find(s->text, "of 2 (too few to say).") > 0,
	   "small numbers say so");
	is_int(all->definition, few->definition, "one definition for both");
	is_bytes(all->rows_where, "", "a share of all is about all rows");
	is_bytes(few->rows_where, "key in (\"L1\", \"L2\")", "a share of some is about those");
	table = page_table(page, "t", "Title", "leads", "source", NULL);
	TABLE_COLUMN(page, table, "a", "A", .title = "A", .measure = "count()");
	TABLE_COLUMN(page, table, "b", "B", .title = "B", .measure = "count(opportunity)", .where = "opportunity");
	table_sort(page, table, "a");
	table_total(page, table);
	is_int(table->row_count, 6, "five sources and a total");
	for (size_t r = 0; r + 2 < table->row_count; r++)
		ok(figure_number(table->rows[r].figures[1]) >= figure_number(table->rows[r + 1].figures[1]),
		   "sorted: row %zu", r);
	is_int(figure_count(table->rows[5].figures[1]), 1980, "the total counts all");
	ok(str_find(table->rows[0].figures[1]->rows_where, "source = \"") >= 0, "a cell knows its rows");
	is_str(is_name(page, "owner", STR("a \"b\"")), "owner = \"a \"\"b\"\"\"", "quotes in names are doubled");
	is_str(is_name(page, "owner", STR_NONE), "owner is empty", "no name is empty");
	is_str(in_period(page, "created", (struct period){ 0, 31 }), "created >= 1970-01-01 and created < 1970-02-01",
	       "a period");
	ok(!in_period(page, "created", PERIOD_ALL), "no period");
	ok(!page->err.kind, "nothing failed: %s", page->err.text);
	page_free(page);
	facts_free(facts);
}

/* A name whose control characters are printed as something else, one that looks like it, "(none)" and no name. */
static void check_labels(void)
{
	static const char *const sources[] = { "fair\x02", "fair\x02", "fair\x03", "(none)", "" };
	struct book_settings settings = { .zone = "UTC", .currency = "EUR", .fiscal_start_month = 1 };
	struct err err = ERR_INIT;
	struct facts *facts;
	struct page *page;
	struct table *table;

	if (facts_builder_new(&facts, &settings, &err))
		BUG("%s", err.text);
	for (size_t i = 0; i < sizeof(sources) / sizeof(*sources); i++) {
		uint32_t row = builder_row(facts, FACT_LEADS, STR_NONE);

		builder_time(facts, builder_column(facts, FACT_LEADS, "created"), row, 1700000000);
		if (*sources[i])
			builder_name(facts, builder_column(facts, FACT_LEADS, "source"), row, str_of(sources[i]));
	}
	facts_finish(facts, DATE_NONE);
	page = build(facts, report_find(STR("sources")), NULL);
	table = page_table(page, "t", "Title", "leads", "source", NULL);
	TABLE_COLUMN(page, table, "a", "A", .title = "A", .measure = "count()");
	TABLE_COLUMN(page, table, "b", "B", .title = "B", .measure = "count() * 2");
	TABLE_COLUMN(page, table, "c", "C", .title = "C", .measure = "count()", .where = "created is known");
	table_fill(page, table);
	is_int(table->row_count, 4, "a row for each name, whatever it is printed as");
	is_str(arena_cstr(&page->arena, table->rows[0].texts[0]), page_name(page, STR("fair\x02")),
	       "the largest first");
	for (size_t r = 0; r < table->row_count; r++) {
		ok(figure_number(table->rows[r].figures[1]) == (r == 0 ? 2 : 1), "row %zu: its rows", r);
		ok(figure_number(table->rows[r].figures[2]) == (r == 0 ? 4 : 2), "row %zu: twice that", r);
		ok(figure_number(table->rows[r].figures[3]) == (r == 0 ? 2 : 1), "row %zu: under its own condition", r);
	}
	page_free(page);
	facts_free(facts);
}

static void check_errors(void)
{
	struct facts *facts = company_facts(COMPANY_LEADS | COMPANY_DATES);
	struct report_request request = { .facts = facts,
					  .scope = SCOPE_EVERYTHING,
					  .from = DATE_NONE,
					  .to = DATE_NONE,
					  .as_of = DATE_NONE,
					  .by = "no_such_column" };
	struct err err = ERR_INIT;
	struct page *page = NULL;

	is_int(report_build(report_find(STR("sources")), &request, &page, &err), ERR_INPUT,
	       "a dimension that is none is refused");
	ok(strstr(err.text, "no_such_column"), "and named");
	ok(!report_find(STR("nothing")), "no such report");
	facts_free(facts);
}

int main(void)
{
	for (size_t c = 0; c < sizeof(companies) / sizeof(*companies); c++) {
		struct facts *facts = company_facts(companies[c].parts);

		for (size_t r = 0; report_at(r); r++) {
			struct page *page = build(facts, report_at(r), NULL);
			char name[128];

			snprintf(name, sizeof(name), "%s, %s", report_at(r)->name, companies[c].name);
			if (!ok(page, "%s: builds", name))
				continue;
			ok(page->block_count > 0, "%s: says something", name);
			check_text(page, name);
			check_json(page, name);
			check_csv(page, name);
			check_html(page, name);
			page_free(page);
		}
		facts_free(facts);
	}
	check_findings();
	check_builder();
	check_labels();
	check_errors();
	return done();
}
