/* Rows taken out of a table of finished facts, and others put in their place: for rows that nothing refers to, and of which nobody knows how
 * many come of a record. Private to src/facts.
 *
 * Nobody may ask meanwhile. What is put in is empty, but for its key.
 */
#ifndef FACTS_SPLICE_H
#define FACTS_SPLICE_H

#include "facts/store.h"

/* At row `at`, `drop` rows go and `insert` come; their keys are those of `keys` from `from` on. */
struct splice {
	uint32_t at, drop, insert, from;
};

/* In ascending order of `at`; they do not overlap. What is dropped is empty already, but for its key (facts_event). */
void splice_rows(struct facts *facts, enum fact fact, const struct splice *items, size_t count,
		 const struct key_list *keys);

#endif
