/* Values of one batch of rows, node by node. Every loop here runs over one array; nothing looks at types any more. */
#include <math.h>
#include <string.h>

#include "base/date.h"
#include "facts/plan.h"

static size_t value_bytes(enum value_type type)
{
	switch (type) {
	case TYPE_CONDITION:
	case TYPE_FLAG: return 1;
	case TYPE_TIME:
	case TYPE_NAME:
	case TYPE_REF: return 4;
	default: return 8;
	}
}

void worker_init(struct worker *worker, const struct plan *plan)
{
	*worker = (struct worker){ .plan = plan };
	arena_init(&worker->arena);
	worker->vecs = ARENA_ARRAY(&worker->arena, struct vec, plan->slot_count);
	worker->buffers = ARENA_ARRAY(&worker->arena, void *, plan->slot_count);
	worker->currencies = ARENA_ARRAY(&worker->arena, uint8_t *, plan->slot_count);
	worker->rows = ARENA_ARRAY(&worker->arena, uint32_t, BATCH_ROWS);
}

void worker_release(struct worker *worker)
{
	arena_release(&worker->arena);
}

static void *buffer(struct worker *w, const struct node *node)
{
	if (!w->buffers[node->slot]) {
		w->buffers[node->slot] = arena_alloc(&w->arena, BATCH_ROWS * value_bytes(node->type));
		if (node->type == TYPE_MONEY)
			w->currencies[node->slot] = arena_alloc(&w->arena, BATCH_ROWS);
	}
	w->vecs[node->slot].at.any = w->buffers[node->slot];
	w->vecs[node->slot].currency = w->currencies[node->slot];
	return w->buffers[node->slot];
}

/* ---- columns ---- */

static void follow(struct worker *w, const struct node *node)
{
	for (uint32_t i = 0; i < w->count; i++)
		w->rows[i] = w->start + i;
	for (unsigned h = 0; h < node->hop_count; h++) {
		const uint32_t *refs = node->hops[h]->at.refs;

		for (uint32_t i = 0; i < w->count; i++)
			w->rows[i] = refs && w->rows[i] != REF_NONE ? refs[w->rows[i]] : REF_NONE;
	}
}

static void empty_column(struct worker *w, const struct node *node)
{
	void *out = buffer(w, node);

	switch (node->type) {
	case TYPE_NUMBER:
		for (uint32_t i = 0; i < w->count; i++)
			((double *)out)[i] = NAN;
		break;
	case TYPE_MONEY:
		for (uint32_t i = 0; i < w->count; i++)
			((int64_t *)out)[i] = MONEY_NONE;
		memset(w->currencies[node->slot], 0, w->count);
		break;
	case TYPE_REF:
		for (uint32_t i = 0; i < w->count; i++)
			((uint32_t *)out)[i] = REF_NONE;
		break;
	default: memset(out, 0, w->count * value_bytes(node->type));
	}
}

static void gather(struct worker *w, const struct node *node)
{
	const struct column *column = node->column;
	void *out = buffer(w, node);
	const uint32_t *rows = w->rows;
	uint32_t count = w->count;

	switch (node->type) {
	case TYPE_NUMBER:
		for (uint32_t i = 0; i < count; i++)
			((double *)out)[i] = rows[i] == REF_NONE ? NAN : column->at.numbers[rows[i]];
		break;
	case TYPE_MONEY:
		for (uint32_t i = 0; i < count; i++) {
			((int64_t *)out)[i] = rows[i] == REF_NONE ? MONEY_NONE : column->at.moneys[rows[i]];
			w->currencies[node->slot][i] = rows[i] == REF_NONE ? 0 : column->currency[rows[i]];
		}
		break;
	case TYPE_FLAG:
		for (uint32_t i = 0; i < count; i++)
			((uint8_t *)out)[i] = rows[i] == REF_NONE ? FLAG_EMPTY : column->at.flags[rows[i]];
		break;
	case TYPE_REF:
		for (uint32_t i = 0; i < count; i++)
			((uint32_t *)out)[i] = rows[i] == REF_NONE ? REF_NONE : column->at.refs[rows[i]];
		break;
	default: /* times and names: 0 is empty */
		for (uint32_t i = 0; i < count; i++)
			((uint32_t *)out)[i] = rows[i] == REF_NONE ? 0 : column->at.codes[rows[i]];
	}
}

