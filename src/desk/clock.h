/* The clock of the promises: what falls due is recorded when it falls due, not when somebody next looks.
 *
 * - A promise that breaks becomes an entry at its due time; after a time in which nobody asked, all that broke meanwhile, each at its own.
 * - Late evidence that it was kept, or that its clock stood still, withdraws the breach by a later entry.
 * - Of a broken one each rung of its ladder is told once, at its time. Excused and disputed ones climb no further.
 * - A lead that crosses the bar is recorded as qualified at that instant.
 * - A partner's standing follows from the promises it gave (domain/standing.h); each change is an entry with its evidence.
 * Asking twice writes nothing new: what is recorded is read first.
 *
 * All running promises stand in one queue by what happens to them next (base/due_queue.h). A tick looks at the head of the queue only; it
 * costs nothing while nothing is due, however many run. A process that stays opens it once and ticks as time goes by; it opens it anew
 * when the book has gone on since, and when a period has ended (clock_next_ms says when): numbers in periods are counted when it is opened,
 * and anew once leads have crossed the bar (clock_recounts).
 */
#ifndef DESK_CLOCK_H
#define DESK_CLOCK_H

#include "desk/lead_desk.h"
#include "desk/standings.h"

struct clock;

/* What a tick wrote. Texts live in the desk's arena. */
enum clock_event_kind {
	CLOCK_BROKEN,
	CLOCK_WITHDRAWN,
	CLOCK_TOLD,
	CLOCK_QUALIFIED,
	CLOCK_STANDING,
	CLOCK_EVENT__COUNT
};

struct clock_event {
	enum clock_event_kind kind;
	int64_t at_ms;
	struct str lead;    /* its key; CLOCK_STANDING: the partner */
	unsigned episode;   /* of the lead; 0: of no lead, or of its crossing the bar */
	bool of_several;    /* the lead has others */
	struct str promise; /* its name; CLOCK_STANDING: the standing */
	struct str owner;
	struct str text; /* CLOCK_TOLD: who is told; CLOCK_WITHDRAWN, CLOCK_STANDING: why */
};

enum { CLOCK_EVENTS_KEPT = 1000 }; /* the last written, to be told one by one; the counts count all */

struct clock_tick {
	uint64_t counts[CLOCK_EVENT__COUNT];
	struct clock_event *events; /* by time; leads that crossed the bar stand before all others */
	size_t event_count, event_capacity;
	uint64_t written; /* of all kinds */
};

/* Looks at all leads. Borrows the desk. Returns owned. */
int clock_open(struct clock **out, struct lead_desk *desk, struct err *err);
void clock_close(struct clock *clock);

/* Is there anything to be recorded by now? Partners' standings may change with anything that is told of their promises. */
bool clock_has_due(const struct clock *clock, int64_t now_ms);
/* Records what is due by now, and adds to *out what that was. On an error what is not durable is undone; the clock is to be closed. */
int clock_tick(struct clock *clock, int64_t now_ms, struct clock_tick *out, struct err *err);

/* Leads crossed the bar, and promised numbers may count them: those were not judged. Facts, desk and clock are to be opened anew, to tick
 * once more. */
bool clock_recounts(const struct clock *clock);

/* When something is next to be recorded; EVENT_NEVER: nothing runs. */
int64_t clock_next_ms(const struct clock *clock);
uint64_t clock_running(const struct clock *clock);

/* Promises whose time is nearly up, the nearest first; at most `most` in the desk's arena. Returns how many there are. */
struct clock_risk {
	struct str lead, promise, owner;
	int64_t due_ms;
	enum party party;
};
size_t clock_at_risk(const struct clock *clock, int64_t now_ms, struct clock_risk *out, size_t most);

#endif
