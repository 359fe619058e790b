#include "domain/agreement_sense.h"

#include <math.h>

struct sense {
	const struct agreement *a;
	struct problems *problems, *doubts;
	struct str file;
};

#define NEVER(s, at, key, ...) problem_add((s)->problems, (s)->file, (at).line, (at).column, str_of(key), __VA_ARGS__)
#define DOUBT(s, at, key, ...) problem_add((s)->doubts, (s)->file, (at).line, (at).column, str_of(key), __VA_ARGS__)

/* YAML refuses the same key twice; who reads aloud hears no capital letters. */
static void check_spelling(struct sense *s, struct str a, struct str b, struct place at, const char *key)
{
	if (str_eq_fold(a, b))
		NEVER(s, at, key, "\"%.*s\" and \"%.*s\" differ in capital letters only; give one another name",
		      STR_ARG(a), STR_ARG(b));
}

/* ---- people ---- */

static bool among(const struct names *names, struct str name, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (str_eq(names->items[i], name))
			return true;
	return false;
}

static void check_twice(struct sense *s, const struct names *names, struct place at, const char *key)
{
	for (size_t i = 1; i < names->count; i++)
		if (among(names, names->items[i], i))
			NEVER(s, at, key, "\"%.*s\" stands here twice; take one away", STR_ARG(names->items[i]));
}

static void check_people(struct sense *s)
{
	const struct agreement_party *marketing = &s->a->parties[PARTY_MARKETING], *sales = &s->a->parties[PARTY_SALES];

	for (int party = 0; party < PARTY__COUNT; party++)
		check_twice(s, &s->a->parties[party].signs, s->a->parties[party].place, "signs");
	for (size_t i = 0; i < sales->signs.count; i++)
		if (among(&marketing->signs, sales->signs.items[i], marketing->signs.count))
			DOUBT(s, sales->place, "signs", "%.*s signs for marketing, too: who holds whom to it?",
			      STR_ARG(sales->signs.items[i]));
	for (size_t i = 0; i < s->a->annexes.team_count; i++)
		check_twice(s, &s->a->annexes.teams[i].people, s->a->annexes.teams[i].place, "teams");
}

/* ---- lead types and their bars ---- */

static void check_types(struct sense *s)
{
	const struct lead_type *types = s->a->types;

	for (size_t i = 1; i < s->a->type_count; i++)
		for (size_t k = 0; k < i; k++) {
			check_spelling(s, types[k].name, types[i].name, types[i].when_place, "lead types");
			if (!rule_covers(&types[k].when, &types[i].when))
				continue;
			NEVER(s, types[i].when_place, "when",
			      "no lead is \"%.*s\": \"%.*s\" stands above and takes every lead for which this holds",
			      STR_ARG(types[i].name), STR_ARG(types[k].name));
			break;
		}
}

/* In hundredths, as scores are added up: of fractions a sum of doubles misses the bar by a hair. */
static double hundredths(double points)
{
	return round(points * 100);
}

/* The points of a lead of which everything is true that can be; INFINITY where touches add up without end. */
static double most_points(const struct scoring *scoring)
{
	double most = 0;

	for (size_t i = 0; i < scoring->fit_count; i++)
		most += hundredths(scoring->fit[i].points);
	for (size_t i = 0; i < scoring->engagement_count; i++)
		if (scoring->engagement[i].points > 0)
			most += scoring->engagement[i].most > 0 ? hundredths(scoring->engagement[i].most) : INFINITY;
	for (int bant = 0; bant < BANT__COUNT; bant++)
		most += hundredths(scoring->answers[bant]);
	return most / 100;
}

static void check_bars(struct sense *s)
{
	double most = most_points(&s->a->scoring);

	for (size_t i = 0; i < s->a->type_count; i++) {
		const struct lead_type *type = &s->a->types[i];

		if (type->at_once || type->bar <= most)
			continue;
		if (most > 0)
			NEVER(s, type->bar_place, "hand over",
			      "no lead reaches %g points: all that \"score\" gives is %g together", type->bar, most);
		else
			NEVER(s, type->bar_place, "hand over",
			      "no lead reaches %g points: \"score\" gives none; write for what, or \"at once\" here",
			      type->bar);
	}
}

/* Where points fade, such a cap is how long a touch counts in full. */
static void check_caps(struct sense *s)
{
	if (s->a->scoring.half_life_ms)
		return;
	for (size_t i = 0; i < s->a->scoring.engagement_count; i++) {
		const struct engagement_points *line = &s->a->scoring.engagement[i];

		if (line->most > 0 && line->most < line->points)
			NEVER(s, line->place, "no more than",
			      "one touch gives %g points, and no more than %g count: nobody ever gets the %g",
			      line->points, line->most, line->points);
	}
}

