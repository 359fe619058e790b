/* Forgetting a person: the entry that deletes the key. See keys.h for why that is enough. */
#ifndef BOOK_ERASE_H
#define BOOK_ERASE_H

#include "book/book.h"

/* A record that holds something personal of the person looked for. */
struct erase_match {
	enum object object;
	struct str source, key;
	struct str name, email; /* opened, to show before erasing */
	uint64_t subject;
};

struct erase_report {
	uint64_t people;      /* keys deleted */
	uint64_t records;     /* records that lost personal fields */
	struct str *scrubbed; /* files outside the book from which the person's rows were removed */
	size_t scrubbed_count;
	struct str *unreachable; /* files that could not be reached, and must be dealt with by hand */
	size_t unreachable_count;
};

/* Finds by e-mail address, phone, full name, or "object:source:key" / key. All that share a key or a contact with a match belong. */
int book_find_person(struct book *book, struct str who, struct erase_match **out, size_t *count, struct arena *arena,
		     struct err *err);
/* Deletes the keys of all matches, appends the entry, scrubs what derived data and files hold, and compacts free pages and the
 * log, so that no byte of the person stays. */
int book_erase(struct book *book, const struct erase_match *matches, size_t count, const struct append_context *context,
	       struct erase_report *report, struct arena *arena, struct err *err);
/* For someone whom no record speaks of, because every row of theirs was rejected: takes those rows out of the files of rejected rows.
 * `look`: changes nothing. `report` names the files that hold such rows, and those that could not be read. */
int book_erase_rejected(struct book *book, struct str who, bool look, const struct append_context *context,
			struct erase_report *report, struct arena *arena, struct err *err);

#endif
