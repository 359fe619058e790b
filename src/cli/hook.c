/* `lockstep hook VERB …`: by which other systems tell of leads. */
#include <string.h>

#include "cli/at_desk.h"
#include "cli/options.h"
#include "desk/hooks.h"
#include "io/file.h"

enum { LIST_MAX = 1 << 20 };

struct hook_call {
	struct at_desk *at;
	struct invocation *in;
	struct hooks hooks;
};

static json_t *hook_json(const struct hook_call *call, const struct hook *hook)
{
	json_t *root = json_object();

	json_object_set_new(root, "name", json_str(hook->name));
	json_object_set_new(root, "title", json_str(hook->title));
	json_object_set_new(root, "map", json_str(hook->map));
	json_object_set_new(root, "kind", json_str(hook_kind(hook)));
	json_object_set_new(root, "closed", json_boolean(hook->closed));
	json_object_set_new(root, "warning", json_str_or_null(touch_kind_doubt(&call->at->desk, hook_kind(hook))));
	return root;
}

/* That no rule asks for what comes by it. */
static void say_doubt(const struct hook_call *call, const struct hook *hook)
{
	struct str text = hook->closed ? STR_NONE : touch_kind_doubt(&call->at->desk, hook_kind(hook));
	struct problems doubts;

	problems_init(&doubts, &call->in->arena);
	if (text.len)
		problem_add(&doubts, hook->name, 0, 0, STR("--kind"), "%.*s", STR_ARG(text));
	print_doubts(call->in, &doubts);
}

static enum exit_code list(struct hook_call *call)
{
	json_t *root, *all;
	enum exit_code code;
	struct buf out;

	if (wants_json(call->in)) {
		root = json_object();
		all = json_array();
		for (size_t i = 0; i < call->hooks.count; i++)
			json_array_append_new(all, hook_json(call, &call->hooks.items[i]));
		json_object_set_new(root, "hooks", all);
		return output_json(call->in, root);
	}
	buf_init(&out, LIST_MAX);
	for (size_t i = 0; i < call->hooks.count; i++) {
		const struct hook *hook = &call->hooks.items[i];

		buf_addf(&out, "%.*s%s: %.*s\n  a touch of the kind %.*s\n  at /hooks/%.*s\n", STR_ARG(hook->name),
			 hook->closed ? " (closed)" : "", STR_ARG(hook->title), STR_ARG(hook_kind(hook)),
			 STR_ARG(hook->name));
		say_doubt(call, hook);
	}
	code = output_plain(call->in, buf_str(&out));
	buf_release(&out);
	return code;
}

/* ---- making and changing ---- */

/* `key`: to be told, or NULL. */
static enum exit_code write_hook(struct hook_call *call, const struct hook *hook, const char *key, const char *said)
{
	struct err err = ERR_INIT;
	struct lead_word word;
	enum exit_code code = at_desk_word(call->at, &word);
	json_t *root;
	bool news;

	if (code)
		return code;
	code = at_desk_ended(call->at, hook_write(&call->at->desk, hook, word.by, &news, &call->at->problems, &err),
			     &err);
	if (code)
		return code;
	say_doubt(call, hook);
	if (wants_json(call->in)) {
		root = hook_json(call, hook);
		if (key)
			json_object_set_new(root, "key", json_string(key));
		return output_json(call->in, root);
	}
	if (key)
		return output_plain(call->in,
				    str_of(arena_printf(&call->in->arena, "%.*s: %s; its key, told once:\n%s\n",
							STR_ARG(hook->name), said, key)));
	if (news)
		return output_plain(call->in,
				    str_of(arena_printf(&call->in->arena, "%.*s: %s\n", STR_ARG(hook->name), said)));
	say(call->in, "%.*s is so already, nothing was written", STR_ARG(hook->name));
	return EXIT_DONE;
}

/* What the options give; false after saying what went wrong. */
static bool take_options(struct hook_call *call, struct hook *hook)
{
	const char *title = option_text(call->in, "title"), *map = option_text(call->in, "map");
	const char *kind = option_text(call->in, "kind");
	struct err err = ERR_INIT;

	if (title)
		hook->title = str_of(title);
	if (kind)
		hook->kind = str_of(kind);
	if (!map || !file_read(&hook->map, map, HOOK_MAP_MOST, &call->in->arena, &err))
		return true;
	(void)command_fail(call->in, &err);
	return false;
}

static enum exit_code add(struct hook_call *call)
{
	struct hook hook = { .name = str_of(call->in->arguments[1]) };
	char key[HOOK_KEY_TEXT];

