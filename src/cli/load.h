/* Loading the facts that questions are asked of. */
#ifndef CLI_LOAD_H
#define CLI_LOAD_H

#include "cli/command.h"
#include "desk/agreements.h"
#include "facts/facts.h"

struct loaded {
	struct book *book;
	struct facts *facts;
	int64_t known_at_ms; /* --known-at; INT64_MAX: all that is known */
	/* Those of the book or of --agreement, once agreements_asked (judging.h) was called. */
	struct agreements agreements;
	bool agreements_read;
};

/* Opens the book to read, with the hints of open_book, and loads its facts, as known at --known-at where the command has that
 * option, which then is the command's now, with a progress line on a terminal. EXIT_DONE, or the code to return after saying why; then nothing is held. */
enum exit_code load_facts(struct invocation *in, struct loaded *loaded);
/* Facts that had to be made from the book are kept beside it for the next question, where nobody is writing. */
void release_facts(struct loaded *loaded);

/* The same from a book that is open. Returns owned. */
int load_from(struct facts **facts, struct invocation *in, struct book *book, int64_t known_at_ms, struct err *err);

/* From the book's state alone, whatever columns snapshot there is. */
int load_stored(struct facts **facts, struct invocation *in, struct book *book, struct err *err);
/* Makes the columns snapshot anew where the command has changed the book, and closes it. Failing costs only speed: it is said. */
void close_written(struct invocation *in, struct book *book);
/* The same, where the book had `entries_before` when it was opened; after filling it the columns are left for later, which is said. */
void close_filled(struct invocation *in, struct book *book, uint64_t entries_before);

#endif
