#include "domain/object.h"
#include "tap.h"

static void test_table(void)
{
	size_t total = 0;

	for (int object = 1; object < OBJECT__COUNT; object++) {
		size_t count;
		const struct field_def *const *fields = object_fields((enum object)object, &count);
		bool right = true;

		for (size_t i = 0; i < count; i++) {
			const struct field_def *def = fields[i];
			size_t end = strlen(def->sentence);

			right &= field_by_code((enum object)object, def->code) == def &&
				 field_by_name((enum object)object, str_of(def->name)) == def;
			right &= end > 10 && def->sentence[end - 1] == '.' && strlen(def->name) > 0;
			right &= (def->type == FIELD_REF) == (def->target != OBJECT_NONE);
			right &= !def->personal || def->type == FIELD_TEXT;
		}
		ok(right && count > 3, "%s has %zu fields, each found by its name and code",
		   object_singular((enum object)object), count);
		total += count;
	}
	ok(total > 150, "%zu fields in all", total);
}

static bool personal(enum object object, enum field code)
{
	const struct field_def *def = field_by_code(object, code);

	return def && def->personal;
}

static void test_personal(void)
{
	static const enum field of_persons[] = { FIELD_NAME,  FIELD_FIRST_NAME, FIELD_LAST_NAME, FIELD_EMAIL,
						 FIELD_PHONE, FIELD_ADDRESS,    FIELD_NOTES,     FIELD_TITLE };

	for (size_t i = 0; i < sizeof(of_persons) / sizeof(of_persons[0]); i++)
		ok(personal(OBJECT_LEAD, of_persons[i]) && personal(OBJECT_CONTACT, of_persons[i]),
		   "%s of leads and contacts is sealed", field_by_code(OBJECT_LEAD, of_persons[i])->name);
	ok(personal(OBJECT_OPPORTUNITY, FIELD_NAME) && personal(OBJECT_OPPORTUNITY, FIELD_NOTES),
	   "names and notes of deals are sealed");
	ok(personal(OBJECT_ACTIVITY, FIELD_NOTES) && personal(OBJECT_TOUCH, FIELD_NOTES) &&
		   personal(OBJECT_ORDER, FIELD_NOTES) && personal(OBJECT_LEAD_STEP, FIELD_NOTES),
	   "free text is sealed everywhere");
	ok(!personal(OBJECT_ACCOUNT, FIELD_NAME) && !personal(OBJECT_PERSON, FIELD_NAME) &&
		   !personal(OBJECT_STAGE, FIELD_NAME) && !personal(OBJECT_ORDER, FIELD_NAME) &&
		   !personal(OBJECT_PERSON, FIELD_EMAIL),
	   "names of companies, colleagues, stages and orders stay clear");
}

static void test_names(void)
{
	const struct field_def *milestone = field_by_name(OBJECT_LEAD, STR("opportunity"));
	const struct field_def *link = field_by_name(OBJECT_STAGE_CHANGE, STR("opportunity"));

	ok(milestone && milestone->code == FIELD_OPPORTUNITY && milestone->type == FIELD_MILESTONE,
	   "a lead becomes an opportunity");
	ok(link && link->code == FIELD_OPPORTUNITY_REF && link->target == OBJECT_OPPORTUNITY,
	   "a stage change belongs to one");
	ok(!field_by_name(OBJECT_SPEND, STR("email")) && !field_by_name(OBJECT_LEAD, STR("custom")) &&
		   !field_by_name(OBJECT_NONE, STR("name")),
	   "fields that are not there are not found");
	ok(!field_by_code(OBJECT_LEAD, FIELD_CUSTOM) && !field_by_code(OBJECT_LEAD, (enum field)9999) &&
		   !field_by_code(OBJECT__COUNT, FIELD_NAME),
	   "nor codes that are not");
	ok(object_by_plural(STR("stage-history")) == OBJECT_STAGE_CHANGE, "files of stage changes are stage histories");
	ok(object_by_plural(STR("lead-history")) == OBJECT_LEAD_STEP,
	   "files of what was done with leads are lead histories");
	ok(object_by_plural(STR("lead")) == OBJECT_NONE && object_by_plural(STR("")) == OBJECT_NONE,
	   "other words are nothing");
	ok(!object_plural(OBJECT_STAGE) && !object_plural(OBJECT_NONE), "no file holds stages");
	ok(object_is_paper(OBJECT_AGREEMENT) && object_is_paper(OBJECT_STANDING) &&
		   !object_is_paper(OBJECT_LEAD_STEP) && !object_is_paper(OBJECT__COUNT),
	   "agreements, signatures, annexes and standings are papers");
}

static void test_record(void)
{
	struct record_field fields[] = {
		{ FIELD_CUSTOM, STR("shoe size"), { .kind = VALUE_NUMBER, .as.number = { 43, 0 } } },
		{ FIELD_WON, STR_NONE, { .kind = VALUE_YES } },
	};
	struct record record = { .object = OBJECT_LEAD, .fields = fields, .count = 2 };

	ok(record_get(&record, FIELD_WON) == &fields[1].value, "a field of a record is found");
	ok(!record_get(&record, FIELD_LOST), "an absent one is not");
	ok(!record_get(&record, FIELD_CUSTOM), "custom fields go by name");
}

int main(void)
{
	test_table();
	test_personal();
	test_names();
	test_record();
	return done();
}
