/* What an agreement names and the book has never seen: touches, stages, people. Most often a slip of the pen, sometimes what is to come. */
#ifndef DESK_AGREEMENT_KNOWN_H
#define DESK_AGREEMENT_KNOWN_H

#include "base/problem.h"
#include "domain/agreement.h"
#include "facts/facts.h"

/* `annexes` hold besides the agreement's own; `file` is its name in messages. */
void agreement_known(const struct agreement *agreement, const char *file, const struct annexes *annexes,
		     const struct facts *facts, struct problems *doubts, struct arena *arena);
/* The same of annexes that are said besides those the agreement has: absences and teams. */
void annexes_known(const struct annexes *said, const char *file, const struct agreement *agreement,
		   const struct facts *facts, struct problems *doubts, struct arena *arena);

#endif
