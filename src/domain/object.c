#include "domain/object.h"

#include <pthread.h>

#include "base/err.h"

static const struct {
	const char *singular, *plural;
} names[OBJECT__COUNT] = {
	[OBJECT_LEAD] = { "lead", "leads" },
	[OBJECT_CONTACT] = { "contact", "contacts" },
	[OBJECT_ACCOUNT] = { "account", "accounts" },
	[OBJECT_OPPORTUNITY] = { "opportunity", "opportunities" },
	[OBJECT_STAGE_CHANGE] = { "stage change", "stage-history" },
	[OBJECT_ACTIVITY] = { "activity", "activities" },
	[OBJECT_TOUCH] = { "touch", "touches" },
	[OBJECT_SPEND] = { "spend", "spend" },
	[OBJECT_ORDER] = { "order", "orders" },
	[OBJECT_PERSON] = { "person", "people" },
	[OBJECT_STAGE] = { "stage", NULL },
	[OBJECT_CUSTOM_FIELD] = { "custom field", NULL },
	[OBJECT_LEAD_STEP] = { "step", "lead-history" },
	[OBJECT_PROMISE_WORD] = { "word about a promise", NULL },
	[OBJECT_AGREEMENT] = { "agreement", NULL },
	[OBJECT_SIGNATURE] = { "signature", NULL },
	[OBJECT_ANNEX] = { "annex", NULL },
	[OBJECT_STANDING] = { "standing of a partner", NULL },
	[OBJECT_FORM] = { "form", NULL },
	[OBJECT_HOOK] = { "hook", NULL },
	[OBJECT_CAMPAIGN] = { "campaign", "campaigns" },
	[OBJECT_TEAM] = { "team", "teams" },
	[OBJECT_PARTNER] = { "partner", "partners" },
};

/* Sets of objects, for the first column of the table. */
enum {
	LEADS = 1 << OBJECT_LEAD,
	CONTACTS = 1 << OBJECT_CONTACT,
	ACCOUNTS = 1 << OBJECT_ACCOUNT,
	DEALS = 1 << OBJECT_OPPORTUNITY,
	MOVES = 1 << OBJECT_STAGE_CHANGE,
	ACTIVITIES = 1 << OBJECT_ACTIVITY,
	TOUCHES = 1 << OBJECT_TOUCH,
	SPEND = 1 << OBJECT_SPEND,
	ORDERS = 1 << OBJECT_ORDER,
	PEOPLE = 1 << OBJECT_PERSON,
	STAGES = 1 << OBJECT_STAGE,
	CUSTOM = 1 << OBJECT_CUSTOM_FIELD,
	STEPS = 1 << OBJECT_LEAD_STEP,
	WORDS = 1 << OBJECT_PROMISE_WORD,
	AGREEMENTS = 1 << OBJECT_AGREEMENT,
	SIGNATURES = 1 << OBJECT_SIGNATURE,
	ANNEXES = 1 << OBJECT_ANNEX,
	STANDINGS = 1 << OBJECT_STANDING,
	FORMS = 1 << OBJECT_FORM,
	HOOKS = 1 << OBJECT_HOOK,
	CAMPAIGNS = 1 << OBJECT_CAMPAIGN,
	TEAMS = 1 << OBJECT_TEAM,
	PARTNERS = 1 << OBJECT_PARTNER,
};

enum { CLEAR = false, SEALED = true };

