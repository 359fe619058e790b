/* The executor over columns: one pass over a fact's rows, chunk by chunk, batch by batch. What it leaves behind (groups and tallies)
 * adds up with what another worker leaves behind of other chunks. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "facts/plan.h"

/* Codes for values that have none: numbers, durations, periods. Open addressing. Code 0 is empty. */
struct interner {
	uint64_t *bits; /* by code */
	uint32_t count, capacity;
	uint32_t *slots; /* code, 0 = free */
	uint32_t slot_count;
};

struct dimension_labels {
	struct interner interner;
};

/* Groups by the tuple of their codes. */
struct grouper {
	size_t dimensions;
	uint32_t *keys;
	uint32_t count, capacity;
	uint32_t *slots; /* group + 1 */
	uint32_t slot_count;
	uint32_t *direct; /* one dimension: group + 1 by code */
	uint32_t direct_count;
};

static uint64_t mixed(uint64_t h)
{
	h ^= h >> 32;
	h *= 0xd6e8feb86659fd93u;
	h ^= h >> 32;
	h *= 0xd6e8feb86659fd93u;
	return h ^ h >> 32;
}

static void interner_grow(struct interner *in)
{
	uint32_t slots = in->slot_count ? in->slot_count * 2 : 64;

	free(in->slots);
	in->slots = must_calloc(slots, sizeof(*in->slots));
	in->slot_count = slots;
	for (uint32_t code = 1; code < in->count; code++) {
		uint32_t at = (uint32_t)mixed(in->bits[code]) & (slots - 1);

		while (in->slots[at])
			at = (at + 1) & (slots - 1);
		in->slots[at] = code;
	}
}

static uint32_t intern(struct interner *in, double value)
{
	uint64_t bits;
	uint32_t at;

	if (!isfinite(value))
		return 0;
	value += 0.0; /* −0 is 0 */
	memcpy(&bits, &value, sizeof(bits));
	if (!in->count)
		in->count = 1;
	if (in->count * 2 >= in->slot_count)
		interner_grow(in);
	at = (uint32_t)mixed(bits) & (in->slot_count - 1);
	for (; in->slots[at]; at = (at + 1) & (in->slot_count - 1)) {
		if (in->bits[in->slots[at]] == bits)
			return in->slots[at];
	}
	if (in->count >= in->capacity) {
		in->capacity = in->capacity ? in->capacity * 2 : 64;
		in->bits = must_realloc(in->bits, in->capacity * sizeof(*in->bits));
	}
	in->bits[in->count] = bits;
	in->slots[at] = in->count;
	return in->count++;
}

static double interned(const struct interner *in, uint32_t code)
{
	double value;

	memcpy(&value, &in->bits[code], sizeof(value));
	return value;
}

static uint32_t new_group(struct grouper *g, const uint32_t *key)
{
	if (g->count == g->capacity) {
		g->capacity = g->capacity ? g->capacity * 2 : 64;
		g->keys = must_realloc(g->keys, g->capacity * (g->dimensions ? g->dimensions : 1) * sizeof(*g->keys));
	}
	if (g->dimensions)
		memcpy(g->keys + g->count * g->dimensions, key, g->dimensions * sizeof(*key));
	return g->count++;
}

static uint32_t key_hash(const struct grouper *g, const uint32_t *key)
{
	uint64_t h = 0;

	for (size_t d = 0; d < g->dimensions; d++)
		h = mixed(h * 31 + key[d] + 1);
	return (uint32_t)h;
}

static void grouper_grow(struct grouper *g)
{
	uint32_t slots = g->slot_count ? g->slot_count * 2 : 256;

	free(g->slots);
	g->slots = must_calloc(slots, sizeof(*g->slots));
	g->slot_count = slots;
	for (uint32_t group = 0; group < g->count; group++) {
		uint32_t at = key_hash(g, g->keys + group * g->dimensions) & (slots - 1);

		while (g->slots[at])
			at = (at + 1) & (slots - 1);
		g->slots[at] = group + 1;
	}
}

