/* `lockstep promise excuse|dispute|uphold|drop KEY PROMISE`: what is said of a broken promise. */
#include <stdio.h>
#include <string.h>

#include "cli/at_desk.h"
#include "desk/promise_desk.h"

static const struct {
	const char *name, *said;
} verbs[PROMISE_VERB__COUNT] = {
	[PROMISE_EXCUSE] = { "excuse", "excused" },
	[PROMISE_DISPUTE] = { "dispute", "disputed" },
	[PROMISE_UPHOLD] = { "uphold", "excused: the dispute was right" },
	[PROMISE_DROP] = { "drop", "broken: the dispute was not right" },
};

static enum exit_code run_verb(struct at_desk *at, void *context)
{
	enum promise_verb verb = *(enum promise_verb *)context;
	struct str promise = str_of(at->in->arguments[2]);
	int64_t number = option_number(at->in, "episode", 0);
	struct err err = ERR_INIT;
	struct lead_file file;
	struct lead_word word;
	enum exit_code code;
	unsigned episode;

	code = at_desk_word(at, &word);
	if (code)
		return code;
	if (option_text(at->in, "episode") && (number < 1 || number > UINT16_MAX))
		return command_usage(at->in,
				     "--episode takes the number of an episode, from 1 on: lockstep lead show %s",
				     at->in->arguments[1]);
	episode = (unsigned)number;
	if (!promise_desk_of_lead(&at->desk, promise, &at->problems))
		return print_problems(at->in, &at->problems);
	if (!lead_desk_find(&at->desk, str_of(at->in->arguments[1]), &file, &at->problems))
		return print_problems(at->in, &at->problems);
	code = at_desk_ended(
		at, promise_desk_tell(&at->desk, &file, promise, verb, &word, &episode, &at->problems, &err), &err);
	if (code)
		return code;
	if (wants_json(at->in)) {
		json_t *root = json_object();

		json_object_set_new(root, "lead", json_str(file.key));
		json_object_set_new(root, "promise", json_str(promise));
		json_object_set_new(root, "episode", json_integer((json_int_t)episode));
		json_object_set_new(root, "said", json_string(verbs[verb].name));
		return output_json(at->in, root);
	}
	return output_plain(at->in, str_of(arena_printf(&at->in->arena, "%.*s: %.*s is %s\n", STR_ARG(file.key),
							STR_ARG(promise), verbs[verb].said)));
}

static enum exit_code run(struct invocation *in)
{
	const char *names[PROMISE_VERB__COUNT], *near;

	for (int i = 0; i < PROMISE_VERB__COUNT; i++) {
		enum promise_verb verb = (enum promise_verb)i;

		names[i] = verbs[i].name;
		if (strcmp(in->arguments[0], verbs[i].name) == 0)
			return at_desk_run(in, true, run_verb, &verb);
	}
	near = str_nearest(str_of(in->arguments[0]), names, PROMISE_VERB__COUNT);
	return command_usage(in, "knows excuse, dispute, uphold and drop, not \"%s\"%s%s%s", in->arguments[0],
			     near ? "; did you mean " : "", near ? near : "", near ? "?" : "");
}

static const struct option_def options[] = {
	{ "reason", OPTION_TEXT, "TEXT", NULL, NULL, "why; to excuse, one of the agreement's reasons" },
	{ "episode", OPTION_NUMBER, "N", NULL, NULL, "the episode it broke in, where it was not the last" },
	{ "by", OPTION_TEXT, "PERSON", NULL, NULL, "who says so; you, unless said" },
	{ "at", OPTION_TEXT, "TIME", NULL, NULL, "when it was said, where it is told late" },
	{ "format", OPTION_CHOICE, NULL, "text|json", "text", "how to print the answer" },
	{ .name = NULL },
};

const struct command command_promise = {
	.name = "promise",
	.arguments = "excuse|dispute|uphold|drop KEY PROMISE",
	.verbs = "excuse|dispute|uphold|drop",
	.summary = "excuse a broken promise, or dispute it",
	.about =
		"excuse: for a reason of the agreement, by somebody else than who was to keep it. dispute: it is not as "
		"recorded. uphold and drop settle a dispute: it was right, and the promise counts as excused, or it was not, "
		"and the promise stays broken. KEY is the lead's id; of several episodes the last one in which the promise "
		"broke counts, unless --episode names one: lockstep lead show has their numbers.",
	.examples = "lockstep promise excuse L17 \"first contact\" --reason \"owner ill\" --by \"Head of Sales\"\n"
		    "lockstep promise excuse L17 feedback --episode 1 --reason \"owner ill\" --by \"Head of Sales\"\n"
		    "lockstep promise dispute L17 feedback --reason \"I called on Monday\"",
	.least = 3,
	.most = 3,
	.options = options,
	.run = run,
};
