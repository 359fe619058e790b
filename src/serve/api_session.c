/* Signing in and out. */
#include "serve/endpoints.h"
#include "serve/who.h"

enum { LOGIN_MOST = 200, CODE_MOST = 10 };
#define SESSION_MS INT64_C(43200000) /* twelve hours */

static const struct member account_members[] = {
	{ .name = "login", .type = MEMBER_TEXT, .required = true },
	{ .name = "name", .type = MEMBER_TEXT, .required = true, .sentence = "as the book calls this colleague" },
	{ .name = "roles",
	  .type = MEMBER_LIST,
	  .required = true,
	  .items = &(const struct member){ .name = "", .type = MEMBER_TEXT } },
	{ .name = "team", .type = MEMBER_TEXT, .null = true },
	{ .name = "partner", .type = MEMBER_TEXT, .null = true },
	{ .name = NULL },
};

static json_t *account_json(const struct account *account)
{
	json_t *root = json_object(), *list = json_array();

	for (int role = 0; role < ROLE__COUNT; role++)
		if (account->roles >> role & 1)
			json_array_append_new(list, json_string(role_name((enum role)role)));
	json_object_set_new(root, "login", json_stringn(account->login.at, account->login.len));
	json_object_set_new(root, "name", json_stringn(account->name.at, account->name.len));
	json_object_set_new(root, "roles", list);
	json_object_set_new(root, "team",
			    account->team.len ? json_stringn(account->team.at, account->team.len) : json_null());
	json_object_set_new(root, "partner",
			    account->partner.len ? json_stringn(account->partner.at, account->partner.len)
						 : json_null());
	return root;
}

static void get_session(struct call *call)
{
	call_json(call, 200, account_json(&call->who));
}

static const struct endpoint endpoint_get_session = {
	.method = HTTP_GET,
	.path = "/api/session",
	.name = "getSession",
	.tag = "session",
	.summary = "Who am I, and what may I do?",
	.roles = ROLES_ALL,
	.answer = account_members,
	.run = get_session,
};

static const struct member sign_in_members[] = {
	{ .name = "login", .type = MEMBER_TEXT, .required = true, .least = 1, .most = LOGIN_MOST },
	{ .name = "password", .type = MEMBER_TEXT, .required = true, .least = 1, .most = PASSWORD_MOST },
	{ .name = NULL },
};

static void sign_in(struct call *call)
{
	struct doors *doors = server_doors(call->server);
	struct pass pass = { .kind = PASS_SESSION,
			     .grants = GRANTS_ALL,
			     .made_ms = call->now_ms,
			     .until_ms = call->now_ms + SESSION_MS };
	struct err err = ERR_INIT;
	bool found = false, right = false;
	char text[PASS_TEXT];

	if (doors_by_login(doors, call_member(call, "login"), &call->who, &found, call->arena, &err) ||
	    doors_check_password(doors, found ? call->who.id : 0, call_member(call, "password"), &right, &err)) {
		call_error(call, &err);
	} else if (!right) {
		call_problem(call, 401, "Not signed in", "Login and password do not go together.");
	} else if (doors_hand_out(doors, call->who.id, &pass, text, &err)) {
		call_error(call, &err);
	} else {
		who_give_cookie(call, text, SESSION_MS / 1000);
		call_json(call, 200, account_json(&call->who));
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
	.answer = account_members,
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

const struct endpoint *const endpoints_session[] = {
	&endpoint_get_session,
	&endpoint_sign_in,
	&endpoint_sign_out,
	NULL,
};
