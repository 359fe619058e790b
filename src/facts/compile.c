/* Expressions over rows: types are checked and operators chosen here, once, so that running them has no cases. */
#include <math.h>
#include <stdio.h>

#include "base/date.h"
#include "facts/plan.h"

const char *const unit_names[UNIT__COUNT] = {
	[UNIT_NONE] = "",       [UNIT_SECONDS] = "seconds", [UNIT_MINUTES] = "minutes",
	[UNIT_HOURS] = "hours", [UNIT_DAYS] = "days",       [UNIT_WEEKS] = "weeks",
};
const double unit_seconds[UNIT__COUNT] = {
	[UNIT_NONE] = 1,     [UNIT_SECONDS] = 1,  [UNIT_MINUTES] = 60,
	[UNIT_HOURS] = 3600, [UNIT_DAYS] = 86400, [UNIT_WEEKS] = 604800,
};

const char *type_name(enum value_type type)
{
	static const char *const type_names[] = {
		[TYPE_CONDITION] = "a condition", [TYPE_FLAG] = "a flag",     [TYPE_TIME] = "a time",
		[TYPE_NAME] = "a name",           [TYPE_NUMBER] = "a number", [TYPE_MONEY] = "money",
		[TYPE_DURATION] = "a duration",   [TYPE_PERIOD] = "a period", [TYPE_REF] = "a reference",
	};

	return type_names[type];
}

static struct node *fail(struct compiler *c, size_t at, size_t end, const char *text)
{
	grammar_error(c->plan->err, c->script, at, end, "%s", text);
	return NULL;
}

static struct node *number_node(struct compiler *c, double number, enum value_type type)
{
	struct node *node = node_new(c->plan, OP_NUMBER, type);

	node->number = number;
	if (type == TYPE_DURATION)
		node->unit = UNIT_DAYS;
	return node;
}

static struct node *unary_node(struct compiler *c, enum op op, enum value_type type, struct node *a)
{
	struct node *node = node_new(c->plan, op, type);

	node->a = a;
	return node;
}

static struct node *binary_node(struct compiler *c, enum op op, enum value_type type, struct node *a, struct node *b)
{
	struct node *node = unary_node(c, op, type, a);

	node->b = b;
	return node;
}

/* ---- conditions ---- */

static struct node *as_condition(struct compiler *c, struct node *node, const struct tree *tree)
{
	switch (node->type) {
	case TYPE_CONDITION: return node;
	case TYPE_FLAG: return unary_node(c, OP_YES, TYPE_CONDITION, node);
	case TYPE_TIME:
		if (node->op == OP_COLUMN && node->column->def.milestone)
			return unary_node(c, OP_REACHED, TYPE_CONDITION, node);
		return fail(c, tree->at, tree->end, "this time is no milestone; write \"is not empty\", or compare it");
	default:
		grammar_error(c->plan->err, c->script, tree->at, tree->end,
			      "%s is no condition; compare it (=, <, in …) or ask whether it \"is not empty\"",
			      type_name(node->type));
		return NULL;
	}
}

struct node *compile_condition(struct compiler *c, const struct tree *tree)
{
	struct node *node = compile(c, tree);

	return node ? as_condition(c, node, tree) : NULL;
}

static struct node *compile_logic(struct compiler *c, const struct tree *tree)
{
	struct node *a = compile_condition(c, tree->a);
	struct node *b = a && tree->b ? compile_condition(c, tree->b) : NULL;

	if (!a || (tree->b && !b))
		return NULL;
	if (tree->kind == TREE_NOT)
		return unary_node(c, OP_NOT, TYPE_CONDITION, a);
	return binary_node(c, tree->kind == TREE_AND ? OP_AND : OP_OR, TYPE_CONDITION, a, b);
}

/* ---- arithmetic ---- */

static bool is_double(enum value_type type)
{
	return type == TYPE_NUMBER || type == TYPE_DURATION;
}

