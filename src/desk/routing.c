#include "desk/routing.h"

#include <stdlib.h>

/* A person or partner, and how many leads they have open. */
struct holder {
	struct str name;
	int64_t open;
};

/* What a partner on probation owes an answer about, by the promise that its standing goes by. */
struct owing {
	int64_t leads;
	const char *names; /* of the first few */
};

enum { OWED_NAMED = 5 };

struct routing {
	struct lead_desk *desk; /* while it is opened */
	struct arena *arena;    /* of what is kept */
	const struct judge_version *version;
	const struct column *owners, *partners; /* while it is opened */
	struct pool *pools;                     /* by route */
	struct str *names;                      /* of the pools */
	struct holder *holders;
	size_t holder_count, holder_capacity;
	struct standings standings;
	struct owing *owing; /* by partner among the standings */
	/* The lead at hand. */
	struct arena *texts;
	struct str partner, owner;
	struct str passed_over; /* partner whose route does not serve, and why */
};

static struct holder *holder_of(struct routing *r, struct str name)
{
	for (size_t i = 0; i < r->holder_count; i++)
		if (str_eq(r->holders[i].name, name))
			return &r->holders[i];
	ARENA_PUSH(r->arena, r->holders, r->holder_count, r->holder_capacity);
	r->holders[r->holder_count] = (struct holder){ .name = arena_str(r->arena, name) };
	return &r->holders[r->holder_count++];
}

/* ---- how things stand ---- */

static struct str pool_name(const struct route *route, struct arena *arena)
{
	const char *text = "";

	switch (route->pool) {
	case POOL_PARTNER: return STR("partner");
	case POOL_OWNER: return STR("owner");
	case POOL_TEAM: return str_of(arena_printf(arena, "team %.*s", STR_ARG(route->team)));
	default:
		for (size_t i = 0; i < route->people.count; i++)
			text = arena_printf(arena, "%s%s%.*s", text, i ? ", " : "", STR_ARG(route->people.items[i]));
		return str_of(text);
	}
}

struct given {
	int64_t at_ms;
	uint32_t row;
	struct str owner, pool;
};

static int earlier(const void *a, const void *b)
{
	const struct given *x = a, *y = b;

	if (x->at_ms != y->at_ms)
		return x->at_ms < y->at_ms ? -1 : 1;
	return (x->row > y->row) - (x->row < y->row);
}

/* What the pools gave out so far, by time. */
static void take_up_given(struct routing *r)
{
	size_t steps = lead_files_steps(r->desk->files), count = 0;
	struct given *given = must_calloc(steps + 1, sizeof(*given));
	const struct judge_version *v = r->version;

	for (size_t i = 0; i < steps; i++) {
		struct told_step step;
		uint32_t lead;

		if (lead_files_step(r->desk->files, (uint32_t)i, &step, &lead) && step.step == LEAD_STEP_HANDED_OFF &&
		    step.outcome.len)
			given[count++] = (struct given){ step.at_ms, (uint32_t)i, step.owner, step.outcome };
	}
	qsort(given, count, sizeof(*given), earlier);
	for (size_t i = 0; i < count; i++)
		for (size_t route = 0; route < v->agreement->route_count; route++)
			if (str_eq(r->names[route], given[i].pool)) {
				route_given(v->agreement, route, v->calendar, v->zone, &r->pools[route], given[i].owner,
					    given[i].at_ms);
				break;
			}
	free(given);
}

static void count_open(struct routing *r)
{
	uint32_t leads = facts_rows(r->desk->facts, FACT_LEADS), codes = rows_codes(r->owners);
	struct holder *by_code = must_calloc(codes, sizeof(*by_code));
	struct arena arena;

	arena_init(&arena);
	for (uint32_t row = 0; row < leads; row++) {
		uint32_t code = rows_code(r->owners, row);

		arena_reset(&arena);
		if (code && lead_with_sales(r->desk->files, row, &arena))
			by_code[code].open++;
	}
	arena_release(&arena);
	for (uint32_t code = 1; code < codes; code++) {
		struct holder *holder = by_code[code].open ? holder_of(r, rows_name(r->owners, code)) : NULL;

		if (holder)
			holder->open = by_code[code].open;
	}
	free(by_code);
}

