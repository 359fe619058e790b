/* Taking one lead in, as somebody tells it: a form, a program, a colleague. Files go through desk/import.h. */
#ifndef DESK_INTAKE_H
#define DESK_INTAKE_H

#include "desk/lead_desk.h"

/* Whose ids leads taken in one by one have. */
#define INTAKE_SOURCE "lockstep"

/* Writes the lead; `fields` without keys and references. `key`: as who tells it calls the lead; empty: it gets a number. 1: refused, and
 * `problems` says why (the book has one of that key already); 0: done, and *out is the key, in the desk's arena. */
int intake_lead(struct lead_desk *desk, const struct record_fields *fields, struct str key, struct str *out,
		struct problems *problems, struct err *err);

#endif
