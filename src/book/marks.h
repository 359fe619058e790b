/* What later entries say about earlier observations: that their import was undone, or that another import met them again. */
#ifndef BOOK_MARKS_H
#define BOOK_MARKS_H

#include "book/fold.h"

struct confirm {
	uint64_t seq; /* of the observation */
	int64_t ms;   /* when its source said so again */
};

struct marks {
	uint64_t *undone; /* imports, sorted */
	size_t undone_count, undone_capacity;
	struct confirm *confirms; /* sorted by seq unless `unsorted` */
	size_t confirm_count, confirm_capacity;
	bool unsorted;
};

void marks_init(struct marks *marks);
void marks_release(struct marks *marks);
void marks_undo(struct marks *marks, uint64_t import_seq);
bool marks_undone(const struct marks *marks, uint64_t import_seq);
void marks_confirm(struct marks *marks, uint64_t seq, int64_t ms);
/* The latest time at which the observation was met again. */
bool marks_confirmed(struct marks *marks, uint64_t seq, int64_t *ms);

/* A confirming entry's payload: pairs of observation and time, as differences in a variable number of bytes. */
void confirms_write(struct buf *out, struct confirm *confirms, size_t count, int64_t base_ms);
bool confirms_read(struct str payload, int64_t base_ms, struct marks *into);

#endif
