/* Historic columns as they stood at the end of a past day.
 *
 * A deal or lead that was closed by then keeps its final values: a closed one no longer changes. Of the others the value is the last
 * one noted by then; where none was, nobody knows, and the value is empty. */
#include "facts/packed.h"

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

static void set_same(struct column *past, const struct column *column, uint32_t row)
{
	switch (column->def.type) {
	case COLUMN_NUMBER: past->at.numbers[row] = column_number(column, row); break;
	case COLUMN_MONEY:
		past->at.moneys[row] = column_money(column, row);
		past->currency[row] = column_currency(column, row);
		break;
	default: past->at.codes[row] = column_code(column, row);
	}
}

static void set_version(struct column *past, uint32_t row, const struct version *version)
{
	switch (past->def.type) {
	case COLUMN_NUMBER: past->at.numbers[row] = version->value.number; break;
	case COLUMN_MONEY:
		past->at.moneys[row] = version->value.minor;
		past->currency[row] = version->currency;
		break;
	default: past->at.codes[row] = version->value.code;
	}
}

struct column *history_column(const struct facts *facts, const struct column *column, struct history_view view,
			      struct arena *arena)
{
	const struct column *const ends[ENDS] = { facts_known_column(facts, column->fact, "won"),
						  facts_known_column(facts, column->fact, "lost"),
						  facts_known_column(facts, column->fact, "discontinued") };
	uint32_t rows = facts_rows(facts, column->fact);
	struct column *past = column_blank(column, rows, arena);
	size_t v = 0;

	if (!column->at.any)
		past->at.any = NULL;
	for (uint32_t row = 0; column->at.any && row < rows; row++) {
		const struct version *last = NULL;

		for (; v < column->version_count && column->versions[v].row <= row; v++) {
			if (column->versions[v].row == row && column->versions[v].from < view.end)
				last = &column->versions[v];
		}
		if (over(ends, row, view.end))
			set_same(past, column, row);
		else if (last)
			set_version(past, row, last);
		else if (!column_empty(column, row))
			*view.no_history = true;
	}
	return past;
}
