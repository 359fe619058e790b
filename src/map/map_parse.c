#include "map/plan.h"

#include "io/yaml.h"

/* One parse: where problems go and where things live. */
struct parse {
	struct arena *arena;
	struct problems *problems;
	struct str file;
	struct map *map;
};

#define WRONG(p, node, key, ...) problem_add((p)->problems, (p)->file, (node)->line, (node)->column, (key), __VA_ARGS__)

/* ---- the words of the language ---- */

static const char *const map_keys[] = { "map",  "source", "about",   "dates", "numbers", "currency",
					"zone", "empty",  "columns", "files", NULL };
static const char *const file_keys[] = { "match",     "header", "as",     "key",         "dates",    "numbers",
					 "currency",  "zone",   "empty",  "separator",   "encoding", "skip lines",
					 "fields",    "custom", "stages", "stage dates", "outcome",  "skip rows",
					 "only rows", "also",   "skip",   "ambiguous",   NULL };
static const char *const also_keys[] = { "as",          "key",     "fields",    "custom", "stages",
					 "stage dates", "outcome", "only rows", NULL };
static const char *const field_keys[] = { "column", "values", "otherwise", "by",    "constant", "dates", "numbers",
					  "at",     "join",   "with",      "times", "prefer",   NULL };
static const char *const custom_keys[] = { "column", "values", "otherwise", "constant", "dates", "numbers", "join",
					   "with",   "times",  "prefer",    "type",     "means", NULL };
static const char *const stage_keys[] = { "means", "limit days", "bid", NULL };
static const char *const condition_keys[] = { "when", "is", "is not", NULL };
static const char *const outcome_keys[] = { "column", "values", "won", "lost", "closed", NULL };
static const char *const meanings[] = { "open", "won", "lost", "discontinued", "on_hold", "order", NULL };
static const char *const outcomes[] = { "open", "won", "lost", "discontinued", "on_hold", NULL };

static size_t words(const char *const *list)
{
	size_t n = 0;

	while (list[n])
		n++;
	return n;
}

static bool listed(struct str word, const char *const *list)
{
	for (size_t i = 0; list[i]; i++)
		if (str_is(word, list[i]))
			return true;
	return false;
}

static struct str list_text(struct arena *arena, const char *const *list)
{
	const char *text = "";

	for (size_t i = 0; list[i]; i++)
		text = arena_printf(arena, "%s%s%s", text, i ? ", " : "", list[i]);
	return str_of(text);
}

static void unknown_word(struct parse *p, const struct yaml_node *node, const char *what, const char *const *list)
{
	const char *near = str_nearest(node->text, list, words(list));

	if (near)
		WRONG(p, node, node->text, "%s \"%.*s\" is not known; did you mean \"%s\"?", what, STR_ARG(node->text),
		      near);
	else
		WRONG(p, node, node->text, "%s \"%.*s\" is not known; there are: %.*s.", what, STR_ARG(node->text),
		      STR_ARG(list_text(p->arena, list)));
}

/* True when it is a map whose keys are all known ones. Unknown keys are refused, the rest is read on. */
static bool is_map_of(struct parse *p, const struct yaml_node *node, const char *what, const char *const *keys)
{
	if (node->kind != YAML_MAP) {
		WRONG(p, node, str_of(what), "\"%s\" must be a list of \"key: value\" pairs.", what);
		return false;
	}
	for (size_t i = 0; keys && i < node->count; i++)
		if (!listed(node->keys[i].text, keys))
			unknown_word(p, &node->keys[i], "key", keys);
	return true;
}

static bool scalar(struct parse *p, const struct yaml_node *node, const char *key, struct str *out)
{
	if (node->kind != YAML_SCALAR) {
		WRONG(p, node, str_of(key), "\"%s\" must be one word or text.", key);
		return false;
	}
	*out = node->text;
	return true;
}

