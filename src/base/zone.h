/* Time zones from the system's tzdata. Reads TZif files itself; never touches the TZ variable.
 *
 * UTC instants are milliseconds (int64_t). Local times are wall-clock seconds (date.h).
 * A repeated local time means its first occurrence; a missing one moves forward by the gap. */
#ifndef BASE_ZONE_H
#define BASE_ZONE_H

#include <stdint.h>
#include "base/err.h"
#include "base/str.h"

struct zone;

/* `name` as in tzdata ("Europe/Berlin"). Returns owned. ERR_INPUT with the nearest name when there is none such, ERR_SYSTEM when its
 * file cannot be read. "UTC" never fails. */
int zone_load(struct zone **out, const char *name, struct err *err);
void zone_free(struct zone *zone);
/* The machine's own zone name (TZ when it names one, /etc/timezone, /etc/localtime), "UTC" when it cannot be told. */
const char *zone_of_machine(char *out, size_t size);

int64_t zone_local_s(const struct zone *zone, int64_t utc_ms);    /* instant → wall clock, seconds */
int64_t zone_utc_ms(const struct zone *zone, int64_t local_s);    /* wall clock → instant */
int32_t zone_date(const struct zone *zone, int64_t utc_ms);       /* the local calendar date */
int64_t zone_day_start_ms(const struct zone *zone, int32_t date); /* first instant of that local date */
/* Of other names may be the same time: asked is that date and the one half a year later. */
bool zones_agree(const struct zone *a, const struct zone *b, int32_t date);

/* "2026-03-09T14:05:00+01:00"; 32 bytes are enough. */
void zone_format(const struct zone *zone, int64_t utc_ms, char out[40]);
/* ISO 8601 with offset or Z, or without (then local in `zone`); date alone gives its first instant and *date_only = true. */
bool zone_parse(const struct zone *zone, struct str text, int64_t *utc_ms, bool *date_only);

#endif
