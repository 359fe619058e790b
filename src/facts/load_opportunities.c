/* Opportunities: their milestones from what the record says and what its stage means; the rest from owner, lead and account. */
#include <string.h>

#include "facts/load.h"

struct milestones {
	const struct value *won, *lost, *discontinued, *closed;
	bool told; /* the record itself says whether it was won, lost or discontinued */
};

static bool says(const struct value *value)
{
	return value && value->kind != VALUE_EMPTY;
}

static struct column *column_of(struct loader *l, const char *name)
{
	return facts_known_column(l->facts, FACT_OPPORTUNITIES, name);
}

/* When a milestone is known only as such, the date on which the deal closed is when. */
static void date_by_closing(struct loader *l, const char *name, uint32_t row, uint32_t closed)
{
	struct column *column = column_of(l, name);

	if (column->at.any && column->at.times[row] == TIME_UNKNOWN && closed != TIME_NOT_REACHED)
		column->at.times[row] = closed;
}

static void close_by_stage(struct loader *l, uint32_t row, const char *means, uint32_t closed)
{
	uint32_t t = closed != TIME_NOT_REACHED ? closed : TIME_UNKNOWN;

	if (!strcmp(means, "won") || !strcmp(means, "order"))
		builder_time(l->facts, column_of(l, "won"), row, t);
	else if (!strcmp(means, "lost"))
		builder_time(l->facts, column_of(l, "lost"), row, t);
	else if (!strcmp(means, "discontinued"))
		builder_time(l->facts, column_of(l, "discontinued"), row, t);
	else if (closed != TIME_NOT_REACHED && closed != TIME_UNKNOWN &&
		 load_is_empty(l, FACT_OPPORTUNITIES, "expected_close", row))
		/* Most CRMs have one close date: of open deals it is the expected one. */
		builder_time(l->facts, column_of(l, "expected_close"), row, closed);
}

static void fill_milestones(struct loader *l, uint32_t row, const struct record *record)
{
	struct milestones m = { record_get(record, FIELD_WON), record_get(record, FIELD_LOST),
				record_get(record, FIELD_DISCONTINUED), record_get(record, FIELD_CLOSED), false };
	uint32_t closed = load_seconds(l, m.closed);
	const struct stage_def *stage = facts_stage(l->facts, load_name_at(l, FACT_OPPORTUNITIES, "stage", row));

	m.told = says(m.won) || says(m.lost) || says(m.discontinued);
	if (stage)
		builder_name(l->facts, column_of(l, "stage_means"), row, str_of(stage->means));
	if (m.told) {
		date_by_closing(l, "won", row, closed);
		date_by_closing(l, "lost", row, closed);
		date_by_closing(l, "discontinued", row, closed);
	} else {
		close_by_stage(l, row, stage ? stage->means : "open", closed);
	}
	if (stage && !strcmp(stage->means, "on_hold") && load_is_empty(l, FACT_OPPORTUNITIES, "on_hold", row))
		builder_time(l->facts, column_of(l, "on_hold"), row, TIME_UNKNOWN);
	if (load_is_empty(l, FACT_OPPORTUNITIES, "created", row))
		builder_time(l->facts, column_of(l, "created"), row, TIME_UNKNOWN);
}

/* Chances come in per cent. */
static void fill_probability(struct loader *l, uint32_t row)
{
	struct column *column = column_of(l, "probability");

	if (column->at.any)
		column->at.numbers[row] /= 100;
}

static void fill_links(struct loader *l, uint32_t row, const struct record *record)
{
	const struct value *account_ref = record_get(record, FIELD_ACCOUNT);
	struct column *lead_column = column_of(l, "lead");
	uint64_t lead = load_find(l, OBJECT_LEAD, record->source, record_get(record, FIELD_LEAD), lead_column);
	uint64_t contact = load_find(l, OBJECT_CONTACT, record->source, record_get(record, FIELD_CONTACT), NULL);
	uint64_t account = load_find(l, OBJECT_ACCOUNT, record->source, account_ref, column_of(l, "account"));

	if (!lead && contact && l->contacts[contact - 1].lead != REF_NONE)
		lead = (uint64_t)l->contacts[contact - 1].lead + 1;
	if (lead)
		builder_ref(l->facts, lead_column, row, (uint32_t)lead - 1);
	if (!account && contact)
		account = l->contacts[contact - 1].account;
	if (account) {
		const struct account *from = &l->accounts[account - 1];

		builder_name(l->facts, column_of(l, "account"), row, from->name);
		/* The lead's own say comes before the company's, so these wait until the lead's are copied. */
		l->deal_accounts[row - l->first[FACT_OPPORTUNITIES]] = (uint32_t)account;
	} else if (account_ref) {
		load_default(l, FACT_OPPORTUNITIES, "account", row, load_name_of(l, account_ref));
	}
}

