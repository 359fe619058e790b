/* A YAML text as a tree that remembers where everything stood. libyaml does the parsing.
 * Refused, each with line and column: aliases, anchors, tags, duplicate keys, several documents, nesting deeper than 32,
 * files over 4 MiB. Everything lives in the arena given. */
#ifndef IO_YAML_H
#define IO_YAML_H

#include <stdbool.h>
#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

enum yaml_kind { YAML_SCALAR, YAML_LIST, YAML_MAP };

struct yaml_node {
	enum yaml_kind kind;
	int line, column;        /* 1-based */
	struct str text;         /* YAML_SCALAR: the text as written, unquoted */
	bool quoted;             /* YAML_SCALAR: stood in quotes (so 'yes' is a text) */
	struct yaml_node *items; /* YAML_LIST: the items. YAML_MAP: the values */
	struct yaml_node *keys;  /* YAML_MAP: scalar keys, same order */
	size_t count;
};

/* `name` is used in messages ("maps/crm.yaml:12:3: …"). */
int yaml_parse(struct yaml_node **out, struct str text, const char *name, struct arena *arena, struct err *err);
/* The value under `key` of a map, or NULL. */
struct yaml_node *yaml_get(const struct yaml_node *map, const char *key);

#endif
