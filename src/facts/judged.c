#include "facts/judged.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "facts/facts_builder.h"
#include "facts/packed.h"

/* ---- columns ---- */

static void forget(struct column *column)
{
	free(column->at.any);
	free(column->bases);
	free(column->ranges);
	column->at.any = NULL;
	column->bases = NULL;
	column->ranges = NULL;
	column->width = (uint8_t)column_type_bytes(column->def.type);
	column->capacity = 0;
	column->first_time = UINT32_MAX;
	column->last_time = 0;
	if (column->dict) {
		dict_release(column->dict);
		dict_init(column->dict);
	}
	column_note(column, 0);
}

void facts_judge_begin(struct facts *facts)
{
	struct fact_table *table = &facts->tables[FACT_PROMISES];

	for (size_t i = 1; i < table->column_count; i++)
		forget(table->columns[i]);
	key_list_release(table->columns[0]->at.keys);
	key_list_init(table->columns[0]->at.keys);
	for (enum fact f = 0; f < FACT_PROMISES; f++)
		for (size_t i = 0; i < facts->tables[f].column_count; i++)
			if (facts->tables[f].columns[i]->def.judged)
				forget(facts->tables[f].columns[i]);
	table->rows = table->capacity = 0;
}

void facts_judge_promises(struct facts *facts, uint32_t rows)
{
	if (rows > UINT32_MAX / 2)
		BUG("more than 2^31 promises");
	facts->tables[FACT_PROMISES].rows = facts->tables[FACT_PROMISES].capacity = rows;
}

struct column *judged_column(struct facts *facts, enum fact fact, const char *name)
{
	struct column *column = facts_known_column(facts, fact, name);

	builder_writable(facts, column);
	return column;
}

uint32_t judged_code(struct column *column, struct str name)
{
	return dict_code(column->dict, name);
}

void judged_set_time(struct column *column, uint32_t row, uint32_t seconds)
{
	column->at.times[row] = seconds;
}

void judged_set_code(struct column *column, uint32_t row, uint32_t code)
{
	if (column->def.type == COLUMN_FLAG)
		column->at.flags[row] = (uint8_t)code;
	else
		column->at.codes[row] = code;
}

void judged_set_ref(struct column *column, uint32_t row, uint32_t ref)
{
	column->at.refs[row] = ref;
}

void judged_set_number(struct column *column, uint32_t row, double number)
{
	column->at.numbers[row] = number;
}

void judged_done(struct facts *facts, struct column *column)
{
	const struct fact_table *table = &facts->tables[column->fact];

	column_note(column, table->rows);
	if (column->dict)
		dict_seal(column->dict);
	column_pack(column, table->rows);
	/* Of facts that follow a book there may be room for more rows: all columns have it, or none. */
	column_grow(column, table->capacity);
}

/* ---- the whole ---- */

/* Promises stand in order of their leads, so that the leads' keys are met in order too. */
static void fill_keys(struct facts *facts)
{
	const struct column *lead = facts_known_column(facts, FACT_PROMISES, "lead");
	struct key_list *keys = facts->tables[FACT_PROMISES].columns[0]->at.keys;
	uint32_t next = 0;
	struct key_walk walk;
	struct str key = STR_NONE;

	key_walk_init(&walk, facts->tables[FACT_LEADS].columns[0]->at.keys);
	for (uint32_t row = 0; row < facts->tables[FACT_PROMISES].rows; row++) {
		uint32_t target = column_empty(lead, row) ? REF_NONE : column_ref(lead, row);

		while (target != REF_NONE && next <= target) {
			key = key_walk_next(&walk);
			next++;
		}
		key_list_add(keys, target == REF_NONE ? STR_NONE : key);
	}
	key_walk_release(&walk);
	key_list_seal(keys);
}

void facts_judge_end(struct facts *facts)
{
	fill_keys(facts);
	dict_seal(&facts->tables[FACT_PROMISES].source_names);
}

/* ---- who asks ---- */

static bool is_word_part(char c)
{
	return isalnum((unsigned char)c) || c == '_';
}

static bool names(const char *text, const char *word)
{
	size_t len = strlen(word);

	for (const char *at = strstr(text, word); at; at = strstr(at + 1, word))
		if ((at == text || !is_word_part(at[-1])) && !is_word_part(at[len]))
			return true;
	return false;
}

unsigned judging_needed(const char *text)
{
	unsigned need = 0;

	if (!text)
		return 0;
	if (names(text, fact_name(FACT_PROMISES)))
		need |= JUDGING_AGREEMENT;
	for (enum fact f = 0; f < FACT_PROMISES; f++)
		for (const struct column_def *def = catalogue_of(f); def->name; def++)
			if (def->judged && names(text, def->name))
				need |= def->lived ? JUDGING_LIFE : JUDGING_AGREEMENT;
	return need;
}

bool limits_needed(const char *text)
{
	return text && (names(text, "stagnant") || names(text, "limit_days"));
}
