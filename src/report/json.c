/* The page for programs: every table column in the shape that `measure --format json` prints, every sentence with its measures. */
#include <math.h>
#include "report/answer_json.h"
#include "report/internal.h"

static const struct zone *zone_of(const struct page *page)
{
	return facts_zone(page->request.facts);
}

static json_t *figure_json(const struct page *page, const struct figure *figure)
{
	json_t *json = answer_head_json(figure->answer), *rows = json_array();

	json_array_append_new(rows, answer_row_json(figure->answer, figure->row, zone_of(page)));
	json_object_set_new(json, "rows", rows);
	return json;
}

static json_t *sentence_json(const struct page *page, const struct sentence *s)
{
	json_t *json = json_object(), *measures = json_array();

	for (size_t i = 0; i < s->count; i++)
		json_array_append_new(measures, figure_json(page, s->figures[i]));
	json_object_set_new(json, "text", json_str(s->text));
	json_object_set_new(json, "mood", json_integer(s->mood));
	json_object_set_new(json, "measures", measures);
	return json;
}

static void add_columns(json_t *tables, const struct page *page, const struct table *table, struct arena *arena)
{
	for (size_t c = table->labels; c < table->column_count; c++) {
		const struct table_column *column = &table->columns[c];
		json_t *json = answer_json(column->answer, zone_of(page));

		/* a period of each aggregate's own time is no part of the condition */
		if (column->ask->period.from != DATE_NONE)
			json_object_set_new(json, "from", json_date(column->ask->period.from));
		if (column->ask->period.to != DATE_NONE)
			json_object_set_new(json, "to", json_date(column->ask->period.to - 1));
		if (column->total && column->total->row_count)
			json_object_set_new(json, "total",
					    answer_row_json(column->total, &column->total->rows[0], zone_of(page)));
		json_object_set_new(
			tables, arena_printf(arena, "%.*s.%.*s", STR_ARG(table->name), STR_ARG(column->name)), json);
	}
}

/* A matrix has one measure per row, asked for different things: those are its labels. */
static void add_matrix(json_t *tables, const struct page *page, const struct table *table, struct arena *arena)
{
	for (size_t r = 0; r < table->row_count; r++) {
		const struct table_row *row = &table->rows[r];
		json_t *json = NULL, *rows = json_array();

		for (size_t c = 1; c < table->column_count; c++) {
			json_t *cell, *by;

			if (!row->figures[c])
				continue;
			if (!json)
				json = answer_head_json(row->figures[c]->answer);
			cell = answer_row_json(row->figures[c]->answer, row->figures[c]->row, zone_of(page));
			by = json_array();
			json_array_append_new(by, json_str(table->columns[c].title));
			json_object_set_new(cell, "by", by);
			json_object_set_new(cell, "measure", json_str(row->figures[c]->answer->measure));
			json_object_set_new(cell, "where",
					    row->figures[c]->answer->where.len
						    ? json_str(row->figures[c]->answer->where)
						    : json_null());
			json_array_append_new(rows, cell);
		}
		if (!json) {
			json_decref(rows);
			continue;
		}
		json_object_set_new(json, "rows", rows);
		json_object_set_new(tables, arena_printf(arena, "%.*s.%.*s", STR_ARG(table->name), STR_ARG(row->name)),
				    json);
	}
}

static json_t *listing_json(const struct page_listing *rows)
{
	json_t *json = json_object(), *header = json_array(), *cells = json_array();

	for (size_t c = 0; c < rows->listing.columns; c++)
		json_array_append_new(header, json_str(rows->header[c]));
	for (size_t r = 0; r < rows->listing.count; r++) {
		json_t *row = json_array();

		for (size_t c = 0; c < rows->listing.columns; c++)
			json_array_append_new(row, json_str(rows->listing.cells[r][c]));
		json_array_append_new(cells, row);
	}
	json_object_set_new(json, "of", json_str(rows->of));
	json_object_set_new(json, "where", rows->where.len ? json_str(rows->where) : json_null());
	json_object_set_new(json, "header", header);
	json_object_set_new(json, "rows", cells);
	json_object_set_new(json, "total", json_integer((json_int_t)rows->listing.total));
	return json;
}

