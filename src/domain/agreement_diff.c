/* What differs between two agreements, in words. */
#include <inttypes.h>

#include "base/table.h"
#include "domain/agreement_terms.h"

/* What names each term: its chapter, subject and what, and which of those named alike it is. */
static struct str *term_names(const struct terms *terms, struct arena *arena)
{
	struct str *names = ARENA_ARRAY(arena, struct str, terms->count);
	struct table alike;

	table_init(&alike);
	for (size_t i = 0; i < terms->count; i++) {
		const struct term *term = &terms->items[i];
		/* No text of an agreement has this character. */
		const char *name =
			arena_printf(arena, "%d\x1F%.*s\x1F%s", term->chapter, STR_ARG(term->subject), term->what);
		bool is_new;
		uint64_t *count = table_put(&alike, str_of(name), &is_new);

		*count = is_new ? 1 : *count + 1;
		names[i] = str_of(arena_printf(arena, "%s\x1F%" PRIu64, name, *count));
	}
	table_release(&alike);
	return names;
}

/* For each of `names` where it stands among `others`; their count where it does not. */
static size_t *find_names(const struct str *names, size_t count, const struct str *others, size_t other_count,
			  struct arena *arena)
{
	size_t *places = ARENA_ARRAY(arena, size_t, count);
	struct table known;
	bool is_new;

	table_init(&known);
	for (size_t i = 0; i < other_count; i++)
		*table_put(&known, others[i], &is_new) = i;
	for (size_t i = 0; i < count; i++) {
		const uint64_t *place = table_get(&known, names[i]);

		places[i] = place ? (size_t)*place : other_count;
	}
	table_release(&known);
	return places;
}

/* The number that a text begins with, and what stands behind it: "8" and " working hours". */
static struct str number_of(struct str text, struct str *behind)
{
	size_t len = 0;

	while (len < text.len && ((text.at[len] >= '0' && text.at[len] <= '9') || text.at[len] == '.'))
		len++;
	*behind = (struct str){ text.at + len, text.len - len };
	return (struct str){ text.at, len };
}

/* Of two numbers of one unit it is said once: "8" where the other is "4 working hours". All else, as "08:00", is said in full. */
static struct str without_unit(struct str text, struct str other)
{
	struct str unit, others, number = number_of(text, &unit);
	bool same = number.len && number_of(other, &others).len && str_eq(unit, others);

	return same && (!unit.len || unit.at[0] == ' ') ? number : text;
}

static struct str name_text(const struct term *term, struct arena *arena)
{
	return str_of(arena_printf(arena, "%.*s%s%s", STR_ARG(term->subject), term->what[0] ? ", " : "", term->what));
}

struct differences {
	struct arena *arena;
	struct term_change *items;
	size_t count, capacity;
};

static void add_change(struct differences *d, enum term_chapter chapter, const char *text)
{
	ARENA_PUSH(d->arena, d->items, d->count, d->capacity);
	d->items[d->count++] = (struct term_change){ chapter, str_of(text) };
}

static void compare_term(struct differences *d, const struct term *from, const struct term *to)
{
	struct str name = name_text(from ? from : to, d->arena);

	if (!from) {
		add_change(d, to->chapter,
			   arena_printf(d->arena, "%.*s: new: %.*s", STR_ARG(name), STR_ARG(to->value)));
	} else if (!to) {
		add_change(d, from->chapter,
			   arena_printf(d->arena, "%.*s: no longer: %.*s", STR_ARG(name), STR_ARG(from->value)));
	} else if (!str_eq(from->value, to->value)) {
		add_change(d, from->chapter,
			   arena_printf(d->arena, "%.*s: %.*s → %.*s", STR_ARG(name),
					STR_ARG(without_unit(from->value, to->value)), STR_ARG(to->value)));
	}
}

/* ---- subjects that are wholly new, gone, or called otherwise ---- */

struct side {
	const struct agreement *agreement;
	struct terms terms;
	struct str *names; /* of the terms */
	struct term_group *groups;
	size_t group_count;
	bool *told; /* by term */
	struct arena *arena;
};

static void side_init(struct side *side, const struct agreement *agreement, struct arena *arena)
{
	*side = (struct side){ .agreement = agreement, .terms = agreement_terms(agreement, arena), .arena = arena };
	side->names = term_names(&side->terms, arena);
	side->groups = term_groups(&side->terms, &side->group_count, arena);
	side->told = ARENA_ARRAY(arena, bool, side->terms.count + 1);
}

static struct str subject_name(const struct term_group *group, struct arena *arena)
{
	return str_of(arena_printf(arena, "%d\x1F%.*s", group->terms->chapter, STR_ARG(group->terms->subject)));
}

