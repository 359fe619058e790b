#include "io/csv.h"

#include <csv.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/table.h"
#include "io/decode.h"

enum {
	MAX_CELL_BYTES = 1 << 20,
	MAX_ROW_BYTES = 16 << 20,
	MAX_COLUMNS = 4096,
	MAX_TEXT_BYTES = 1 << 20, /* of decoded text waiting to be split */
	PARSER_BLOCK_BYTES = 1 << 16,
	SAMPLE_ROWS = 50,
};

/* A row while it is being split. */
struct row {
	struct buf bytes; /* cells one after the other, each with a NUL behind it */
	size_t *ends;     /* of each cell in `bytes`, its NUL included */
	struct str *cells;
	size_t count, capacity;
	bool done;
	const char *refused; /* a limit was passed */
};

struct csv {
	char *path;
	struct csv_options options;
	struct decoder *decoder;
	char separator;
	struct csv_parser parser, inner; /* `inner` splits rows that stand in quotes */
	struct buf text;                 /* decoded */
	size_t text_at;
	bool text_ended, open; /* `open`: in the middle of a row */
	struct row row, inner_row;
	long line;                 /* lines wholly read */
	long row_line, quote_line; /* on which the open row began, and its open quote */
	size_t quote_cell;
	long blank_rows;
	struct csv_row header;
	struct arena arena; /* the header's */
};

/* --- a row --- */

static void row_init(struct row *row)
{
	*row = (struct row){ 0 };
	buf_init(&row->bytes, MAX_ROW_BYTES + MAX_COLUMNS);
}

static void row_release(struct row *row)
{
	buf_release(&row->bytes);
	free(row->ends);
	free(row->cells);
}

static void row_clear(struct row *row)
{
	buf_clear(&row->bytes);
	row->count = 0;
	row->done = false;
	row->refused = NULL;
}

static void on_cell(void *bytes, size_t len, void *context)
{
	struct row *row = context;

	if (len > MAX_CELL_BYTES) {
		row->refused = "a cell is larger than 1 MiB";
		return;
	}
	if (row->count == MAX_COLUMNS) {
		row->refused = "there are more than 4,096 columns";
		return;
	}
	if (row->count == row->capacity) {
		row->capacity = row->capacity ? row->capacity * 2 : 32;
		row->ends = must_realloc(row->ends, row->capacity * sizeof(*row->ends));
		row->cells = must_realloc(row->cells, row->capacity * sizeof(*row->cells));
	}
	buf_add(&row->bytes, bytes, len);
	buf_add_char(&row->bytes, 0);
	if (row->bytes.full)
		row->refused = "a row is larger than 16 MiB";
	row->ends[row->count++] = row->bytes.len;
}

static void on_row(int terminator, void *context)
{
	struct row *row = context;

	(void)terminator;
	row->done = true;
}

/* The buffer no longer moves: the cells can be pointed at. */
static void row_finish(struct row *row)
{
	size_t start = 0;

	for (size_t i = 0; i < row->count; i++) {
		row->cells[i] = (struct str){ row->bytes.at + start, row->ends[i] - start - 1 };
		start = row->ends[i];
	}
}

/* A Control-Z alone is how DOS ended files. */
static bool row_is_blank(const struct row *row)
{
	for (size_t i = 0; i < row->count; i++)
		if (str_trim(row->cells[i]).len && !str_is(row->cells[i], "\x1A"))
			return false;
	return true;
}

/* --- lines --- */

/* The next piece of text: to the end of a line, which sets *whole, or as far as the text has come. 1, 0 at the end. */
static int next_piece(struct csv *csv, struct str *piece, bool *whole, struct err *err)
{
	for (;;) {
		struct str rest = { csv->text.at + csv->text_at, csv->text.len - csv->text_at };
		size_t len;
		const char *lf = rest.len ? memchr(rest.at, '\n', rest.len) : NULL;
		const char *cr = rest.len ? memchr(rest.at, '\r', lf ? (size_t)(lf - rest.at) : rest.len) : NULL;

		len = cr ? (size_t)(cr - rest.at) : lf ? (size_t)(lf - rest.at) : rest.len;

		bool ends = len < rest.len;
		bool may_go_on = ends && rest.at[len] == '\r' && len + 1 == rest.len && !csv->text_ended;

		if (len || (ends && !may_go_on)) {
			*whole = ends && !may_go_on;
			if (*whole)
				len += rest.at[len] == '\r' && len + 1 < rest.len && rest.at[len + 1] == '\n' ? 2 : 1;
			*piece = (struct str){ rest.at, len };
			csv->text_at += len;
			return 1;
		}
		if (csv->text_ended)
			return 0;

		/* Nothing is left but, at most, a CR whose LF may come. */
		buf_clear(&csv->text);
		csv->text_at = 0;
		if (may_go_on)
			buf_add_char(&csv->text, '\r');

		int result = decoder_read(csv->decoder, &csv->text, err);

		if (result < 0)
			return result;
		csv->text_ended = result == 0;
	}
}

