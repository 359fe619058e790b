/* What rows are tied to by more, or less, than a key: kept so that facts can go on (take_up.h). */
#include <stdlib.h>

#include "facts/load.h"

void ties_add(struct ties *ties, const struct tie *tie)
{
	ties->items = list_room(ties->items, ties->count, &ties->capacity, sizeof(*ties->items));
	ties->items[ties->count++] = *tie;
}

void ties_add_move(struct ties *ties, const struct told_move *move)
{
	ties->moves = list_room(ties->moves, ties->move_count, &ties->move_capacity, sizeof(*ties->moves));
	ties->moves[ties->move_count++] = *move;
}

void ties_add_name(struct ties *ties, uint64_t name)
{
	ties->names = list_room(ties->names, ties->name_count, &ties->name_capacity, sizeof(*ties->names));
	ties->names[ties->name_count++] = name;
}

static const enum object objects[LINK__COUNT] = {
	[LINK_LEAD] = OBJECT_LEAD,
	[LINK_DEAL] = OBJECT_OPPORTUNITY,
	[LINK_CONTACT] = OBJECT_CONTACT,
	[LINK_ACCOUNT] = OBJECT_ACCOUNT,
};

bool tie_counts(enum fact fact, enum link link)
{
	bool of_deals = fact == FACT_TOUCHES || fact == FACT_ACTIVITIES || fact == FACT_ORDERS;
	bool of_leads = of_deals || fact == FACT_OPPORTUNITIES || fact == FACT_LEAD_STEPS || fact == FACT_PROMISE_WORDS;

	switch (link) {
	case LINK_LEAD: return of_leads;
	case LINK_DEAL: return of_deals;
	case LINK_ACCOUNT: return fact == FACT_OPPORTUNITIES || fact == FACT_ORDERS;
	default: return false;
	}
}

static void ties_of(const struct loader *l, enum fact fact, uint32_t row)
{
	uint64_t source = 0;

	for (enum link link = 0; link < LINK__COUNT; link++) {
		uint64_t told = load_link(l, fact, row, link);
		struct tie tie = { .told = told, .row = row, .fact = (uint8_t)fact, .link = (uint8_t)link };

		if (!told)
			continue;
		source = source ? source : load_source(l, fact, row);
		if ((told & 3) == REF_BY_KEY &&
		    places_get(&l->keys[objects[link]], places_hash(told & ~UINT64_C(3), source)))
			continue;
		tie.missing = tie_counts(fact, link) && !load_find(l, objects[link], source, told, NULL);
		ties_add(&l->whole.facts->ties, &tie);
	}
}

/* Most rows refer to a lead by its key alone: then it was found. */
static bool plain(const struct loader *l, enum fact fact, uint32_t row)
{
	if (fact == FACT_LEADS || fact == FACT_SPEND || (load_link(l, fact, row, LINK_LEAD) & 3) != REF_BY_KEY)
		return false;
	for (enum link link = 0; link < LINK__COUNT; link++) {
		if (link != LINK_LEAD && load_link(l, fact, row, link))
			return false;
	}
	return !load_is_empty(l, fact, COL_LEAD, row);
}

void load_ties(struct loader *l, enum fact fact)
{
	uint32_t rows = facts_rows(l->whole.facts, fact);

	for (uint32_t row = l->first[fact]; row < rows; row++) {
		if (!plain(l, fact, row))
			ties_of(l, fact, row);
	}
}

void load_ties_to_people(struct loader *l)
{
	struct ties *ties = &l->whole.facts->ties;

	for (size_t i = 0; i < l->whole.accounts.count; i++)
		ties_add_name(ties, text_hash(l->whole.words.names[l->whole.accounts.items[i].name]));
	ties->persons += l->whole.contacts.count;
}
