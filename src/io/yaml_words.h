/* Reading a YAML tree word by word, and saying what is wrong with it, where, and what to write instead. */
#ifndef IO_YAML_WORDS_H
#define IO_YAML_WORDS_H

#include <stdbool.h>
#include <stdint.h>
#include "base/problem.h"
#include "io/yaml.h"

/* One reading: where problems go and where things live. Borrows all. */
struct yaml_words {
	struct arena *arena;
	struct problems *problems;
	struct str file;
};

/* Where something stands in the text: 1-based. */
struct place {
	int line, column;
};

struct names {
	struct str *items;
	size_t count;
};

static inline struct place yaml_place(const struct yaml_node *node)
{
	return (struct place){ node->line, node->column };
}

#define YAML_WRONG(w, node, key, ...)                                                                                  \
	problem_add((w)->problems, (w)->file, (node)->line, (node)->column, str_of(key), __VA_ARGS__)

/* Each says what is wrong, in the problems, and is false then. Lists of words end with NULL. */

/* A map whose keys are all in `keys` (NULL: any). Of unknown keys each is named; the rest may be read on. */
bool yaml_is_map(struct yaml_words *w, const struct yaml_node *node, const char *key, const char *const *keys);
bool yaml_is_list(struct yaml_words *w, const struct yaml_node *node, const char *key);
/* One word or text as written, which may be empty. */
bool yaml_scalar(struct yaml_words *w, const struct yaml_node *node, const char *key, struct str *out);
/* One word or text, without spaces around it, not empty. */
bool yaml_text(struct yaml_words *w, const struct yaml_node *node, const char *key, struct str *out);
/* One of these, or a list of at least one. */
bool yaml_scalars(struct yaml_words *w, const struct yaml_node *node, const char *key, struct names *out);
bool yaml_names(struct yaml_words *w, const struct yaml_node *node, const char *key, struct names *out); /* texts */
/* One of a list of words: its place there. */
bool yaml_choice(struct yaml_words *w, const struct yaml_node *node, const char *key, const char *const *words,
		 int *out);
bool yaml_flag(struct yaml_words *w, const struct yaml_node *node, const char *key, bool *out);

/* Control characters, and those that turn the direction of writing, show a text as another: each node that has one is named. False when
 * there are any. */
bool yaml_plain_letters(struct yaml_words *w, const struct yaml_node *node);

bool yaml_listed(struct str word, const char *const *words);
struct str yaml_list_text(struct arena *arena, const char *const *words); /* "one, two, three" */
/* Says that a word is not known, and the nearest that is. */
void yaml_unknown(struct yaml_words *w, const struct yaml_node *node, const char *what, const char *const *words);

/* ---- phrases ---- */

enum { PHRASE_PARTS = 8 };

/* What stood for each # (a number), * (a word) and ~ (all the rest) of a pattern, in order. */
struct phrase {
	double number[PHRASE_PARTS];
	struct str word[PHRASE_PARTS];
	size_t numbers, words;
};

/* "80 % in 60 days of at least 5" by "# % in # days of at least #". Spaces do not matter, nor is one needed before %. */
bool phrase_match(struct str text, const char *pattern, struct phrase *out);

#endif
