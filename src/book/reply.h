/* Answers that are kept, so that who asks for the same thing again gets the same answer and nothing is done twice.
 *
 * They stand beside the entries, in the same file, and come with the same commit; they are no part of the chain and go away after a while.
 * So nothing of a customer may stand in them: erasing does not look here.
 */
#ifndef BOOK_REPLY_H
#define BOOK_REPLY_H

#include "book/book.h"

enum { REPLY_KEY_BYTES = 32, REPLY_MAX = 1 << 18 };

/* Within a transaction. Drops those made before `drop_before_ms`. The key is not there yet. ERR_LIMIT: the answer is too long to be kept. */
int book_reply_keep(struct book *book, const unsigned char key[REPLY_KEY_BYTES], struct str bytes, int64_t now_ms,
		    int64_t drop_before_ms, struct err *err);
/* STR_NONE: there is none. In the arena. */
int book_reply_find(struct book *book, const unsigned char key[REPLY_KEY_BYTES], struct str *bytes, struct arena *arena,
		    struct err *err);

#endif
