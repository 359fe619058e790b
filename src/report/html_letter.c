/* The page as it stands in a letter: sentences and tables, no script, no style sheet, no link to anything. */
#include "io/html.h"
#include "report/internal.h"

static void write_cell(struct html *h, const char *tag, struct str text, bool right)
{
	html_open(h, tag, "align", right ? "right" : "left", NULL);
	html_text(h, text);
	html_close(h, tag);
}

static void write_table(struct html *h, const struct table *table)
{
	if (!table_says(table))
		return;
	html_element(h, "h3", NULL, table->title);
	html_open(h, "table", "cellpadding", "4", "border", "0", NULL);
	html_open(h, "tr", NULL);
	for (size_t c = 0; c < table->column_count; c++)
		if (c < table->labels || column_says(table, c))
			write_cell(h, "th", table->columns[c].title, table->columns[c].right);
	html_close(h, "tr");
	for (size_t r = 0; r < table->row_count; r++) {
		if (r >= table->shown && !table->rows[r].total)
			continue;
		html_open(h, "tr", NULL);
		for (size_t c = 0; c < table->column_count; c++)
			if (c < table->labels || column_says(table, c))
				write_cell(h, c < table->labels ? "th" : "td", table->rows[r].texts[c],
					   table->columns[c].right);
		html_close(h, "tr");
	}
	html_close(h, "table");
}

static void write_listing(struct html *h, const struct page_listing *rows)
{
	const struct listing *listing = &rows->listing;

	if (!listing->count)
		return;
	html_element(h, "h3", NULL, rows->title);
	html_open(h, "table", "cellpadding", "4", NULL);
	html_open(h, "tr", NULL);
	for (size_t c = 0; c < listing->columns; c++)
		write_cell(h, "th", rows->header[c], rows->right[c]);
	html_close(h, "tr");
	for (size_t r = 0; r < rows->shown; r++) {
		html_open(h, "tr", NULL);
		for (size_t c = 0; c < listing->columns; c++)
			write_cell(h, "td", listing->cells[r][c], rows->right[c]);
		html_close(h, "tr");
	}
	html_close(h, "table");
}

/* Is there anything before the next heading? */
static bool heads_something(const struct page *page, size_t heading)
{
	for (size_t i = heading + 1; i < page->block_count && page->blocks[i].kind != BLOCK_HEADING; i++) {
		const struct block *block = &page->blocks[i];

		if (block->kind == BLOCK_TABLE ? table_says(block->as.table)
					       : block->kind != BLOCK_LISTING || block->as.listing->listing.count > 0)
			return true;
	}
	return false;
}

static void write_block(struct html *h, const struct block *block)
{
	switch (block->kind) {
	case BLOCK_HEADING: html_element(h, "h2", NULL, block->as.heading); break;
	case BLOCK_SENTENCE: html_element(h, "p", NULL, block->as.sentence->text); break;
	case BLOCK_NOTE:
		html_open(h, "p", NULL);
		html_element(h, "small", NULL, block->as.sentence->text);
		html_close(h, "p");
		break;
	case BLOCK_ACTION:
		html_open(h, "p", NULL);
		html_element(h, "strong", NULL, block->as.sentence->text);
		html_close(h, "p");
		break;
	case BLOCK_TABLE: write_table(h, block->as.table); break;
	case BLOCK_LISTING: write_listing(h, block->as.listing); break;
	}
}

void report_html_letter(const struct page *page, struct html *html)
{
	struct arena arena;
	struct page_top top;

	arena_init(&arena);
	top = page_top(page, &arena);
	html_element(html, "h1", NULL, page->title);
	html_element(
		html, "p", NULL,
		str_of(arena_printf(&arena, "%.*s%s%.*s, as of %.*s. %.*s", STR_ARG(top.book), top.book.len ? ", " : "",
				    STR_ARG(top.period), STR_ARG(top.as_of), STR_ARG(top.agreement))));
	for (size_t i = 0; i < top.warning_count; i++)
		html_element(html, "p", NULL, top.warnings[i]);
	for (size_t i = 0; i < page->block_count; i++)
		if (page->blocks[i].kind != BLOCK_HEADING || heads_something(page, i))
			write_block(html, &page->blocks[i]);
	html_open(html, "p", NULL);
	html_element(html, "small", NULL, str_of(arena_printf(&arena, "Book head %.*s", STR_ARG(top.head))));
	html_close(html, "p");
	arena_release(&arena);
}
