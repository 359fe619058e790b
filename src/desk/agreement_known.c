#include "desk/agreement_known.h"

#include "base/zone.h"
#include "desk/reasons.h"
#include "facts/cells.h"
#include "facts/facts.h"
#include "facts/rows.h"

/* Names there are, for looking one up and for the nearest. */
struct known_names {
	const char **items;
	size_t count, capacity;
};

struct looking {
	const struct agreement *agreement;
	const struct annexes *annexes;
	const struct facts *facts;
	struct problems *doubts;
	struct str file;
	struct arena *arena;
};

static void add(struct looking *l, struct known_names *known, struct str name)
{
	ARENA_PUSH(l->arena, known->items, known->count, known->capacity);
	known->items[known->count++] = arena_cstr(l->arena, name);
}

static void add_all(struct looking *l, struct known_names *known, const struct names *names)
{
	for (size_t i = 0; i < names->count; i++)
		add(l, known, names->items[i]);
}

static void add_column(struct looking *l, struct known_names *known, enum fact fact, const char *name)
{
	const struct column *column = cells_of(l->facts, fact, name);

	for (uint32_t code = 1; code < rows_codes(column); code++)
		add(l, known, rows_name(column, code));
}

static bool has(const struct known_names *known, struct str name, bool fold)
{
	for (size_t i = 0; i < known->count; i++)
		if (fold ? str_eq_fold(str_of(known->items[i]), name) : str_is(name, known->items[i]))
			return true;
	return false;
}

static void doubt(struct looking *l, struct place at, const char *key, const char *says, const char *near)
{
	problem_add(l->doubts, l->file, at.line, at.column, str_of(key), "%s%s%s%s", says,
		    near ? "; did you mean \"" : "", near ? near : "", near ? "\"?" : "");
}

/* ---- touches and stages: where the book has any ---- */

static const char *listed(struct looking *l, const struct rule_words *words)
{
	const char *list = "";

	for (size_t i = 0; i < words->kind_count; i++)
		list = arena_printf(l->arena, "%s%s%.*s", list, i ? ", " : "", STR_ARG(words->kinds[i]));
	return list;
}

static void look_at_touches(struct looking *l)
{
	const struct rule_words *words = &l->agreement->words_of_rules;
	struct known_names kinds = { .count = 0 };

	add_column(l, &kinds, FACT_TOUCHES, "kind");
	if (words->kind_count && !facts_rows(l->facts, FACT_TOUCHES))
		doubt(l, l->agreement->kind_places[0], "touch",
		      arena_printf(l->arena, "the book has no touches at all: no rule that asks for one (%s) holds",
				   listed(l, words)),
		      NULL);
	for (size_t i = 0; kinds.count && i < words->kind_count; i++)
		if (!has(&kinds, words->kinds[i], true))
			doubt(l, l->agreement->kind_places[i], "touch",
			      arena_printf(l->arena, "no touch in the book is a \"%.*s\"", STR_ARG(words->kinds[i])),
			      str_nearest(words->kinds[i], kinds.items, kinds.count));
}

static void look_at_stages(struct looking *l)
{
	struct known_names stages = { .count = 0 };

	add_column(l, &stages, FACT_STAGE_VISITS, "stage");
	add_column(l, &stages, FACT_OPPORTUNITIES, "stage");
	for (size_t i = 0; stages.count && i < l->agreement->stage_count; i++) {
		const struct agreed_stage *stage = &l->agreement->stages[i];

		if (!has(&stages, stage->name, true))
			doubt(l, stage->place, "stages",
			      arena_printf(l->arena, "no deal in the book was ever in a stage \"%.*s\"",
					   STR_ARG(stage->name)),
			      str_nearest(stage->name, stages.items, stages.count));
	}
}

/* ---- time ---- */

static bool same_time(const char *a, const char *b, int32_t date)
{
	struct zone *zones[2] = { NULL, NULL };
	struct err err = ERR_INIT;
	bool same =
		zone_load(&zones[0], a, &err) || zone_load(&zones[1], b, &err) || zones_agree(zones[0], zones[1], date);

	zone_free(zones[0]);
	zone_free(zones[1]);
	return same;
}

static void look_at_zone(struct looking *l)
{
	const char *book = facts_settings(l->facts)->zone, *own = arena_cstr(l->arena, l->agreement->zone);

	if (!same_time(book, own, l->agreement->in_force))
		doubt(l, l->agreement->zone_place, "time zone",
		      arena_printf(
			      l->arena,
			      "the book tells times and days by %s, so hours are kept by one clock and shown by another; "
			      "a book made with init --zone %s shows them as the agreement has them",
			      book, own),
		      NULL);
}

/* ---- people ---- */

