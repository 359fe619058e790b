/* Signing in and out. */
#include "report/answer_json.h"
#include "serve/endpoints.h"
#include "serve/me.h"
#include "serve/who.h"

enum { CODE_MOST = 64 };

/* ---- how one comes in ---- */

static const struct member provider_members[] = {
	{ .name = "name", .type = MEMBER_TEXT, .required = true, .sentence = "for the button" },
	{ .name = "start",
	  .type = MEMBER_TEXT,
	  .required = true,
	  .sentence = "where the browser goes; ?to= says where to come back to" },
	{ .name = NULL },
};
static const struct member way_members[] = {
	{ .name = "password", .type = MEMBER_FLAG, .required = true, .sentence = "by login and password" },
	{ .name = "oidc",
	  .type = MEMBER_OBJECT,
	  .null = true,
	  .required = true,
	  .members = provider_members,
	  .sentence = "by a provider; null: by none" },
	{ .name = NULL },
};

static void get_ways(struct call *call)
{
	json_t *provider = json_null();

	if (server_oidc(call->server))
		provider = json_pack("{s:s, s:s}", "name", server_oidc_name(call->server), "start", "/api/oidc/start");
	call_json(call, 200, json_pack("{s:b, s:o}", "password", 1, "oidc", provider));
}

static const struct endpoint endpoint_ways = {
	.method = HTTP_GET,
	.path = "/api/sign-in",
	.name = "getSignIn",
	.tag = "session",
	.summary = "The ways to sign in here",
	.answer = way_members,
	.run = get_ways,
};

/* ---- the session ---- */

static void get_session(struct call *call)
{
	call_json(call, 200, me_json(call, &call->who));
}

static const struct endpoint endpoint_get_session = {
	.method = HTTP_GET,
	.path = "/api/session",
	.name = "getSession",
	.tag = "session",
	.summary = "Who am I, and what may I do?",
	.roles = ROLES_ALL,
	.answer = me_members,
	.run = get_session,
};

static const struct member sign_in_members[] = {
	{ .name = "login",
	  .type = MEMBER_TEXT,
	  .required = true,
	  .least = 1,
	  .most = LOGIN_MOST,
	  .sentence = "a mail address, or a name" },
	{ .name = "password",
	  .type = MEMBER_TEXT,
	  .required = true,
	  .least = 1,
	  .most = PASSWORD_MOST,
	  .sentence = "the account's" },
	{ .name = "code",
	  .type = MEMBER_TEXT,
	  .most = CODE_MOST,
	  .sentence = "of the second factor, where the account has one: a 401 whose problems name code asks for it" },
	{ .name = NULL },
};

static void sign_in(struct call *call)
{
	struct str login = call_member(call, "login");
	struct doors *doors = server_doors(call->server);
	struct err err = ERR_INIT;
	struct account who;
	bool found = false, right = false;

	if (!may_try(call, login))
		return;
	if (doors_by_login(doors, login, &who, &found, call->arena, &err) ||
	    doors_check_password(doors, found ? who.id : 0, call_member(call, "password"), &right, &err)) {
		call_error(call, &err);
	} else if (!right) {
		server_log_refused(call->server, call_client(call), login, "password");
		call_problem(call, 401, "Not signed in", "Login and password do not go together.");
	} else if (factor_fits(call, &who)) {
		was_right(call, login);
		sign_in_as(call, &who, who.second_factor ? "password and code" : "password");
	} else if (!call_member(call, "code").len) {
		was_right(call, login); /* asked for, not wrong */
	} else {
		server_log_refused(call->server, call_client(call), login, "code");
	}
}

static const struct endpoint endpoint_sign_in = {
	.method = HTTP_POST,
	.path = "/api/session",
	.name = "signIn",
	.tag = "session",
	.summary = "Sign in with a password",
	.roles = ROLES_ANYBODY,
	.members = sign_in_members,
	.answer = me_members,
	.run = sign_in,
};

static void sign_out(struct call *call)
{
	struct err err = ERR_INIT;

	if (call->by_cookie && doors_take_back(server_doors(call->server), PASS_SESSION, who_cookie(call), &err)) {
		call_error(call, &err);
		return;
	}
	who_give_cookie(call, "", 0);
	call_nothing(call);
}

