#include "cli/answer.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/date.h"
#include "cli/output.h"
#include "domain/statistics.h"
#include "io/csv.h"
#include "io/terminal.h"
#include "io/text_table.h"

enum { WIDTH = 100, OUTPUT_MAX = 1 << 30 };

enum exit_code question_fail(const struct invocation *in, const struct err *err)
{
	return err->kind == ERR_INPUT ? command_usage(in, "%s", err->text) : command_fail(in, err);
}

void warn_unfinished(const struct invocation *in, const struct loaded *loaded)
{
	const struct import *imports;
	size_t count = facts_unfinished_imports(loaded->facts, &imports);

	for (size_t i = 0; i < count; i++) {
		if (imports[i].process) {
			say(in,
			    "Import %" PRIu64 " of %.*s is running (process %ld): figures lack some of its rows yet",
			    imports[i].seq, STR_ARG(imports[i].path), imports[i].process);
			continue;
		}
		say(in,
		    "Import %" PRIu64 " of %.*s was not finished: figures lack some of its rows until the same import "
		    "is run again",
		    imports[i].seq, STR_ARG(imports[i].path));
	}
}

/* ---- text ---- */

/* "4,238 of 6,711", "57 rows"; nothing where the value says it already. */
static struct str counts_text(const struct answer_row *row, struct arena *arena)
{
	char a[32], b[32];

	if (row->denominator >= 0)
		return str_of(arena_printf(arena, "%s of %s", count_text(row->numerator, a),
					   count_text(row->denominator, b)));
	if (row->type == ANSWER_COUNT)
		return STR_NONE;
	return str_of(arena_printf(arena, "%s %s", count_text(row->n, a), row->n == 1 ? "row" : "rows"));
}

/* answer_text, and times as people of the book's zone read them: midnight is a date. */
static struct str value_text(const struct answer *answer, const struct answer_row *row, const struct zone *zone,
			     struct arena *arena)
{
	char text[40];

	if (row->type != ANSWER_TIME)
		return answer_text(answer, row, arena);
	zone_format(zone, (int64_t)row->value * 1000, text);
	text[10] = ' ';
	text[strncmp(text + 11, "00:00:00", 8) ? 16 : 10] = '\0';
	return str_of(arena_dup(arena, text));
}

static bool too_few(const struct answer_row *row)
{
	return row->denominator > 0 && row->denominator < TOO_FEW;
}

static void print_title(const struct answer *answer, const struct kpi *kpi, int32_t from, int32_t to, bool colour,
			struct buf *out)
{
	char day[16];
	struct buf line;

	buf_init(&line, 1 << 16);
	buf_add_text(&line, ink_on(INK_BOLD, colour));
	if (kpi)
		buf_add_text(&line, kpi->title);
	else
		buf_add_str(&line, answer->measure);
	buf_add_text(&line, ink_off(colour));
	buf_addf(&line, " of %.*s", STR_ARG(answer->of));
	for (size_t i = 0; i < answer->by_count; i++)
		buf_addf(&line, "%s%.*s", i ? ", " : ", by ", STR_ARG(answer->by[i]));
	if (answer->where.len && !kpi)
		buf_addf(&line, ", where %.*s", STR_ARG(answer->where));
	if (from != DATE_NONE) {
		date_format(from, day);
		buf_addf(&line, ", from %s", day);
	}
	if (to != DATE_NONE) {
		date_format(to, day);
		buf_addf(&line, ", to %s", day);
	}
	if (answer->as_of != DATE_NONE) {
		date_format(answer->as_of, day);
		buf_addf(&line, ", as of %s", day);
	}
	text_wrap(buf_str(&line), 0, 2, WIDTH, out);
	buf_add_char(out, '\n');
	if (kpi) {
		buf_clear(&line);
		buf_addf(&line, "%s: %.*s", kpi->sentence, STR_ARG(answer->measure));
		text_wrap(buf_str(&line), 0, 2, WIDTH, out);
		buf_add_char(out, '\n');
	}
	buf_add_char(out, '\n');
	buf_release(&line);
}

