/* `lockstep facts`: what can be asked about. */
#include "facts/facts.h"

#include <stdio.h>
#include "cli/load.h"
#include "cli/output.h"
#include "facts/judged.h"
#include "io/terminal.h"
#include "io/text.h"

enum { WIDTH = 100, OUTPUT_MAX = 1 << 24 };

static const char *const types[] = {
	[COLUMN_TIME] = "time",   [COLUMN_NAME] = "name", [COLUMN_NUMBER] = "number", [COLUMN_MONEY] = "money",
	[COLUMN_FLAG] = "yes/no", [COLUMN_REF] = "link",  [COLUMN_KEY] = "id",
};

static const char *type_text(const struct column_def *column)
{
	return column->milestone ? "milestone" : types[column->type];
}

static json_t *json_column(const struct column_def *column)
{
	json_t *item = json_object();

	json_object_set_new(item, "name", json_str(str_of(column->name)));
	json_object_set_new(item, "type", json_string(type_text(column)));
	json_object_set_new(item, "unit", json_str_or_null(str_of(column->unit)));
	json_object_set_new(item, "historic", json_boolean(column->historic));
	json_object_set_new(item, "derived", json_boolean(column->derived));
	json_object_set_new(item, "custom", json_boolean(column->custom));
	json_object_set_new(item, "of",
			    column->type == COLUMN_REF ? json_string(fact_name(column->target)) : json_null());
	json_object_set_new(item, "sentence", json_str(str_of(column->sentence)));
	return item;
}

static json_t *json_memory(struct facts_memory memory)
{
	json_t *item = json_object();

	json_object_set_new(item, "values", json_integer((json_int_t)memory.values));
	json_object_set_new(item, "names", json_integer((json_int_t)memory.names));
	json_object_set_new(item, "history", json_integer((json_int_t)memory.history));
	json_object_set_new(item, "keys", json_integer((json_int_t)memory.keys));
	return item;
}

/* Are there rows only once somebody asks? */
static bool by_judging(enum fact fact)
{
	return judging_needed(fact_name(fact)) != 0;
}

static json_t *json_fact(const struct facts *facts, enum fact fact)
{
	const struct column_def **columns;
	size_t count = facts_columns(facts, fact, &columns);
	json_t *item = json_object(), *list = json_array();

	for (size_t i = 0; i < count; i++)
		json_array_append_new(list, json_column(columns[i]));
	json_object_set_new(item, "name", json_string(fact_name(fact)));
	json_object_set_new(item, "sentence", json_string(fact_sentence(fact)));
	json_object_set_new(item, "rows", by_judging(fact) ? json_null() : json_integer(facts_rows(facts, fact)));
	json_object_set_new(item, "bytes", json_memory(facts_memory(facts, fact)));
	json_object_set_new(item, "columns", list);
	return item;
}

static enum exit_code print_json(const struct invocation *in, const struct facts *facts, enum fact first,
				 enum fact past)
{
	struct book_head head = facts_head(facts);
	json_t *root = json_object(), *list = json_array();

	for (enum fact fact = first; fact < past; fact++)
		json_array_append_new(list, json_fact(facts, fact));
	json_object_set_new(root, "head", json_head(&head));
	json_object_set_new(root, "first_day", json_date(facts_first_day(facts)));
	json_object_set_new(root, "last_day", json_date(facts_last_day(facts)));
	json_object_set_new(root, "as_of", json_date(facts_as_of(facts)));
	json_object_set_new(root, "facts", list);
	return output_json(in, root);
}

static void print_column(const struct column_def *column, size_t wide, bool colour, struct buf *out)
{
	struct buf line;
	size_t at = 2 + wide + 2 + 11;
	const char *type = type_text(column);

	buf_init(&line, 1 << 16);
	buf_add_text(&line, column->sentence ? column->sentence : "");
	if (column->unit && *column->unit && column->type != COLUMN_MONEY)
		buf_addf(&line, " (%s)", column->unit);
	if (column->type == COLUMN_REF)
		buf_addf(&line, " (of %s)", fact_name(column->target));
	if (column->custom)
		buf_add_text(&line, " (from the map)");
	buf_addf(out, "  %s%s%s%*s", ink_on(INK_BOLD, colour), column->name, ink_off(colour),
		 (int)(wide + 2 - utf8_width(str_of(column->name))), "");
	buf_addf(out, "%s%-9s%s  ", ink_on(INK_DIM, colour), type, ink_off(colour));
	text_wrap(buf_str(&line), at, at, WIDTH, out);
	buf_add_char(out, '\n');
	buf_release(&line);
}

static void print_fact(const struct facts *facts, enum fact fact, bool colour, struct buf *out)
{
	const struct column_def **columns;
	size_t count = facts_columns(facts, fact, &columns), wide = 0;
	struct buf line;
	char number[32];
	const char *rows = by_judging(fact) ? "judged when asked" : count_text(facts_rows(facts, fact), number);

	for (size_t i = 0; i < count; i++) {
		size_t len = utf8_width(str_of(columns[i]->name));

		wide = len > wide ? len : wide;
	}
	buf_init(&line, 4096);
	buf_addf(&line, "%s%s%s, %s%s: %s", ink_on(INK_BOLD, colour), fact_name(fact), ink_off(colour), rows,
		 by_judging(fact) ? "" : " rows", fact_sentence(fact));
	text_wrap(buf_str(&line), 0, 2, WIDTH, out);
	buf_add_char(out, '\n');
	for (size_t i = 0; i < count; i++)
		print_column(columns[i], wide, colour, out);
	buf_release(&line);
}

static enum exit_code print_text(const struct invocation *in, const struct facts *facts, enum fact first,
				 enum fact past)
{
	bool colour = terminal_colour(stdout);
	struct buf out;
	enum exit_code code;

	buf_init(&out, OUTPUT_MAX);
	for (enum fact fact = first; fact < past; fact++) {
		if (fact != first)
			buf_add_char(&out, '\n');
		print_fact(facts, fact, colour, &out);
	}
	code = output_bytes(in, buf_str(&out));
	buf_release(&out);
	return code;
}

static enum exit_code run(struct invocation *in)
{
	enum fact first = 0, past = FACT__COUNT;
	struct loaded loaded;
	enum exit_code code;

	if (in->count) {
		if (!fact_by_name(str_of(in->arguments[0]), &first))
			return command_usage(in, "there are no facts called \"%s\"; lockstep facts lists them",
					     in->arguments[0]);
		past = first + 1;
	}
	code = load_facts(in, &loaded);
	if (code)
		return code;
	if (wants_json(in))
		code = print_json(in, loaded.facts, first, past);
	else
		code = print_text(in, loaded.facts, first, past);
	release_facts(&loaded);
	return code;
}

static const struct option_def options[] = {
	{ "format", OPTION_CHOICE, NULL, "text|json", "text", "how to print the catalogue" },
	{ .name = NULL },
};

const struct command command_facts = {
	.name = "facts",
	.arguments = "[FACT]",
	.summary = "list what can be asked about, each column with its meaning",
	.examples = "lockstep facts\n"
		    "lockstep facts opportunities",
	.least = 0,
	.most = 1,
	.options = options,
	.run = run,
};
