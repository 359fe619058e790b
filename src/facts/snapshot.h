/* The columns snapshot: the facts as they stand in memory, in a file beside the book (BOOK.columns), so that they need not be made
 * anew from the book each time. It is derived data: it may be deleted at any time.
 *
 * Put there only by who holds the book: into BOOK.columns.new, fsync, rename (a question that had to read the book writes a nameless file first,
 * and holds the book while it gets its name). It never changes under a reader. A reader who
 * finds an earlier head in it than the book's, one that the chain goes through, takes up what was said since (take_up.h); where that
 * cannot be done, or the head is none of the chain's, the facts are made from the book. There is nothing in it that the facts do not hold: no names or addresses
 * of people; keys that are addresses stand in the book by other names already.
 *
 * Layout. All numbers little-endian (a machine of the other order does without), offsets and lengths 64 bits.
 *
 *   page 0        the header: magic "LOCKSTEP COLUMNS", format, fold and facts versions, a mark of byte order, the file's length, where
 *                 the directory and the hashes stand, the book's head (sequence, hash), BLAKE2b-256 of the hashes, and in the page's
 *                 last 32 bytes BLAKE2b-256 of the rest of the page
 *   page 1 …      sections, each beginning on a page: arrays of values just as they stand in memory, so that they are used where they
 *                 are mapped; the last section is the directory
 *   hashes        BLAKE2b-256 of each 1 MiB of the sections, zeroes between and behind them included; then zeroes to the page's end
 *
 * The directory: settings, hash of the zone's offsets, currencies, stages, colleagues, ties; then for each fact its rows, their sources and numbers, and its columns by
 * name, type, width (packed.h) and, for those from maps, sentence; each with where its values stand. A column in which nothing stands
 * has no sections.
 *
 * A reader believes nothing of which the hash is not right, and even then no length, code or reference beyond its bounds.
 */
#ifndef FACTS_SNAPSHOT_H
#define FACTS_SNAPSHOT_H

#include "facts/facts.h"

#define SNAPSHOT_FORMAT 7
/* Raise when the same book gives other facts than before: snapshots made by an earlier program are then no longer believed.
 * tests/unit/facts_snapshot.c holds a digest that shows it. */
#define FACTS_VERSION 10

enum snapshot_state {
	SNAPSHOT_GOOD,
	SNAPSHOT_ABSENT,
	SNAPSHOT_STALE,   /* of another head of the book */
	SNAPSHOT_OTHER,   /* written by another version, under other rules of the zone, or for another book */
	SNAPSHOT_DAMAGED, /* not what was written */
};

struct snapshot_wanted {
	const struct book_head *head;         /* NULL: whatever it is */
	const struct book_settings *settings; /* NULL: whatever they are */
	int32_t today;                        /* bounds the default as-of day; DATE_NONE = none */
};

/* BOOK.columns, owned (free); NULL for a book that is no file. */
char *snapshot_path(const char *book_path);
/* Does its first page say that it is of this head? A look, no proof of the rest. */
bool snapshot_is_of(const char *path, const struct book_head *head);
/* Is the file a columns snapshot, good or not? */
bool snapshot_is(const char *path);

/* Writes finished facts; replaces what is there once the new file is whole and on the disk. */
int snapshot_write(const struct facts *facts, const char *path, struct err *err);
/* The same in two steps: into a file without a name, which goes when it is closed; then, held for writing, it gets the name. ERR_STATE where
 * the file system has no such files. */
int snapshot_write_nameless(int *fd, const struct facts *facts, const char *path, struct err *err);
int snapshot_name(int fd, const char *path, struct err *err);
/* SNAPSHOT_GOOD gives facts, owned, as facts_load gives them but without the unfinished imports; anything else says `why`. */
enum snapshot_state snapshot_read(struct facts **out, const char *path, const struct snapshot_wanted *wanted,
				  char why[256]);
/* The same from bytes in memory at an address that is a multiple of 4096, which must stay as long as the facts. */
enum snapshot_state snapshot_of_bytes(struct facts **out, const void *bytes, size_t len,
				      const struct snapshot_wanted *wanted, char why[256]);
/* Puts the hashes of an image right whatever stands in it: for tests of what comes behind them. */
void snapshot_forge(void *bytes, size_t len);

#endif
