/* `lockstep form VERB …`: public forms, by which leads come in. */
#include <string.h>

#include "cli/at_desk.h"
#include "cli/options.h"
#include "desk/forms.h"
#include "io/text_table.h"

enum { LIST_MAX = 1 << 20 };

struct form_call {
	struct at_desk *at;
	struct invocation *in;
	struct forms forms;
};

/* ---- telling ---- */

static json_t *form_json(const struct form_call *call, const struct form *form)
{
	json_t *root = json_object();

	json_object_set_new(root, "name", json_str(form->name));
	json_object_set_new(root, "title", json_str(form->title));
	json_object_set_new(root, "text", json_str(form->text));
	json_object_set_new(root, "asks", json_str(form->asks));
	json_object_set_new(root, "kind", json_str(form_kind(form)));
	json_object_set_new(root, "campaign", json_str(form->campaign));
	json_object_set_new(root, "source", json_str(form->source));
	json_object_set_new(root, "thanks", json_str(form->thanks));
	json_object_set_new(root, "redirect", json_str(form->redirect));
	json_object_set_new(root, "consent", json_str(form->consent));
	json_object_set_new(root, "confirm", json_boolean(form->confirm));
	json_object_set_new(root, "closed", json_boolean(form->closed));
	json_object_set_new(root, "warning", json_str_or_null(touch_kind_doubt(&call->at->desk, form_kind(form))));
	return root;
}

static enum exit_code list_json(const struct form_call *call)
{
	json_t *root = json_object(), *list = json_array(), *names = json_array();
	const struct names kinds = touch_kinds(&call->at->desk);

	for (size_t i = 0; i < call->forms.count; i++)
		json_array_append_new(list, form_json(call, &call->forms.items[i]));
	for (size_t i = 0; i < kinds.count; i++)
		json_array_append_new(names, json_str(kinds.items[i]));
	json_object_set_new(root, "forms", list);
	json_object_set_new(root, "kinds", names);
	return output_json(call->in, root);
}

/* That no rule asks for what sending it is. */
static void say_doubt(const struct form_call *call, const struct form *form)
{
	struct str text = form->closed ? STR_NONE : touch_kind_doubt(&call->at->desk, form_kind(form));
	struct problems doubts;

	problems_init(&doubts, &call->in->arena);
	if (text.len)
		problem_add(&doubts, form->name, 0, 0, STR("--kind"), "%.*s", STR_ARG(text));
	print_doubts(call->in, &doubts);
}

static enum exit_code list(struct form_call *call)
{
	enum exit_code code;
	struct buf out;

	if (wants_json(call->in))
		return list_json(call);
	buf_init(&out, LIST_MAX);
	for (size_t i = 0; i < call->forms.count; i++) {
		const struct form *form = &call->forms.items[i];

		buf_addf(&out, "%.*s%s: %.*s\n  asks for %.*s%s%.*s; a touch of the kind %.*s\n  at /forms/%.*s\n",
			 STR_ARG(form->name), form->closed ? " (closed)" : "", STR_ARG(form->title),
			 STR_ARG(form->asks), form->campaign.len ? "; campaign " : "", STR_ARG(form->campaign),
			 STR_ARG(form_kind(form)), STR_ARG(form->name));
		say_doubt(call, form);
	}
	code = output_plain(call->in, buf_str(&out));
	buf_release(&out);
	return code;
}

/* ---- making and changing ---- */

static enum exit_code write_form(struct form_call *call, const struct form *form, const char *said)
{
	struct err err = ERR_INIT;
	struct lead_word word;
	enum exit_code code = at_desk_word(call->at, &word);
	bool news;

	if (code)
		return code;
	code = at_desk_ended(call->at, form_write(&call->at->desk, form, word.by, &news, &call->at->problems, &err),
			     &err);
	if (code)
		return code;
	say_doubt(call, form);
	if (wants_json(call->in))
		return output_json(call->in, form_json(call, form));
	if (news)
		return output_plain(call->in,
				    str_of(arena_printf(&call->in->arena, "%.*s: %s\n", STR_ARG(form->name), said)));
	say(call->in, "%.*s is so already, nothing was written", STR_ARG(form->name));
	return EXIT_DONE;
}

static void take(const struct form_call *call, const char *option, struct str *into)
{
	const char *text = option_text(call->in, option);

	if (text)
		*into = str_of(text);
}

static void take_all(const struct form_call *call, struct form *form)
{
	take(call, "title", &form->title);
	take(call, "text", &form->text);
	take(call, "asks", &form->asks);
	take(call, "kind", &form->kind);
	take(call, "campaign", &form->campaign);
	take(call, "source", &form->source);
	take(call, "thanks", &form->thanks);
	take(call, "redirect", &form->redirect);
	take(call, "consent", &form->consent);
	if (option_flag(call->in, "confirm"))
		form->confirm = true;
}

static enum exit_code add(struct form_call *call)
{
	struct form form = { .name = str_of(call->in->arguments[1]) };

	if (forms_find(&call->forms, form.name)) {
		problem_add(&call->at->problems, form.name, 0, 0, STR_NONE, "there is a form of this name already");
		return print_problems(call->in, &call->at->problems);
	}
	take_all(call, &form);
	return write_form(call, &form, "takes leads in");
}

