/* Refusals as data: what is wrong, where, and what to do. Beside them notes: what was passed over, and refuses nothing. Kept in an arena, in
 * the order found. */
#ifndef BASE_PROBLEM_H
#define BASE_PROBLEM_H

#include <stddef.h>
#include "base/arena.h"
#include "base/str.h"

struct problem {
	struct str file;  /* or the option or request member */
	long line;        /* 1-based, 0 = none */
	long column;      /* 1-based character, 0 = none */
	struct str field; /* column of the file, key of the map; may be empty */
	struct str text;  /* one sentence: what is wrong and what to do */
};

struct problems {
	struct arena *arena; /* borrows */
	struct problem *items;
	size_t count, capacity;
	struct problem *notes;
	size_t note_count, note_capacity;
};

void problems_init(struct problems *problems, struct arena *arena);
void problem_add(struct problems *problems, struct str file, long line, long column, struct str field, const char *fmt,
		 ...) __attribute__((format(printf, 6, 7)));
void problem_note(struct problems *problems, struct str file, long line, long column, const char *fmt, ...)
	__attribute__((format(printf, 5, 6)));

#endif
