/* What became of files that were imported, as programs read it. */
#ifndef REPORT_IMPORT_JSON_H
#define REPORT_IMPORT_JSON_H

#include <jansson.h>
#include "desk/import.h"

/* {"files": […], "unknown", "known", "dry_run"}; with `dry_run` each file has a preview, and no file of rejected rows. */
json_t *import_json(const struct import_summary *summary, bool dry_run);

#endif
