/* Who forgot the password asks for a link, which comes by mail. */
#include "book/outbox.h"
#include "report/answer_json.h"
#include "serve/endpoints.h"
#include "serve/letters.h"
#include "serve/me.h"
#include "serve/who.h"

static const struct member ask_members[] = {
	{ .name = "login",
	  .type = MEMBER_TEXT,
	  .required = true,
	  .least = 1,
	  .most = LOGIN_MOST,
	  .sentence = "of who forgot the password" },
	{ .name = NULL },
};

static const struct member asked_members[] = {
	{ .name = "mail", .type = MEMBER_FLAG, .required = true, .sentence = "whether this server sends mail at all" },
	{ .name = NULL },
};

/* The same is done and answered whether there is such an account: whose login it is is nobody's business. Who writes the letter finds out. */
static void ask_for_link(struct call *call)
{
	bool mail = server_ways_out(call->server)->server != NULL;
	struct outbox_message message = { .way = OUTBOX_MAIL,
					  .kind = STR("reset"),
					  .to = call_member(call, "login"),
					  .made_ms = call->now_ms,
					  .due_ms = call->now_ms };
	struct err err = ERR_INIT;

	if (!may_ask_for_letter(call, message.to))
		return;
	if (mail && (lead_desk_begin(call->desk, &err) || outbox_add(call->desk->book, &message, &err)))
		call_error(call, &err);
	else
		call_json(call, 202, json_pack("{s:b}", "mail", mail));
}

static const struct endpoint endpoint_ask_for_link = {
	.method = HTTP_POST,
	.path = "/api/links/ask",
	.name = "askForLink",
	.tag = "session",
	.summary = "Has a link sent by mail, to who forgot the password",
	.roles = ROLES_ANYBODY,
	.desk = DESK_TELLS,
	.status = 202,
	.members = ask_members,
	.answer = asked_members,
	.run = ask_for_link,
};

const struct endpoint *const endpoints_forgotten[] = {
	&endpoint_ask_for_link,
	NULL,
};

/* The link is made when the letter is: it stands nowhere else, and is good from then. NULL: none can be made, and the letter is held. */
static const char *link_of(struct letter *letter, char until[40], int *failed, struct err *err)
{
	struct problems problems;
	struct accounts desk = { server_doors(letter->server), letter->now_ms, STR("lockstep"), letter->arena,
				 &problems };
	char text[PASS_TEXT];
	int64_t until_ms;

	problems_init(&problems, letter->arena);
	*failed = accounts_link(&desk, &letter->who, text, &until_ms, err);
	if (*failed) {
		letter_hold(letter, "no link can be made");
		*failed = *failed < 0 ? *failed : 0;
		return NULL;
	}
	zone_format(server_zone(letter->server), until_ms, until);
	return arena_printf(letter->arena, "%s/join#%s", server_url(letter->server), text);
}

int letter_reset(struct letter *letter, const struct outbox_message *message, struct err *err)
{
	char until[40];
	const char *link;
	int failed;

	(void)message;
	link = link_of(letter, until, &failed, err);
	if (!link)
		return failed;
	letter_subject(letter, "Your password");
	letter_say(letter, "Somebody, most likely you, asked for a new password for %.*s.", STR_ARG(letter->who.login));
	letter_link(letter, "Choose a new password", link);
	letter_say(letter, "The link is good once, until %.10s %.5s. Who did not ask for it need do nothing.", until,
		   until + 11);
	return 0;
}

int letter_invitation(struct letter *letter, const struct outbox_message *message, struct err *err)
{
	struct str by = outbox_fact(message, "by");
	char until[40];
	const char *link;
	int failed;

	if (!letter->who.invited) {
		letter_hold(letter, "they have a password already");
		return 0;
	}
	link = link_of(letter, until, &failed, err);
	if (!link)
		return failed;
	letter_subject(letter, "Your account in Lockstep");
	letter_say(letter,
		   "%.*s made an account for you, %.*s: there sales and marketing see the same leads, promises "
		   "and figures.",
		   STR_ARG(by), STR_ARG(letter->who.login));
	letter_link(letter, "Choose a password and come in", link);
	letter_say(letter, "The link is good once, until %.10s %.5s. Who expects no such letter need do nothing.",
		   until, until + 11);
	return 0;
}
