/* Values of one batch of rows, node by node. Every loop here runs over one array; nothing looks at types any more. */
#include <math.h>
#include <string.h>

#include "base/date.h"
#include "facts/kernels.h"

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
	worker_init_few(worker, plan, BATCH_ROWS);
}

void worker_init_few(struct worker *worker, const struct plan *plan, uint32_t rows)
{
	/* Loops go over whole vectors. */
	uint32_t room = (rows + 64) & ~UINT32_C(63);

	*worker = (struct worker){ .plan = plan, .room = room < BATCH_ROWS ? room : BATCH_ROWS };
	arena_init(&worker->arena);
	worker->vecs = ARENA_ARRAY(&worker->arena, struct vec, plan->slot_count);
	worker->made = ARENA_ARRAY(&worker->arena, uint64_t, plan->slot_count);
	worker->buffers = ARENA_ARRAY(&worker->arena, void *, plan->slot_count);
	worker->currencies = ARENA_ARRAY(&worker->arena, uint8_t *, plan->slot_count);
	worker->rows = ARENA_ARRAY(&worker->arena, uint32_t, worker->room);
}

void worker_release(struct worker *worker)
{
	arena_release(&worker->arena);
}

void worker_range(struct worker *worker, uint32_t start, uint32_t count)
{
	worker->start = start;
	worker->count = count;
	worker->chosen = NULL;
	worker->stamp++;
}

void worker_choose(struct worker *worker, const uint32_t *rows, uint32_t count)
{
	worker->count = count;
	worker->chosen = rows;
	worker->stamp++;
}

static void *buffer(struct worker *w, const struct node *node)
{
	if (!w->buffers[node->slot]) {
		w->buffers[node->slot] = arena_alloc(&w->arena, w->room * value_bytes(node->type));
		if (node->type == TYPE_MONEY)
			w->currencies[node->slot] = arena_alloc(&w->arena, w->room);
	}
	w->vecs[node->slot] = (struct vec){ .at.any = w->buffers[node->slot],
					    .width = (uint8_t)value_bytes(node->type),
					    .currency = w->currencies[node->slot] };
	return w->buffers[node->slot];
}

/* ---- columns ---- */

/* The rows that a reference leads to from those rows, or from all of the range where `rows` is NULL. */
static const uint32_t *follow_one(struct worker *w, const struct column *ref, const uint32_t *rows)
{
	uint32_t *out = w->rows;

	if (!ref->at.any) {
		memset(out, 0xff, w->count * sizeof(*out)); /* REF_NONE */
	} else if (!rows && ref->width == 4) {
		return ref->at.refs + w->start;
	} else if (!rows) {
		kernel_refs(out, (const char *)ref->at.any + (size_t)w->start * ref->width, ref->width, ref->bases,
			    w->start, w->count);
	} else {
		for (uint32_t i = 0; i < w->count; i++)
			out[i] = rows[i] == REF_NONE ? REF_NONE : column_ref(ref, rows[i]);
	}
	return out;
}

/* The rows whose values are wanted, behind the references; NULL: all of the range. */
static const uint32_t *follow(struct worker *w, const struct node *node)
{
	const uint32_t *rows = w->chosen;

	for (unsigned h = 0; h < node->hop_count; h++)
		rows = follow_one(w, node->hops[h], rows);
	return rows;
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
		w->vecs[node->slot].currency = NULL;
		break;
	case TYPE_REF: memset(out, 0xff, w->count * sizeof(uint32_t)); break; /* REF_NONE */
	default: memset(out, 0, w->count * value_bytes(node->type));
	}
}

