/* What records say by themselves, as rows. */
#include "facts/load.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- lists ---- */

void *list_room(void *items, size_t count, size_t *capacity, size_t size)
{
	if (count < *capacity)
		return items;
	*capacity = *capacity ? *capacity * 2 : 64;
	return must_realloc(items, *capacity * size);
}

uint64_t row_list_at(const struct row_list *list, uint32_t row)
{
	return row < list->capacity ? list->items[row] : 0;
}

void row_list_set(struct row_list *list, uint32_t row, uint64_t value)
{
	if (row >= list->capacity) {
		uint32_t capacity = list->capacity ? list->capacity : 1024;

		while (capacity <= row)
			capacity *= 2;
		list->items = must_realloc(list->items, capacity * sizeof(*list->items));
		memset(list->items + list->capacity, 0, (capacity - list->capacity) * sizeof(*list->items));
		list->capacity = capacity;
	}
	list->items[row] = value;
}

/* ---- the part ---- */

void part_init_whole(struct part *part, struct facts *facts)
{
	*part = (struct part){ .facts = facts };
	arena_init(&part->arena);
	dict_init(&part->words);
	part_prepare(part);
}

void part_init(struct part *part, const struct facts *like)
{
	part_init_whole(part, builder_part_new(like));
}

void part_release(struct part *part)
{
	for (enum fact f = 0; f < FACT__COUNT; f++) {
		for (enum link link = 0; link < LINK__COUNT; link++)
			free(part->links[f][link].items);
		free(part->keys[f].items);
		free(part->dead[f].items);
	}
	for (enum object object = 0; object < OBJECT__COUNT; object++)
		free(part->waiting[object].items);
	free(part->emails.items);
	free(part->deals.items);
	free(part->colleagues.items);
	free(part->accounts.items);
	free(part->contacts.items);
	free(part->moves.items);
	free(part->stages.items);
	free(part->customs.items);
	free(part->values.items);
	dict_release(&part->words);
	arena_release(&part->arena);
	*part = (struct part){ 0 };
}

struct str part_text(const struct record *record, enum field field)
{
	const struct value *value = record_get(record, field);

	return value && value->kind == VALUE_TEXT ? str_trim(value->as.text) : STR_NONE;
}

uint32_t part_word(struct part *part, struct str text)
{
	return dict_code(&part->words, text);
}

uint64_t part_ref(const struct value *value)
{
	struct str key = STR_NONE;
	enum ref_by by = REF_BY_KEY;

	if (value && value->kind == VALUE_REF) {
		key = value->as.ref.key;
		by = value->as.ref.by;
	} else if (value && value->kind == VALUE_TEXT) {
		key = value->as.text;
	}
	return key.len ? text_hash(key) | (uint64_t)by : 0;
}

/* ---- rows ---- */

static void add_custom(struct part *part, enum fact fact, uint32_t row, const struct record_field *field)
{
	struct custom_value *value = LIST_ADD(&part->values);

	*value = (struct custom_value){ .fact = fact,
					.row = row,
					.order = (uint32_t)part->values.count,
					.name = part_word(part, field->name),
					.value = value_copy(&part->arena, &field->value) };
}

static void fill_fields(struct part *part, enum fact fact, uint32_t row, const struct record *record)
{
	for (size_t i = 0; i < record->count; i++) {
		const struct record_field *field = &record->fields[i];
		uint64_t ref;
		int link;

		if (field->code == FIELD_CUSTOM) {
			add_custom(part, fact, row, field);
			continue;
		}
		if ((int)field->code >= LOAD_FIELDS)
			continue;
		link = part->filling[record->object][field->code].link;
		ref = link ? part_ref(&field->value) : 0;
		if (ref)
			row_list_set(&part->links[fact][link - 1], row, ref);
		part->leads_by_email |= link - 1 == LINK_LEAD && (ref & 3) == REF_BY_EMAIL;
		if (part->filling[record->object][field->code].column)
			part_value(part, part->filling[record->object][field->code].column, row, &field->value);
	}
}

static void default_unknown(struct part *part, enum fact fact, enum known_column name, uint32_t row)
{
	struct column *column = part->columns[fact][name];

	if (!column->at.any || column->at.times[row] == TIME_NOT_REACHED)
		builder_time(part->facts, column, row, TIME_UNKNOWN);
}

