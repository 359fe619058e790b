/* Building a page.
 *
 * Asking never fails in a report's own code: the first error is kept in the page, later questions answer nothing, and report_build
 * returns it. So a report reads as the list of what it says.
 *
 *	const struct figure *rate = PAGE_ASK(page, .kpi = "win_rate", .period = p);
 *	page_sentence(page, 0, "Of the deals that closed %s were won.", share(page, rate));
 *
 * Texts of figures (value, share, …) are marked, so that renderers can link them; they go through page_sentence alone, with %s.
 * Everything lives in the page's arena. Names from the book go through page_name, which takes marks out of them.
 */
#ifndef REPORT_PAGE_H
#define REPORT_PAGE_H

#include "base/date.h"
#include "report/report.h"

struct period {
	int32_t from, to; /* [from, to); DATE_NONE = open */
};
#define PERIOD_ALL ((struct period){ DATE_NONE, DATE_NONE })

struct page {
	struct arena arena;
	const struct report *report;
	struct report_request request; /* as_of filled in */
	struct period period;          /* what the request asked for, or the report's default */
	struct str title;
	struct block *blocks;
	size_t block_count, block_capacity;
	struct finding *findings;
	size_t finding_count, finding_capacity;
	const struct figure **figures;
	size_t figure_count, figure_capacity;
	struct definition *definitions;
	size_t definition_count, definition_capacity;
	bool as_of_given;        /* somebody named the as-of day */
	bool last_day;           /* nobody named a day: the as-of day is the last one of old data */
	bool intervals;          /* something is said with its 95 % interval */
	const char *currency;    /* the only one whose money is added, where the book has several; else NULL */
	const char *other_money; /* what is left out of sums for that: "2 opportunities in USD"; NULL = nothing */
	bool no_history;         /* something was asked of a day before the last whose history is not known */
	struct err err;          /* the first one */
};

/* The agreement in force at the end of the as-of day, or the text that is tried; NULL: none. */
const struct agreement_version *page_agreement(const struct page *page);

/* One question. Either `kpi`, or measure, of, title and sentence; where both are given the texts given here win. */
struct ask {
	const char *kpi;
	const char *title, *sentence; /* definition */
	const char *measure, *of, *by, *where;
	const char *period_of; /* time column that puts a row into the period; NULL with a kpi: its own */
	struct period period;  /* {0, 0} and PERIOD_ALL mean no period */
	int32_t as_of;         /* 0: the page's */
	bool own_time; /* the period goes by each aggregate's own time, as with every kpi; period_of only lists the rows */
	bool brief;    /* in a table: "17  40.5 %", the denominator stands in a column before */
	bool percent; /* an amount divided by another: written in per cent */
};

/* The ask with what its KPI says filled in, and its period as a condition unless it goes by own times. */
struct ask page_complete(struct page *page, const struct ask *ask);
const struct answer *page_answer(struct page *page, const struct ask *ask);
/* Several: what differs in the measure alone is answered in one walk over the rows. */
void page_answer_all(struct page *page, const struct ask *asks, size_t count, const struct answer **answers);
/* The one row of a question without `by`. */
const struct figure *page_figure(struct page *page, const struct ask *ask);
#define PAGE_ASK(page, ...) page_figure((page), &(struct ask){ __VA_ARGS__ })
/* One row of an answer with `by`, as a figure. */
const struct figure *page_row_figure(struct page *page, const struct ask *ask, const struct answer *answer, size_t row);
/* A count that decides what to say but is not said. */
int64_t page_count(struct page *page, const char *of, const char *where);

/* Numbers of figures, for deciding. */
int64_t figure_count(const struct figure *figure); /* 0 without an answer */
double figure_number(const struct figure *figure); /* NaN without an answer */
bool figure_known(const struct figure *figure);
bool figure_too_few(const struct figure *figure); /* a share of fewer than 20 */

/* Marked texts. */
const char *value(struct page *page, const struct figure *figure); /* "4,238", "57 days", "10,005,534 USD", "63.2 %" */
const char *share(struct page *page,
		  const struct figure *figure); /* "4,238 of 6,711 (63.2 %)", "3 of 7 (too few to say)" */
