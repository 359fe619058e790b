#include "domain/rule.h"

#include <math.h>

#include "domain/grammar.h"

enum rule_op { RULE_AND, RULE_OR, RULE_NOT, RULE_LEAF, RULE_EVENT, RULE_TYPE, RULE_TOUCHED, RULE_TOUCHES_IN };

struct rule_node {
	enum rule_op op;
	const struct rule_node *a, *b;
	unsigned leaf;
	enum lead_event event;
	int type;
	uint16_t *kinds; /* of touches; kind_count 0: any */
	size_t kind_count;
	int64_t window_ms;
	enum tree_kind compare; /* TREE_EQ … TREE_GE */
	double number;
};

#define MOST_SECONDS (36525 * INT64_C(86400))

struct rule_reader {
	const struct script *script;
	struct rule_words *words;
	struct err *err;
};

void rule_words_init(struct rule_words *words, struct arena *arena)
{
	*words = (struct rule_words){ .arena = arena };
}

/* ---- reading ---- */

uint16_t rule_kind(struct rule_words *words, struct str kind)
{
	for (size_t i = 0; i < words->kind_count; i++)
		if (str_eq(words->kinds[i], kind))
			return (uint16_t)i;
	if (words->kind_count == RULE_MAX_KINDS)
		return TOUCH_OTHER;
	ARENA_PUSH(words->arena, words->kinds, words->kind_count, words->kind_capacity);
	words->kinds[words->kind_count] = arena_str(words->arena, kind);
	return (uint16_t)words->kind_count++;
}

static struct rule_node *fail(struct rule_reader *r, const struct tree *tree, const char *text)
{
	grammar_error(r->err, r->script, tree->at, tree->end, "%s", text);
	return NULL;
}

static struct rule_node *node_new(struct rule_reader *r, enum rule_op op)
{
	struct rule_node *node = ARENA_NEW(r->words->arena, struct rule_node);

	node->op = op;
	return node;
}

static bool is_call(const struct tree *tree, const char *name)
{
	return tree->kind == TREE_CALL && str_is(tree->text, name);
}

/* Does the tree speak of touches, which no column knows? */
static bool asks_touches(const struct tree *tree)
{
	if (!tree)
		return false;
	if (is_call(tree, "touched") || is_call(tree, "touches_in"))
		return true;
	for (size_t i = 0; i < tree->count; i++)
		if (asks_touches(tree->items[i]))
			return true;
	return asks_touches(tree->a) || asks_touches(tree->b) || asks_touches(tree->where);
}

static bool read_kinds(struct rule_reader *r, const struct tree *call, size_t from, struct rule_node *node)
{
	node->kinds = ARENA_ARRAY(r->words->arena, uint16_t, call->count + 1);
	for (size_t i = from; i < call->count; i++) {
		const struct tree *item = call->items[i];
		bool word = item->kind == TREE_PATH && item->part_count == 1;

		if (!word && item->kind != TREE_TEXT) {
			fail(r, item, "a kind of touch should stand here: a word, or a text in quotes");
			return false;
		}
		node->kinds[node->kind_count] = rule_kind(r->words, word ? item->parts[0] : item->text);
		if (node->kinds[node->kind_count++] == TOUCH_OTHER) {
			fail(r, item, "an agreement names at most 1,024 different kinds of touches");
			return false;
		}
	}
	return true;
}

static struct rule_node *read_touched(struct rule_reader *r, const struct tree *call)
{
	struct rule_node *node = node_new(r, RULE_TOUCHED);

	return read_kinds(r, call, 0, node) ? node : NULL;
}

/* touches_in(…) compared with a number. */
static struct rule_node *read_touches_in(struct rule_reader *r, const struct tree *tree)
{
	struct rule_node *node = node_new(r, RULE_TOUCHES_IN);
	const struct tree *call = tree->a;

	if (tree->b->kind != TREE_NUMBER)
		return fail(r, tree->b, "touches are compared with a number");
	if (call->count == 0 || call->items[0]->kind != TREE_DURATION || !(call->items[0]->number > 0))
		return fail(r, call, "touches_in() begins with a time, as in touches_in(30 days)");
	if (call->items[0]->number > (double)MOST_SECONDS)
		return fail(r, call->items[0], "touches are counted over a hundred years at most");
	node->window_ms = (int64_t)(call->items[0]->number * 1000);
	node->compare = tree->kind;
	node->number = tree->b->number;
	return read_kinds(r, call, 1, node) ? node : NULL;
}

/* What only columns decide: a leaf, by the bytes it was read from. */
static struct rule_node *read_leaf(struct rule_reader *r, const struct tree *tree)
{
	struct rule_node *node = node_new(r, RULE_LEAF);
	struct rule_words *words = r->words;
	struct str text = { r->script->text.at + tree->at, tree->end - tree->at };

