/* Leads one after another, and found by words. */
#include <stdlib.h>

#include "base/date.h"
#include "desk/lead_search.h"
#include "facts/judged.h"
#include "facts/rows.h"
#include "io/csv.h"
#include "report/answer_json.h"
#include "serve/endpoints.h"
#include "serve/journal.h"
#include "serve/listing.h"
#include "serve/who.h"

enum {
	PAGE_MOST = 200,
	PAGE_USUAL = 50,
	FILE_MOST = 10000, /* leads of one CSV file */
	FILE_BYTES = 16 << 20,
	EXPRESSION_MOST = 4000,
	FIND_MOST = 200,
	CATCH_UP = 1000,
};

/* Cursors are no numbers to count with. */
#define CURSOR UINT64_C(0x5A17C9E3B2)

/* ---- listing ---- */

static const struct member list_arguments[] = {
	{ .name = "where",
	  .type = MEMBER_TEXT,
	  .most = EXPRESSION_MOST,
	  .sentence = "only those for which this condition holds: owner = \"Seller One\" and not accepted" },
	{ .name = "find",
	  .type = MEMBER_TEXT,
	  .most = FIND_MOST,
	  .sentence =
		  "only those with words of name, company, mail address, telephone number or id that begin so; the latest first" },
	{ .name = "order",
	  .type = MEMBER_TEXT,
	  .most = FIND_MOST,
	  .sentence =
		  "by which column, where no words are looked for: created desc; owner; the oldest first unless given" },
	{ .name = "limit", .type = MEMBER_WHOLE, .least = 1, .most = PAGE_MOST, .sentence = "at most so many; 50" },
	{ .name = "cursor", .type = MEMBER_TEXT, .sentence = "the `next` of the page before" },
	{ .name = "format",
	  .type = MEMBER_CHOICE,
	  .choices = "json|csv",
	  .sentence = "csv: the first 10,000 as a file, which the journal notes; json unless given" },
	{ .name = NULL },
};

static const struct member listed_members[] = {
	{ .name = "lead", .type = MEMBER_TEXT, .required = true, .sentence = "its id" },
	{ .name = "source", .type = MEMBER_TEXT, .required = true, .sentence = "whose id that is" },
	{ .name = "name", .type = MEMBER_TEXT, .required = true, .null = true, .sentence = "the person's" },
	{ .name = "company",
	  .type = MEMBER_TEXT,
	  .required = true,
	  .null = true,
	  .sentence = "where that person works" },
	{ .name = "owner", .type = MEMBER_TEXT, .required = true, .null = true, .sentence = "who has it" },
	{ .name = "life", .type = MEMBER_TEXT, .required = true, .sentence = "where it stands" },
	{ .name = "channel", .type = MEMBER_TEXT, .required = true, .null = true, .sentence = "where it came from" },
	{ .name = "campaign", .type = MEMBER_TEXT, .required = true, .null = true, .sentence = "by which it came" },
	{ .name = "partner", .type = MEMBER_TEXT, .required = true, .null = true, .sentence = "who works on it" },
	{ .name = "created", .type = MEMBER_TEXT, .required = true, .null = true, .sentence = "when it came in" },
	{ .name = NULL },
};
static const struct member listed = { .name = "", .type = MEMBER_OBJECT, .members = listed_members };
static const struct member list_members[] = {
	{ .name = "total",
	  .type = MEMBER_WHOLE,
	  .required = true,
	  .null = true,
	  .sentence = "on all pages; null: nobody counted, since only words were asked for" },
	{ .name = "leads", .type = MEMBER_LIST, .required = true, .items = &listed, .sentence = "one after another" },
	{ .name = "next", .type = MEMBER_TEXT, .required = true, .null = true, .sentence = "cursor of the next page" },
	{ .name = NULL },
};

/* The rows of one page, and of how many. */
struct page {
	const struct facts *facts;
	const uint64_t *marked; /* bits by row of those asked for; NULL: all that are seen */
	uint32_t *rows;         /* in the arena */
	size_t count;
	int64_t total;    /* -1: nobody counted */
	const char *next; /* cursor of the next page; NULL: there is none */
	bool more;
};

/* ---- cursors: the number of the last lead, which stays the same whatever comes meanwhile ---- */

static const char *cursor_of_row(struct call *call, const struct facts *facts, uint32_t row)
{
	return arena_printf(call->arena, "%llx", (unsigned long long)cells_subject(facts, FACT_LEADS, row) ^ CURSOR);
}

