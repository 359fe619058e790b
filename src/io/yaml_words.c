#include "io/yaml_words.h"

#include <stdlib.h>

#include "io/text.h"

static size_t count_words(const char *const *words)
{
	size_t count = 0;

	while (words[count])
		count++;
	return count;
}

static int place_of(struct str word, const char *const *words)
{
	for (int i = 0; words[i]; i++)
		if (str_is(word, words[i]))
			return i;
	return -1;
}

bool yaml_listed(struct str word, const char *const *words)
{
	return place_of(word, words) >= 0;
}

struct str yaml_list_text(struct arena *arena, const char *const *words)
{
	const char *text = "";

	for (size_t i = 0; words[i]; i++)
		text = arena_printf(arena, "%s%s%s", text, i ? ", " : "", words[i]);
	return str_of(text);
}

void yaml_unknown(struct yaml_words *w, const struct yaml_node *node, const char *what, const char *const *words)
{
	const char *near = str_nearest(node->text, words, count_words(words));

	if (near)
		problem_add(w->problems, w->file, node->line, node->column, node->text,
			    "%s \"%.*s\" is not known; did you mean \"%s\"?", what, STR_ARG(node->text), near);
	else
		problem_add(w->problems, w->file, node->line, node->column, node->text,
			    "%s \"%.*s\" is not known; there are: %.*s.", what, STR_ARG(node->text),
			    STR_ARG(yaml_list_text(w->arena, words)));
}

bool yaml_is_map(struct yaml_words *w, const struct yaml_node *node, const char *key, const char *const *keys)
{
	if (node->kind != YAML_MAP) {
		YAML_WRONG(w, node, key, "\"%s\" must be a list of \"key: value\" pairs.", key);
		return false;
	}
	for (size_t i = 0; keys && i < node->count; i++)
		if (place_of(node->keys[i].text, keys) < 0)
			yaml_unknown(w, &node->keys[i], "key", keys);
	return true;
}

bool yaml_is_list(struct yaml_words *w, const struct yaml_node *node, const char *key)
{
	if (node->kind == YAML_LIST)
		return true;
	YAML_WRONG(w, node, key, "\"%s\" must be a list: lines that begin with \"- \", or [one, two].", key);
	return false;
}

bool yaml_scalar(struct yaml_words *w, const struct yaml_node *node, const char *key, struct str *out)
{
	if (node->kind != YAML_SCALAR) {
		YAML_WRONG(w, node, key, "\"%s\" must be one word or text.", key);
		return false;
	}
	*out = node->text;
	return true;
}

bool yaml_text(struct yaml_words *w, const struct yaml_node *node, const char *key, struct str *out)
{
	if (!yaml_scalar(w, node, key, out))
		return false;
	*out = str_trim(*out);
	if (!out->len)
		YAML_WRONG(w, node, key, "\"%s\" says nothing; write it out, or leave the line away.", key);
	return out->len > 0;
}

typedef bool read_one_fn(struct yaml_words *w, const struct yaml_node *node, const char *key, struct str *out);

static bool read_names(struct yaml_words *w, const struct yaml_node *node, const char *key, read_one_fn *one,
		       struct names *out)
{
	struct names names = { .count = node->kind == YAML_SCALAR ? 1 : node->count };

	if (node->kind == YAML_MAP) {
		YAML_WRONG(w, node, key, "\"%s\" must be one name or a list of names.", key);
		return false;
	}
	if (names.count == 0) {
		YAML_WRONG(w, node, key, "\"%s\" is an empty list; name at least one.", key);
		return false;
	}
	names.items = ARENA_ARRAY(w->arena, struct str, names.count);
	for (size_t i = 0; i < names.count; i++)
		if (!one(w, node->kind == YAML_SCALAR ? node : &node->items[i], key, &names.items[i]))
			return false;
	*out = names;
	return true;
}

bool yaml_names(struct yaml_words *w, const struct yaml_node *node, const char *key, struct names *out)
{
	return read_names(w, node, key, yaml_text, out);
}

bool yaml_scalars(struct yaml_words *w, const struct yaml_node *node, const char *key, struct names *out)
{
	return read_names(w, node, key, yaml_scalar, out);
}

bool yaml_choice(struct yaml_words *w, const struct yaml_node *node, const char *key, const char *const *words,
		 int *out)
{
	struct str text;

	if (!yaml_text(w, node, key, &text))
		return false;
	*out = place_of(text, words);
	if (*out < 0)
		yaml_unknown(w, node, key, words);
	return *out >= 0;
}

bool yaml_flag(struct yaml_words *w, const struct yaml_node *node, const char *key, bool *out)
{
	struct str text;

	if (!yaml_text(w, node, key, &text))
		return false;
	*out = str_is(text, "yes") || str_is(text, "true");
	if (*out || str_is(text, "no") || str_is(text, "false"))
		return true;
	YAML_WRONG(w, node, key, "\"%s\" must be yes or no.", key);
	return false;
}

static bool letters_plain(struct yaml_words *w, const struct yaml_node *node)
{
	for (struct str rest = node->text; rest.len;) {
		uint32_t code = utf8_next(&rest);

		if (text_is_control(code) && code != '\n' && code != '\t') {
			YAML_WRONG(w, node, "", "the character U+%04X shows a text as another; take it away.",
				   (unsigned)code);
			return false;
		}
	}
	return true;
}

bool yaml_plain_letters(struct yaml_words *w, const struct yaml_node *node)
{
	bool plain = node->kind != YAML_SCALAR || letters_plain(w, node);

	for (size_t i = 0; node->kind != YAML_SCALAR && i < node->count; i++) {
		if (node->kind == YAML_MAP)
			plain &= letters_plain(w, &node->keys[i]);
		plain &= yaml_plain_letters(w, &node->items[i]);
	}
	return plain;
}

/* ---- phrases ---- */

/* The next word of `rest`; a % is one by itself. */
static struct str next_word(struct str *rest)
{
	struct str s = str_trim(*rest), word = s;
	size_t len = 0;

	while (len < s.len && s.at[len] != ' ' && s.at[len] != '\t' && (s.at[len] != '%' || len == 0))
		if (s.at[len++] == '%')
			break;
	word.len = len;
	*rest = (struct str){ s.at + len, s.len - len };
	return word;
}

static bool read_number(struct str word, double *out)
{
	char text[32], *end;

	if (word.len == 0 || word.len >= sizeof(text))
		return false;
	for (size_t i = 0; i < word.len; i++)
		if ((word.at[i] < '0' || word.at[i] > '9') && (word.at[i] != '.' || i == 0))
			return false;
	memcpy(text, word.at, word.len);
	text[word.len] = 0;
	*out = strtod(text, &end);
	return *end == 0;
}

static bool match_word(struct str word, struct str wanted, struct phrase *out)
{
	if (str_is(wanted, "#"))
		return read_number(word, &out->number[out->numbers++]);
	if (str_is(wanted, "*")) {
		out->word[out->words++] = word;
		return word.len > 0;
	}
	return str_eq(word, wanted);
}

bool phrase_match(struct str text, const char *pattern, struct phrase *out)
{
	struct str rest = str_trim(text), wanted_rest = str_of(pattern);

	*out = (struct phrase){ .numbers = 0 };
	while (wanted_rest.len) {
		struct str wanted = next_word(&wanted_rest);

		if (str_is(wanted, "~")) {
			out->word[out->words++] = str_trim(rest);
			return str_trim(rest).len > 0;
		}
		if (!match_word(next_word(&rest), wanted, out))
			return false;
	}
	return str_trim(rest).len == 0;
}
