#include <pthread.h>
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

static unsigned char identity_key[crypto_shorthash_siphashx24_KEYBYTES];

static void make_identity_key(void)
{
	randombytes_buf(identity_key, sizeof(identity_key));
}

static size_t put_part(unsigned char *out, struct str s)
{
	uint64_t len = s.len;

	memcpy(out, &len, sizeof(len));
	memcpy(out + sizeof(len), s.at ? s.at : "", s.len);
	return sizeof(len) + s.len;
}

/* Kept in memory only, under a key of this process: nobody can make two records that are taken for one. */
void identity_of(enum object object, struct str source, struct str key, unsigned char id[IDENTITY_BYTES])
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	size_t most = 1 + 2 * sizeof(uint64_t) + source.len + key.len, len = 1;
	unsigned char small[512], *bytes = most <= sizeof(small) ? small : must_alloc(most);

	pthread_once(&once, make_identity_key);
	bytes[0] = (unsigned char)object;
	len += put_part(bytes + len, source);
	len += put_part(bytes + len, key);
	crypto_shorthash_siphashx24(id, bytes, len, identity_key);
	if (bytes != small)
		free(bytes);
}

static size_t start(const struct index *index, const unsigned char *id)
{
	uint64_t n;

	memcpy(&n, id, sizeof(n));
	return (size_t)n & (index->place_count - 1);
}

static uint32_t tag_of(const unsigned char *id)
{
	uint32_t tag;

	memcpy(&tag, id + IDENTITY_BYTES - sizeof(tag), sizeof(tag));
	return tag;
}

struct index_slot *index_find(const struct index *index, const unsigned char id[IDENTITY_BYTES])
{
	if (index->place_count == 0)
		return NULL;
	uint32_t tag = tag_of(id), number;
	for (size_t at = start(index, id); (number = index->places[at].number) != 0;
	     at = (at + 1) & (index->place_count - 1))
		if (index->places[at].tag == tag && memcmp(index->slots[number - 1].id, id, IDENTITY_BYTES) == 0)
			return &index->slots[number - 1];
	return NULL;
}

static void place(struct index *index, uint32_t number)
{
	const unsigned char *id = index->slots[number].id;
	size_t at = start(index, id);

	while (index->places[at].number)
		at = (at + 1) & (index->place_count - 1);
	index->places[at] = (struct index_place){ number + 1, tag_of(id) };
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
