/* The outer form of a columns snapshot: header, blocks and their hashes. Private to src/facts; snapshot.h tells the layout. */
#ifndef FACTS_SNAPSHOT_FILE_H
#define FACTS_SNAPSHOT_FILE_H

#include "base/buf.h"
#include "facts/snapshot.h"

enum { SNAPSHOT_PAGE = 4096, SNAPSHOT_BLOCK = 1 << 20, SNAPSHOT_HASH = 32 };
#define SNAPSHOT_MAGIC "LOCKSTEP COLUMNS"
#define SNAPSHOT_ORDER 0x01020304u
#define SNAPSHOT_DIRECTORY_MAX ((size_t)1 << 28)

struct section {
	uint64_t offset, bytes;
};

struct snapshot_header {
	uint32_t format, fold, facts;
	uint64_t file_bytes;
	struct section directory, hashes;
	struct book_head head;
	unsigned char hash_of_hashes[SNAPSHOT_HASH];
};

static inline uint64_t snapshot_page_end(uint64_t at)
{
	return (at + SNAPSHOT_PAGE - 1) / SNAPSHOT_PAGE * SNAPSHOT_PAGE;
}

/* Writes a whole page. */
void snapshot_header_write(unsigned char page[SNAPSHOT_PAGE], const struct snapshot_header *header);
/* False, saying why, when it is no header, or damaged; versions are the caller's to look at. */
bool snapshot_header_read(struct snapshot_header *header, const void *bytes, size_t len, char why[256]);
/* Is every block what was written? */
bool snapshot_blocks_check(const struct snapshot_header *header, const unsigned char *bytes, char why[256]);
void snapshot_hash(unsigned char out[SNAPSHOT_HASH], const void *bytes, size_t len);

#endif
