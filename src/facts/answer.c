/* From tallies to an answer: groups of several passes are aligned by their labels, top-N gathers the rest, the formula is worked out
 * row by row, and the rows are put in order. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "base/table.h"
#include "facts/plan.h"

/* The labels of one dimension, over all passes. */
struct label_set {
	struct table ids;
	struct label *labels;
	int64_t *n; /* rows by label: for the order of names */
	size_t count, capacity;
	uint32_t *final; /* by label: itself, or "other" */
};

struct out_group {
	uint32_t *ids;
	struct accumulator *accs; /* by aggregate */
};

struct running {
	struct running *next;
	const struct formula *formula;
	struct accumulator *accs; /* by row in their order */
};

struct build {
	struct plan *plan;
	const struct asked *asked; /* the measure answered; only its aggregates and their passes matter */
	struct pass_result *results;
	struct arena *arena;
	struct label_set *sets;
	uint32_t **local; /* [pass][group × dimension] label ids */
	struct table group_ids;
	struct out_group *groups;
	size_t count, capacity;
	uint32_t **renamed;            /* [pass][group] → out group */
	struct grouped_values *values; /* by aggregate, by out group */
	size_t *order;                 /* rows in their order */
	uint8_t *currencies;           /* by out group */
	struct running *running;
	bool too_large; /* an amount or a sum did not fit */
};

/* ---- aligning ---- */

static uint32_t label_id(struct build *b, struct label_set *set, struct label label)
{
	/* The empty label and a label of no characters are told apart by the first byte. What follows is the label's text from now on, with
	 * a NUL: names of keys go with the plan, others with the facts. */
	char *key = arena_alloc(b->arena, label.text.len + 2);
	bool is_new;
	uint64_t *id;

	key[0] = label.empty ? 'e' : 't';
	if (label.text.len)
		memcpy(key + 1, label.text.at, label.text.len);
	label.text.at = key + 1;
	id = table_put(&set->ids, (struct str){ key, label.text.len + 1 }, &is_new);
	if (!is_new)
		return (uint32_t)*id;
	if (set->count == set->capacity) {
		size_t more = set->capacity ? set->capacity * 2 : 32;

		set->labels = arena_grow(b->arena, set->labels, set->capacity * sizeof(*set->labels),
					 more * sizeof(*set->labels));
		set->n = arena_grow(b->arena, set->n, set->capacity * sizeof(*set->n), more * sizeof(*set->n));
		set->capacity = more;
	}
	set->labels[set->count] = label;
	*id = set->count;
	return (uint32_t)set->count++;
}

/* Rows that a group stands for in the eyes of the aggregate that gives the answer its n. */
static int64_t n_of(const struct build *b, size_t pass, uint32_t group)
{
	const struct plan *plan = b->plan;

	if (plan->aggregates[b->asked->n_aggregate].pass != pass)
		return 0;
	return b->results[pass].tallies[b->asked->n_aggregate].groups[group].n;
}

/* Passes that only other measures need leave no rows here. */
static bool is_asked(const struct build *b, size_t pass)
{
	for (size_t a = b->asked->first; a < b->asked->end; a++) {
		if (b->plan->aggregates[a].pass == pass)
			return true;
	}
	return false;
}

static void collect_labels(struct build *b)
{
	size_t dimensions = b->plan->dimension_count;

	for (size_t p = 0; p < b->plan->pass_count; p++) {
		const struct pass_result *result = &b->results[p];

		if (!is_asked(b, p))
			continue;

		b->local[p] = ARENA_ARRAY(b->arena, uint32_t, result->group_count * dimensions + 1);
		for (uint32_t g = 0; g < result->group_count; g++) {
			for (size_t d = 0; d < dimensions; d++) {
				uint32_t code = result->keys[g * dimensions + d];
				uint32_t id =
					label_id(b, &b->sets[d], pass_label(b->plan, result, (unsigned)p, d, code));

				b->local[p][g * dimensions + d] = id;
				b->sets[d].n[id] += n_of(b, p, g);
			}
		}
	}
}

struct ranked {
	uint32_t id;
	int64_t n;
	struct str text;
};

static int compare_ranked(const void *a, const void *b)
{
	const struct ranked *x = a, *y = b;

	if (x->n != y->n)
		return x->n > y->n ? -1 : 1;
	return str_cmp(x->text, y->text);
}

