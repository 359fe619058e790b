#include "base/table.h"

#include <stdlib.h>

#include "base/err.h"

enum { FIRST_PLACES = 16 };
#define HASH_PART 0xFFFFFFFF00000000u

struct table_slot {
	struct str key;
	uint64_t value;
};

void table_init(struct table *table)
{
	*table = (struct table){ 0 };
	arena_init(&table->keys);
}

void table_release(struct table *table)
{
	free(table->slots);
	free(table->places);
	arena_release(&table->keys);
	table_init(table);
}

static size_t slot_of(uint64_t place)
{
	return (size_t)(place & ~HASH_PART) - 1;
}

/* By the part of the hash that the places keep: widening need not look at the keys again. */
static size_t first_place(const struct table *table, uint64_t hash)
{
	return (size_t)(hash >> 32) & (table->place_count - 1);
}

/* The place that holds `key`, or the free one where it belongs. There is always a free one. */
static uint64_t *find_place(const struct table *table, struct str key, uint64_t hash)
{
	size_t mask = table->place_count - 1, i = first_place(table, hash);

	for (; table->places[i]; i = (i + 1) & mask) {
		uint64_t place = table->places[i];

		if ((place & HASH_PART) == (hash & HASH_PART) && str_eq(table->slots[slot_of(place)].key, key))
			break;
	}
	return &table->places[i];
}

static void widen(struct table *table)
{
	size_t old_count = table->place_count, places = old_count ? old_count * 2 : FIRST_PLACES;
	uint64_t *old = table->places;

	table->places = must_calloc(places, sizeof(*table->places));
	table->place_count = places;
	table->capacity = places / 4 * 3;
	table->slots = must_realloc(table->slots, table->capacity * sizeof(*table->slots));
	for (size_t i = 0; i < old_count; i++) {
		size_t at = first_place(table, old[i]);

		if (!old[i])
			continue;
		while (table->places[at])
			at = (at + 1) & (places - 1);
		table->places[at] = old[i];
	}
	free(old);
}

uint64_t *table_get(const struct table *table, struct str key)
{
	if (!table->count)
		return NULL;

	uint64_t place = *find_place(table, key, str_hash(key));

	return place ? &table->slots[slot_of(place)].value : NULL;
}

uint64_t *table_put(struct table *table, struct str key, bool *is_new)
{
	uint64_t hash = str_hash(key);

	if (table->count == table->capacity)
		widen(table);

	uint64_t *place = find_place(table, key, hash);

	if (is_new)
		*is_new = !*place;
	if (!*place) {
		if (table->count >= UINT32_MAX - 1)
			BUG("a table of more than %zu keys", table->count);
		*place = (hash & HASH_PART) | (table->count + 1);
		table->slots[table->count++] = (struct table_slot){ arena_str(&table->keys, key), 0 };
	}
	return &table->slots[slot_of(*place)].value;
}

bool table_next(const struct table *table, size_t *at, struct str *key, uint64_t *value)
{
	if (*at >= table->count)
		return false;
	*key = table->slots[*at].key;
	*value = table->slots[*at].value;
	++*at;
	return true;
}
