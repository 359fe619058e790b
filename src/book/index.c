#include <sodium.h>
#include <stdlib.h>
#include "book/index.h"

void index_init(struct index *index)
{
	*index = (struct index){ 0 };
}

void index_release(struct index *index)
{
	free(index->slots);
	free(index->places);
	index_init(index);
}

static void hash_part(crypto_generichash_state *state, struct str s)
{
	uint64_t len = s.len;

	crypto_generichash_update(state, (const unsigned char *)&len, sizeof(len));
	crypto_generichash_update(state, (const unsigned char *)(s.at ? s.at : ""), s.len);
}

void identity_of(enum object object, struct str source, struct str key, unsigned char id[IDENTITY_BYTES])
{
	crypto_generichash_state state;
	unsigned char number = (unsigned char)object;

	crypto_generichash_init(&state, NULL, 0, IDENTITY_BYTES);
	crypto_generichash_update(&state, &number, 1);
	hash_part(&state, source);
	hash_part(&state, key);
	crypto_generichash_final(&state, id, IDENTITY_BYTES);
}

static size_t start(const struct index *index, const unsigned char *id)
{
	uint64_t n;

	memcpy(&n, id, sizeof(n));
	return (size_t)n & (index->place_count - 1);
}

struct index_slot *index_find(const struct index *index, const unsigned char id[IDENTITY_BYTES])
{
	if (index->place_count == 0)
		return NULL;
	for (size_t at = start(index, id); index->places[at]; at = (at + 1) & (index->place_count - 1)) {
		struct index_slot *slot = &index->slots[index->places[at] - 1];

		if (memcmp(slot->id, id, IDENTITY_BYTES) == 0)
			return slot;
	}
	return NULL;
}

static void place(struct index *index, uint32_t number)
{
	size_t at = start(index, index->slots[number].id);

	while (index->places[at])
		at = (at + 1) & (index->place_count - 1);
	index->places[at] = number + 1;
}

static void grow(struct index *index)
{
	index->capacity = index->capacity ? index->capacity * 2 : 1024;
	index->slots = must_realloc(index->slots, index->capacity * sizeof(*index->slots));
	free(index->places);
	index->place_count = index->capacity * 2;
	index->places = must_calloc(index->place_count, sizeof(*index->places));
	for (size_t i = 0; i < index->count; i++)
		place(index, (uint32_t)i);
}

struct index_slot *index_add(struct index *index, const unsigned char id[IDENTITY_BYTES])
{
	if (index->count == index->capacity)
		grow(index);
	struct index_slot *slot = &index->slots[index->count++];
	*slot = (struct index_slot){ 0 };
	memcpy(slot->id, id, IDENTITY_BYTES);
	place(index, (uint32_t)(index->count - 1));
	return slot;
}
