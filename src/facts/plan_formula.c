/* Formulas: what is done with aggregates, and what comes of it. */
#include "facts/plan.h"

static struct formula *plan_running(struct plan *plan, const struct tree *tree)
{
	struct formula *running, *inner;
	enum aggregate_kind kind;

	if (tree->count != 1)
		return plan_fail(plan, tree, "running() takes one aggregate, and perhaps \"from top\""), NULL;
	if (tree->where || tree->on)
		return plan_fail(plan, tree, "where and on belong to the aggregate inside running()"), NULL;
	inner = plan_formula(plan, tree->items[0]);
	if (!inner)
		return NULL;
	kind = inner->kind == FORMULA_AGGREGATE ? plan->aggregates[inner->aggregate].kind : AGGREGATE_DISTINCT;
	if (kind == AGGREGATE_DISTINCT || kind == AGGREGATE_PERCENTILE)
		return plan_fail(plan, tree->items[0], "running() takes a count, sum, average, min or max"), NULL;
	running = formula_new(plan, FORMULA_RUNNING, inner->type);
	running->unit = inner->unit;
	running->a = inner;
	running->from_top = tree->from_top;
	return running;
}

static bool is_number(const struct formula *f)
{
	return f->type == ANSWER_COUNT || f->type == ANSWER_NUMBER || f->type == ANSWER_RATIO;
}

static bool formula_type(enum tree_kind kind, const struct formula *a, const struct formula *b, struct formula *out)
{
	bool numbers = is_number(a) && is_number(b);
	bool counts = a->type == ANSWER_COUNT && b->type == ANSWER_COUNT;

	out->unit = a->unit ? a->unit : b->unit;
	if (a->type == ANSWER_TIME || b->type == ANSWER_TIME) {
		out->type = ANSWER_DURATION;
		out->unit = UNIT_DAYS;
		return kind == TREE_SUBTRACT && a->type == b->type;
	}
	switch (kind) {
	case TREE_ADD:
	case TREE_SUBTRACT:
		out->type = numbers ? (counts ? ANSWER_COUNT : ANSWER_NUMBER) : a->type;
		return numbers || a->type == b->type;
	case TREE_MULTIPLY:
		out->type = numbers ? ANSWER_NUMBER : is_number(a) ? b->type : a->type;
		return is_number(a) || is_number(b);
	default:
		if (b->type == ANSWER_DURATION && a->type != ANSWER_DURATION) {
			out->type = a->type == ANSWER_MONEY ? ANSWER_MONEY : ANSWER_NUMBER; /* per unit of time */
			out->unit = UNIT_NONE;
			return true;
		}
		if (a->type == b->type || numbers) {
			out->type = counts ? ANSWER_RATIO : ANSWER_NUMBER;
			out->unit = UNIT_NONE;
			return true;
		}
		out->type = a->type;
		return is_number(b);
	}
}

static const char *answer_type_name(enum answer_type type)
{
	switch (type) {
	case ANSWER_MONEY: return "money";
	case ANSWER_DURATION: return "a duration";
	case ANSWER_TIME: return "a time";
	default: return "a number";
	}
}

static struct formula *plan_binary(struct plan *plan, const struct tree *tree)
{
	static const enum formula_kind kinds[] = { [TREE_ADD] = FORMULA_ADD,
						   [TREE_SUBTRACT] = FORMULA_SUBTRACT,
						   [TREE_MULTIPLY] = FORMULA_MULTIPLY,
						   [TREE_DIVIDE] = FORMULA_DIVIDE };
	struct formula *a = plan_formula(plan, tree->a);
	struct formula *b = a ? plan_formula(plan, tree->b) : NULL;
	struct formula *out;

	if (!b)
		return NULL;
	out = formula_new(plan, kinds[tree->kind], ANSWER_NUMBER);
	out->a = a;
	out->b = b;
	if (formula_type(tree->kind, a, b, out))
		return out;
	grammar_error(plan->err, &plan->measure, tree->sign_at, tree->sign_at + 1, "%s and %s do not go together here",
		      answer_type_name(a->type), answer_type_name(b->type));
	return NULL;
}

struct formula *plan_formula(struct plan *plan, const struct tree *tree)
{
	struct formula *formula;

	switch (tree->kind) {
	case TREE_NUMBER:
	case TREE_DURATION:
		formula =
			formula_new(plan, FORMULA_NUMBER, tree->kind == TREE_NUMBER ? ANSWER_NUMBER : ANSWER_DURATION);
		formula->unit = tree->kind == TREE_NUMBER ? UNIT_NONE : UNIT_DAYS;
		formula->number = tree->number;
		return formula;
	case TREE_NEGATE:
		formula = formula_new(plan, FORMULA_NEGATE, ANSWER_NUMBER);
		formula->a = plan_formula(plan, tree->a);
		if (!formula->a)
			return NULL;
		if (formula->a->type == ANSWER_TIME)
			return plan_fail(plan, tree, "a time has no minus"), NULL;
		formula->type = formula->a->type == ANSWER_RATIO ? ANSWER_NUMBER : formula->a->type;
		formula->unit = formula->a->unit;
		return formula;
	case TREE_ADD:
	case TREE_SUBTRACT:
	case TREE_MULTIPLY:
	case TREE_DIVIDE: return plan_binary(plan, tree);
	case TREE_CALL:
		if (str_eq_fold(tree->text, STR("running")))
			return plan_running(plan, tree);
		if (grammar_is_aggregate(tree->text))
			return plan_aggregate(plan, tree);
		/* Names that are no aggregate: the row compiler says what they are. */
		if (!compile(&(struct compiler){ plan, &plan->measure, plan->of }, tree))
			return NULL;
		return plan_fail(plan, tree,
				 "this is a value of each row; put it into count(), sum(), average(), median() …"),
		       NULL;
	case TREE_PATH:
		if (!compile_path(&(struct compiler){ plan, &plan->measure, plan->of }, tree, false))
			return NULL;
		return plan_fail(plan, tree,
				 "this is a value of each row; put it into count(), sum(), average(), median() …"),
		       NULL;
	default:
		return plan_fail(plan, tree, "a measure is a number; conditions go inside count() or behind where"),
		       NULL;
	}
}

bool formula_adds_up(const struct plan *plan, const struct formula *f)
{
	if (!f || f->kind == FORMULA_DIVIDE)
		return false;
	if (f->kind != FORMULA_AGGREGATE)
		return formula_adds_up(plan, f->a) || formula_adds_up(plan, f->b);
	switch (plan->aggregates[f->aggregate].kind) {
	case AGGREGATE_COUNT:
	case AGGREGATE_SUM:
	case AGGREGATE_DISTINCT: return true;
	default: return false;
	}
}