/* With its 95 % interval, where two are compared: "9 of 439 (2.1 %; 1.1–3.9 %)". */
const char *estimate(struct page *page, const struct figure *figure);
const char *counts(struct page *page, const struct figure *figure); /* "4,238 of 6,711" */
/* Behind a share: ", below the 90 % agreed" or ", at least the 90 % agreed"; of too few it judges nothing: "; 90 % agreed". */
const char *against(struct page *page, const struct figure *figure, double wanted, const char *wanted_text);
const char *noun(struct page *page, const struct figure *figure, const char *one,
		 const char *many); /* "1 deal", "2 deals" */

/* A ratio that is no share: "1.5 times each (2,340 attempts, 1,560 leads)". */
const char *per(struct page *page, const struct figure *figure, const char *unit, const char *these, const char *those);

/* Texts that are no figures. */
const char *page_name(struct page *page, struct str name); /* "(none)" when empty; control characters are spaces */
const char *number(struct page *page, int64_t n);          /* "1,204,000", no figure */
const char *page_date(struct page *page, int32_t date);    /* "31 December 2017" */
const char *page_period_text(struct page *page, struct period period);
const char *page_printf(struct page *page, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* Figure as it stands in a table cell, unmarked. */
struct str figure_text(const struct figure *figure, struct arena *arena);

/* Conditions of the measure language, in the arena; NULL stands for "all rows". */
const char *both(struct page *page, const char *a, const char *b);
const char *is_name(struct page *page, const char *column, struct str name); /* column = "name", or column is empty */
const char *quoted_name(struct page *page, struct str name);                 /* "name", quotes doubled */
const char *in_period(struct page *page, const char *column, struct period period);

void page_heading(struct page *page, const char *text);
const struct sentence *page_sentence(struct page *page, int mood, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
void page_note(struct page *page, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* A numbered thing to do. */
void page_action(struct page *page, const struct sentence *action);

/* What was found; not printed by itself (page_print_finding does). `fmt` is the sentence. Returns it, to give it an action. */
struct finding *page_find(struct page *page, const char *kind, struct str subject, double weight, const char *fmt, ...)
	__attribute__((format(printf, 5, 6)));
void finding_action(struct page *page, struct finding *finding, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
void page_print_finding(struct page *page, const struct finding *finding);
/* Greatest weight first. */
void page_sort_findings(struct page *page);

/* A table with one row per value of the dimensions `by` (comma-separated). Columns are asked together, once the table is filled, and
 * aligned by label; rows stand in the order of the first column, rows that only later columns have follow. */
struct table *page_table(struct page *page, const char *name, const char *title, const char *of, const char *by,
			 const char *where);
/* `ask`: kpi or measure; `of`, `by` and `where` are the table's unless given (`where` is added to the table's).
 * `title` is the heading of the column; the definition's own title otherwise. */
void table_column(struct page *page, struct table *table, const char *name, const char *title, const struct ask *ask);
#define TABLE_COLUMN(page, table, name, title, ...)                                                                    \
	table_column((page), (table), (name), (title), &(struct ask){ __VA_ARGS__ })
void table_label(struct table *table, size_t dimension, const char *title);
void table_total(struct page *page, struct table *table); /* a last row that asks every column without `by` */
void table_chart(struct table *table, const char *kind, int x, const char *y, int series);
/* Bars that lie, with room for names, of the column `y`. */
void table_bars(struct table *table, const char *y);
/* Asks the columns; there are no rows before. A total or an order fills the table, and so does the end of the report. */
void table_fill(struct page *page, struct table *table);
/* Greatest value of the column first. */
void table_sort(struct page *page, struct table *table, const char *column);
/* Rows by their first label: months, of which each column may have others. */
void table_by_label(struct page *page, struct table *table);
size_t table_find(const struct table *table, const char *column); /* index; BUG() when there is none such */

/* A table whose rows are different measures: `columns` are the titles, the first that of the labels; ends with NULL. */
struct table *page_matrix(struct page *page, const char *name, const char *title, const char *const *columns);
/* `figures`: one per column after the label; NULL prints as nothing. */
void matrix_row(struct page *page, struct table *table, const char *name, const char *label,
		const struct figure *const *figures);

/* The rows themselves. `columns` as measure_list; `header` comma-separated titles, those with a leading '>' are aligned right. */
void page_rows(struct page *page, const char *name, const char *title, const char *of, const char *where,
	       const char *columns, const char *header, const char *order, size_t shown);

#endif
