/* Reasons that the agreement in force does not know, counted: of an end that is told in a file, and of those that the book has. History is
 * history: they are named, never refused. */
#ifndef DESK_REASONS_H
#define DESK_REASONS_H

#include "base/table.h"
#include "domain/agreement.h"
#include "domain/object.h"
#include "facts/facts.h"

enum reason_of { REASON_OF_REJECTION, REASON_OF_DISQUALIFICATION, REASON_OF_LOSS, REASON_OF__COUNT };

struct reasons {
	const struct agreement *agreement; /* NULL: none is in force, and nothing is counted */
	struct table words[REASON_OF__COUNT];
	uint64_t odd[REASON_OF__COUNT];
};

/* Borrows the agreement. */
void reasons_init(struct reasons *reasons, const struct agreement *agreement);
void reasons_release(struct reasons *reasons);
/* A record as a file tells it. */
void reasons_see(struct reasons *reasons, const struct record *record);
/* All that the book has. */
void reasons_see_facts(struct reasons *reasons, const struct facts *facts);
/* "12 rejections give reasons that the agreement does not know: "weather" (7), "price" (5)"; empty: none. In the arena. */
struct str reasons_sentence(const struct reasons *reasons, enum reason_of of, struct arena *arena);

#endif
