/* Which promises run, and of which something is to be recorded. */
#include "desk/clock_private.h"

static const struct calendar *calendar_of(const struct clock_item *item)
{
	return item->version->calendar;
}

static int64_t rung_ms(const struct clock_item *item, size_t rung)
{
	const struct rung *r = &item->promise->ladder[rung];

	return r->later.amount ? calendar_due_ms(calendar_of(item), item->due_ms, r->later) : item->due_ms;
}

int64_t clock_item_next_ms(const struct clock_item *item, size_t *rung)
{
	int64_t next_ms = EVENT_NEVER;

	*rung = RUNG__COUNT;
	if (item->withdraw)
		return INT64_MIN;
	if (!item->broken)
		return !item->live ? EVENT_NEVER : item->warn ? item->at_risk_ms : item->due_ms;
	for (size_t i = 0; i < item->promise->rungs; i++) {
		if (item->told >> i & 1 || rung_ms(item, i) >= next_ms)
			continue;
		next_ms = rung_ms(item, i);
		*rung = i;
	}
	return next_ms;
}

static void count_word(struct clock_item *item, int64_t at_ms)
{
	item->words++;
	if (at_ms > item->since_ms)
		item->since_ms = at_ms;
}

static uint8_t told_rungs(const struct promise_def *promise, unsigned rungs)
{
	uint8_t told = 0;

	for (size_t i = 0; i < promise->rungs; i++)
		if (rungs >> promise->ladder[i].who & 1)
			told |= (uint8_t)(1u << i);
	return told;
}

static void add_item(struct clock *clock, struct clock_item item)
{
	int64_t next_ms;
	size_t rung;

	item.warn = item.live && !item.broken && item.due_ms != EVENT_NEVER && item.at_risk_ms < item.due_ms &&
		    item.at_risk_ms > clock->warned_ms;
	next_ms = clock_item_next_ms(&item, &rung);
	if (next_ms == EVENT_NEVER)
		return;
	ARENA_PUSH(&clock->arena, clock->items, clock->item_count, clock->item_capacity);
	clock->items[clock->item_count] = item;
	due_queue_put(&clock->queue, (uint32_t)clock->item_count++, next_ms);
}

static void take_promise(struct clock *clock, const struct judged_lead *lead, const struct judged_episode *episode,
			 const struct judged_promise *p)
{
	enum promise_state state = p->judged.state;
	struct clock_item item = { .lead = lead->row,
				   .episode = episode->number,
				   .of_several = lead->count > 1,
				   .version = episode->version,
				   .promise = p->promise,
				   .owner = p->owner,
				   .due_ms = p->judged.due_ms,
				   .at_risk_ms = p->judged.at_risk_ms,
				   .stop_ms = EVENT_NEVER,
				   .since_ms = p->said.turned_ms,
				   .words = p->said.turns,
				   .told = told_rungs(p->promise, p->said.rungs),
				   .broken = p->said.broken };

	item.live = state == PROMISE_RUNNING || state == PROMISE_AT_RISK || state == PROMISE_WAITING ||
		    state == PROMISE_BROKEN;
	if (item.broken && state != PROMISE_BROKEN && state != PROMISE_EXCUSED && state != PROMISE_DISPUTED) {
		item.withdraw = true;
		item.stop_ms = state == PROMISE_MET ? p->judged.stop_ms : EVENT_NEVER;
	} else if (item.broken && state != PROMISE_BROKEN) {
		return;
	}
	add_item(clock, item);
}

/* What counts for a partner's standing. */
static void take_case(struct clock *clock, const struct judged_lead *lead, const struct judged_episode *episode,
		      const struct judged_promise *p)
{
	struct str partner = cell_name(clock->partners, lead->row);
	enum promise_state state = p->judged.state;

	if (!p->promise->no_new_leads || !partner.len || state == PROMISE_NOT_OPEN || state == PROMISE_VOID ||
	    state == PROMISE_EXCUSED || state == PROMISE_DISPUTED || p->judged.due_ms == EVENT_NEVER)
		return;
	ARENA_PUSH(&clock->arena, clock->cases, clock->case_count, clock->case_capacity);
	clock->cases[clock->case_count++] = (struct clock_case){
		.partner = partner,
		.promise = p->promise,
		.version = episode->version,
		.what = { p->judged.start_ms, p->judged.due_ms, p->judged.stop_ms, judge_ended_ms(lead, episode) },
	};
}

/* It crossed the bar and nobody recorded it. */
static bool crosses(const struct lead_life *lead, const struct judged_episode *episode, bool last)
{
	enum life life = lead->now.life;

	return last && episode->passed_ms != EVENT_NEVER && !lead->is_void &&
	       (life == LIFE_NEW || life == LIFE_PREQUALIFIED || life == LIFE_NURTURING);
}

/* The promises that begin or end with that are judged with it, so that asking again finds nothing new. */
static void take_crossing(struct clock *clock, const struct judged_lead *lead, struct judged_episode *episode,
			  struct arena *arena)
{
	ARENA_PUSH(&clock->arena, clock->crossings, clock->crossing_count, clock->crossing_capacity);
	clock->crossings[clock->crossing_count++] = (struct clock_crossing){ lead->row, episode->passed_ms };
	judge_as_qualified(clock->desk->judge, lead, clock->desk->now_ms, episode, arena);
}

