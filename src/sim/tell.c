#include "sim/tell.h"

#include "base/date.h"
#include "sim/purpose.h"
#include "sim/words.h"
#include "sim/writing.h"

/* ---- what happened to one lead, in order of time ---- */

enum event_kind {
	EVENT_ACCOUNT,
	EVENT_LEAD,
	EVENT_TOUCH,
	EVENT_ACTIVITY,
	EVENT_DEAL,
	EVENT_VISIT,
	EVENT_ORDER,
};

struct event {
	int64_t at_ms;
	enum event_kind kind;
	unsigned index;
};

enum { EVENTS = LIFE_TOUCHES + LIFE_ACTIVITIES + 2 * LIFE_VISITS + 8 };

struct events {
	struct event items[EVENTS];
	size_t count;
	int64_t end_ms;
};

/* Keeps order by time; of the same time by kind, then as they came. What lies beyond the story is dropped. */
static void event_add(struct events *events, int64_t at_ms, enum event_kind kind, size_t index)
{
	struct event event = { at_ms, kind, (unsigned)index };
	size_t i = events->count;

	if (at_ms >= events->end_ms)
		return;
	if (events->count == EVENTS)
		BUG("a lead with more than %d events", EVENTS);
	while (i > 0 && (events->items[i - 1].at_ms > at_ms ||
			 (events->items[i - 1].at_ms == at_ms && events->items[i - 1].kind > kind))) {
		events->items[i] = events->items[i - 1];
		i--;
	}
	events->items[i] = event;
	events->count++;
}

/* The last of these instants before the story's end. */
static int64_t last_of(const int64_t *ms, size_t count, int64_t end_ms)
{
	int64_t last = INT64_MIN;

	for (size_t i = 0; i < count; i++)
		if (ms[i] < end_ms && ms[i] > last)
			last = ms[i];
	return last;
}

static int64_t lead_last_ms(const struct life *life, int64_t end_ms)
{
	const int64_t ms[] = { life->created_ms,    life->prequalified_ms,   life->qualified_ms,
			       life->handed_off_ms, life->first_response_ms, life->accepted_ms,
			       life->rejected_ms,   life->disqualified_ms,   life->recycled_ms,
			       life->opportunity_ms };

	return last_of(ms, sizeof(ms) / sizeof(ms[0]), end_ms);
}

static void gather(const struct company *company, const struct life *life, struct events *events)
{
	bool history = company->story.history;
	int64_t end_ms = company->calendar.end_ms, last;

	events->count = 0;
	events->end_ms = end_ms;
	if (life->account == life->number)
		event_add(events, life->created_ms, EVENT_ACCOUNT, 0);
	last = lead_last_ms(life, end_ms);
	event_add(events, last, EVENT_LEAD, 0);
	if (history && last > life->created_ms)
		event_add(events, life->created_ms, EVENT_LEAD, 0);
	if (history && last > life->handed_off_ms)
		event_add(events, life->handed_off_ms, EVENT_LEAD, 0);
	for (size_t i = 0; i < life->touch_count; i++)
		event_add(events, life->touches[i].at_ms, EVENT_TOUCH, i);
	for (size_t i = 0; company->story.activities && i < life->activity_count; i++)
		event_add(events, life->activities[i].at_ms, EVENT_ACTIVITY, i);
	for (size_t i = 0; i < life->visit_count; i++) {
		bool known = life->visits[i].entered_ms < end_ms;
		bool final = known && (i + 1 == life->visit_count || life->visits[i + 1].entered_ms >= end_ms);

		if (history || final)
			event_add(events, life->visits[i].entered_ms, EVENT_DEAL, i);
		if (!life->visits[i].slipped)
			event_add(events, life->visits[i].entered_ms, EVENT_VISIT, i);
	}
	if (life->order.booked_ms < end_ms) {
		const struct life_order *order = &life->order;
		const int64_t ms[] = { order->booked_ms, order->shipped_ms, order->delivered_ms, order->invoiced_ms,
				       order->paid_ms };

		last = last_of(ms, sizeof(ms) / sizeof(ms[0]), end_ms);
		event_add(events, last, EVENT_ORDER, 0);
		if (history && last > order->booked_ms)
			event_add(events, order->booked_ms, EVENT_ORDER, 0);
	}
}

