/* `lockstep account VERB …`: who may sign in to the server. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "base/zone.h"
#include "cli/options.h"
#include "cli/output.h"
#include "desk/accounts.h"
#include "io/mail_address.h"

enum { OUTPUT_MAX = 1 << 24, JOURNAL_MOST = 100000 };

struct account_call {
	struct invocation *in;
	struct accounts desk;
	struct problems problems;
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

static enum exit_code ended(struct account_call *call, int failed, const struct err *err)
{
	if (failed > 0)
		return print_problems(call->in, &call->problems);
	return failed ? command_fail(call->in, err) : EXIT_DONE;
}

/* What the options say is changed of `account`. */
static enum exit_code take_options(struct account_call *call, struct account *account)
{
	struct invocation *in = call->in;

	if (option_text(in, "name"))
		account->name = str_of(option_text(in, "name"));
	if (option_text(in, "team"))
		account->team = str_of(option_text(in, "team"));
	if (option_text(in, "partner"))
		account->partner = str_of(option_text(in, "partner"));
	if (!account->name.len)
		account->name = account->login;
	return !option_text(in, "role") || read_roles(in, &account->roles) ? EXIT_DONE : EXIT_USAGE;
}

static enum exit_code make(struct account_call *call, struct account *account)
{
	struct invocation *in = call->in;
	enum exit_code code;

	*account = (struct account){ .login = str_of(in->arguments[1]) };
	code = take_options(call, account);
	if (code)
		return code;
	if (!account->roles)
		return command_usage(in, "--role says what the account may do: --role \"sales rep\"");
	if (account->roles >> ROLE_PARTNER & 1 && !account->partner.len)
		return command_usage(in, "--partner says whose leads a partner sees");
	return EXIT_DONE;
}

static enum exit_code add(struct account_call *call)
{
	struct invocation *in = call->in;
	struct account account;
	struct err err = ERR_INIT;
	struct str password;
	enum exit_code code = make(call, &account);

	if (code)
		return code;
	password = read_password(in);
	if (password.len < PASSWORD_LEAST)
		return command_usage(in, "a password of at least %d bytes is read from standard input", PASSWORD_LEAST);
	code = ended(call, accounts_add(&call->desk, &account, &err), &err);
	if (code)
		return code;
	if (accounts_set_password(&call->desk, &account, password, &err))
		return command_fail(in, &err);
	say(in, "%s can sign in", in->arguments[1]);
	return EXIT_DONE;
}

/* "2026-11-29 23:05 (Europe/Berlin)": as the book tells times. */
static enum exit_code until_text(struct account_call *call, int64_t until_ms, const char **out)
{
	struct invocation *in = call->in;
	struct zone *zone = NULL;
	struct err err = ERR_INIT;
	struct book *book;
	enum exit_code code = open_book(in, BOOK_READ, &book);

	if (code)
		return code;
	if (zone_load(&zone, book_settings(book)->zone, &err))
		code = command_fail(in, &err);
	else
		*out = arena_printf(&in->arena, "%s (%s)", minute_text(zone, until_ms, &in->arena),
				    book_settings(book)->zone);
	zone_free(zone);
	book_close(book);
	return code;
}

static enum exit_code print_link(struct account_call *call, const struct account *account)
{
	struct invocation *in = call->in;
	const char *url = option_text(in, "url"), *until = "";
	struct err err = ERR_INIT;
	char text[PASS_TEXT];
	int64_t until_ms;
	enum exit_code code = ended(call, accounts_link(&call->desk, account, text, &until_ms, &err), &err);

	if (!code)
		code = until_text(call, until_ms, &until);
	if (code)
		return code;
	say(in, "good once, until %s:", until);
	return output_plain(in, str_of(arena_printf(&in->arena, "%s/join#%s\n", url ? url : "", text)));
}

/* By mail, where somebody sends it and the login is an address. */
static enum exit_code write_to(struct account_call *call, struct account *account, bool *written)
{
	struct invocation *in = call->in;
	struct err err = ERR_INIT;
	enum exit_code code;
	struct book *book;

	*written = false;
	code = open_book(in, BOOK_WRITE, &book);
	if (code)
		return code;
	if (accounts_reached(book, account, written, &err))
		code = command_fail(in, &err);
	if (!code && *written)
		code = ended(call, accounts_add(&call->desk, account, &err), &err);
	if (!code && *written && accounts_write_to(&call->desk, book, account, str_of(in->actor), &err))
		code = command_fail(in, &err);
	book_close(book);
	return code;
}

