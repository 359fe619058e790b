/* What a file that was sent may be: the exports that were taken in before, by their columns; and whose records the book has. */
#include <stdlib.h>

#include "facts/cells.h"
#include "io/csv.h"
#include "map/map.h"
#include "report/answer_json.h"
#include "serve/endpoints.h"
#include "serve/listing.h"
#include "serve/uploads.h"
#include "serve/who.h"

enum { SOURCES_MOST = 1000, LOOKED_AT_MOST = 500, KNOWN_MOST = 5, COLUMNS_MOST = 5000, COLUMN_NAME_MOST = 1 << 20 };

#define ROLES_IMPORT (ROLE(MARKETING) | ROLE(SALES_MANAGER) | ROLE(ADMIN))
#define GIVEN(n, t, s)                                                                                                 \
	{                                                                                                              \
		.name = n, .type = t, .required = true, .sentence = s                                                  \
	}

/* ---- whose records there are ---- */

static const struct member counted_members[] = {
	GIVEN("as", MEMBER_TEXT, "what they are: leads"),
	GIVEN("count", MEMBER_WHOLE, "how many of them"),
	{ .name = NULL },
};
static const struct member counted_item = { .name = "", .type = MEMBER_OBJECT, .members = counted_members };
static const struct member source_members[] = {
	GIVEN("source", MEMBER_TEXT, "its name in the book"),
	{ .name = "records",
	  .type = MEMBER_LIST,
	  .required = true,
	  .items = &counted_item,
	  .sentence = "by what they are" },
	{ .name = NULL },
};
static const struct member source_item = { .name = "", .type = MEMBER_OBJECT, .members = source_members };
static const struct member sources_members[] = {
	{ .name = "sources",
	  .type = MEMBER_LIST,
	  .required = true,
	  .items = &source_item,
	  .sentence = "those with most records first" },
	{ .name = NULL },
};

static const struct {
	enum fact fact;
	enum object object;
} counted[] = {
	{ FACT_LEADS, OBJECT_LEAD },    { FACT_OPPORTUNITIES, OBJECT_OPPORTUNITY },
	{ FACT_TOUCHES, OBJECT_TOUCH }, { FACT_ACTIVITIES, OBJECT_ACTIVITY },
	{ FACT_SPEND, OBJECT_SPEND },   { FACT_ORDERS, OBJECT_ORDER },
};
enum { COUNTED = sizeof(counted) / sizeof(*counted) };

struct source_counts {
	struct str name;
	json_int_t counts[COUNTED], all;
};

struct sources {
	struct source_counts items[SOURCES_MOST];
	size_t count;
};

/* NULL: there are more sources than anybody can choose from. */
static struct source_counts *counts_of(struct sources *sources, struct str name)
{
	for (size_t i = 0; i < sources->count; i++)
		if (str_eq(sources->items[i].name, name))
			return &sources->items[i];
	if (sources->count == SOURCES_MOST)
		return NULL;
	sources->items[sources->count] = (struct source_counts){ .name = name };
	return &sources->items[sources->count++];
}

static void count_rows(struct sources *sources, const struct facts *facts, int kind)
{
	struct source_counts *last = NULL;

	for (uint32_t row = 0; row < facts_rows(facts, counted[kind].fact); row++) {
		struct str name = cells_source(facts, counted[kind].fact, row);

		if (!last ||
		    last->name.at != name.at) /* rows of one source share the text, and follow each other mostly */
			last = counts_of(sources, name);
		if (!last)
			continue;
		last->counts[kind]++;
		last->all++;
	}
}

static int by_count(const void *a, const void *b)
{
	const struct source_counts *x = a, *y = b;

	return (x->all < y->all) - (x->all > y->all);
}

static json_t *source_json(const struct source_counts *source)
{
	json_t *records = json_array();

	for (int kind = 0; kind < COUNTED; kind++)
		if (source->counts[kind])
			json_array_append_new(records,
					      json_pack("{s:s, s:I}", "as", object_plural(counted[kind].object),
							"count", source->counts[kind]));
	return json_pack("{s:o, s:o}", "source", json_str(source->name), "records", records);
}

static void list_sources(struct call *call)
{
	struct sources *sources = ARENA_NEW(call->arena, struct sources);
	json_t *list = json_array();
	struct office_view view;

	if (!view_begin(call, false, &view)) {
		json_decref(list);
		return;
	}
	for (int kind = 0; kind < COUNTED; kind++)
		count_rows(sources, view.facts, kind);
	qsort(sources->items, sources->count, sizeof(*sources->items), by_count);
	for (size_t i = 0; i < sources->count; i++)
		json_array_append_new(list, source_json(&sources->items[i]));
	view_end(call);
	call_json(call, 200, json_pack("{s:o}", "sources", list));
}

static const struct endpoint endpoint_list_sources = {
	.method = HTTP_GET,
	.path = "/api/sources",
	.name = "listSources",
	.tag = "imports",
	.roles = ROLES_IMPORT,
	.summary = "Whose records the book has, and how many",
	.answer = sources_members,
	.run = list_sources,
};

/* ---- exports like this one ---- */

