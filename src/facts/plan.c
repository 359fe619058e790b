/* From a question to a plan: aggregates are split out of the measure, each finds its pass, and where and by are compiled for every
 * pass. */
#include <math.h>
#include <stdlib.h>

#include "base/date.h"
#include "facts/plan.h"

enum { MAX_DIMENSIONS = 8, MAX_AGGREGATES = 64 };

int plan_init(struct plan *plan, const struct facts *facts, const struct question *question, struct arena *arena,
	      struct err *err)
{
	*plan = (struct plan){ .facts = facts, .arena = arena, .err = err, .scope = question->scope };
	plan->of = FACT_LEADS;
	plan->as_of = question->as_of != DATE_NONE ? question->as_of : facts_as_of(facts);
	plan->end = plan->as_of == DATE_NONE || plan->as_of == INT32_MAX ? UINT32_MAX - 1
									 : facts_day_start(facts, plan->as_of + 1);
	plan->past = plan->as_of != DATE_NONE && facts->last_day != DATE_NONE && plan->as_of < facts->last_day;
	plan->period = question->from != question->to;
	plan->period_start = question->from == DATE_NONE ? 1 : facts_day_start(facts, question->from);
	plan->period_end = question->to == DATE_NONE ? UINT32_MAX - 1 : facts_day_start(facts, question->to);
	plan->measure = (struct script){ "measure", str_of(question->measure ? question->measure : "") };
	plan->by = (struct script){ "by", str_of(question->by ? question->by : "") };
	plan->where = (struct script){ "where", str_of(question->where ? question->where : "") };
	if (question->of && !fact_by_name(str_of(question->of), &plan->of)) {
		const char *names[FACT__COUNT], *near;

		for (enum fact f = 0; f < FACT__COUNT; f++)
			names[f] = fact_name(f);
		near = str_nearest(str_of(question->of), names, FACT__COUNT);
		return err_set(
			err, ERR_INPUT,
			"of: there is no fact \"%.100s\"%s%s%s; there are leads, opportunities, stage_visits, touches, activities, "
			"spend and orders",
			question->of, near ? "; did you mean \"" : "", near ? near : "", near ? "\"?" : "");
	}
	if (!str_trim(plan->where.text).len)
		return 0;
	return grammar_parse((struct tree **)&plan->where_tree, &plan->where, arena, err);
}

void plan_release(struct plan *plan)
{
	for (size_t i = 0; i < plan->key_dict_count; i++) {
		dict_release(plan->key_dicts[i]);
		free(plan->key_dicts[i]);
	}
}

/* ---- passes ---- */

static struct node *both(struct plan *plan, struct node *a, struct node *b)
{
	struct node *node;

	if (!a || !b)
		return a ? a : b;
	node = node_new(plan, OP_AND, TYPE_CONDITION);
	node->a = a;
	node->b = b;
	return node;
}

/* Rows whose own time lies after the as-of day are not there yet. */
static struct node *exists(struct plan *plan, enum fact fact)
{
	const struct column *time = facts_known_column(plan->facts, fact, fact_main_time(fact));
	struct column *raw;
	struct node *value, *later, *node;

	if (!time->at.any || time->last_time < plan->end)
		return NULL;
	raw = ARENA_NEW(plan->arena, struct column);
	*raw = *time;
	raw->def.milestone = false;
	value = node_new(plan, OP_COLUMN, TYPE_TIME);
	value->column = raw;
	later = node_new(plan, OP_IN_DAY, TYPE_CONDITION);
	later->a = value;
	later->compare = COMPARE_GE;
	later->time = later->time_end = plan->end;
	node = node_new(plan, OP_NOT, TYPE_CONDITION);
	node->a = later;
	return node;
}

/* The column of the fact itself, else of its lead, else of its opportunity. As it stands today, whatever the as-of day: what a
 * person may see follows from who has it now. */
static struct node *scope_column(struct plan *plan, enum fact fact, struct str name)
{
	static const char *const ways[] = { "lead", "opportunity" };
	const struct column *column = facts_column(plan->facts, fact, name), *ref = NULL;
	struct node *node;

