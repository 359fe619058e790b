#include "domain/score.h"

#include <math.h>
#include <stdlib.h>

#include "tap.h"

static const char text[] =
	"agreement: Scores\n"
	"between: {marketing: {signs: [Mia]}, sales: {signs: [Sam]}}\n"
	"in force: 2026-01-05\n"
	"calendar: {time zone: UTC, hours: {mon-fri: [\"08:00-17:00\"]}}\n"
	"lead types:\n"
	"  raiser: {when: \"touched(quote)\", hand over: at once}\n"
	"  engaged: {when: \"touches_in(30 days) >= 2\", hand over: score >= 60}\n"
	"  talked: {when: \"reached and not rejected\", hand over: at once}\n"
	"pre-qualify:\n"
	"  - {ask: is it big, when: \"company_size >= 50\"}\n"
	"  - {ask: is it near, when: \"region = west\"}\n"
	"score:\n"
	"  fit: [{points: 20, when: \"industry = dairy\"}, {points: 10, when: \"company_size >= 200\"}]\n"
	"  engagement: [{points: 25, touch: quote}, {points: 5, touch: webinar, no more than: 12 points}, {halve every: 14 days}]\n"
	"  answers: {budget: 10, need: 15}\n"
	"route: [{otherwise: [Sam]}]\n"
	"promises: {}\n"
	"reasons: {reject: [no need]}\n";

enum { BIG, NEAR, DAIRY, HUGE }; /* leaves in the order met */
#define DAY_MS INT64_C(86400000)

static struct arena arena;
static struct agreement *agreement;
static uint64_t leaves[RULE_MAX_LEAVES / 64];
static int64_t events[EVENT__COUNT];
static struct lead_touch touches[16];
static struct bant_answer answers[8];
static struct lead_view view;

static void clear(void)
{
	leaves[0] = 0;
	for (int i = 0; i < EVENT__COUNT; i++)
		events[i] = EVENT_NEVER;
	view = (struct lead_view){ .lead = { .leaves = leaves, .touches = touches, .events = events, .type = -1 },
				   .answers = answers };
}

static void touch(double day, const char *kind)
{
	touches[view.lead.touch_count++] = (struct lead_touch){ (int64_t)(day * (double)DAY_MS),
								rule_kind(&agreement->words_of_rules, str_of(kind)) };
}

static void answer(int64_t day, enum bant question, enum answer_said said)
{
	answers[view.answer_count++] = (struct bant_answer){ day * DAY_MS, question, said };
}

static void test_lines(void)
{
	struct score score;

	clear();
	leaves[0] = 1u << DAIRY | 1u << BIG;
	touch(0, "webinar");
	touch(14, "webinar");
	touch(20, "other");
	touch(28, "webinar");
	touch(28, "quote");
	answer(1, BANT_BUDGET, ANSWER_YES);
	answer(2, BANT_BUDGET, ANSWER_NO);
	answer(3, BANT_NEED, ANSWER_YES);
	score = score_explain(&agreement->scoring, &view, 28 * DAY_MS, &arena);
	/* 20 dairy; 25 quote; webinars 5 + 2.5 + 1.25 = 8.75; need 15, budget taken back */
	is_int(score.points, 6875, "the sum, by hand");
	is_int((int64_t)score.count, 6, "a line for each reason");
	is_int(score_points(&agreement->scoring, &view, 28 * DAY_MS), score.points, "with lines or without");
	is_int(score_points(&agreement->scoring, &view, DAY_MS), 2000 + 476 + 1000, "on the first day");
	touch(28, "webinar");
	touch(28, "webinar");
	score = score_explain(&agreement->scoring, &view, 28 * DAY_MS, &arena);
	is_int(score.points, 2000 + 2500 + 1200 + 1500, "webinars are worth 12 at most, the newest first");
	is_int(score.lines[4].faded, 500, "the third is worth 5");
	is_int(score.lines[4].counted, 200, "and counts 2");
	is_int(score_points(&agreement->scoring, &view, 42 * DAY_MS), 2000 + 1250 + 938 + 1500, "and halves");
}

