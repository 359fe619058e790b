#include "serve/answer.h"

#include <string.h>

#include "report/answer_json.h"
#include "serve/at_the_desk.h"
#include "serve/body.h"
#include "serve/endpoint.h"
#include "serve/pages.h"
#include "serve/who.h"

/* What is parsed takes many times its room: who need not be known has little of it. A file is as large as the HTTP layer takes. */
enum { STRANGERS_MOST = 256 << 10, JSON_MOST = 4 << 20 };
enum { PATH_LOGGED = 1000 };

/* Bytes that are read in less time than it takes to hand them on. */
enum { AT_ONCE_MOST = 8 << 10 };

/* ---- its form ---- */

static void check_arguments(struct call *call)
{
	const struct http_request *request = call->request;

	for (size_t i = 0; i < request->argument_count; i++) {
		const struct http_argument *given = &request->arguments[i];
		const struct member *member = member_find(call->endpoint->arguments, given->name);
		const char *nearest;

		if (!member && call->endpoint->strangers)
			continue;
		if (!member) {
			nearest = member_nearest(call->endpoint->arguments, given->name, call->arena);
			problem_add(&call->problems, STR_NONE, 0, 0, given->name, "there is no such argument here%s%s",
				    nearest ? "; did you mean " : "", nearest ? nearest : "");
			continue;
		}
		for (size_t k = 0; k < i; k++)
			if (str_eq(request->arguments[k].name, given->name))
				problem_add(&call->problems, STR_NONE, 0, 0, given->name,
					    "stands there more than once");
		member_check_text(member, given->value, server_zone(call->server), &call->problems, call->arena);
	}
	for (const struct member *m = call->endpoint->arguments; m && m->name; m++)
		if (m->required && !http_argument(request, m->name).at)
			problem_add(&call->problems, STR_NONE, 0, 0, str_of(m->name), "is missing");
}

static bool is_json(struct str type)
{
	return str_eq_fold(str_trim(str_cut(&type, ';')), STR("application/json"));
}

/* False after saying that the body is too large for what is asked. */
static bool has_room(struct call *call)
{
	size_t most = call->endpoint->roles == ROLES_ANYBODY ? STRANGERS_MOST : JSON_MOST;

	if (call->endpoint->takes || call->request->body.len <= most)
		return true;
	call_problem(call, 413, "Too much", arena_printf(call->arena, "The body has at most %zu bytes here.", most));
	return false;
}

/* False after saying what is wrong. */
static bool read_body(struct call *call)
{
	const struct http_request *request = call->request;

	if (!call->endpoint->members)
		return true;
	if (!is_json(http_header(request, "Content-Type"))) {
		call_problem(call, 415, "Not as expected", "The body is JSON: Content-Type: application/json.");
		return false;
	}
	call->body = body_read(request->body, &call->problems);
	if (!call->body) {
		call_problem(call, 400, "No JSON", "The body cannot be read.");
		return false;
	}
	members_check(call->endpoint->members, call->body, server_zone(call->server), &call->problems, call->arena);
	return true;
}

/* ---- the way ---- */

static void say_allowed(struct call *call, unsigned others)
{
	struct buf list;

	buf_init(&list, 256);
	for (int m = 0; m < HTTP_METHOD__COUNT; m++)
		if (others >> m & 1)
			buf_addf(&list, "%s%s%s", list.len ? ", " : "", http_method_name((enum http_method)m),
				 m == HTTP_GET ? ", HEAD" : "");
	http_reply_header(call->reply, "Allow", arena_cstr(call->arena, buf_str(&list)));
	call_problem(call, 405, "Not this method",
		     arena_printf(call->arena, "This path answers %.*s.", STR_ARG(buf_str(&list))));
	buf_release(&list);
}

/* It is known who asks for what. */
static void run(struct call *call)
{
	if (!who_may(call))
		return;
	check_arguments(call);
	if (!has_room(call) || !read_body(call))
		return;
	if (call->problems.count)
		call_wrong(call);
	else if (call->endpoint->desk == DESK_READS || call->endpoint->desk == DESK_TELLS)
		at_the_desk(call);
	else
		call->endpoint->run(call);
}

