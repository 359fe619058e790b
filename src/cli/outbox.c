/* `lockstep outbox VERB …`: what is to go out, and what could not. */
#include <string.h>

#include "cli/options.h"
#include "cli/output.h"
#include "desk/outlet_desk.h"
#include "io/text_table.h"

enum { LISTED = 200, OUTPUT_MAX = 1 << 20 };

struct outbox_call {
	struct invocation *in;
	struct book *book;
	struct zone *zone;
	struct problems problems;
};

static const char *minute(const struct outbox_call *call, int64_t at_ms)
{
	return minute_text(call->zone, at_ms, &call->in->arena);
}

/* ---- list, show ---- */

static json_t *message_json(const struct outbox_call *call, const struct outbox_message *m)
{
	json_t *facts = json_object();

	for (size_t i = 0; i < m->fact_count; i++)
		json_object_set_new(facts, arena_cstr(&call->in->arena, m->facts[i].name), json_str(m->facts[i].value));
	return json_pack("{s:s, s:s, s:s, s:o, s:o, s:o, s:o, s:I, s:o, s:o}", "id", m->id, "state",
			 outbox_state_name(m->state), "way", outbox_way_name(m->way), "kind", json_str(m->kind), "to",
			 json_str(m->to), "made", json_time(call->zone, m->made_ms), "due",
			 json_time(call->zone, m->due_ms), "tries", (json_int_t)m->tries, "trouble",
			 json_str_or_null(m->trouble), "facts", facts);
}

static void list_text(const struct outbox_call *call, const struct outbox_message *list, size_t count, struct buf *out)
{
	for (size_t i = 0; i < count; i++)
		buf_addf(out, "%s  %s  %s %.*s to %.*s, made %s%s%.*s\n", list[i].id, outbox_state_name(list[i].state),
			 outbox_way_name(list[i].way), STR_ARG(list[i].kind), STR_ARG(list[i].to),
			 minute(call, list[i].made_ms), list[i].trouble.len ? ": " : "", STR_ARG(list[i].trouble));
	if (!count)
		buf_add_text(out, "nothing\n");
}

static enum exit_code list(struct outbox_call *call)
{
	struct invocation *in = call->in;
	const char *wanted = option_text(in, "state");
	json_t *array = json_array();
	enum exit_code code;
	struct buf out;

	buf_init(&out, OUTPUT_MAX);
	for (int state = 0; state < OUTBOX_STATE__COUNT; state++) {
		struct outbox_message *found;
		struct err err = ERR_INIT;
		size_t count;

		if (strcmp(wanted, "all") != 0 && strcmp(wanted, outbox_state_name((enum outbox_state)state)) != 0)
			continue;
		if (outbox_list(call->book, (enum outbox_state)state, INT64_MAX, LISTED, &found, &count, &in->arena,
				&err)) {
			json_decref(array);
			buf_release(&out);
			return command_fail(in, &err);
		}
		for (size_t i = 0; i < count; i++)
			json_array_append_new(array, message_json(call, &found[i]));
		list_text(call, found, count, &out);
	}
	if (wants_json(in)) {
		code = output_json(in, json_pack("{s:O}", "messages", array));
	} else {
		code = output_plain(in, buf_str(&out));
	}
	json_decref(array);
	buf_release(&out);
	return code;
}

static enum exit_code show(struct outbox_call *call)
{
	struct invocation *in = call->in;
	struct outbox_message message;
	struct err err = ERR_INIT;
	enum exit_code code;
	struct buf out;
	bool found;

	if (outbox_find(call->book, str_of(in->arguments[1]), &message, &found, &in->arena, &err))
		return command_fail(in, &err);
	if (!found) {
		problem_add(&call->problems, str_of(in->arguments[1]), 0, 0, STR_NONE,
			    "there is no message of this id");
		return print_problems(in, &call->problems);
	}
	if (wants_json(in))
		return output_json(in, message_json(call, &message));
	buf_init(&out, OUTPUT_MAX);
	list_text(call, &message, 1, &out);
	for (size_t i = 0; i < message.fact_count; i++)
		if (message.facts[i].value.len)
			buf_addf(&out, "  %.*s: %.*s\n", STR_ARG(message.facts[i].name),
				 STR_ARG(message.facts[i].value));
	buf_addf(&out, "  tries: %lld, the next at %s\n", (long long)message.tries, minute(call, message.due_ms));
	code = output_plain(in, buf_str(&out));
	buf_release(&out);
	return code;
}

