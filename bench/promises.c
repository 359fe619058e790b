/* What promises cost: when each is due, which is next, and a tick of the clock in which none breaks. */
#include <inttypes.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/date.h"
#include "base/zone.h"
#include "bench.h"
#include "desk/clock.h"
#include "desk/signing.h"
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

void bench_dues(const char *path, uint64_t count)
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
	printf("done\n");
	zone_free(zone);
	arena_release(&arena);
}

/* ---- the clock ---- */

static const int64_t day_ms = INT64_C(86400000);
static const int64_t handed_off_ms =
	INT64_C(1749452400000); /* Monday 2025-06-09, 9:00 in Berlin: due on July 7 at the same time */

/* One lead in ten was handed over at one instant; the others in the four days after it. */
void bench_promised_csv(const char *path, uint64_t leads)
{
	FILE *out = fopen(path, "w");

	if (!out)
		bench_fail(path, "cannot be written");
	fputs("id,owner,created,handed_off\n", out);
	for (uint64_t i = 0; i < leads; i++) {
		uint64_t second = i % 10 ? 3600 + i % (3 * 86400) : 0;
		unsigned day = 9 + (unsigned)((9 * 3600 + second) / 86400),
			 of_day = (unsigned)((9 * 3600 + second) % 86400);

		fprintf(out, "L%08" PRIu64 ",Seller %" PRIu64 ",2025-06-09,2025-06-%02uT%02u:%02u:%02u\n", i, i % 40,
			day, of_day / 3600, of_day / 60 % 60, of_day % 60);
	}
	if (fclose(out))
		bench_fail(path, "cannot be written");
}

static void sign(struct book *book, const struct facts *facts, const char *path, struct arena *arena)
{
	const struct signing signing = {
		.book = book, .now_ms = first_ms, .actor = "bench", .by = "bench", .arena = arena
	};
	struct problems problems;
	struct proposed proposed;
	struct agreements read;
	struct signed_as signed_as;
	struct err err = ERR_INIT;

	problems_init(&problems, arena);
	if (agreements_of_file(&read, path, &problems, arena, &err) || problems.count ||
	    agreement_propose(&signing, &read, path, facts, &problems, &proposed, &err) || problems.count ||
	    agreement_sign(&signing, STR("Mia"), &signed_as, &err) ||
	    agreement_sign(&signing, STR("Sam"), &signed_as, &err))
		bench_fail(path, err.text);
	agreements_release(&read);
}

/* Lookups and ticks while nothing is due, then one tick in which a tenth of all breaks. */
static void measure_clock(struct lead_desk *desk)
{
	int64_t now_ms = desk->now_ms;
	struct clock_tick tick = { .written = 0 };
	struct clock *clock;
	struct err err = ERR_INIT;
	double start = bench_now_s();

	if (clock_open(&clock, desk, &err) || clock_tick(clock, now_ms, &tick, &err))
		bench_fail("clock", err.text);
	printf("gather\t%.9f\n", bench_now_s() - start);
	printf("running\t%" PRIu64 "\n", clock_running(clock));

	start = bench_now_s();
	for (int i = 0; i < LOOKUPS; i++)
		bench_sink += (uint64_t)clock_next_ms(clock);
	printf("next\t%.12f\n", (bench_now_s() - start) / LOOKUPS);

	start = bench_now_s();
	for (int i = 0; i < TICKS; i++)
		if (clock_tick(clock, now_ms + i, &tick, &err) || tick.counts[CLOCK_BROKEN])
			bench_fail("tick", "broke a promise that was not due");
	printf("quiet\t%.12f\n", (bench_now_s() - start) / TICKS);

	start = bench_now_s();
	if (clock_tick(clock, handed_off_ms + 28 * day_ms + 60000, &tick, &err))
		bench_fail("tick", err.text);
	printf("breaking\t%.9f\n", bench_now_s() - start);
	printf("broken\t%" PRIu64 "\n", tick.counts[CLOCK_BROKEN]);
	clock_close(clock);
}

/* Of the leads of bench_promised_csv, in the book; signs the agreement first. */
void bench_clock(const char *path, const char *agreement)
{
	struct facts_options options = { .known_at_ms = INT64_MAX, .today = DATE_NONE };
	struct err err = ERR_INIT;
	struct lead_desk desk;
	struct facts *facts;
	struct arena arena;
	struct book *book;

	arena_init(&arena);
	if (book_open(&book, path, BOOK_WRITE, &err))
		bench_fail(path, err.text);
	if (facts_load(&facts, book, &options, &err))
		bench_fail(path, err.text);
	sign(book, facts, agreement, &arena);
	if (lead_desk_open(&desk, book, facts, handed_off_ms + 14 * day_ms, "bench", &arena, &err))
		bench_fail(path, err.text);
	measure_clock(&desk);
	printf("done\n");
	lead_desk_close(&desk);
	facts_free(facts);
	book_close(book);
	arena_release(&arena);
}
