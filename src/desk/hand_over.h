/* Handing a lead over: only through the gate, to who the routes say, with the points it has at that moment frozen.
 *
 * Below the bar it is refused with what is missing. A manager may override with a reason: that is a step of its own, counted and
 * reported.
 */
#ifndef DESK_HAND_OVER_H
#define DESK_HAND_OVER_H

#include "desk/routing.h"

struct hand_over {
	struct gate gate;
	const struct judge_version *version;
	struct routing_choice choice;
	struct str
		held_back; /* for what a manager had to let it pass, as it is recorded: "below the bar"; else empty */
	unsigned episode;
};

/* 1: refused, and `problems` says why; 0: done; below: an error, and nothing was written. `override`: a manager's reason; empty: none.
 * word->owner, where it is given, gets the lead whatever the routes say. */
int hand_over_lead(struct lead_desk *desk, const struct lead_file *file, const struct lead_word *word,
		   struct str override, struct hand_over *out, struct problems *problems, struct err *err);

/* How work stands, by the version a lead is under: NULL where it cannot be found out. */
struct routing_finder {
	struct routing *(*of)(void *context, const struct judge_version *version, struct err *err);
	void *context;
};
/* Opened when first asked for, over all leads of the desk. */
struct routings {
	struct lead_desk *desk;
	struct routing **opened; /* by version; NULL: none yet */
};
struct routing *routings_opened(void *context, const struct judge_version *version, struct err *err);

/* The lead of that row, in the transaction that is under way; *handed: it passed the gate and was waiting for it. */
int hand_over_if_it_waits(struct lead_desk *desk, uint32_t row, const struct lead_word *word,
			  const struct routing_finder *find, struct hand_over *over, bool *handed, struct err *err);

/* The lead of that row, which was just touched in the transaction that is under way: the desk's facts do not know that yet. *handed: with that it
 * passes the gate, and sales did not have it. */
int hand_over_touched(struct lead_desk *desk, uint32_t row, struct str kind, const struct lead_word *word,
		      struct hand_over *over, bool *handed, struct err *err);

/* All leads that pass the gate and wait for it, those first that wait longest. */
struct hand_over_all {
	size_t handed;
	size_t nobody_there; /* of them: went to who is named for that */
	struct routing_count {
		struct str owner;
		size_t leads;
	} * owners; /* by leads, most first */
	size_t owner_count;
};
int hand_over_waiting(struct lead_desk *desk, const struct lead_word *word,
		      void (*progress)(void *context, uint64_t done, uint64_t total), void *context,
		      struct hand_over_all *out, struct err *err);

/* May it be handed over at that instant? It passes the gate, or has crossed the bar under the agreement and its points faded since; and
 * if it came back to nurture something was heard of it since. *gate: as of then. */
bool hand_over_passes(const struct judged_episode *episode, int64_t at_ms, struct gate *gate);
/* What keeps the lead from passing, a problem each. */
void hand_over_missing(struct lead_desk *desk, const struct lead_file *file, const struct judged_episode *episode,
		       const struct gate *gate, int64_t at_ms, struct problems *problems);

#endif
