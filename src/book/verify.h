/* Checks a whole book: the chain, then the fold, then the head that was printed earlier. */
#ifndef BOOK_VERIFY_H
#define BOOK_VERIFY_H

#include "book/book.h"

struct verify_options {
	const struct book_head *expect; /* NULL, or a head printed earlier that must be in the chain */
	void (*progress)(void *context, uint64_t done, uint64_t total);
	void *context;
};

enum verify_fault { VERIFY_SOUND, VERIFY_CHAIN, VERIFY_STATE, VERIFY_HEAD, VERIFY_KEYS, VERIFY_STORAGE };

struct verify_result {
	enum verify_fault fault;
	uint64_t seq;   /* of the first difference */
	char text[512]; /* what differs, for a person */
	uint64_t entries, records;
	uint64_t unfinished_imports;
	struct book_head head;
};

/* 0 when the check itself could be done, whatever it found. Opens the file read-only. */
int book_verify(const char *path, const struct verify_options *options, struct verify_result *result, struct err *err);

#endif
