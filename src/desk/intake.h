/* Taking leads in as somebody tells them: a form, a program, a colleague. Files go through desk/import.h.
 *
 * A new lead is written, judged by the agreement, and where it passes the gate handed over to whose turn it is, in one transaction: what an
 * import, the clock, and handing over those that wait would make of it at that moment. Its promises run from then on.
 *
 * Where the person is an open lead already, and who tells it gives no id, a touch is noted on that lead instead; and one for its coming in, where
 * none was.
 *
 * It is judged before it is committed, by facts of its own (facts/newcomers.h): nothing is looked at but the lead itself, and how work stands
 * among the people, which whoever takes in many keeps (desk/office.h).
 */
#ifndef DESK_INTAKE_H
#define DESK_INTAKE_H

#include "desk/hand_over.h"

/* Whose ids leads taken in one by one have. */
#define INTAKE_SOURCE "lockstep"
/* Who hands over what passes: nobody did, the agreement says so. */
#define INTAKE_BY "lockstep"
/* Behind a lead's id: the touch by which it came in. */
#define INTAKE_FIRST_TOUCH "#first"

/* One lead: what is told of it, then what became of it. */
struct intake_lead {
	const struct record_fields *fields; /* without keys and references */
	const struct record_fields *touch;  /* by which it comes in, without its lead; NULL: none is noted */
	struct str id;                      /* as who tells it calls it; empty: it gets a number */
	const char *actor;                  /* who tells it */
	bool alone;                         /* who tells it may not know of other leads: the person is not looked for */
	bool refused;                       /* the book has one of that id: nothing was written */
	bool known;                         /* the person was there: key and source are those of that lead */
	struct str key, source;             /* its id, and whose that is; in the room's arena, as what follows */
	struct str owner;                   /* who has it, where somebody has */
};

/* Where it is done. Borrows all. */
struct intake_room {
	struct book *book;         /* in a transaction */
	const struct facts *facts; /* whose colleagues and fields are known; need not be up to date else */
	const struct agreements *agreements;
	struct routing_finder routing;
	struct matches *matches; /* caught up; NULL: nobody is looked for */
	int64_t now_ms;
	struct arena *arena;
	/* Called now and then between leads, for whoever has something else to do. May be NULL. */
	void (*meanwhile)(void *context);
	void *context;
};

/* Where it returns other than 0 the transaction is to be rolled back. */
int intake_leads(const struct intake_room *room, struct intake_lead *leads, size_t count, struct err *err);

/* One, at the desk. 1: refused, and `problems` says why (the book has one of that id already); 0: done. */
int intake_lead(struct lead_desk *desk, struct intake_lead *lead, struct problems *problems, struct err *err);

/* A lead that was just written otherwise, with its touches and what came with it (facts/newcomers.h): judged, and handed over where it passes. */
int intake_judge(struct lead_desk *desk, const struct record *records, size_t count, struct str lead, struct err *err);

#endif
