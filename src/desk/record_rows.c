/* Ids of many records, looked up in one walk. */
#include <stdlib.h>

#include "base/table.h"
#include "desk/record_draft.h"

struct candidate {
	uint32_t row;
	uint64_t next; /* its place + 1; 0: there is no more */
};

struct record_rows {
	const struct facts *facts;
	enum fact fact;
	struct arena arena;
	struct table keys; /* to the place + 1 of the last row found */
	struct candidate *items;
	size_t count, capacity;
};

struct record_rows *record_rows_new(const struct facts *facts, enum fact fact)
{
	struct record_rows *rows = must_calloc(1, sizeof(*rows));

	rows->facts = facts;
	rows->fact = fact;
	arena_init(&rows->arena);
	table_init(&rows->keys);
	return rows;
}

void record_rows_free(struct record_rows *rows)
{
	if (!rows)
		return;
	table_release(&rows->keys);
	arena_release(&rows->arena);
	free(rows);
}

void record_rows_want(struct record_rows *rows, struct str id)
{
	struct str rest = id, source = str_cut(&rest, ':');

	if (!id.len)
		return;
	table_put(&rows->keys, id, NULL);
	if (source.len && rest.len)
		table_put(&rows->keys, rest, NULL);
}

static void take(void *context, uint64_t *value, uint32_t row)
{
	struct record_rows *rows = context;

	ARENA_PUSH(&rows->arena, rows->items, rows->count, rows->capacity);
	rows->items[rows->count++] = (struct candidate){ row, *value };
	*value = rows->count;
}

void record_rows_look(struct record_rows *rows)
{
	cells_find_all(rows->facts, rows->fact, &rows->keys, take, rows);
}

bool record_rows_find(const struct record_rows *rows, enum fact fact, struct str source, struct str key, uint32_t *out,
		      size_t most, size_t *count)
{
	const uint64_t *value = rows && rows->fact == fact ? table_get(&rows->keys, key) : NULL;

	*count = 0;
	if (!value)
		return false;
	for (uint64_t at = *value; at; at = rows->items[at - 1].next) {
		uint32_t row = rows->items[at - 1].row;

		if (source.len && !str_eq(cells_source(rows->facts, fact, row), source))
			continue;
		if (*count < most)
			out[*count] = row;
		++*count;
	}
	return true;
}
