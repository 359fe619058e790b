#include "serve/me.h"

#include "report/answer_json.h"
#include "serve/limiter.h"
#include "serve/who.h"

#define SESSION_MS INT64_C(43200000) /* twelve hours */

static const struct member role_item = { .name = "", .type = MEMBER_TEXT };

const struct member me_members[] = {
	{ .name = "login", .type = MEMBER_TEXT, .required = true, .sentence = "by which one comes in" },
	{ .name = "name", .type = MEMBER_TEXT, .required = true, .sentence = "as the book calls this colleague" },
	{ .name = "roles", .type = MEMBER_LIST, .required = true, .items = &role_item, .sentence = "what one may do" },
	{ .name = "team",
	  .type = MEMBER_TEXT,
	  .null = true,
	  .required = true,
	  .sentence = "whose leads a sales rep sees besides" },
	{ .name = "partner",
	  .type = MEMBER_TEXT,
	  .null = true,
	  .required = true,
	  .sentence = "whose leads a partner sees" },
	{ .name = "second_factor",
	  .type = MEMBER_FLAG,
	  .required = true,
	  .sentence = "a code is asked for besides the password" },
	{ .name = "recovery_left",
	  .type = MEMBER_WHOLE,
	  .required = true,
	  .sentence = "codes that are left for when the device is lost" },
	{ .name = "now", .type = MEMBER_TIME, .required = true, .sentence = "the server's clock" },
	{ .name = NULL },
};

json_t *roles_json(unsigned roles)
{
	json_t *list = json_array();

	for (int role = 0; role < ROLE__COUNT; role++)
		if (roles >> role & 1)
			json_array_append_new(list, json_string(role_name((enum role)role)));
	return list;
}

json_t *me_json(const struct call *call, const struct account *account)
{
	json_t *root = json_object();
	char now[40];

	json_object_set_new(root, "login", json_str(account->login));
	json_object_set_new(root, "name", json_str(account->name));
	json_object_set_new(root, "roles", roles_json(account->roles));
	json_object_set_new(root, "team", account->team.len ? json_str(account->team) : json_null());
	json_object_set_new(root, "partner", account->partner.len ? json_str(account->partner) : json_null());
	json_object_set_new(root, "second_factor", json_boolean(account->second_factor));
	json_object_set_new(root, "recovery_left", json_integer(account->recovery_left));
	zone_format(server_zone(call->server), call->now_ms, now);
	json_object_set_new(root, "now", json_string(now));
	return root;
}

json_t *instant_json(const struct call *call, int64_t at_ms)
{
	char text[40];

	zone_format(server_zone(call->server), at_ms, text);
	return json_string(text);
}

struct accounts accounts_of_call(struct call *call)
{
	return (struct accounts){ .doors = server_doors(call->server),
				  .now_ms = call->now_ms,
				  .actor = call->known ? call->who.login : STR_NONE,
				  .arena = call->arena,
				  .problems = &call->problems };
}

/* ---- how often ---- */

static bool take(struct call *call, enum server_limit limit, struct str key)
{
	int64_t wait_ms;

	if (limiter_take(server_limiter(call->server, limit), key, call->now_ms, &wait_ms))
		return true;
	http_reply_header(call->reply, "Retry-After",
			  arena_printf(call->arena, "%lld", (long long)((wait_ms + 999) / 1000)));
	call_problem(call, 429, "Too often",
		     limit == LIMIT_LETTERS ? "Letters were asked for already; look at the mail, or try again later."
					    : "Too many wrong passwords or codes; try again later.");
	return false;
}

/* Of a login that anybody may send, at any length. */
static struct str login_key(struct call *call, struct str login)
{
	return arena_lower(call->arena, str_trim(login));
}

bool may_try(struct call *call, struct str login)
{
	char address[64];

	return take(call, LIMIT_TRIES_FROM, limiter_address(call_client(call), address)) &&
	       take(call, LIMIT_TRIES_FOR, login_key(call, login));
}

bool may_ask_for_letter(struct call *call, struct str login)
{
	char address[64];

	return take(call, LIMIT_TRIES_FROM, limiter_address(call_client(call), address)) &&
	       take(call, LIMIT_LETTERS, login_key(call, login));
}

void was_right(struct call *call, struct str login)
{
	char address[64];

	limiter_give_back(server_limiter(call->server, LIMIT_TRIES_FROM), limiter_address(call_client(call), address));
	limiter_give_back(server_limiter(call->server, LIMIT_TRIES_FOR), login_key(call, login));
}

bool factor_fits(struct call *call, const struct account *account)
{
	struct str code = call_member(call, "code");
	struct err err = ERR_INIT;
	bool right = false;

	if (!account->second_factor)
		return true;
	if (code.len && doors_factor_check(server_doors(call->server), account->id, code, call->now_ms, &right, &err)) {
		call_error(call, &err);
		return false;
	}
	if (right)
		return true;
	problem_add(&call->problems, STR_NONE, 0, 0, STR("code"), "%s",
		    code.len ? "is not right, or was used already: send the one that is shown now"
			     : "is asked for: six digits of the device, or a code for when it is lost");
	call_problem(call, 401, code.len ? "Not signed in" : "A code is asked for",
		     "This account has a second factor.");
	return false;
}

/* ---- coming in ---- */

bool give_session(struct call *call, const struct account *account, const char *how)
{
	struct accounts desk = accounts_of_call(call);
	struct pass pass = { .grants = GRANTS_ALL,
			     .client = str_of(call_client(call)),
			     .agent = http_header(call->request, "User-Agent"),
			     .made_ms = call->now_ms,
			     .until_ms = call->now_ms + SESSION_MS };
	struct err err = ERR_INIT;
	char text[PASS_TEXT];

	if (accounts_sign_in(&desk, account, how, &pass, text, &err)) {
		call_error(call, &err);
		return false;
	}
	server_noted(call->server);
	who_give_cookie(call, text, SESSION_MS / 1000);
	return true;
}

void sign_in_as(struct call *call, const struct account *account, const char *how)
{
	if (!give_session(call, account, how))
		return;
	call->who = *account;
	call_json(call, 200, me_json(call, account));
}