	for (node->leaf = 0; node->leaf < words->leaf_count; node->leaf++)
		if (str_eq(words->leaves[node->leaf], text))
			return node;
	if (words->leaf_count == RULE_MAX_LEAVES)
		return fail(r, tree, "an agreement asks at most 256 different things of a lead");
	ARENA_PUSH(words->arena, words->leaves, words->leaf_count, words->leaf_capacity);
	words->leaves[words->leaf_count++] = arena_str(words->arena, text);
	return node;
}

static struct rule_node *read_node(struct rule_reader *r, const struct tree *tree);

static struct rule_node *read_logic(struct rule_reader *r, const struct tree *tree, enum rule_op op)
{
	struct rule_node *node = node_new(r, op);

	node->a = read_node(r, tree->a);
	if (node->a && tree->b)
		node->b = read_node(r, tree->b);
	return node->a && (node->b || !tree->b) ? node : NULL;
}

static struct rule_node *read_event(struct rule_reader *r, enum lead_event event)
{
	struct rule_node *node = node_new(r, RULE_EVENT);

	node->event = event;
	return node;
}

/* The text that stands for a name: as written, or without its quotes. */
static struct str name_of(const struct rule_reader *r, const struct tree *tree)
{
	if (tree->kind == TREE_TEXT)
		return tree->text;
	return (struct str){ r->script->text.at + tree->at, tree->end - tree->at };
}

static struct rule_node *read_type(struct rule_reader *r, const struct tree *name)
{
	struct rule_node *node = node_new(r, RULE_TYPE);
	const char **known = ARENA_ARRAY(r->words->arena, const char *, r->words->type_count + 1);
	struct str text = name_of(r, name);
	const char *near;

	for (size_t i = 0; i < r->words->type_count; i++) {
		node->type = (int)i;
		if (str_eq(r->words->types[i], text))
			return node;
		known[i] = arena_cstr(r->words->arena, r->words->types[i]);
	}
	near = str_nearest(text, known, r->words->type_count);
	grammar_error(r->err, r->script, name->at, name->end, "there is no lead type \"%.*s\" above%s%s%s",
		      STR_ARG(text), near ? "; did you mean \"" : "", near ? near : "", near ? "\"?" : "");
	return NULL;
}

static struct rule_node *negated(struct rule_reader *r, struct rule_node *a, bool negate)
{
	struct rule_node *node;

	if (!a || !negate)
		return a;
	node = node_new(r, RULE_NOT);
	node->a = a;
	return node;
}

static struct rule_node *read_type_in(struct rule_reader *r, const struct tree *tree)
{
	struct rule_node *any = NULL;

	for (size_t i = 0; i < tree->count; i++) {
		struct rule_node *one = read_type(r, tree->items[i]), *both;

		if (!one)
			return NULL;
		both = node_new(r, RULE_OR);
		both->a = any;
		both->b = one;
		any = any ? both : one;
	}
	return negated(r, any, tree->negated);
}

static bool is_type(const struct tree *tree)
{
	return tree->kind == TREE_PATH && tree->part_count == 1 && str_is(tree->parts[0], "type");
}

static struct rule_node *read_node(struct rule_reader *r, const struct tree *tree)
{
	enum lead_event event;

	switch (tree->kind) {
	case TREE_AND: return read_logic(r, tree, RULE_AND);
	case TREE_OR: return read_logic(r, tree, RULE_OR);
	case TREE_NOT: return read_logic(r, tree, RULE_NOT);
	case TREE_IN:
		if (is_type(tree->a))
			return read_type_in(r, tree);
		break;
	case TREE_EQ:
	case TREE_NE:
		if (is_type(tree->a))
			return negated(r, read_type(r, tree->b), tree->kind == TREE_NE);
		/* fall through */
	case TREE_LT:
	case TREE_LE:
	case TREE_GT:
	case TREE_GE:
		if (is_call(tree->a, "touches_in"))
			return read_touches_in(r, tree);
		break;
	case TREE_CALL:
		if (is_call(tree, "touched"))
			return read_touched(r, tree);
		if (is_call(tree, "touches_in"))
			return fail(r, tree, "touches_in() is a number; compare it, as in touches_in(30 days) >= 3");
		break;
	case TREE_PATH:
		if (tree->part_count == 1 && lead_event_by_name(tree->parts[0], &event))
			return read_event(r, event);
		break;
	default: break;
	}
	if (asks_touches(tree))
		return fail(r, tree,
			    "touches are asked for alone: touched(…), or touches_in(…) on the left of a number");
	return read_leaf(r, tree);
}

int rule_read(struct rule *out, const char *what, struct str text, struct rule_words *words, struct err *err)
{
	struct script script = { what, arena_str(words->arena, text) };
	struct rule_reader reader = { &script, words, err };
	struct tree *tree;
	int got = grammar_parse(&tree, &script, words->arena, err);

	if (got < 0)
		return got;

	const struct rule_node *root = read_node(&reader, tree);

	if (!root)
		return err->kind;
	*out = (struct rule){ script.text, root };
	return 0;
}

/* ---- comparing ---- */

enum { COVER_STEPS = 10000 }; /* two rules that take longer are not compared */

