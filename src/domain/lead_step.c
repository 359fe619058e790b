#include "domain/lead_step.h"

/* What the step does: nothing to the life of an open lead (ANY), or of one that sales has (SALES), or a step of lifecycle.h. */
enum effect { ANY = -1, SALES = -2 };

static const struct {
	const char *name, *said;
	enum lead_event event;
	int effect;
} steps[LEAD_STEP__COUNT] = {
	[LEAD_STEP_PREQUALIFIED] = { "prequalified", "pre-qualified", EVENT_PREQUALIFIED, STEP_PREQUALIFY },
	[LEAD_STEP_QUALIFIED] = { "qualified", "qualified", EVENT_QUALIFIED, STEP_QUALIFY },
	[LEAD_STEP_OVERRIDDEN] = { "overridden", "let pass", EVENT__COUNT, ANY },
	[LEAD_STEP_HANDED_OFF] = { "handed_off", "handed over", EVENT_HANDED_OFF, STEP_HAND_OFF },
	[LEAD_STEP_WORKING] = { "working", "being worked", EVENT_WORKING, SALES },
	[LEAD_STEP_ACCEPTED] = { "accepted", "accepted", EVENT_ACCEPTED, STEP_ACCEPT },
	[LEAD_STEP_REJECTED] = { "rejected", "rejected", EVENT_REJECTED, STEP_REJECT },
	[LEAD_STEP_RECYCLED] = { "recycled", "back in nurture", EVENT__COUNT, ANY },
	[LEAD_STEP_DISQUALIFIED] = { "disqualified", "disqualified", EVENT_DISQUALIFIED, STEP_DISQUALIFY },
	[LEAD_STEP_REOPENED] = { "reopened", "reopened", EVENT__COUNT, STEP_REOPEN },
	[LEAD_STEP_OPTED_OUT] = { "opted_out", "opted out", EVENT_OPTED_OUT, ANY },
	[LEAD_STEP_DUPLICATE] = { "duplicate", "found to be a duplicate", EVENT__COUNT, ANY },
	[LEAD_STEP_TEST] = { "test", "found to be a test", EVENT__COUNT, ANY },
	[LEAD_STEP_WAITING] = { "waiting", "waiting", EVENT__COUNT, STEP_HOLD },
	[LEAD_STEP_RESUMED] = { "resumed", "taken up again", EVENT__COUNT, STEP_RESUME },
	[LEAD_STEP_ASSIGNED] = { "assigned", "given", EVENT__COUNT, ANY },
	[LEAD_STEP_ANSWERED] = { "answered", "answered", EVENT__COUNT, ANY },
	[LEAD_STEP_TAKEN_BACK] = { "taken back", "taken back", EVENT__COUNT, ANY },
};

static const int ranks[LEAD_STEP__COUNT] = {
	[LEAD_STEP_ANSWERED] = 0,      [LEAD_STEP_PREQUALIFIED] = 1, [LEAD_STEP_QUALIFIED] = 2,
	[LEAD_STEP_OVERRIDDEN] = 3,    [LEAD_STEP_HANDED_OFF] = 4,   [LEAD_STEP_RESUMED] = 5,
	[LEAD_STEP_WORKING] = 6,       [LEAD_STEP_ACCEPTED] = 7,     [LEAD_STEP_WAITING] = 8,
	[LEAD_STEP_OPTED_OUT] = 9,     [LEAD_STEP_REJECTED] = 10,    [LEAD_STEP_RECYCLED] = 11,
	[LEAD_STEP_DISQUALIFIED] = 12, [LEAD_STEP_REOPENED] = 13,    [LEAD_STEP_DUPLICATE] = 14,
	[LEAD_STEP_TEST] = 15,         [LEAD_STEP_ASSIGNED] = 16,    [LEAD_STEP_TAKEN_BACK] = 17,
};

const char *lead_step_name(enum lead_step step)
{
	return steps[step].name;
}

const char *lead_step_said(enum lead_step step)
{
	return steps[step].said;
}

bool lead_step_by_name(struct str name, enum lead_step *out)
{
	for (int i = 0; i < LEAD_STEP__COUNT; i++)
		if (str_is(name, steps[i].name)) {
			*out = (enum lead_step)i;
			return true;
		}
	return false;
}

enum lead_event lead_step_event(enum lead_step step)
{
	return steps[step].event;
}

bool lead_step_follow(struct lifecycle *lifecycle, enum lead_step step)
{
	enum life life = lifecycle->life;

	switch (steps[step].effect) {
	case ANY: return life_open(life);
	case SALES: return life == LIFE_HANDED_OFF || life == LIFE_ACCEPTED || life == LIFE_OPPORTUNITY;
	default: return lifecycle_step(lifecycle, (enum life_step)steps[step].effect);
	}
}

int lead_step_rank(enum lead_step step)
{
	return ranks[step];
}

bool lead_step_voids(enum lead_step step)
{
	return step == LEAD_STEP_DUPLICATE || step == LEAD_STEP_TEST;
}
