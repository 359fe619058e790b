#include "serve/member.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/date.h"

/* WRONG_MOST: who got so much wrong learns the rest next time. */
enum { TEXT_MOST = 1000, LIST_MOST = 1000, NEAR_MOST = 64, WRONG_MOST = 100 };
#define WHOLE_MOST 1000000000000000L

static const char *const kinds[MEMBER__COUNT] = {
	[MEMBER_TEXT] = "a text",
	[MEMBER_WHOLE] = "a whole number",
	[MEMBER_NUMBER] = "a number",
	[MEMBER_FLAG] = "true or false",
	[MEMBER_DATE] = "a date like \"2026-03-09\"",
	[MEMBER_TIME] = "a time like \"2026-03-09T14:05:00+01:00\"",
	[MEMBER_CHOICE] = "a text",
	[MEMBER_OBJECT] = "an object",
	[MEMBER_LIST] = "a list",
	[MEMBER_NAMED] = "an object",
	[MEMBER_VALUE] = "a number or a text",
	[MEMBER_ANY] = "anything",
};

struct checking {
	const struct zone *zone;
	struct problems *problems;
	struct arena *arena;
};

static long text_most(const struct member *m)
{
	return m->most ? m->most : TEXT_MOST;
}

static long whole_most(const struct member *m)
{
	return m->most ? m->most : WHOLE_MOST;
}

const struct member *member_find(const struct member *members, struct str name)
{
	for (; members && members->name; members++)
		if (str_is(name, members->name))
			return members;
	return NULL;
}

const char *member_nearest(const struct member *members, struct str name, struct arena *arena)
{
	const char **names = ARENA_ARRAY(arena, const char *, NEAR_MOST);
	size_t count = 0;

	for (; members && members->name && count < NEAR_MOST; members++)
		names[count++] = members->name;
	return str_nearest(name, names, count);
}

static void wrong(struct checking *c, struct str path, const char *text)
{
	problem_add(c->problems, STR_NONE, 0, 0, path, "%s", text);
}

static bool chosen(const char *choices, struct str text)
{
	struct str rest = str_of(choices);

	while (rest.len)
		if (str_eq(str_cut(&rest, '|'), text))
			return true;
	return false;
}

/* ---- one value ---- */

static size_t characters(struct str text)
{
	size_t count = 0;

	for (; text.len; count++)
		utf8_next(&text);
	return count;
}

/* Lines and tabs aside. */
static bool printable(struct str text)
{
	for (size_t i = 0; i < text.len; i++) {
		unsigned char c = (unsigned char)text.at[i];

		if ((c < ' ' && c != '\t' && c != '\n' && c != '\r') || c == 0x7f)
			return false;
	}
	return true;
}

static void check_text(struct checking *c, const struct member *m, struct str path, struct str text)
{
	int64_t ms;
	int32_t date;
	bool date_only;
	long len = (long)characters(text);

	if (m->type == MEMBER_DATE && !date_parse(text, &date))
		wrong(c, path, "is no date; write it like 2026-03-09");
	else if (m->type == MEMBER_TIME && !zone_parse(c->zone, text, &ms, &date_only))
		wrong(c, path, "is no time; write it like 2026-03-09T14:05:00+01:00");
	else if (m->type == MEMBER_CHOICE && !chosen(m->choices, text))
		wrong(c, path, arena_printf(c->arena, "is one of %s", m->choices));
	else if (m->type == MEMBER_TEXT && !printable(text))
		wrong(c, path, "has control characters");
	else if (m->type == MEMBER_TEXT && len > text_most(m))
		wrong(c, path, arena_printf(c->arena, "has at most %ld characters", text_most(m)));
	else if (m->type == MEMBER_TEXT && len < m->least)
		wrong(c, path,
		      m->least == 1 ? "must not be empty"
				    : arena_printf(c->arena, "has at least %ld characters", m->least));
}

static void check_whole(struct checking *c, const struct member *m, struct str path, int64_t value)
{
	if (value < m->least || value > whole_most(m))
		wrong(c, path, arena_printf(c->arena, "is a whole number from %ld to %ld", m->least, whole_most(m)));
}

