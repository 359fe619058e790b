/* Leads, and what they take from their opportunities and activities. */
#include <math.h>
#include <string.h>

#include "facts/load.h"

static void from_account(struct loader *l, uint32_t row, const struct account *account)
{
	struct column *size = facts_known_column(l->facts, FACT_LEADS, "company_size");

	load_default(l, FACT_LEADS, "account", row, account->name);
	load_default(l, FACT_LEADS, "industry", row, account->industry);
	load_default(l, FACT_LEADS, "country", row, account->country);
	load_default(l, FACT_LEADS, "region", row, account->region);
	load_default(l, FACT_LEADS, "segment", row, account->segment);
	load_default(l, FACT_LEADS, "partner", row, account->partner);
	if (!isnan(account->company_size) && load_is_empty(l, FACT_LEADS, "company_size", row))
		builder_number(l->facts, size, row, account->company_size);
}

static void from_contact(struct loader *l, uint32_t row, struct contact *contact)
{
	load_default(l, FACT_LEADS, "country", row, contact->country);
	load_default(l, FACT_LEADS, "region", row, contact->region);
	load_default(l, FACT_LEADS, "segment", row, contact->segment);
	load_default(l, FACT_LEADS, "origin", row, contact->origin);
	load_default(l, FACT_LEADS, "source", row, contact->source);
	load_default(l, FACT_LEADS, "campaign", row, contact->campaign);
	if (contact->lead == REF_NONE)
		contact->lead = row;
}

static int each_lead(void *context, const struct state *state, struct err *err)
{
	struct loader *l = context;
	const struct record *record = &state->record;
	uint32_t row = builder_row(l->facts, FACT_LEADS, record->key);
	const struct value *account_ref = record_get(record, FIELD_ACCOUNT);
	uint64_t account, contact;

	(void)err;
	load_fill(l, row, record);
	if (load_is_empty(l, FACT_LEADS, "created", row))
		builder_time(l->facts, facts_known_column(l->facts, FACT_LEADS, "created"), row, TIME_UNKNOWN);
	load_remember(l, OBJECT_LEAD, record->source, record->key, (uint64_t)row + 1);
	load_remember_email(l, record, (uint64_t)row + 1);
	load_owner(l, FACT_LEADS, row, record->source);

	/* The account column holds the id as long as nothing better is known. */
	account = load_find(l, OBJECT_ACCOUNT, record->source, account_ref, NULL);
	contact = load_find(l, OBJECT_CONTACT, record->source, record_get(record, FIELD_CONTACT), NULL);
	if (account_ref)
		load_default(l, FACT_LEADS, "account", row, load_name_of(l, account_ref));
	if (account)
		builder_name(l->facts, facts_known_column(l->facts, FACT_LEADS, "account"), row,
			     l->accounts[account - 1].name);
	load_default(l, FACT_LEADS, "account", row, load_text(record, FIELD_COMPANY));
	if (contact) {
		from_contact(l, row, &l->contacts[contact - 1]);
		account = account ? account : l->contacts[contact - 1].account;
		load_default(l, FACT_LEADS, "account", row, l->contacts[contact - 1].company);
	}
	if (account)
		from_account(l, row, &l->accounts[account - 1]);
	return 0;
}

static int each_version(void *context, const struct state *state, struct err *err)
{
	struct loader *l = context;
	const struct record *record = &state->record;
	struct value key = { .kind = VALUE_TEXT, .as.text = record->key };
	uint64_t place = load_find(l, OBJECT_LEAD, record->source, &key, NULL);
	struct value observed = { .kind = VALUE_TIME, .as.time_ms = record->observed_ms };
	uint32_t from = load_seconds(l, &observed);
	const struct value *score = record_get(record, FIELD_SCORE), *owner = record_get(record, FIELD_OWNER);
	const struct colleague *colleague;

	(void)err;
	if (!place || from == TIME_UNKNOWN)
		return 0;
	if (score && score->kind == VALUE_NUMBER)
		builder_version_number(facts_known_column(l->facts, FACT_LEADS, "score"), (uint32_t)place - 1, from,
				       decimal_double(score->as.number));
	if (owner && owner->kind != VALUE_EMPTY) {
		colleague = load_colleague(l, record->source, load_name_of(l, owner));
		builder_version_name(l->facts, facts_known_column(l->facts, FACT_LEADS, "owner"), (uint32_t)place - 1,
				     from, colleague && colleague->name.len ? colleague->name : load_name_of(l, owner));
	}
	return 0;
}

int load_leads(struct loader *l)
{
	int failed = load_states(l, OBJECT_LEAD, each_lead);

	return failed ? failed : load_history(l, OBJECT_LEAD, each_version);
}

/* ---- from opportunities ---- */

struct deals_of_lead {
	uint32_t count, won, lost, discontinued; /* how many */
	uint32_t created, first_won, last_lost, last_discontinued;
	int64_t amount; /* won */
	uint8_t currency;
	bool has_amount, mixed;
};

static uint32_t at(const struct column *column, uint32_t row)
{
	return column->at.any ? column->at.times[row] : TIME_NOT_REACHED;
}

static uint32_t earlier(uint32_t a, uint32_t b)
{
	/* TIME_UNKNOWN is the greatest: a known time goes before. */
	return a == TIME_NOT_REACHED || b < a ? b : a;
}

static uint32_t later(uint32_t a, uint32_t b)
{
	return b > a ? b : a;
}

