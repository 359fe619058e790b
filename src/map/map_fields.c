/* fields: and custom: of a map. */
#include "map/words.h"

static const char *const field_keys[] = { "column", "values", "otherwise", "by",    "constant", "dates",  "numbers",
					  "at",     "join",   "with",      "times", "unit",     "prefer", NULL };
static const char *const custom_keys[] = { "column", "values", "otherwise", "constant", "dates", "numbers", "join",
					   "with",   "times",  "unit",      "prefer",   "type",  "means",   NULL };

void translations(struct parse *p, const struct yaml_node *node, const char *key, const char *const *allowed,
		  struct translation **out, size_t *count)
{
	if (!yaml_is_map(&p->w, node, key, NULL))
		return;
	*out = ARENA_ARRAY(p->w.arena, struct translation, node->count + 1);
	for (size_t i = 0; i < node->count; i++) {
		struct translation *t = &(*out)[*count];

		t->from = str_trim(node->keys[i].text);
		if (!yaml_scalar(&p->w, &node->items[i], key, &t->to))
			continue;
		if (allowed && !yaml_listed(t->to, allowed))
			yaml_unknown(&p->w, &node->items[i], "the word", allowed);
		++*count;
	}
}

static const char *const origins[] = { "marketing", "sales", "referral", "partner", "unknown", NULL };

static bool allowed_for(const struct rule *rule, struct str text)
{
	struct value value;
	bool rounded = false;

	if (text.len == 0)
		return true;
	switch (rule->type) {
	case FIELD_FLAG: return cell_flag(text, &value) == CELL_OK;
	case FIELD_MILESTONE:
		return cell_flag(text, &value) == CELL_OK ||
		       cell_when(text, rule->date_order, true, NULL, &value) == CELL_OK;
	case FIELD_WHEN: return cell_when(text, rule->date_order, true, NULL, &value) == CELL_OK;
	case FIELD_NUMBER: return cell_number(text, '.', &value, &rounded) == CELL_OK;
	case FIELD_MONEY: return cell_money(text, '.', "", &value, &rounded) == CELL_OK;
	case FIELD_TEXT:
	case FIELD_REF: break;
	}
	if (rule->is_currency) {
		char code[4];

		return currency_code(text, code);
	}
	if (rule->def && rule->def->code == FIELD_ORIGIN)
		return yaml_listed(text, origins);
	return true;
}

static const char *type_words(const struct rule *rule)
{
	static const char *const text[] = {
		[FIELD_TEXT] = "a text",
		[FIELD_NUMBER] = "a number",
		[FIELD_MONEY] = "an amount",
		[FIELD_WHEN] = "a date",
		[FIELD_MILESTONE] = "a date, yes or no",
		[FIELD_FLAG] = "yes or no",
		[FIELD_REF] = "a reference",
	};

	if (rule->is_currency)
		return "a currency of three letters";
	return rule->def && rule->def->code == FIELD_ORIGIN ? "one of marketing, sales, referral, partner, unknown"
							    : text[rule->type];
}

static void check_outputs(struct parse *p, const struct yaml_node *node, const struct rule *rule)
{
	for (size_t i = 0; i < rule->value_count; i++)
		if (!allowed_for(rule, rule->values[i].to))
			WRONG(p, node, rule->name, "\"%.*s\" is translated to \"%.*s\", but \"%.*s\" must be %s.",
			      STR_ARG(rule->values[i].from), STR_ARG(rule->values[i].to), STR_ARG(rule->name),
			      type_words(rule));
	if (rule->has_otherwise && !allowed_for(rule, rule->otherwise))
		WRONG(p, node, rule->name, "otherwise is \"%.*s\", but \"%.*s\" must be %s.", STR_ARG(rule->otherwise),
		      STR_ARG(rule->name), type_words(rule));
	if (rule->constant && !allowed_for(rule, rule->constant_text))
		WRONG(p, node, rule->name, "the constant is \"%.*s\", but \"%.*s\" must be %s.",
		      STR_ARG(rule->constant_text), STR_ARG(rule->name), type_words(rule));
}