static void know_subjects(const struct side *side, struct table *known)
{
	bool is_new;

	table_init(known);
	for (size_t i = 0; i < side->group_count; i++)
		table_put(known, subject_name(&side->groups[i], side->arena), &is_new);
}

/* Of more than one term, and nothing of it on the other side. */
static bool stands_alone(const struct side *side, const struct term_group *group, const struct table *known)
{
	return group->count > 1 && !table_get(known, subject_name(group, side->arena));
}

static struct str group_text(const struct side *side, const struct term_group *group)
{
	const struct agreement *a = side->agreement;
	const char *text = "";

	for (size_t i = 0; group->terms->chapter == TERM_PROMISES && i < a->promise_count; i++)
		if (str_eq(a->promises[i].name, group->terms->subject))
			return promise_sentence(&a->promises[i], side->arena);
	for (size_t i = 0; i < group->count; i++)
		text = arena_printf(side->arena, "%s%s%s%s%.*s", text, i ? "; " : "", group->terms[i].what,
				    group->terms[i].what[0] ? ": " : "", STR_ARG(group->terms[i].value));
	return str_of(text);
}

static bool say_the_same(const struct term_group *a, const struct term_group *b)
{
	if (a->count != b->count || a->terms->chapter != b->terms->chapter)
		return false;
	for (size_t i = 0; i < a->count; i++)
		if (strcmp(a->terms[i].what, b->terms[i].what) != 0 || !str_eq(a->terms[i].value, b->terms[i].value))
			return false;
	return true;
}

static void mark_told(struct side *side, const struct term_group *group)
{
	size_t first = (size_t)(group->terms - side->terms.items);

	for (size_t i = 0; i < group->count; i++)
		side->told[first + i] = true;
}

static bool is_told(const struct side *side, const struct term_group *group)
{
	return side->told[group->terms - side->terms.items];
}

/* One that is gone here, and on the other side under another name. */
static const struct term_group *called_otherwise(const struct term_group *group, const struct side *other,
						 const struct table *known)
{
	for (size_t i = 0; i < other->group_count; i++) {
		const struct term_group *candidate = &other->groups[i];

		if (!is_told(other, candidate) && say_the_same(group, candidate) &&
		    stands_alone(other, candidate, known))
			return candidate;
	}
	return NULL;
}

static void compare_subjects(struct differences *d, struct side *from, struct side *to, enum term_chapter chapter)
{
	struct table before, after;

	know_subjects(from, &before);
	know_subjects(to, &after);
	for (size_t i = 0; i < from->group_count; i++) {
		const struct term_group *group = &from->groups[i], *now;
		struct str subject = group->terms->subject;

		if (group->terms->chapter != chapter || !stands_alone(from, group, &after))
			continue;
		now = called_otherwise(group, to, &before);
		if (now) {
			add_change(d, chapter,
				   arena_printf(d->arena, "%.*s: is now called %.*s", STR_ARG(subject),
						STR_ARG(now->terms->subject)));
			mark_told(to, now);
		} else {
			add_change(d, chapter,
				   arena_printf(d->arena, "%.*s: no longer: %.*s", STR_ARG(subject),
						STR_ARG(group_text(from, group))));
		}
		mark_told(from, group);
	}
	for (size_t i = 0; i < to->group_count; i++) {
		const struct term_group *group = &to->groups[i];

		if (group->terms->chapter != chapter || is_told(to, group) || !stands_alone(to, group, &before))
			continue;
		add_change(d, chapter,
			   arena_printf(d->arena, "%.*s: new: %.*s", STR_ARG(group->terms->subject),
					STR_ARG(group_text(to, group))));
		mark_told(to, group);
	}
	table_release(&before);
	table_release(&after);
}

struct term_change *agreement_diff(const struct agreement *a, const struct agreement *b, size_t *count,
				   struct arena *arena)
{
	struct differences d = { .arena = arena };
	const size_t *kept, *before;
	struct side from, to;

	side_init(&from, a, arena);
	side_init(&to, b, arena);
	kept = find_names(from.names, from.terms.count, to.names, to.terms.count, arena);
	before = find_names(to.names, to.terms.count, from.names, from.terms.count, arena);
	for (int chapter = 0; chapter < TERM_CHAPTER__COUNT; chapter++) {
		compare_subjects(&d, &from, &to, (enum term_chapter)chapter);
		for (size_t i = 0; i < from.terms.count; i++)
			if ((int)from.terms.items[i].chapter == chapter && !from.told[i])
				compare_term(&d, &from.terms.items[i],
					     kept[i] < to.terms.count ? &to.terms.items[kept[i]] : NULL);
		for (size_t i = 0; i < to.terms.count; i++)
			if ((int)to.terms.items[i].chapter == chapter && !to.told[i] && before[i] == from.terms.count)
				compare_term(&d, NULL, &to.terms.items[i]);
	}
	*count = d.count;
	return d.items;
}
