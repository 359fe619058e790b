/* Facts that follow a book while somebody writes it.
 *
 * The book is the queue: what was committed after the facts' head is read from there, through a connection of its own, whenever a
 * question is asked. So the writer knows nothing of who asks and never waits for anyone, and half a commit cannot be seen: a reader
 * of the book takes up whole commits (book_renew). docs/decisions/0007-facts-that-follow.md says why there is no queue in memory.
 *
 * Invariants
 * - The facts are those that facts_load would give at their head: old rows stand where they stood with new values, new rows behind
 *   them. tests/unit/facts_live.c compares digests.
 * - Names that nothing has any more keep their codes until all is loaded anew: there are never more than were ever said; likewise fields
 *   of their own that nothing has any more. These, and stages that nobody declared, stand in the order in which they were met.
 * - What is taken up row by row, and after what all is loaded anew: take_up.h.
 * - What was committed before live_begin was called is in the facts that it gives.
 * - Between live_begin and live_end the facts do not change, for however many threads ask at the same time.
 *
 * Locks, taken in this order
 * - `turn`: one thread at a time reads the book and works out what changes; others may be asking meanwhile.
 * - `facts_lock`: shared by who asks; alone by who puts the changes in, for as long as that takes and no longer.
 */
#ifndef FACTS_LIVE_H
#define FACTS_LIVE_H

#include "facts/facts.h"

struct live;

/* How the facts were kept up to date. */
struct live_counts {
	uint64_t records; /* taken up one by one */
	uint64_t loads;   /* times that all was loaded again */
};

/* Opens the book at `path` for reading and loads it; `options` as for facts_load, all that is known is asked for. The warning
 * function is called from any thread that asks. */
int live_open(struct live **out, const char *path, const struct facts_options *options, struct err *err);
/* Nobody may be asking. */
void live_close(struct live *live);

/* The facts with all that is committed; `today`: the local date of the caller's now, which bounds the default as-of day (facts_as_of). The
 * last to begin says it for all who ask at the same time. They are valid, and still, until live_end, which must follow. Rows are called by their ids:
 * names of deals are not opened. On an error there is nothing to end. From any thread. */
int live_begin(struct live *live, int32_t today, const struct facts **facts, struct err *err);
void live_end(struct live *live);

/* What is worked out from the facts and put into them (desk/judge.h). Whoever asks with it has the turn while `needed` looks whether it is
 * to be done anew, and `run` does it while nobody asks. Otherwise as live_begin; NULL: what was worked out before may stand there still. */
struct live_working_out {
	bool (*needed)(void *context, const struct facts *facts);
	int (*run)(void *context, struct facts *facts, struct err *err);
	void *context;
};
int live_begin_with(struct live *live, int32_t today, const struct live_working_out *what, const struct facts **facts,
		    struct err *err);

/* The calling thread, and those that answer its questions with it, give way to who writes where processors are short: a question that comes
 * a few milliseconds later is still there at once, but 64 callers wait for the one thread that commits. For threads that do nothing else than
 * ask, and for good: only who may raise priorities can take it back. Where the system refuses, all stay equal. */
void live_step_back(void);

/* When agreements and the like, people or imports were last taken up: equal numbers, and they are the same. */
uint64_t live_papers_seq(const struct facts *facts);
/* The facts as they stand, whatever was committed since; until live_end. */
const struct facts *live_stay(struct live *live);

struct live_counts live_counts(struct live *live);

#endif
