#include "cli/lead_merge.h"

#include <stdio.h>

#include "cli/options.h"
#include "desk/duplicates.h"
#include "io/terminal.h"
#include "io/text_table.h"
#include "report/lead_words.h"

enum { PAIRS_MOST = 200, PAGE_MAX = 1 << 20, PAGE_WIDTH = 120 };

/* ---- suggesting ---- */

static struct str reasons_text(struct arena *arena, unsigned reasons)
{
	const char *text = "";

	for (int r = 0; r < MATCH_REASON__COUNT; r++)
		if (reasons >> r & 1)
			text = arena_printf(arena, "%s%s%s", text, *text ? ", " : "",
					    match_reason_name((enum match_reason)r));
	return str_of(text);
}

static json_t *reasons_json(unsigned reasons)
{
	json_t *list = json_array();

	for (int r = 0; r < MATCH_REASON__COUNT; r++)
		if (reasons >> r & 1)
			json_array_append_new(list, json_string(match_reason_name((enum match_reason)r)));
	return list;
}

static json_t *pair_json(const struct duplicate_pair *pair)
{
	json_t *item = json_object();

	json_object_set_new(item, "lead", json_str(pair->file.key));
	json_object_set_new(item, "source", json_str(pair->file.source));
	json_object_set_new(item, "other", json_str(pair->other.file.key));
	json_object_set_new(item, "other_source", json_str(pair->other.file.source));
	json_object_set_new(item, "score", json_integer(pair->other.score));
	json_object_set_new(item, "reasons", reasons_json(pair->other.reasons));
	return item;
}

static int who(struct at_desk *at, const struct lead_file *file, struct str *out, struct err *err)
{
	struct lead_facts facts;
	int failed = lead_facts_read(&facts, &at->desk, file, err);

	if (!failed)
		*out = lead_words_who(&at->desk, file, &facts);
	return failed;
}

static int add_row(struct at_desk *at, struct text_table *table, const struct duplicate_pair *pair, struct err *err)
{
	struct arena *arena = &at->in->arena;
	struct text_cell *cells;
	struct str one, other;

	if (who(at, &pair->file, &one, err) || who(at, &pair->other.file, &other, err))
		return err->kind;
	cells = text_table_row(table);
	cells[0].text = str_of(arena_printf(arena, "%d", pair->other.score));
	cells[1].text = one;
	cells[2].text = other;
	cells[3].text = reasons_text(arena, pair->other.reasons);
	return 0;
}

static enum exit_code print_pairs(struct at_desk *at, const struct duplicate_pair *pairs, size_t count)
{
	struct err err = ERR_INIT;
	struct text_table table;
	enum exit_code code;
	struct buf out;

	text_table_init(&table, &at->in->arena);
	text_table_column(&table, STR("score"), TEXT_RIGHT);
	text_table_column(&table, STR("lead"), TEXT_LEFT);
	text_table_column(&table, STR("may be"), TEXT_LEFT);
	text_table_column(&table, STR("because"), TEXT_LEFT);
	for (size_t i = 0; i < count; i++)
		if (add_row(at, &table, &pairs[i], &err))
			return command_fail(at->in, &err);
	buf_init(&out, PAGE_MAX);
	text_table_print(&table, 0, PAGE_WIDTH, terminal_colour(stdout), &out);
	code = output_bytes(at->in, buf_str(&out));
	buf_release(&out);
	return code;
}

static enum exit_code say_pairs(struct at_desk *at, const struct duplicate_pair *pairs, size_t count)
{
	json_t *root, *list;

	if (wants_json(at->in)) {
		root = json_object();
		list = json_array();
		for (size_t i = 0; i < count; i++)
			json_array_append_new(list, pair_json(&pairs[i]));
		json_object_set_new(root, "pairs", list);
		return output_json(at->in, root);
	}
	if (count)
		return print_pairs(at, pairs, count);
	say(at->in, "No lead looks like another.");
	return EXIT_DONE;
}

