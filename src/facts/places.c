#include "facts/places.h"

#include <stdlib.h>
#include <string.h>

#include "base/err.h"

#define SEVERAL UINT32_MAX

void places_release(struct places *places)
{
	free(places->items);
	*places = (struct places){ 0 };
}

static uint64_t hash_at(const struct place_slot *slot)
{
	return (uint64_t)slot->high << 32 | slot->low;
}

static struct place_slot *slot_of(const struct places *places, uint64_t hash)
{
	size_t slot = (size_t)hash & (places->slots - 1);
	uint64_t there;

	while ((there = hash_at(&places->items[slot])) != 0 && there != hash)
		slot = (slot + 1) & (places->slots - 1);
	return &places->items[slot];
}

static void widen(struct places *places, size_t slots)
{
	struct places old = *places;

	places->slots = slots;
	places->items = must_calloc(slots, sizeof(*places->items));
	for (size_t i = 0; i < old.slots; i++) {
		if (hash_at(&old.items[i]))
			*slot_of(places, hash_at(&old.items[i])) = old.items[i];
	}
	free(old.items);
}

void places_reserve(struct places *places, size_t count)
{
	size_t slots = 16;

	while (slots / 4 * 3 < count)
		slots *= 2;
	if (slots > places->slots)
		widen(places, slots);
}

uint32_t places_get(const struct places *places, uint64_t hash)
{
	const struct place_slot *slot;

	if (!places->slots)
		return 0;
	slot = slot_of(places, hash);
	return hash_at(slot) && slot->place != SEVERAL ? slot->place : 0;
}

void places_put(struct places *places, uint64_t hash, uint32_t place, bool single)
{
	struct place_slot *slot;

	places_reserve(places, places->count + 1);
	slot = slot_of(places, hash);
	if (!hash_at(slot)) {
		*slot = (struct place_slot){ (uint32_t)hash, (uint32_t)(hash >> 32), place };
		places->count++;
	} else if (single && slot->place != place) {
		slot->place = SEVERAL;
	}
}

uint32_t places_replace(struct places *places, uint64_t hash, uint32_t place)
{
	struct place_slot *slot;
	uint32_t before;

	places_reserve(places, places->count + 1);
	slot = slot_of(places, hash);
	before = hash_at(slot) ? slot->place : 0;
	places->count += !hash_at(slot);
	*slot = (struct place_slot){ (uint32_t)hash, (uint32_t)(hash >> 32), place };
	return before;
}