/* A word, or a list of words. */
static bool name_list(struct parse *p, const struct yaml_node *node, const char *key, struct names *out)
{
	if (node->kind == YAML_MAP) {
		WRONG(p, node, str_of(key), "\"%s\" must be one name or a list of names.", key);
		return false;
	}
	out->count = node->kind == YAML_SCALAR ? 1 : node->count;
	out->items = ARENA_ARRAY(p->arena, struct str, out->count + 1);
	if (out->count == 0) {
		WRONG(p, node, str_of(key), "\"%s\" is an empty list; name at least one.", key);
		return false;
	}
	for (size_t i = 0; i < out->count; i++) {
		const struct yaml_node *item = node->kind == YAML_SCALAR ? node : &node->items[i];

		if (!scalar(p, item, key, &out->items[i]))
			return false;
	}
	return true;
}

static bool column_choice(struct parse *p, const struct yaml_node *node, const char *key, struct column_choice *out)
{
	out->line = node->line;
	out->column = node->column;
	if (!name_list(p, node, key, &out->names))
		return false;
	for (size_t i = 0; i < out->names.count; i++)
		if (str_trim(out->names.items[i]).len == 0) {
			WRONG(p, node, str_of(key), "\"%s\" names no column.", key);
			return false;
		}
	return true;
}

static bool flag_word(struct parse *p, const struct yaml_node *node, const char *key)
{
	struct value value = { .kind = VALUE_NO };
	struct str text;

	if (!scalar(p, node, key, &text))
		return false;
	if (cell_flag(text, &value) != CELL_OK)
		WRONG(p, node, str_of(key), "\"%s\" must be yes or no.", key);
	return value.kind == VALUE_YES;
}

static int64_t whole_number(struct parse *p, const struct yaml_node *node, const char *key, int64_t least, int64_t most)
{
	struct value value;
	struct str text;
	int64_t n;
	bool rounded = false;

	if (!scalar(p, node, key, &text))
		return least;
	if (cell_number(text, '.', &value, &rounded) != CELL_OK || !decimal_scaled(value.as.number, 0, &n, &rounded) ||
	    rounded || n < least || n > most) {
		WRONG(p, node, str_of(key), "\"%s\" must be a whole number from %lld to %lld.", key, (long long)least,
		      (long long)most);
		return least;
	}
	return n;
}

/* ---- formats ---- */

unsigned date_order_named(struct str format)
{
	char order[4] = "";
	size_t n = 0;

	if (str_eq_fold(format, STR("excel")))
		return DATE_EXCEL;
	if (str_eq_fold(format, STR("unix")) || str_eq_fold(format, STR("unix seconds")))
		return DATE_UNIX;
	if (str_eq_fold(format, STR("unix ms")) || str_eq_fold(format, STR("unix milliseconds")))
		return DATE_UNIX_MS;
	if (str_eq_fold(format, STR("iso")))
		return DATE_YMD;
	for (size_t i = 0; i < format.len; i++) {
		char c = (char)(format.at[i] | 0x20);

		if (c == 'h' || format.at[i] == 'T')
			break;
		if (c != 'y' && c != 'm' && c != 'd') {
			if (!strchr("-/., on", c))
				return 0;
			continue;
		}
		if (n && order[n - 1] == c)
			continue;
		if (n == 3)
			return 0;
		order[n++] = c;
	}
	if (n != 3)
		return 0;
	if (!memcmp(order, "ymd", 3))
		return DATE_YMD;
	if (!memcmp(order, "dmy", 3))
		return DATE_DMY;
	return memcmp(order, "mdy", 3) ? 0 : DATE_MDY;
}

const char *date_order_text(unsigned order)
{
	switch (order) {
	case DATE_DMY: return "dd/mm/yyyy";
	case DATE_MDY: return "mm/dd/yyyy";
	case DATE_YMD: return "yyyy-mm-dd";
	case DATE_EXCEL: return "Excel serial days";
	case DATE_UNIX: return "seconds since 1970";
	case DATE_UNIX_MS: return "milliseconds since 1970";
	default: return "yyyy-mm-dd";
	}
}

