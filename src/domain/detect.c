#include "domain/detect.h"

#include "domain/statistics.h"

#define JUNK_TIMES (1.0 / 3)
#define SLOW_TIMES 2.0
#define SLOW_POINTS 0.20
#define LEAK_TIMES 1.5
#define LEAK_POINTS 0.10
#define BROKEN_POINTS 0.10

double share_value(struct share_of share)
{
	return share.of > 0 ? (double)share.hits / (double)share.of : 0;
}

struct share_of share_rest(const struct share_of *shares, size_t count, size_t i)
{
	struct share_of rest = { 0, 0 };

	for (size_t k = 0; k < count; k++) {
		if (k != i) {
			rest.hits += shares[k].hits;
			rest.of += shares[k].of;
		}
	}
	return rest;
}

int detect_differs(struct share_of one, struct share_of others, size_t comparisons)
{
	if (one.of < TOO_FEW || others.of < TOO_FEW ||
	    !share_differs(one.hits, one.of, others.hits, others.of, comparisons))
		return 0;
	return share_value(one) > share_value(others) ? 1 : -1;
}

bool detect_junk(const struct share_of *converted, size_t count, size_t i)
{
	struct share_of rest = share_rest(converted, count, i);

	return detect_differs(converted[i], rest, count) < 0 &&
	       share_value(converted[i]) <= JUNK_TIMES * share_value(rest);
}

bool detect_slow(const struct share_of *slow, size_t count, size_t i)
{
	struct share_of rest = share_rest(slow, count, i);

	return detect_differs(slow[i], rest, count) > 0 && share_value(slow[i]) >= SLOW_TIMES * share_value(rest) &&
	       share_value(slow[i]) >= share_value(rest) + SLOW_POINTS;
}

size_t detect_leak(const struct share_of *lost, size_t count)
{
	size_t worst = DETECT_NONE, next = DETECT_NONE;

	for (size_t i = 0; i < count; i++) {
		if (lost[i].of < TOO_FEW)
			continue;
		if (worst == DETECT_NONE || share_value(lost[i]) > share_value(lost[worst])) {
			next = worst;
			worst = i;
		} else if (next == DETECT_NONE || share_value(lost[i]) > share_value(lost[next])) {
			next = i;
		}
	}
	if (next == DETECT_NONE || detect_differs(lost[worst], lost[next], count) <= 0)
		return DETECT_NONE;
	if (share_value(lost[worst]) < LEAK_TIMES * share_value(lost[next]) ||
	    share_value(lost[worst]) < share_value(lost[next]) + LEAK_POINTS)
		return DETECT_NONE;
	return worst;
}

bool detect_broken(struct share_of kept, double agreed, size_t parties)
{
	return kept.of >= TOO_FEW && share_value(kept) <= agreed - BROKEN_POINTS &&
	       wilson(kept.hits, kept.of, level_for(0.95, parties)).high < agreed;
}
