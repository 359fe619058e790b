/* Rows that could not be taken in, in a file of their own: line, column and reason, then the row's own cells, so that it can be mended
 * and imported as it is. The book notes where it went before the first row is written there, since rows may be personal; and what the
 * file then holds, so that one that somebody has changed since (mended, most likely) is never written over: FILE.rejected-2.csv is. */
#ifndef DESK_REJECTS_H
#define DESK_REJECTS_H

#include <sodium.h>

#include "base/buf.h"
#include "base/problem.h"
#include "book/book.h"
#include "io/csv.h"

struct rejects {
	struct arena *arena;
	const struct csv_row *header; /* the row's own columns */
	struct str path;              /* where it goes; empty until the first row */
	struct str instead;           /* why it does not stand beside the file; empty when it does */
	struct str kept;              /* a file that was changed since it was written, and stays; empty: none */
	bool foreign;                 /* … or that this book never wrote */
	struct buf pending;
	crypto_generichash_state hash; /* of what the file holds, and of `hashed` bytes of `pending` */
	size_t hashed;
	uint64_t rows;
	bool noted, opened;
};

void rejects_init(struct rejects *rejects, const struct csv_row *header, struct arena *arena);
void rejects_release(struct rejects *rejects);
/* Where the rejects of `file` go: `folder`, else beside it, else beside the book. */
void rejects_place(struct rejects *rejects, const char *file, const char *folder, const char *book_path);
void rejects_add(struct rejects *rejects, const struct csv_row *own, const struct problem *reasons, size_t count);
/* Inside the transaction: the book notes the path, and what the file will hold. */
int rejects_note(struct rejects *rejects, struct book *book, const struct append_context *context, struct err *err);
/* After the commit: the rows so far are written. */
int rejects_flush(struct rejects *rejects, struct err *err);
/* By its name and its header. */
bool is_rejects_file(const char *path);
/* Is such a file as an import left it, or taken away by one since? */
int rejects_untouched(bool *untouched, const char *path, struct book *book, struct arena *arena, struct err *err);
/* No row was rejected: a file that an earlier run of this import left is taken away. *removed when there was one; one that was changed
 * since stays, and `kept` names it. */
int rejects_remove_stale(struct rejects *rejects, struct book *book, bool *removed, struct err *err);

#endif
