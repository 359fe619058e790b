/* Tables and what is drawn of them. */
#include <math.h>
#include "domain/value.h"
#include "report/writer.h"

static const char *text_of(struct writer *w, struct str s)
{
	return arena_cstr(&w->arena, s);
}

#define SHORT_BYTES 10

/* Dates, weeks, times and numbers do not break at their hyphens. */
static bool is_unbroken(struct str text)
{
	if (!text.len || text.at[0] < '0' || text.at[0] > '9')
		return false;
	for (size_t i = 0; i < text.len; i++) {
		if (!strchr("0123456789-–:., W", text.at[i]) && (unsigned char)text.at[i] < 0x80)
			return false;
	}
	return true;
}

/* Short words at the head of a row, as ids often are, take no more room than they need. */
static bool is_short(struct str text)
{
	return text.len && text.len <= SHORT_BYTES && str_find(text, " ") < 0;
}

double figure_drawn_value(const struct figure *figure)
{
	const struct answer_row *row = figure->row;

	if (!figure_is_drawn(figure))
		return NAN;
	return row->type == ANSWER_MONEY ? (double)row->minor / money_scale(row->currency) : row->value;
}

struct cell figure_cell(struct arena *arena, const struct figure *figure, struct str text, bool brief)
{
	const struct answer_row *row = figure->row;

	if (!figure_known(figure) || row->denominator == 0)
		return (struct cell){ "", "–" };
	if (row->denominator < 0)
		return (struct cell){ "", arena_cstr(arena, text) };
	return (struct cell){
		brief ? grouped(arena, row->numerator)
		      : arena_printf(arena, "%s of %s", grouped(arena, row->numerator),
				     grouped(arena, row->denominator)),
		figure_too_few(figure)
			? "too few to say"
			: arena_printf(arena, "%.1f %%", 100 * (double)row->numerator / (double)row->denominator),
	};
}

static void write_figure_cell(struct writer *w, const struct figure *figure, struct str text, bool brief)
{
	struct cell cell = figure_cell(&w->arena, figure, text, brief);
	double drawn = figure_drawn_value(figure);
	size_t group = figure->row->denominator ? rows_group_of(w, figure) : 0;

	html_open(&w->h, "td", "class", figure_too_few(figure) ? "number few" : "number", "data-value",
		  isnan(drawn) ? NULL : arena_printf(&w->arena, "%.10g", drawn), NULL);
	if (group)
		html_open(&w->h, "a", "href", arena_printf(&w->arena, "#rows-%zu", group), NULL);
	if (*cell.of) {
		html_element(&w->h, "span", "of", str_of(cell.of));
		html_say(&w->h, " ");
	}
	html_say(&w->h, cell.text);
	if (group)
		html_close(&w->h, "a");
	html_close(&w->h, "td");
}

static void write_label(struct writer *w, struct str text, bool first)
{
	const char *side = str_is(text, "marketing") ? "side marketing" : str_is(text, "sales") ? "side sales" : NULL;
	const char *tag = first ? "th" : "td";

	if (!side && (is_unbroken(text) || (first && is_short(text))))
		side = "unbroken";
	html_open(&w->h, tag, "scope", first ? "row" : NULL, "class", side, NULL);
	write_text(w, text);
	html_close(&w->h, tag);
}

/* Rows of a matrix are measures: their labels carry the definitions. */
static void write_measure_label(struct writer *w, const struct table *table, const struct table_row *row)
{
	size_t c = 1;

	while (c < table->column_count && !row->figures[c])
		c++;
	html_open(&w->h, "th", "scope", "row", NULL);
	if (c < table->column_count)
		link_with_tip(w, "term", arena_printf(&w->arena, "#def-%zu", row->figures[c]->definition),
			      row->texts[0], row->figures[c]->definition, true);
	else
		html_text(&w->h, row->texts[0]);
	html_close(&w->h, "th");
}

static void write_table_row(struct writer *w, const struct table *table, const struct table_row *row)
{
	html_open(&w->h, "tr", "data-marked", row->marked ? "yes" : NULL, NULL);
	for (size_t c = 0; c < table->column_count; c++) {
		if (!column_says(table, c))
			continue;
		if (row->figures[c])
			write_figure_cell(w, row->figures[c], row->texts[c], table->columns[c].brief);
		else if (c == 0 && table->matrix)
			write_measure_label(w, table, row);
		else if (c < table->labels)
			write_label(w, row->texts[c], c == 0);
		else
			html_element(&w->h, "td", "number", STR("–"));
	}
	html_close(&w->h, "tr");
}