/* The form that is named; false after saying that there is none. */
static bool named(struct form_call *call, struct form *out)
{
	struct str name = str_of(call->in->arguments[1]);
	const struct form *form = forms_find(&call->forms, name);

	if (form) {
		*out = *form;
		return true;
	}
	problem_add(&call->at->problems, name, 0, 0, STR_NONE,
		    "there is no form of this name; lockstep form list tells which there are");
	return false;
}

static enum exit_code change(struct form_call *call)
{
	struct form form;

	if (!named(call, &form))
		return print_problems(call->in, &call->at->problems);
	take_all(call, &form);
	return write_form(call, &form, "changed");
}

static enum exit_code shut(struct form_call *call)
{
	struct form form;

	if (!named(call, &form))
		return print_problems(call->in, &call->at->problems);
	form.closed = true;
	return write_form(call, &form, "closed");
}

static enum exit_code reopen(struct form_call *call)
{
	struct form form;

	if (!named(call, &form))
		return print_problems(call->in, &call->at->problems);
	form.closed = false;
	return write_form(call, &form, "takes leads in again");
}

/* ---- the command ---- */

static const struct verb {
	const char *name;
	int arguments;
	bool writes;
	enum exit_code (*run)(struct form_call *call);
} verbs[] = {
	{ "add", 2, true, add },     { "change", 2, true, change }, { "close", 2, true, shut },
	{ "open", 2, true, reopen }, { "list", 1, false, list },
};

static enum exit_code run_verb(struct at_desk *at, void *context)
{
	const struct verb *verb = context;
	struct form_call call = { .at = at, .in = at->in };
	struct err err = ERR_INIT;

	if (forms_read(&call.forms, at->loaded.book, &at->in->arena, &err))
		return command_fail(at->in, &err);
	return verb->run(&call);
}

static enum exit_code run(struct invocation *in)
{
	for (size_t i = 0; i < sizeof(verbs) / sizeof(*verbs); i++) {
		struct verb verb = verbs[i];

		if (strcmp(verb.name, in->arguments[0]) != 0)
			continue;
		if (in->count != verb.arguments)
			return command_usage(in,
					     verb.arguments == 1 ? "%s takes nothing more" : "%s takes the form's NAME",
					     verb.name);
		return at_desk_run(in, verb.writes, run_verb, &verb);
	}
	return command_usage(in, "%s is none of add, change, close, open and list", in->arguments[0]);
}

static const struct option_def options[] = {
	{ "asks", OPTION_TEXT, "WORDS", NULL, NULL, "what it asks for, in order; a star behind what must be told" },
	{ "title", OPTION_TEXT, "TEXT", NULL, NULL, "what stands above it" },
	{ "text", OPTION_TEXT, "TEXT", NULL, NULL, "what stands under its title" },
	{ "kind", OPTION_TEXT, "WORD", NULL, NULL, "the kind of touch that sending it is, as rules name it; form" },
	{ "campaign", OPTION_TEXT, "NAME", NULL, NULL, "the campaign of leads that come by it" },
	{ "source", OPTION_TEXT, "NAME", NULL, NULL, "their channel, where the address has no utm_source; form" },
	{ "thanks", OPTION_TEXT, "TEXT", NULL, NULL, "what is said to who sent it" },
	{ "redirect", OPTION_TEXT, "ADDRESS", NULL, NULL, "where they are led instead: https://…, or a path" },
	{ "consent", OPTION_TEXT, "TEXT", NULL, NULL, "what is agreed to by a tick" },
	{ "confirm", OPTION_FLAG, NULL, NULL, NULL, "it counts once a letter to who sent it was answered" },
	{ "by", OPTION_TEXT, "PERSON", NULL, NULL, "who did it; you, unless said" },
	{ "format", OPTION_CHOICE, NULL, "text|json", "text", "how to print the answer" },
	{ .name = NULL },
};

const struct command command_form = {
	.name = "form",
	.arguments = "VERB [NAME]",
	.verbs = "add|change|close|open|list",
	.summary = "public forms, by which leads come in",
	.about =
		"add makes one, change says anew what is given, close shuts it, open takes that back, list tells which there "
		"are. lockstep serve has each at /forms/NAME: a page that works without script. Who sends it becomes a lead, "
		"with a touch that keeps where they came from (utm_source, utm_medium, utm_campaign, utm_term, utm_content of "
		"the address, and the page that led there).\n"
		"What can be asked: name, first_name, last_name, email, phone, title, company, industry, country, region, "
		"product, message. email* or phone* is needed.\n"
		"--kind says what sending it is, in the words of the agreement: who asks for a demo may be a hand-raiser, who "
		"comes to a webinar is not. Where no rule of the agreement in force names that kind, a warning says so.",
	.examples =
		"lockstep form add webinar --title \"Webinar in March\" --asks \"name* email* company\" --kind webinar "
		"--campaign spring\n"
		"lockstep form change webinar --thanks \"See you on the 9th\"\n"
		"lockstep form close webinar",
	.least = 1,
	.most = 2,
	.options = options,
	.run = run,
};
