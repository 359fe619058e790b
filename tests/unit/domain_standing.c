#include "domain/standing.h"

#include "domain/lead_step.h"
#include "tap.h"

#define DAY INT64_C(86400000)

/* 80 % in 60 days of at least 5; back when all are answered; then until 3 in a row are on time. */
static const struct promise_def feedback = { .keep = { .share = 0.8, .in_days = 60, .of_at_least = 5 },
					     .no_new_leads = true,
					     .back_when_answered = true,
					     .back_at_a_time = 2,
					     .back_in_a_row = 3 };

static struct arena arena;

/* Begun on that day, due five days later, answered `took` days after the beginning; below 0: never. */
static struct standing_case begun(int day, int took)
{
	return (struct standing_case){ day * DAY, (day + 5) * DAY, took < 0 ? EVENT_NEVER : (day + took) * DAY,
				       EVENT_NEVER };
}

static struct standing_history history(const struct standing_case *cases, size_t count, int day)
{
	return standing_judge(&feedback, cases, count, day * DAY, &arena);
}

static void suspended_and_back(void)
{
	struct standing_case cases[12] = { begun(0, 2), begun(1, 2),  begun(2, 2),  begun(3, 2),
					   begun(4, 9), begun(5, -1), begun(6, -1), begun(30, 4) };
	struct standing_history h = history(cases, 7, 9);

	is_int(h.now, STANDING_GOOD, "nothing is late yet");
	h = history(cases, 7, 10);
	ok(h.now == STANDING_GOOD && h.overdue == 1, "one of five is late: 80 %% are kept");
	h = history(cases, 7, 11);
	is_int(h.now, STANDING_SUSPENDED, "two of six are late");
	is_int(h.count, 1, "one change");
	ok(h.changes[0].at_ms == 10 * DAY && h.changes[0].late == 2 && h.changes[0].due == 6,
	   "at the due time of the one too many, with its evidence");

	cases[5].stop_ms = 20 * DAY;
	h = history(cases, 7, 25);
	ok(h.now == STANDING_SUSPENDED && h.overdue == 1, "one of three late ones is not answered");
	cases[6].stop_ms = 22 * DAY;
	h = history(cases, 7, 25);
	ok(h.now == STANDING_PROBATION && h.changes[1].at_ms == 22 * DAY && h.changes[1].late == 3,
	   "all are answered: back on probation, without a new lead");

	cases[8] = begun(31, 1);
	cases[9] = begun(32, 1);
	h = history(cases, 10, 34);
	ok(h.now == STANDING_GOOD && h.changes[2].at_ms == 34 * DAY && h.changes[2].due == 3,
	   "three in a row are on time: good");
	cases[8].stop_ms = 50 * DAY;
	h = history(cases, 10, 60);
	is_int(h.now, STANDING_PROBATION, "a late one begins the row anew");
	is_int(h.row, 0, "at nothing");
	cases[10] = begun(40, 1);
	cases[11] = begun(41, 1);
	is_int(history(cases, 12, 60).row, 2, "and it grows again");

	struct standing_case turned[12];

	for (int i = 0; i < 12; i++)
		turned[i] = cases[11 - i];
	ok(history(turned, 12, 60).count == history(cases, 12, 60).count, "in whatever order they are told");
}

static void what_ended(void)
{
	struct standing_case cases[8] = {
		begun(0, 2), begun(1, 2), begun(2, 2), begun(3, 2), begun(4, -1), begun(5, -1)
	};
	struct standing_history h;

	cases[4].ended_ms = 12 * DAY;
	h = history(cases, 6, 40);
	ok(h.now == STANDING_SUSPENDED && h.overdue == 1, "one of two late ones ended, the other waits for an answer");
	cases[5].ended_ms = 20 * DAY;
	h = history(cases, 6, 20);
	ok(h.now == STANDING_PROBATION && h.count == 2 && h.changes[1].at_ms == 20 * DAY && h.changes[1].late == 2,
	   "what ended counts as answered when it did");
	cases[4].ended_ms = EVENT_UNKNOWN;
	cases[5].ended_ms = 6 * DAY;
	h = history(cases, 6, 9);
	ok(h.now == STANDING_GOOD && h.overdue == 0, "not before it was due");
	is_int(history(cases, 6, 10).now, STANDING_GOOD, "nor at that instant");
	h = history(cases, 6, 11);
	ok(h.now == STANDING_PROBATION && h.count == 2 && h.overdue == 0, "ended before it was due: back at once");
	ok(h.changes[0].to == STANDING_SUSPENDED && h.changes[0].at_ms == 10 * DAY && h.changes[1].at_ms == 10 * DAY &&
		   h.changes[1].late == 2,
	   "with both changes told, in their order");
	cases[5].stop_ms = 30 * DAY;
	is_int(history(cases, 6, 40).count, 2, "answered after the end: the end counts");
}