/* ---- records ---- */

struct str tell_key(struct arena *arena, char letter, uint64_t number, size_t part)
{
	char text[48], *at = text + sizeof(text), *end = at;

	if (part) {
		for (; part; part /= 10)
			*--at = (char)('0' + part % 10);
		*--at = '-';
	}
	for (number++; number; number /= 10)
		*--at = (char)('0' + number % 10);
	*--at = letter;
	return arena_str(arena, (struct str){ at, (size_t)(end - at) });
}

static const char *const partners[] = { "Ferrow & Sons", "Nordline Supply", "Delta Plant Service", "Tessen Trading" };
static const char *const products[] = { "Bag filter B2", "Cartridge C4", "Mist trap M1", "Panel P8", "Service plan" };

static void write_owner(struct writing *w, const struct company *company, const struct life *life, bool owned)
{
	write_text(w, FIELD_OWNER, owned ? company->reps[life->rep].name : STR_NONE);
	write_word(w, FIELD_TEAM, owned ? sim_teams[company->reps[life->rep].team] : NULL);
}

static void write_origin(struct writing *w, const struct company *company, const struct life *life)
{
	const struct sim_source *source = &sim_sources[life->source];

	write_word(w, FIELD_ORIGIN, sim_origins[source->origin]);
	write_word(w, FIELD_SOURCE, source->name);
	write_text(w, FIELD_CAMPAIGN, life->campaign >= 0 ? company->campaigns[life->campaign].name : STR_NONE);
	write_word(w, FIELD_PARTNER, source->origin == ORIGIN_PARTNER ? partners[life->partner] : NULL);
	write_word(w, FIELD_REGION, sim_teams[life->region]);
	write_word(w, FIELD_SEGMENT, life_segment(life));
	write_word(w, FIELD_INDUSTRY, words_industry.words[life->industry]);
}

static const char *lead_status(const struct life *life, int64_t as_of_ms)
{
	const struct {
		int64_t at_ms;
		const char *status;
	} steps[] = {
		{ life->disqualified_ms, "disqualified" }, { life->opportunity_ms, "opportunity" },
		{ life->recycled_ms, "recycled" },         { life->rejected_ms, "rejected" },
		{ life->accepted_ms, "accepted" },         { life->first_response_ms, "working" },
		{ life->handed_off_ms, "handed off" },     { life->qualified_ms, "qualified" },
		{ life->prequalified_ms, "nurturing" },
	};

	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++)
		if (steps[i].at_ms <= as_of_ms)
			return steps[i].status;
	return "new";
}

static void write_person(struct writing *w, struct arena *arena, const struct company *company, const struct life *life,
			 struct str company_name)
{
	struct random random;
	const char *first, *last;

	random_init(&random, company->story.seed, PURPOSE_PERSON, life->number);
	first = words_first.words[random_below(&random, words_first.count)];
	last = words_last.words[random_below(&random, words_last.count)];
	write_text(w, FIELD_NAME, str_of(arena_printf(arena, "%s %s", first, last)));
	write_text(w, FIELD_EMAIL,
		   str_of(arena_printf(arena, "%s.%s.%llu@%s.example", words_slug(str_of(first), arena).at,
				       words_slug(str_of(last), arena).at, (unsigned long long)life->number + 1,
				       words_slug(company_name, arena).at)));
	write_text(w, FIELD_COMPANY, company_name);
}

