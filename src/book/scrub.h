/* Removing a person's rows from files outside the book (rejected rows): CSV, by what tells one person from another: the address, the
 * number, the whole name, the record's key. A city, a title or a deal's name is no reason. Letters are compared without case and accents. */
#ifndef BOOK_SCRUB_H
#define BOOK_SCRUB_H

#include <stdbool.h>
#include "base/arena.h"
#include "base/str.h"
#include "domain/object.h"

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
void scrub_email(struct scrub_words *words, struct str email);  /* anywhere in the row, not as a part of another */
void scrub_phone(struct scrub_words *words, struct str digits); /* a cell of these digits */
void scrub_name(struct scrub_words *words, struct str name);    /* a cell that is exactly this */
void scrub_names(struct scrub_words *words, struct str first, struct str last); /* a cell each */
/* In the key column of a file of such objects; one too long to be a number of something else in any column. */
void scrub_key(struct scrub_words *words, enum object object, struct str key);
/* `object`: what the file's rows are; OBJECT_NONE where nobody knows. `look`: only says what it would do. */
enum scrub_result scrub_file(const char *path, const struct scrub_words *words, enum object object, bool look);

#endif
