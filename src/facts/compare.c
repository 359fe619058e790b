/* Comparisons: =, <, in, between, is. What stands to the right is read in the light of what stands to the left. */
#include <string.h>

#include "base/date.h"
#include "facts/plan.h"

enum { HINTS_MOST = 5 };

static struct node *fail(struct compiler *c, const struct tree *tree, const char *text)
{
	grammar_error(c->plan->err, c->script, tree->at, tree->end, "%s", text);
	return NULL;
}

static struct node *condition(struct compiler *c, enum op op, struct node *a, struct node *b)
{
	struct node *node = node_new(c->plan, op, TYPE_CONDITION);

	node->a = a;
	node->b = b;
	return node;
}

static struct node *negated(struct compiler *c, struct node *a, bool negate)
{
	return a && negate ? condition(c, OP_NOT, a, NULL) : a;
}

static enum compare compare_of(enum tree_kind kind)
{
	return (enum compare)(COMPARE_EQ + (kind - TREE_EQ));
}

static enum compare flipped(enum compare compare)
{
	static const enum compare other[] = {
		[COMPARE_EQ] = COMPARE_EQ, [COMPARE_NE] = COMPARE_NE, [COMPARE_LT] = COMPARE_GT,
		[COMPARE_LE] = COMPARE_GE, [COMPARE_GT] = COMPARE_LT, [COMPARE_GE] = COMPARE_LE
	};

	return other[compare];
}

/* The text a word, number, date or quoted text stands for when it names something. */
static bool word_of(const struct compiler *c, const struct tree *tree, struct str *word)
{
	switch (tree->kind) {
	case TREE_TEXT: *word = tree->text; return true;
	case TREE_PATH:
		if (tree->part_count != 1)
			return false;
		*word = tree->parts[0];
		return true;
	case TREE_NUMBER:
	case TREE_DATE: *word = (struct str){ c->script->text.at + tree->at, tree->end - tree->at }; return true;
	default: return false;
	}
}

/* Said with the answer: each once, the first few of them. */
static void add_hint(struct compiler *c, const char *text)
{
	struct plan *plan = c->plan;

	if (plan->hints == HINTS_MOST || str_find(plan->hint, text) >= 0)
		return;
	plan->hint = str_of(arena_printf(plan->arena, "%.*s%s%s", STR_ARG(plan->hint), plan->hints ? " " : "", text));
	plan->hints++;
}

/* A word that no row has counts nothing, and is most often a slip. */
static void hint_at(struct compiler *c, const struct column *column, struct str word)
{
	const struct dict *dict = column->dict;
	struct arena *arena = c->plan->arena;
	const char **names, *near;

	if (c->plan->hints == HINTS_MOST)
		return;
	names = ARENA_ARRAY(arena, const char *, dict->count);
	for (uint32_t i = 1; i < dict->count; i++)
		names[i - 1] = arena_cstr(arena, dict->names[i]);
	near = dict->count > 1 ? str_nearest(word, names, dict->count - 1) : NULL;
	add_hint(c, near ? arena_printf(arena, "No row has the %s \"%.*s\"; did you mean \"%s\"?", column->def.name,
					STR_ARG(word), near)
			 : arena_printf(arena, "No row has the %s \"%.*s\".", column->def.name, STR_ARG(word)));
}

/* `party = partner`: the word is a column, and one of the names that stand in the other. */
static void hint_column(struct compiler *c, const struct column *column, const struct tree *right)
{
	if (right->part_count == 1 && dict_find(column->dict, right->parts[0]) != UINT32_MAX)
		add_hint(c, arena_printf(c->plan->arena,
					 "\"%.*s\" is read as the column of that name; for the %s write it in quotes: "
					 "%s = \"%.*s\".",
					 STR_ARG(right->parts[0]), column->def.name, column->def.name,
					 STR_ARG(right->parts[0])));
}

static bool other_spelling(const struct dict *dict, uint32_t code)
{
	for (uint32_t i = 1; i < dict->count; i++) {
		if (i != code && str_eq_fold(dict->names[i], dict->names[code]))
			return true;
	}
	return false;
}

