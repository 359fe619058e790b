/* Colleagues, stages, companies and persons: what rows borrow from. */
#include <math.h>

#include "facts/load.h"

static int each_colleague(void *context, const struct state *state, struct err *err)
{
	struct loader *l = context;
	const struct record *record = &state->record;
	struct colleague *colleague;

	(void)err;
	ARENA_PUSH(&l->arena, l->colleagues, l->colleague_count, l->colleague_capacity);
	colleague = &l->colleagues[l->colleague_count++];
	colleague->key = load_keep(l, record->key);
	colleague->name = load_keep(l, load_text(record, FIELD_NAME));
	colleague->team = load_keep(l, load_text(record, FIELD_TEAM));
	/* A team without a name is known by who leads it. */
	if (!colleague->team.len)
		colleague->team = load_keep(l, load_text(record, FIELD_MANAGER));
	colleague->region = load_keep(l, load_text(record, FIELD_REGION));
	colleague->partner = load_keep(l, load_text(record, FIELD_PARTNER));
	load_remember(l, OBJECT_PERSON, record->source, record->key, l->colleague_count);
	load_remember_as(l, &l->names, OBJECT_PERSON, record->source, colleague->name, l->colleague_count);
	load_remember_as(l, &l->names, OBJECT_PERSON, STR_NONE, colleague->name, l->colleague_count);
	return 0;
}

static int each_stage(void *context, const struct state *state, struct err *err)
{
	struct loader *l = context;
	const struct record *record = &state->record;
	const struct value *position = record_get(record, FIELD_POSITION),
			   *limit = record_get(record, FIELD_LIMIT_DAYS);
	const struct value *bid = record_get(record, FIELD_BID);
	struct str means = load_text(record, FIELD_MEANS);
	struct stage_def stage = { .name = load_text(record, FIELD_NAME) };

	(void)err;
	if (!stage.name.len)
		stage.name = record->key;
	if (facts_stage(l->facts, stage.name))
		return 0;
	stage.position = position && position->kind == VALUE_NUMBER ? (int)decimal_double(position->as.number) : 0;
	stage.means = means.len ? arena_cstr(&l->arena, means) : "open";
	stage.bid = bid && bid->kind == VALUE_YES;
	stage.limit_days = limit && limit->kind == VALUE_NUMBER ? decimal_double(limit->as.number) : 0;
	builder_stage(l->facts, &stage);
	return 0;
}

static int each_account(void *context, const struct state *state, struct err *err)
{
	struct loader *l = context;
	const struct record *record = &state->record;
	const struct value *size = record_get(record, FIELD_COMPANY_SIZE);
	struct account *account;

	(void)err;
	ARENA_PUSH(&l->arena, l->accounts, l->account_count, l->account_capacity);
	account = &l->accounts[l->account_count++];
	account->name = load_keep(l, load_text(record, FIELD_NAME));
	if (!account->name.len)
		account->name = load_keep(l, record->key);
	account->industry = load_keep(l, load_text(record, FIELD_INDUSTRY));
	account->country = load_keep(l, load_text(record, FIELD_COUNTRY));
	account->region = load_keep(l, load_text(record, FIELD_REGION));
	account->segment = load_keep(l, load_text(record, FIELD_SEGMENT));
	account->partner = load_keep(l, load_text(record, FIELD_PARTNER));
	account->company_size = size && size->kind == VALUE_NUMBER ? decimal_double(size->as.number) : NAN;
	load_remember(l, OBJECT_ACCOUNT, record->source, record->key, l->account_count);
	load_remember_as(l, &l->names, OBJECT_ACCOUNT, record->source, account->name, l->account_count);
	return 0;
}

static int each_contact(void *context, const struct state *state, struct err *err)
{
	struct loader *l = context;
	const struct record *record = &state->record;
	struct contact *contact;

	(void)err;
	ARENA_PUSH(&l->arena, l->contacts, l->contact_count, l->contact_capacity);
	contact = &l->contacts[l->contact_count++];
	contact->company = load_keep(l, load_text(record, FIELD_COMPANY));
	contact->country = load_keep(l, load_text(record, FIELD_COUNTRY));
	contact->region = load_keep(l, load_text(record, FIELD_REGION));
	contact->segment = load_keep(l, load_text(record, FIELD_SEGMENT));
	contact->origin = load_keep(l, load_text(record, FIELD_ORIGIN));
	contact->source = load_keep(l, load_text(record, FIELD_SOURCE));
	contact->campaign = load_keep(l, load_text(record, FIELD_CAMPAIGN));
	contact->account =
		(uint32_t)load_find(l, OBJECT_ACCOUNT, record->source, record_get(record, FIELD_ACCOUNT), NULL);
	contact->lead = REF_NONE;
	load_remember(l, OBJECT_CONTACT, record->source, record->key, l->contact_count);
	load_remember_email(l, record, l->contact_count);
	return 0;
}

int load_people(struct loader *l)
{
	int failed = load_states(l, OBJECT_PERSON, each_colleague);

	if (!failed)
		failed = load_states(l, OBJECT_STAGE, each_stage);
	if (!failed)
		failed = load_states(l, OBJECT_ACCOUNT, each_account);
	if (!failed)
		failed = load_states(l, OBJECT_CONTACT, each_contact);
	return failed;
}
