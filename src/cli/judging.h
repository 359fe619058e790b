/* Judging facts by an agreement before they are asked. */
#ifndef CLI_JUDGING_H
#define CLI_JUDGING_H

#include "cli/load.h"
#include "desk/judge.h"

/* Judges all leads under the terms, as of `as_of` (DATE_NONE: the facts' own as-of day), with a progress line. */
int judge_facts(struct invocation *in, struct facts *facts, const struct judge_terms *terms, int32_t as_of,
		struct err *err);

#endif