/* What the table does not say by itself. */
static void print_notes(const struct answer *answer, bool colour, struct buf *out)
{
	int64_t unknown = 0, negative = 0;
	char n[32];

	for (size_t i = 0; i < answer->row_count; i++) {
		unknown += answer->rows[i].unknown_time;
		negative += answer->rows[i].negative;
	}
	if (!unknown && !negative && !answer->no_history)
		return;
	buf_addf(out, "\n%s", ink_on(INK_DIM, colour));
	if (unknown)
		buf_addf(out, "%s left out: nobody wrote down when.\n", count_text(unknown, n));
	if (negative)
		buf_addf(out, "%s below zero, counted in: the end stands before the beginning.\n",
			 count_text(negative, n));
	if (answer->no_history)
		buf_add_text(out, "Some values of that day are not known: no history of them is in the book.\n");
	buf_add_text(out, ink_off(colour));
}

static bool any_counts(const struct answer *answer)
{
	for (size_t i = 0; i < answer->row_count; i++) {
		if (answer->rows[i].denominator >= 0 || answer->rows[i].type != ANSWER_COUNT)
			return true;
	}
	return false;
}

static bool any_too_few(const struct answer *answer)
{
	for (size_t i = 0; i < answer->row_count; i++) {
		if (too_few(&answer->rows[i]))
			return true;
	}
	return false;
}

static void fill_table(const struct answer *answer, const struct zone *zone, struct text_table *table,
		       struct arena *arena)
{
	bool counts = any_counts(answer), few = any_too_few(answer);

	for (size_t i = 0; i < answer->by_count; i++)
		text_table_column(table, answer->by[i], TEXT_LEFT);
	text_table_column(table, STR_NONE, TEXT_RIGHT);
	if (counts)
		text_table_column(table, STR_NONE, TEXT_RIGHT);
	if (few)
		text_table_column(table, STR_NONE, TEXT_LEFT);
	for (size_t r = 0; r < answer->row_count; r++) {
		const struct answer_row *row = &answer->rows[r];
		struct text_cell *cells = text_table_row(table);
		size_t c = 0;

		for (; c < answer->by_count; c++) {
			cells[c].text = row->by[c].len ? row->by[c] : STR("(empty)");
			cells[c].ink = row->by[c].len ? INK_PLAIN : INK_DIM;
		}
		cells[c].ink = row->type == ANSWER_NONE ? INK_DIM : INK_BOLD;
		cells[c++].text = value_text(answer, row, zone, arena);
		if (counts)
			cells[c++].text = counts_text(row, arena);
		if (few && too_few(row))
			cells[c] = (struct text_cell){ STR("too few to say"), INK_DIM };
	}
}

static bool any_answer(const struct answer *answer)
{
	for (size_t i = 0; i < answer->row_count; i++) {
		if (answer->rows[i].type != ANSWER_NONE && answer->rows[i].n)
			return true;
	}
	return false;
}

static enum exit_code print_text(struct invocation *in, const struct loaded *loaded, const struct answer *answer,
				 const struct kpi *kpi, int32_t from, int32_t to)
{
	bool colour = terminal_colour(stdout);
	struct text_table table;
	struct buf out;
	enum exit_code code;

	buf_init(&out, OUTPUT_MAX);
	print_title(answer, kpi, from, to, colour, &out);
	text_table_init(&table, &in->arena);
	fill_table(answer, facts_zone(loaded->facts), &table, &in->arena);
	text_table_print(&table, 2, WIDTH, colour, &out);
	if (!answer->row_count)
		buf_add_text(&out, "  no rows\n");
	if (kpi && kpi->needs && *kpi->needs && !any_answer(answer))
		buf_addf(&out, "\n%sThis needs %s, and the book has none that fit.%s\n", ink_on(INK_DIM, colour),
			 kpi->needs, ink_off(colour));
	print_notes(answer, colour, &out);
	code = output_bytes(in, buf_str(&out));
	buf_release(&out);
	return code;
}

