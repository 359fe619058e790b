/* Made-up records of every kind, as the dice fall: for tests of facts that follow a book. */
#ifndef RECORDS_HELP_H
#define RECORDS_HELP_H

#include "book_help.h"

enum { KEYS = 12 };

/* What is written: leads and what happens to them, by key alone, events only once; all that changes every day, by key alone; by addresses
 * and names, too; also what others borrow from, imports, undoing, erasing. */
enum kind { PLAIN, KEYED, DAILY, ANYTHING };
static enum kind kind;
static unsigned serial;
static uint64_t dice;

static unsigned roll(unsigned sides)
{
	dice = dice * 6364136223846793005u + 1442695040888963407u;
	return (unsigned)(dice >> 33) % sides;
}

/* ---- records ---- */

static const char *const names[] = { "", "Ann", "Ben", "Cleo", "Dora" };
static const char *const stages[] = { "", "New", "Quote", "Won", "Lost", "Dropped" };
static const char *const words[] = { "", "web", "fair", "north", "retail" };
static const char *const mails[] = { "", "x@example.com", "y@example.com", "z@example.com" };

struct draft {
	struct record_field fields[20];
	size_t count;
	char keys[20][16];
};

static void add(struct draft *d, enum field code, struct value value)
{
	d->fields[d->count++] = (struct record_field){ .code = code, .value = value };
}

static void add_text(struct draft *d, enum field code, const char *const *from, unsigned count)
{
	if (roll(3))
		add(d, code, text_value(from[roll(count)]));
}

static void add_time(struct draft *d, enum field code, unsigned chance)
{
	struct value value = { .kind = VALUE_TIME, .as.time_ms = (int64_t)(19000 + roll(200)) * 86400000 };

	if (roll(chance))
		return;
	if (roll(6) == 0)
		value = (struct value){ .kind = roll(2) ? VALUE_EMPTY : VALUE_YES };
	add(d, code, value);
}

static void add_money(struct draft *d, enum field code)
{
	struct value value = { .kind = VALUE_MONEY, .as.money = { .minor = roll(100000) } };

	if (roll(2) == 0)
		return;
	if (roll(12) == 0)
		value.as.money.minor *= roll(2) ? 1000000 : -1;
	memcpy(value.as.money.currency, roll(8) ? "EUR" : "USD", 4);
	add(d, code, value);
}

static void add_number(struct draft *d, enum field code)
{
	if (roll(2))
		add(d, code,
		    (struct value){ .kind = VALUE_NUMBER,
				    .as.number =
					    decimal_of((int64_t)roll(roll(10) ? 100 : 100000), roll(30) ? 0 : 1) });
}

static void add_ref(struct draft *d, enum field code, char letter, unsigned chance)
{
	struct value value = { .kind = VALUE_REF };
	char *key = d->keys[d->count];

	if (roll(chance) || (kind <= KEYED && letter == 'c') || (kind == PLAIN && letter == 'a'))
		return;
	snprintf(key, 16, "%c%u", letter, roll(KEYS));
	value.as.ref.key = str_of(key);
	if (kind > KEYED && (letter == 'l' || letter == 'c') && roll(5) == 0) {
		value.as.ref.by = REF_BY_EMAIL;
		value.as.ref.key = str_of(mails[1 + roll(3)]);
	}
	if (kind > KEYED && letter == 'a' && roll(3) == 0)
		value.as.ref.key = str_of(names[1 + roll(4)]);
	add(d, code, value);
}

/* Fields of their own, which come and go. */
static void add_own(struct draft *d)
{
	static const struct value none = { .kind = VALUE_EMPTY };
	struct value number = { .kind = VALUE_NUMBER, .as.number = { (int64_t)roll(100), 0 } };

	if (kind == PLAIN || roll(12))
		return;
	d->fields[d->count++] =
		(struct record_field){ .code = FIELD_CUSTOM, .name = STR("extra"), .value = roll(2) ? none : number };
	d->fields[d->count++] = (struct record_field){ .code = FIELD_CUSTOM,
						       .name = STR("colour"),
						       .value = roll(2) ? none : text_value(words[1 + roll(4)]) };
}

