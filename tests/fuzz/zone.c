/* Time zone files from any bytes: refused, or ranges in ascending order from the beginning of time. */
#include <stdlib.h>
#include "base/err.h"
#include "base/tzfile.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct tz_ranges ranges;

	if (!tz_ranges_read(&ranges, (struct str){ (const char *)data, size })) {
		if (ranges.items || ranges.count)
			BUG("refused, but not empty");
		return 0;
	}
	if (!ranges.count || ranges.items[0].from_s != INT64_MIN)
		BUG("time has no beginning");
	for (size_t i = 1; i < ranges.count; i++)
		if (ranges.items[i].from_s <= ranges.items[i - 1].from_s)
			BUG("range %zu begins before the one before it", i);
	free(ranges.items);
	return 0;
}
