/* What is known of each group, from one batch of rows after another.
 *
 * Counts come from a histogram: the conditions of all aggregates make a number of a few bits for each row, and one table counts, by
 * group, how often each number comes. So a row is counted once, however many aggregates want it. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "facts/kernels.h"

enum { MOST_BITS = 8, COPIES = 8, OTHERS = 8 };

struct counts {
	const struct node *conditions[MOST_BITS];
	unsigned bits, most_bits;
	unsigned
		copies; /* of each cell, for rows in turn: the same cell twice in a row would have to wait for itself */
	uint32_t *cells;   /* [group][bits][copy]; behind them some for the rows that do not count */
	uint32_t capacity; /* groups */
};

/* ---- planning what to count ---- */

/* Few bits where there may be many groups, so that the table stays in the cache. */
static unsigned bits_for(uint64_t groups)
{
	return groups == 0 ? 2 : groups <= 64 ? MOST_BITS : groups <= 1024 ? 5 : groups <= 4096 ? 3 : 2;
}

/* How many groups there can be; 0: nobody knows. */
static uint64_t most_groups(const struct tallier *t)
{
	uint64_t groups = 1;

	for (size_t d = 0; d < t->plan->dimension_count; d++) {
		groups *= codes_of(t->plan, t->plan->passes[t->pass].dimensions[d]);
		if (groups > UINT32_MAX)
			return 0;
	}
	return groups;
}

/* Where one byte tells the group, or there is but one, no table of groups is asked. */
static uint32_t plain_groups(const struct tallier *t)
{
	uint64_t groups = most_groups(t);
	const struct node *node = groups && groups <= 256 && t->plan->dimension_count == 1
					  ? t->plan->passes[t->pass].dimensions[0]
					  : NULL;

	if (!t->plan->dimension_count)
		return 1;
	return node && node->type != TYPE_REF && (node->type != TYPE_NAME || node->column->width == 1)
		       ? (uint32_t)groups
		       : 0;
}

static bool is_counted(const struct tallier *t, const struct node *condition)
{
	for (size_t c = 0; c < t->counts_count; c++) {
		for (unsigned k = 0; k < t->counts[c].bits; k++) {
			if (t->counts[c].conditions[k] == condition)
				return true;
		}
	}
	return false;
}

static struct counts *counts_new(struct tallier *t)
{
	struct counts *counts = &t->counts[t->counts_count++];
	uint64_t groups = t->plain ? t->plain : most_groups(t);

	counts->most_bits = bits_for(groups);
	counts->copies = groups && groups <= 256 ? COPIES : 1;
	return counts;
}

static void plan_counts(struct tallier *t)
{
	struct counts *counts;

	t->counts = ARENA_ARRAY(&t->worker.arena, struct counts, t->plan->aggregate_count + 1);
	counts = counts_new(t);
	for (size_t a = 0; a < t->plan->aggregate_count; a++) {
		const struct aggregate *aggregate = &t->plan->aggregates[a];

		if (aggregate->pass != t->pass)
			continue;
		t->valued |= aggregate->value != NULL;
		if (!aggregate->condition || is_counted(t, aggregate->condition))
			continue;
		if (counts->bits == counts->most_bits)
			counts = counts_new(t);
		counts->conditions[counts->bits++] = aggregate->condition;
	}
}

void tallier_init(struct tallier *t, struct plan *plan, unsigned pass)
{
	struct arena *arena = &t->worker.arena;

	*t = (struct tallier){ .plan = plan, .pass = pass };
	worker_init(&t->worker, plan);
	grouper_init(&t->grouper, plan, pass);
	t->interners = must_calloc(plan->dimension_count + 1, sizeof(*t->interners));
	t->tallies = must_calloc(plan->aggregate_count, sizeof(*t->tallies));
	t->codes = ARENA_ARRAY(arena, uint32_t *, plan->dimension_count + 1); /* the last is the groups' */
	for (size_t d = 0; d <= plan->dimension_count; d++)
		t->codes[d] = ARENA_ARRAY(arena, uint32_t, BATCH_ROWS);
	t->places = ARENA_ARRAY(arena, uint32_t, BATCH_ROWS + 8);
	t->chosen = ARENA_ARRAY(arena, uint32_t, BATCH_ROWS);
	t->undated = ARENA_ARRAY(arena, uint32_t, BATCH_ROWS);
	t->space = ARENA_ARRAY(arena, uint32_t, BATCH_ROWS + 8);
	t->mask = ARENA_ARRAY(arena, uint8_t, BATCH_ROWS);
	t->shares = ARENA_ARRAY(arena, double, BATCH_ROWS);
	t->selection = ARENA_ARRAY(arena, uint8_t, BATCH_ROWS);
	t->plain = plain_groups(t);
	t->by_bits = t->plain || t->grouper.stride[0];
	plan_counts(t);
}

