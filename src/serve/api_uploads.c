/* Files that are sent: looked at, tried, and imported in the background. */
#include <string.h>

#include "map/map.h"
#include "report/answer_json.h"
#include "serve/endpoints.h"
#include "serve/importer.h"
#include "serve/listing.h"
#include "serve/who.h"

enum { DRAFT_MOST = 1 << 22, MAP_MOST = 1 << 20, FORMAT_MOST = 40 };

#define ROLES_IMPORT (ROLE(MARKETING) | ROLE(SALES_MANAGER) | ROLE(ADMIN))
#define GIVEN(n, t, s)                                                                                                 \
	{                                                                                                              \
		.name = n, .type = t, .required = true, .sentence = s                                                  \
	}
#define NULLABLE(n, t, s)                                                                                              \
	{                                                                                                              \
		.name = n, .type = t, .required = true, .null = true, .sentence = s                                    \
	}
#define OBJECTS                                                                                                        \
	"leads|contacts|accounts|opportunities|stage-history|activities|touches|spend|orders|people|lead-history"

static const char *book_of(struct call *call)
{
	return book_path(server_book(call->server));
}

static void no_file(struct call *call)
{
	call_not_found(call, "There is no such file: it was imported or dropped, or is a day old.");
}

/* ---- sending ---- */

static const struct member send_arguments[] = {
	{ .name = "name",
	  .type = MEMBER_TEXT,
	  .required = true,
	  .least = 1,
	  .most = UPLOAD_NAME_MOST,
	  .sentence = "the file's, without a folder: leads.csv" },
	{ .name = NULL },
};
static const struct member sent_members[] = {
	GIVEN("file", MEMBER_TEXT, "what it is called from now on, for a day"),
	GIVEN("name", MEMBER_TEXT, "the file's"),
	GIVEN("bytes", MEMBER_WHOLE, "its size"),
	{ .name = NULL },
};

static void send_file(struct call *call)
{
	struct str name = http_argument(call->request, "name");
	struct err err = ERR_INIT;
	char id[UPLOAD_ID];

	if (!upload_name_fits(name))
		problem_add(&call->problems, STR_NONE, 0, 0, STR("name"), "is no name of a file without a folder");
	if (!call->request->body.len)
		problem_add(&call->problems, STR_NONE, 0, 0, STR_NONE, "the body is the file, and it is empty");
	if (call->problems.count)
		call_wrong(call);
	else if (upload_put(book_of(call), name, call->request->body, id, &err))
		call_error(call, &err);
	else
		call_json(call, 201,
			  json_pack("{s:s, s:o, s:I}", "file", id, "name", json_str(name), "bytes",
				    (json_int_t)call->request->body.len));
}

static const struct endpoint endpoint_send_file = {
	.method = HTTP_POST,
	.path = "/api/imports/files",
	.name = "sendFile",
	.tag = "imports",
	.roles = ROLES_IMPORT,
	.grant = GRANT_WRITE,
	.status = 201,
	.summary = "Send a file that is to be imported; larger ones are imported on the command line",
	.arguments = send_arguments,
	.takes = "text/csv",
	.example = "id,name,created\nL1,Anna Berg,2026-03-02\n",
	.answer = sent_members,
	.run = send_file,
};

static void drop_file(struct call *call)
{
	if (upload_drop(book_of(call), call_part(call, 0)))
		call_nothing(call);
	else
		no_file(call);
}

static const struct endpoint endpoint_drop_file = {
	.method = HTTP_DELETE,
	.path = "/api/imports/files/{file}",
	.name = "dropFile",
	.tag = "imports",
	.roles = ROLES_IMPORT,
	.grant = GRANT_WRITE,
	.status = 204,
	.summary = "Drop a file that was sent",
	.run = drop_file,
};

/* ---- a first map ---- */

static const struct member draft_arguments[] = {
	{ .name = "as", .type = MEMBER_CHOICE, .choices = OBJECTS, .sentence = "what each row is" },
	{ .name = NULL },
};
static const struct member draft_members[] = {
	{ .name = "map",
	  .type = MEMBER_TEXT,
	  .required = true,
	  .most = DRAFT_MOST,
	  .sentence = "as YAML, to be mended by hand" },
	{ .name = NULL },
};

static void draft(struct call *call)
{
	const char *path = upload_path(book_of(call), call_part(call, 0), call->arena);
	struct err err = ERR_INIT;
	struct buf text;

	if (!path) {
		no_file(call);
		return;
	}
	buf_init(&text, DRAFT_MOST);
	if (map_draft(&text, path, object_by_plural(http_argument(call->request, "as")), &err))
		call_error(call, &err);
	else
		call_json(call, 200, json_pack("{s:o}", "map", json_str(buf_str(&text))));
	buf_release(&text);
}