/* The first row that does not come before it. */
static uint32_t row_at(const struct facts *facts, uint64_t subject)
{
	uint32_t low = 0, high = facts_rows(facts, FACT_LEADS);

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;

		if (cells_subject(facts, FACT_LEADS, middle) < subject)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* False where the cursor is none of ours. *subject 0: none is given. */
static bool read_cursor(struct call *call, uint64_t *subject)
{
	const char *text = call_text(call, "cursor");
	char *end;

	*subject = 0;
	if (!text)
		return true;
	*subject = strtoull(text, &end, 16) ^ CURSOR;
	if (!*end && *subject && *subject <= UINT32_MAX)
		return true;
	problem_add(&call->problems, STR_NONE, 0, 0, STR("cursor"), "is none that a page gave");
	call_wrong(call);
	return false;
}

/* ---- which ---- */

static int mark(struct call *call, const struct facts *facts, uint64_t **marked, struct err *err)
{
	struct question question = { .of = "leads",
				     .where = call_text(call, "where"),
				     .as_of = DATE_NONE,
				     .from = DATE_NONE,
				     .to = DATE_NONE,
				     .scope = who_sees(&call->who) };

	*marked = ARENA_ARRAY(call->arena, uint64_t, (size_t)facts_rows(facts, FACT_LEADS) + 1);
	return rows_mark(facts, &question, *marked, 1, 0, err);
}

static void list_from(struct page *page, uint32_t from, size_t limit)
{
	uint32_t rows = facts_rows(page->facts, FACT_LEADS);

	for (uint32_t row = 0; row < rows; row++) {
		if (!page->marked[row])
			continue;
		page->total++;
		if (row >= from && page->count < limit)
			page->rows[page->count++] = row;
		else if (row >= from)
			page->more = true;
	}
}

/* Those of the words, that are marked besides where there is a condition. */
static void find_from(struct call *call, struct page *page, uint32_t before, size_t limit)
{
	struct lead_search *search = office_search(server_office(call->server));
	struct scope scope = who_sees(&call->who);
	uint32_t found[PAGE_MOST];
	size_t most = limit < PAGE_MOST ? limit + 1 : PAGE_MOST, count;

	page->total = -1;
	do {
		count = lead_search_find(search, page->facts, &scope, http_argument(call->request, "find"), before,
					 found, most);
		for (size_t i = 0; i < count; i++) {
			if (page->marked && !page->marked[found[i]])
				continue;
			if (page->count < limit)
				page->rows[page->count++] = found[i];
			else
				page->more = true;
		}
		before = count ? found[count - 1] : 0;
	} while (count == most && !page->more);
}

/* ---- saying them ---- */

static int lead_json(struct call *call, const struct page *page, const struct lead_files *files, uint32_t row,
		     json_t **out, struct err *err)
{
	const struct facts *facts = page->facts;
	int64_t created_ms = cell_time_ms(cells_of(facts, FACT_LEADS, "created"), row);
	struct lead_file file;
	struct lead_text text;
	char created[40] = "";

	lead_file_read(files, row, &file, call->arena);
	if (lead_search_text(office_search(server_office(call->server)), facts, row, &text, call->arena, err))
		return err->kind;
	if (!text.company.len)
		text.company = cell_name(cells_of(facts, FACT_LEADS, "account"), row);
	if (created_ms != CELL_NEVER && created_ms != CELL_UNKNOWN)
		zone_format(server_zone(call->server), created_ms, created);
	*out = json_object();
	json_object_set_new(*out, "lead", json_str(file.key));
	json_object_set_new(*out, "source", json_str(file.source));
	json_object_set_new(*out, "name", json_str_or_null(text.name));
	json_object_set_new(*out, "company", json_str_or_null(text.company));
	json_object_set_new(*out, "owner", json_str_or_null(file.owner));
	json_object_set_new(*out, "life", json_string(life_name(file.life.life)));
	json_object_set_new(*out, "channel", json_str_or_null(cell_name(cells_of(facts, FACT_LEADS, "source"), row)));
	json_object_set_new(*out, "campaign",
			    json_str_or_null(cell_name(cells_of(facts, FACT_LEADS, "campaign"), row)));
	json_object_set_new(*out, "partner", json_str_or_null(cell_name(cells_of(facts, FACT_LEADS, "partner"), row)));
	json_object_set_new(*out, "created", json_str_or_null(str_of(created)));
	return 0;
}

/* The list of them, owned; NULL where reading failed. */
static json_t *leads_json(struct call *call, const struct page *page, struct err *err)
{
	struct lead_files *files = lead_files_some(page->facts, call->now_ms, page->rows, page->count);
	json_t *list = json_array(), *item = NULL;
	int failed = 0;

	for (size_t i = 0; i < page->count && !failed; i++) {
		failed = lead_json(call, page, files, page->rows[i], &item, err);
		if (!failed)
			json_array_append_new(list, item);
	}
	lead_files_free(files);
	if (!failed)
		return list;
	json_decref(list);
	return NULL;
}

static void say_page(struct call *call, const struct page *page, json_t *list)
{
	json_t *root = json_object();

	json_object_set_new(root, "total", page->total < 0 ? json_null() : json_integer(page->total));
	json_object_set_new(root, "leads", list);
	json_object_set_new(root, "next", page->next ? json_string(page->next) : json_null());
	call_json(call, 200, root);
}

static void say_file(struct call *call, json_t *list)
{
	enum { COLUMNS = sizeof(listed_members) / sizeof(*listed_members) - 1 };
	struct str cells[COLUMNS];
	struct buf out;
	json_t *item;
	size_t i;

	buf_init(&out, FILE_BYTES);
	for (size_t c = 0; c < COLUMNS; c++)
		cells[c] = str_of(listed_members[c].name);
	csv_write_plain_row(&out, cells, COLUMNS);
	json_array_foreach(list, i, item)
	{
		for (size_t c = 0; c < COLUMNS; c++)
			cells[c] = str_of(json_string_value(json_object_get(item, listed_members[c].name)));
		csv_write_plain_row(&out, cells, COLUMNS);
	}
	call_bytes(call, 200, "text/csv; charset=utf-8", buf_str(&out));
	buf_release(&out);
	json_decref(list);
}

/* ---- the page ---- */

/* In an order that is asked for: cursors count. False after saying what is wrong. */
static bool fill_in_order(struct call *call, struct page *page, size_t limit)
{
	struct rows_page sorted;

	if (!rows_read_most(call, page->facts, "leads", call_text(call, "where"), call_text(call, "order"), limit,
			    &sorted))
		return false;
	for (size_t i = sorted.before; i < sorted.listing.count; i++)
		page->rows[page->count++] = sorted.listing.rows[i];
	page->total = (int64_t)sorted.listing.total;
	page->next = rows_next(&sorted, call->arena);
	return true;
}

/* Oldest first, or found by words, latest first: the cursor is the last lead. */
static bool fill_in_book_order(struct call *call, struct page *page, size_t limit)
{
	bool words = call_text(call, "find") != NULL;
	struct err err = ERR_INIT;
	uint64_t *marked = NULL, cursor;

	if (!read_cursor(call, &cursor))
		return false;
	if ((!words || call_text(call, "where")) && mark(call, page->facts, &marked, &err)) {
		call_error(call, &err);
		return false;
	}
	page->marked = marked;
	if (words)
		find_from(call, page, cursor ? row_at(page->facts, cursor) : UINT32_MAX, limit);
	else
		list_from(page, cursor ? row_at(page->facts, cursor + 1) : 0, limit);
	if (page->more)
		page->next = cursor_of_row(call, page->facts, page->rows[page->count - 1]);
	return true;
}

static bool fill_page(struct call *call, struct page *page, size_t limit)
{
	struct office *office = server_office(call->server);
	struct err err = ERR_INIT;
	bool more = false;

	if (lead_search_catch_up(office_search(office), page->facts, CATCH_UP, &more, &err)) {
		call_error(call, &err);
		return false;
	}
	if (more)
		office_read_on(office);
	page->rows = ARENA_ARRAY(call->arena, uint32_t, limit + 1);
	return call_text(call, "order") && !call_text(call, "find") ? fill_in_order(call, page, limit)
								    : fill_in_book_order(call, page, limit);
}

static bool asks_well(struct call *call)
{
	static const char *const names[] = { "where", "order" };
	bool well = true;

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		if (!judging_needed(call_text(call, names[i])))
			continue;
		problem_add(&call->problems, STR_NONE, 0, 0, str_of(names[i]),
			    "asks for what judging tells; /api/rows answers such questions");
		well = false;
	}
	if (!well)
		call_wrong(call);
	return well;
}

static void list_leads(struct call *call)
{
	struct page page = { .count = 0 };
	bool file = str_is(http_argument(call->request, "format"), "csv");
	struct err err = ERR_INIT;
	struct office_view view;
	json_t *list;

	if (!asks_well(call) || (file && !journal_export(call, "leads as CSV")) || !view_begin(call, false, &view))
		return;
	page.facts = view.facts;
	if (fill_page(call, &page, file ? FILE_MOST : (size_t)call_whole(call, "limit", PAGE_USUAL))) {
		list = leads_json(call, &page, &err);
		if (!list)
			call_error(call, &err);
		else if (file)
			say_file(call, list);
		else
			say_page(call, &page, list);
	}
	view_end(call);
}

static const struct endpoint endpoint_list_leads = {
	.method = HTTP_GET,
	.path = "/api/leads",
	.name = "listLeads",
	.tag = "leads",
	.roles = ROLES_ALL,
	.summary = "The leads, oldest first; those with some words, latest first",
	.arguments = list_arguments,
	.answer = list_members,
	.type = "text/csv",
	.run = list_leads,
};

const struct endpoint *const endpoints_lead_list[] = {
	&endpoint_list_leads,
	NULL,
};
