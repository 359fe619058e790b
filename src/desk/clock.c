#include "desk/clock.h"

#include <stdlib.h>

#include "book/outbox.h"
#include "desk/clock_private.h"

int clock_open(struct clock **out, struct lead_desk *desk, struct err *err)
{
	struct clock *clock = must_calloc(1, sizeof(*clock));
	int failed;

	clock->desk = desk;
	clock->standings_due = true;
	arena_init(&clock->arena);
	due_queue_init(&clock->queue);
	failed = outbox_warned(desk->book, &clock->warned_ms, err);
	if (!failed)
		failed = clock_gather(clock, err);
	if (failed)
		clock_close(clock);
	else
		*out = clock;
	return failed;
}

void clock_close(struct clock *clock)
{
	if (!clock)
		return;
	due_queue_release(&clock->queue);
	arena_release(&clock->arena);
	free(clock);
}

int64_t clock_next_ms(const struct clock *clock)
{
	const struct due_item *next = due_queue_next(&clock->queue);

	return next && next->at_ms < clock->period_ends_ms ? next->at_ms : clock->period_ends_ms;
}

bool clock_has_due(const struct clock *clock, int64_t now_ms)
{
	const struct due_item *next = due_queue_next(&clock->queue);

	return clock->crossing_count || clock->case_count || (next && next->at_ms < now_ms);
}

bool clock_recounts(const struct clock *clock)
{
	return clock->recount;
}

uint64_t clock_running(const struct clock *clock)
{
	return clock->queue.count;
}

/* ---- ticking ---- */

static int happen(struct clock *clock, uint32_t number, struct err *err)
{
	struct clock_item *item = &clock->items[number];
	size_t rung;
	int64_t at_ms = clock_item_next_ms(item, &rung);
	int failed;

	if (item->promise->no_new_leads)
		clock->standings_due = true;
	if (item->warn && !item->withdraw && !item->broken)
		failed = clock_write_warned(clock, item, err);
	else if (item->withdraw)
		failed = clock_write_withdrawn(clock, item, err);
	else if (!item->broken)
		failed = clock_write_broken(clock, item, err);
	else
		failed = clock_write_told(clock, item, rung, at_ms, err);
	if (failed)
		return failed;
	at_ms = clock_item_next_ms(item, &rung);
	if (at_ms == EVENT_NEVER)
		due_queue_remove(&clock->queue, number);
	else
		due_queue_put(&clock->queue, number, at_ms);
	return 0;
}

/* Leads that crossed the bar stand at when they did: in periods that are over, too. */
static int cross(struct clock *clock, struct err *err)
{
	uint64_t before = clock->out->written;
	int failed = 0;

	for (size_t i = 0; i < clock->crossing_count && !failed; i++)
		failed = clock_write_crossing(clock, &clock->crossings[i], err);
	clock->crossing_count = 0;
	if (failed || !clock->numbers || clock->out->written == before)
		return failed;
	clock->recount = true;
	for (size_t i = 0; i < clock->item_count; i++)
		if (clock->items[i].lead == REF_NONE)
			due_queue_remove(&clock->queue, (uint32_t)i);
	return 0;
}

static int tick(struct clock *clock, int64_t now_ms, struct err *err)
{
	uint64_t expected = clock->crossing_count + due_queue_count_before(&clock->queue, now_ms);
	const struct due_item *next;
	int failed = book_expect_many(clock->desk->book, expected, err);

	if (!failed)
		failed = cross(clock, err);
	/* What is due at this very instant may still be kept within it. */
	while (!failed && (next = due_queue_next(&clock->queue)) != NULL && next->at_ms < now_ms)
		failed = happen(clock, next->number, err);
	if (!failed && clock->standings_due)
		failed = clock_standings(clock, now_ms, err);
	clock->standings_due = false;
	return failed;
}

static int by_time(const void *a, const void *b)
{
	const struct clock_event *x = a, *y = b;

	if ((x->kind == CLOCK_QUALIFIED) != (y->kind == CLOCK_QUALIFIED))
		return x->kind == CLOCK_QUALIFIED ? -1 : 1;
	if (x->at_ms != y->at_ms)
		return x->at_ms < y->at_ms ? -1 : 1;
	if (x->kind != y->kind)
		return x->kind < y->kind ? -1 : 1;
	return str_cmp(x->lead, y->lead);
}

int clock_tick(struct clock *clock, int64_t now_ms, struct clock_tick *out, struct err *err)
{
	int failed;

	clock->out = out;
	failed = tick(clock, now_ms, err);
	if (clock->writing) {
		clock->writing = false;
		if (failed)
			book_rollback(clock->desk->book);
		else
			failed = book_commit(clock->desk->book, err);
	}
	if (out->event_count)
		qsort(out->events, out->event_count, sizeof(*out->events), by_time);
	return failed;
}

/* ---- at risk ---- */

static int nearest_first(const void *a, const void *b)
{
	const struct clock_item *x = *(const struct clock_item *const *)a, *y = *(const struct clock_item *const *)b;

	if (x->due_ms != y->due_ms)
		return x->due_ms < y->due_ms ? -1 : 1;
	return x < y ? -1 : 1;
}

size_t clock_at_risk(const struct clock *clock, int64_t now_ms, struct clock_risk *out, size_t most)
{
	const struct clock_item **found = must_calloc(clock->item_count + 1, sizeof(const struct clock_item *));
	size_t count = 0;

	for (size_t i = 0; i < clock->item_count; i++) {
		const struct clock_item *item = &clock->items[i];

		if (item->live && !item->broken && item->at_risk_ms <= now_ms && now_ms <= item->due_ms &&
		    item->due_ms != EVENT_NEVER)
			found[count++] = item;
	}
	qsort(found, count, sizeof(*found), nearest_first);
	for (size_t i = 0; i < count && i < most; i++)
		out[i] = (struct clock_risk){
			cells_key(clock->desk->facts, FACT_LEADS, found[i]->lead, clock->desk->arena),
			found[i]->promise->name, found[i]->owner, found[i]->due_ms, found[i]->promise->party
		};
	free(found);
	return count;
}
