/* Forgetting a person: is it one? */
#ifndef DESK_ERASING_H
#define DESK_ERASING_H

#include "book/erase.h"

/* "leads:crm:L17", as book_find_person takes it. */
struct str erasing_id(const struct erase_match *match, struct arena *arena);

/* A name or a number may be several people's; an address or a full record id is one person's, whatever records share it. They are several when
 * not everything found by `who` belongs together with the first record found. */
int erasing_is_of_several(struct book *book, struct str who, const struct erase_match *matches, size_t count,
			  bool *several, struct arena *arena, struct err *err);

#endif
