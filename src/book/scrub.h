/* Removing a person's rows from files outside the book (rejected rows): CSV, by what is known of the person. */
#ifndef BOOK_SCRUB_H
#define BOOK_SCRUB_H

#include <stdbool.h>
#include "base/arena.h"
#include "base/str.h"

struct scrub_words {
	struct arena *arena;
	struct scrub_word *items;
	size_t count, capacity;
};

enum scrub_result {
	SCRUB_CLEAN, /* nothing of the person was in it */
	SCRUB_DONE,  /* rows were taken out */
	SCRUB_UNREACHABLE,
};

void scrub_init(struct scrub_words *words, struct arena *arena);
void scrub_text(struct scrub_words *words, struct str text);    /* anywhere in the row, in any case of letters */
void scrub_phone(struct scrub_words *words, struct str digits); /* a cell of these digits */
void scrub_key(struct scrub_words *words, struct str key);      /* a cell that is exactly this */
void scrub_names(struct scrub_words *words, struct str first, struct str last); /* both in one row */
/* `look`: only says what it would do. */
enum scrub_result scrub_file(const char *path, const struct scrub_words *words, bool look);

#endif
