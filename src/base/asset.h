/* Files that stand inside the binary: the presets and the web bundle.
 * Names are "presets/hubspot.yaml", "web/charts.js". Bytes are followed by a NUL and live as long as the program. */
#ifndef BASE_ASSET_H
#define BASE_ASSET_H

#include <stddef.h>
#include "base/str.h"

/* STR_NONE when there is none of that name. */
struct str asset_get(const char *name);

/* Walks all of them in the order of their names: i = 0, 1, …; *name is NULL, and STR_NONE comes back, past the last. */
struct str asset_at(size_t i, const char **name);

/* The table that tools/embed writes; for asset.c alone. Ends with a NULL name. */
struct asset_entry {
	const char *name, *at, *end;
};
extern const struct asset_entry asset_entries[];

#endif
