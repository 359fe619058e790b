#include "desk/people.h"

struct gathering {
	struct arena *arena;
	struct names *names;
	size_t capacity;
	struct str who, manager; /* looked for, and found */
};

bool names_have(const struct names *names, struct str name)
{
	for (size_t i = 0; i < names->count; i++)
		if (str_eq(names->items[i], name))
			return true;
	return false;
}

struct str names_joined(const struct names *names, struct arena *arena)
{
	const char *text = "";

	for (size_t i = 0; i < names->count; i++)
		text = arena_printf(arena, "%s%s%.*s", text, i ? ", " : "", STR_ARG(names->items[i]));
	return str_of(text);
}

static void add(struct gathering *g, struct str name)
{
	if (!name.len || names_have(g->names, name))
		return;
	ARENA_PUSH(g->arena, g->names->items, g->names->count, g->capacity);
	g->names->items[g->names->count++] = arena_str(g->arena, name);
}

static struct str text_of(const struct state *state, enum field code)
{
	const struct value *value = record_get(&state->record, code);

	return value && value->kind == VALUE_TEXT ? value->as.text : STR_NONE;
}

static int take_manager(void *context, const struct state *state, struct err *err)
{
	struct gathering *g = context;

	(void)err;
	add(g, text_of(state, FIELD_MANAGER));
	return 0;
}

int people_managers(struct names *out, struct book *book, const struct agreement *agreement, struct arena *arena,
		    struct err *err)
{
	struct reading reading = READING_ALL;
	struct gathering g = { .arena = arena, .names = out };

	*out = (struct names){ NULL, 0 };
	for (int party = 0; agreement && party < PARTY__COUNT; party++)
		for (size_t i = 0; i < agreement->parties[party].signs.count; i++)
			add(&g, agreement->parties[party].signs.items[i]);
	return book_states(book, OBJECT_PERSON, &reading, take_manager, &g, err);
}

static int take_person(void *context, const struct state *state, struct err *err)
{
	struct gathering *g = context;

	(void)err;
	if (str_eq(text_of(state, FIELD_NAME), g->who) || str_eq(state->record.key, g->who))
		g->manager = arena_str(g->arena, text_of(state, FIELD_MANAGER));
	return 0;
}

int people_manager_of(struct str *out, struct book *book, struct str who, struct arena *arena, struct err *err)
{
	struct reading reading = READING_ALL;
	struct gathering g = { .arena = arena, .who = who };
	int failed = book_states(book, OBJECT_PERSON, &reading, take_person, &g, err);

	*out = g.manager;
	return failed;
}
