/* What was taken in, taking it back, and what there is to read files by: fields and presets. */
#include <stdlib.h>
#include <string.h>

#include "base/asset.h"
#include "domain/object.h"
#include "io/file.h"
#include "report/answer_json.h"
#include "serve/endpoints.h"
#include "serve/journal.h"
#include "serve/listing.h"
#include "serve/who.h"

enum { REJECTED_MOST = 256 << 20 };

#define ROLES_IMPORT (ROLE(MARKETING) | ROLE(SALES_MANAGER) | ROLE(ADMIN))
#define GIVEN(n, t, s)                                                                                                 \
	{                                                                                                              \
		.name = n, .type = t, .required = true, .sentence = s                                                  \
	}
#define NULLABLE(n, t, s)                                                                                              \
	{                                                                                                              \
		.name = n, .type = t, .required = true, .null = true, .sentence = s                                    \
	}

/* ---- the list ---- */

static const struct member list_arguments[] = { LIST_ARGUMENTS, { .name = NULL } };
static const struct member import_members[] = {
	GIVEN("import", MEMBER_WHOLE, "its number"),
	GIVEN("name", MEMBER_TEXT, "of the file"),
	NULLABLE("map", MEMBER_TEXT, "by which it was read"),
	NULLABLE("source", MEMBER_TEXT, "whose ids its rows have; null: not written down"),
	GIVEN("as", MEMBER_TEXT, "what its rows are"),
	{ .name = "state",
	  .type = MEMBER_CHOICE,
	  .required = true,
	  .choices = "finished|unfinished|undone",
	  .sentence = "whether it was taken in, in part, or taken back" },
	NULLABLE("began", MEMBER_TIME, "when it began"),
	NULLABLE("observed", MEMBER_TIME, "when the file was exported"),
	GIVEN("rows", MEMBER_WHOLE, "of the file"),
	GIVEN("accepted", MEMBER_WHOLE, "new records"),
	GIVEN("changed", MEMBER_WHOLE, "rows that said something else than before"),
	GIVEN("unchanged", MEMBER_WHOLE, "rows that said what was known"),
	GIVEN("rejected", MEMBER_WHOLE, "rows that could not be read"),
	{ .name = NULL },
};
static const struct member import_item = { .name = "", .type = MEMBER_OBJECT, .members = import_members };
static const struct member list_members[] = {
	{ .name = "imports",
	  .type = MEMBER_LIST,
	  .required = true,
	  .items = &import_item,
	  .sentence = "the latest first" },
	LIST_MEMBERS,
	{ .name = NULL },
};

static json_t *import_one_json(const struct import *import, const struct zone *zone)
{
	static const char *const states[] = {
		[IMPORT_FINISHED] = "finished", [IMPORT_UNFINISHED] = "unfinished", [IMPORT_UNDONE] = "undone"
	};
	json_t *item = json_object();

	json_object_set_new(item, "import", json_integer((json_int_t)import->seq));
	json_object_set_new(item, "name", json_str(import_file_name(import)));
	json_object_set_new(item, "map", json_str_or_null(import->map));
	json_object_set_new(item, "source", json_str_or_null(import->source));
	json_object_set_new(item, "as", json_string(object_plural(import->object)));
	json_object_set_new(item, "state", json_string(states[import->state]));
	json_object_set_new(item, "began", time_json(zone, import->began_ms));
	json_object_set_new(item, "observed", time_json(zone, import->observed_ms));
	json_object_set_new(item, "rows", json_integer((json_int_t)import->rows));
	json_object_set_new(item, "accepted", json_integer((json_int_t)import->accepted));
	json_object_set_new(item, "changed", json_integer((json_int_t)import->changed));
	json_object_set_new(item, "unchanged", json_integer((json_int_t)import->unchanged));
	json_object_set_new(item, "rejected", json_integer((json_int_t)import->rejected));
	return item;
}

static void list_imports(struct call *call)
{
	struct office_view view;
	size_t begin, count;
	json_t *list;

	if (!view_begin(call, false, &view))
		return;
	if (range_read(call, view.import_count, &begin, &count)) {
		list = json_array();
		for (size_t i = begin; i < begin + count; i++)
			json_array_append_new(list, import_one_json(&view.imports[view.import_count - 1 - i],
								    server_zone(call->server)));
		call_json(call, 200, range_json(view.import_count, begin + count, "imports", list));
	}
	view_end(call);
}

