/* The page as people read it, for pages that show it: the blocks in their order, each text with what explains it. */
#include <math.h>
#include "report/answer_json.h"
#include "report/writer.h"

/* Definitions count from nought, in the page's own order. */
static void set_definition(json_t *json, size_t definition)
{
	if (definition)
		json_object_set_new(json, "definition", json_integer((json_int_t)definition - 1));
}

static void set_rows(json_t *json, struct writer *w, const struct figure *figure)
{
	size_t group = rows_group_of(w, figure);

	if (group)
		json_object_set_new(json, "rows", json_integer((json_int_t)group - 1));
}

static void set_text(json_t *json, const char *name, const char *text)
{
	if (text)
		json_object_set_new(json, name, json_string(text));
}

/* ---- sentences ---- */

static json_t *spans_json(struct writer *w, const struct sentence *s)
{
	json_t *spans = json_array();

	for (size_t i = 0; i < s->span_count; i++) {
		json_t *span = json_object();

		json_object_set_new(span, "text", json_str(s->spans[i].text));
		if (s->spans[i].figure) {
			set_definition(span, s->spans[i].figure->definition);
			set_rows(span, w, s->spans[i].figure);
		}
		json_array_append_new(spans, span);
	}
	return spans;
}

/* ---- tables ---- */

static json_t *cell_json(struct writer *w, const struct table *table, const struct table_row *row, size_t c)
{
	const struct figure *figure = row->figures[c];
	json_t *json = json_object();
	struct cell cell;

	if (!figure) {
		json_object_set_new(json, "text", c < table->labels ? json_str(row->texts[c]) : json_string("–"));
		for (size_t i = 1; table->matrix && c == 0 && i < table->column_count; i++) {
			if (row->figures[i]) {
				set_definition(json, row->figures[i]->definition);
				break;
			}
		}
		return json;
	}
	cell = figure_cell(&w->arena, figure, row->texts[c], table->columns[c].brief);
	json_object_set_new(json, "text", json_string(cell.text));
	if (*cell.of)
		json_object_set_new(json, "of", json_string(cell.of));
	if (!isnan(figure_drawn_value(figure)))
		json_object_set_new(json, "value", json_real(figure_drawn_value(figure)));
	if (figure_too_few(figure))
		json_object_set_new(json, "few", json_true());
	if (figure->row->denominator)
		set_rows(json, w, figure);
	return json;
}

static json_t *row_json(struct writer *w, const struct table *table, const struct table_row *row)
{
	json_t *json = json_object(), *cells = json_array();

	for (size_t c = 0; c < table->column_count; c++) {
		if (column_says(table, c))
			json_array_append_new(cells, cell_json(w, table, row, c));
	}
	json_object_set_new(json, "cells", cells);
	if (row->total)
		json_object_set_new(json, "total", json_true());
	if (row->marked)
		json_object_set_new(json, "marked", json_true());
	return json;
}

static json_t *columns_json(const struct table *table)
{
	json_t *columns = json_array();

	for (size_t c = 0; c < table->column_count; c++) {
		json_t *column;

		if (!column_says(table, c))
			continue;
		column = json_object();
		json_object_set_new(column, "title", json_str(table->columns[c].title));
		json_object_set_new(column, "number", json_boolean(table->columns[c].right));
		set_definition(column, table->columns[c].definition);
		json_array_append_new(columns, column);
	}
	return columns;
}

static json_t *chart_json(struct writer *w, const struct table *table, size_t rows)
{
	struct chart chart;
	json_t *json;

	if (!chart_of(w, table, rows, &chart))
		return NULL;
	json = json_object();
	set_text(json, "kind", chart.kind);
	set_text(json, "x", chart.x);
	set_text(json, "y", chart.y);
	set_text(json, "series", chart.series);
	set_text(json, "label", chart.label);
	set_text(json, "format", chart.format);
	set_text(json, "layout", chart.layout);
	set_text(json, "sort", chart.sort);
	set_text(json, "max", chart.max);
	set_text(json, "caption", chart.caption);
	return json;
}

static json_t *table_json(struct writer *w, const struct table *table)
{
	json_t *json = json_object(), *rows = json_array(), *chart;
	size_t count = table->row_count, left;

	while (count && table->rows[count - 1].total)
		count--;
	left = count > table->shown ? count - table->shown : 0;
	for (size_t r = 0; r < table->row_count; r++) {
		if (r < count - left || r >= count)
			json_array_append_new(rows, row_json(w, table, &table->rows[r]));
	}
	json_object_set_new(json, "kind", json_string("table"));
	json_object_set_new(json, "name", json_str(table->name));
	json_object_set_new(json, "title", json_str(table->title));
	json_object_set_new(json, "columns", columns_json(table));
	json_object_set_new(json, "table_rows", rows);
	json_object_set_new(json, "more", json_integer((json_int_t)left));
	chart = chart_json(w, table, count - left);
	if (chart)
		json_object_set_new(json, "chart", chart);
	return json;
}

