#include "map/words.h"

/* ---- the words of the language ---- */

static const char *const map_keys[] = { "map",  "source", "about",   "dates", "numbers", "currency",
					"zone", "empty",  "columns", "files", NULL };
static const char *const file_keys[] = { "match",     "header", "as",     "key",         "dates",    "numbers",
					 "currency",  "zone",   "empty",  "separator",   "encoding", "skip lines",
					 "fields",    "custom", "stages", "stage dates", "outcome",  "skip rows",
					 "only rows", "also",   "skip",   "ambiguous",   NULL };
static const char *const also_keys[] = { "as",          "key",     "fields",    "custom", "stages",
					 "stage dates", "outcome", "only rows", NULL };

static void manner_keys(struct parse *p, const struct yaml_node *map, struct manner *manner)
{
	struct yaml_node *node;
	struct str text;

	if ((node = yaml_get(map, "dates")))
		dates_key(p, node, &manner->date_order);
	if ((node = yaml_get(map, "numbers")))
		numbers_key(p, node, &manner->mark);
	if ((node = yaml_get(map, "currency")) && yaml_scalar(&p->w, node, "currency", &text) &&
	    !currency_code(text, manner->currency))
		WRONG(p, node, STR("currency"), "\"%.*s\" is no currency; write its three letters, like EUR or USD.",
		      STR_ARG(text));
	if ((node = yaml_get(map, "zone")))
		yaml_scalar(&p->w, node, "zone", &manner->zone);
	if ((node = yaml_get(map, "empty")))
		yaml_scalars(&p->w, node, "empty", &manner->empty);
}

/* ---- objects and files ---- */

static void key_key(struct parse *p, const struct yaml_node *node, struct map_object *object)
{
	if (node->kind == YAML_MAP) {
		static const char *const keys[] = { "column", NULL };
		struct yaml_node *column = yaml_get(node, "column");

		if (yaml_is_map(&p->w, node, "key", keys) && column && column_choice(p, column, "key", &object->key[0]))
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
	if (!yaml_scalar(&p->w, sub, "as", &as))
		return false;
	object->as = object_by_plural(as);
	if (object->as == OBJECT_NONE) {
		yaml_unknown(&p->w, sub, "the kind of record", object_words());
		return false;
	}
	object->rules = ARENA_ARRAY(p->w.arena, struct rule,
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
	if ((sub = yaml_get(node, "separator")) && yaml_scalar(&p->w, sub, "separator", &text)) {
		if (str_is(text, "tab") || str_is(text, "\t") || str_is(text, "\\t"))
			csv->separator = '\t';
		else if (text.len == 1 && strchr(",;|", text.at[0]))
			csv->separator = text.at[0];
		else
			WRONG(p, sub, STR("separator"), "the separator is one of \",\", \";\", \"|\" and tab.");
	}
	if ((sub = yaml_get(node, "encoding")) && yaml_scalar(&p->w, sub, "encoding", &text)) {
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
	if (node->count >= MAP_MAX_OBJECTS) {
		WRONG(p, node, STR("also"), "a row speaks of at most %d records.", MAP_MAX_OBJECTS);
		return;
	}
	for (size_t i = 0; i < node->count; i++)
		if (yaml_is_map(&p->w, &node->items[i], "also", also_keys) &&
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
	file->header = ARENA_ARRAY(p->w.arena, struct column_choice, node->count);
	for (size_t i = 0; i < node->count; i++)
		if (column_choice(p, &node->items[i], "header", &file->header[file->header_count]))
			file->header_count++;
}

static void file_body(struct parse *p, const struct yaml_node *node, struct map_file *file)
{
	struct yaml_node *also = yaml_get(node, "also"), *sub;

	file->objects =
		ARENA_ARRAY(p->w.arena, struct map_object, (also && also->kind == YAML_LIST ? also->count : 0) + 1);
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
	if (!yaml_is_map(&p->w, node, "files", file_keys))
		return;
	if ((sub = yaml_get(node, "match")))
		yaml_scalars(&p->w, sub, "match", &file->match);
	if ((sub = yaml_get(node, "header")))
		header_key(p, sub, file);
	if (!yaml_get(node, "match") && !yaml_get(node, "header"))
		WRONG(p, node, STR("match"),
		      "\"match\" (a file name) or \"header\" (its columns) is missing: which files is this about?");
	csv_keys(p, node, &file->csv);
	if ((sub = yaml_get(node, "skip"))) {
		if (yaml_scalar(&p->w, sub, "skip", &file->skip) && file->skip.len == 0)
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
					p->w.problems, p->w.file, b->line, b->column, STR("match"),
					"\"%.*s\" stands twice; put the second kind of record under \"also\" of the first.",
					STR_ARG(b->match.items[0]));
		}
}

static void top(struct parse *p, const struct yaml_node *root)
{
	struct map *map = p->map;
	struct manner defaults = { 0 };
	struct yaml_node *node;

	if (!yaml_is_map(&p->w, root, "map", map_keys))
		return;
	if ((node = yaml_get(root, "map")))
		yaml_scalar(&p->w, node, "map", &map->name);
	else
		WRONG(p, root, STR("map"), "\"map\" is missing: give the map a name.");
	map->source = map->name;
	if ((node = yaml_get(root, "source")))
		yaml_scalar(&p->w, node, "source", &map->source);
	if ((node = yaml_get(root, "about")))
		yaml_scalar(&p->w, node, "about", &map->about);
	if ((node = yaml_get(root, "columns"))) {
		struct str word;

		if (yaml_scalar(&p->w, node, "columns", &word) && !(map->optional = str_is(word, "optional")) &&
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
	map->files = ARENA_ARRAY(p->w.arena, struct map_file, node->count);
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
	struct parse p = { { arena, problems, arena_str(arena, str_of(name)) }, NULL };
	size_t before = problems->count;
	struct yaml_node *root;
	int rc;

	*out = NULL;
	rc = yaml_parse(&root, text, name, arena, err);
	if (rc)
		return rc;
	p.map = ARENA_NEW(arena, struct map);
	p.map->path = p.w.file.at;
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
