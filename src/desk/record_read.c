/* What is told of a record, from texts to values. */
#include <string.h>

#include "base/date.h"
#include "desk/record_draft.h"
#include "map/cells.h"

enum { YEAR_LEAST = 1900, YEAR_MOST = 2200 };

void draft_wrong(struct draft *draft, const char *member, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	problem_add(draft->problems, STR_NONE, 0, 0, str_of(member), "%s",
		    arena_vprintf(draft->desk->arena, fmt, args));
	va_end(args);
}

struct value *draft_value(struct draft *draft, enum field code)
{
	for (size_t i = 0; i < draft->count; i++)
		if (draft->fields[i].code == code)
			return &draft->fields[i].value;
	return NULL;
}

bool draft_says(struct draft *draft, enum field code)
{
	const struct value *value = draft_value(draft, code);

	return value && value->kind != VALUE_EMPTY;
}

struct value *draft_add(struct draft *draft, enum field code, enum value_kind kind)
{
	struct record_field *field = &draft->fields[draft->count++];

	*field = (struct record_field){ .code = code, .value = { .kind = kind } };
	return &field->value;
}

/* ---- single values ---- */

static void read_choice(struct draft *draft, const struct field_def *def, struct str text, struct value *out)
{
	struct str rest = str_of(record_choices(def));

	while (rest.len)
		if (str_eq(str_cut(&rest, '|'), text)) {
			out->as.text = text;
			return;
		}
	draft_wrong(draft, def->name, "is one of %s", record_choices(def));
}

static void read_when(struct draft *draft, const struct field_def *def, struct str text, struct value *out)
{
	const struct zone *zone = draft->desk->zone;
	bool date_only;
	int32_t date;
	int64_t ms;

	if (!zone_parse(zone, text, &ms, &date_only)) {
		draft_wrong(draft, def->name, "is no time; write it like 2026-03-09 or 2026-03-09T14:05");
		return;
	}
	date = zone_date(zone, ms);
	if (civil_of_date(date).year < YEAR_LEAST || civil_of_date(date).year > YEAR_MOST) {
		draft_wrong(draft, def->name, "is no time of ours: its year is not from %d to %d", YEAR_LEAST,
			    YEAR_MOST);
		return;
	}
	if (ms > draft->desk->now_ms && !record_may_come(def)) {
		draft_wrong(draft, def->name, "has not come yet");
		return;
	}
	if (date_only)
		*out = (struct value){ .kind = VALUE_DATE, .as.date = date };
	else
		*out = (struct value){ .kind = VALUE_TIME, .as.time_ms = ms - ms % 1000 };
}

static void read_number(struct draft *draft, const struct field_def *def, struct str text, struct value *out)
{
	bool rounded = false;

	if (cell_number(text, '.', out, &rounded) != CELL_OK)
		draft_wrong(draft, def->name, "is no number, or too large a one; write it like 12.5");
	else if (rounded)
		draft_wrong(draft, def->name, "has more digits than are kept");
	else if (out->as.number.mantissa < 0 && def->code != FIELD_SCORE)
		draft_wrong(draft, def->name, "is not below nought");
	else if (def->code == FIELD_PROBABILITY && decimal_double(out->as.number) > 100)
		draft_wrong(draft, def->name, "is from 0 to 100, in per cent");
}

static void read_money(struct draft *draft, const struct field_def *def, struct str text, struct value *out)
{
	bool rounded = false;
	enum cell_result result = cell_money(text, '.', draft->currency, out, &rounded);

	if (result == CELL_CURRENCY)
		draft_wrong(draft, def->name, "is of another currency than %s; `currency` says which", draft->currency);
	else if (result != CELL_OK)
		draft_wrong(draft, def->name, "is no amount, or too large a one; write it like 1200.50");
	else if (rounded)
		draft_wrong(draft, def->name, "has more digits than %s has", draft->currency);
}