/* All but the N largest become "other". The empty label stays what it is. */
static void gather_rest(struct build *b, struct label_set *set, unsigned top)
{
	struct ranked *ranked = ARENA_ARRAY(b->arena, struct ranked, set->count + 1);
	size_t count = 0, all = set->count;
	uint32_t other;

	for (uint32_t id = 0; id < all; id++) {
		if (!set->labels[id].empty)
			ranked[count++] = (struct ranked){ id, set->n[id], set->labels[id].text };
	}
	if (count <= top)
		return;
	qsort(ranked, count, sizeof(*ranked), compare_ranked);
	other = label_id(b, set, (struct label){ .text = STR("other"), .order = HUGE_VAL });
	/* choose_labels left room for this one. */
	if (other >= all)
		set->final[other] = other;
	for (size_t i = top; i < count; i++) {
		/* A name that really is "other" joins the rest in any case. */
		set->final[ranked[i].id] = other;
		if (ranked[i].id != other)
			set->n[other] += ranked[i].n;
	}
}

static void choose_labels(struct build *b)
{
	for (size_t d = 0; d < b->plan->dimension_count; d++) {
		struct label_set *set = &b->sets[d];

		set->final = ARENA_ARRAY(b->arena, uint32_t, set->count + 1);
		for (uint32_t id = 0; id < set->count; id++)
			set->final[id] = id;
		if (b->plan->dimensions[d].top)
			gather_rest(b, set, b->plan->dimensions[d].top);
	}
}

static uint32_t out_group(struct build *b, const uint32_t *ids)
{
	size_t dimensions = b->plan->dimension_count;
	bool is_new;
	uint64_t *place =
		table_put(&b->group_ids, (struct str){ (const char *)ids, dimensions * sizeof(*ids) }, &is_new);
	struct out_group *group;

	if (!is_new)
		return (uint32_t)*place;
	*place = b->count;
	ARENA_PUSH(b->arena, b->groups, b->count, b->capacity);
	group = &b->groups[b->count];
	group->ids = ARENA_ARRAY(b->arena, uint32_t, dimensions + 1);
	memcpy(group->ids, ids, dimensions * sizeof(*ids));
	group->accs = ARENA_ARRAY(b->arena, struct accumulator, b->plan->aggregate_count);
	for (size_t a = b->asked->first; a < b->asked->end; a++)
		group->accs[a] = (struct accumulator){ .min = INFINITY, .max = -INFINITY };
	return (uint32_t)b->count++;
}

static bool merge_groups(struct build *b)
{
	size_t dimensions = b->plan->dimension_count;
	uint32_t ids[16] = { 0 };
	bool fits = true;

	for (size_t p = 0; p < b->plan->pass_count; p++) {
		const struct pass_result *result = &b->results[p];

		if (!is_asked(b, p))
			continue;

		b->renamed[p] = ARENA_ARRAY(b->arena, uint32_t, result->group_count + 1);
		for (uint32_t g = 0; g < result->group_count; g++) {
			for (size_t d = 0; d < dimensions; d++)
				ids[d] = b->sets[d].final[b->local[p][g * dimensions + d]];
			b->renamed[p][g] = out_group(b, ids);
			for (size_t a = b->asked->first; a < b->asked->end; a++) {
				if (b->plan->aggregates[a].pass == p)
					fits = accumulator_merge(&b->groups[b->renamed[p][g]].accs[a],
								 &result->tallies[a].groups[g]) &&
					       fits;
			}
		}
	}
	return fits;
}

/* ---- values of percentiles and distinct ---- */

static void find_values(struct build *b)
{
	b->values = ARENA_ARRAY(b->arena, struct grouped_values, b->plan->aggregate_count);
	for (size_t a = b->asked->first; a < b->asked->end; a++) {
		const struct aggregate *aggregate = &b->plan->aggregates[a];

		/* of the same values only the order changes */
		if (aggregate->twin < a && aggregate->twin >= b->asked->first)
			b->values[a] = b->values[aggregate->twin];
		else if (aggregate->kind == AGGREGATE_PERCENTILE || aggregate->kind == AGGREGATE_DISTINCT)
			b->values[a] = values_by_group(&b->results[aggregate->pass].tallies[aggregate->twin],
						       b->renamed[aggregate->pass], b->count, b->arena);
	}
}

/* ---- order of rows ---- */

