/* The life of a lead: which steps may follow which. Pure; one table.
 *
 *   new → prequalified → nurturing ⇄ qualified → handed_off → accepted → opportunity → won | lost | discontinued
 *
 * A step may be skipped, not turned back, except: a rejected lead returns to nurture (recycled: a new episode), a disqualified one may
 * be reopened, lost and discontinued ones too. `on hold` stands beside any open state and is left to where it was; a step to another state
 * leaves it, too.
 */
#ifndef DOMAIN_LIFECYCLE_H
#define DOMAIN_LIFECYCLE_H

#include <stdbool.h>

enum life {
	LIFE_NEW,
	LIFE_PREQUALIFIED,
	LIFE_NURTURING,
	LIFE_QUALIFIED,
	LIFE_HANDED_OFF,
	LIFE_ACCEPTED,
	LIFE_OPPORTUNITY,
	LIFE_WON,
	LIFE_LOST,
	LIFE_DISCONTINUED,
	LIFE_DISQUALIFIED,
	LIFE__COUNT
};

enum life_step {
	STEP_PREQUALIFY,
	STEP_NURTURE,
	STEP_QUALIFY,
	STEP_FALL_BELOW, /* points faded below the bar: back to nurture, the same episode */
	STEP_HAND_OFF,
	STEP_ACCEPT,
	STEP_REJECT, /* back to nurture, recycled */
	STEP_DISQUALIFY,
	STEP_REOPEN,
	STEP_OPPORTUNITY,
	STEP_WIN,
	STEP_LOSE,
	STEP_DISCONTINUE,
	STEP_HOLD,
	STEP_RESUME,
	STEP__COUNT
};

struct lifecycle {
	enum life life;
	bool on_hold;
	unsigned episode; /* 1 is the first */
};

#define LIFECYCLE_INIT ((struct lifecycle){ LIFE_NEW, false, 1 })

const char *life_name(enum life life);
const char *life_step_name(enum life_step step);
/* False, and nothing changed, where the step may not follow. */
bool lifecycle_step(struct lifecycle *lifecycle, enum life_step step);
/* Is there still something to do? */
bool life_open(enum life life);

#endif
