/* Facts built row by row: by the loader from the book, by the simulator without a book, and by tests by hand.
 *
 * facts_builder_new; builder_row and the setters; facts_finish → struct facts. Columns are named as in the catalogue.
 * Setters leave what is not set empty. Times are seconds since 1970, or TIME_UNKNOWN.
 */
#ifndef FACTS_FACTS_BUILDER_H
#define FACTS_FACTS_BUILDER_H

#include "facts/facts.h"

struct column;

/* A `struct facts` that still takes rows. ERR_INPUT when the settings' zone is none. Returns owned (facts_free). */
int facts_builder_new(struct facts **out, const struct book_settings *settings, struct err *err);

/* One that takes rows for another: same settings; it shares the zone, which must outlive it (builder_part_free). */
struct facts *builder_part_new(const struct facts *like);
void builder_part_free(struct facts *facts);

/* The column to write to; BUG() when the fact has none such. Look it up once, not per row. */
struct column *builder_column(struct facts *facts, enum fact fact, const char *name);
/* A custom column; the same one when it is there already with that type, NULL when it is there with another type. */
struct column *builder_custom(struct facts *facts, enum fact fact, struct str name, enum column_type type,
			      struct str sentence);

uint32_t builder_row(struct facts *facts, enum fact fact, struct str key);
/* Makes it so many rows, empty and without keys, whose values are set from several threads, each column by one. */
void builder_rows(struct facts *facts, enum fact fact, uint32_t rows);
/* The column has an array from now on. */
void builder_writable(struct facts *facts, struct column *column);
uint8_t builder_currency(struct facts *facts, const char *currency);
/* Whose record the row is. Either for all rows of a fact or for none. */
void builder_source(struct facts *facts, enum fact fact, uint32_t row, struct str source);
/* The number of its record in the book; one beyond 32 bits is not kept. */
void builder_subject(struct facts *facts, enum fact fact, uint32_t row, uint64_t subject);
void builder_time(struct facts *facts, struct column *column, uint32_t row, uint32_t seconds);
/* Milliseconds → seconds; outside 1970–2106 the time is unknown. */
void builder_time_ms(struct facts *facts, struct column *column, uint32_t row, int64_t ms);
void builder_name(struct facts *facts, struct column *column, uint32_t row, struct str name);
void builder_number(struct facts *facts, struct column *column, uint32_t row, double number);
void builder_money(struct facts *facts, struct column *column, uint32_t row, int64_t minor, const char *currency);
void builder_flag(struct facts *facts, struct column *column, uint32_t row, bool yes);
void builder_ref(struct facts *facts, struct column *column, uint32_t row, uint32_t target);

/* Stages of the pipeline, in order. Texts are copied. */
void builder_stage(struct facts *facts, const struct stage_def *stage);

/* A historic column's value from a moment on. Any order; facts_finish sorts. */
void builder_version_name(struct facts *facts, struct column *column, uint32_t row, uint32_t from, struct str name);
void builder_version_money(struct facts *facts, struct column *column, uint32_t row, uint32_t from, int64_t minor,
			   const char *currency);
struct version;
/* With the value and currency of `value`. */
void builder_version(struct column *column, uint32_t row, uint32_t from, const struct version *value);
void builder_version_number(struct column *column, uint32_t row, uint32_t from, double number);
void builder_version_time(struct column *column, uint32_t row, uint32_t from, uint32_t time);

/* Ends building: first and last day, what columns follow from others (currency, margin), order of histories.
 * `today` bounds the default as-of day; DATE_NONE = none. */
void facts_finish(struct facts *facts, int32_t today);
/* The same for a few rows that are soon gone: nothing is made smaller, and no day is taken for a slip. */
void facts_finish_few(struct facts *facts);

#endif
