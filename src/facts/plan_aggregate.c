/* Aggregates: each finds its fact, its time, its condition and its value. */
#include "facts/plan.h"

enum { MAX_AGGREGATES = 64 };

/* The fact that a qualified name within names; all of them must agree. */
static bool fact_within(struct plan *plan, const struct tree *tree, enum fact *fact, bool *found)
{
	enum fact named;

	if (!tree)
		return true;
	if (tree->kind == TREE_PATH && tree->part_count > 1 && fact_by_name(tree->parts[0], &named)) {
		if (*found && named != *fact) {
			grammar_error(plan->err, &plan->measure, tree->at, tree->end,
				      "one aggregate counts rows of one fact; here are %s and %s", fact_name(*fact),
				      fact_name(named));
			return false;
		}
		*fact = named;
		*found = true;
	}
	for (size_t i = 0; i < tree->count; i++) {
		if (!fact_within(plan, tree->items[i], fact, found))
			return false;
	}
	return fact_within(plan, tree->a, fact, found) && fact_within(plan, tree->b, fact, found) &&
	       fact_within(plan, tree->where, fact, found) && fact_within(plan, tree->on, fact, found);
}

static bool aggregate_named(struct str name, enum aggregate_kind *kind)
{
	static const struct {
		const char *name;
		enum aggregate_kind kind;
	} names[] = {
		{ "count", AGGREGATE_COUNT },       { "sum", AGGREGATE_SUM },
		{ "average", AGGREGATE_AVERAGE },   { "avg", AGGREGATE_AVERAGE },
		{ "min", AGGREGATE_MIN },           { "max", AGGREGATE_MAX },
		{ "median", AGGREGATE_PERCENTILE }, { "percentile", AGGREGATE_PERCENTILE },
		{ "distinct", AGGREGATE_DISTINCT },
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		if (str_eq_fold(name, str_of(names[i].name))) {
			*kind = names[i].kind;
			return true;
		}
	}
	return false;
}

bool plan_fail(struct plan *plan, const struct tree *tree, const char *text)
{
	grammar_error(plan->err, &plan->measure, tree->at, tree->end, "%s", text);
	return false;
}

static bool check_arguments(struct plan *plan, const struct tree *call, struct aggregate *aggregate)
{
	size_t wanted = 1;

	if (call->from_top)
		return plan_fail(plan, call, "\"from top\" is for running()");
	if (aggregate->kind == AGGREGATE_COUNT && call->count == 0)
		return true;
	if (str_eq_fold(call->text, STR("percentile")))
		wanted = 2;
	if (call->count != wanted) {
		grammar_error(plan->err, &plan->measure, call->at, call->end, "%.*s() takes %s", STR_ARG(call->text),
			      wanted == 2 ? "a value and a percentage: percentile(amount, 90)" : "one value");
		return false;
	}
	if (aggregate->kind != AGGREGATE_PERCENTILE)
		return true;
	aggregate->p = 0.5;
	if (wanted == 2) {
		const struct tree *p = call->items[1];
		double percent = p->kind == TREE_NUMBER ? p->number : -1;

		/* 90 and 90 % mean the same. */
		if (p->kind == TREE_NUMBER && plan->measure.text.at[p->end - 1] == '%')
			percent *= 100;
		if (!(percent >= 0 && percent <= 100))
			return plan_fail(plan, p, "the percentage is a number from 0 to 100, written out");
		aggregate->p = percent / 100;
	}
	return true;
}

static bool add_condition(struct plan *plan, struct aggregate *aggregate, struct node *condition)
{
	aggregate->condition = plan_both(plan, aggregate->condition, condition);
	return condition;
}

/* count(X): rows where X holds, or, where X is no condition, is not empty. */
static bool plan_count(struct compiler *c, const struct tree *argument, struct aggregate *aggregate)
{
	struct node *node = compile(c, argument), *filled;

	if (!node)
		return false;
	if (node->type == TYPE_CONDITION)
		return add_condition(c->plan, aggregate, node);
	filled = node_new(c->plan,
			  node->type == TYPE_FLAG ? OP_YES
			  : node->type == TYPE_TIME
				  ? OP_REACHED /* the same as in a condition, so that it is worked out once */
				  : OP_FILLED,
			  TYPE_CONDITION);
	filled->a = node;
	return add_condition(c->plan, aggregate, filled);
}