static void rule_by(struct parse *p, const struct yaml_node *node, struct rule *rule)
{
	static const char *const ways[] = { "key", "email", "name", NULL };
	struct str text;

	if (!yaml_scalar(&p->w, node, "by", &text))
		return;
	if (rule->type != FIELD_REF)
		WRONG(p, node, STR("by"), "\"by\" is for fields that name another record, which \"%.*s\" does not.",
		      STR_ARG(rule->name));
	else if (str_is(text, "email") && rule->def->target != OBJECT_LEAD && rule->def->target != OBJECT_CONTACT)
		WRONG(p, node, STR("by"), "only leads and contacts are found by e-mail.");
	else if (!yaml_listed(text, ways))
		yaml_unknown(&p->w, node, "the way", ways);
	rule->by = str_is(text, "email") ? REF_BY_EMAIL : str_is(text, "name") ? REF_BY_NAME : REF_BY_KEY;
}

static void rule_prefer(struct parse *p, const struct yaml_node *node, struct rule *rule)
{
	static const char *const ways[] = { "first", "filled", NULL };
	struct str text;

	if (!yaml_scalar(&p->w, node, "prefer", &text))
		return;
	if (!yaml_listed(text, ways))
		yaml_unknown(&p->w, node, "the way", ways);
	else
		rule->from.prefer = str_is(text, "filled") ? PREFER_FILLED : PREFER_FIRST;
	if (rule->from.prefer == PREFER_FILLED && rule->from.names.count > MAP_MAX_JOIN)
		WRONG(p, node, STR("prefer"), "the filled one is looked for among at most %d columns.", MAP_MAX_JOIN);
}

static void factor(struct parse *p, const struct yaml_node *node, struct rule *rule)
{
	struct value value;
	struct str text;
	bool rounded = false;

	if (!yaml_scalar(&p->w, node, "times", &text))
		return;
	if (cell_number(text, '.', &value, &rounded) != CELL_OK || rounded || value.as.number.mantissa <= 0 ||
	    value.as.number.mantissa > 1000000 || value.as.number.scale > 6) {
		WRONG(p, node, STR("times"), "\"times\" must be a number above 0, with at most six digits: 100, 0.01.");
		return;
	}
	rule->times = value.as.number.mantissa;
	rule->times_scale = value.as.number.scale;
}

static void unit(struct parse *p, const struct yaml_node *node, struct rule *rule)
{
	static const char *const units[] = { "seconds", "minutes", "hours", NULL };
	struct str text;

	if (!yaml_scalar(&p->w, node, "unit", &text))
		return;
	if (!rule->def || rule->def->code != FIELD_DURATION_MINUTES)
		WRONG(p, node, STR("unit"), "\"unit\" is for durations, which \"%.*s\" is not.", STR_ARG(rule->name));
	else if (!yaml_listed(text, units))
		yaml_unknown(&p->w, node, "unit", units);
	rule->divide = str_is(text, "seconds") ? 60 : 0;
	rule->clock = str_is(text, "hours") ? 'h' : 'm';
	if (str_is(text, "hours"))
		rule->times = 60;
}

