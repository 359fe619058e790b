/* A book of records in one line each, and what is asked of its facts. */
#ifndef TOLD_HELP_H
#define TOLD_HELP_H

#include "tap.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/date.h"
#include "book/book.h"
#include "facts/measure.h"

static struct arena arena;
static struct book *book;
static int64_t observed_ms;

/* Fields as "code=value": a date as 2017-01-02, money as 12.34 (minor units after the point), yes, no, @key a reference, else text. */
struct field_text {
	enum field code;
	const char *value;
};

static struct value value_of(const char *text, enum field code)
{
	struct value value = { .kind = VALUE_TEXT, .as.text = str_of(text) };
	struct decimal number;
	bool rounded;

	if (!strcmp(text, "yes") || !strcmp(text, "no"))
		value.kind = *text == 'y' ? VALUE_YES : VALUE_NO;
	else if (*text == '@')
		value = (struct value){ .kind = VALUE_REF, .as.ref = { str_of(text + 1), REF_BY_KEY } };
	else if (date_parse(str_of(text), &value.as.date))
		value.kind = VALUE_DATE;
	else if (decimal_parse(str_of(text), '.', &number, &rounded) && code == FIELD_AMOUNT) {
		value = (struct value){ .kind = VALUE_MONEY };
		decimal_scaled(number, 2, &value.as.money.minor, &rounded);
		memcpy(value.as.money.currency, "EUR", 4);
	} else if (decimal_parse(str_of(text), '.', &number, &rounded))
		value = (struct value){ .kind = VALUE_NUMBER, .as.number = number };
	else
		value.as.text = str_of(text);
	return value;
}

static struct record record_of(enum object object, const char *key, const struct field_text *fields,
			       struct record_field all[16])
{
	struct record record = {
		.object = object, .source = STR("crm"), .key = str_of(key), .observed_ms = observed_ms, .fields = all
	};

	for (; fields->value; fields++)
		all[record.count++] =
			(struct record_field){ .code = fields->code, .value = value_of(fields->value, fields->code) };
	return record;
}

static void add(enum object object, const char *key, const struct field_text *fields)
{
	struct append_context context = { .now_ms = observed_ms, .actor = "tester" };
	struct record_field all[16] = { 0 };
	struct record record = record_of(object, key, fields, all);
	enum append_result result;
	struct err err = ERR_INIT;

	if (book_append(book, &record, &context, &result, &err))
		BUG("%s", err.text);
}

#define ADD(object, key, ...) add(object, key, (const struct field_text[]){ __VA_ARGS__, { 0, NULL } })

static void asks(const struct facts *facts, const char *of, const char *measure, const char *by, const char *as_of,
		 const char *wanted)
{
	struct question question = {
		.measure = measure, .of = of, .by = by, .as_of = DATE_NONE, .scope = SCOPE_EVERYTHING
	};
	struct answer answer;
	struct err err = ERR_INIT;
	char text[600] = "";
	size_t len = 0;

	if (as_of)
		date_parse(str_of(as_of), &question.as_of);
	if (measure_ask(facts, &question, &arena, &answer, &err)) {
		is_str(err.text, wanted, "%s of %s", measure, of);
		return;
	}
	for (size_t i = 0; i < answer.row_count; i++) {
		struct str value = answer_text(&answer, &answer.rows[i], &arena);

		len += (size_t)snprintf(text + len, sizeof(text) - len, "%s", i ? "; " : "");
		for (size_t d = 0; d < answer.by_count; d++)
			len += (size_t)snprintf(text + len, sizeof(text) - len, "%.*s=", STR_ARG(answer.rows[i].by[d]));
		len += (size_t)snprintf(text + len, sizeof(text) - len, "%.*s", STR_ARG(value));
	}
	is_str(text, wanted, "%s of %s%s%s%s%s", measure, of, by ? " by " : "", by ? by : "", as_of ? " as of " : "",
	       as_of ? as_of : "");
}

#endif
