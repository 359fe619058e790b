/* The accounts of everybody, for who is admin. */
#include <stdlib.h>

#include "io/mail_address.h"
#include "report/answer_json.h"
#include "serve/endpoints.h"
#include "serve/me.h"
#include "serve/who.h"

#define ROLE_CHOICES "executive|marketing|sales manager|sales rep|nurture|partner|facilitator|viewer|admin"

static const struct member role_item = { .name = "", .type = MEMBER_CHOICE, .choices = ROLE_CHOICES };

#define ACCOUNT_MEMBERS                                                                                                \
	{ .name = "id",                                                                                                \
	  .type = MEMBER_WHOLE,                                                                                        \
	  .required = true,                                                                                            \
	  .sentence = "by which it is called: /api/accounts/{id}" },                                                   \
		{ .name = "login", .type = MEMBER_TEXT, .required = true, .sentence = "a mail address, or a name" },   \
		{ .name = "name",                                                                                      \
		  .type = MEMBER_TEXT,                                                                                 \
		  .required = true,                                                                                    \
		  .sentence = "as the book calls this colleague: owner of leads" },                                    \
		{ .name = "roles",                                                                                     \
		  .type = MEMBER_LIST,                                                                                 \
		  .required = true,                                                                                    \
		  .items = &role_item,                                                                                 \
		  .sentence = "what it may do" },                                                                      \
		{ .name = "team",                                                                                      \
		  .type = MEMBER_TEXT,                                                                                 \
		  .null = true,                                                                                        \
		  .required = true,                                                                                    \
		  .sentence = "whose leads a sales rep sees besides" },                                                \
		{ .name = "partner",                                                                                   \
		  .type = MEMBER_TEXT,                                                                                 \
		  .null = true,                                                                                        \
		  .required = true,                                                                                    \
		  .sentence = "whose leads a partner sees" },                                                          \
		{ .name = "closed", .type = MEMBER_FLAG, .required = true, .sentence = "nobody comes in by it" },      \
		{ .name = "invited", .type = MEMBER_FLAG, .required = true, .sentence = "it has no password yet" },    \
		{ .name = "second_factor",                                                                             \
		  .type = MEMBER_FLAG,                                                                                 \
		  .required = true,                                                                                    \
		  .sentence = "a code is asked for besides the password" },                                            \
	{                                                                                                              \
		.name = "last_sign_in", .type = MEMBER_TEXT, .null = true, .required = true,                           \
		.sentence = "when somebody last came in by it"                                                         \
	}

static const struct member account_members[] = {
	ACCOUNT_MEMBERS,
	{ .name = NULL },
};
static const struct member account_item = { .name = "", .type = MEMBER_OBJECT, .members = account_members };

static json_t *account_json(const struct call *call, const struct account *account)
{
	json_t *root = json_object();

	json_object_set_new(root, "id", json_integer(account->id));
	json_object_set_new(root, "login", json_str(account->login));
	json_object_set_new(root, "name", json_str(account->name));
	json_object_set_new(root, "roles", roles_json(account->roles));
	json_object_set_new(root, "team", account->team.len ? json_str(account->team) : json_null());
	json_object_set_new(root, "partner", account->partner.len ? json_str(account->partner) : json_null());
	json_object_set_new(root, "closed", json_boolean(account->closed));
	json_object_set_new(root, "invited", json_boolean(account->invited));
	json_object_set_new(root, "second_factor", json_boolean(account->second_factor));
	json_object_set_new(root, "last_sign_in",
			    account->last_sign_in_ms ? instant_json(call, account->last_sign_in_ms) : json_null());
	return root;
}

/* ---- all, and one ---- */

static const struct member list_members[] = {
	{ .name = "accounts",
	  .type = MEMBER_LIST,
	  .required = true,
	  .items = &account_item,
	  .sentence = "all there are" },
	{ .name = NULL },
};

static void list_accounts(struct call *call)
{
	struct account *accounts;
	struct err err = ERR_INIT;
	json_t *list;
	size_t count;

	if (doors_list(server_doors(call->server), &accounts, &count, call->arena, &err)) {
		call_error(call, &err);
		return;
	}
	list = json_array();
	for (size_t i = 0; i < count; i++)
		json_array_append_new(list, account_json(call, &accounts[i]));
	call_json(call, 200, json_pack("{s:o}", "accounts", list));
}

