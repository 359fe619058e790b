/* What a row is called, and what all columns together are. */
#include <sodium.h>

#include "facts/store.h"

struct str facts_label(const struct facts *facts, enum fact fact, uint32_t row, struct arena *arena)
{
	(void)arena;
	if (row >= facts_rows(facts, fact) || !facts->tables[fact].columns[0]->at.keys)
		return STR_NONE;
	return facts->tables[fact].columns[0]->at.keys[row];
}
