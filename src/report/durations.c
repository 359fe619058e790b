/* What tables of durations do not say by themselves: times that are not known, and ends that stand before their beginning. */
#include "report/internal.h"

static const char *note_of(struct page *page, struct str title, int64_t unknown, int64_t negative)
{
	const char *left =
		unknown ? page_printf(page, "%s left out, nobody wrote down when", number(page, unknown)) : "";
	const char *below =
		negative ? page_printf(page, "%s below zero, counted in: the end stands before the beginning",
				       number(page, negative))
			 : "";

	return page_printf(page, "%.*s: %s%s%s.", STR_ARG(title), left, unknown && negative ? "; " : "", below);
}

static bool durations(const struct figure *figure)
{
	return figure && figure->answer->type == ANSWER_DURATION;
}

/* The rows of one column have each their own cases; those of a total are the same again. */
static void note_column(struct page *page, const struct table *table, size_t column)
{
	int64_t unknown = 0, negative = 0;

	for (size_t r = 0; r < table->row_count; r++) {
		const struct figure *figure = table->rows[r].figures[column];

		if (table->rows[r].total || !durations(figure))
			continue;
		unknown += figure->row->unknown_time;
		negative += figure->row->negative;
	}
	if (unknown || negative)
		page_note(page, "%s", note_of(page, table->columns[column].title, unknown, negative));
}

/* A matrix asks one thing a row, of cases that may be the same in several columns. */
static void note_row(struct page *page, const struct table *table, size_t row)
{
	int64_t unknown = 0, negative = 0;

	for (size_t c = table->labels; c < table->column_count; c++) {
		const struct figure *figure = table->rows[row].figures[c];

		if (!durations(figure))
			continue;
		unknown = figure->row->unknown_time > unknown ? figure->row->unknown_time : unknown;
		negative = figure->row->negative > negative ? figure->row->negative : negative;
	}
	if (unknown || negative)
		page_note(page, "%s", note_of(page, table->rows[row].texts[0], unknown, negative));
}

static void note_table(struct page *page, const struct table *table)
{
	for (size_t i = 0; table->matrix && i < table->row_count; i++)
		note_row(page, table, i);
	for (size_t i = table->labels; !table->matrix && i < table->column_count; i++)
		note_column(page, table, i);
}

void page_note_durations(struct page *page)
{
	struct block *blocks = page->blocks;
	size_t count = page->block_count;

	page->blocks = NULL;
	page->block_count = page->block_capacity = 0;
	for (size_t i = 0; i < count; i++) {
		page_add_block(page, &blocks[i]);
		if (blocks[i].kind == BLOCK_TABLE)
			note_table(page, blocks[i].as.table);
	}
}