static void few_and_old(void)
{
	struct standing_case cases[6] = { begun(0, -1), begun(0, -1), begun(0, -1), begun(0, -1) };

	is_int(history(cases, 4, 30).now, STANDING_GOOD, "four of four late: too few to judge");
	cases[4] = begun(100, -1);
	is_int(history(cases, 5, 120).now, STANDING_GOOD, "what fell due long ago does not count");
	is_int(history(cases, 5, 120).overdue, 5, "but is overdue");
	cases[4] = begun(1, -1);
	cases[5] = begun(50, 1);
	is_int(history(cases, 6, 120).now, STANDING_SUSPENDED, "what is kept later takes nothing back");
}

/* 14 of 25 are 56 %, though as doubles the product is a hair more than 14. */
static void just_the_share(void)
{
	struct promise_def promise = feedback;
	struct standing_case cases[25];

	promise.keep.share = 0.56;
	for (int i = 0; i < 25; i++)
		cases[i] = begun(0, i < 14 ? 2 : -1);
	is_int(standing_judge(&promise, cases, 25, 6 * DAY, &arena).now, STANDING_GOOD,
	       "just the agreed share is kept");
	cases[13] = begun(0, -1);
	is_int(standing_judge(&promise, cases, 25, 6 * DAY, &arena).now, STANDING_SUSPENDED, "one fewer is not");
}

static void steps(void)
{
	struct lifecycle life = LIFECYCLE_INIT;
	enum lead_step step;

	ok(!lead_step_follow(&life, LEAD_STEP_REJECTED), "what nobody has handed over nobody rejects");
	ok(!lead_step_follow(&life, LEAD_STEP_WORKING), "or works on");
	ok(lead_step_follow(&life, LEAD_STEP_HANDED_OFF) && !lead_step_follow(&life, LEAD_STEP_HANDED_OFF),
	   "it is handed over once");
	ok(lead_step_follow(&life, LEAD_STEP_WORKING) && life.life == LIFE_HANDED_OFF, "working changes no state");
	ok(lead_step_follow(&life, LEAD_STEP_WAITING) && life.on_hold, "waiting stands beside");
	ok(lead_step_follow(&life, LEAD_STEP_RESUMED) && !life.on_hold, "and ends");
	ok(lead_step_follow(&life, LEAD_STEP_REJECTED) && life.episode == 2 &&
		   lead_step_follow(&life, LEAD_STEP_RECYCLED) && life.episode == 2,
	   "rejecting begins the next episode");
	ok(lead_step_follow(&life, LEAD_STEP_DISQUALIFIED) && !lead_step_follow(&life, LEAD_STEP_ANSWERED),
	   "nothing follows the end");
	ok(lead_step_follow(&life, LEAD_STEP_REOPENED) && life.episode == 3, "but reopening");
	for (int i = 0; i < LEAD_STEP__COUNT; i++)
		ok(lead_step_by_name(str_of(lead_step_name((enum lead_step)i)), &step) && (int)step == i,
		   "%s is known by its name", lead_step_name((enum lead_step)i));
	ok(!lead_step_by_name(STR("handed off"), &step), "others are not");
}

int main(void)
{
	arena_init(&arena);
	suspended_and_back();
	what_ended();
	few_and_old();
	just_the_share();
	steps();
	arena_release(&arena);
	return done();
}
