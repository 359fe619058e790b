/* From observations to the record: pure, and the same whatever the order in which the observations arrived.
 *
 * The observations that count, sorted by effective time (ties: the bytes of the clear fields, then the row's match, then the
 * sequence), are laid over each other field by field; the later wins and VALUE_EMPTY clears.
 * An observation's *effective* time is the latest at which its source is known to have said so: its own observed time, or that of a
 * later import that met the same row again. Only the latest matters: of each field the last word wins. */
#ifndef BOOK_FOLD_H
#define BOOK_FOLD_H

#include "book/entry.h"

#define FOLD_VERSION                                                                                                   \
	2 /* raise when the same entries give another state: books are rebuilt when next opened for writing */

struct observation {
	uint64_t seq, import_seq;
	enum object object;
	int64_t observed_ms, effective_ms, recorded_ms;
	bool counts;
	struct record_field
		*fields; /* sorted, the book's own match taken out; what an erased person's key sealed is VALUE_EMPTY */
	size_t count;
	unsigned char match[MATCH_BYTES];
	bool has_match;  /* false when it was sealed for a person who is erased */
	uint64_t person; /* who its match is sealed for; 0 = nobody */
	bool erased;     /* held personal fields of which the key is gone */
};

struct folded {
	struct record_field *fields; /* sorted, VALUE_EMPTY left out */
	size_t count;
	const struct observation *standing; /* the last word; NULL when nothing counts */
	uint64_t first_seq, last_seq, versions, person;
	uint64_t person_seq; /* who said so; 0 = an observation before those that were laid */
	bool erased;
	bool tied; /* nothing but the sequence said which of two came later */
};

/* Sorts `observations` (in place) and merges those that count. */
void fold(enum object object, struct observation *observations, size_t count, struct folded *out, struct arena *arena);
/* The same one by one, for who has them in order: lays one over what stands, which may have come of others before; then takes out what is
 * VALUE_EMPTY. One that comes after all that count needs nothing of them but what they left standing. */
void fold_lay(struct folded *folded, const struct observation *observation, struct arena *arena);
void fold_end(struct folded *folded);
/* Lays `upper` over `lower`; both sorted. */
struct record_field *fold_overlay(const struct record_field *lower, size_t lower_count,
				  const struct record_field *upper, size_t upper_count, size_t *count,
				  struct arena *arena);
/* Sealed for a person, or leading to one. */
bool field_private(enum object object, enum field code);
/* Canonical bytes of the fields that are not private: what erasing a person leaves as it is. */
void clear_write(struct buf *out, enum object object, const struct record_field *fields, size_t count);

#endif