static const struct endpoint endpoint_draft = {
	.method = HTTP_GET,
	.path = "/api/imports/files/{file}/draft",
	.name = "draftMap",
	.tag = "imports",
	.roles = ROLES_IMPORT,
	.summary = "A first map for a file that was sent",
	.arguments = draft_arguments,
	.answer = draft_members,
	.run = draft,
};

/* ---- trying and importing ---- */

static const struct member wish_members[] = {
	{ .name = "file",
	  .type = MEMBER_TEXT,
	  .required = true,
	  .least = 1,
	  .most = UPLOAD_ID - 1,
	  .sentence = "that was sent" },
	{ .name = "preset",
	  .type = MEMBER_TEXT,
	  .most = FORMAT_MOST,
	  .sentence = "of /api/presets; else known by the header" },
	{ .name = "map", .type = MEMBER_TEXT, .most = MAP_MOST, .sentence = "a map of one's own, as YAML" },
	{ .name = "like",
	  .type = MEMBER_WHOLE,
	  .least = 1,
	  .most = INT32_MAX,
	  .sentence = "by the map of the import of this number: see /api/imports/files/{file}/known" },
	{ .name = "as", .type = MEMBER_CHOICE, .choices = OBJECTS, .sentence = "what each row is; else the map says" },
	{ .name = "dates",
	  .type = MEMBER_TEXT,
	  .most = FORMAT_MOST,
	  .sentence = "how dates are written: dd/mm/yyyy, excel" },
	{ .name = "numbers",
	  .type = MEMBER_TEXT,
	  .most = FORMAT_MOST,
	  .sentence = "how numbers are written: 1,234.56" },
	{ .name = "exported_at", .type = MEMBER_TIME, .sentence = "when the file was exported" },
	{ .name = "strict", .type = MEMBER_FLAG, .sentence = "only if every row is good" },
	{ .name = NULL },
};

static const struct member column_members[] = {
	GIVEN("column", MEMBER_TEXT, "as the file calls it"),
	NULLABLE("field", MEMBER_TEXT, "what it is read as"),
	NULLABLE("note", MEMBER_TEXT, "what to know of it"),
	{ .name = NULL },
};
static const struct member column_item = { .name = "", .type = MEMBER_OBJECT, .members = column_members };
static const struct member fault_members[] = {
	NULLABLE("line", MEMBER_WHOLE, "of the file"),
	NULLABLE("column", MEMBER_WHOLE, "of the line, from 1"),
	NULLABLE("field", MEMBER_TEXT, "what should stand there"),
	{ .name = "text",
	  .type = MEMBER_TEXT,
	  .required = true,
	  .most = MAP_MOST,
	  .sentence = "what is wrong, and what to do" },
	{ .name = NULL },
};
static const struct member fault_item = { .name = "", .type = MEMBER_OBJECT, .members = fault_members };
static const struct member text_item = { .name = "", .type = MEMBER_TEXT, .most = MAP_MOST };
static const struct member elsewhere_members[] = {
	GIVEN("source", MEMBER_TEXT, "whose they are"),
	GIVEN("rows", MEMBER_WHOLE, "how many"),
	{ .name = NULL },
};
static const struct member file_members[] = {
	GIVEN("name", MEMBER_TEXT, "the file's"),
	NULLABLE("as", MEMBER_TEXT, "what each row is"),
	GIVEN("rows", MEMBER_WHOLE,
	      "each is one of accepted, unchanged, changed, older, superseded, left out and rejected"),
	GIVEN("accepted", MEMBER_WHOLE, "new records"),
	GIVEN("unchanged", MEMBER_WHOLE, "rows that say what is known"),
	GIVEN("changed", MEMBER_WHOLE, "rows that say something else than before"),
	GIVEN("older", MEMBER_WHOLE, "kept as history"),
	GIVEN("rejected", MEMBER_WHOLE, "rows that cannot be read"),
	GIVEN("superseded", MEMBER_WHOLE, "replaced by a later row of the file"),
	GIVEN("left_out", MEMBER_WHOLE, "by the map"),
	GIVEN("identical", MEMBER_WHOLE, "rows that stand there twice"),
	GIVEN("inner_headers", MEMBER_WHOLE, "lines that repeat the header"),
	GIVEN("blank", MEMBER_WHOLE, "lines with nothing in them"),
	GIVEN("vanished", MEMBER_WHOLE, "that an earlier file had and this one has not"),
	{ .name = "elsewhere",
	  .type = MEMBER_OBJECT,
	  .null = true,
	  .members = elsewhere_members,
	  .sentence =
		  "of a try: these ids are leads of another source, too; of the same system they would be in the book twice" },
	NULLABLE("map", MEMBER_TEXT, "by which it was read"),
	NULLABLE("import", MEMBER_WHOLE, "its number; null where nothing had to be written"),
	GIVEN("refused", MEMBER_FLAG, "nothing went in; problems say why"),
	NULLABLE("skipped", MEMBER_TEXT, "why it was passed over"),
	GIVEN("resumed", MEMBER_FLAG, "it goes on where an import was cut off"),
	{ .name = "columns",
	  .type = MEMBER_LIST,
	  .required = true,
	  .most = 5000,
	  .items = &column_item,
	  .sentence = "how each was read" },
	{ .name = "notes",
	  .type = MEMBER_LIST,
	  .required = true,
	  .items = &text_item,
	  .sentence = "what to know of it" },
	{ .name = "problems",
	  .type = MEMBER_LIST,
	  .required = true,
	  .items = &fault_item,
	  .sentence = "the first hundred" },
	{ .name = "preview",
	  .type = MEMBER_LIST,
	  .items = &text_item,
	  .sentence = "of a try: the first rows as understood" },
	{ .name = NULL },
};
static const struct member file_item = { .name = "", .type = MEMBER_OBJECT, .members = file_members };
static const struct member result_members[] = {
	{ .name = "files", .type = MEMBER_LIST, .required = true, .items = &file_item, .sentence = "one by one" },
	{ .name = "known",
	  .type = MEMBER_LIST,
	  .required = true,
	  .items = &text_item,
	  .sentence = "what the book knows then" },
	{ .name = "unknown",
	  .type = MEMBER_LIST,
	  .required = true,
	  .items = &text_item,
	  .sentence = "and what it does not" },
	GIVEN("dry_run", MEMBER_FLAG, "it was only tried"),
	{ .name = NULL },
};

