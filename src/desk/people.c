#include "desk/people.h"

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

/* ---- reading ---- */

struct reading_people {
	struct people *out;
	struct arena *arena;
};

static struct str text_of(const struct reading_people *r, const struct state *state, enum field code)
{
	const struct value *value = record_get(&state->record, code);

	return value && value->kind == VALUE_TEXT ? arena_str(r->arena, value->as.text) : STR_NONE;
}

static int take(void *context, const struct state *state, struct err *err)
{
	struct reading_people *r = context;
	struct people *out = r->out;

	(void)err;
	ARENA_PUSH(r->arena, out->items, out->count, out->capacity);
	out->items[out->count++] =
		(struct colleague){ text_of(r, state, FIELD_NAME), arena_str(r->arena, state->record.key),
				    text_of(r, state, FIELD_MANAGER), text_of(r, state, FIELD_ROLE),
				    text_of(r, state, FIELD_EMAIL) };
	return 0;
}

int people_read(struct people *out, struct book *book, struct arena *arena, struct err *err)
{
	struct reading reading = READING_ALL;
	struct reading_people r = { out, arena };

	*out = (struct people){ .count = 0 };
	return book_states(book, OBJECT_PERSON, &reading, take, &r, err);
}

/* ---- asking ---- */

static const struct colleague *find(const struct people *people, struct str who)
{
	for (size_t i = 0; who.len && i < people->count; i++)
		if (str_eq(people->items[i].name, who) || str_eq(people->items[i].key, who))
			return &people->items[i];
	return NULL;
}

struct str people_manager_of(const struct people *people, struct str who)
{
	const struct colleague *colleague = find(people, who);

	return colleague ? colleague->manager : STR_NONE;
}

struct str people_role_of(const struct people *people, struct str who)
{
	const struct colleague *colleague = find(people, who);

	return colleague ? colleague->role : STR_NONE;
}

struct str people_email_of(const struct people *people, struct str who)
{
	const struct colleague *colleague = find(people, who);

	return colleague ? colleague->email : STR_NONE;
}

static void add(struct names *names, size_t *capacity, struct str name, struct arena *arena)
{
	if (!name.len || names_have(names, name))
		return;
	ARENA_PUSH(arena, names->items, names->count, *capacity);
	names->items[names->count++] = name;
}

struct names people_managers(const struct people *people, const struct agreement *agreement, struct arena *arena)
{
	struct names names = { NULL, 0 };
	size_t capacity = 0;

	for (int party = 0; agreement && party < PARTY__COUNT; party++)
		for (size_t i = 0; i < agreement->parties[party].signs.count; i++)
			add(&names, &capacity, agreement->parties[party].signs.items[i], arena);
	for (size_t i = 0; i < people->count; i++)
		add(&names, &capacity, people->items[i].manager, arena);
	return names;
}