static void write_column_heads(struct writer *w, const struct table *table)
{
	html_open(&w->h, "thead", NULL);
	html_open(&w->h, "tr", NULL);
	for (size_t c = 0; c < table->column_count; c++) {
		const struct table_column *column = &table->columns[c];

		if (!column_says(table, c))
			continue;
		if (!column->title.len) { /* the corner above the names of rows heads nothing */
			html_open(&w->h, "td", NULL);
			html_close(&w->h, "td");
			continue;
		}
		html_open(&w->h, "th", "scope", "col", "class", column->right ? "number" : NULL, NULL);
		if (column->definition)
			link_with_tip(w, "term", arena_printf(&w->arena, "#def-%zu", column->definition), column->title,
				      column->definition, true);
		else
			html_text(&w->h, column->title);
		html_close(&w->h, "th");
	}
	html_close(&w->h, "tr");
	html_close(&w->h, "thead");
}

static void open_scroll(struct writer *w, struct str label)
{
	html_open(&w->h, "div", "class", "scroll", "tabindex", "0", "role", "region", "aria-label", text_of(w, label),
		  NULL);
}

static void write_caption(struct writer *w, struct str title)
{
	html_open(&w->h, "caption", NULL);
	html_element(&w->h, "span", NULL, title); /* stays where it is when the table moves under it */
	html_close(&w->h, "caption");
}

void write_table(struct writer *w, const struct table *table)
{
	size_t rows = table->row_count, left;

	if (!table_says(table))
		return;
	while (rows && table->rows[rows - 1].total)
		rows--;
	left = rows > table->shown ? rows - table->shown : 0;
	write_chart(w, table, rows - left);
	open_scroll(w, table->title);
	html_open(&w->h, "table", "id", arena_printf(&w->arena, "t-%.*s", STR_ARG(table->name)), NULL);
	write_caption(w, table->title);
	write_column_heads(w, table);
	html_open(&w->h, "tbody", NULL);
	for (size_t r = 0; r < rows - left; r++)
		write_table_row(w, table, &table->rows[r]);
	html_close(&w->h, "tbody");
	if (rows < table->row_count) {
		html_open(&w->h, "tfoot", NULL);
		for (size_t r = rows; r < table->row_count; r++)
			write_table_row(w, table, &table->rows[r]);
		html_close(&w->h, "tfoot");
	}
	html_close(&w->h, "table");
	html_close(&w->h, "div");
	if (left)
		html_element(&w->h, "p", "more",
			     str_of(arena_printf(&w->arena, "And %zu more; --format csv has them all.", left)));
}

/* Columns that are empty in all rows say nothing. */
static bool column_is_empty(const struct listing *listing, size_t column, size_t rows)
{
	for (size_t r = 0; r < rows; r++) {
		if (listing->cells[r][column].len && !str_is(listing->cells[r][column], "–"))
			return false;
	}
	return true;
}

/* The first says which row it is, and stays in sight. No cell of the rows behind a figure breaks, and there are many: none has to say so. */
static void write_listed(struct writer *w, struct str text, bool right, bool first, bool behind)
{
	const char *tag = first ? "th" : "td";
	bool unbroken = first ? is_unbroken(text) || is_short(text) : !behind && is_unbroken(text);

	html_open(&w->h, tag, "scope", first ? "row" : NULL, "class",
		  right      ? "number"
		  : unbroken ? "unbroken"
			     : NULL,
		  NULL);
	html_text(&w->h, text);
	html_close(&w->h, tag);
}

void write_listing_table(struct writer *w, struct str title, const struct str *header, const bool *right,
			 const struct listing *listing, size_t rows, bool behind)
{
	open_scroll(w, title);
	html_open(&w->h, "table", NULL);
	write_caption(w, title);
	html_open(&w->h, "thead", NULL);
	html_open(&w->h, "tr", NULL);
	for (size_t c = 0; c < listing->columns; c++) {
		if (!column_is_empty(listing, c, rows)) {
			html_open(&w->h, "th", "scope", "col", "class", right && right[c] ? "number" : NULL, NULL);
			html_text(&w->h, header[c]);
			html_close(&w->h, "th");
		}
	}
	html_close(&w->h, "tr");
	html_close(&w->h, "thead");
	html_open(&w->h, "tbody", NULL);
	for (size_t r = 0; r < rows; r++) {
		html_open(&w->h, "tr", NULL);
		for (size_t c = 0, said = 0; c < listing->columns; c++) {
			if (!column_is_empty(listing, c, rows))
				write_listed(w, listing->cells[r][c], right && right[c], !said++, behind);
		}
		html_close(&w->h, "tr");
	}
	html_close(&w->h, "tbody");
	html_close(&w->h, "table");
	html_close(&w->h, "div");
}
