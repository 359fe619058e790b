#include "io/yaml.h"

#include <yaml.h>

#include "base/table.h"

enum { MAX_BYTES = 4 << 20, MAX_DEPTH = 32 };

struct reader {
	yaml_parser_t parser;
	struct str text;
	const char *name;
	struct arena *arena;
	struct err *err;
};

static int refuse_at(struct reader *r, size_t line, size_t column, const char *what)
{
	return err_set(r->err, ERR_INPUT, "%s:%zu:%zu: %s", r->name, line + 1, column + 1, what);
}

static int refuse(struct reader *r, yaml_mark_t mark, const char *what)
{
	return refuse_at(r, mark.line, mark.column, what);
}

/* Bytes that are no text stop libyaml's reader, which knows only how far it had come. */
static int refuse_bytes(struct reader *r)
{
	size_t line = 0, column = 0, offset = r->parser.problem_offset;

	for (size_t i = 0; i < offset && i < r->text.len; i++, column++) {
		if (r->text.at[i] == '\n') {
			line++;
			column = (size_t)-1;
		}
	}
	return err_set(r->err, ERR_INPUT, "%s:%zu:%zu: %s; save the file as UTF-8 text", r->name, line + 1, column + 1,
		       r->parser.problem ? r->parser.problem : "unreadable bytes");
}

static int refuse_syntax(struct reader *r)
{
	const yaml_parser_t *p = &r->parser;
	const char *what = p->problem ? p->problem : "this is no YAML";

	if (p->error == YAML_MEMORY_ERROR)
		out_of_memory(0);
	if (p->error == YAML_READER_ERROR)
		return refuse_bytes(r);
	return err_set(r->err, ERR_INPUT, "%s:%zu:%zu: %s%s%s; check indentation, colons and quotes here", r->name,
		       p->problem_mark.line + 1, p->problem_mark.column + 1, what, p->context ? " " : "",
		       p->context ? p->context : "");
}

/* The next event, owned by the caller; negative when the text is wrong or uses what is refused. */
static int next_event(struct reader *r, yaml_event_t *event)
{
	const yaml_char_t *anchor = NULL, *tag = NULL;

	if (!yaml_parser_parse(&r->parser, event))
		return refuse_syntax(r);
	if (event->type == YAML_SCALAR_EVENT) {
		anchor = event->data.scalar.anchor;
		tag = event->data.scalar.tag;
	} else if (event->type == YAML_SEQUENCE_START_EVENT) {
		anchor = event->data.sequence_start.anchor;
		tag = event->data.sequence_start.tag;
	} else if (event->type == YAML_MAPPING_START_EVENT) {
		anchor = event->data.mapping_start.anchor;
		tag = event->data.mapping_start.tag;
	}

	const char *what = event->type == YAML_ALIAS_EVENT ? "an alias (*) is not allowed; write the value out"
			   : anchor                        ? "an anchor (&) is not allowed; take it away"
			   : tag                           ? "a tag (!) is not allowed; take it away"
							   : NULL;

	if (!what)
		return 0;

	int result = refuse(r, event->start_mark, what);

	yaml_event_delete(event);
	return result;
}

static int read_node(struct reader *r, const yaml_event_t *event, int depth, struct yaml_node *out);

static int read_scalar(struct reader *r, const yaml_event_t *event, struct yaml_node *out)
{
	struct str text = { (const char *)event->data.scalar.value, event->data.scalar.length };

	if (text.len && memchr(text.at, 0, text.len))
		return refuse(r, event->start_mark, "a NUL character is not allowed; take it away");
	out->kind = YAML_SCALAR;
	out->text = arena_str(r->arena, text);
	out->quoted = event->data.scalar.style != YAML_PLAIN_SCALAR_STYLE;
	return 0;
}

static int read_list(struct reader *r, int depth, struct yaml_node *out)
{
	size_t capacity = 0;
	int result = 0;

	out->kind = YAML_LIST;
	for (;;) {
		yaml_event_t event;

		if ((result = next_event(r, &event)) < 0)
			return result;
		if (event.type == YAML_SEQUENCE_END_EVENT) {
			yaml_event_delete(&event);
			return 0;
		}
		ARENA_PUSH(r->arena, out->items, out->count, capacity);
		result = read_node(r, &event, depth + 1, &out->items[out->count++]);
		yaml_event_delete(&event);
		if (result < 0)
			return result;
	}
}

