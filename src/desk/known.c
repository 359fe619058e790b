#include "desk/known.h"

#include <stdlib.h>
#include "base/date.h"
#include "base/table.h"
#include "base/zone.h"
#include "io/terminal.h"

/* Counts of one kind of record. */
struct counts {
	uint64_t all, dated, milestone, with_lead, with_cost, with_expected, with_stage, open, spend_dated, responded;
	int32_t first, last;
};

struct counting {
	struct counts of[OBJECT__COUNT];
	struct table closing; /* names of stages in which a deal is over */
	struct table staged;  /* deals neither won nor lost by their own fields: stage name → how many */
	struct link_targets targets;
	const struct zone *zone;
};

/* What the book will say of a record leaves out what is empty. */
static const struct value *stated(const struct record *record, enum field code)
{
	const struct value *value = record_get(record, code);

	return value && value->kind != VALUE_EMPTY ? value : NULL;
}

static void see_day(struct counting *c, struct counts *n, const struct value *value)
{
	int32_t day;

	if (!value || (value->kind != VALUE_DATE && value->kind != VALUE_TIME))
		return;
	day = value->kind == VALUE_DATE ? value->as.date : zone_date(c->zone, value->as.time_ms);
	if (!n->dated++ || day < n->first)
		n->first = day;
	if (n->dated == 1 || day > n->last)
		n->last = day;
}

struct counting *counting_new(const struct zone *zone)
{
	struct counting *c = must_calloc(1, sizeof(*c));

	table_init(&c->closing);
	table_init(&c->staged);
	c->zone = zone;
	return c;
}

static void clear(struct counting *c)
{
	table_release(&c->closing);
	table_release(&c->staged);
	*c = (struct counting){ .zone = c->zone };
	table_init(&c->closing);
	table_init(&c->staged);
}

void counting_free(struct counting *c)
{
	clear(c);
	free(c);
}

static bool reached(const struct value *value)
{
	return value && (value->kind == VALUE_DATE || value->kind == VALUE_TIME || value->kind == VALUE_YES);
}

static void see_deal(struct counting *c, struct counts *n, const struct record *record)
{
	const struct value *stage = stated(record, FIELD_STAGE);

	if (reached(stated(record, FIELD_WON)) || reached(stated(record, FIELD_LOST)))
		n->milestone++;
	else
		++*table_put(&c->staged, stage && stage->kind == VALUE_TEXT ? stage->as.text : STR_NONE, NULL);
	n->with_lead += stated(record, FIELD_LEAD) != NULL;
	n->with_expected += stated(record, FIELD_EXPECTED_CLOSE) != NULL;
	n->with_stage += stage != NULL;
}

static void see_stage(struct counting *c, const struct record *record)
{
	const struct value *name = stated(record, FIELD_NAME), *means = stated(record, FIELD_MEANS);

	if (name && name->kind == VALUE_TEXT && means && means->kind == VALUE_TEXT)
		*table_put(&c->closing, name->as.text, NULL) = str_is(means->as.text, "won") ||
							       str_is(means->as.text, "lost") ||
							       str_is(means->as.text, "order");
}

/* Stages may come behind the deals that stand in them. */
static void settle_deals(struct counting *c)
{
	struct counts *n = &c->of[OBJECT_OPPORTUNITY];
	struct str stage;
	uint64_t deals;

	for (size_t at = 0; table_next(&c->staged, &at, &stage, &deals);) {
		const uint64_t *closes = table_get(&c->closing, stage);

		*(closes && *closes ? &n->milestone : &n->open) += deals;
	}
}

void counting_see(struct counting *c, const struct record *record)
{
	static const enum field days[OBJECT__COUNT] = {
		[OBJECT_LEAD] = FIELD_CREATED,
		[OBJECT_CONTACT] = FIELD_CREATED,
		[OBJECT_ACCOUNT] = FIELD_CREATED,
		[OBJECT_OPPORTUNITY] = FIELD_CREATED,
		[OBJECT_STAGE_CHANGE] = FIELD_ENTERED,
		[OBJECT_ACTIVITY] = FIELD_AT,
		[OBJECT_TOUCH] = FIELD_AT,
		[OBJECT_SPEND] = FIELD_DAY,
		[OBJECT_ORDER] = FIELD_BOOKED,
		[OBJECT_LEAD_STEP] = FIELD_AT,
	};
	struct counts *n;

	if (record->object <= OBJECT_NONE || record->object >= OBJECT__COUNT)
		return;
	n = &c->of[record->object];
	n->all++;
	links_targets_see(&c->targets, record);
	if (days[record->object])
		see_day(c, n, stated(record, days[record->object]));
	if (record->object == OBJECT_OPPORTUNITY)
		see_deal(c, n, record);
	if (record->object == OBJECT_STAGE)
		see_stage(c, record);
	if (record->object == OBJECT_LEAD) {
		n->milestone += reached(stated(record, FIELD_HANDED_OFF));
		n->responded += reached(stated(record, FIELD_FIRST_RESPONSE));
	}
	if (record->object == OBJECT_LEAD_STEP) {
		const struct value *kind = stated(record, FIELD_KIND);

		c->of[OBJECT_LEAD].milestone += kind && kind->kind == VALUE_TEXT && str_is(kind->as.text, "handed_off");
	}
	if (record->object == OBJECT_ORDER)
		n->with_cost += stated(record, FIELD_COST) != NULL;
}