static void rule_details(struct parse *p, const struct yaml_node *node, struct rule *rule)
{
	struct yaml_node *sub;
	int ways = 0;

	if ((sub = yaml_get(node, "column")))
		ways += column_choice(p, sub, "column", &rule->from) || true;
	if ((sub = yaml_get(node, "constant"))) {
		rule->constant = yaml_scalar(&p->w, sub, "constant", &rule->constant_text);
		ways++;
	}
	if ((sub = yaml_get(node, "join"))) {
		rule->with = STR(" ");
		if (yaml_scalars(&p->w, sub, "join", &rule->join) && rule->join.count > MAP_MAX_JOIN)
			WRONG(p, sub, STR("join"), "at most %d columns can be joined.", MAP_MAX_JOIN);
		ways++;
	}
	if (ways != 1)
		WRONG(p, node, rule->name, "\"%.*s\" needs exactly one of column, constant and join.",
		      STR_ARG(rule->name));
	if ((sub = yaml_get(node, "with")))
		yaml_scalar(&p->w, sub, "with", &rule->with);
	if ((sub = yaml_get(node, "prefer")))
		rule_prefer(p, sub, rule);
	if ((sub = yaml_get(node, "values")))
		translations(p, sub, "values", NULL, &rule->values, &rule->value_count);
	if ((sub = yaml_get(node, "otherwise")))
		rule->has_otherwise = yaml_scalar(&p->w, sub, "otherwise", &rule->otherwise);
	if ((sub = yaml_get(node, "by")))
		rule_by(p, sub, rule);
	if ((sub = yaml_get(node, "dates")))
		dates_key(p, sub, &rule->date_order);
	if ((sub = yaml_get(node, "numbers")))
		numbers_key(p, sub, &rule->mark);
	if ((sub = yaml_get(node, "times"))) {
		factor(p, sub, rule);
		if (rule->type != FIELD_NUMBER)
			WRONG(p, sub, STR("times"), "\"times\" is for numbers, and \"%.*s\" is %s.",
			      STR_ARG(rule->name), type_words(rule));
	}
	if ((sub = yaml_get(node, "unit")))
		unit(p, sub, rule);
	if ((sub = yaml_get(node, "at"))) {
		column_choice(p, sub, "at", &rule->at);
		if (rule->type != FIELD_MILESTONE)
			WRONG(p, sub, STR("at"),
			      "\"at\" is for milestones (won, lost, qualified …), which \"%.*s\" is not.",
			      STR_ARG(rule->name));
	}
	check_outputs(p, node, rule);
}

static void rule_source(struct parse *p, const struct yaml_node *node, const char *const *keys, struct rule *rule)
{
	rule->line = node->line;
	rule->column = node->column;
	if (node->kind != YAML_MAP)
		column_choice(p, node, "column", &rule->from);
	else if (yaml_is_map(&p->w, node, "field", keys))
		rule_details(p, node, rule);
}

static const char *nearest_field(enum object as, struct str name, const char *const **list, size_t *count,
				 struct arena *arena)
{
	const struct field_def *const *fields = object_fields(as, count);
	const char **names = ARENA_ARRAY(arena, const char *, *count + 2);

	for (size_t i = 0; i < *count; i++)
		names[i] = fields[i]->name;
	names[*count] = "currency";
	*list = names;
	return str_nearest(name, names, *count + 1);
}

static bool is_match_field(const struct field_def *def)
{
	return def && (def->code == FIELD_EMAIL_MATCH || def->code == FIELD_PHONE_MATCH);
}

static void unknown_field(struct parse *p, const struct yaml_node *key, enum object as)
{
	const char *const *names;
	size_t count;
	const char *near = nearest_field(as, key->text, &names, &count, p->w.arena);

	if (near)
		WRONG(p, key, key->text, "%s have no field \"%.*s\"; did you mean \"%s\"?", object_plural(as),
		      STR_ARG(key->text), near);
	else
		WRONG(p, key, key->text, "%s have no field \"%.*s\"; put it under \"custom\", or use one of: %.*s.",
		      object_plural(as), STR_ARG(key->text), STR_ARG(yaml_list_text(p->w.arena, names)));
}

/* Measures call these by shorter names, which serve here too. */
static const struct field_def *field_known(enum object as, struct str name)
{
	if (as == OBJECT_SPEND && str_is(name, "leads"))
		name = STR("reported_leads");
	if (as == OBJECT_SPEND && str_is(name, "conversions"))
		name = STR("reported_conversions");
	if (as == OBJECT_ACTIVITY && str_is(name, "duration"))
		name = STR("duration_minutes");
	return field_by_name(as, name);
}

