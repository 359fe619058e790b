/* Shared by the parts of the HTML renderer: html.c (document, blocks), html_table.c (tables), html_chart.c (what is drawn of them), html_rows.c
 * (the rows behind the figures), html_index.c (the first page of a folder of reports). */
#ifndef REPORT_WRITER_H
#define REPORT_WRITER_H

#include "io/html.h"
#include "report/internal.h"

/* Rows behind one or more figures. */
struct group {
	struct str of, where, label;
	size_t number;
};

struct writer {
	const struct page *page;
	struct arena arena;
	struct html h;
	struct group *groups;
	size_t group_count, group_capacity;
	bool in_section, in_actions;
	bool among; /* the page stands in a folder with all other reports */
	size_t tips;
	size_t *noted; /* per definition: its number, in the order of appearance; 0 = not yet */
	size_t *order; /* definitions in that order */
	size_t noted_count;
	struct err *err;
};

/* What opens and closes every page. `active`: the report that this is; NULL for the index. */
void write_document_head(struct writer *w, struct str title, struct str js);
void write_nav(struct writer *w, const struct report *active);
void write_top(struct writer *w, const struct page_top *top, struct str title);
void write_foot(struct writer *w, const struct page_top *top);

/* Text in which dates do not break. */
void write_text(struct writer *w, struct str text);
/* The same, with `commands` as code. */
void write_words(struct writer *w, struct str text);
/* A term or figure that shows its definition on hover and on focus. `marked`: the definition's number stands inside it. */
void link_with_tip(struct writer *w, const char *class, const char *href, struct str text, size_t definition,
		   bool marked);
/* Number of the rows section of a figure; 0 when it has none. */
size_t rows_group_of(struct writer *w, const struct figure *figure);

/* What is unknown or too few to say is not drawn. */
bool figure_is_drawn(const struct figure *figure);
double figure_drawn_value(const struct figure *figure); /* money in major units; NaN: not drawn */

/* A figure in a table: "17 of 40" and "42.5 %", or nothing and the text. In the arena. */
struct cell {
	const char *of, *text;
};
struct cell figure_cell(struct arena *arena, const struct figure *figure, struct str text, bool brief);

/* What the script draws (web/charts.js says what each means); NULL: not said. */
struct chart {
	const char *kind, *x, *y, *series, *label, *format, *layout, *sort, *max, *caption;
};
/* False where nothing is drawn. */
bool chart_of(struct writer *w, const struct table *table, size_t rows, struct chart *out);
/* Nothing where there are fewer than two values, or all are nought. `rows`: those that the page shows. */
void write_chart(struct writer *w, const struct table *table, size_t rows);
void write_table(struct writer *w, const struct table *table);
/* `right`: per column, NULL = none. `behind`: these are rows behind a figure. */
void write_listing_table(struct writer *w, struct str title, const struct str *header, const bool *right,
			 const struct listing *listing, size_t rows, bool behind);
int write_groups(struct writer *w);

#endif
