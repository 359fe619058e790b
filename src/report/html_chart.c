/* Whether and what is drawn of a table. The script in the page draws it from the table's cells. */
#include <ctype.h>
#include <math.h>
#include "report/writer.h"

#define BARS_MOST 15 /* more are a wall: only the greatest are drawn */
#define BARS_OF_MANY 12

bool figure_is_drawn(const struct figure *figure)
{
	return figure && figure_known(figure) && !isnan(figure->row->value) && figure->row->denominator != 0 &&
	       !(figure_is_share(figure) && figure_too_few(figure));
}

/* The table's columns that are drawn, at most `max`; their number. */
static size_t drawn_columns(const struct table *table, size_t *columns, size_t max)
{
	struct str rest = str_of(table->chart_y);
	size_t count = 0;

	while (rest.len && count < max) {
		struct str number = str_cut(&rest, ',');
		size_t column = 0;

		for (size_t i = 0; i < number.len; i++)
			column = 10 * column + (size_t)(number.at[i] - '0');
		if (column < table->column_count && column_says(table, column))
			columns[count++] = column;
	}
	return count;
}

/* Where a column stands in the page, which leaves out those that say nothing. */
static size_t place_of(const struct table *table, size_t column)
{
	size_t place = 0;

	for (size_t c = 0; c < column; c++)
		place += column_says(table, c);
	return place;
}

/* Months, stages, scores and numbers have an order of their own; the rows of a matrix have the report's. */
static bool has_own_order(const struct table *table, size_t rows)
{
	bool numbers = true;

	if (table->matrix || table->labels != 1 || str_find(table->by, "stage") >= 0 ||
	    str_find(table->by, "score") >= 0 || (str_find(table->by, "(") >= 0 && !str_starts(table->by, "top(")))
		return true;
	for (size_t r = 0; r < rows && numbers; r++)
		numbers = table->rows[r].texts[0].len && isdigit((unsigned char)table->rows[r].texts[0].at[0]);
	return numbers;
}

struct drawing {
	size_t columns[8], column_count;
	size_t drawn, few; /* rows with something to draw, rows of which it is too few to say */
	bool flat;         /* everything is nought */
	bool sorted;       /* by value, the greatest first */
};

static struct drawing plan(const struct table *table, size_t rows)
{
	struct drawing d = { .flat = true };

	d.column_count = drawn_columns(table, d.columns, 8);
	for (size_t r = 0; r < rows; r++) {
		bool any = false, few = false;

		for (size_t i = 0; i < d.column_count; i++) {
			const struct figure *figure = table->rows[r].figures[d.columns[i]];

			if (figure_is_drawn(figure)) {
				any = true;
				d.flat = d.flat && figure_number(figure) == 0;
			} else if (figure && figure_known(figure) && figure_too_few(figure)) {
				few = true;
			}
		}
		d.drawn += any;
		d.few += !any && few;
	}
	d.sorted = !strcmp(table->chart, "bar") && d.column_count == 1 && !has_own_order(table, rows);
	return d;
}

static const char *caption(struct writer *w, const struct table *table, const struct drawing *d, bool all)
{
	const char *of = "", *few = "";

	if (d->sorted && d->drawn > BARS_MOST)
		of = arena_printf(&w->arena, ", the %d largest of %s%zu", BARS_OF_MANY, all ? "" : "these ", d->drawn);
	if (d->few)
		few = arena_printf(&w->arena, "%s; without %zu too few to say", of, d->few);
	else
		few = of;
	if (d->column_count > 1)
		return arena_printf(&w->arena, "%.*s%s", STR_ARG(table->title), few);
	return arena_printf(&w->arena, "%.*s: %.*s%s", STR_ARG(table->title),
			    STR_ARG(table->columns[d->columns[0]].title), few);
}

static bool is_share(const struct table *table, size_t column, size_t rows)
{
	if (table->columns[column].answer)
		return table->columns[column].answer->type == ANSWER_RATIO;
	for (size_t r = 0; r < rows; r++) {
		if (table->rows[r].figures[column])
			return figure_is_share(table->rows[r].figures[column]) ||
			       table->rows[r].figures[column]->percent;
	}
	return false;
}

bool chart_of(struct writer *w, const struct table *table, size_t rows, struct chart *out)
{
	struct drawing d;
	const char *y = "";

	if (!table->chart)
		return false;
	d = plan(table, rows);
	if (d.drawn < 2 || d.flat)
		return false;
	for (size_t i = 0; i < d.column_count; i++)
		y = arena_printf(&w->arena, "%s%s%zu", y, i ? "," : "", place_of(table, d.columns[i]));
	*out = (struct chart){
		.kind = table->chart,
		.x = arena_printf(&w->arena, "%d", table->chart_x),
		.y = y,
		.series = table->chart_series < 0 ? NULL : arena_printf(&w->arena, "%d", table->chart_series),
		.label = d.column_count == 1 ? arena_cstr(&w->arena, table->columns[d.columns[0]].title) : NULL,
		.format = is_share(table, d.columns[0], rows) ? "percent" : NULL,
		.layout = table->chart_lying ? "rows" : NULL,
		.sort = d.sorted ? "value" : NULL,
		.max = d.sorted && d.drawn > BARS_MOST ? arena_printf(&w->arena, "%d", BARS_OF_MANY) : NULL,
		.caption = caption(w, table, &d, rows + 1 >= table->row_count),
	};
	return true;
}

void write_chart(struct writer *w, const struct table *table, size_t rows)
{
	struct chart c;

	if (!chart_of(w, table, rows, &c))
		return;
	html_open(&w->h, "figure", "class", "chart", "data-chart", c.kind, "data-table",
		  arena_printf(&w->arena, "t-%.*s", STR_ARG(table->name)), "data-x", c.x, "data-y", c.y, "data-series",
		  c.series, "data-y-label", c.label, "data-y-format", c.format, "data-layout", c.layout, "data-sort",
		  c.sort, "data-max", c.max, NULL);
	html_element(&w->h, "figcaption", NULL, str_of(c.caption));
	html_close(&w->h, "figure");
}
