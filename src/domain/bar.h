/* Is the bar at which leads are handed over too high, too low, or is there nothing to say for sure? Pure.
 *
 * What is known is what was tried: leads handed over from above the bar, and those that got through below it,
 * whatever let them through. Of leads that nobody handed over nothing is known, and nothing is said.
 *
 * Too high: leads from below the bar get there (become an opportunity) at more than BAR_TIMES of the rate of those above, for sure,
 * and more than BAR_MATTERS of all that got there came from below, for sure. Who is worth that much of a seller's time just above the
 * bar is worth it below.
 * Too low: leads in the bands just above the bar get there at less than BAR_TIMES of the rate of those further up, for sure, and they
 * are more than BAR_MATTERS of all that were handed over, for sure.
 *
 * For sure: the 95 % interval, corrected for how many bars were looked at. A rate against a multiple of another by share_against.
 */
#ifndef DOMAIN_BAR_H
#define DOMAIN_BAR_H

#include "domain/detect.h"

#define BAR_TIMES 0.5
#define BAR_MATTERS 0.1

/* Leads with `from` points or more, up to the next band. */
struct bar_band {
	double from;
	struct share_of got_there; /* of those handed over */
};

enum bar_verdict { BAR_UNSURE, BAR_TOO_HIGH, BAR_TOO_LOW };

struct bar_judgement {
	enum bar_verdict verdict;
	double recommended; /* the bar itself where the verdict is BAR_UNSURE */
	struct share_of above, below;
	size_t compared; /* bars looked at */
};

/* `bands` ascending by `from`; those at or above `bar` are above it. `curves`: how many are judged beside each other, with this one. */
struct bar_judgement bar_judge(const struct bar_band *bands, size_t count, double bar, size_t curves);

/* The bar that was in use, where nobody wrote it down: the one that best parts leads that passed from those that did not (the
 * likeliest place at which the share that passes changes). `passed`: per band how many passed of how many came. Returns by how much the
 * share rises there; 0 where there is no bar to see: less than 4 in 5 pass above it, or the rise is not for sure 3 in 10. */
double bar_in_use(const struct bar_band *passed, size_t count, double *bar);

#endif