static void add_deal(const struct facts *facts, struct deals_of_lead *sum, uint32_t deal)
{
	const struct column *amount = facts_known_column(facts, FACT_OPPORTUNITIES, "amount");
	uint32_t won = at(facts_known_column(facts, FACT_OPPORTUNITIES, "won"), deal);
	uint32_t lost = at(facts_known_column(facts, FACT_OPPORTUNITIES, "lost"), deal);
	uint32_t discontinued = at(facts_known_column(facts, FACT_OPPORTUNITIES, "discontinued"), deal);

	sum->count++;
	sum->created = earlier(sum->created, at(facts_known_column(facts, FACT_OPPORTUNITIES, "created"), deal));
	if (won != TIME_NOT_REACHED) {
		sum->won++;
		sum->first_won = earlier(sum->first_won, won);
		if (amount->at.any && amount->at.moneys[deal] != MONEY_NONE) {
			sum->mixed |= sum->has_amount && sum->currency != amount->currency[deal];
			sum->mixed |= __builtin_add_overflow(sum->amount, amount->at.moneys[deal], &sum->amount);
			sum->currency = amount->currency[deal];
			sum->has_amount = true;
		}
	} else if (lost != TIME_NOT_REACHED) {
		sum->lost++;
		sum->last_lost = later(sum->last_lost, lost);
	} else if (discontinued != TIME_NOT_REACHED) {
		sum->discontinued++;
		sum->last_discontinued = later(sum->last_discontinued, discontinued);
	}
}

static void default_time(struct loader *l, const char *name, uint32_t row, uint32_t t)
{
	if (t != TIME_NOT_REACHED && load_is_empty(l, FACT_LEADS, name, row))
		builder_time(l->facts, facts_known_column(l->facts, FACT_LEADS, name), row, t);
}

static void follow_deals(struct loader *l)
{
	const struct column *lead = facts_known_column(l->facts, FACT_OPPORTUNITIES, "lead");
	struct column *amount = facts_known_column(l->facts, FACT_LEADS, "amount");
	uint32_t leads = facts_rows(l->facts, FACT_LEADS);
	struct deals_of_lead *sums = ARENA_ARRAY(&l->arena, struct deals_of_lead, leads + 1);

	for (uint32_t deal = 0; lead->at.any && deal < facts_rows(l->facts, FACT_OPPORTUNITIES); deal++) {
		if (lead->at.refs[deal] != REF_NONE)
			add_deal(l->facts, &sums[lead->at.refs[deal]], deal);
	}
	for (uint32_t row = 0; row < leads; row++) {
		const struct deals_of_lead *sum = &sums[row];
		bool over = sum->won + sum->lost + sum->discontinued == sum->count;

		if (!sum->count)
			continue;
		default_time(l, "opportunity", row, sum->created);
		default_time(l, "won", row, sum->first_won);
		if (over && !sum->won && sum->lost)
			default_time(l, "lost", row, sum->last_lost);
		if (over && !sum->won && !sum->lost)
			default_time(l, "discontinued", row, sum->last_discontinued);
		/* What it was expected to be worth gives way to what its deals brought. */
		if (sum->has_amount && !sum->mixed)
			builder_money(l->facts, amount, row, sum->amount, l->facts->currencies[sum->currency]);
		else if (amount->at.any)
			amount->at.moneys[row] = MONEY_NONE;
	}
}

/* ---- from activities ---- */

/* A seller's own attempt, or a conversation; not what came in, and not what a machine sent. */
static bool is_response(const struct facts *facts, uint32_t activity)
{
	const struct column *automatic = facts_known_column(facts, FACT_ACTIVITIES, "automatic");
	const struct column *direction = facts_known_column(facts, FACT_ACTIVITIES, "direction");
	struct str way = direction->at.any ? direction->dict->names[direction->at.codes[activity]] : STR_NONE;

	if (automatic->at.any && automatic->at.flags[activity] == FLAG_YES)
		return false;
	return !str_eq_fold(way, STR("in")) && !str_eq_fold(way, STR("inbound")) && !str_eq_fold(way, STR("incoming"));
}

static void follow_activities(struct loader *l)
{
	const struct column *lead = facts_known_column(l->facts, FACT_ACTIVITIES, "lead");
	const struct column *when = facts_known_column(l->facts, FACT_ACTIVITIES, "at");
	const struct column *created = facts_known_column(l->facts, FACT_LEADS, "created");
	const struct column *handed_off = facts_known_column(l->facts, FACT_LEADS, "handed_off");
	uint32_t *first = ARENA_ARRAY(&l->arena, uint32_t, facts_rows(l->facts, FACT_LEADS) + 1);

	for (uint32_t i = 0; lead->at.any && i < facts_rows(l->facts, FACT_ACTIVITIES); i++) {
		uint32_t row = lead->at.refs[i], t = at(when, i), from;

		if (row == REF_NONE || t == TIME_NOT_REACHED || !is_response(l->facts, i))
			continue;
		from = at(handed_off, row) != TIME_NOT_REACHED ? at(handed_off, row) : at(created, row);
		/* An undated contact cannot be placed before or after the hand-over. */
		if (t == TIME_UNKNOWN || (from != TIME_UNKNOWN && t < from))
			continue;
		first[row] = earlier(first[row], t);
	}
	for (uint32_t row = 0; row < facts_rows(l->facts, FACT_LEADS); row++)
		default_time(l, "first_response", row, first[row]);
}

void load_leads_follow(struct loader *l)
{
	follow_deals(l);
	follow_activities(l);
}
