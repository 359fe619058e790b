/* Values of records into columns. */
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "base/date.h"
#include "facts/load.h"

static const enum fact facts_of[OBJECT__COUNT] = {
	[OBJECT_NONE] = FACT__COUNT,
	[OBJECT_LEAD] = FACT_LEADS,
	[OBJECT_CONTACT] = FACT__COUNT,
	[OBJECT_ACCOUNT] = FACT__COUNT,
	[OBJECT_OPPORTUNITY] = FACT_OPPORTUNITIES,
	[OBJECT_STAGE_CHANGE] = FACT__COUNT,
	[OBJECT_ACTIVITY] = FACT_ACTIVITIES,
	[OBJECT_TOUCH] = FACT_TOUCHES,
	[OBJECT_SPEND] = FACT_SPEND,
	[OBJECT_ORDER] = FACT_ORDERS,
	[OBJECT_PERSON] = FACT__COUNT,
	[OBJECT_STAGE] = FACT__COUNT,
	[OBJECT_CUSTOM_FIELD] = FACT__COUNT,
	[OBJECT_LEAD_STEP] = FACT_LEAD_STEPS,
	[OBJECT_PROMISE_WORD] = FACT_PROMISE_WORDS,
	[OBJECT_AGREEMENT] = FACT__COUNT,
	[OBJECT_SIGNATURE] = FACT__COUNT,
	[OBJECT_ANNEX] = FACT__COUNT,
	[OBJECT_STANDING] = FACT__COUNT,
	[OBJECT_FORM] = FACT__COUNT,
	[OBJECT_HOOK] = FACT__COUNT,
	[OBJECT_CAMPAIGN] = FACT__COUNT,
	[OBJECT_TEAM] = FACT__COUNT,
	[OBJECT_PARTNER] = FACT__COUNT,
};

enum fact fact_of_object(enum object object)
{
	return facts_of[object];
}

enum object object_of_fact(enum fact fact)
{
	for (enum object object = 1; object < OBJECT__COUNT; object++) {
		if (facts_of[object] == fact)
			return object;
	}
	return OBJECT_NONE;
}

/* Fields and columns share their names, but for these. */
static const char *column_name(enum object object, const struct field_def *def)
{
	switch (def->code) {
	case FIELD_KIND: return object == OBJECT_LEAD_STEP ? "step" : def->name;
	case FIELD_REPORTED_LEADS: return "leads";
	case FIELD_REPORTED_CONVERSIONS: return "conversions";
	case FIELD_CLOSED:
	case FIELD_NAME:
	case FIELD_CONTACT: return NULL; /* worked out, not copied */
	default: return def->name;
	}
}

static int link_of(enum field field)
{
	switch (field) {
	case FIELD_LEAD: return LINK_LEAD + 1;
	case FIELD_OPPORTUNITY_REF: return LINK_DEAL + 1;
	case FIELD_CONTACT: return LINK_CONTACT + 1;
	case FIELD_ACCOUNT: return LINK_ACCOUNT + 1;
	default: return 0;
	}
}

static const char *const known_names[COL__COUNT] = {
	[COL_ACCOUNT] = "account",
	[COL_AMOUNT] = "amount",
	[COL_AT] = "at",
	[COL_AUTOMATIC] = "automatic",
	[COL_BOOKED] = "booked",
	[COL_CAMPAIGN] = "campaign",
	[COL_COMPANY_SIZE] = "company_size",
	[COL_COUNTRY] = "country",
	[COL_CREATED] = "created",
	[COL_DAY] = "day",
	[COL_DIRECTION] = "direction",
	[COL_DISCONTINUED] = "discontinued",
	[COL_ENTERED] = "entered",
	[COL_EXPECTED_CLOSE] = "expected_close",
	[COL_FIRST_RESPONSE] = "first_response",
	[COL_HANDED_OFF] = "handed_off",
	[COL_INBOUND] = "inbound",
	[COL_INDUSTRY] = "industry",
	[COL_LEAD] = "lead",
	[COL_LEFT] = "left",
	[COL_LOST] = "lost",
	[COL_MERGED_INTO] = "merged_into",
	[COL_NEXT_STAGE] = "next_stage",
	[COL_ON_HOLD] = "on_hold",
	[COL_OPPORTUNITY] = "opportunity",
	[COL_ORIGIN] = "origin",
	[COL_OUTCOME] = "outcome",
	[COL_OWNER] = "owner",
	[COL_PARTNER] = "partner",
	[COL_POSITION] = "position",
	[COL_PROBABILITY] = "probability",
	[COL_PRODUCT] = "product",
	[COL_REASON] = "reason",
	[COL_REGION] = "region",
	[COL_SCORE] = "score",
	[COL_SEGMENT] = "segment",
	[COL_SOURCE] = "source",
	[COL_STAGE] = "stage",
	[COL_STAGE_MEANS] = "stage_means",
	[COL_STEP] = "step",
	[COL_TEAM] = "team",
	[COL_WON] = "won",
};

/* Where columns stand in their table, + 1; 0: nowhere. The same in all facts, but for fields of their own, which stand behind. */
static struct {
	pthread_once_t once;
	uint16_t known[FACT__COUNT][COL__COUNT], filling[OBJECT__COUNT][LOAD_FIELDS], count[FACT__COUNT];
} stands = { .once = PTHREAD_ONCE_INIT };

static uint16_t place_of(enum fact fact, const char *name)
{
	const struct column_def *defs = catalogue_of(fact);

	for (uint16_t i = 0; name && defs[i].name; i++)
		if (!strcmp(defs[i].name, name))
			return (uint16_t)(i + 1);
	return 0;
}

