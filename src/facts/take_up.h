/* What was said since, taken up into facts that are there: from the book's changes to rows. Private to src/facts.
 *
 * The records that changed are read and made into rows of their own by the loader (load.h), together with copies of the rows they
 * refer to. Where a row comes out otherwise than before, and others depend on that (a deal on what its lead lends it, a lead on its steps,
 * deals and activities, an order on its deal), those are made, too, until nothing more differs. Then all these rows go over the old ones or
 * behind the last (graft.h); visits of a deal in place of those it had.
 *
 * So are taken up: new and changed leads, deals, stage changes, touches, activities, spend, orders, steps, words about promises; new accounts and contacts; references
 * that lead somewhere only now. All is loaded again after what everything borrows from has changed (colleagues, stages, declared fields,
 * accounts and contacts that were there); for records that refer to a contact, or by an address or a name; when an import is undone, a
 * person erased, a field met for the first time; and for new accounts where contacts may be of them.
 */
#ifndef FACTS_TAKE_UP_H
#define FACTS_TAKE_UP_H

#include "facts/places.h"
#include "facts/store.h"

/* Rows by key, and what accounts are called; what is behind the last one seen is looked at when needed, and nothing for the first few. */
struct finder {
	struct places keys[FACT__COUNT], names;
	uint32_t rows[FACT__COUNT];
	unsigned walks[FACT__COUNT]; /* over the keys instead */
	size_t name_count;
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
