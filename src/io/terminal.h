/* What a person sees on a terminal: colour only there, progress only there, plain text everywhere else. */
#ifndef IO_TERMINAL_H
#define IO_TERMINAL_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include "base/buf.h"

/* Colour is used when the stream is a terminal, NO_COLOR is unset and TERM is not "dumb". */
bool terminal_colour(FILE *stream);
int terminal_width(FILE *stream); /* 100 when it cannot be told */

enum ink { INK_PLAIN, INK_BOLD, INK_DIM, INK_GOOD, INK_WARN, INK_BAD, INK__COUNT };
const char *ink_on(enum ink ink, bool colour); /* escape sequence, "" without colour */
const char *ink_off(bool colour);

/* A progress line on standard error: "importing leads.csv  42 %  1,204,000 rows  131,000/s  0:07 left". At most ten times a
 * second; nothing in the first half second, nor when standard error is no terminal. */
struct progress {
	const char *what;
	uint64_t total; /* 0 = not known */
	bool shown;
	int64_t started_ms, last_ms;
	const char *unit; /* "rows" */
};
void progress_start(struct progress *p, const char *what, const char *unit, uint64_t total);
/* `done` of `total` measures how far; `units` is what is counted aloud. */
void progress_step(struct progress *p, uint64_t done, uint64_t units);
void progress_end(struct progress *p); /* clears the line */

/* "1,204,000" */
const char *count_text(int64_t n, char out[32]);

#endif
