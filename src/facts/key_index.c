#include "facts/key_index.h"

#include <stdlib.h>

void key_index_release(struct key_index *index)
{
	places_release(&index->last);
	free(index->before);
	*index = (struct key_index){ .rows = 0 };
}

static uint64_t hash_of(struct str key)
{
	return places_hash(str_hash(key), 0);
}

void key_index_follow(struct key_index *index, const struct facts *facts, enum fact fact)
{
	const struct key_list *keys = facts_known_column(facts, fact, "key")->at.keys;
	uint32_t rows = facts_rows(facts, fact);
	struct key_walk walk;

	if (!keys || index->rows == rows)
		return;
	if (rows > index->capacity) {
		index->capacity = rows + rows / 4;
		index->before = must_realloc(index->before, index->capacity * sizeof(*index->before));
	}
	key_walk_init(&walk, keys);
	walk.next = index->rows - index->rows % KEY_BLOCK;
	while (walk.next < index->rows)
		key_walk_next(&walk);
	for (; index->rows < rows; index->rows++)
		index->before[index->rows] =
			places_replace(&index->last, hash_of(key_walk_next(&walk)), index->rows + 1);
	key_walk_release(&walk);
}

uint32_t key_index_get(const struct key_index *index, struct str key)
{
	return places_get(&index->last, hash_of(key));
}
