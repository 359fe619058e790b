/* A part that is read takes as little room as it can until all are: rows of records that are none go, values stand narrow. */
#include <malloc.h>
#include <stdlib.h>
#include <string.h>

#include "facts/load.h"
#include "facts/packed.h"

/* ---- rows of records that are none ---- */

/* Where each row goes; REF_NONE: nowhere. They are told in order. */
static uint32_t *rows_left(const struct part *part, enum fact fact, uint32_t *count)
{
	uint32_t rows = facts_rows(part->facts, fact), *to = must_alloc((rows + 1) * sizeof(*to));
	size_t next = 0;

	*count = 0;
	for (uint32_t row = 0; row < rows; row++) {
		bool dead = next < part->dead[fact].count && part->dead[fact].items[next] == row;

		next += dead;
		to[row] = dead ? REF_NONE : (*count)++;
	}
	return to;
}

static void drop_from_keys(struct column *column, const uint32_t *to)
{
	struct key_list *list = must_alloc(sizeof(*list));
	struct key_walk walk;

	key_list_init(list);
	key_walk_init(&walk, column->at.keys);
	for (uint32_t row = 0; row < column->at.keys->count; row++) {
		struct str key = key_walk_next(&walk);

		if (to[row] != REF_NONE)
			key_list_add(list, key);
	}
	key_walk_release(&walk);
	key_list_release(column->at.keys);
	free(column->at.keys);
	column->at.keys = list;
}

static void drop_from_array(void *items, size_t size, uint32_t rows, const uint32_t *to)
{
	char *bytes = items;

	for (uint32_t row = 0; items && row < rows; row++) {
		if (to[row] != REF_NONE)
			memmove(bytes + to[row] * size, bytes + row * size, size);
	}
}

/* Behind the rows that a list has items for all are 0: so they stay when they move up. */
static void drop_from_list(struct row_list *list, uint32_t rows, const uint32_t *to)
{
	uint32_t held = rows < list->capacity ? rows : list->capacity, left = 0;

	if (!held)
		return;
	drop_from_array(list->items, sizeof(*list->items), held, to);
	for (uint32_t row = 0; row < held; row++)
		left += to[row] != REF_NONE;
	memset(list->items + left, 0, (list->capacity - left) * sizeof(*list->items));
}

static void drop_rows(struct part *part, enum fact fact)
{
	struct fact_table *table = &part->facts->tables[fact];
	uint32_t count, *to = rows_left(part, fact, &count);

	for (size_t i = 0; i < table->column_count; i++) {
		struct column *column = table->columns[i];

		if (column->def.type == COLUMN_KEY)
			drop_from_keys(column, to);
		else
			drop_from_array(column->at.any, column_type_bytes(column->def.type), table->rows, to);
		drop_from_array(column->currency, 1, table->rows, to);
		/* Records that are none have no versions. */
		for (size_t k = 0; k < column->version_count; k++)
			column->versions[k].row = to[column->versions[k].row];
	}
	drop_from_array(table->sources, sizeof(*table->sources), table->rows, to);
	drop_from_array(table->subjects, sizeof(*table->subjects), table->rows, to);
	for (enum link link = 0; link < LINK__COUNT; link++)
		drop_from_list(&part->links[fact][link], table->rows, to);
	drop_from_list(&part->keys[fact], table->rows, to);
	if (fact == FACT_LEADS)
		drop_from_list(&part->emails, table->rows, to);
	if (fact == FACT_OPPORTUNITIES) {
		drop_from_array(part->deals.items, sizeof(*part->deals.items), table->rows, to);
		part->deals.count = count;
	}
	for (size_t i = 0; fact == FACT_OPPORTUNITIES && i < part->moves.count; i++) {
		if (part->moves.items[i].observed)
			part->moves.items[i].deal = to[part->moves.items[i].deal];
	}
	for (size_t i = 0; i < part->values.count; i++) {
		if (part->values.items[i].fact == fact)
			part->values.items[i].row = to[part->values.items[i].row];
	}
	table->rows = count;
	free(to);
}

void part_drop_dead(struct part *part, enum fact fact)
{
	if (!part->dead[fact].count)
		return;
	drop_rows(part, fact);
	part->dead[fact].count = 0;
}

/* ---- no more room than needed ---- */

static void *shrunk(void *items, size_t count, size_t size)
{
	return items && count ? must_realloc(items, count * size) : items;
}

static void shrink_list(struct row_list *list, uint32_t rows)
{
	if (list->capacity <= rows)
		return;
	list->items = shrunk(list->items, rows, sizeof(*list->items));
	list->capacity = rows ? rows : list->capacity;
}

void part_pack(struct part *part, enum fact fact)
{
	struct fact_table *table = &part->facts->tables[fact];

	part_drop_dead(part, fact);
	for (size_t i = 0; i < table->column_count; i++) {
		struct column *column = table->columns[i];

		if (column->dict)
			dict_seal(column->dict);
		if (column->def.type == COLUMN_KEY)
			key_list_seal(column->at.keys);
		column_pack(column, table->rows);
		column->versions = shrunk(column->versions, column->version_count, sizeof(*column->versions));
		column->version_capacity = column->version_count;
	}
	table->sources = shrunk(table->sources, table->rows, sizeof(*table->sources));
	table->subjects = shrunk(table->subjects, table->rows, sizeof(*table->subjects));
	table->capacity = table->rows;
	for (enum link link = 0; link < LINK__COUNT; link++)
		shrink_list(&part->links[fact][link], table->rows);
	shrink_list(&part->keys[fact], table->rows);
	if (fact == FACT_LEADS)
		shrink_list(&part->emails, table->rows);
}

#define LIST_SHRINK(list)                                                                                              \
	((list)->items = shrunk((list)->items, (list)->count, sizeof(*(list)->items)),                                 \
	 (list)->capacity = (list)->count ? (list)->count : (list)->capacity)

#define LIST_FREE(list) (free((list)->items), (list)->items = NULL, (list)->count = (list)->capacity = 0)

void part_pack_lists(struct part *part)
{
	LIST_SHRINK(&part->deals);
	LIST_SHRINK(&part->colleagues);
	LIST_SHRINK(&part->accounts);
	LIST_SHRINK(&part->contacts);
	LIST_SHRINK(&part->moves);
	LIST_SHRINK(&part->values);
	dict_seal(&part->words);
}

void part_forget(struct part *part)
{
	dict_release(&part->words);
	dict_init(&part->words);
	arena_release(&part->arena);
	LIST_FREE(&part->deals);
	LIST_FREE(&part->colleagues);
	LIST_FREE(&part->accounts);
	LIST_FREE(&part->contacts);
	LIST_FREE(&part->moves);
	LIST_FREE(&part->values);
}

/* ---- the whole ---- */

void load_pack(struct loader *l, enum fact fact, const enum known_column *but)
{
	const struct fact_table *table = &l->whole.facts->tables[fact];

	for (size_t i = 0; l->final && i < table->column_count; i++) {
		bool later = false;

		for (size_t k = 0; but[k] != COL__COUNT; k++)
			later |= table->columns[i] == load_column(l, fact, but[k]);
		if (!later)
			column_pack(table->columns[i], table->rows);
	}
}

void load_forget_links(struct loader *l, enum fact fact)
{
	for (enum link link = 0; l->final && link < LINK__COUNT; link++) {
		free(l->whole.links[fact][link].items);
		l->whole.links[fact][link] = (struct row_list){ 0 };
	}
}

/* Freed by many threads in small pieces, it would stay with the program until facts are there. */
void load_give_back(const struct loader *l)
{
	if (l->final)
		malloc_trim(0);
}
