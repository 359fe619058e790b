/* Many callers, one thread that writes: group commit.
 *
 * A caller offers a decision (one record, or a few that go in together or not at all) and sleeps until it is durable. The thread
 * commits whatever is waiting as soon as the commit before has returned, having put it together meanwhile; it never waits for more, and
 * sleeps when there is nothing.
 * The queue is bounded: callers wait for room. Decisions go in in the order in which they were offered.
 *
 * When the disk is full, or a write fails, those who wait get the error, nothing of theirs is in the book, and the next are tried
 * anew. When the disk does not confirm what was written (fsync), the process ends: see disk_lost in files.h.
 */
#ifndef BOOK_WRITER_H
#define BOOK_WRITER_H

#include "book/book.h"

struct writer;

struct writer_counts {
	uint64_t decisions, records, commits;
};

/* Takes over `book`, opened for writing and outside a transaction: until writer_close nobody else may use it. */
int writer_open(struct writer **out, struct book *book, struct err *err);
/* From any thread. Durable when it returns 0; `results` gets one for each record. A negative return: none of them is in the book. */
int writer_append(struct writer *writer, const struct record *records, size_t count,
		  const struct append_context *context, enum append_result *results, struct err *err);
struct writer_counts writer_counts(struct writer *writer);
/* Writes what is still waiting, and gives the book back. Nobody may offer any more. */
void writer_close(struct writer *writer);

#endif
