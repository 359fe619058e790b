/* The command line, read by the tables of command.h. */
#ifndef CLI_OPTIONS_H
#define CLI_OPTIONS_H

#include "cli/command.h"

/* --book, --help, --quiet: every command takes them. Ends with a nameless one. */
extern const struct option_def common_options[];

/* What an option takes, for help: "FILE", "text|json", NULL for flags. */
const char *option_value_text(const struct option_def *option);

/* Reads the arguments after the command's name into in->arguments, count, values, book_path, quiet. `help` is set when --help
 * was there; then nothing else is checked. Returns EXIT_DONE, or EXIT_USAGE after saying what is wrong. */
enum exit_code options_parse(struct invocation *in, int argc, char *const *argv, bool *help);

/* Whether the command itself has this option. */
bool command_has(const struct command *command, const char *name);

/* Of a command with verbs: is each option that was given one that this verb makes use of? `takes`: their names, spaces between.
 * EXIT_DONE, or EXIT_USAGE after naming the first that is none. */
enum exit_code options_for(const struct invocation *in, const char *verb, const char *takes);

/* The command of that name, or NULL. */
const struct command *command_find(const char *name);
/* Says that there is no such command, with the nearest one. Returns EXIT_USAGE. */
enum exit_code command_unknown(const char *name);

#endif
