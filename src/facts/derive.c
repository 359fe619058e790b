/* Derived columns: what follows from others for one as-of day. What a row's own times tell is worked out batch by batch, like any
 * expression; what other rows have a say in is made whole for each question that asks for it. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "domain/statistics.h"
#include "facts/packed.h"

enum { FEWEST_VISITS = 20 };

struct derivation {
	const struct facts *facts;
	const struct column *column;
	struct column *out;
	struct arena *arena;
	bool *no_history;
	int32_t as_of;
	uint32_t end, rows;
	bool present;
};

/* A milestone as of the day. */
static uint32_t time_at(const struct derivation *d, const struct column *column, uint32_t row)
{
	uint32_t t = column->at.any ? column->at.times[row] : TIME_NOT_REACHED;

	return t >= d->end && t != TIME_UNKNOWN ? TIME_NOT_REACHED : t;
}

static const struct column *sibling(const struct derivation *d, const char *name)
{
	return facts_known_column(d->facts, d->column->fact, name);
}

static bool reached_any(const struct derivation *d, const struct column *const *columns, size_t count, uint32_t row)
{
	for (size_t i = 0; i < count; i++) {
		if (time_at(d, columns[i], row) != TIME_NOT_REACHED)
			return true;
	}
	return false;
}

static uint8_t *flags_of(struct derivation *d)
{
	d->out->at.flags = ARENA_ARRAY(d->arena, uint8_t, d->rows);
	return d->out->at.flags;
}

static void derive_closed(struct derivation *d)
{
	const struct column *won = sibling(d, "won"), *lost = sibling(d, "lost");

	d->out->at.times = ARENA_ARRAY(d->arena, uint32_t, d->rows);
	d->out->last_time = won->last_time > lost->last_time ? won->last_time : lost->last_time;
	for (uint32_t i = 0; i < d->rows; i++) {
		uint32_t t = time_at(d, won, i);

		d->out->at.times[i] = t != TIME_NOT_REACHED ? t : time_at(d, lost, i);
	}
}

static bool known(uint32_t t)
{
	return t != TIME_NOT_REACHED && t != TIME_UNKNOWN;
}

/* ---- what a row's own times tell ---- */

struct row_rule {
	struct derivation d;
	bool age; /* else open */
	const struct column *created, *rejected, *recycled;
	const struct column *ends[5];
	size_t end_count;
};

static bool is_open(const struct row_rule *rule, uint32_t row)
{
	const struct derivation *d = &rule->d;

	if (reached_any(d, rule->ends, rule->end_count, row))
		return false;
	return !rule->rejected || time_at(d, rule->rejected, row) == TIME_NOT_REACHED ||
	       time_at(d, rule->recycled, row) != TIME_NOT_REACHED;
}

/* Leads: to the as-of day. Opportunities: to the end of the deal, where it has ended. */
static double age_of(const struct row_rule *rule, uint32_t row)
{
	const struct derivation *d = &rule->d;
	uint32_t from = time_at(d, rule->created, row), to = TIME_NOT_REACHED;

	for (size_t k = 0; k < rule->end_count && to == TIME_NOT_REACHED; k++)
		to = time_at(d, rule->ends[k], row);
	if (!known(from) || to == TIME_UNKNOWN)
		return NAN;
	return (to ? facts_date(d->facts, to) : d->as_of) - facts_date(d->facts, from);
}

const struct row_rule *derive_rule(const struct facts *facts, const struct column *column, int32_t as_of, uint32_t end,
				   struct arena *arena)
{
	bool age = !strcmp(column->def.name, "age"), leads = column->fact == FACT_LEADS;
	struct row_rule *rule;

