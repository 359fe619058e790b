#include "domain/bar.h"

#include <math.h>
#include "domain/statistics.h"

static struct share_of sum(const struct bar_band *bands, size_t from, size_t to)
{
	struct share_of all = { 0, 0 };

	for (size_t i = from; i < to; i++) {
		all.hits += bands[i].got_there.hits;
		all.of += bands[i].got_there.of;
	}
	return all;
}

static bool matters(int64_t part, int64_t of, double level)
{
	return wilson(part, of, level).low > BAR_MATTERS;
}

/* Down from the bar, a stretch of bands at a time: as long as each stretch is worth it. Where it ends. */
static size_t worth_down_to(const struct bar_band *bands, size_t at, struct share_of above, double level)
{
	size_t end = at;

	for (size_t low = at; low-- > 0;) {
		struct share_of stretch = sum(bands, low, end);

		if (stretch.of >= TOO_FEW &&
		    share_against(stretch.hits, stretch.of, above.hits, above.of, BAR_TIMES, level).low > 0)
			end = low;
	}
	return end;
}

/* Up from the bar likewise: as long as each stretch is not worth it beside what is further up. */
static size_t wasted_up_to(const struct bar_band *bands, size_t count, size_t at, double level)
{
	size_t end = at;

	for (size_t high = at + 1; high < count; high++) {
		struct share_of stretch = sum(bands, end, high), rest = sum(bands, high, count);

		if (stretch.of >= TOO_FEW && rest.of >= TOO_FEW &&
		    share_against(stretch.hits, stretch.of, rest.hits, rest.of, BAR_TIMES, level).high < 0)
			end = high;
	}
	return end;
}

struct bar_judgement bar_judge(const struct bar_band *bands, size_t count, double bar, size_t curves)
{
	struct bar_judgement judged = { .verdict = BAR_UNSURE, .recommended = bar };
	size_t at = 0, end;
	double level;

	while (at < count && bands[at].from < bar)
		at++;
	judged.above = sum(bands, at, count);
	judged.below = sum(bands, 0, at);
	judged.compared = count ? (count - 1) * curves : 0;
	level = level_for(0.95, judged.compared);
	if (judged.above.of < TOO_FEW)
		return judged;
	end = worth_down_to(bands, at, judged.above, level);
	if (end < at && matters(judged.below.hits, judged.below.hits + judged.above.hits, level)) {
		judged.verdict = BAR_TOO_HIGH;
		judged.recommended = bands[end].from;
		return judged;
	}
	end = wasted_up_to(bands, count, at, level);
	if (end > at && matters(sum(bands, at, end).of, judged.above.of, level)) {
		judged.verdict = BAR_TOO_LOW;
		judged.recommended = bands[end].from;
	}
	return judged;
}

/* Log-likelihood of the share at its own best. */
static double likelihood(struct share_of share)
{
	double p = share_value(share), hits = (double)share.hits, misses = (double)(share.of - share.hits);

	return (hits > 0 ? hits * log(p) : 0) + (misses > 0 ? misses * log(1 - p) : 0);
}

double bar_in_use(const struct bar_band *passed, size_t count, double *bar)
{
	struct share_of above, below;
	double best = -INFINITY;
	size_t at = 0;

	for (size_t i = 1; i < count; i++) {
		double one;

		above = sum(passed, i, count);
		below = sum(passed, 0, i);
		one = likelihood(above) + likelihood(below);
		if (share_value(above) > share_value(below) && one > best) {
			best = one;
			at = i;
		}
	}
	if (!at)
		return 0;
	above = sum(passed, at, count);
	below = sum(passed, 0, at);
	if (above.of < TOO_FEW || below.of < TOO_FEW || share_value(above) < 0.8 ||
	    newcombe(above.hits, above.of, below.hits, below.of, level_for(0.95, count - 1)).low < 0.3)
		return 0;
	*bar = passed[at].from;
	return share_value(above) - share_value(below);
}
