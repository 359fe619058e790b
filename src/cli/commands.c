/* All subcommands, by the task they serve. A new one is declared and added to the list of its task: nothing else knows of it. */
#include "cli/help.h"

extern const struct command command_completion, command_help;

/* clang-format off */
#define HELP    &command_help, &command_completion

static const struct command *const help_commands[] = { HELP, NULL };

const struct command_group command_groups[] = {
	{ "Find your way", help_commands },
	{ NULL, NULL },
};

const struct command *const commands[] = {
	HELP,
	NULL,
};
/* clang-format on */
