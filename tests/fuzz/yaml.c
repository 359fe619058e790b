/* YAML from any bytes: a tree whose nodes know their lines, or one error that
 * says something. */
#include "io/yaml.h"
#include "base/arena.h"
#include "base/err.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void walk(const struct yaml_node *node, int depth)
{
	if (node->line < 1 || node->column < 1 || depth > 33)
		BUG("a node at line %d, column %d, depth %d", node->line, node->column, depth);
	if (node->kind == YAML_SCALAR)
		return;
	for (size_t i = 0; i < node->count; i++) {
		if (node->kind == YAML_MAP && node->keys[i].kind != YAML_SCALAR)
			BUG("a key that is no scalar at line %d", node->line);
		walk(&node->items[i], depth + 1);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str text = { (const char *)data, size };
	struct err err = ERR_INIT;
	struct arena arena;
	struct yaml_node *tree = NULL;

	arena_init(&arena);
	if (yaml_parse(&tree, text, "fuzz.yaml", &arena, &err)) {
		if (!err.text[0])
			BUG("refused without a word");
	} else if (tree) {
		walk(tree, 0);
	}
	arena_release(&arena);
	return 0;
}
