/* Values of percentiles and distinct counts, group by group. */
#include <math.h>
#include <stdlib.h>

#include "domain/statistics.h"
#include "facts/plan.h"

struct grouped_values values_by_group(const struct tally *tally, const uint32_t *renamed, size_t groups,
				      struct arena *arena)
{
	struct grouped_values grouped = { .starts = ARENA_ARRAY(arena, size_t, groups + 2),
					  .values = ARENA_ARRAY(arena, double, tally->pair_count + 1) };
	size_t *starts = grouped.starts;

	for (size_t i = 0; i < tally->pair_count; i++)
		starts[renamed[tally->pairs[i].group] + 2]++;
	for (size_t g = 2; g < groups + 2; g++)
		starts[g] += starts[g - 1];
	for (size_t i = 0; i < tally->pair_count; i++)
		grouped.values[starts[renamed[tally->pairs[i].group] + 1]++] = tally->pairs[i].value;
	return grouped;
}

static int compare_doubles(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return x < y ? -1 : x > y;
}

size_t values_distinct(double *values, size_t count)
{
	size_t distinct = 0;

	qsort(values, count, sizeof(*values), compare_doubles);
	for (size_t i = 0; i < count; i++)
		distinct += i == 0 || values[i] != values[i - 1];
	return distinct;
}

static double middle_of(double a, double b, double c)
{
	return fmax(fmin(a, b), fmin(fmax(a, b), c));
}

/* Brings those below the pivot (or, where `equal`, not above it) to the front and tells how many they are. Each value is moved, whether
 * it belongs there or not: no branch to guess. */
static size_t part(double *values, size_t count, double pivot, bool equal)
{
	size_t front = 0;

	for (size_t i = 0; i < count; i++) {
		double value = values[i];

		values[i] = values[front];
		values[front] = value;
		front += equal ? value <= pivot : value < pivot;
	}
	return front;
}

/* Afterwards the value at `place` is the one that would stand there if all were sorted, what is before is not greater, what is
 * behind is not less. */
static void select_place(double *values, size_t count, size_t place)
{
	while (count > 1) {
		double pivot = middle_of(values[0], values[count / 2], values[count - 1]);
		size_t front = part(values, count, pivot, false);

		if (place < front) {
			count = front;
			continue;
		}
		values += front, place -= front, count -= front;
		front = part(values, count, pivot, true); /* all of them are the pivot */
		if (place < front)
			return;
		values += front, place -= front, count -= front;
	}
}

double values_percentile(double *values, size_t count, double p)
{
	size_t place = (size_t)(fmin(fmax(p, 0), 1) * (double)(count - 1)), next = place + 1;

	select_place(values, count, place);
	for (size_t i = next + 1; i < count; i++) {
		if (values[i] < values[next]) {
			double value = values[next];

			values[next] = values[i];
			values[i] = value;
		}
	}
	/* It looks at these two places only. */
	return percentile_sorted(values, count, p);
}
