/* What somebody changes of the own account: password and second factor. */
#include <sodium.h>

#include "report/answer_json.h"
#include "serve/endpoints.h"
#include "serve/me.h"
#include "serve/who.h"

enum { CODE_MOST = 64 };

static void get_me(struct call *call)
{
	call_json(call, 200, me_json(call, &call->who));
}

static const struct endpoint endpoint_get_me = {
	.method = HTTP_GET,
	.path = "/api/me",
	.name = "getMe",
	.tag = "me",
	.summary = "My account",
	.roles = ROLES_ALL,
	.answer = me_members,
	.run = get_me,
};

/* Who left a browser open did not mean to give the account away. False after saying that the password is not right. */
static bool password_fits(struct call *call)
{
	struct err err = ERR_INIT;
	bool right = false;

	if (!may_try(call, call->who.login))
		return false;
	if (doors_check_password(server_doors(call->server), call->who.id, call_member(call, "password"), &right,
				 &err)) {
		call_error(call, &err);
		return false;
	}
	if (right) {
		was_right(call, call->who.login);
		return true;
	}
	problem_add(&call->problems, STR_NONE, 0, 0, STR("password"), "is not your password");
	call_wrong(call);
	return false;
}

/* ---- the password ---- */

static const struct member password_members[] = {
	{ .name = "password",
	  .type = MEMBER_TEXT,
	  .required = true,
	  .least = 1,
	  .most = PASSWORD_MOST,
	  .sentence = "the one until now" },
	{ .name = "new_password",
	  .type = MEMBER_TEXT,
	  .required = true,
	  .least = PASSWORD_LEAST,
	  .most = PASSWORD_MOST,
	  .sentence = "the one from now on, of at least 10 characters" },
	{ .name = NULL },
};

static void set_password(struct call *call)
{
	struct accounts desk = accounts_of_call(call);
	struct err err = ERR_INIT;

	if (!password_fits(call))
		return;
	if (accounts_set_password(&desk, &call->who, call_member(call, "new_password"), &err)) {
		call_error(call, &err);
		return;
	}
	if (give_session(call, &call->who, "a new password"))
		call_nothing(call);
}

static const struct endpoint endpoint_set_password = {
	.method = HTTP_POST,
	.path = "/api/me/password",
	.name = "setPassword",
	.tag = "me",
	.summary = "A new password: all other sessions and all tokens end",
	.roles = ROLES_ALL,
	.grant = GRANT_WRITE,
	.in_person = true,
	.status = 204,
	.members = password_members,
	.run = set_password,
};

/* ---- the second factor ---- */

static const struct member begin_members[] = {
	{ .name = "password",
	  .type = MEMBER_TEXT,
	  .required = true,
	  .least = 1,
	  .most = PASSWORD_MOST,
	  .sentence = "one's own, again" },
	{ .name = NULL },
};
static const struct member secret_members[] = {
	{ .name = "secret", .type = MEMBER_TEXT, .required = true, .sentence = "for who types it into the device" },
	{ .name = "uri", .type = MEMBER_TEXT, .required = true, .sentence = "otpauth://…, for a QR code" },
	{ .name = NULL },
};

static void begin_factor(struct call *call)
{
	unsigned char secret[TOTP_SECRET];
	char text[TOTP_SECRET_TEXT];
	struct err err = ERR_INIT;
	json_t *body;

	if (!password_fits(call))
		return;
	if (call->who.second_factor) {
		call_problem(call, 409, "Not now",
			     "There is a second factor already; turn it off to take another device.");
		return;
	}
	if (doors_factor_begin(server_doors(call->server), call->who.id, secret, &err)) {
		call_error(call, &err);
		return;
	}
	base32_write(secret, sizeof(secret), text);
	body = json_object();
	json_object_set_new(body, "secret", json_string(text));
	json_object_set_new(
		body, "uri",
		json_string(arena_printf(call->arena, "%s?secret=%s&issuer=Lockstep",
					 http_path(call->arena, "otpauth://totp/Lockstep:", call->who.login), text)));
	sodium_memzero(secret, sizeof(secret));
	call_json(call, 200, body);
}

