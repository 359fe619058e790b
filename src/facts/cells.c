#include "facts/cells.h"

#include "base/table.h"
#include "facts/key_index.h"
#include "facts/packed.h"

const struct column *cells_of(const struct facts *facts, enum fact fact, const char *column)
{
	return facts_known_column(facts, fact, column);
}

int64_t cell_time_ms(const struct column *column, uint32_t row)
{
	uint32_t t = column->at.any ? column_code(column, row) : TIME_NOT_REACHED;

	return t == TIME_NOT_REACHED ? CELL_NEVER : t == TIME_UNKNOWN ? CELL_UNKNOWN : (int64_t)t * 1000;
}

struct str cell_name(const struct column *column, uint32_t row)
{
	uint32_t code = column->at.any ? column_code(column, row) : 0;

	return code ? column->dict->names[code] : STR_NONE;
}

double cells_number(const struct column *column, uint32_t row)
{
	return column->at.any ? column_number(column, row) : NAN;
}

bool cell_yes(const struct column *column, uint32_t row)
{
	return column->at.any && column_code(column, row) == FLAG_YES;
}

bool cell_no(const struct column *column, uint32_t row)
{
	return column->at.any && column_code(column, row) == FLAG_NO;
}

uint32_t cell_ref(const struct column *column, uint32_t row)
{
	return column->at.any ? column_ref(column, row) : REF_NONE;
}

struct str cells_key(const struct facts *facts, enum fact fact, uint32_t row, struct arena *arena)
{
	const struct column *keys = facts_known_column(facts, fact, "key");

	return keys->at.keys ? key_list_at(keys->at.keys, row, arena) : STR_NONE;
}

struct str cells_source(const struct facts *facts, enum fact fact, uint32_t row)
{
	return facts_source(facts, fact, row);
}

uint64_t cells_subject(const struct facts *facts, enum fact fact, uint32_t row)
{
	const uint32_t *subjects = facts->tables[fact].subjects;

	return subjects ? subjects[row] : 0;
}

/* In order of rows, as they are found by a walk. */
static size_t find_by_index(const struct facts *facts, struct str source, struct str key, uint32_t *rows, size_t most)
{
	const struct key_index *index = facts->lead_keys;
	size_t found = 0;
	struct arena arena;

	arena_init(&arena);
	for (uint32_t next = key_index_get(index, key); next; next = index->before[next - 1]) {
		uint32_t row = next - 1;

		if (!str_eq(cells_key(facts, FACT_LEADS, row, &arena), key) ||
		    (source.len && !str_eq(facts_source(facts, FACT_LEADS, row), source)))
			continue;
		for (size_t i = found < most ? found : most; i-- > 0;)
			if (i + 1 < most)
				rows[i + 1] = rows[i];
		if (most)
			rows[0] = row;
		found++;
	}
	arena_release(&arena);
	return found;
}

size_t cells_find(const struct facts *facts, enum fact fact, struct str source, struct str key, uint32_t *rows,
		  size_t most)
{
	const struct column *keys = facts_known_column(facts, fact, "key");
	uint32_t count = facts_rows(facts, fact);
	struct key_walk walk;
	size_t found = 0;

	if (!keys->at.keys)
		return 0;
	if (facts->lead_keys && fact == FACT_LEADS)
		return find_by_index(facts, source, key, rows, most);
	key_walk_init(&walk, keys->at.keys);
	for (uint32_t row = 0; row < count; row++) {
		if (!str_eq(key_walk_next(&walk), key))
			continue;
		if (source.len && !str_eq(facts_source(facts, fact, row), source))
			continue;
		if (found < most)
			rows[found] = row;
		found++;
	}
	key_walk_release(&walk);
	return found;
}

void cells_find_all(const struct facts *facts, enum fact fact, const struct table *keys,
		    void (*each)(void *context, uint64_t *value, uint32_t row), void *context)
{
	const struct column *column = facts_known_column(facts, fact, "key");
	uint32_t count = facts_rows(facts, fact);
	struct key_walk walk;

	if (!column->at.keys || !keys->count)
		return;
	key_walk_init(&walk, column->at.keys);
	for (uint32_t row = 0; row < count; row++) {
		uint64_t *value = table_get(keys, key_walk_next(&walk));

		if (value)
			each(context, value, row);
	}
	key_walk_release(&walk);
}

/* ---- who sees it ---- */

/* As the scope of a question is read (plan.c): the row's own column, else its lead's, else its opportunity's. */
static struct str whose(const struct facts *facts, enum fact fact, uint32_t row, const char *name)
{
	static const char *const ways[] = { "lead", "opportunity" };
	const struct column *own = facts_column(facts, fact, str_of(name));

	if (own)
		return own->def.type == COLUMN_NAME ? cell_name(own, row) : STR_NONE;
	for (size_t i = 0; i < 2; i++) {
		const struct column *ref = facts_column(facts, fact, str_of(ways[i]));
		uint32_t to;

		if (!ref || ref->def.type != COLUMN_REF || !facts_column(facts, ref->def.target, str_of(name)))
			continue;
		to = cell_ref(ref, row);
		return to == REF_NONE ? STR_NONE : cell_name(cells_of(facts, ref->def.target, name), to);
	}
	return STR_NONE;
}

static bool is_called(const struct facts *facts, enum fact fact, uint32_t row, const char *column, struct str name)
{
	return name.len && str_eq(whose(facts, fact, row, column), name);
}

bool cells_seen(const struct facts *facts, enum fact fact, uint32_t row, const struct scope *scope)
{
	if (scope->kind == SCOPE_ALL)
		return true;
	if (fact == FACT_SPEND)
		return false;
	switch (scope->kind) {
	case SCOPE_OWNER:
		return is_called(facts, fact, row, "owner", scope->name) ||
		       is_called(facts, fact, row, "team", scope->team);
	case SCOPE_TEAM: return is_called(facts, fact, row, "team", scope->name);
	case SCOPE_PARTNER: return is_called(facts, fact, row, "partner", scope->name);
	default: return false;
	}
}