/* What is wrong goes to the call's problems. */
static void read_formats(struct call *call, struct import_wish *wish)
{
	struct str dates = call_member(call, "dates"), numbers = call_member(call, "numbers");

	wish->date_order = dates.len ? date_order_named(dates) : 0;
	wish->mark = numbers.len ? mark_named(numbers) : 0;
	if (dates.len && !wish->date_order)
		problem_add(&call->problems, STR_NONE, 0, 0, STR("dates"),
			    "is a format like dd.mm.yyyy, mm/dd/yyyy or excel");
	if (numbers.len && !wish->mark)
		problem_add(&call->problems, STR_NONE, 0, 0, STR("numbers"), "is 1,234.56 or 1.234,56");
	if (call_member(call, "preset").len && call_member(call, "map").len)
		problem_add(&call->problems, STR_NONE, 0, 0, STR("map"), "and preset exclude each other");
}

/* The map of the import that the file is like, and the name of its file. False after saying why nothing can be read; what is wrong is a problem. */
static bool read_like(struct call *call, struct str *map, struct import_wish *wish)
{
	json_int_t like = json_integer_value(json_object_get(call->body, "like"));
	struct office_view view;

	if (!like)
		return true;
	if (map->len || *wish->preset) {
		problem_add(&call->problems, STR_NONE, 0, 0, STR("like"), "and preset or map exclude each other");
		return true;
	}
	if (!view_begin(call, false, &view))
		return false;
	for (size_t i = 0; i < view.import_count; i++) {
		const struct import *import = &view.imports[i];

		if ((json_int_t)import->seq != like || !import->map_text.len)
			continue;
		*map = arena_str(call->arena, import->map_text);
		snprintf(wish->named, sizeof(wish->named), "%.*s", STR_ARG(import_file_name(import)));
		wish->as = import->object;
	}
	view_end(call);
	if (!map->len)
		problem_add(&call->problems, STR_NONE, 0, 0, STR("like"), "is no import that has a map of its own");
	return true;
}