static int compare_labels(const struct build *b, size_t d, const struct out_group *x, const struct out_group *y)
{
	const struct label_set *set = &b->sets[d];
	const struct label *p = &set->labels[x->ids[d]], *q = &set->labels[y->ids[d]];
	bool last = d + 1 == b->plan->dimension_count;
	int64_t n_x = last ? x->accs[b->asked->n_aggregate].n : set->n[x->ids[d]];
	int64_t n_y = last ? y->accs[b->asked->n_aggregate].n : set->n[y->ids[d]];

	if (x->ids[d] == y->ids[d])
		return 0;
	if (p->empty != q->empty)
		return p->empty ? 1 : -1;
	if (isinf(p->order) != isinf(q->order))
		return isinf(p->order) ? 1 : -1;
	if (p->ordered && q->ordered && p->order != q->order)
		return p->order < q->order ? -1 : 1;
	if (!p->ordered && n_x != n_y)
		return n_x > n_y ? -1 : 1;
	return str_cmp(p->text, q->text);
}

static int compare_rows(const struct build *b, size_t i, size_t j)
{
	for (size_t d = 0; d < b->plan->dimension_count; d++) {
		int compared = compare_labels(b, d, &b->groups[i], &b->groups[j]);

		if (compared)
			return compared;
	}
	return 0;
}

/* Merge sort: stable, and needs no global for its context. */
static void sort_range(const struct build *b, size_t *rows, size_t *space, size_t count)
{
	size_t half = count / 2, i = 0, j = half, k = 0;

	if (count < 2)
		return;
	sort_range(b, rows, space, half);
	sort_range(b, rows + half, space, count - half);
	memcpy(space, rows, count * sizeof(*rows));
	while (i < half && j < count)
		rows[k++] = compare_rows(b, space[j], space[i]) < 0 ? space[j++] : space[i++];
	while (i < half)
		rows[k++] = space[i++];
	while (j < count)
		rows[k++] = space[j++];
}

/* A period that is empty because the milestone was not reached is no row of its own. */
static bool is_void(const struct build *b, size_t g)
{
	const struct out_group *group = &b->groups[g];
	bool period = false;

	for (size_t d = 0; d < b->plan->dimension_count; d++)
		period |=
			b->plan->passes[0].dimensions[d]->type == TYPE_PERIOD && b->sets[d].labels[group->ids[d]].empty;
	for (size_t a = b->asked->first; period && a < b->asked->end; a++) {
		if (group->accs[a].n || (group->accs[a].unknown && !b->plan->period))
			return false;
	}
	return period;
}

static size_t sort_rows(struct build *b)
{
	size_t *space = ARENA_ARRAY(b->arena, size_t, b->count + 1);
	size_t count = 0;

	b->order = ARENA_ARRAY(b->arena, size_t, b->count + 1);
	for (size_t g = 0; g < b->count; g++) {
		if (!is_void(b, g))
			b->order[count++] = g;
	}
	sort_range(b, b->order, space, count);
	return count;
}

/* ---- working out ---- */

struct figured {
	bool none;
	bool whole;    /* `minor` holds the exact value of money */
	double number; /* durations in seconds */
	int64_t minor;
	int64_t numerator, denominator; /* ratios of counts, else -1 */
};

#define NO_VALUE ((struct figured){ .none = true, .numerator = -1, .denominator = -1 })

static struct figured number_value(double number)
{
	return (struct figured){ .number = number, .none = !isfinite(number), .numerator = -1, .denominator = -1 };
}

static struct figured sum_value(const struct aggregate *aggregate, const struct accumulator *acc)
{
	struct figured value = number_value(acc->sum);

	/* Of no rows at all the sum is nothing; of rows without values nobody knows it. */
	if (!acc->n && acc->rows)
		return NO_VALUE;
	if (aggregate->value->type != TYPE_MONEY || value.none)
		return value;
	/* The exact sum went over the end of its 64 bits, and the other one did not. */
	if (fabs(acc->sum) >= 9.2e18 || (!aggregate->share_key && fabs(acc->sum - (double)acc->minor) > 9e18))
		return NO_VALUE;
	value.whole = true;
	value.minor = aggregate->share_key ? (int64_t)llround(acc->sum) : acc->minor;
	value.number = aggregate->share_key ? acc->sum : (double)acc->minor;
	return value;
}

static struct figured aggregate_value(const struct build *b, size_t a, size_t group, const struct accumulator *acc)
{
	const struct aggregate *aggregate = &b->plan->aggregates[a];
	double *values;
	size_t count;

