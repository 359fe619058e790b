#include "cli/options.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/date.h"
#include "base/zone.h"
#include "cli/output.h"
#include "report/report.h"

enum { NAMES_MAX = 128 };

const struct option_def common_options[] = {
	{ "book", OPTION_FILE, "FILE", NULL, NULL,
	  "the book to use; else LOCKSTEP_BOOK, else lockstep/book.lockstep under XDG_DATA_HOME or ~/.local/share" },
	{ "help", OPTION_FLAG, NULL, NULL, NULL, "show this help and do nothing else" },
	{ "quiet", OPTION_FLAG, NULL, NULL, NULL, "no messages but problems, no progress" },
	{ .name = NULL },
};

const char *option_value_text(const struct option_def *option)
{
	static const char *const otherwise[] = {
		[OPTION_FLAG] = NULL,   [OPTION_TEXT] = "TEXT",   [OPTION_NUMBER] = "N",  [OPTION_DATE] = "DATE",
		[OPTION_TIME] = "TIME", [OPTION_CHOICE] = "WORD", [OPTION_FILE] = "FILE",
	};

	if (option->type == OPTION_FLAG)
		return NULL;
	if (option->type == OPTION_CHOICE && option->choices)
		return option->choices;
	return option->value ? option->value : otherwise[option->type];
}

/* ---- messages ---- */

enum exit_code command_usage(const struct invocation *in, const char *fmt, ...)
{
	const char *name = in->command ? in->command->name : NULL;
	va_list args;

	fprintf(stderr, "lockstep%s%s: ", name ? " " : "", name ? name : "");
	va_start(args, fmt);
	message(fmt, args);
	va_end(args);
	fprintf(stderr, "\nTry: lockstep help%s%s\n", name ? " " : "", name ? name : "");
	return EXIT_USAGE;
}

enum exit_code command_fail(const struct invocation *in, const struct err *err)
{
	const struct invocation loud = { .command = in->command };

	say(&loud, "lockstep %s: %s", in->command->name, err->text);
	return err->kind == ERR_SYSTEM || err->kind == ERR_DAMAGED ? EXIT_ERROR : EXIT_REFUSED;
}

/* Who asks for a report may forget to say so. */
static const char *nearest_report(const char *name)
{
	const char *names[NAMES_MAX];
	size_t count = 0;

	for (; count < NAMES_MAX && report_at(count); count++)
		names[count] = report_at(count)->name;
	return str_nearest(str_of(name), names, count);
}

enum exit_code command_unknown(const char *name)
{
	const char *names[NAMES_MAX];
	size_t count = 0;
	const char *near, *report;

	for (; commands[count] && count < NAMES_MAX; count++)
		names[count] = commands[count]->name;
	near = str_nearest(str_of(name), names, count);
	fprintf(stderr, "lockstep: there is no command \"%s\"", name);
	report = near ? NULL : nearest_report(name);
	if (near || report)
		fprintf(stderr, "; did you mean \"%s%s\"?", report ? "report " : "", report ? report : near);
	fprintf(stderr, "\nTry: lockstep help\n");
	return EXIT_USAGE;
}

const struct command *command_find(const char *name)
{
	for (size_t i = 0; commands[i]; i++) {
		if (!strcmp(commands[i]->name, name))
			return commands[i];
	}
	return NULL;
}

/* ---- asking ---- */

bool command_has(const struct command *command, const char *name)
{
	for (const struct option_def *option = command->options; option && option->name; option++) {
		if (!strcmp(option->name, name))
			return true;
	}
	return false;
}

static const char **option_place(const struct invocation *in, const char *name, const struct option_def **def)
{
	const struct option_def *options = in->command->options;

	for (size_t i = 0; options && options[i].name; i++) {
		if (!strcmp(options[i].name, name)) {
			*def = &options[i];
			return &in->values[i];
		}
	}
	BUG("lockstep %s has no option --%s", in->command->name, name);
}

const char *option_text(const struct invocation *in, const char *name)
{
	const struct option_def *def;

	return *option_place(in, name, &def);
}