static int each_deal(void *context, const struct state *state, struct err *err)
{
	struct loader *l = context;
	const struct record *record = &state->record;
	uint32_t row = builder_row(l->facts, FACT_OPPORTUNITIES, record->key);

	(void)err;
	load_fill(l, row, record);
	fill_milestones(l, row, record);
	fill_probability(l, row);
	load_remember(l, OBJECT_OPPORTUNITY, record->source, record->key, (uint64_t)row + 1);
	load_owner(l, FACT_OPPORTUNITIES, row, record->source);
	while (l->deal_capacity <= row - l->first[FACT_OPPORTUNITIES]) {
		size_t more = l->deal_capacity ? l->deal_capacity * 2 : 1024;

		l->deal_accounts = arena_grow(&l->arena, l->deal_accounts, l->deal_capacity * sizeof(uint32_t),
					      more * sizeof(uint32_t));
		l->deal_capacity = more;
	}
	fill_links(l, row, record);
	return 0;
}

static void from_accounts(struct loader *l)
{
	uint32_t first = l->first[FACT_OPPORTUNITIES];

	for (uint32_t row = first; row < facts_rows(l->facts, FACT_OPPORTUNITIES); row++) {
		uint32_t place = l->deal_accounts[row - first];
		const struct account *account = place ? &l->accounts[place - 1] : NULL;

		if (!account)
			continue;
		load_default(l, FACT_OPPORTUNITIES, "region", row, account->region);
		load_default(l, FACT_OPPORTUNITIES, "segment", row, account->segment);
		load_default(l, FACT_OPPORTUNITIES, "industry", row, account->industry);
		load_default(l, FACT_OPPORTUNITIES, "partner", row, account->partner);
	}
}

static void inbound_from_leads(struct loader *l)
{
	const struct column *lead = column_of(l, "lead"),
			    *inbound = facts_known_column(l->facts, FACT_LEADS, "inbound");

	for (uint32_t row = l->first[FACT_OPPORTUNITIES];
	     lead->at.any && inbound->at.any && row < facts_rows(l->facts, FACT_OPPORTUNITIES); row++) {
		uint32_t from = lead->at.refs[row];

		if (from != REF_NONE && inbound->at.flags[from] != FLAG_EMPTY &&
		    load_is_empty(l, FACT_OPPORTUNITIES, "inbound", row))
			builder_flag(l->facts, column_of(l, "inbound"), row, inbound->at.flags[from] == FLAG_YES);
	}
}

/* ---- history ---- */

static int each_version(void *context, const struct state *state, struct err *err)
{
	struct loader *l = context;
	const struct record *record = &state->record;
	struct value key = { .kind = VALUE_TEXT, .as.text = record->key };
	struct value observed = { .kind = VALUE_TIME, .as.time_ms = record->observed_ms };
	uint64_t place = load_find(l, OBJECT_OPPORTUNITY, record->source, &key, NULL);
	uint32_t from = load_seconds(l, &observed), row = (uint32_t)place - 1;
	const struct value *amount = record_get(record, FIELD_AMOUNT),
			   *close = record_get(record, FIELD_EXPECTED_CLOSE);
	struct str owner = load_text(record, FIELD_OWNER), stage = load_text(record, FIELD_STAGE);
	const struct colleague *colleague = load_colleague(l, record->source, owner);

	(void)err;
	if (!place || from == TIME_UNKNOWN)
		return 0;
	if (amount && amount->kind == VALUE_MONEY)
		builder_version_money(l->facts, column_of(l, "amount"), row, from, amount->as.money.minor,
				      amount->as.money.currency);
	if (load_seconds(l, close) != TIME_NOT_REACHED)
		builder_version_time(column_of(l, "expected_close"), row, from, load_seconds(l, close));
	if (owner.len)
		builder_version_name(l->facts, column_of(l, "owner"), row, from,
				     colleague && colleague->name.len ? colleague->name : owner);
	if (stage.len) {
		ARENA_PUSH(&l->arena, l->moves, l->move_count, l->move_capacity);
		l->moves[l->move_count] = (struct move){ .deal = row,
							 .entered = from,
							 .order = (uint32_t)l->move_count,
							 .stage = load_keep(l, stage),
							 .observed = true };
		l->move_count++;
	}
	return 0;
}

int load_opportunities(struct loader *l)
{
	static const char *const from_lead[] = { "source",  "campaign", "origin",   "segment", "region",
						 "product", "partner",  "industry", "account" };
	int failed = load_states(l, OBJECT_OPPORTUNITY, each_deal);

	if (failed)
		return failed;
	load_copy_names(l, FACT_LEADS, FACT_OPPORTUNITIES, "lead", from_lead, sizeof(from_lead) / sizeof(*from_lead));
	from_accounts(l);
	inbound_from_leads(l);
	return load_history(l, OBJECT_OPPORTUNITY, each_version);
}
