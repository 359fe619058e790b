/* What came out otherwise, and who depends on it. */
#include <stdlib.h>
#include <string.h>

#include "facts/packed.h"
#include "facts/taking.h"

static const char *const lead_lends[] = { LEAD_LENDS };
static const char *const deal_lends[] = { DEAL_LENDS };

static bool same_value(const struct taking *t, const struct column *was, uint32_t to, const struct column *is,
		       uint32_t row)
{
	bool before = !column_empty(was, to), now = !column_empty(is, row);

	if (!before || !now)
		return before == now;
	switch (was->def.type) {
	case COLUMN_NAME: return str_eq(was->dict->names[column_code(was, to)], is->dict->names[column_code(is, row)]);
	case COLUMN_MONEY:
		return column_money(was, to) == column_money(is, row) &&
		       !strcmp(t->facts->currencies[column_currency(was, to)],
			       t->made->currencies[column_currency(is, row)]);
	case COLUMN_REF: return t->to[was->def.target][column_ref(is, row)] == column_ref(was, to);
	default: return column_code(was, to) == column_code(is, row);
	}
}

/* Rows that are new are no other than before. */
static bool came_out_otherwise(const struct taking *t, enum fact fact, uint32_t row, const char *const *names,
			       size_t count)
{
	uint32_t to = t->to[fact][row];

	for (size_t i = 0; i < count && to != REF_NONE; i++) {
		if (!same_value(t, facts_known_column(t->facts, fact, names[i]), to,
				facts_known_column(t->made, fact, names[i]), row))
			return true;
	}
	return false;
}

/* Rows of `fact` that refer to a marked one. */
static void want_those_of(struct taking *t, enum object object, const char *name, const uint8_t *marked, uint8_t mark)
{
	enum fact fact = fact_of_object(object);
	const struct column *refs = facts_known_column(t->facts, fact, name);

	for (uint32_t i = 0; refs->at.any && i < facts_rows(t->facts, fact); i++) {
		uint32_t row = column_ref(refs, i);

		if (row != REF_NONE && marked[row] & mark)
			want(t, object, i);
	}
}

/* Leads that lend otherwise: their deals and orders. */
static void follow_leads(struct taking *t)
{
	static const char *const inbound[] = { "inbound" }, *const merged[] = { "merged_into" };
	uint8_t *marked = must_calloc(facts_rows(t->facts, FACT_LEADS) + 1, 1);
	bool some = false;

	for (uint32_t i = 0; i < t->rows[FACT_LEADS]; i++) {
		/* What belongs to it belongs to another now, or again to it. */
		t->refused |= t->whole[FACT_LEADS][i] && came_out_otherwise(t, FACT_LEADS, i, merged, 1);
		if (!t->whole[FACT_LEADS][i] || (!came_out_otherwise(t, FACT_LEADS, i, lead_lends, COUNT(lead_lends)) &&
						 !came_out_otherwise(t, FACT_LEADS, i, inbound, 1)))
			continue;
		marked[t->to[FACT_LEADS][i]] = some = true;
	}
	if (some) {
		want_those_of(t, OBJECT_OPPORTUNITY, "lead", marked, 1);
		want_those_of(t, OBJECT_ORDER, "lead", marked, 1);
	}
	free(marked);
}

/* The lead that the row has, and the one it had. */
static void want_leads_of(struct taking *t, enum fact fact, uint32_t row)
{
	const struct column *was = facts_known_column(t->facts, fact, "lead");
	const struct column *is = facts_known_column(t->made, fact, "lead");
	uint32_t to = t->to[fact][row];

	if (to != REF_NONE && !column_empty(was, to))
		want(t, OBJECT_LEAD, column_ref(was, to));
	if (!column_empty(is, row))
		want(t, OBJECT_LEAD, t->to[FACT_LEADS][column_ref(is, row)]);
}

