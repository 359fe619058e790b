/* The story of one lead: who it is, and everything that was done, said and sent, on one line of time; who had it, and why. */
#ifndef REPORT_TIME_LINE_H
#define REPORT_TIME_LINE_H

#include <jansson.h>
#include "desk/lead_desk.h"

/* {"person": {…}, "line": [{"at", "what": "step|touch|contact|promise", "text", "by", "why", "about", "note", "episode"}], "owners": [{"at",
 * "owner", "by", "why"}]}, oldest first. Times are ISO 8601 in the book's zone; what nobody wrote down when is left out. Returns owned. */
int time_line_json(struct lead_desk *desk, const struct lead_file *file, json_t **out, struct err *err);

#endif
