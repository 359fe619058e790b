/* The rows behind a figure. */
#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "facts/plan.h"

enum { MAX_COLUMNS = 64 };

/* One matching row and what it is sorted by. */
struct hit {
	uint32_t row;
	bool empty;
	double number;
	struct str text;
};

struct lister {
	struct plan *plan;
	struct worker worker;
	struct node *condition, *time, *order;
	struct node **columns; /* NULL: the row's label */
	size_t column_count;
	bool descending;
	struct hit *hits;
	size_t count, capacity;
};

/* ---- cells ---- */

static struct str time_cell(const struct plan *plan, uint32_t t)
{
	if (t == TIME_NOT_REACHED)
		return STR_NONE;
	if (t == TIME_UNKNOWN)
		return STR("unknown");
	return time_text(plan->facts->zone, t, plan->arena);
}

static struct str flag_cell(uint8_t flag)
{
	return flag == FLAG_YES ? STR("yes") : flag == FLAG_NO ? STR("no") : STR_NONE;
}

static struct str number_cell(const struct plan *plan, const struct node *node, double number)
{
	if (isinf(number))
		return STR("unknown");
	if (isnan(number))
		return STR_NONE;
	if (node->type == TYPE_PERIOD)
		return period_label(plan->facts, node->period, number, plan->arena);
	return number_text(node->type == TYPE_DURATION ? number / unit_seconds[node->unit ? node->unit : UNIT_DAYS]
						       : number,
			   plan->arena);
}

static struct str cell(struct lister *l, const struct node *node, uint32_t row)
{
	const struct facts *facts = l->plan->facts;
	struct vec vec;

	if (!node)
		return facts_label(facts, l->plan->of, row, l->plan->arena);
	worker_range(&l->worker, row, 1);
	vec = eval(&l->worker, node);
	switch (node->type) {
	case TYPE_CONDITION: return vec.at.bits[0] ? STR("yes") : STR("no");
	case TYPE_FLAG: return flag_cell(vec.at.bits[0]);
	case TYPE_TIME: return time_cell(l->plan, vec.at.codes[0]);
	case TYPE_NAME: return node->column->dict->names[vec_name(&vec, 0)];
	case TYPE_REF:
		return vec.at.codes[0] == REF_NONE
			       ? STR_NONE
			       : facts_label(facts, node->column->def.target, vec.at.codes[0], l->plan->arena);
	case TYPE_MONEY:
		return vec_money(&vec, 0) == MONEY_NONE
			       ? STR_NONE
			       : money_text(vec_money(&vec, 0), facts->currencies[vec_currency(&vec, 0)],
					    l->plan->arena);
	default: return number_cell(l->plan, node, vec.at.numbers[0]);
	}
}

/* ---- finding and sorting ---- */

static void set_order(struct lister *l, struct hit *hit, struct vec vec, uint32_t i)
{
	switch (l->order->type) {
	case TYPE_NAME:
		hit->text = l->order->column->dict->names[vec_name(&vec, i)];
		hit->empty = !hit->text.len;
		break;
	case TYPE_TIME:
		hit->number = vec.at.codes[i];
		hit->empty = vec.at.codes[i] == TIME_NOT_REACHED || vec.at.codes[i] == TIME_UNKNOWN;
		break;
	case TYPE_REF:
		hit->number = vec.at.codes[i];
		hit->empty = vec.at.codes[i] == REF_NONE;
		break;
	case TYPE_FLAG:
	case TYPE_CONDITION: hit->number = vec.at.bits[i]; break;
	case TYPE_MONEY:
		hit->number = (double)vec_money(&vec, i);
		hit->empty = vec_money(&vec, i) == MONEY_NONE;
		break;
	default: hit->number = vec.at.numbers[i]; hit->empty = !isfinite(hit->number);
	}
}

static bool in_period(const struct lister *l, const uint32_t *times, uint32_t i)
{
	return !times ||
	       (times[i] != TIME_UNKNOWN && times[i] >= l->plan->period_start && times[i] < l->plan->period_end);
}

static void find_hits(struct lister *l)
{
	uint32_t rows = facts_rows(l->plan->facts, l->plan->of);

	for (uint32_t at = 0; at < rows; at += BATCH_ROWS) {
		const uint8_t *bits;
		const uint32_t *times;
		struct vec order = { .width = 0 };

		worker_range(&l->worker, at, rows - at > BATCH_ROWS ? BATCH_ROWS : rows - at);
		bits = l->condition ? eval(&l->worker, l->condition).at.bits : NULL;
		times = l->time ? eval(&l->worker, l->time).at.codes : NULL;
		if (l->order)
			order = eval(&l->worker, l->order);
		for (uint32_t i = 0; i < l->worker.count; i++) {
			if ((bits && !bits[i]) || !in_period(l, times, i))
				continue;
			ARENA_PUSH(l->plan->arena, l->hits, l->count, l->capacity);
			l->hits[l->count] = (struct hit){ .row = at + i };
			if (l->order)
				set_order(l, &l->hits[l->count], order, i);
			l->count++;
		}
	}
}

static bool before(const struct lister *l, const struct hit *x, const struct hit *y)
{
	int compared = str_cmp(x->text, y->text);

	if (x->empty != y->empty)
		return y->empty;
	if (compared)
		return l->descending ? compared > 0 : compared < 0;
	if (x->number != y->number && !x->empty)
		return l->descending ? x->number > y->number : x->number < y->number;
	return x->row < y->row;
}