static bool plan_shared(struct compiler *c, const struct tree *call, struct aggregate *aggregate)
{
	if (aggregate->kind != AGGREGATE_SUM)
		return plan_fail(c->plan, call, "shared() stands alone inside sum()");
	if (call->count != 2)
		return plan_fail(c->plan, call,
				 "shared() takes a value and the key it is shared over: shared(lead.amount, lead)");
	aggregate->value = compile(c, call->items[0]);
	aggregate->share_key = aggregate->value ? compile(c, call->items[1]) : NULL;
	if (!aggregate->share_key)
		return false;
	if (aggregate->share_key->type != TYPE_REF && aggregate->share_key->type != TYPE_NAME)
		return plan_fail(c->plan, call->items[1], "the key is a reference or a name");
	return true;
}

static bool fits(enum aggregate_kind kind, enum value_type type)
{
	switch (type) {
	case TYPE_NUMBER:
	case TYPE_MONEY:
	case TYPE_DURATION: return true;
	case TYPE_TIME: return kind == AGGREGATE_MIN || kind == AGGREGATE_MAX || kind == AGGREGATE_DISTINCT;
	case TYPE_NAME:
	case TYPE_PERIOD:
	case TYPE_REF: return kind == AGGREGATE_DISTINCT;
	default: return false;
	}
}

static bool plan_value(struct compiler *c, const struct tree *call, struct aggregate *aggregate)
{
	const struct tree *argument = call->items[0];

	if (argument->kind == TREE_CALL && str_is(argument->text, "shared")) {
		if (!plan_shared(c, argument, aggregate))
			return false;
	} else {
		aggregate->value = compile(c, argument);
	}
	if (!aggregate->value)
		return false;
	if (fits(aggregate->kind, aggregate->value->type))
		return true;
	grammar_error(c->plan->err, c->script, argument->at, argument->end, "%.*s() cannot take %s%s",
		      STR_ARG(call->text), type_name(aggregate->value->type),
		      aggregate->value->type == TYPE_CONDITION || aggregate->value->type == TYPE_FLAG ? "; use count()"
												      : "");
	return false;
}

static bool plan_on(struct compiler *c, const struct tree *call, const struct column **on)
{
	struct node *node;

	*on = NULL;
	if (!call->on)
		return true;
	node = compile_path(c, call->on, false);
	if (!node)
		return false;
	if (node->type != TYPE_TIME || node->op != OP_COLUMN || node->hop_count)
		return plan_fail(c->plan, call->on, "\"on\" takes a time of the same fact");
	*on = node->column;
	return true;
}

static bool rows_of_fact(struct plan *plan, const struct tree *call, enum fact *fact)
{
	const struct tree *only = call->count == 1 ? call->items[0] : NULL;

	return only && only->kind == TREE_PATH && only->part_count == 1 &&
	       !facts_column(plan->facts, plan->of, only->parts[0]) && fact_by_name(only->parts[0], fact);
}

struct formula *formula_new(struct plan *plan, enum formula_kind kind, enum answer_type type)
{
	struct formula *formula = ARENA_NEW(plan->arena, struct formula);

	formula->kind = kind;
	formula->type = type;
	return formula;
}

static void add_aggregate(struct plan *plan, const struct aggregate *aggregate)
{
	ARENA_PUSH(plan->arena, plan->aggregates, plan->aggregate_count, plan->aggregate_capacity);
	plan->aggregates[plan->aggregate_count++] = *aggregate;
}

static struct formula *aggregate_formula(struct plan *plan, const struct aggregate *aggregate)
{
	static const enum answer_type types[] = { [TYPE_NUMBER] = ANSWER_NUMBER,
						  [TYPE_MONEY] = ANSWER_MONEY,
						  [TYPE_DURATION] = ANSWER_DURATION,
						  [TYPE_TIME] = ANSWER_TIME,
						  [TYPE_REF] = ANSWER_NONE };
	bool counts = aggregate->kind == AGGREGATE_COUNT || aggregate->kind == AGGREGATE_DISTINCT;
	struct formula *formula = formula_new(plan, FORMULA_AGGREGATE,
					      counts             ? ANSWER_COUNT
					      : aggregate->money ? ANSWER_MONEY
								 : types[aggregate->value->type]);