static bool is_kind(const struct rule_node *node, uint16_t kind)
{
	for (size_t i = 0; i < node->kind_count; i++)
		if (node->kinds[i] == kind)
			return true;
	return node->kind_count == 0;
}

/* Does each touch that `b` looks for count in `a`? */
static bool kinds_cover(const struct rule_node *a, const struct rule_node *b)
{
	for (size_t i = 0; i < b->kind_count; i++)
		if (!is_kind(a, b->kinds[i]))
			return false;
	return a->kind_count == 0 || b->kind_count > 0;
}

/* touches_in(W) >= N: the least number that is enough; below zero for what asks for few touches. */
static double least_touches(const struct rule_node *node)
{
	if (node->op == RULE_TOUCHED)
		return 1;
	return node->compare == TREE_GE ? node->number : node->compare == TREE_GT ? floor(node->number) + 1 : -1;
}

static bool touches_cover(const struct rule_node *a, const struct rule_node *b)
{
	bool counts_b = b->op == RULE_TOUCHED || b->op == RULE_TOUCHES_IN;
	double least = least_touches(a);

	if (least < 0 || !counts_b || least_touches(b) < least || !kinds_cover(a, b))
		return least == 0;
	return a->op == RULE_TOUCHED || (b->op == RULE_TOUCHES_IN && a->window_ms >= b->window_ms);
}

static bool node_covers(const struct rule_node *a, const struct rule_node *b, unsigned *steps)
{
	if (++*steps > COVER_STEPS)
		return false;
	if (b->op == RULE_OR)
		return node_covers(a, b->a, steps) && node_covers(a, b->b, steps);
	if (a->op == RULE_AND)
		return node_covers(a->a, b, steps) && node_covers(a->b, b, steps);
	if (b->op == RULE_AND && (node_covers(a, b->a, steps) || node_covers(a, b->b, steps)))
		return true;
	switch (a->op) {
	case RULE_OR: return node_covers(a->a, b, steps) || node_covers(a->b, b, steps);
	case RULE_NOT: return b->op == RULE_NOT && node_covers(b->a, a->a, steps);
	case RULE_LEAF: return b->op == RULE_LEAF && a->leaf == b->leaf;
	case RULE_EVENT: return b->op == RULE_EVENT && a->event == b->event;
	case RULE_TYPE: return b->op == RULE_TYPE && a->type == b->type;
	default: return touches_cover(a, b);
	}
}

bool rule_covers(const struct rule *a, const struct rule *b)
{
	unsigned steps = 0;

	return !a->root || (b->root && node_covers(a->root, b->root, &steps));
}

/* ---- asking ---- */

static uint32_t node_events(const struct rule_node *node)
{
	if (!node)
		return 0;
	if (node->op == RULE_EVENT)
		return 1u << node->event;
	return node_events(node->a) | node_events(node->b);
}

uint32_t rule_events(const struct rule *rule)
{
	return node_events(rule->root);
}

/* Touches after `from_ms`, up to `at_ms`. */
static size_t touches_between(const struct rule_node *node, const struct rule_lead *lead, int64_t from_ms,
			      int64_t at_ms)
{
	size_t count = 0;

	for (size_t i = 0; i < lead->touch_count && lead->touches[i].at_ms <= at_ms; i++)
		count += lead->touches[i].at_ms > from_ms && is_kind(node, lead->touches[i].kind);
	return count;
}

static bool compares(enum tree_kind kind, double a, double b)
{
	switch (kind) {
	case TREE_EQ: return a == b;
	case TREE_NE: return a != b;
	case TREE_LT: return a < b;
	case TREE_LE: return a <= b;
	case TREE_GT: return a > b;
	case TREE_GE: return a >= b;
	default: BUG("%d is no comparison", kind);
	}
}

static bool node_holds(const struct rule_node *node, const struct rule_lead *lead, int64_t at_ms)
{
	switch (node->op) {
	case RULE_AND: return node_holds(node->a, lead, at_ms) && node_holds(node->b, lead, at_ms);
	case RULE_OR: return node_holds(node->a, lead, at_ms) || node_holds(node->b, lead, at_ms);
	case RULE_NOT: return !node_holds(node->a, lead, at_ms);
	case RULE_LEAF: return lead->leaves[node->leaf / 64] >> node->leaf % 64 & 1;
	case RULE_EVENT: return lead->events[node->event] <= at_ms && lead->events[node->event] != EVENT_NEVER;
	case RULE_TYPE: return lead->type == node->type;
	case RULE_TOUCHED: return touches_between(node, lead, INT64_MIN, at_ms) > 0;
	case RULE_TOUCHES_IN:
		return compares(node->compare, (double)touches_between(node, lead, at_ms - node->window_ms, at_ms),
				node->number);
	}
	BUG("no rule has op %d", node->op);
}

bool rule_holds(const struct rule *rule, const struct rule_lead *lead, int64_t at_ms)
{
	return !rule->root || node_holds(rule->root, lead, at_ms);
}