/* The field may have two names, and a field of one's own may have the name of one that is no field of the object's: currency. */
static bool stands_already(struct parse *p, const struct yaml_node *key, const struct map_object *object,
			   const struct field_def *def)
{
	for (size_t i = 0; i < object->rule_count; i++) {
		const struct rule *rule = &object->rules[i];

		if (def ? rule->def == def : str_eq(rule->name, key->text)) {
			WRONG(p, key, key->text, "\"%.*s\" is mapped already, on line %d; take one away.",
			      STR_ARG(key->text), rule->line);
			return true;
		}
	}
	return false;
}

void fields_key(struct parse *p, const struct yaml_node *node, struct map_object *object)
{
	if (!yaml_is_map(&p->w, node, "fields", NULL))
		return;
	for (size_t i = 0; i < node->count; i++) {
		const struct yaml_node *key = &node->keys[i];
		const struct field_def *def = field_known(object->as, key->text);
		struct rule *rule = &object->rules[object->rule_count];

		*rule = (struct rule){ .def = def, .name = key->text };
		rule->is_currency = !def && str_is(key->text, "currency");
		if ((!def && !rule->is_currency) || is_match_field(def)) {
			unknown_field(p, key, object->as);
			continue;
		}
		if (stands_already(p, key, object, def))
			continue;
		rule->type = def ? def->type : FIELD_TEXT;
		rule_source(p, &node->items[i], field_keys, rule);
		object->rule_count++;
	}
}

static enum field_type custom_type(struct parse *p, const struct yaml_node *node)
{
	static const char *const types[] = { "text", "number", "money", "date", "flag", "milestone", NULL };
	static const enum field_type type_of[] = { FIELD_TEXT, FIELD_NUMBER, FIELD_MONEY,
						   FIELD_WHEN, FIELD_FLAG,   FIELD_MILESTONE };
	struct yaml_node *sub = node->kind == YAML_MAP ? yaml_get(node, "type") : NULL;
	struct str text;

	if (!sub || !yaml_scalar(&p->w, sub, "type", &text))
		return FIELD_TEXT;
	for (size_t i = 0; types[i]; i++)
		if (str_is(text, types[i]))
			return type_of[i];
	if (str_is(text, "when"))
		return FIELD_WHEN;
	yaml_unknown(&p->w, sub, "type", types);
	return FIELD_TEXT;
}

/* A name that measures can be written with. */
static bool is_plain_name(struct str name)
{
	if (name.len == 0 || name.len > 60 || (name.at[0] >= '0' && name.at[0] <= '9'))
		return false;
	for (size_t i = 0; i < name.len; i++)
		if (!((name.at[i] >= 'a' && name.at[i] <= 'z') || (name.at[i] >= '0' && name.at[i] <= '9') ||
		      name.at[i] == '_'))
			return false;
	return true;
}

void custom_key(struct parse *p, const struct yaml_node *node, struct map_object *object)
{
	if (!yaml_is_map(&p->w, node, "custom", NULL))
		return;
	for (size_t i = 0; i < node->count; i++) {
		const struct yaml_node *key = &node->keys[i], *sub;
		struct rule *rule = &object->rules[object->rule_count];

		if (!is_plain_name(key->text)) {
			WRONG(p, key, key->text,
			      "a custom field's name is small letters, digits and _, so that measures can use it.");
			continue;
		}
		if (field_known(object->as, key->text)) {
			WRONG(p, key, key->text,
			      "%s have a field \"%.*s\" of their own; put it under \"fields\", or choose another name.",
			      object_plural(object->as), STR_ARG(key->text));
			continue;
		}
		if (stands_already(p, key, object, NULL))
			continue;
		*rule = (struct rule){ .name = key->text, .type = custom_type(p, &node->items[i]) };
		rule_source(p, &node->items[i], custom_keys, rule);
		if (node->items[i].kind == YAML_MAP && (sub = yaml_get(&node->items[i], "means")))
			yaml_scalar(&p->w, sub, "means", &rule->means);
		object->rule_count++;
	}
}
