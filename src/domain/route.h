/* Who gets a lead, and why. Pure: the choice follows from the agreement, the lead, and how work stands among the people of a pool.
 *
 * Round robin takes who was given a lead longest ago; least loaded who has the fewest open (then as round robin); weighted who is
 * furthest behind their share (smooth weighted round robin). With everybody there, after any number of leads two people of one pool
 * differ by at most one (round robin), or each is within one lead of their weight.
 * Who is absent on the day of the next opening, or has as many open as the route allows, is passed over.
 */
#ifndef DOMAIN_ROUTE_H
#define DOMAIN_ROUTE_H

#include "domain/agreement.h"

/* How one person stands in one pool. `open` is the caller's count over all pools; the rest is kept by route_lead. */
struct seller {
	struct str name;
	int64_t open;
	double weight;  /* ROUTE_WEIGHTED */
	uint64_t given; /* leads from this pool */
	uint64_t last;  /* the pool's count of leads when the last was given; 0: none yet */
	double credit;  /* ROUTE_WEIGHTED */
};

struct pool {
	struct seller *sellers;
	size_t count;
	uint64_t given; /* leads given out so far */
};

enum route_why {
	ROUTE_CHOSEN,       /* of the pool, as the route says */
	ROUTE_NOBODY_THERE, /* all were absent or full: who the agreement names for that */
};

struct routed {
	size_t route; /* of the agreement's routes */
	enum route_why why;
	struct str owner;    /* never empty */
	size_t absent, full; /* passed over */
};

/* The pools of one agreement: one for each route. `pool_of` gives the people of a route for this lead, those of `partner` and `owner`
 * filled in per lead; it may give none. */
struct pools {
	struct pool *(*pool_of)(void *context, const struct agreement *agreement, size_t route);
	void *context;
};

/* `lead->type` is set. */
struct routed route_lead(const struct agreement *agreement, const struct calendar *calendar, const struct zone *zone,
			 const struct rule_lead *lead, const struct pools *pools, int64_t at_ms);

/* Its two steps: the first route whose rule holds, else the last; and who of its people. */
size_t route_find(const struct agreement *agreement, const struct rule_lead *lead, int64_t at_ms);
struct routed route_choose(const struct agreement *agreement, const struct calendar *calendar, const struct zone *zone,
			   size_t route, const struct pools *pools, int64_t at_ms);

/* Takes up what a pool gave before, one lead after another by time: as if route_lead had just chosen `owner` at that instant. Open counts
 * are the caller's. Nothing where the pool does not have that owner. */
void route_given(const struct agreement *agreement, size_t route, const struct calendar *calendar,
		 const struct zone *zone, struct pool *pool, struct str owner, int64_t at_ms);

/* The people whom a route lists, or those of its team in the annexes; open counts 0. For routes to a partner or the account's owner:
 * one place, to be named. */
struct pool route_pool(const struct agreement *agreement, size_t route, struct arena *arena);

#endif
