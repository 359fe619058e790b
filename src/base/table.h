/* A hash table from bytes to a 64-bit number, in memory. Keys are copied. Never shrinks. */
#ifndef BASE_TABLE_H
#define BASE_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/arena.h"
#include "base/str.h"

struct table_slot;

struct table {
	struct table_slot *slots;
	size_t count, capacity;
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
