/* What names mean: columns, columns behind references, columns as they stood on the as-of day. */
#include <stdlib.h>
#include <string.h>

#include "facts/plan.h"

struct node *node_new(struct plan *plan, enum op op, enum value_type type)
{
	struct node *node = ARENA_NEW(plan->arena, struct node);

	node->op = op;
	node->type = type;
	node->slot = plan->slot_count++;
	return node;
}

/* Where a visit went is only known once it has ended. */
static const struct column *outcome_view(struct plan *plan, const struct column *column)
{
	const struct column *left = facts_known_column(plan->facts, FACT_STAGE_VISITS, "left");
	uint32_t rows = facts_rows(plan->facts, FACT_STAGE_VISITS);
	bool outcome = !strcmp(column->def.name, "outcome");
	uint32_t still = outcome ? dict_find(column->dict, STR("still")) : 0;

	if (!left->at.any || !column->at.any)
		return column;

	struct column *view = column_blank(column, rows, plan->arena);

	/* A dictionary without "still": nothing was still anywhere on the last day. Empty says it well enough. */
	if (still == UINT32_MAX)
		still = 0;
	for (uint32_t i = 0; i < rows; i++) {
		uint32_t t = left->at.times[i];
		bool later = t != TIME_UNKNOWN && t >= plan->end;

		view->at.codes[i] = later ? still : column_code(column, i);
	}
	return view;
}

static const struct column *make_view(struct plan *plan, const struct column *column)
{
	if (column->def.derived)
		return derive_column(plan->facts, column, plan->as_of, plan->end, !plan->past, &plan->no_history,
				     plan->arena);
	if (column->def.historic && plan->past)
		return history_column(plan->facts, column, (struct history_view){ plan->end, &plan->no_history },
				      plan->arena);
	if (column->fact == FACT_STAGE_VISITS && plan->past &&
	    (!strcmp(column->def.name, "outcome") || !strcmp(column->def.name, "next_stage")))
		return outcome_view(plan, column);
	return column;
}

const struct column *plan_view(struct plan *plan, const struct column *column)
{
	const struct fact_table *table = &plan->facts->tables[column->fact];
	size_t place = 0;

	while (place < table->column_count && table->columns[place] != column)
		place++;
	if (place == table->column_count) /* a view already: count(won) on closed */
		return column;
	if (!plan->views[column->fact])
		plan->views[column->fact] = ARENA_ARRAY(plan->arena, const struct column *, table->column_count);
	if (!plan->views[column->fact][place])
		plan->views[column->fact][place] = make_view(plan, column);
	return plan->views[column->fact][place];
}

const struct column *plan_key_names(struct plan *plan, const struct column *column)
{
	uint32_t rows = facts_rows(plan->facts, column->fact);
	struct column *names = ARENA_NEW(plan->arena, struct column);
	struct dict *dict = must_alloc(sizeof(*dict));
	struct key_walk walk;

	dict_init(dict);
	ARENA_PUSH(plan->arena, plan->key_dicts, plan->key_dict_count, plan->key_dict_capacity);
	plan->key_dicts[plan->key_dict_count++] = dict;
	*names = *column;
	names->def.type = COLUMN_NAME;
	names->width = sizeof(*names->at.codes);
	names->dict = dict;
	names->at.codes = NULL;
	if (rows) {
		names->at.codes = ARENA_ARRAY(plan->arena, uint32_t, rows);
		key_walk_init(&walk, column->at.keys);
		for (uint32_t i = 0; i < rows; i++)
			names->at.codes[i] = dict_code(dict, key_walk_next(&walk));
		key_walk_release(&walk);
	}
	return names;
}

/* Numbers that carry a unit of time are durations. */
static enum unit unit_of(const struct column *column)
{
	for (enum unit u = UNIT_SECONDS; u < UNIT__COUNT; u++) {
		if (!strcmp(column->def.unit, unit_names[u]))
			return u;
	}
	return UNIT_NONE;
}

