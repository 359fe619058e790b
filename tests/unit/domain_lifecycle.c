#include "domain/lifecycle.h"

#include "tap.h"

/* A million random steps; what may follow what is said here once more, in words of its own. */

static uint64_t random_state = 7;

static uint64_t next_random(void)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 7;
	random_state ^= random_state << 17;
	return random_state;
}

static bool ended(enum life life)
{
	return life == LIFE_WON || life == LIFE_LOST || life == LIFE_DISCONTINUED || life == LIFE_DISQUALIFIED;
}

/* How far along a lead is; steps forward only rise. */
static int height(enum life life)
{
	static const int heights[LIFE__COUNT] = { 0, 1, 2, 3, 4, 5, 6, 7, 7, 7, 7 };

	return heights[life];
}

static bool goes_back(enum life_step step)
{
	return step == STEP_REJECT || step == STEP_REOPEN || step == STEP_FALL_BELOW;
}

static const char *broken_rule(struct lifecycle before, enum life_step step, bool taken, struct lifecycle after)
{
	bool same = before.life == after.life && before.on_hold == after.on_hold && before.episode == after.episode;

	if (!taken)
		return same ? NULL : "a refused step changes nothing";
	if (after.life >= LIFE__COUNT)
		return "there is no such state";
	if (ended(before.life) && step != STEP_REOPEN)
		return "only reopening leaves an end";
	if (before.life == LIFE_WON)
		return "won stays won";
	if (ended(after.life) && after.on_hold)
		return "nothing that ended is on hold";
	if (step == STEP_HOLD || step == STEP_RESUME)
		return before.life == after.life && before.on_hold != after.on_hold ? NULL : "hold stands beside";
	if (after.episode != before.episode + (step == STEP_REJECT || step == STEP_REOPEN))
		return "an episode begins with rejecting or reopening, and with nothing else";
	if (goes_back(step))
		return after.life == LIFE_NURTURING ? NULL : "back is back to nurture";
	return height(after.life) > height(before.life) ? NULL : "a step forward rises";
}

int main(void)
{
	struct lifecycle lead = LIFECYCLE_INIT;
	unsigned seen = 0, wrong = 0;
	const char *first = NULL;

	for (int i = 0; i < 1000000; i++) {
		enum life_step step = (enum life_step)(next_random() % STEP__COUNT);
		struct lifecycle before = lead;
		bool taken = lifecycle_step(&lead, step);
		const char *broken = broken_rule(before, step, taken, lead);

		seen |= 1u << lead.life;
		if (broken && !wrong++) {
			first = broken;
			note("%s: %s from %s to %s", broken, life_step_name(step), life_name(before.life),
			     life_name(lead.life));
		}
		/* Won is the end; begin with another lead. */
		if (next_random() % 64 == 0)
			lead = LIFECYCLE_INIT;
	}
	is_int(wrong, 0, "a million random steps keep the rules%s%s", first ? ": " : "", first ? first : "");
	is_int(seen, (1u << LIFE__COUNT) - 1, "every state was reached");

	lead = LIFECYCLE_INIT;
	ok(lifecycle_step(&lead, STEP_ACCEPT), "a lead that sales found begins at accepted");
	ok(!lifecycle_step(&lead, STEP_HAND_OFF), "and is not handed over any more");
	ok(lifecycle_step(&lead, STEP_REJECT) && lead.episode == 2 && lead.life == LIFE_NURTURING,
	   "rejected: recycled");
	ok(life_open(lead.life) && !life_open(LIFE_DISQUALIFIED), "nurture is open, disqualified is not");
	return done();
}
