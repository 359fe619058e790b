/* Whom a name can mean: who gets a lead, and who did something. */
#include "desk/lead_desk.h"
#include "desk/people.h"

struct known_people {
	struct arena *arena;
	struct str *items;
	size_t count, capacity;
};

static void know(struct known_people *known, struct str name)
{
	ARENA_PUSH(known->arena, known->items, known->count, known->capacity);
	known->items[known->count++] = name;
}

static void know_column(struct known_people *known, const struct column *names)
{
	for (uint32_t code = 1; code < rows_codes(names); code++)
		know(known, rows_name(names, code));
}

static void know_agreement(struct known_people *known, const struct agreement *agreement)
{
	for (size_t route = 0; route < agreement->route_count; route++) {
		struct pool pool = route_pool(agreement, route, known->arena);

		for (size_t i = 0; i < pool.count; i++)
			know(known, pool.sellers[i].name);
	}
	know(known, agreement->nobody_there);
	for (int party = 0; party < PARTY__COUNT; party++)
		for (size_t i = 0; i < agreement->parties[party].signs.count; i++)
			know(known, agreement->parties[party].signs.items[i]);
}

/* Who is in a team that no route names can do something, too. */
static void know_teams(struct known_people *known, const struct annexes *annexes)
{
	for (size_t team = 0; team < annexes->team_count; team++)
		for (size_t i = 0; i < annexes->teams[team].people.count; i++)
			know(known, annexes->teams[team].people.items[i]);
}

static void know_book(struct known_people *known, const struct lead_desk *desk)
{
	struct str *colleagues;
	size_t count;

	colleagues = rows_team(desk->facts, STR_NONE, &count, known->arena);
	for (size_t i = 0; i < count; i++)
		know(known, colleagues[i]);
	know_column(known, cells_of(desk->facts, FACT_LEADS, "owner"));
	know_column(known, cells_of(desk->facts, FACT_LEADS, "partner"));
}

static bool is_known(const struct known_people *known, struct str who)
{
	for (size_t i = 0; i < known->count; i++)
		if (str_eq(known->items[i], who))
			return true;
	return false;
}

static void say_nobody(const struct known_people *known, const char *option, struct str who, struct problems *problems)
{
	const char **names = ARENA_ARRAY(known->arena, const char *, known->count + 1), *near;

	for (size_t i = 0; i < known->count; i++)
		names[i] = arena_cstr(known->arena, known->items[i]);
	near = str_nearest(who, names, known->count);
	problem_add(problems, str_of(option), 0, 0, STR_NONE,
		    "nobody is called \"%.*s\"%s%s%s: no colleague or partner in the book, nobody who has a lead, and "
		    "nobody whom the agreement names",
		    STR_ARG(who), near ? "; did you mean \"" : "", near ? near : "", near ? "\"?" : "");
}

bool lead_desk_colleague(struct lead_desk *desk, const struct agreement *agreement, struct str who,
			 struct problems *problems)
{
	struct known_people known = { .arena = desk->arena };

	know_book(&known, desk);
	if (agreement)
		know_agreement(&known, agreement);
	if (is_known(&known, who))
		return true;
	say_nobody(&known, "--to", who, problems);
	return false;
}

int lead_desk_known(struct lead_desk *desk, struct str who, struct problems *problems, struct err *err)
{
	struct known_people known = { .arena = desk->arena };
	struct people people;

	know_book(&known, desk);
	for (size_t i = 0; i < desk->agreements.count; i++) {
		know_agreement(&known, desk->agreements.versions[i].agreement);
		know_teams(&known, &desk->agreements.versions[i].agreement->annexes);
	}
	know_teams(&known, &desk->agreements.in_all);
	if (str_is(who, desk->actor) || is_known(&known, who))
		return 0;
	/* Managers stand nowhere else, where they are no colleagues of the book's themselves. */
	if (people_read(&people, desk->book, desk->arena, err))
		return err->kind;
	for (size_t i = 0; i < people.count; i++)
		know(&known, people.items[i].manager);
	if (is_known(&known, who))
		return 0;
	say_nobody(&known, "--by", who, problems);
	return 1;
}