/* Has a row that name, or had it? A dictionary keeps names that were replaced. */
static bool is_used(const struct facts *facts, const struct column *view, uint32_t code)
{
	const struct column *column = facts_column(facts, view->fact, str_of(view->def.name));

	if (!column || column->def.type != COLUMN_NAME)
		return true;
	for (uint32_t row = 0; column->at.any && row < facts_rows(facts, column->fact); row++) {
		if (column_code(column, row) == code)
			return true;
	}
	for (size_t i = 0; i < column->version_count; i++) {
		if (column->versions[i].value.code == code)
			return true;
	}
	return false;
}

/* Exact spelling where it exists, else every spelling that differs in ASCII case only. */
static void add_to_set(struct compiler *c, const struct column *column, struct str word, uint8_t *set)
{
	const struct dict *dict = column->dict;
	uint32_t code = dict_find(dict, word);
	bool found = false;

	if (code != UINT32_MAX && (!other_spelling(dict, code) || is_used(c->plan->facts, column, code))) {
		set[code] = 1;
		return;
	}
	for (uint32_t i = 1; i < dict->count; i++) {
		if (str_eq_fold(dict->names[i], word))
			set[i] = found = true;
	}
	if (!found)
		hint_at(c, column, word);
}

static struct node *name_in(struct compiler *c, struct node *a, uint8_t **set)
{
	struct node *node = condition(c, OP_NAME_IN, a, NULL);

	*set = ARENA_ARRAY(c->plan->arena, uint8_t, a->column->dict->count);
	node->set = *set;
	return node;
}

static struct node *name_same(struct compiler *c, struct node *a, struct node *b)
{
	const struct dict *from = a->column->dict, *to = b->column->dict;
	uint32_t *translate = ARENA_ARRAY(c->plan->arena, uint32_t, from->count);
	struct node *node = condition(c, OP_NAME_SAME, a, b);

	dict_translate(from, to, translate);
	/* Two empty names are not the same name. */
	translate[0] = UINT32_MAX;
	node->translate = translate;
	return node;
}

static struct node *compare_name(struct compiler *c, const struct tree *tree, struct node *a)
{
	const struct tree *right = tree->b;
	bool negate = tree->kind == TREE_NE;
	struct node *b = NULL;
	struct str word;
	uint8_t *set;

	if (tree->kind != TREE_EQ && tree->kind != TREE_NE) {
		grammar_error(c->plan->err, c->script, tree->sign_at, tree->sign_at + 1,
			      "names have no order; use =, != or in");
		return NULL;
	}
	if (right->kind == TREE_PATH) {
		b = compile_path(c, right, true);
		if (!b && (c->plan->err->kind != ERR_NONE || right->part_count > 1))
			return c->plan->err->kind != ERR_NONE ? NULL : compile_path(c, right, false);
		if (b && b->type == TYPE_NAME) {
			hint_column(c, a->column, right);
			return negated(c, name_same(c, a, b), negate);
		}
	}
	if (!word_of(c, right, &word))
		return fail(c, right, "a name is compared with a word, a text in quotes, or another name");

	struct node *node = name_in(c, a, &set);

	add_to_set(c, a->column, word, set);
	return negated(c, node, negate);
}

static struct node *compare_flag(struct compiler *c, const struct tree *tree, struct node *a)
{
	struct str word = STR_NONE;
	bool yes, negate = tree->kind == TREE_NE;

	if ((tree->kind != TREE_EQ && tree->kind != TREE_NE) || !word_of(c, tree->b, &word))
		return fail(c, tree->b, "a flag is compared by = with yes or no");
	yes = str_eq_fold(word, STR("yes")) || str_eq_fold(word, STR("true"));
	if (!yes && !str_eq_fold(word, STR("no")) && !str_eq_fold(word, STR("false")))
		return fail(c, tree->b, "a flag is yes or no");
	if (a->type == TYPE_FLAG)
		return negated(c, condition(c, yes ? OP_YES : OP_NO, a, NULL), negate);
	return negated(c, a, yes == negate);
}

static struct node *compare_period(struct compiler *c, const struct tree *tree, struct node *a)
{
	struct node *b, *node;
	struct str word;
	double index;