	if (!column->def.derived || (!age && strcmp(column->def.name, "open") != 0))
		return NULL;
	rule = ARENA_NEW(arena, struct row_rule);
	rule->d = (struct derivation){ .facts = facts, .column = column, .as_of = as_of, .end = end };
	rule->age = age;
	rule->created = age ? sibling(&rule->d, "created") : NULL;
	if (!age || !leads) {
		rule->ends[rule->end_count++] = sibling(&rule->d, "won");
		rule->ends[rule->end_count++] = sibling(&rule->d, "lost");
		rule->ends[rule->end_count++] = sibling(&rule->d, "discontinued");
	}
	if (!age && leads) {
		rule->ends[rule->end_count++] = sibling(&rule->d, "disqualified");
		rule->ends[rule->end_count++] = sibling(&rule->d, "voided");
		rule->rejected = sibling(&rule->d, "rejected");
		rule->recycled = sibling(&rule->d, "recycled");
	}
	return rule;
}

void derive_rows(const struct row_rule *rule, const uint32_t *rows, uint32_t start, uint32_t count, void *out)
{
	uint8_t *flags = out;
	double *numbers = out;

	for (uint32_t i = 0; i < count; i++) {
		uint32_t row = rows ? rows[i] : start + i;

		if (rule->age)
			numbers[i] = row == REF_NONE ? NAN : age_of(rule, row);
		else
			flags[i] = row == REF_NONE ? FLAG_EMPTY : is_open(rule, row) ? FLAG_YES : FLAG_NO;
	}
}

/* ---- stagnation ---- */

struct limit_sample {
	double *days;
	size_t count, capacity;
};

static int compare_doubles(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return x < y ? -1 : x > y;
}

/* Days of the visits that had moved on by the day, by stage code. */
static struct limit_sample *forward_visits(const struct derivation *d, const struct column *stage)
{
	const struct column *entered = facts_known_column(d->facts, FACT_STAGE_VISITS, "entered");
	const struct column *left = facts_known_column(d->facts, FACT_STAGE_VISITS, "left");
	const struct column *outcome = facts_known_column(d->facts, FACT_STAGE_VISITS, "outcome");
	struct limit_sample *samples = ARENA_ARRAY(d->arena, struct limit_sample, stage->dict->count);
	uint32_t forward = dict_find(outcome->dict, STR("forward")), rows = facts_rows(d->facts, FACT_STAGE_VISITS);

	for (uint32_t i = 0; stage->at.any && outcome->at.any && i < rows; i++) {
		struct limit_sample *sample = &samples[column_code(stage, i)];
		uint32_t from = time_at(d, entered, i), to = time_at(d, left, i);

		if (column_code(outcome, i) != forward || !known(from) || !known(to))
			continue;
		ARENA_PUSH(d->arena, sample->days, sample->count, sample->capacity);
		sample->days[sample->count++] = facts_date(d->facts, to) - facts_date(d->facts, from);
	}
	return samples;
}

/* What holds for a stage. */
struct stage_limit {
	double days; /* NaN: by `allowed`, or no limit is known */
	struct allowance allowed;
};

/* By code of stage_visits.stage. */
static struct stage_limit *limits(const struct derivation *d)
{
	const struct column *stage = facts_known_column(d->facts, FACT_STAGE_VISITS, "stage");
	struct limit_sample *samples = forward_visits(d, stage);
	struct stage_limit *out = ARENA_ARRAY(d->arena, struct stage_limit, stage->dict->count);

	out[0].days = NAN;
	for (uint32_t code = 1; code < stage->dict->count; code++) {
		const struct agreed_limit *agreed = facts_agreed_limit(d->facts, stage->dict->names[code]);
		const struct stage_def *def = facts_stage(d->facts, stage->dict->names[code]);

		out[code].days = NAN;
		if (agreed && agreed->limit.kind == ALLOW_CALENDAR_DAYS) {
			out[code].days = (double)agreed->limit.amount;
		} else if (agreed) {
			out[code].allowed = agreed->limit;
		} else if (def && def->limit_days > 0) {
			out[code].days = def->limit_days;
		} else if (samples[code].count >= FEWEST_VISITS) {
			qsort(samples[code].days, samples[code].count, sizeof(double), compare_doubles);
			out[code].days = percentile_sorted(samples[code].days, samples[code].count, 0.9);
		}
	}
	return out;
}

