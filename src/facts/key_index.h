/* The rows of a fact by their keys, of facts that stay: rows are only added, and keep their keys. Without it who looks for a key walks over
 * all of them. Private to src/facts. */
#ifndef FACTS_KEY_INDEX_H
#define FACTS_KEY_INDEX_H

#include "facts/places.h"
#include "facts/store.h"

struct key_index {
	struct places last; /* by the key's hash: the last row with it, + 1 */
	uint32_t *before;   /* by row: the one before with the same hash, + 1; 0: none */
	uint32_t rows, capacity;
};

/* Takes up the rows behind those it knows. */
void key_index_follow(struct key_index *index, const struct facts *facts, enum fact fact);
void key_index_release(struct key_index *index);
/* The last row whose key may be this one, + 1; 0: none. index->before leads to the others. */
uint32_t key_index_get(const struct key_index *index, struct str key);

#endif
