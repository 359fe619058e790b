/* Reading the words of a map, and saying what is wrong with them. Private to the files that parse maps. */
#ifndef MAP_WORDS_H
#define MAP_WORDS_H

#include "io/yaml_words.h"
#include "map/plan.h"

/* One parse: where problems go and where things live. */
struct parse {
	struct yaml_words w;
	struct map *map;
};

#define WRONG(p, node, key, ...)                                                                                       \
	problem_add((p)->w.problems, (p)->w.file, (node)->line, (node)->column, (key), __VA_ARGS__)

/* Each says what is wrong, in the problems of the parse. */
bool column_choice(struct parse *p, const struct yaml_node *node, const char *key, struct column_choice *out);
bool flag_word(struct parse *p, const struct yaml_node *node, const char *key);
int64_t whole_number(struct parse *p, const struct yaml_node *node, const char *key, int64_t least, int64_t most);

/* dates: and numbers: */
void dates_key(struct parse *p, const struct yaml_node *node, unsigned *order);
void numbers_key(struct parse *p, const struct yaml_node *node, char *mark);

/* map_fields.c */
void translations(struct parse *p, const struct yaml_node *node, const char *key, const char *const *allowed,
		  struct translation **out, size_t *count);
void fields_key(struct parse *p, const struct yaml_node *node, struct map_object *object);
void custom_key(struct parse *p, const struct yaml_node *node, struct map_object *object);

/* map_stages.c */
void stages_key(struct parse *p, const struct yaml_node *node, struct map_object *object);
void stage_dates_key(struct parse *p, const struct yaml_node *node, struct map_object *object);
void condition_key(struct parse *p, const struct yaml_node *node, const char *key, struct condition *out);
void outcome_key(struct parse *p, const struct yaml_node *node, struct map_object *object);

#endif
