/* One record in the making: fields are added in order, texts live in the telling's arena. For tell*.c. */
#ifndef SIM_WRITING_H
#define SIM_WRITING_H

#include "base/err.h"
#include "sim/tell.h"

enum { WRITING_FIELDS = 48 };

struct writing {
	struct record record;
	struct record_field fields[WRITING_FIELDS];
	const char *currency;
	int64_t as_of_ms; /* milestones after this are not told */
};

static inline void writing_begin(struct writing *w, const struct telling *telling, enum object object, struct str key,
				 int64_t observed_ms)
{
	w->record = (struct record){
		.object = object, .source = STR(SIM_SOURCE), .key = key, .observed_ms = observed_ms, .fields = w->fields
	};
	w->currency = telling->company->story.currency;
	w->as_of_ms = observed_ms;
}

static inline struct value *write_field(struct writing *w, enum field code, enum value_kind kind)
{
	struct record_field *field = &w->fields[w->record.count];

	if (w->record.count == WRITING_FIELDS)
		BUG("a record of more than %d fields", WRITING_FIELDS);
	w->record.count++;
	*field = (struct record_field){ .code = code, .value.kind = kind };
	return &field->value;
}

static inline void write_text(struct writing *w, enum field code, struct str text)
{
	write_field(w, code, text.len ? VALUE_TEXT : VALUE_EMPTY)->as.text = text;
}

static inline void write_word(struct writing *w, enum field code, const char *word)
{
	write_text(w, code, str_of(word));
}

static inline void write_number(struct writing *w, enum field code, int64_t number)
{
	write_field(w, code, VALUE_NUMBER)->as.number = decimal_of(number, 0);
}

static inline void write_flag(struct writing *w, enum field code, bool yes)
{
	write_field(w, code, yes ? VALUE_YES : VALUE_NO);
}

static inline void write_money(struct writing *w, enum field code, int64_t minor)
{
	struct value *value = write_field(w, code, VALUE_MONEY);

	value->as.money.minor = minor;
	memcpy(value->as.money.currency, w->currency, sizeof(value->as.money.currency));
}

static inline void write_empty(struct writing *w, enum field code)
{
	write_field(w, code, VALUE_EMPTY);
}

/* An instant, or empty when it is not reached by the time of telling. */
static inline void write_time(struct writing *w, enum field code, int64_t ms)
{
	if (ms > w->as_of_ms)
		write_empty(w, code);
	else
		write_field(w, code, VALUE_TIME)->as.time_ms = ms;
}

static inline void write_date(struct writing *w, enum field code, int32_t date)
{
	write_field(w, code, VALUE_DATE)->as.date = date;
}

static inline void write_ref(struct writing *w, enum field code, struct str key)
{
	write_field(w, code, VALUE_REF)->as.ref.key = key; /* REF_BY_KEY is 0 */
}

static inline int writing_end(struct writing *w, const struct telling *telling, struct err *err)
{
	return telling->each(telling->context, &w->record, err);
}

/* "L17", "T17-3": the letter, the number from one, and the part from one (0: none). */
struct str tell_key(struct arena *arena, char letter, uint64_t number, size_t part);

#endif
