/* Stays of deals in stages against the limits agreed. */
#include "desk/judge_inner.h"
#include "facts/judged.h"

/* By version, then by code of the stages' names: the limit, of no amount where none is agreed. */
static struct allowance *limits_of(const struct judge *judge, const struct column *stages, struct arena *arena)
{
	uint32_t codes = rows_codes(stages);
	struct allowance *limits = ARENA_ARRAY(arena, struct allowance, judge->terms.count * codes + 1);

	for (size_t v = 0; v < judge->terms.count; v++) {
		const struct agreement *agreement = judge->terms.versions[v].agreement;

		for (uint32_t code = 1; code < codes; code++)
			for (size_t i = 0; i < agreement->stage_count; i++)
				if (str_eq_fold(agreement->stages[i].name, rows_name(stages, code)))
					limits[v * codes + code] = agreement->stages[i].limit;
	}
	return limits;
}

void judge_stage_limits(struct facts *facts, const struct judge_terms *terms, int64_t now_ms)
{
	const struct judge_version *version = NULL;
	struct agreed_limit *limits;
	struct arena arena;
	size_t count = 0;

	for (size_t v = 0; v < terms->count && terms->versions[v].from_ms <= now_ms; v++)
		version = &terms->versions[v];
	arena_init(&arena);
	limits = ARENA_ARRAY(&arena, struct agreed_limit, version ? version->agreement->stage_count + 1 : 1);
	for (size_t i = 0; version && i < version->agreement->stage_count; i++) {
		const struct agreed_stage *stage = &version->agreement->stages[i];

		if (stage->limit.amount)
			limits[count++] = (struct agreed_limit){ stage->name, stage->limit };
	}
	facts_agree_limits(facts, limits, count, version ? version->calendar : NULL);
	arena_release(&arena);
}

/* The last instant that is still within the limit: limits of days allow the whole last day, whatever the time of day a deal came. */
static int64_t last_ms(const struct judge_version *version, int64_t entered_ms, struct allowance limit)
{
	int64_t due_ms = calendar_due_ms(version->calendar, entered_ms, limit);

	if (due_ms == CALENDAR_NEVER || (limit.kind != ALLOW_CALENDAR_DAYS && limit.kind != ALLOW_WORKING_DAYS))
		return due_ms;
	return calendar_day_end_ms(version->calendar, due_ms);
}

void judge_stages(const struct judge *judge)
{
	const struct column *stages = cells_of(judge->facts, FACT_STAGE_VISITS, "stage");
	const struct column *entered = cells_of(judge->facts, FACT_STAGE_VISITS, "entered");
	const struct column *left = cells_of(judge->facts, FACT_STAGE_VISITS, "left");
	struct column *over = judged_column(judge->facts, FACT_STAGE_VISITS, "over_limit");
	const struct allowance *limits;
	struct arena arena;

	arena_init(&arena);
	limits = limits_of(judge, stages, &arena);
	for (uint32_t row = 0; row < facts_rows(judge->facts, FACT_STAGE_VISITS); row++) {
		int64_t entered_ms = cell_time_ms(entered, row), left_ms = cell_time_ms(left, row), due_ms;
		const struct judge_version *version;
		struct allowance limit;

		if (entered_ms == CELL_NEVER || entered_ms == CELL_UNKNOWN || left_ms == CELL_UNKNOWN)
			continue;
		version = judge_version_at(judge, entered_ms);
		if (!version)
			continue;
		limit = limits[(size_t)(version - judge->terms.versions) * rows_codes(stages) + rows_code(stages, row)];
		due_ms = limit.amount ? last_ms(version, entered_ms, limit) : CALENDAR_NEVER;
		if (due_ms < judge->options.now_ms && left_ms > due_ms)
			judged_set_time(over, row, (uint32_t)(due_ms / 1000));
	}
	judged_done(judge->facts, over);
	arena_release(&arena);
}
