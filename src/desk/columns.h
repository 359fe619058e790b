/* The columns snapshot beside the book (facts/snapshot.h), kept by who writes the book or asks first, and looked at by verify. */
#ifndef DESK_COLUMNS_H
#define DESK_COLUMNS_H

#include "facts/facts.h"

/* Makes the snapshot anew where the book has gone on since. `book` is held for writing, outside a transaction. Of `options` the progress
 * counts. Nothing depends on its success but how fast the next question begins. */
int columns_refresh(struct book *book, const struct facts_options *options, struct err *err);

/* Keeps facts that had to be made from the book, or brought up to date, for the next question: where the book is the caller's own, nobody
 * is writing it, and it has not gone on since. For a moment only, while the finished file gets its name, the book is held. `book` is open for reading, and the
 * facts are of all that is known. */
void columns_keep(struct book *book, const struct facts *facts);

/* May they be left to the next command that writes? After an import that fills a book all of it would have to be read again, and often
 * the next file comes right behind it. Until then the next question makes them (columns_keep). */
bool columns_can_wait(uint64_t entries_before, uint64_t entries);

/* Checks the snapshot of an open book against facts that were folded from its entries: `text` says what is wrong with it, and stays empty
 * when nothing is, or there is none. */
void columns_check(struct book *book, const struct facts *folded, char text[1024]);

#endif
