/* `lockstep outlet VERB …`: other programs and chats that are told what happens. */
#include <string.h>

#include "cli/options.h"
#include "cli/output.h"
#include "desk/outlet_desk.h"
#include "serve/webhook.h"

enum { OUTPUT_MAX = 1 << 20 };

struct outlet_call {
	struct invocation *in;
	struct outlet_desk desk;
	struct problems problems;
	struct outlet outlet; /* that is named, where it is there */
};

/* ---- telling ---- */

static enum exit_code list(struct outlet_call *call)
{
	struct invocation *in = call->in;
	const struct outlet *all;
	struct err err = ERR_INIT;
	enum exit_code code;
	struct buf out;
	size_t count;

	if (outlets(call->desk.book, &all, &count, &err))
		return command_fail(in, &err);
	buf_init(&out, OUTPUT_MAX);
	for (size_t i = 0; i < count; i++)
		buf_addf(&out, "%.*s: %s to %.*s, %s%.*s%s\n", STR_ARG(all[i].id), outbox_way_name(all[i].way),
			 STR_ARG(all[i].url), all[i].kinds.len ? "" : "all news", STR_ARG(all[i].kinds),
			 all[i].off ? " (off)" : "");
	code = output_plain(in, buf_str(&out));
	buf_release(&out);
	return code;
}

static enum exit_code tell_secret(struct outlet_call *call)
{
	unsigned char secret[OUTLET_SECRET_BYTES];
	char text[WEBHOOK_SECRET_TEXT];

	if (call->outlet.way != OUTBOX_WEBHOOK)
		return EXIT_DONE;
	outlet_secret(call->desk.book, call->outlet.id, call->outlet.turn, secret);
	webhook_secret_text(secret, text);
	return output_plain(call->in, str_of(arena_printf(&call->in->arena, "%s\n", text)));
}

/* ---- changing ---- */

static bool read_options(struct outlet_call *call)
{
	const char *way = option_text(call->in, "way"), *url = option_text(call->in, "url");
	const char *kinds = option_text(call->in, "kinds");

	if (url)
		call->outlet.url = str_of(url);
	if (kinds)
		call->outlet.kinds = !strcmp(kinds, "all") ? STR("") : str_of(kinds);
	if (way)
		outlet_way_by_name(str_of(way), &call->outlet.way);
	if (option_flag(call->in, "off") || option_flag(call->in, "on"))
		call->outlet.off = option_flag(call->in, "off");
	return call->outlet.url.len > 0;
}

static enum exit_code ended(struct outlet_call *call, int failed, struct err *err)
{
	if (!failed)
		failed = book_commit(call->desk.book, err);
	else
		book_rollback(call->desk.book);
	if (failed)
		return failed > 0 ? print_problems(call->in, &call->problems) : command_fail(call->in, err);
	return EXIT_DONE;
}

static enum exit_code add(struct outlet_call *call)
{
	struct err err = ERR_INIT;
	enum exit_code code;

	call->outlet = (struct outlet){ .id = str_of(call->in->arguments[1]), .way = OUTBOX_WEBHOOK };
	if (!read_options(call))
		return command_usage(call->in, "--url says where: https://HOST/PATH");
	if (book_begin(call->desk.book, &err))
		return command_fail(call->in, &err);
	code = ended(call, outlet_desk_add(&call->desk, &call->outlet, &err), &err);
	if (code)
		return code;
	say(call->in, "%s is told from now on", call->in->arguments[1]);
	return tell_secret(call);
}

static enum exit_code change(struct outlet_call *call)
{
	struct err err = ERR_INIT;

	read_options(call);
	if (book_begin(call->desk.book, &err))
		return command_fail(call->in, &err);
	return ended(call, outlet_desk_change(&call->desk, &call->outlet, false, &err), &err);
}

static enum exit_code fresh(struct outlet_call *call)
{
	struct err err = ERR_INIT;
	enum exit_code code;

	if (book_begin(call->desk.book, &err))
		return command_fail(call->in, &err);
	code = ended(call, outlet_desk_change(&call->desk, &call->outlet, true, &err), &err);
	return code ? code : tell_secret(call);
}

static enum exit_code drop(struct outlet_call *call)
{
	struct err err = ERR_INIT;

