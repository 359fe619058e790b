#include <math.h>
#include <stdlib.h>
#include "report/internal.h"

static struct table_column *add_column(struct page *page, struct table *table, const char *title)
{
	struct table_column *column;

	ARENA_PUSH(&page->arena, table->columns, table->column_count, table->column_capacity);
	column = &table->columns[table->column_count++];
	*column = (struct table_column){ .title = str_of(arena_dup(&page->arena, title)) };
	return column;
}

/* "month(created)" reads "month", "top(5, campaign)" reads "campaign", "lead.source" reads "source". */
static const char *dimension_title(struct page *page, struct str dimension)
{
	struct str text = str_trim(dimension);
	ptrdiff_t open = str_find(text, "("), comma = str_find(text, ","), dot;
	char *title;

	if (open > 0 && str_starts(text, "top(") && comma > 0) {
		text.at += comma + 1;
		text.len -= (size_t)comma + 2;
	} else if (open > 0) {
		text.len = (size_t)open;
	}
	text = str_trim(text);
	while ((dot = str_find(text, ".")) >= 0) {
		text.at += dot + 1;
		text.len -= (size_t)dot + 1;
	}
	title = arena_cstr(&page->arena, text);
	for (char *c = title; *c; c++) {
		if (*c == '_')
			*c = ' ';
	}
	if (*title >= 'a' && *title <= 'z')
		*title = (char)(*title - 'a' + 'A');
	return title;
}

/* Cuts the next dimension off `rest`: commas inside parentheses do not part. */
static struct str next_dimension(struct str *rest)
{
	size_t depth = 0, i;
	struct str dimension;

	for (i = 0; i < rest->len; i++) {
		if (rest->at[i] == '(')
			depth++;
		else if (rest->at[i] == ')' && depth)
			depth--;
		else if (rest->at[i] == ',' && !depth)
			break;
	}
	dimension = (struct str){ rest->at, i };
	rest->at += i < rest->len ? i + 1 : i;
	rest->len -= i < rest->len ? i + 1 : i;
	return str_trim(dimension);
}

struct table *page_table(struct page *page, const char *name, const char *title, const char *of, const char *by,
			 const char *where)
{
	struct table *table = ARENA_NEW(&page->arena, struct table);
	struct str rest;

	table->name = str_of(name);
	table->title = str_of(arena_dup(&page->arena, title));
	table->of = str_of(arena_dup(&page->arena, of));
	table->by = str_of(arena_dup(&page->arena, by));
	table->where = where ? str_of(arena_dup(&page->arena, where)) : STR_NONE;
	table->chart_x = table->chart_series = -1;
	table->shown = 40;
	for (rest = table->by; rest.len; table->labels++)
		add_column(page, table, dimension_title(page, next_dimension(&rest)));
	page_add_table(page, table);
	return table;
}

void table_label(struct table *table, size_t dimension, const char *title)
{
	table->columns[dimension].title = str_of(title);
}

static struct table_row *add_row(struct page *page, struct table *table)
{
	struct table_row *row;

	ARENA_PUSH(&page->arena, table->rows, table->row_count, table->row_capacity);
	row = &table->rows[table->row_count++];
	*row = (struct table_row){ .figures = ARENA_ARRAY(&page->arena, const struct figure *, table->column_count),
				   .texts = ARENA_ARRAY(&page->arena, struct str, table->column_count) };
	return row;
}

/* Room for one more column in every row. */
static void widen(struct page *page, struct table_row *row, size_t columns)
{
	row->figures = arena_grow(&page->arena, row->figures, sizeof(*row->figures) * (columns - 1),
				  sizeof(*row->figures) * columns);
	row->texts = arena_grow(&page->arena, row->texts, sizeof(*row->texts) * (columns - 1),
				sizeof(*row->texts) * columns);
}

static struct table_row *row_of_label(struct page *page, struct table *table, const struct str *by)
{
	struct table_row *row;

	for (size_t i = 0; i < table->row_count; i++) {
		bool same = table->rows[i].by != NULL;

		for (size_t d = 0; d < table->labels && same; d++)
			same = str_eq(table->rows[i].by[d], by[d]);
		if (same)
			return &table->rows[i];
	}
	row = add_row(page, table);
	row->by = by;
	for (size_t d = 0; d < table->labels; d++)
		row->texts[d] = str_of(page_name(page, by[d]));
	return row;
}

/* The condition under which a row of the table holds; "other" behind the first of top(5, …) has none. */
static const char *label_condition(struct page *page, struct str dimensions, const struct str *by, bool *plain)
{
	const char *where = NULL;
	struct str rest = dimensions;

	*plain = true;
	for (size_t d = 0; rest.len; d++) {
		struct str dimension = next_dimension(&rest);

		if (str_starts(dimension, "top(")) {
			*plain = *plain && !str_is(by[d], "other");
			str_cut(&dimension, ',');
			dimension.len--;
		}
		where = both(page, where, is_name(page, arena_cstr(&page->arena, str_trim(dimension)), by[d]));
	}
	return where;
}

static const struct ask *keep(struct page *page, const struct ask *ask)
{
	struct ask *copy = ARENA_NEW(&page->arena, struct ask);

	*copy = *ask;
	return copy;
}

