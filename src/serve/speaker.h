/* Who tells something about a lead, and about which: what every endpoint that does so reads first. */
#ifndef SERVE_SPEAKER_H
#define SERVE_SPEAKER_H

#include "serve/call.h"

/* The lead whose key stands first in the path, among those that who asks may see. False after saying that there is none. */
bool lead_found(struct call *call, struct lead_file *file);

/* The members by, at, reason, to, note, where they are given: you unless `by` says who else, now unless `at` says when. Whole seconds. False
 * after saying why not: `by` is nobody, or may not be told for by who asks. */
bool lead_word_read(struct call *call, struct lead_word *word);

#endif
