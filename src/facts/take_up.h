/* What was said since, taken up into facts that are there: from the book's changes to rows. Private to src/facts.
 *
 * The records that changed are read and made into rows of their own by the loader (load.h), together with copies of the rows they
 * refer to; then these rows go over the old ones or behind the last (graft.h). Only what can be done so that the facts are those of a
 * fresh load is done: new and changed leads, new touches, activities and spend, as long as they refer to leads and deals by key and
 * nothing is borrowed from contacts or companies. For all else the answer is no, and all is loaded again: what others borrow from
 * (colleagues, stages, contacts, companies, own fields), deals and their moves, orders, imports undone, people erased.
 */
#ifndef FACTS_TAKE_UP_H
#define FACTS_TAKE_UP_H

#include "facts/places.h"
#include "facts/store.h"

/* Rows of leads and deals by key; what is behind the last one seen is looked at when needed. */
struct finder {
	struct places leads, deals;
	uint32_t lead_rows, deal_rows;
};
void finder_release(struct finder *finder);

/* More records than this, and loading all is quicker. */
size_t take_up_most(const struct facts *facts);

struct taking;

/* Reads what `changes` name and makes rows of it; `facts` are not touched, others may be asking them. NULL in `out`: all must be loaded
 * again. `book` is renewed and ahead of the facts. */
int take_up_prepare(struct taking **out, struct facts *facts, struct finder *finder, struct book *book,
		    const struct changes *changes, struct err *err);
/* Puts the rows in. Nobody may be asking. */
void take_up_apply(struct taking *taking, int32_t today);
void take_up_free(struct taking *taking);

#endif
