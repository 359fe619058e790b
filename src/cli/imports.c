/* `lockstep imports`: what was taken in, when, and whether it was finished. */
#include <string.h>
#include <unistd.h>
#include "cli/output.h"
#include "io/text_table.h"

/* Whoever reads a pipe wants whole names. */
enum { WIDTH_OF_PIPES = 4096 };

static const char *const states[] = {
	[IMPORT_FINISHED] = "finished",
	[IMPORT_UNFINISHED] = "unfinished",
	[IMPORT_UNDONE] = "undone",
};

static const char *state_of(const struct import *import)
{
	return import->process ? "running" : states[import->state];
}

static json_t *json_import(const struct import *import, const struct zone *zone)
{
	json_t *item = json_object();

	json_object_set_new(item, "import", json_integer((json_int_t)import->seq));
	json_object_set_new(item, "file", json_str(import->path));
	json_object_set_new(item, "map", json_str_or_null(import->map));
	json_object_set_new(item, "as", json_str(str_of(object_plural(import->object))));
	json_object_set_new(item, "state", json_string(state_of(import)));
	if (import->process)
		json_object_set_new(item, "process", json_integer(import->process));
	json_object_set_new(item, "began", json_time(zone, import->began_ms));
	json_object_set_new(item, "observed", json_time(zone, import->observed_ms));
	json_object_set_new(item, "rows", json_integer((json_int_t)import->rows));
	json_object_set_new(item, "accepted", json_integer((json_int_t)import->accepted));
	json_object_set_new(item, "changed", json_integer((json_int_t)import->changed));
	json_object_set_new(item, "unchanged", json_integer((json_int_t)import->unchanged));
	json_object_set_new(item, "rejected", json_integer((json_int_t)import->rejected));
	json_object_set_new(item, "rejected_file", json_str_or_null(import->rejected_path));
	return item;
}

static enum exit_code print_json(const struct invocation *in, const struct import *imports, size_t count,
				 const struct zone *zone)
{
	json_t *root = json_object(), *list = json_array();

	for (size_t i = 0; i < count; i++)
		json_array_append_new(list, json_import(&imports[i], zone));
	json_object_set_new(root, "imports", list);
	return output_json(in, root);
}

static struct str count_cell(struct invocation *in, uint64_t n)
{
	char text[32];

	return str_of(arena_dup(&in->arena, count_text((int64_t)n, text)));
}

/* The file's name without its folders: a table has little room. */
static struct str file_name(struct str path)
{
	for (size_t i = path.len; i--;) {
		if (path.at[i] == '/')
			return (struct str){ path.at + i + 1, path.len - i - 1 };
	}
	return path;
}

static void add_row(struct invocation *in, struct text_table *table, const struct import *import,
		    const struct zone *zone)
{
	struct text_cell *cells = text_table_row(table);

	cells[0].text = str_of(arena_printf(&in->arena, "%llu", (unsigned long long)import->seq));
	cells[1].text = str_of(minute_text(zone, import->began_ms, &in->arena));
	cells[2].text = file_name(import->path);
	cells[3].text = str_of(object_plural(import->object));
	cells[4].text = str_of(state_of(import));
	cells[4].ink = import->state == IMPORT_UNFINISHED ? INK_WARN : INK_PLAIN;
	if (import->state != IMPORT_UNFINISHED) {
		cells[5].text = count_cell(in, import->rows);
		cells[6].text = count_cell(in, import->accepted);
		cells[7].text = count_cell(in, import->changed);
		cells[8].text = count_cell(in, import->rejected);
	}
}

static enum exit_code print_text(struct invocation *in, const struct import *imports, size_t count,
				 const struct zone *zone)
{
	static const char *const titles[] = { "import", "taken in", "file",    "as",      "state",
					      "rows",   "new",      "changed", "rejected" };
	struct text_table table;
	struct buf out;
	enum exit_code code;
	size_t unfinished = 0;
	long running = 0;

	if (!count) {
		say(in, "Nothing was imported yet. Begin with: lockstep import FILE.csv");
		return EXIT_DONE;
	}
	text_table_init(&table, &in->arena);
	for (size_t i = 0; i < sizeof(titles) / sizeof(*titles); i++)
		text_table_column(&table, str_of(titles[i]), i == 0 || i > 4 ? TEXT_RIGHT : TEXT_LEFT);
	for (size_t i = 0; i < count; i++) {
		add_row(in, &table, &imports[i], zone);
		unfinished += imports[i].state == IMPORT_UNFINISHED && !imports[i].process;
		running = imports[i].process ? imports[i].process : running;
	}
	buf_init(&out, 1 << 26);
	text_table_print(&table, 0, isatty(STDOUT_FILENO) ? 100 : WIDTH_OF_PIPES, terminal_colour(stdout), &out);
	code = output_bytes(in, buf_str(&out));
	buf_release(&out);
	if (running)
		say(in, "Running: process %ld takes it in", running);
	if (unfinished)
		say(in,
		    "Unfinished: run the same import again to complete it, or take it back: lockstep import --undo N");
	return code;
}

static enum exit_code run(struct invocation *in)
{
	struct import *imports = NULL;
	struct err err = ERR_INIT;
	struct zone *zone = NULL;
	struct book *book;
	size_t count = 0;
	enum exit_code code = open_book(in, BOOK_READ, &book);

	if (code)
		return code;
	if (zone_load(&zone, book_settings(book)->zone, &err) || book_imports(book, &imports, &count, &in->arena, &err))
		code = command_fail(in, &err);
	else if (wants_json(in))
		code = print_json(in, imports, count, zone);
	else
		code = print_text(in, imports, count, zone);
	zone_free(zone);
	book_close(book);
	return code;
}

static const struct option_def options[] = {
	{ "format", OPTION_CHOICE, NULL, "text|json", "text", "how to print the list" },
	{ .name = NULL },
};

const struct command command_imports = {
	.name = "imports",
	.arguments = "",
	.summary = "list the files that were taken in",
	.about = "Oldest first, each with its number (for lockstep import --undo N), its state and its counts.",
	.examples = "lockstep imports",
	.least = 0,
	.most = 0,
	.options = options,
	.run = run,
};
