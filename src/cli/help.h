/* The command tables as people and programs read them. */
#ifndef CLI_HELP_H
#define CLI_HELP_H

#include <stdio.h>
#include "cli/command.h"

/* Commands that belong to one task, for the overview. */
struct command_group {
	const char *title;
	const struct command *const *items; /* ends with NULL */
};
extern const struct command_group command_groups[]; /* ends with a titleless one; together they are `commands` */

void help_overview(FILE *out);
void help_command(const struct command *command, FILE *out);
void man_page(FILE *out);

#endif