static bool has_content(struct str piece)
{
	for (size_t i = 0; i < piece.len; i++)
		if (!strchr(" \t\r\n", piece.at[i]))
			return true;
	return false;
}

static int refuse_quote(const struct csv *csv, struct err *err)
{
	return err_set(
		err, ERR_INPUT,
		"%s:%ld: the quote that opens on this line (cell %zu) is not closed where a cell ends; close it, and write "
		"quotes within a cell twice",
		csv->path, csv->quote_line, csv->quote_cell + 1);
}

static int refuse_limit(const struct csv *csv, const char *what, struct err *err)
{
	return err_set(err, ERR_LIMIT, "%s:%ld: %s; look for a quote that is not closed, or the wrong separator",
		       csv->path, csv->row_line, what);
}

static int check_limits(struct csv *csv, struct err *err)
{
	if (csv->row.refused)
		return refuse_limit(csv, csv->row.refused, err);
	if (csv_get_buffer_size(&csv->parser) > MAX_CELL_BYTES + 2 * PARSER_BLOCK_BYTES)
		return refuse_limit(csv, "a cell is larger than 1 MiB", err);
	return 0;
}

/* Feeds one piece. On the first line of a row stray quotes are forgiven; on those after it they mean that a quote was left open
 * further up and swallows rows. */
static int feed(struct csv *csv, struct str piece, bool whole, struct err *err)
{
	bool later_line = csv->open && csv->line + 1 > csv->row_line;

	if (!csv->open) {
		csv->row_line = csv->line + 1;
		csv->quote_line = csv->row_line;
		csv->quote_cell = 0;
	}
	csv_set_opts(&csv->parser, later_line ? CSV_STRICT : 0);
	if (csv_parse(&csv->parser, piece.at, piece.len, on_cell, on_row, &csv->row) != piece.len) {
		if (csv_error(&csv->parser) != CSV_EPARSE)
			out_of_memory(piece.len);
		return refuse_quote(csv, err);
	}
	if (!csv->row.done && csv->row.count != csv->quote_cell) {
		csv->quote_cell = csv->row.count;
		csv->quote_line = csv->line + 1;
	}
	if (csv->row.done)
		csv->open = false;
	else
		csv->open = csv->open || has_content(piece);
	if (whole) {
		csv->line++;
		csv->blank_rows += !csv->row.done && !csv->open;
	}
	return check_limits(csv, err);
}

/* At the end of the file: the last row, when no line end stood behind it. */
static int finish(struct csv *csv, struct err *err)
{
	csv_set_opts(&csv->parser, CSV_STRICT | CSV_STRICT_FINI);
	if (csv_fini(&csv->parser, on_cell, on_row, &csv->row) != 0)
		return refuse_quote(csv, err);
	csv->open = false;
	return check_limits(csv, err);
}

/* One row as it stands, blank ones included: 1, or 0 at the end. */
static int read_row(struct csv *csv, struct err *err)
{
	row_clear(&csv->row);
	while (!csv->row.done) {
		struct str piece;
		bool whole;
		int result = next_piece(csv, &piece, &whole, err);

		if (result == 0)
			result = finish(csv, err);
		else if (result > 0 && (result = feed(csv, piece, whole, err)) == 0)
			continue;
		if (result < 0)
			return result;
		if (!csv->row.done)
			return 0;
	}
	row_finish(&csv->row);
	return 1;
}

/* Splits a row that stands in quotes as one cell. False when it is none. */
static bool split_again(struct csv *csv)
{
	struct row *row = &csv->inner_row;

	if (csv->row.count != 1 || !csv->row.cells[0].len ||
	    !memchr(csv->row.cells[0].at, csv->separator, csv->row.cells[0].len))
		return false;
	row_clear(row);
	csv_parse(&csv->inner, csv->row.cells[0].at, csv->row.cells[0].len, on_cell, on_row, row);
	csv_fini(&csv->inner, on_cell, on_row, row);
	if (row->refused)
		return false;
	row_finish(row);
	return true;
}