static const struct member known_members[] = {
	GIVEN("import", MEMBER_WHOLE, "its number, for `like`"),
	GIVEN("name", MEMBER_TEXT, "of its file"),
	GIVEN("map", MEMBER_TEXT, "by which it was read"),
	GIVEN("source", MEMBER_TEXT, "whose ids its rows have"),
	GIVEN("as", MEMBER_TEXT, "what its rows are"),
	GIVEN("began", MEMBER_TIME, "when it was imported"),
	GIVEN("understood", MEMBER_WHOLE, "columns of this file that its map reads"),
	{ .name = NULL },
};
static const struct member known_item = { .name = "", .type = MEMBER_OBJECT, .members = known_members };
static const struct member column_item = { .name = "", .type = MEMBER_TEXT, .most = COLUMN_NAME_MOST };
static const struct member known_list_members[] = {
	{ .name = "known",
	  .type = MEMBER_LIST,
	  .required = true,
	  .items = &known_item,
	  .sentence = "those whose map reads this file, by how much of it, then the latest" },
	{ .name = "columns",
	  .type = MEMBER_LIST,
	  .required = true,
	  .most = COLUMNS_MOST,
	  .items = &column_item,
	  .sentence = "of this file" },
	{ .name = NULL },
};

struct candidate {
	const struct import *import;
	size_t understood;
};

/* How many columns the import's map reads; 0: it does not fit. */
static size_t fit(const struct import *import, const struct csv_row *header, struct call *call)
{
	const struct reader_settings settings = { .zone = server_zone(call->server),
						  .currency = book_settings(server_book(call->server))->currency,
						  .now_ms = call->now_ms,
						  .path = "file" };
	const struct map_file *part;
	struct reader *reader = NULL;
	struct problems problems;
	struct err err = ERR_INIT;
	const struct map *map;
	size_t understood = 0;

	problems_init(&problems, call->arena);
	if (map_parse(&map, import->map_text, "map", call->arena, &problems, &err) || !map)
		return 0;
	part = map_for(map, arena_cstr(call->arena, import->path), header, import->object);
	if (part && !map_file_skip(part).len && !reader_new(&reader, map, part, header, &settings, &problems, &err) &&
	    reader)
		understood = map_understood(part, header);
	reader_free(reader);
	return understood;
}

static bool has_map(const struct candidate *list, size_t count, const struct import *import)
{
	for (size_t i = 0; i < count; i++)
		if (list[i].import->object == import->object && str_eq(list[i].import->map_text, import->map_text))
			return true;
	return false;
}

static int by_fit(const void *a, const void *b)
{
	const struct candidate *x = a, *y = b;

	if (x->understood != y->understood)
		return x->understood < y->understood ? 1 : -1;
	return (x->import->seq < y->import->seq) - (x->import->seq > y->import->seq);
}

static json_t *known_json(struct call *call, const struct candidate *candidate)
{
	const struct import *import = candidate->import;
	struct str map = import->map;
	json_t *item = json_object();

	json_object_set_new(item, "import", json_integer((json_int_t)import->seq));
	json_object_set_new(item, "name", json_str(import_file_name(import)));
	json_object_set_new(item, "map", json_str(str_cut(&map, '@')));
	json_object_set_new(item, "source", json_str(import->source));
	json_object_set_new(item, "as", json_string(object_plural(import->object)));
	json_object_set_new(item, "began", time_json(server_zone(call->server), import->began_ms));
	json_object_set_new(item, "understood", json_integer((json_int_t)candidate->understood));
	return item;
}

static void write_known(struct call *call, const struct csv_row *header, const struct office_view *view)
{
	struct candidate *list = ARENA_ARRAY(call->arena, struct candidate, LOOKED_AT_MOST);
	json_t *known = json_array(), *columns = json_array();
	size_t count = 0, looked_at = 0;

	for (size_t i = view->import_count; i-- > 0 && looked_at < LOOKED_AT_MOST; looked_at++) {
		const struct import *import = &view->imports[i];

		if (import->map_text.len && import->state != IMPORT_UNDONE && !has_map(list, count, import))
			list[count++] = (struct candidate){ import, fit(import, header, call) };
	}
	if (count)
		qsort(list, count, sizeof(*list), by_fit);
	for (size_t i = 0; i < count && i < KNOWN_MOST && list[i].understood; i++)
		json_array_append_new(known, known_json(call, &list[i]));
	for (size_t i = 0; i < header->count; i++)
		json_array_append_new(columns, json_str(header->cells[i]));
	call_json(call, 200, json_pack("{s:o, s:o}", "known", known, "columns", columns));
}

static void find_known(struct call *call)
{
	const struct csv_options options = CSV_OPTIONS_DEFAULT;
	const char *path = upload_path(book_path(server_book(call->server)), call_part(call, 0), call->arena);
	struct err err = ERR_INIT;
	struct office_view view;
	struct csv *csv;

	if (!path) {
		call_not_found(call, "There is no such file: it was imported or dropped, or is a day old.");
		return;
	}
	if (csv_open(&csv, path, &options, &err)) {
		call_error(call, &err);
		return;
	}
	if (view_begin(call, false, &view)) {
		write_known(call, csv_header(csv), &view);
		view_end(call);
	}
	csv_close(csv);
}

static const struct endpoint endpoint_find_known = {
	.method = HTTP_GET,
	.path = "/api/imports/files/{file}/known",
	.name = "findKnown",
	.tag = "imports",
	.roles = ROLES_IMPORT,
	.summary = "Exports taken in before that have the columns of a file that was sent",
	.answer = known_list_members,
	.run = find_known,
};

const struct endpoint *const endpoints_known[] = { &endpoint_list_sources, &endpoint_find_known, NULL };
