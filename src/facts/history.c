/* Historic columns as they stood at the end of a past day.
 *
 * A deal or lead that was closed by then keeps its final values: a closed one no longer changes. Of the others the value is the last
 * one noted by then; where none was, nobody knows, and the value is empty. */
#include <math.h>
#include <string.h>

#include "facts/store.h"

enum { ENDS = 3 };

static bool over(const struct column *const ends[ENDS], uint32_t row, uint32_t end)
{
	for (size_t i = 0; i < ENDS; i++) {
		uint32_t t = ends[i]->at.any ? ends[i]->at.times[row] : TIME_NOT_REACHED;

		if (t != TIME_NOT_REACHED && (t == TIME_UNKNOWN || t < end))
			return true;
	}
	return false;
}

static bool is_empty(const struct column *column, uint32_t row)
{
	switch (column->def.type) {
	case COLUMN_NUMBER: return isnan(column->at.numbers[row]);
	case COLUMN_MONEY: return column->at.moneys[row] == MONEY_NONE;
	default: return column->at.codes[row] == 0;
	}
}

static void set_empty(struct column *column, uint32_t row)
{
	switch (column->def.type) {
	case COLUMN_NUMBER: column->at.numbers[row] = NAN; break;
	case COLUMN_MONEY: column->at.moneys[row] = MONEY_NONE; break;
	default: column->at.codes[row] = 0;
	}
}

static void set_version(struct column *column, uint32_t row, const struct version *version)
{
	switch (column->def.type) {
	case COLUMN_NUMBER: column->at.numbers[row] = version->value.number; break;
	case COLUMN_MONEY:
		column->at.moneys[row] = version->value.minor;
		column->currency[row] = version->currency;
		break;
	default: column->at.codes[row] = version->value.code;
	}
}

static void *copy(struct arena *arena, const void *from, size_t bytes)
{
	void *to = arena_alloc(arena, bytes ? bytes : 1);

	memcpy(to, from, bytes);
	return to;
}

struct column *history_column(const struct facts *facts, const struct column *column, struct history_view view,
			      struct arena *arena)
{
	static const size_t bytes[] = { [COLUMN_TIME] = 4,  [COLUMN_NAME] = 4, [COLUMN_NUMBER] = 8,
					[COLUMN_MONEY] = 8, [COLUMN_FLAG] = 1, [COLUMN_REF] = 4 };
	const struct column *const ends[ENDS] = { facts_known_column(facts, column->fact, "won"),
						  facts_known_column(facts, column->fact, "lost"),
						  facts_known_column(facts, column->fact, "discontinued") };
	uint32_t rows = facts_rows(facts, column->fact);
	struct column *past = ARENA_NEW(arena, struct column);
	size_t v = 0;

	*past = *column;
	past->ranges = NULL;
	past->longest_run = 0;
	if (!column->at.any)
		return past;
	past->at.any = copy(arena, column->at.any, rows * bytes[column->def.type]);
	if (column->currency)
		past->currency = copy(arena, column->currency, rows);
	for (uint32_t row = 0; row < rows; row++) {
		const struct version *last = NULL;

		for (; v < column->version_count && column->versions[v].row <= row; v++) {
			if (column->versions[v].row == row && column->versions[v].from < view.end)
				last = &column->versions[v];
		}
		if (over(ends, row, view.end))
			continue;
		if (last) {
			set_version(past, row, last);
		} else if (!is_empty(column, row)) {
			set_empty(past, row);
			*view.no_history = true;
		}
	}
	return past;
}
