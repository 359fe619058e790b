/* A hash table from bytes to a 64-bit number, in memory. Keys are copied. Never shrinks. At most 2³²−2 keys.
 * Walking gives the keys in the order in which they were first put, so that nothing printed depends on hashes. */
#ifndef BASE_TABLE_H
#define BASE_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/arena.h"
#include "base/str.h"

struct table_slot;

struct table {
	struct table_slot *slots; /* in the order put */
	size_t count, capacity;
	uint64_t *places;   /* by hash: upper half of the hash, and slot number + 1; 0 = free */
	size_t place_count; /* power of two, or 0 */
	struct arena keys;
};

void table_init(struct table *table);
void table_release(struct table *table);

/* The place of the value, or NULL. Valid until the next table_put. */
uint64_t *table_get(const struct table *table, struct str key);
/* The place of the value, made (zero, *is_new = true) where absent. `is_new` may be NULL. */
uint64_t *table_put(struct table *table, struct str key, bool *is_new);
/* Walks all: start with *at = 0; false at the end. */
bool table_next(const struct table *table, size_t *at, struct str *key, uint64_t *value);

#endif
