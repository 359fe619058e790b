/* What somebody owes by the promises: what runs, by when it is due, and what is overdue. Of facts that were judged. */
#ifndef SERVE_DUE_LIST_H
#define SERVE_DUE_LIST_H

#include "book/doors.h"
#include "facts/facts.h"

struct due_promise {
	struct str promise, lead, source; /* lead: empty where a number in a period was promised */
	struct str company;               /* of the lead */
	unsigned episode;
	int64_t due_ms;
	bool overdue; /* broken, and an answer is still owed */
};

/* Of that account's own name, and of its partner; by when it is due. In the arena, at most `most`; *total: how many there are. */
struct due_promise *due_list(const struct facts *facts, const struct account *who, size_t most, size_t *count,
			     size_t *total, struct arena *arena);

#endif
