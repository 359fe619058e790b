#include "io/text_table.h"

#include "base/err.h"

enum { GAP = 2, LEAST_WIDTH = 8, TITLE_LINES_MAX = 4 };

void text_table_init(struct text_table *table, struct arena *arena)
{
	*table = (struct text_table){ .arena = arena };
}

void text_table_column(struct text_table *table, struct str title, enum text_align align)
{
	if (table->row_count)
		BUG("a column was added to a table that has rows");
	ARENA_PUSH(table->arena, table->columns, table->column_count, table->column_capacity);
	table->columns[table->column_count++] = (struct text_column){ .title = title, .align = align };
}

struct text_cell *text_table_row(struct text_table *table)
{
	struct text_cell *cells = ARENA_ARRAY(table->arena, struct text_cell, table->column_count);

	ARENA_PUSH(table->arena, table->rows, table->row_count, table->row_capacity);
	table->rows[table->row_count++].cells = cells;
	return cells;
}

void text_table_rule(struct text_table *table)
{
	ARENA_PUSH(table->arena, table->rows, table->row_count, table->row_capacity);
	table->rows[table->row_count++].cells = NULL;
}

static void add_spaces(struct buf *out, size_t count)
{
	while (count--)
		buf_add_char(out, ' ');
}

/* ---- widths ---- */

static size_t longest_word(struct str text)
{
	size_t longest = 0;

	while (text.len) {
		size_t wide = utf8_width(str_cut(&text, ' '));

		longest = wide > longest ? wide : longest;
	}
	return longest;
}

static size_t cells_width(const struct text_table *table, size_t column)
{
	size_t width = 0;

	for (size_t i = 0; i < table->row_count; i++) {
		const struct text_cell *cells = table->rows[i].cells;
		size_t wide = cells ? utf8_width(text_cut(cells[column].text, SIZE_MAX, table->arena)) : 0;

		width = wide > width ? wide : width;
	}
	return width;
}

static size_t total_width(const struct text_table *table)
{
	size_t width = 0;

	for (size_t i = 0; i < table->column_count; i++)
		width += table->columns[i].width + (i ? GAP : 0);
	return width;
}

/* The widest column that may be cut, or NULL. */
static struct text_column *widest_left(struct text_table *table)
{
	struct text_column *widest = NULL;

	for (size_t i = 0; i < table->column_count; i++) {
		struct text_column *column = &table->columns[i];

		if (column->align == TEXT_LEFT && column->width > LEAST_WIDTH &&
		    (!widest || column->width > widest->width))
			widest = column;
	}
	return widest;
}

static void measure_columns(struct text_table *table, size_t width)
{
	size_t *contents = ARENA_ARRAY(table->arena, size_t, table->column_count);
	struct text_column *column;

	for (size_t i = 0; i < table->column_count; i++) {
		size_t title = utf8_width(table->columns[i].title);

		contents[i] = cells_width(table, i);
		table->columns[i].width = title > contents[i] ? title : contents[i];
	}
	for (size_t i = 0; i < table->column_count && total_width(table) > width; i++) {
		size_t word = longest_word(table->columns[i].title);

		table->columns[i].width = word > contents[i] ? word : contents[i];
	}
	while (total_width(table) > width && (column = widest_left(table)))
		column->width--;
}

/* ---- printing ---- */

/* The lines that a title takes in its column. */
static size_t title_lines(struct str title, size_t width, struct str *lines, struct arena *arena)
{
	struct buf buf;
	struct str rest;
	size_t count = 0;

	buf_init(&buf, 4096);
	text_wrap(title, 0, 0, width, &buf);
	rest = arena_str(arena, buf_str(&buf));
	buf_release(&buf);
	while (rest.len && count < TITLE_LINES_MAX)
		lines[count++] = str_cut(&rest, '\n');
	return count;
}

static void print_line(const struct text_table *table, const struct text_cell *cells, size_t indent, bool colour,
		       struct buf *out)
{
	size_t owed = indent; /* spaces that are only written when something follows */

	for (size_t i = 0; i < table->column_count; i++) {
		const struct text_column *column = &table->columns[i];
		struct str text = text_cut(cells[i].text, column->width, table->arena);
		size_t pad = column->width - utf8_width(text);
		enum ink ink = cells[i].ink;

		owed += i ? GAP : 0;
		if (column->align == TEXT_RIGHT)
			owed += pad;
		if (text.len) {
			add_spaces(out, owed);
			owed = 0;
			buf_add_text(out, ink == INK_PLAIN ? "" : ink_on(ink, colour));
			buf_add_str(out, text);
			buf_add_text(out, ink == INK_PLAIN ? "" : ink_off(colour));
		}
		if (column->align == TEXT_LEFT)
			owed += pad;
	}
	buf_add_char(out, '\n');
}

static void print_titles(struct text_table *table, size_t indent, bool colour, struct buf *out)
{
	struct str(*lines)[TITLE_LINES_MAX] =
		arena_array(table->arena, sizeof(struct str[TITLE_LINES_MAX]), table->column_count);
	size_t *counts = ARENA_ARRAY(table->arena, size_t, table->column_count);
	struct text_cell *cells = ARENA_ARRAY(table->arena, struct text_cell, table->column_count);
	size_t most = 0;

	for (size_t i = 0; i < table->column_count; i++) {
		counts[i] = title_lines(table->columns[i].title, table->columns[i].width, lines[i], table->arena);
		most = counts[i] > most ? counts[i] : most;
	}
	for (size_t line = 0; line < most; line++) { /* the last lines of all titles stand on one line */
		for (size_t i = 0; i < table->column_count; i++) {
			size_t above = most - counts[i];

			cells[i].text = line < above ? STR_NONE : lines[i][line - above];
			cells[i].ink = INK_DIM;
		}
		print_line(table, cells, indent, colour, out);
	}
}

static void print_rule(const struct text_table *table, size_t indent, bool colour, struct buf *out)
{
	add_spaces(out, indent);
	buf_add_text(out, ink_on(INK_DIM, colour));
	for (size_t i = total_width(table); i; i--)
		buf_add_text(out, "─");
	buf_add_text(out, ink_off(colour));
	buf_add_char(out, '\n');
}

void text_table_print(struct text_table *table, size_t indent, size_t width, bool colour, struct buf *out)
{
	measure_columns(table, width > indent ? width - indent : 0);
	print_titles(table, indent, colour, out);
	for (size_t i = 0; i < table->row_count; i++) {
		if (table->rows[i].cells)
			print_line(table, table->rows[i].cells, indent, colour, out);
		else
			print_rule(table, indent, colour, out);
	}
}