/* clang-format off */
#define ROW(code, name, type, personal, objects, sentence) \
	{ objects, { FIELD_##code, name, FIELD_##type, OBJECT_NONE, personal, sentence } }
#define REF(code, name, target, objects, sentence) \
	{ objects, { FIELD_##code, name, FIELD_REF, OBJECT_##target, CLEAR, sentence } }

/* A field that means something else in another object, or is personal only there, has a row for each. */
static const struct {
	unsigned objects;
	struct field_def def;
} table[] = {
	/* who and what */
	ROW(NAME, "name", TEXT, SEALED, LEADS | CONTACTS, "The person's full name."),
	ROW(NAME, "name", TEXT, SEALED, DEALS,
	    "What the deal is called; names of deals often hold a person's name, so it is sealed."),
	ROW(NAME, "name", TEXT, CLEAR, ACCOUNTS, "The company's name."),
	ROW(NAME, "name", TEXT, CLEAR, ORDERS, "What the order is called or numbered."),
	ROW(NAME, "name", TEXT, CLEAR, PEOPLE, "The name of a colleague of ours, as owner columns write it."),
	ROW(NAME, "name", TEXT, CLEAR, STAGES, "The stage's name, as the source writes it."),
	ROW(NAME, "name", TEXT, CLEAR, CUSTOM, "The custom field's name."),
	ROW(NAME, "name", TEXT, CLEAR, AGREEMENTS, "The agreement's title."),
	ROW(FIRST_NAME, "first_name", TEXT, SEALED, LEADS | CONTACTS, "The person's first name."),
	ROW(LAST_NAME, "last_name", TEXT, SEALED, LEADS | CONTACTS, "The person's last name."),
	ROW(EMAIL, "email", TEXT, SEALED, LEADS | CONTACTS, "The person's e-mail address."),
	ROW(EMAIL, "email", TEXT, CLEAR, PEOPLE, "The colleague's e-mail address."),
	ROW(PHONE, "phone", TEXT, SEALED, LEADS | CONTACTS, "The person's telephone number."),
	ROW(ADDRESS, "address", TEXT, SEALED, LEADS | CONTACTS, "The person's postal address."),
	ROW(NOTES, "notes", TEXT, SEALED, LEADS | CONTACTS | DEALS | ACTIVITIES | TOUCHES | ORDERS | STEPS,
	    "Free text, which may name persons."),
	ROW(TITLE, "title", TEXT, SEALED, LEADS | CONTACTS, "The person's position in the company."),
	ROW(EMAIL_MATCH, "email_match", TEXT, CLEAR, LEADS | CONTACTS,
	    "Stands for the e-mail address without giving it away; records of one person find each other by it."),
	ROW(PHONE_MATCH, "phone_match", TEXT, CLEAR, LEADS | CONTACTS,
	    "Stands for the telephone number without giving it away; records of one person find each other by it."),
	ROW(COMPANY, "company", TEXT, CLEAR, LEADS | CONTACTS, "The company's name as the lead or contact gives it."),
	ROW(INDUSTRY, "industry", TEXT, CLEAR, LEADS | ACCOUNTS | DEALS, "The line of business of the company."),
	ROW(COMPANY_SIZE, "company_size", NUMBER, CLEAR, LEADS | ACCOUNTS, "Number of people who work at the company."),
	ROW(COUNTRY, "country", TEXT, CLEAR, LEADS | CONTACTS | ACCOUNTS, "The country of the person or company."),
	ROW(REGION, "region", TEXT, CLEAR, LEADS | CONTACTS | ACCOUNTS | DEALS | SPEND | ORDERS | PEOPLE,
	    "The sales region."),
	ROW(SEGMENT, "segment", TEXT, CLEAR, LEADS | CONTACTS | ACCOUNTS | DEALS | SPEND | ORDERS,
	    "The market segment."),
	ROW(TEAM, "team", TEXT, CLEAR, LEADS | ACCOUNTS | DEALS | ACTIVITIES | SPEND | ORDERS | PEOPLE,
	    "The team of ours that it belongs to; where empty, the owner's team."),
	ROW(OWNER, "owner", TEXT, CLEAR, LEADS | CONTACTS | ACCOUNTS | DEALS | MOVES | ACTIVITIES | ORDERS,
	    "The seller it belongs to, by name or id."),
	ROW(OWNER, "owner", TEXT, CLEAR, STEPS, "Who has the lead from then on; where empty, who had it."),
	ROW(OWNER, "owner", TEXT, CLEAR, WORDS, "Who had the lead then."),
	ROW(PARTNER, "partner", TEXT, CLEAR, LEADS | ACCOUNTS | DEALS | SPEND | ORDERS | PEOPLE,
	    "The partner firm that brought it or works on it."),
	ROW(PARTNER, "partner", TEXT, CLEAR, STANDINGS, "The partner whose standing it is."),
	ROW(ORIGIN, "origin", TEXT, CLEAR, LEADS | CONTACTS | DEALS | TOUCHES | SPEND | ORDERS,
	    "Who created the interest: marketing, sales, referral, partner or unknown."),
	ROW(SOURCE, "source", TEXT, CLEAR, LEADS | CONTACTS | DEALS | TOUCHES | SPEND | ORDERS,
	    "The channel it came through: paid search, event and so on."),
	ROW(CAMPAIGN, "campaign", TEXT, CLEAR, LEADS | CONTACTS | DEALS | ACTIVITIES | TOUCHES | SPEND | ORDERS,
	    "The effort that spend is booked to."),
	ROW(TYPE, "type", TEXT, CLEAR, LEADS | ACCOUNTS | DEALS | ORDERS,
	    "The kind of lead, account, deal or order, as the source names it."),
	ROW(STATUS, "status", TEXT, CLEAR, LEADS | DEALS | ORDERS, "The status as the source names it."),
	ROW(STATUS, "status", TEXT, CLEAR, AGREEMENTS, "withdrawn, where it was taken back before all had signed."),
	ROW(REASON, "reason", TEXT, CLEAR, LEADS | DEALS, "Why it was rejected, disqualified, lost or discontinued."),
	ROW(REASON, "reason", TEXT, CLEAR, STEPS | WORDS, "Why, in the agreement's words."),
	ROW(REASON, "reason", TEXT, CLEAR, STANDINGS, "The evidence, in words."),
	ROW(PRODUCT, "product", TEXT, CLEAR, LEADS | DEALS | SPEND | ORDERS, "The product or kind of solution."),
	ROW(SCORE, "score", NUMBER, CLEAR, LEADS | DEALS | TOUCHES, "The score the source gives."),
	ROW(SCORE, "score", NUMBER, CLEAR, STEPS, "The lead's points at that moment."),
	ROW(INBOUND, "inbound", FLAG, CLEAR, LEADS | DEALS, "Whether the buyer moved first, whatever the origin."),
	ROW(MODIFIED, "modified", WHEN, CLEAR, LEADS | CONTACTS | ACCOUNTS | DEALS | ACTIVITIES | ORDERS | STEPS,
	    "When the source last changed the record."),
	ROW(MANAGER, "manager", TEXT, CLEAR, PEOPLE, "The name of the colleague's manager."),
	ROW(ROLE, "role", TEXT, CLEAR, PEOPLE, "What the colleague does: seller, nurture, marketer and so on."),
	ROW(ACTIVE, "active", FLAG, CLEAR, PEOPLE, "Whether the colleague still works with us."),
	ROW(SWEET_SPOT, "sweet_spot", FLAG, CLEAR, LEADS, "Whether the seller marked the lead as in the sweet spot."),
	ROW(MARKED, "marked", WHEN, CLEAR, LEADS, "When it was marked as in or out of the sweet spot."),
	ROW(MARKED_BY, "marked_by", TEXT, CLEAR, LEADS, "Who marked it as in or out of the sweet spot."),
	ROW(SNOOZED, "snoozed_until", WHEN, CLEAR, LEADS, "Until when whoever has it wants to see it no more."),
	/* links */
	REF(LEAD, "lead", LEAD, DEALS | ACTIVITIES | TOUCHES | ORDERS | STEPS | WORDS, "The lead it belongs to."),
	REF(CONTACT, "contact", CONTACT, LEADS | DEALS | ACTIVITIES | TOUCHES | ORDERS, "The person it belongs to."),
	REF(ACCOUNT, "account", ACCOUNT, LEADS | CONTACTS | DEALS | ACTIVITIES | TOUCHES | ORDERS,
	    "The company it belongs to."),
	REF(OPPORTUNITY_REF, "opportunity", OPPORTUNITY, MOVES | ACTIVITIES | TOUCHES | ORDERS,
	    "The opportunity it belongs to."),
	/* lead lifecycle */
	ROW(CREATED, "created", WHEN, CLEAR, LEADS, "When the lead came in."),
	ROW(CREATED, "created", WHEN, CLEAR, CONTACTS | ACCOUNTS, "When the source first had the record."),
	ROW(CREATED, "created", WHEN, CLEAR, DEALS, "When the opportunity was opened."),
	ROW(PREQUALIFIED, "prequalified", MILESTONE, CLEAR, LEADS,
	    "Met the top-line criteria: company size, target market, solution fit."),
	ROW(QUALIFIED, "qualified", MILESTONE, CLEAR, LEADS, "Qualified by marketing (MQL)."),
	ROW(HANDED_OFF, "handed_off", MILESTONE, CLEAR, LEADS, "Handed over to sales."),
	ROW(FIRST_RESPONSE, "first_response", MILESTONE, CLEAR, LEADS,
	    "First human attempt to reach the person after hand-over, or a conversation whoever began it."),
	ROW(RESPONSE_DUE, "response_due", WHEN, CLEAR, LEADS, "When the first response was promised at the latest."),
	ROW(ACCEPTED, "accepted", MILESTONE, CLEAR, LEADS, "Accepted by sales (SAL)."),
	ROW(REJECTED, "rejected", MILESTONE, CLEAR, LEADS, "Rejected by sales, with a reason; goes back to nurture."),
	ROW(DISQUALIFIED, "disqualified", MILESTONE, CLEAR, LEADS,
	    "Disqualified, with a reason; final until reopened."),
	ROW(RECYCLED, "recycled", MILESTONE, CLEAR, LEADS, "Back in nurture after a rejection."),
	ROW(OPPORTUNITY, "opportunity", MILESTONE, CLEAR, LEADS, "Became an opportunity (SQL)."),
	ROW(WON, "won", MILESTONE, CLEAR, LEADS, "The first deal from this lead was won."),
	ROW(WON, "won", MILESTONE, CLEAR, DEALS, "The deal was won."),
	ROW(LOST, "lost", MILESTONE, CLEAR, LEADS, "The deal from this lead was lost."),
	ROW(LOST, "lost", MILESTONE, CLEAR, DEALS, "The deal was lost."),
	ROW(DISCONTINUED, "discontinued", MILESTONE, CLEAR, LEADS | DEALS,
	    "Ended without a decision, neither won nor lost."),
	ROW(ON_HOLD, "on_hold", MILESTONE, CLEAR, LEADS | DEALS, "Put on hold; beside any open state."),
	/* opportunities */
	ROW(CLOSED, "closed", MILESTONE, CLEAR, DEALS,
	    "The deal ended; the meaning of its stage says whether won, lost or discontinued."),
	ROW(EXPECTED_CLOSE, "expected_close", WHEN, CLEAR, DEALS | MOVES,
	    "The day on which the seller expects the deal to close."),
	ROW(AMOUNT, "amount", MONEY, CLEAR, LEADS, "What the lead is expected to be worth."),
	ROW(AMOUNT, "amount", MONEY, CLEAR, DEALS | MOVES, "The value of the deal."),
	ROW(AMOUNT, "amount", MONEY, CLEAR, SPEND, "What was spent."),
	ROW(AMOUNT, "amount", MONEY, CLEAR, ORDERS, "The price of the order, without tax."),
	ROW(STAGE, "stage", TEXT, CLEAR, DEALS, "The stage the deal is in."),
	ROW(STAGE, "stage", TEXT, CLEAR, MOVES, "The stage that was entered."),
	ROW(PROBABILITY, "probability", NUMBER, CLEAR, DEALS | MOVES,
	    "The chance to win as the source states it, in per cent."),
	/* stage changes */
	ROW(FROM_STAGE, "from_stage", TEXT, CLEAR, MOVES, "The stage the deal came from."),
	ROW(ENTERED, "entered", WHEN, CLEAR, MOVES, "When the stage was entered."),
	ROW(LEFT, "left", WHEN, CLEAR, MOVES, "When the stage was left."),
	/* activities and touches */
	ROW(AT, "at", WHEN, CLEAR, ACTIVITIES | TOUCHES | STEPS | STANDINGS, "When it happened."),
	ROW(AT, "at", WHEN, CLEAR, WORDS,
	    "When it holds from: of a broken promise when it was due, of a withdrawn breach when that was known."),
	ROW(AT, "at", WHEN, CLEAR, AGREEMENTS | ANNEXES, "When it was proposed."),
	ROW(AT, "at", WHEN, CLEAR, SIGNATURES, "When it was signed."),
	ROW(KIND, "kind", TEXT, CLEAR, ACTIVITIES, "The kind of contact: call, mail, meeting, demo and so on."),
	ROW(KIND, "kind", TEXT, CLEAR, TOUCHES, "The kind of engagement: form, click, open, webinar, visit and so on."),
	ROW(KIND, "kind", TEXT, CLEAR, STEPS,
	    "What was done: handed_off, accepted, rejected, assigned, answered and so on."),
	ROW(KIND, "kind", TEXT, CLEAR, WORDS, "What is said of it: broken, withdrawn, excused, disputed, settled or told."),
	ROW(KIND, "kind", TEXT, CLEAR, FORMS | HOOKS, "The kind of touch by which somebody comes in."),
	ROW(KIND, "kind", TEXT, CLEAR, STANDINGS, "The standing: good, on probation or suspended."),
	ROW(DIRECTION, "direction", TEXT, CLEAR, ACTIVITIES, "Who began: out (the seller) or in (the person)."),
	ROW(OUTCOME, "outcome", TEXT, CLEAR, ACTIVITIES | TOUCHES, "What came of it: reached, no answer and so on."),
	ROW(OUTCOME, "outcome", TEXT, CLEAR, STEPS,
	    "Of an answer: yes or no; of a duplicate: the lead it is merged into, as SOURCE:ID."),
	ROW(OUTCOME, "outcome", TEXT, CLEAR, WORDS,
	    "Of a settled one: upheld or dropped; of a told one: who was told, owner, manager, head or executive."),
	ROW(SENT, "sent", WHEN, CLEAR, WORDS, "Of a told one: when the letter went out."),
	ROW(DURATION_MINUTES, "duration_minutes", NUMBER, CLEAR, ACTIVITIES, "How long it took, in minutes."),
	ROW(AUTOMATIC, "automatic", FLAG, CLEAR, ACTIVITIES,
	    "Whether a machine did it; such a contact is no response."),
	/* spend */
	ROW(DAY, "day", WHEN, CLEAR, SPEND, "The day the money was spent on."),
	ROW(IMPRESSIONS, "impressions", NUMBER, CLEAR, SPEND,
	    "How often the platform says it showed the advertisement."),
	ROW(CLICKS, "clicks", NUMBER, CLEAR, SPEND, "How many clicks the platform counted."),
	ROW(REPORTED_LEADS, "reported_leads", NUMBER, CLEAR, SPEND, "How many leads the platform claims."),
	ROW(REPORTED_CONVERSIONS, "reported_conversions", NUMBER, CLEAR, SPEND,
	    "How many conversions the platform claims."),
	/* orders */
	ROW(BOOKED, "booked", MILESTONE, CLEAR, ORDERS, "The order was booked."),
	ROW(SHIPPED, "shipped", MILESTONE, CLEAR, ORDERS, "The order was shipped."),
	ROW(DELIVERED, "delivered", MILESTONE, CLEAR, ORDERS, "The order was delivered."),
	ROW(INVOICED, "invoiced", MILESTONE, CLEAR, ORDERS, "The order was invoiced."),
	ROW(PAID, "paid", MILESTONE, CLEAR, ORDERS, "The order was paid in full."),
	ROW(COST, "cost", MONEY, CLEAR, ORDERS, "Cost of the goods."),
	ROW(FREIGHT, "freight", MONEY, CLEAR, ORDERS, "Cost of freight."),
	ROW(OTHER_COST, "other_cost", MONEY, CLEAR, ORDERS, "Every other cost of the order."),
	ROW(TAX, "tax", MONEY, CLEAR, ORDERS, "Tax on the order."),
	ROW(BILLED, "billed", MONEY, CLEAR, ORDERS, "What has been invoiced so far."),
	ROW(COLLECTED, "collected", MONEY, CLEAR, ORDERS, "What has been paid so far."),
	ROW(DUE, "due", WHEN, CLEAR, ORDERS, "The day on which payment is due."),
	/* stages: what a name means */
	ROW(POSITION, "position", NUMBER, CLEAR, STAGES, "Where the stage stands in the pipeline, counted from 1."),
	ROW(MEANS, "means", TEXT, CLEAR, STAGES,
	    "What being there means: open, won, lost, discontinued, on_hold, or order (won, and an order is booked)."),
	ROW(BID, "bid", FLAG, CLEAR, STAGES, "Whether a quote or proposal is out in this stage."),
	ROW(LIMIT_DAYS, "limit_days", NUMBER, CLEAR, STAGES,
	    "How many days a deal may stay before it counts as stagnant."),
	/* custom fields: what one is */
	ROW(OF_OBJECT, "of_object", TEXT, CLEAR, CUSTOM, "The kind of record that has the field."),
	ROW(VALUE_TYPE, "value_type", TEXT, CLEAR, CUSTOM, "What it holds: text, number, money, when or flag."),
	ROW(SENTENCE, "sentence", TEXT, CLEAR, CUSTOM, "What the field means, in one sentence."),
	/* agreements, their promises, steps of leads */
	ROW(BY, "by", TEXT, CLEAR, STEPS | WORDS | AGREEMENTS | ANNEXES, "Who did it: a colleague, or the program."),
	ROW(BY, "by", TEXT, CLEAR, SIGNATURES, "Who signs it."),
	ROW(PROMISE, "promise", TEXT, CLEAR, WORDS, "The promise, as the agreement calls it."),
	ROW(EPISODE, "episode", NUMBER, CLEAR, STEPS | WORDS,
	    "Which of the lead's episodes it belongs to, counted from 1; the second begins when it is handed over again."),
	ROW(AGREEMENT, "agreement", TEXT, CLEAR, STEPS | WORDS | SIGNATURES | ANNEXES | STANDINGS,
	    "The number of the version of the agreement."),
	ROW(WORDING, "text", TEXT, CLEAR, AGREEMENTS | ANNEXES, "The text itself."),
	ROW(HASH, "hash", TEXT, CLEAR, AGREEMENTS | SIGNATURES, "Hash of the bytes that are signed, in hexadecimal digits."),
	ROW(IN_FORCE, "in_force", WHEN, CLEAR, AGREEMENTS, "From when it is in force once all have signed."),
	ROW(PARTY, "party", TEXT, CLEAR, SIGNATURES, "The party for which it is signed."),
	ROW(QUESTION, "question", TEXT, CLEAR, STEPS,
	    "Of an answer: what was asked, budget, authority, need, timeframe or trust."),
	/* ways in */
	ROW(NAME, "name", TEXT, CLEAR, FORMS, "What stands above the form."),
	ROW(NAME, "name", TEXT, CLEAR, HOOKS, "What it is for."),
	ROW(STATUS, "status", TEXT, CLEAR, FORMS | HOOKS, "closed, where it takes nothing in any more."),
	ROW(CAMPAIGN, "campaign", TEXT, CLEAR, FORMS, "The campaign of leads that come by it."),
	ROW(SOURCE, "source", TEXT, CLEAR, FORMS, "The channel of leads that come by it."),
	ROW(BY, "by", TEXT, CLEAR, FORMS | HOOKS, "Who made or changed it."),
	ROW(WORDING, "text", TEXT, CLEAR, FORMS, "What stands under its heading."),
	ROW(WORDING, "text", TEXT, CLEAR, HOOKS, "The map by which it is read."),
	ROW(HASH, "hash", TEXT, CLEAR, HOOKS, "Hash of its key, in hexadecimal digits."),
	ROW(ASKS, "asks", TEXT, CLEAR, FORMS, "What it asks for, in order; a star behind what must be told."),
	ROW(THANKS, "thanks", TEXT, CLEAR, FORMS, "What is said to who sent it."),
	ROW(REDIRECT, "redirect", TEXT, CLEAR, FORMS, "Where who sent it is led."),
	ROW(CONSENT, "consent", TEXT, CLEAR, FORMS | TOUCHES, "What the person agreed to by a tick."),
	ROW(CONFIRM, "confirm", FLAG, CLEAR, FORMS, "Whether it counts only once a mail was answered."),
	ROW(UTM_SOURCE, "utm_source", TEXT, CLEAR, TOUCHES, "utm_source of the address by which the person came."),
	ROW(UTM_MEDIUM, "utm_medium", TEXT, CLEAR, TOUCHES, "utm_medium of that address."),
	ROW(UTM_CAMPAIGN, "utm_campaign", TEXT, CLEAR, TOUCHES, "utm_campaign of that address."),
	ROW(UTM_TERM, "utm_term", TEXT, CLEAR, TOUCHES, "utm_term of that address."),
	ROW(UTM_CONTENT, "utm_content", TEXT, CLEAR, TOUCHES, "utm_content of that address."),
	ROW(REFERRER, "referrer", TEXT, CLEAR, TOUCHES, "The page that led there, without its arguments."),
	ROW(FORM, "form", TEXT, CLEAR, TOUCHES, "The form or hook by which it came."),
	/* campaigns, teams, partners */
	ROW(NAME, "name", TEXT, CLEAR, CAMPAIGNS | TEAMS | PARTNERS, "Its name, as other records write it."),
	ROW(WORDING, "text", TEXT, CLEAR, CAMPAIGNS | TEAMS | PARTNERS, "What there is to say of it."),
	ROW(STATUS, "status", TEXT, CLEAR, CAMPAIGNS | PARTNERS, "The status as you name it: planned, running, ended and so on."),
	ROW(OWNER, "owner", TEXT, CLEAR, CAMPAIGNS | PARTNERS, "The colleague who looks after it."),
	ROW(MANAGER, "manager", TEXT, CLEAR, TEAMS, "The colleague who leads the team."),
	ROW(REGION, "region", TEXT, CLEAR, CAMPAIGNS | TEAMS | PARTNERS, "The sales region."),
	ROW(COUNTRY, "country", TEXT, CLEAR, PARTNERS, "The country of the partner."),
	ROW(TYPE, "type", TEXT, CLEAR, CAMPAIGNS | PARTNERS, "The kind of campaign or partner, as you name it."),
	ROW(SOURCE, "source", TEXT, CLEAR, CAMPAIGNS, "The channel it goes through."),
	ROW(SEGMENT, "segment", TEXT, CLEAR, CAMPAIGNS, "The market segment it is for."),
	ROW(PRODUCT, "product", TEXT, CLEAR, CAMPAIGNS, "The product it is about."),
	ROW(PARTNER, "partner", TEXT, CLEAR, CAMPAIGNS, "The partner it is done with."),
	ROW(BEGINS, "begins", WHEN, CLEAR, CAMPAIGNS, "The day it begins."),
	ROW(ENDS, "ends", WHEN, CLEAR, CAMPAIGNS, "Its last day."),
	ROW(BUDGET, "budget", MONEY, CLEAR, CAMPAIGNS, "What may be spent on it."),
};
/* clang-format on */

enum { ROWS = sizeof(table) / sizeof(table[0]) };

/* The table once more by object, made on first use. */
static struct {
	const struct field_def *in_order[ROWS];
	const struct field_def *by_code[FIELD__LAST + 1];
	size_t count;
} index_of[OBJECT__COUNT];

static void make_index(void)
{
	for (size_t i = 0; i < ROWS; i++) {
		const struct field_def *def = &table[i].def;

		for (int object = 1; object < OBJECT__COUNT; object++) {
			if (!(table[i].objects & 1u << object))
				continue;
			if (index_of[object].by_code[def->code])
				BUG("field %s stands twice in object %d", def->name, object);
			index_of[object].in_order[index_of[object].count++] = def;
			index_of[object].by_code[def->code] = def;
		}
	}
}

static bool has_index(enum object object)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	pthread_once(&once, make_index);
	return object > OBJECT_NONE && object < OBJECT__COUNT;
}

const char *object_plural(enum object object)
{
	return object < OBJECT__COUNT ? names[object].plural : NULL;
}

const char *object_singular(enum object object)
{
	return object < OBJECT__COUNT ? names[object].singular : NULL;
}

enum object object_by_plural(struct str name)
{
	for (int object = 1; object < OBJECT__COUNT; object++)
		if (names[object].plural && str_is(name, names[object].plural))
			return (enum object)object;
	return OBJECT_NONE;
}

const struct field_def *const *object_fields(enum object object, size_t *count)
{
	if (!has_index(object)) {
		*count = 0;
		return NULL;
	}
	*count = index_of[object].count;
	return index_of[object].in_order;
}

const struct field_def *field_by_code(enum object object, enum field code)
{
	return has_index(object) && code > FIELD_CUSTOM && code <= FIELD__LAST ? index_of[object].by_code[code] : NULL;
}

const struct field_def *field_by_name(enum object object, struct str name)
{
	size_t count;
	const struct field_def *const *fields = object_fields(object, &count);

	for (size_t i = 0; i < count; i++)
		if (str_is(name, fields[i]->name))
			return fields[i];
	return NULL;
}

const struct value *record_get(const struct record *record, enum field code)
{
	for (size_t i = 0; i < record->count; i++)
		if (record->fields[i].code == code && code != FIELD_CUSTOM)
			return &record->fields[i].value;
	return NULL;
}
