/* How a lead's person is reached, and whether they may be. */
#ifndef DESK_LEAD_CONTACT_H
#define DESK_LEAD_CONTACT_H

#include "desk/lead_desk.h"

struct lead_contact {
	bool found;
	bool opted_out; /* of this lead; until that is taken back */
	struct str company;
	struct str name, email; /* empty where they are not known, or erased */
};

/* `key`: an id, or SOURCE:ID. In the desk's arena. */
int lead_contact_read(struct lead_desk *desk, struct str key, struct lead_contact *out, struct err *err);

#endif