static void fill_lead(struct part *part, uint32_t row, const struct record *record)
{
	struct column *account = part->columns[FACT_LEADS][COL_ACCOUNT];
	struct str company = part_text(record, FIELD_COMPANY);
	uint64_t email = text_hash(part_text(record, FIELD_EMAIL_MATCH));

	default_unknown(part, FACT_LEADS, COL_CREATED, row);
	/* The account column holds the id as long as nothing better is known. */
	if (company.len && (!account->at.any || !account->at.codes[row]))
		builder_name(part->facts, account, row, company);
	if (email)
		row_list_set(&part->emails, row, email);
}

static bool says(const struct record *record, enum field field)
{
	const struct value *value = record_get(record, field);

	return value && value->kind != VALUE_EMPTY;
}

static void fill_deal(struct part *part, uint32_t row, const struct record *record)
{
	struct column *probability = part->columns[FACT_OPPORTUNITIES][COL_PROBABILITY];

	/* Chances come in per cent. */
	if (probability->at.any)
		probability->at.numbers[row] /= 100;
	part->deals.items[row] = (struct deal_told){ .closed = part_seconds(part, record_get(record, FIELD_CLOSED)),
						     .ended = says(record, FIELD_WON) || says(record, FIELD_LOST) ||
							      says(record, FIELD_DISCONTINUED) };
}

void part_fill(struct part *part, uint32_t row, const struct record *record)
{
	enum fact fact = fact_of_object(record->object);

	if (fact != FACT__COUNT)
		fill_fields(part, fact, row, record);
	switch (record->object) {
	case OBJECT_LEAD: fill_lead(part, row, record); break;
	case OBJECT_OPPORTUNITY: fill_deal(part, row, record); break;
	case OBJECT_TOUCH: default_unknown(part, FACT_TOUCHES, COL_AT, row); break;
	case OBJECT_ACTIVITY: default_unknown(part, FACT_ACTIVITIES, COL_AT, row); break;
	case OBJECT_LEAD_STEP: default_unknown(part, FACT_LEAD_STEPS, COL_AT, row); break;
	case OBJECT_PROMISE_WORD: default_unknown(part, FACT_PROMISE_WORDS, COL_AT, row); break;
	case OBJECT_SPEND: default_unknown(part, FACT_SPEND, COL_DAY, row); break;
	/* An order in the book is a booked one, whether or not anyone says when. */
	case OBJECT_ORDER: default_unknown(part, FACT_ORDERS, COL_BOOKED, row); break;
	case OBJECT_STAGE_CHANGE: part_fill_move(part, row, record); break;
	case OBJECT_PERSON: part_fill_colleague(part, row, record); break;
	case OBJECT_STAGE: part_fill_stage(part, row, record); break;
	case OBJECT_ACCOUNT: part_fill_account(part, row, record); break;
	case OBJECT_CONTACT: part_fill_contact(part, row, record); break;
	case OBJECT_CUSTOM_FIELD: part_fill_custom(part, row, record); break;
	default: break;
	}
}

static uint32_t add_row(struct part *part, enum fact fact, const struct record *record)
{
	uint32_t row = builder_row(part->facts, fact, record->key);

	builder_source(part->facts, fact, row, record->source);
	if (fact == FACT_LEADS)
		builder_subject(part->facts, fact, row, part->subject);
	if (fact == FACT_LEADS || fact == FACT_OPPORTUNITIES)
		row_list_set(&part->keys[fact], row, text_hash(record->key));
	if (fact == FACT_OPPORTUNITIES)
		*LIST_ADD(&part->deals) = (struct deal_told){ 0 };
	return row;
}