static void eval_column(struct worker *w, const struct node *node)
{
	const struct column *column = node->column;
	struct vec *vec = &w->vecs[node->slot];
	uint32_t end = w->plan->end;

	if (!column->at.any) {
		empty_column(w, node);
		return;
	}
	if (node->hop_count) {
		follow(w, node);
		gather(w, node);
	} else {
		vec->at.any = (char *)column->at.any + (size_t)w->start * value_bytes(node->type);
		vec->currency = column->currency ? column->currency + w->start : NULL;
	}
	/* What happened after the as-of day has not happened. */
	if (node->type == TYPE_TIME && column->def.milestone && column->last_time >= end) {
		const uint32_t *in = vec->at.codes;
		uint32_t *out = buffer(w, node);

		for (uint32_t i = 0; i < w->count; i++)
			out[i] = in[i] >= end && in[i] != TIME_UNKNOWN ? TIME_NOT_REACHED : in[i];
	}
}

/* ---- doubles ---- */

static void eval_constant(struct worker *w, const struct node *node)
{
	void *out = buffer(w, node);

	for (uint32_t i = 0; i < w->count; i++) {
		if (node->op == OP_TIME)
			((uint32_t *)out)[i] = node->time;
		else
			((double *)out)[i] = node->number;
	}
}

static double finite_or_empty(double a)
{
	return isfinite(a) ? a : NAN;
}

static void eval_arithmetic(struct worker *w, const struct node *node)
{
	const double *a = eval(w, node->a).at.numbers;
	const double *b = node->b ? eval(w, node->b).at.numbers : NULL;
	double *out = buffer(w, node);
	bool duration = node->type == TYPE_DURATION;

	for (uint32_t i = 0; i < w->count; i++) {
		double x = a[i], y = b ? b[i] : node->number;

		/* An unknown end stays unknown through arithmetic. */
		if (duration && (isinf(x) || isinf(y))) {
			out[i] = isnan(x) || isnan(y) ? NAN : DURATION_UNKNOWN;
			continue;
		}
		switch (node->op) {
		case OP_ADD: x += y; break;
		case OP_SUBTRACT: x -= y; break;
		case OP_MULTIPLY:
		case OP_SCALE: x *= y; break;
		case OP_DIVIDE: x = isinf(x) || isinf(y) || y == 0 ? NAN : x / y; break;
		case OP_BUCKET: x = floor(x / y) * y; break;
		default: x = -x;
		}
		out[i] = finite_or_empty(x);
	}
}

/* ---- money ---- */

static int64_t rounded(double minor)
{
	if (isnan(minor))
		return MONEY_NONE;
	return fabs(minor) < 9e18 ? (int64_t)llround(minor) : minor < 0 ? -MONEY_TOO_LARGE : MONEY_TOO_LARGE;
}

/* x ± y; what is too large stays so. */
static int64_t money_sum(int64_t x, int64_t y, bool minus)
{
	int64_t sum;

	if (money_too_large(x))
		return x;
	if (money_too_large(y))
		return minus ? -y : y;
	if (minus ? __builtin_sub_overflow(x, y, &sum) : __builtin_add_overflow(x, y, &sum))
		return x < 0 ? -MONEY_TOO_LARGE : MONEY_TOO_LARGE;
	return sum == MONEY_NONE ? -MONEY_TOO_LARGE : sum;
}

static int64_t money_times(int64_t x, double times)
{
	return rounded((money_too_large(x) && times != 0 ? copysign(INFINITY, (double)x) : (double)x) * times);
}

static void eval_money(struct worker *w, const struct node *node)
{
	struct vec a = eval(w, node->a);
	struct vec b = node->b ? eval(w, node->b) : a;
	int64_t *out = buffer(w, node);
	uint8_t *currency = w->currencies[node->slot];

	for (uint32_t i = 0; i < w->count; i++) {
		int64_t x = a.at.moneys[i];

		currency[i] = a.currency[i];
		if (x == MONEY_NONE) {
			out[i] = MONEY_NONE;
		} else if (node->op == OP_MONEY_ONLY) {
			out[i] = node->set[currency[i]] ? x : MONEY_NONE;
		} else if (node->op == OP_MONEY_TIMES) {
			out[i] = money_times(x, b.at.numbers[i]);
		} else if (node->op == OP_MONEY_NEGATE) {
			out[i] = -x;
		} else {
			int64_t y = b.at.moneys[i];
			bool known = y != MONEY_NONE && b.currency[i] == currency[i];

			out[i] = known ? money_sum(x, y, node->op == OP_MONEY_SUBTRACT) : MONEY_NONE;
		}
	}
}

static void eval_money_number(struct worker *w, const struct node *node)
{
	struct vec a = eval(w, node->a);
	struct vec b = node->b ? eval(w, node->b) : a;
	double *out = buffer(w, node);
	const struct facts *facts = w->plan->facts;

	for (uint32_t i = 0; i < w->count; i++) {
		int64_t x = a.at.moneys[i];

		out[i] = NAN;
		if (x == MONEY_NONE)
			continue;
		if (node->op == OP_MAJOR)
			out[i] = (double)x / money_scale(facts->currencies[a.currency[i]]);
		else if (node->op == OP_MINOR)
			out[i] = (double)x;
		else if (b.at.moneys[i] != MONEY_NONE && b.at.moneys[i] != 0 && a.currency[i] == b.currency[i])
			out[i] = (double)x / (double)b.at.moneys[i];
	}
}

