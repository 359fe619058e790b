/* An answer as programs read it: the one shape of `measure`, `kpi` and every table of a report.
 *
 *	{"measure", "of", "where", "as_of", "by": […], "rows": [{"by": […], "value", "numerator", "denominator", "n"}]}
 *
 * Values: counts are integers; money is in major units, and `currency` stands beside `by`; durations are in `unit`, which stands there
 * too; times are ISO 8601 in the zone given; null is no answer. A label of an empty dimension is null. Rows have `unknown_time`
 * (left out: nobody wrote down when) and `negative` (durations below zero, counted in) where there are any.
 */
#ifndef REPORT_ANSWER_JSON_H
#define REPORT_ANSWER_JSON_H

#include <jansson.h>
#include "base/buf.h"
#include "base/zone.h"
#include "facts/measure.h"

/* Digits of a real number in JSON output: what a double holds for sure. */
#define JSON_DIGITS 15

/* The answer without its rows. */
json_t *answer_head_json(const struct answer *answer);
/* One row; `zone` NULL prints times in UTC. */
json_t *answer_row_json(const struct answer *answer, const struct answer_row *row, const struct zone *zone);
/* All of it. */
json_t *answer_json(const struct answer *answer, const struct zone *zone);
/* The value alone, as it stands in a row. */
json_t *answer_value_json(const struct answer_row *row, const struct zone *zone);

/* The whole as text, without a line end behind it. What could turn a terminal round stands escaped. */
void json_print(const json_t *root, int indent, struct buf *out);
/* Bytes that are no UTF-8 become U+FFFD. */
json_t *json_str(struct str text);
json_t *json_str_or_null(struct str text); /* empty is null */
json_t *json_date(int32_t date);           /* DATE_NONE is null */

#endif
