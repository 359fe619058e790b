/* `lockstep fields`: what a map can map to. Needs no book. */
#include "cli/output.h"
#include "io/terminal.h"
#include "io/text.h"

enum { WIDTH = 100, OUTPUT_MAX = 1 << 20, NAME_WIDTH = 22, TYPE_WIDTH = 11 };

static const char *const types[] = {
	[FIELD_TEXT] = "text",           [FIELD_NUMBER] = "number", [FIELD_MONEY] = "money", [FIELD_WHEN] = "time",
	[FIELD_MILESTONE] = "milestone", [FIELD_FLAG] = "yes/no",   [FIELD_REF] = "link",
};

/* These are made by the book. */
static bool can_be_mapped(const struct field_def *def)
{
	return def->code != FIELD_EMAIL_MATCH && def->code != FIELD_PHONE_MATCH;
}

static json_t *json_object_fields(enum object object)
{
	json_t *item = json_object(), *list = json_array();
	size_t count;
	const struct field_def *const *fields = object_fields(object, &count);

	for (size_t i = 0; i < count; i++) {
		json_t *field = json_object();

		if (can_be_mapped(fields[i])) {
			json_object_set_new(field, "name", json_string(fields[i]->name));
			json_object_set_new(field, "type", json_string(types[fields[i]->type]));
			json_object_set_new(field, "personal", json_boolean(fields[i]->personal));
			json_object_set_new(field, "sentence", json_string(fields[i]->sentence));
			json_array_append(list, field);
		}
		json_decref(field);
	}
	json_object_set_new(item, "name", json_string(object_plural(object)));
	json_object_set_new(item, "fields", list);
	return item;
}

static void print_object(enum object object, bool colour, struct buf *out)
{
	size_t count, at = 2 + NAME_WIDTH + TYPE_WIDTH;
	const struct field_def *const *fields = object_fields(object, &count);

	buf_addf(out, "%s%s%s\n", ink_on(INK_BOLD, colour), object_plural(object), ink_off(colour));
	for (size_t i = 0; i < count; i++) {
		struct buf line;

		if (!can_be_mapped(fields[i]))
			continue;
		buf_init(&line, 4096);
		buf_addf(&line, "%s%s", fields[i]->sentence, fields[i]->personal ? " (sealed)" : "");
		buf_addf(out, "  %-*s%-*s", NAME_WIDTH, fields[i]->name, TYPE_WIDTH, types[fields[i]->type]);
		text_wrap(buf_str(&line), at, at, WIDTH, out);
		buf_add_char(out, '\n');
		buf_release(&line);
	}
}

static enum exit_code run(struct invocation *in)
{
	enum object first = OBJECT_LEAD, last = OBJECT__COUNT - 1;
	json_t *list = json_array(), *root;
	enum exit_code code;
	struct buf out;

	if (in->count) {
		first = last = object_by_plural(str_of(in->arguments[0]));
		if (first == OBJECT_NONE) {
			json_decref(list);
			return command_usage(in, "no file holds \"%s\"; lockstep fields lists what files can hold",
					     in->arguments[0]);
		}
	}
	buf_init(&out, OUTPUT_MAX);
	for (int object = (int)first; object <= (int)last; object++) {
		if (!object_plural((enum object)object))
			continue;
		json_array_append_new(list, json_object_fields((enum object)object));
		if (object != (int)first)
			buf_add_char(&out, '\n');
		print_object((enum object)object, terminal_colour(stdout), &out);
	}
	root = json_object();
	json_object_set_new(root, "objects", list);
	if (wants_json(in)) {
		code = output_json(in, root);
	} else {
		json_decref(root);
		code = output_bytes(in, buf_str(&out));
	}
	buf_release(&out);
	return code;
}

static const struct option_def options[] = {
	{ "format", OPTION_CHOICE, NULL, "text|json", "text", "how to print the list" },
	{ .name = NULL },
};

const struct command command_fields = {
	.name = "fields",
	.arguments = "[OBJECT]",
	.summary = "list the fields that a map can map columns to",
	.about =
		"OBJECT is what rows are: leads, opportunities, accounts and so on. What can be asked about afterwards, fields of "
		"your own included, is what lockstep facts lists.",
	.examples = "lockstep fields opportunities",
	.least = 0,
	.most = 1,
	.options = options,
	.run = run,
};