/* False after saying why not. */
static bool read_wish(struct call *call, struct import_wish *wish)
{
	struct str file = call_member(call, "file"), preset = call_member(call, "preset"),
		   map = call_member(call, "map"), at = call_member(call, "exported_at");
	struct err err = ERR_INIT;
	bool date_only;

	*wish = (struct import_wish){ .as = object_by_plural(call_member(call, "as")),
				      .exported_at_ms = INT64_MIN,
				      .strict = json_is_true(json_object_get(call->body, "strict")) };
	snprintf(wish->file, sizeof(wish->file), "%.*s", STR_ARG(file));
	snprintf(wish->preset, sizeof(wish->preset), "%.*s", STR_ARG(preset));
	snprintf(wish->actor, sizeof(wish->actor), "%.*s", STR_ARG(call->who.login));
	if (at.len)
		zone_parse(server_zone(call->server), at, &wish->exported_at_ms, &date_only);
	read_formats(call, wish);
	if (!read_like(call, &map, wish))
		return false;
	wish->map = map.len > 0;
	if (!upload_path(book_of(call), file, call->arena))
		problem_add(&call->problems, STR_NONE, 0, 0, STR("file"), "is not there (any more); send it again");
	if (call->problems.count)
		call_wrong(call);
	else if (map.len && upload_put_map(book_of(call), file, map, &err))
		call_error(call, &err);
	else
		return true;
	return false;
}

static void preview(struct call *call)
{
	struct err err = ERR_INIT;
	struct import_wish wish;
	json_t *result;

	if (!read_wish(call, &wish))
		return;
	if (import_try(call->server, &wish, &result, &err))
		call_error(call, &err);
	else
		call_json(call, 200, result);
}

static const struct endpoint endpoint_preview = {
	.method = HTTP_POST,
	.path = "/api/imports/preview",
	.name = "tryImport",
	.tag = "imports",
	.roles = ROLES_IMPORT,
	.grant = GRANT_WRITE,
	.summary = "What an import would do; nothing is written to the book",
	.members = wish_members,
	.answer = result_members,
	.run = preview,
};

static const struct member asked_members[] = {
	GIVEN("job", MEMBER_WHOLE, "see /api/imports/jobs/{job}"),
	{ .name = NULL },
};

static void import(struct call *call)
{
	struct import_wish wish;
	unsigned job;

	if (!read_wish(call, &wish))
		return;
	job = importer_add(server_importer(call->server), &wish);
	if (!job) {
		http_reply_header(call->reply, "Retry-After", "10");
		call_problem(call, 503, "Not now", "Many imports wait already; ask again when some are done.");
		return;
	}
	http_reply_header(call->reply, "Location", arena_printf(call->arena, "/api/imports/jobs/%u", job));
	call_json(call, 202, json_pack("{s:I}", "job", (json_int_t)job));
}

static const struct endpoint endpoint_import = {
	.method = HTTP_POST,
	.path = "/api/imports",
	.name = "import",
	.tag = "imports",
	.roles = ROLES_IMPORT,
	.grant = GRANT_WRITE,
	.status = 202,
	.summary = "Import a file that was sent, in the background",
	.members = wish_members,
	.answer = asked_members,
	.run = import,
};

/* ---- how far it is ---- */

static const struct member job_members[] = {
	GIVEN("job", MEMBER_WHOLE, "its number"),
	{ .name = "state",
	  .type = MEMBER_CHOICE,
	  .required = true,
	  .choices = "waiting|running|done|refused|failed",
	  .sentence = "how far it is" },
	GIVEN("rows", MEMBER_WHOLE, "read so far"),
	GIVEN("read", MEMBER_WHOLE, "bytes read so far"),
	GIVEN("bytes", MEMBER_WHOLE, "of the file"),
	{ .name = "result",
	  .type = MEMBER_OBJECT,
	  .required = true,
	  .null = true,
	  .members = result_members,
	  .sentence = "once it is done or refused" },
	NULLABLE("error", MEMBER_TEXT, "why it failed"),
	{ .name = NULL },
};

static void get_job(struct call *call)
{
	char *end;
	const char *text = arena_cstr(call->arena, call_part(call, 0));
	unsigned long number = strtoul(text, &end, 10);
	json_t *job = *text >= '0' && *text <= '9' && !*end && number <= UINT32_MAX
			      ? importer_job(server_importer(call->server), (unsigned)number)
			      : NULL;

	if (job)
		call_json(call, 200, job);
	else
		call_not_found(call, "There is no such import under way; /api/imports lists what was taken in.");
}

static const struct endpoint endpoint_get_job = {
	.method = HTTP_GET,
	.path = "/api/imports/jobs/{job}",
	.name = "getImportJob",
	.tag = "imports",
	.roles = ROLES_IMPORT,
	.summary = "How far an import is, and what came of it",
	.answer = job_members,
	.run = get_job,
};

const struct endpoint *const endpoints_uploads[] = {
	&endpoint_send_file,
	&endpoint_drop_file,
	&endpoint_draft,
	&endpoint_preview,
	&endpoint_import,
	&endpoint_get_job,
	NULL,
};
