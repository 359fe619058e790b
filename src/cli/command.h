/* Subcommands: one table, from which come parsing, --help, `help --json`, the man page and the shell completions.
 * One file per subcommand: cli/NAME.c defines `const struct command command_NAME`; commands.c lists them.
 */
#ifndef CLI_COMMAND_H
#define CLI_COMMAND_H

#include <stdbool.h>
#include <stdint.h>
#include "base/arena.h"
#include "base/err.h"

struct invocation;

enum exit_code { EXIT_DONE = 0, EXIT_REFUSED = 1, EXIT_USAGE = 2, EXIT_ERROR = 3 };

enum option_type { OPTION_FLAG, OPTION_TEXT, OPTION_NUMBER, OPTION_DATE, OPTION_TIME, OPTION_CHOICE, OPTION_FILE };

struct option_def {
	const char *name; /* "format": --format */
	enum option_type type;
	const char *value;    /* "FILE", "DATE": shown in help */
	const char *choices;  /* OPTION_CHOICE: "text|json|csv|html" */
	const char *fallback; /* default, shown in help; NULL = none */
	const char *help;     /* one line, no full stop */
};

struct command {
	const char *name;
	const char *arguments;            /* "EXPR", "FILE…", "" */
	const char *verbs;                /* what the first argument can be: "check|show"; NULL: anything */
	const char *summary;              /* one line */
	const char *about;                /* some lines for the man page and --help; may be NULL */
	const char *examples;             /* lines "lockstep …   # what it does"; may be NULL */
	int least, most;                  /* number of arguments; most −1 = any */
	const struct option_def *options; /* ends with a nameless one; --book, --help, --quiet are everybody's */
	enum exit_code (*run)(struct invocation *in);
};

/* One call, parsed. */
struct invocation {
	const struct command *command;
	const char **arguments;
	int count;
	const char *book_path; /* --book, else LOCKSTEP_BOOK, else $XDG_DATA_HOME/lockstep/book.lockstep */
	bool book_given;       /* by --book or LOCKSTEP_BOOK */
	bool quiet;
	struct arena arena; /* for everything of this call */
	int64_t now_ms;  /* read once; LOCKSTEP_NOW sets it for tests and demonstrations: as --at, in the book's zone */
	bool now_stands; /* LOCKSTEP_NOW set it */
	int64_t ahead_ms;    /* of the clock, where a server's time is ours */
	const char *actor;   /* the operating system's user name */
	const char **values; /* per option of the command; NULL = not given (fallback filled in) */
};

/* The text of an option, its fallback, or NULL. BUG() on a name the command does not have. */
const char *option_text(const struct invocation *in, const char *name);
bool option_flag(const struct invocation *in, const char *name);
int64_t option_number(const struct invocation *in, const char *name, int64_t otherwise);
int32_t option_date(const struct invocation *in, const char *name); /* DATE_NONE when not given */

/* Prints "lockstep NAME: …" on standard error and returns the exit code that fits the kind of error. */
enum exit_code command_fail(const struct invocation *in, const struct err *err);
enum exit_code command_usage(const struct invocation *in, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* Waits until then, and takes the time anew. False, and nothing done, where LOCKSTEP_NOW stands for the clock. */
bool command_wait(struct invocation *in, int64_t until_ms);

/* The time is `now_ms` from here on, as a server tells it; not where LOCKSTEP_NOW stands. */
void command_time(struct invocation *in, int64_t now_ms);

extern const struct command *const commands[]; /* ends with NULL */

#endif