static json_t *listing_json(const struct page_listing *rows)
{
	json_t *json = json_object(), *columns = json_array(), *lines = json_array();
	size_t shown = rows->listing.count < rows->shown ? rows->listing.count : rows->shown;

	for (size_t c = 0; c < rows->listing.columns; c++) {
		json_t *column = json_object();

		json_object_set_new(column, "title", json_str(rows->header[c]));
		json_object_set_new(column, "number", json_boolean(rows->right && rows->right[c]));
		json_array_append_new(columns, column);
	}
	for (size_t r = 0; r < shown; r++) {
		json_t *line = json_array();

		for (size_t c = 0; c < rows->listing.columns; c++)
			json_array_append_new(line, json_str(rows->listing.cells[r][c]));
		json_array_append_new(lines, line);
	}
	json_object_set_new(json, "kind", json_string("listing"));
	json_object_set_new(json, "name", json_str(rows->name));
	json_object_set_new(json, "title", json_str(rows->title));
	json_object_set_new(json, "of", json_str(rows->of));
	json_object_set_new(json, "columns", columns);
	json_object_set_new(json, "lines", lines);
	json_object_set_new(json, "more", json_integer((json_int_t)(rows->listing.total - shown)));
	return json;
}

/* ---- the page ---- */

static json_t *block_json(struct writer *w, const struct block *block)
{
	static const char *const kinds[] = {
		[BLOCK_SENTENCE] = "sentence",
		[BLOCK_NOTE] = "note",
		[BLOCK_ACTION] = "action",
	};
	json_t *json;

	switch (block->kind) {
	case BLOCK_TABLE: return table_says(block->as.table) ? table_json(w, block->as.table) : NULL;
	case BLOCK_LISTING: return block->as.listing->listing.count ? listing_json(block->as.listing) : NULL;
	case BLOCK_HEADING:
		json = json_object();
		json_object_set_new(json, "kind", json_string("heading"));
		json_object_set_new(json, "text", json_str(block->as.heading));
		return json;
	case BLOCK_SENTENCE:
	case BLOCK_NOTE:
	case BLOCK_ACTION: break;
	}
	json = json_object();
	json_object_set_new(json, "kind", json_string(kinds[block->kind]));
	json_object_set_new(json, "mood", json_integer(block->as.sentence->mood));
	json_object_set_new(json, "spans", spans_json(w, block->as.sentence));
	return json;
}

static json_t *definitions_json(const struct page *page)
{
	json_t *list = json_array();

	for (size_t i = 0; i < page->definition_count; i++) {
		const struct definition *d = &page->definitions[i];
		json_t *json = json_object();

		json_object_set_new(json, "title", json_str(d->title));
		json_object_set_new(json, "sentence", json_str(d->sentence));
		json_object_set_new(json, "measure", json_str(d->measure));
		json_object_set_new(json, "of", json_str(d->of));
		json_object_set_new(json, "currency", *d->currency ? json_string(d->currency) : json_null());
		json_array_append_new(list, json);
	}
	return list;
}

static json_t *groups_json(const struct writer *w)
{
	json_t *list = json_array();

	for (size_t i = 0; i < w->group_count; i++) {
		struct row_columns columns = row_columns(w->groups[i].of);
		json_t *json = json_object();

		json_object_set_new(json, "of", json_str(w->groups[i].of));
		json_object_set_new(json, "where", json_str_or_null(w->groups[i].where));
		json_object_set_new(json, "label", json_str(w->groups[i].label));
		json_object_set_new(json, "columns", json_string(columns.columns ? columns.columns : "key"));
		json_object_set_new(json, "header", json_string(columns.header ? columns.header : "Key"));
		json_array_append_new(list, json);
	}
	return list;
}

static json_t *top_json(struct writer *w)
{
	struct page_top top = page_top(w->page, &w->arena);
	json_t *root = json_object(), *warnings = json_array();

	for (size_t i = 0; i < top.warning_count; i++)
		json_array_append_new(warnings, json_str(top.warnings[i]));
	json_object_set_new(root, "report", json_string(w->page->report->name));
	json_object_set_new(root, "title", json_str(w->page->title));
	json_object_set_new(root, "period", json_str(top.period));
	json_object_set_new(root, "as_of_text", json_str(top.as_of));
	json_object_set_new(root, "agreement_text", json_str(top.agreement));
	json_object_set_new(root, "head", json_str(top.head));
	json_object_set_new(root, "as_of", json_date(w->page->request.as_of));
	json_object_set_new(root, "from", json_date(w->page->period.from));
	json_object_set_new(root, "to",
			    json_date(w->page->period.to == DATE_NONE ? DATE_NONE : w->page->period.to - 1));
	json_object_set_new(root, "warnings", warnings);
	return root;
}

int report_page_json(const struct page *page, struct buf *out, struct err *err)
{
	struct writer w = { .page = page, .err = err };
	json_t *root, *blocks = json_array();

	arena_init(&w.arena);
	root = top_json(&w);
	for (size_t i = 0; i < page->block_count; i++) {
		json_t *json = block_json(&w, &page->blocks[i]);

		if (json)
			json_array_append_new(blocks, json);
	}
	json_object_set_new(root, "blocks", blocks);
	json_object_set_new(root, "definitions", definitions_json(page));
	json_object_set_new(root, "behind", groups_json(&w));
	set_text(root, "interval_note", page->intervals ? INTERVAL_NOTE : NULL);
	json_print(root, 0, out);
	json_decref(root);
	arena_release(&w.arena);
	if (out->full)
		return err_set(err, ERR_LIMIT, "the report is larger than %zu bytes; ask for a shorter period",
			       out->max);
	return 0;
}
