#include "domain/detect.h"
#include "tap.h"

int main(void)
{
	struct share_of campaigns[] = { { 40, 300 }, { 38, 280 }, { 45, 310 }, { 4, 300 } };
	struct share_of healthy[] = { { 40, 300 }, { 31, 280 }, { 45, 310 }, { 28, 260 } };
	struct share_of half[] = { { 40, 300 }, { 38, 280 }, { 18, 300 } };
	struct share_of few[] = { { 40, 300 }, { 38, 280 }, { 0, 19 } };
	struct share_of reps[] = { { 20, 100 }, { 25, 100 }, { 70, 100 } };
	struct share_of stages[] = { { 30, 300 }, { 40, 270 }, { 100, 230 }, { 20, 130 } };
	struct share_of even[] = { { 30, 300 }, { 60, 270 }, { 62, 230 }, { 20, 130 } };
	struct share_of rest = share_rest(campaigns, 4, 3);

	is_int(rest.hits, 123, "hits of the others");
	is_int(rest.of, 890, "number of the others");
	ok(detect_junk(campaigns, 4, 3), "4 of 300 against 123 of 890 is junk");
	ok(!detect_junk(campaigns, 4, 0), "the others are not");
	for (size_t i = 0; i < 4; i++)
		ok(!detect_junk(healthy, 4, i), "list %zu of a healthy company is not", i);
	ok(!detect_junk(half, 3, 2), "6 %% against 13 %% differs, but is more than a third");
	ok(!detect_junk(few, 3, 2), "19 are too few");
	ok(detect_slow(reps, 3, 2) && !detect_slow(reps, 3, 0), "70 of 100 slow against 45 of 200");
	is_int(detect_leak(stages, 4), 2, "the third stage loses 43 %%, the next 15 %%");
	is_int((long)detect_leak(even, 4), (long)DETECT_NONE, "27 %% against 22 %% is no leak");
	is_int((long)detect_leak(stages, 1), (long)DETECT_NONE, "one stage cannot be compared");
	is_int(detect_differs(campaigns[3], rest, 4), -1, "lower");
	return done();
}