bool option_flag(const struct invocation *in, const char *name)
{
	return option_text(in, name) != NULL;
}

int64_t option_number(const struct invocation *in, const char *name, int64_t otherwise)
{
	const char *text = option_text(in, name);

	return text ? strtoll(text, NULL, 10) : otherwise;
}

int32_t option_date(const struct invocation *in, const char *name)
{
	const char *text = option_text(in, name);
	int32_t date = DATE_NONE;

	if (text && !date_parse(str_of(text), &date))
		BUG("--%s was not checked", name);
	return date;
}

static bool is_listed(struct str list, const char *name)
{
	while (list.len)
		if (str_is(str_cut(&list, ' '), name))
			return true;
	return false;
}

enum exit_code options_for(const struct invocation *in, const char *verb, const char *takes)
{
	const struct option_def *options = in->command->options;

	for (size_t i = 0; options[i].name; i++)
		/* A default is the table's own text. */
		if (in->values[i] != options[i].fallback && !is_listed(str_of(takes), options[i].name))
			return command_usage(in, "%s takes no --%s", verb, options[i].name);
	return EXIT_DONE;
}

/* ---- checking ---- */

static bool is_choice(const char *choices, const char *value)
{
	struct str rest = str_of(choices);

	while (rest.len) {
		if (str_is(str_cut(&rest, '|'), value))
			return true;
	}
	return false;
}

static bool is_number(const char *value)
{
	char *end;

	errno = 0;
	(void)strtoll(value, &end, 10);
	return end != value && !*end && !errno && value[strspn(value, "-")] >= '0' && value[strspn(value, "-")] <= '9';
}

static bool is_time(const char *value)
{
	struct err err = ERR_INIT;
	struct zone *zone;
	int64_t ms;
	bool date_only, good;

	if (zone_load(&zone, "UTC", &err))
		return true; /* the command itself reads it again, in the book's zone */
	good = zone_parse(zone, str_of(value), &ms, &date_only);
	zone_free(zone);
	return good;
}

static enum exit_code check_value(const struct invocation *in, const struct option_def *def, const char *value)
{
	int32_t date;

	switch (def->type) {
	case OPTION_CHOICE:
		if (def->choices && !is_choice(def->choices, value))
			return command_usage(in, "--%s takes %s, not \"%s\"", def->name, def->choices, value);
		break;
	case OPTION_NUMBER:
		if (!is_number(value))
			return command_usage(in, "--%s takes a whole number, not \"%s\"", def->name, value);
		break;
	case OPTION_DATE:
		if (!date_parse(str_of(value), &date))
			return command_usage(in, "--%s takes a date like 2026-03-09, not \"%s\"", def->name, value);
		break;
	case OPTION_TIME:
		if (!is_time(value))
			return command_usage(in, "--%s takes a date or a time like 2026-03-09T14:05, not \"%s\"",
					     def->name, value);
		break;
	case OPTION_FILE:
	case OPTION_TEXT:
		if (!*value)
			return command_usage(in, "--%s is empty", def->name);
		break;
	case OPTION_FLAG: break;
	}
	return EXIT_DONE;
}

/* ---- reading ---- */

struct reading_line {
	struct invocation *in;
	int argc, at;
	char *const *argv;
	bool *help;
};

static const struct option_def *find_option(const struct option_def *options, struct str name, size_t *place)
{
	for (size_t i = 0; options && options[i].name; i++) {
		if (str_is(name, options[i].name)) {
			*place = i;
			return &options[i];
		}
	}
	return NULL;
}

static enum exit_code unknown_option(const struct invocation *in, const char *word, struct str name)
{
	const struct option_def *const tables[] = { in->command->options, common_options };
	const char *names[NAMES_MAX];
	size_t count = 0;
	const char *near;

	for (size_t t = 0; t < 2; t++) {
		for (size_t i = 0; tables[t] && tables[t][i].name && count < NAMES_MAX; i++)
			names[count++] = tables[t][i].name;
	}
	near = str_nearest(name, names, count);
	if (near)
		return command_usage(in, "there is no option %s; did you mean --%s?", word, near);
	return command_usage(in, "there is no option %s", word);
}