static bool fits(const struct member *m, const json_t *value)
{
	switch (m->type) {
	case MEMBER_WHOLE: return json_is_integer(value);
	case MEMBER_NUMBER: return json_is_number(value);
	case MEMBER_FLAG: return json_is_boolean(value);
	case MEMBER_NAMED:
	case MEMBER_OBJECT: return json_is_object(value);
	case MEMBER_VALUE: return json_is_number(value) || json_is_string(value);
	case MEMBER_LIST: return json_is_array(value);
	case MEMBER_ANY: return true;
	default: return json_is_string(value);
	}
}

static void check_object(struct checking *c, const struct member *members, struct str path, const json_t *value);

static void check_value(struct checking *c, const struct member *m, struct str path, const json_t *value)
{
	if (json_is_null(value) && m->null)
		return;
	if (!fits(m, value)) {
		wrong(c, path, arena_printf(c->arena, "is %s", kinds[m->type]));
	} else if (m->type == MEMBER_WHOLE) {
		check_whole(c, m, path, json_integer_value(value));
	} else if (m->type == MEMBER_OBJECT && m->members) {
		check_object(c, m->members, path, value);
	} else if (m->type == MEMBER_LIST) {
		size_t count = json_array_size(value), most = m->most ? (size_t)m->most : LIST_MOST;

		if (count > most)
			wrong(c, path, arena_printf(c->arena, "has at most %zu items", most));
		for (size_t i = 0; i < count && i < most && c->problems->count < WRONG_MOST; i++)
			check_value(c, m->items, str_of(arena_printf(c->arena, "%.*s[%zu]", STR_ARG(path), i)),
				    json_array_get(value, i));
	} else if (json_is_string(value)) {
		check_text(c, m, path, (struct str){ json_string_value(value), json_string_length(value) });
	}
}

static struct str under(struct checking *c, struct str path, struct str name)
{
	return path.len ? str_of(arena_printf(c->arena, "%.*s.%.*s", STR_ARG(path), STR_ARG(name))) : name;
}

static void check_object(struct checking *c, const struct member *members, struct str path, const json_t *value)
{
	const char *name;
	json_t *item;

	for (const struct member *m = members; m->name; m++)
		if (m->required && !json_object_get(value, m->name))
			wrong(c, under(c, path, str_of(m->name)), "is missing");
	json_object_foreach((json_t *)value, name, item)
	{
		const struct member *m = member_find(members, str_of(name));
		struct str at = under(c, path, arena_str(c->arena, str_of(name)));
		const char *nearest;

		if (c->problems->count >= WRONG_MOST)
			return;
		if (m) {
			check_value(c, m, at, item);
			continue;
		}
		nearest = member_nearest(members, str_of(name), c->arena);
		wrong(c, at,
		      nearest ? arena_printf(c->arena, "there is no such member here; did you mean %s?", nearest)
			      : "there is no such member here");
	}
}

void members_check(const struct member *members, const json_t *value, const struct zone *zone,
		   struct problems *problems, struct arena *arena)
{
	struct checking c = { zone, problems, arena };

	if (!json_is_object(value))
		wrong(&c, STR_NONE, "the body is a JSON object");
	else
		check_object(&c, members, STR_NONE, value);
}

void member_check_text(const struct member *member, struct str text, const struct zone *zone, struct problems *problems,
		       struct arena *arena)
{
	struct checking c = { zone, problems, arena };
	struct str path = str_of(member->name);
	char *copy = arena_cstr(arena, text), *end;
	int64_t whole;

	switch (member->type) {
	case MEMBER_WHOLE:
		whole = strtoll(copy, &end, 10);
		if (!text.len || *end || end == copy)
			wrong(&c, path, "is a whole number");
		else
			check_whole(&c, member, path, whole);
		break;
	case MEMBER_FLAG:
		if (!str_is(text, "true") && !str_is(text, "false"))
			wrong(&c, path, "is true or false");
		break;
	default: check_text(&c, member, path, text); break;
	}
}

/* ---- as JSON Schema ---- */

