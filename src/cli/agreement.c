/* `lockstep agreement VERB …`: the contract both sides sign. */
#include <stdio.h>
#include <string.h>

#include "cli/agreement_file.h"
#include "cli/agreement_replay.h"
#include "cli/output.h"
#include "io/terminal.h"
#include "report/contract.h"

enum { MAX_CONTRACT_BYTES = 4 << 20 };

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

static enum exit_code show(struct invocation *in)
{
	struct agreement_file file;
	struct buf out;
	enum exit_code code = agreement_file_open(in, in->arguments[1], &file);

	buf_init(&out, MAX_CONTRACT_BYTES);
	if (!code) {
		if (strcmp(option_text(in, "as"), "html") == 0)
			contract_html(file.agreement, &out);
		else
			contract_text(file.agreement, terminal_colour(stdout), &out);
		code = output_bytes(in, buf_str(&out));
	}
	buf_release(&out);
	agreement_file_release(&file);
	return code;
}

static void print_changes(const struct term_change *changes, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (!i || changes[i].chapter != changes[i - 1].chapter)
			printf("%s%s\n", i ? "\n" : "", term_chapter_title(changes[i].chapter));
		printf("  %.*s\n", STR_ARG(changes[i].text));
	}
}

static enum exit_code diff(struct invocation *in)
{
	struct agreement_file a, b = { .zone = NULL };
	enum exit_code code = agreement_file_open(in, in->arguments[1], &a);
	size_t count = 0;

	if (!code)
		code = agreement_file_open(in, in->arguments[2], &b);
	if (!code) {
		const struct term_change *changes = agreement_diff(a.agreement, b.agreement, &count, &in->arena);

		print_changes(changes, count);
		if (!count)
			say(in, "both say the same%s",
			    str_eq(a.agreement->signed_text, b.agreement->signed_text)
				    ? ""
				    : "; only spaces, comments or their order differ");
	}
	agreement_file_release(&a);
	agreement_file_release(&b);
	return code;
}

static const struct {
	const char *name;
	int arguments; /* with the verb */
	enum exit_code (*run)(struct invocation *in);
} verbs[] = {
	{ "check", 2, check },
	{ "show", 2, show },
	{ "diff", 3, diff },
	{ "replay", 2, agreement_replay },
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
	{ "as", OPTION_CHOICE, NULL, "text|json|csv|html", "text", "how to print it; show: text or html" },
	{ "from", OPTION_DATE, "DATE", NULL, NULL, "replay: first day" },
	{ "to", OPTION_DATE, "DATE", NULL, NULL, "replay: last day" },
	{ .name = NULL },
};

const struct command command_agreement = {
	.name = "agreement",
	.arguments = "check FILE | show FILE | diff A B | replay FILE",
	.summary = "read the contract both sides sign",
	.about =
		"check: is the text an agreement? What is wrong is named with line and column, and what to write instead.",
	.examples = "lockstep agreement check agreement.yaml",
	.least = 1,
	.most = 4,
	.options = options,
	.run = run,
};
