#include "serve/call.h"

#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "report/answer_json.h"
#include "serve/endpoint.h"

/* ---- what was asked ---- */

struct str call_part(const struct call *call, size_t i)
{
	return call->parts[i];
}

const char *call_text(const struct call *call, const char *argument)
{
	struct str value = http_argument(call->request, argument);

	return value.len ? arena_cstr(call->arena, value) : NULL;
}

int64_t call_whole(const struct call *call, const char *argument, int64_t otherwise)
{
	const char *text = call_text(call, argument);

	return text ? strtoll(text, NULL, 10) : otherwise;
}

int32_t call_date(const struct call *call, const char *argument)
{
	struct str value = http_argument(call->request, argument);
	int32_t date = DATE_NONE;

	return value.len && date_parse(value, &date) ? date : DATE_NONE;
}

bool call_flag(const struct call *call, const char *argument)
{
	return str_is(http_argument(call->request, argument), "true");
}

struct str call_member(const struct call *call, const char *name)
{
	const json_t *value = json_object_get(call->body, name);

	return json_is_string(value) ? (struct str){ json_string_value(value), json_string_length(value) } : STR_NONE;
}

const char *call_client(const struct call *call)
{
	return way_in_client(server_way_in(call->server), call->request, call->arena);
}

bool call_unchanged(struct call *call, const char *tag, const char *what)
{
	struct str given = http_header(call->request, "If-Match");

	if (!given.at || str_is(given, "*"))
		return true;
	while (given.len)
		if (str_is(str_trim(str_cut(&given, ',')), tag))
			return true;
	call_problem(call, 412, "Changed meanwhile",
		     arena_printf(call->arena,
				  "Something was told about %s since you read it; read it again, then decide.", what));
	return false;
}

/* ---- what is said ---- */

void call_json(struct call *call, int status, json_t *body)
{
	call->reply->status = status;
	buf_clear(&call->reply->body);
	json_print(body, 0, &call->reply->body);
	buf_add_char(&call->reply->body, '\n');
	json_decref(body);
}

void call_bytes(struct call *call, int status, const char *type, struct str bytes)
{
	call->reply->status = status;
	call->reply->type = type;
	buf_clear(&call->reply->body);
	buf_add_str(&call->reply->body, bytes);
}

void call_nothing(struct call *call)
{
	call->reply->status = 204;
	buf_clear(&call->reply->body);
}

/* The desk names what it was given as the command line does: --to is our member `to`. */
static struct str member_meant(const struct problem *p)
{
	return str_starts(p->file, "--") ? (struct str){ p->file.at + 2, p->file.len - 2 } : p->field;
}

json_t *call_problems_json(const struct problems *problems)
{
	json_t *list = json_array();

	for (size_t i = 0; i < problems->count; i++) {
		const struct problem *p = &problems->items[i];
		json_t *item = json_object();

		if (member_meant(p).len)
			json_object_set_new(item, "member", json_str(member_meant(p)));
		if (p->file.len && !str_starts(p->file, "--"))
			json_object_set_new(item, "about", json_str(p->file));
		if (p->line)
			json_object_set_new(item, "line", json_integer(p->line));
		if (p->column)
			json_object_set_new(item, "column", json_integer(p->column));
		json_object_set_new(item, "text", json_str(p->text));
		json_array_append_new(list, item);
	}
	return list;
}

void call_problem(struct call *call, int status, const char *title, const char *detail)
{
	json_t *body = json_object();

	json_object_set_new(body, "type", json_string("about:blank"));
	json_object_set_new(body, "title", json_string(title));
	json_object_set_new(body, "status", json_integer(status));
	if (detail)
		json_object_set_new(body, "detail", json_str(str_of(detail)));
	if (call->problems.count)
		json_object_set_new(body, "problems", call_problems_json(&call->problems));
	call_json(call, status, body);
	call->reply->type = "application/problem+json";
}

bool call_went_well(struct call *call, int failed, const struct err *err)
{
	if (failed > 0)
		call_problem(call, 409, "Refused", "It cannot be done as things stand; see problems.");
	else if (failed)
		call_error(call, err);
	return !failed;
}

void call_not_found(struct call *call, const char *what)
{
	call_problem(call, 404, "Not found", what);
}

void call_wrong(struct call *call)
{
	call_problem(call, 422, "Not as expected", "Some of what was sent cannot be used; see problems.");
}

/* What failed here is for who runs the server: paths and states of ours are nothing for strangers. */
static void say_failed(struct call *call, int status, const char *title, const struct err *err)
{
	server_log_error(call->server, call->endpoint ? call->endpoint->name : "answering", err);
	call_problem(call, status, title, call->known ? err->text : "It is in the server's log.");
}

void call_error(struct call *call, const struct err *err)
{
	switch (err->kind) {
	case ERR_INPUT: call_problem(call, 422, "Not as expected", err->text); break;
	case ERR_CURRENCY: call_problem(call, 422, "Several currencies", err->text); break;
	case ERR_STATE: call_problem(call, 409, "Not now", err->text); break;
	case ERR_LIMIT: call_problem(call, 413, "Too much", err->text); break;
	case ERR_SYSTEM: say_failed(call, 503, "Not now", err); break;
	default: say_failed(call, 500, "Something is wrong here", err); break;
	}
}