	if (tree->b->kind == TREE_CALL) {
		b = compile(c, tree->b);
		if (!b)
			return NULL;
		if (b->type != TYPE_PERIOD || b->period != a->period)
			return fail(c, tree->b, "only periods of the same kind compare");
	} else {
		if (!word_of(c, tree->b, &word) || !period_parse(c->plan->facts, a->period, word, &index)) {
			grammar_error(c->plan->err, c->script, tree->b->at, tree->b->end,
				      "this is no such period; write it in quotes like \"%.*s\"",
				      STR_ARG(period_label(c->plan->facts, a->period,
							   period_of_date(c->plan->facts, a->period, c->plan->as_of),
							   c->plan->arena)));
			return NULL;
		}
		b = node_new(c->plan, OP_NUMBER, TYPE_NUMBER);
		b->number = index;
	}
	node = condition(c, OP_COMPARE, a, b);
	node->compare = compare_of(tree->kind);
	return node;
}

/* A day compared with a time means the whole day: `<= 2017-12-31` includes its evening. */
static struct node *compare_day(struct compiler *c, enum compare compare, struct node *a, int32_t date)
{
	struct node *node = condition(c, OP_IN_DAY, a, NULL);

	node->time = facts_day_start(c->plan->facts, date);
	node->time_end = date == INT32_MAX ? node->time : facts_day_start(c->plan->facts, date + 1);
	node->compare = compare == COMPARE_NE ? COMPARE_EQ : compare;
	return negated(c, node, compare == COMPARE_NE);
}

static struct node *compare_time_text(struct compiler *c, const struct tree *tree, struct node *a)
{
	struct node *b, *node;
	int64_t ms;
	bool date_only;

	if (!zone_parse(c->plan->facts->zone, tree->b->text, &ms, &date_only))
		return fail(c, tree->b, "this is no time; write 2017-12-31 or \"2017-12-31T14:00\"");
	if (date_only)
		return compare_day(c, compare_of(tree->kind), a, zone_date(c->plan->facts->zone, ms));
	if (ms < 1000 || ms / 1000 >= (int64_t)UINT32_MAX)
		return fail(c, tree->b, "times lie between 1970 and 2106");
	b = node_new(c->plan, OP_TIME, TYPE_TIME);
	b->time = b->time_end = (uint32_t)(ms / 1000);
	node = condition(c, OP_COMPARE_TIME, a, b);
	node->compare = compare_of(tree->kind);
	return node;
}

static struct node *compare_time(struct compiler *c, const struct tree *tree, struct node *a)
{
	const struct tree *right = tree->b;
	bool equality = tree->kind == TREE_EQ || tree->kind == TREE_NE, negate = tree->kind == TREE_NE;
	struct node *b, *node;
	struct str word;

	if (right->kind == TREE_DATE)
		return compare_day(c, compare_of(tree->kind), a, right->date);
	if (equality && right->kind == TREE_PATH && word_of(c, right, &word)) {
		if (str_eq_fold(word, STR("unknown")))
			return negated(c, condition(c, OP_UNKNOWN, a, NULL), negate);
		if (str_eq_fold(word, STR("empty")))
			return negated(c, condition(c, OP_FILLED, a, NULL), !negate);
	}
	if (right->kind == TREE_TEXT)
		return compare_time_text(c, tree, a);
	b = compile(c, right);
	if (!b)
		return NULL;
	if (b->type != TYPE_TIME) {
		grammar_error(c->plan->err, c->script, right->at, right->end,
			      "a time is compared with a time, not with %s", type_name(b->type));
		return NULL;
	}
	node = condition(c, OP_COMPARE_TIME, a, b);
	node->compare = compare_of(tree->kind == TREE_NE ? TREE_EQ : tree->kind);
	return negated(c, node, negate);
}

static struct node *scaled(struct compiler *c, struct node *a, double by, enum value_type type)
{
	struct node *node = node_new(c->plan, OP_SCALE, type);

	node->a = a;
	node->number = by;
	return node;
}

/* Written out: no column is in it. */
static bool is_bare(const struct node *node)
{
	return node->op == OP_NUMBER || (node->a && is_bare(node->a) && (!node->b || is_bare(node->b)));
}