static void draft_lead(struct draft *d)
{
	add_text(d, FIELD_SOURCE, words, 5);
	add_text(d, FIELD_REGION, words, 5);
	add_text(d, FIELD_OWNER, names, 5);
	add_text(d, FIELD_CAMPAIGN, words, 5);
	if (roll(3) == 0)
		add_text(d, FIELD_EMAIL, mails, 4);
	add_time(d, FIELD_CREATED, 2);
	add_time(d, FIELD_HANDED_OFF, 3);
	add_time(d, FIELD_WON, 8);
	add_time(d, FIELD_LOST, 8);
	add_text(d, FIELD_REASON, words, 5);
	add_number(d, FIELD_SCORE);
	add_money(d, FIELD_AMOUNT);
	add_ref(d, FIELD_CONTACT, 'c', 5);
	add_ref(d, FIELD_ACCOUNT, 'a', 5);
	if (roll(3) == 0)
		add(d, FIELD_INBOUND, (struct value){ .kind = roll(2) ? VALUE_YES : VALUE_NO });
	add_own(d);
}

static void draft_deal(struct draft *d)
{
	add_text(d, FIELD_STAGE, stages, 6);
	add_text(d, FIELD_OWNER, names, 5);
	add_text(d, FIELD_PRODUCT, words, 5);
	add_time(d, FIELD_CREATED, 2);
	add_time(d, FIELD_CLOSED, 3);
	add_time(d, FIELD_LOST, 8);
	add_time(d, FIELD_EXPECTED_CLOSE, 4);
	add_money(d, FIELD_AMOUNT);
	add_ref(d, FIELD_LEAD, 'l', 2);
	add_ref(d, FIELD_CONTACT, 'c', 5);
	add_ref(d, FIELD_ACCOUNT, 'a', 5);
	add_own(d);
}

static void draft_move(struct draft *d)
{
	add_ref(d, FIELD_OPPORTUNITY_REF, 'o', 1);
	add(d, FIELD_STAGE, text_value(stages[1 + roll(5)]));
	add_text(d, FIELD_OWNER, names, 5);
	add_time(d, FIELD_ENTERED, 1);
	add_money(d, FIELD_AMOUNT);
}

static void draft_event(struct draft *d, enum object object)
{
	static const char *const ways[] = { "", "in", "out" }, *const outcomes[] = { "", "answered", "no answer" };

	if (object == OBJECT_ACTIVITY) {
		add_text(d, FIELD_DIRECTION, ways, 3);
		add_text(d, FIELD_OUTCOME, outcomes, 3);
	}
	if (object == OBJECT_TOUCH)
		add_text(d, FIELD_CAMPAIGN, words, 5);
	else
		add_text(d, FIELD_OWNER, names, 5);
	add_time(d, object == OBJECT_ORDER ? FIELD_BOOKED : FIELD_AT, 1);
	add_ref(d, FIELD_LEAD, 'l', 2);
	add_ref(d, FIELD_OPPORTUNITY_REF, 'o', 3);
	add_ref(d, FIELD_CONTACT, 'c', 5);
	if (object == OBJECT_ORDER) {
		add_money(d, FIELD_AMOUNT);
		add_money(d, FIELD_COST);
	}
}

static void draft_step(struct draft *d, enum object object)
{
	static const char *const steps[] = {
		"handed_off", "assigned", "accepted", "rejected", "taken back", "answered"
	};
	static const char *const said[] = { "broken", "withdrawn", "excused" };

	if (object == OBJECT_LEAD_STEP)
		add(d, FIELD_KIND, text_value(steps[roll(6)]));
	else
		add(d, FIELD_KIND, text_value(said[roll(3)]));
	add_text(d, FIELD_OWNER, names, 5);
	add_text(d, FIELD_REASON, words, 5);
	add_time(d, FIELD_AT, 1);
	add_ref(d, FIELD_LEAD, 'l', 1);
}

