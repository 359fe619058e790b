/* Leads, and what they take from their opportunities and activities. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "facts/load.h"
#include "facts/packed.h"
#include "facts/rows.h"

static void from_account(struct loader *l, uint32_t row, const struct account *account)
{
	load_default(l, FACT_LEADS, COL_ACCOUNT, row, account->name);
	load_default(l, FACT_LEADS, COL_INDUSTRY, row, account->industry);
	load_default(l, FACT_LEADS, COL_COUNTRY, row, account->country);
	load_default(l, FACT_LEADS, COL_REGION, row, account->region);
	load_default(l, FACT_LEADS, COL_SEGMENT, row, account->segment);
	load_default(l, FACT_LEADS, COL_PARTNER, row, account->partner);
	if (!isnan(account->company_size) && load_is_empty(l, FACT_LEADS, COL_COMPANY_SIZE, row))
		builder_number(l->whole.facts, load_column(l, FACT_LEADS, COL_COMPANY_SIZE), row,
			       account->company_size);
}

static void from_contact(struct loader *l, uint32_t row, struct contact *contact)
{
	load_default(l, FACT_LEADS, COL_COUNTRY, row, contact->country);
	load_default(l, FACT_LEADS, COL_REGION, row, contact->region);
	load_default(l, FACT_LEADS, COL_SEGMENT, row, contact->segment);
	load_default(l, FACT_LEADS, COL_ORIGIN, row, contact->origin);
	load_default(l, FACT_LEADS, COL_SOURCE, row, contact->from);
	load_default(l, FACT_LEADS, COL_CAMPAIGN, row, contact->campaign);
	if (contact->lead == REF_NONE)
		contact->lead = row;
}

void lead_row(struct loader *l, uint32_t row)
{
	uint64_t source = load_source(l, FACT_LEADS, row);
	uint32_t account = load_find(l, OBJECT_ACCOUNT, source, load_link(l, FACT_LEADS, row, LINK_ACCOUNT), NULL);
	uint32_t contact = load_find(l, OBJECT_CONTACT, source, load_link(l, FACT_LEADS, row, LINK_CONTACT), NULL);

	load_owned(l, FACT_LEADS, row);
	if (account)
		load_set_word(l, FACT_LEADS, COL_ACCOUNT, row, l->whole.accounts.items[account - 1].name);
	if (contact) {
		struct contact *from = &l->whole.contacts.items[contact - 1];

		from_contact(l, row, from);
		account = account ? account : from->account;
		load_default(l, FACT_LEADS, COL_ACCOUNT, row, from->company);
	}
	if (account)
		from_account(l, row, &l->whole.accounts.items[account - 1]);
}

void load_leads(struct loader *l)
{
	for (uint32_t row = l->first[FACT_LEADS]; row < facts_rows(l->whole.facts, FACT_LEADS); row++)
		lead_row(l, row);
	load_owned_versions(l, FACT_LEADS);
	load_ties(l, FACT_LEADS);
}

/* ---- from opportunities ---- */

static uint32_t earlier(uint32_t a, uint32_t b)
{
	/* TIME_UNKNOWN is the greatest: a known time goes before. */
	return a == TIME_NOT_REACHED || b < a ? b : a;
}

static uint32_t later(uint32_t a, uint32_t b)
{
	return b > a ? b : a;
}