	switch (aggregate->kind) {
	case AGGREGATE_COUNT: return number_value((double)acc->n);
	case AGGREGATE_SUM: return sum_value(aggregate, acc);
	case AGGREGATE_AVERAGE: return acc->n ? number_value(acc->sum / (double)acc->n) : NO_VALUE;
	case AGGREGATE_MIN: return acc->n ? number_value(acc->min) : NO_VALUE;
	case AGGREGATE_MAX: return acc->n ? number_value(acc->max) : NO_VALUE;
	default: break;
	}
	values = b->values[a].values + b->values[a].starts[group];
	count = b->values[a].starts[group + 1] - b->values[a].starts[group];
	if (aggregate->kind == AGGREGATE_DISTINCT)
		return number_value((double)values_distinct(values, count));
	return count ? number_value(values_percentile(values, count, aggregate->p)) : NO_VALUE;
}

static struct figured work_out(struct build *b, const struct formula *f, size_t at, size_t count);

/* Of each row all rows from the first (or last) up to it, merged; made once. The empty row stands outside the order. */
static struct running *running_of(struct build *b, const struct formula *f, size_t count)
{
	struct accumulator acc = { .min = INFINITY, .max = -INFINITY };
	struct running *running = b->running;

	while (running && running->formula != f)
		running = running->next;
	if (running)
		return running;
	running = ARENA_NEW(b->arena, struct running);
	*running = (struct running){ b->running, f, ARENA_ARRAY(b->arena, struct accumulator, count + 1) };
	b->running = running;
	for (size_t i = 0; i < count; i++) {
		size_t at = f->from_top ? count - 1 - i : i;
		const struct out_group *group = &b->groups[b->order[at]];

		if (!b->sets[0].labels[group->ids[0]].empty)
			accumulator_merge(&acc, &group->accs[f->a->aggregate]);
		running->accs[at] = acc;
	}
	return running;
}

static struct figured running_value(struct build *b, const struct formula *f, size_t at, size_t count)
{
	if (b->sets[0].labels[b->groups[b->order[at]].ids[0]].empty)
		return NO_VALUE;
	return aggregate_value(b, f->a->aggregate, 0, &running_of(b, f, count)->accs[at]);
}

static struct figured ratio(const struct formula *f, struct figured x, struct figured y)
{
	struct figured value;

	if (f->type == ANSWER_RATIO) {
		value = number_value(y.number != 0 ? x.number / y.number : NAN);
		value.numerator = x.none ? 0 : (int64_t)llround(x.number);
		value.denominator = y.none ? 0 : (int64_t)llround(y.number);
		return value;
	}
	if (x.none || y.none || y.number == 0)
		return NO_VALUE;
	/* Something per duration is per unit of that duration. */
	if (f->b->type == ANSWER_DURATION && f->a->type != ANSWER_DURATION)
		y.number /= unit_seconds[f->b->unit ? f->b->unit : UNIT_DAYS];
	return number_value(x.number / y.number);
}

static struct figured work_out(struct build *b, const struct formula *f, size_t at, size_t count)
{
	struct figured x, y, value;

	switch (f->kind) {
	case FORMULA_NUMBER: return number_value(f->number);
	case FORMULA_AGGREGATE:
		return aggregate_value(b, f->aggregate, b->order[at], &b->groups[b->order[at]].accs[f->aggregate]);
	case FORMULA_RUNNING: return running_value(b, f, at, count);
	default: break;
	}
	x = work_out(b, f->a, at, count);
	y = f->b ? work_out(b, f->b, at, count) : x;
	if (f->kind == FORMULA_DIVIDE)
		return ratio(f, x, y);
	if (x.none || y.none)
		return NO_VALUE;
	switch (f->kind) {
	case FORMULA_ADD: value = number_value(x.number + y.number); break;
	case FORMULA_SUBTRACT: value = number_value(x.number - y.number); break;
	case FORMULA_MULTIPLY: return number_value(x.number * y.number);
	default: value = number_value(-x.number);
	}
	value.whole = x.whole && y.whole;
	if (value.whole && f->kind == FORMULA_ADD)
		value.whole = !__builtin_add_overflow(x.minor, y.minor, &value.minor);
	else if (value.whole && f->kind == FORMULA_SUBTRACT)
		value.whole = !__builtin_sub_overflow(x.minor, y.minor, &value.minor);
	else if (value.whole)
		value.minor = -x.minor;
	return value;
}

/* ---- money ---- */

static bool runs(const struct formula *f)
{
	return f && (f->kind == FORMULA_RUNNING || runs(f->a) || runs(f->b));
}