static const struct endpoint endpoint_list_accounts = {
	.method = HTTP_GET,
	.path = "/api/accounts",
	.name = "listAccounts",
	.tag = "accounts",
	.summary = "All accounts",
	.roles = ROLE(ADMIN),
	.answer = list_members,
	.run = list_accounts,
};

/* The account that the path names. False after saying that there is none. */
static bool find(struct call *call, struct account *out)
{
	const char *text = arena_cstr(call->arena, call_part(call, 0));
	struct err err = ERR_INIT;
	char *end;
	int64_t id = strtoll(text, &end, 10);
	bool found = false;

	if (*text && !*end && doors_by_id(server_doors(call->server), id, out, &found, call->arena, &err)) {
		call_error(call, &err);
		return false;
	}
	if (!found)
		call_not_found(call, "There is no account of this number.");
	return found;
}

/* As it is now. */
static void say_account(struct call *call, int64_t id)
{
	struct account account;
	struct err err = ERR_INIT;
	bool found;

	if (doors_by_id(server_doors(call->server), id, &account, &found, call->arena, &err))
		call_error(call, &err);
	else if (!found)
		call_not_found(call, "There is no account of this number.");
	else
		call_json(call, 200, account_json(call, &account));
}

static void get_account(struct call *call)
{
	struct account account;

	if (find(call, &account))
		call_json(call, 200, account_json(call, &account));
}

static const struct endpoint endpoint_get_account = {
	.method = HTTP_GET,
	.path = "/api/accounts/{id}",
	.name = "getAccount",
	.tag = "accounts",
	.summary = "One account",
	.roles = ROLE(ADMIN),
	.answer = account_members,
	.run = get_account,
};

/* ---- inviting ---- */

#define ACCOUNT_OF_A_LINK                                                                                              \
	{                                                                                                              \
		.name = "account", .type = MEMBER_OBJECT, .required = true, .members = account_members,                \
		.sentence = "as it is now"                                                                             \
	}

static const struct member link_members[] = {
	ACCOUNT_OF_A_LINK,
	{ .name = "link",
	  .type = MEMBER_TEXT,
	  .required = true,
	  .sentence = "where a password is set, once; told now and never again" },
	{ .name = "until", .type = MEMBER_TEXT, .required = true, .sentence = "how long it is good" },
	{ .name = NULL },
};

static const struct member invited_members[] = {
	ACCOUNT_OF_A_LINK,
	{ .name = "mailed",
	  .type = MEMBER_FLAG,
	  .required = true,
	  .sentence = "the link goes to the login by mail: it is made when the letter is, and good for a week" },
	{ .name = "link",
	  .type = MEMBER_TEXT,
	  .null = true,
	  .required = true,
	  .sentence = "where a password is set, once; told now and never again; null: it was mailed" },
	{ .name = "until",
	  .type = MEMBER_TEXT,
	  .null = true,
	  .required = true,
	  .sentence = "how long the link is good; null: it was mailed" },
	{ .name = NULL },
};

/* A link for it, and the account as it is then: NULL after saying what went wrong. */
static json_t *make_link(struct call *call, int64_t id)
{
	struct accounts desk = accounts_of_call(call);
	struct account account = { .id = id };
	struct err err = ERR_INIT;
	char text[PASS_TEXT];
	int64_t until_ms;
	bool found;
	json_t *body;
	int failed = doors_by_id(desk.doors, id, &account, &found, call->arena, &err);

	if (!failed)
		failed = accounts_link(&desk, &account, text, &until_ms, &err);
	if (!call_went_well(call, failed, &err))
		return NULL;
	server_noted(call->server);
	body = json_object();
	json_object_set_new(body, "account", account_json(call, &account));
	json_object_set_new(body, "link",
			    json_string(arena_printf(call->arena, "%s/join#%s", server_url(call->server), text)));
	json_object_set_new(body, "until", instant_json(call, until_ms));
	return body;
}

static unsigned roles_of(const json_t *list)
{
	unsigned roles = 0;
	enum role role;

	for (size_t i = 0; i < json_array_size(list); i++)
		if (role_by_name(str_of(json_string_value(json_array_get(list, i))), &role))
			roles |= 1u << role;
	return roles;
}

