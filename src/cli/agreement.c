/* `lockstep agreement VERB …`: the contract both sides sign. */
#include <stdio.h>
#include <string.h>

#include "cli/agreement_file.h"
#include "cli/output.h"

static enum exit_code check(struct invocation *in)
{
	struct agreement_file file;
	enum exit_code code = agreement_file_open(in, in->arguments[1], &file);

	if (!code)
		say(in, "%s: %zu lead types, %zu routes, %zu promises, %zu stages, %zu KPIs: nothing is wrong with it",
		    in->arguments[1], file.agreement->type_count, file.agreement->route_count,
		    file.agreement->promise_count, file.agreement->stage_count, file.agreement->kpi_count);
	agreement_file_release(&file);
	return code;
}

static const struct {
	const char *name;
	int arguments; /* with the verb */
	enum exit_code (*run)(struct invocation *in);
} verbs[] = {
	{ "check", 2, check },
};

enum { VERBS = sizeof(verbs) / sizeof(verbs[0]) };

static enum exit_code run(struct invocation *in)
{
	const char *names[VERBS], *near;

	for (int i = 0; i < VERBS; i++) {
		names[i] = verbs[i].name;
		if (strcmp(in->arguments[0], verbs[i].name) != 0)
			continue;
		if (in->count != verbs[i].arguments)
			return command_usage(in, "%s takes %d argument%s", verbs[i].name, verbs[i].arguments - 1,
					     verbs[i].arguments == 2 ? "" : "s");
		return verbs[i].run(in);
	}
	near = str_nearest(str_of(in->arguments[0]), names, VERBS);
	return near ? command_usage(in, "knows no \"%s\"; did you mean \"%s\"?", in->arguments[0], near)
		    : command_usage(in, "knows no \"%s\"", in->arguments[0]);
}

static const struct option_def options[] = {
	{ .name = NULL },
};

const struct command command_agreement = {
	.name = "agreement",
	.arguments = "check FILE",
	.summary = "read the contract both sides sign",
	.about =
		"check: is the text an agreement? What is wrong is named with line and column, and what to write instead.",
	.examples = "lockstep agreement check agreement.yaml",
	.least = 1,
	.most = 4,
	.options = options,
	.run = run,
};