static void find_and_run(struct call *call)
{
	struct err err = ERR_INIT;
	unsigned others = 0;

	call->endpoint = endpoint_of(call->request, call->parts, &others);
	if (!call->endpoint && others) {
		say_allowed(call, others);
		return;
	}
	if (!call->endpoint && pages_answer(call))
		return;
	if (!call->endpoint)
		call_not_found(call, "There is nothing at this address; /api/openapi.json tells what there is.");
	else if (who_asks(call, &err))
		call_error(call, &err);
	else
		run(call);
}

static void add_common_headers(const struct server *server, struct http_reply *reply)
{
	if (server_secure(server))
		http_reply_header(reply, "Strict-Transport-Security", "max-age=31536000");
	http_reply_header(reply, "X-Content-Type-Options", "nosniff");
	http_reply_header(reply, "Referrer-Policy", "same-origin");
	http_reply_header(reply, "Cross-Origin-Resource-Policy", "same-origin");
	http_reply_header(reply, "Cross-Origin-Opener-Policy", "same-origin");
	for (size_t i = 0; i < reply->header_count; i++)
		if (!strcmp(reply->headers[i].name, "Cache-Control"))
			return;
	http_reply_header(reply, "Cache-Control", "no-store");
}

/* Where anybody may ask, what stands in the path may be the key itself (feeds, letters): such a path is logged as the endpoint has it. */
static struct str path_logged(const struct call *call)
{
	struct str path = call->request->path;

	if (call->endpoint && call->endpoint->roles == ROLES_ANYBODY)
		return str_of(call->endpoint->path);
	return (struct str){ path.at, path.len < PATH_LOGGED ? path.len : PATH_LOGGED };
}

static void log_call(const struct call *call)
{
	server_log(call->server, json_pack("{s:s, s:s, s:s, s:o, s:i, s:I, s:o}", "level", "info", "client",
					   call_client(call), "method", http_method_name(call->request->method), "path",
					   json_str(path_logged(call)), "status", call->reply->status, "ms",
					   (json_int_t)(server_now_ms(call->server) - call->came_ms), "account",
					   call->known ? json_str(call->who.login) : json_null()));
}

static void end_call(struct call *call)
{
	if (server_logs(call->server))
		log_call(call);
	add_common_headers(call->server, call->reply);
}

static struct call *call_new(struct server *server, const struct http_request *request, struct http_reply *reply)
{
	struct call *call = ARENA_NEW(request->arena, struct call);

	*call = (struct call){ .server = server,
			       .request = request,
			       .reply = reply,
			       .now_ms = server_now_ms(server),
			       .arena = request->arena };
	call->came_ms = call->now_ms;
	call->today = zone_date(server_zone(server), call->now_ms);
	problems_init(&call->problems, call->arena);
	return call;
}

static void later(void *context)
{
	struct call *call = context;

	call->later(call);
}

/* Memory is given back where it was taken: between threads that costs waiting for each other. */
static void over(void *context)
{
	struct call *call = context;

	json_decref(call->body);
}

static enum http_outcome end_or_wait(struct call *call)
{
	if (!call->later) {
		end_call(call);
		json_decref(call->body);
		return HTTP_ANSWERED;
	}
	call->reply->later = later;
	call->reply->over = over;
	call->reply->context = call;
	return HTTP_LATER;
}

enum http_outcome answer_at_once(struct server *server, const struct http_request *request, struct http_reply *reply)
{
	struct call *call;
	unsigned others = 0;

	if (request->body.len > AT_ONCE_MOST)
		return HTTP_BY_WORKER;
	call = call_new(server, request, reply);
	call->endpoint = endpoint_of(request, call->parts, &others);
	if (!call->endpoint || call->endpoint->desk != DESK_LINE || !who_is_known(call))
		return HTTP_BY_WORKER;
	run(call);
	return end_or_wait(call);
}

enum http_outcome answer_call(struct server *server, const struct http_request *request, struct http_reply *reply)
{
	struct call *call = call_new(server, request, reply);

	find_and_run(call);
	return end_or_wait(call);
}

void answer_later(struct call *call)
{
	const struct http_request *request = call->request;

	end_call(call);
	http_finish(request);
}