static int read_key(struct reader *r, const yaml_event_t *event, struct table *seen, struct yaml_node *out)
{
	if (event->type != YAML_SCALAR_EVENT)
		return refuse(r, event->start_mark, "a list or map cannot be a key; write a plain name");

	int result = read_node(r, event, 0, out);

	if (result < 0)
		return result;

	bool is_new;
	uint64_t *first_line = table_put(seen, out->text, &is_new);

	if (!is_new)
		return err_set(r->err, ERR_INPUT, "%s:%d:%d: '%.*s' stands here twice, first on line %d; take one away",
			       r->name, out->line, out->column, STR_ARG(out->text), (int)*first_line);
	*first_line = (uint64_t)out->line;
	return 0;
}

static int read_value(struct reader *r, int depth, struct yaml_node *out)
{
	yaml_event_t event;
	int result = next_event(r, &event);

	if (result < 0)
		return result;
	result = read_node(r, &event, depth + 1, out);
	yaml_event_delete(&event);
	return result;
}

static int read_pairs(struct reader *r, int depth, struct table *seen, struct yaml_node *out)
{
	size_t key_capacity = 0, capacity = 0;
	int result;

	for (;;) {
		yaml_event_t event;

		if ((result = next_event(r, &event)) < 0)
			return result;
		if (event.type == YAML_MAPPING_END_EVENT) {
			yaml_event_delete(&event);
			return 0;
		}
		ARENA_PUSH(r->arena, out->keys, out->count, key_capacity);
		ARENA_PUSH(r->arena, out->items, out->count, capacity);
		result = read_key(r, &event, seen, &out->keys[out->count]);
		yaml_event_delete(&event);
		if (result < 0 || (result = read_value(r, depth, &out->items[out->count])) < 0)
			return result;
		out->count++;
	}
}

static int read_map(struct reader *r, int depth, struct yaml_node *out)
{
	struct table seen;

	out->kind = YAML_MAP;
	table_init(&seen);
	int result = read_pairs(r, depth, &seen, out);

	table_release(&seen);
	return result;
}

/* Reads what begins with `event`, which the caller keeps. */
static int read_node(struct reader *r, const yaml_event_t *event, int depth, struct yaml_node *out)
{
	out->line = (int)event->start_mark.line + 1;
	out->column = (int)event->start_mark.column + 1;
	if (event->type == YAML_SCALAR_EVENT)
		return read_scalar(r, event, out);
	if (depth >= MAX_DEPTH)
		return refuse(r, event->start_mark, "nested deeper than 32 levels; flatten it");
	if (event->type == YAML_SEQUENCE_START_EVENT)
		return read_list(r, depth, out);
	if (event->type == YAML_MAPPING_START_EVENT)
		return read_map(r, depth, out);
	return refuse(r, event->start_mark, "a value is missing here; write one");
}

/* Steps over events that hold nothing. */
static int expect(struct reader *r, yaml_event_type_t type, const char *otherwise)
{
	yaml_event_t event;
	int result = next_event(r, &event);

	if (result < 0)
		return result;
	if (event.type != type)
		result = refuse(r, event.start_mark, otherwise);
	yaml_event_delete(&event);
	return result;
}

static int read_document(struct reader *r, struct yaml_node *out)
{
	static const char odd[] = "this is no YAML; check the file";
	int result;

	if ((result = expect(r, YAML_STREAM_START_EVENT, odd)) < 0 ||
	    (result = expect(r, YAML_DOCUMENT_START_EVENT, "there is nothing here; write a map of names and values")) <
		    0 ||
	    (result = read_value(r, -1, out)) < 0 || (result = expect(r, YAML_DOCUMENT_END_EVENT, odd)) < 0)
		return result;
	return expect(r, YAML_STREAM_END_EVENT, "a second document begins here; keep one document a file");
}

int yaml_parse(struct yaml_node **out, struct str text, const char *name, struct arena *arena, struct err *err)
{
	struct reader r = { .text = text, .name = name, .arena = arena, .err = err };
	struct yaml_node *node = ARENA_NEW(arena, struct yaml_node);

	if (text.len > MAX_BYTES)
		return err_set(err, ERR_LIMIT, "%s is larger than 4 MiB; make it smaller", name);
	if (!yaml_parser_initialize(&r.parser))
		out_of_memory(0);
	yaml_parser_set_input_string(&r.parser, (const unsigned char *)(text.at ? text.at : ""), text.len);

	int result = read_document(&r, node);

	yaml_parser_delete(&r.parser);
	if (result == 0)
		*out = node;
	return result;
}

struct yaml_node *yaml_get(const struct yaml_node *map, const char *key)
{
	for (size_t i = 0; map && map->kind == YAML_MAP && i < map->count; i++)
		if (str_is(map->keys[i].text, key))
			return &map->items[i];
	return NULL;
}
