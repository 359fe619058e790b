/* The journal: who came in, whose rights were changed, what was taken out. Entries of the chain like all others, so that none can be taken
 * away unseen; no fact follows from them.
 *
 * It names accounts by their login, and neither addresses of machines nor anything of customers: entries never go away.
 */
#ifndef BOOK_JOURNAL_H
#define BOOK_JOURNAL_H

#include "book/book.h"

/* Written into entries: never renumber. */
enum journal_kind {
	JOURNAL_SIGN_IN = 1,
	JOURNAL_RIGHTS = 2, /* an account was made, changed or closed; a password, second factor or token */
	JOURNAL_EXPORT = 3, /* rows left the book in bulk */
	JOURNAL_KIND__COUNT
};

const char *journal_kind_name(enum journal_kind kind); /* "sign-in", "rights", "export" */

struct journal_note {
	int64_t number; /* counted where it was noted first, so that it is written once */
	int64_t at_ms;  /* when it happened */
	enum journal_kind kind;
	struct str who;   /* did it: login of an account, or the operating-system user */
	struct str about; /* login of the account it is about; may be empty */
	struct str text;  /* what, in words */
};

struct journal_line {
	uint64_t seq; /* of the entry */
	struct journal_note note;
};

/* Within a transaction. */
int book_journal_add(struct book *book, const struct journal_note *note, int64_t now_ms, struct err *err);
/* Before entry `before`, newest first, at most so many. In the arena. */
int book_journal_read(struct book *book, uint64_t before, size_t most, struct journal_line **out, size_t *count,
		      struct arena *arena, struct err *err);

#endif
