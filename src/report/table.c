#include <math.h>
#include <stdlib.h>
#include "report/internal.h"
#include "report/row_index.h"

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

/* The condition under which a row of the table holds; "other" behind the first of top(5, …) has none, nor has a running total but
 * that from the last row on: all rows from this one up. */
static const char *label_condition(struct page *page, const struct ask *ask, const struct str *by, bool *plain)
{
	bool running = str_find(str_of(ask->measure), "running(") >= 0,
	     from_top = str_find(str_of(ask->measure), ", from top)") >= 0;
	struct str rest = str_of(ask->by);
	const char *where = NULL;

	*plain = !running || from_top;
	for (size_t d = 0; rest.len; d++) {
		struct str dimension = next_dimension(&rest);
		const char *one;

		if (str_starts(dimension, "top(")) {
			*plain = *plain && !str_is(by[d], "other");
			str_cut(&dimension, ',');
			dimension.len--;
		}
		one = arena_cstr(&page->arena, str_trim(dimension));
		if (by[d].len && str_starts(dimension, "bucket("))
			one = page_printf(page, "%s %s %.*s", one, running ? ">=" : "=", STR_ARG(by[d]));
		else
			one = is_name(page, one, by[d]);
		where = both(page, where, one);
	}
	return where;
}

void table_column(struct page *page, struct table *table, const char *name, const char *title, const struct ask *ask)
{
	struct ask *full = ARENA_NEW(&page->arena, struct ask);

	if (table->filled)
		BUG("table %.*s has its rows already", STR_ARG(table->name));
	*full = page_complete(page, ask);
	if (!full->of)
		full->of = table->of.at;
	full->where = both(page, table->where.at, full->where);
	if (!full->by)
		full->by = table->by.at;
	*add_column(page, table, title ? title : full->title) = (struct table_column){
		.title = str_of(arena_dup(&page->arena, title ? title : full->title)),
		.name = str_of(name),
		.right = true,
		.brief = ask->brief,
		.ask = full,
	};
}

static struct table_row *row_of_labels(struct page *page, struct table *table, struct row_index *index,
				       const struct str *by)
{
	size_t at = row_index_of(index, by, table->labels, table->row_count);
	struct table_row *row;

	if (at < table->row_count)
		return &table->rows[at];
	row = add_row(page, table);
	for (size_t d = 0; d < table->labels; d++)
		row->texts[d] = str_of(page_name(page, by[d]));
	return row;
}

static void put_cell(struct page *page, const struct table_column *column, struct table_row *row, size_t at,
		     const struct figure *figure)
{
	row->figures[at] = figure;
	row->texts[at] = column->brief ? figure_text_brief(figure, &page->arena) : figure_text(figure, &page->arena);
}

static void fill_column(struct page *page, struct table *table, size_t at, struct row_index *index)
{
	struct table_column *column = &table->columns[at];
	const struct answer *answer = column->answer;

	for (size_t i = 0; i < answer->row_count; i++) {
		struct table_row *row = row_of_labels(page, table, index, answer->rows[i].by);
		struct ask cell = *column->ask;
		struct figure *figure;
		bool plain;

		cell.where = both(page, cell.where, label_condition(page, &cell, answer->rows[i].by, &plain));
		figure = (struct figure *)(uintptr_t)page_row_figure(page, &cell, answer, i);
		figure->label = str_of(page_printf(page, "%.*s: %.*s", STR_ARG(figure->label), STR_ARG(row->texts[0])));
		if (!plain)
			figure->rows_of = STR_NONE;
		put_cell(page, column, row, at, figure);
		column->definition = figure->definition;
	}
	if (!answer->row_count) /* nothing to show, but the definition stands */
		column->definition = page_row_figure(page, column->ask, answer, 0)->definition;
}

/* What the columns ask, in their order; without `by` for the total. */
static const struct answer **ask_columns(struct page *page, const struct table *table, bool total)
{
	size_t count = table->column_count - table->labels;
	struct ask *asks = ARENA_ARRAY(&page->arena, struct ask, count + 1);
	const struct answer **answers = ARENA_ARRAY(&page->arena, const struct answer *, count + 1);

	for (size_t i = 0; i < count; i++) {
		asks[i] = *table->columns[table->labels + i].ask;
		if (total)
			asks[i].by = NULL;
	}
	page_answer_all(page, asks, count, answers);
	return answers;
}

void table_fill(struct page *page, struct table *table)
{
	const struct answer **answers;
	struct row_index *index;

	if (table->filled || table->matrix)
		return;
	table->filled = true;
	index = row_index_new();
	answers = ask_columns(page, table, false);
	for (size_t c = table->labels; c < table->column_count; c++) {
		table->columns[c].answer = answers[c - table->labels];
		fill_column(page, table, c, index);
	}
	row_index_free(index);
}

void table_total(struct page *page, struct table *table)
{
	const struct answer **answers;
	struct table_row *row;

	table_fill(page, table);
	answers = ask_columns(page, table, true);
	row = add_row(page, table);
	row->total = true;
	row->texts[0] = STR("All");
	for (size_t c = table->labels; c < table->column_count; c++) {
		struct table_column *column = &table->columns[c];
		struct ask ask = *column->ask;

		ask.by = NULL;
		column->total = answers[c - table->labels];
		put_cell(page, column, row, c, page_row_figure(page, &ask, column->total, 0));
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

bool table_says(const struct table *table)
{
	for (size_t c = table->labels; c < table->column_count; c++)
		if (table->row_count && column_says(table, c))
			return true;
	return false;
}

static double cell_number(const struct table_row *row, size_t column)
{
	const struct figure *figure = row->figures[column];

	return figure && figure_known(figure) ? figure_number(figure) : -INFINITY;
}

void table_sort(struct page *page, struct table *table, const char *column)
{
	size_t c = table_find(table, column), rows;

	table_fill(page, table);
	rows = table->row_count;
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

void table_by_label(struct page *page, struct table *table)
{
	table_fill(page, table);
	for (size_t i = 1; i < table->row_count && !table->rows[i].total; i++) {
		struct table_row row = table->rows[i];
		size_t j = i;

		for (; j && str_cmp(table->rows[j - 1].texts[0], row.texts[0]) > 0; j--)
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
		if (figures[c - 1])
			put_cell(page, &table->columns[c], row, c, figures[c - 1]);
		else
			row->texts[c] = STR("–");
	}
}
