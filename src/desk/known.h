/* What the book knows and what it does not, counted from its records: how an import ends. */
#ifndef DESK_KNOWN_H
#define DESK_KNOWN_H

#include "base/arena.h"
#include "book/book.h"
#include "desk/links.h"

struct known {
	struct str *known, *unknown;
	size_t known_count, unknown_count;
};

/* Reads the book once; `targets` are for links_count. */
int known_count(struct book *book, struct known *out, struct link_targets *targets, struct arena *arena,
		struct err *err);

#endif