/* Numbers, money and durations: a bare number is in the unit of the other side; one of a column has no unit. */
static struct node *compare_numbers(struct compiler *c, const struct tree *tree, struct node *a, struct node *b)
{
	enum compare compare = compare_of(tree->kind);
	struct node *node;
	enum op op = OP_COMPARE;

	if (a->type == TYPE_MONEY && b->type == TYPE_MONEY)
		op = OP_COMPARE_MONEY;
	else if (a->type == TYPE_MONEY && b->type == TYPE_NUMBER)
		a = scaled(c, a, 1, TYPE_NUMBER), a->op = OP_MAJOR;
	else if (a->type == TYPE_NUMBER && b->type == TYPE_MONEY)
		b = scaled(c, b, 1, TYPE_NUMBER), b->op = OP_MAJOR;
	else if (a->type == TYPE_DURATION && b->type == TYPE_NUMBER && is_bare(b))
		b = scaled(c, b, unit_seconds[a->unit], TYPE_DURATION);
	else if (a->type == TYPE_NUMBER && b->type == TYPE_DURATION && is_bare(a))
		a = scaled(c, a, unit_seconds[b->unit], TYPE_DURATION);
	else if (a->type != b->type || (a->type != TYPE_NUMBER && a->type != TYPE_DURATION)) {
		grammar_error(c->plan->err, c->script, tree->sign_at, tree->sign_at + 1,
			      "%s cannot be compared with %s", type_name(a->type), type_name(b->type));
		return NULL;
	}
	node = condition(c, op, a, b);
	node->compare = compare == COMPARE_NE ? COMPARE_EQ : compare;
	return negated(c, node, compare == COMPARE_NE);
}

/* What a reference leads to is known by its id. NULL after saying what is wrong. */
static struct node *id_behind(struct compiler *c, const struct tree *tree)
{
	struct tree path = *tree;

	if (tree->kind != TREE_PATH || tree->part_count == PATH_MAX_PARTS)
		return fail(c, tree, "a reference is compared by a column behind it, like lead.key");
	path.parts[path.part_count] = STR("key");
	path.part_at[path.part_count++] = tree->at;
	return compile_path(c, &path, false);
}

static struct node *compare_reference(struct compiler *c, const struct tree *tree)
{
	struct node *a;

	if (tree->b->kind == TREE_PATH && compile_path(c, tree->b, true))
		return fail(c, tree->a,
			    "a reference is compared with an id, as lead = \"L17\", or by a column behind it, like "
			    "lead.key");
	a = id_behind(c, tree->a);
	return a ? compare_name(c, tree, a) : NULL;
}

static struct node *compare_with(struct compiler *c, const struct tree *tree, struct node *a)
{
	struct node *b;

	switch (a->type) {
	case TYPE_NAME: return compare_name(c, tree, a);
	case TYPE_FLAG:
	case TYPE_CONDITION: return compare_flag(c, tree, a);
	case TYPE_PERIOD: return compare_period(c, tree, a);
	case TYPE_TIME: return compare_time(c, tree, a);
	case TYPE_REF: return compare_reference(c, tree);
	default: break;
	}
	if (tree->b->kind == TREE_TEXT)
		return fail(c, tree->b, "a number should stand here, without quotes");
	b = compile(c, tree->b);
	return b ? compare_numbers(c, tree, a, b) : NULL;
}

struct node *compile_compare(struct compiler *c, const struct tree *tree)
{
	struct node *a;

	/* `2017-01-01 <= created` reads as `created >= 2017-01-01`. */
	if (tree->a->kind == TREE_DATE || tree->a->kind == TREE_TEXT) {
		static const enum tree_kind kinds[] = { TREE_EQ, TREE_NE, TREE_LT, TREE_LE, TREE_GT, TREE_GE };
		struct tree swapped = *tree;

		if (tree->b->kind == TREE_DATE || tree->b->kind == TREE_TEXT)
			return fail(c, tree, "two fixed values are compared here; name a column");
		swapped.a = tree->b;
		swapped.b = tree->a;
		swapped.kind = kinds[flipped(compare_of(tree->kind))];
		return compile_compare(c, &swapped);
	}
	a = compile(c, tree->a);
	return a ? compare_with(c, tree, a) : NULL;
}