static const struct member new_members[] = {
	{ .name = "login",
	  .type = MEMBER_TEXT,
	  .required = true,
	  .least = 1,
	  .most = LOGIN_MOST,
	  .sentence = "a mail address, or a name" },
	{ .name = "name",
	  .type = MEMBER_TEXT,
	  .most = NAME_MOST,
	  .sentence = "as the book calls this colleague: owner of leads; the login unless given" },
	{ .name = "roles", .type = MEMBER_LIST, .required = true, .items = &role_item, .sentence = "what it may do" },
	{ .name = "team",
	  .type = MEMBER_TEXT,
	  .null = true,
	  .most = NAME_MOST,
	  .sentence = "whose leads a sales rep sees besides" },
	{ .name = "partner",
	  .type = MEMBER_TEXT,
	  .null = true,
	  .most = NAME_MOST,
	  .sentence = "whose leads a partner sees" },
	{ .name = "mail",
	  .type = MEMBER_FLAG,
	  .sentence = "whether the link goes to the login by mail; unless given it does where this server sends mail "
		      "and the login is an address; else it comes back to be handed on" },
	{ .name = NULL },
};

/* With the book in hand where a letter is to be written. */
static void invite(struct call *call, struct account *account, bool by_mail)
{
	struct accounts desk = accounts_of_call(call);
	struct err err = ERR_INIT;
	json_t *body;

	if (!call_went_well(call, accounts_add(&desk, account, &err), &err))
		return;
	server_noted(call->server);
	if (by_mail) {
		if (accounts_write_to(&desk, server_book(call->server), account, call->who.name, &err)) {
			call_error(call, &err);
			return;
		}
		body = json_pack("{s:o, s:b, s:n, s:n}", "account", account_json(call, account), "mailed", 1, "link",
				 "until");
	} else {
		body = make_link(call, account->id);
		if (!body)
			return;
		json_object_set_new(body, "mailed", json_false());
	}
	call_json(call, 201, body);
}

static void invite_by_mail(struct call *call, struct account *account)
{
	struct office *office = server_office(call->server);

	if (!server_enter(call->server)) {
		http_reply_header(call->reply, "Retry-After", "2");
		call_problem(call, 503, "Not now", "A command has the book at the moment; ask again in a few seconds.");
		return;
	}
	office_hold(office);
	invite(call, account, true);
	office_let_go(office);
	server_leave(call->server);
	server_told(call->server);
}

static void create_account(struct call *call)
{
	const json_t *mail = json_object_get(call->body, "mail");
	struct account account = { .login = str_trim(call_member(call, "login")),
				   .name = call_member(call, "name"),
				   .roles = roles_of(json_object_get(call->body, "roles")),
				   .team = call_member(call, "team"),
				   .partner = call_member(call, "partner") };
	bool reached = server_ways_out(call->server)->server && mail_address_fits(account.login);

	if (!account.name.len)
		account.name = account.login;
	if (json_is_true(mail) && !reached) {
		problem_add(&call->problems, STR_NONE, 0, 0, STR("mail"),
			    server_ways_out(call->server)->server ? "the login is no mail address"
								  : "this server sends no mail");
		call_wrong(call);
	} else if (reached && !json_is_false(mail)) {
		invite_by_mail(call, &account);
	} else {
		invite(call, &account, false);
	}
}

static const struct endpoint endpoint_create_account = {
	.method = HTTP_POST,
	.path = "/api/accounts",
	.name = "createAccount",
	.tag = "accounts",
	.summary = "Invites somebody: a link by which a password is set, by mail or to be handed on",
	.roles = ROLE(ADMIN),
	.grant = GRANT_WRITE,
	.in_person = true,
	.status = 201,
	.members = new_members,
	.answer = invited_members,
	.run = create_account,
};

static void create_link(struct call *call)
{
	struct account account;
	json_t *body = find(call, &account) ? make_link(call, account.id) : NULL;

	if (body)
		call_json(call, 201, body);
}

static const struct endpoint endpoint_create_link = {
	.method = HTTP_POST,
	.path = "/api/accounts/{id}/link",
	.name = "createAccountLink",
	.tag = "accounts",
	.summary = "A new link by which a password is set: the ones before are good for nothing then",
	.roles = ROLE(ADMIN),
	.grant = GRANT_WRITE,
	.in_person = true,
	.status = 201,
	.answer = link_members,
	.run = create_link,
};

