/* Partners: how they stand follows from what they promised; each change is recorded with its evidence. */
#include <stdlib.h>

#include "desk/clock_private.h"

/* One change of one partner by one promise. */
struct turn {
	const struct clock_case *of;
	struct standing_change change;
	size_t number; /* of that promise's */
};

static int by_partner(const void *a, const void *b)
{
	const struct clock_case *x = a, *y = b;
	int order = str_cmp(x->partner, y->partner);

	return order ? order : str_cmp(x->promise->name, y->promise->name);
}

/* And the newest version first: what it says of the promise holds for all of them. */
static int by_version(const void *a, const void *b)
{
	const struct clock_case *x = a, *y = b;
	int order = by_partner(x, y);

	return order ? order : (x->version < y->version) - (x->version > y->version);
}

static int by_time(const void *a, const void *b)
{
	const struct turn *x = a, *y = b;

	if (x->change.at_ms != y->change.at_ms)
		return x->change.at_ms < y->change.at_ms ? -1 : 1;
	if (!str_eq(x->of->promise->name, y->of->promise->name))
		return str_cmp(x->of->promise->name, y->of->promise->name);
	return (x->number > y->number) - (x->number < y->number);
}

/* "the one overdue …", "both overdue ones …", "all 3 overdue ones …": are answered. */
static const char *answered(struct arena *arena, struct str promise, int late)
{
	if (late == 1)
		return arena_printf(arena, "the one overdue of \"%.*s\" is answered", STR_ARG(promise));
	if (late == 2)
		return arena_printf(arena, "both overdue ones of \"%.*s\" are answered", STR_ARG(promise));
	return arena_printf(arena, "all %d overdue ones of \"%.*s\" are answered", late, STR_ARG(promise));
}

static struct str evidence(struct clock *clock, const struct turn *turn)
{
	const struct promise_def *p = turn->of->promise;
	const struct standing_change *c = &turn->change;
	struct arena *arena = clock->desk->arena;

	if (c->to == STANDING_SUSPENDED)
		return str_of(arena_printf(arena, "%d of %d \"%.*s\" were late, where %g %% are to be kept", c->late,
					   c->due, STR_ARG(p->name), p->keep.share * 100));
	if (c->to == STANDING_PROBATION)
		return str_of(arena_printf(arena, "%s: %d at a time until %d in a row are on time",
					   answered(arena, p->name, c->late), p->back_at_a_time, p->back_in_a_row));
	if (c->due)
		return str_of(arena_printf(arena, "%d in a row of \"%.*s\" were on time", c->due, STR_ARG(p->name)));
	return str_of(answered(arena, p->name, c->late));
}

static int write_change(struct clock *clock, struct str partner, enum standing to, int64_t at_ms, struct str why,
			int version, unsigned *changes, struct err *err)
{
	struct arena *arena = clock->desk->arena;
	struct record_fields fields = { .count = 0 };
	struct clock_event event;
	struct str key = str_of(arena_printf(arena, "%.*s#%06u", STR_ARG(partner), ++*changes));

	at_ms -= at_ms % 1000;
	fields_text(&fields, FIELD_PARTNER, partner);
	fields_text(&fields, FIELD_KIND, str_of(standing_name(to)));
	fields_time(&fields, FIELD_AT, at_ms);
	fields_text(&fields, FIELD_REASON, why);
	if (version)
		fields_text(&fields, FIELD_AGREEMENT, str_of(arena_printf(arena, "%d", version)));
	event = (struct clock_event){
		CLOCK_STANDING, at_ms, partner, 0, false, str_of(standing_name(to)), STR_NONE, why
	};
	clock_note(clock, &event);
	if (clock_offer(clock, OBJECT_STANDING, STR("lockstep"), key, &fields, err))
		return err->kind;
	return clock_news(clock, &event, NULL, STR_NONE, STR_NONE, STR_NONE, err);
}

