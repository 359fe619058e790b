/* What is the same is worked out once: equal expressions become one node, so that a batch's values of it are made once. */
#include <string.h>

#include "facts/plan.h"

struct known {
	struct plan *plan;
	struct node **nodes;
	size_t count, capacity;
};

static bool same_list(const struct node *a, const struct node *b)
{
	if (a->list_count != b->list_count)
		return false;
	for (size_t i = 0; i < a->list_count; i++) {
		if (a->list[i] != b->list[i])
			return false;
	}
	return true;
}

/* Codes are of the node below, which is the same when this is asked. */
static bool same_set(const struct node *a, const struct node *b)
{
	if (a->set == b->set)
		return true;
	return a->op == OP_NAME_IN && !memcmp(a->set, b->set, a->a->column->dict->count);
}

/* Their operands have been made one already where they are equal. */
static bool same_node(const struct node *a, const struct node *b)
{
	if (a->op != b->op || a->type != b->type || a->a != b->a || a->b != b->b || a->column != b->column)
		return false;
	if (a->hop_count != b->hop_count || memcmp(a->hops, b->hops, a->hop_count * sizeof(*a->hops)) != 0)
		return false;
	return a->unit == b->unit && a->number == b->number && a->time == b->time && a->time_end == b->time_end &&
	       a->compare == b->compare && a->period == b->period && a->translate == b->translate && same_set(a, b) &&
	       same_list(a, b);
}

static void share(struct known *known, struct node **place)
{
	struct node *node = *place;

	if (!node)
		return;
	share(known, &node->a);
	share(known, &node->b);
	for (size_t i = 0; i < known->count; i++) {
		if (known->nodes[i] == node || same_node(known->nodes[i], node)) {
			*place = known->nodes[i];
			return;
		}
	}
	ARENA_PUSH(known->plan->arena, known->nodes, known->count, known->capacity);
	known->nodes[known->count++] = node;
}

/* Everything but the percentage is the same, so the values are. */
static bool twins(const struct aggregate *a, const struct aggregate *b)
{
	return a->kind == b->kind && a->pass == b->pass && a->value == b->value && a->condition == b->condition &&
	       a->share_key == b->share_key && a->money == b->money;
}

void plan_share(struct plan *plan)
{
	struct known known = { .plan = plan };

	for (size_t p = 0; p < plan->pass_count; p++) {
		struct pass *pass = &plan->passes[p];

		share(&known, &pass->condition);
		share(&known, &pass->time);
		for (size_t d = 0; d < plan->dimension_count; d++)
			share(&known, &pass->dimensions[d]);
	}
	for (unsigned i = 0; i < plan->aggregate_count; i++) {
		struct aggregate *aggregate = &plan->aggregates[i];

		share(&known, &aggregate->value);
		share(&known, &aggregate->condition);
		share(&known, &aggregate->share_key);
		aggregate->twin = 0;
		while (!twins(&plan->aggregates[aggregate->twin], aggregate))
			aggregate->twin++;
	}
}