static int tell_lead(struct telling *telling, struct writing *w, const struct life *life, struct err *err)
{
	const struct company *company = telling->company;
	int64_t now = w->as_of_ms;
	bool owned = life->handed_off_ms <= now || life->accepted_ms <= now;
	bool scored_again = life->qualified_ms <= now || life->handed_off_ms <= now;

	write_person(w, &telling->arena, company, life, life_company(company, life->account, &telling->arena));
	write_ref(w, FIELD_ACCOUNT, tell_key(&telling->arena, 'A', life->account, 0));
	write_number(w, FIELD_COMPANY_SIZE, life->employees);
	write_origin(w, company, life);
	write_owner(w, company, life, owned);
	write_word(w, FIELD_TYPE,
		   life->hand_raiser                 ? "hand-raiser"
		   : life->source == SOURCE_OUTBOUND ? "prospect"
						     : "content");
	write_word(w, FIELD_STATUS, lead_status(life, now));
	write_word(w, FIELD_REASON, life->rejected_ms <= now || life->disqualified_ms <= now ? life->reason : NULL);
	write_word(w, FIELD_PRODUCT, products[life->product]);
	write_number(w, FIELD_SCORE, scored_again ? life->score : life->first_score);
	write_flag(w, FIELD_INBOUND, life->source != SOURCE_OUTBOUND);
	write_time(w, FIELD_CREATED, life->created_ms);
	write_time(w, FIELD_PREQUALIFIED, life->prequalified_ms);
	write_time(w, FIELD_QUALIFIED, life->qualified_ms);
	write_time(w, FIELD_HANDED_OFF, life->handed_off_ms);
	write_time(w, FIELD_FIRST_RESPONSE, life->first_response_ms);
	if (life->handed_off_ms <= now)
		write_field(w, FIELD_RESPONSE_DUE, VALUE_TIME)->as.time_ms = life->response_due_ms;
	else
		write_empty(w, FIELD_RESPONSE_DUE);
	write_time(w, FIELD_ACCEPTED, life->accepted_ms);
	write_time(w, FIELD_REJECTED, life->rejected_ms);
	write_time(w, FIELD_DISQUALIFIED, life->disqualified_ms);
	write_time(w, FIELD_RECYCLED, life->recycled_ms);
	write_time(w, FIELD_OPPORTUNITY, life->opportunity_ms);
	if (life->marked_ms <= now)
		write_flag(w, FIELD_SWEET_SPOT, life->marked_in);
	else
		write_empty(w, FIELD_SWEET_SPOT);
	return writing_end(w, telling, err);
}

static int tell_account(struct telling *telling, struct writing *w, const struct life *life, struct err *err)
{
	write_text(w, FIELD_NAME, life_company(telling->company, life->account, &telling->arena));
	write_word(w, FIELD_INDUSTRY, words_industry.words[life->industry]);
	write_number(w, FIELD_COMPANY_SIZE, life->employees);
	write_word(w, FIELD_REGION, sim_teams[life->region]);
	write_word(w, FIELD_SEGMENT, life_segment(life));
	write_time(w, FIELD_CREATED, life->created_ms);
	return writing_end(w, telling, err);
}

static int tell_touch(struct telling *telling, struct writing *w, const struct life *life, unsigned i, struct err *err)
{
	const struct life_touch *touch = &life->touches[i];

	write_ref(w, FIELD_LEAD, tell_key(&telling->arena, 'L', life->number, 0));
	write_time(w, FIELD_AT, touch->at_ms);
	write_word(w, FIELD_KIND, touch->kind);
	write_word(w, FIELD_ORIGIN, sim_origins[sim_sources[touch->source].origin]);
	write_word(w, FIELD_SOURCE, sim_sources[touch->source].name);
	write_text(w, FIELD_CAMPAIGN,
		   touch->campaign >= 0 ? telling->company->campaigns[touch->campaign].name : STR_NONE);
	return writing_end(w, telling, err);
}

static int tell_activity(struct telling *telling, struct writing *w, const struct life *life, unsigned i,
			 struct err *err)
{
	const struct life_activity *activity = &life->activities[i];