/* ---- routes ---- */

/* A partner who does not keep its promises is passed over, and a later route decides. */
static bool always_serves(const struct agreement *a, const struct route *route)
{
	for (size_t i = 0; route->pool == POOL_PARTNER && i < a->promise_count; i++)
		if (a->promises[i].no_new_leads)
			return false;
	return true;
}

static void check_routes(struct sense *s)
{
	const struct route *routes = s->a->routes;

	for (size_t i = 0; i < s->a->route_count; i++) {
		check_twice(s, &routes[i].people, routes[i].pool_place, "to");
		for (size_t k = 0; k < i; k++)
			if (routes[k].when.root && routes[i].when.root && always_serves(s->a, &routes[k]) &&
			    rule_covers(&routes[k].when, &routes[i].when)) {
				NEVER(s, routes[i].place, "route",
				      "no lead comes here: the route in line %d takes all for which this holds",
				      routes[k].place.line);
				break;
			}
	}
}

static bool goes_to_partners(const struct agreement *a)
{
	for (size_t i = 0; i < a->route_count; i++)
		if (a->routes[i].pool == POOL_PARTNER)
			return true;
	return false;
}

/* ---- promises ---- */

/* How far in a lead's life; what contacts bring may come at any time. Only so can it be told what never follows. */
enum { ANY_TIME = -1, ENDED = 6 };

static int how_far(enum lead_event event)
{
	static const int far[EVENT__COUNT] = {
		[EVENT_CREATED] = 0,
		[EVENT_PREQUALIFIED] = 1,
		[EVENT_QUALIFIED] = 2,
		[EVENT_HANDED_OFF] = 3,
		[EVENT_FIRST_RESPONSE] = ANY_TIME,
		[EVENT_REACHED] = ANY_TIME,
		[EVENT_WORKING] = ANY_TIME,
		[EVENT_ACCEPTED] = 4,
		[EVENT_REJECTED] = ENDED,
		[EVENT_DISQUALIFIED] = ENDED,
		[EVENT_OPTED_OUT] = ANY_TIME,
		[EVENT_OPPORTUNITY] = 5,
		[EVENT_WON] = ENDED,
		[EVENT_LOST] = ENDED,
		[EVENT_DISCONTINUED] = ENDED,
	};

	return far[event];
}

static bool may_follow(enum lead_event from, enum lead_event until)
{
	if (until == EVENT_CREATED)
		return false;
	return how_far(from) == ANY_TIME || how_far(until) == ANY_TIME || how_far(until) > how_far(from);
}

static void check_clock(struct sense *s, const struct promise_def *promise)
{
	enum lead_event wrong = EVENT__COUNT;

	for (int event = 0; event < EVENT__COUNT; event++) {
		if (!(promise->until >> event & 1))
			continue;
		if (may_follow(promise->from, (enum lead_event)event))
			return;
		wrong = (enum lead_event)event;
	}
	if (wrong == EVENT__COUNT)
		return;
	NEVER(s, promise->until_place, "until", "\"%s\" never comes after \"%s\": nothing stops this clock",
	      lead_event_name(wrong), lead_event_name(promise->from));
}

static bool stops(const struct promise_def *promise, enum lead_event event)
{
	return promise->until >> event & 1;
}

/* A lead gets one answer: of what may be said instead of another, nothing may be forgotten. */
static bool forgets_answers(const struct promise_def *promise)
{
	return (stops(promise, EVENT_ACCEPTED) || stops(promise, EVENT_REJECTED)) &&
	       !stops(promise, EVENT_DISQUALIFIED) && may_follow(promise->from, EVENT_DISQUALIFIED);
}

/* Who wants no contact is not to be contacted. */
static bool forgets_opting_out(const struct promise_def *promise)
{
	bool contact = stops(promise, EVENT_FIRST_RESPONSE) || stops(promise, EVENT_REACHED);

	return contact && (promise->party == PARTY_SALES || promise->party == PARTY_PARTNER) &&
	       promise->from != EVENT_OPTED_OUT && !stops(promise, EVENT_OPTED_OUT);
}

static void check_forgotten(struct sense *s, const struct promise_def *promise)
{
	bool disqualified = forgets_answers(promise), opted_out = forgets_opting_out(promise);
	bool rejected = disqualified && !stops(promise, EVENT_REJECTED);

	if (!disqualified && !opted_out)
		return;
	DOUBT(s, promise->until_place, "until",
	      "a lead that %s%s%s meanwhile does not stop this clock: it runs on, and the promise is broken; "
	      "unless that is meant, add \"%s%s%s\"",
	      rejected       ? "is rejected or disqualified"
	      : disqualified ? "is disqualified"
			     : "",
	      disqualified && opted_out ? " or " : "", opted_out ? "opts out" : "", rejected ? "or rejected " : "",
	      disqualified ? "or disqualified" : "",
	      !opted_out      ? ""
	      : !disqualified ? "or opted_out"
			      : " or opted_out");
}