static uint32_t group_of_code(struct grouper *g, uint32_t code)
{
	if (code >= g->direct_count) {
		uint32_t count = code + 1 > g->direct_count * 2 ? code + 1 : g->direct_count * 2;

		g->direct = must_realloc(g->direct, count * sizeof(*g->direct));
		memset(g->direct + g->direct_count, 0, (count - g->direct_count) * sizeof(*g->direct));
		g->direct_count = count;
	}
	if (!g->direct[code])
		g->direct[code] = new_group(g, &code) + 1;
	return g->direct[code] - 1;
}

static uint32_t group_of(struct grouper *g, const uint32_t *key)
{
	uint32_t at;

	if (g->dimensions == 0)
		return 0;
	if (g->dimensions == 1)
		return group_of_code(g, *key);
	if (g->count * 2 >= g->slot_count)
		grouper_grow(g);
	at = key_hash(g, key) & (g->slot_count - 1);
	for (; g->slots[at]; at = (at + 1) & (g->slot_count - 1)) {
		if (!memcmp(g->keys + (g->slots[at] - 1) * g->dimensions, key, g->dimensions * sizeof(*key)))
			return g->slots[at] - 1;
	}
	g->slots[at] = new_group(g, key) + 1;
	return g->slots[at] - 1;
}

/* ---- one batch ---- */

/* What the mask of a batch says of a row. ROW_UNDATED: it would count, but nobody knows whether in the period. */
enum { ROW_OUT = 0, ROW_IN = 1, ROW_UNDATED = 2 };

struct run {
	struct worker worker;
	struct plan *plan;
	unsigned pass;
	struct grouper grouper;
	struct dimension_labels *labels;
	struct tally *tallies;
	uint32_t capacity; /* groups the tallies have room for */
	uint32_t *groups;  /* of the batch */
	uint32_t **codes;  /* [dimension][row of the batch] */
	uint8_t *mask, *kept;
	uint32_t **share_counts; /* by aggregate: rows with that key */
};

static void dimension_codes(struct run *run, size_t d)
{
	const struct node *node = run->plan->passes[run->pass].dimensions[d];
	struct vec vec = eval(&run->worker, node);
	uint32_t *out = run->codes[d];

	for (uint32_t i = 0; i < run->worker.count; i++) {
		if (!run->mask[i])
			continue;
		switch (node->type) {
		case TYPE_NAME: out[i] = vec.at.codes[i]; break;
		case TYPE_REF: out[i] = vec.at.codes[i] + 1; break; /* REF_NONE → 0 */
		case TYPE_FLAG: out[i] = vec.at.bits[i]; break;
		case TYPE_CONDITION: out[i] = vec.at.bits[i] ? FLAG_YES : FLAG_NO; break;
		default: out[i] = intern(&run->labels[d].interner, vec.at.numbers[i]);
		}
	}
}

static void grow_tallies(struct run *run)
{
	uint32_t capacity = run->capacity ? run->capacity : 16;

	while (capacity < run->grouper.count)
		capacity *= 2;
	if (capacity == run->capacity)
		return;
	for (size_t a = 0; a < run->plan->aggregate_count; a++) {
		struct tally *tally = &run->tallies[a];

		if (run->plan->aggregates[a].pass != run->pass)
			continue;
		tally->groups = must_realloc(tally->groups, capacity * sizeof(*tally->groups));
		for (uint32_t g = run->capacity; g < capacity; g++)
			tally->groups[g] = (struct accumulator){ .min = INFINITY, .max = -INFINITY };
	}
	run->capacity = capacity;
}

static void batch_groups(struct run *run)
{
	size_t dimensions = run->plan->dimension_count;
	uint32_t key[16] = { 0 };

	for (size_t d = 0; d < dimensions; d++)
		dimension_codes(run, d);
	for (uint32_t i = 0; i < run->worker.count; i++) {
		if (!run->mask[i])
			continue;
		for (size_t d = 0; d < dimensions; d++)
			key[d] = run->codes[d][i];
		run->groups[i] = group_of(&run->grouper, key);
	}
	grow_tallies(run);
}

static void add_pair(struct tally *tally, uint32_t group, double value)
{
	if (tally->pair_count == tally->pair_capacity) {
		tally->pair_capacity = tally->pair_capacity ? tally->pair_capacity * 2 : 1024;
		tally->pairs = must_realloc(tally->pairs, tally->pair_capacity * sizeof(struct pair));
	}
	tally->pairs[tally->pair_count++] = (struct pair){ group, value };
}

