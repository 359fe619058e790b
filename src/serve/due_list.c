#include "serve/due_list.h"

#include <stdlib.h>

#include "facts/cells.h"
#include "facts/rows.h"

struct columns {
	const struct column *promise, *lead, *state, *owner, *partner, *due, *owed, *episode;
};

static int by_due(const void *a, const void *b)
{
	const struct due_promise *x = a, *y = b;

	if (x->due_ms != y->due_ms)
		return x->due_ms < y->due_ms ? -1 : 1;
	if (!str_eq(x->lead, y->lead))
		return str_cmp(x->lead, y->lead);
	return str_cmp(x->promise, y->promise);
}

static bool is_theirs(const struct columns *c, uint32_t row, const struct account *who)
{
	if (who->roles >> ROLE_PARTNER & 1)
		return who->partner.len && str_eq(cell_name(c->partner, row), who->partner);
	return str_eq(cell_name(c->owner, row), who->name);
}

/* Does it count, and is it overdue? */
static bool is_open(const struct columns *c, uint32_t row, bool *overdue)
{
	struct str state = cell_name(c->state, row);
	int64_t due_ms = cell_time_ms(c->due, row);

	*overdue = str_is(state, "broken") && cell_yes(c->owed, row);
	return due_ms != CELL_NEVER && due_ms != CELL_UNKNOWN &&
	       (*overdue || str_is(state, "running") || str_is(state, "at risk"));
}

struct due_promise *due_list(const struct facts *facts, const struct account *who, size_t most, size_t *count,
			     size_t *total, struct arena *arena)
{
	struct columns c = { cells_of(facts, FACT_PROMISES, "promise"), cells_of(facts, FACT_PROMISES, "lead"),
			     cells_of(facts, FACT_PROMISES, "state"),   cells_of(facts, FACT_PROMISES, "owner"),
			     cells_of(facts, FACT_PROMISES, "partner"), cells_of(facts, FACT_PROMISES, "due"),
			     cells_of(facts, FACT_PROMISES, "owed"),    cells_of(facts, FACT_PROMISES, "episode") };
	uint32_t rows = facts_rows(facts, FACT_PROMISES);
	struct due_promise *out = NULL;
	size_t capacity = 0;

	*total = 0;
	for (uint32_t row = 0; row < rows; row++) {
		struct due_promise due = { .due_ms = 0 };
		uint32_t lead;

		if (!is_open(&c, row, &due.overdue) || !is_theirs(&c, row, who))
			continue;
		lead = cell_ref(c.lead, row);
		due.promise = cell_name(c.promise, row);
		due.due_ms = cell_time_ms(c.due, row);
		due.episode = (unsigned)cells_number(c.episode, row);
		if (lead != REF_NONE) {
			due.lead = cells_key(facts, FACT_LEADS, lead, arena);
			due.source = cells_source(facts, FACT_LEADS, lead);
			due.company = cell_name(cells_of(facts, FACT_LEADS, "account"), lead);
		}
		ARENA_PUSH(arena, out, *total, capacity);
		out[(*total)++] = due;
	}
	if (*total)
		qsort(out, *total, sizeof(*out), by_due);
	*count = *total < most ? *total : most;
	return out;
}