static void draft_rare(struct draft *d, enum object object)
{
	if (object != OBJECT_STAGE) {
		add_text(d, FIELD_NAME, names, 5);
		add_text(d, FIELD_REGION, words, 5);
	}
	if (object == OBJECT_PERSON)
		add_text(d, FIELD_TEAM, words, 5);
	if (object == OBJECT_CONTACT) {
		add_text(d, FIELD_EMAIL, mails, 4);
		add_ref(d, FIELD_ACCOUNT, 'a', 2);
	}
	if (object == OBJECT_STAGE) {
		static const char *const means[] = { "open", "won", "lost", "discontinued" };

		add(d, FIELD_NAME, text_value(stages[1 + roll(5)]));
		add(d, FIELD_MEANS, text_value(means[roll(4)]));
	}
}

static char letter_of(enum object object)
{
	static const char letters[OBJECT__COUNT] = {
		[OBJECT_LEAD] = 'l',         [OBJECT_CONTACT] = 'c', [OBJECT_ACCOUNT] = 'a',
		[OBJECT_OPPORTUNITY] = 'o',  [OBJECT_PERSON] = 'p',  [OBJECT_STAGE_CHANGE] = 'm',
		[OBJECT_ACTIVITY] = 'v',     [OBJECT_TOUCH] = 't',   [OBJECT_SPEND] = 's',
		[OBJECT_ORDER] = 'r',        [OBJECT_STAGE] = 'g',   [OBJECT_LEAD_STEP] = 'h',
		[OBJECT_PROMISE_WORD] = 'w',
	};

	return letters[object];
}

static void draft_of(struct draft *d, enum object object)
{
	*d = (struct draft){ .count = 0 };
	switch (object) {
	case OBJECT_LEAD: draft_lead(d); break;
	case OBJECT_OPPORTUNITY: draft_deal(d); break;
	case OBJECT_STAGE_CHANGE: draft_move(d); break;
	case OBJECT_SPEND: add_money(d, FIELD_AMOUNT), add_text(d, FIELD_CAMPAIGN, words, 5); break;
	case OBJECT_ACTIVITY:
	case OBJECT_TOUCH:
	case OBJECT_ORDER: draft_event(d, object); break;
	case OBJECT_LEAD_STEP:
	case OBJECT_PROMISE_WORD: draft_step(d, object); break;
	default: draft_rare(d, object); break;
	}
}

/* Mostly what changes every day; `rare`: also what others borrow from. */
static enum object random_object(bool rare)
{
	static const enum object plain[] = { OBJECT_LEAD,     OBJECT_LEAD,  OBJECT_TOUCH,
					     OBJECT_ACTIVITY, OBJECT_SPEND, OBJECT_LEAD_STEP };

	static const enum object often[] = { OBJECT_LEAD,        OBJECT_LEAD,  OBJECT_LEAD,      OBJECT_OPPORTUNITY,
					     OBJECT_OPPORTUNITY, OBJECT_TOUCH, OBJECT_SPEND,     OBJECT_STAGE_CHANGE,
					     OBJECT_ACTIVITY,    OBJECT_ORDER, OBJECT_LEAD_STEP, OBJECT_PROMISE_WORD };
	static const enum object seldom[] = { OBJECT_CONTACT, OBJECT_ACCOUNT, OBJECT_PERSON, OBJECT_STAGE };

	if (kind == PLAIN && !rare)
		return plain[roll(6)];
	return rare && roll(4) == 0 ? seldom[roll(4)] : often[roll(12)];
}

static void offer(struct book *book, enum object object, int64_t observed_ms)
{
	enum append_result result;
	struct record record;
	struct draft draft;
	char key[16];

	draft_of(&draft, object);
	snprintf(key, sizeof(key), "%c%u", letter_of(object),
		 kind == PLAIN && object != OBJECT_LEAD ? ++serial : roll(KEYS));
	if (object == OBJECT_PERSON && roll(2))
		snprintf(key, sizeof(key), "%s", names[1 + roll(4)]);
	record = (struct record){ .object = object,
				  .source = kind != PLAIN && roll(4) == 0 ? STR("erp") : STR("crm"),
				  .key = str_of(key),
				  .observed_ms = observed_ms,
				  .fields = draft.fields,
				  .count = draft.count };
	MUST(book_append(book, &record, &help_context, &result, err));
}

#endif
