/* What lies on somebody's desk: leads that wait for a word of theirs, those first whose clock runs out first.
 *
 * A lead lies on the desk of who has it until it is an opportunity, comes back to nurture or ends, and while something promised about it is still owed.
 * On the desk of nurture lie the open leads that sales does not have yet.
 */
#ifndef DESK_DUE_H
#define DESK_DUE_H

#include "desk/lead_desk.h"

struct due_lead {
	struct lead_file file;
	struct judged_lead judged;
	const struct judged_promise *promise; /* the one that is due first of those owed; NULL: none is */
	size_t owed;      /* promises of sales or a partner that run, or broke and were not done yet */
	size_t attempts;  /* of people to reach it, in this episode */
	int64_t tried_ms; /* the last of them; EVENT_NEVER */
	double nearness; /* of nurture: points as a share of the bar; 2 where it passes, below 0 where points alone will not do */
};

struct due_list {
	struct due_lead *leads;
	size_t count;
	size_t total; /* with those that were left out because they were too many */
	size_t ready; /* of nurture's: those that pass the gate */
};

/* The last episode of it. */
const struct judged_episode *due_episode(const struct due_lead *lead);

/* Who may see which rows is for the caller to say. */
struct due_sees {
	bool (*row)(const void *context, const struct facts *facts, uint32_t row);
	const void *context;
};

/* Of who has them: an owner, or a partner with all its leads (the other is empty). Those owed first, soonest due first; the rest newest
 * first. In the desk's arena. */
void due_for(struct lead_desk *desk, struct str owner, struct str partner, struct due_sees sees, size_t most,
	     struct due_list *out);
/* For nurture: those that pass the gate first, then by how near they are to their bar. Looks at the newest `looked_at` of them. */
void due_in_nurture(struct lead_desk *desk, struct due_sees sees, size_t looked_at, size_t most, struct due_list *out);

#endif
