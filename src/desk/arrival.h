/* Somebody arrives: by a form, or because another system tells of them. Who is not known yet becomes a lead, with the touch by which it came;
 * of who is, the touch is noted on the lead that is there, and nothing else of it changes. Either is judged with that touch, and handed over at once where
 * it passes the gate: who asks for sales is not kept waiting.
 */
#ifndef DESK_ARRIVAL_H
#define DESK_ARRIVAL_H

#include "desk/lead_desk.h"

/* Texts may be empty. */
struct arrival {
	struct record_fields person; /* of the lead: who it is */
	int64_t at_ms;               /* when */
	struct str kind;             /* of the touch: "form" */
	struct str way;              /* the form's or hook's name */
	struct str source, campaign; /* channel and campaign, of lead and touch */
	struct str notes, consent;   /* of the touch */
	struct str utm_source, utm_medium, utm_campaign, utm_term, utm_content;
	struct str referrer; /* see arrival_referrer */
};

struct arrived {
	struct str lead, source; /* its id, and whose id that is; in the desk's arena */
	bool known;              /* it was there before */
	uint32_t row;            /* where it is known: in the desk's facts */
};

/* Is the person of this record of a lead an open lead already? Else *out says that nobody is known. */
int arrival_known(struct lead_desk *desk, const struct record *lead, struct arrived *out, struct err *err);

/* 1: refused, and `problems` says why; 0: done. */
int arrival_tell(struct lead_desk *desk, const struct arrival *arrival, struct arrived *out, struct problems *problems,
		 struct err *err);

/* The address of a page without what may stand for a person in it: no arguments, no fragment, no name or password. STR_NONE: it is none of
 * the web. Borrows, or is in the arena. */
struct str arrival_referrer(struct str address, struct arena *arena);

#endif
