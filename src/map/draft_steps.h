/* Columns that tell steps of leads, for drafting a map of their history. */
#ifndef MAP_DRAFT_STEPS_H
#define MAP_DRAFT_STEPS_H

#include "base/buf.h"
#include "base/table.h"
#include "domain/lead_step.h"

/* "Handed over", "MQL", "Abgelehnt": as systems write it. */
bool draft_step_of(struct str word, enum lead_step *out);
/* Are most of a column's different words steps? Few words are there then. */
bool draft_are_steps(const struct table *words);

#endif
