/* The page as one long table: a line for each value of each table, then the rows of listings. */
#include "domain/value.h"
#include "io/csv.h"
#include "report/internal.h"

enum { TABLE, COLUMN, BY_1, BY_2, BY_3, VALUE, UNIT, NUMERATOR, DENOMINATOR, N, MEASURE, OF, WHERE, CSV__COUNT };

static const char *const header[CSV__COUNT] = {
	[TABLE] = "table", [COLUMN] = "column",       [BY_1] = "by_1",
	[BY_2] = "by_2",   [BY_3] = "by_3",           [VALUE] = "value",
	[UNIT] = "unit",   [NUMERATOR] = "numerator", [DENOMINATOR] = "denominator",
	[N] = "n",         [MEASURE] = "measure",     [OF] = "of",
	[WHERE] = "where",
};

static struct str real_text(struct arena *arena, double value)
{
	return str_of(arena_printf(arena, "%.15g", value));
}

static struct str money_text(struct arena *arena, const struct answer_row *row)
{
	struct buf text;
	struct str copy;

	buf_init(&text, 64);
	money_plain(&text, row->minor, row->currency);
	copy = arena_str(arena, buf_str(&text));
	buf_release(&text);
	return copy;
}

static struct str value_text(const struct answer *answer, const struct answer_row *row, struct arena *arena)
{
	switch (row->type) {
	case ANSWER_NONE: return STR_NONE;
	case ANSWER_MONEY: return money_text(arena, row);
	case ANSWER_TIME: return answer_text(answer, row, arena);
	default: return real_text(arena, row->value);
	}
}

static void write_row(struct buf *out, struct arena *arena, struct str table, struct str column, const struct str *by,
		      size_t by_count, const struct answer *answer, const struct answer_row *row)
{
	struct str cells[CSV__COUNT] = { [TABLE] = table, [COLUMN] = column };

	for (size_t d = 0; d < by_count && d < 3; d++)
		cells[BY_1 + d] = by[d];
	cells[VALUE] = value_text(answer, row, arena);
	cells[UNIT] = row->type == ANSWER_MONEY      ? str_of(row->currency)
		      : row->type == ANSWER_DURATION ? str_of(answer->unit)
						     : STR_NONE;
	if (row->numerator >= 0)
		cells[NUMERATOR] = str_of(arena_printf(arena, "%lld", (long long)row->numerator));
	if (row->denominator >= 0)
		cells[DENOMINATOR] = str_of(arena_printf(arena, "%lld", (long long)row->denominator));
	cells[N] = str_of(arena_printf(arena, "%lld", (long long)row->n));
	cells[MEASURE] = answer->measure;
	cells[OF] = answer->of;
	cells[WHERE] = answer->where;
	csv_write_plain_row(out, cells, CSV__COUNT);
}

static void write_table(struct buf *out, struct arena *arena, const struct table *table)
{
	for (size_t r = 0; r < table->row_count; r++) {
		const struct table_row *row = &table->rows[r];

		for (size_t c = table->labels; c < table->column_count; c++) {
			const struct figure *figure = row->figures[c];

			if (!figure)
				continue;
			if (table->matrix)
				write_row(out, arena, table->name, row->name, &table->columns[c].title, 1,
					  figure->answer, figure->row);
			else
				write_row(out, arena, table->name, table->columns[c].name, row->texts,
					  row->total ? 1 : table->labels, figure->answer, figure->row);
		}
	}
}

static void write_listing(struct buf *out, const struct page_listing *rows)
{
	if (out->len)
		buf_add_char(out, '\n');
	csv_write_plain_row(out, rows->header, rows->listing.columns);
	for (size_t r = 0; r < rows->listing.count; r++)
		csv_write_plain_row(out, rows->listing.cells[r], rows->listing.columns);
}

int report_csv(const struct page *page, struct buf *out, struct err *err)
{
	struct str cells[CSV__COUNT];
	struct arena arena;
	bool tables = false;

	arena_init(&arena);
	for (size_t i = 0; i < CSV__COUNT; i++)
		cells[i] = str_of(header[i]);
	csv_write_plain_row(out, cells, CSV__COUNT);
	for (size_t i = 0; i < page->block_count; i++) {
		if (page->blocks[i].kind == BLOCK_TABLE) {
			write_table(out, &arena, page->blocks[i].as.table);
			tables = true;
		}
	}
	if (!tables)
		buf_clear(out); /* a page of listings alone is those listings */
	for (size_t i = 0; i < page->block_count; i++) {
		if (page->blocks[i].kind == BLOCK_LISTING)
			write_listing(out, page->blocks[i].as.listing);
	}
	arena_release(&arena);
	if (out->full)
		return err_set(err, ERR_LIMIT, "the report is larger than %zu bytes; ask for a shorter period",
			       out->max);
	return 0;
}