static enum exit_code invite(struct account_call *call)
{
	struct invocation *in = call->in;
	struct account account;
	struct err err = ERR_INIT;
	bool written = false;
	enum exit_code code = make(call, &account);

	if (!code && !option_flag(in, "no-mail") && mail_address_fits(account.login))
		code = write_to(call, &account, &written);
	if (!code && written)
		say(in, "%s gets a letter with a link, good for a week", in->arguments[1]);
	if (code || written)
		return code;
	code = ended(call, accounts_add(&call->desk, &account, &err), &err);
	account.invited = true;
	return code ? code : print_link(call, &account);
}

static enum exit_code reset(struct account_call *call)
{
	struct err err = ERR_INIT;

	if (option_flag(call->in, "second-factor") && accounts_factor_off(&call->desk, &call->account, &err))
		return command_fail(call->in, &err);
	return print_link(call, &call->account);
}

static enum exit_code set_password(struct account_call *call)
{
	struct err err = ERR_INIT;

	if (accounts_set_password(&call->desk, &call->account, read_password(call->in), &err))
		return command_fail(call->in, &err);
	say(call->in, "%.*s has a new password, and is signed out everywhere", STR_ARG(call->account.login));
	return EXIT_DONE;
}

static enum exit_code change(struct account_call *call)
{
	struct err err = ERR_INIT;
	enum exit_code code = take_options(call, &call->account);

	if (!code)
		code = ended(call, accounts_change(&call->desk, &call->account, &err), &err);
	if (!code)
		say(call->in, "%.*s is %.*s", STR_ARG(call->account.login),
		    STR_ARG(account_words(&call->account, &call->in->arena)));
	return code;
}

static enum exit_code shut(struct account_call *call, bool closed)
{
	struct err err = ERR_INIT;
	enum exit_code code;

	call->account.closed = closed;
	code = ended(call, accounts_change(&call->desk, &call->account, &err), &err);
	if (!code)
		say(call->in, "%.*s %s", STR_ARG(call->account.login),
		    closed ? "comes in no more" : "may come in again");
	return code;
}

static enum exit_code close_account(struct account_call *call)
{
	return shut(call, true);
}

static enum exit_code open_account(struct account_call *call)
{
	return shut(call, false);
}

static enum exit_code list(struct account_call *call)
{
	struct invocation *in = call->in;
	struct account *accounts;
	struct err err = ERR_INIT;
	enum exit_code code;
	struct buf out;
	size_t count;

	if (doors_list(call->desk.doors, &accounts, &count, &in->arena, &err))
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

/* Oldest first, as a log is read. */
static enum exit_code print_journal(struct account_call *call)
{
	struct invocation *in = call->in;
	struct journal_line *lines;
	struct zone *zone = NULL;
	struct err err = ERR_INIT;
	enum exit_code code;
	struct book *book;
	struct buf out;
	size_t count;

	code = open_book(in, BOOK_READ, &book);
	if (code)
		return code;
	if (book_journal_read(book, UINT64_MAX, JOURNAL_MOST, &lines, &count, &in->arena, &err) ||
	    zone_load(&zone, book_settings(book)->zone, &err)) {
		book_close(book);
		return command_fail(in, &err);
	}
	buf_init(&out, OUTPUT_MAX);
	for (size_t i = count; i-- > 0;) {
		const struct journal_note *note = &lines[i].note;

		buf_addf(&out, "%llu  %s  %s  %.*s: ", (unsigned long long)lines[i].seq,
			 minute_text(zone, note->at_ms, &in->arena), journal_kind_name(note->kind), STR_ARG(note->who));
		if (note->about.len && !str_eq(note->about, note->who))
			buf_addf(&out, "%.*s ", STR_ARG(note->about));
		buf_addf(&out, "%.*s\n", STR_ARG(note->text));
	}
	code = output_plain(in, buf_str(&out));
	buf_release(&out);
	zone_free(zone);
	book_close(book);
	return code;
}

/* ---- the command ---- */

static const struct {
	const char *name;
	bool named, changes; /* it is about an account that is there; the journal gets something to tell */
	int arguments;
	const char *options;
	enum exit_code (*run)(struct account_call *call);
} verbs[] = {
	{ "add", false, true, 2, "name role team partner", add },
	{ "invite", false, true, 2, "name role team partner url no-mail", invite },
	{ "change", true, true, 2, "name role team partner", change },
	{ "password", true, true, 2, "", set_password },
	{ "reset", true, true, 2, "url second-factor", reset },
	{ "close", true, true, 2, "", close_account },
	{ "open", true, true, 2, "", open_account },
	{ "list", false, false, 1, "", list },
	{ "log", false, false, 1, "", print_journal },
};

/* Who holds the book takes over what was noted; else it is done here, if the book is free. */
static void settle(struct account_call *call)
{
	struct err err = ERR_INIT;
	struct book *book;
	size_t moved;

	if (book_open(&book, call->in->book_path, BOOK_WRITE, &err)) {
		if (err.kind != ERR_STATE)
			command_fail(call->in, &err);
		return;
	}
	if (accounts_settle(call->desk.doors, book, call->in->now_ms, &moved, &err))
		command_fail(call->in, &err);
	book_close(book);
}

static enum exit_code run_verb(struct account_call *call, size_t verb)
{
	struct err err = ERR_INIT;
	bool found;

