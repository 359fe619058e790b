#include "io/yaml.h"

#include <stdlib.h>

#include "base/buf.h"
#include "tap.h"

static struct arena arena;

static struct yaml_node *parse(const char *text)
{
	struct yaml_node *node = NULL;
	struct err err = ERR_INIT;

	if (yaml_parse(&node, str_of(text), "t.yaml", &arena, &err) < 0)
		ok(false, "parses: %s", err.text);
	return node;
}

static void refuses(const char *text, size_t len, const char *wanted)
{
	struct yaml_node *node = NULL;
	struct err err = ERR_INIT;

	is_int(yaml_parse(&node, (struct str){ text, len }, "t.yaml", &arena, &err), ERR_INPUT, "refused: %s", wanted);
	is_bytes(((struct str){ err.text, strnlen(err.text, strlen(wanted)) }), wanted, "and says so");
	ok(!node && strchr(err.text, ';'), "with what to do: %s", err.text);
}

static void test_tree(void)
{
	struct yaml_node *map = parse("leads.csv:\n"
				      "  fields:\n"
				      "    - Lead ID\n"
				      "    - 'yes'\n"
				      "    - {a: 1, b: }\n"
				      "  note: |\n"
				      "    two\n"
				      "    lines\n"
				      "empty: []\n");
	struct yaml_node *file = yaml_get(map, "leads.csv"), *fields = yaml_get(file, "fields");

	ok(map->kind == YAML_MAP && map->count == 2 && map->line == 1 && map->column == 1, "a map");
	is_bytes(map->keys[1].text, "empty", "keys are in order");
	ok(fields->kind == YAML_LIST && fields->count == 3 && fields->line == 3 && fields->column == 5,
	   "a list, and where it stood");
	is_bytes(fields->items[0].text, "Lead ID", "a plain text");
	ok(!fields->items[0].quoted && fields->items[1].quoted, "quotes are remembered");
	is_bytes(fields->items[1].text, "yes", "and taken off");
	ok(fields->items[1].line == 4 && fields->items[1].column == 7, "where a text stood");
	is_bytes(yaml_get(&fields->items[2], "b")->text, "", "an absent value is an empty text");
	is_bytes(yaml_get(file, "note")->text, "two\nlines\n", "a block");
	is_int(yaml_get(map, "empty")->count, 0, "an empty list");
	ok(!yaml_get(map, "none") && !yaml_get(fields, "none") && !yaml_get(NULL, "x"),
	   "what is not there is not found");
	is_bytes(parse("\xEF\xBB\xBF# BOM\nplain")->text, "plain", "a text alone, after a byte-order mark");
	is_int(yaml_get(parse("caf\u00E9: x\n"), "caf\u00E9")->column, 7, "columns count characters");
}

#define REFUSES(text, wanted) refuses((text), sizeof(text) - 1, (wanted))

static void test_refusals(void)
{
	char deep[200];

	REFUSES("", "t.yaml:1:1: there is nothing here");
	REFUSES("# only words\n", "t.yaml:2:1: there is nothing here");
	REFUSES("a: &x 1\n", "t.yaml:1:4: an anchor (&)");
	REFUSES("a: &x [1]\n", "t.yaml:1:4: an anchor (&)");
	REFUSES("a: 1\nb: *x\n", "t.yaml:2:4: an alias (*)");
	REFUSES("a: !!str 1\n", "t.yaml:1:4: a tag (!)");
	REFUSES("a: !x {b: 1}\n", "t.yaml:1:4: a tag (!)");
	REFUSES("a: 1\nb: 2\na: 3\n", "t.yaml:3:1: 'a' stands here twice, first on line 1");
	REFUSES("a: 1\n---\nb: 2\n", "t.yaml:2:1: a second document");
	REFUSES("? [a, b]\n: 1\n", "t.yaml:1:3: a list or map cannot be a key");
	REFUSES("a: \"x\\0y\"\n", "t.yaml:1:4: a NUL character");
	REFUSES("a: [1, 2\nb: 3\n", "t.yaml:2:2: did not find expected");
	REFUSES("a: 'x\n", "t.yaml:2:1: found unexpected end of stream");
	REFUSES("a: 1\n\tb: 2\n", "t.yaml:2:1: found a tab character");
	REFUSES("a: 1\nb: \xFFx\n", "t.yaml:2:4: ");
	REFUSES("a: 1\nb: \x01x\n", "t.yaml:2:4: control characters");
	REFUSES("a: b: c\n", "t.yaml:1:5: mapping values are not allowed");

	memset(deep, '[', sizeof(deep));
	refuses(deep, sizeof(deep), "t.yaml:1:33: nested deeper than 32");
	memset(deep + 32, ']', 32);
	deep[64] = 0;
	ok(parse(deep), "32 levels are not too deep");
}

static void test_size(void)
{
	size_t size = (4u << 20) + 1;
	char *large = malloc(size);
	struct yaml_node *node = NULL;
	struct err err = ERR_INIT;

	memset(large, ' ', size);
	is_int(yaml_parse(&node, (struct str){ large, size }, "t.yaml", &arena, &err), ERR_LIMIT, "too large");
	free(large);
}

/* Random rearrangements of a good file: each is read or refused with its place. */
static void test_damage(void)
{
	static const char good[] =
		"file: 'a.csv'\nfields:\n  - {from: \"Lead ID\", to: key}\n  - from: Amount\n    to: amount # x\n"
		"values: [won, lost, ~]\nnote: |\n  text\n  more\n";
	static const char parts[] = "[]{}:,-?&*!|>'\"%@`#\n\t \\\x80\xFF\0~";
	unsigned seed = 1;
	int refused = 0, read = 0, silent = 0;

	for (int i = 0; i < 20000; i++) {
		char broken[sizeof(good)];
		struct yaml_node *node = NULL;
		struct err err = ERR_INIT;

		memcpy(broken, good, sizeof(good));
		for (int j = 0; j < 1 + i % 4; j++) {
			seed = seed * 1103515245 + 12345;
			broken[(seed >> 8) % (sizeof(good) - 1)] = parts[(seed >> 20) % (sizeof(parts) - 1)];
		}
		if (yaml_parse(&node, (struct str){ broken, sizeof(good) - 1 }, "t.yaml", &arena, &err) == 0)
			read++;
		else if (!strncmp(err.text, "t.yaml:", 7))
			refused++;
		else
			silent++;
		arena_reset(&arena);
	}
	ok(read > 100 && refused > 100, "of 20,000 damaged texts %d are read and %d refused", read, refused);
	is_int(silent, 0, "none without its place");
}

int main(void)
{
	arena_init(&arena);
	test_tree();
	test_refusals();
	test_size();
	test_damage();
	arena_release(&arena);
	return done();
}