/* The changes of one partner by all its promises: the worst of what they say holds. */
static int record_changes(struct clock *clock, const struct partner_standing *recorded, struct turn *turns,
			  size_t count, struct str partner, int64_t now_ms, struct err *err)
{
	enum standing is = recorded ? recorded->standing : STANDING_GOOD;
	int64_t until_ms = recorded ? recorded->at_ms : INT64_MIN;
	unsigned changes = recorded ? recorded->changes : 0;
	enum standing by[16] = { STANDING_GOOD }, now = STANDING_GOOD;
	const struct promise_def *promises[16];
	size_t promise_count = 0;

	for (size_t i = 0; i < count; i++) {
		size_t p = 0;

		while (p < promise_count && promises[p] != turns[i].of->promise)
			p++;
		if (p == 16)
			continue;
		if (p == promise_count)
			promises[promise_count++] = turns[i].of->promise;
		by[p] = turns[i].change.to;
		now = STANDING_GOOD;
		for (size_t k = 0; k < promise_count; k++)
			now = by[k] > now ? by[k] : now;
		if (now == is || turns[i].change.at_ms - turns[i].change.at_ms % 1000 <= until_ms)
			continue;
		if (write_change(clock, partner, now, turns[i].change.at_ms, evidence(clock, &turns[i]),
				 turns[i].of->version->number, &changes, err))
			return err->kind;
		is = now;
	}
	if (now == is)
		return 0;
	/* What was told later makes the past another. */
	return write_change(clock, partner, now, now_ms, STR("by what was told since of what was late"),
			    recorded && count ? turns[count - 1].of->version->number : 0, &changes, err);
}

/* The cases of one partner, and those of one promise after another. */
static size_t judge_partner(struct clock *clock, size_t from, struct turn **turns, size_t *turn_count, int64_t now_ms)
{
	struct arena *arena = clock->desk->arena;
	struct clock_case *cases = clock->cases;
	size_t to = from, capacity = 0;

	*turns = NULL;
	*turn_count = 0;
	while (to < clock->case_count && str_eq(cases[to].partner, cases[from].partner)) {
		size_t first = to;
		struct standing_case *list;
		struct standing_history history;

		while (to < clock->case_count && !by_partner(&cases[to], &cases[first]))
			to++;
		list = ARENA_ARRAY(arena, struct standing_case, to - first);
		for (size_t i = first; i < to; i++)
			list[i - first] = cases[i].what;
		history = standing_judge(cases[first].promise, list, to - first, now_ms, arena);
		for (size_t i = 0; i < history.count; i++) {
			ARENA_PUSH(arena, *turns, *turn_count, capacity);
			(*turns)[(*turn_count)++] = (struct turn){ &cases[first], history.changes[i], i };
		}
	}
	if (*turn_count)
		qsort(*turns, *turn_count, sizeof(**turns), by_time);
	return to;
}

int clock_standings(struct clock *clock, int64_t now_ms, struct err *err)
{
	struct standings recorded;
	struct turn *turns;
	size_t count, from = 0;
	bool *has_cases;

	if (standings_read(&recorded, clock->desk->book, INT64_MAX, INT64_MAX, clock->desk->arena, err))
		return err->kind;
	has_cases = ARENA_ARRAY(clock->desk->arena, bool, recorded.count + 1);
	if (clock->case_count)
		qsort(clock->cases, clock->case_count, sizeof(*clock->cases), by_version);
	while (from < clock->case_count) {
		struct str partner = clock->cases[from].partner;
		const struct partner_standing *was = standings_of(&recorded, partner);

		if (was)
			has_cases[was - recorded.items] = true;
		from = judge_partner(clock, from, &turns, &count, now_ms);
		if (record_changes(clock, was, turns, count, partner, now_ms, err))
			return err->kind;
	}
	/* Of whom nothing counts any more, since it was excused: nothing is held against them either. */
	for (size_t i = 0; i < recorded.count; i++)
		if (!has_cases[i] &&
		    record_changes(clock, &recorded.items[i], NULL, 0, recorded.items[i].partner, now_ms, err))
			return err->kind;
	return 0;
}
