/* Who would have got the leads that passed: given out one after another, in the order in which they passed, as if each had been handed over
 * at once. A lead keeps its owner busy until it was rejected, disqualified, won, lost or given up in truth; one that never came to sales in truth
 * keeps nobody busy. */
#include <stdlib.h>

#include "base/due_queue.h"
#include "desk/judge_inner.h"
#include "domain/route.h"
#include "facts/judged.h"

struct router {
	const struct judge *judge;
	struct arena arena;
	struct column *would_get;
	const struct column *partner, *owner;
	struct pool **pools;      /* by version, then by route */
	int64_t *open;            /* by code of would_get: leads that keep the person busy */
	size_t people;            /* there is room for */
	uint32_t *holders;        /* by lead: code of who has it */
	struct due_queue closing; /* leads, by when they close */
	uint16_t version;         /* of the lead at hand */
	uint32_t lead;
};

/* ---- who is busy ---- */

static int64_t *open_of(struct router *r, uint32_t code)
{
	if (code >= r->people) {
		size_t more = (size_t)code * 2 + 64;

		r->open = must_realloc(r->open, more * sizeof(*r->open));
		for (size_t i = r->people; i < more; i++)
			r->open[i] = 0;
		r->people = more;
	}
	return &r->open[code];
}

static void close_until(struct router *r, int64_t at_ms)
{
	const struct due_item *next;

	while ((next = due_queue_next(&r->closing)) && next->at_ms <= at_ms) {
		uint32_t lead = next->number;

		--*open_of(r, r->holders[lead]);
		due_queue_remove(&r->closing, lead);
	}
}

static void give(struct router *r, const struct judged_lead_row *row, struct str who)
{
	uint32_t code = judged_code(r->would_get, who);

	judged_set_code(r->would_get, r->lead, code);
	if (row->closed == TIME_UNKNOWN || (row->closed != TIME_NOT_REACHED && row->closed <= row->passed))
		return;
	++*open_of(r, code);
	r->holders[r->lead] = code;
	if (row->closed != TIME_NOT_REACHED)
		due_queue_put(&r->closing, r->lead, (int64_t)row->closed * 1000);
}

/* ---- pools ---- */

/* Those whom the annexes leave open: the colleagues that the book has in the team. */
static void fill_from_book(struct router *r, const struct route *route, struct pool *pool)
{
	struct str *people;

	if (route->pool != POOL_TEAM || pool->count)
		return;
	people = rows_team(r->judge->facts, route->team, &pool->count, &r->arena);
	pool->sellers = ARENA_ARRAY(&r->arena, struct seller, pool->count + 1);
	for (size_t i = 0; i < pool->count; i++)
		pool->sellers[i] = (struct seller){ .name = people[i], .weight = 1 };
}

static struct pool *pool_of(void *context, const struct agreement *agreement, size_t route)
{
	struct router *r = context;
	struct pool *pool = &r->pools[r->version][route];
	enum pool_kind kind = agreement->routes[route].pool;

	if (kind == POOL_PARTNER || kind == POOL_OWNER) {
		const struct column *names = kind == POOL_PARTNER ? r->partner : r->owner;

		pool->sellers[0].name = rows_name(names, rows_code(names, r->lead));
	}
	for (size_t i = 0; i < pool->count; i++)
		pool->sellers[i].open =
			pool->sellers[i].name.len ? *open_of(r, judged_code(r->would_get, pool->sellers[i].name)) : 0;
	return pool;
}

static void make_pools(struct router *r)
{
	const struct judge_terms *terms = &r->judge->terms;

	r->pools = ARENA_ARRAY(&r->arena, struct pool *, terms->count + 1);
	for (size_t v = 0; v < terms->count; v++) {
		const struct agreement *agreement = terms->versions[v].agreement;

		r->pools[v] = ARENA_ARRAY(&r->arena, struct pool, agreement->route_count + 1);
		for (size_t i = 0; i < agreement->route_count; i++) {
			r->pools[v][i] = route_pool(agreement, i, &r->arena);
			fill_from_book(r, &agreement->routes[i], &r->pools[v][i]);
		}
	}
}

/* ---- in order ---- */

struct passing {
	uint32_t passed, lead;
	struct str key;
};

static int by_time(const void *left, const void *right)
{
	const struct passing *a = left, *b = right;

	if (a->passed != b->passed)
		return a->passed < b->passed ? -1 : 1;
	/* Of the same second by their keys, so that the order in which they were recorded plays no part. */
	return str_cmp(a->key, b->key);
}

static struct passing *in_order(struct router *r, const struct judged_lead_row *leads, size_t *count)
{
	struct passing *order = must_alloc(((size_t)judge_leads(r->judge) + 1) * sizeof(*order));
	struct str *keys = rows_keys(r->judge->facts, FACT_LEADS, &r->arena);

	*count = 0;
	for (uint32_t lead = 0; lead < judge_leads(r->judge); lead++)
		if (leads[lead].passed != TIME_NOT_REACHED && leads[lead].passed != TIME_UNKNOWN)
			order[(*count)++] = (struct passing){ leads[lead].passed, lead, keys[lead] };
	if (*count)
		qsort(order, *count, sizeof(*order), by_time);
	return order;
}

static void route_all(struct router *r, const struct judged_lead_row *leads)
{
	struct pools pools = { pool_of, r };
	size_t count;
	struct passing *order = in_order(r, leads, &count);

	for (size_t i = 0; i < count; i++) {
		const struct judged_lead_row *row = &leads[order[i].lead];
		const struct judge_version *version = &r->judge->terms.versions[row->route_version];
		int64_t at_ms = (int64_t)row->passed * 1000;
		struct routed routed;

		r->lead = order[i].lead;
		r->version = row->route_version;
		close_until(r, at_ms);
		routed = route_choose(version->agreement, version->calendar, version->zone, row->route, &pools, at_ms);
		give(r, row, routed.owner);
	}
	free(order);
}

void judge_routes(const struct judge *judge, const struct judged_lead_row *leads)
{
	struct router r = { .judge = judge,
			    .would_get = judged_column(judge->facts, FACT_LEADS, "would_get"),
			    .partner = cells_of(judge->facts, FACT_LEADS, "partner"),
			    .owner = cells_of(judge->facts, FACT_LEADS, "owner") };

	arena_init(&r.arena);
	due_queue_init(&r.closing);
	r.holders = must_calloc((size_t)judge_leads(judge) + 1, sizeof(*r.holders));
	make_pools(&r);
	route_all(&r, leads);
	judged_done(judge->facts, r.would_get);
	due_queue_release(&r.closing);
	free(r.holders);
	free(r.open);
	arena_release(&r.arena);
}