/* ---- CSV ---- */

static struct str value_plain(const struct answer_row *row, const struct zone *zone, struct arena *arena)
{
	json_t *value = answer_value_json(row, zone); /* the same text as in JSON, without its quotes */
	struct str text = STR_NONE;
	char *dumped;

	if (json_is_string(value)) {
		text = arena_str(arena, (struct str){ json_string_value(value), json_string_length(value) });
	} else if (!json_is_null(value)) {
		dumped = json_dumps(value, JSON_ENCODE_ANY | JSON_REAL_PRECISION(JSON_DIGITS));
		text = arena_str(arena, str_of(dumped));
		free(dumped);
	}
	json_decref(value);
	return text;
}

static enum exit_code print_csv(struct invocation *in, const struct loaded *loaded, const struct answer *answer)
{
	static const char *const titles[] = { "value", "numerator", "denominator", "n" };
	size_t columns = answer->by_count + 4;
	struct str *cells = ARENA_ARRAY(&in->arena, struct str, columns);
	struct buf out;
	enum exit_code code;

	buf_init(&out, OUTPUT_MAX);
	for (size_t c = 0; c < columns; c++)
		cells[c] = c < answer->by_count ? answer->by[c] : str_of(titles[c - answer->by_count]);
	csv_write_plain_row(&out, cells, columns);
	for (size_t r = 0; r < answer->row_count; r++) {
		const struct answer_row *row = &answer->rows[r];
		const int64_t numbers[] = { row->numerator, row->denominator, row->n };

		for (size_t c = 0; c < answer->by_count; c++)
			cells[c] = row->by[c];
		cells[answer->by_count] = value_plain(row, facts_zone(loaded->facts), &in->arena);
		for (size_t c = 0; c < 3; c++)
			cells[answer->by_count + 1 + c] =
				numbers[c] < 0 ? STR_NONE : str_of(arena_printf(&in->arena, "%" PRId64, numbers[c]));
		csv_write_plain_row(&out, cells, columns);
	}
	code = output_plain(in, buf_str(&out));
	buf_release(&out);
	return code;
}

/* ---- JSON ---- */

static enum exit_code print_json(const struct invocation *in, const struct loaded *loaded, const struct answer *answer,
				 const struct kpi *kpi, int32_t from, int32_t to)
{
	const struct import *imports;
	size_t count = facts_unfinished_imports(loaded->facts, &imports);
	json_t *root = json_object();

	if (kpi) {
		json_object_set_new(root, "kpi", json_string(kpi->name));
		json_object_set_new(root, "title", json_string(kpi->title));
		json_object_set_new(root, "sentence", json_string(kpi->sentence));
		json_object_set_new(root, "from", json_date(from));
		json_object_set_new(root, "to", json_date(to));
	}
	json_object_update_new(root, answer_json(answer, facts_zone(loaded->facts)));
	if (count) {
		json_t *unfinished = json_array();

		for (size_t i = 0; i < count; i++)
			json_array_append_new(unfinished, json_integer((json_int_t)imports[i].seq));
		json_object_set_new(root, "unfinished_imports", unfinished);
	}
	return output_json(in, root);
}

enum exit_code print_answer(struct invocation *in, const struct loaded *loaded, const struct answer *answer,
			    const struct kpi *kpi, int32_t from, int32_t to)
{
	warn_unfinished(in, loaded);
	if (answer->hint.len)
		say(in, "%.*s", STR_ARG(answer->hint));
	if (wants_json(in))
		return print_json(in, loaded, answer, kpi, from, to);
	if (wants_csv(in))
		return print_csv(in, loaded, answer);
	return print_text(in, loaded, answer, kpi, from, to);
}
