#include "desk/record_fields.h"

#include "base/err.h"

static struct value *add(struct record_fields *fields, enum field code, enum value_kind kind)
{
	struct record_field *f = &fields->items[fields->count];

	if (fields->count++ >= RECORD_FIELDS_MAX)
		BUG("a record of more than %d fields", RECORD_FIELDS_MAX);
	*f = (struct record_field){ .code = code, .value = { .kind = kind } };
	return &f->value;
}

void fields_text(struct record_fields *fields, enum field code, struct str text)
{
	if (text.len)
		add(fields, code, VALUE_TEXT)->as.text = text;
}

void fields_number(struct record_fields *fields, enum field code, int64_t mantissa, int scale)
{
	add(fields, code, VALUE_NUMBER)->as.number = decimal_of(mantissa, scale);
}

void fields_time(struct record_fields *fields, enum field code, int64_t at_ms)
{
	add(fields, code, VALUE_TIME)->as.time_ms = at_ms;
}

void fields_flag(struct record_fields *fields, enum field code, bool yes)
{
	add(fields, code, yes ? VALUE_YES : VALUE_NO);
}

void fields_empty(struct record_fields *fields, enum field code)
{
	add(fields, code, VALUE_EMPTY);
}

void fields_ref(struct record_fields *fields, enum field code, struct str key)
{
	struct value *value = add(fields, code, VALUE_REF);

	value->as.ref.key = key;
	value->as.ref.by = REF_BY_KEY;
}
