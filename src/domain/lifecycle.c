#include "domain/lifecycle.h"

static const char *const names[LIFE__COUNT] = {
	[LIFE_NEW] = "new",
	[LIFE_PREQUALIFIED] = "prequalified",
	[LIFE_NURTURING] = "nurturing",
	[LIFE_QUALIFIED] = "qualified",
	[LIFE_HANDED_OFF] = "handed over",
	[LIFE_ACCEPTED] = "accepted",
	[LIFE_OPPORTUNITY] = "opportunity",
	[LIFE_WON] = "won",
	[LIFE_LOST] = "lost",
	[LIFE_DISCONTINUED] = "discontinued",
	[LIFE_DISQUALIFIED] = "disqualified",
};

#define FROM(life) (1u << LIFE_##life)
#define FROM_BEFORE_QUALIFIED (FROM(NEW) | FROM(PREQUALIFIED) | FROM(NURTURING))
#define FROM_MARKETING (FROM_BEFORE_QUALIFIED | FROM(QUALIFIED))
#define FROM_SALES (FROM(HANDED_OFF) | FROM(ACCEPTED) | FROM(OPPORTUNITY))
#define FROM_OPEN (FROM_MARKETING | FROM_SALES)

/* A self-generated lead begins at accepted, an imported one anywhere: steps forward may skip. */
static const struct {
	const char *name;
	unsigned from;
	enum life to;
	bool new_episode;
} steps[STEP__COUNT] = {
	[STEP_PREQUALIFY] = { "prequalify", FROM(NEW), LIFE_PREQUALIFIED, false },
	[STEP_NURTURE] = { "nurture", FROM(NEW) | FROM(PREQUALIFIED), LIFE_NURTURING, false },
	[STEP_QUALIFY] = { "qualify", FROM_BEFORE_QUALIFIED, LIFE_QUALIFIED, false },
	[STEP_FALL_BELOW] = { "fall below the bar", FROM(QUALIFIED), LIFE_NURTURING, false },
	[STEP_HAND_OFF] = { "hand over", FROM_MARKETING, LIFE_HANDED_OFF, false },
	[STEP_ACCEPT] = { "accept", FROM_MARKETING | FROM(HANDED_OFF), LIFE_ACCEPTED, false },
	[STEP_REJECT] = { "reject", FROM_SALES, LIFE_NURTURING, true },
	[STEP_DISQUALIFY] = { "disqualify", FROM_OPEN, LIFE_DISQUALIFIED, false },
	[STEP_REOPEN] = { "reopen", FROM(DISQUALIFIED) | FROM(LOST) | FROM(DISCONTINUED), LIFE_NURTURING, true },
	[STEP_OPPORTUNITY] = { "make an opportunity", FROM_MARKETING | FROM(HANDED_OFF) | FROM(ACCEPTED),
			       LIFE_OPPORTUNITY, false },
	[STEP_WIN] = { "win", FROM_OPEN, LIFE_WON, false },
	[STEP_LOSE] = { "lose", FROM_OPEN, LIFE_LOST, false },
	[STEP_DISCONTINUE] = { "discontinue", FROM_OPEN, LIFE_DISCONTINUED, false },
	[STEP_HOLD] = { "put on hold", FROM_OPEN, LIFE_NEW, false },
	[STEP_RESUME] = { "take up again", FROM_OPEN, LIFE_NEW, false },
};

const char *life_name(enum life life)
{
	return names[life];
}

const char *life_step_name(enum life_step step)
{
	return steps[step].name;
}

bool life_open(enum life life)
{
	return FROM_OPEN >> life & 1;
}

bool lifecycle_step(struct lifecycle *lifecycle, enum life_step step)
{
	if (!(steps[step].from >> lifecycle->life & 1))
		return false;
	if (step == STEP_HOLD || step == STEP_RESUME) {
		bool hold = step == STEP_HOLD;

		if (lifecycle->on_hold == hold)
			return false;
		lifecycle->on_hold = hold;
		return true;
	}
	lifecycle->life = steps[step].to;
	lifecycle->on_hold = false;
	lifecycle->episode += steps[step].new_episode;
	return true;
}
