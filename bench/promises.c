/* What promises cost: when each is due, which is next, and a tick of the clock in which none breaks. */
#include <inttypes.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/due_queue.h"
#include "base/zone.h"
#include "bench.h"
#include "domain/agreement.h"
#include "io/file.h"

enum { MAX_AGREEMENT_BYTES = 1 << 20, STARTS = 1 << 16, LOOKUPS = 1000000, TICKS = 100000 };

static const int64_t first_ms = INT64_C(1672531200000); /* 2023 */
static const int64_t years_ms = INT64_C(4) * 365 * 86400 * 1000;

static struct calendar *calendar_of(const char *path, struct zone **zone, struct arena *arena)
{
	struct agreement *agreement;
	struct problems problems;
	struct err err = ERR_INIT;
	struct str text;

	problems_init(&problems, arena);
	if (file_read(&text, path, MAX_AGREEMENT_BYTES, arena, &err) ||
	    agreement_read(&agreement, text, path, &problems, arena, &err) ||
	    zone_load(zone, arena_cstr(arena, agreement->zone), &err))
		bench_fail(path, err.text);
	if (problems.count)
		bench_fail(path, "is no agreement");
	return agreement_calendar(agreement, *zone, arena);
}

/* Starts at any time of four years, in no order. */
static double time_dues(const struct calendar *calendar, const int64_t *starts, uint64_t count,
			struct allowance allowed)
{
	double start = bench_now_s();
	uint64_t sum = 0;

	for (uint64_t i = 0; i < count; i++)
		sum += (uint64_t)calendar_due_ms(calendar, starts[i % STARTS] + (int64_t)i, allowed);
	bench_sink += sum;
	return bench_now_s() - start;
}

static void measure_dues(const char *path, uint64_t count)
{
	static int64_t starts[STARTS];
	struct arena arena;
	struct zone *zone;
	struct calendar *calendar;
	uint64_t random = 42;

	arena_init(&arena);
	calendar = calendar_of(path, &zone, &arena);
	for (size_t i = 0; i < STARTS; i++) {
		random ^= random << 13;
		random ^= random >> 7;
		random ^= random << 17;
		starts[i] = first_ms + (int64_t)(random % (uint64_t)years_ms);
	}
	printf("hours\t%.6f\n",
	       time_dues(calendar, starts, count, (struct allowance){ ALLOW_WORKING_TIME, 8 * 3600000 }));
	printf("days\t%.6f\n", time_dues(calendar, starts, count, (struct allowance){ ALLOW_WORKING_DAYS, 2 }));
	zone_free(zone);
	arena_release(&arena);
}

/* Running promises ordered by when they are due, all after now. */
static void measure_running(uint64_t promises)
{
	struct due_queue queue;
	double start;
	uint64_t random = 42, broken = 0;

	due_queue_init(&queue);
	start = bench_now_s();
	for (uint64_t i = 0; i < promises; i++) {
		random ^= random << 13;
		random ^= random >> 7;
		random ^= random << 17;
		due_queue_put(&queue, (uint32_t)i, first_ms + (int64_t)(random % (uint64_t)years_ms));
	}
	printf("put\t%.9f\n", (bench_now_s() - start) / (double)promises);

	start = bench_now_s();
	for (int i = 0; i < LOOKUPS; i++)
		bench_sink += (uint64_t)due_queue_next(&queue)->at_ms;
	printf("next\t%.12f\n", (bench_now_s() - start) / LOOKUPS);

	start = bench_now_s();
	for (int i = 0; i < TICKS; i++)
		while (queue.count && due_queue_next(&queue)->at_ms <= first_ms - TICKS + i)
			broken++;
	printf("tick\t%.12f\n", (bench_now_s() - start) / TICKS);
	if (broken)
		bench_fail("tick", "broke a promise that was not due");
	due_queue_release(&queue);
}

void bench_promises(const char *agreement, uint64_t promises, uint64_t dues)
{
	measure_dues(agreement, dues);
	measure_running(promises);
	printf("done\n");
}