void tallies_release(const struct plan *plan, struct tally *tallies)
{
	for (size_t a = 0; tallies && a < plan->aggregate_count; a++) {
		free(tallies[a].groups);
		free(tallies[a].pairs);
	}
	free(tallies);
}

void tallier_release(struct tallier *t)
{
	for (size_t c = 0; c < t->counts_count; c++)
		free(t->counts[c].cells);
	for (size_t d = 0; t->interners && d < t->plan->dimension_count; d++)
		interner_release(&t->interners[d]);
	free(t->interners);
	free(t->seen);
	tallies_release(t->plan, t->tallies);
	grouper_release(&t->grouper);
	worker_release(&t->worker);
}

/* ---- groups of the rows at hand ---- */

static const uint32_t *number_codes(struct tallier *t, size_t d, const double *numbers)
{
	uint32_t *out = t->codes[d];

	if (!kernel_small_codes(out, numbers, t->worker.count)) {
		for (uint32_t i = 0; i < t->worker.count; i++)
			out[i] = intern(&t->interners[d], numbers[i]);
	}
	return out;
}

static struct vec dimension_codes(struct tallier *t, size_t d)
{
	const struct node *node = t->plan->passes[t->pass].dimensions[d];
	uint32_t *out = t->codes[d];
	struct vec vec;

	if (is_packed(node))
		return eval_packed(&t->worker, node, out);
	vec = eval(&t->worker, node);
	switch (node->type) {
	case TYPE_NAME:
	case TYPE_FLAG: return vec;
	case TYPE_REF:
		for (uint32_t i = 0; i < t->worker.count; i++)
			out[i] = vec.at.codes[i] + 1; /* REF_NONE → 0 */
		return (struct vec){ .at.any = out, .width = 4 };
	case TYPE_CONDITION:
		for (uint32_t i = 0; i < t->worker.count; i++)
			((uint8_t *)out)[i] = vec.at.bits[i] ? FLAG_YES : FLAG_NO;
		return (struct vec){ .at.any = out, .width = 1 };
	default: return (struct vec){ .at.any = number_codes(t, d, vec.at.numbers), .width = 4 };
	}
}

void tally_room(struct tally *tally, uint32_t from, uint32_t count)
{
	tally->groups = must_realloc(tally->groups, count * sizeof(*tally->groups));
	for (uint32_t g = from; g < count; g++)
		tally->groups[g] = (struct accumulator){ .min = INFINITY, .max = -INFINITY };
}

static void make_room(struct tallier *t)
{
	uint32_t capacity = t->capacity ? t->capacity : 16;

	while (capacity < tally_groups(t))
		capacity *= 2;
	for (size_t c = 0; c < t->counts_count; c++) {
		struct counts *counts = &t->counts[c];
		size_t each = (size_t)counts->copies << counts->bits;

		if (counts->capacity >= capacity)
			continue;
		counts->cells = must_realloc(counts->cells,
					     (capacity * each + OTHERS * counts->copies) * sizeof(*counts->cells));
		memset(counts->cells + counts->capacity * each, 0,
		       ((capacity - counts->capacity) * each + OTHERS * counts->copies) * sizeof(*counts->cells));
		counts->capacity = capacity;
	}
	if (capacity == t->capacity)
		return;
	t->seen = must_realloc(t->seen, capacity);
	memset(t->seen + t->capacity, 0, capacity - t->capacity);
	for (size_t a = 0; a < t->plan->aggregate_count; a++) {
		if (t->plan->aggregates[a].pass == t->pass)
			tally_room(&t->tallies[a], t->capacity, capacity);
	}
	t->capacity = capacity;
}

