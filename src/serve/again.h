/* Calls that are run once more a little later, by a thread of their own: there are few workers, and one that waited would keep others waiting
 * whose turn it is. */
#ifndef SERVE_AGAIN_H
#define SERVE_AGAIN_H

#include "serve/call.h"

struct again;

/* Returns owned. */
int again_open(struct again **out, struct server *server, struct err *err);
/* Nobody comes any more; who waits is answered. */
void again_close(struct again *again);
/* By a handler at the desk that has said nothing, as the last it does: it is run anew when the server's clock says call->again_ms. */
void again_later(struct call *call);

#endif
