/* From a question to a plan: aggregates are split out of the measure, each finds its pass, and where and by are compiled for every
 * pass. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "facts/plan.h"

enum { MAX_DIMENSIONS = 8 };

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
	plan->one_currency = question->currency != NULL;
	plan->currency = REF_NONE;
	for (unsigned i = 0; question->currency && i < facts->currency_count; i++) {
		if (!strcmp(facts->currencies[i], question->currency))
			plan->currency = i;
	}
	plan->threads = question->threads;
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
			"spend, orders, lead_steps, promise_words and promises",
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

struct node *plan_both(struct plan *plan, struct node *a, struct node *b)
{
	struct node *node;

	if (!a || !b)
		return a ? a : b;
	node = node_new(plan, OP_AND, TYPE_CONDITION);
	node->a = a;
	node->b = b;
	return node;
}

/* Not: a time, perhaps behind a reference, lies after the as-of day. NULL when none can. */
static struct node *not_later(struct plan *plan, const struct column *time, const struct column *ref)
{
	struct column *raw;
	struct node *value, *later, *node;

	if (!time->at.any || time->last_time < plan->end)
		return NULL;
	raw = ARENA_NEW(plan->arena, struct column);
	*raw = *time;
	raw->def.milestone = false;
	value = node_new(plan, OP_COLUMN, TYPE_TIME);
	value->column = raw;
	value->hops[0] = ref;
	value->hop_count = ref ? 1 : 0;
	later = node_new(plan, OP_IN_DAY, TYPE_CONDITION);
	later->a = value;
	later->compare = COMPARE_GE;
	later->time = later->time_end = plan->end;
	node = node_new(plan, OP_NOT, TYPE_CONDITION);
	node->a = later;
	return node;
}

/* Rows whose own time lies after the as-of day are not there yet; nor are undated visits of deals that are not. */
static struct node *exists(struct plan *plan, enum fact fact)
{
	struct node *own = not_later(plan, facts_known_column(plan->facts, fact, fact_main_time(fact)), NULL);

	if (fact != FACT_STAGE_VISITS)
		return own;
	return plan_both(plan, own,
			 not_later(plan, facts_known_column(plan->facts, FACT_OPPORTUNITIES, "created"),
				   facts_known_column(plan->facts, FACT_STAGE_VISITS, "opportunity")));
}

/* Whose `owner` is who had the lead then, or gets it with the step. */
static bool tells_of_leads(enum fact fact)
{
	return fact == FACT_LEAD_STEPS || fact == FACT_PROMISE_WORDS || fact == FACT_PROMISES;
}

/* The column of the fact itself, else of its lead, else of its opportunity. As it stands today, whatever the as-of day: what a
 * person may see follows from who has it now. */
static struct node *scope_column(struct plan *plan, enum fact fact, struct str name)
{
	static const char *const ways[] = { "lead", "opportunity" };
	const struct column *column = tells_of_leads(fact) ? NULL : facts_column(plan->facts, fact, name), *ref = NULL;
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

/* Rows of which the column says that name; NULL: the fact has none such, or there is no name. */
static struct node *scope_rows(struct plan *plan, enum fact fact, const char *column_name, struct str name)
{
	struct node *column = name.len && fact != FACT_SPEND ? scope_column(plan, fact, str_of(column_name)) : NULL;
	struct node *node;
	uint8_t *set;
	uint32_t code;

	if (!column)
		return NULL;
	set = ARENA_ARRAY(plan->arena, uint8_t, column->column->dict->count);
	code = dict_find(column->column->dict, name);
	if (code != UINT32_MAX)
		set[code] = 1;
	node = node_new(plan, OP_NAME_IN, TYPE_CONDITION);
	node->a = column;
	node->set = set;
	return node;
}

static struct node *no_rows(struct plan *plan)
{
	struct node *node = node_new(plan, OP_COMPARE, TYPE_CONDITION);

	/* A number is never not itself. */
	node->a = node->b = node_new(plan, OP_NUMBER, TYPE_NUMBER);
	node->compare = COMPARE_NE;
	return node;
}

static struct node *scope_condition(struct plan *plan, enum fact fact)
{
	static const char *const columns[] = {
		[SCOPE_OWNER] = "owner", [SCOPE_TEAM] = "team", [SCOPE_PARTNER] = "partner"
	};
	const struct scope *scope = &plan->scope;
	struct node *node, *teams, *either;

