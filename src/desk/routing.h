/* Who gets a lead: the agreement's routes (domain/route.h), with how work stands among the people as the book tells it.
 *
 * What each was given follows from the hand-overs recorded, whatever version they were made under, as long as the pool is called the
 * same; what each has open from the leads sales has. A partner who is suspended, or on probation and owes as many answers as agreed
 * (judge_owed, of the promise its standing goes by), is passed over: the next route whose rule holds decides.
 */
#ifndef DESK_ROUTING_H
#define DESK_ROUTING_H

#include "desk/lead_desk.h"
#include "desk/standings.h"
#include "domain/route.h"

struct routing;

struct routing_choice {
	struct str owner; /* never empty */
	struct str
		pool; /* what the route calls the people: "team midwest"; "nobody there" where it is who was named for that */
	struct str why; /* in a sentence */
};

/* The lead at hand. */
struct routing_lead {
	struct str key, partner, owner;
};

/* Borrows the version; the desk only meanwhile, but for its arena. */
int routing_open(struct routing **out, struct lead_desk *desk, const struct judge_version *version, struct err *err);
/* And it is given to them: the next lead is routed with that counted. `lead` as its rules see it, with its type. Texts in `arena`. */
void routing_choose(struct routing *routing, const struct routing_lead *whose, const struct rule_lead *lead,
		    int64_t at_ms, struct routing_choice *out, struct arena *arena);

#endif