static void add_value(const struct aggregate *aggregate, struct tally *tally, uint32_t group, double value)
{
	struct accumulator *acc = &tally->groups[group];

	acc->n++;
	switch (aggregate->kind) {
	case AGGREGATE_MIN:
	case AGGREGATE_MAX:
		if (value < acc->min)
			acc->min = value;
		if (value > acc->max)
			acc->max = value;
		break;
	case AGGREGATE_PERCENTILE:
	case AGGREGATE_DISTINCT: add_pair(tally, group, value); break;
	default: acc->sum += value;
	}
}

/* The accumulator that takes the row's value; NULL when the row is undated, which is noted. */
static struct accumulator *take_row(const struct run *run, struct tally *tally, uint32_t i, uint8_t kept)
{
	struct accumulator *acc = &tally->groups[run->groups[i]];

	if (kept == ROW_UNDATED) {
		acc->unknown++;
		return NULL;
	}
	acc->rows++;
	return acc;
}

static void tally_money(struct run *run, const struct aggregate *aggregate, struct tally *tally, struct vec vec,
			const uint8_t *kept, const double *share)
{
	for (uint32_t i = 0; i < run->worker.count; i++) {
		int64_t minor = vec.at.moneys[i];
		struct accumulator *acc;

		if (!kept[i])
			continue;
		acc = take_row(run, tally, i, kept[i]);
		if (!acc)
			continue;
		if (minor == MONEY_NONE || (share && !(share[i] > 0)))
			continue;
		tally->currencies[vec.currency[i]] = 1;
		double number = money_too_large(minor) ? copysign(INFINITY, (double)minor) : (double)minor;
		tally->overflow |= isinf(number);
		if (!share)
			tally->overflow |= __builtin_add_overflow(acc->minor, minor, &acc->minor);
		add_value(aggregate, tally, run->groups[i], share ? number / share[i] : number);
	}
}

static void tally_numbers(struct run *run, const struct aggregate *aggregate, struct tally *tally, struct vec vec,
			  const uint8_t *kept, const double *share)
{
	bool duration = aggregate->value->type == TYPE_DURATION;

	for (uint32_t i = 0; i < run->worker.count; i++) {
		double value = vec.at.numbers[i];
		struct accumulator *acc;

		if (!kept[i])
			continue;
		acc = take_row(run, tally, i, kept[i]);
		if (!acc)
			continue;
		if (duration && isinf(value))
			acc->unknown++;
		if (!isfinite(value) || (share && !(share[i] > 0)))
			continue;
		if (duration && value < 0)
			acc->negative++;
		add_value(aggregate, tally, run->groups[i], share ? value / share[i] : value);
	}
}

/* Times (first, last, distinct) and names (distinct). */
static void tally_codes(struct run *run, const struct aggregate *aggregate, struct tally *tally, struct vec vec,
			const uint8_t *kept)
{
	enum value_type type = aggregate->value->type;

	for (uint32_t i = 0; i < run->worker.count; i++) {
		struct accumulator *acc;
		uint32_t code;

		if (!kept[i])
			continue;
		acc = take_row(run, tally, i, kept[i]);
		if (!acc)
			continue;
		code = type == TYPE_FLAG || type == TYPE_CONDITION ? vec.at.bits[i] : vec.at.codes[i];
		if (type == TYPE_TIME && code == TIME_UNKNOWN) {
			acc->unknown++;
			continue;
		}
		if (type == TYPE_REF ? code == REF_NONE : code == 0)
			continue;
		add_value(aggregate, tally, run->groups[i], code);
	}
}

static const uint8_t *kept_rows(struct run *run, const struct aggregate *aggregate)
{
	const uint8_t *bits;

	if (!aggregate->condition)
		return run->mask;
	bits = eval(&run->worker, aggregate->condition).at.bits;
	for (uint32_t i = 0; i < run->worker.count; i++)
		run->kept[i] = bits[i] ? run->mask[i] : ROW_OUT;
	return run->kept;
}