/* Values of other rows than the range's. */
static void gather(struct worker *w, const struct node *node, const uint32_t *rows)
{
	const struct column *column = node->column;
	void *out = buffer(w, node);
	struct vec *vec = &w->vecs[node->slot];
	uint32_t count = w->count;

	switch (node->type) {
	case TYPE_NUMBER:
		if (column->width == 8)
			kernel_gather_numbers(out, column->at.numbers, rows, count);
		else
			for (uint32_t i = 0; i < count; i++)
				((double *)out)[i] = rows[i] == REF_NONE ? NAN : column_number(column, rows[i]);
		return;
	case TYPE_MONEY:
		vec->width = column->width;
		if (column->width == 8)
			kernel_gather_moneys(out, column->at.moneys, rows, count);
		else
			kernel_gather(out, column->at.any, 4, rows, count, (uint32_t)MONEY4_NONE);
		vec->one_currency = column->one_currency;
		if (column->currency)
			kernel_gather(w->currencies[node->slot], column->currency, 1, rows, count, 0);
		else
			vec->currency = NULL;
		return;
	case TYPE_REF:
		for (uint32_t i = 0; i < count; i++)
			((uint32_t *)out)[i] = rows[i] == REF_NONE ? REF_NONE : column_ref(column, rows[i]);
		return;
	default: /* flags, times and names: 0 is empty */
		vec->width = column->width;
		kernel_gather(out, column->at.any, column->width, rows, count, 0);
	}
}

static void add_stream(struct worker *w, const struct column *column)
{
	for (unsigned s = 0; s < w->stream_count; s++) {
		if (w->streams[s].at == column->at.any)
			return;
	}
	if (w->stream_count < MOST_STREAMS)
		w->streams[w->stream_count++] = (struct stream){ column->at.any, column->width };
}

/* Values of the range, where they stand unless eval() has them at another width. */
static void take_range(struct worker *w, const struct node *node)
{
	const struct column *column = node->column;
	const char *at = (const char *)column->at.any + (size_t)w->start * column->width;

	add_stream(w, column);
	if (node->type == TYPE_NUMBER && column->width < 8)
		kernel_numbers(buffer(w, node), at, column->width, w->count);
	else if (node->type == TYPE_REF && column->width < 4)
		kernel_refs(buffer(w, node), at, column->width, column->bases, w->start, w->count);
	else
		w->vecs[node->slot] = (struct vec){ .at.any = at,
						    .width = column->width,
						    .one_currency = column->one_currency,
						    .currency = column->currency ? column->currency + w->start : NULL };
}

bool is_packed(const struct node *node)
{
	return node->op == OP_COLUMN && node->type == TYPE_NUMBER && node->column->at.any && node->column->width < 8;
}

struct vec eval_packed(struct worker *w, const struct node *node, void *space)
{
	const struct column *column = node->column;
	const uint32_t *rows = follow(w, node);
	struct vec vec = { .at.any = (const char *)column->at.any + (size_t)w->start * column->width,
			   .width = column->width };

	if (rows) {
		kernel_gather(space, column->at.any, column->width, rows, w->count, 0);
		vec.at.any = space;
	} else {
		add_stream(w, column);
	}
	return vec;
}

uint32_t time_cut(const struct plan *plan, const struct node *node)
{
	const struct column *column = node->column;

	return column->def.milestone && column->last_time >= plan->end ? plan->end : UINT32_MAX;
}

static bool is_plain_time(const struct node *node)
{
	return node->op == OP_COLUMN && node->type == TYPE_TIME;
}

/* A column as it stands, without regard to the as-of day. */
static void eval_raw_column(struct worker *w, const struct node *node)
{
	if (!node->column->at.any)
		empty_column(w, node);
	else if (w->chosen || node->hop_count)
		gather(w, node, follow(w, node));
	else
		take_range(w, node);
}

static void eval_column(struct worker *w, const struct node *node)
{
	eval_raw_column(w, node);
	/* What happened after the as-of day has not happened. */
	if (node->type == TYPE_TIME && node->column->at.any && time_cut(w->plan, node) != UINT32_MAX) {
		const uint32_t *in = w->vecs[node->slot].at.codes;
		uint32_t *out = buffer(w, node);

		if (in == out)
			in = memcpy(w->rows, out, w->count * sizeof(*out));
		kernel_cut(out, in, w->count, w->plan->end);
	}
}

