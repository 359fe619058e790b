/* Calendar files (.ics, RFC 5545): the whole days they name. libical does the parsing and the rules of repetition. */
#ifndef IO_ICS_H
#define IO_ICS_H

#include "base/arena.h"
#include "base/problem.h"
#include "base/str.h"

struct ics_day {
	int32_t date;
	struct str name; /* what the event is called; may be empty */
};

/* All days from `first` to `last` on which an event lies, by event, then by date; with its repetitions, less what it excepts and what
 * other events move or cancel (RECURRENCE-ID). Cancelled events are passed over. So is what has times of day, a meeting or a half day: it
 * closes no day, and a note names it (the first ten; the others are counted). What repeats within a day or cannot be read is a problem.
 * Both have the file's name and the line on which the event begins. Days and names, without control characters, in the arena. */
void ics_days(struct ics_day **days, size_t *count, struct str text, const char *file, int32_t first, int32_t last,
	      struct problems *problems, struct arena *arena);

#endif
