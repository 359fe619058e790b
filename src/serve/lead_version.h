/* The version of what can be told about a lead, as an ETag: of its steps, who has it, and how it was marked. Contacts and clocks are no conflict. */
#ifndef SERVE_LEAD_VERSION_H
#define SERVE_LEAD_VERSION_H

#include "desk/lead_desk.h"

/* With its quotation marks; in the arena. */
const char *lead_version(const struct facts *facts, const struct lead_file *file, struct arena *arena);

#endif
