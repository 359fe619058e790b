/* How often something may be done: so many at once, then one every so often, each key by itself, however many there are. */
#include <stdio.h>

#include "serve/limiter.h"
#include "tap.h"

int main(void)
{
	struct limiter *limiter = limiter_new((struct limiter_rate){ .at_once = 3, .every_ms = 1000 });
	int64_t now = INT64_C(1772697600000), wait_ms;
	char key[64], out[64];
	int taken = 0;

	for (int i = 0; i < 5; i++)
		taken += limiter_take(limiter, STR("a"), now, &wait_ms);
	ok(taken == 3 && wait_ms == 1000, "three at once, then a second each");
	ok(limiter_take(limiter, STR("b"), now, &wait_ms), "another key is another matter");
	ok(!limiter_take(limiter, STR("a"), now + 999, &wait_ms) && wait_ms == 1, "not a moment before");
	ok(limiter_take(limiter, STR("a"), now + 1000, &wait_ms), "then one");
	ok(!limiter_take(limiter, STR("a"), now + 1000, &wait_ms), "and no more");
	limiter_give_back(limiter, STR("a"));
	ok(limiter_take(limiter, STR("a"), now + 1000, &wait_ms), "what is given back did not count");
	while (limiter_take(limiter, STR("c"), now + INT64_C(86400000), &wait_ms))
		;
	ok(!limiter_take(limiter, STR("c"), now, &wait_ms) && wait_ms == 1000,
	   "where the clock was put back by a day nobody waits for a day");
	ok(limiter_take(limiter, STR("c"), now + 1000, &wait_ms), "but as long as anybody");
	for (int i = 0; i < 200000; i++) {
		snprintf(key, sizeof(key), "key %d", i);
		if (!limiter_take(limiter, str_of(key), now + 1000, &wait_ms))
			break;
		taken = i + 1;
	}
	is_int(taken, 200000, "many keys get in each other's way by forgetting alone");
	is_str(limiter_address("2001:db8:1:2:3:4:5:6", out).at, "2001:0db8:0001:0002::", "of IPv6 the network counts");
	is_str(limiter_address("192.0.2.7", out).at, "192.0.2.7", "of IPv4 the address");
	is_str(limiter_address("unix", out).at, "unix", "a Unix socket is one place");
	limiter_free(limiter);
	return done();
}
