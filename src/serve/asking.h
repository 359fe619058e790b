/* The same request sent again: by its Idempotency-Key, for a day. See book/reply.h. */
#ifndef SERVE_ASKING_H
#define SERVE_ASKING_H

#include "book/reply.h"
#include "serve/call.h"

enum { ASKING_HASH_BYTES = 32 };

/* What makes a request the one that came before: who asks for what, by which key; and what it says. */
struct asking {
	bool keyed;
	unsigned char key[REPLY_KEY_BYTES], request[ASKING_HASH_BYTES];
};

/* False after saying that the key is none. */
bool asking_read(struct call *call, struct asking *asking);
/* *again: it was asked before, and is answered. */
int asking_before(struct call *call, const struct asking *asking, struct book *book, bool *again, struct err *err);
/* In the transaction of what was done. */
int asking_keep(struct call *call, const struct asking *asking, struct book *book, struct err *err);

#endif