/* In days, whatever was agreed: from the day it entered to the last one on which it may be there. NaN: not known. */
static double limit_of(const struct derivation *d, const struct stage_limit *limit, uint32_t visit)
{
	const struct column *entered = facts_known_column(d->facts, FACT_STAGE_VISITS, "entered");
	uint32_t from = time_at(d, entered, visit);
	int64_t due_s;

	if (!limit->allowed.amount)
		return limit->days;
	if (!known(from))
		return NAN;
	due_s = calendar_due_ms(d->facts->calendar, (int64_t)from * 1000, limit->allowed) / 1000;
	if (due_s >= UINT32_MAX)
		return NAN;
	return facts_date(d->facts, (uint32_t)due_s) - facts_date(d->facts, from);
}

static void derive_limit(struct derivation *d)
{
	const struct column *stage = sibling(d, "stage");
	struct stage_limit *limit = limits(d);

	d->out->at.numbers = ARENA_ARRAY(d->arena, double, d->rows);
	for (uint32_t i = 0; i < d->rows; i++)
		d->out->at.numbers[i] = stage->at.any ? limit_of(d, &limit[column_code(stage, i)], i) : NAN;
}

static bool over_limit(const struct derivation *d, const struct stage_limit *limit, uint32_t visit)
{
	const struct column *stage = facts_known_column(d->facts, FACT_STAGE_VISITS, "stage");
	const struct column *entered = facts_known_column(d->facts, FACT_STAGE_VISITS, "entered");
	const struct column *left = facts_known_column(d->facts, FACT_STAGE_VISITS, "left");
	uint32_t from = time_at(d, entered, visit);

	if (!stage->at.any || !known(from) || time_at(d, left, visit) != TIME_NOT_REACHED)
		return false;
	return d->as_of - facts_date(d->facts, from) > limit_of(d, &limit[column_code(stage, visit)], visit);
}

/* Deals that are open on the day and stand in one stage for too long. */
static void derive_stagnant(struct derivation *d)
{
	const struct column *deal = facts_known_column(d->facts, FACT_STAGE_VISITS, "opportunity");
	const struct column *ends[3] = { facts_known_column(d->facts, FACT_OPPORTUNITIES, "won"),
					 facts_known_column(d->facts, FACT_OPPORTUNITIES, "lost"),
					 facts_known_column(d->facts, FACT_OPPORTUNITIES, "discontinued") };
	bool of_visits = d->column->fact == FACT_STAGE_VISITS;
	struct stage_limit *limit = limits(d);
	uint8_t *out = flags_of(d);

	memset(out, FLAG_NO, d->rows);
	for (uint32_t v = 0; deal->at.any && v < facts_rows(d->facts, FACT_STAGE_VISITS); v++) {
		uint32_t row = column_ref(deal, v);

		if (row != REF_NONE && over_limit(d, limit, v) && !reached_any(d, ends, 3, row))
			out[of_visits ? v : row] = FLAG_YES;
	}
}

/* Closed deals that nobody saw in a stage before closing: whether they reached a bid is not known. Where that is so of all of them, the
 * open ones alone would say that nothing ever comes of a bid, so it is known of none. */
static void forget_unseen(struct derivation *d, const bool *seen, uint8_t *out)
{
	const struct column *won = sibling(d, "won"), *lost = sibling(d, "lost");
	uint32_t closed = 0, known_of = 0;

	for (uint32_t i = 0; i < d->rows; i++) {
		if (time_at(d, won, i) == TIME_NOT_REACHED && time_at(d, lost, i) == TIME_NOT_REACHED)
			continue;
		closed++;
		known_of += seen[i];
		if (!seen[i] && out[i] != FLAG_YES)
			out[i] = 0;
	}
	if (closed && !known_of)
		memset(out, 0, d->rows);
}