static void set_common(struct reading_line *line, const char *name, const char *value)
{
	if (!strcmp(name, "book"))
		line->in->book_path = value;
	else if (!strcmp(name, "quiet"))
		line->in->quiet = true;
	else
		*line->help = true;
}

/* "--name", "--name=value", "--name value"; `word` is at line->at. */
static enum exit_code read_option(struct reading_line *line, const char *word)
{
	struct invocation *in = line->in;
	struct str name = str_of(word + 2);
	const char *equals = memchr(name.at, '=', name.len);
	const char *value = NULL;
	const struct option_def *def;
	size_t place = 0;
	bool common;
	enum exit_code code;

	if (equals) {
		name.len = (size_t)(equals - name.at);
		value = equals + 1;
	}
	def = find_option(in->command->options, name, &place);
	common = !def;
	if (!def)
		def = find_option(common_options, name, &place);
	if (!def)
		return unknown_option(in, arena_printf(&in->arena, "--%.*s", STR_ARG(name)), name);
	if (def->type == OPTION_FLAG && value)
		return command_usage(in, "--%s takes no value", def->name);
	if (def->type == OPTION_FLAG)
		value = "yes";
	if (!value && line->at + 1 >= line->argc)
		return command_usage(in, "--%s needs a value: %s", def->name, option_value_text(def));
	if (!value)
		value = line->argv[++line->at];
	code = check_value(in, def, value);
	if (code)
		return code;
	if (common) {
		set_common(line, def->name, value);
		return EXIT_DONE;
	}
	if (in->values[place] && def->type != OPTION_FLAG)
		return command_usage(in, "--%s is there twice", def->name);
	in->values[place] = value;
	return EXIT_DONE;
}

static enum exit_code read_words(struct reading_line *line)
{
	struct invocation *in = line->in;
	bool only_arguments = false;

	for (; line->at < line->argc && !*line->help; line->at++) {
		const char *word = line->argv[line->at];
		enum exit_code code = EXIT_DONE;

		if (only_arguments || word[0] != '-' || !word[1])
			in->arguments[in->count++] = word;
		else if (!strcmp(word, "--"))
			only_arguments = true;
		else if (word[1] == '-')
			code = read_option(line, word);
		else if (!strcmp(word, "-h"))
			*line->help = true;
		else if (!strcmp(word, "-q"))
			in->quiet = true;
		else
			code = unknown_option(in, word, str_of(word + 1));
		if (code)
			return code;
	}
	return EXIT_DONE;
}

static enum exit_code check_count(const struct invocation *in)
{
	const struct command *command = in->command;

	if (in->count < command->least && in->count == 0)
		return command_usage(in, "%s is missing", command->arguments);
	if (in->count < command->least)
		return command_usage(in, "takes %s: at least %d, not %d", command->arguments, command->least,
				     in->count);
	if (command->most >= 0 && in->count > command->most && command->most == 0)
		return command_usage(in, "takes no arguments, but \"%s\" was given", in->arguments[0]);
	if (command->most >= 0 && in->count > command->most)
		return command_usage(in, "\"%s\" is one argument too many; a text with spaces needs quotes",
				     in->arguments[command->most]);
	return EXIT_DONE;
}

enum exit_code options_parse(struct invocation *in, int argc, char *const *argv, bool *help)
{
	struct reading_line line = { in, argc, 0, argv, help };
	const struct option_def *options = in->command->options;
	size_t count = 0;
	enum exit_code code;

	while (options && options[count].name)
		count++;
	in->values = ARENA_ARRAY(&in->arena, const char *, count + 1);
	in->arguments = ARENA_ARRAY(&in->arena, const char *, (size_t)argc + 1);
	in->count = 0;
	*help = false;
	code = read_words(&line);
	if (code || *help)
		return code;
	for (size_t i = 0; i < count; i++) {
		if (!in->values[i])
			in->values[i] = options[i].fallback;
	}
	return check_count(in);
}
