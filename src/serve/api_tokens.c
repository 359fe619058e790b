/* Tokens for programs: each has a name, scopes and an end, and is shown once. */
#include "report/answer_json.h"
#include "serve/endpoints.h"
#include "serve/me.h"
#include "serve/who.h"

enum { TOKEN_NAME_MOST = 100, DAYS_USUAL = 365, DAYS_MOST = 3650 };
#define DAY_MS INT64_C(86400000)

static const struct member scope_item = { .name = "", .type = MEMBER_CHOICE, .choices = "read|intake|write|metrics" };

static const struct member token_members[] = {
	{ .name = "id",
	  .type = MEMBER_TEXT,
	  .required = true,
	  .sentence = "by which it is taken back: /api/tokens/{id}" },
	{ .name = "name", .type = MEMBER_TEXT, .required = true, .sentence = "what it is for" },
	{ .name = "scopes", .type = MEMBER_LIST, .required = true, .items = &scope_item, .sentence = "what it allows" },
	{ .name = "made", .type = MEMBER_TEXT, .required = true, .sentence = "since when" },
	{ .name = "until", .type = MEMBER_TEXT, .required = true, .sentence = "how long" },
	{ .name = "token", .type = MEMBER_TEXT, .sentence = "told once, when it is made" },
	{ .name = NULL },
};
static const struct member token_item = { .name = "", .type = MEMBER_OBJECT, .members = token_members };

static json_t *token_json(const struct call *call, const struct pass *pass)
{
	json_t *root = json_object(), *scopes = json_array();

	for (int i = 0; i < GRANT__COUNT; i++)
		if (pass->grants >> i & 1)
			json_array_append_new(scopes, json_string(grant_name((enum grant)i)));
	json_object_set_new(root, "id", json_string(pass->id));
	json_object_set_new(root, "name", json_str(pass->name));
	json_object_set_new(root, "scopes", scopes);
	json_object_set_new(root, "made", instant_json(call, pass->made_ms));
	json_object_set_new(root, "until", instant_json(call, pass->until_ms));
	return root;
}

static void list_tokens(struct call *call)
{
	struct err err = ERR_INIT;
	struct pass *passes;
	json_t *list;
	size_t count;

	if (doors_passes(server_doors(call->server), call->who.id, PASS_TOKEN, call->now_ms, &passes, &count,
			 call->arena, &err)) {
		call_error(call, &err);
		return;
	}
	list = json_array();
	for (size_t i = 0; i < count; i++)
		json_array_append_new(list, token_json(call, &passes[i]));
	call_json(call, 200, json_pack("{s:o}", "tokens", list));
}

static const struct member list_members[] = {
	{ .name = "tokens", .type = MEMBER_LIST, .required = true, .items = &token_item, .sentence = "one's own" },
	{ .name = NULL },
};

static const struct endpoint endpoint_list_tokens = {
	.method = HTTP_GET,
	.path = "/api/tokens",
	.name = "listTokens",
	.tag = "session",
	.roles = ROLES_ALL,
	.summary = "My tokens",
	.answer = list_members,
	.run = list_tokens,
};

static const struct member new_members[] = {
	{ .name = "name",
	  .type = MEMBER_TEXT,
	  .required = true,
	  .least = 1,
	  .most = TOKEN_NAME_MOST,
	  .sentence = "what it is for" },
	{ .name = "scopes",
	  .type = MEMBER_LIST,
	  .required = true,
	  .items = &scope_item,
	  .sentence = "read: any question; intake: new leads; write: all else that my account may do; "
		      "metrics: counts of the server" },
	{ .name = "days", .type = MEMBER_WHOLE, .least = 1, .most = DAYS_MOST, .sentence = "how long it is good; 365" },
	{ .name = NULL },
};

static unsigned grants_of(const json_t *scopes)
{
	unsigned grants = 0;
	enum grant grant;

	for (size_t i = 0; i < json_array_size(scopes); i++)
		if (grant_by_name(str_of(json_string_value(json_array_get(scopes, i))), &grant))
			grants |= 1u << grant;
	return grants;
}

static void create_token(struct call *call)
{
	const json_t *days = json_object_get(call->body, "days");
	struct pass pass = { .name = call_member(call, "name"),
			     .grants = grants_of(json_object_get(call->body, "scopes")),
			     .made_ms = call->now_ms,
			     .until_ms = call->now_ms + DAY_MS * (days ? json_integer_value(days) : DAYS_USUAL) };
	struct accounts desk = accounts_of_call(call);
	struct err err = ERR_INIT;
	char text[PASS_TEXT];
	json_t *body;

	if (!pass.grants) {
		problem_add(&call->problems, STR_NONE, 0, 0, STR("scopes"),
			    "names none: read, intake, write or metrics");
		call_wrong(call);
		return;
	}
	if (accounts_token(&desk, &call->who, &pass, text, &err)) {
		call_error(call, &err);
		return;
	}
	server_noted(call->server);
	body = token_json(call, &pass);
	json_object_set_new(body, "token", json_string(text));
	call_json(call, 201, body);
}

static const struct endpoint endpoint_create_token = {
	.method = HTTP_POST,
	.path = "/api/tokens",
	.name = "createToken",
	.tag = "session",
	.roles = ROLES_ALL,
	.grant = GRANT_WRITE,
	.in_person = true,
	.status = 201,
	.summary = "A token for a program",
	.members = new_members,
	.answer = token_members,
	.example = "{\"name\": \"our site\", \"scopes\": [\"intake\"]}",
	.run = create_token,
};

static void drop_token(struct call *call)
{
	struct accounts desk = accounts_of_call(call);
	struct err err = ERR_INIT;
	bool found;

	if (accounts_token_back(&desk, &call->who, call_part(call, 0), &found, &err)) {
		call_error(call, &err);
	} else if (!found) {
		call_not_found(call, "You have no token of this id.");
	} else {
		server_noted(call->server);
		call_nothing(call);
	}
}

static const struct endpoint endpoint_drop_token = {
	.method = HTTP_DELETE,
	.path = "/api/tokens/{id}",
	.name = "dropToken",
	.tag = "session",
	.roles = ROLES_ALL,
	.grant = GRANT_WRITE,
	.status = 204,
	.summary = "Takes a token back",
	.run = drop_token,
};

const struct endpoint *const endpoints_tokens[] = {
	&endpoint_list_tokens,
	&endpoint_create_token,
	&endpoint_drop_token,
	NULL,
};