/* ---- times ---- */

static double between_times(const struct worker *w, const struct node *node, uint32_t a, uint32_t b)
{
	const struct facts *facts = w->plan->facts;

	if (a == TIME_NOT_REACHED || b == TIME_NOT_REACHED)
		return NAN;
	if (a == TIME_UNKNOWN || b == TIME_UNKNOWN)
		return DURATION_UNKNOWN;
	if (node->op == OP_ELAPSED)
		return (double)b - (double)a;
	return ((double)facts_date(facts, b) - (double)facts_date(facts, a)) * 86400;
}

static void eval_duration(struct worker *w, const struct node *node)
{
	const uint32_t *a = eval(w, node->a).at.codes, *b = eval(w, node->b).at.codes;
	double *out = buffer(w, node);
	/* as_of is the end of its day, but days are counted to the day itself. */
	uint32_t less_a = node->op == OP_DAYS && node->a->op == OP_TIME ? node->a->time - node->a->time_end : 0;
	uint32_t less_b = node->op == OP_DAYS && node->b->op == OP_TIME ? node->b->time - node->b->time_end : 0;

	for (uint32_t i = 0; i < w->count; i++)
		out[i] = between_times(w, node, a[i] - less_a, b[i] - less_b);
}

static void eval_shift(struct worker *w, const struct node *node)
{
	const uint32_t *a = eval(w, node->a).at.codes;
	const double *b = eval(w, node->b).at.numbers;
	uint32_t *out = buffer(w, node);

	for (uint32_t i = 0; i < w->count; i++) {
		double t = (double)a[i] + b[i];

		if (a[i] == TIME_NOT_REACHED || isnan(b[i]))
			out[i] = TIME_NOT_REACHED;
		else if (a[i] == TIME_UNKNOWN || isinf(b[i]) || t < 1 || t >= (double)UINT32_MAX)
			out[i] = TIME_UNKNOWN;
		else
			out[i] = (uint32_t)t;
	}
}

static void eval_period(struct worker *w, const struct node *node)
{
	const uint32_t *a = eval(w, node->a).at.codes;
	double *out = buffer(w, node);
	int32_t last = DATE_NONE;
	double period = NAN;

	for (uint32_t i = 0; i < w->count; i++) {
		int32_t date;

		if (a[i] == TIME_NOT_REACHED || a[i] == TIME_UNKNOWN) {
			out[i] = a[i] == TIME_UNKNOWN ? INFINITY : NAN;
			continue;
		}
		date = facts_date(w->plan->facts, a[i]);
		if (date != last) {
			period = period_of_date(w->plan->facts, node->period, date);
			last = date;
		}
		out[i] = period;
	}
}

/* ---- conditions ---- */

static bool holds(enum compare compare, double a, double b)
{
	switch (compare) {
	case COMPARE_EQ: return a == b;
	case COMPARE_NE: return a != b;
	case COMPARE_LT: return a < b;
	case COMPARE_LE: return a <= b;
	case COMPARE_GT: return a > b;
	default: return a >= b;
	}
}

static void eval_compare(struct worker *w, const struct node *node)
{
	const double *a = eval(w, node->a).at.numbers, *b = eval(w, node->b).at.numbers;
	uint8_t *out = buffer(w, node);

	for (uint32_t i = 0; i < w->count; i++)
		out[i] = isfinite(a[i]) && isfinite(b[i]) && holds(node->compare, a[i], b[i]);
}

static void eval_compare_money(struct worker *w, const struct node *node)
{
	struct vec a = eval(w, node->a), b = eval(w, node->b);
	uint8_t *out = buffer(w, node);

	for (uint32_t i = 0; i < w->count; i++) {
		int64_t x = a.at.moneys[i], y = b.at.moneys[i];

		out[i] = x != MONEY_NONE && y != MONEY_NONE && a.currency[i] == b.currency[i] &&
			 holds(node->compare, x < y ? -1 : x > y, 0);
	}
}

static bool known(uint32_t t)
{
	return t != TIME_NOT_REACHED && t != TIME_UNKNOWN;
}

static void eval_compare_time(struct worker *w, const struct node *node)
{
	const uint32_t *a = eval(w, node->a).at.codes, *b = eval(w, node->b).at.codes;
	uint8_t *out = buffer(w, node);

	for (uint32_t i = 0; i < w->count; i++)
		out[i] = known(a[i]) && known(b[i]) && holds(node->compare, a[i], b[i]);
}

