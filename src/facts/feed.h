/* Facts from records that are told one after another, without a book: for made-up companies too large to be written first.
 *
 * A part is a run of records that refer only to each other, and to records that are fed again in each part (people, stages, companies):
 * what is remembered of a part is forgotten at its end, so that memory holds the columns and one part. The same records in a book give the
 * same facts. Fields that a book would seal are the caller's to leave out.
 */
#ifndef FACTS_FEED_H
#define FACTS_FEED_H

#include "facts/facts.h"

struct feed;

int feed_new(struct feed **out, const struct book_settings *settings, struct err *err);
void feed_free(struct feed *feed); /* without finishing */
/* Copies. A record told again comes before the next of its object. */
void feed_record(struct feed *feed, const struct record *record);
int feed_part(struct feed *feed, struct err *err);
/* Ends it; `out` is owned (facts_free). */
void feed_finish(struct feed *feed, int32_t today, struct facts **out);

#endif