/* A time whose cut the caller takes care of. */
static const uint32_t *raw_times(struct worker *w, const struct node *node, uint32_t *cut)
{
	*cut = UINT32_MAX;
	if (!is_plain_time(node) || w->made[node->slot] == w->stamp)
		return eval(w, node).at.codes;
	*cut = time_cut(w->plan, node);
	eval_raw_column(w, node);
	if (*cut == UINT32_MAX)
		w->made[node->slot] = w->stamp;
	return w->vecs[node->slot].at.codes;
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
	/* A duration said in another unit is the same duration. */
	if (node->op == OP_SCALE && node->type == TYPE_DURATION && node->a->type == TYPE_DURATION &&
	    node->number == 1) {
		w->vecs[node->slot] = eval(w, node->a);
		return;
	}

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
		int64_t x = vec_money(&a, i);

		currency[i] = vec_currency(&a, i);
		if (x == MONEY_NONE) {
			out[i] = MONEY_NONE;
		} else if (node->op == OP_MONEY_ONLY) {
			out[i] = node->set[currency[i]] ? x : MONEY_NONE;
		} else if (node->op == OP_MONEY_TIMES) {
			out[i] = money_times(x, b.at.numbers[i]);
		} else if (node->op == OP_MONEY_NEGATE) {
			out[i] = -x;
		} else {
			int64_t y = vec_money(&b, i);
			bool known = y != MONEY_NONE && vec_currency(&b, i) == currency[i];

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
		int64_t x = vec_money(&a, i), y;

		out[i] = NAN;
		if (x == MONEY_NONE)
			continue;
		if (node->op == OP_MAJOR)
			out[i] = (double)x / money_scale(facts->currencies[vec_currency(&a, i)]);
		else if (node->op == OP_MINOR)
			out[i] = (double)x;
		else if ((y = vec_money(&b, i)) != MONEY_NONE && y && vec_currency(&a, i) == vec_currency(&b, i))
			out[i] = (double)x / (double)y;
	}
}

/* ---- times ---- */

static double days_between(const struct facts *facts, uint32_t a, uint32_t b)
{
	if (a == TIME_NOT_REACHED || b == TIME_NOT_REACHED)
		return NAN;
	if (a == TIME_UNKNOWN || b == TIME_UNKNOWN)
		return DURATION_UNKNOWN;
	return ((double)facts_date(facts, b) - (double)facts_date(facts, a)) * 86400;
}

static void eval_duration(struct worker *w, const struct node *node)
{
	const uint32_t *a = eval(w, node->a).at.codes, *b = eval(w, node->b).at.codes;
	double *out = buffer(w, node);
	/* as_of is the end of its day, but days are counted to the day itself. */
	uint32_t less_a = node->op == OP_DAYS && node->a->op == OP_TIME ? node->a->time - node->a->time_end : 0;
	uint32_t less_b = node->op == OP_DAYS && node->b->op == OP_TIME ? node->b->time - node->b->time_end : 0;

	if (node->op == OP_ELAPSED) {
		kernel_elapsed(out, a, b, w->count);
		return;
	}
	for (uint32_t i = 0; i < w->count; i++)
		out[i] = days_between(w->plan->facts, a[i] - less_a, b[i] - less_b);
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

	kernel_compare(buffer(w, node), a, b, w->count, node->compare);
}

static void eval_compare_money(struct worker *w, const struct node *node)
{
	struct vec a = eval(w, node->a), b = eval(w, node->b);
	uint8_t *out = buffer(w, node);

	for (uint32_t i = 0; i < w->count; i++) {
		int64_t x = vec_money(&a, i), y = vec_money(&b, i);

		out[i] = x != MONEY_NONE && y != MONEY_NONE && vec_currency(&a, i) == vec_currency(&b, i) &&
			 holds(node->compare, x < y ? -1 : x > y, 0);
	}
}

/* The bounds within which a comparison of a time holds. */
static void bounds_of(enum compare compare, uint32_t start, uint32_t end, uint32_t *low, uint32_t *high)
{
	*low = 1;
	*high = TIME_UNKNOWN;
	switch (compare) {
	case COMPARE_LT: *high = start; break;
	case COMPARE_LE: *high = end; break;
	case COMPARE_GT: *low = end; break;
	case COMPARE_GE: *low = start; break;
	default: *low = start, *high = end;
	}
}

static bool fixed_bounds(const struct node *node, uint32_t *low, uint32_t *high)
{
	if (node->op == OP_IN_DAY) {
		bounds_of(node->compare, node->time, node->time_end, low, high);
		return true;
	}
	if (node->op != OP_COMPARE_TIME || node->b->op != OP_TIME || node->compare == COMPARE_NE)
		return false;
	bounds_of(node->compare, node->b->time, node->b->time + 1, low, high);
	return node->b->time != TIME_NOT_REACHED && node->b->time != TIME_UNKNOWN;
}