static int find_pairs(struct at_desk *at, const struct lead_file *file, struct duplicate_pair **out, size_t *count,
		      struct err *err)
{
	struct duplicate *found;

	if (!file)
		return duplicates_all(&at->desk, 0, PAIRS_MOST, out, count, err);
	if (duplicates_of(&at->desk, file, &found, count, err))
		return err->kind;
	*out = ARENA_ARRAY(&at->in->arena, struct duplicate_pair, *count + 1);
	for (size_t i = 0; i < *count; i++)
		(*out)[i] = (struct duplicate_pair){ *file, found[i] };
	return 0;
}

enum exit_code lead_duplicates(struct at_desk *at, const struct lead_file *file)
{
	struct duplicate_pair *pairs = NULL;
	struct err err = ERR_INIT;
	enum exit_code code;
	size_t count;

	at->desk.matches = matches_new(at->in->book_path);
	if (find_pairs(at, file, &pairs, &count, &err))
		code = command_fail(at->in, &err);
	else
		code = say_pairs(at, pairs, count);
	matches_free(at->desk.matches);
	at->desk.matches = NULL;
	return code;
}

/* ---- merging ---- */

static json_t *preview_json(const struct lead_file *file, const struct lead_file *into,
			    const struct merge_preview *preview)
{
	json_t *root = json_object();

	json_object_set_new(root, "lead", json_str(file->key));
	json_object_set_new(root, "into", json_str(into->key));
	json_object_set_new(root, "touches", json_integer((json_int_t)preview->touches));
	json_object_set_new(root, "contacts", json_integer((json_int_t)preview->contacts));
	json_object_set_new(root, "opportunities", json_integer((json_int_t)preview->opportunities));
	json_object_set_new(root, "orders", json_integer((json_int_t)preview->orders));
	json_object_set_new(root, "promises_void", json_integer((json_int_t)preview->promises));
	json_object_set_new(root, "points", preview->judged ? json_real((double)preview->points / 100) : json_null());
	json_object_set_new(root, "into_points",
			    preview->judged ? json_real((double)preview->into_points / 100) : json_null());
	return root;
}

enum exit_code lead_merge_preview(struct at_desk *at, const struct lead_file *file, const char *of)
{
	struct arena *arena = &at->in->arena;
	struct merge_preview preview;
	struct lead_file into;
	const char *points = "";

	if (!lead_desk_find(&at->desk, str_of(of), &into, &at->problems) ||
	    merge_look(&at->desk, file, &into, &preview, &at->problems))
		return print_problems(at->in, &at->problems);
	if (wants_json(at->in))
		return output_json(at->in, preview_json(file, &into, &preview));
	if (preview.judged)
		points = arena_printf(arena, "%.*s has %.*s points, %.*s %.*s; touches that move count for %.*s.\n",
				      STR_ARG(file->key), STR_ARG(lead_words_points(arena, preview.points)),
				      STR_ARG(into.key), STR_ARG(lead_words_points(arena, preview.into_points)),
				      STR_ARG(into.key));
	return output_plain(at->in,
			    str_of(arena_printf(arena,
						"%.*s would be merged into %.*s; nothing was written.\n"
						"Move: touches %zu, contacts %zu, opportunities %zu, orders %zu.\n"
						"Promises about %.*s that would be void: %zu.\n%s",
						STR_ARG(file->key), STR_ARG(into.key), preview.touches,
						preview.contacts, preview.opportunities, preview.orders,
						STR_ARG(file->key), preview.promises, points)));
}

enum exit_code lead_merge(struct at_desk *at, const struct lead_file *file, const char *of,
			  const struct lead_word *word, struct lead_told *told)
{
	struct err err = ERR_INIT;
	struct lead_file into;

	if (!lead_desk_find(&at->desk, str_of(of), &into, &at->problems))
		return print_problems(at->in, &at->problems);
	return at_desk_ended(at, merge_tell(&at->desk, file, &into, word, told, &at->problems, &err), &err);
}