/* Who stands higher is told later, or at the same time. */
static void check_ladder(struct sense *s, const struct promise_def *promise)
{
	for (size_t i = 1; i < promise->rungs; i++) {
		struct allowance below = promise->ladder[i - 1].later, above = promise->ladder[i].later;

		if (below.amount && (!above.amount || (above.kind == below.kind && above.amount < below.amount)))
			NEVER(s, promise->ladder_place, "when broken tell",
			      "the %s is told before the %s; who stands higher is told later",
			      rung_name(promise->ladder[i].who), rung_name(promise->ladder[i - 1].who));
	}
}

static void check_number(struct sense *s, const struct promise_def *promise)
{
	if (!(promise->at_least > 0))
		NEVER(s, promise->at_least_place, "at least", "a promise of nothing is always kept; write 1 or more");
	if (promise->keep.each != EVERY_NONE && promise->keep.each < promise->every)
		NEVER(s, promise->keep_place, "keep",
		      "a number for each %s falls due once a %s; a share of them is kept over a longer time, not each %s",
		      every_name(promise->every), every_name(promise->every), every_name(promise->keep.each));
}

static void check_promises(struct sense *s)
{
	for (size_t i = 0; i < s->a->promise_count; i++) {
		const struct promise_def *promise = &s->a->promises[i];

		for (size_t k = 0; k < i; k++)
			check_spelling(s, s->a->promises[k].name, promise->name, promise->place, "promises");
		if (!(promise->at_risk > 0))
			NEVER(s, promise->place, "at risk", "at 0 %% it is at risk from the first minute; write more");
		if (promise->kind == PROMISE_VOLUME)
			check_number(s, promise);
		else
			check_clock(s, promise);
		check_forgotten(s, promise);
		check_ladder(s, promise);
		if (promise->party == PARTY_PARTNER && !goes_to_partners(s->a))
			DOUBT(s, promise->place, "party",
			      "no route gives a lead to a partner, so only those have this clock whose partner stands in the data; "
			      "a route is {when: \"partner is set\", to: partner}");
	}
}

/* ---- stages, numbers, pay ---- */

static void check_stages(struct sense *s)
{
	for (size_t i = 0; i < s->a->stage_count; i++)
		for (size_t k = 0; k < i; k++)
			check_spelling(s, s->a->stages[k].name, s->a->stages[i].name, s->a->stages[i].place, "stages");
}

static void check_kpis(struct sense *s)
{
	for (size_t i = 0; i < s->a->kpi_count; i++) {
		for (size_t k = 0; k < i; k++)
			check_spelling(s, s->a->kpis[k].name, s->a->kpis[i].name, s->a->kpis[i].measure_place, "kpis");
		for (int party = 0; party < PARTY__COUNT; party++)
			if (s->a->kpis[i].owned_by[party] && !s->a->parties[party].named)
				NEVER(s, s->a->kpis[i].owners_place, "owners",
				      "%s is no party of this agreement; name it under \"between\"",
				      party_name((enum party)party));
	}
}

static void check_pay(struct sense *s)
{
	const struct pay *pay = &s->a->pay;

	if (pay->team_share > 0 && !pay->team_kpis.count)
		NEVER(s, pay->share_place, "team share",
		      "on which numbers does it hang? Name them under \"team kpis\"");
	if (pay->team_kpis.count && !(pay->team_share > 0))
		NEVER(s, pay->kpis_place, "team kpis",
		      "nothing hangs on them: say how much of variable pay under \"team share\", as in 30 %%");
	if (pay->from > 0 && pay->up_to > 0 && pay->from > pay->up_to)
		NEVER(s, pay->from_place, "pays from",
		      "it pays from %g %% of the target and up to %g %%: between them is nothing", pay->from * 100,
		      pay->up_to * 100);
}

void agreement_sense(const struct agreement *agreement, const char *file, struct problems *problems,
		     struct problems *doubts)
{
	struct sense s = { agreement, problems, doubts, str_of(file) };

	check_people(&s);
	check_types(&s);
	check_bars(&s);
	check_caps(&s);
	check_routes(&s);
	check_promises(&s);
	check_stages(&s);
	check_kpis(&s);
	check_pay(&s);
}
