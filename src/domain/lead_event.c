#include "domain/lead_event.h"

static const char *const names[EVENT__COUNT + 1] = {
	[EVENT_CREATED] = "created",
	[EVENT_PREQUALIFIED] = "prequalified",
	[EVENT_QUALIFIED] = "qualified",
	[EVENT_HANDED_OFF] = "handed_off",
	[EVENT_FIRST_RESPONSE] = "first_response",
	[EVENT_REACHED] = "reached",
	[EVENT_WORKING] = "working",
	[EVENT_ACCEPTED] = "accepted",
	[EVENT_REJECTED] = "rejected",
	[EVENT_DISQUALIFIED] = "disqualified",
	[EVENT_OPTED_OUT] = "opted_out",
	[EVENT_OPPORTUNITY] = "opportunity",
	[EVENT_WON] = "won",
	[EVENT_LOST] = "lost",
	[EVENT_DISCONTINUED] = "discontinued",
};

const char *lead_event_name(enum lead_event event)
{
	return names[event];
}

const char *const *lead_event_names(void)
{
	return names;
}

bool lead_event_by_name(struct str name, enum lead_event *out)
{
	for (int i = 0; i < EVENT__COUNT; i++)
		if (str_is(name, names[i])) {
			*out = (enum lead_event)i;
			return true;
		}
	return false;
}
