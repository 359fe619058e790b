#include "facts/places.h"

#include <stdlib.h>
#include <string.h>

#include "base/err.h"

#define SEVERAL UINT32_MAX

void places_release(struct places *places)
{
	free(places->hashes);
	free(places->places);
	*places = (struct places){ 0 };
}

static size_t slot_of(const struct places *places, uint64_t hash)
{
	size_t slot = (size_t)hash & (places->slots - 1);

	while (places->hashes[slot] && places->hashes[slot] != hash)
		slot = (slot + 1) & (places->slots - 1);
	return slot;
}

static void widen(struct places *places, size_t slots)
{
	struct places old = *places;

	places->slots = slots;
	places->hashes = must_calloc(slots, sizeof(*places->hashes));
	places->places = must_calloc(slots, sizeof(*places->places));
	for (size_t i = 0; i < old.slots; i++) {
		if (old.hashes[i]) {
			size_t slot = slot_of(places, old.hashes[i]);

			places->hashes[slot] = old.hashes[i];
			places->places[slot] = old.places[i];
		}
	}
	free(old.hashes);
	free(old.places);
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
	size_t slot;

	if (!places->slots)
		return 0;
	slot = slot_of(places, hash);
	return places->hashes[slot] && places->places[slot] != SEVERAL ? places->places[slot] : 0;
}

void places_put(struct places *places, uint64_t hash, uint32_t place, bool single)
{
	size_t slot;

	places_reserve(places, places->count + 1);
	slot = slot_of(places, hash);
	if (!places->hashes[slot]) {
		places->hashes[slot] = hash;
		places->places[slot] = place;
		places->count++;
	} else if (single && places->places[slot] != place) {
		places->places[slot] = SEVERAL;
	}
}