/* The next row that is not blank; `columns` > 0: split again only where that gives so many. */
static int next_filled(struct csv *csv, size_t columns, struct csv_row *out, struct err *err)
{
	int result;

	while ((result = read_row(csv, err)) == 1) {
		if (row_is_blank(&csv->row)) {
			csv->blank_rows++;
			continue;
		}

		const struct row *row = &csv->row;

		if (columns != 1 && split_again(csv) && (!columns || csv->inner_row.count == columns))
			row = &csv->inner_row;
		*out = (struct csv_row){ row->cells, row->count, csv->row_line };
		return 1;
	}
	return result;
}

/* --- beginning --- */

static int skip_lines(struct csv *csv, struct err *err)
{
	while (csv->line < csv->options.skip_lines) {
		struct str piece;
		bool whole;
		int result = next_piece(csv, &piece, &whole, err);

		if (result <= 0)
			return result;
		csv->line += whole;
	}
	return 0;
}

/* Goes to the first line behind what is skipped, to read with this separator. */
static int start(struct csv *csv, char separator, struct err *err)
{
	csv_free(&csv->parser);
	csv_free(&csv->inner);
	if (csv_init(&csv->parser, 0) != 0 || csv_init(&csv->inner, 0) != 0)
		out_of_memory(0);
	csv_set_delim(&csv->parser, (unsigned char)separator);
	csv_set_delim(&csv->inner, (unsigned char)separator);
	csv_set_blk_size(&csv->parser, PARSER_BLOCK_BYTES);
	csv->separator = separator;
	buf_clear(&csv->text);
	csv->text_at = 0;
	csv->text_ended = csv->open = false;
	csv->line = csv->blank_rows = 0;

	int result = decoder_rewind(csv->decoder, err);

	return result < 0 ? result : skip_lines(csv, err);
}

/* How well the first rows agree when split at one separator. */
struct agreement {
	size_t columns; /* that most rows have */
	size_t rows, agreeing;
	bool header_agrees;
	bool broken; /* could not be split to the end of the sample */
};

static int measure(struct csv *csv, char separator, struct agreement *out, struct err *err)
{
	size_t counts[SAMPLE_ROWS], rows = 0;
	struct err ignored = ERR_INIT; /* with the wrong separator quotes may look unclosed */
	struct csv_row row;
	bool broken;
	int result = start(csv, separator, err);

	if (result < 0)
		return result;
	while (rows < SAMPLE_ROWS && (result = next_filled(csv, 0, &row, &ignored)) == 1)
		counts[rows++] = row.count;
	broken = result < 0;
	*out = (struct agreement){ .broken = broken };
	for (size_t i = 0; i < rows; i++) {
		size_t agreeing = 0;

		for (size_t j = 0; j < rows; j++)
			agreeing += counts[j] == counts[i];
		if (agreeing > out->agreeing)
			*out = (struct agreement){ counts[i], rows, agreeing, counts[0] == counts[i], broken };
	}
	return 0;
}

/* Several columns speak for a separator; without them a quote that it leaves open, so that the quote is named later. */
static int standing(const struct agreement *a)
{
	return a->columns > 1 ? 2 : a->broken;
}

static bool is_better(const struct agreement *a, const struct agreement *b)
{
	bool a_most = a->agreeing * 5 >= a->rows * 4, b_most = b->agreeing * 5 >= b->rows * 4;

	if (standing(a) != standing(b))
		return standing(a) > standing(b);
	if (a_most != b_most)
		return a_most;
	if (a->header_agrees != b->header_agrees)
		return a->header_agrees;
	return a->columns > b->columns;
}

static int find_separator(struct csv *csv, char *out, struct err *err)
{
	static const char separators[] = { ',', ';', '\t', '|' };
	struct agreement best = { 0 };

	*out = ',';
	if (csv->options.separator) {
		*out = csv->options.separator;
		return 0;
	}
	for (size_t i = 0; i < sizeof(separators); i++) {
		struct agreement this;
		int result = measure(csv, separators[i], &this, err);

		if (result < 0)
			return result;
		if (!this.rows && !this.broken) { /* wholly blank so */
			*out = separators[i];
			return 0;
		}
		if (standing(&this) && is_better(&this, &best)) {
			best = this;
			*out = separators[i];
		}
	}
	return 0;
}

/* Trimmed; "column 3" when empty; "Name (2)" when it stood before. */
static struct str header_name(struct csv *csv, struct table *seen, struct str cell, size_t number)
{
	struct str base = arena_str(&csv->arena, str_trim(cell)), name;
	bool is_new;

	if (!base.len)
		base = str_of(arena_printf(&csv->arena, "column %zu", number));
	name = base;
	table_put(seen, name, &is_new);
	for (int i = 2; !is_new; i++) {
		name = str_of(arena_printf(&csv->arena, "%.*s (%d)", STR_ARG(base), i));
		table_put(seen, name, &is_new);
	}
	return name;
}

