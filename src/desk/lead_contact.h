/* How a lead's person is reached, and whether they may be. */
#ifndef DESK_LEAD_CONTACT_H
#define DESK_LEAD_CONTACT_H

#include "desk/lead_desk.h"

struct lead_contact {
	bool found;
	/* By this lead, or by another with the same address or telephone number; until that is taken back. */
	bool opted_out;
	bool unsure; /* it cannot be told yet: not all leads are known (desk/matches.h) */
	struct str company;
	struct str name, email; /* empty where they are not known, or erased */
};

/* `key`: an id, or SOURCE:ID. In the desk's arena. */
int lead_contact_read(struct lead_desk *desk, struct str key, struct lead_contact *out, struct err *err);

/* Does the person of this lead want no contact, by it or by another with the same address or telephone number? By this lead alone where not all
 * leads are known (desk/matches.h), as on the command line. */
int lead_person_opted_out(struct lead_desk *desk, const struct lead_file *file, bool *out, struct err *err);

#endif
