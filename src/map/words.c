#include "map/words.h"

static size_t words(const char *const *list)
{
	size_t n = 0;

	while (list[n])
		n++;
	return n;
}

bool listed(struct str word, const char *const *list)
{
	for (size_t i = 0; list[i]; i++)
		if (str_is(word, list[i]))
			return true;
	return false;
}

struct str list_text(struct arena *arena, const char *const *list)
{
	const char *text = "";

	for (size_t i = 0; list[i]; i++)
		text = arena_printf(arena, "%s%s%s", text, i ? ", " : "", list[i]);
	return str_of(text);
}

void unknown_word(struct parse *p, const struct yaml_node *node, const char *what, const char *const *list)
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
bool is_map_of(struct parse *p, const struct yaml_node *node, const char *what, const char *const *keys)
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

bool scalar(struct parse *p, const struct yaml_node *node, const char *key, struct str *out)
{
	if (node->kind != YAML_SCALAR) {
		WRONG(p, node, str_of(key), "\"%s\" must be one word or text.", key);
		return false;
	}
	*out = node->text;
	return true;
}

/* A word, or a list of words. */
bool name_list(struct parse *p, const struct yaml_node *node, const char *key, struct names *out)
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

bool column_choice(struct parse *p, const struct yaml_node *node, const char *key, struct column_choice *out)
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

bool flag_word(struct parse *p, const struct yaml_node *node, const char *key)
{
	struct value value = { .kind = VALUE_NO };
	struct str text;

	if (!scalar(p, node, key, &text))
		return false;
	if (cell_flag(text, &value) != CELL_OK)
		WRONG(p, node, str_of(key), "\"%s\" must be yes or no.", key);
	return value.kind == VALUE_YES;
}

int64_t whole_number(struct parse *p, const struct yaml_node *node, const char *key, int64_t least, int64_t most)
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

void dates_key(struct parse *p, const struct yaml_node *node, unsigned *order)
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

void numbers_key(struct parse *p, const struct yaml_node *node, char *mark)
{
	struct str text;

	if (!scalar(p, node, "numbers", &text))
		return;
	*mark = mark_named(text);
	if (!*mark)
		WRONG(p, node, STR("numbers"),
		      "\"%.*s\" is no way of writing numbers; write \"1,234.56\" or \"1.234,56\".", STR_ARG(text));
}
