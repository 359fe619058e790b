/* Duplicates at the command line: part of `lockstep lead`. */
#ifndef CLI_LEAD_MERGE_H
#define CLI_LEAD_MERGE_H

#include "cli/at_desk.h"

/* `lead duplicates [KEY]`; `file` NULL: all. */
enum exit_code lead_duplicates(struct at_desk *at, const struct lead_file *file);
/* `lead duplicate KEY --of OTHER --preview`. */
enum exit_code lead_merge_preview(struct at_desk *at, const struct lead_file *file, const char *of);
/* `lead duplicate KEY --of OTHER`: 0 and *told, or the code to return. */
enum exit_code lead_merge(struct at_desk *at, const struct lead_file *file, const char *of,
			  const struct lead_word *word, struct lead_told *told);

#endif
