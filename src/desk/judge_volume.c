/* Promises of a number in each day, week, month, quarter or year: asked of the facts, period by period. */
#include <math.h>
#include <stdlib.h>

#include "base/date.h"
#include "desk/judge_inner.h"

static uint32_t seconds_of_day(const struct judge *judge, int32_t date)
{
	return (uint32_t)(zone_day_start_ms(facts_zone(judge->facts), date) / 1000);
}

static struct judged_row *add_row(struct judged_volumes *out)
{
	if (out->rows.count == out->rows.capacity) {
		out->rows.capacity = out->rows.capacity ? out->rows.capacity * 2 : 64;
		out->rows.rows = must_realloc(out->rows.rows, out->rows.capacity * sizeof(*out->rows.rows));
		out->counted = must_realloc(out->counted, out->rows.capacity * sizeof(*out->counted));
	}
	return &out->rows.rows[out->rows.count];
}

struct asking {
	const struct judge *judge;
	const struct judge_version *version;
	const struct promise_def *promise;
	struct arena arena;
	int32_t today;
	struct judged_volumes *out;
};

/* Of a number that falls short: could what the book does not know have made up for it? There is nothing of the kind in it at all; or what
 * counts has no known day: of a count so many that they would have reached it, of another number more than have one. */
static bool is_unknown(const struct asking *a, const struct answer *answer, double counted)
{
	const struct answer_row *row = &answer->rows[0];
	enum fact fact;

	if (fact_by_name(answer->of, &fact) && !facts_rows(a->judge->facts, fact))
		return true;
	if (!row->unknown_time)
		return false;
	return row->type == ANSWER_COUNT ? counted + (double)row->unknown_time >= a->promise->at_least
					 : row->unknown_time > row->n;
}

/* A period that is over is kept or broken; one in which there was nothing to count, or of which that is not known, is neither. */
static enum promise_state state_of(const struct promise_def *promise, double counted, bool over)
{
	if (!over)
		return PROMISE_RUNNING;
	if (isnan(counted))
		return PROMISE_VOID;
	return counted >= promise->at_least ? PROMISE_MET : PROMISE_BROKEN;
}

static double counted_in(const struct answer *answer)
{
	if (answer->row_count == 0 || answer->rows[0].type == ANSWER_NONE)
		return NAN;
	return answer->rows[0].type == ANSWER_MONEY ? (double)answer->rows[0].minor / 100 : answer->rows[0].value;
}

static int judge_period(struct asking *a, int32_t from, int32_t to, struct err *err)
{
	const struct judge_terms *terms = &a->judge->terms;
	struct question question = { .measure = arena_cstr(&a->arena, a->promise->count),
				     .as_of = a->today,
				     .from = from,
				     .to = to,
				     .threads = a->judge->options.threads,
				     .scope = SCOPE_EVERYTHING };
	struct answer answer;
	struct judged_row *row;
	struct err own = ERR_INIT;
	double counted;
	bool over = seconds_of_day(a->judge, to) * INT64_C(1000) <= a->judge->options.now_ms + 1;
	int failed = measure_ask(a->judge->facts, &question, &a->arena, &answer, &own);

	/* One deal in another currency: that sum is not known. Nothing else stops for it. */
	if (failed && failed != ERR_CURRENCY)
		return err_set(err, own.kind, "%s", own.text);
	counted = failed ? NAN : counted_in(&answer);
	if (over && counted < a->promise->at_least && is_unknown(a, &answer, counted))
		counted = NAN;
	row = add_row(a->out);
	a->out->counted[a->out->rows.count] = counted;
	*row = (struct judged_row){
		.lead = REF_NONE,
		.started = seconds_of_day(a->judge, from),
		.due = seconds_of_day(a->judge, to) - 1,
		.owner = (uint32_t)a->out->rows.count,
		.version = (uint16_t)(a->version - terms->versions),
		.promise = (uint16_t)(a->promise - a->version->agreement->promises),
		.type = -1,
		.state = (uint8_t)state_of(a->promise, counted, over),
	};
	if (row->state == PROMISE_MET)
		row->stopped = row->due;
	a->out->rows.count++;
	arena_reset(&a->arena);
	return 0;
}

/* The whole periods that began in [from_ms, until_ms), when the version was in force, from the first day there is. */
static int judge_periods(struct asking *a, int32_t first_day, int64_t from_ms, int64_t until_ms, struct err *err)
{
	const struct zone *zone = facts_zone(a->judge->facts);
	enum every every = a->promise->every;
	int32_t first = first_day, from;
	int failed = 0;

	if (from_ms > zone_day_start_ms(zone, first_day))
		first = zone_date(zone, from_ms);
	from = every_start(every, first);
	if (from < first_day)
		from = every_next(every, from);
	for (int32_t next; !failed && from <= a->today && zone_day_start_ms(zone, from) < until_ms; from = next) {
		next = every_next(every, from);
		if (zone_day_start_ms(zone, from) >= from_ms)
			failed = judge_period(a, from, next, err);
	}
	return failed;
}

int judge_volumes(const struct judge *judge, struct judged_volumes *out, struct err *err)
{
	int32_t first_day = facts_first_day(judge->facts);
	struct asking a = { .judge = judge, .out = out };
	int failed = 0;

	if (first_day == DATE_NONE)
		return 0;
	a.today = zone_date(facts_zone(judge->facts), judge->options.now_ms);
	arena_init(&a.arena);
	for (size_t v = 0; v < judge->terms.count && !failed; v++) {
		int64_t until_ms = v + 1 < judge->terms.count ? judge->terms.versions[v + 1].from_ms : INT64_MAX;
		int64_t from_ms = judge->terms.versions[v].from_ms;

		a.version = &judge->terms.versions[v];
		if (from_ms < judge->options.numbers_from_ms)
			from_ms = judge->options.numbers_from_ms;
		for (size_t i = 0; i < a.version->agreement->promise_count && !failed; i++) {
			a.promise = &a.version->agreement->promises[i];
			if (a.promise->kind == PROMISE_VOLUME)
				failed = judge_periods(&a, first_day, from_ms, until_ms, err);
		}
	}
	arena_release(&a.arena);
	return failed;
}

int judge_numbers(const struct judge *judge, struct judged_volume **out, size_t *count, struct arena *arena,
		  struct err *err)
{
	struct judged_volumes volumes = { .counted = NULL };
	int failed = judge_volumes(judge, &volumes, err);

	*count = failed ? 0 : volumes.rows.count;
	*out = ARENA_ARRAY(arena, struct judged_volume, *count + 1);
	for (size_t i = 0; i < *count; i++) {
		const struct judged_row *row = &volumes.rows.rows[i];
		const struct judge_version *version = &judge->terms.versions[row->version];

		(*out)[i] = (struct judged_volume){ .version = version,
						    .promise = &version->agreement->promises[row->promise],
						    .start_ms = (int64_t)row->started * 1000,
						    .due_ms = (int64_t)row->due * 1000,
						    .counted = volumes.counted[row->owner],
						    .state = (enum promise_state)row->state };
	}
	free(volumes.rows.rows);
	free(volumes.counted);
	return failed;
}
