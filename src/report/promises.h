/* What the reports on promises have in common. */
#ifndef REPORT_PROMISES_H
#define REPORT_PROMISES_H

#include "report/reports.h"

extern const struct ask TERM_ON_TIME; /* share of what fell due */
extern const struct ask TERM_AGREED;  /* the share agreed */

/* Says why there is nothing to tell of promises, and how to get some; false where there are some under `where` (NULL: any). */
bool say_no_promises(struct page *page, const char *where);
/* Which promises cannot be judged by what the book knows, and why; nothing where all can. */
void say_untold(struct page *page);
/* The same as texts, of the version by which the facts are judged now; in the page's arena. */
const char **untold_of(struct page *page, const struct agreement_version *version, size_t *count);
/* A name at the beginning of a sentence. */
const char *title_case(struct page *page, struct str name);
/* "agreement version 2": what it is that was promised. */
void say_agreement(struct page *page);
/* What was agreed about the promise; NULL where the agreement in force has none of that name. */
const struct promise_def *promise_of(const struct page *page, struct str name);
/* On time, agreed, broken, and what stands beside: those states of which there are any. Of the table's rows. */
void promise_columns(struct page *page, struct table *table, const char *where);
/* A heading for each party, and its promises in sentences. */
void say_parties(struct page *page);
/* Promise by promise; and those of a number in a period. */
void promises_by_name(struct page *page);
void promises_of_numbers(struct page *page);
/* Kept, broken and what stands beside it, in a sentence; nothing where nothing fell due. */
void say_kept(struct page *page, const char *where);
/* What runs on the as-of day and is not due in the page's time; nothing where the page is of all times. */
void say_running_beside(struct page *page, const char *where);
/* Its name in a sentence: "first contact (in 4 working hours)", as the versions say under which those ran that fell due in the period;
 * the name alone where they differ. */
const char *promise_title(struct page *page, struct str name, struct period period);
/* Whole periods that are over, and in how many of them the agreed was reached. */
struct periods_kept {
	int64_t kept, judged;
};
/* Has any that began with what the book has, or in the asked time, come to its end? */
bool periods_over(const struct page *page, enum every each);
/* Of a promise that is to be kept each month or so: in which its share of what fell due was at least `agreed`. Those in which nothing fell
 * due, or fewer than agreed, are not judged. */
struct periods_kept promise_periods(struct page *page, const struct promise_def *promise, const char *where,
				    double agreed);
/* Is the target of a KPI reached, or what it is to be at most not passed? Of a row that is known. */
bool kpi_kept(const struct agreed_kpi *kpi, const struct answer_row *row);
/* The numbers of the agreement in force, each with what it came to and what was agreed; nothing where there are none. */
void say_agreed_numbers(struct page *page);
/* What asks for the KPI's number. */
struct ask ask_of_kpi(struct page *page, const struct agreed_kpi *kpi);
/* Of a KPI with a target for each period. */
struct periods_kept kpi_periods(struct page *page, const struct agreed_kpi *kpi, const struct ask *ask);
/* "in 7 of 12 months" */
const char *in_periods(struct page *page, struct periods_kept kept, enum every each);

/* One column a promise, of those the parties (a condition) made that have a clock. Returns how many. */
size_t promise_shares(struct page *page, struct table *table, const char *where);
/* The ten that wait longest for what was promised, and the ten that are next at risk. */
void promise_lists(struct page *page, const char *where);

#endif
