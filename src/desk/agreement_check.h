/* What the text of an agreement cannot tell by itself: whether there is what its rules and measures ask of, and who is in its teams. */
#ifndef DESK_AGREEMENT_CHECK_H
#define DESK_AGREEMENT_CHECK_H

#include "base/problem.h"
#include "domain/agreement.h"
#include "facts/facts.h"

/* Against the columns of a company: those of `facts`, its own fields among them. Teams may stand in `annexes` too, which hold besides the
 * agreement's own. `file` is its name in messages. What is wrong, or can never work (domain/agreement_sense.h), goes to `problems`; what is
 * most often a slip and may be meant to `doubts`, where `facts` have leads by what they know: touches, stages, people and words that the
 * book has not. Both in the order of the text. */
void agreement_check(const struct agreement *agreement, const char *file, const struct annexes *annexes,
		     const struct facts *facts, struct problems *problems, struct problems *doubts,
		     struct arena *arena);

/* The columns that every company has, for a check without a book. Returns owned. */
int facts_of_nobody(struct facts **out, struct err *err);

#endif