/* The first `limit` in order stand in front afterwards: a heap of the worst on top. */
static void sift(const struct lister *l, struct hit *heap, size_t at, size_t count)
{
	for (;;) {
		size_t worst = at;
		struct hit hit = heap[at];

		for (size_t child = 2 * at + 1; child <= 2 * at + 2 && child < count; child++) {
			if (before(l, &heap[worst], &heap[child]))
				worst = child;
		}
		if (worst == at)
			return;
		heap[at] = heap[worst];
		heap[worst] = hit;
		at = worst;
	}
}

static size_t take_first(struct lister *l, size_t limit)
{
	size_t kept = l->count < limit ? l->count : limit;

	if (!l->order || !kept)
		return kept;
	for (size_t i = kept / 2; i-- > 0;)
		sift(l, l->hits, i, kept);
	for (size_t i = kept; i < l->count; i++) {
		if (before(l, &l->hits[i], &l->hits[0])) {
			l->hits[0] = l->hits[i];
			sift(l, l->hits, 0, kept);
		}
	}
	for (size_t end = kept; end > 1; end--) {
		struct hit hit = l->hits[0];

		l->hits[0] = l->hits[end - 1];
		l->hits[end - 1] = hit;
		sift(l, l->hits, 0, end - 1);
	}
	return kept;
}

/* ---- planning ---- */

static bool take_ending(struct str *text, const char *word)
{
	size_t len = strlen(word);

	*text = str_trim(*text);
	if (text->len <= len || !isspace((unsigned char)text->at[text->len - len - 1]) ||
	    !str_eq_fold((struct str){ text->at + text->len - len, len }, str_of(word)))
		return false;
	text->len -= len;
	*text = str_trim(*text);
	return true;
}

static int plan_order(struct lister *l, const char *order)
{
	struct script script = { "order", str_of(order ? order : "") };
	struct compiler c = { l->plan, &script, l->plan->of };
	struct tree *tree;
	int failed;

	if (!str_trim(script.text).len)
		return 0;
	l->descending = take_ending(&script.text, "desc");
	if (!l->descending)
		take_ending(&script.text, "asc");
	failed = grammar_parse(&tree, &script, l->plan->arena, l->plan->err);
	if (failed)
		return failed;
	l->order = compile(&c, tree);
	return l->order ? 0 : (int)l->plan->err->kind;
}

static bool is_label(const struct lister *l, const struct tree *tree)
{
	return tree->kind == TREE_PATH && tree->part_count == 1 && str_is(tree->parts[0], "label") &&
	       !facts_column(l->plan->facts, l->plan->of, tree->parts[0]);
}

static int plan_columns(struct lister *l, const char *columns, struct listing *listing)
{
	struct script script = { "columns", str_of(columns ? columns : "") };
	struct compiler c = { l->plan, &script, l->plan->of };
	struct tree **trees;
	size_t count;
	int failed = grammar_parse_list(&trees, &count, &script, l->plan->arena, l->plan->err);

	if (failed)
		return failed;
	if (count > MAX_COLUMNS)
		return grammar_error(l->plan->err, &script, trees[MAX_COLUMNS]->at, trees[MAX_COLUMNS]->end,
				     "at most %d columns", MAX_COLUMNS);
	l->columns = ARENA_ARRAY(l->plan->arena, struct node *, count);
	l->column_count = listing->columns = count;
	listing->header = ARENA_ARRAY(l->plan->arena, struct str, count);
	for (size_t i = 0; i < count; i++) {
		struct str text = { script.text.at + trees[i]->at, trees[i]->end - trees[i]->at };

		listing->header[i] = arena_str(l->plan->arena, text);
		if (is_label(l, trees[i]))
			continue;
		l->columns[i] = compile(&c, trees[i]);
		if (!l->columns[i])
			return (int)l->plan->err->kind;
	}
	return 0;
}

static void fill_listing(struct lister *l, size_t limit, struct listing *listing)
{
	struct arena *arena = l->plan->arena;

	worker_init(&l->worker, l->plan);
	find_hits(l);
	listing->total = l->count;
	listing->count = take_first(l, limit);
	listing->cells = ARENA_ARRAY(arena, struct str *, listing->count + 1);
	listing->rows = ARENA_ARRAY(arena, uint32_t, listing->count + 1);
	for (size_t r = 0; r < listing->count; r++) {
		listing->rows[r] = l->hits[r].row;
		listing->cells[r] = ARENA_ARRAY(arena, struct str, l->column_count + 1);
		for (size_t i = 0; i < l->column_count; i++) {
			struct str text = cell(l, l->columns[i], l->hits[r].row);

			/* Key dictionaries go with the plan. */
			listing->cells[r][i] = text.len ? arena_str(arena, text) : STR_NONE;
		}
	}
	worker_release(&l->worker);
}

int measure_list(const struct facts *facts, const struct question *question, const char *columns, const char *order,
		 size_t limit, struct arena *arena, struct listing *listing, struct err *err)
{
	struct plan plan;
	struct lister l = { .plan = &plan };
	struct err own = ERR_INIT; /* see measure_ask */
	int failed = plan_init(&plan, facts, question, arena, &own);

	*listing = (struct listing){ 0 };
	if (!failed)
		failed = plan_columns(&l, columns, listing);
	if (!failed)
		failed = plan_order(&l, order);
	if (!failed)
		failed = plan_rows(&plan, plan.of, &l.condition, &l.time);
	if (!failed) {
		l.condition = plan_no_void(&plan, plan.of, l.condition);
		fill_listing(&l, limit, listing);
		listing->hint = plan.hint;
	}
	plan_release(&plan);
	if (failed)
		*err = own;
	return failed;
}
