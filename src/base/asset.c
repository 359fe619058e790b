#include "base/asset.h"

struct str asset_at(size_t i, const char **name)
{
	size_t count = 0;

	while (asset_entries[count].name)
		count++;
	if (i >= count) {
		*name = NULL;
		return STR_NONE;
	}
	*name = asset_entries[i].name;
	return (struct str){ asset_entries[i].at, (size_t)(asset_entries[i].end - asset_entries[i].at) };
}

struct str asset_get(const char *wanted)
{
	const char *name;

	for (size_t i = 0;; i++) {
		struct str bytes = asset_at(i, &name);
		if (!name)
			return STR_NONE;
		if (strcmp(name, wanted) == 0)
			return bytes;
	}
}