	for (size_t i = 0; !column && i < 2; i++) {
		ref = facts_column(plan->facts, fact, str_of(ways[i]));
		if (ref && ref->def.type == COLUMN_REF)
			column = facts_column(plan->facts, ref->def.target, name);
	}
	if (!column || column->def.type != COLUMN_NAME)
		return NULL;
	node = node_new(plan, OP_COLUMN, TYPE_NAME);
	node->column = column;
	node->hops[0] = ref;
	node->hop_count = ref ? 1 : 0;
	return node;
}

static struct node *scope_condition(struct plan *plan, enum fact fact)
{
	static const char *const columns[] = {
		[SCOPE_OWNER] = "owner", [SCOPE_TEAM] = "team", [SCOPE_PARTNER] = "partner"
	};
	struct node *column = NULL, *node;
	uint8_t *set;
	uint32_t code;

	if (plan->scope.kind == SCOPE_ALL)
		return NULL;
	if (plan->scope.kind != SCOPE_NOTHING && plan->scope.name.len && fact != FACT_SPEND)
		column = scope_column(plan, fact, str_of(columns[plan->scope.kind]));
	if (!column) {
		struct node *yes = node_new(plan, OP_NUMBER, TYPE_NUMBER);

		/* Nothing: a number is never not itself. */
		node = node_new(plan, OP_COMPARE, TYPE_CONDITION);
		node->a = node->b = yes;
		node->compare = COMPARE_NE;
		return node;
	}
	set = ARENA_ARRAY(plan->arena, uint8_t, column->column->dict->count);
	code = dict_find(column->column->dict, plan->scope.name);
	if (code != UINT32_MAX)
		set[code] = 1;
	node = node_new(plan, OP_NAME_IN, TYPE_CONDITION);
	node->a = column;
	node->set = set;
	return node;
}

static bool bare_period(const struct tree *tree, enum period *period)
{
	return tree->kind == TREE_PATH && tree->part_count == 1 && period_by_name(tree->parts[0], period);
}

static struct node *period_node(struct plan *plan, struct node *time, enum period period)
{
	struct node *node = node_new(plan, OP_PERIOD, TYPE_PERIOD);

	node->a = time;
	node->period = period;
	return node;
}

/* The time that a pass goes by: its `on`, else the fact's own. */
static struct node *time_node(struct plan *plan, const struct pass *pass)
{
	const struct column *on =
		pass->on ? pass->on : facts_known_column(plan->facts, pass->fact, fact_main_time(pass->fact));
	struct node *node = node_new(plan, OP_COLUMN, TYPE_TIME);

	node->column = plan_view(plan, on);
	return node;
}

static struct node *plan_dimension(struct plan *plan, const struct pass *pass, const struct tree *tree)
{
	struct compiler c = { plan, &plan->by, pass->fact };
	struct node *node, *major;
	enum period period;

	if (bare_period(tree, &period) && !facts_column(plan->facts, pass->fact, tree->parts[0]))
		return period_node(plan, time_node(plan, pass), period);
	node = compile(&c, tree);
	if (!node)
		return NULL;
	if (node->type == TYPE_TIME)
		return period_node(plan, node, PERIOD_DAY);
	if (node->type != TYPE_MONEY)
		return node;
	major = node_new(plan, OP_MAJOR, TYPE_NUMBER);
	major->a = node;
	return major;
}

static int plan_conditions(struct plan *plan, struct pass *pass)
{
	struct compiler c = { plan, &plan->where, pass->fact };

	if (plan->where_tree) {
		pass->condition = compile_condition(&c, plan->where_tree);
		if (!pass->condition)
			return (int)plan->err->kind;
	}
	pass->condition = both(plan, pass->condition, scope_condition(plan, pass->fact));
	pass->condition = both(plan, pass->condition, exists(plan, pass->fact));
	if (plan->period)
		pass->time = time_node(plan, pass);
	return 0;
}

