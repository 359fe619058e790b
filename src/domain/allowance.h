/* A time allowed, as an agreement writes it: "8 hours", "30 calendar minutes", "2 working days", "14 calendar days".
 * Time is working time unless *calendar* is written. One text has one unit. */
#ifndef DOMAIN_ALLOWANCE_H
#define DOMAIN_ALLOWANCE_H

#include <stdint.h>
#include "base/str.h"

enum allowance_kind {
	ALLOW_WORKING_TIME, /* amount: milliseconds */
	ALLOW_CALENDAR_TIME,
	ALLOW_WORKING_DAYS, /* amount: days */
	ALLOW_CALENDAR_DAYS,
	ALLOW__COUNT
};

struct allowance {
	enum allowance_kind kind;
	int64_t amount; /* above 0 */
};

enum { ALLOWANCE_TEXT = 64 };

/* NULL when read; else one sentence that says what is wrong and what to write. Borrows nothing. */
const char *allowance_parse(struct str text, struct allowance *out);
/* "8 working hours", in the largest unit that is exact. */
void allowance_format(struct allowance allowance, char out[ALLOWANCE_TEXT]);

#endif
