/* Touches, activities, spend and orders. */
#include <pthread.h>

#include "facts/load.h"

enum { ROWS_AT_ONCE = 1 << 16 };

/* The opportunity, and the lead: its own, else the person's, else the opportunity's. */
void link_row(struct loader *l, enum fact fact, uint32_t row, uint64_t unresolved[LINK__COUNT])
{
	const struct column *lead_of_deal = load_column(l, FACT_OPPORTUNITIES, COL_LEAD);
	uint64_t source = load_source(l, fact, row);
	uint32_t lead = load_find(l, OBJECT_LEAD, source, load_link(l, fact, row, LINK_LEAD), &unresolved[LINK_LEAD]);
	uint32_t deal =
		load_find(l, OBJECT_OPPORTUNITY, source, load_link(l, fact, row, LINK_DEAL), &unresolved[LINK_DEAL]);
	uint32_t contact = load_find(l, OBJECT_CONTACT, source, load_link(l, fact, row, LINK_CONTACT), NULL);

	if (!lead && contact && l->whole.contacts.items[contact - 1].lead != REF_NONE)
		lead = l->whole.contacts.items[contact - 1].lead + 1;
	if (!lead && deal && lead_of_deal->at.any && lead_of_deal->at.refs[deal - 1] != REF_NONE)
		lead = lead_of_deal->at.refs[deal - 1] + 1;
	/* What was done with a lead, and promised about it, stays its own. */
	if (lead && fact != FACT_LEAD_STEPS && fact != FACT_PROMISE_WORDS)
		lead = load_survivor(l, lead - 1) + 1;
	if (lead)
		builder_ref(l->whole.facts, load_column(l, fact, COL_LEAD), row, lead - 1);
	if (deal)
		builder_ref(l->whole.facts, load_column(l, fact, COL_OPPORTUNITY), row, deal - 1);
}

struct linking {
	struct loader *l;
	enum fact fact;
	pthread_mutex_t mutex;
};

static int link_rows(void *context, size_t item, struct err *err)
{
	struct linking *linking = context;
	struct loader *l = linking->l;
	uint32_t rows = facts_rows(l->whole.facts, linking->fact);
	uint32_t from = l->first[linking->fact] + (uint32_t)item * ROWS_AT_ONCE;
	uint64_t unresolved[LINK__COUNT] = { 0 };

	(void)err;
	for (uint32_t row = from; row < rows && row - from < ROWS_AT_ONCE; row++) {
		/* A row that is done with, for others to take from, has its lead already. */
		if (!load_is_empty(l, linking->fact, COL_LEAD, row))
			continue;
		link_row(l, linking->fact, row, unresolved);
		if (load_column(l, linking->fact, COL_OWNER))
			load_owned(l, linking->fact, row);
	}
	pthread_mutex_lock(&linking->mutex);
	load_column(l, linking->fact, COL_LEAD)->unresolved += unresolved[LINK_LEAD];
	if (load_column(l, linking->fact, COL_OPPORTUNITY))
		load_column(l, linking->fact, COL_OPPORTUNITY)->unresolved += unresolved[LINK_DEAL];
	pthread_mutex_unlock(&linking->mutex);
	return 0;
}

/* What threads write to is made before. */
static void prepare(struct loader *l, enum fact fact)
{
	struct facts *facts = l->whole.facts;
	struct column *lead = load_column(l, fact, COL_LEAD), *deal = load_column(l, fact, COL_OPPORTUNITY);
	bool leads = false, deals = false;

	for (enum link link = 0; link < LINK__COUNT; link++) {
		leads |= l->whole.links[fact][link].items != NULL;
		deals |= link == LINK_DEAL && l->whole.links[fact][link].items;
	}
	if (leads)
		builder_writable(facts, lead);
	if (deals)
		builder_writable(facts, deal);
}

static void prepare_owners(struct loader *l, enum fact fact)
{
	struct fact_table *table = &l->whole.facts->tables[fact];
	const struct column *owner = load_column(l, fact, COL_OWNER);

	for (uint32_t row = l->first[fact]; owner && owner->at.any && row < table->rows; row++) {
		uint32_t source = table->sources ? table->sources[row] : table->source;

		if (owner->at.codes[row] && load_owner(l, fact, source, owner->at.codes[row])->team)
			builder_writable(l->whole.facts, load_column(l, fact, COL_TEAM));
	}
}

void load_linked(struct loader *l, enum fact fact)
{
	static const enum known_column all[] = { COL__COUNT };
	struct linking linking = { .l = l, .fact = fact };
	uint32_t rows = facts_rows(l->whole.facts, fact) - l->first[fact];
	struct err none = ERR_INIT;

	prepare(l, fact);
	prepare_owners(l, fact);
	pthread_mutex_init(&linking.mutex, NULL);
	load_each(l->threads, (rows + ROWS_AT_ONCE - 1) / ROWS_AT_ONCE, link_rows, &linking, NULL, &none);
	pthread_mutex_destroy(&linking.mutex);
	load_ties(l, fact);
	load_pack(l, fact, all);
	load_forget_links(l, fact);
}

static void order_row(struct loader *l, uint32_t row)
{
	struct column *account_column = load_column(l, FACT_ORDERS, COL_ACCOUNT);
	uint64_t source = load_source(l, FACT_ORDERS, row);
	uint32_t account = load_find(l, OBJECT_ACCOUNT, source, load_link(l, FACT_ORDERS, row, LINK_ACCOUNT),
				     &account_column->unresolved);

	load_owned(l, FACT_ORDERS, row);
	if (account)
		load_set_word(l, FACT_ORDERS, COL_ACCOUNT, row, l->whole.accounts.items[account - 1].name);
}

void order_rows(struct loader *l, uint32_t from, uint32_t to)
{
	static const enum known_column from_deal[] = {
		COL_OWNER,    COL_TEAM,   COL_PARTNER, COL_SOURCE,  COL_ORIGIN,
		COL_CAMPAIGN, COL_REGION, COL_SEGMENT, COL_PRODUCT, COL_ACCOUNT
	};
	static const enum known_column from_lead[] = { COL_SOURCE,  COL_ORIGIN,  COL_CAMPAIGN, COL_REGION,
						       COL_SEGMENT, COL_PARTNER, COL_ACCOUNT };
	uint64_t unresolved[LINK__COUNT] = { 0 };

	for (uint32_t row = from; row < to; row++) {
		order_row(l, row);
		link_row(l, FACT_ORDERS, row, unresolved);
	}
	load_column(l, FACT_ORDERS, COL_LEAD)->unresolved += unresolved[LINK_LEAD];
	load_column(l, FACT_ORDERS, COL_OPPORTUNITY)->unresolved += unresolved[LINK_DEAL];
	load_copy_names(l, FACT_OPPORTUNITIES, FACT_ORDERS, COL_OPPORTUNITY, from_deal,
			sizeof(from_deal) / sizeof(*from_deal), from, to);
	load_copy_names(l, FACT_LEADS, FACT_ORDERS, COL_LEAD, from_lead, sizeof(from_lead) / sizeof(*from_lead), from,
			to);
}

void load_events(struct loader *l)
{
	load_linked(l, FACT_TOUCHES);
	load_linked(l, FACT_ACTIVITIES);
}

void load_orders(struct loader *l)
{
	order_rows(l, l->first[FACT_ORDERS], facts_rows(l->whole.facts, FACT_ORDERS));
	load_ties(l, FACT_ORDERS);
}