	if (hooks_find(&call->hooks, hook.name)) {
		problem_add(&call->at->problems, hook.name, 0, 0, STR_NONE, "there is a hook of this name already");
		return print_problems(call->in, &call->at->problems);
	}
	if (!option_text(call->in, "map"))
		return command_usage(call->in,
				     "--map says what that means which is sent: lockstep hook add %s --map FILE",
				     call->in->arguments[1]);
	if (!take_options(call, &hook))
		return EXIT_ERROR;
	hook_make_key(&hook, key, &call->in->arena);
	return write_hook(call, &hook, key, "takes leads in");
}

static enum exit_code change(struct hook_call *call, struct hook *hook)
{
	return take_options(call, hook) ? write_hook(call, hook, NULL, "changed") : EXIT_ERROR;
}

static enum exit_code renew(struct hook_call *call, struct hook *hook)
{
	char key[HOOK_KEY_TEXT];

	hook_make_key(hook, key, &call->in->arena);
	return write_hook(call, hook, key, "has another key");
}

static enum exit_code shut(struct hook_call *call, struct hook *hook)
{
	hook->closed = true;
	return write_hook(call, hook, NULL, "closed");
}

static enum exit_code reopen(struct hook_call *call, struct hook *hook)
{
	hook->closed = false;
	return write_hook(call, hook, NULL, "takes leads in again");
}

/* ---- the command ---- */

static const struct verb {
	const char *name;
	enum exit_code (*alone)(struct hook_call *call);
	enum exit_code (*of)(struct hook_call *call, struct hook *hook); /* of one that is there */
} verbs[] = {
	{ "add", add, NULL },    { "change", NULL, change }, { "key", NULL, renew },
	{ "close", NULL, shut }, { "open", NULL, reopen },   { "list", list, NULL },
};

static enum exit_code run_verb(struct at_desk *at, void *context)
{
	const struct verb *verb = context;
	struct hook_call call = { .at = at, .in = at->in };
	struct err err = ERR_INIT;
	const struct hook *found;
	struct hook hook;

	if (hooks_read(&call.hooks, at->loaded.book, &at->in->arena, &err))
		return command_fail(at->in, &err);
	if (verb->alone)
		return verb->alone(&call);
	found = hooks_find(&call.hooks, str_of(at->in->arguments[1]));
	if (found) {
		hook = *found;
		return verb->of(&call, &hook);
	}
	problem_add(&at->problems, str_of(at->in->arguments[1]), 0, 0, STR_NONE,
		    "there is no hook of this name; lockstep hook list tells which there are");
	return print_problems(at->in, &at->problems);
}

static enum exit_code run(struct invocation *in)
{
	for (size_t i = 0; i < sizeof(verbs) / sizeof(*verbs); i++) {
		struct verb verb = verbs[i];
		bool lists = verb.alone == list;

		if (strcmp(verb.name, in->arguments[0]) != 0)
			continue;
		if (in->count != (lists ? 1 : 2))
			return command_usage(in, lists ? "%s takes nothing more" : "%s takes the hook's NAME",
					     verb.name);
		return at_desk_run(in, !lists, run_verb, &verb);
	}
	return command_usage(in, "%s is none of add, change, key, close, open and list", in->arguments[0]);
}

static const struct option_def options[] = {
	{ "map", OPTION_FILE, "FILE", NULL, NULL, "the map by which it is read, as of imports" },
	{ "title", OPTION_TEXT, "TEXT", NULL, NULL, "what it is for" },
	{ "kind", OPTION_TEXT, "WORD", NULL, NULL,
	  "the kind of touch by which a lead comes in, as rules name it; hook" },
	{ "by", OPTION_TEXT, "PERSON", NULL, NULL, "who did it; you, unless said" },
	{ "format", OPTION_CHOICE, NULL, "text|json", "text", "how to print the answer" },
	{ .name = NULL },
};

const struct command command_hook = {
	.name = "hook",
	.arguments = "VERB [NAME]",
	.verbs = "add|change|key|close|open|list",
	.summary = "hooks, by which other systems tell of leads",
	.about =
		"add makes one and tells its key, once; key makes another, and the one before opens nothing any more; change says "
		"anew what is given, close shuts it, open takes that back, list tells which there are. lockstep serve has each at "
		"/hooks/NAME: it takes one JSON object, with the key as \"Authorization: Bearer KEY\" or ?key=KEY. The map is one "
		"of imports; its columns are the members of the object: contact.email, tags.0. `columns: optional` where not "
		"every object has all of them.\n"
		"A row is known by the map's key: sent again it changes nothing. Who is an open lead already gets a touch. "
		"--kind says what that is in the words of the agreement; where no rule of the one in force names it, a warning says so.",
	.examples =
		"lockstep hook add webshop --map webshop.yaml --title \"Requests of the shop\" --kind demo_request\n"
		"lockstep hook key webshop   # the key was seen by somebody\n"
		"lockstep hook close webshop",
	.least = 1,
	.most = 2,
	.options = options,
	.run = run,
};