static const struct endpoint endpoint_list_imports = {
	.method = HTTP_GET,
	.path = "/api/imports",
	.name = "listImports",
	.tag = "imports",
	.roles = ROLES_OVERSEE,
	.summary = "The files that were taken in",
	.arguments = list_arguments,
	.answer = list_members,
	.run = list_imports,
};

/* ---- one ---- */

/* The number in the path; 0: none. */
static uint64_t number_asked(const struct call *call)
{
	const char *text = arena_cstr(call->arena, call_part(call, 0));
	char *end;
	unsigned long long number = strtoull(text, &end, 10);

	return *text >= '0' && *text <= '9' && !*end && number <= INT64_MAX ? number : 0;
}

static void no_import(struct call *call)
{
	call_not_found(call, "There is no import of this number; /api/imports lists them.");
}

/* NULL: there is no such import. */
static const struct import *import_asked(const struct call *call, const struct import *imports, size_t count)
{
	uint64_t number = number_asked(call);

	for (size_t i = 0; i < count; i++)
		if (imports[i].seq == number)
			return &imports[i];
	return NULL;
}

static void get_rejected(struct call *call)
{
	const struct import *import;
	struct err err = ERR_INIT;
	struct office_view view;
	const char *path = "";
	struct str text;

	if (!view_begin(call, false, &view))
		return;
	import = import_asked(call, view.imports, view.import_count);
	if (import)
		path = arena_cstr(call->arena, import->rejected_path);
	view_end(call);
	if (!import)
		no_import(call);
	else if (!*path || file_read(&text, path, REJECTED_MOST, call->arena, &err))
		call_not_found(call, "No row of this import was rejected, or they are gone.");
	else if (journal_export(call, "rows that an import rejected"))
		call_bytes(call, 200, "text/csv; charset=utf-8", text);
}

static const struct endpoint endpoint_get_rejected = {
	.method = HTTP_GET,
	.path = "/api/imports/{number}/rejected",
	.name = "getRejected",
	.tag = "imports",
	.roles = ROLES_IMPORT,
	.summary = "The rows that were rejected, with reasons: mend them and send the file",
	.type = "text/csv",
	.run = get_rejected,
};

static const struct member undone_members[] = {
	GIVEN("undone", MEMBER_WHOLE, "the import's number"),
	GIVEN("records", MEMBER_WHOLE, "that became others by it"),
	{ .name = NULL },
};

static void undo(struct call *call)
{
	struct lead_desk *desk = call->desk;
	const struct append_context context = { .now_ms = call->now_ms, .actor = desk->actor };
	uint64_t number = number_asked(call), records = 0;
	struct err err = ERR_INIT;
	struct import *imports;
	size_t count;
	int failed;

	/* Who stands at the desk has the facts already: the book tells. */
	failed = book_imports(desk->book, &imports, &count, call->arena, &err);
	if (!failed && !import_asked(call, imports, count)) {
		no_import(call);
		return;
	}
	if (!failed)
		failed = lead_desk_begin(desk, &err);
	if (!failed)
		failed = lead_desk_commit(desk, book_import_undo(desk->book, number, &context, &records, &err), &err);
	if (failed)
		call_error(call, &err);
	else
		call_json(call, 200,
			  json_pack("{s:I, s:I}", "undone", (json_int_t)number, "records", (json_int_t)records));
}

static const struct endpoint endpoint_undo = {
	.method = HTTP_POST,
	.path = "/api/imports/{number}/undo",
	.name = "undoImport",
	.tag = "imports",
	.roles = ROLES_IMPORT,
	.grant = GRANT_WRITE,
	.desk = DESK_TELLS,
	.summary = "Take an import back; importing the file again brings it back",
	.answer = undone_members,
	.run = undo,
};

/* ---- fields and presets ---- */