/* Deals: their leads; where they lend otherwise, or have another lead, what is tied to them. */
static void follow_deals(struct taking *t)
{
	static const char *const sums[] = { "lead", "created", "won", "lost", "discontinued", "amount" };
	enum { LENDS = 1, LEAD = 2 };
	uint8_t *marked = must_calloc(facts_rows(t->facts, FACT_OPPORTUNITIES) + 1, 1), any = 0;

	for (uint32_t i = 0; i < t->rows[FACT_OPPORTUNITIES]; i++) {
		uint32_t to = t->to[FACT_OPPORTUNITIES][i];
		uint8_t mark = 0;

		if (!t->whole[FACT_OPPORTUNITIES][i])
			continue;
		if (to == REF_NONE || came_out_otherwise(t, FACT_OPPORTUNITIES, i, sums, COUNT(sums)))
			want_leads_of(t, FACT_OPPORTUNITIES, i);
		if (to == REF_NONE)
			continue;
		if (came_out_otherwise(t, FACT_OPPORTUNITIES, i, deal_lends, COUNT(deal_lends)))
			mark |= LENDS;
		if (came_out_otherwise(t, FACT_OPPORTUNITIES, i, sums, 1))
			mark |= LEAD;
		marked[to] = mark;
		any |= mark;
	}
	if (any)
		want_those_of(t, OBJECT_ORDER, "opportunity", marked, LENDS | LEAD);
	if (any & LEAD) {
		want_those_of(t, OBJECT_TOUCH, "opportunity", marked, LEAD);
		want_those_of(t, OBJECT_ACTIVITY, "opportunity", marked, LEAD);
	}
	free(marked);
}

/* Activities that may be, or have been, the response to a lead. A new one behind the response known so far is none. */
static void follow_activities(struct taking *t)
{
	static const char *const told[] = { "lead", "at", "automatic", "direction" };
	const struct column *lead = facts_known_column(t->made, FACT_ACTIVITIES, "lead");
	const struct column *at = facts_known_column(t->made, FACT_ACTIVITIES, "at");
	const struct column *first = facts_known_column(t->facts, FACT_LEADS, "first_response");

	for (uint32_t i = 0; i < t->rows[FACT_ACTIVITIES]; i++) {
		uint32_t row = column_empty(lead, i) ? REF_NONE : column_ref(lead, i), to;

		if (!t->whole[FACT_ACTIVITIES][i])
			continue;
		if (t->to[FACT_ACTIVITIES][i] != REF_NONE) {
			if (came_out_otherwise(t, FACT_ACTIVITIES, i, told, COUNT(told)))
				want_leads_of(t, FACT_ACTIVITIES, i);
			continue;
		}
		to = row == REF_NONE ? REF_NONE : t->to[FACT_LEADS][row];
		if (to != REF_NONE && !column_empty(first, to) && column_code(at, i) < column_code(first, to))
			want(t, OBJECT_LEAD, to);
	}
}

/* Steps: their leads. */
static void follow_steps(struct taking *t)
{
	static const char *const told[] = { "lead", "at", "step", "owner", "reason" };

	for (uint32_t i = 0; i < t->rows[FACT_LEAD_STEPS]; i++) {
		if (t->whole[FACT_LEAD_STEPS][i] && (t->to[FACT_LEAD_STEPS][i] == REF_NONE ||
						     came_out_otherwise(t, FACT_LEAD_STEPS, i, told, COUNT(told))))
			want_leads_of(t, FACT_LEAD_STEPS, i);
	}
}

/* Rows that spoke before of who is there only now. */
static void follow_newcomers(struct taking *t)
{
	static const enum object objects[LINK__COUNT] = { OBJECT_LEAD, OBJECT_OPPORTUNITY, OBJECT_CONTACT,
							  OBJECT_ACCOUNT };

	for (size_t i = 0; i < t->facts->ties.count && t->newcomers.count; i++) {
		const struct tie *tie = &t->facts->ties.items[i];

		if (!places_get(&t->newcomers, places_hash(tie->told & ~UINT64_C(3), objects[tie->link])))
			continue;
		if (tie->link == LINK_CONTACT)
			t->refused = true;
		else
			want(t, object_of_fact(tie->fact), tie->row);
	}
}

void follow_rows(struct taking *t)
{
	follow_leads(t);
	follow_deals(t);
	follow_activities(t);
	follow_steps(t);
	follow_newcomers(t);
}
