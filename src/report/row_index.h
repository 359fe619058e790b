/* Which row of a report's table has these labels. Labels are told apart as they are in the facts, not as they are printed. */
#ifndef REPORT_ROW_INDEX_H
#define REPORT_ROW_INDEX_H

#include <stddef.h>
#include "base/str.h"

struct row_index;

struct row_index *row_index_new(void);
void row_index_free(struct row_index *index);
/* The row of these labels; `next` where none has them yet: from now on that one has. */
size_t row_index_of(struct row_index *index, const struct str *labels, size_t count, size_t next);

#endif
