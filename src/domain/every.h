/* The periods that agreements speak of: each day, week, month, quarter, year. Of the calendar: weeks begin on Monday, a year in January. */
#ifndef DOMAIN_EVERY_H
#define DOMAIN_EVERY_H

#include <stdbool.h>
#include <stdint.h>
#include "base/str.h"

enum every { EVERY_NONE, EVERY_DAY, EVERY_WEEK, EVERY_MONTH, EVERY_QUARTER, EVERY_YEAR, EVERY__COUNT };

const char *every_name(enum every period);
/* By enum every, NULL behind the last. */
const char *const *every_names(void);
/* False, and nothing changed, where it is none. */
bool every_by_name(struct str name, enum every *out);

/* The first day of the period that the date lies in, and of the one after. Of EVERY_NONE: as of days. */
int32_t every_start(enum every every, int32_t date);
int32_t every_next(enum every every, int32_t start);

#endif
