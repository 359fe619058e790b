#include "desk/erasing.h"

struct str erasing_id(const struct erase_match *match, struct arena *arena)
{
	const char *object = object_plural(match->object);

	return str_of(arena_printf(arena, "%s:%.*s:%.*s", object ? object : object_singular(match->object),
				   STR_ARG(match->source), STR_ARG(match->key)));
}

int erasing_is_of_several(struct book *book, struct str who, const struct erase_match *matches, size_t count,
			  bool *several, struct arena *arena, struct err *err)
{
	struct erase_match *together;
	struct str rest = who;
	size_t found;

	*several = false;
	str_cut(&rest, ':');
	if (count < 2 || str_find(who, "@") >= 0 || str_find(rest, ":") >= 0)
		return 0;
	if (book_find_person(book, erasing_id(&matches[0], arena), &together, &found, arena, err))
		return err->kind;
	*several = found < count;
	return 0;
}
