/* Tables of text with aligned columns, for a terminal or a page of a fixed width. Knows no business words.
 *
 *	struct text_table table;
 *	text_table_init(&table, arena);
 *	text_table_column(&table, STR("owner"), TEXT_LEFT);
 *	text_table_column(&table, STR("win rate"), TEXT_RIGHT);
 *	struct text_cell *cells = text_table_row(&table);
 *	cells[0].text = …; cells[1].text = …;
 *	text_table_print(&table, 2, 100, colour, &out);
 *
 * Columns first, then rows. Cells borrow their texts until the table is printed. An empty title row is left out. When the table
 * is wider than allowed, titles are broken at spaces first, then the widest left-aligned columns are cut with "…"; numbers
 * (right-aligned) never are. Control characters in cells come out as spaces, so that no data can steer a terminal.
 */
#ifndef IO_TEXT_TABLE_H
#define IO_TEXT_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"
#include "io/terminal.h"
#include "io/text.h"

enum text_align { TEXT_LEFT, TEXT_RIGHT };

struct text_column {
	struct str title;
	enum text_align align;
	size_t width; /* filled in by printing */
};

struct text_cell {
	struct str text;
	enum ink ink;
};

struct text_row {
	struct text_cell *cells; /* one per column; NULL is a rule across */
};

struct text_table {
	struct arena *arena; /* borrows */
	struct text_column *columns;
	size_t column_count, column_capacity;
	struct text_row *rows;
	size_t row_count, row_capacity;
};

void text_table_init(struct text_table *table, struct arena *arena);
void text_table_column(struct text_table *table, struct str title, enum text_align align);
/* A new row's cells, all empty and plain. Valid as long as the arena. */
struct text_cell *text_table_row(struct text_table *table);
/* A line of dashes, say before a total. */
void text_table_rule(struct text_table *table);
/* Adds the table to `out`, each line after `indent` spaces, at most `width` columns where that is possible. No spaces at ends
 * of lines. */
void text_table_print(struct text_table *table, size_t indent, size_t width, bool colour, struct buf *out);

#endif
