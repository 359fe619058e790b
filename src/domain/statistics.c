#include "domain/statistics.h"

#include <math.h>

struct interval wilson(int64_t hits, int64_t of, double level)
{
	struct interval interval = { 0, 1 };
	double n = (double)of, share, z, middle, half;

	if (of <= 0)
		return interval;
	share = (double)hits / n;
	z = normal_quantile(0.5 + level / 2);
	middle = (share + z * z / (2 * n)) / (1 + z * z / n);
	half = z / (1 + z * z / n) * sqrt(share * (1 - share) / n + z * z / (4 * n * n));
	interval.low = hits == 0 ? 0 : fmax(0, middle - half);
	interval.high = hits == of ? 1 : fmin(1, middle + half);
	return interval;
}

struct interval share_against(int64_t hits_a, int64_t of_a, int64_t hits_b, int64_t of_b, double times, double level)
{
	struct interval a = wilson(hits_a, of_a, level), b = wilson(hits_b, of_b, level);
	double share_a, share_b, difference;

	if (of_a <= 0 || of_b <= 0)
		return (struct interval){ -times, 1 };
	share_a = (double)hits_a / (double)of_a;
	share_b = (double)hits_b / (double)of_b;
	difference = share_a - times * share_b;
	return (struct interval){ difference - hypot(share_a - a.low, times * (b.high - share_b)),
				  difference + hypot(a.high - share_a, times * (share_b - b.low)) };
}

struct interval newcombe(int64_t hits_a, int64_t of_a, int64_t hits_b, int64_t of_b, double level)
{
	return share_against(hits_a, of_a, hits_b, of_b, 1, level);
}

static double polynomial(const double *c, double x)
{
	double sum = c[7];

	for (int i = 6; i >= 0; i--)
		sum = sum * x + c[i];
	return sum;
}

double normal_quantile(double p)
{
	/* Coefficients of PPND16 in AS 241. */
	static const double near_top[8] = { 3.3871328727963666080e0, 1.3314166789178437745e2, 1.9715909503065514427e3,
					    1.3731693765509461125e4, 4.5921953931549871457e4, 6.7265770927008700853e4,
					    3.3430575583588128105e4, 2.5090809287301226727e3 };
	static const double near_low[8] = { 1.0,
					    4.2313330701600911252e1,
					    6.8718700749205790830e2,
					    5.3941960214247511077e3,
					    2.1213794301586595867e4,
					    3.9307895800092710610e4,
					    2.8729085735721942674e4,
					    5.2264952788528545610e3 };
	static const double mid_top[8] = { 1.42343711074968357734e0,  4.63033784615654529590e0,
					   5.76949722146069140550e0,  3.64784832476320460504e0,
					   1.27045825245236838258e0,  2.41780725177450611770e-1,
					   2.27238449892691845833e-2, 7.74545014278341407640e-4 };
	static const double mid_low[8] = { 1.0,
					   2.05319162663775882187e0,
					   1.67638483018380384940e0,
					   6.89767334985100004550e-1,
					   1.48103976427480074590e-1,
					   1.51986665636164571966e-2,
					   5.47593808499534494600e-4,
					   1.05075007164441684324e-9 };
	static const double far_top[8] = { 6.65790464350110377720e0,  5.46378491116411436990e0,
					   1.78482653991729133580e0,  2.96560571828504891230e-1,
					   2.65321895265761230930e-2, 1.24266094738807843860e-3,
					   2.71155556874348757815e-5, 2.01033439929228813265e-7 };
	static const double far_low[8] = { 1.0,
					   5.99832206555887937690e-1,
					   1.36929880922735805310e-1,
					   1.48753612908506148525e-2,
					   7.86869131145613259100e-4,
					   1.84631831751005468180e-5,
					   1.42151175831644588870e-7,
					   2.04426310338993978564e-15 };
	double q = p - 0.5, r, z;

	if (!(p > 0))
		return -INFINITY;
	if (!(p < 1))
		return INFINITY;
	if (fabs(q) <= 0.425) {
		r = 0.180625 - q * q;
		return q * polynomial(near_top, r) / polynomial(near_low, r);
	}
	r = sqrt(-log(q < 0 ? p : 1 - p));
	if (r <= 5)
		z = polynomial(mid_top, r - 1.6) / polynomial(mid_low, r - 1.6);
	else
		z = polynomial(far_top, r - 5) / polynomial(far_low, r - 5);
	return q < 0 ? -z : z;
}

double percentile_sorted(const double *sorted, size_t count, double p)
{
	double rank;
	size_t below;

	if (!count)
		return NAN;
	rank = fmin(fmax(p, 0), 1) * (double)(count - 1);
	below = (size_t)rank;
	if (below + 1 >= count)
		return sorted[count - 1];
	return sorted[below] + (rank - (double)below) * (sorted[below + 1] - sorted[below]);
}

double level_for(double level, size_t comparisons)
{
	return comparisons > 1 ? 1 - (1 - level) / (double)comparisons : level;
}

bool share_differs(int64_t hits_a, int64_t of_a, int64_t hits_b, int64_t of_b, size_t comparisons)
{
	struct interval difference;

	if (of_a <= 0 || of_b <= 0)
		return false;
	difference = newcombe(hits_a, of_a, hits_b, of_b, level_for(0.95, comparisons));
	return difference.low > 0 || difference.high < 0;
}
