/* `lockstep account VERB …`: who may sign in to the server. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "book/doors.h"
#include "cli/options.h"
#include "cli/output.h"

enum { OUTPUT_MAX = 1 << 20 };

struct account_call {
	struct invocation *in;
	struct doors *doors;
	struct account account; /* of the login that is named; id 0: there is none */
};

/* ---- what was said ---- */

/* "sales rep, admin": names with commas. False after saying which is none. */
static bool read_roles(const struct invocation *in, unsigned *roles)
{
	struct str rest = str_of(option_text(in, "role"));
	struct buf list;
	enum role role;

	*roles = 0;
	while (rest.len) {
		struct str name = str_trim(str_cut(&rest, ','));

		if (role_by_name(name, &role)) {
			*roles |= 1u << role;
			continue;
		}
		buf_init(&list, 1024);
		for (int i = 0; i < ROLE__COUNT; i++)
			buf_addf(&list, "%s%s", i ? ", " : "", role_name((enum role)i));
		command_usage(in, "\"%.*s\" is no role; there are %.*s", STR_ARG(name), STR_ARG(buf_str(&list)));
		buf_release(&list);
		return false;
	}
	return true;
}

/* One line of standard input; a terminal does not show it. Empty: there was none. In the arena. */
static struct str read_password(struct invocation *in)
{
	char line[PASSWORD_MOST + 2] = "";
	struct termios shown, hidden;
	bool terminal = tcgetattr(STDIN_FILENO, &shown) == 0;

	if (terminal) {
		fputs("Password: ", stderr);
		hidden = shown;
		hidden.c_lflag &= ~(tcflag_t)ECHO;
		tcsetattr(STDIN_FILENO, TCSAFLUSH, &hidden);
	}
	if (!fgets(line, sizeof(line), stdin))
		line[0] = '\0';
	if (terminal) {
		tcsetattr(STDIN_FILENO, TCSAFLUSH, &shown);
		fputc('\n', stderr);
	}
	line[strcspn(line, "\r\n")] = '\0';
	return arena_str(&in->arena, str_of(line));
}

/* ---- verbs ---- */

static enum exit_code add(struct account_call *call)
{
	struct invocation *in = call->in;
	struct account account = { .login = str_of(in->arguments[1]),
				   .name = str_of(option_text(in, "name")),
				   .team = str_of(option_text(in, "team")),
				   .partner = str_of(option_text(in, "partner")) };
	struct err err = ERR_INIT;
	struct str password;
	int64_t id;

	if (!account.name.len)
		account.name = account.login;
	if (!read_roles(in, &account.roles))
		return EXIT_USAGE;
	if (!account.roles)
		return command_usage(in, "--role says what the account may do: --role \"sales rep\"");
	if (account.roles >> ROLE_PARTNER & 1 && !account.partner.len)
		return command_usage(in, "--partner says whose leads a partner sees");
	password = read_password(in);
	if (password.len < PASSWORD_LEAST)
		return command_usage(in, "a password of at least %d bytes is read from standard input", PASSWORD_LEAST);
	if (doors_add(call->doors, &account, &id, &err) || doors_set_password(call->doors, id, password, &err))
		return command_fail(in, &err);
	say(in, "%s can sign in", in->arguments[1]);
	return EXIT_DONE;
}

static enum exit_code set_password(struct account_call *call)
{
	struct err err = ERR_INIT;

	if (doors_set_password(call->doors, call->account.id, read_password(call->in), &err))
		return command_fail(call->in, &err);
	say(call->in, "%.*s has a new password, and is signed out everywhere", STR_ARG(call->account.login));
	return EXIT_DONE;
}

static enum exit_code close_account(struct account_call *call)
{
	struct err err = ERR_INIT;

	call->account.closed = true;
	if (doors_change(call->doors, &call->account, &err))
		return command_fail(call->in, &err);
	say(call->in, "%.*s comes in no more", STR_ARG(call->account.login));
	return EXIT_DONE;
}

static enum exit_code list(struct account_call *call)
{
	struct invocation *in = call->in;
	struct account *accounts;
	struct err err = ERR_INIT;
	enum exit_code code;
	struct buf out;
	size_t count;