int plan_rows(struct plan *plan, enum fact fact, struct node **condition, struct node **time)
{
	struct pass pass = { .fact = fact };
	int failed = plan_conditions(plan, &pass);

	*condition = pass.condition;
	*time = pass.time;
	return failed;
}

static int plan_pass(struct plan *plan, struct pass *pass)
{
	int failed = plan_conditions(plan, pass);

	if (failed)
		return failed;
	pass->dimensions = ARENA_ARRAY(plan->arena, struct node *, plan->dimension_count + 1);
	for (size_t d = 0; d < plan->dimension_count; d++) {
		pass->dimensions[d] = plan_dimension(plan, pass, plan->dimensions[d].tree);
		if (!pass->dimensions[d])
			return (int)plan->err->kind;
	}
	return 0;
}

static unsigned find_pass(struct plan *plan, enum fact fact, const struct column *on)
{
	for (unsigned i = 0; i < plan->pass_count; i++) {
		if (plan->passes[i].fact == fact && plan->passes[i].on == on)
			return i;
	}
	ARENA_PUSH(plan->arena, plan->passes, plan->pass_count, plan->pass_capacity);
	plan->passes[plan->pass_count] = (struct pass){ .fact = fact, .on = on };
	return (unsigned)plan->pass_count++;
}

/* ---- aggregates ---- */

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

static bool fail_tree(struct plan *plan, const struct tree *tree, const char *text)
{
	grammar_error(plan->err, &plan->measure, tree->at, tree->end, "%s", text);
	return false;
}

static bool check_arguments(struct plan *plan, const struct tree *call, struct aggregate *aggregate)
{
	size_t wanted = 1;

	if (call->from_top)
		return fail_tree(plan, call, "\"from top\" is for running()");
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
			return fail_tree(plan, p, "the percentage is a number from 0 to 100, written out");
		aggregate->p = percent / 100;
	}
	return true;
}

static bool add_condition(struct plan *plan, struct aggregate *aggregate, struct node *condition)
{
	aggregate->condition = both(plan, aggregate->condition, condition);
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
	filled = node_new(c->plan, node->type == TYPE_FLAG ? OP_YES : OP_FILLED, TYPE_CONDITION);
	filled->a = node;
	return add_condition(c->plan, aggregate, filled);
}

static bool plan_shared(struct compiler *c, const struct tree *call, struct aggregate *aggregate)
{
	if (aggregate->kind != AGGREGATE_SUM)
		return fail_tree(c->plan, call, "shared() stands alone inside sum()");
	if (call->count != 2)
		return fail_tree(c->plan, call,
				 "shared() takes a value and the key it is shared over: shared(lead.amount, lead)");
	aggregate->value = compile(c, call->items[0]);
	aggregate->share_key = aggregate->value ? compile(c, call->items[1]) : NULL;
	if (!aggregate->share_key)
		return false;
	if (aggregate->share_key->type != TYPE_REF && aggregate->share_key->type != TYPE_NAME)
		return fail_tree(c->plan, call->items[1], "the key is a reference or a name");
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
		return fail_tree(c->plan, call->on, "\"on\" takes a time of the same fact");
	*on = node->column;
	return true;
}

static bool rows_of_fact(struct plan *plan, const struct tree *call, enum fact *fact)
{
	const struct tree *only = call->count == 1 ? call->items[0] : NULL;

	return only && only->kind == TREE_PATH && only->part_count == 1 &&
	       !facts_column(plan->facts, plan->of, only->parts[0]) && fact_by_name(only->parts[0], fact);
}

static struct formula *formula_new(struct plan *plan, enum formula_kind kind, enum answer_type type)
{
	struct formula *formula = ARENA_NEW(plan->arena, struct formula);

	formula->kind = kind;
	formula->type = type;
	return formula;
}

