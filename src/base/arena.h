/* An arena: memory that is given back all at once.
 *
 * arena_init; arena_alloc …; arena_reset or arena_release. Never returns NULL. Blocks are zeroed.
 * Pointers stay valid until arena_reset or arena_release.
 */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <stdarg.h>
#include <stddef.h>
#include "base/str.h"

struct arena_block;

struct arena {
	struct arena_block *block; /* newest first */
	size_t total_bytes;
};

void arena_init(struct arena *arena);
void arena_release(struct arena *arena);
void arena_reset(struct arena *arena); /* keeps the newest block for reuse */

void *arena_alloc(struct arena *arena, size_t size);                    /* zeroed, aligned for any type */
void *arena_array(struct arena *arena, size_t item_size, size_t count); /* the same for count × item_size bytes */
void *arena_grow(struct arena *arena, void *old, size_t old_size, size_t new_size); /* copies, zeroes the rest */

char *arena_dup(struct arena *arena, const char *text);     /* NUL-terminated copy */
struct str arena_str(struct arena *arena, struct str text); /* copy, also NUL-terminated at .at[len] */
char *arena_cstr(struct arena *arena, struct str text);     /* NUL-terminated copy */
/* A copy as arena_str, A to Z small: of what people write either way, logins and mail addresses. */
struct str arena_lower(struct arena *arena, struct str text);
char *arena_printf(struct arena *arena, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
char *arena_vprintf(struct arena *arena, const char *fmt, va_list args) __attribute__((format(printf, 2, 0)));

#define ARENA_NEW(arena, type) ((type *)arena_alloc((arena), sizeof(type)))
#define ARENA_ARRAY(arena, type, count) ((type *)arena_array((arena), sizeof(type), (count)))

/* Makes room for one more item in an array kept in an arena: `items`, `count`, `capacity` are lvalues. */
#define ARENA_PUSH(arena, items, count, capacity)                                                                      \
	((count) < (capacity) ? (void)0                                                                                \
			      : ((items) = arena_grow((arena), (items), sizeof(*(items)) * (capacity),                 \
						      sizeof(*(items)) * ((capacity) ? (capacity)*2 : 8)),             \
				 (capacity) = (capacity) ? (capacity)*2 : 8, (void)0))

#endif