static int read_header(struct csv *csv, struct err *err)
{
	struct csv_row row;
	struct table seen;
	int result = next_filled(csv, 0, &row, err);

	if (result < 0)
		return result;
	if (result == 0)
		return err_set(err, ERR_INPUT, "%s is empty: there is no header row in it; export it again", csv->path);
	table_init(&seen);
	csv->header = (struct csv_row){ ARENA_ARRAY(&csv->arena, struct str, row.count), row.count, row.line };
	for (size_t i = 0; i < row.count; i++)
		csv->header.cells[i] = header_name(csv, &seen, row.cells[i], i + 1);
	table_release(&seen);
	return 0;
}

/* A first line "sep=;", as written for Excel, names the separator and is no row. */
static int heed_hint(struct csv *csv, struct err *err)
{
	struct str piece;
	bool whole;
	int result = start(csv, ',', err);

	if (result < 0 || csv->options.skip_lines || csv->options.separator ||
	    (result = next_piece(csv, &piece, &whole, err)) <= 0)
		return result;

	struct str hint = str_trim(piece);

	if (whole && (hint.len == 4 || hint.len == 5) && str_eq_fold((struct str){ hint.at, 4 }, STR("sep="))) {
		csv->options.separator = hint.len == 5 ? hint.at[4] : '\t'; /* the tab was trimmed off */
		csv->options.skip_lines = 1;
	}
	return 0;
}

static int begin(struct csv *csv, struct err *err)
{
	char separator;
	int result = decoder_open(&csv->decoder, csv->path, csv->options.encoding, err);

	if (result < 0 || (result = heed_hint(csv, err)) < 0 || (result = find_separator(csv, &separator, err)) < 0 ||
	    (result = start(csv, separator, err)) < 0)
		return result;
	return read_header(csv, err);
}

int csv_open(struct csv **out, const char *path, const struct csv_options *options, struct err *err)
{
	static const struct csv_options usual = CSV_OPTIONS_DEFAULT;
	struct csv *csv = must_calloc(1, sizeof(*csv));

	arena_init(&csv->arena);
	csv->path = arena_dup(&csv->arena, path);
	csv->options = options ? *options : usual;
	buf_init(&csv->text, MAX_TEXT_BYTES);
	row_init(&csv->row);
	row_init(&csv->inner_row);
	if (csv_init(&csv->parser, 0) != 0 || csv_init(&csv->inner, 0) != 0)
		out_of_memory(0);

	int result = begin(csv, err);

	if (result < 0)
		csv_close(csv);
	else
		*out = csv;
	return result;
}

void csv_close(struct csv *csv)
{
	if (!csv)
		return;
	csv_free(&csv->parser);
	csv_free(&csv->inner);
	decoder_close(csv->decoder);
	buf_release(&csv->text);
	row_release(&csv->row);
	row_release(&csv->inner_row);
	arena_release(&csv->arena);
	free(csv);
}

/* --- reading --- */

int csv_next(struct csv *csv, struct csv_row *row, struct err *err)
{
	return next_filled(csv, csv->header.count, row, err);
}

int csv_restart(struct csv *csv, struct err *err)
{
	struct csv_row header;
	int result = start(csv, csv->separator, err);

	if (result == 0)
		result = next_filled(csv, 0, &header, err);
	return result < 0 ? result : 0;
}

int csv_check(struct csv *csv, struct err *err)
{
	struct csv_row row;
	int result;

	while ((result = csv_next(csv, &row, err)) == 1)
		;
	return result < 0 ? result : csv_restart(csv, err);
}

const struct csv_row *csv_header(const struct csv *csv)
{
	return &csv->header;
}

char csv_separator(const struct csv *csv)
{
	return csv->separator;
}

enum csv_encoding csv_encoding(const struct csv *csv)
{
	return decoder_encoding(csv->decoder);
}

const char *csv_encoding_name(enum csv_encoding encoding)
{
	static const char *const names[] = {
		[CSV_UTF8] = "UTF-8",
		[CSV_UTF16LE] = "UTF-16LE",
		[CSV_UTF16BE] = "UTF-16BE",
		[CSV_WINDOWS_1252] = "Windows-1252",
	};

	return names[encoding];
}

long csv_blank_rows(const struct csv *csv)
{
	return csv->blank_rows;
}

uint64_t csv_odd_bytes(const struct csv *csv)
{
	return decoder_odd_bytes(csv->decoder);
}

uint64_t csv_bytes_read(const struct csv *csv)
{
	return decoder_bytes_read(csv->decoder);
}

uint64_t csv_bytes_total(const struct csv *csv)
{
	return decoder_bytes_total(csv->decoder);
}