static const char *sign_name(enum tree_kind kind)
{
	switch (kind) {
	case TREE_ADD: return "added to";
	case TREE_SUBTRACT: return "taken from";
	case TREE_MULTIPLY: return "multiplied with";
	default: return "divided by";
	}
}

static struct node *cannot(struct compiler *c, const struct tree *tree, const struct node *a, const struct node *b)
{
	if (tree->kind == TREE_SUBTRACT)
		grammar_error(c->plan->err, c->script, tree->sign_at, tree->sign_at + 1, "%s cannot be taken from %s",
			      type_name(b->type), type_name(a->type));
	else
		grammar_error(c->plan->err, c->script, tree->sign_at, tree->sign_at + 1, "%s cannot be %s %s",
			      type_name(a->type), sign_name(tree->kind), type_name(b->type));
	return NULL;
}

static struct node *with_unit(struct node *node, enum unit unit)
{
	node->unit = unit;
	return node;
}

static struct node *add_or_subtract(struct compiler *c, const struct tree *tree, struct node *a, struct node *b)
{
	bool add = tree->kind == TREE_ADD;

	if (is_double(a->type) && a->type == b->type)
		return with_unit(binary_node(c, add ? OP_ADD : OP_SUBTRACT, a->type, a, b), a->unit);
	if (a->type == TYPE_MONEY && b->type == TYPE_MONEY)
		return binary_node(c, add ? OP_MONEY_ADD : OP_MONEY_SUBTRACT, TYPE_MONEY, a, b);
	if (a->type == TYPE_TIME && b->type == TYPE_TIME && !add)
		return with_unit(binary_node(c, OP_ELAPSED, TYPE_DURATION, b, a), UNIT_DAYS);
	if (a->type == TYPE_TIME && b->type == TYPE_DURATION)
		return binary_node(c, OP_SHIFT, TYPE_TIME, a,
				   add ? b : with_unit(unary_node(c, OP_NEGATE, TYPE_DURATION, b), b->unit));
	if (a->type == TYPE_DURATION && b->type == TYPE_TIME && add)
		return binary_node(c, OP_SHIFT, TYPE_TIME, b, a);
	return cannot(c, tree, a, b);
}

static struct node *multiply(struct compiler *c, const struct tree *tree, struct node *a, struct node *b)
{
	if (a->type == TYPE_NUMBER && b->type == TYPE_MONEY)
		return binary_node(c, OP_MONEY_TIMES, TYPE_MONEY, b, a);
	if (a->type == TYPE_MONEY && b->type == TYPE_NUMBER)
		return binary_node(c, OP_MONEY_TIMES, TYPE_MONEY, a, b);
	if (!is_double(a->type) || !is_double(b->type) || (a->type == TYPE_DURATION && b->type == TYPE_DURATION))
		return cannot(c, tree, a, b);
	if (a->type == TYPE_DURATION || b->type == TYPE_DURATION)
		return with_unit(binary_node(c, OP_MULTIPLY, TYPE_DURATION, a, b),
				 a->type == TYPE_DURATION ? a->unit : b->unit);
	return binary_node(c, OP_MULTIPLY, TYPE_NUMBER, a, b);
}

static struct node *divide(struct compiler *c, const struct tree *tree, struct node *a, struct node *b)
{
	if (a->type == TYPE_MONEY && b->type == TYPE_MONEY)
		return binary_node(c, OP_MONEY_OVER, TYPE_NUMBER, a, b);
	if (a->type == TYPE_MONEY && b->type == TYPE_NUMBER)
		return binary_node(c, OP_MONEY_TIMES, TYPE_MONEY, a,
				   binary_node(c, OP_DIVIDE, TYPE_NUMBER, number_node(c, 1, TYPE_NUMBER), b));
	if (a->type == TYPE_DURATION && b->type == TYPE_NUMBER)
		return with_unit(binary_node(c, OP_DIVIDE, TYPE_DURATION, a, b), a->unit);
	if (is_double(a->type) && a->type == b->type)
		return binary_node(c, OP_DIVIDE, TYPE_NUMBER, a, b);
	return cannot(c, tree, a, b);
}

