/* Opportunities: their milestones from what the record says and what its stage means; the rest from owner, lead and account. */
#include <stdlib.h>
#include <string.h>

#include "facts/load.h"

static struct column *column_of(const struct loader *l, enum known_column name)
{
	return load_column(l, FACT_OPPORTUNITIES, name);
}

static void set_time(struct loader *l, enum known_column name, uint32_t row, uint32_t t)
{
	builder_time(l->whole.facts, column_of(l, name), row, t);
}

/* When a milestone is known only as such, the date on which the deal closed is when. */
static void date_by_closing(struct loader *l, enum known_column name, uint32_t row, uint32_t closed)
{
	struct column *column = column_of(l, name);

	if (column->at.any && column->at.times[row] == TIME_UNKNOWN && closed != TIME_NOT_REACHED)
		column->at.times[row] = closed;
}

static void close_by_stage(struct loader *l, uint32_t row, const char *means, uint32_t closed)
{
	uint32_t t = closed != TIME_NOT_REACHED ? closed : TIME_UNKNOWN;

	if (!strcmp(means, "won") || !strcmp(means, "order"))
		set_time(l, COL_WON, row, t);
	else if (!strcmp(means, "lost"))
		set_time(l, COL_LOST, row, t);
	else if (!strcmp(means, "discontinued"))
		set_time(l, COL_DISCONTINUED, row, t);
	else if (closed != TIME_NOT_REACHED && closed != TIME_UNKNOWN &&
		 load_is_empty(l, FACT_OPPORTUNITIES, COL_EXPECTED_CLOSE, row))
		/* Most CRMs have one close date: of open deals it is the expected one. */
		set_time(l, COL_EXPECTED_CLOSE, row, closed);
}

static void fill_milestones(struct loader *l, uint32_t row)
{
	const struct deal_told *told = &l->whole.deals.items[row - l->first[FACT_OPPORTUNITIES]];
	const struct column *stages = column_of(l, COL_STAGE);
	const struct stage_def *stage = stages->at.any ? load_stage(l, stages->at.codes[row]) : NULL;

	if (stage)
		builder_name(l->whole.facts, column_of(l, COL_STAGE_MEANS), row, str_of(stage->means));
	if (told->ended) {
		date_by_closing(l, COL_WON, row, told->closed);
		date_by_closing(l, COL_LOST, row, told->closed);
		date_by_closing(l, COL_DISCONTINUED, row, told->closed);
	} else {
		close_by_stage(l, row, stage ? stage->means : "open", told->closed);
	}
	if (stage && !strcmp(stage->means, "on_hold") && load_is_empty(l, FACT_OPPORTUNITIES, COL_ON_HOLD, row))
		set_time(l, COL_ON_HOLD, row, TIME_UNKNOWN);
	if (load_is_empty(l, FACT_OPPORTUNITIES, COL_CREATED, row))
		set_time(l, COL_CREATED, row, TIME_UNKNOWN);
}

/* Sets lead and account; the account's place + 1, 0 = none. */
static uint32_t fill_links(struct loader *l, uint32_t row)
{
	uint64_t source = load_source(l, FACT_OPPORTUNITIES, row);
	struct column *lead_column = column_of(l, COL_LEAD), *account_column = column_of(l, COL_ACCOUNT);
	uint32_t lead = load_find(l, OBJECT_LEAD, source, load_link(l, FACT_OPPORTUNITIES, row, LINK_LEAD),
				  &lead_column->unresolved);
	uint32_t contact =
		load_find(l, OBJECT_CONTACT, source, load_link(l, FACT_OPPORTUNITIES, row, LINK_CONTACT), NULL);
	uint32_t account = load_find(l, OBJECT_ACCOUNT, source, load_link(l, FACT_OPPORTUNITIES, row, LINK_ACCOUNT),
				     &account_column->unresolved);

	if (!lead && contact && l->whole.contacts.items[contact - 1].lead != REF_NONE)
		lead = l->whole.contacts.items[contact - 1].lead + 1;
	if (lead)
		builder_ref(l->whole.facts, lead_column, row, load_survivor(l, lead - 1));
	if (!account && contact)
		account = l->whole.contacts.items[contact - 1].account;
	if (account)
		load_set_word(l, FACT_OPPORTUNITIES, COL_ACCOUNT, row, l->whole.accounts.items[account - 1].name);
	return account;
}

/* The lead's own say comes before the company's. */
static void from_account(struct loader *l, uint32_t row, const struct account *account)
{
	load_default(l, FACT_OPPORTUNITIES, COL_REGION, row, account->region);
	load_default(l, FACT_OPPORTUNITIES, COL_SEGMENT, row, account->segment);
	load_default(l, FACT_OPPORTUNITIES, COL_INDUSTRY, row, account->industry);
	load_default(l, FACT_OPPORTUNITIES, COL_PARTNER, row, account->partner);
}

static void inbound_from_lead(struct loader *l, uint32_t row)
{
	const struct column *lead = column_of(l, COL_LEAD), *inbound = load_column(l, FACT_LEADS, COL_INBOUND);
	uint32_t from = lead->at.any ? lead->at.refs[row] : REF_NONE;

	if (from != REF_NONE && inbound->at.any && inbound->at.flags[from] != FLAG_EMPTY &&
	    load_is_empty(l, FACT_OPPORTUNITIES, COL_INBOUND, row))
		builder_flag(l->whole.facts, column_of(l, COL_INBOUND), row, inbound->at.flags[from] == FLAG_YES);
}

void opportunity_rows(struct loader *l, uint32_t from, uint32_t to)
{
	static const enum known_column from_lead[] = { COL_SOURCE,  COL_CAMPAIGN, COL_ORIGIN,   COL_SEGMENT, COL_REGION,
						       COL_PRODUCT, COL_PARTNER,  COL_INDUSTRY, COL_ACCOUNT };
	uint32_t *accounts = must_alloc((to - from + 1) * sizeof(*accounts));

	for (uint32_t row = from; row < to; row++) {
		accounts[row - from] = 0;
		/* Looked up again, its owner could be another who is called so. */
		if (l->whole.deals.items[row - l->first[FACT_OPPORTUNITIES]].finished)
			continue;
		fill_milestones(l, row);
		load_owned(l, FACT_OPPORTUNITIES, row);
		accounts[row - from] = fill_links(l, row);
	}
	load_copy_names(l, FACT_LEADS, FACT_OPPORTUNITIES, COL_LEAD, from_lead, sizeof(from_lead) / sizeof(*from_lead),
			from, to);
	for (uint32_t row = from; row < to; row++) {
		if (accounts[row - from])
			from_account(l, row, &l->whole.accounts.items[accounts[row - from] - 1]);
		inbound_from_lead(l, row);
	}
	free(accounts);
}

void load_opportunities(struct loader *l)
{
	opportunity_rows(l, l->first[FACT_OPPORTUNITIES], facts_rows(l->whole.facts, FACT_OPPORTUNITIES));
	load_owned_versions(l, FACT_OPPORTUNITIES);
	load_ties(l, FACT_OPPORTUNITIES);
}