	if (doors_list(call->doors, &accounts, &count, &in->arena, &err))
		return command_fail(in, &err);
	buf_init(&out, OUTPUT_MAX);
	for (size_t i = 0; i < count; i++) {
		const struct account *a = &accounts[i];
		const char *mark = "";

		buf_addf(&out, "%.*s (%.*s): ", STR_ARG(a->login), STR_ARG(a->name));
		for (int role = 0; role < ROLE__COUNT; role++)
			if (a->roles >> role & 1) {
				buf_addf(&out, "%s%s", mark, role_name((enum role)role));
				mark = ", ";
			}
		buf_add_text(&out, a->closed ? "; closed\n" : "\n");
	}
	code = output_plain(in, buf_str(&out));
	buf_release(&out);
	return code;
}

/* ---- the command ---- */

static const struct {
	const char *name;
	bool named; /* it is about an account that is there */
	int arguments;
	enum exit_code (*run)(struct account_call *call);
} verbs[] = {
	{ "add", false, 2, add },
	{ "password", true, 2, set_password },
	{ "close", true, 2, close_account },
	{ "list", false, 1, list },
};

static enum exit_code run_verb(struct account_call *call, size_t verb)
{
	struct err err = ERR_INIT;
	bool found;

	if (!verbs[verb].named)
		return verbs[verb].run(call);
	if (doors_by_login(call->doors, str_of(call->in->arguments[1]), &call->account, &found, &call->in->arena, &err))
		return command_fail(call->in, &err);
	if (!found) {
		err_set(&err, ERR_STATE, "there is no account %s; lockstep account list tells which there are",
			call->in->arguments[1]);
		return command_fail(call->in, &err);
	}
	return verbs[verb].run(call);
}

static enum exit_code run(struct invocation *in)
{
	struct account_call call = { .in = in };
	struct err err = ERR_INIT;
	enum exit_code code = need_book(in);
	size_t verb = 0;

	if (code)
		return code;
	while (verb < sizeof(verbs) / sizeof(*verbs) && strcmp(verbs[verb].name, in->arguments[0]) != 0)
		verb++;
	if (verb == sizeof(verbs) / sizeof(*verbs))
		return command_usage(in, "%s is none of add, password, close and list", in->arguments[0]);
	if (in->count != verbs[verb].arguments)
		return command_usage(in, verbs[verb].arguments == 1 ? "%s takes nothing more" : "%s takes a LOGIN",
				     in->arguments[0]);
	if (doors_open(&call.doors, arena_printf(&in->arena, "%s" BOOK_DOORS, in->book_path), &err))
		return command_fail(in, &err);
	code = run_verb(&call, verb);
	doors_close(call.doors);
	return code;
}

static const struct option_def options[] = {
	{ "name", OPTION_TEXT, "NAME", NULL, NULL,
	  "the colleague as the book calls them: owner of leads; the login unless given" },
	{ "role", OPTION_TEXT, "ROLE,…", NULL, NULL,
	  "executive, marketing, sales manager, sales rep, nurture, partner, facilitator, viewer or admin" },
	{ "team", OPTION_TEXT, "TEAM", NULL, NULL, "whose leads a sales rep sees besides" },
	{ "partner", OPTION_TEXT, "PARTNER", NULL, NULL, "whose leads a partner sees" },
	{ .name = NULL },
};

const struct command command_account = {
	.name = "account",
	.arguments = "VERB [LOGIN]",
	.verbs = "add|password|close|list",
	.summary = "who may sign in to the server",
	.about =
		"add makes an account, password gives it a new one, close shuts it, list tells which there are. They stand beside the book, in BOOK.doors, passwords as argon2id hashes. The password is read from standard "
		"input, one line. It may be done while lockstep serve runs: what an account may do holds from its next request.",
	.examples = "lockstep account add mia@example.com --name Mia --role marketing\n"
		    "lockstep account add ona@example.com --name \"Seller One\" --role \"sales rep\" --team sales\n"
		    "lockstep account close mia@example.com",
	.least = 1,
	.most = 2,
	.options = options,
	.run = run,
};
