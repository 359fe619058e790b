/* How a partner stands, from what became of the promises it gave. Pure: the changes are a function of what happened, not of when
 * somebody looked.
 *
 * - Suspended: a promise breaks, and of those that fell due in the agreed time before fewer than the agreed share were kept, at least
 *   so many having fallen due. Gets no new leads.
 * - The way back needs no new leads: every overdue one is answered; what ended (disqualified, lost, …) can be answered no more and counts
 *   as answered when it did, or when it was due. Then on probation where the agreement says so (so many open at a
 *   time), else good.
 * - On probation until so many in a row are on time, of those begun since; a late one begins the row anew.
 * - Whoever came back is judged by what began since: what is paid for is not held against it twice.
 */
#ifndef DOMAIN_STANDING_H
#define DOMAIN_STANDING_H

#include "domain/agreement.h"

enum standing { STANDING_GOOD, STANDING_PROBATION, STANDING_SUSPENDED, STANDING__COUNT };

const char *standing_name(enum standing standing); /* "good", "on probation", "suspended" */
bool standing_by_name(struct str name, enum standing *out);

/* One promise that fell due, or was kept: running, excused, disputed and void ones are left out. */
struct standing_case {
	int64_t start_ms, due_ms;
	int64_t stop_ms;  /* EVENT_NEVER: not answered yet. Kept: stop ≤ due */
	int64_t ended_ms; /* from then on there is nothing to answer; EVENT_NEVER, EVENT_UNKNOWN */
};

struct standing_change {
	int64_t at_ms;
	enum standing to;
	/* The evidence. Suspended: `late` of `due` in the time looked at. Probation, or good again: `late` overdue ones were answered.
	 * Good after probation: `due` in a row. */
	int late, due;
};

struct standing_history {
	struct standing_change *changes; /* by time; none: good from the first day on */
	size_t count;
	enum standing now;
	int overdue; /* broken and not answered yet */
	int row;     /* on probation: on time in a row so far */
};

/* `promise` says what is agreed (keep, back_…); `cases` need no order; they are borrowed. In the arena. */
struct standing_history standing_judge(const struct promise_def *promise, const struct standing_case *cases,
				       size_t count, int64_t now_ms, struct arena *arena);

#endif