static bool in_currency(const struct build *b, size_t group, unsigned currency)
{
	for (size_t a = b->asked->first; a < b->asked->end; a++) {
		const struct aggregate *aggregate = &b->plan->aggregates[a];

		if (aggregate->witness && aggregate->currency == currency && b->groups[group].accs[a].n)
			return true;
	}
	return false;
}

static int refuse_currencies(struct build *b, const uint8_t *seen)
{
	const struct facts *facts = b->plan->facts;
	char list[256] = "";
	const char *first = NULL;

	for (unsigned i = 0; i < facts->currency_count; i++) {
		if (!seen[i])
			continue;
		if (strlen(list) + 8 < sizeof(list))
			snprintf(list + strlen(list), sizeof(list) - strlen(list), "%s%s", first ? ", " : "",
				 facts->currencies[i]);
		first = first ? first : facts->currencies[i];
	}
	return err_set(
		b->plan->err, ERR_CURRENCY,
		"measure: amounts in several currencies (%s) cannot be added without a rate; ask by currency, or for "
		"one at a time, for example where currency = %s",
		list, first);
}

/* The currency of each group; where one would have to add several, that is refused: there is no rate to add them by. */
static int find_currencies(struct build *b, struct answer *answer)
{
	const struct facts *facts = b->plan->facts;
	uint8_t all[MAX_CURRENCIES] = { 0 };
	unsigned first = UINT32_MAX, count = 0;

	b->currencies = ARENA_ARRAY(b->arena, uint8_t, b->count + 1);
	for (size_t g = 0; g < b->count; g++) {
		uint8_t seen[MAX_CURRENCIES] = { 0 };
		unsigned here = 0;

		for (unsigned i = 0; facts->currency_count > 1 && i < facts->currency_count; i++) {
			if (!in_currency(b, g, i))
				continue;
			b->currencies[g] = (uint8_t)i;
			seen[i] = 1;
			count += !all[i];
			all[i] = 1;
			here++;
			first = first == UINT32_MAX ? i : first;
		}
		if (here > 1)
			return refuse_currencies(b, seen);
	}
	if (count > 1 && runs(b->asked->formula))
		return refuse_currencies(b, all);
	if (count < 2)
		memcpy(answer->currency, facts->currencies[first == UINT32_MAX ? 0 : first], sizeof(answer->currency));
	return 0;
}

/* ---- the answer ---- */

static void fill_row(struct build *b, struct answer *answer, struct answer_row *row, size_t at, size_t count)
{
	const struct out_group *group = &b->groups[b->order[at]];
	const struct formula *f = b->asked->formula;
	struct figured value = work_out(b, f, at, count);

	row->by = ARENA_ARRAY(b->arena, struct str, b->plan->dimension_count + 1);
	for (size_t d = 0; d < b->plan->dimension_count; d++)
		row->by[d] = b->sets[d].labels[group->ids[d]].text;
	if (f->type == ANSWER_MONEY && !value.none && fabs(value.number) >= 9.2e18) {
		value = NO_VALUE;
		b->too_large = true;
	}
	row->type = value.none ? ANSWER_NONE : f->type;
	row->value = value.none ? NAN : value.number;
	if (f->type == ANSWER_DURATION && !value.none)
		row->value = value.number / unit_seconds[f->unit ? f->unit : UNIT_DAYS];
	if (f->type == ANSWER_MONEY && !value.none) {
		row->minor = value.whole ? value.minor : (int64_t)llround(value.number);
		row->value = value.whole ? (double)value.minor : value.number;
	}
	if (f->type == ANSWER_MONEY)
		memcpy(row->currency,
		       *answer->currency ? answer->currency : b->plan->facts->currencies[b->currencies[b->order[at]]],
		       sizeof(row->currency));
	row->numerator = value.numerator;
	row->denominator = value.denominator;
	row->n = row->denominator >= 0 ? row->denominator : group->accs[b->asked->n_aggregate].n;
	for (size_t a = b->asked->first; a < b->asked->end; a++) {
		/* Aggregates of one row leave out the same rows: the most that any of them left out. */
		if (group->accs[a].unknown > row->unknown_time)
			row->unknown_time = group->accs[a].unknown;
		if (group->accs[a].negative > row->negative)
			row->negative = group->accs[a].negative;
	}
}