static struct node *compile_arithmetic(struct compiler *c, const struct tree *tree)
{
	struct node *a = compile(c, tree->a);
	struct node *b = a ? compile(c, tree->b) : NULL;

	if (!b)
		return NULL;
	if (tree->kind == TREE_MULTIPLY)
		return multiply(c, tree, a, b);
	if (tree->kind == TREE_DIVIDE)
		return divide(c, tree, a, b);
	return add_or_subtract(c, tree, a, b);
}

static struct node *compile_negate(struct compiler *c, const struct tree *tree)
{
	struct node *a = compile(c, tree->a);

	if (!a)
		return NULL;
	if (a->type == TYPE_MONEY)
		return unary_node(c, OP_MONEY_NEGATE, TYPE_MONEY, a);
	if (is_double(a->type))
		return with_unit(unary_node(c, OP_NEGATE, a->type, a), a->unit);
	grammar_error(c->plan->err, c->script, tree->at, tree->end, "%s has no minus", type_name(a->type));
	return NULL;
}

/* ---- functions ---- */

static struct node *compile_days(struct compiler *c, const struct tree *tree, enum unit unit)
{
	struct node *a, *b;

	if (tree->count < 1 || tree->count > 2) {
		grammar_error(c->plan->err, c->script, tree->at, tree->end, "%.*s() takes two times, or one duration",
			      STR_ARG(tree->text));
		return NULL;
	}
	a = compile(c, tree->items[0]);
	if (!a)
		return NULL;
	if (tree->count == 1) {
		struct node *same;

		if (a->type != TYPE_DURATION)
			return fail(c, tree->items[0]->at, tree->items[0]->end,
				    "one duration (like b - a), or two times, should stand here");
		same = unary_node(c, OP_SCALE, TYPE_DURATION, a);
		same->number = 1;
		return with_unit(same, unit);
	}
	b = compile(c, tree->items[1]);
	if (!b)
		return NULL;
	for (size_t i = 0; i < 2; i++) {
		if ((i ? b : a)->type != TYPE_TIME) {
			grammar_error(c->plan->err, c->script, tree->items[i]->at, tree->items[i]->end,
				      "%.*s() takes times; this is %s", STR_ARG(tree->text),
				      type_name((i ? b : a)->type));
			return NULL;
		}
	}
	return with_unit(binary_node(c, unit == UNIT_DAYS ? OP_DAYS : OP_ELAPSED, TYPE_DURATION, a, b), unit);
}

static struct node *compile_period(struct compiler *c, const struct tree *tree, enum period period)
{
	struct node *a = tree->count == 1 ? compile(c, tree->items[0]) : NULL;
	struct node *node;

	if (tree->count != 1) {
		grammar_error(c->plan->err, c->script, tree->at, tree->end, "%.*s() takes one time",
			      STR_ARG(tree->text));
		return NULL;
	}
	if (!a)
		return NULL;
	if (a->type != TYPE_TIME) {
		grammar_error(c->plan->err, c->script, tree->items[0]->at, tree->items[0]->end,
			      "%.*s() takes a time; this is %s", STR_ARG(tree->text), type_name(a->type));
		return NULL;
	}
	node = unary_node(c, OP_PERIOD, TYPE_PERIOD, a);
	node->period = period;
	return node;
}

static struct node *compile_bucket(struct compiler *c, const struct tree *tree)
{
	struct node *a, *width, *node;