char mark_named(struct str format)
{
	switch (number_look(format)) {
	case NUMBER_DOT: return '.';
	case NUMBER_COMMA: return ',';
	default: return 0;
	}
}

static void dates_key(struct parse *p, const struct yaml_node *node, unsigned *order)
{
	struct str text;

	if (!scalar(p, node, "dates", &text))
		return;
	*order = date_order_named(text);
	if (!*order)
		WRONG(p, node, STR("dates"),
		      "\"%.*s\" is no date format; write it like yyyy-mm-dd, dd.mm.yyyy or mm/dd/yyyy, or excel, unix or \"unix ms\".",
		      STR_ARG(text));
}

static void numbers_key(struct parse *p, const struct yaml_node *node, char *mark)
{
	struct str text;

	if (!scalar(p, node, "numbers", &text))
		return;
	*mark = mark_named(text);
	if (!*mark)
		WRONG(p, node, STR("numbers"),
		      "\"%.*s\" is no way of writing numbers; write \"1,234.56\" or \"1.234,56\".", STR_ARG(text));
}

static void manner_keys(struct parse *p, const struct yaml_node *map, struct manner *manner)
{
	struct yaml_node *node;
	struct str text;

	if ((node = yaml_get(map, "dates")))
		dates_key(p, node, &manner->date_order);
	if ((node = yaml_get(map, "numbers")))
		numbers_key(p, node, &manner->mark);
	if ((node = yaml_get(map, "currency")) && scalar(p, node, "currency", &text) &&
	    !currency_code(text, manner->currency))
		WRONG(p, node, STR("currency"), "\"%.*s\" is no currency; write its three letters, like EUR or USD.",
		      STR_ARG(text));
	if ((node = yaml_get(map, "zone")))
		scalar(p, node, "zone", &manner->zone);
	if ((node = yaml_get(map, "empty")))
		name_list(p, node, "empty", &manner->empty);
}

/* ---- fields ---- */

