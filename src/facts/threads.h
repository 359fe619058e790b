/* Work shared out to threads. */
#ifndef FACTS_THREADS_H
#define FACTS_THREADS_H

#include <stddef.h>
#include "base/err.h"

typedef int work_fn(void *context, size_t item, struct err *err);
/* Calls `work` for each of `count` items, on so many threads; `tick` after each item of this one. The first failure by item counts. */
int load_each(unsigned threads, size_t count, work_fn *work, void *context, void (*tick)(void *), struct err *err);

#endif
