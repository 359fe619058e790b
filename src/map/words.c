#include "map/words.h"

bool column_choice(struct parse *p, const struct yaml_node *node, const char *key, struct column_choice *out)
{
	out->line = node->line;
	out->column = node->column;
	if (!yaml_scalars(&p->w, node, key, &out->names))
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

	if (!yaml_scalar(&p->w, node, key, &text))
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

	if (!yaml_scalar(&p->w, node, key, &text))
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

	if (!yaml_scalar(&p->w, node, "dates", &text))
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

	if (!yaml_scalar(&p->w, node, "numbers", &text))
		return;
	*mark = mark_named(text);
	if (!*mark)
		WRONG(p, node, STR("numbers"),
		      "\"%.*s\" is no way of writing numbers; write \"1,234.56\" or \"1.234,56\".", STR_ARG(text));
}
