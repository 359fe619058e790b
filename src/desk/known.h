/* What the book knows and what it does not, counted from its records: how an import ends. */
#ifndef DESK_KNOWN_H
#define DESK_KNOWN_H

#include "base/arena.h"
#include "base/zone.h"
#include "book/book.h"
#include "desk/links.h"

struct known {
	struct str *known, *unknown;
	size_t known_count, unknown_count;
};

struct counting;

/* Borrows. */
struct counting *counting_new(const struct zone *zone);
void counting_free(struct counting *counting);
/* A record that is new to the book, as it was offered or as the book tells it. */
void counting_see(struct counting *counting, const struct record *record);
/* Counts anew, from all records of the book: for when something else than new records came in. */
int counting_read(struct counting *counting, struct book *book, struct err *err);
/* For links_count. */
const struct link_targets *counting_targets(const struct counting *counting);
/* At the end. `voided`: leads that are tests or duplicates. */
void counting_tell(struct counting *counting, uint64_t voided, struct known *out, struct arena *arena);

#endif
