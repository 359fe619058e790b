/* Rows that could not be taken in, in a file of their own: line, column and reason, then the row's own cells, so that it can be mended
 * and imported as it is. The book notes where it went before the first row is written there, since rows may be personal. */
#ifndef DESK_REJECTS_H
#define DESK_REJECTS_H

#include "base/buf.h"
#include "base/problem.h"
#include "book/book.h"
#include "io/csv.h"

struct rejects {
	struct arena *arena;
	const struct csv_row *header; /* the row's own columns */
	struct str path;              /* where it goes; empty until the first row */
	struct str instead;           /* why it does not stand beside the file; empty when it does */
	struct buf pending;
	uint64_t rows;
	bool noted, opened;
};

void rejects_init(struct rejects *rejects, const struct csv_row *header, struct arena *arena);
void rejects_release(struct rejects *rejects);
/* Where the rejects of `file` go: `folder`, else beside it, else beside the book. */
void rejects_place(struct rejects *rejects, const char *file, const char *folder, const char *book_path);
void rejects_add(struct rejects *rejects, const struct csv_row *own, const struct problem *reasons, size_t count);
/* Inside the transaction: the book notes the path, once. */
int rejects_note(struct rejects *rejects, struct book *book, const struct append_context *context, struct err *err);
/* After the commit: the rows so far are written. */
int rejects_flush(struct rejects *rejects, struct err *err);
/* No row was rejected: a file that an earlier run of this import left is taken away. True when there was one. */
bool rejects_remove_stale(const struct rejects *rejects);

#endif