static int see_state(void *context, const struct state *state, struct err *err)
{
	(void)err;
	counting_see(context, &state->record);
	return 0;
}

int counting_read(struct counting *c, struct book *book, struct err *err)
{
	struct reading reading = READING_ALL;

	clear(c);
	return book_states(book, OBJECT_NONE, &reading, see_state, c, err);
}

struct sentences {
	struct arena *arena;
	struct str *items;
	size_t count, capacity;
};

#define SAY(s, ...)                                                                                                    \
	do {                                                                                                           \
		ARENA_PUSH((s)->arena, (s)->items, (s)->count, (s)->capacity);                                         \
		(s)->items[(s)->count++] = str_of(arena_printf((s)->arena, __VA_ARGS__));                              \
	} while (0)

static const char *number(struct arena *arena, uint64_t n)
{
	char text[32];

	return arena_dup(arena, count_text((int64_t)n, text));
}

static const char *noun(enum object object, uint64_t n)
{
	if (object == OBJECT_STAGE_CHANGE)
		return n == 1 ? "stage change" : "stage changes";
	if (object == OBJECT_LEAD_STEP)
		return n == 1 ? "step of a lead" : "steps of leads";
	if (object == OBJECT_SPEND)
		return n == 1 ? "row of spend" : "rows of spend";
	return n == 1 ? object_singular(object) : object_plural(object);
}

static void say_known(const struct counting *c, uint64_t voided, struct sentences *s)
{
	static const enum object order[] = { OBJECT_LEAD,    OBJECT_LEAD_STEP, OBJECT_OPPORTUNITY, OBJECT_STAGE_CHANGE,
					     OBJECT_ORDER,   OBJECT_SPEND,     OBJECT_ACTIVITY,    OBJECT_TOUCH,
					     OBJECT_ACCOUNT, OBJECT_CONTACT,   OBJECT_PERSON };

	for (size_t i = 0; i < sizeof(order) / sizeof(order[0]); i++) {
		const struct counts *n = &c->of[order[i]];
		char first[16], last[16];
		const char *text;

		if (!n->all)
			continue;
		text = arena_printf(s->arena, "%s %s", number(s->arena, n->all), noun(order[i], n->all));
		if (n->dated) {
			date_format(n->first, first);
			date_format(n->last, last);
			text = arena_printf(s->arena, "%s from %s to %s", text, first, last);
			if (n->dated < n->all)
				text = arena_printf(s->arena, "%s (%s without a date)", text,
						    number(s->arena, n->all - n->dated));
		} else if (order[i] != OBJECT_ACCOUNT && order[i] != OBJECT_CONTACT && order[i] != OBJECT_PERSON) {
			text = arena_printf(s->arena, "%s, none with a date", text);
		}
		if (order[i] == OBJECT_OPPORTUNITY)
			text = arena_printf(s->arena, "%s; %s won or lost", text, number(s->arena, n->milestone));
		if (order[i] == OBJECT_LEAD && voided)
			text = arena_printf(s->arena, "%s; %s of them %s, which no report counts", text,
					    number(s->arena, voided),
					    voided == 1 ? "a test or duplicate" : "tests or duplicates");
		SAY(s, "%s", text);
	}
}

static void say_unknown(const struct counting *c, struct sentences *s)
{
	const struct counts *lead = &c->of[OBJECT_LEAD], *deal = &c->of[OBJECT_OPPORTUNITY],
			    *order = &c->of[OBJECT_ORDER];

	if (!lead->all)
		SAY(s, "no leads: what came in, and what became of it, cannot be told");
	if (!deal->all)
		SAY(s, "no opportunities: win rate and pipeline cannot be told");
	if (!c->of[OBJECT_ACTIVITY].all)
		SAY(s, "no call log: follow-up cannot be judged");
	if (lead->all && !lead->milestone)
		SAY(s, "no hand-over dates: how long leads wait for sales cannot be told");
	if (deal->all && !c->of[OBJECT_STAGE_CHANGE].all)
		SAY(s, "no stage history: where deals leak and how long they stay in a stage cannot be told");
	if (lead->all && deal->all && !deal->with_lead)
		SAY(s, "no opportunity names its lead: conversion from lead to deal cannot be told");
	if (!c->of[OBJECT_TOUCH].all)
		SAY(s, "no touches: which engagement led to deals cannot be told");
	if (!c->of[OBJECT_SPEND].all)
		SAY(s, "no spend: what a lead or a deal costs cannot be told");
	if (deal->open && !deal->with_expected)
		SAY(s, "no expected close dates: what will close in a period, and what slipped, cannot be told");
	if (!order->all)
		SAY(s, "no orders: bookings, margin and cash cannot be told");
	else if (!order->with_cost)
		SAY(s, "no costs on orders: margin cannot be told");
	if (deal->all && !deal->dated)
		SAY(s, "no creation dates of opportunities: cycle and age cannot be told");
}

const struct link_targets *counting_targets(const struct counting *c)
{
	return &c->targets;
}

void counting_tell(struct counting *c, uint64_t voided, struct known *out, struct arena *arena)
{
	struct sentences known = { .arena = arena }, unknown = { .arena = arena };

	settle_deals(c);
	say_known(c, voided, &known);
	say_unknown(c, &unknown);
	*out = (struct known){ known.items, unknown.items, known.count, unknown.count };
}
