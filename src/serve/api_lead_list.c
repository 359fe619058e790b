/* Leads one after another, and found by words. */
#include <stdlib.h>

#include "base/date.h"
#include "desk/lead_search.h"
#include "facts/judged.h"
#include "facts/rows.h"
#include "report/answer_json.h"
#include "serve/endpoints.h"
#include "serve/who.h"

enum { PAGE_MOST = 200, PAGE_USUAL = 50, EXPRESSION_MOST = 4000, FIND_MOST = 200, CATCH_UP = 1000 };

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
	{ .name = "limit", .type = MEMBER_WHOLE, .least = 1, .most = PAGE_MOST, .sentence = "at most so many; 50" },
	{ .name = "cursor", .type = MEMBER_TEXT, .sentence = "the `next` of the page before" },
	{ .name = NULL },
};

static const struct member listed_members[] = {
	{ .name = "lead", .type = MEMBER_TEXT, .required = true, .sentence = "its id" },
	{ .name = "source", .type = MEMBER_TEXT, .required = true, .sentence = "whose id that is" },
	{ .name = "name", .type = MEMBER_TEXT, .required = true, .null = true },
	{ .name = "company", .type = MEMBER_TEXT, .required = true, .null = true },
	{ .name = "owner", .type = MEMBER_TEXT, .required = true, .null = true },
	{ .name = "life", .type = MEMBER_TEXT, .required = true, .sentence = "where it stands" },
	{ .name = "created", .type = MEMBER_TEXT, .required = true, .null = true },
	{ .name = NULL },
};
static const struct member listed = { .name = "", .type = MEMBER_OBJECT, .members = listed_members };
static const struct member list_members[] = {
	{ .name = "total",
	  .type = MEMBER_WHOLE,
	  .required = true,
	  .null = true,
	  .sentence = "on all pages; null: nobody counted, since only words were asked for" },
	{ .name = "leads", .type = MEMBER_LIST, .required = true, .items = &listed },
	{ .name = "next", .type = MEMBER_TEXT, .required = true, .null = true, .sentence = "cursor of the next page" },
	{ .name = NULL },
};

/* The rows of one page, and of how many. */
struct page {
	const struct facts *facts;
	const uint64_t *marked; /* bits by row of those asked for; NULL: all that are seen */
	uint32_t rows[PAGE_MOST + 1];
	size_t count;
	bool more;
	int64_t total; /* -1: nobody counted */
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
	uint32_t found[PAGE_MOST + 1];
	size_t count;

	page->total = -1;
	do {
		count = lead_search_find(search, page->facts, &scope, http_argument(call->request, "find"), before,
					 found, limit + 1);
		for (size_t i = 0; i < count; i++) {
			if (page->marked && !page->marked[found[i]])
				continue;
			if (page->count < limit)
				page->rows[page->count++] = found[i];
			else
				page->more = true;
		}
		before = count ? found[count - 1] : 0;
	} while (count == limit + 1 && !page->more);
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
	json_object_set_new(*out, "created", json_str_or_null(str_of(created)));
	return 0;
}

static void say_page(struct call *call, const struct page *page)
{
	struct lead_files *files = lead_files_some(page->facts, call->now_ms, page->rows, page->count);
	json_t *root = json_object(), *list = json_array(), *item = NULL;
	struct err err = ERR_INIT;
	int failed = 0;

	for (size_t i = 0; i < page->count && !failed; i++) {
		failed = lead_json(call, page, files, page->rows[i], &item, &err);
		if (!failed)
			json_array_append_new(list, item);
	}
	json_object_set_new(root, "total", page->total < 0 ? json_null() : json_integer(page->total));
	json_object_set_new(root, "leads", list);
	json_object_set_new(root, "next",
			    page->more ? json_string(cursor_of_row(call, page->facts, page->rows[page->count - 1]))
				       : json_null());
	lead_files_free(files);
	if (failed) {
		json_decref(root);
		call_error(call, &err);
	} else {
		call_json(call, 200, root);
	}
}

static int fill_page(struct call *call, struct page *page, uint64_t cursor, struct err *err)
{
	size_t limit = (size_t)call_whole(call, "limit", PAGE_USUAL);
	bool words = call_text(call, "find") != NULL, more = false;
	uint64_t *marked = NULL;
	int failed =
		lead_search_catch_up(office_search(server_office(call->server)), page->facts, CATCH_UP, &more, err);

	if (more)
		office_read_on(server_office(call->server));
	if (!failed && (!words || call_text(call, "where")))
		failed = mark(call, page->facts, &marked, err);
	page->marked = marked;
	if (!failed && words)
		find_from(call, page, cursor ? row_at(page->facts, cursor) : UINT32_MAX, limit);
	else if (!failed)
		list_from(page, cursor ? row_at(page->facts, cursor + 1) : 0, limit);
	return failed;
}

static void list_leads(struct call *call)
{
	struct office *office = server_office(call->server);
	struct page page = { .count = 0 };
	struct err err = ERR_INIT;
	struct office_view view;
	uint64_t cursor;

	if (!read_cursor(call, &cursor))
		return;
	if (judging_needed(call_text(call, "where"))) {
		problem_add(&call->problems, STR_NONE, 0, 0, STR("where"),
			    "asks for what judging tells; /api/rows answers such questions");
		call_wrong(call);
		return;
	}
	if (office_begin(office, call->now_ms, false, &view, &err)) {
		call_error(call, &err);
		return;
	}
	page.facts = view.facts;
	if (fill_page(call, &page, cursor, &err))
		call_error(call, &err);
	else
		say_page(call, &page);
	office_end(office);
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
	.run = list_leads,
};

const struct endpoint *const endpoints_lead_list[] = {
	&endpoint_list_leads,
	NULL,
};
