/* `lockstep`, `lockstep help`, `lockstep COMMAND --help` and `lockstep help --json`. */
#include "cli/help.h"

#include <jansson.h>
#include <string.h>
#include "base/version.h"
#include "cli/options.h"
#include "cli/output.h"
#include "io/terminal.h"
#include "io/text.h"

enum { WIDTH = 100, TEXT_MAX = 1 << 16 };

static void print_heading(const char *title, bool colour, FILE *out)
{
	fprintf(out, "\n%s%s%s\n", ink_on(INK_BOLD, colour), title, ink_off(colour));
}

void help_overview(FILE *out)
{
	bool colour = terminal_colour(out);

	fprintf(out, "lockstep %s: the book of record that sales and marketing share\n", LOCKSTEP_VERSION);
	for (const struct command_group *group = command_groups; group->title; group++) {
		if (!group->items[0])
			continue;
		print_heading(group->title, colour, out);
		for (size_t i = 0; group->items[i]; i++)
			fprintf(out, "  %-11s %s\n", group->items[i]->name, group->items[i]->summary);
	}
	fprintf(out, "\nA first look:  lockstep init; lockstep import FILE.csv; lockstep report weekly\n"
		     "One command:   lockstep help COMMAND\n");
}

/* `text` broken at spaces and indented; its own line ends are kept. */
static void print_prose(const char *text, size_t at, size_t indent, FILE *out)
{
	struct buf buf;

	buf_init(&buf, TEXT_MAX);
	text_wrap(str_of(text), at, indent, WIDTH, &buf);
	fprintf(out, "%s\n", buf.at ? buf.at : "");
	buf_release(&buf);
}

/* An option and its choices, broken between two of them where they are too many for a line. Returns the width of the last line. */
static size_t print_head(const char *head, FILE *out)
{
	enum { INDENT = 6 };
	struct str rest = str_of(head);
	size_t at = 0;

	while (at + rest.len > WIDTH) {
		size_t len = WIDTH - at;

		while (len && rest.at[len - 1] != '|')
			len--;
		if (!len)
			break;
		fprintf(out, "%.*s\n%*s", (int)len, rest.at, INDENT, "");
		rest = (struct str){ rest.at + len, rest.len - len };
		at = INDENT;
	}
	fprintf(out, "%.*s", STR_ARG(rest));
	return at + utf8_width(rest);
}

static void print_options(const struct option_def *options, size_t wide, FILE *out)
{
	for (; options && options->name; options++) {
		const char *value = option_value_text(options);
		char head[160], help[512];
		size_t len;

		snprintf(head, sizeof(head), "  --%s%s%s", options->name, value ? " " : "", value ? value : "");
		snprintf(help, sizeof(help), "%s%s%s%s", options->help, options->fallback ? " (default: " : "",
			 options->fallback ? options->fallback : "", options->fallback ? ")" : "");
		len = print_head(head, out);
		if (len + 2 > wide) {
			fputc('\n', out);
			len = 0;
		}
		fprintf(out, "%*s", (int)(wide - len), "");
		print_prose(help, wide, wide, out);
	}
}

void help_command(const struct command *command, FILE *out)
{
	bool options = command->options && command->options[0].name;

	fprintf(out, "usage: lockstep %s%s%s%s\n\n", command->name, options ? " [OPTIONS]" : "",
		*command->arguments ? " " : "", command->arguments);
	print_prose(command->summary, 0, 0, out);
	if (command->about) {
		fputc('\n', out);
		print_prose(command->about, 0, 0, out);
	}
	print_heading("Options", terminal_colour(out), out);
	print_options(command->options, 28, out);
	print_options(common_options, 28, out);
	if (command->examples)
		print_heading("Examples", terminal_colour(out), out);
	if (command->examples) {
		fputs("  ", out);
		print_prose(command->examples, 2, 2, out);
	}
}

/* ---- help --json ---- */

static json_t *json_text(const char *text)
{
	return text ? json_string(text) : json_null();
}

/* "text|json" as a list; null for none. */
static json_t *json_choices(const char *choices)
{
	struct str rest = str_of(choices);
	json_t *list = choices ? json_array() : json_null();

	while (rest.len) {
		struct str choice = str_cut(&rest, '|');

		json_array_append_new(list, json_stringn(choice.at, choice.len));
	}
	return list;
}

static json_t *json_options(const struct option_def *options)
{
	static const char *const types[] = {
		[OPTION_FLAG] = "flag", [OPTION_TEXT] = "text",     [OPTION_NUMBER] = "number", [OPTION_DATE] = "date",
		[OPTION_TIME] = "time", [OPTION_CHOICE] = "choice", [OPTION_FILE] = "file",
	};
	json_t *list = json_array();

	for (; options && options->name; options++) {
		json_t *item = json_object();

		json_object_set_new(item, "name", json_string(options->name));
		json_object_set_new(item, "type", json_string(types[options->type]));
		json_object_set_new(item, "value", json_text(option_value_text(options)));
		if (options->choices)
			json_object_set_new(item, "choices", json_choices(options->choices));
		json_object_set_new(item, "default", json_text(options->fallback));
		json_object_set_new(item, "help", json_string(options->help));
		json_array_append_new(list, item);
	}
	return list;
}

static json_t *json_command(const struct command *command, const char *group)
{
	json_t *item = json_object();

	json_object_set_new(item, "name", json_string(command->name));
	json_object_set_new(item, "task", json_string(group));
	json_object_set_new(item, "arguments", json_string(command->arguments));
	json_object_set_new(item, "verbs", json_choices(command->verbs));
	json_object_set_new(item, "least", json_integer(command->least));
	json_object_set_new(item, "most", command->most < 0 ? json_null() : json_integer(command->most));
	json_object_set_new(item, "summary", json_string(command->summary));
	json_object_set_new(item, "about", json_text(command->about));
	json_object_set_new(item, "examples", json_text(command->examples));
	json_object_set_new(item, "options", json_options(command->options));
	return item;
}

static json_t *json_help(void)
{
	json_t *root = json_object(), *list = json_array();

	for (const struct command_group *group = command_groups; group->title; group++) {
		for (size_t i = 0; group->items[i]; i++)
			json_array_append_new(list, json_command(group->items[i], group->title));
	}
	json_object_set_new(root, "program", json_string("lockstep"));
	json_object_set_new(root, "version", json_string(LOCKSTEP_VERSION));
	json_object_set_new(root, "commands", list);
	json_object_set_new(root, "options", json_options(common_options));
	return root;
}

static enum exit_code run(struct invocation *in)
{
	const struct command *command = NULL;

	if (in->count) {
		command = command_find(in->arguments[0]);
		if (!command)
			return command_unknown(in->arguments[0]);
	}
	if (option_flag(in, "json"))
		return output_json(in, command ? json_command(command, "") : json_help());
	if (option_flag(in, "man"))
		man_page(stdout);
	else if (command)
		help_command(command, stdout);
	else
		help_overview(stdout);
	return EXIT_DONE;
}

static const struct option_def options[] = {
	{ "json", OPTION_FLAG, NULL, NULL, NULL, "all commands and options, for programs" },
	{ "man", OPTION_FLAG, NULL, NULL, NULL, "the manual page lockstep(1), as roff" },
	{ .name = NULL },
};

const struct command command_help = {
	.name = "help",
	.arguments = "[COMMAND]",
	.summary = "explain a command, or list them all",
	.examples = "lockstep help import\n"
		    "lockstep help --man | man -l -   # the manual page",
	.least = 0,
	.most = 1,
	.options = options,
	.run = run,
};
