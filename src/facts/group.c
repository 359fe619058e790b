/* Groups of rows: codes for values that have none, and the group of a tuple of codes. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "facts/kernels.h"

/* Cells that a table may have when several dimensions share one. */
enum { MOST_CELLS = 1 << 20 };

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
	for (uint32_t place = 0; place < in->count; place++) {
		uint32_t at = (uint32_t)mixed(in->bits[place]) & (slots - 1);

		while (in->slots[at])
			at = (at + 1) & (slots - 1);
		in->slots[at] = place + 1;
	}
}

bool is_interned(enum value_type type)
{
	return type == TYPE_NUMBER || type == TYPE_DURATION || type == TYPE_PERIOD;
}

uint32_t intern(struct interner *in, double value)
{
	uint64_t bits;
	uint32_t at;

	if (!isfinite(value))
		return 0;
	if (value >= 0 && value < SMALL_NUMBERS && value == floor(value))
		return (uint32_t)value + 1;
	memcpy(&bits, &value, sizeof(bits));
	if (in->count * 2 >= in->slot_count)
		interner_grow(in);
	at = (uint32_t)mixed(bits) & (in->slot_count - 1);
	for (; in->slots[at]; at = (at + 1) & (in->slot_count - 1)) {
		if (in->bits[in->slots[at] - 1] == bits)
			return in->slots[at] + SMALL_NUMBERS;
	}
	if (in->count >= in->capacity) {
		in->capacity = in->capacity ? in->capacity * 2 : 64;
		in->bits = must_realloc(in->bits, in->capacity * sizeof(*in->bits));
	}
	in->bits[in->count] = bits;
	in->slots[at] = ++in->count;
	return in->count + SMALL_NUMBERS;
}

double interned(const struct interner *in, uint32_t code)
{
	double value;

	if (code <= SMALL_NUMBERS)
		return (double)code - 1;
	memcpy(&value, &in->bits[code - SMALL_NUMBERS - 1], sizeof(value));
	return value;
}

void interner_release(struct interner *in)
{
	free(in->bits);
	free(in->slots);
}

uint64_t codes_of(const struct plan *plan, const struct node *node)
{
	switch (node->type) {
	case TYPE_NAME: return node->column->dict->count;
	case TYPE_REF: return (uint64_t)facts_rows(plan->facts, node->column->def.target) + 1;
	case TYPE_FLAG:
	case TYPE_CONDITION: return FLAG_YES + 1;
	default: return is_packed(node) ? 1u << 8 * node->column->width : 0;
	}
}

void grouper_init(struct grouper *g, const struct plan *plan, unsigned pass)
{
	uint64_t cells = 1;

	*g = (struct grouper){ .dimensions = plan->dimension_count };
	if (g->dimensions == 1) {
		g->stride[0] = 1;
		return;
	}
	for (size_t d = 0; d < g->dimensions && cells; d++) {
		uint64_t codes = codes_of(plan, plan->passes[pass].dimensions[d]);

		g->stride[d] = (uint32_t)cells;
		cells = codes <= MOST_CELLS ? cells * codes : 0;
		cells = cells <= MOST_CELLS ? cells : 0;
	}
	if (!cells)
		memset(g->stride, 0, sizeof(g->stride));
}

void grouper_release(struct grouper *g)
{
	free(g->keys);
	free(g->slots);
	free(g->direct);
}

static uint32_t cell_of(const struct grouper *g, const uint32_t *key)
{
	uint32_t cell = 0;

	for (size_t d = 0; d < g->dimensions; d++)
		cell += key[d] * g->stride[d];
	return cell;
}

uint32_t *grouper_take(struct grouper *g)
{
	uint32_t *keys = g->keys;

	if (g->dimensions && g->stride[0]) {
		for (uint32_t group = 0; group < g->count; group++)
			g->direct[cell_of(g, keys + group * g->dimensions)] = 0;
	} else if (g->slot_count) {
		memset(g->slots, 0, g->slot_count * sizeof(*g->slots));
	}
	g->keys = NULL;
	g->count = g->capacity = 0;
	return keys;
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

static void direct_room(struct grouper *g, uint32_t cell)
{
	uint32_t count = cell + 1 > g->direct_count * 2 ? cell + 1 : g->direct_count * 2;

	if (cell < g->direct_count)
		return;
	g->direct = must_realloc(g->direct, count * sizeof(*g->direct));
	memset(g->direct + g->direct_count, 0, (count - g->direct_count) * sizeof(*g->direct));
	g->direct_count = count;
}

uint32_t group_of(struct grouper *g, const uint32_t *key)
{
	uint32_t at;

	if (g->dimensions == 0)
		return g->count ? 0 : new_group(g, NULL);
	if (g->stride[0]) {
		at = cell_of(g, key);
		direct_room(g, at);
		if (!g->direct[at])
			g->direct[at] = new_group(g, key) + 1;
		return g->direct[at] - 1;
	}
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

static uint32_t group_of_row(struct grouper *g, const struct vec *codes, uint32_t row)
{
	uint32_t key[8];

	for (size_t d = 0; d < g->dimensions; d++)
		key[d] = vec_name(&codes[d], row);
	return group_of(g, key);
}

void grouper_rows(struct grouper *g, const struct vec *codes, uint32_t count, uint32_t *out)
{
	if (g->dimensions == 0) {
		group_of(g, NULL);
		memset(out, 0, count * sizeof(*out));
	} else if (!g->stride[0]) {
		for (uint32_t i = 0; i < count; i++)
			out[i] = group_of_row(g, codes, i);
	} else {
		kernel_widen(out, codes[0].at.any, codes[0].width, count);
		for (size_t d = 1; d < g->dimensions; d++)
			kernel_add_codes(out, codes[d].at.any, codes[d].width, count, g->stride[d]);
		for (uint32_t i = 0; i < count; i++) {
			uint32_t found = out[i] < g->direct_count ? g->direct[out[i]] : 0;

			out[i] = found ? found - 1 : group_of_row(g, codes, i);
		}
	}
}