/* ---- changing ---- */

static const struct member change_members[] = {
	{ .name = "login",
	  .type = MEMBER_TEXT,
	  .least = 1,
	  .most = LOGIN_MOST,
	  .sentence = "a mail address, or a name" },
	{ .name = "name",
	  .type = MEMBER_TEXT,
	  .least = 1,
	  .most = NAME_MOST,
	  .sentence = "as the book calls this colleague" },
	{ .name = "roles", .type = MEMBER_LIST, .items = &role_item, .sentence = "what it may do" },
	{ .name = "team",
	  .type = MEMBER_TEXT,
	  .null = true,
	  .most = NAME_MOST,
	  .sentence = "whose leads a sales rep sees besides; null: no team's" },
	{ .name = "partner",
	  .type = MEMBER_TEXT,
	  .null = true,
	  .most = NAME_MOST,
	  .sentence = "whose leads a partner sees; null: none" },
	{ .name = "closed",
	  .type = MEMBER_FLAG,
	  .sentence = "nobody comes in by it any more; its sessions, tokens and links end" },
	{ .name = NULL },
};

static void take_text(const struct call *call, const char *member, struct str *text)
{
	if (json_object_get(call->body, member))
		*text = call_member(call, member);
}

static void change_account(struct call *call)
{
	const json_t *roles = json_object_get(call->body, "roles"), *closed = json_object_get(call->body, "closed");
	struct accounts desk = accounts_of_call(call);
	struct account account;
	struct err err = ERR_INIT;

	if (!find(call, &account))
		return;
	take_text(call, "login", &account.login);
	take_text(call, "name", &account.name);
	take_text(call, "team", &account.team);
	take_text(call, "partner", &account.partner);
	if (roles)
		account.roles = roles_of(roles);
	if (closed)
		account.closed = json_is_true(closed);
	if (!call_went_well(call, accounts_change(&desk, &account, &err), &err))
		return;
	server_noted(call->server);
	say_account(call, account.id);
}

static const struct endpoint endpoint_change_account = {
	.method = HTTP_PATCH,
	.path = "/api/accounts/{id}",
	.name = "changeAccount",
	.tag = "accounts",
	.summary = "What it may do, whose it is, whether anybody comes in by it",
	.roles = ROLE(ADMIN),
	.grant = GRANT_WRITE,
	.in_person = true,
	.members = change_members,
	.answer = account_members,
	.run = change_account,
};

static void end_factor(struct call *call)
{
	struct accounts desk = accounts_of_call(call);
	struct account account;
	struct err err = ERR_INIT;

	if (!find(call, &account))
		return;
	if (accounts_factor_off(&desk, &account, &err)) {
		call_error(call, &err);
		return;
	}
	server_noted(call->server);
	call_nothing(call);
}

static const struct endpoint endpoint_end_factor = {
	.method = HTTP_DELETE,
	.path = "/api/accounts/{id}/totp",
	.name = "endAccountTotp",
	.tag = "accounts",
	.summary = "Its second factor is asked for no more: the device is lost, and the codes for that too",
	.roles = ROLE(ADMIN),
	.grant = GRANT_WRITE,
	.in_person = true,
	.status = 204,
	.run = end_factor,
};

static void sign_out(struct call *call)
{
	struct accounts desk = accounts_of_call(call);
	struct account account;
	struct err err = ERR_INIT;

	if (!find(call, &account))
		return;
	if (accounts_sign_out(&desk, &account, STR_NONE, &err)) {
		call_error(call, &err);
		return;
	}
	server_noted(call->server);
	call_nothing(call);
}

static const struct endpoint endpoint_sign_out = {
	.method = HTTP_DELETE,
	.path = "/api/accounts/{id}/sessions",
	.name = "endAccountSessions",
	.tag = "accounts",
	.summary = "Signs somebody out everywhere",
	.roles = ROLE(ADMIN),
	.grant = GRANT_WRITE,
	.in_person = true,
	.status = 204,
	.run = sign_out,
};

const struct endpoint *const endpoints_accounts[] = {
	&endpoint_list_accounts, &endpoint_create_account, &endpoint_get_account, &endpoint_change_account,
	&endpoint_create_link,   &endpoint_end_factor,     &endpoint_sign_out,    NULL,
};