/* Keys are looked up later, when it is known whose they are. */
static void read_value(struct draft *draft, const struct field_def *def, struct str text, struct value *out)
{
	switch (def->type) {
	case FIELD_TEXT:
		out->kind = VALUE_TEXT;
		out->as.text = text;
		if (record_choices(def))
			read_choice(draft, def, text, out);
		else if (def->code == FIELD_EMAIL && (str_find(text, "@") < 1 || str_find(text, " ") >= 0))
			draft_wrong(draft, def->name, "is no mail address");
		break;
	case FIELD_NUMBER: read_number(draft, def, text, out); break;
	case FIELD_MONEY: read_money(draft, def, text, out); break;
	case FIELD_WHEN:
	case FIELD_MILESTONE: read_when(draft, def, text, out); break;
	case FIELD_FLAG:
		if (cell_flag(text, out) != CELL_OK)
			draft_wrong(draft, def->name, "is yes or no");
		break;
	case FIELD_REF: *out = (struct value){ .kind = VALUE_REF, .as.ref = { text, REF_BY_KEY } }; break;
	}
}

/* ---- all of it ---- */

static const struct field_def *told_def(const struct draft *draft, struct str name)
{
	const struct field_def *fields[RECORD_TOLD_FIELDS];
	size_t count = record_kind_fields(draft->told->kind, fields);

	for (size_t i = 0; i < count; i++)
		if (str_is(name, fields[i]->name))
			return fields[i];
	return NULL;
}

static void say_unknown(struct draft *draft, struct str name)
{
	const struct field_def *fields[RECORD_TOLD_FIELDS];
	const char *names[RECORD_TOLD_FIELDS], *near;
	size_t count = record_kind_fields(draft->told->kind, fields);

	for (size_t i = 0; i < count; i++)
		names[i] = fields[i]->name;
	near = str_nearest(name, names, count);
	draft_wrong(draft, arena_cstr(draft->desk->arena, name), "is no field of a %s%s%s", draft->told->kind->name,
		    near ? "; did you mean " : "", near ? near : "");
}

/* Of all amounts: the book's where nobody says, or of a change that which the record has. */
static void read_currency(struct draft *draft)
{
	const struct record_kind *kind = draft->told->kind;
	const struct facts *facts = draft->desk->facts;

	memcpy(draft->currency, book_settings(draft->desk->book)->currency, sizeof(draft->currency));
	if (!record_kind_money(kind))
		return;
	if (draft->told->change && kind->fact != FACT__COUNT)
		(void)currency_code(cell_name(cells_of(facts, kind->fact, "currency"), draft->row), draft->currency);
	else if (draft->told->change)
		(void)currency_code(draft->told->currency, draft->currency);
	for (size_t i = 0; i < draft->told->count; i++)
		if (str_is(draft->told->fields[i].name, "currency") &&
		    !currency_code(str_trim(draft->told->fields[i].text), draft->currency))
			draft_wrong(draft, "currency", "is no currency; write it like EUR");
}

static bool stands_before(const struct draft *draft, size_t i)
{
	for (size_t k = 0; k < i; k++)
		if (str_eq(draft->told->fields[k].name, draft->told->fields[i].name))
			return true;
	return false;
}

void draft_read(struct draft *draft)
{
	const struct record_told *told = draft->told;
	bool money = record_kind_money(told->kind);

	read_currency(draft);
	for (size_t i = 0; i < told->count; i++) {
		const struct told_field *field = &told->fields[i];
		const struct field_def *def = told_def(draft, field->name);
		struct str text = str_trim(field->text);

		if (money && str_is(field->name, "currency"))
			continue;
		if (!def)
			say_unknown(draft, field->name);
		else if (stands_before(draft, i))
			draft_wrong(draft, def->name, "is told twice");
		else if (text.len)
			read_value(draft, def, text, draft_add(draft, def->code, VALUE_EMPTY));
		else if (told->change)
			draft_add(draft, def->code, VALUE_EMPTY);
	}
}
