/* What a stretch of rows can hold: the least and greatest time of each chunk, so that whole chunks are left out of a question, or
 * taken without a look at each row. */
#include <stdlib.h>

#include "facts/plan.h"

static struct chunk_range range_of(const uint32_t *times, uint32_t count)
{
	struct chunk_range range = { UINT32_MAX, 0, false, false };

	for (uint32_t i = 0; i < count; i++) {
		uint32_t t = times[i];
		bool known = t != TIME_NOT_REACHED && t != TIME_UNKNOWN;

		range.empty |= t == TIME_NOT_REACHED;
		range.unknown |= t == TIME_UNKNOWN;
		range.least = known && t < range.least ? t : range.least;
		range.most = known && t > range.most ? t : range.most;
	}
	return range;
}

static void note_times(struct column *column, uint32_t rows)
{
	column->ranges = must_calloc(rows / FACT_CHUNK + 1, sizeof(*column->ranges));
	column->first_time = UINT32_MAX;
	column->last_time = 0;
	for (uint32_t at = 0; at < rows; at += FACT_CHUNK) {
		uint32_t count = rows - at < FACT_CHUNK ? rows - at : FACT_CHUNK;
		struct chunk_range range = range_of(column->at.times + at, count);

		column->ranges[at / FACT_CHUNK] = range;
		if (range.most > column->last_time)
			column->last_time = range.most;
		if (range.least < column->first_time)
			column->first_time = range.least;
	}
}

static void note_refs(struct column *column, uint32_t rows)
{
	uint32_t run = 1, longest = 1, last = rows ? column_ref(column, 0) : 0;

	for (uint32_t i = 1; i < rows; i++) {
		uint32_t ref = column_ref(column, i);

		if (ref < last)
			return;
		run = ref == last && ref != REF_NONE ? run + 1 : 1;
		longest = run > longest ? run : longest;
		last = ref;
	}
	column->longest_run = longest;
}

void column_note(struct column *column, uint32_t rows)
{
	free(column->ranges);
	column->ranges = NULL;
	column->longest_run = 0;
	if (!column->at.any)
		return;
	if (column->def.type == COLUMN_TIME)
		note_times(column, rows);
	else if (column->def.type == COLUMN_REF)
		note_refs(column, rows);
}

static enum surely within(const struct chunk_range *range, uint32_t low, uint32_t high)
{
	if (range->least > range->most || range->most < low || range->least >= high)
		return SURELY_NOT;
	return !range->empty && !range->unknown && range->least >= low && range->most < high ? SURELY : PERHAPS;
}

static enum surely reached(const struct plan *plan, const struct node *time, uint32_t chunk)
{
	const struct chunk_range *range;
	uint32_t cut;

	if (time->op != OP_COLUMN || time->hop_count || !time->column->ranges)
		return PERHAPS;
	range = &time->column->ranges[chunk];
	cut = time_cut(plan, time);
	if (!range->unknown && (range->least > range->most || range->least >= cut))
		return SURELY_NOT;
	return !range->empty && range->most < cut ? SURELY : PERHAPS;
}

enum surely zone_condition(const struct plan *plan, const struct node *node, uint32_t chunk)
{
	const struct column *column;
	uint32_t low, high;
	enum surely a, b;

	switch (node->op) {
	case OP_AND:
		a = zone_condition(plan, node->a, chunk);
		b = a == SURELY_NOT ? a : zone_condition(plan, node->b, chunk);
		return a < b ? a : b;
	case OP_OR:
		a = zone_condition(plan, node->a, chunk);
		b = a == SURELY ? a : zone_condition(plan, node->b, chunk);
		return a > b ? a : b;
	case OP_NOT: return SURELY - zone_condition(plan, node->a, chunk);
	case OP_REACHED: return reached(plan, node->a, chunk);
	case OP_IN_DAY:
	case OP_COMPARE_TIME:
		if (time_bounds(plan, node, &column, &low, &high) && column->ranges)
			return within(&column->ranges[chunk], low, high);
		return PERHAPS;
	default: return PERHAPS;
	}
}

enum surely zone_period(const struct plan *plan, const struct node *time, uint32_t chunk)
{
	const struct chunk_range *range;
	uint32_t cut;
	enum surely is;

	if (time->op != OP_COLUMN || time->hop_count || !time->column->ranges)
		return PERHAPS;
	range = &time->column->ranges[chunk];
	cut = time_cut(plan, time);
	is = within(range, plan->period_start, plan->period_end < cut ? plan->period_end : cut);
	return is == SURELY_NOT && range->unknown ? PERHAPS : is;
}