const struct answer *table_column(struct page *page, struct table *table, const char *name, const char *title,
				  const struct ask *ask)
{
	struct ask full = page_complete(page, ask);
	const struct answer *answer;
	struct table_column *column;
	size_t at = table->column_count;

	if (!full.of)
		full.of = table->of.at;
	full.where = both(page, table->where.at, full.where);
	if (!full.by)
		full.by = table->by.at;
	answer = page_answer(page, &full);
	column = add_column(page, table, title ? title : full.title);
	column->name = str_of(name);
	column->answer = answer;
	column->right = true;
	column->brief = ask->brief;
	column->ask = keep(page, &full);
	for (size_t i = 0; i < table->row_count; i++)
		widen(page, &table->rows[i], table->column_count);
	for (size_t i = 0; i < answer->row_count; i++) {
		struct table_row *row = row_of_label(page, table, answer->rows[i].by);
		struct ask cell = full;
		struct figure *figure;
		bool plain;

		cell.where = both(page, full.where, label_condition(page, str_of(full.by), answer->rows[i].by, &plain));
		figure = (struct figure *)(uintptr_t)page_row_figure(page, &cell, answer, i);
		figure->label = str_of(page_printf(page, "%.*s: %.*s", STR_ARG(figure->label), STR_ARG(row->texts[0])));
		if (!plain)
			figure->rows_of = STR_NONE;
		row->figures[at] = figure;
		row->texts[at] =
			ask->brief ? figure_text_brief(figure, &page->arena) : figure_text(figure, &page->arena);
		table->columns[at].definition = figure->definition;
	}
	if (!answer->row_count) /* nothing to show, but the definition stands */
		table->columns[at].definition = page_row_figure(page, &full, answer, 0)->definition;
	return answer;
}

void table_total(struct page *page, struct table *table)
{
	struct table_row *row = add_row(page, table);

	row->total = true;
	row->texts[0] = STR("All");
	for (size_t c = table->labels; c < table->column_count; c++) {
		struct table_column *column = &table->columns[c];
		struct ask ask = *column->ask;
		const struct figure *figure;

		if (page->err.kind)
			return;
		ask.by = NULL;
		figure = page_figure(page, &ask);
		column->total = figure->answer;
		row->figures[c] = figure;
		row->texts[c] =
			column->brief ? figure_text_brief(figure, &page->arena) : figure_text(figure, &page->arena);
	}
}

void table_chart(struct table *table, const char *kind, int x, const char *y, int series)
{
	table->chart = kind;
	table->chart_x = x;
	table->chart_y = y;
	table->chart_series = series;
}

void table_bars(struct table *table, const char *y)
{
	table_chart(table, "bar", 0, y, -1);
	table->chart_lying = true;
}

size_t table_find(const struct table *table, const char *column)
{
	for (size_t c = table->labels; c < table->column_count; c++) {
		if (str_is(table->columns[c].name, column))
			return c;
	}
	BUG("table %.*s has no column %s", STR_ARG(table->name), column);
}

bool column_says(const struct table *table, size_t column)
{
	if (column < table->labels || !table->row_count)
		return true;
	for (size_t r = 0; r < table->row_count; r++) {
		const struct figure *figure = table->rows[r].figures[column];

		if (figure && figure_known(figure) && figure->row->denominator != 0)
			return true;
	}
	return false;
}

static double cell_number(const struct table_row *row, size_t column)
{
	const struct figure *figure = row->figures[column];

	return figure && figure_known(figure) ? figure_number(figure) : -INFINITY;
}

void table_sort(struct table *table, const char *column)
{
	size_t c = table_find(table, column), rows = table->row_count;

	while (rows && table->rows[rows - 1].total)
		rows--;
	/* stable, and tables are short */
	for (size_t i = 1; i < rows; i++) {
		struct table_row row = table->rows[i];
		size_t j = i;

		for (; j && cell_number(&table->rows[j - 1], c) < cell_number(&row, c); j--)
			table->rows[j] = table->rows[j - 1];
		table->rows[j] = row;
	}
}

struct table *page_matrix(struct page *page, const char *name, const char *title, const char *const *columns)
{
	struct table *table = ARENA_NEW(&page->arena, struct table);

	table->name = str_of(name);
	table->title = str_of(arena_dup(&page->arena, title));
	table->matrix = true;
	table->labels = 1;
	table->chart_x = table->chart_series = -1;
	table->shown = 40;
	for (size_t i = 0; columns[i]; i++)
		add_column(page, table, columns[i])->right = i > 0;
	page_add_table(page, table);
	return table;
}

void matrix_row(struct page *page, struct table *table, const char *name, const char *label,
		const struct figure *const *figures)
{
	struct table_row *row = add_row(page, table);

	row->name = str_of(arena_dup(&page->arena, name));
	row->texts[0] = str_of(page_name(page, str_of(label)));
	for (size_t c = 1; c < table->column_count; c++) {
		row->figures[c] = figures[c - 1];
		row->texts[c] = figures[c - 1] ? figure_text(figures[c - 1], &page->arena) : STR("–");
	}
}
