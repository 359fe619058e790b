#include "facts/splice.h"

#include <stdlib.h>
#include <string.h>

#include "facts/packed.h"

struct splicing {
	const struct splice *items;
	size_t count;
	uint32_t rows, after, capacity; /* before, after, room */
};

/* A copy of the array with its rows where they come to stand; the others as they are in `none`. */
static void *moved_rows(const struct splicing *s, void *array, size_t size, const void *none)
{
	char *out = must_alloc(s->capacity * size);
	const char *from = array;
	uint32_t at = 0, to = 0;

	for (size_t i = 0; i <= s->count; i++) {
		uint32_t until = i < s->count ? s->items[i].at : s->rows;
		uint32_t insert = i < s->count ? s->items[i].insert : s->capacity - s->after;

		memcpy(out + to * size, from + at * size, (until - at) * size);
		to += until - at;
		at = i < s->count ? until + s->items[i].drop : until;
		for (; insert > 0; insert--, to++)
			memcpy(out + to * size, none, size);
	}
	free(array);
	return out;
}

static void splice_column(const struct splicing *s, struct column *column)
{
	static const uint32_t no_ref = REF_NONE;
	static const double no_number = NAN;
	static const int64_t no_money = MONEY_NONE, zero = 0;
	static const int32_t no_small_money = MONEY4_NONE;
	const void *none = &zero;

	column_own(column);
	if (column->def.type == COLUMN_REF)
		column_widen(column, sizeof(uint32_t));
	if (!column->at.any)
		return;
	switch (column->def.type) {
	case COLUMN_REF: none = &no_ref; break;
	case COLUMN_NUMBER: none = column->width == sizeof(double) ? &no_number : none; break;
	case COLUMN_MONEY:
		none = column->width == sizeof(int64_t) ? (const void *)&no_money : (const void *)&no_small_money;
		break;
	default: break;
	}
	column->at.any = moved_rows(s, column->at.any, column->width, none);
	if (column->currency)
		column->currency = moved_rows(s, column->currency, 1, &column->one_currency);
}

static void splice_keys(const struct splicing *s, struct column *column, const struct key_list *fresh)
{
	struct key_list *list = must_alloc(sizeof(*list));
	struct key_walk walk;
	struct arena arena;
	size_t next = 0;

	arena_init(&arena);
	key_list_init(list);
	key_walk_init(&walk, column->at.keys);
	for (uint32_t row = 0; row <= s->rows; row++) {
		uint32_t drop = 0;

		for (; next < s->count && s->items[next].at == row; next++) {
			for (uint32_t i = 0; i < s->items[next].insert; i++)
				key_list_add(list, key_list_at(fresh, s->items[next].from + i, &arena));
			drop = s->items[next].drop;
		}
		for (uint32_t i = 0; i < drop; i++, row++)
			key_walk_next(&walk);
		if (drop)
			row--;
		else if (row < s->rows)
			key_list_add(list, key_walk_next(&walk));
	}
	key_walk_release(&walk);
	arena_release(&arena);
	key_list_release(column->at.keys);
	free(column->at.keys);
	key_list_seal(list);
	column->at.keys = list;
}

void splice_rows(struct facts *facts, enum fact fact, const struct splice *items, size_t count,
		 const struct key_list *keys)
{
	struct fact_table *table = &facts->tables[fact];
	struct splicing s = { .items = items, .count = count, .rows = table->rows, .after = table->rows };

	for (size_t i = 0; i < count; i++)
		s.after = s.after + items[i].insert - items[i].drop;
	if (s.after > UINT32_MAX / 2)
		BUG("%s: more than 2^31 rows", fact_name(fact));
	s.capacity = s.after > table->capacity ? s.after + s.after / 4 + 1024 : table->capacity;
	if (table->sources)
		BUG("rows of %s have sources", fact_name(fact));
	for (size_t i = 0; i < table->column_count; i++) {
		struct column *column = table->columns[i];

		if (column->def.type == COLUMN_KEY) {
			splice_keys(&s, column, keys);
			continue;
		}
		column_grow(column, s.capacity);
		splice_column(&s, column);
	}
	table->capacity = s.capacity;
	table->rows = s.after;
}