static struct node *in_numbers(struct compiler *c, const struct tree *tree, struct node *a)
{
	double *list = ARENA_ARRAY(c->plan->arena, double, tree->count);
	struct node *node;

	if (a->type == TYPE_MONEY)
		a = scaled(c, a, 1, TYPE_NUMBER), a->op = OP_MAJOR;
	for (size_t i = 0; i < tree->count; i++) {
		struct node *item = compile(c, tree->items[i]);

		if (!item)
			return NULL;
		if (item->op != OP_NUMBER || (item->type == TYPE_DURATION && a->type != TYPE_DURATION))
			return fail(c, tree->items[i], "a number, written out, should stand here");
		list[i] = item->number;
		if (a->type == TYPE_DURATION && item->type == TYPE_NUMBER)
			list[i] *= unit_seconds[a->unit];
	}
	node = condition(c, OP_NUMBER_IN, a, NULL);
	node->list = list;
	node->list_count = tree->count;
	return node;
}

/* Times, periods, flags: each item as if compared by = */
static struct node *in_others(struct compiler *c, const struct tree *tree, struct node *a)
{
	struct node *any = NULL;

	for (size_t i = 0; i < tree->count; i++) {
		struct tree equal = { .kind = TREE_EQ,
				      .at = tree->at,
				      .end = tree->end,
				      .sign_at = tree->items[i]->at,
				      .a = tree->a,
				      .b = tree->items[i] };
		struct node *one = compare_with(c, &equal, a);

		if (!one)
			return NULL;
		any = any ? condition(c, OP_OR, any, one) : one;
	}
	return any;
}

struct node *compile_in(struct compiler *c, const struct tree *tree)
{
	struct node *a = compile(c, tree->a), *node;
	uint8_t *set;

	if (!a)
		return NULL;
	if (a->type == TYPE_REF && !(a = id_behind(c, tree->a)))
		return NULL;
	if (a->type == TYPE_NUMBER || a->type == TYPE_MONEY || a->type == TYPE_DURATION)
		return negated(c, in_numbers(c, tree, a), tree->negated);
	if (a->type != TYPE_NAME)
		return negated(c, in_others(c, tree, a), tree->negated);
	node = name_in(c, a, &set);
	for (size_t i = 0; i < tree->count; i++) {
		struct str word;

		if (!word_of(c, tree->items[i], &word))
			return fail(c, tree->items[i], "a word or a text in quotes should stand here");
		add_to_set(c, a->column, word, set);
	}
	return negated(c, node, tree->negated);
}

struct node *compile_between(struct compiler *c, const struct tree *tree)
{
	struct tree low = { .kind = TREE_GE,
			    .at = tree->at,
			    .end = tree->end,
			    .sign_at = tree->items[0]->at,
			    .a = tree->a,
			    .b = tree->items[0] };
	struct tree high = { .kind = TREE_LE,
			     .at = tree->at,
			     .end = tree->end,
			     .sign_at = tree->items[1]->at,
			     .a = tree->a,
			     .b = tree->items[1] };
	struct node *a = compile_compare(c, &low);
	struct node *b = a ? compile_compare(c, &high) : NULL;

	return b ? condition(c, OP_AND, a, b) : NULL;
}

struct node *compile_is(struct compiler *c, const struct tree *tree)
{
	struct node *a = compile(c, tree->a);

	if (!a)
		return NULL;
	if (str_eq_fold(tree->text, STR("empty"))) {
		if (a->type == TYPE_CONDITION)
			return fail(c, tree->a, "a condition is never empty");
		return negated(c, condition(c, OP_FILLED, a, NULL), !tree->negated);
	}
	if (a->type != TYPE_TIME)
		return fail(c, tree->a, "only times are known or unknown; ask whether this \"is empty\"");
	if (str_eq_fold(tree->text, STR("unknown")))
		return negated(c, condition(c, OP_UNKNOWN, a, NULL), tree->negated);
	return negated(c,
		       condition(c, OP_AND, condition(c, OP_FILLED, a, NULL),
				 negated(c, condition(c, OP_UNKNOWN, a, NULL), true)),
		       tree->negated);
}