uint32_t tally_groups(const struct tallier *t)
{
	return t->plain ? t->plain : t->grouper.count;
}

static void find_groups(struct tallier *t)
{
	size_t dimensions = t->plan->dimension_count;
	struct vec codes[8];

	for (size_t d = 0; d < dimensions; d++)
		codes[d] = dimension_codes(t, d);
	if (t->plain) {
		t->groups = dimensions ? codes[0] : (struct vec){ .at.any = t->codes[0], .width = 1 };
	} else {
		grouper_rows(&t->grouper, codes, t->worker.count, t->codes[dimensions]);
		t->groups = (struct vec){ .at.any = t->codes[dimensions], .width = 4 };
	}
	make_room(t);
}

/* ---- counting ---- */

/* Eight rows' places, one increment each. They are read as two words and cut up: processors that share a core's loads with another
 * thread have few to give beside the increments' own. */
static inline void count_eight(uint32_t *restrict cells, const char *places, unsigned width, unsigned copies)
{
	uint64_t words[COPIES * sizeof(uint32_t) / sizeof(uint64_t)];
	unsigned each = sizeof(*words) / width, count = COPIES / each;

	memcpy(words, places, (size_t)COPIES * width);
	for (unsigned k = 0; k < each; k++) {
		for (unsigned w = 0; w < count; w++) {
			uint32_t place = width == 2 ? (uint16_t)words[w] : (uint32_t)words[w];

			cells[(size_t)place * copies + (copies > 1 ? w * each + k : 0)]++;
			words[w] >>= 8 * width;
		}
	}
}

/* A row's place in the table: its group and its bits. `width` and `copies` are known where this is called, so that loops are unrolled. */
static inline void count_places(struct tallier *t, uint32_t *cells, const void *places, unsigned width, unsigned copies)
{
	uint32_t count = t->worker.count, i = 0;

	for (; i + 64 <= count; i += 64) {
		worker_fetch(&t->worker, i);
		for (uint32_t k = i; k < i + 64; k += COPIES)
			count_eight(cells, (const char *)places + (size_t)k * width, width, copies);
	}
	for (; i < count; i++)
		cells[(size_t)code_at(places, width, i) * copies]++;
}

static void count_rows(struct tallier *t, struct counts *counts)
{
	uint32_t count = t->worker.count;

	uint32_t other = counts->capacity << counts->bits;
	const uint8_t *mask = t->mask;

	if (counts->bits == 1) {
		mask = eval(&t->worker, counts->conditions[0]).at.bits;
	} else {
		memset(t->mask, 0, count);
		for (unsigned k = 0; k < counts->bits; k++)
			kernel_add_bit(t->mask, eval(&t->worker, counts->conditions[k]).at.bits, count);
	}
	if (t->groups.width == 1) {
		uint16_t *places = (uint16_t *)t->space;

		kernel_byte_cells(places, t->groups.at.any, mask, count, counts->bits);
		if (t->selected)
			kernel_select_halves(places, t->selected, count, (uint16_t)other);
		count_places(t, counts->cells, places, sizeof(*places), COPIES);
	} else {
		kernel_cells(t->space, t->groups.at.any, mask, count, counts->bits);
		if (t->selected)
			kernel_select_words(t->space, t->selected, count, other);
		if (counts->copies > 1)
			count_places(t, counts->cells, t->space, sizeof(*t->space), COPIES);
		else
			count_places(t, counts->cells, t->space, sizeof(*t->space), 1);
	}
}

/* ---- values ---- */

static inline uint32_t group_at(const struct tallier *t, uint32_t i)
{
	return vec_name(&t->groups, i);
}

static void add_pair(struct tally *tally, uint32_t group, double value)
{
	if (tally->pair_count == tally->pair_capacity) {
		tally->pair_capacity = tally->pair_capacity ? tally->pair_capacity * 2 : 1024;
		tally->pairs = must_realloc(tally->pairs, tally->pair_capacity * sizeof(struct pair));
	}
	tally->pairs[tally->pair_count++] = (struct pair){ group, value };
}

