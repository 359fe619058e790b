/* What the lead's page, a line of the desk and a lead's story consist of, as report/lead_page.c, due_json.c and time_line.c write them. */
#ifndef SERVE_LEAD_MEMBERS_H
#define SERVE_LEAD_MEMBERS_H

#include "serve/member.h"

extern const struct member lead_members[];   /* GET /api/leads/{key} */
extern const struct member due_item;         /* a lead on somebody's desk */
extern const struct member nurture_item;     /* a lead in nurture's queue */
extern const struct member words_members[];  /* the reasons that the agreement knows */
extern const struct member person_members[]; /* who a lead is */
extern const struct member happening_item;   /* what happened, on the line of time */
extern const struct member owner_item;       /* who had it */

#endif
