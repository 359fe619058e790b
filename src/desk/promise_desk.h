/* What people say of a broken promise: excuse it for an agreed reason, dispute it, settle the dispute. Each is one record. */
#ifndef DESK_PROMISE_DESK_H
#define DESK_PROMISE_DESK_H

#include "desk/lead_desk.h"

enum promise_verb {
	PROMISE_EXCUSE,  /* reviewed by somebody else than who was to keep it, for a reason of the agreement's list */
	PROMISE_DISPUTE, /* it is not as recorded: asked to be looked at */
	PROMISE_UPHOLD,  /* the dispute is right: it is excused */
	PROMISE_DROP,    /* the dispute is not: it stays broken */
	PROMISE_VERB__COUNT
};

/* What is promised of a number in a period is of no lead, and nothing can be said of it here. False after saying so. */
bool promise_desk_of_lead(struct lead_desk *desk, struct str promise, struct problems *problems);

/* Of the lead's last episode in which the promise broke, also where that was excused or disputed since; to settle: in which it is disputed. 1: refused, and `problems` says why; 0: done; below: an error,
 * and nothing was written. *episode: the number of the episode that is meant, 0 for that one; filled. */
int promise_desk_tell(struct lead_desk *desk, const struct lead_file *file, struct str promise, enum promise_verb verb,
		      const struct lead_word *word, unsigned *episode, struct problems *problems, struct err *err);

#endif
