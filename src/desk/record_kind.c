#include "desk/record_kind.h"

#include "base/err.h"

#define FIELDS(...) ((const enum field[]){ __VA_ARGS__, FIELD_CUSTOM })
#define NONE ((const enum field[]){ FIELD_CUSTOM })
#define OF_SOMEBODY FIELDS(FIELD_LEAD, FIELD_OPPORTUNITY_REF, FIELD_CONTACT)

/* clang-format off */
static const struct record_kind kinds[] = {
	{ OBJECT_TOUCH, FACT_TOUCHES, "touch", "touches", FIELDS(FIELD_KIND), OF_SOMEBODY, FIELD_AT, FIELD_CUSTOM },
	{ OBJECT_ACTIVITY, FACT_ACTIVITIES, "activity", "activities", FIELDS(FIELD_KIND), OF_SOMEBODY, FIELD_AT, FIELD_CUSTOM },
	{ OBJECT_OPPORTUNITY, FACT_OPPORTUNITIES, "opportunity", "opportunities", FIELDS(FIELD_STAGE), NULL, FIELD_CREATED, FIELD_CUSTOM },
	{ OBJECT_ORDER, FACT_ORDERS, "order", "orders", FIELDS(FIELD_AMOUNT), NULL, FIELD_BOOKED, FIELD_CUSTOM },
	{ OBJECT_SPEND, FACT_SPEND, "spend", "spend", FIELDS(FIELD_DAY, FIELD_AMOUNT), FIELDS(FIELD_CAMPAIGN, FIELD_SOURCE), FIELD_CUSTOM,
	  FIELD_CUSTOM },
	{ OBJECT_CONTACT, FACT__COUNT, "contact", "contacts", NONE, FIELDS(FIELD_NAME, FIELD_LAST_NAME, FIELD_EMAIL, FIELD_PHONE),
	  FIELD_CREATED, FIELD_CUSTOM },
	{ OBJECT_ACCOUNT, FACT__COUNT, "company", "companies", FIELDS(FIELD_NAME), NULL, FIELD_CREATED, FIELD_CUSTOM },
	{ OBJECT_PERSON, FACT__COUNT, "person", "people", FIELDS(FIELD_NAME), NULL, FIELD_CUSTOM, FIELD_NAME },
	{ OBJECT_STAGE, FACT__COUNT, "stage", "stages", FIELDS(FIELD_NAME, FIELD_MEANS), NULL, FIELD_CUSTOM, FIELD_NAME },
	{ OBJECT_CAMPAIGN, FACT__COUNT, "campaign", "campaigns", FIELDS(FIELD_NAME), NULL, FIELD_CUSTOM, FIELD_NAME },
	{ OBJECT_TEAM, FACT__COUNT, "team", "teams", FIELDS(FIELD_NAME), NULL, FIELD_CUSTOM, FIELD_NAME },
	{ OBJECT_PARTNER, FACT__COUNT, "partner", "partners", FIELDS(FIELD_NAME), NULL, FIELD_CUSTOM, FIELD_NAME },
};
/* clang-format on */

enum { KINDS = sizeof(kinds) / sizeof(*kinds) };

const struct record_kind *record_kind_at(size_t i)
{
	return i < KINDS ? &kinds[i] : NULL;
}

const struct record_kind *record_kind_of(enum object object)
{
	for (size_t i = 0; i < KINDS; i++)
		if (kinds[i].object == object)
			return &kinds[i];
	BUG("object %d is not told singly", (int)object);
}

const struct record_kind *record_kind_named(struct str name)
{
	for (size_t i = 0; i < KINDS; i++)
		if (str_is(name, kinds[i].name) || str_is(name, kinds[i].plural))
			return &kinds[i];
	return NULL;
}

/* What the book makes itself, and what only a file has: when its system last changed the row. */
static bool is_told(enum field code)
{
	return code != FIELD_EMAIL_MATCH && code != FIELD_PHONE_MATCH && code != FIELD_MODIFIED &&
	       code != FIELD_CONSENT;
}

size_t record_kind_fields(const struct record_kind *kind, const struct field_def *out[RECORD_TOLD_FIELDS])
{
	size_t all, count = 0;
	const struct field_def *const *fields = object_fields(kind->object, &all);

	for (size_t i = 0; i < all; i++) {
		if (!is_told(fields[i]->code))
			continue;
		if (count == RECORD_TOLD_FIELDS)
			BUG("more fields than a record has");
		out[count++] = fields[i];
	}
	return count;
}

bool record_kind_money(const struct record_kind *kind)
{
	const struct field_def *fields[RECORD_TOLD_FIELDS];
	size_t count = record_kind_fields(kind, fields);

	for (size_t i = 0; i < count; i++)
		if (fields[i]->type == FIELD_MONEY)
			return true;
	return false;
}

const char *record_choices(const struct field_def *def)
{
	switch (def->code) {
	case FIELD_ORIGIN: return "marketing|sales|referral|partner|unknown";
	case FIELD_DIRECTION: return "out|in|two_way";
	case FIELD_MEANS: return "open|won|lost|discontinued|on_hold|order";
	default: return NULL;
	}
}

bool record_may_come(const struct field_def *def)
{
	return def->code == FIELD_EXPECTED_CLOSE || def->code == FIELD_DUE || def->code == FIELD_BEGINS ||
	       def->code == FIELD_ENDS;
}
