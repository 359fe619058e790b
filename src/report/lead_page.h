/* One lead on a page: who it is, where it stands, whether it is good enough and why, what was done, what is promised about it. */
#ifndef REPORT_LEAD_PAGE_H
#define REPORT_LEAD_PAGE_H

#include <jansson.h>
#include "base/buf.h"
#include "desk/lead_desk.h"

/* For a terminal of 100 columns. */
int lead_page_text(struct lead_desk *desk, const struct lead_file *file, bool colour, struct buf *out, struct err *err);
/* The same for programs. Returns owned. */
int lead_page_json(struct lead_desk *desk, const struct lead_file *file, json_t **out, struct err *err);

#endif