	if (tree->count != 2)
		return fail(c, tree->at, tree->end, "bucket() takes a number and a width");
	a = compile(c, tree->items[0]);
	width = a ? compile(c, tree->items[1]) : NULL;
	if (!width)
		return NULL;
	if (width->op != OP_NUMBER || !(width->number > 0) ||
	    (width->type == TYPE_DURATION && a->type != TYPE_DURATION))
		return fail(c, tree->items[1]->at, tree->items[1]->end,
			    "the width is a number above zero, written out");
	if (a->type == TYPE_MONEY)
		a = unary_node(c, OP_MAJOR, TYPE_NUMBER, a);
	if (!is_double(a->type)) {
		grammar_error(c->plan->err, c->script, tree->items[0]->at, tree->items[0]->end,
			      "bucket() takes a number; this is %s", type_name(a->type));
		return NULL;
	}
	node = unary_node(c, OP_BUCKET, a->type, a);
	node->unit = a->unit;
	node->number = width->number;
	if (a->type == TYPE_DURATION && width->type == TYPE_NUMBER)
		node->number *= unit_seconds[a->unit];
	return node;
}

static struct node *unknown_function(struct compiler *c, const struct tree *tree)
{
	static const char *const names[] = {
		"count",   "sum",        "average",        "avg",         "min",    "max",
		"median",  "percentile", "distinct",       "running",     "shared", "days",
		"hours",   "minutes",    "weeks",          "day",         "week",   "month",
		"quarter", "year",       "fiscal_quarter", "fiscal_year", "bucket", "top"
	};
	size_t at = tree->at, end = tree->at + tree->text.len;
	const char *near;

	if (grammar_is_aggregate(tree->text))
		return fail(c, at, end, "aggregates cannot stand inside one another or in conditions");
	if (str_is(tree->text, "shared"))
		return fail(c, at, end, "shared() stands alone inside sum()");
	if (str_is(tree->text, "top"))
		return fail(c, at, end, "top() is for dimensions: --by \"top(5, campaign)\"");
	near = str_nearest(tree->text, names, sizeof(names) / sizeof(*names));
	if (near)
		grammar_error(c->plan->err, c->script, at, end, "there is no function %.*s(); did you mean %s()?",
			      STR_ARG(tree->text), near);
	else
		grammar_error(c->plan->err, c->script, at, end, "there is no function %.*s()", STR_ARG(tree->text));
	return NULL;
}

static struct node *compile_call(struct compiler *c, const struct tree *tree)
{
	enum period period;

	if (tree->where || tree->on || tree->from_top) {
		if (!grammar_is_aggregate(tree->text))
			return fail(c, tree->at, tree->end, "where, on and \"from top\" are for aggregates only");
	}
	for (enum unit unit = UNIT_SECONDS; unit < UNIT__COUNT; unit++) {
		if (str_is(tree->text, unit_names[unit]))
			return compile_days(c, tree, unit);
	}
	if (period_by_name(tree->text, &period))
		return compile_period(c, tree, period);
	if (str_is(tree->text, "bucket"))
		return compile_bucket(c, tree);
	return unknown_function(c, tree);
}

static struct node *date_node(struct compiler *c, int32_t date)
{
	struct node *node = node_new(c->plan, OP_TIME, TYPE_TIME);

	node->time = facts_day_start(c->plan->facts, date);
	node->time_end = node->time;
	return node;
}

struct node *compile(struct compiler *c, const struct tree *tree)
{
	switch (tree->kind) {
	case TREE_NUMBER: return number_node(c, tree->number, TYPE_NUMBER);
	case TREE_DURATION: return number_node(c, tree->number, TYPE_DURATION);
	case TREE_DATE: return date_node(c, tree->date);
	case TREE_TEXT: return fail(c, tree->at, tree->end, "a text stands only to the right of =, != or in");
	case TREE_PATH: return compile_path(c, tree, false);
	case TREE_CALL: return compile_call(c, tree);
	case TREE_NEGATE: return compile_negate(c, tree);
	case TREE_NOT:
	case TREE_AND:
	case TREE_OR: return compile_logic(c, tree);
	case TREE_ADD:
	case TREE_SUBTRACT:
	case TREE_MULTIPLY:
	case TREE_DIVIDE: return compile_arithmetic(c, tree);
	case TREE_IN: return compile_in(c, tree);
	case TREE_BETWEEN: return compile_between(c, tree);
	case TREE_IS: return compile_is(c, tree);
	default: return compile_compare(c, tree);
	}
}
