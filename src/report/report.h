/* Reports: each asks measures and says the answers in words. One file per report; none reads the database.
 *
 * A report builds a *page* (page.h has the calls): headings, sentences, tables and listings. Every figure in it is an answer to a
 * measure and keeps it, so that the renderers can show the counts, the definition and the rows behind it. Renderers: text
 * (100 columns), JSON, CSV, HTML. Nothing in a page is a bare number: sentences are made from figures, tables from answers.
 */
#ifndef REPORT_REPORT_H
#define REPORT_REPORT_H

#include <stdbool.h>
#include <stdio.h>
#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "desk/agreements.h"
#include "desk/standings.h"
#include "facts/kpi.h"
#include "facts/measure.h"

struct report_request {
	const struct facts *facts;
	struct scope scope;
	int32_t from, to; /* [from, to) local dates; DATE_NONE: the report's own default period */
	int32_t as_of;    /* DATE_NONE: facts_as_of */
	const char *by;   /* dimension that replaces the report's own, NULL = its own */
	const char *book_name;
	const char *book_path; /* for the commands that list the rows behind; NULL: where books usually are */
	/* A replay beside another text: that, and what judges `facts` by it; NULL otherwise. */
	const struct agreements *against;
	int (*judge)(void *context, const struct agreements *by, struct err *err);
	void *judge_context;
	const struct import *imports; /* what was taken in, oldest first; NULL: not known */
	size_t import_count;
	const struct standings *standings;   /* of partners, as recorded; NULL: not known */
	const struct agreements *agreements; /* of the book, or one text that is tried (number 0); NULL: not known */
};

/* What a number means. Each definition of a page is printed once, as a numbered footnote. */
struct definition {
	struct str title, sentence;
	struct str measure, of; /* the measure behind it */
	const char *currency;   /* the only one whose amounts it adds, where the book has several; else "" */
};

/* One number of a page, with everything that explains it. */
struct figure {
	const struct answer *answer;
	const struct answer_row *row;
	size_t number;                  /* 1-based, in the order asked */
	size_t definition;              /* 1-based number of its footnote */
	struct str label;               /* what it is about, for the heading over its rows: "Win rate: Anna Snelling" */
	bool percent;                   /* a number is a share of an amount, and written in per cent */
	bool tenths;                    /* a number is written with one decimal even where it is whole or large */
	struct str rows_of, rows_where; /* what `lockstep rows` would list; empty when it is not about rows */
};

enum block_kind { BLOCK_HEADING, BLOCK_SENTENCE, BLOCK_TABLE, BLOCK_NOTE, BLOCK_LISTING, BLOCK_ACTION };

/* Plain text, or a figure as it stands in the text. */
struct span {
	struct str text;
	const struct figure *figure; /* NULL: plain */
};

struct sentence {
	struct str text; /* without marks */
	struct span *spans;
	size_t span_count;
	const struct figure **figures;
	size_t count;
	int mood; /* +1 good, −1 bad, 0 plain: colour on a terminal, a mark in HTML */
};

struct ask; /* page.h */
struct table_column {
	struct str title;
	struct str name;             /* machine name: "win_rate" → JSON "TABLE.win_rate" */
	const struct answer *answer; /* NULL for label columns */
	const struct answer *total;  /* NULL where there is no total */
	size_t definition;           /* 0 for label columns */
	const struct ask *ask;       /* what was asked; of the page */
	bool right;
	bool brief; /* shares print without their denominator, which stands in a column before */
};
struct table_row {
	const struct figure **figures; /* per column, NULL where it is a label */
	struct str *texts;             /* per column as printed in text and HTML */
	struct str name;               /* machine name of a matrix's row */
	bool total;
	bool marked; /* stands out in a chart */
};
struct table {
	struct str name, title;
	struct str of, by, where; /* how its columns are asked unless they say otherwise */
	size_t labels;            /* the first columns are labels: one per dimension */
	struct table_column *columns;
	size_t column_count, column_capacity;
	struct table_row *rows;
	size_t row_count, row_capacity;
	bool filled;               /* the columns were asked: no more can be added */
	size_t shown;              /* rows in text and HTML; the rest is counted there, and whole in JSON and CSV */
	const char *chart;         /* NULL, "bar", "line", "stacked": drawn from the columns below */
	int chart_x, chart_series; /* −1 = none */
	const char *chart_y;       /* "2", or several columns: "1,3" */
	bool chart_lying;          /* bars lie, for long names */
	bool matrix; /* rows are measures and columns what they are asked for (weeks, cohort and snapshot) */
};

#define LISTING_MAX 10000
/* Rows themselves: the deals that are stuck, the rows without an owner. */
struct page_listing {
	struct str name, title;
	struct str of, where;
	struct str *header;
	const bool *right;
	struct listing listing; /* up to LISTING_MAX rows */
	size_t shown;           /* of them in text and HTML */
};

/* Something found: for the weekly page's order of importance, for tests, for alerts later. */
struct finding {
	const char *kind;   /* "slow_rep", "junk_source", "junk_campaign", "leaking_stage", "stuck", … */
	struct str subject; /* the rep, the campaign, the stage */
	double weight;      /* deals at stake, for ordering */
	const struct sentence *sentence;
	const struct sentence *action; /* what to do about it */
};

struct block {
	enum block_kind kind;
	union {
		struct str heading;
		const struct sentence *sentence; /* SENTENCE, NOTE, ACTION */
		struct table *table;
		const struct page_listing *listing;
	} as;
};

struct page;

struct report {
	const char *name; /* "weekly" */
	const char *title;
	const char *sentence; /* what question it answers */
	int (*build)(const struct report_request *request, struct page *page, struct err *err);
	bool judged;           /* it asks of promises, or of what else only judging fills */
	bool lived;            /* of judged ones: it asks of leads' episodes, which are told without an agreement too */
	bool no_by, no_period; /* it has no breakdown to replace; it is about a day, not a period */
};

const struct report *report_at(size_t i); /* NULL past the end */
const struct report *report_find(struct str name);

/* Builds a report into a new page. Returns owned: page_free. The page borrows the request's facts. */
int report_build(const struct report *report, const struct report_request *request, struct page **page,
		 struct err *err);
void page_free(struct page *page);

/* The columns that are shown of the rows behind a figure, and their titles, those with '>' at the right; both NULL where there are none. */
struct row_columns {
	const char *columns, *header;
};
struct row_columns row_columns(struct str of);

/* `out` receives the whole document. Text: `colour` for terminals. */
int report_text(const struct page *page, bool colour, struct buf *out, struct err *err);
int report_json(const struct page *page, struct buf *out, struct err *err);
int report_csv(const struct page *page, struct buf *out, struct err *err);
/* What people read, in its order, for pages that show it as they like: texts, tables, what is drawn of them, definitions, and which rows stand
 * behind each figure. `out` receives JSON. */
int report_page_json(const struct page *page, struct buf *out, struct err *err);
/* One of the four, by its name: "text", "json", "csv" or "html" (a page of its own). */
int report_write(const struct page *page, const char *format, bool colour, struct buf *out, struct err *err);
/* `among`: the page stands in a folder as NAME.html with all other reports, and links to them. */
int report_html(const struct page *page, bool among, struct buf *out, struct err *err);
/* Into the body of a letter: without script, style sheet or links. */
struct html;
void report_html_letter(const struct page *page, struct html *html);
/* That folder's index.html: every report with its question and its first sentence. At least one page. */
int report_index_html(struct page *const *pages, size_t count, struct buf *out, struct err *err);

#endif
