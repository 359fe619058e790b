/* Writing a calendar (RFC 5545) that programs subscribe to. libical does the escaping and folding. */
#ifndef IO_ICS_WRITE_H
#define IO_ICS_WRITE_H

#include "base/buf.h"

struct ics_event {
	const char *uid; /* the same whenever the calendar is written */
	int64_t at_ms;
	int minutes;            /* how long it lasts, up to `at_ms` */
	const char *summary;    /* NUL-terminated, UTF-8 */
	const char *text, *url; /* NULL: none */
};

void ics_write(struct buf *out, const char *name, const struct ics_event *events, size_t count, int64_t now_ms);

#endif