/* Somebody new has no leads yet: only who is called nearly like somebody there is. */
static void look_at_person(struct looking *l, const struct known_names *owners, struct str who, struct place at,
			   const char *key)
{
	const char *near = has(owners, who, false) ? NULL : str_nearest(who, owners->items, owners->count);

	if (near)
		doubt(l, at, key, arena_printf(l->arena, "nobody in the book is called \"%.*s\"", STR_ARG(who)), near);
}

static void look_at_teams(struct looking *l)
{
	struct known_names owners = { .count = 0 };

	add_column(l, &owners, FACT_LEADS, "owner");
	add_column(l, &owners, FACT_OPPORTUNITIES, "owner");
	for (size_t i = 0; owners.count && i < l->agreement->annexes.team_count; i++) {
		const struct agreed_team *team = &l->agreement->annexes.teams[i];

		for (size_t k = 0; k < team->people.count; k++)
			look_at_person(l, &owners, team->people.items[k], team->place, "teams");
	}
}

static void look_at_people(struct looking *l)
{
	struct known_names owners = { .count = 0 };

	add_column(l, &owners, FACT_LEADS, "owner");
	add_column(l, &owners, FACT_OPPORTUNITIES, "owner");
	for (size_t i = 0; owners.count && i < l->agreement->route_count; i++) {
		const struct route *route = &l->agreement->routes[i];

		for (size_t k = 0; k < route->people.count; k++)
			look_at_person(l, &owners, route->people.items[k], route->pool_place, "to");
	}
	if (owners.count && l->agreement->nobody_place.line)
		look_at_person(l, &owners, l->agreement->nobody_there, l->agreement->nobody_place, "nobody there");
}

/* Once it is in force these are refused at the desk; what was said before stays. */
static void look_at_reasons(struct looking *l)
{
	struct reasons reasons;

	reasons_init(&reasons, l->agreement);
	reasons_see_facts(&reasons, l->facts);
	for (int of = 0; of < REASON_OF__COUNT; of++) {
		struct str says = reasons_sentence(&reasons, (enum reason_of)of, l->arena);

		if (says.len)
			doubt(l, (struct place){ 0, 0 }, "reasons",
			      arena_printf(l->arena, "in the book %.*s", STR_ARG(says)), NULL);
	}
	reasons_release(&reasons);
}

/* Without a book owners and partners of leads are not known. */
static bool knows_all(const struct looking *l)
{
	for (size_t i = 0; i < l->agreement->route_count; i++)
		if (l->agreement->routes[i].pool == POOL_OWNER || l->agreement->routes[i].pool == POOL_PARTNER)
			return facts_rows(l->facts, FACT_LEADS) > 0;
	return true;
}

/* An absence of who gets no leads anyway changes nothing. */
static void look_at_absences(struct looking *l)
{
	const struct agreement *a = l->agreement;
	struct known_names all = { .count = 0 };

	add_column(l, &all, FACT_LEADS, "owner");
	add_column(l, &all, FACT_OPPORTUNITIES, "owner");
	add_column(l, &all, FACT_LEADS, "partner");
	for (size_t i = 0; i < a->route_count; i++)
		add_all(l, &all, &a->routes[i].people);
	for (size_t i = 0; i < a->annexes.team_count; i++)
		add_all(l, &all, &a->annexes.teams[i].people);
	for (size_t i = 0; i < l->annexes->team_count; i++)
		add_all(l, &all, &l->annexes->teams[i].people);
	add(l, &all, a->nobody_there);
	for (size_t i = 0; i < a->annexes.absence_count; i++) {
		const struct absence *absence = &a->annexes.absences[i];
		const char *near = str_nearest(absence->who, all.items, all.count);

		if (!has(&all, absence->who, false) && (near || knows_all(l)))
			doubt(l, absence->place, "who",
			      arena_printf(l->arena, "no lead goes to \"%.*s\": no route names them and no team",
					   STR_ARG(absence->who)),
			      near);
	}
}

void agreement_known(const struct agreement *agreement, const char *file, const struct annexes *annexes,
		     const struct facts *facts, struct problems *doubts, struct arena *arena)
{
	struct looking l = { agreement, annexes, facts, doubts, str_of(file), arena };

	look_at_absences(&l);
	if (!facts_rows(facts, FACT_LEADS))
		return;
	look_at_zone(&l);
	look_at_touches(&l);
	look_at_stages(&l);
	look_at_people(&l);
	look_at_teams(&l);
	look_at_reasons(&l);
}

void annexes_known(const struct annexes *said, const char *file, const struct agreement *agreement,
		   const struct facts *facts, struct problems *doubts, struct arena *arena)
{
	struct agreement with = *agreement;
	struct looking l = { &with, &agreement->annexes, facts, doubts, str_of(file), arena };

	with.annexes = *said;
	look_at_absences(&l);
	look_at_teams(&l);
}
