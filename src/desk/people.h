/* Colleagues, as the book knows them. */
#ifndef DESK_PEOPLE_H
#define DESK_PEOPLE_H

#include "book/book.h"
#include "domain/agreement.h"

/* Who is somebody's manager in the book, and who signs the agreement (NULL: none). In the arena. */
int people_managers(struct names *out, struct book *book, const struct agreement *agreement, struct arena *arena,
		    struct err *err);
/* The manager of one of them; empty: nobody knows. */
int people_manager_of(struct str *out, struct book *book, struct str who, struct arena *arena, struct err *err);

bool names_have(const struct names *names, struct str name);
/* "Anna, Ben", in the arena. */
struct str names_joined(const struct names *names, struct arena *arena);

#endif