static const struct endpoint endpoint_begin_factor = {
	.method = HTTP_POST,
	.path = "/api/me/totp",
	.name = "beginTotp",
	.tag = "me",
	.summary = "A secret for a device that shows codes; it counts once a code was sent back",
	.roles = ROLES_ALL,
	.grant = GRANT_WRITE,
	.in_person = true,
	.members = begin_members,
	.answer = secret_members,
	.run = begin_factor,
};

static const struct member confirm_members[] = {
	{ .name = "code",
	  .type = MEMBER_TEXT,
	  .required = true,
	  .least = 1,
	  .most = CODE_MOST,
	  .sentence = "that the device shows" },
	{ .name = NULL },
};
static const struct member code_item = { .name = "", .type = MEMBER_TEXT };
static const struct member recovery_members[] = {
	{ .name = "recovery_codes",
	  .type = MEMBER_LIST,
	  .required = true,
	  .items = &code_item,
	  .sentence = "each good once, instead of a code; told now and never again" },
	{ .name = NULL },
};

static void wrong_code(struct call *call)
{
	problem_add(&call->problems, STR_NONE, 0, 0, STR("code"),
		    "is not right: send the one that is shown now, and look whether the device's clock is");
	call_wrong(call);
}

static void confirm_factor(struct call *call)
{
	char recovery[RECOVERY_CODES][RECOVERY_TEXT];
	struct accounts desk = accounts_of_call(call);
	struct err err = ERR_INIT;
	json_t *list;
	bool right;

	if (!may_try(call, call->who.login))
		return;
	if (accounts_factor_on(&desk, &call->who, call_member(call, "code"), &right, recovery, &err)) {
		call_error(call, &err);
		return;
	}
	if (!right) {
		wrong_code(call);
		return;
	}
	was_right(call, call->who.login);
	server_noted(call->server);
	list = json_array();
	for (int i = 0; i < RECOVERY_CODES; i++)
		json_array_append_new(list, json_string(recovery[i]));
	call_json(call, 200, json_pack("{s:o}", "recovery_codes", list));
	sodium_memzero(recovery, sizeof(recovery));
}

static const struct endpoint endpoint_confirm_factor = {
	.method = HTTP_POST,
	.path = "/api/me/totp/confirm",
	.name = "confirmTotp",
	.tag = "me",
	.summary = "From now on the device's codes are asked for",
	.roles = ROLES_ALL,
	.grant = GRANT_WRITE,
	.in_person = true,
	.members = confirm_members,
	.answer = recovery_members,
	.run = confirm_factor,
};

static const struct member off_members[] = {
	{ .name = "password",
	  .type = MEMBER_TEXT,
	  .required = true,
	  .least = 1,
	  .most = PASSWORD_MOST,
	  .sentence = "one's own, again" },
	{ .name = "code",
	  .type = MEMBER_TEXT,
	  .required = true,
	  .least = 1,
	  .most = CODE_MOST,
	  .sentence = "that the device shows, or one for when it is lost" },
	{ .name = NULL },
};

static void end_factor(struct call *call)
{
	struct accounts desk = accounts_of_call(call);
	struct err err = ERR_INIT;
	bool right = false;

	if (!call->who.second_factor) {
		call_problem(call, 409, "Not now", "There is no second factor.");
		return;
	}
	if (!password_fits(call) || !may_try(call, call->who.login))
		return;
	if (doors_factor_check(server_doors(call->server), call->who.id, call_member(call, "code"), call->now_ms,
			       &right, &err)) {
		call_error(call, &err);
	} else if (!right) {
		wrong_code(call);
	} else if (accounts_factor_off(&desk, &call->who, &err)) {
		call_error(call, &err);
	} else {
		was_right(call, call->who.login);
		server_noted(call->server);
		call_nothing(call);
	}
}

static const struct endpoint endpoint_end_factor = {
	.method = HTTP_POST,
	.path = "/api/me/totp/off",
	.name = "endTotp",
	.tag = "me",
	.summary = "Codes are asked for no more",
	.roles = ROLES_ALL,
	.grant = GRANT_WRITE,
	.in_person = true,
	.status = 204,
	.members = off_members,
	.run = end_factor,
};

const struct endpoint *const endpoints_me[] = {
	&endpoint_get_me,         &endpoint_set_password, &endpoint_begin_factor,
	&endpoint_confirm_factor, &endpoint_end_factor,   NULL,
};