static struct node *column_node(struct plan *plan, const struct column *column, const struct column *const *hops,
				unsigned hop_count)
{
	static const enum value_type types[] = {
		[COLUMN_TIME] = TYPE_TIME,   [COLUMN_NAME] = TYPE_NAME, [COLUMN_NUMBER] = TYPE_NUMBER,
		[COLUMN_MONEY] = TYPE_MONEY, [COLUMN_FLAG] = TYPE_FLAG, [COLUMN_REF] = TYPE_REF,
		[COLUMN_KEY] = TYPE_NAME,
	};
	const struct row_rule *rule = derive_rule(plan->facts, column, plan->as_of, plan->end, plan->arena);
	const struct column *view = rule ? column : plan_view(plan, column);
	struct node *node = node_new(plan, rule ? OP_DERIVED : OP_COLUMN, types[view->def.type]);
	struct node *scaled;
	enum unit unit;

	if (view->def.type == COLUMN_KEY)
		view = plan_key_names(plan, view);
	node->column = view;
	node->rule = rule;
	node->hop_count = hop_count;
	for (unsigned i = 0; i < hop_count; i++)
		node->hops[i] = hops[i];
	unit = node->type == TYPE_NUMBER ? unit_of(view) : UNIT_NONE;
	if (unit == UNIT_NONE)
		return node;
	scaled = node_new(plan, OP_SCALE, TYPE_DURATION);
	scaled->a = node;
	scaled->number = unit_seconds[unit];
	scaled->unit = unit;
	return scaled;
}

static const char *nearest_name(const struct compiler *c, enum fact fact, struct str name)
{
	const struct fact_table *table = &c->plan->facts->tables[fact];
	const char **names = ARENA_ARRAY(c->plan->arena, const char *, table->column_count + 1);
	size_t count = 0;

	for (size_t i = 0; i < table->column_count; i++)
		names[count++] = table->columns[i]->def.name;
	names[count++] = "as_of";
	return str_nearest(name, names, count);
}

static struct node *no_such(struct compiler *c, const struct tree *tree, size_t part, enum fact fact)
{
	struct str name = tree->parts[part];
	const char *near = nearest_name(c, fact, name);
	size_t at = tree->part_at[part], end = at + name.len;

	if (near)
		grammar_error(c->plan->err, c->script, at, end, "%s have no column \"%.*s\"; did you mean \"%s\"?",
			      fact_name(fact), STR_ARG(name), near);
	else
		grammar_error(
			c->plan->err, c->script, at, end,
			"%s have no column \"%.*s\" (`lockstep facts %s` lists what there is; texts go in quotes)",
			fact_name(fact), STR_ARG(name), fact_name(fact));
	return NULL;
}

static bool is_as_of(struct str name)
{
	return str_is(name, "as_of") || str_is(name, "today") || str_is(name, "now");
}

static struct node *as_of_node(struct plan *plan)
{
	struct node *node = node_new(plan, OP_TIME, TYPE_TIME);

	/* The as-of day is included, so the moment is its end; days() knows to take the day itself. */
	node->time = plan->end;
	node->time_end = plan->end - 1;
	return node;
}

/* A fact's name before the dot says whose column it is; it must be the fact at hand. */
static bool skip_fact(struct compiler *c, const struct tree *tree, size_t *part)
{
	enum fact named;

	if (tree->part_count < 2 || facts_column(c->plan->facts, c->fact, tree->parts[0]) ||
	    !fact_by_name(tree->parts[0], &named))
		return true;
	if (named != c->fact) {
		grammar_error(c->plan->err, c->script, tree->at, tree->end,
			      "this is a column of %s, but the rows here are %s", fact_name(named), fact_name(c->fact));
		return false;
	}
	*part = 1;
	return true;
}

struct node *compile_path(struct compiler *c, const struct tree *tree, bool quiet)
{
	const struct column *hops[PATH_MAX_PARTS];
	const struct column *column;
	enum fact fact = c->fact;
	unsigned hop_count = 0;
	size_t part = 0;

	if (!skip_fact(c, tree, &part))
		return NULL;
	for (;; part++) {
		column = facts_column(c->plan->facts, fact, tree->parts[part]);
		if (!column && tree->part_count == 1 && is_as_of(tree->parts[0]))
			return as_of_node(c->plan);
		if (!column)
			return quiet ? NULL : no_such(c, tree, part, fact);
		if (part + 1 == tree->part_count)
			break;
		if (column->def.type != COLUMN_REF) {
			grammar_error(c->plan->err, c->script, tree->part_at[part + 1],
				      tree->part_at[part + 1] + tree->parts[part + 1].len,
				      "\"%s\" leads nowhere: only references (lead, opportunity) can be followed",
				      column->def.name);
			return NULL;
		}
		hops[hop_count++] = column;
		fact = column->def.target;
	}
	c->plan->names_voided |= fact == FACT_LEADS && !strcmp(column->def.name, "voided");
	return column_node(c->plan, column, hops, hop_count);
}
