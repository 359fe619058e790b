/* What the writer knows by heart of every record: who it is, and what stands. About 110 bytes a record. */
#ifndef BOOK_INDEX_H
#define BOOK_INDEX_H

#include "book/entry.h"

#define IDENTITY_BYTES 16

struct index_slot {
	unsigned char id[IDENTITY_BYTES]; /* hash of object, source, key */
	unsigned char match[MATCH_BYTES]; /* of the observation that stands */
	bool has_match, erased;
	bool stored;       /* has a row in the table of states */
	uint32_t versions; /* that count */
	uint64_t subject, standing_seq, person;
	int64_t standing_ms;  /* effective */
	uint64_t changed_seq; /* not before this entry: what is stored of the record is durable with it */
};

/* The tag is another part of the identity's hash: most other records are told by it, without a look at their slot. */
struct index_place {
	uint32_t number; /* of the slot, from 1; 0 = free */
	uint32_t tag;
};

struct index {
	struct index_slot *slots;
	struct index_place *places; /* open addressing */
	size_t count, capacity, place_count;
};

void index_init(struct index *index);
void index_release(struct index *index);
void identity_of(enum object object, struct str source, struct str key, unsigned char id[IDENTITY_BYTES]);
struct index_slot *index_find(const struct index *index, const unsigned char id[IDENTITY_BYTES]);
/* Where there is none yet. Valid until the next index_add. */
struct index_slot *index_add(struct index *index, const unsigned char id[IDENTITY_BYTES]);

#endif
