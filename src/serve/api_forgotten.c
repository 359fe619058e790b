/* Who forgot the password asks for a link, which comes by mail. */
#include "book/outbox.h"
#include "report/answer_json.h"
#include "serve/endpoints.h"
#include "serve/letters.h"
#include "serve/me.h"
#include "serve/who.h"

static const struct member ask_members[] = {
	{ .name = "login", .type = MEMBER_TEXT, .required = true, .least = 1, .most = LOGIN_MOST },
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

/* The link is made when the letter is: it stands nowhere else, and is good from then. */
int letter_reset(struct letter *letter, const struct outbox_message *message, struct err *err)
{
	struct problems problems;
	struct accounts desk = { server_doors(letter->server), letter->now_ms, STR("lockstep"), letter->arena,
				 &problems };
	char text[PASS_TEXT], until[40];
	int64_t until_ms;
	int failed;

	(void)message;
	problems_init(&problems, letter->arena);
	failed = accounts_link(&desk, &letter->who, text, &until_ms, err);
	if (failed) {
		letter_hold(letter, "no link can be made");
		return failed < 0 ? failed : 0;
	}
	zone_format(server_zone(letter->server), until_ms, until);
	letter_subject(letter, "Your password");
	letter_say(letter, "Somebody, most likely you, asked for a new password for %.*s.", STR_ARG(letter->who.login));
	letter_link(letter, "Choose a new password",
		    arena_printf(letter->arena, "%s/join#%s", server_url(letter->server), text));
	letter_say(letter, "The link is good once, until %.10s %.5s. Who did not ask for it need do nothing.", until,
		   until + 11);
	return 0;
}
