/* What can happen to a lead, as agreements speak of it: the milestones of its life and what comes of contacts. */
#ifndef DOMAIN_LEAD_EVENT_H
#define DOMAIN_LEAD_EVENT_H

#include <stdbool.h>
#include <stdint.h>
#include "base/str.h"

enum lead_event {
	EVENT_CREATED,
	EVENT_PREQUALIFIED,
	EVENT_QUALIFIED,
	EVENT_HANDED_OFF,
	EVENT_FIRST_RESPONSE, /* the first human attempt after hand-over, or a conversation whoever began it */
	EVENT_REACHED,        /* a conversation both ways */
	EVENT_WORKING,        /* the seller says so */
	EVENT_ACCEPTED,
	EVENT_REJECTED,
	EVENT_DISQUALIFIED,
	EVENT_OPTED_OUT,
	EVENT_OPPORTUNITY,
	EVENT_WON,
	EVENT_LOST,
	EVENT_DISCONTINUED,
	EVENT__COUNT
};

#define EVENT_NEVER INT64_MAX   /* has not happened */
#define EVENT_UNKNOWN INT64_MIN /* has happened, nobody wrote down when: before any instant */

static inline bool event_known(int64_t at_ms)
{
	return at_ms != EVENT_NEVER && at_ms != EVENT_UNKNOWN;
}

const char *lead_event_name(enum lead_event event);
/* The names, in order; ends with NULL. */
const char *const *lead_event_names(void);
bool lead_event_by_name(struct str name, enum lead_event *out);

#endif