static void owes(struct routing *r, struct owing *owing, struct str key)
{
	if (owing->leads < OWED_NAMED)
		owing->names = arena_printf(r->arena, "%s%s%.*s", owing->leads ? owing->names : "",
					    owing->leads ? ", " : "", STR_ARG(key));
	owing->leads++;
}

/* Does it wait for an answer that a partner's standing goes by? */
static bool is_owed(const struct routing *r, uint32_t row, struct arena *arena)
{
	struct judged_lead lead;

	judge_lead(r->desk->judge, row, r->desk->now_ms, &lead, arena);
	for (size_t e = 0; e < lead.count; e++)
		for (size_t i = 0; i < lead.episodes[e].promise_count; i++)
			if (lead.episodes[e].promises[i].promise->no_new_leads &&
			    judge_owed(&lead, &lead.episodes[e], &lead.episodes[e].promises[i].judged))
				return true;
	return false;
}

static const struct partner_standing *on_probation(const struct routing *r, struct str partner)
{
	const struct partner_standing *one = partner.len ? standings_of(&r->standings, partner) : NULL;

	return one && one->standing == STANDING_PROBATION ? one : NULL;
}

static void count_owing(struct routing *r)
{
	uint32_t leads = facts_rows(r->desk->facts, FACT_LEADS);
	bool any = false;
	struct arena arena;

	r->owing = ARENA_ARRAY(r->arena, struct owing, r->standings.count + 1);
	for (size_t i = 0; i <= r->standings.count; i++)
		r->owing[i] = (struct owing){ 0, "" };
	for (size_t i = 0; i < r->standings.count; i++)
		any |= r->standings.items[i].standing == STANDING_PROBATION;
	arena_init(&arena);
	for (uint32_t row = 0; any && row < leads; row++) {
		const struct partner_standing *one = on_probation(r, cell_name(r->partners, row));

		arena_reset(&arena);
		if (one && is_owed(r, row, &arena))
			owes(r, &r->owing[one - r->standings.items],
			     cells_key(r->desk->facts, FACT_LEADS, row, &arena));
	}
	arena_release(&arena);
}

int routing_open(struct routing **out, struct lead_desk *desk, const struct judge_version *version, struct err *err)
{
	size_t routes = version->agreement->route_count;
	struct routing *r = ARENA_NEW(desk->arena, struct routing);

	r->desk = desk;
	r->arena = desk->arena;
	r->version = version;
	r->owners = cells_of(desk->facts, FACT_LEADS, "owner");
	r->partners = cells_of(desk->facts, FACT_LEADS, "partner");
	r->pools = ARENA_ARRAY(desk->arena, struct pool, routes);
	r->names = ARENA_ARRAY(desk->arena, struct str, routes);
	for (size_t i = 0; i < routes; i++) {
		r->pools[i] = route_pool(version->agreement, i, desk->arena);
		r->names[i] = pool_name(&version->agreement->routes[i], desk->arena);
	}
	take_up_given(r);
	count_open(r);
	if (standings_read(&r->standings, desk->book, INT64_MAX, INT64_MAX, desk->arena, err))
		return err->kind;
	count_owing(r);
	*out = r;
	return 0;
}

/* ---- choosing ---- */

static struct pool *pool_of(void *context, const struct agreement *agreement, size_t route)
{
	struct routing *r = context;
	struct pool *pool = &r->pools[route];

	if (agreement->routes[route].pool == POOL_PARTNER)
		pool->sellers[0].name = r->partner;
	if (agreement->routes[route].pool == POOL_OWNER)
		pool->sellers[0].name = r->owner;
	for (size_t i = 0; i < pool->count; i++)
		if (pool->sellers[i].name.len)
			pool->sellers[i].open = holder_of(r, pool->sellers[i].name)->open;
	return pool;
}

/* How many a partner on probation may owe an answer about at a time, by the promise that says so; 0: nothing does. */
static int at_a_time(const struct agreement *agreement)
{
	int most = 0;

	for (size_t i = 0; i < agreement->promise_count; i++)
		if (agreement->promises[i].no_new_leads && agreement->promises[i].back_at_a_time &&
		    (!most || agreement->promises[i].back_at_a_time < most))
			most = agreement->promises[i].back_at_a_time;
	return most;
}

