/* Facts of a few records that are in no book yet: their rows as they will stand among those of `like` once they are committed, by themselves.
 *
 * For records to which no other refers yet, and that refer to none but each other; personal fields are not looked at. Colleagues, stages and fields of
 * their own are those of `like`, which must outlive them. Returns owned. */
#ifndef FACTS_NEWCOMERS_H
#define FACTS_NEWCOMERS_H

#include "facts/facts.h"

struct facts *newcomers_facts(const struct facts *like, const struct record *records, size_t count);
void newcomers_free(struct facts *facts);

#endif