static void eval_in_day(struct worker *w, const struct node *node)
{
	const uint32_t *a = eval(w, node->a).at.codes;
	uint32_t start = node->time, end = node->time_end;
	uint8_t *out = buffer(w, node);

	for (uint32_t i = 0; i < w->count; i++) {
		uint32_t t = a[i];
		bool is = false;

		switch (node->compare) {
		case COMPARE_LT: is = t < start; break;
		case COMPARE_LE: is = t < end; break;
		case COMPARE_GT: is = t >= end; break;
		case COMPARE_GE: is = t >= start; break;
		default: is = t >= start && t < end;
		}
		out[i] = known(t) && is;
	}
}

static void eval_names(struct worker *w, const struct node *node)
{
	const uint32_t *a = eval(w, node->a).at.codes;
	const uint32_t *b = node->b ? eval(w, node->b).at.codes : NULL;
	uint8_t *out = buffer(w, node);

	for (uint32_t i = 0; i < w->count; i++)
		out[i] = b ? node->translate[a[i]] == b[i] : node->set[a[i]];
}

static void eval_number_in(struct worker *w, const struct node *node)
{
	const double *a = eval(w, node->a).at.numbers;
	uint8_t *out = buffer(w, node);

	for (uint32_t i = 0; i < w->count; i++) {
		out[i] = 0;
		for (size_t k = 0; k < node->list_count; k++)
			if (a[i] == node->list[k])
				out[i] = 1;
	}
}

static void eval_logic(struct worker *w, const struct node *node)
{
	const uint8_t *a = eval(w, node->a).at.bits;
	const uint8_t *b = node->b ? eval(w, node->b).at.bits : NULL;
	uint8_t *out = buffer(w, node);

	for (uint32_t i = 0; i < w->count; i++) {
		switch (node->op) {
		case OP_AND: out[i] = a[i] & b[i]; break;
		case OP_OR: out[i] = a[i] | b[i]; break;
		case OP_YES: out[i] = a[i] == FLAG_YES; break;
		case OP_NO: out[i] = a[i] == FLAG_NO; break;
		default: out[i] = a[i] ? 0 : 1;
		}
	}
}

static void eval_filled(struct worker *w, const struct node *node)
{
	struct vec a = eval(w, node->a);
	uint8_t *out = buffer(w, node);

	for (uint32_t i = 0; i < w->count; i++) {
		switch (node->a->type) {
		case TYPE_CONDITION: out[i] = a.at.bits[i]; break;
		case TYPE_FLAG: out[i] = a.at.bits[i] != FLAG_EMPTY; break;
		case TYPE_TIME:
			out[i] = node->op == OP_UNKNOWN ? a.at.codes[i] == TIME_UNKNOWN
							: a.at.codes[i] != TIME_NOT_REACHED;
			break;
		case TYPE_NAME: out[i] = a.at.codes[i] != 0; break;
		case TYPE_REF: out[i] = a.at.codes[i] != REF_NONE; break;
		case TYPE_MONEY: out[i] = a.at.moneys[i] != MONEY_NONE; break;
		default: out[i] = (uint8_t)(isnan(a.at.numbers[i]) == 0);
		}
	}
}

struct vec eval(struct worker *w, const struct node *node)
{
	switch (node->op) {
	case OP_COLUMN: eval_column(w, node); break;
	case OP_NUMBER:
	case OP_TIME: eval_constant(w, node); break;
	case OP_ADD:
	case OP_SUBTRACT:
	case OP_MULTIPLY:
	case OP_DIVIDE:
	case OP_NEGATE:
	case OP_SCALE:
	case OP_BUCKET: eval_arithmetic(w, node); break;
	case OP_MONEY_ADD:
	case OP_MONEY_SUBTRACT:
	case OP_MONEY_NEGATE:
	case OP_MONEY_ONLY:
	case OP_MONEY_TIMES: eval_money(w, node); break;
	case OP_MONEY_OVER:
	case OP_MAJOR:
	case OP_MINOR: eval_money_number(w, node); break;
	case OP_ELAPSED:
	case OP_DAYS: eval_duration(w, node); break;
	case OP_SHIFT: eval_shift(w, node); break;
	case OP_PERIOD: eval_period(w, node); break;
	case OP_COMPARE: eval_compare(w, node); break;
	case OP_COMPARE_MONEY: eval_compare_money(w, node); break;
	case OP_COMPARE_TIME: eval_compare_time(w, node); break;
	case OP_IN_DAY: eval_in_day(w, node); break;
	case OP_NAME_IN:
	case OP_NAME_SAME: eval_names(w, node); break;
	case OP_NUMBER_IN: eval_number_in(w, node); break;
	case OP_AND:
	case OP_OR:
	case OP_NOT:
	case OP_YES:
	case OP_NO: eval_logic(w, node); break;
	case OP_REACHED:
	case OP_FILLED:
	case OP_UNKNOWN: eval_filled(w, node); break;
	}
	return w->vecs[node->slot];
}
