/* The book is lent to commands: who would write it while we hold it asks at a socket beside it, BOOK.socket.
 *
 * One command at a time. We wait until nobody does anything with the book, close our book but not its lock, and send the lock's file descriptor, so
 * that the book is held all the while. The command does what it would have done by itself, with its own terminal and files; when its
 * connection ends, however it ended, we open the book anew. Who tells something meanwhile waits for a moment, then is asked to come again
 * (docs/decisions/0019-a-book-that-is-lent.md).
 *
 * Only our own user, or root, is answered.
 */
#ifndef SERVE_LEND_H
#define SERVE_LEND_H

#include <stdbool.h>
#include <stdint.h>
#include "base/err.h"

#define LEND_SOCKET ".socket"

struct book;
struct lend;
struct server;

/* Nothing is lent before lend_start. Returns owned. */
int lend_open(struct lend **out, struct server *server, const char *book_path, struct err *err);
int lend_start(struct lend *lend, struct err *err);
/* Waits for a command that has the book. */
void lend_close(struct lend *lend);
/* Until lend_leave, which must follow, the book is not lent. Waits a moment where it is; false: a command has it still. From any thread. */
bool lend_enter(struct lend *lend);
void lend_leave(struct lend *lend);
/* The book is this thread's until lend_end: to everybody else it is as if it were lent. For what takes long. */
void lend_begin(struct lend *lend);
void lend_end(struct lend *lend);

/* The other side: borrows the book at `path` from the server that holds it, and waits for its turn. *now_ms: the server's time. *lender: what
 * is to be closed when the book is closed; ending the process does. ERR_STATE: nobody lends it. */
int lend_borrow(struct book **out, const char *path, int64_t *now_ms, int *lender, struct err *err);

#endif