static bool passes_over(struct routing *r, const struct agreement *agreement, size_t route)
{
	const struct partner_standing *standing;
	const struct owing *owing;
	int most = at_a_time(agreement);

	if (agreement->routes[route].pool != POOL_PARTNER)
		return false;
	standing = standings_of(&r->standings, r->partner);
	if (!standing || standing->standing == STANDING_GOOD)
		return false;
	owing = &r->owing[standing - r->standings.items];
	if (standing->standing == STANDING_PROBATION && (!most || owing->leads < most))
		return false;
	r->passed_over = str_of(
		arena_printf(r->texts, "partner %.*s is %s", STR_ARG(r->partner), standing_name(standing->standing)));
	if (standing->standing == STANDING_PROBATION)
		r->passed_over = str_of(arena_printf(
			r->texts, "%.*s, %d at a time, and has still to answer %s%s", STR_ARG(r->passed_over), most,
			owing->names,
			owing->leads > OWED_NAMED
				? arena_printf(r->texts, " and %lld more", (long long)(owing->leads - OWED_NAMED))
				: ""));
	return true;
}

/* The first route whose rule holds and that serves; the last serves always. */
static size_t find_route(struct routing *r, const struct rule_lead *lead, int64_t at_ms)
{
	const struct agreement *agreement = r->version->agreement;
	size_t route = 0;

	while (route + 1 < agreement->route_count &&
	       (!rule_holds(&agreement->routes[route].when, lead, at_ms) || passes_over(r, agreement, route)))
		route++;
	return route;
}

static struct str why(struct routing *r, const struct routed *routed)
{
	static const char *const ways[ROUTE_BY__COUNT] = {
		[ROUTE_ROUND_ROBIN] = "whose turn it was",
		[ROUTE_LEAST_LOADED] = "who has the fewest open",
		[ROUTE_WEIGHTED] = "whose turn it was by weight",
	};
	const struct route *route = &r->version->agreement->routes[routed->route];
	const struct pool *pool = &r->pools[routed->route];
	struct buf text;
	struct str out;

	buf_init(&text, 4096);
	if (r->passed_over.len)
		buf_addf(&text, "%.*s; ", STR_ARG(r->passed_over));
	if (route->when.text.len)
		buf_addf(&text, "%.*s", STR_ARG(route->when.text));
	else
		buf_add_text(&text, r->version->agreement->route_count > 1 ? "no other rule holds" : "the only rule");
	buf_addf(&text, ": %.*s", STR_ARG(r->names[routed->route]));
	if (routed->why == ROUTE_NOBODY_THERE)
		buf_add_text(&text, ", where nobody could take it");
	else if (pool->count > 1)
		buf_addf(&text, ", %s", ways[route->by]);
	if (routed->absent)
		buf_addf(&text, ", %zu absent", routed->absent);
	if (routed->full)
		buf_addf(&text, ", %zu with enough open", routed->full);
	out = arena_str(r->texts, buf_str(&text));
	buf_release(&text);
	return out;
}

void routing_choose(struct routing *routing, const struct routing_lead *whose, const struct rule_lead *lead,
		    int64_t at_ms, struct routing_choice *out, struct arena *arena)
{
	struct routing *r = routing;
	const struct judge_version *v = r->version;
	struct pools pools = { pool_of, r };
	struct routed routed;

	r->texts = arena;
	r->partner = whose->partner;
	r->owner = whose->owner;
	r->passed_over = STR_NONE;
	routed = route_choose(v->agreement, v->calendar, v->zone, find_route(r, lead, at_ms), &pools, at_ms);
	holder_of(r, routed.owner)->open++;
	if (on_probation(r, routed.owner) && str_eq(routed.owner, r->partner))
		owes(r, &r->owing[on_probation(r, routed.owner) - r->standings.items], whose->key);
	out->owner = routed.owner;
	out->pool = routed.why == ROUTE_NOBODY_THERE ? STR("nobody there") : r->names[routed.route];
	out->why = why(r, &routed);
}