	if (!verbs[verb].named)
		return verbs[verb].run(call);
	if (doors_by_login(call->desk.doors, str_of(call->in->arguments[1]), &call->account, &found, &call->in->arena,
			   &err))
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
	struct account_call call = { .in = in,
				     .desk = { .now_ms = in->now_ms,
					       .actor = str_of(in->actor),
					       .arena = &in->arena,
					       .problems = &call.problems } };
	struct err err = ERR_INIT;
	enum exit_code code = need_book(in);
	size_t verb = 0;

	if (code)
		return code;
	while (verb < sizeof(verbs) / sizeof(*verbs) && strcmp(verbs[verb].name, in->arguments[0]) != 0)
		verb++;
	if (verb == sizeof(verbs) / sizeof(*verbs))
		return command_usage(in,
				     "%s is none of add, invite, change, password, reset, close, open, list and log",
				     in->arguments[0]);
	if (in->count != verbs[verb].arguments)
		return command_usage(in, verbs[verb].arguments == 1 ? "%s takes nothing more" : "%s takes a LOGIN",
				     in->arguments[0]);
	code = options_for(in, verbs[verb].name, verbs[verb].options);
	if (code)
		return code;
	problems_init(&call.problems, &in->arena);
	if (doors_open(&call.desk.doors, arena_printf(&in->arena, "%s" BOOK_DOORS, in->book_path), &err))
		return command_fail(in, &err);
	code = run_verb(&call, verb);
	if (verbs[verb].changes && code == EXIT_DONE)
		settle(&call);
	doors_close(call.desk.doors);
	return code;
}

static const struct option_def options[] = {
	{ "name", OPTION_TEXT, "NAME", NULL, NULL,
	  "the colleague as the book calls them: owner of leads; the login unless given" },
	{ "role", OPTION_TEXT, "ROLE,…", NULL, NULL,
	  "executive, marketing, sales manager, sales rep, nurture, partner, facilitator, viewer or admin" },
	{ "team", OPTION_TEXT, "TEAM", NULL, NULL, "whose leads a sales rep sees besides" },
	{ "partner", OPTION_TEXT, "PARTNER", NULL, NULL, "whose leads a partner sees" },
	{ "url", OPTION_TEXT, "URL", NULL, NULL, "where people reach the server, to make the link whole" },
	{ "no-mail", OPTION_FLAG, NULL, NULL, NULL, "print the link, also where lockstep serve sends mail (invite)" },
	{ "second-factor", OPTION_FLAG, NULL, NULL, NULL, "take the second factor away too: the device is lost" },
	{ .name = NULL },
};

const struct command command_account = {
	.name = "account",
	.arguments = "VERB [LOGIN]",
	.verbs = "add|invite|change|password|reset|close|open|list|log",
	.summary = "who may sign in to the server",
	.about =
		"add makes an account with a password, invite one for which the person sets it, once, within a week: by a link, "
		"which goes to the login by mail where lockstep serve sends mail and the login is an address, and is printed otherwise. change says anew "
		"what it may do; password gives it a new one, reset prints a link by which the person sets it, within a day. close shuts it, open opens it again; list "
		"tells which there are, log who signed in, whose rights were changed and what was taken out. Accounts stand beside the book, in BOOK.doors, passwords as "
		"argon2id hashes; what was done with them becomes entries of the book. add and password read the password from standard input, one line. All of it may be "
		"done while lockstep serve runs: what an account may do holds from its next request.",
	.examples = "lockstep account add mia@example.com --name Mia --role marketing\n"
		    "lockstep account add ona@example.com --name \"Seller One\" --role \"sales rep\" --team sales\n"
		    "lockstep account invite max@example.com --role viewer --url https://lockstep.example.com\n"
		    "lockstep account close mia@example.com",
	.least = 1,
	.most = 2,
	.options = options,
	.run = run,
};
