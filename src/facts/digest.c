/* What a row is called, and what all columns together are. */
#include <sodium.h>

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "facts/packed.h"

static bool deal_name(const struct facts *facts, enum object object, struct str source, struct str key,
		      struct arena *arena, struct str *name)
{
	struct reading reading = { facts->known_at_ms, true };
	struct err err = ERR_INIT;
	struct state state;
	const struct value *value;
	bool found;

	/* A name that cannot be read is no error here: the id says as much. */
	if (book_state_of(facts->book, object, source, key, &reading, &state, &found, arena, &err) || !found)
		return false;
	value = record_get(&state.record, FIELD_NAME);
	if (!value || value->kind != VALUE_TEXT || !value->as.text.len)
		return false;
	*name = value->as.text;
	return true;
}

struct str facts_label(const struct facts *facts, enum fact fact, uint32_t row, struct arena *arena)
{
	static const enum object objects[FACT__COUNT] = {
		[FACT_OPPORTUNITIES] = OBJECT_OPPORTUNITY, [FACT_ORDERS] = OBJECT_ORDER
	};
	const struct fact_table *table = &facts->tables[fact];
	struct str key, name;

	if (row >= table->rows)
		return STR_NONE;
	if (fact == FACT_STAGE_VISITS) {
		const struct column *deal = facts_known_column(facts, fact, "opportunity");

		if (deal->at.any && column_ref(deal, row) != REF_NONE)
			return facts_label(facts, FACT_OPPORTUNITIES, column_ref(deal, row), arena);
	}
	key = key_list_at(table->columns[0]->at.keys, row, arena);
	if (facts->book && objects[fact] &&
	    deal_name(facts, objects[fact], facts_source(facts, fact, row), key, arena, &name))
		return name;
	return key;
}

static void add_u64(crypto_generichash_state *hash, uint64_t number)
{
	unsigned char bytes[8];

	for (int i = 0; i < 8; i++)
		bytes[i] = (unsigned char)(number >> (8 * i));
	crypto_generichash_update(hash, bytes, sizeof(bytes));
}

static void add_str(crypto_generichash_state *hash, struct str text)
{
	add_u64(hash, text.len);
	if (text.len)
		crypto_generichash_update(hash, (const unsigned char *)text.at, text.len);
}

static void add_keys(crypto_generichash_state *hash, const struct key_list *keys, uint32_t rows)
{
	struct key_walk walk;

	add_u64(hash, rows);
	key_walk_init(&walk, keys);
	for (uint32_t i = 0; i < rows; i++)
		add_str(hash, key_walk_next(&walk));
	key_walk_release(&walk);
}

/* The value, not how it stands: however wide it is. */
static void add_value(crypto_generichash_state *hash, const struct facts *facts, const struct column *column,
		      uint32_t row)
{
	double number;
	uint64_t bits;

	switch (column->def.type) {
	case COLUMN_NAME: add_str(hash, column->dict->names[column_code(column, row)]); break;
	case COLUMN_NUMBER:
		number = column_number(column, row);
		memcpy(&bits, &number, sizeof(bits));
		add_u64(hash, isnan(number) ? UINT64_MAX : bits);
		break;
	case COLUMN_MONEY:
		add_u64(hash, (uint64_t)column_money(column, row));
		if (column_money(column, row) != MONEY_NONE)
			add_str(hash, str_of(facts->currencies[column_currency(column, row)]));
		break;
	case COLUMN_REF: add_u64(hash, column_ref(column, row)); break;
	default: add_u64(hash, column_code(column, row));
	}
}

static bool column_has_values(const struct column *column, uint32_t rows)
{
	for (uint32_t i = 0; column->at.any && i < rows; i++) {
		if (!column_empty(column, i))
			return true;
	}
	return false;
}

static void add_column(crypto_generichash_state *hash, const struct facts *facts, const struct column *column,
		       uint32_t rows)
{
	add_str(hash, str_of(column->def.name));
	if (column->def.type == COLUMN_KEY) {
		add_keys(hash, column->at.keys, rows);
		return;
	}
	/* Whether a column in which nothing stands has an array is no difference. */
	if (!column_has_values(column, rows)) {
		add_u64(hash, 0);
		return;
	}
	add_u64(hash, rows);
	for (uint32_t i = 0; i < rows; i++)
		add_value(hash, facts, column, i);
}

/* What a historic column held before. */
static void add_versions(crypto_generichash_state *hash, const struct facts *facts, const struct column *column)
{
	add_u64(hash, column->version_count);
	for (size_t i = 0; i < column->version_count; i++) {
		const struct version *version = &column->versions[i];

		add_u64(hash, version->row);
		add_u64(hash, version->from);
		if (column->def.type == COLUMN_NAME)
			add_str(hash, column->dict->names[version->value.code]);
		else if (column->def.type == COLUMN_MONEY)
			add_str(hash, str_of(facts->currencies[version->currency]));
		if (column->def.type != COLUMN_NAME)
			add_u64(hash, (uint64_t)version->value.minor);
	}
}

static void add_stages(crypto_generichash_state *hash, const struct facts *facts)
{
	add_u64(hash, facts->stage_count);
	for (size_t i = 0; i < facts->stage_count; i++) {
		const struct stage_def *stage = &facts->stages[i];
		double limit_s = stage->limit_days * 86400;

		add_str(hash, stage->name);
		add_str(hash, str_of(stage->means));
		add_u64(hash, (uint64_t)stage->position);
		add_u64(hash, stage->bid);
		add_u64(hash, limit_s >= 0 && limit_s < 0x1p63 ? (uint64_t)limit_s : UINT64_MAX);
	}
}

static int by_name(const void *left, const void *right)
{
	const struct column *const *a = left, *const *b = right;

	return strcmp((*a)->def.name, (*b)->def.name);
}

/* Companies' own: facts that go on keep what nothing stands in any more, and the order in which they were met. */
static void add_customs(crypto_generichash_state *hash, const struct facts *facts, const struct fact_table *table)
{
	const struct column **customs = must_alloc((table->column_count + 1) * sizeof(*customs));
	size_t count = 0;

	for (size_t i = 0; i < table->column_count; i++) {
		if (table->columns[i]->def.custom && column_has_values(table->columns[i], table->rows))
			customs[count++] = table->columns[i];
	}
	if (count)
		qsort(customs, count, sizeof(*customs), by_name);
	for (size_t i = 0; i < count; i++) {
		add_column(hash, facts, customs[i], table->rows);
		add_versions(hash, facts, customs[i]);
	}
	free(customs);
}

void facts_digest(const struct facts *facts, unsigned char out[HASH_BYTES])
{
	crypto_generichash_state hash;

	crypto_generichash_init(&hash, NULL, 0, HASH_BYTES);
	for (enum fact f = 0; f < FACT_PROMISES; f++) {
		const struct fact_table *table = &facts->tables[f];

		add_str(&hash, str_of(fact_name(f)));
		add_u64(&hash, table->rows);
		for (size_t i = 0; i < table->column_count; i++) {
			if (table->columns[i]->def.custom || table->columns[i]->def.judged)
				continue;
			add_column(&hash, facts, table->columns[i], table->rows);
			add_versions(&hash, facts, table->columns[i]);
		}
		add_customs(&hash, facts, table);
	}
	add_stages(&hash, facts);
	crypto_generichash_final(&hash, out, HASH_BYTES);
}
