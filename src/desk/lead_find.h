/* Leads by what a person would type: part of a name, of a company, of a mail address, of a telephone number, of an id.
 *
 * What is personal stands sealed in the book, each person's with a key of their own, and nowhere in a form that could be looked up: else
 * erasing the key would not make it noise. So every lead and contact is opened and compared, which takes time as there are leads; who was
 * erased cannot be found, nor who has no key here. Postal addresses and remarks are not looked at.
 */
#ifndef DESK_LEAD_FIND_H
#define DESK_LEAD_FIND_H

#include "desk/lead_desk.h"

struct lead_found {
	uint32_t row; /* of the lead */
	struct str name, company, email, phone;
};

/* Is there a letter or digit in one of them? Else every lead has them. */
bool lead_find_can(const struct str *words, size_t count);
/* Leads in which each of the words is part of something, whatever its case, accents and punctuation; a lead that names a contact has the
 * contact's name and addresses too. The first `most` of them, in the desk's arena, in the order of the book; *total counts all. */
int lead_find(struct lead_desk *desk, const struct str *words, size_t count, size_t most, struct lead_found **out,
	      size_t *found, uint64_t *total, struct err *err);

#endif
