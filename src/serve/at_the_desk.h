/* Running an endpoint with the desk open: one at a time, what is told in one transaction with the answer to it.
 *
 * With an Idempotency-Key the answer is kept in that transaction for a day. Who sends the same request with the same key again gets the kept
 * answer, and nothing is done; another request with that key is refused. What was refused is not kept: it may be tried again.
 */
#ifndef SERVE_AT_THE_DESK_H
#define SERVE_AT_THE_DESK_H

#include "serve/call.h"

void at_the_desk(struct call *call);

#endif
