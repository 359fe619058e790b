/* The clock of the promises inside the server: what falls due is recorded when it falls due (desk/clock.h).
 *
 * One thread. It looks when it begins, which records what broke while nobody served; then whenever something is next to be recorded, when
 * somebody told something, and once a minute besides. It stands at the desk as everybody does, one after another.
 */
#ifndef SERVE_TICKER_H
#define SERVE_TICKER_H

#include <stdbool.h>
#include <stdint.h>
#include "base/err.h"

struct server;
struct ticker;

/* Returns owned. */
int ticker_open(struct ticker **out, struct server *server, struct err *err);
/* Waits until a tick that is under way has ended. */
void ticker_close(struct ticker *ticker);
/* Something was told: promises may run that did not. From any thread. */
void ticker_wake(struct ticker *ticker);
/* Events recorded since it began; ticks that failed. */
void ticker_counts(struct ticker *ticker, uint64_t *recorded, uint64_t *failed);

#endif
