/* Colleagues, as the book knows them. */
#ifndef DESK_PEOPLE_H
#define DESK_PEOPLE_H

#include "book/book.h"
#include "domain/agreement.h"

struct colleague {
	struct str name, key, manager, role, email; /* manager: by name; may be empty, as role and email */
};

/* All of them, read once: looking one up walks over none of the book. */
struct people {
	struct colleague *items;
	size_t count, capacity;
};

/* In the arena. */
int people_read(struct people *out, struct book *book, struct arena *arena, struct err *err);
/* The manager of who is called so, or has that id; empty: nobody knows. */
struct str people_manager_of(const struct people *people, struct str who);
/* The role of who is called so, or has that id; empty: nobody knows. */
struct str people_role_of(const struct people *people, struct str who);
/* The mail address of who is called so, or has that id; empty: nobody knows. */
struct str people_email_of(const struct people *people, struct str who);
/* Who is somebody's manager, and who signs the agreement (NULL: none). In the arena. */
struct names people_managers(const struct people *people, const struct agreement *agreement, struct arena *arena);

bool names_have(const struct names *names, struct str name);
/* "Anna, Ben", in the arena. */
struct str names_joined(const struct names *names, struct arena *arena);

#endif