static void add_value(enum aggregate_kind kind, struct tally *tally, uint32_t group, double value)
{
	struct accumulator *acc = &tally->groups[group];

	acc->n++;
	switch (kind) {
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

/* The rows of the batch whose values are wanted. */
struct wanted {
	const uint32_t *places;
	uint32_t count;
	const double *shares; /* by place among the wanted: what the value is divided by; 0: nothing to share among */
};

static void tally_money(struct tallier *t, const struct aggregate *aggregate, struct tally *tally, struct wanted wanted)
{
	struct vec vec = eval(&t->worker, aggregate->value);

	for (uint32_t k = 0; k < wanted.count; k++) {
		uint32_t i = wanted.places[k];
		int64_t minor = vec_money(&vec, i);
		struct accumulator *acc = &tally->groups[group_at(t, i)];
		double number = money_too_large(minor) ? copysign(INFINITY, (double)minor) : (double)minor;

		if (minor == MONEY_NONE || (wanted.shares && !(wanted.shares[k] > 0)))
			continue;
		tally->overflow |= isinf(number);
		if (!wanted.shares)
			tally->overflow |= __builtin_add_overflow(acc->minor, minor, &acc->minor);
		add_value(aggregate->kind, tally, group_at(t, i), wanted.shares ? number / wanted.shares[k] : number);
	}
}

static void tally_numbers(struct tallier *t, const struct aggregate *aggregate, struct tally *tally,
			  struct wanted wanted)
{
	const double *values = eval(&t->worker, aggregate->value).at.numbers;
	bool duration = aggregate->value->type == TYPE_DURATION;

	for (uint32_t k = 0; k < wanted.count; k++) {
		uint32_t i = wanted.places[k];
		double value = values[i];
		struct accumulator *acc = &tally->groups[group_at(t, i)];

		if (!isfinite(value)) {
			acc->unknown += duration && isinf(value);
			continue;
		}
		if (wanted.shares && !(wanted.shares[k] > 0))
			continue;
		acc->negative += duration && value < 0;
		add_value(aggregate->kind, tally, group_at(t, i), wanted.shares ? value / wanted.shares[k] : value);
	}
}

/* Times (first, last, distinct) and names (distinct). */
static void tally_codes(struct tallier *t, const struct aggregate *aggregate, struct tally *tally, struct wanted wanted)
{
	enum value_type type = aggregate->value->type;
	struct vec vec = eval(&t->worker, aggregate->value);
	bool bytes = type == TYPE_FLAG || type == TYPE_CONDITION;

	for (uint32_t k = 0; k < wanted.count; k++) {
		uint32_t i = wanted.places[k], code = bytes ? vec.at.bits[i] : vec_name(&vec, i);

		if (type == TYPE_TIME && code == TIME_UNKNOWN)
			tally->groups[group_at(t, i)].unknown++;
		else if (type == TYPE_REF ? code != REF_NONE : code != 0)
			add_value(aggregate->kind, tally, group_at(t, i), code);
	}
}

/* Where the value is there; NULL: not known, look at each. */
static const uint8_t *value_bits(struct tallier *t, const struct aggregate *aggregate)
{
	struct vec vec;

	/* What is shared is shared among the rows without a value too. */
	if (!aggregate->value || aggregate->share_key)
		return NULL;
	switch (aggregate->value->type) {
	case TYPE_MONEY:
		vec = eval(&t->worker, aggregate->value);
		kernel_money_filled(t->mask, vec.at.any, vec.width, t->worker.count);
		return t->mask;
	case TYPE_NUMBER:
	case TYPE_DURATION:
	case TYPE_PERIOD:
		/* Durations that nobody knows are counted: they stay. */
		vec = eval(&t->worker, aggregate->value);
		return kernel_finite(t->mask, vec.at.numbers, t->worker.count) ? NULL : t->mask;
	default: return NULL;
	}
}

static struct wanted wanted_rows(struct tallier *t, const struct aggregate *aggregate)
{
	const uint8_t *condition = aggregate->condition ? eval(&t->worker, aggregate->condition).at.bits : NULL;
	/* the first may stand where all of them are put together */
	const uint8_t *each[] = { value_bits(t, aggregate), condition, t->selected }, *bits = NULL;
	uint32_t count = t->worker.count;

	for (size_t i = 0; i < 3; i++) {
		if (each[i] && bits)
			kernel_and(t->mask, bits, each[i], count);
		bits = each[i] && bits ? t->mask : each[i] ? each[i] : bits;
	}
	if (bits)
		return (struct wanted){ t->places, kernel_positions(t->places, bits, count), NULL };
	for (uint32_t i = 0; i < count; i++)
		t->places[i] = i;
	return (struct wanted){ t->places, count, NULL };
}

/* All rows of one key are in this batch, next to each other. */
static void share_runs(struct tallier *t, const struct vec *keys, struct wanted wanted)
{
	uint32_t end;

	for (uint32_t k = 0; k < wanted.count; k = end) {
		uint32_t key = vec_name(keys, wanted.places[k]);

		for (end = k + 1; end < wanted.count && vec_name(keys, wanted.places[end]) == key;)
			end++;
		for (uint32_t i = k; i < end; i++)
			t->shares[i] = key == REF_NONE ? 0 : end - k;
	}
}

static void add_shares(struct tallier *t, size_t a, struct wanted *wanted)
{
	const struct node *key = t->plan->aggregates[a].share_key;
	const uint32_t *counts = t->share_counts ? t->share_counts[a] : NULL;
	struct vec keys;

	if (!key)
		return;
	keys = eval(&t->worker, key);
	wanted->shares = t->shares;
	if (!counts) {
		share_runs(t, &keys, *wanted);
		return;
	}
	for (uint32_t k = 0; k < wanted->count; k++) {
		uint32_t code = vec_name(&keys, wanted->places[k]);

		/* The empty key is no key: nothing to share among. */
		t->shares[k] = (key->type == TYPE_REF ? code == REF_NONE : code == 0) ? 0 : counts[code];
	}
}

static void tally_values(struct tallier *t, size_t a)
{
	const struct aggregate *aggregate = &t->plan->aggregates[a];
	struct tally *tally = &t->tallies[a];
	struct wanted wanted = wanted_rows(t, aggregate);

	if (!wanted.count)
		return;
	add_shares(t, a, &wanted);
	switch (aggregate->value->type) {
	case TYPE_MONEY: tally_money(t, aggregate, tally, wanted); break;
	case TYPE_NUMBER:
	case TYPE_PERIOD:
	case TYPE_DURATION: tally_numbers(t, aggregate, tally, wanted); break;
	default: tally_codes(t, aggregate, tally, wanted);
	}
}

/* They would count, but nobody knows whether in the period: that is noted. */
static void tally_undated(struct tallier *t)
{
	for (uint32_t i = 0; i < t->worker.count; i++)
		t->seen[group_at(t, i)] = 1;
	for (size_t a = 0; a < t->plan->aggregate_count; a++) {
		const struct aggregate *aggregate = &t->plan->aggregates[a];
		struct wanted wanted;

		if (aggregate->pass != t->pass)
			continue;
		wanted = wanted_rows(t, aggregate);
		for (uint32_t k = 0; k < wanted.count; k++)
			t->tallies[a].groups[group_at(t, wanted.places[k])].unknown++;
	}
}

void tally_rows(struct tallier *t, bool undated)
{
	find_groups(t);
	if (undated) {
		tally_undated(t);
		return;
	}
	for (size_t c = 0; c < t->counts_count; c++)
		count_rows(t, &t->counts[c]);
	for (size_t a = 0; a < t->plan->aggregate_count; a++) {
		const struct aggregate *aggregate = &t->plan->aggregates[a];

		if (aggregate->pass == t->pass && aggregate->value && aggregate->twin == a)
			tally_values(t, a);
	}
}

/* ---- the end of a stretch ---- */

static void take_count(struct tallier *t, const struct node *condition, uint32_t group, int64_t count)
{
	for (size_t a = 0; a < t->plan->aggregate_count; a++) {
		const struct aggregate *aggregate = &t->plan->aggregates[a];
		struct accumulator *acc;

		if (aggregate->pass != t->pass || aggregate->condition != condition)
			continue;
		acc = &t->tallies[a].groups[group];
		acc->rows += count;
		acc->n += aggregate->value ? 0 : count;
	}
}

/* Most of the table is empty: it is walked in long words. */
static uint64_t take_cell(uint32_t *cell, unsigned copies)
{
	uint64_t words[COPIES / 2], rows = 0;

	if (copies == 1) {
		rows = *cell;
		*cell = 0;
		return rows;
	}
	memcpy(words, cell, sizeof(words));
	if (!(words[0] | words[1] | words[2] | words[3]))
		return 0;
	for (unsigned copy = 0; copy < COPIES; copy++)
		rows += cell[copy];
	memset(cell, 0, sizeof(words));
	return rows;
}

/* The first condition added is the highest bit. */
static void settle_group(struct tallier *t, const struct counts *counts, uint32_t group)
{
	uint32_t *cells = counts->cells + ((size_t)group << counts->bits) * counts->copies;
	int64_t total = 0, by_condition[MOST_BITS] = { 0 };

	for (size_t bits = 0; bits < (size_t)1 << counts->bits; bits++, cells += counts->copies) {
		uint64_t rows = take_cell(cells, counts->copies);

		if (!rows)
			continue;
		total += (int64_t)rows;
		for (unsigned k = 0; k < counts->bits; k++) {
			if (bits >> (counts->bits - 1 - k) & 1)
				by_condition[k] += (int64_t)rows;
		}
	}
	if (counts == t->counts) {
		t->seen[group] |= total != 0;
		take_count(t, NULL, group, total);
	}
	for (unsigned k = 0; k < counts->bits; k++)
		take_count(t, counts->conditions[k], group, by_condition[k]);
}

/* What has values has rows, though they are counted later. */
static void see_values(struct tallier *t, uint32_t groups)
{
	for (size_t a = 0; a < t->plan->aggregate_count; a++) {
		const struct aggregate *aggregate = &t->plan->aggregates[a];

		for (uint32_t g = 0; aggregate->pass == t->pass && aggregate->value && g < groups; g++)
			t->seen[g] |= t->tallies[a].groups[g].n || t->tallies[a].groups[g].unknown;
	}
}

void tally_settle(struct tallier *t, bool last)
{
	uint32_t groups;

	/* the last stretch itself may have no rows, and no room so */
	if (t->plain && last && t->counts[0].capacity)
		make_room(t);
	groups = t->capacity ? tally_groups(t) : 0;
	if (t->plain && !last)
		see_values(t, groups);
	for (size_t c = 0; c < t->counts_count && (last || !t->plain); c++) {
		for (uint32_t group = 0; group < groups; group++)
			settle_group(t, &t->counts[c], group);
	}
	if (!groups)
		return;
	for (size_t a = 0; a < t->plan->aggregate_count; a++) {
		unsigned twin = t->plan->aggregates[a].twin;

		if (t->plan->aggregates[a].pass != t->pass || twin == a || !t->plan->aggregates[a].value)
			continue;
		memcpy(t->tallies[a].groups, t->tallies[twin].groups, groups * sizeof(*t->tallies[a].groups));
		t->tallies[a].overflow = t->tallies[twin].overflow;
	}
}

bool accumulator_merge(struct accumulator *into, const struct accumulator *from)
{
	into->n += from->n;
	into->rows += from->rows;
	into->sum += from->sum;
	into->unknown += from->unknown;
	into->negative += from->negative;
	if (from->min < into->min)
		into->min = from->min;
	if (from->max > into->max)
		into->max = from->max;
	return !__builtin_add_overflow(into->minor, from->minor, &into->minor);
}

void tally_merge(struct tally *into, const struct tally *from, const uint32_t *renamed, uint32_t count)
{
	for (uint32_t g = 0; g < count; g++) {
		if (renamed[g] != UINT32_MAX)
			into->overflow |= !accumulator_merge(&into->groups[renamed[g]], &from->groups[g]);
	}
	into->overflow |= from->overflow;
	if (into->pair_count + from->pair_count > into->pair_capacity) {
		into->pair_capacity = 2 * into->pair_capacity + from->pair_count;
		into->pairs = must_realloc(into->pairs, into->pair_capacity * sizeof(*into->pairs));
	}
	for (size_t i = 0; i < from->pair_count; i++)
		into->pairs[into->pair_count++] = (struct pair){ renamed[from->pairs[i].group], from->pairs[i].value };
}
