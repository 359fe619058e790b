/* How partners stand: as it was recorded, each change with its evidence. */
#ifndef DESK_STANDINGS_H
#define DESK_STANDINGS_H

#include "book/book.h"
#include "domain/standing.h"

struct partner_standing {
	struct str partner;
	enum standing standing;
	int64_t at_ms; /* since when */
	struct str reason;
	unsigned changes; /* recorded of this partner so far */
};

struct standings {
	struct partner_standing *items; /* partners of whom nothing was recorded are not there: they are good */
	size_t count, capacity;
};

/* As they stood at `at_ms`, by what was recorded up to `known_at_ms`; INT64_MAX: now, by all. In the arena. */
int standings_read(struct standings *out, struct book *book, int64_t at_ms, int64_t known_at_ms, struct arena *arena,
		   struct err *err);
/* NULL: good, and always was. */
const struct partner_standing *standings_of(const struct standings *standings, struct str partner);

#endif
