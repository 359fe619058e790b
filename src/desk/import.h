/* Taking in files: read → understand → match → append, in chunks; good rows go in, bad rows go beside.
 *
 * A file goes in not at all when it cannot be read as a whole, or under `strict` when one row is bad. Interrupted, it leaves whole
 * chunks and stays named as unfinished until the same call completes it; an error says how many rows are in. Reading the same file again changes nothing.
 */
#ifndef DESK_IMPORT_H
#define DESK_IMPORT_H

#include <stdatomic.h>

#include "base/problem.h"
#include "book/book.h"
#include "map/map.h"

#define IMPORT_CHUNK_ROWS 16384
#define IMPORT_MAX_PROBLEMS 100

struct import_options {
	const char *preset;   /* NULL: recognise */
	const char *map_path; /* NULL: preset */
	const char *named;    /* a map's part is chosen as if each file had this name; NULL: by its own */
	const char *advice;   /* where no map is known: what to do; NULL: by the command line */
	enum object as;       /* OBJECT_NONE: the map's own word */
	bool dry_run, strict;
	int64_t exported_at_ms; /* when the files were exported; INT64_MIN: the row's own "modified", else the file's time */
	unsigned date_order; /* date_order_named; 0: the map says, or the cells */
	char mark;           /* mark_named; 0: likewise */
	const char *
		rejects_folder; /* NULL: beside the file; falls back to the book's folder when that cannot be written */
	int64_t now_ms;
	const char *actor;
	/* called between rows now and then; may be NULL */
	void (*progress)(void *context, const char *path, uint64_t bytes, uint64_t total, uint64_t rows);
	void *progress_context;
	const atomic_int *interrupted; /* not 0: end soon, as an error that says how far it came; may be NULL */
};

/* Every row is one of accepted, unchanged, changed, older, superseded, skipped_rows and rejected. */
struct imported_file {
	struct str path, map_name;
	enum object as;
	struct str skipped;  /* why the map leaves it out or, without a map, it is passed over; empty = read */
	bool refused;        /* cannot be read as a whole, or strict: nothing went in; `problems` say why */
	bool resumed;        /* completed an unfinished import */
	uint64_t import_seq; /* 0 when nothing had to be written */
	uint64_t rows;       /* without blank rows and inner headers */
	uint64_t accepted;   /* new records */
	uint64_t unchanged, changed, older, rejected, superseded, skipped_rows;
	uint64_t identical, inner_headers, blank;
	uint64_t vanished; /* records of this source and object that an earlier file had and this one has not */
	/* dry run, of leads: how many of its ids are leads' of another source in the book, and of which one most */
	uint64_t elsewhere;
	struct str elsewhere_source;
	struct str rejected_path;
	const struct mapped_column *columns;
	size_t column_count;
	struct str *notes; /* formats found, look-alikes, rounding: one sentence each */
	size_t note_count;
	struct problems problems; /* first 100; the rest is counted in `rejected` and stands in the rejects file */
	/* dry run: the first rows as understood, one line each */
	struct str *preview;
	size_t preview_rows;
};

struct import_summary {
	struct imported_file *files;
	size_t count;
	bool refused;        /* at least one file was refused */
	struct str *unknown; /* what Lockstep cannot say yet: "no call log: follow-up cannot be judged" */
	size_t unknown_count;
	struct str *known; /* "8,800 opportunities from 2016-10-20 to 2017-12-31, 6,711 of them closed" */
	size_t known_count;
};

/* Under dry_run the book is one of book_open_trial: everything is tried there and rolled back, so that the counts are the true ones. */
int import_files(struct book *book, const char *const *paths, size_t count, const struct import_options *options,
		 struct arena *arena, struct import_summary *summary, struct err *err);

#endif
