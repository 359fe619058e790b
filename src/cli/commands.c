/* All subcommands, by the task they serve. A new one is declared and added to the list of its task: nothing else knows of it. */
#include "cli/help.h"

/* clang-format off */
extern const struct command
	command_init,
	command_import, command_imports, command_simulate,
	command_help, command_completion;

#define START     &command_init
#define BRING_IN  &command_import, &command_imports, &command_simulate
#define FIND_WAY  &command_help, &command_completion

static const struct command *const start[] = { START, NULL };
static const struct command *const bring_in[] = { BRING_IN, NULL };
static const struct command *const find_way[] = { FIND_WAY, NULL };

const struct command_group command_groups[] = {
	{ "Start", start },
	{ "Bring in", bring_in },
	{ "Find your way", find_way },
	{ NULL, NULL },
};

const struct command *const commands[] = {
	START, BRING_IN, FIND_WAY, NULL,
};
/* clang-format on */
