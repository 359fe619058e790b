/* The calendar files that annexes name. */
#ifndef DESK_HOLIDAYS_H
#define DESK_HOLIDAYS_H

#include "domain/annexes.h"

/* Reads each `{file: …}` of the annexes, beside the file `path` that names them or below, and adds its days, so that no files are left. What
 * is wrong goes to `problems`, with the name and line of the calendar file, and what was passed over to its notes. `sent`: the text came
 * without a file, so that nothing lies beside it; that it names some is wrong. */
void holidays_take_in(struct annexes *annexes, const char *path, bool sent, struct problems *problems,
		      struct arena *arena);

#endif
