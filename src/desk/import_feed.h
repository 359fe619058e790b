/* The rows of a file, read (and understood) by a thread of their own, so that whoever wants them works meanwhile. In order, a bounded
 * number ahead. */
#ifndef DESK_IMPORT_FEED_H
#define DESK_IMPORT_FEED_H

#include "base/problem.h"
#include "map/map.h"

struct feed;

/* A row with copies of all it holds. */
struct fed_row {
	enum row_kind kind;
	struct understood row;
	struct csv_row own; /* cells: of bad rows only, where rows are understood */
	struct problems wrong;
};

struct fed_rows {
	struct fed_row *items;
	size_t count;
	uint64_t bytes_read, bytes_total; /* of the file, when the last of them was read */
};

/* From the file's first row on. Without a `reader` rows are not understood: `own` has the cells as they stand. Until feed_close nobody else touches `csv` and `reader`, nor what the reader was given; what its settings
 * call must bear another thread. Borrows. */
int feed_open(struct feed **out, struct reader *reader, struct csv *csv, struct err *err);
/* 1 and rows that stay until the next call, 0 at the end, negative on error. */
int feed_next(struct feed *feed, const struct fed_rows **rows, struct err *err);
/* At any time; the rest is not read. */
void feed_close(struct feed *feed);

#endif