	if (scope->kind == SCOPE_ALL)
		return NULL;
	if (scope->kind == SCOPE_NOTHING)
		return no_rows(plan);
	node = scope_rows(plan, fact, columns[scope->kind], scope->name);
	teams = scope->kind == SCOPE_OWNER ? scope_rows(plan, fact, columns[SCOPE_TEAM], scope->team) : NULL;
	if (!node || !teams)
		return node ? node : teams ? teams : no_rows(plan);
	either = node_new(plan, OP_OR, TYPE_CONDITION);
	either->a = node;
	either->b = teams;
	return either;
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
	pass->condition = plan_both(plan, pass->condition, scope_condition(plan, pass->fact));
	pass->condition = plan_both(plan, pass->condition, exists(plan, pass->fact));
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

/* Not a test or a duplicate, by the as-of day; of the row itself, or of the lead that it refers to. */
static struct node *not_void(struct plan *plan, const struct node *ref)
{
	const struct column *voided = facts_known_column(plan->facts, FACT_LEADS, "voided");
	struct node *value, *reached, *node;

	if (plan->names_voided || !voided->at.any)
		return NULL;
	value = node_new(plan, OP_COLUMN, TYPE_TIME);
	value->column = voided;
	for (unsigned i = 0; ref && i < ref->hop_count; i++)
		value->hops[value->hop_count++] = ref->hops[i];
	if (ref)
		value->hops[value->hop_count++] = ref->column;
	reached = node_new(plan, OP_REACHED, TYPE_CONDITION);
	reached->a = value;
	node = node_new(plan, OP_NOT, TYPE_CONDITION);
	node->a = reached;
	return node;
}

struct node *plan_no_void(struct plan *plan, enum fact fact, struct node *condition)
{
	return fact == FACT_LEADS ? plan_both(plan, condition, not_void(plan, NULL)) : condition;
}

/* Leads are counted as rows, and as what other rows refer to. */
static void leave_out_void(struct plan *plan)
{
	for (size_t i = 0; i < plan->pass_count; i++)
		plan->passes[i].condition = plan_no_void(plan, plan->passes[i].fact, plan->passes[i].condition);
	for (size_t i = 0; i < plan->aggregate_count; i++) {
		struct aggregate *a = &plan->aggregates[i];

		if (a->kind == AGGREGATE_DISTINCT && a->value->type == TYPE_REF &&
		    a->value->column->def.target == FACT_LEADS)
			a->condition = plan_both(plan, a->condition, not_void(plan, a->value));
	}
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

unsigned plan_find_pass(struct plan *plan, enum fact fact, const struct column *on)
{
	for (unsigned i = 0; i < plan->pass_count; i++) {
		if (plan->passes[i].fact == fact && plan->passes[i].on == on)
			return i;
	}
	ARENA_PUSH(plan->arena, plan->passes, plan->pass_count, plan->pass_capacity);
	plan->passes[plan->pass_count] = (struct pass){ .fact = fact, .on = on };
	return (unsigned)plan->pass_count++;
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

/* One measure; its aggregates stand behind those of the others. */
static int plan_measure(struct plan *plan, struct asked *asked, struct tree **tree)
{
	int failed;

	plan->measure = asked->measure;
	failed = grammar_parse(tree, &plan->measure, plan->arena, plan->err);
	if (failed)
		return failed;
	asked->first = plan->first_aggregate = plan->aggregate_count;
	asked->formula = plan_formula(plan, *tree);
	asked->end = plan->aggregate_count;
	if (!asked->formula)
		return (int)plan->err->kind;
	if (asked->first == asked->end)
		return grammar_error(plan->err, &plan->measure, (*tree)->at, (*tree)->end,
				     "there is nothing counted here; a measure has at "
				     "least one aggregate, like count()");
	first_aggregate(asked->formula, &asked->n_aggregate);
	return 0;
}

static int check_running(struct plan *plan, const struct asked *asked, const struct tree *tree)
{
	const struct tree *running = running_in(tree);

	if (!running || ordered_dimension(plan))
		return 0;
	return grammar_error(plan->err, &asked->measure, running->at, running->end,
			     "running() needs exactly one dimension that has an order (a time, a number or the stage)");
}

int plan_measures(struct plan *plan, const char *const *measures, size_t count)
{
	struct tree **trees = ARENA_ARRAY(plan->arena, struct tree *, count + 1);
	int failed = 0;

	plan->asked = ARENA_ARRAY(plan->arena, struct asked, count + 1);
	plan->asked_count = count;
	for (size_t i = 0; i < count && !failed; i++) {
		plan->asked[i].measure = (struct script){ "measure", str_of(measures[i] ? measures[i] : "") };
		if (i == 0) { /* what is wrong with the measure is said before what is wrong with its dimensions */
			plan->measure = plan->asked[i].measure;
			failed = grammar_parse(&trees[i], &plan->measure, plan->arena, plan->err);
			if (!failed)
				failed = plan_dimensions(plan);
		}
		if (!failed)
			failed = plan_measure(plan, &plan->asked[i], &trees[i]);
	}
	for (size_t i = 0; i < plan->pass_count && !failed; i++)
		failed = plan_pass(plan, &plan->passes[i]);
	for (size_t i = 0; i < count && !failed; i++)
		failed = check_running(plan, &plan->asked[i], trees[i]);
	if (failed)
		return failed;
	leave_out_void(plan);
	plan_share(plan);
	return 0;
}

/* ---- without running ---- */

static const struct aggregate *count_in(const struct plan *plan, const struct formula *formula)
{
	const struct aggregate *aggregate;

	if (formula->kind != FORMULA_AGGREGATE)
		return NULL;
	aggregate = &plan->aggregates[formula->aggregate];
	return aggregate->kind == AGGREGATE_COUNT ? aggregate : NULL;
}

static void foretell_share(const struct plan *plan, const struct formula *formula, struct foretold *out)
{
	const struct aggregate *part, *whole;

	if (formula->type != ANSWER_RATIO)
		return;
	part = count_in(plan, formula->a);
	whole = count_in(plan, formula->b);
	out->by_same = part && whole && plan->passes[part->pass].fact == plan->passes[whole->pass].fact;
	out->share = out->by_same && part->pass == whole->pass && !whole->condition;
}

int measure_check(const struct facts *facts, const struct question *question, struct foretold *out, struct arena *arena,
		  struct err *err)
{
	struct plan plan;
	struct err own = ERR_INIT;
	int failed = plan_init(&plan, facts, question, arena, &own);

	if (!failed)
		failed = plan_measures(&plan, &question->measure, 1);
	if (!failed) {
		*out = (struct foretold){ .type = plan.asked[0].formula->type, .hint = plan.hint };
		foretell_share(&plan, plan.asked[0].formula, out);
	}
	plan_release(&plan);
	if (failed)
		*err = own;
	return failed;
}

static const struct column *judged_in(const struct node *node)
{
	const struct column *found;

	if (!node)
		return NULL;
	if (node->column && node->column->def.judged)
		return node->column;
	found = judged_in(node->a);
	return found ? found : judged_in(node->b);
}

int condition_check(const struct facts *facts, const char *condition, struct str *hint, struct arena *arena,
		    struct err *err)
{
	struct question question = {
		.where = condition, .as_of = DATE_NONE, .from = DATE_NONE, .to = DATE_NONE, .scope = SCOPE_EVERYTHING
	};
	const struct column *judged = NULL;
	struct node *node, *time;
	struct plan plan;
	struct err own = ERR_INIT;
	int failed = plan_init(&plan, facts, &question, arena, &own);

	if (!failed)
		failed = plan_rows(&plan, plan.of, &node, &time);
	if (!failed)
		judged = judged_in(node);
	if (judged)
		failed = err_set(&own, ERR_INPUT,
				 "where: \"%s\" is what comes of an agreement; its own rules cannot ask for it",
				 judged->def.name);
	*hint = plan.hint;
	plan_release(&plan);
	if (failed)
		*err = own;
	return failed;
}