static const double *shares(struct run *run, size_t a, double *out)
{
	const struct aggregate *aggregate = &run->plan->aggregates[a];
	const uint32_t *keys;

	if (!aggregate->share_key)
		return NULL;
	keys = eval(&run->worker, aggregate->share_key).at.codes;
	for (uint32_t i = 0; i < run->worker.count; i++) {
		/* The empty key is no key: nothing to share among. */
		bool none = aggregate->share_key->type == TYPE_REF ? keys[i] == REF_NONE : keys[i] == 0;

		out[i] = none ? 0 : run->share_counts[a][keys[i]];
	}
	return out;
}

static void batch_aggregate(struct run *run, size_t a)
{
	const struct aggregate *aggregate = &run->plan->aggregates[a];
	struct tally *tally = &run->tallies[a];
	const uint8_t *kept = kept_rows(run, aggregate);
	double share_space[BATCH_ROWS];
	const double *share;
	struct vec vec;

	if (!aggregate->value) {
		for (uint32_t i = 0; i < run->worker.count; i++) {
			struct accumulator *acc = kept[i] ? take_row(run, tally, i, kept[i]) : NULL;

			if (acc)
				acc->n++;
		}
		return;
	}
	share = shares(run, a, share_space);
	vec = eval(&run->worker, aggregate->value);
	switch (aggregate->value->type) {
	case TYPE_MONEY: tally_money(run, aggregate, tally, vec, kept, share); break;
	case TYPE_NUMBER:
	case TYPE_PERIOD:
	case TYPE_DURATION: tally_numbers(run, aggregate, tally, vec, kept, share); break;
	default: tally_codes(run, aggregate, tally, vec, kept);
	}
}

/* Rows outside the period go; those that nobody can place are marked. */
static void mask_period(struct run *run)
{
	const uint32_t *times = eval(&run->worker, run->plan->passes[run->pass].time).at.codes;
	uint32_t start = run->plan->period_start, end = run->plan->period_end;

	for (uint32_t i = 0; i < run->worker.count; i++) {
		if (!run->mask[i])
			continue;
		if (times[i] == TIME_UNKNOWN)
			run->mask[i] = ROW_UNDATED;
		else if (times[i] < start || times[i] >= end)
			run->mask[i] = ROW_OUT;
	}
}

static void batch_mask(struct run *run)
{
	const struct node *condition = run->plan->passes[run->pass].condition;

	if (condition)
		memcpy(run->mask, eval(&run->worker, condition).at.bits, run->worker.count);
	else
		memset(run->mask, ROW_IN, run->worker.count);
	if (run->plan->passes[run->pass].time)
		mask_period(run);
}

/* Calls `each` for every batch of every chunk. */
static void walk(struct run *run, void (*each)(struct run *run))
{
	uint32_t rows = facts_rows(run->plan->facts, run->plan->passes[run->pass].fact);

	for (uint32_t chunk = 0; chunk < rows; chunk += FACT_CHUNK) {
		uint32_t chunk_end = rows - chunk > FACT_CHUNK ? chunk + FACT_CHUNK : rows;

		for (uint32_t at = chunk; at < chunk_end; at += BATCH_ROWS) {
			run->worker.start = at;
			run->worker.count = chunk_end - at > BATCH_ROWS ? BATCH_ROWS : chunk_end - at;
			batch_mask(run);
			each(run);
		}
	}
}

static void each_share(struct run *run)
{
	for (size_t a = 0; a < run->plan->aggregate_count; a++) {
		const struct aggregate *aggregate = &run->plan->aggregates[a];
		const uint8_t *kept;
		const uint32_t *keys;

		if (!aggregate->share_key || aggregate->pass != run->pass)
			continue;
		kept = kept_rows(run, aggregate);
		keys = eval(&run->worker, aggregate->share_key).at.codes;
		for (uint32_t i = 0; i < run->worker.count; i++) {
			if (kept[i] == ROW_IN && keys[i] != REF_NONE)
				run->share_counts[a][keys[i]]++;
		}
	}
}

static void each_batch(struct run *run)
{
	batch_groups(run);
	for (size_t a = 0; a < run->plan->aggregate_count; a++) {
		if (run->plan->aggregates[a].pass == run->pass)
			batch_aggregate(run, a);
	}
}

/* How many keys there can be: rows behind a reference, names of a dictionary. */
static size_t key_space(const struct plan *plan, const struct node *key)
{
	if (key->type == TYPE_REF)
		return (size_t)facts_rows(plan->facts, key->column->def.target) + 1;
	return key->column->dict->count;
}