static const struct {
	const char *type, *other, *format;
} schemas[MEMBER__COUNT] = {
	[MEMBER_TEXT] = { "string", NULL, NULL },      [MEMBER_WHOLE] = { "integer", NULL, NULL },
	[MEMBER_NUMBER] = { "number", NULL, NULL },    [MEMBER_FLAG] = { "boolean", NULL, NULL },
	[MEMBER_DATE] = { "string", NULL, "date" },    [MEMBER_TIME] = { "string", NULL, NULL },
	[MEMBER_CHOICE] = { "string", NULL, NULL },    [MEMBER_OBJECT] = { "object", NULL, NULL },
	[MEMBER_LIST] = { "array", NULL, NULL },       [MEMBER_NAMED] = { "object", NULL, NULL },
	[MEMBER_VALUE] = { "number", "string", NULL },
};

static json_t *schema_of(const struct member *m, bool asked);
static json_t *schema_of_all(const struct member *members, bool asked);

static void add_choices(json_t *schema, const struct member *m)
{
	struct str rest = str_of(m->choices);
	json_t *list = json_array();

	while (rest.len) {
		struct str one = str_cut(&rest, '|');

		json_array_append_new(list, json_stringn(one.at, one.len));
	}
	if (m->null)
		json_array_append_new(list, json_null());
	json_object_set_new(schema, "enum", list);
}

static void add_limit(json_t *schema, const char *name, long limit)
{
	if (limit)
		json_object_set_new(schema, name, json_integer(limit));
}

static void add_limits(json_t *schema, const struct member *m, bool asked)
{
	if (m->type == MEMBER_TEXT) {
		add_limit(schema, "maxLength", asked ? text_most(m) : m->most);
		add_limit(schema, "minLength", m->least);
	} else if (m->type == MEMBER_WHOLE) {
		json_object_set_new(schema, "minimum", json_integer(m->least));
		add_limit(schema, "maximum", asked ? whole_most(m) : m->most);
	} else if (m->type == MEMBER_LIST) {
		json_object_set_new(schema, "items", schema_of(m->items, asked));
		add_limit(schema, "maxItems", m->most || !asked ? m->most : LIST_MOST);
	} else if (m->type == MEMBER_NAMED) {
		json_object_set_new(schema, "additionalProperties", schema_of(m->items, asked));
	} else if (m->type == MEMBER_CHOICE) {
		add_choices(schema, m);
	}
}

static json_t *type_json(const struct member *m)
{
	const char *type = schemas[m->type].type, *other = schemas[m->type].other;
	json_t *list;

	if (!other && !m->null)
		return json_string(type);
	list = json_pack("[s]", type);
	if (other)
		json_array_append_new(list, json_string(other));
	if (m->null)
		json_array_append_new(list, json_string("null"));
	return list;
}

static json_t *schema_of(const struct member *m, bool asked)
{
	json_t *schema = m->type == MEMBER_OBJECT && m->members ? schema_of_all(m->members, asked) : json_object();

	if (schemas[m->type].type)
		json_object_set_new(schema, "type", type_json(m));
	if (schemas[m->type].format)
		json_object_set_new(schema, "format", json_string(schemas[m->type].format));
	add_limits(schema, m, asked);
	if (m->sentence)
		json_object_set_new(schema, "description", json_string(m->sentence));
	return schema;
}

static json_t *schema_of_all(const struct member *members, bool asked)
{
	json_t *schema = json_object(), *properties = json_object(), *required = json_array();

	for (const struct member *m = members; m->name; m++) {
		json_object_set_new(properties, m->name, schema_of(m, asked));
		if (m->required)
			json_array_append_new(required, json_string(m->name));
	}
	json_object_set_new(schema, "type", json_string("object"));
	json_object_set_new(schema, "properties", properties);
	if (json_array_size(required))
		json_object_set_new(schema, "required", required);
	else
		json_decref(required);
	json_object_set_new(schema, "additionalProperties", json_false());
	return schema;
}

json_t *members_schema(const struct member *members)
{
	return schema_of_all(members, true);
}

json_t *member_schema(const struct member *member)
{
	return schema_of(member, true);
}

json_t *answer_schema(const struct member *members)
{
	return schema_of_all(members, false);
}