static void translations(struct parse *p, const struct yaml_node *node, const char *key, const char *const *allowed,
			 struct translation **out, size_t *count)
{
	if (!is_map_of(p, node, key, NULL))
		return;
	*out = ARENA_ARRAY(p->arena, struct translation, node->count + 1);
	for (size_t i = 0; i < node->count; i++) {
		struct translation *t = &(*out)[*count];

		t->from = str_trim(node->keys[i].text);
		if (!scalar(p, &node->items[i], key, &t->to))
			continue;
		if (allowed && !listed(t->to, allowed))
			unknown_word(p, &node->items[i], "the word", allowed);
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
		return listed(text, origins);
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

	if (!scalar(p, node, "by", &text))
		return;
	if (rule->type != FIELD_REF)
		WRONG(p, node, STR("by"), "\"by\" is for fields that name another record, which \"%.*s\" does not.",
		      STR_ARG(rule->name));
	else if (str_is(text, "email") && rule->def->target != OBJECT_LEAD && rule->def->target != OBJECT_CONTACT)
		WRONG(p, node, STR("by"), "only leads and contacts are found by e-mail.");
	else if (!listed(text, ways))
		unknown_word(p, node, "the way", ways);
	rule->by = str_is(text, "email") ? REF_BY_EMAIL : str_is(text, "name") ? REF_BY_NAME : REF_BY_KEY;
}

static void rule_prefer(struct parse *p, const struct yaml_node *node, struct rule *rule)
{
	static const char *const ways[] = { "first", "filled", NULL };
	struct str text;

	if (!scalar(p, node, "prefer", &text))
		return;
	if (!listed(text, ways))
		unknown_word(p, node, "the way", ways);
	else
		rule->from.prefer = str_is(text, "filled") ? PREFER_FILLED : PREFER_FIRST;
}

static void rule_details(struct parse *p, const struct yaml_node *node, struct rule *rule)
{
	struct yaml_node *sub;
	int ways = 0;

	if ((sub = yaml_get(node, "column")))
		ways += column_choice(p, sub, "column", &rule->from) || true;
	if ((sub = yaml_get(node, "constant"))) {
		rule->constant = scalar(p, sub, "constant", &rule->constant_text);
		ways++;
	}
	if ((sub = yaml_get(node, "join"))) {
		rule->with = STR(" ");
		name_list(p, sub, "join", &rule->join);
		ways++;
	}
	if (ways != 1)
		WRONG(p, node, rule->name, "\"%.*s\" needs exactly one of column, constant and join.",
		      STR_ARG(rule->name));
	if ((sub = yaml_get(node, "with")))
		scalar(p, sub, "with", &rule->with);
	if ((sub = yaml_get(node, "prefer")))
		rule_prefer(p, sub, rule);
	if ((sub = yaml_get(node, "values")))
		translations(p, sub, "values", NULL, &rule->values, &rule->value_count);
	if ((sub = yaml_get(node, "otherwise")))
		rule->has_otherwise = scalar(p, sub, "otherwise", &rule->otherwise);
	if ((sub = yaml_get(node, "by")))
		rule_by(p, sub, rule);
	if ((sub = yaml_get(node, "dates")))
		dates_key(p, sub, &rule->date_order);
	if ((sub = yaml_get(node, "numbers")))
		numbers_key(p, sub, &rule->mark);
	if ((sub = yaml_get(node, "times"))) {
		rule->times = whole_number(p, sub, "times", 1, 1000000);
		if (rule->type != FIELD_NUMBER)
			WRONG(p, sub, STR("times"), "\"times\" is for numbers, and \"%.*s\" is %s.",
			      STR_ARG(rule->name), type_words(rule));
	}
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
	else if (is_map_of(p, node, "field", keys))
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
	const char *near = nearest_field(as, key->text, &names, &count, p->arena);

	if (near)
		WRONG(p, key, key->text, "%s have no field \"%.*s\"; did you mean \"%s\"?", object_plural(as),
		      STR_ARG(key->text), near);
	else
		WRONG(p, key, key->text, "%s have no field \"%.*s\"; put it under \"custom\", or use one of: %.*s.",
		      object_plural(as), STR_ARG(key->text), STR_ARG(list_text(p->arena, names)));
}

static void fields_key(struct parse *p, const struct yaml_node *node, struct map_object *object)
{
	if (!is_map_of(p, node, "fields", NULL))
		return;
	for (size_t i = 0; i < node->count; i++) {
		const struct yaml_node *key = &node->keys[i];
		const struct field_def *def = field_by_name(object->as, key->text);
		struct rule *rule = &object->rules[object->rule_count];

		*rule = (struct rule){ .def = def, .name = key->text };
		rule->is_currency = !def && str_is(key->text, "currency");
		if ((!def && !rule->is_currency) || is_match_field(def)) {
			unknown_field(p, key, object->as);
			continue;
		}
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

	if (!sub || !scalar(p, sub, "type", &text))
		return FIELD_TEXT;
	for (size_t i = 0; types[i]; i++)
		if (str_is(text, types[i]))
			return type_of[i];
	if (str_is(text, "when"))
		return FIELD_WHEN;
	unknown_word(p, sub, "type", types);
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

static void custom_key(struct parse *p, const struct yaml_node *node, struct map_object *object)
{
	if (!is_map_of(p, node, "custom", NULL))
		return;
	for (size_t i = 0; i < node->count; i++) {
		const struct yaml_node *key = &node->keys[i], *sub;
		struct rule *rule = &object->rules[object->rule_count];

		if (!is_plain_name(key->text)) {
			WRONG(p, key, key->text,
			      "a custom field's name is small letters, digits and _, so that measures can use it.");
			continue;
		}
		if (field_by_name(object->as, key->text)) {
			WRONG(p, key, key->text,
			      "%s have a field \"%.*s\" of their own; put it under \"fields\", or choose another name.",
			      object_plural(object->as), STR_ARG(key->text));
			continue;
		}
		*rule = (struct rule){ .name = key->text, .type = custom_type(p, &node->items[i]) };
		rule_source(p, &node->items[i], custom_keys, rule);
		if (node->items[i].kind == YAML_MAP && (sub = yaml_get(&node->items[i], "means")))
			scalar(p, sub, "means", &rule->means);
		object->rule_count++;
	}
}

/* ---- stages, outcome, conditions ---- */

static void stages_key(struct parse *p, const struct yaml_node *node, struct map_object *object)
{
	if (object->as != OBJECT_OPPORTUNITY && object->as != OBJECT_STAGE_CHANGE) {
		WRONG(p, node, STR("stages"), "only opportunities and stage-history have stages.");
		return;
	}
	if (!is_map_of(p, node, "stages", NULL))
		return;
	object->stages = ARENA_ARRAY(p->arena, struct stage_meaning, node->count + 1);
	for (size_t i = 0; i < node->count; i++) {
		const struct yaml_node *item = &node->items[i], *sub;
		struct stage_meaning *stage = &object->stages[object->stage_count++];

		stage->name = str_trim(node->keys[i].text);
		if (item->kind == YAML_MAP) {
			if (!is_map_of(p, item, "stage", stage_keys))
				continue;
			if (!(sub = yaml_get(item, "means"))) {
				WRONG(p, item, stage->name,
				      "the stage needs \"means\": open, won, lost, discontinued, on_hold or order.");
				continue;
			}
			scalar(p, sub, "means", &stage->means);
			if (!listed(stage->means, meanings))
				unknown_word(p, sub, "the meaning", meanings);
			if ((sub = yaml_get(item, "bid")))
				stage->bid = flag_word(p, sub, "bid");
			if ((sub = yaml_get(item, "limit days")))
				stage->limit_days = whole_number(p, sub, "limit days", 1, 36500);
		} else if (scalar(p, item, "stages", &stage->means) && !listed(stage->means, meanings)) {
			unknown_word(p, item, "the meaning", meanings);
		}
	}
}

static void stage_dates_key(struct parse *p, const struct yaml_node *node, struct map_object *object)
{
	if (object->as != OBJECT_OPPORTUNITY) {
		WRONG(p, node, STR("stage dates"), "only opportunities have stage dates.");
		return;
	}
	if (!is_map_of(p, node, "stage dates", NULL))
		return;
	object->stage_dates = ARENA_ARRAY(p->arena, struct stage_date, node->count + 1);
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

static void condition_key(struct parse *p, const struct yaml_node *node, const char *key, struct condition *out)
{
	struct yaml_node *when, *is, *is_not;

	if (!is_map_of(p, node, key, condition_keys))
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
		     name_list(p, is ? is : is_not, is ? "is" : "is not", &out->values);
}

static void outcome_key(struct parse *p, const struct yaml_node *node, struct map_object *object)
{
	struct outcome *out = &object->outcome;
	struct yaml_node *column, *values, *sub;

	out->line = node->line;
	out->column = node->column;
	if (object->as != OBJECT_OPPORTUNITY) {
		WRONG(p, node, STR("outcome"), "only opportunities have an outcome.");
		return;
	}
	if (!is_map_of(p, node, "outcome", outcome_keys))
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

/* ---- objects and files ---- */

static void key_key(struct parse *p, const struct yaml_node *node, struct map_object *object)
{
	if (node->kind == YAML_MAP) {
		static const char *const keys[] = { "column", NULL };
		struct yaml_node *column = yaml_get(node, "column");

		if (is_map_of(p, node, "key", keys) && column && column_choice(p, column, "key", &object->key[0]))
			object->key_count = 1;
		else
			WRONG(p, node, STR("key"),
			      "\"key\" must be a column, a list of columns, or {column: [first choice, second]}.");
		return;
	}
	if (node->kind == YAML_SCALAR) {
		object->key_count = column_choice(p, node, "key", &object->key[0]) ? 1 : 0;
		return;
	}
	if (node->count > MAP_MAX_KEY || node->count == 0) {
		WRONG(p, node, STR("key"), "a key is made of 1 to %d columns.", MAP_MAX_KEY);
		return;
	}
	for (size_t i = 0; i < node->count; i++) {
		const struct yaml_node *item = &node->items[i];
		const struct yaml_node *column = item->kind == YAML_MAP ? yaml_get(item, "column") : item;

		if (!column)
			WRONG(p, item, STR("key"),
			      "\"key\" must be a column, a list of columns, or {column: [first choice, second]}.");
		else if (column_choice(p, column, "key", &object->key[object->key_count]))
			object->key_count++;
	}
}

static const char *const *object_words(void)
{
	static const char *list[OBJECT__COUNT + 1];
	static size_t count;

	if (!count)
		for (int object = 1; object < OBJECT__COUNT; object++)
			if (object_plural((enum object)object))
				list[count++] = object_plural((enum object)object);
	return list;
}

static bool object_keys(struct parse *p, const struct yaml_node *node, struct map_object *object)
{
	struct yaml_node *sub = yaml_get(node, "as"), *fields = yaml_get(node, "fields"),
			 *custom = yaml_get(node, "custom");
	struct str as;

	object->line = node->line;
	object->column = node->column;
	if (!sub) {
		WRONG(p, node, STR("as"), "\"as\" is missing: say what each row is (leads, opportunities, …).");
		return false;
	}
	if (!scalar(p, sub, "as", &as))
		return false;
	object->as = object_by_plural(as);
	if (object->as == OBJECT_NONE) {
		unknown_word(p, sub, "the kind of record", object_words());
		return false;
	}
	object->rules = ARENA_ARRAY(p->arena, struct rule,
				    (fields && fields->kind == YAML_MAP ? fields->count : 0) +
					    (custom && custom->kind == YAML_MAP ? custom->count : 0) + 1);
	if ((sub = yaml_get(node, "key")))
		key_key(p, sub, object);
	if (fields)
		fields_key(p, fields, object);
	if (custom)
		custom_key(p, custom, object);
	if ((sub = yaml_get(node, "stages")))
		stages_key(p, sub, object);
	if ((sub = yaml_get(node, "stage dates")))
		stage_dates_key(p, sub, object);
	if ((sub = yaml_get(node, "outcome")))
		outcome_key(p, sub, object);
	if ((sub = yaml_get(node, "only rows")))
		condition_key(p, sub, "only rows", &object->only);
	if (object->rule_count == 0 && !fields && !custom)
		WRONG(p, node, STR("fields"), "\"fields\" is missing: say which column is which field.");
	return true;
}

static void csv_keys(struct parse *p, const struct yaml_node *node, struct csv_options *csv)
{
	static const struct {
		const char *name;
		int encoding;
	} encodings[] = { { "utf-8", CSV_UTF8 },
			  { "utf8", CSV_UTF8 },
			  { "utf-16le", CSV_UTF16LE },
			  { "utf-16be", CSV_UTF16BE },
			  { "windows-1252", CSV_WINDOWS_1252 },
			  { "latin1", CSV_WINDOWS_1252 },
			  { "iso-8859-1", CSV_WINDOWS_1252 } };
	struct yaml_node *sub;
	struct str text;

	*csv = (struct csv_options)CSV_OPTIONS_DEFAULT;
	if ((sub = yaml_get(node, "separator")) && scalar(p, sub, "separator", &text)) {
		if (str_is(text, "tab") || str_is(text, "\t") || str_is(text, "\\t"))
			csv->separator = '\t';
		else if (text.len == 1 && strchr(",;|", text.at[0]))
			csv->separator = text.at[0];
		else
			WRONG(p, sub, STR("separator"), "the separator is one of \",\", \";\", \"|\" and tab.");
	}
	if ((sub = yaml_get(node, "encoding")) && scalar(p, sub, "encoding", &text)) {
		for (size_t i = 0; i < sizeof(encodings) / sizeof(encodings[0]); i++)
			if (str_eq_fold(text, str_of(encodings[i].name)))
				csv->encoding = encodings[i].encoding;
		if (csv->encoding < 0)
			WRONG(p, sub, STR("encoding"),
			      "the encoding is one of utf-8, utf-16le, utf-16be and windows-1252.");
	}
	if ((sub = yaml_get(node, "skip lines")))
		csv->skip_lines = whole_number(p, sub, "skip lines", 0, 1000);
}

static void also_key(struct parse *p, const struct yaml_node *node, struct map_file *file)
{
	if (node->kind != YAML_LIST) {
		WRONG(p, node, STR("also"), "\"also\" must be a list of further records in the same row.");
		return;
	}
	for (size_t i = 0; i < node->count; i++)
		if (is_map_of(p, &node->items[i], "also", also_keys) &&
		    object_keys(p, &node->items[i], &file->objects[file->object_count]))
			file->object_count++;
}

static void header_key(struct parse *p, const struct yaml_node *node, struct map_file *file)
{
	if (node->kind != YAML_LIST || node->count == 0) {
		WRONG(p, node, STR("header"),
		      "\"header\" must be a list of columns by which such a file is recognised.");
		return;
	}
	file->header = ARENA_ARRAY(p->arena, struct column_choice, node->count);
	for (size_t i = 0; i < node->count; i++)
		if (column_choice(p, &node->items[i], "header", &file->header[file->header_count]))
			file->header_count++;
}

static void file_body(struct parse *p, const struct yaml_node *node, struct map_file *file)
{
	struct yaml_node *also = yaml_get(node, "also"), *sub;

	file->objects =
		ARENA_ARRAY(p->arena, struct map_object, (also && also->kind == YAML_LIST ? also->count : 0) + 1);
	file->object_count = 1;
	if (!object_keys(p, node, &file->objects[0])) {
		file->object_count = 0;
		return;
	}
	if (also)
		also_key(p, also, file);
	if ((sub = yaml_get(node, "skip rows")))
		condition_key(p, sub, "skip rows", &file->skip_rows);
	if ((sub = yaml_get(node, "ambiguous")))
		translations(p, sub, "ambiguous", NULL, &file->ambiguous, &file->ambiguous_count);
}

static void file_keys_of(struct parse *p, const struct yaml_node *node, const struct manner *defaults,
			 struct map_file *file)
{
	struct yaml_node *sub;

	file->line = node->line;
	file->column = node->column;
	file->manner = *defaults;
	if (!is_map_of(p, node, "files", file_keys))
		return;
	if ((sub = yaml_get(node, "match")))
		name_list(p, sub, "match", &file->match);
	if ((sub = yaml_get(node, "header")))
		header_key(p, sub, file);
	if (!yaml_get(node, "match") && !yaml_get(node, "header"))
		WRONG(p, node, STR("match"),
		      "\"match\" (a file name) or \"header\" (its columns) is missing: which files is this about?");
	csv_keys(p, node, &file->csv);
	if ((sub = yaml_get(node, "skip"))) {
		if (scalar(p, sub, "skip", &file->skip) && file->skip.len == 0)
			WRONG(p, sub, STR("skip"), "\"skip\" needs the reason why the file is left out.");
		if (yaml_get(node, "fields") || yaml_get(node, "as"))
			WRONG(p, node, STR("skip"),
			      "a file is either skipped or read; take out \"skip\", or \"as\" and \"fields\".");
		return;
	}
	manner_keys(p, node, &file->manner);
	file_body(p, node, file);
}

static void check_twice(struct parse *p, const struct map *map)
{
	for (size_t i = 0; i < map->file_count; i++)
		for (size_t k = 0; k < i; k++) {
			const struct map_file *a = &map->files[k], *b = &map->files[i];

			if (a->match.count == 1 && b->match.count == 1 &&
			    str_eq(a->match.items[0], b->match.items[0]) && !a->header_count && !b->header_count)
				problem_add(
					p->problems, p->file, b->line, b->column, STR("match"),
					"\"%.*s\" stands twice; put the second kind of record under \"also\" of the first.",
					STR_ARG(b->match.items[0]));
		}
}

static void top(struct parse *p, const struct yaml_node *root)
{
	struct map *map = p->map;
	struct manner defaults = { 0 };
	struct yaml_node *node;

	if (!is_map_of(p, root, "map", map_keys))
		return;
	if ((node = yaml_get(root, "map")))
		scalar(p, node, "map", &map->name);
	else
		WRONG(p, root, STR("map"), "\"map\" is missing: give the map a name.");
	map->source = map->name;
	if ((node = yaml_get(root, "source")))
		scalar(p, node, "source", &map->source);
	if ((node = yaml_get(root, "about")))
		scalar(p, node, "about", &map->about);
	if ((node = yaml_get(root, "columns"))) {
		struct str word;

		if (scalar(p, node, "columns", &word) && !(map->optional = str_is(word, "optional")) &&
		    !str_is(word, "required"))
			WRONG(p, node, STR("columns"),
			      "\"columns\" is \"required\" (a column that is not there refuses the file) or \"optional\".");
	}
	manner_keys(p, root, &defaults);
	node = yaml_get(root, "files");
	if (!node || node->kind != YAML_LIST || node->count == 0) {
		WRONG(p, node ? node : root, STR("files"), "\"files\" must be a list that says what each file is.");
		return;
	}
	map->files = ARENA_ARRAY(p->arena, struct map_file, node->count);
	for (size_t i = 0; i < node->count; i++)
		file_keys_of(p, &node->items[i], &defaults, &map->files[map->file_count++]);
	check_twice(p, map);
	if (map->name.len > 100 || map->source.len > 100 || map->source.len == 0)
		WRONG(p, root, STR("source"), "\"map\" and \"source\" are names of 1 to 100 letters.");
}

/* FNV-1a: stable for ever, since imports remember it. */
static struct str version_of(struct str text, struct arena *arena)
{
	uint32_t hash = 2166136261u;

	for (size_t i = 0; i < text.len; i++)
		hash = (hash ^ (unsigned char)text.at[i]) * 16777619u;
	return str_of(arena_printf(arena, "%08x", hash));
}

int map_parse(const struct map **out, struct str text, const char *name, struct arena *arena, struct problems *problems,
	      struct err *err)
{
	struct parse p = { arena, problems, arena_str(arena, str_of(name)), NULL };
	size_t before = problems->count;
	struct yaml_node *root;
	int rc;

	*out = NULL;
	rc = yaml_parse(&root, text, name, arena, err);
	if (rc)
		return rc;
	p.map = ARENA_NEW(arena, struct map);
	p.map->path = p.file.at;
	p.map->version = version_of(text, arena);
	if (root->kind != YAML_MAP)
		WRONG(&p, root, STR("map"), "a map is a list of \"key: value\" pairs that begins with \"map: NAME\".");
	else
		top(&p, root);
	if (problems->count == before)
		*out = p.map;
	return 0;
}

struct str map_name(const struct map *map)
{
	return map->name;
}

struct str map_source(const struct map *map)
{
	return map->source;
}

struct str map_version(const struct map *map)
{
	return map->version;
}

struct str map_file_skip(const struct map_file *file)
{
	return file->skip;
}

enum object map_file_object(const struct map_file *file)
{
	return file->object_count ? file->objects[0].as : OBJECT_NONE;
}
