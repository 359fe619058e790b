/* A promise about one episode of one lead, judged. Pure: the state is a function of what happened and of now, not of the order in which
 * it became known. definitions.md's words:
 *
 * - met: what stops the clock happened at or before it was due. Broken: it was due and that had not happened. A breach that late evidence
 *   takes back is met.
 * - excused, disputed: of a broken one, when somebody reviewed it or asks for it. Void: the lead is a duplicate or a test, or nobody
 *   wrote down when the clock stopped.
 * - A clock pauses in waiting states only: what is due moves by the time waited, in working time where the promise is in working time.
 *   What is told of waiting after it stopped, or after it was due, moves nothing.
 * - Who owns the lead plays no part: reassignment never restarts a clock.
 */
#ifndef DOMAIN_PROMISE_H
#define DOMAIN_PROMISE_H

#include "domain/agreement.h"

enum promise_state {
	PROMISE_NOT_OPEN, /* what starts the clock has not happened, or nobody knows when */
	PROMISE_RUNNING,
	PROMISE_AT_RISK,
	PROMISE_WAITING, /* paused */
	PROMISE_MET,
	PROMISE_BROKEN,
	PROMISE_EXCUSED,
	PROMISE_DISPUTED,
	PROMISE_VOID,
	PROMISE_STATE__COUNT
};

const char *promise_state_name(enum promise_state state);
/* Does it count in the on-time share? Met and broken do; the others stand beside it. */
static inline bool promise_fell_due(enum promise_state state)
{
	return state == PROMISE_MET || state == PROMISE_BROKEN;
}

struct waiting {
	int64_t from_ms, to_ms; /* to: EVENT_NEVER while it lasts */
};

/* One episode: what happened in it. Borrows. */
struct episode {
	const int64_t *events;      /* by enum lead_event: when, EVENT_NEVER, EVENT_UNKNOWN */
	const int64_t *attempts_ms; /* of people to reach the lead, by time */
	size_t attempt_count;
	const struct waiting *waiting; /* by time, not overlapping */
	size_t waiting_count;
	bool is_void; /* the lead is a duplicate or a test */
};

/* What people said of one promise of one episode. */
struct promise_words {
	bool excused; /* for an accepted reason, by a reviewer */
	bool disputed;
};

struct judged {
	enum promise_state state;
	int64_t start_ms, due_ms; /* due: EVENT_NEVER while it waits without end */
	int64_t at_risk_ms; /* so much of the allowed time has run as was agreed, waiting not counted; EVENT_NEVER as due */
	int64_t stop_ms; /* what stopped it, EVENT_NEVER, or EVENT_UNKNOWN */
	int attempts;    /* counted, up to what was promised or to due */
};

/* Of clocks and attempts; promises of volume are judged by their measure. */
struct judged promise_judge(const struct promise_def *promise, const struct calendar *calendar,
			    const struct episode *episode, struct promise_words words, int64_t now_ms);

#endif
