#include "map/map.h"

#include <stdlib.h>
#include "base/buf.h"
#include "base/table.h"

enum {
	MAX_NAMES = 20000, /* of one kind; beyond that it is no list of names */
	MAX_SENTENCES = 20,
};

struct spelling {
	struct str name;
	size_t kind;
	struct str file; /* where it was seen last; none: in the book */
	uint64_t rows;   /* in that file */
	size_t twin;     /* 1 + index of another spelling with the same letters, 0 = none */
};

struct kind {
	struct str name;
	size_t count;
};

struct lookalikes {
	struct arena arena;
	struct table exact;  /* kind byte + name → 1 + index */
	struct table folded; /* kind byte + letters → 1 + index of the newest */
	struct spelling *items;
	size_t count, capacity;
	struct kind kinds[64];
	size_t kind_count;
	struct str file; /* that names are added from; a spelling seen in it has this very text */
};

struct lookalikes *lookalikes_new(void)
{
	struct lookalikes *all = must_calloc(1, sizeof(*all));

	arena_init(&all->arena);
	table_init(&all->exact);
	table_init(&all->folded);
	return all;
}

void lookalikes_free(struct lookalikes *all)
{
	if (!all)
		return;
	arena_release(&all->arena);
	table_release(&all->exact);
	table_release(&all->folded);
	free(all);
}

size_t lookalikes_kind(struct lookalikes *all, struct str name)
{
	for (size_t i = 0; i < all->kind_count; i++)
		if (str_eq(all->kinds[i].name, name))
			return i;
	if (all->kind_count == sizeof(all->kinds) / sizeof(all->kinds[0]))
		return all->kind_count - 1;
	all->kinds[all->kind_count].name = arena_str(&all->arena, name);
	return all->kind_count++;
}

void lookalikes_from(struct lookalikes *all, struct str file)
{
	all->file = arena_str(&all->arena, file);
}

void lookalikes_add(struct lookalikes *all, size_t kind, struct str name)
{
	size_t len;
	char key[258], folded[258];
	struct spelling *spelling;
	uint64_t *at;
	bool is_new;

	if (name.len == 0 || name.len > 256 || all->kinds[kind].count > MAX_NAMES)
		return;
	key[0] = folded[0] = (char)kind;
	memcpy(key + 1, name.at, name.len);
	at = table_put(&all->exact, (struct str){ key, name.len + 1 }, &is_new);
	if (!is_new) {
		spelling = &all->items[*at - 1];
		if (!all->file.len)
			return;
		if (spelling->file.at != all->file.at) {
			spelling->file = all->file;
			spelling->rows = 0;
		}
		spelling->rows++;
		return;
	}
	ARENA_PUSH(&all->arena, all->items, all->count, all->capacity);
	spelling = &all->items[all->count++];
	*spelling = (struct spelling){ arena_str(&all->arena, name), kind, all->file, all->file.len > 0, 0 };
	*at = all->count;
	all->kinds[kind].count++;
	len = str_fold_name(name, folded + 1, 256);
	/* one or two letters say too little */
	if (len < 3)
		return;
	at = table_put(&all->folded, (struct str){ folded, len + 1 }, &is_new);
	if (!is_new)
		spelling->twin = *at;
	*at = all->count;
}

static const char *where(const struct spelling *s, struct str file, struct arena *arena)
{
	if (!s->file.len)
		return "already in the book";
	if (!str_eq(s->file, file))
		return "in an earlier file";
	return arena_printf(arena, "%llu row%s", (unsigned long long)s->rows, s->rows == 1 ? "" : "s");
}

size_t lookalikes_sentences(const struct lookalikes *all, struct str file, struct arena *arena, struct str **sentences)
{
	size_t count = 0, capacity = 0, more = 0;

	*sentences = NULL;
	for (size_t i = 0; i < all->count; i++) {
		const struct spelling *a = &all->items[i], *b = a->twin ? &all->items[a->twin - 1] : NULL;
		const struct spelling *odd, *usual;

		if (!b || (!str_eq(a->file, file) && !str_eq(b->file, file)))
			continue;
		if (count == MAX_SENTENCES) {
			more++;
			continue;
		}
		/* the rarer one of the file, or the one that the book does not know, is the odd one */
		odd = !str_eq(b->file, file) || (str_eq(a->file, file) && a->rows <= b->rows) ? a : b;
		usual = odd == a ? b : a;
		ARENA_PUSH(arena, *sentences, count, capacity);
		(*sentences)[count++] = str_of(arena_printf(
			arena,
			"%.*s: \"%.*s\" (%s) looks like \"%.*s\" (%s). If they are one, add to the map: values: {\"%.*s\": \"%.*s\"}",
			STR_ARG(all->kinds[a->kind].name), STR_ARG(odd->name), where(odd, file, arena),
			STR_ARG(usual->name), where(usual, file, arena), STR_ARG(odd->name), STR_ARG(usual->name)));
	}
	if (more) {
		ARENA_PUSH(arena, *sentences, count, capacity);
		(*sentences)[count++] = str_of(arena_printf(arena, "%zu more pairs of spellings look alike.", more));
	}
	return count;
}