bool time_bounds(const struct plan *plan, const struct node *node, const struct column **column, uint32_t *low,
		 uint32_t *high)
{
	uint32_t cut;

	if (node->op == OP_REACHED || !fixed_bounds(node, low, high) || !is_plain_time(node->a) || node->a->hop_count)
		return false;
	cut = time_cut(plan, node->a);
	*column = node->a->column;
	*high = *high < cut ? *high : cut;
	return true;
}

static void eval_compare_time(struct worker *w, const struct node *node)
{
	uint8_t *out = buffer(w, node);
	uint32_t low, high, cut;

	if (fixed_bounds(node, &low, &high)) {
		const uint32_t *times = raw_times(w, node->a, &cut);

		kernel_between(out, times, w->count, low, high < cut ? high : cut);
	} else {
		const uint32_t *a = eval(w, node->a).at.codes, *b = eval(w, node->b).at.codes;

		kernel_compare_times(out, a, b, w->count, node->compare);
	}
}

static void eval_names(struct worker *w, const struct node *node)
{
	struct vec a = eval(w, node->a);
	uint8_t *out = buffer(w, node);

	if (!node->b) {
		kernel_in(out, a.at.any, a.width, w->count, node->set);
		return;
	}

	struct vec b = eval(w, node->b);

	for (uint32_t i = 0; i < w->count; i++)
		out[i] = node->translate[vec_name(&a, i)] == vec_name(&b, i);
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

	switch (node->op) {
	case OP_AND: kernel_and(out, a, b, w->count); break;
	case OP_OR: kernel_or(out, a, b, w->count); break;
	case OP_YES: kernel_byte_is(out, a, w->count, FLAG_YES); break;
	case OP_NO: kernel_byte_is(out, a, w->count, FLAG_NO); break;
	default: kernel_byte_is(out, a, w->count, 0); /* not */
	}
}

static void eval_reached(struct worker *w, const struct node *node)
{
	uint32_t cut;
	const uint32_t *times = raw_times(w, node->a, &cut);

	kernel_reached(buffer(w, node), times, w->count, cut);
}

static void eval_filled(struct worker *w, const struct node *node)
{
	struct vec a = eval(w, node->a);
	uint8_t *out = buffer(w, node);

	switch (node->a->type) {
	case TYPE_CONDITION: memcpy(out, a.at.bits, w->count); break;
	case TYPE_FLAG: kernel_filled(out, a.at.bits, 1, w->count); break;
	case TYPE_TIME: kernel_filled(out, a.at.codes, 4, w->count); break;
	case TYPE_NAME: kernel_filled(out, a.at.any, a.width, w->count); break;
	case TYPE_REF:
		for (uint32_t i = 0; i < w->count; i++)
			out[i] = a.at.codes[i] != REF_NONE;
		break;
	case TYPE_MONEY: kernel_money_filled(out, a.at.any, a.width, w->count); break;
	default:
		for (uint32_t i = 0; i < w->count; i++)
			out[i] = (uint8_t)(isnan(a.at.numbers[i]) == 0);
	}
}

static void eval_unknown(struct worker *w, const struct node *node)
{
	const uint32_t *times = eval(w, node->a).at.codes;

	kernel_equals(buffer(w, node), times, w->count, TIME_UNKNOWN);
}

struct vec eval(struct worker *w, const struct node *node)
{
	if (w->made[node->slot] == w->stamp)
		return w->vecs[node->slot];
	w->made[node->slot] = w->stamp;
	switch (node->op) {
	case OP_COLUMN: eval_column(w, node); break;
	case OP_DERIVED: derive_rows(node->rule, follow(w, node), w->start, w->count, buffer(w, node)); break;
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
	case OP_COMPARE_TIME:
	case OP_IN_DAY: eval_compare_time(w, node); break;
	case OP_NAME_IN:
	case OP_NAME_SAME: eval_names(w, node); break;
	case OP_NUMBER_IN: eval_number_in(w, node); break;
	case OP_AND:
	case OP_OR:
	case OP_NOT:
	case OP_YES:
	case OP_NO: eval_logic(w, node); break;
	case OP_REACHED: eval_reached(w, node); break;
	case OP_FILLED: eval_filled(w, node); break;
	case OP_UNKNOWN: eval_unknown(w, node); break;
	}
	return w->vecs[node->slot];
}