static void take_lead(struct clock *clock, uint32_t row, struct arena *arena)
{
	struct judged_lead judged;

	judge_lead(clock->desk->judge, row, clock->desk->now_ms, &judged, arena);
	for (size_t e = 0; e < judged.count; e++) {
		struct judged_episode *episode = &judged.episodes[e];

		if (!episode->version)
			continue;
		if (crosses(&judged.story.life, episode, e + 1 == judged.count))
			take_crossing(clock, &judged, episode, arena);
		for (size_t i = 0; i < episode->promise_count; i++) {
			take_promise(clock, &judged, episode, &episode->promises[i]);
			take_case(clock, &judged, episode, &episode->promises[i]);
		}
	}
}

/* ---- numbers in periods ---- */

/* A word about a number in a period. */
struct number_word {
	struct str key, kind, outcome;
	int64_t at_ms;
};

struct number_words {
	struct number_word *items;
	size_t count, capacity;
};

static struct number_words read_number_words(const struct facts *facts, struct arena *arena)
{
	const struct column *lead = cells_of(facts, FACT_PROMISE_WORDS, "lead");
	const struct column *kind = cells_of(facts, FACT_PROMISE_WORDS, "kind");
	const struct column *outcome = cells_of(facts, FACT_PROMISE_WORDS, "outcome");
	const struct column *at = cells_of(facts, FACT_PROMISE_WORDS, "at");
	struct number_words words = { .count = 0 };

	for (uint32_t row = 0; row < facts_rows(facts, FACT_PROMISE_WORDS); row++) {
		if (cell_ref(lead, row) != REF_NONE ||
		    !str_is(cells_source(facts, FACT_PROMISE_WORDS, row), "lockstep"))
			continue;
		ARENA_PUSH(arena, words.items, words.count, words.capacity);
		words.items[words.count++] =
			(struct number_word){ cells_key(facts, FACT_PROMISE_WORDS, row, arena), cell_name(kind, row),
					      cell_name(outcome, row), cell_time_ms(at, row) };
	}
	return words;
}

/* Their key begins with the period and the promise. */
static void take_number_words(struct clock_item *item, const struct number_words *words, struct arena *arena)
{
	const char *prefix = arena_printf(arena, "%.*s#%.*s#", STR_ARG(item->period), STR_ARG(item->promise->name));

	for (size_t i = 0; i < words->count; i++) {
		const struct number_word *word = &words->items[i];

		if (!str_starts(word->key, prefix))
			continue;
		if (str_is(word->kind, "broken") || str_is(word->kind, "withdrawn"))
			count_word(item, word->at_ms);
		for (size_t rung = 0; str_is(word->kind, "told") && rung < item->promise->rungs; rung++)
			if (str_is(word->outcome, rung_name(item->promise->ladder[rung].who)))
				item->told |= (uint8_t)(1u << rung);
	}
	item->broken = item->words & 1;
}

static void take_number(struct clock *clock, const struct judged_volume *v, const struct number_words *words,
			struct arena *arena)
{
	struct clock_item item = { .lead = REF_NONE,
				   .version = v->version,
				   .promise = v->promise,
				   .due_ms = v->due_ms,
				   .at_risk_ms = EVENT_NEVER,
				   .stop_ms = EVENT_NEVER,
				   .since_ms = INT64_MIN,
				   .live = v->state == PROMISE_BROKEN };
	char start[40];

	if (v->state == PROMISE_RUNNING && v->due_ms < clock->period_ends_ms)
		clock->period_ends_ms = v->due_ms;
	if (v->state == PROMISE_RUNNING)
		return;
	zone_format(clock->desk->zone, v->start_ms, start);
	start[10] = '\0';
	item.period = str_of(arena_dup(&clock->arena, start));
	item.counted = str_of(arena_printf(&clock->arena, "%.10g of %.10g", v->counted, v->promise->at_least));
	take_number_words(&item, words, arena);
	item.withdraw = item.broken && v->state != PROMISE_BROKEN;
	item.stop_ms = v->state == PROMISE_MET ? v->due_ms : EVENT_NEVER;
	add_item(clock, item);
}

static int take_numbers(struct clock *clock, struct arena *arena, struct err *err)
{
	struct number_words words;
	struct judged_volume *numbers;
	size_t count;

	clock->period_ends_ms = EVENT_NEVER;
	if (judge_numbers(clock->desk->judge, &numbers, &count, arena, err))
		return err->kind;
	clock->numbers = count > 0;
	words = read_number_words(clock->desk->facts, arena);
	for (size_t i = 0; i < count; i++)
		take_number(clock, &numbers[i], &words, arena);
	return 0;
}

int clock_gather(struct clock *clock, struct err *err)
{
	uint32_t leads = facts_rows(clock->desk->facts, FACT_LEADS);
	struct arena arena;
	int failed;

	clock->partners = cells_of(clock->desk->facts, FACT_LEADS, "partner");
	arena_init(&arena);
	for (uint32_t row = 0; row < leads; row++) {
		take_lead(clock, row, &arena);
		arena_reset(&arena);
	}
	failed = take_numbers(clock, &arena, err);
	arena_release(&arena);
	return failed;
}