static void test_gate(void)
{
	struct gate gate;

	clear();
	is_int(gate_at(agreement, &view, DAY_MS).outcome, GATE_NO_TYPE, "no type without a touch");
	touch(1, "webinar");
	touch(2, "webinar");
	gate = gate_at(agreement, &view, 2 * DAY_MS);
	is_int(gate.outcome, GATE_UNFIT, "two touches: engaged, but not known to be big");
	is_int((int64_t)gate.missing, 0, "that is the first criterion");
	leaves[0] = 1u << BIG | 1u << NEAR | 1u << DAIRY | 1u << HUGE;
	gate = gate_at(agreement, &view, 2 * DAY_MS);
	is_int(gate.outcome, GATE_BELOW_BAR, "fit and below the bar");
	is_int(gate.bar, 6000, "which is 60");
	answer(5, BANT_BUDGET, ANSWER_YES);
	answer(6, BANT_NEED, ANSWER_YES);
	is_int(gate_passed_ms(agreement, &view, DAY_MS, 30 * DAY_MS, &gate), 6 * DAY_MS, "the second answer lifts it");
	is_int(gate_passed_ms(agreement, &view, DAY_MS, 5 * DAY_MS, &gate), EVENT_NEVER, "not before");
	touch(3, "quote");
	is_int(gate_passed_ms(agreement, &view, DAY_MS, 30 * DAY_MS, &gate), 3 * DAY_MS, "a quote lets it through");
	ok(gate.type == 0 && gate.bar == 0, "as a hand-raiser, at once");
}

/* What a rule says of a milestone comes true when that happens, not when something else happens next. */
static void test_milestone(void)
{
	struct gate gate;

	clear();
	leaves[0] = 1u << BIG | 1u << NEAR;
	events[EVENT_REACHED] = 4 * DAY_MS;
	touch(9, "webinar");
	is_int(gate_passed_ms(agreement, &view, DAY_MS, 30 * DAY_MS, &gate), 4 * DAY_MS, "passes when it was reached");
	ok(gate.type == 2, "as one that was talked to");
	is_int(gate_passed_ms(agreement, &view, DAY_MS, 3 * DAY_MS, &gate), EVENT_NEVER, "not before");
	is_int(gate_passed_ms(agreement, &view, 5 * DAY_MS, 30 * DAY_MS, &gate), 5 * DAY_MS, "from later on: at once");
	events[EVENT_REACHED] = EVENT_UNKNOWN;
	is_int(gate_passed_ms(agreement, &view, DAY_MS, 30 * DAY_MS, &gate), DAY_MS, "at a time nobody knows: at once");
	events[EVENT_REACHED] = 4 * DAY_MS;
	events[EVENT_REJECTED] = 4 * DAY_MS;
	is_int(gate_passed_ms(agreement, &view, DAY_MS, 30 * DAY_MS, &gate), EVENT_NEVER,
	       "nor one that was rejected then");
	events[EVENT_REJECTED] = EVENT_NEVER;
	events[EVENT_REACHED] = EVENT_NEVER;
	events[EVENT_ACCEPTED] = 4 * DAY_MS;
	is_int(gate_milestone_ms(agreement, &view, 0), EVENT_NEVER, "a milestone that no rule names is nothing new");
}

/* Whatever a lead did: the lines add up, nothing is below zero, no cap is passed, and points only fall between events. */
static void test_random(void)
{
	long wrong = 0;

	srandom(11);
	for (int round = 0; round < 20000; round++) {
		int64_t at_ms, later, sum = 0, webinars = 0;
		struct score score;

		clear();
		arena_reset(&arena);
		leaves[0] = (uint64_t)random() & 15;
		for (long i = random() % 8, day = 0; i > 0; i--)
			touch((double)(day += random() % 20) + 0.1, random() % 2 ? "webinar" : "quote");
		for (long i = random() % 6, day = 0; i > 0; i--)
			answer(day += random() % 40, (enum bant)(random() % BANT__COUNT),
			       (enum answer_said)(random() % 3));
		at_ms = random() % 200 * DAY_MS;
		score = score_explain(&agreement->scoring, &view, at_ms, &arena);
		for (size_t i = 0; i < score.count; i++) {
			const struct score_line *line = &score.lines[i];

			sum += line->counted;
			webinars += line->kind == SCORE_TOUCH && line->item == 1 ? line->counted : 0;
			wrong += line->counted < 0 || line->counted > line->faded || line->faded > line->full;
		}
		later = score_points(&agreement->scoring, &view, 400 * DAY_MS);
		wrong += sum != score.points || webinars > 1200;
		wrong += score_points(&agreement->scoring, &view, at_ms) != sum;
		wrong += at_ms > 170 * DAY_MS && view.answer_count == 0 && later > score.points;
	}
	is_int(wrong, 0, "20,000 random leads");
}

int main(void)
{
	struct arena whole;
	struct problems problems;
	struct err err = ERR_INIT;

	arena_init(&whole);
	arena_init(&arena);
	problems_init(&problems, &whole);
	if (agreement_read(&agreement, str_of(text), "text", &problems, &whole, &err) < 0 || problems.count) {
		note("%s%s", err.text, problems.count ? problems.items[0].text.at : "");
		return 1;
	}
	for (int i = 0; i < (int)agreement->words_of_rules.leaf_count; i++)
		note("leaf %d: %s", i, agreement->words_of_rules.leaves[i].at);
	test_lines();
	test_gate();
	test_milestone();
	test_random();
	arena_release(&arena);
	arena_release(&whole);
	return done();
}