static void find_places(void)
{
	for (enum fact f = 0; f < FACT__COUNT; f++)
		while (catalogue_of(f)[stands.count[f]].name)
			stands.count[f]++;
	for (enum fact f = 0; f < FACT__COUNT; f++)
		for (enum known_column c = 0; c < COL__COUNT; c++)
			stands.known[f][c] = place_of(f, known_names[c]);
	for (enum object object = 1; object < OBJECT__COUNT; object++) {
		size_t count = 0;
		const struct field_def *const *fields = object_fields(object, &count);

		for (size_t i = 0; facts_of[object] != FACT__COUNT && i < count; i++)
			stands.filling[object][fields[i]->code] =
				place_of(facts_of[object], column_name(object, fields[i]));
	}
}

static struct column *column_at(const struct facts *facts, enum fact fact, uint16_t place, const char *name)
{
	if (place || !name)
		return place ? facts->tables[fact].columns[place - 1] : NULL;
	/* A field of their own may be called so. */
	for (size_t i = stands.count[fact]; i < facts->tables[fact].column_count; i++)
		if (!strcmp(facts->tables[fact].columns[i]->def.name, name))
			return facts->tables[fact].columns[i];
	return NULL;
}

static void prepare_columns(struct part *part)
{
	pthread_once(&stands.once, find_places);
	for (enum fact f = 0; f < FACT__COUNT; f++)
		for (enum known_column c = 0; c < COL__COUNT; c++)
			part->columns[f][c] = column_at(part->facts, f, stands.known[f][c], known_names[c]);
}

void part_prepare(struct part *part)
{
	prepare_columns(part);
	for (enum object object = 1; object < OBJECT__COUNT; object++) {
		enum fact fact = facts_of[object];
		size_t count = 0;
		const struct field_def *const *fields = object_fields(object, &count);

		for (size_t i = 0; fact != FACT__COUNT && i < count; i++) {
			struct column *column = column_at(part->facts, fact, stands.filling[object][fields[i]->code],
							  column_name(object, fields[i]));

			if (column && !column->def.derived && column->def.type != COLUMN_REF)
				part->filling[object][fields[i]->code].column = column;
			part->filling[object][fields[i]->code].link = link_of(fields[i]->code);
		}
	}
}

/* The first second of a date; the zone is asked once for each of those met lately. */
static uint32_t day_seconds(struct part *part, int32_t date)
{
	const size_t places = sizeof(part->days) / sizeof(*part->days);
	int64_t seconds;

	if (date < 0 || date > (int32_t)(UINT32_MAX / DAY_SECONDS))
		return TIME_UNKNOWN;
	if (part->days[(size_t)date % places].date != date || !part->days[(size_t)date % places].seconds) {
		seconds = floor_div(zone_day_start_ms(part->facts->zone, date), 1000);
		part->days[(size_t)date % places].date = date;
		part->days[(size_t)date % places].seconds =
			seconds <= 0 || seconds >= (int64_t)UINT32_MAX ? TIME_UNKNOWN : (uint32_t)seconds;
	}
	return part->days[(size_t)date % places].seconds;
}

uint32_t part_seconds(struct part *part, const struct value *value)
{
	int64_t seconds;

	if (!value)
		return TIME_NOT_REACHED;
	switch (value->kind) {
	case VALUE_DATE: return day_seconds(part, value->as.date);
	case VALUE_TIME:
		seconds = floor_div(value->as.time_ms, 1000);
		return seconds <= 0 || seconds >= (int64_t)UINT32_MAX ? TIME_UNKNOWN : (uint32_t)seconds;
	case VALUE_YES: return TIME_UNKNOWN;
	default: return TIME_NOT_REACHED;
	}
}

struct str part_name_of(struct part *part, const struct value *value)
{
	switch (value->kind) {
	case VALUE_TEXT: return str_trim(value->as.text);
	case VALUE_REF: return value->as.ref.by == REF_BY_EMAIL ? STR_NONE : value->as.ref.key;
	case VALUE_NUMBER: decimal_format(value->as.number, part->text); return str_of(part->text);
	case VALUE_YES: return STR("yes");
	case VALUE_NO: return STR("no");
	case VALUE_DATE: date_format(value->as.date, part->text); return str_of(part->text);
	default: return STR_NONE;
	}
}

static void fill_number(struct part *part, struct column *column, uint32_t row, const struct value *value)
{
	if (value->kind == VALUE_NUMBER)
		builder_number(part->facts, column, row, decimal_double(value->as.number));
	else if (value->kind == VALUE_YES || value->kind == VALUE_NO)
		builder_number(part->facts, column, row, value->kind == VALUE_YES);
}

void part_value(struct part *part, struct column *column, uint32_t row, const struct value *value)
{
	struct str name;
	uint32_t t;

	switch (column->def.type) {
	case COLUMN_TIME:
		t = part_seconds(part, value);
		if (t != TIME_NOT_REACHED)
			builder_time(part->facts, column, row, t);
		break;
	case COLUMN_NAME:
		name = part_name_of(part, value);
		if (name.len)
			builder_name(part->facts, column, row, name);
		break;
	case COLUMN_NUMBER: fill_number(part, column, row, value); break;
	case COLUMN_MONEY:
		if (value->kind == VALUE_MONEY)
			builder_money(part->facts, column, row, value->as.money.minor, value->as.money.currency);
		break;
	case COLUMN_FLAG:
		if (value->kind == VALUE_YES || value->kind == VALUE_NO)
			builder_flag(part->facts, column, row, value->kind == VALUE_YES);
		break;
	default: break;
	}
}