	if (book_begin(call->desk.book, &err))
		return command_fail(call->in, &err);
	return ended(call, outlet_desk_drop(&call->desk, str_of(call->in->arguments[1]), &err), &err);
}

/* ---- the command ---- */

static const struct {
	const char *name;
	enum book_mode mode;
	bool named, there;
	enum exit_code (*run)(struct outlet_call *call);
} verbs[] = {
	{ "list", BOOK_READ, false, false, list },        { "add", BOOK_WRITE, true, false, add },
	{ "change", BOOK_WRITE, true, true, change },     { "remove", BOOK_WRITE, true, true, drop },
	{ "secret", BOOK_READ, true, true, tell_secret }, { "renew", BOOK_WRITE, true, true, fresh },
};

static enum exit_code run_verb(struct outlet_call *call, size_t verb)
{
	struct invocation *in = call->in;
	struct err err = ERR_INIT;
	bool found;

	if (!verbs[verb].there)
		return verbs[verb].run(call);
	if (outlet_find(call->desk.book, str_of(in->arguments[1]), &call->outlet, &found, &err))
		return command_fail(in, &err);
	if (!found) {
		problem_add(&call->problems, str_of(in->arguments[1]), 0, 0, STR_NONE,
			    "there is no outlet of this id; lockstep outlet list tells which there are");
		return print_problems(in, &call->problems);
	}
	call->outlet.url = arena_str(&in->arena, call->outlet.url);
	call->outlet.kinds = arena_str(&in->arena, call->outlet.kinds);
	call->outlet.id = arena_str(&in->arena, call->outlet.id);
	return verbs[verb].run(call);
}

static enum exit_code run(struct invocation *in)
{
	struct outlet_call call = { .in = in };
	enum exit_code code;
	size_t verb = 0;

	while (verb < sizeof(verbs) / sizeof(*verbs) && strcmp(verbs[verb].name, in->arguments[0]) != 0)
		verb++;
	if (verb == sizeof(verbs) / sizeof(*verbs))
		return command_usage(in, "%s is none of list, add, change, remove, secret and renew", in->arguments[0]);
	if (in->count != 1 + verbs[verb].named)
		return command_usage(in, verbs[verb].named ? "%s takes the ID of an outlet" : "%s takes nothing more",
				     in->arguments[0]);
	problems_init(&call.problems, &in->arena);
	code = open_book(in, verbs[verb].mode, &call.desk.book);
	if (code)
		return code;
	call.desk.now_ms = in->now_ms;
	call.desk.actor = str_of(in->actor);
	call.desk.arena = &in->arena;
	call.desk.problems = &call.problems;
	code = run_verb(&call, verb);
	book_close(call.desk.book);
	return code;
}

static const struct option_def options[] = {
	{ "url", OPTION_TEXT, "URL", NULL, NULL, "where it is told: https://HOST/PATH" },
	{ "way", OPTION_CHOICE, "WAY", "webhook|slack|teams", NULL, "how: webhook unless given" },
	{ "kinds", OPTION_TEXT, "KIND,…", NULL, NULL, "what: lead.*, promise.broken …; all unless given" },
	{ "off", OPTION_FLAG, NULL, NULL, NULL, "tell it nothing for now" },
	{ "on", OPTION_FLAG, NULL, NULL, NULL, "tell it again" },
	{ .name = NULL },
};

const struct command command_outlet = {
	.name = "outlet",
	.arguments = "VERB [ID]",
	.verbs = "list|add|change|remove|secret|renew",
	.summary = "other programs and chats that are told what happens",
	.about =
		"list tells them, add names an address that lockstep serve tells what happens: another program (webhook, signed as "
		"standardwebhooks.com has it) or a channel of Slack or Teams. It prints the secret by which a program knows that "
		"it is told by us; secret prints it again, renew makes a new one; change and remove do what they say. Each change is an entry of the journal. "
		"Addresses of the own network need lockstep serve --allow-internal.",
	.examples =
		"lockstep outlet add crm --url https://crm.example.com/hooks/lockstep --kinds lead.accepted,lead.rejected\n"
		"lockstep outlet add sales-chat --way slack --url https://hooks.slack.com/services/T0/B0/x --kinds promise.broken\n"
		"lockstep outlet change crm --off",
	.least = 1,
	.most = 2,
	.options = options,
	.run = run,
};
