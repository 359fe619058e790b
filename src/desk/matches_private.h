/* The index, between its files. Private to matches*.c. */
#ifndef DESK_MATCHES_PRIVATE_H
#define DESK_MATCHES_PRIVATE_H

#include <pthread.h>
#include <stdatomic.h>

#include "desk/matches.h"

/* By what a lead is found. */
enum block {
	BLOCK_ID,
	BLOCK_EMAIL,
	BLOCK_PHONE,
	BLOCK_NAME,    /* last name, first letter of the first */
	BLOCK_NAMES,   /* first name, beginning of the last */
	BLOCK_COMPANY, /* beginning of the company, first letter of the last name */
	BLOCK__COUNT
};

/* A lead as it is compared; texts are folded. */
struct known {
	struct str source, key, name, email, phone, company, domain;
	uint32_t next[BLOCK__COUNT]; /* the one before of the same block, + 1 */
	bool gone;                   /* another says it now */
};

struct slot {
	uint32_t tag, first; /* first: + 1; 0 = free */
};

struct matches {
	bool beside; /* it is read by a thread */
	struct reading_beside *reading;
	char *path;
	struct book *book; /* NULL: nothing was read yet */
	uint64_t seq;      /* of the head that is known */
	struct known *items;
	size_t count, capacity;
	size_t settled; /* those behind are not committed yet */
	struct slot *slots[BLOCK__COUNT];
	size_t slot_count, used[BLOCK__COUNT];
	struct arena texts;
};

struct reading_beside {
	pthread_t thread;
	struct matches *found; /* the thread's, until done */
	struct err err;
	atomic_bool done, ending;
};

/* 0: it stands in no block of that kind. */
uint64_t known_block(const struct known *known, enum block block);
struct known known_of(const struct match_person *person, struct arena *arena);
/* The latest of that block, + 1; 0: none. */
uint32_t known_first(const struct matches *matches, enum block block, uint64_t hash);
/* NULL: there is none. */
struct known *known_find(const struct matches *matches, struct str source, struct str key);

#endif
