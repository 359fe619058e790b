#include "domain/route.h"

static bool agreement_absent(const struct agreement *agreement, struct str who, int32_t date)
{
	const struct annexes *annexes = &agreement->annexes;

	for (size_t i = 0; i < annexes->absence_count; i++)
		if (annexes->absences[i].from <= date && date <= annexes->absences[i].to &&
		    str_eq(annexes->absences[i].who, who))
			return true;
	return false;
}

static struct names people_of(const struct agreement *agreement, const struct route *route)
{
	const struct annexes *annexes = &agreement->annexes;

	for (size_t i = 0; route->pool == POOL_TEAM && i < annexes->team_count; i++)
		if (str_eq(annexes->teams[i].name, route->team))
			return annexes->teams[i].people;
	return route->people;
}

struct pool route_pool(const struct agreement *agreement, size_t route, struct arena *arena)
{
	const struct route *r = &agreement->routes[route];
	struct names people = people_of(agreement, r);
	bool one = r->pool == POOL_PARTNER || r->pool == POOL_OWNER;
	struct pool pool = { .count = one ? 1 : people.count };

	pool.sellers = ARENA_ARRAY(arena, struct seller, pool.count + 1);
	for (size_t i = 0; i < pool.count; i++) {
		pool.sellers[i].weight = r->weights ? r->weights[i] : 1;
		if (!one)
			pool.sellers[i].name = people.items[i];
	}
	return pool;
}

/* ---- choosing ---- */

static bool comes_before(enum route_by by, const struct seller *a, const struct seller *b)
{
	if (by == ROUTE_LEAST_LOADED && a->open != b->open)
		return a->open < b->open;
	if (by == ROUTE_WEIGHTED)
		return a->credit > b->credit;
	return a->last < b->last;
}

static bool can_take(const struct agreement *agreement, const struct route *route, const struct seller *seller,
		     int32_t date, struct routed *out)
{
	if (!seller->name.len || (route->by == ROUTE_WEIGHTED && !(seller->weight > 0)))
		return false;
	if (agreement_absent(agreement, seller->name, date)) {
		out->absent++;
		return false;
	}
	if (route->most_open && seller->open >= route->most_open) {
		out->full++;
		return false;
	}
	return true;
}

/* Each gains its weight, and who is chosen pays for all. */
static void settle(struct pool *pool, struct seller *chosen, double weights)
{
	chosen->credit -= weights;
	chosen->last = ++pool->given;
	chosen->given++;
	chosen->open++;
}

static struct seller *choose(const struct agreement *agreement, const struct route *route, struct pool *pool,
			     int32_t date, struct routed *out)
{
	struct seller *best = NULL;
	double weights = 0;

	for (size_t i = 0; i < pool->count; i++) {
		struct seller *seller = &pool->sellers[i];

		if (!can_take(agreement, route, seller, date, out))
			continue;
		seller->credit += seller->weight;
		weights += seller->weight;
		if (!best || comes_before(route->by, seller, best))
			best = seller;
	}
	if (best)
		settle(pool, best, weights);
	return best;
}

static int32_t day_of(const struct calendar *calendar, const struct zone *zone, int64_t at_ms)
{
	int64_t open_ms = calendar_next_open_ms(calendar, at_ms);

	return zone_date(zone, open_ms == CALENDAR_NEVER ? at_ms : open_ms);
}

void route_given(const struct agreement *agreement, size_t route, const struct calendar *calendar,
		 const struct zone *zone, struct pool *pool, struct str owner, int64_t at_ms)
{
	int32_t date = day_of(calendar, zone, at_ms);
	struct seller *chosen = NULL;
	double weights = 0;

	for (size_t i = 0; i < pool->count && !chosen; i++)
		if (str_eq(pool->sellers[i].name, owner))
			chosen = &pool->sellers[i];
	if (!chosen)
		return;
	for (size_t i = 0; i < pool->count; i++) {
		struct seller *seller = &pool->sellers[i];

		if (seller != chosen && (agreement_absent(agreement, seller->name, date) ||
					 (agreement->routes[route].by == ROUTE_WEIGHTED && !(seller->weight > 0))))
			continue;
		seller->credit += seller->weight;
		weights += seller->weight;
	}
	settle(pool, chosen, weights);
	chosen->open--;
}

size_t route_find(const struct agreement *agreement, const struct rule_lead *lead, int64_t at_ms)
{
	size_t route = 0;

	while (route + 1 < agreement->route_count && !rule_holds(&agreement->routes[route].when, lead, at_ms))
		route++;
	return route;
}

struct routed route_choose(const struct agreement *agreement, const struct calendar *calendar, const struct zone *zone,
			   size_t route, const struct pools *pools, int64_t at_ms)
{
	int32_t date = day_of(calendar, zone, at_ms);
	struct routed out = { .route = route, .why = ROUTE_NOBODY_THERE, .owner = agreement->nobody_there };
	struct pool *pool = pools->pool_of(pools->context, agreement, route);
	struct seller *chosen = pool ? choose(agreement, &agreement->routes[route], pool, date, &out) : NULL;

	if (chosen) {
		out.why = ROUTE_CHOSEN;
		out.owner = chosen->name;
	}
	return out;
}

struct routed route_lead(const struct agreement *agreement, const struct calendar *calendar, const struct zone *zone,
			 const struct rule_lead *lead, const struct pools *pools, int64_t at_ms)
{
	return route_choose(agreement, calendar, zone, route_find(agreement, lead, at_ms), pools, at_ms);
}
