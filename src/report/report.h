/* Reports: each asks measures and says the answers in words. One file per report; none reads the database.
 *
 * A report builds a *page*: headings, sentences, tables and charts. Every figure in it is an answer to a measure and keeps it, so that
 * the renderers can show the counts, the definition and the rows behind it. Renderers: text (100 columns), JSON, CSV, HTML.
 * Nothing in a page is a bare number: sentences are made from figures (report_sentence), tables from answers.
 */
#ifndef REPORT_REPORT_H
#define REPORT_REPORT_H

#include <stdbool.h>
#include <stdio.h>
#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "facts/kpi.h"
#include "facts/measure.h"

struct report_request {
	const struct facts *facts;
	struct scope scope;
	int32_t from, to;    /* [from, to) local dates; DATE_NONE: the report's own default period */
	int32_t as_of;       /* DATE_NONE: facts_as_of */
	const char *by;      /* dimension that replaces the report's own, NULL = its own */
	const char *book_name;
};

/* One number of a page, with everything that explains it. */
struct figure {
	const struct answer *answer;
	const struct answer_row *row;
	struct str sentence; /* its definition in plain English */
	struct str rows_of, rows_where; /* what `lockstep rows` would list; empty when it is not about rows */
};

enum block_kind { BLOCK_HEADING, BLOCK_SENTENCE, BLOCK_TABLE, BLOCK_NOTE, BLOCK_ROWS };

struct sentence {
	struct str text;
	const struct figure **figures;
	size_t count;
	int mood; /* +1 good, −1 bad, 0 plain: colour on a terminal, a mark in HTML */
};

enum cell_kind { CELL_LABEL, CELL_FIGURE, CELL_TEXT };
struct table_column {
	struct str title;
	struct str name;     /* machine name: "win_rate" → JSON table "REPORTTABLE.win_rate" */
	struct str sentence; /* definition */
	const struct answer *answer; /* NULL for label and text columns */
	bool right;          /* align right */
};
struct table_row {
	const struct figure **figures; /* per column, NULL where it is a label or text */
	struct str *texts;             /* per column as printed in text and HTML */
	bool too_few;                  /* denominator under 20: printed beside the numbers */
	bool total;
};
struct table {
	struct str name, title;
	struct table_column *columns;
	size_t column_count;
	struct table_row *rows;
	size_t row_count;
	const char *chart;   /* NULL, "bar", "line", "stacked": drawn from the columns below */
	int chart_x, chart_y, chart_series;
};

/* Something found: for the weekly page's order of importance, for tests, for alerts later. */
struct finding {
	const char *kind;    /* "slow_rep", "junk_source", "junk_campaign", "leaking_stage", "stuck", … */
	struct str subject;  /* the rep, the campaign, the stage */
	double weight;       /* money or deals at stake, for ordering */
	const struct sentence *sentence;
};

struct page; /* page.h has the builder calls */

struct report {
	const char *name;    /* "weekly" */
	const char *title;
	const char *sentence;/* what question it answers */
	int (*build)(const struct report_request *request, struct page *page, struct err *err);
};

const struct report *report_at(size_t i); /* NULL past the end */
const struct report *report_find(struct str name);

/* `out` receives the whole document. Text: `colour` for terminals. */
int report_text(const struct page *page, bool colour, struct buf *out, struct err *err);
int report_json(const struct page *page, struct buf *out, struct err *err);
int report_csv(const struct page *page, struct buf *out, struct err *err);
int report_html(const struct page *page, struct buf *out, struct err *err);

#endif