static void add_blocks(json_t *root, const struct page *page, struct arena *arena)
{
	json_t *sentences = json_array(), *tables = json_object(), *listings = json_object(), *notes = json_array(),
	       *actions = json_array();

	for (size_t i = 0; i < page->block_count; i++) {
		const struct block *block = &page->blocks[i];

		switch (block->kind) {
		case BLOCK_HEADING: break;
		case BLOCK_SENTENCE: json_array_append_new(sentences, sentence_json(page, block->as.sentence)); break;
		case BLOCK_ACTION: json_array_append_new(actions, sentence_json(page, block->as.sentence)); break;
		case BLOCK_NOTE: json_array_append_new(notes, json_str(block->as.sentence->text)); break;
		case BLOCK_LISTING:
			json_object_set_new(listings, arena_cstr(arena, block->as.listing->name),
					    listing_json(block->as.listing));
			break;
		case BLOCK_TABLE:
			(block->as.table->matrix ? add_matrix : add_columns)(tables, page, block->as.table, arena);
			break;
		}
	}
	json_object_set_new(root, "sentences", sentences);
	json_object_set_new(root, "actions", actions);
	json_object_set_new(root, "tables", tables);
	json_object_set_new(root, "listings", listings);
	json_object_set_new(root, "notes", notes);
}

static json_t *findings_json(const struct page *page)
{
	json_t *findings = json_array();

	for (size_t i = 0; i < page->finding_count; i++) {
		const struct finding *f = &page->findings[i];
		json_t *json = json_object();

		json_object_set_new(json, "kind", json_string(f->kind));
		json_object_set_new(json, "subject", json_str(f->subject));
		json_object_set_new(json, "weight", json_real(isfinite(f->weight) ? f->weight : 0));
		json_object_set_new(json, "text", json_str(f->sentence->text));
		json_object_set_new(json, "action", f->action ? json_str(f->action->text) : json_null());
		json_array_append_new(findings, json);
	}
	return findings;
}

static json_t *definitions_json(const struct page *page)
{
	json_t *definitions = json_array();

	for (size_t i = 0; i < page->definition_count; i++) {
		const struct definition *d = &page->definitions[i];
		json_t *json = json_object();

		json_object_set_new(json, "title", json_str(d->title));
		json_object_set_new(json, "sentence", json_str(d->sentence));
		json_object_set_new(json, "measure", json_str(d->measure));
		json_object_set_new(json, "of", json_str(d->of));
		json_object_set_new(json, "currency", *d->currency ? json_string(d->currency) : json_null());
		json_array_append_new(definitions, json);
	}
	return definitions;
}

/* The text it is judged by, and counts by: null where there is none. One that is only tried has no number. */
static json_t *agreement_json(const struct page *page)
{
	const struct agreement_version *version = page_agreement(page);
	json_t *json;

	if (!version)
		return json_null();
	json = json_object();
	json_object_set_new(json, "version", version->number ? json_integer(version->number) : json_null());
	json_object_set_new(json, "title", json_str(version->agreement->title));
	json_object_set_new(json, "hash", json_string(version->hash));
	return json;
}

int report_json(const struct page *page, struct buf *out, struct err *err)
{
	struct arena arena;
	struct page_top top;
	json_t *root = json_object(), *warnings = json_array();

	arena_init(&arena);
	top = page_top(page, &arena);
	json_object_set_new(root, "report", json_string(page->report->name));
	json_object_set_new(root, "title", json_str(page->title));
	json_object_set_new(root, "book", json_str(top.book));
	json_object_set_new(root, "head", json_str(top.head));
	json_object_set_new(root, "as_of", json_date(page->request.as_of));
	json_object_set_new(root, "from", json_date(page->period.from));
	json_object_set_new(root, "to", json_date(page->period.to == DATE_NONE ? DATE_NONE : page->period.to - 1));
	json_object_set_new(root, "agreement", agreement_json(page));
	for (size_t i = 0; i < top.warning_count; i++)
		json_array_append_new(warnings, json_str(top.warnings[i]));
	json_object_set_new(root, "warnings", warnings);
	add_blocks(root, page, &arena);
	json_object_set_new(root, "findings", findings_json(page));
	json_object_set_new(root, "definitions", definitions_json(page));
	json_print(root, 1, out);
	buf_add_char(out, '\n');
	json_decref(root);
	arena_release(&arena);
	if (out->full)
		return err_set(err, ERR_LIMIT, "the report is larger than %zu bytes; ask for a shorter period",
			       out->max);
	return 0;
}