static const struct member field_members[] = {
	GIVEN("name", MEMBER_TEXT, "as a map says it"),
	{ .name = "type",
	  .type = MEMBER_CHOICE,
	  .required = true,
	  .choices = "text|number|money|when|milestone|flag|reference",
	  .sentence = "what stands in it" },
	NULLABLE("target", MEMBER_TEXT, "of what, where it is a reference"),
	GIVEN("personal", MEMBER_FLAG, "sealed with the person's key"),
	GIVEN("sentence", MEMBER_TEXT, "what it means"),
	{ .name = NULL },
};
static const struct member field_item = { .name = "", .type = MEMBER_OBJECT, .members = field_members };
static const struct member object_members[] = {
	GIVEN("name", MEMBER_TEXT, "as a map says it: leads"),
	{ .name = "fields",
	  .type = MEMBER_LIST,
	  .required = true,
	  .items = &field_item,
	  .sentence = "what can be told of one" },
	{ .name = NULL },
};
static const struct member object_item = { .name = "", .type = MEMBER_OBJECT, .members = object_members };
static const struct member fields_members[] = {
	{ .name = "objects",
	  .type = MEMBER_LIST,
	  .required = true,
	  .items = &object_item,
	  .sentence = "kinds of records" },
	{ .name = NULL },
};

static json_t *field_json(const struct field_def *field)
{
	static const char *const types[] = {
		[FIELD_TEXT] = "text",     [FIELD_NUMBER] = "number",       [FIELD_MONEY] = "money",
		[FIELD_WHEN] = "when",     [FIELD_MILESTONE] = "milestone", [FIELD_FLAG] = "flag",
		[FIELD_REF] = "reference",
	};

	return json_pack("{s:s, s:s, s:o, s:b, s:s}", "name", field->name, "type", types[field->type], "target",
			 field->target ? json_string(object_plural(field->target)) : json_null(), "personal",
			 field->personal, "sentence", field->sentence);
}

static void list_fields(struct call *call)
{
	json_t *objects = json_array();

	for (int o = 1; o < OBJECT__COUNT; o++) {
		const struct field_def *const *fields;
		json_t *list;
		size_t count;

		if (!object_plural((enum object)o))
			continue;
		fields = object_fields((enum object)o, &count);
		list = json_array();
		for (size_t i = 0; i < count; i++)
			json_array_append_new(list, field_json(fields[i]));
		json_array_append_new(objects,
				      json_pack("{s:s, s:o}", "name", object_plural((enum object)o), "fields", list));
	}
	call_json(call, 200, json_pack("{s:o}", "objects", objects));
}

static const struct endpoint endpoint_list_fields = {
	.method = HTTP_GET,
	.path = "/api/fields",
	.name = "listFields",
	.tag = "imports",
	.roles = ROLES_ALL,
	.summary = "What files can hold: each kind of record and its fields",
	.answer = fields_members,
	.run = list_fields,
};

static const struct member preset_item = { .name = "", .type = MEMBER_TEXT };
static const struct member presets_members[] = {
	{ .name = "presets", .type = MEMBER_LIST, .required = true, .items = &preset_item, .sentence = "their names" },
	{ .name = NULL },
};

static void list_presets(struct call *call)
{
	json_t *list = json_array();
	const char *name;

	for (size_t i = 0; asset_at(i, &name), name; i++) {
		struct str stem = str_of(name);

		if (!str_starts(stem, "presets/") || !str_ends(stem, ".yaml"))
			continue;
		stem = (struct str){ stem.at + strlen("presets/"), stem.len - strlen("presets/.yaml") };
		json_array_append_new(list, json_str(stem));
	}
	call_json(call, 200, json_pack("{s:o}", "presets", list));
}

static const struct endpoint endpoint_list_presets = {
	.method = HTTP_GET,
	.path = "/api/presets",
	.name = "listPresets",
	.tag = "imports",
	.roles = ROLES_ALL,
	.summary = "The programs whose exports are read without a map",
	.answer = presets_members,
	.run = list_presets,
};

const struct endpoint *const endpoints_imports[] = {
	&endpoint_list_imports, &endpoint_get_rejected, &endpoint_undo,
	&endpoint_list_fields,  &endpoint_list_presets, NULL,
};