/* A place for the record, in which nothing is told yet. */
static uint32_t add_place(struct part *part, const struct record *record)
{
	enum fact fact = fact_of_object(record->object);

	if (fact != FACT__COUNT)
		return add_row(part, fact, record);
	switch (record->object) {
	case OBJECT_STAGE_CHANGE:
		*LIST_ADD(&part->moves) = (struct move){ .subject = part->subject, .amount = MONEY_NONE };
		return (uint32_t)part->moves.count - 1;
	case OBJECT_PERSON:
		*LIST_ADD(&part->colleagues) = (struct colleague){ 0 };
		return (uint32_t)part->colleagues.count - 1;
	case OBJECT_STAGE: *LIST_ADD(&part->stages) = (struct stage_told){ 0 }; return (uint32_t)part->stages.count - 1;
	case OBJECT_ACCOUNT:
		*LIST_ADD(&part->accounts) = (struct account){ .company_size = NAN };
		return (uint32_t)part->accounts.count - 1;
	case OBJECT_CONTACT:
		*LIST_ADD(&part->contacts) = (struct contact){ .lead = REF_NONE };
		return (uint32_t)part->contacts.count - 1;
	case OBJECT_CUSTOM_FIELD:
		*LIST_ADD(&part->customs) = (struct custom_told){ .fact = FACT__COUNT };
		return (uint32_t)part->customs.count - 1;
	default: BUG("a record of object %d", (int)record->object);
	}
}

/* Nothing is counted of what was agreed. */
static bool is_counted(enum object object)
{
	return object <= OBJECT_CUSTOM_FIELD || fact_of_object(object) != FACT__COUNT;
}

void part_record(struct part *part, const struct record *record)
{
	if (is_counted(record->object))
		part_fill(part, add_place(part, record), record);
}

void part_begin(struct part *part, const struct record *record)
{
	if (is_counted(record->object))
		*LIST_ADD(&part->waiting[record->object]) = add_place(part, record);
}

void part_rest(struct part *part, const struct record *record, bool none)
{
	enum fact fact = fact_of_object(record->object);
	size_t next;

	if (!is_counted(record->object))
		return;
	next = part->waited[record->object]++;
	if (next >= part->waiting[record->object].count)
		BUG("more of a %s is told than has begun", object_singular(record->object));
	if (!none)
		part_fill(part, part->waiting[record->object].items[next], record);
	else if (fact != FACT__COUNT)
		*LIST_ADD(&part->dead[fact]) = part->waiting[record->object].items[next];
}

/* ---- versions ---- */

static void lead_version(struct part *part, uint32_t row, uint32_t from, const struct record *record)
{
	const struct value *score = record_get(record, FIELD_SCORE), *owner = record_get(record, FIELD_OWNER);

	if (score && score->kind == VALUE_NUMBER)
		builder_version_number(part->columns[FACT_LEADS][COL_SCORE], row, from,
				       decimal_double(score->as.number));
	if (owner && owner->kind != VALUE_EMPTY)
		builder_version_name(part->facts, part->columns[FACT_LEADS][COL_OWNER], row, from,
				     part_name_of(part, owner));
}

static void deal_version(struct part *part, uint32_t row, uint32_t from, const struct record *record)
{
	struct column *const *columns = part->columns[FACT_OPPORTUNITIES];
	const struct value *amount = record_get(record, FIELD_AMOUNT);
	uint32_t close = part_seconds(part, record_get(record, FIELD_EXPECTED_CLOSE));
	struct str owner = part_text(record, FIELD_OWNER), stage = part_text(record, FIELD_STAGE);

	if (amount && amount->kind == VALUE_MONEY)
		builder_version_money(part->facts, columns[COL_AMOUNT], row, from, amount->as.money.minor,
				      amount->as.money.currency);
	if (close != TIME_NOT_REACHED)
		builder_version_time(columns[COL_EXPECTED_CLOSE], row, from, close);
	if (owner.len)
		builder_version_name(part->facts, columns[COL_OWNER], row, from, owner);
	if (stage.len)
		*LIST_ADD(&part->moves) = (struct move){ .deal = row,
							 .entered = from,
							 .stage = part_word(part, stage),
							 .amount = MONEY_NONE,
							 .observed = true };
}

void part_version(struct part *part, const struct record *record)
{
	struct value observed = { .kind = VALUE_TIME, .as.time_ms = record->observed_ms };
	uint32_t from = part_seconds(part, &observed), row;

	if (from == TIME_UNKNOWN || (record->object != OBJECT_LEAD && record->object != OBJECT_OPPORTUNITY))
		return;
	row = part->waiting[record->object].items[part->waited[record->object] - 1];
	if (record->object == OBJECT_LEAD)
		lead_version(part, row, from, record);
	else
		deal_version(part, row, from, record);
}
