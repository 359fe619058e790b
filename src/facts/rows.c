#include "facts/rows.h"

#include <stdlib.h>
#include <string.h>

#include "facts/plan.h"

uint32_t rows_code(const struct column *column, uint32_t row)
{
	return column->at.any ? column_code(column, row) : 0;
}

uint32_t rows_codes(const struct column *column)
{
	return column->dict->count;
}

struct str rows_name(const struct column *column, uint32_t code)
{
	return column->dict->names[code];
}

/* ---- history ---- */

struct rows_history rows_history(const struct column *column, uint32_t row)
{
	size_t low = 0, high = column->version_count, end;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (column->versions[middle].row < row)
			low = middle + 1;
		else
			high = middle;
	}
	for (end = low; end < column->version_count && column->versions[end].row == row;)
		end++;
	return (struct rows_history){ end > low ? column->versions + low : NULL, end - low };
}

uint32_t rows_history_code(struct rows_history history, uint32_t seconds, uint32_t otherwise)
{
	for (size_t i = history.count; i-- > 0;)
		if (history.versions[i].from <= seconds)
			return history.versions[i].value.code;
	return otherwise;
}

/* ---- keys, people ---- */

struct str *rows_keys(const struct facts *facts, enum fact fact, struct arena *arena)
{
	struct str *keys = ARENA_ARRAY(arena, struct str, (size_t)facts_rows(facts, fact) + 1);
	struct key_walk walk;

	key_walk_init(&walk, facts_known_column(facts, fact, "key")->at.keys);
	for (uint32_t row = 0; row < facts_rows(facts, fact); row++)
		keys[row] = arena_str(arena, key_walk_next(&walk));
	key_walk_release(&walk);
	return keys;
}

struct str *rows_team(const struct facts *facts, struct str team, size_t *count, struct arena *arena)
{
	struct str *names = ARENA_ARRAY(arena, struct str, facts->colleague_count + 1);

	*count = 0;
	for (size_t i = 0; i < facts->colleague_count; i++) {
		struct str name = facts->colleagues[i].name;
		size_t at = *count;

		if (!name.len || (team.len && !str_eq_fold(facts->colleagues[i].team, team)))
			continue;
		while (at && str_cmp(names[at - 1], name) > 0)
			at--;
		if (at && str_eq(names[at - 1], name))
			continue;
		memmove(names + at + 1, names + at, (*count - at) * sizeof(*names));
		names[at] = name;
		(*count)++;
	}
	return names;
}

/* ---- by reference ---- */

static bool is_known(const struct column *times, uint32_t row)
{
	uint32_t t = times->at.any ? column_code(times, row) : TIME_NOT_REACHED;

	return t != TIME_NOT_REACHED && t != TIME_UNKNOWN;
}

static bool comes_before(const struct column *times, const struct column *names, uint32_t a, uint32_t b)
{
	uint32_t x = column_code(times, a), y = column_code(times, b);
	uint32_t left, right;

	if (x != y || !names || !names->at.any)
		return x < y;
	left = column_code(names, a);
	right = column_code(names, b);
	return left != right && str_cmp(names->dict->names[left], names->dict->names[right]) < 0;
}

/* Few, and mostly in order already. */
static void sort_few(const struct column *times, const struct column *names, uint32_t *rows, uint32_t count)
{
	for (uint32_t i = 1; i < count; i++) {
		uint32_t row = rows[i], at = i;

		for (; at && comes_before(times, names, row, rows[at - 1]); at--)
			rows[at] = rows[at - 1];
		rows[at] = row;
	}
}

/* Merges; what is equal stays in order. `space` has room for half of them. */
static void sort_rows(const struct column *times, const struct column *names, uint32_t *rows, uint32_t count,
		      uint32_t *space)
{
	uint32_t half = count / 2, left = 0, right = half, at = 0;

	if (count <= 16) {
		sort_few(times, names, rows, count);
		return;
	}
	sort_rows(times, names, rows, half, space);
	sort_rows(times, names, rows + half, count - half, space);
	memcpy(space, rows, half * sizeof(*rows));
	while (left < half)
		rows[at++] = right < count && comes_before(times, names, rows[right], space[left]) ? rows[right++]
												   : space[left++];
}

static void sort_all(struct rows_by *by, const struct column *times, const struct column *names, uint32_t targets)
{
	uint32_t most = 0;
	uint32_t *space;

	for (uint32_t t = 0; t < targets; t++)
		if (by->starts[t + 1] - by->starts[t] > most)
			most = by->starts[t + 1] - by->starts[t];
	space = must_alloc((most / 2 + 1) * sizeof(*space));
	for (uint32_t t = 0; t < targets; t++)
		sort_rows(times, names, by->rows + by->starts[t], by->starts[t + 1] - by->starts[t], space);
	free(space);
}