	if (!counts && aggregate->value->type == TYPE_DURATION)
		formula->unit = aggregate->value->unit ? aggregate->value->unit : UNIT_DAYS;
	formula->aggregate = (unsigned)plan->aggregate_count;
	add_aggregate(plan, aggregate);
	return formula;
}

/* ---- money ---- */

static struct node *only_in(struct plan *plan, struct node *money, uint32_t currency)
{
	struct node *only = node_new(plan, OP_MONEY_ONLY, TYPE_MONEY);
	uint8_t *set = ARENA_ARRAY(plan->arena, uint8_t, MAX_CURRENCIES);

	if (currency != REF_NONE)
		set[currency] = 1;
	only->a = money;
	only->set = set;
	return only;
}

/* Beside the aggregate, for each currency of the book, how many of its values are in it: a row of the answer has one currency or is
 * refused. */
static void add_witnesses(struct plan *plan, const struct aggregate *aggregate)
{
	for (unsigned i = 0; plan->facts->currency_count > 1 && i < plan->facts->currency_count; i++) {
		struct aggregate witness = {
			.kind = AGGREGATE_COUNT, .pass = aggregate->pass, .witness = true, .currency = i
		};
		struct node *filled = node_new(plan, OP_FILLED, TYPE_CONDITION);

		filled->a = only_in(plan, aggregate->value, i);
		witness.condition = plan_both(plan, aggregate->condition, filled);
		add_aggregate(plan, &witness);
	}
}

/* Sums and means of money times a number add unrounded minor units: rounding comes once, at the end. */
static struct node *unrounded(struct plan *plan, const struct aggregate *aggregate)
{
	struct node *value = aggregate->value, *product, *minor;

	if (value->op != OP_MONEY_TIMES || aggregate->share_key ||
	    (aggregate->kind != AGGREGATE_SUM && aggregate->kind != AGGREGATE_AVERAGE))
		return value;
	minor = node_new(plan, OP_MINOR, TYPE_NUMBER);
	minor->a = value->a;
	product = node_new(plan, OP_MULTIPLY, TYPE_NUMBER);
	product->a = minor;
	product->b = value->b;
	return product;
}

static struct formula *money_formula(struct plan *plan, struct aggregate *aggregate)
{
	aggregate->money = true;
	if (plan->one_currency && aggregate->value->op == OP_MONEY_TIMES)
		aggregate->value->a = only_in(plan, aggregate->value->a, plan->currency);
	else if (plan->one_currency)
		aggregate->value = only_in(plan, aggregate->value, plan->currency);
	add_witnesses(plan, aggregate);
	aggregate->value = unrounded(plan, aggregate);
	return aggregate_formula(plan, aggregate);
}

struct formula *plan_aggregate(struct plan *plan, const struct tree *call)
{
	struct aggregate aggregate = { 0 };
	struct compiler c = { plan, &plan->measure, plan->of };
	const struct column *on;
	bool found = false, whole;

	if (!aggregate_named(call->text, &aggregate.kind) || !check_arguments(plan, call, &aggregate) ||
	    !fact_within(plan, call, &c.fact, &found))
		return NULL;
	if (plan->aggregate_count - plan->first_aggregate == MAX_AGGREGATES)
		return plan_fail(plan, call, "there are too many aggregates"), NULL;
	whole = aggregate.kind == AGGREGATE_COUNT && rows_of_fact(plan, call, &c.fact);
	if (!plan_on(&c, call, &on))
		return NULL;
	aggregate.pass = plan_find_pass(plan, c.fact, on);
	if (call->where && !add_condition(plan, &aggregate, compile_condition(&c, call->where)))
		return NULL;
	if (aggregate.kind == AGGREGATE_COUNT && (whole || call->count == 0))
		return aggregate_formula(plan, &aggregate);
	if (aggregate.kind == AGGREGATE_COUNT ? !plan_count(&c, call->items[0], &aggregate)
					      : !plan_value(&c, call, &aggregate))
		return NULL;
	if (aggregate.value && aggregate.value->type == TYPE_MONEY && aggregate.kind != AGGREGATE_COUNT)
		return money_formula(plan, &aggregate);
	return aggregate_formula(plan, &aggregate);
}
