#include "domain/score.h"

#include <math.h>

/* Lines go to where they are wanted, or only their sum is kept. */
struct counting {
	struct score_line *lines; /* NULL: only the sum */
	size_t count;
	int64_t points;
};

static int64_t hundredths(double points)
{
	return llround(points * 100);
}

static void add_line(struct counting *c, struct score_line line)
{
	c->points += line.counted;
	if (c->lines)
		c->lines[c->count++] = line;
}

static void add_fit(struct counting *c, const struct scoring *scoring, const struct lead_view *view, int64_t at_ms)
{
	for (size_t i = 0; i < scoring->fit_count; i++) {
		int64_t points = hundredths(scoring->fit[i].points);

		if (rule_holds(&scoring->fit[i].when, &view->lead, at_ms))
			add_line(c, (struct score_line){ SCORE_FIT, i, at_ms, points, points, points });
	}
}

static int64_t faded(int64_t points, int64_t age_ms, int64_t half_life_ms)
{
	if (!half_life_ms)
		return points;
	return llround((double)points * exp2(-(double)age_ms / (double)half_life_ms));
}

static void add_touches(struct counting *c, const struct scoring *scoring, size_t item, const struct rule_lead *lead,
			int64_t at_ms)
{
	const struct engagement_points *engagement = &scoring->engagement[item];
	int64_t full = hundredths(engagement->points), most = hundredths(engagement->most), counted = 0;

	for (size_t i = lead->touch_count; i-- > 0;) {
		const struct lead_touch *touch = &lead->touches[i];

		if (touch->at_ms > at_ms || touch->kind != engagement->touch)
			continue;

		int64_t left = faded(full, at_ms - touch->at_ms, scoring->half_life_ms);
		int64_t counts = most && counted + left > most ? most - counted : left;

		/* Older ones add nothing either: the cap is reached, or they have faded away. */
		if (!c->lines && (!left || (most && !counts)))
			return;
		counted += counts;
		add_line(c, (struct score_line){ SCORE_TOUCH, item, touch->at_ms, full, left, counts });
	}
}

/* The last answer to the question by then; NULL when there is none. */
static const struct bant_answer *last_answer(const struct lead_view *view, enum bant question, int64_t at_ms)
{
	for (size_t i = view->answer_count; i-- > 0;)
		if (view->answers[i].question == question && view->answers[i].at_ms <= at_ms)
			return &view->answers[i];
	return NULL;
}

static void add_answers(struct counting *c, const struct scoring *scoring, const struct lead_view *view, int64_t at_ms)
{
	for (int question = 0; question < BANT__COUNT; question++) {
		const struct bant_answer *answer = last_answer(view, (enum bant)question, at_ms);
		int64_t points = hundredths(scoring->answers[question]);

		if (answer && answer->said == ANSWER_YES)
			add_line(c, (struct score_line){ SCORE_ANSWER, (size_t)question, answer->at_ms, points, points,
							 points });
	}
}

static void count(struct counting *c, const struct scoring *scoring, const struct lead_view *view, int64_t at_ms)
{
	add_fit(c, scoring, view, at_ms);
	for (size_t i = 0; i < scoring->engagement_count; i++)
		add_touches(c, scoring, i, &view->lead, at_ms);
	add_answers(c, scoring, view, at_ms);
}

int64_t score_points(const struct scoring *scoring, const struct lead_view *view, int64_t at_ms)
{
	struct counting c = { .lines = NULL };

	count(&c, scoring, view, at_ms);
	return c.points;
}

struct score score_explain(const struct scoring *scoring, const struct lead_view *view, int64_t at_ms,
			   struct arena *arena)
{
	/* A kind has one line of points, so each touch makes one line at most. */
	struct counting c = { .lines = ARENA_ARRAY(arena, struct score_line,
						   scoring->fit_count + view->lead.touch_count + BANT__COUNT) };

	count(&c, scoring, view, at_ms);
	return (struct score){ c.points, c.lines, c.count };
}

/* ---- the gate ---- */

static int type_at(const struct agreement *agreement, const struct rule_lead *lead, int64_t at_ms)
{
	for (size_t i = 0; i < agreement->type_count; i++)
		if (rule_holds(&agreement->types[i].when, lead, at_ms))
			return (int)i;
	return -1;
}

struct gate gate_at(const struct agreement *agreement, struct lead_view *view, int64_t at_ms)
{
	struct gate gate = { .outcome = GATE_NO_TYPE, .type = type_at(agreement, &view->lead, at_ms) };

	view->lead.type = gate.type;
	gate.points = score_points(&agreement->scoring, view, at_ms);
	if (gate.type < 0)
		return gate;
	for (gate.missing = 0; gate.missing < agreement->criterion_count; gate.missing++)
		if (!rule_holds(&agreement->criteria[gate.missing].when, &view->lead, at_ms)) {
			gate.outcome = GATE_UNFIT;
			return gate;
		}
	if (!agreement->types[gate.type].at_once)
		gate.bar = hundredths(agreement->types[gate.type].bar);
	gate.outcome = gate.points >= gate.bar ? GATE_PASSES : GATE_BELOW_BAR;
	return gate;
}

int64_t gate_milestone_ms(const struct agreement *agreement, const struct lead_view *view, int64_t after_ms)
{
	int64_t first_ms = EVENT_NEVER;

	for (int event = 0; event < EVENT__COUNT && agreement->gate_events; event++) {
		int64_t at_ms = view->lead.events[event];

		if (agreement->gate_events >> event & 1 && at_ms > after_ms && at_ms < first_ms)
			first_ms = at_ms;
	}
	return first_ms;
}

int64_t gate_passed_ms(const struct agreement *agreement, struct lead_view *view, int64_t from_ms, int64_t to_ms,
		       struct gate *gate)
{
	size_t touch = 0, answer = 0;
	int64_t at_ms = from_ms;

	for (;;) {
		*gate = gate_at(agreement, view, at_ms);
		if (gate->outcome == GATE_PASSES)
			return at_ms;
		while (touch < view->lead.touch_count && view->lead.touches[touch].at_ms <= at_ms)
			touch++;
		while (answer < view->answer_count && view->answers[answer].at_ms <= at_ms)
			answer++;

		int64_t next_ms = gate_milestone_ms(agreement, view, at_ms);

		if (touch < view->lead.touch_count && view->lead.touches[touch].at_ms < next_ms)
			next_ms = view->lead.touches[touch].at_ms;
		if (answer < view->answer_count && view->answers[answer].at_ms < next_ms)
			next_ms = view->answers[answer].at_ms;
		if (next_ms > to_ms || next_ms == EVENT_NEVER)
			return EVENT_NEVER;
		at_ms = next_ms;
	}
}