	write_ref(w, FIELD_LEAD, tell_key(&telling->arena, 'L', life->number, 0));
	if (activity->of_deal)
		write_ref(w, FIELD_OPPORTUNITY_REF, tell_key(&telling->arena, 'D', life->number, 0));
	else
		write_empty(w, FIELD_OPPORTUNITY_REF);
	write_text(w, FIELD_OWNER, telling->company->reps[life->rep].name);
	write_time(w, FIELD_AT, activity->at_ms);
	write_word(w, FIELD_KIND, activity->kind);
	write_word(w, FIELD_DIRECTION, activity->inbound ? "in" : "out");
	write_word(w, FIELD_OUTCOME, activity->outcome);
	if (activity->minutes)
		write_number(w, FIELD_DURATION_MINUTES, activity->minutes);
	else
		write_empty(w, FIELD_DURATION_MINUTES);
	write_flag(w, FIELD_AUTOMATIC, activity->automatic);
	return writing_end(w, telling, err);
}

static void write_end(struct writing *w, const struct life_visit *visit, enum field code, unsigned stage)
{
	write_time(w, code, visit->stage == stage ? visit->entered_ms : NEVER);
}

static int tell_deal(struct telling *telling, struct writing *w, const struct life *life, unsigned i, struct err *err)
{
	const struct company *company = telling->company;
	const struct life_visit *visit = &life->visits[i];
	struct arena *arena = &telling->arena;

	write_text(w, FIELD_NAME,
		   str_of(arena_printf(arena, "%s: %s", life_company(company, life->account, arena).at,
				       products[life->product])));
	write_ref(w, FIELD_LEAD, tell_key(arena, 'L', life->number, 0));
	write_ref(w, FIELD_ACCOUNT, tell_key(arena, 'A', life->account, 0));
	write_origin(w, company, life);
	write_owner(w, company, life, true);
	write_word(w, FIELD_PRODUCT, products[life->product]);
	write_flag(w, FIELD_INBOUND, life->source != SOURCE_OUTBOUND);
	write_time(w, FIELD_CREATED, life->opportunity_ms);
	write_word(w, FIELD_STAGE, sim_stages[visit->stage].name);
	write_number(w, FIELD_PROBABILITY, sim_stages[visit->stage].probability);
	write_money(w, FIELD_AMOUNT, visit->amount_minor);
	write_date(w, FIELD_EXPECTED_CLOSE, visit->expected_close);
	write_end(w, visit, FIELD_WON, STAGE_WON);
	write_end(w, visit, FIELD_LOST, STAGE_LOST);
	write_end(w, visit, FIELD_DISCONTINUED, STAGE_DISCONTINUED);
	write_word(w, FIELD_REASON,
		   visit->stage == STAGE_LOST || visit->stage == STAGE_DISCONTINUED ? life->deal_reason : NULL);
	return writing_end(w, telling, err);
}

static int tell_visit(struct telling *telling, struct writing *w, const struct life *life, unsigned i, struct err *err)
{
	const struct life_visit *visit = &life->visits[i];

	write_ref(w, FIELD_OPPORTUNITY_REF, tell_key(&telling->arena, 'D', life->number, 0));
	write_word(w, FIELD_FROM_STAGE, i ? sim_stages[visit[-1].stage].name : NULL);
	write_word(w, FIELD_STAGE, sim_stages[visit->stage].name);
	write_time(w, FIELD_ENTERED, visit->entered_ms);
	write_money(w, FIELD_AMOUNT, visit->amount_minor);
	write_date(w, FIELD_EXPECTED_CLOSE, visit->expected_close);
	write_text(w, FIELD_OWNER, telling->company->reps[life->rep].name);
	return writing_end(w, telling, err);
}

