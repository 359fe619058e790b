/* Shared by page.c, figure.c, table.c and the renderers. */
#ifndef REPORT_INTERNAL_H
#define REPORT_INTERNAL_H

#include "report/page.h"

/* Around a figure inside a formatted sentence; page_name takes them out of names. */
#define MARK "\x01"
#define MARK_TEXT "\x02"
#define MARK_END "\x03"

#define INTERVAL_NOTE                                                                                                  \
	"A range behind a share is its 95 % interval (Wilson): where the share itself may lie, given how few or many were counted."
#define ROWS_SHOWN 50 /* rows behind a figure in HTML */

/* "1,204,000" */
const char *grouped(struct arena *arena, int64_t n);
bool figure_is_share(const struct figure *figure);
/* figure_text without the denominator. */
struct str figure_text_brief(const struct figure *figure, struct arena *arena);
void listing_for_people(struct listing *listing, struct arena *arena);
/* Whether any row has a figure in the column; those that have none are left out in text and HTML. */
bool column_says(const struct table *table, size_t column);
/* Whether any column does beside the labels: a table that says nothing is not shown. */
bool table_says(const struct table *table);
void page_add_table(struct page *page, struct table *table);
void page_add_block(struct page *page, const struct block *block); /* a copy of it */
/* Behind each table that has durations, once the page is whole: how many are left out or below zero. */
void page_note_durations(struct page *page);

/* What stands above every report: book, as-of day, period, agreement, imports that were begun and not finished. */
struct page_top {
	struct str book, as_of, period, agreement, head;
	struct str *warnings;
	size_t warning_count;
};
struct page_top page_top(const struct page *page, struct arena *arena);

#endif
