/* `lockstep record VERB …`: touches, contacts, deals, orders, spend and what else is told one by one. */
#include <string.h>

#include "cli/at_desk.h"
#include "cli/options.h"
#include "desk/record_tell.h"

struct record_call {
	struct at_desk *at;
	struct invocation *in;
	struct record_told told;
};

/* "lead=L17" … from argument `first` on. False where one is not written so. */
static bool read_fields(struct record_call *call, int first)
{
	struct invocation *in = call->in;
	struct told_field *fields = ARENA_ARRAY(&in->arena, struct told_field, (size_t)in->count + 1);

	for (int i = first; i < in->count; i++) {
		struct str text = str_of(in->arguments[i]), name = str_cut(&text, '=');

		if (!memchr(in->arguments[i], '=', strlen(in->arguments[i])))
			return false;
		fields[call->told.count++] = (struct told_field){ str_trim(name), text };
	}
	call->told.fields = fields;
	return true;
}

static enum exit_code tell_result(struct record_call *call)
{
	const struct record_told *told = &call->told;

	if (wants_json(call->in))
		return output_json(call->in, json_pack("{s:o, s:o, s:s}", "key", json_str(told->key), "record_source",
						       json_str(told->source), "result",
						       !told->change ? "new"
						       : told->known ? "unchanged"
								     : "changed"));
	if (told->known)
		say(call->in, "%s %.*s says so already, nothing was written", told->kind->name, STR_ARG(told->key));
	return told->known
		       ? EXIT_DONE
		       : output_plain(call->in,
				      str_of(arena_printf(&call->in->arena, "%s %.*s of %.*s: %s\n", told->kind->name,
							  STR_ARG(told->key), STR_ARG(told->source),
							  told->change ? "changed" : "new")));
}

static enum exit_code tell(struct at_desk *at, void *context)
{
	struct record_call *call = context;
	struct err err = ERR_INIT;
	struct lead_word word;
	enum exit_code code;
	bool found = true;
	uint32_t row;

	call->at = at;
	code = at_desk_word(at, &word);
	if (code)
		return code;
	call->told.by = word.by;
	if (call->told.change && record_find(&at->desk, &call->told, &row, &found, &err))
		return command_fail(at->in, &err);
	if (!found) {
		problem_add(&at->problems, call->told.key, 0, 0, STR_NONE,
			    "there is none of this id, or several have it: --source says which");
		return print_problems(call->in, &at->problems);
	}
	code = at_desk_ended(at, record_tell(&at->desk, &call->told, &at->problems, &err), &err);
	return code ? code : tell_result(call);
}

static const struct record_kind *kind_named(const struct invocation *in, const char *name)
{
	const struct record_kind *kind = record_kind_named(str_of(name)), *known;
	struct buf list;

	if (kind)
		return kind;
	buf_init(&list, 400);
	for (size_t i = 0; (known = record_kind_at(i)); i++)
		buf_addf(&list, "%s%s", i ? ", " : "", known->name);
	command_usage(in, "%s is none of what is told one by one: %.*s", name, STR_ARG(buf_str(&list)));
	buf_release(&list);
	return NULL;
}

static enum exit_code run(struct invocation *in)
{
	bool change = !strcmp(in->arguments[0], "change");
	const char *id = option_text(in, "id"), *source = option_text(in, "source");
	struct record_call call = { .in = in, .told = { .change = change, .scope = SCOPE_EVERYTHING } };
	int fields = change ? 3 : 2;

	if (!change && strcmp(in->arguments[0], "add") != 0)
		return command_usage(in, "%s is none of add and change", in->arguments[0]);
	if (change && (in->count < 4 || id))
		return command_usage(in, "change takes what kind of record, its ID, and FIELD=VALUE");
	if (!change && source)
		return command_usage(in, "add takes no --source: a record has that of what it refers to");
	call.told.kind = kind_named(in, in->arguments[1]);
	if (!call.told.kind)
		return EXIT_USAGE;
	if (!read_fields(&call, fields))
		return command_usage(in, "what is told is written FIELD=VALUE, as in kind=webinar");
	call.told.key = str_of(change ? in->arguments[2] : id);
	call.told.source = str_of(source);
	return at_desk_run(in, true, tell, &call);
}

static const struct option_def options[] = {
	{ "id", OPTION_TEXT, "ID", NULL, NULL, "of a new one, as you call it; unless given it gets one" },
	{ "source", OPTION_TEXT, "NAME", NULL, NULL, "of a change: whose id it is, where several have it" },
	{ "by", OPTION_TEXT, "PERSON", NULL, NULL, "who tells it; you, unless said" },
	{ "format", OPTION_CHOICE, NULL, "text|json", "text", "how to print the answer" },
	{ .name = NULL },
};

const struct command command_record = {
	.name = "record",
	.arguments = "VERB KIND [ID] FIELD=VALUE…",
	.verbs = "add|change",
	.summary = "tell of one touch, contact, deal, order and so on",
	.about =
		"What files bring by the thousand, told one by one: touch, activity, opportunity, order, spend; contact, company; "
		"person, team, partner, campaign; stage (name, means, position, bid, limit_days). lockstep fields lists the fields "
		"of each, a company's under accounts. Times are written as 2026-03-09 or 2026-03-09T14:05, amounts as 1200.50, with "
		"currency=EUR where they are not in the book's; what a record refers to (lead=L17) by its id, or SOURCE:ID.\n"
		"change says anew what is given, and FIELD= that it is empty. What is told of a record that came from a file "
		"holds until the file says something else later.\n"
		"A deal that goes to a stage that ends it (stage=Won) is closed now, unless closed=DATE says when.",
	.examples = "lockstep record add touch lead=L17 kind=webinar campaign=spring\n"
		    "lockstep record add opportunity lead=L17 stage=Quote amount=12000\n"
		    "lockstep record change opportunity D4 stage=Won\n"
		    "lockstep record add spend day=2026-03-02 campaign=spring amount=350",
	.least = 3,
	.most = -1,
	.options = options,
	.run = run,
};
