/* Where records stand, by a hash of who they are: open addressing, 12 bytes a slot, at most three quarters full.
 *
 * The hash is all that is kept of an identity (of the source and of the key, name or address). That two of n different ones fall together
 * is as likely as n² / 2^63: one in twenty thousand with 20 million records; then the first to come is found for both. Private to
 * src/facts. */
#ifndef FACTS_PLACES_H
#define FACTS_PLACES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* In 32-bit halves, so that a slot takes 12 bytes; looking one up touches one line of the cache, seldom two. */
struct place_slot {
	uint32_t low, high; /* of the hash; 0, 0 = free */
	uint32_t place;
};

struct places {
	struct place_slot *items;
	size_t count, slots; /* slots: a power of two, or 0 */
};

void places_release(struct places *places);
void places_reserve(struct places *places, size_t count);
/* 0 where there is none. */
uint32_t places_get(const struct places *places, uint64_t hash);
/* `place` is not 0. Of several the first counts; `single`: then none does. */
void places_put(struct places *places, uint64_t hash, uint32_t place, bool single);
/* The last counts; returns the one before, 0 where there was none. */
uint32_t places_replace(struct places *places, uint64_t hash, uint32_t place);

/* Of a key's or name's hash and its source's; never 0. */
static inline uint64_t places_hash(uint64_t key, uint64_t source)
{
	uint64_t h = (key ^ source * UINT64_C(0x9E3779B97F4A7C15)) * UINT64_C(0xBF58476D1CE4E5B9);

	h = (h ^ h >> 31) * UINT64_C(0x94D049BB133111EB);
	h ^= h >> 30;
	return h ? h : 1;
}

#endif
