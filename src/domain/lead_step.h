/* The steps people record of a lead, and what each does to its life. Pure; one table.
 *
 * A step is a record of its own (OBJECT_LEAD_STEP). Rejecting and reopening end an episode: the step belongs to the one it ends, what
 * comes after to the next. A step taken back by a later entry is `taken back` and does nothing.
 */
#ifndef DOMAIN_LEAD_STEP_H
#define DOMAIN_LEAD_STEP_H

#include <stdbool.h>
#include "base/str.h"
#include "domain/lead_event.h"
#include "domain/lifecycle.h"

/* Their names and numbers are written into entries: never change one. */
enum lead_step {
	LEAD_STEP_PREQUALIFIED,
	LEAD_STEP_QUALIFIED,  /* crossed the bar */
	LEAD_STEP_OVERRIDDEN, /* a manager lets pass what the agreement holds back: stands beside the hand-over */
	LEAD_STEP_HANDED_OFF,
	LEAD_STEP_WORKING,
	LEAD_STEP_ACCEPTED,
	LEAD_STEP_REJECTED,
	LEAD_STEP_RECYCLED, /* back in nurture: stands beside the rejection */
	LEAD_STEP_DISQUALIFIED,
	LEAD_STEP_REOPENED,
	LEAD_STEP_OPTED_OUT,
	LEAD_STEP_DUPLICATE,
	LEAD_STEP_TEST,
	LEAD_STEP_WAITING, /* its reason is one of the agreement's waiting states */
	LEAD_STEP_RESUMED,
	LEAD_STEP_ASSIGNED,
	LEAD_STEP_ANSWERED, /* yes or no to a question of nurture */
	LEAD_STEP_TAKEN_BACK,
	LEAD_STEP__COUNT
};

const char *lead_step_name(enum lead_step step); /* as in the book: "handed_off" */
const char *lead_step_said(enum lead_step step); /* in a sentence: "handed over" */
bool lead_step_by_name(struct str name, enum lead_step *out);

/* The event of an agreement that the step is; EVENT__COUNT: none. */
enum lead_event lead_step_event(enum lead_step step);
/* False, and nothing changed, where the step may not follow. */
bool lead_step_follow(struct lifecycle *lifecycle, enum lead_step step);
/* Of what happened at one instant the lesser comes first: words of nurture, the way to sales and through it, then what ends an episode, which
 * follows from the rest; then what is said of a lead beside its way. Below LEAD_STEP__COUNT. */
int lead_step_rank(enum lead_step step);
/* The lead's promises are void from then on. */
bool lead_step_voids(enum lead_step step);

#endif
