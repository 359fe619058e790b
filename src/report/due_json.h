/* What lies on a desk, lead by lead, as the pages show it (desk/due.h). Times are ISO 8601 in the book's zone. */
#ifndef REPORT_DUE_JSON_H
#define REPORT_DUE_JSON_H

#include <jansson.h>
#include "desk/due.h"

/* For who has it: its soonest promise, how it stands. Returns owned. */
int due_lead_json(struct lead_desk *desk, const struct due_lead *lead, json_t **out, struct err *err);
/* For nurture: points and bar, what is missing, what was answered. Returns owned. */
int due_nurture_json(struct lead_desk *desk, const struct due_lead *lead, json_t **out, struct err *err);
/* The reasons that the agreement in force knows, for each kind of no. Returns owned. */
json_t *due_words_json(const struct lead_desk *desk);

#endif
