/* Touches, activities, spend and orders. */
#include "facts/load.h"

static void default_unknown(struct loader *l, enum fact fact, const char *name, uint32_t row)
{
	if (load_is_empty(l, fact, name, row))
		builder_time(l->facts, facts_known_column(l->facts, fact, name), row, TIME_UNKNOWN);
}

/* The opportunity, and the lead: its own, else the person's, else the opportunity's. */
static void fill_links(struct loader *l, enum fact fact, uint32_t row, const struct record *record)
{
	struct column *lead_column = facts_known_column(l->facts, fact, "lead");
	struct column *deal_column = facts_known_column(l->facts, fact, "opportunity");
	const struct column *lead_of_deal = facts_known_column(l->facts, FACT_OPPORTUNITIES, "lead");
	uint64_t lead = load_find(l, OBJECT_LEAD, record->source, record_get(record, FIELD_LEAD), lead_column);
	uint64_t deal = load_find(l, OBJECT_OPPORTUNITY, record->source, record_get(record, FIELD_OPPORTUNITY_REF),
				  deal_column);
	uint64_t contact = load_find(l, OBJECT_CONTACT, record->source, record_get(record, FIELD_CONTACT), NULL);

	if (!lead && contact && l->contacts[contact - 1].lead != REF_NONE)
		lead = (uint64_t)l->contacts[contact - 1].lead + 1;
	if (!lead && deal && lead_of_deal->at.any && lead_of_deal->at.refs[deal - 1] != REF_NONE)
		lead = (uint64_t)lead_of_deal->at.refs[deal - 1] + 1;
	if (lead)
		builder_ref(l->facts, lead_column, row, (uint32_t)lead - 1);
	if (deal)
		builder_ref(l->facts, deal_column, row, (uint32_t)deal - 1);
}

static int each_touch(void *context, const struct state *state, struct err *err)
{
	struct loader *l = context;
	uint32_t row = builder_row(l->facts, FACT_TOUCHES, state->record.key);

	(void)err;
	load_fill(l, row, &state->record);
	default_unknown(l, FACT_TOUCHES, "at", row);
	fill_links(l, FACT_TOUCHES, row, &state->record);
	return 0;
}

static int each_activity(void *context, const struct state *state, struct err *err)
{
	struct loader *l = context;
	uint32_t row = builder_row(l->facts, FACT_ACTIVITIES, state->record.key);

	(void)err;
	load_fill(l, row, &state->record);
	default_unknown(l, FACT_ACTIVITIES, "at", row);
	load_owner(l, FACT_ACTIVITIES, row, state->record.source);
	fill_links(l, FACT_ACTIVITIES, row, &state->record);
	return 0;
}

static int each_spend(void *context, const struct state *state, struct err *err)
{
	struct loader *l = context;
	uint32_t row = builder_row(l->facts, FACT_SPEND, state->record.key);

	(void)err;
	load_fill(l, row, &state->record);
	default_unknown(l, FACT_SPEND, "day", row);
	return 0;
}

static int each_order(void *context, const struct state *state, struct err *err)
{
	struct loader *l = context;
	const struct record *record = &state->record;
	uint32_t row = builder_row(l->facts, FACT_ORDERS, record->key);
	const struct value *account_ref = record_get(record, FIELD_ACCOUNT);
	uint64_t account;

	(void)err;
	load_fill(l, row, record);
	/* An order in the book is a booked one, whether or not anyone says when. */
	default_unknown(l, FACT_ORDERS, "booked", row);
	load_owner(l, FACT_ORDERS, row, record->source);
	fill_links(l, FACT_ORDERS, row, record);
	account = load_find(l, OBJECT_ACCOUNT, record->source, account_ref,
			    facts_known_column(l->facts, FACT_ORDERS, "account"));
	if (account)
		builder_name(l->facts, facts_known_column(l->facts, FACT_ORDERS, "account"), row,
			     l->accounts[account - 1].name);
	else if (account_ref)
		load_default(l, FACT_ORDERS, "account", row, load_name_of(l, account_ref));
	return 0;
}

int load_others(struct loader *l)
{
	static const char *const from_deal[] = { "owner",    "team",   "partner", "source",  "origin",
						 "campaign", "region", "segment", "product", "account" };
	static const char *const from_lead[] = { "source",  "origin",  "campaign", "region",
						 "segment", "partner", "account" };
	int failed = load_states(l, OBJECT_TOUCH, each_touch);

	if (!failed)
		failed = load_states(l, OBJECT_ACTIVITY, each_activity);
	if (!failed)
		failed = load_states(l, OBJECT_SPEND, each_spend);
	if (!failed)
		failed = load_states(l, OBJECT_ORDER, each_order);
	if (failed)
		return failed;
	load_copy_names(l, FACT_OPPORTUNITIES, FACT_ORDERS, "opportunity", from_deal,
			sizeof(from_deal) / sizeof(*from_deal));
	load_copy_names(l, FACT_LEADS, FACT_ORDERS, "lead", from_lead, sizeof(from_lead) / sizeof(*from_lead));
	return 0;
}
