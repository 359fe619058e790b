#include "report/answer_json.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include "base/date.h"
#include "io/text.h"

json_t *json_str(struct str text)
{
	struct buf clean;
	struct str rest = text;
	json_t *out;

	if (utf8_valid(text))
		return json_stringn(text.at ? text.at : "", text.len);
	buf_init(&clean, text.len * 3 + 1);
	while (rest.len) {
		char bytes[4];
		size_t len = utf8_put(utf8_next(&rest), bytes);

		buf_add(&clean, bytes, len);
	}
	out = json_stringn(buf_str(&clean).at, clean.len);
	buf_release(&clean);
	return out;
}

/* jansson escapes what lies below a space. */
void json_print(const json_t *root, int indent, struct buf *out)
{
	char *dumped = json_dumps(root, JSON_INDENT((size_t)indent) | JSON_REAL_PRECISION(JSON_DIGITS));
	struct str rest = str_of(dumped);

	while (rest.len) {
		struct str from = rest;
		uint32_t code = utf8_next(&rest);

		if (text_is_control(code) && code >= 0x7f)
			buf_addf(out, "\\u%04x", code);
		else
			buf_add(out, from.at, from.len - rest.len);
	}
	free(dumped);
}

json_t *json_str_or_null(struct str text)
{
	return text.len ? json_str(text) : json_null();
}

json_t *json_date(int32_t date)
{
	char text[16];

	if (date == DATE_NONE)
		return json_null();
	date_format(date, text);
	return json_string(text);
}

static json_t *json_number(double value)
{
	if (!isfinite(value))
		return json_null();
	if (fabs(value) < 1e15 && floor(value) == value)
		return json_integer((json_int_t)value);
	return json_real(value);
}

/* Major units. Sums are exact; what was divided keeps its digits beyond the minor unit. */
static json_t *json_money(const struct answer_row *row, const char *currency)
{
	double scale = money_scale(currency);
	int64_t whole = (int64_t)scale;

	if (row->value != (double)row->minor)
		return json_real(row->value / scale);
	return row->minor % whole ? json_real((double)row->minor / scale) : json_integer(row->minor / whole);
}

static json_t *json_seconds(double seconds, const struct zone *zone)
{
	int64_t s = (int64_t)seconds, in_day = s - floor_div(s, DAY_SECONDS) * DAY_SECONDS;
	char text[64], day[16];

	if (zone) {
		zone_format(zone, s * 1000, text);
	} else {
		date_format((int32_t)floor_div(s, DAY_SECONDS), day);
		snprintf(text, sizeof(text), "%sT%02d:%02d:%02dZ", day, (int)(in_day / 3600), (int)(in_day / 60 % 60),
			 (int)(in_day % 60));
	}
	return json_string(text);
}

json_t *answer_value_json(const struct answer_row *row, const struct zone *zone)
{
	if (row->type == ANSWER_NONE || (row->type != ANSWER_MONEY && !isfinite(row->value)))
		return json_null();
	if (row->type == ANSWER_MONEY)
		return json_money(row, row->currency);
	if (row->type == ANSWER_TIME)
		return json_seconds(row->value, zone);
	return json_number(row->value);
}

static json_t *count_or_null(int64_t count)
{
	return count < 0 ? json_null() : json_integer(count);
}

json_t *answer_row_json(const struct answer *answer, const struct answer_row *row, const struct zone *zone)
{
	json_t *item = json_object(), *by = json_array();

	for (size_t i = 0; i < answer->by_count; i++)
		json_array_append_new(by, json_str_or_null(row->by[i]));
	json_object_set_new(item, "by", by);
	json_object_set_new(item, "value", answer_value_json(row, zone));
	json_object_set_new(item, "numerator", count_or_null(row->numerator));
	json_object_set_new(item, "denominator", count_or_null(row->denominator));
	json_object_set_new(item, "n", json_integer(row->n));
	if (answer->type == ANSWER_MONEY && !*answer->currency)
		json_object_set_new(item, "currency", json_string(row->currency));
	if (row->unknown_time)
		json_object_set_new(item, "unknown_time", json_integer(row->unknown_time));
	if (row->negative)
		json_object_set_new(item, "negative", json_integer(row->negative));
	return item;
}

json_t *answer_head_json(const struct answer *answer)
{
	json_t *root = json_object(), *by = json_array();

	for (size_t i = 0; i < answer->by_count; i++)
		json_array_append_new(by, json_str(answer->by[i]));
	json_object_set_new(root, "measure", json_str(answer->measure));
	json_object_set_new(root, "of", json_str(answer->of));
	json_object_set_new(root, "where", json_str_or_null(answer->where));
	json_object_set_new(root, "as_of", json_date(answer->as_of));
	json_object_set_new(root, "by", by);
	if (answer->type == ANSWER_MONEY)
		json_object_set_new(root, "currency", *answer->currency ? json_string(answer->currency) : json_null());
	if (answer->type == ANSWER_DURATION)
		json_object_set_new(root, "unit", json_string(answer->unit));
	return root;
}

json_t *answer_json(const struct answer *answer, const struct zone *zone)
{
	json_t *root = answer_head_json(answer), *rows = json_array();

	for (size_t i = 0; i < answer->row_count; i++)
		json_array_append_new(rows, answer_row_json(answer, &answer->rows[i], zone));
	json_object_set_new(root, "rows", rows);
	return root;
}
