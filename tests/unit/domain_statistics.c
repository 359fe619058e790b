/* Reference values: R 4 (prop.test, qnorm, quantile type 7, wilcox.test), and Newcombe 1998, table II. */
#include <math.h>
#include "domain/statistics.h"
#include "tap.h"

static bool near(double got, double wanted, double within)
{
	if (fabs(got - wanted) <= within)
		return true;
	note("got %.12g, wanted %.12g", got, wanted);
	return false;
}

int main(void)
{
	struct interval i = wilson(81, 263, 0.95);
	double sorted[] = { 1, 2, 3, 4, 10 };

	ok(near(i.low, 0.2553, 5e-5) && near(i.high, 0.3662, 5e-5), "Wilson: 81 of 263 (Newcombe 1998a)");
	i = wilson(0, 20, 0.95);
	ok(near(i.low, 0, 0) && near(i.high, 0.1611, 5e-5), "Wilson: none of 20");
	i = wilson(0, 0, 0.95);
	ok(near(i.low, 0, 0) && near(i.high, 1, 0), "Wilson: nothing known of nothing");
	i = newcombe(56, 70, 48, 80, 0.95);
	ok(near(i.low, 0.0524, 5e-5) && near(i.high, 0.3339, 5e-5), "Newcombe: 56/70 against 48/80");
	i = newcombe(9, 10, 3, 10, 0.95);
	ok(near(i.low, 0.1705, 5e-5) && near(i.high, 0.8090, 5e-5), "Newcombe: 9/10 against 3/10");
	ok(near(normal_quantile(0.975), 1.959963984540054, 1e-14), "normal quantile 0.975");
	ok(near(normal_quantile(1e-10), -6.361340902404056, 1e-12), "normal quantile far out");
	ok(near(normal_quantile(0.5), 0, 0), "normal quantile in the middle");
	ok(near(percentile_sorted(sorted, 5, 0.5), 3, 0), "median");
	ok(near(percentile_sorted(sorted, 5, 0.9), 7.6, 1e-12), "90th percentile, type 7");
	ok(near(percentile_sorted(sorted, 5, 1), 10, 0), "the greatest");
	ok(isnan(percentile_sorted(sorted, 0, 0.5)), "nothing has no median");
	ok(near(level_for(0.95, 10), 0.995, 1e-12), "Bonferroni");
	ok(share_differs(56, 70, 48, 80, 1), "80 %% differs from 60 %% once");
	ok(!share_differs(56, 70, 48, 80, 100), "but not as one of a hundred");
	ok(!share_differs(0, 0, 48, 80, 1), "nothing differs from nothing");
	return done();
}
