/* Where the program begins: finds the command, reads the line, runs it. The only reader of the clock and of the environment. */
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include "base/version.h"
#include "base/zone.h"
#include "cli/help.h"
#include "cli/options.h"
#include "cli/output.h"
#include "io/file.h"

static const char *user_name(struct arena *arena)
{
	const struct passwd *user = getpwuid(geteuid());

	return user ? arena_dup(arena, user->pw_name) : arena_printf(arena, "uid %ld", (long)geteuid());
}

static const char *default_book(struct arena *arena)
{
	const char *data = getenv("XDG_DATA_HOME"), *home = getenv("HOME");
	const struct passwd *user;

	if (data && *data == '/')
		return arena_printf(arena, "%s/lockstep/book.lockstep", data);
	if (!home || !*home) {
		user = getpwuid(geteuid());
		home = user ? user->pw_dir : ".";
	}
	return arena_printf(arena, "%s/.local/share/lockstep/book.lockstep", home);
}

static void find_book(struct invocation *in)
{
	const char *named = getenv("LOCKSTEP_BOOK");

	if (!in->book_path && named && *named)
		in->book_path = named;
	in->book_given = in->book_path != NULL;
	if (!in->book_path)
		in->book_path = default_book(&in->arena);
}

static int64_t clock_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

void command_time(struct invocation *in, int64_t now_ms)
{
	if (in->now_stands)
		return;
	in->ahead_ms = now_ms - clock_ms();
	in->now_ms = now_ms;
}

bool command_wait(struct invocation *in, int64_t until_ms)
{
	if (in->now_stands)
		return false;
	for (in->now_ms = clock_ms() + in->ahead_ms; in->now_ms < until_ms; in->now_ms = clock_ms() + in->ahead_ms) {
		int64_t left_ms = until_ms - in->now_ms;
		struct timespec left = { .tv_sec = (time_t)(left_ms / 1000),
					 .tv_nsec = (long)(left_ms % 1000) * 1000000 };

		nanosleep(&left, NULL);
	}
	return true;
}

/* In which a time without an offset is meant, as --at: the book's; UTC where there is none yet. */
static int zone_of_now(const struct invocation *in, const char *said, struct zone **zone, struct err *err)
{
	enum { DATE_LETTERS = 10 };
	bool local = strlen(said) < DATE_LETTERS || !strpbrk(said + DATE_LETTERS, "Zz+-");
	struct err none = ERR_INIT;
	struct book *book;
	int failed;

	/* What is wrong with a book is for the command to say. */
	if (!local || !file_exists(in->book_path) || book_open(&book, in->book_path, BOOK_READ, &none))
		return zone_load(zone, "UTC", err);
	failed = zone_load(zone, book_settings(book)->zone, err);
	book_close(book);
	return failed;
}

/* LOCKSTEP_NOW, else the clock. False after saying what is wrong with LOCKSTEP_NOW. */
static bool find_now(struct invocation *in)
{
	const char *said = getenv("LOCKSTEP_NOW");
	struct err err = ERR_INIT;
	struct zone *zone;
	bool date_only, good;

	if (!said || !*said) {
		in->now_ms = clock_ms();
		return true;
	}
	in->now_stands = true;
	if (zone_of_now(in, said, &zone, &err)) {
		command_fail(in, &err);
		return false;
	}
	good = zone_parse(zone, str_of(said), &in->now_ms, &date_only);
	zone_free(zone);
	if (!good)
		command_usage(in, "LOCKSTEP_NOW is no time like 2026-03-09T14:05: \"%s\"", said);
	return good;
}

static enum exit_code run_command(struct invocation *in, int argc, char *const *argv)
{
	bool help;
	enum exit_code code = options_parse(in, argc, argv, &help);

	if (code)
		return code;
	if (help) {
		help_command(in->command, stdout);
		return EXIT_DONE;
	}
	find_book(in);
	if (!find_now(in))
		return EXIT_USAGE;
	in->actor = user_name(&in->arena);
	return in->command->run(in);
}

/* Options before the command's name; *at ends at the name, or at argc. Returns false when the call is answered. */
static bool read_ahead(struct invocation *in, int argc, char *const *argv, int *at, enum exit_code *code)
{
	for (; *at < argc && argv[*at][0] == '-'; ++*at) {
		const char *word = argv[*at];

		if (!strcmp(word, "--version")) {
			printf("lockstep %s\n", LOCKSTEP_VERSION);
			return false;
		}
		if (!strcmp(word, "--help") || !strcmp(word, "-h")) {
			help_overview(stdout);
			return false;
		}
		if (!strcmp(word, "--quiet") || !strcmp(word, "-q")) {
			in->quiet = true;
		} else if (!strncmp(word, "--book=", 7) && word[7]) {
			in->book_path = word + 7;
		} else if (!strcmp(word, "--book") && *at + 1 < argc && *argv[*at + 1]) {
			in->book_path = argv[++*at];
		} else {
			*code = command_usage(in,
					      strcmp(word, "--book") && strcmp(word, "--book=")
						      ? "%s is no option, or belongs after the command's name"
						      : "%s needs a file",
					      word);
			return false;
		}
	}
	return true;
}

int main(int argc, char **argv)
{
	struct invocation in = { 0 };
	enum exit_code code = EXIT_DONE;
	int at = 1;

	arena_init(&in.arena);
	if (read_ahead(&in, argc, argv, &at, &code)) {
		if (at >= argc)
			help_overview(stdout);
		else if (!(in.command = command_find(argv[at])))
			code = command_unknown(argv[at]);
		else
			code = run_command(&in, argc - at - 1, argv + at + 1);
	}
	if (output_flush(&in))
		code = EXIT_ERROR;
	arena_release(&in.arena);
	return (int)code;
}