static struct formula *aggregate_formula(struct plan *plan, const struct aggregate *aggregate)
{
	static const enum answer_type types[] = { [TYPE_NUMBER] = ANSWER_NUMBER,
						  [TYPE_MONEY] = ANSWER_MONEY,
						  [TYPE_DURATION] = ANSWER_DURATION,
						  [TYPE_TIME] = ANSWER_TIME,
						  [TYPE_REF] = ANSWER_NONE };
	bool counts = aggregate->kind == AGGREGATE_COUNT || aggregate->kind == AGGREGATE_DISTINCT;
	struct formula *formula =
		formula_new(plan, FORMULA_AGGREGATE, counts ? ANSWER_COUNT : types[aggregate->value->type]);

	if (!counts && aggregate->value->type == TYPE_DURATION)
		formula->unit = aggregate->value->unit ? aggregate->value->unit : UNIT_DAYS;
	formula->aggregate = (unsigned)plan->aggregate_count;
	ARENA_PUSH(plan->arena, plan->aggregates, plan->aggregate_count, plan->aggregate_capacity);
	plan->aggregates[plan->aggregate_count++] = *aggregate;
	return formula;
}

static struct formula *plan_aggregate(struct plan *plan, const struct tree *call)
{
	struct aggregate aggregate = { 0 };
	struct compiler c = { plan, &plan->measure, plan->of };
	const struct column *on;
	bool found = false, whole;

	if (!aggregate_named(call->text, &aggregate.kind) || !check_arguments(plan, call, &aggregate) ||
	    !fact_within(plan, call, &c.fact, &found))
		return NULL;
	if (plan->aggregate_count == MAX_AGGREGATES)
		return fail_tree(plan, call, "there are too many aggregates"), NULL;
	whole = aggregate.kind == AGGREGATE_COUNT && rows_of_fact(plan, call, &c.fact);
	if (!plan_on(&c, call, &on))
		return NULL;
	aggregate.pass = find_pass(plan, c.fact, on);
	if (call->where && !add_condition(plan, &aggregate, compile_condition(&c, call->where)))
		return NULL;
	if (aggregate.kind == AGGREGATE_COUNT && (whole || call->count == 0))
		return aggregate_formula(plan, &aggregate);
	if (aggregate.kind == AGGREGATE_COUNT ? !plan_count(&c, call->items[0], &aggregate)
					      : !plan_value(&c, call, &aggregate))
		return NULL;
	return aggregate_formula(plan, &aggregate);
}

/* ---- formulas ---- */

static struct formula *plan_formula(struct plan *plan, const struct tree *tree);

static struct formula *plan_running(struct plan *plan, const struct tree *tree)
{
	struct formula *running, *inner;
	enum aggregate_kind kind;

	if (tree->count != 1)
		return fail_tree(plan, tree, "running() takes one aggregate, and perhaps \"from top\""), NULL;
	if (tree->where || tree->on)
		return fail_tree(plan, tree, "where and on belong to the aggregate inside running()"), NULL;
	inner = plan_formula(plan, tree->items[0]);
	if (!inner)
		return NULL;
	kind = inner->kind == FORMULA_AGGREGATE ? plan->aggregates[inner->aggregate].kind : AGGREGATE_DISTINCT;
	if (kind == AGGREGATE_DISTINCT || kind == AGGREGATE_PERCENTILE)
		return fail_tree(plan, tree->items[0], "running() takes a count, sum, average, min or max"), NULL;
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

static struct formula *plan_formula(struct plan *plan, const struct tree *tree)
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
			return fail_tree(plan, tree, "a time has no minus"), NULL;
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
		return fail_tree(plan, tree,
				 "this is a value of each row; put it into count(), sum(), average(), median() …"),
		       NULL;
	case TREE_PATH:
		if (!compile_path(&(struct compiler){ plan, &plan->measure, plan->of }, tree, false))
			return NULL;
		return fail_tree(plan, tree,
				 "this is a value of each row; put it into count(), sum(), average(), median() …"),
		       NULL;
	default:
		return fail_tree(plan, tree, "a measure is a number; conditions go inside count() or behind where"),
		       NULL;
	}
}

/* ---- dimensions ---- */