static void count_shares(struct run *run)
{
	bool any = false;

	run->share_counts = ARENA_ARRAY(&run->worker.arena, uint32_t *, run->plan->aggregate_count);
	for (size_t a = 0; a < run->plan->aggregate_count; a++) {
		const struct node *key = run->plan->aggregates[a].share_key;

		if (!key || run->plan->aggregates[a].pass != run->pass)
			continue;
		run->share_counts[a] = ARENA_ARRAY(&run->worker.arena, uint32_t, key_space(run->plan, key));
		any = true;
	}
	if (any)
		walk(run, each_share);
}

int pass_run(struct plan *plan, unsigned pass, struct pass_result *result)
{
	struct run run = { .plan = plan, .pass = pass };
	struct arena *arena = &run.worker.arena;

	worker_init(&run.worker, plan);
	run.grouper.dimensions = plan->dimension_count;
	run.labels = must_calloc(plan->dimension_count + 1, sizeof(*run.labels));
	run.tallies = must_calloc(plan->aggregate_count, sizeof(*run.tallies));
	run.groups = ARENA_ARRAY(arena, uint32_t, BATCH_ROWS);
	run.mask = ARENA_ARRAY(arena, uint8_t, BATCH_ROWS);
	run.kept = ARENA_ARRAY(arena, uint8_t, BATCH_ROWS);
	run.codes = ARENA_ARRAY(arena, uint32_t *, plan->dimension_count + 1);
	for (size_t d = 0; d < plan->dimension_count; d++)
		run.codes[d] = ARENA_ARRAY(arena, uint32_t, BATCH_ROWS);
	if (!plan->dimension_count)
		new_group(&run.grouper, NULL); /* no dimension: one group, also of no rows */
	grow_tallies(&run);
	count_shares(&run);
	walk(&run, each_batch);
	*result = (struct pass_result){
		.group_count = run.grouper.count, .keys = run.grouper.keys, .tallies = run.tallies, .labels = run.labels
	};
	free(run.grouper.slots);
	free(run.grouper.direct);
	worker_release(&run.worker);
	return 0;
}

void pass_result_release(const struct plan *plan, struct pass_result *result)
{
	for (size_t a = 0; result->tallies && a < plan->aggregate_count; a++) {
		free(result->tallies[a].groups);
		free(result->tallies[a].pairs);
	}
	for (size_t d = 0; result->labels && d < plan->dimension_count; d++) {
		free(result->labels[d].interner.bits);
		free(result->labels[d].interner.slots);
	}
	free(result->tallies);
	free(result->labels);
	free(result->keys);
}

/* ---- labels ---- */

static struct label name_label(const struct plan *plan, const struct node *node, uint32_t code)
{
	struct label label = { .text = node->column->dict->names[code] };
	const struct stage_def *stage = facts_stage(plan->facts, label.text);
	const char *name = node->column->def.name;

	if (!strcmp(name, "stage") || !strcmp(name, "next_stage")) {
		label.ordered = true;
		label.order = stage && stage->position ? stage->position : 1e6 + code;
	}
	return label;
}

static struct label number_label(const struct plan *plan, const struct node *node, double value)
{
	struct label label = { .ordered = true, .order = value };

	if (node->type == TYPE_PERIOD)
		label.text = period_label(plan->facts, node->period, value, plan->arena);
	else if (node->type == TYPE_DURATION)
		label.text = number_text(value / unit_seconds[node->unit], plan->arena);
	else
		label.text = number_text(value, plan->arena);
	return label;
}

struct label pass_label(const struct plan *plan, const struct pass_result *result, unsigned pass, size_t dimension,
			uint32_t code)
{
	const struct node *node = plan->passes[pass].dimensions[dimension];

	if (code == 0)
		return (struct label){ .empty = true, .order = INFINITY };
	switch (node->type) {
	case TYPE_NAME: return name_label(plan, node, code);
	case TYPE_REF:
		return (struct label){ .text = facts_label(plan->facts, node->column->def.target, code - 1,
							   plan->arena) };
	case TYPE_FLAG:
	case TYPE_CONDITION: return (struct label){ .text = code == FLAG_YES ? STR("yes") : STR("no") };
	default: return number_label(plan, node, interned(&result->labels[dimension].interner, code));
	}
}
