/* stages:, stage dates:, outcome:, and conditions on rows. */
#include "map/words.h"

static const char *const stage_keys[] = { "means", "limit days", "bid", NULL };
static const char *const condition_keys[] = { "when", "is", "is not", NULL };
static const char *const outcome_keys[] = { "column", "values", "won", "lost", "closed", NULL };
static const char *const meanings[] = { "open", "won", "lost", "discontinued", "on_hold", "order", NULL };
static const char *const outcomes[] = { "open", "won", "lost", "discontinued", "on_hold", NULL };

void stages_key(struct parse *p, const struct yaml_node *node, struct map_object *object)
{
	if (object->as != OBJECT_OPPORTUNITY && object->as != OBJECT_STAGE_CHANGE) {
		WRONG(p, node, STR("stages"), "only opportunities and stage-history have stages.");
		return;
	}
	if (!yaml_is_map(&p->w, node, "stages", NULL))
		return;
	object->stages = ARENA_ARRAY(p->w.arena, struct stage_meaning, node->count + 1);
	for (size_t i = 0; i < node->count; i++) {
		const struct yaml_node *item = &node->items[i], *sub;
		struct stage_meaning *stage = &object->stages[object->stage_count++];

		stage->name = str_trim(node->keys[i].text);
		if (item->kind == YAML_MAP) {
			if (!yaml_is_map(&p->w, item, "stage", stage_keys))
				continue;
			if (!(sub = yaml_get(item, "means"))) {
				WRONG(p, item, stage->name,
				      "the stage needs \"means\": open, won, lost, discontinued, on_hold or order.");
				continue;
			}
			yaml_scalar(&p->w, sub, "means", &stage->means);
			if (!yaml_listed(stage->means, meanings))
				yaml_unknown(&p->w, sub, "the meaning", meanings);
			if ((sub = yaml_get(item, "bid")))
				stage->bid = flag_word(p, sub, "bid");
			if ((sub = yaml_get(item, "limit days")))
				stage->limit_days = whole_number(p, sub, "limit days", 1, 36500);
		} else if (yaml_scalar(&p->w, item, "stages", &stage->means) && !yaml_listed(stage->means, meanings)) {
			yaml_unknown(&p->w, item, "the meaning", meanings);
		}
	}
}

void stage_dates_key(struct parse *p, const struct yaml_node *node, struct map_object *object)
{
	if (object->as != OBJECT_OPPORTUNITY) {
		WRONG(p, node, STR("stage dates"), "only opportunities have stage dates.");
		return;
	}
	if (!yaml_is_map(&p->w, node, "stage dates", NULL))
		return;
	object->stage_dates = ARENA_ARRAY(p->w.arena, struct stage_date, node->count + 1);
	for (size_t i = 0; i < node->count; i++) {
		struct stage_date *date = &object->stage_dates[object->stage_date_count];

		if (!column_choice(p, &node->items[i], "stage dates", &date->from))
			continue;
		if (!str_is(node->keys[i].text, "pattern"))
			date->stage = str_trim(node->keys[i].text);
		for (size_t k = 0; !date->stage.len && k < date->from.names.count; k++)
			if (str_find(date->from.names.items[k], "*") < 0)
				WRONG(p, &node->items[i], STR("pattern"),
				      "the pattern needs a * where the stage's name stands.");
		object->stage_date_count++;
	}
}

void condition_key(struct parse *p, const struct yaml_node *node, const char *key, struct condition *out)
{
	struct yaml_node *when, *is, *is_not;

	if (!yaml_is_map(&p->w, node, key, condition_keys))
		return;
	when = yaml_get(node, "when");
	is = yaml_get(node, "is");
	is_not = yaml_get(node, "is not");
	if (!when || !is == !is_not) {
		WRONG(p, node, str_of(key),
		      "\"%s\" needs \"when: COLUMN\" and either \"is\" or \"is not\" with a list of values.", key);
		return;
	}
	out->negated = is_not != NULL;
	out->given = column_choice(p, when, "when", &out->from) &&
		     yaml_scalars(&p->w, is ? is : is_not, is ? "is" : "is not", &out->values);
}

void outcome_key(struct parse *p, const struct yaml_node *node, struct map_object *object)
{
	struct outcome *out = &object->outcome;
	struct yaml_node *column, *values, *sub;

	out->line = node->line;
	out->column = node->column;
	if (object->as != OBJECT_OPPORTUNITY) {
		WRONG(p, node, STR("outcome"), "only opportunities have an outcome.");
		return;
	}
	if (!yaml_is_map(&p->w, node, "outcome", outcome_keys))
		return;
	column = yaml_get(node, "column");
	values = yaml_get(node, "values");
	if (!column != !values) {
		WRONG(p, node, STR("outcome"), "\"outcome\" needs both \"column\" and \"values\".");
		return;
	}
	if (column) {
		column_choice(p, column, "column", &out->status);
		translations(p, values, "values", outcomes, &out->values, &out->value_count);
	}
	if ((sub = yaml_get(node, "won")))
		column_choice(p, sub, "won", &out->won);
	if ((sub = yaml_get(node, "lost")))
		column_choice(p, sub, "lost", &out->lost);
	if ((sub = yaml_get(node, "closed")))
		column_choice(p, sub, "closed", &out->closed);
	if (!column && !out->won.names.count)
		WRONG(p, node, STR("outcome"),
		      "\"outcome\" needs \"column\" and \"values\", or \"won\" with \"lost\" or \"closed\".");
	else
		out->given = true;
}