static bool plan_top(struct plan *plan, const struct tree *tree, struct dimension *dimension)
{
	const struct tree *n = tree->count ? tree->items[0] : tree;

	if (tree->count != 2) {
		grammar_error(plan->err, &plan->by, tree->at, tree->end,
			      "top() takes a number and a dimension: top(5, campaign)");
		return false;
	}
	if (n->kind != TREE_NUMBER || !(n->number >= 1 && n->number <= 10000) || n->number != floor(n->number)) {
		grammar_error(plan->err, &plan->by, n->at, n->end, "a whole number from 1 to 10000 should stand here");
		return false;
	}
	dimension->top = (unsigned)n->number;
	dimension->tree = tree->items[1];
	return true;
}

static int plan_dimensions(struct plan *plan)
{
	struct tree **trees;
	size_t count;
	int failed;

	if (!str_trim(plan->by.text).len)
		return 0;
	failed = grammar_parse_list(&trees, &count, &plan->by, plan->arena, plan->err);
	if (failed)
		return failed;
	if (count > MAX_DIMENSIONS)
		return grammar_error(plan->err, &plan->by, trees[MAX_DIMENSIONS]->at, trees[MAX_DIMENSIONS]->end,
				     "at most %d dimensions", MAX_DIMENSIONS);
	plan->dimensions = ARENA_ARRAY(plan->arena, struct dimension, count);
	plan->dimension_count = count;
	for (size_t d = 0; d < count; d++) {
		struct dimension *dimension = &plan->dimensions[d];

		dimension->tree = trees[d];
		dimension->text = (struct str){ plan->by.text.at + trees[d]->at, trees[d]->end - trees[d]->at };
		if (trees[d]->kind == TREE_CALL && str_is(trees[d]->text, "top") &&
		    !plan_top(plan, trees[d], dimension))
			return (int)plan->err->kind;
	}
	return 0;
}

static bool first_aggregate(const struct formula *f, unsigned *out)
{
	if (!f)
		return false;
	if (f->kind == FORMULA_AGGREGATE) {
		*out = f->aggregate;
		return true;
	}
	/* Where something is divided by a count, the rows asked about stand below the line. */
	if (f->kind == FORMULA_DIVIDE && f->b->type == ANSWER_COUNT && first_aggregate(f->b, out))
		return true;
	return first_aggregate(f->a, out) || first_aggregate(f->b, out);
}

static const struct tree *running_in(const struct tree *tree)
{
	const struct tree *found;

	if (!tree)
		return NULL;
	if (tree->kind == TREE_CALL && str_eq_fold(tree->text, STR("running")))
		return tree;
	found = running_in(tree->a);
	return found ? found : running_in(tree->b);
}

static bool ordered_dimension(const struct plan *plan)
{
	const struct node *node = plan->dimension_count == 1 ? plan->passes[0].dimensions[0] : NULL;

	if (!node)
		return false;
	if (node->type == TYPE_NAME)
		return str_is(STR("stage"), node->column->def.name) ||
		       str_is(STR("next_stage"), node->column->def.name);
	return node->type == TYPE_NUMBER || node->type == TYPE_PERIOD || node->type == TYPE_DURATION;
}

int plan_measure(struct plan *plan)
{
	struct tree *tree;
	const struct tree *running;
	int failed = grammar_parse(&tree, &plan->measure, plan->arena, plan->err);

	if (!failed)
		failed = plan_dimensions(plan);
	if (failed)
		return failed;
	plan->formula = plan_formula(plan, tree);
	if (!plan->formula)
		return (int)plan->err->kind;
	if (!plan->aggregate_count)
		return grammar_error(plan->err, &plan->measure, tree->at, tree->end,
				     "there is nothing counted here; a measure has at "
				     "least one aggregate, like count()");
	for (size_t i = 0; i < plan->pass_count; i++) {
		failed = plan_pass(plan, &plan->passes[i]);
		if (failed)
			return failed;
	}
	running = running_in(tree);
	if (running && !ordered_dimension(plan))
		return grammar_error(
			plan->err, &plan->measure, running->at, running->end,
			"running() needs exactly one dimension that has an order (a time, a number or the stage)");
	first_aggregate(plan->formula, &plan->n_aggregate);
	return 0;
}
