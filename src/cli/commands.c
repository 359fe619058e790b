/* All subcommands, by the task they serve. A new one is declared and added to the list of its task: nothing else knows of it. */
#include "cli/help.h"

/* clang-format off */
extern const struct command
	command_init, command_simulate,
	command_import, command_imports, command_form, command_hook,
	command_measure, command_kpi, command_rows, command_facts, command_fields,
	command_report,
	command_agreement, command_calendar,
	command_lead, command_record, command_promise, command_clock,
	command_serve, command_account, command_outlet, command_outbox,
	command_verify, command_backup, command_restore, command_erase,
	command_help, command_completion;

#define START     &command_init, &command_simulate
#define BRING_IN  &command_import, &command_imports, &command_fields, &command_form, &command_hook
#define ASK       &command_measure, &command_kpi, &command_rows, &command_facts
#define REPORT    &command_report
#define AGREE     &command_agreement, &command_calendar
#define WORK      &command_lead, &command_record, &command_promise, &command_clock
#define SERVE     &command_serve, &command_account, &command_outlet, &command_outbox
#define KEEP_SAFE &command_verify, &command_backup, &command_restore, &command_erase
#define FIND_WAY  &command_help, &command_completion

static const struct command *const start[] = { START, NULL };
static const struct command *const bring_in[] = { BRING_IN, NULL };
static const struct command *const ask[] = { ASK, NULL };
static const struct command *const report[] = { REPORT, NULL };
static const struct command *const agree[] = { AGREE, NULL };
static const struct command *const work[] = { WORK, NULL };
static const struct command *const serve[] = { SERVE, NULL };
static const struct command *const keep_safe[] = { KEEP_SAFE, NULL };
static const struct command *const find_way[] = { FIND_WAY, NULL };

const struct command_group command_groups[] = {
	{ "Start", start },
	{ "Bring in", bring_in },
	{ "Ask", ask },
	{ "Report", report },
	{ "Agree", agree },
	{ "Work", work },
	{ "Serve", serve },
	{ "Keep safe", keep_safe },
	{ "Find your way", find_way },
	{ NULL, NULL },
};

const struct command *const commands[] = {
	START, BRING_IN, ASK, REPORT, AGREE, WORK, SERVE, KEEP_SAFE, FIND_WAY, NULL,
};
/* clang-format on */
