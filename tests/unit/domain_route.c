#include "domain/route.h"

#include <stdlib.h>

#include "tap.h"

static const char text[] =
	"agreement: Routes\n"
	"between: {marketing: {signs: [Mia]}, sales: {signs: [Sam]}}\n"
	"in force: 2026-01-05\n"
	"calendar: {time zone: Europe/Berlin, hours: {mon-fri: [\"08:00-12:00\", \"13:00-17:00\"]}}\n"
	"lead types: {any: {when: \"not won\", hand over: at once}}\n"
	"route:\n"
	"  - {when: \"touched(a)\", to: {Ann: 5, Ben: 3, Cid: 2}, by: weighted}\n"
	"  - {when: \"touched(b)\", to: team west, by: least loaded, no more than: 4 open each}\n"
	"  - {when: \"touched(c)\", to: partner}\n"
	"  - {otherwise: [Ann, Ben, Cid]}\n"
	"promises: {}\n"
	"reasons: {reject: [no need]}\n"
	"annexes:\n"
	"  absences: [{who: Ben, from: 2026-01-12, to: 2026-01-13}]\n"
	"  teams: {west: [Dan, Eve]}\n";

enum { ROUTES = 4 };

struct desk {
	struct arena arena;
	struct agreement *agreement;
	struct zone *zone;
	struct calendar *calendar;
	struct pool pools[ROUTES];
	int64_t events[EVENT__COUNT];
	struct lead_touch touch;
	struct rule_lead lead;
};

static struct pool *pool_of(void *context, const struct agreement *agreement, size_t route)
{
	struct desk *desk = context;

	(void)agreement;
	return &desk->pools[route];
}

static void open_desk(struct desk *desk)
{
	struct problems problems;
	struct err err = ERR_INIT;

	arena_init(&desk->arena);
	problems_init(&problems, &desk->arena);
	if (agreement_read(&desk->agreement, str_of(text), "text", &problems, &desk->arena, &err) < 0 ||
	    zone_load(&desk->zone, "Europe/Berlin", &err) < 0) {
		note("%s", err.text);
		exit(1);
	}
	is_int((int64_t)problems.count, 0, "nothing is wrong with the text%s%s", problems.count ? ": " : "",
	       problems.count ? problems.items[0].text.at : "");
	desk->calendar = agreement_calendar(desk->agreement, desk->zone, &desk->arena);
	for (size_t i = 0; i < ROUTES; i++)
		desk->pools[i] = route_pool(desk->agreement, i, &desk->arena);
	for (int i = 0; i < EVENT__COUNT; i++)
		desk->events[i] = EVENT_NEVER;
	desk->lead = (struct rule_lead){ .touches = &desk->touch, .touch_count = 1, .events = desk->events, .type = 0 };
}

static struct routed take(struct desk *desk, const char *kind, const char *local)
{
	struct pools pools = { pool_of, desk };
	bool date_only;
	int64_t at_ms = 0;

	zone_parse(desk->zone, str_of(local), &at_ms, &date_only);
	desk->touch = (struct lead_touch){ at_ms, kind ? rule_kind(&desk->agreement->words_of_rules, str_of(kind))
						       : TOUCH_OTHER };
	return route_lead(desk->agreement, desk->calendar, desk->zone, &desk->lead, &pools, at_ms);
}

static void test_fair(struct desk *desk)
{
	struct seller *turn = desk->pools[3].sellers, *weight = desk->pools[0].sellers;
	int most = 0;

	for (int i = 1; i <= 10000; i++) {
		take(desk, NULL, "2026-01-07T10:00");
		for (int a = 0; a < 3; a++)
			for (int b = 0; b < 3; b++)
				if (abs((int)turn[a].given - (int)turn[b].given) > most)
					most = abs((int)turn[a].given - (int)turn[b].given);
		take(desk, "a", "2026-01-07T10:00");
	}
	is_int(most, 1, "in turn: never more than one apart over 10,000 leads");
	is_int((int64_t)(turn[0].given + turn[1].given + turn[2].given), 10000, "each went to somebody");
	is_int((int64_t)weight[0].given, 5000, "5 of 10");
	is_int((int64_t)weight[1].given, 3000, "3 of 10");
	is_int((int64_t)weight[2].given, 2000, "2 of 10");
}

static void test_absent(struct desk *desk)
{
	struct seller *turn = desk->pools[3].sellers;
	uint64_t ben = turn[1].given;
	struct routed routed = take(desk, NULL, "2026-01-10T03:00");

	is_int((int64_t)routed.absent, 1, "a lead of Saturday is Monday's: Ben is away then");
	for (int i = 0; i < 10; i++)
		take(desk, NULL, "2026-01-13T16:59");
	is_int((int64_t)turn[1].given, (int64_t)ben, "and gets none");
	take(desk, NULL, "2026-01-13T17:00");
	is_int((int64_t)turn[1].given, (int64_t)ben + 1, "after closing it is the next day, and his turn first");
}

static void test_full(struct desk *desk)
{
	struct routed routed;

	for (int i = 0; i < 8; i++) {
		routed = take(desk, "b", "2026-01-07T10:00");
		ok(routed.route == 1 && routed.why == ROUTE_CHOSEN && str_is(routed.owner, i % 2 ? "Eve" : "Dan"),
		   "lead %d goes to who has fewer", i + 1);
	}
	routed = take(desk, "b", "2026-01-07T10:00");
	ok(routed.why == ROUTE_NOBODY_THERE && routed.full == 2 && str_is(routed.owner, "Sam"),
	   "with both full it goes to who signs for sales");
	desk->pools[1].sellers[1].open--;
	routed = take(desk, "b", "2026-01-07T10:00");
	ok(str_is(routed.owner, "Eve"), "who has room again gets the next");
}

static void test_partner(struct desk *desk)
{
	struct routed routed = take(desk, "c", "2026-01-07T10:00");

	ok(routed.route == 2 && routed.why == ROUTE_NOBODY_THERE && routed.owner.len,
	   "a partner nobody named: not lost");
	desk->pools[2].sellers[0].name = STR("Nordwind");
	routed = take(desk, "c", "2026-01-07T10:00");
	ok(str_is(routed.owner, "Nordwind"), "the lead's partner");
}

int main(void)
{
	static struct desk desk;

	open_desk(&desk);
	test_fair(&desk);
	test_absent(&desk);
	test_full(&desk);
	test_partner(&desk);
	zone_free(desk.zone);
	arena_release(&desk.arena);
	return done();
}
