/* When is a difference worth a sentence? Pure.
 *
 * A thing is said only where it differs for sure (statistics.h, corrected for how many were compared) and by enough to matter.
 * Healthy companies differ a little by nature; nobody is to be accused of that.
 */
#ifndef DOMAIN_DETECT_H
#define DOMAIN_DETECT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct share_of {
	int64_t hits, of;
};

#define DETECT_NONE ((size_t)-1)

double share_value(struct share_of share); /* 0 of nothing */
/* All together less the i-th. */
struct share_of share_rest(const struct share_of *shares, size_t count, size_t i);

/* Junk: the i-th converts at no more than a third of what the others do, for sure, one of `count` looked at. */
bool detect_junk(const struct share_of *converted, size_t count, size_t i);
/* Slow: the i-th has at least twice the others' share of slow answers and 20 points more, for sure. */
bool detect_slow(const struct share_of *slow, size_t count, size_t i);
/* The leaking stage: the one whose finished visits end lost at least half as often again as in the next worst stage, and 10 points
 * more, for sure; DETECT_NONE when there is none. */
size_t detect_leak(const struct share_of *lost, size_t count);
/* Broken: all promises of one party together were kept for sure less often than agreed, by 10 points and more; one of `parties` looked at. */
bool detect_broken(struct share_of kept, double agreed, size_t parties);
/* Does the i-th differ from the others, one of `comparisons`? +1 higher, −1 lower, 0 not for sure. */
int detect_differs(struct share_of one, struct share_of others, size_t comparisons);

#endif
