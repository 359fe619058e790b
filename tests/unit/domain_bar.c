#include "domain/bar.h"
#include <math.h>
#include "domain/statistics.h"
#include "tap.h"

#define COUNT(bands) (sizeof(bands) / sizeof(*(bands)))

static void judges(void)
{
	/* 70 is the bar; below it 190 leads do as well as those above */
	const struct bar_band high[] = {
		{ 40, { 2, 20 } }, { 50, { 34, 80 } }, { 60, { 44, 90 } }, { 70, { 90, 200 } }, { 80, { 30, 60 } }
	};
	/* the same below, but so few that they make up little of what is won */
	const struct bar_band few[] = { { 60, { 12, 25 } }, { 70, { 450, 1000 } }, { 80, { 300, 600 } } };
	/* below the bar they bring next to nothing */
	const struct bar_band right[] = {
		{ 40, { 2, 100 } }, { 50, { 8, 100 } }, { 60, { 12, 100 } }, { 70, { 90, 200 } }, { 80, { 30, 60 } }
	};
	/* just above the bar of 60 they bring next to nothing, and they are many */
	const struct bar_band low[] = {
		{ 50, { 1, 25 } }, { 60, { 6, 120 } }, { 65, { 9, 110 } }, { 70, { 90, 200 } }, { 80, { 35, 70 } }
	};
	/* 44 of 300 that got there came from below: more than a tenth for sure, but not where 200 curves are looked at */
	const struct bar_band barely[] = { { 60, { 44, 90 } }, { 70, { 256, 520 } } };
	struct bar_judgement judged = bar_judge(high, COUNT(high), 70, 1);

	is_int(judged.verdict, BAR_TOO_HIGH, "80 of 190 below against 120 of 260 above: too high");
	is_int((long)judged.recommended, 50, "down to where leads are worth it: 2 of 20 are not");
	is_int(judged.below.of, 190, "handed over below it");
	is_int(judged.above.hits, 120, "got there from above");
	is_int((long)judged.compared, 4, "bars between five bands");
	is_int((long)bar_judge(high, COUNT(high), 70, 3).compared, 12, "three times as many beside two other curves");
	is_int(bar_judge(few, COUNT(few), 70, 1).verdict, BAR_UNSURE, "12 of 762 from below do not matter");
	is_int(bar_judge(barely, COUNT(barely), 70, 1).verdict, BAR_TOO_HIGH, "44 of 300 from below matter");
	is_int(bar_judge(barely, COUNT(barely), 70, 200).verdict, BAR_UNSURE, "not for sure as one of 200 curves");
	judged = bar_judge(right, COUNT(right), 70, 1);
	is_int(judged.verdict, BAR_UNSURE, "22 of 300 below: the bar is right");
	is_int((long)judged.recommended, 70, "and stays");
	judged = bar_judge(low, COUNT(low), 60, 1);
	is_int(judged.verdict, BAR_TOO_LOW, "15 of 230 just above it against 125 of 270 further up: too low");
	is_int((long)judged.recommended, 70, "up to where leads are worth it");
	is_int(bar_judge(low, COUNT(low), 70, 1).verdict, BAR_UNSURE, "a bar of 70 would be right there");
	is_int(bar_judge(high, 3, 70, 1).verdict, BAR_UNSURE, "nobody above the bar: nothing is said");
	is_int(bar_judge(high, 0, 70, 1).verdict, BAR_UNSURE, "no leads at all: nothing is said");
	is_int(bar_judge(high + 3, 2, 70, 1).verdict, BAR_UNSURE, "nobody below the bar: nothing is said");
}

static void bars_in_use(void)
{
	/* a third pass below, whatever their score, as hand-raisers do */
	const struct bar_band blurred[] = {
		{ 40, { 30, 100 } }, { 50, { 40, 110 } }, { 60, { 97, 100 } }, { 70, { 58, 60 } }
	};
	const struct bar_band none[] = { { 40, { 50, 100 } }, { 50, { 52, 100 } }, { 60, { 55, 100 } } };
	const struct bar_band soft[] = {
		{ 40, { 10, 100 } }, { 50, { 30, 100 } }, { 60, { 60, 100 } }, { 70, { 70, 100 } }
	};
	double bar = 0;

	ok(fabs(bar_in_use(blurred, COUNT(blurred), &bar) - (155.0 / 160 - 70.0 / 210)) < 1e-12,
	   "by how much the share rises");
	is_int((long)bar, 60, "the bar is where it does");
	ok(bar_in_use(none, COUNT(none), &bar) == 0, "the same share at all scores: no bar");
	ok(bar_in_use(soft, COUNT(soft), &bar) == 0, "less than four in five pass above it: no bar");
	ok(bar_in_use(blurred, 0, &bar) == 0, "no leads: no bar");
}

static void intervals(void)
{
	struct interval one = share_against(56, 70, 48, 80, 1, 0.95), newcombes = newcombe(56, 70, 48, 80, 0.95);
	struct interval alone = share_against(56, 70, 48, 80, 0, 0.95), own = wilson(56, 70, 0.95);
	struct interval half = share_against(56, 70, 48, 80, 0.5, 0.95);

	ok(one.low == newcombes.low && one.high == newcombes.high, "once: the difference");
	ok(fabs(alone.low - own.low) < 1e-12 && fabs(alone.high - own.high) < 1e-12,
	   "against nothing: the share itself");
	ok(half.low < 0.5 && half.low > newcombes.low && half.high > 0.5, "0.8 less half of 0.6 lies around 0.5");
}

int main(void)
{
	judges();
	bars_in_use();
	intervals();
	return done();
}