static void fill_head(struct build *b, struct answer *answer)
{
	const struct plan *plan = b->plan;

	answer->measure = tidy_text(b->asked->measure.text, b->arena);
	answer->of = str_of(fact_name(plan->of));
	answer->counted = str_of(fact_name(plan->passes[plan->aggregates[b->asked->n_aggregate].pass].fact));
	answer->where = tidy_text(plan->where.text, b->arena);
	answer->as_of = plan->as_of;
	answer->by_count = plan->dimension_count;
	answer->by = ARENA_ARRAY(b->arena, struct str, plan->dimension_count + 1);
	for (size_t d = 0; d < plan->dimension_count; d++)
		answer->by[d] = tidy_text(plan->dimensions[d].text, b->arena);
	answer->type = b->asked->formula->type;
	answer->adds_up = formula_adds_up(plan, b->asked->formula);
	answer->unit = answer->type == ANSWER_DURATION
			       ? unit_names[b->asked->formula->unit ? b->asked->formula->unit : UNIT_DAYS]
			       : "";
	answer->no_history = plan->no_history;
	answer->hint = plan->hint;
	answer->zone = plan->facts->zone;
}

static bool overflowed(const struct build *b)
{
	for (size_t a = b->asked->first; a < b->asked->end; a++) {
		if (b->results[b->plan->aggregates[a].pass].tallies[a].overflow)
			return true;
	}
	return false;
}

static void build_release(struct build *b)
{
	for (size_t d = 0; d < b->plan->dimension_count; d++)
		table_release(&b->sets[d].ids);
	table_release(&b->group_ids);
}

int answer_build(struct plan *plan, const struct asked *asked, struct pass_result *results, struct answer *answer)
{
	struct build b = { .plan = plan, .asked = asked, .results = results, .arena = plan->arena };
	bool fits;
	int failed;

	*answer = (struct answer){ 0 };
	table_init(&b.group_ids);
	b.sets = ARENA_ARRAY(b.arena, struct label_set, plan->dimension_count + 1);
	b.local = ARENA_ARRAY(b.arena, uint32_t *, plan->pass_count);
	b.renamed = ARENA_ARRAY(b.arena, uint32_t *, plan->pass_count);
	for (size_t d = 0; d < plan->dimension_count; d++)
		table_init(&b.sets[d].ids);
	collect_labels(&b);
	choose_labels(&b);
	fits = merge_groups(&b);
	failed = find_currencies(&b, answer);
	b.too_large = !fits || overflowed(&b);
	if (!failed) {
		find_values(&b);
		answer->row_count = sort_rows(&b);
		fill_head(&b, answer);
		answer->rows = ARENA_ARRAY(b.arena, struct answer_row, answer->row_count + 1);
		for (size_t i = 0; i < answer->row_count; i++)
			fill_row(&b, answer, &answer->rows[i], i, answer->row_count);
		if (b.too_large)
			answer->hint =
				STR("An amount or a sum is larger than can be counted (9,223,372,036,854,775,807 minor "
				    "units): where it takes part there is no answer.");
	}
	build_release(&b);
	return failed;
}

static int run_plan(struct plan *plan, struct answer *answers)
{
	struct pass_result *results = ARENA_ARRAY(plan->arena, struct pass_result, plan->pass_count);
	int failed = 0;

	for (size_t p = 0; p < plan->pass_count && !failed; p++)
		failed = pass_run(plan, (unsigned)p, &results[p]);
	for (size_t i = 0; i < plan->asked_count && !failed; i++)
		failed = answer_build(plan, &plan->asked[i], results, &answers[i]);
	for (size_t p = 0; p < plan->pass_count; p++)
		pass_result_release(plan, &results[p]);
	return failed;
}

int measure_ask_many(const struct facts *facts, const struct question *question, const char *const *measures,
		     size_t count, struct arena *arena, struct answer *answers, struct err *err)
{
	struct plan plan;
	struct err own = ERR_INIT; /* the compiler asks whether it is set; the caller's may be from earlier */
	int failed = plan_init(&plan, facts, question, arena, &own);
	bool alone;

	if (!failed)
		failed = plan_measures(&plan, measures, count);
	/* One that names voided counts rows that the others do not. */
	alone = !failed && count > 1 && plan.names_voided;
	if (!failed && !alone)
		failed = run_plan(&plan, answers);
	plan_release(&plan);
	for (size_t i = 0; i < count && alone && !failed; i++)
		failed = measure_ask_many(facts, question, &measures[i], 1, arena, &answers[i], &own);
	if (failed)
		*err = own;
	return failed;
}

int measure_ask(const struct facts *facts, const struct question *question, struct arena *arena, struct answer *answer,
		struct err *err)
{
	return measure_ask_many(facts, question, &question->measure, 1, arena, answer, err);
}
