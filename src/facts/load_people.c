/* Colleagues, stages, companies, persons, and moves of deals: what rows borrow from, or are made of. */
#include <math.h>
#include <string.h>

#include "facts/load.h"

static uint32_t word(struct part *part, const struct record *record, enum field field)
{
	return part_word(part, part_text(record, field));
}

void part_fill_colleague(struct part *part, uint32_t at, const struct record *record)
{
	struct colleague *colleague = &part->colleagues.items[at];

	*colleague = (struct colleague){
		.key = text_hash(record->key),
		.source = str_hash(record->source),
		.name = word(part, record, FIELD_NAME),
		.team = word(part, record, FIELD_TEAM),
		.region = word(part, record, FIELD_REGION),
		.partner = word(part, record, FIELD_PARTNER),
	};
	/* A team without a name is known by who leads it. */
	if (!colleague->team)
		colleague->team = word(part, record, FIELD_MANAGER);
}

static double number_of(const struct record *record, enum field field, double none)
{
	const struct value *value = record_get(record, field);

	return value && value->kind == VALUE_NUMBER ? decimal_double(value->as.number) : none;
}

void part_fill_stage(struct part *part, uint32_t at, const struct record *record)
{
	struct stage_told *stage = &part->stages.items[at];
	const struct value *bid = record_get(record, FIELD_BID);

	*stage = (struct stage_told){
		.name = word(part, record, FIELD_NAME),
		.means = word(part, record, FIELD_MEANS),
		.position = (int)number_of(record, FIELD_POSITION, 0),
		.bid = bid && bid->kind == VALUE_YES,
		.limit_days = number_of(record, FIELD_LIMIT_DAYS, 0),
	};
	if (!stage->name)
		stage->name = part_word(part, record->key);
}

void part_fill_account(struct part *part, uint32_t at, const struct record *record)
{
	struct account *account = &part->accounts.items[at];

	*account = (struct account){
		.key = text_hash(record->key),
		.source = str_hash(record->source),
		.name = word(part, record, FIELD_NAME),
		.industry = word(part, record, FIELD_INDUSTRY),
		.country = word(part, record, FIELD_COUNTRY),
		.region = word(part, record, FIELD_REGION),
		.segment = word(part, record, FIELD_SEGMENT),
		.partner = word(part, record, FIELD_PARTNER),
		.company_size = number_of(record, FIELD_COMPANY_SIZE, NAN),
	};
	if (!account->name)
		account->name = part_word(part, record->key);
}

void part_fill_contact(struct part *part, uint32_t at, const struct record *record)
{
	part->contacts.items[at] = (struct contact){
		.key = text_hash(record->key),
		.source = str_hash(record->source),
		.email = text_hash(part_text(record, FIELD_EMAIL_MATCH)),
		.account_ref = part_ref(record_get(record, FIELD_ACCOUNT)),
		.company = word(part, record, FIELD_COMPANY),
		.country = word(part, record, FIELD_COUNTRY),
		.region = word(part, record, FIELD_REGION),
		.segment = word(part, record, FIELD_SEGMENT),
		.origin = word(part, record, FIELD_ORIGIN),
		.from = word(part, record, FIELD_SOURCE),
		.campaign = word(part, record, FIELD_CAMPAIGN),
		.lead = REF_NONE,
	};
}

void part_fill_custom(struct part *part, uint32_t at, const struct record *record)
{
	static const struct {
		const char *name;
		enum column_type type;
	} types[] = { { "text", COLUMN_NAME }, { "number", COLUMN_NUMBER }, { "money", COLUMN_MONEY },
		      { "when", COLUMN_TIME }, { "date", COLUMN_TIME },     { "flag", COLUMN_FLAG } };
	struct str of = part_text(record, FIELD_OF_OBJECT), type = part_text(record, FIELD_VALUE_TYPE);
	struct custom_told *custom = &part->customs.items[at];

	for (enum object object = 1; object < OBJECT__COUNT; object++) {
		enum fact fact = fact_of_object(object);

		if (fact == FACT__COUNT || !object_plural(object) ||
		    (!str_is(of, object_plural(object)) && !str_is(of, object_singular(object))))
			continue;
		for (size_t t = 0; t < sizeof(types) / sizeof(*types); t++) {
			if (str_is(type, types[t].name))
				*custom = (struct custom_told){ .fact = fact,
								.type = types[t].type,
								.name = word(part, record, FIELD_NAME),
								.sentence = word(part, record, FIELD_SENTENCE) };
		}
	}
}

void part_fill_move(struct part *part, uint32_t at, const struct record *record)
{
	struct move *move = &part->moves.items[at];
	const struct value *amount = record_get(record, FIELD_AMOUNT);
	uint32_t entered = part_seconds(part, record_get(record, FIELD_ENTERED));

	*move = (struct move){
		.deal_ref = part_ref(record_get(record, FIELD_OPPORTUNITY_REF)),
		.source = str_hash(record->source),
		.subject = move->subject,
		.entered = entered ? entered : TIME_UNKNOWN,
		.left = part_seconds(part, record_get(record, FIELD_LEFT)),
		.stage = word(part, record, FIELD_STAGE),
		.amount = MONEY_NONE,
	};
	if (move->entered == TIME_UNKNOWN)
		return;
	/* A stage history often says what else held at the time. */
	move->owner = word(part, record, FIELD_OWNER);
	move->expected_close = part_seconds(part, record_get(record, FIELD_EXPECTED_CLOSE));
	if (amount && amount->kind == VALUE_MONEY) {
		move->amount = amount->as.money.minor;
		move->currency = builder_currency(part->facts, amount->as.money.currency);
	}
}
