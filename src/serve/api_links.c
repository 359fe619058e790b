/* Links by which somebody sets a password: invitations, and for who forgot it. Who has one need not be signed in. */
#include "report/answer_json.h"
#include "serve/endpoints.h"
#include "serve/me.h"
#include "serve/who.h"

enum { LINK_MOST = 100, CODE_MOST = 64 };

static const struct member look_members[] = {
	{ .name = "link",
	  .type = MEMBER_TEXT,
	  .required = true,
	  .least = 1,
	  .most = LINK_MOST,
	  .sentence = "what stands behind the # of its address" },
	{ .name = NULL },
};
static const struct member link_members[] = {
	{ .name = "kind",
	  .type = MEMBER_CHOICE,
	  .choices = "invitation|reset",
	  .required = true,
	  .sentence = "of somebody new, or of who forgot the password" },
	{ .name = "login", .type = MEMBER_TEXT, .required = true, .sentence = "whose it is" },
	{ .name = "name", .type = MEMBER_TEXT, .required = true, .sentence = "as the book calls this colleague" },
	{ .name = "second_factor", .type = MEMBER_FLAG, .required = true, .sentence = "a code is asked for besides" },
	{ .name = NULL },
};

static void gone(struct call *call)
{
	call_not_found(call, "This link was used already, or its time is over. Ask for a new one.");
}

/* False after saying that there is none. */
static bool find_link(struct call *call, struct account *who)
{
	struct accounts desk = accounts_of_call(call);
	struct err err = ERR_INIT;
	bool found;

	if (accounts_link_for(&desk, call_member(call, "link"), who, &found, &err)) {
		call_error(call, &err);
		return false;
	}
	if (!found)
		gone(call);
	return found;
}

static void look_at_link(struct call *call)
{
	struct account who;
	json_t *body;

	if (!find_link(call, &who))
		return;
	body = json_object();
	json_object_set_new(body, "kind", json_string(who.invited ? "invitation" : "reset"));
	json_object_set_new(body, "login", json_str(who.login));
	json_object_set_new(body, "name", json_str(who.name));
	json_object_set_new(body, "second_factor", json_boolean(who.second_factor));
	call_json(call, 200, body);
}

static const struct endpoint endpoint_look_at_link = {
	.method = HTTP_POST,
	.path = "/api/links/look",
	.name = "lookAtLink",
	.tag = "session",
	.summary = "Whose link is this?",
	.roles = ROLES_ANYBODY,
	.members = look_members,
	.answer = link_members,
	.run = look_at_link,
};

static const struct member use_members[] = {
	{ .name = "link",
	  .type = MEMBER_TEXT,
	  .required = true,
	  .least = 1,
	  .most = LINK_MOST,
	  .sentence = "what stands behind the # of its address" },
	{ .name = "password",
	  .type = MEMBER_TEXT,
	  .required = true,
	  .least = PASSWORD_LEAST,
	  .most = PASSWORD_MOST,
	  .sentence = "the one from now on, of at least 10 characters" },
	{ .name = "code",
	  .type = MEMBER_TEXT,
	  .most = CODE_MOST,
	  .sentence = "of the second factor, where the account has one" },
	{ .name = NULL },
};

static void use_link(struct call *call)
{
	struct accounts desk = accounts_of_call(call);
	struct err err = ERR_INIT;
	struct account who;
	bool found;

	if (!find_link(call, &who) || !may_try(call, who.login) || !factor_fits(call, &who))
		return;
	was_right(call, who.login);
	if (accounts_link_use(&desk, call_member(call, "link"), call_member(call, "password"), &who, &found, &err))
		call_error(call, &err);
	else if (!found)
		gone(call);
	else
		sign_in_as(call, &who, "a link");
}

static const struct endpoint endpoint_use_link = {
	.method = HTTP_POST,
	.path = "/api/links/use",
	.name = "useLink",
	.tag = "session",
	.summary = "Sets a password by a link, once, and signs in",
	.roles = ROLES_ANYBODY,
	.members = use_members,
	.answer = me_members,
	.run = use_link,
};

const struct endpoint *const endpoints_links[] = {
	&endpoint_look_at_link,
	&endpoint_use_link,
	NULL,
};
