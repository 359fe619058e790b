/* The journal inside the server (desk/accounts.h): what was noted is taken over into the book soon after.
 *
 * One thread, which is told when there is something, and looks now and then besides, as commands note things too.
 */
#ifndef SERVE_JOURNAL_H
#define SERVE_JOURNAL_H

#include "serve/call.h"

struct journal;

/* Returns owned. */
int journal_open(struct journal **out, struct server *server, struct err *err);
/* Takes over what is left. */
void journal_close(struct journal *journal);
/* Something was noted. From any thread. */
void journal_wake(struct journal *journal);

/* Who asks takes rows out in bulk: noted before it is answered. False after saying that it cannot be. */
bool journal_export(struct call *call, const char *what);

#endif