static int tell_order(struct telling *telling, struct writing *w, const struct life *life, struct err *err)
{
	const struct life_order *order = &life->order;
	int64_t gross = order->price_minor + order->tax_minor;

	write_text(w, FIELD_NAME, tell_key(&telling->arena, '#', life->number, 0));
	write_ref(w, FIELD_LEAD, tell_key(&telling->arena, 'L', life->number, 0));
	write_ref(w, FIELD_ACCOUNT, tell_key(&telling->arena, 'A', life->account, 0));
	write_ref(w, FIELD_OPPORTUNITY_REF, tell_key(&telling->arena, 'D', life->number, 0));
	write_text(w, FIELD_OWNER, telling->company->reps[life->rep].name);
	write_word(w, FIELD_PRODUCT, products[life->product]);
	write_money(w, FIELD_AMOUNT, order->price_minor);
	write_money(w, FIELD_COST, order->cost_minor);
	write_money(w, FIELD_FREIGHT, order->freight_minor);
	write_money(w, FIELD_OTHER_COST, order->other_minor);
	write_money(w, FIELD_TAX, order->tax_minor);
	write_money(w, FIELD_BILLED, order->invoiced_ms <= w->as_of_ms ? gross : 0);
	write_money(w, FIELD_COLLECTED, order->paid_ms <= w->as_of_ms ? gross : 0);
	if (order->invoiced_ms <= w->as_of_ms)
		write_date(w, FIELD_DUE, order->due);
	else
		write_empty(w, FIELD_DUE);
	write_time(w, FIELD_BOOKED, order->booked_ms);
	write_time(w, FIELD_SHIPPED, order->shipped_ms);
	write_time(w, FIELD_DELIVERED, order->delivered_ms);
	write_time(w, FIELD_INVOICED, order->invoiced_ms);
	write_time(w, FIELD_PAID, order->paid_ms);
	return writing_end(w, telling, err);
}

static int tell_event(struct telling *telling, const struct life *life, const struct event *event, struct err *err)
{
	static const struct {
		enum object object;
		char letter;
		bool parts;
	} kinds[] = {
		[EVENT_ACCOUNT] = { OBJECT_ACCOUNT, 'A', false },  [EVENT_LEAD] = { OBJECT_LEAD, 'L', false },
		[EVENT_TOUCH] = { OBJECT_TOUCH, 'T', true },       [EVENT_ACTIVITY] = { OBJECT_ACTIVITY, 'C', true },
		[EVENT_DEAL] = { OBJECT_OPPORTUNITY, 'D', false }, [EVENT_VISIT] = { OBJECT_STAGE_CHANGE, 'S', true },
		[EVENT_ORDER] = { OBJECT_ORDER, 'O', false },
	};
	size_t part = kinds[event->kind].parts ? event->index + 1 : 0;
	struct writing w;

	writing_begin(&w, telling, kinds[event->kind].object,
		      tell_key(&telling->arena, kinds[event->kind].letter, life->number, part), event->at_ms);
	switch (event->kind) {
	case EVENT_ACCOUNT: return tell_account(telling, &w, life, err);
	case EVENT_LEAD: return tell_lead(telling, &w, life, err);
	case EVENT_TOUCH: return tell_touch(telling, &w, life, event->index, err);
	case EVENT_ACTIVITY: return tell_activity(telling, &w, life, event->index, err);
	case EVENT_DEAL: return tell_deal(telling, &w, life, event->index, err);
	case EVENT_VISIT: return tell_visit(telling, &w, life, event->index, err);
	case EVENT_ORDER: return tell_order(telling, &w, life, err);
	}
	BUG("event of kind %d", (int)event->kind);
}

int tell_life_account(struct telling *telling, const struct life *life, struct err *err)
{
	struct writing w;

	arena_reset(&telling->arena);
	writing_begin(&w, telling, OBJECT_ACCOUNT, tell_key(&telling->arena, 'A', life->number, 0), life->created_ms);
	return tell_account(telling, &w, life, err);
}

int tell_life(struct telling *telling, const struct life *life, struct err *err)
{
	struct events events;

	arena_reset(&telling->arena);
	gather(telling->company, life, &events);
	for (size_t i = 0; i < events.count; i++) {
		int rc = tell_event(telling, life, &events.items[i], err);

		if (rc)
			return rc;
	}
	return 0;
}

void telling_init(struct telling *telling, const struct company *company, sim_record_fn *each, void *context)
{
	telling->company = company;
	telling->each = each;
	telling->context = context;
	arena_init(&telling->arena);
}

void telling_release(struct telling *telling)
{
	arena_release(&telling->arena);
}
