/* The writing half of csv.h. */
#include "base/buf.h"
#include "io/csv.h"

static bool needs_quotes(struct str cell, char separator)
{
	for (size_t i = 0; i < cell.len; i++)
		if (cell.at[i] == separator || cell.at[i] == '"' || cell.at[i] == '\n' || cell.at[i] == '\r')
			return true;
	return cell.len && (strchr(" \t", cell.at[0]) || strchr(" \t", cell.at[cell.len - 1]));
}

static void write_quoted(struct buf *out, struct str cell)
{
	buf_add_char(out, '"');
	for (size_t i = 0; i < cell.len; i++) {
		if (cell.at[i] == '"')
			buf_add_char(out, '"');
		buf_add_char(out, cell.at[i]);
	}
	buf_add_char(out, '"');
}

void csv_write_row(struct buf *out, const struct str *cells, size_t count, char separator)
{
	for (size_t i = 0; i < count; i++) {
		if (i > 0)
			buf_add_char(out, separator);
		/* A lone empty cell without quotes would be a blank row. */
		if (needs_quotes(cells[i], separator) || (count == 1 && !cells[i].len))
			write_quoted(out, cells[i]);
		else
			buf_add_str(out, cells[i]);
	}
	buf_add_char(out, '\n');
}
