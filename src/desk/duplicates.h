/* Leads that may be of one person, and merging them: somebody decides, nothing is merged by itself.
 *
 * A merge is the step `duplicate` of the lead that goes, with the lead that stays (domain/lead_step.h). From then on it is in no count of leads, and
 * what belongs to it (touches, contacts, opportunities, orders) belongs to the lead that stays, in every report and in its points: the facts
 * refer to that one (facts/load.h, load_survivor). Its own steps and promises stay with it, the promises void. Taking the step back undoes
 * all of that (lead_desk_undo).
 */
#ifndef DESK_DUPLICATES_H
#define DESK_DUPLICATES_H

#include "desk/lead_desk.h"

struct duplicate {
	struct lead_file file;
	unsigned reasons; /* bits of enum match_reason */
	int score;        /* 0…100 */
};

/* Leads that may be of the same person as this one, likeliest first; none that is void. In the desk's arena. */
int duplicates_of(struct lead_desk *desk, const struct lead_file *file, struct duplicate **out, size_t *count,
		  struct err *err);

struct duplicate_pair {
	struct lead_file file; /* the later one */
	struct duplicate other;
};

/* The likeliest `most` pairs, among the latest leads and all before them; how many these are, *among (0: all there are). */
int duplicates_all(struct lead_desk *desk, size_t among, size_t most, struct duplicate_pair **out, size_t *count,
		   struct err *err);

/* What would move. */
struct merge_preview {
	size_t touches, contacts, opportunities, orders;
	size_t promises;             /* that would be void: those of the lead that goes which are open */
	bool judged;                 /* an agreement says what points are */
	int64_t points, into_points; /* of both as they stand, in hundredths */
};

/* May it be merged? 1: no, and `problems` says why; 0: yes, and *out says what would come of it. */
int merge_look(struct lead_desk *desk, const struct lead_file *file, const struct lead_file *into,
	       struct merge_preview *out, struct problems *problems);
/* 1: refused, and `problems` says why; 0: done. */
int merge_tell(struct lead_desk *desk, const struct lead_file *file, const struct lead_file *into,
	       const struct lead_word *word, struct lead_told *told, struct problems *problems, struct err *err);

#endif
