/* Rows of finished facts laid over rows of other finished facts, or put behind them: how facts that are asked go on. Private to
 * src/facts.
 *
 * Nobody may ask `into` meanwhile. Rows of `from` are placed in ascending order of the rows they go to. References of `from` lead to
 * rows that are placed, too.
 */
#ifndef FACTS_GRAFT_H
#define FACTS_GRAFT_H

#include "facts/store.h"

struct graft {
	struct facts *into;
	const struct facts *from;
	uint32_t *rows[FACT__COUNT]; /* by row of `from`: its row of `into`; REF_NONE: none */
	uint32_t **codes
		[FACT__COUNT]; /* by column of `into`, then by code of `from`: its code, UINT32_MAX = not looked up */
	bool *stale[FACT__COUNT]; /* by column: a first or last time is no longer there */
};

void graft_init(struct graft *graft, struct facts *into, const struct facts *from);
void graft_release(struct graft *graft);
/* Where it goes: a row of `into`, or behind the last (REF_NONE). Its values come with graft_row. */
void graft_place(struct graft *graft, enum fact fact, uint32_t row, uint32_t to);
/* All values of a placed row, empty ones too. */
void graft_row(struct graft *graft, enum fact fact, uint32_t row);
/* One value of it. */
void graft_value(struct graft *graft, enum fact fact, uint32_t row, const char *column);
/* The visits of placed deals for which `whole` says yes, in place of those they had. Deals are placed in ascending order of their rows, those
 * that come behind the last one, too. */
void graft_visits(struct graft *graft, const bool *whole);
/* What historic columns held before, of the placed rows for which `whole` says yes; then notes and days are put right. */
void graft_finish(struct graft *graft, bool *const whole[FACT__COUNT], int32_t today);

#endif
