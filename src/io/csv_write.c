/* The writing half of csv.h. */
#include <ctype.h>
#include "base/buf.h"
#include "io/csv.h"

static bool needs_quotes(struct str cell, char separator)
{
	for (size_t i = 0; i < cell.len; i++)
		if (cell.at[i] == separator || cell.at[i] == '"' || cell.at[i] == '\n' || cell.at[i] == '\r')
			return true;
	return cell.len && (strchr(" \t", cell.at[0]) || strchr(" \t", cell.at[cell.len - 1]));
}

static void write_quoted(struct buf *out, struct str cell, const char *before)
{
	buf_add_char(out, '"');
	buf_add_str(out, str_of(before));
	for (size_t i = 0; i < cell.len; i++) {
		if (cell.at[i] == '"')
			buf_add_char(out, '"');
		buf_add_char(out, cell.at[i]);
	}
	buf_add_char(out, '"');
}

/* The same signs at full width, which some spreadsheets take likewise. */
static bool is_wide_sign(struct str cell)
{
	return str_starts(cell, "＝") || str_starts(cell, "＠") || str_starts(cell, "＋") || str_starts(cell, "－");
}

/* Numbers, amounts of less than zero and phone numbers are none: "-1,000.00 EUR", "+49 30 123". */
static bool is_formula(struct str cell)
{
	if (cell.len == 0)
		return false;
	if (cell.at[0] != '+' && cell.at[0] != '-')
		return memchr("=@\t\r\n", cell.at[0], 5) || is_wide_sign(cell);
	for (size_t i = 1; i < cell.len; i++) {
		unsigned char c = (unsigned char)cell.at[i];

		if (!isdigit(c) && (i == 1 || (!isalpha(c) && !memchr(".,% ", c, 4))))
			return true;
	}
	return false;
}

/* What an apostrophe goes before. One that stands there already gets another, so that taking one away gives the cell again. */
static bool is_guarded(struct str cell)
{
	while (cell.len && cell.at[0] == '\'')
		cell = (struct str){ cell.at + 1, cell.len - 1 };
	return is_formula(cell);
}

struct str csv_unguarded(struct str cell)
{
	struct str rest;

	if (cell.len == 0 || cell.at[0] != '\'')
		return cell;
	rest = (struct str){ cell.at + 1, cell.len - 1 };
	return is_guarded(rest) ? rest : cell;
}

static void write_row(struct buf *out, const struct str *cells, size_t count, char separator, bool plain)
{
	for (size_t i = 0; i < count; i++) {
		bool formula = plain && is_guarded(cells[i]);

		if (i > 0)
			buf_add_char(out, separator);
		/* A lone empty cell without quotes would be a blank row. */
		if (formula || needs_quotes(cells[i], separator) || (count == 1 && !cells[i].len))
			write_quoted(out, cells[i], formula ? "'" : "");
		else
			buf_add_str(out, cells[i]);
	}
	buf_add_char(out, '\n');
}

void csv_write_row(struct buf *out, const struct str *cells, size_t count, char separator)
{
	write_row(out, cells, count, separator, false);
}

void csv_write_plain_row(struct buf *out, const struct str *cells, size_t count)
{
	write_row(out, cells, count, ',', true);
}
