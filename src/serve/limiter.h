/* How often something may be done, for each key (a login, an address): so many at once, then one every so often.
 *
 * In memory, of a fixed size: where more keys come than it holds, those are forgotten that have waited longest, so that nobody can fill it. From any
 * thread.
 */
#ifndef SERVE_LIMITER_H
#define SERVE_LIMITER_H

#include <stdbool.h>
#include <stdint.h>
#include "base/str.h"

struct limiter;

struct limiter_rate {
	unsigned at_once; /* at least 1 */
	int64_t every_ms; /* one more */
};

/* Returns owned. */
struct limiter *limiter_new(struct limiter_rate rate);
void limiter_free(struct limiter *limiter);
/* May it be done once more? False: not before *wait_ms have gone by. */
bool limiter_take(struct limiter *limiter, struct str key, int64_t now_ms, int64_t *wait_ms);
/* It need not have counted: what was asked for was right. */
void limiter_give_back(struct limiter *limiter, struct str key);
/* The key of who asks from there: of IPv6 the network, as everybody has a whole one. In `out`. */
struct str limiter_address(const char *client, char out[64]);

#endif
