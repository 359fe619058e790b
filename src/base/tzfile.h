/* Reading TZif files (RFC 8536) into ranges of constant offset. Used by zone.c only. */
#ifndef BASE_TZFILE_H
#define BASE_TZFILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/str.h"

/* From `from_s` (UTC seconds) until the next range begins, local time is UTC + `offset_s`. */
struct tz_range {
	int64_t from_s;
	int32_t offset_s;
};

/* The Gregorian calendar repeats, weekdays included, after 400 years; so do the rules of daylight saving. */
#define TZ_CYCLE_S (INT64_C(146097) * 86400)

struct tz_ranges {
	struct tz_range *items; /* ascending; the first begins at INT64_MIN */
	size_t count, capacity;
	int64_t horizon_s; /* times from here on repeat the cycle before it; INT64_MAX when nothing changes any more */
};

/* Fills `out` (released with free(out->items)) from the bytes of a file. False when they are no TZif file without leap seconds;
 * `out` is empty then. */
bool tz_ranges_read(struct tz_ranges *out, struct str bytes);

#endif