static const struct endpoint endpoint_sign_out = {
	.method = HTTP_DELETE,
	.path = "/api/session",
	.name = "signOut",
	.tag = "session",
	.summary = "Sign out",
	.roles = ROLES_ALL,
	.status = 204,
	.run = sign_out,
};

/* ---- all of mine ---- */

static const struct member session_members[] = {
	{ .name = "id", .type = MEMBER_TEXT, .required = true, .sentence = "by which it is ended: /api/sessions/{id}" },
	{ .name = "made", .type = MEMBER_TEXT, .required = true, .sentence = "since when" },
	{ .name = "until", .type = MEMBER_TEXT, .required = true, .sentence = "how long" },
	{ .name = "client", .type = MEMBER_TEXT, .required = true, .sentence = "the address it was made from" },
	{ .name = "agent", .type = MEMBER_TEXT, .required = true, .sentence = "the program, as it calls itself" },
	{ .name = "current", .type = MEMBER_FLAG, .required = true, .sentence = "the one that asks" },
	{ .name = NULL },
};
static const struct member session_item = { .name = "", .type = MEMBER_OBJECT, .members = session_members };
static const struct member sessions_members[] = {
	{ .name = "sessions",
	  .type = MEMBER_LIST,
	  .required = true,
	  .items = &session_item,
	  .sentence = "where one is signed in" },
	{ .name = NULL },
};

static void list_sessions(struct call *call)
{
	struct err err = ERR_INIT;
	struct pass *passes;
	json_t *list;
	size_t count;

	if (doors_passes(server_doors(call->server), call->who.id, PASS_SESSION, call->now_ms, &passes, &count,
			 call->arena, &err)) {
		call_error(call, &err);
		return;
	}
	list = json_array();
	for (size_t i = 0; i < count; i++) {
		const struct pass *pass = &passes[i];
		json_t *item = json_object();

		json_object_set_new(item, "id", json_string(pass->id));
		json_object_set_new(item, "made", instant_json(call, pass->made_ms));
		json_object_set_new(item, "until", instant_json(call, pass->until_ms));
		json_object_set_new(item, "client", json_str(pass->client));
		json_object_set_new(item, "agent", json_str(pass->agent));
		json_object_set_new(item, "current", json_boolean(str_is(str_of(pass->id), call->pass_id)));
		json_array_append_new(list, item);
	}
	call_json(call, 200, json_pack("{s:o}", "sessions", list));
}

static const struct endpoint endpoint_list_sessions = {
	.method = HTTP_GET,
	.path = "/api/sessions",
	.name = "listSessions",
	.tag = "session",
	.summary = "Where I am signed in",
	.roles = ROLES_ALL,
	.answer = sessions_members,
	.run = list_sessions,
};

static void sign_out_everywhere(struct call *call)
{
	struct accounts desk = accounts_of_call(call);
	struct err err = ERR_INIT;

	if (accounts_sign_out(&desk, &call->who, STR_NONE, &err)) {
		call_error(call, &err);
		return;
	}
	server_noted(call->server);
	who_give_cookie(call, "", 0);
	call_nothing(call);
}

static const struct endpoint endpoint_sign_out_everywhere = {
	.method = HTTP_DELETE,
	.path = "/api/sessions",
	.name = "signOutEverywhere",
	.tag = "session",
	.summary = "Sign out everywhere, here too",
	.roles = ROLES_ALL,
	.grant = GRANT_WRITE,
	.status = 204,
	.run = sign_out_everywhere,
};

static void end_session(struct call *call)
{
	struct err err = ERR_INIT;
	bool found;

	if (doors_take_back_by_id(server_doors(call->server), call->who.id, PASS_SESSION, call_part(call, 0), &found,
				  &err))
		call_error(call, &err);
	else if (!found)
		call_not_found(call, "You have no session of this id.");
	else
		call_nothing(call);
}

static const struct endpoint endpoint_end_session = {
	.method = HTTP_DELETE,
	.path = "/api/sessions/{id}",
	.name = "endSession",
	.tag = "session",
	.summary = "Ends a session of mine",
	.roles = ROLES_ALL,
	.grant = GRANT_WRITE,
	.status = 204,
	.run = end_session,
};

const struct endpoint *const endpoints_session[] = {
	&endpoint_ways,          &endpoint_get_session,         &endpoint_sign_in,     &endpoint_sign_out,
	&endpoint_list_sessions, &endpoint_sign_out_everywhere, &endpoint_end_session, NULL,
};
