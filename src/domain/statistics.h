/* The few statistics Lockstep speaks with. Pure.
 *
 * "Differs" is said only where the 95 % interval of the difference excludes zero, corrected for how many lists were searched.
 */
#ifndef DOMAIN_STATISTICS_H
#define DOMAIN_STATISTICS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TOO_FEW 20 /* a smaller denominator prints "too few to say" beside the numbers */

struct interval {
	double low, high;
};

/* Wilson score interval (Wilson 1927) at confidence `level` (0.95). */
struct interval wilson(int64_t hits, int64_t of, double level);
/* Difference of two shares, Newcombe's hybrid score interval (Newcombe 1998, method 10). */
struct interval newcombe(int64_t hits_a, int64_t of_a, int64_t hits_b, int64_t of_b, double level);
/* Share a less `times` share b, by the same recovery of variance (Zou & Donner 2008): Newcombe's interval where times is 1. */
struct interval share_against(int64_t hits_a, int64_t of_a, int64_t hits_b, int64_t of_b, double times, double level);
/* Quantile of the standard normal (Wichura 1988, AS 241). */
double normal_quantile(double p);
/* Type 7: linear interpolation between closest ranks; `sorted` ascending, p in 0…1. NaN when empty. */
double percentile_sorted(const double *sorted, size_t count, double p);
/* Level per comparison so that all of `comparisons` hold together at `level` (Bonferroni). */
double level_for(double level, size_t comparisons);
/* Do shares a and b differ, one of `comparisons` looked at? */
bool share_differs(int64_t hits_a, int64_t of_a, int64_t hits_b, int64_t of_b, size_t comparisons);

#endif
