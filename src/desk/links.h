/* References that lead nowhere: a deal that names a lead which is not in the book. Resolved as facts resolve them: by key within a
 * source, by e-mail address over all sources of the book. */
#ifndef DESK_LINKS_H
#define DESK_LINKS_H

#include "book/book.h"

/* One field of one kind of record of one source. */
struct loose_links {
	enum object object;
	const struct field_def *field;
	struct str source;
	uint64_t named;     /* records that name another one there */
	uint64_t loose;     /* … which is not in the book */
	uint64_t elsewhere; /* … but is, by the same key, under another source */
};

/* What kinds of record there are, and which of them others name by key or address. */
struct link_targets {
	uint64_t have[OBJECT__COUNT];
	bool wanted[OBJECT__COUNT];
};

/* What following them found; in the arena. */
struct links {
	struct loose_links *loose; /* those with something loose */
	size_t count;
	uint64_t voided; /* leads of the book that were found to be tests or duplicates */
};

/* Once for every record of the book. */
void links_targets_see(struct link_targets *targets, const struct record *record);
/* Companies are left out: their names serve without a record. Reads the book only where something is wanted. */
int links_count(struct book *book, const struct link_targets *targets, struct links *out, struct arena *arena,
		struct err *err);

#endif