static bool is_wanted(const uint64_t *wanted, uint32_t target)
{
	return target != REF_NONE && (!wanted || wanted[target / 64] >> target % 64 & 1);
}

void rows_by_init_some(struct rows_by *by, const struct facts *facts, enum fact fact, const char *ref, const char *time,
		       const char *name, const uint64_t *wanted)
{
	const struct column *refs = facts_known_column(facts, fact, ref);
	const struct column *times = facts_known_column(facts, fact, time);
	const struct column *names = name ? facts_known_column(facts, fact, name) : NULL;
	uint32_t rows = refs->at.any ? facts_rows(facts, fact) : 0, targets = facts_rows(facts, refs->def.target);

	/* Two places further, so that filling moves each start to where it belongs. */
	by->starts = must_calloc((size_t)targets + 2, sizeof(*by->starts));
	for (uint32_t row = 0; row < rows; row++)
		if (is_wanted(wanted, column_ref(refs, row)) && is_known(times, row))
			by->starts[column_ref(refs, row) + 2]++;
	for (uint32_t t = 2; t < targets + 2; t++)
		by->starts[t] += by->starts[t - 1];
	by->rows = must_alloc(((size_t)by->starts[targets + 1] + 1) * sizeof(*by->rows));
	for (uint32_t row = 0; row < rows; row++)
		if (is_wanted(wanted, column_ref(refs, row)) && is_known(times, row))
			by->rows[by->starts[column_ref(refs, row) + 1]++] = row;
	sort_all(by, times, names, targets);
}

void rows_by_init(struct rows_by *by, const struct facts *facts, enum fact fact, const char *ref, const char *time,
		  const char *name)
{
	rows_by_init_some(by, facts, fact, ref, time, name, NULL);
}

void rows_by_release(struct rows_by *by)
{
	free(by->starts);
	free(by->rows);
}

/* ---- marking ---- */

static void mark(struct worker *worker, const struct node *condition, uint32_t rows, uint64_t *words, size_t stride,
		 unsigned bit)
{
	uint64_t mask = UINT64_C(1) << bit % 64;

	words += bit / 64;
	for (uint32_t at = 0; at < rows; at += BATCH_ROWS) {
		const uint8_t *bits;

		worker_range(worker, at, rows - at > BATCH_ROWS ? BATCH_ROWS : rows - at);
		bits = condition ? eval(worker, condition).at.bits : NULL;
		for (uint32_t i = 0; i < worker->count; i++)
			if (!bits || bits[i])
				words[(at + i) * stride] |= mask;
	}
}

int rows_mark(const struct facts *facts, const struct question *question, uint64_t *words, size_t stride, unsigned bit,
	      struct err *err)
{
	struct node *condition, *time;
	struct worker worker;
	struct err own = ERR_INIT; /* see measure_ask */
	struct arena arena;
	struct plan plan;
	int failed;

	arena_init(&arena);
	failed = plan_init(&plan, facts, question, &arena, &own);
	if (!failed)
		failed = plan_rows(&plan, plan.of, &condition, &time);
	if (!failed) {
		worker_init_few(&worker, &plan, facts_rows(facts, plan.of));
		mark(&worker, condition, facts_rows(facts, plan.of), words, stride, bit);
		worker_release(&worker);
	}
	plan_release(&plan);
	arena_release(&arena);
	if (failed)
		*err = own;
	return failed;
}

/* ---- one by one ---- */

struct rows_condition {
	struct arena arena;
	struct plan plan;
	struct worker worker;
	struct node *condition; /* NULL: it holds of all */
	bool working;
};

int rows_condition_open(struct rows_condition **out, const struct facts *facts, const struct question *question,
			struct err *err)
{
	struct rows_condition *c = must_calloc(1, sizeof(*c));
	struct err own = ERR_INIT; /* see measure_ask */
	struct node *time;
	int failed;

	arena_init(&c->arena);
	failed = plan_init(&c->plan, facts, question, &c->arena, &own);
	if (!failed)
		failed = plan_rows(&c->plan, c->plan.of, &c->condition, &time);
	if (failed) {
		rows_condition_close(c);
		*err = own;
		return failed;
	}
	worker_init_few(&c->worker, &c->plan, 1);
	c->working = true;
	c->plan.err = NULL;
	*out = c;
	return 0;
}

bool rows_condition_holds(struct rows_condition *c, uint32_t row)
{
	worker_choose(&c->worker, &row, 1);
	return !c->condition || eval(&c->worker, c->condition).at.bits[0];
}

void rows_condition_close(struct rows_condition *c)
{
	if (!c)
		return;
	if (c->working)
		worker_release(&c->worker);
	plan_release(&c->plan);
	arena_release(&c->arena);
	free(c);
}