void lead_add_deal(const struct loader *l, struct lead_deals *sum, uint32_t deal)
{
	const struct column *amount = load_column(l, FACT_OPPORTUNITIES, COL_AMOUNT);
	uint32_t won = load_time(l, FACT_OPPORTUNITIES, COL_WON, deal);
	uint32_t lost = load_time(l, FACT_OPPORTUNITIES, COL_LOST, deal);
	uint32_t discontinued = load_time(l, FACT_OPPORTUNITIES, COL_DISCONTINUED, deal);

	sum->count++;
	sum->created = earlier(sum->created, load_time(l, FACT_OPPORTUNITIES, COL_CREATED, deal));
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

static void default_time(struct loader *l, enum known_column name, uint32_t row, uint32_t t)
{
	if (t != TIME_NOT_REACHED && load_is_empty(l, FACT_LEADS, name, row))
		builder_time(l->whole.facts, load_column(l, FACT_LEADS, name), row, t);
}

void lead_from_deals(struct loader *l, uint32_t row, const struct lead_deals *sum)
{
	struct column *amount = load_column(l, FACT_LEADS, COL_AMOUNT);
	bool over = sum->won + sum->lost + sum->discontinued == sum->count;

	if (!sum->count)
		return;
	default_time(l, COL_OPPORTUNITY, row, sum->created);
	default_time(l, COL_WON, row, sum->first_won);
	if (over && !sum->won && sum->lost)
		default_time(l, COL_LOST, row, sum->last_lost);
	if (over && !sum->won && !sum->lost)
		default_time(l, COL_DISCONTINUED, row, sum->last_discontinued);
	/* What it was expected to be worth gives way to what its deals brought. */
	if (sum->has_amount && !sum->mixed)
		builder_money(l->whole.facts, amount, row, sum->amount, l->whole.facts->currencies[sum->currency]);
	else if (amount->at.any)
		amount->at.moneys[row] = MONEY_NONE;
}

/* ---- from activities ---- */

uint32_t lead_response(const struct loader *l, uint32_t lead, uint32_t activity, const struct contact_words *words)
{
	uint32_t t = load_time(l, FACT_ACTIVITIES, COL_AT, activity), from;

	/* An undated contact cannot be placed before or after the hand-over. */
	if (t == TIME_NOT_REACHED || t == TIME_UNKNOWN || contact_of(words, activity) == CONTACT_NONE)
		return TIME_NOT_REACHED;
	from = load_time(l, FACT_LEADS, COL_HANDED_OFF, lead);
	if (from == TIME_NOT_REACHED)
		from = load_time(l, FACT_LEADS, COL_CREATED, lead);
	return from != TIME_UNKNOWN && t < from ? TIME_NOT_REACHED : t;
}

void lead_from_response(struct loader *l, uint32_t row, uint32_t first)
{
	default_time(l, COL_FIRST_RESPONSE, row, first);
}

/* ---- all leads ---- */

static void follow_deals(struct loader *l)
{
	const struct column *lead = load_column(l, FACT_OPPORTUNITIES, COL_LEAD);
	uint32_t leads = facts_rows(l->whole.facts, FACT_LEADS);
	struct lead_deals *sums = must_calloc(leads + 1, sizeof(*sums));

	for (uint32_t deal = 0; lead->at.any && deal < facts_rows(l->whole.facts, FACT_OPPORTUNITIES); deal++) {
		if (lead->at.refs[deal] != REF_NONE)
			lead_add_deal(l, &sums[lead->at.refs[deal]], deal);
	}
	for (uint32_t row = 0; row < leads; row++)
		lead_from_deals(l, row, &sums[row]);
	free(sums);
}

static void follow_activities(struct loader *l)
{
	const struct column *lead = load_column(l, FACT_ACTIVITIES, COL_LEAD);
	uint32_t leads = facts_rows(l->whole.facts, FACT_LEADS), *first = must_calloc(leads + 1, sizeof(*first));
	struct contact_words words;

	contact_words_init(&words, l->whole.facts);
	for (uint32_t i = 0; lead->at.any && i < facts_rows(l->whole.facts, FACT_ACTIVITIES); i++) {
		uint32_t row = column_ref(lead, i), t;

		t = row == REF_NONE ? TIME_NOT_REACHED : lead_response(l, row, i, &words);
		if (t != TIME_NOT_REACHED)
			first[row] = earlier(first[row], t);
	}
	for (uint32_t row = 0; row < leads; row++)
		lead_from_response(l, row, first[row]);
	contact_words_release(&words);
	free(first);
}

void load_leads_follow(struct loader *l)
{
	follow_deals(l);
	follow_activities(l);
}