/* ---- again, drop ---- */

static enum exit_code change(struct outbox_call *call,
			     int (*how)(const struct outlet_desk *desk, struct str id, struct err *err),
			     const char *said)
{
	struct invocation *in = call->in;
	struct outlet_desk desk = { call->book, in->now_ms, str_of(in->actor), &in->arena, &call->problems };
	struct err err = ERR_INIT;
	int failed = book_begin(call->book, &err);

	for (int i = 1; i < in->count && !failed; i++)
		failed = how(&desk, str_of(in->arguments[i]), &err);
	if (!failed)
		failed = book_commit(call->book, &err);
	else
		book_rollback(call->book);
	if (failed)
		return failed > 0 ? print_problems(in, &call->problems) : command_fail(in, &err);
	say(in, "%d %s", in->count - 1, said);
	return EXIT_DONE;
}

static enum exit_code again(struct outbox_call *call)
{
	return change(call, outbox_desk_again, "to be sent once more");
}

static enum exit_code drop(struct outbox_call *call)
{
	return change(call, outbox_desk_drop, "dropped");
}

/* ---- the command ---- */

static const struct {
	const char *name;
	enum book_mode mode;
	bool named;
	enum exit_code (*run)(struct outbox_call *call);
} verbs[] = {
	{ "list", BOOK_READ, false, list },
	{ "show", BOOK_READ, true, show },
	{ "again", BOOK_WRITE, true, again },
	{ "drop", BOOK_WRITE, true, drop },
};

static enum exit_code run(struct invocation *in)
{
	struct outbox_call call = { .in = in };
	struct err err = ERR_INIT;
	enum exit_code code;
	size_t verb = 0;

	while (verb < sizeof(verbs) / sizeof(*verbs) && strcmp(verbs[verb].name, in->arguments[0]) != 0)
		verb++;
	if (verb == sizeof(verbs) / sizeof(*verbs))
		return command_usage(in, "%s is none of list, show, again and drop", in->arguments[0]);
	if ((in->count > 1) != verbs[verb].named)
		return command_usage(in, verbs[verb].named ? "%s takes the ID of a message" : "%s takes nothing more",
				     in->arguments[0]);
	code = open_book(in, verbs[verb].mode, &call.book);
	if (code)
		return code;
	problems_init(&call.problems, &in->arena);
	if (zone_load(&call.zone, book_settings(call.book)->zone, &err))
		code = command_fail(in, &err);
	else
		code = verbs[verb].run(&call);
	zone_free(call.zone);
	book_close(call.book);
	return code;
}

static const struct option_def options[] = {
	{ "state", OPTION_CHOICE, "STATE", "waiting|dead|sent|all", "dead", "which of them" },
	{ "format", OPTION_CHOICE, "FORMAT", "text|json", "text", "how it is printed" },
	{ .name = NULL },
};

const struct command command_outbox = {
	.name = "outbox",
	.arguments = "VERB [ID…]",
	.verbs = "list|show|again|drop",
	.summary = "what is to go out, and what could not",
	.about =
		"Letters and news for other programs stand in the book until they have gone out; lockstep serve sends them. "
		"list tells those that are dead: refused for good, or tried for a day. show tells all of one, again has it sent "
		"once more with the same id, drop takes it away.",
	.examples = "lockstep outbox list\n"
		    "lockstep outbox list --state waiting\n"
		    "lockstep outbox again msg_AAAAAAAAAAAAAAAAAAAAAAAA",
	.least = 1,
	.most = -1,
	.options = options,
	.run = run,
};