static void derive_bid(struct derivation *d)
{
	bool *seen = ARENA_ARRAY(d->arena, bool, d->rows);
	const struct column *deal = facts_known_column(d->facts, FACT_STAGE_VISITS, "opportunity");
	const struct column *stage = facts_known_column(d->facts, FACT_STAGE_VISITS, "stage");
	const struct column *entered = facts_known_column(d->facts, FACT_STAGE_VISITS, "entered");
	bool *bids = ARENA_ARRAY(d->arena, bool, stage->dict->count);
	bool *before = ARENA_ARRAY(d->arena, bool, stage->dict->count); /* closing */
	uint8_t *out = flags_of(d);

	for (uint32_t code = 1; code < stage->dict->count; code++) {
		const struct stage_def *def = facts_stage(d->facts, stage->dict->names[code]);

		bids[code] = def && def->bid;
		before[code] = def && (def->bid || !strcmp(def->means, "open") || !strcmp(def->means, "on_hold"));
	}
	memset(out, FLAG_NO, d->rows);
	for (uint32_t v = 0; deal->at.any && stage->at.any && v < facts_rows(d->facts, FACT_STAGE_VISITS); v++) {
		uint32_t row = column_ref(deal, v);
		/* A stage whose entry nobody dated was entered all the same. */
		bool later = entered->at.any && known(entered->at.times[v]) && entered->at.times[v] >= d->end;

		if (row == REF_NONE || later)
			continue;
		if (bids[column_code(stage, v)])
			out[row] = FLAG_YES;
		if (before[column_code(stage, v)])
			seen[row] = true;
	}
	forget_unseen(d, seen, out);
}

/* An account's first won deal; among deals won at the same time the one that came first, among undated ones likewise. */
static void derive_net_new(struct derivation *d)
{
	const struct column *won = sibling(d, "won"), *account = sibling(d, "account");
	uint32_t *first = ARENA_ARRAY(d->arena, uint32_t, account->dict->count);
	uint8_t *out = flags_of(d);

	memset(out, FLAG_NO, d->rows);
	memset(first, 0xff, account->dict->count * sizeof(*first));
	for (uint32_t i = 0; account->at.any && i < d->rows; i++) {
		uint32_t t = time_at(d, won, i), code = column_code(account, i);

		if (t == TIME_NOT_REACHED || code == 0)
			continue;
		/* TIME_UNKNOWN is the greatest: a dated deal goes before. */
		if (first[code] == UINT32_MAX || t < time_at(d, won, first[code]))
			first[code] = i;
	}
	for (uint32_t code = 1; code < account->dict->count; code++) {
		if (first[code] != UINT32_MAX)
			out[first[code]] = FLAG_YES;
	}
}

struct column *derive_column(const struct facts *facts, const struct column *column, int32_t as_of, uint32_t end,
			     bool present, bool *no_history, struct arena *arena)
{
	static const struct {
		const char *name;
		void (*derive)(struct derivation *d);
	} derivations[] = {
		{ "closed", derive_closed }, { "limit_days", derive_limit }, { "stagnant", derive_stagnant },
		{ "bid", derive_bid },       { "net_new", derive_net_new },
	};
	struct derivation d = { .facts = facts,
				.column = column,
				.out = column_blank(column, 0, arena),
				.arena = arena,
				.no_history = no_history,
				.as_of = as_of,
				.end = end,
				.rows = facts_rows(facts, column->fact),
				.present = present };

	for (size_t i = 0; d.rows && i < sizeof(derivations) / sizeof(*derivations); i++) {
		if (!strcmp(column->def.name, derivations[i].name)) {
			derivations[i].derive(&d);
			return d.out;
		}
	}
	if (d.rows)
		BUG("nothing derives %s", column->def.name);
	return d.out;
}
