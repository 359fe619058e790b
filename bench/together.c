/* Many callers change old leads of a book while questions are asked of facts that follow it.
 *
 * Each decision gives one lead a point and takes one from another, and now and then adds a touch with a point more: so the points of all
 * leads less the touches are the same after every decision, and after half of one they are not. Every asker checks that.
 */
#include <inttypes.h>
#include <math.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>

#include "base/date.h"
#include "bench.h"
#include "book/writer.h"
#include "facts/live.h"
#include "facts/packed.h"

enum { MAX_CALLERS = 256, LEADS_A_CALLER = 4096, TOUCH_EVERY = 16, MOST_ROUNDS = 4096 };

/* A lead that one caller alone changes. */
struct held {
	struct str source, key;
	int64_t score;
};

struct caller {
	pthread_t id;
	struct writer *writer;
	struct held *leads;
	size_t lead_count;
	uint64_t number, decisions;
	double start_s, until_s, every_s; /* every_s: from one decision to the next; 0 = as fast as they go */
	int64_t observed_ms;
};

/* ---- who writes ---- */

static struct record_field score_of(const struct held *lead)
{
	return (struct record_field){ .code = FIELD_SCORE,
				      .value = { .kind = VALUE_NUMBER, .as.number = { lead->score, 0 } } };
}

static struct record record_of(struct caller *c, const struct held *lead, struct record_field *score)
{
	return (struct record){ .object = OBJECT_LEAD,
				.source = lead->source,
				.key = lead->key,
				.observed_ms = c->observed_ms,
				.fields = score,
				.count = 1 };
}

static struct record touch_of(struct caller *c, const struct held *lead, char key[48], struct record_field fields[2])
{
	snprintf(key, 48, "together-%" PRIu64 "-%" PRId64, c->number, c->observed_ms);
	fields[0] = (struct record_field){ .code = FIELD_AT,
					   .value = { .kind = VALUE_TIME, .as.time_ms = c->observed_ms } };
	fields[1] = (struct record_field){
		.code = FIELD_LEAD, .value = { .kind = VALUE_REF, .as.ref = { .by = REF_BY_KEY, .key = lead->key } }
	};
	return (struct record){ .object = OBJECT_TOUCH,
				.source = lead->source,
				.key = str_of(key),
				.observed_ms = c->observed_ms,
				.fields = fields,
				.count = 2 };
}

static void decide(struct caller *c, struct held *gains, struct held *loses, bool touch)
{
	struct append_context said = { .now_ms = c->observed_ms, .actor = "bench" };
	struct record_field scores[2], fields[2];
	enum append_result results[3];
	struct record records[3];
	struct err err = ERR_INIT;
	char key[48];

	c->observed_ms++;
	gains->score += touch ? 2 : 1;
	loses->score -= 1;
	scores[0] = score_of(gains);
	scores[1] = score_of(loses);
	records[0] = record_of(c, gains, &scores[0]);
	records[1] = record_of(c, loses, &scores[1]);
	if (touch)
		records[2] = touch_of(c, gains, key, fields);
	if (writer_append(c->writer, records, touch ? 3 : 2, &said, results, &err) != 0)
		bench_fail("append", err.text);
	c->decisions++;
}

static void sleep_until(double at_s)
{
	double wait_s = at_s - bench_now_s();
	struct timespec span = { (time_t)wait_s, (long)((wait_s - floor(wait_s)) * 1e9) };

	if (wait_s > 0)
		nanosleep(&span, NULL);
}

static void *call(void *context)
{
	struct caller *c = context;
	uint64_t random = c->number * 2654435761u + 1;

	while (bench_now_s() < c->until_s) {
		size_t one, other;

		random = random * 6364136223846793005u + 1442695040888963407u;
		one = (size_t)(random >> 33) % c->lead_count;
		other = (one + 1 + (size_t)(random >> 13) % (c->lead_count - 1)) % c->lead_count;
		decide(c, &c->leads[one], &c->leads[other], c->decisions % TOUCH_EVERY == 0);
		sleep_until(c->start_s + (double)c->decisions * c->every_s);
	}
	return NULL;
}

/* Old leads, spread over the whole book; no two callers hold the same. */
static void take_leads(struct caller *callers, unsigned count, const struct facts *facts, struct arena *arena)
{
	const struct column *key = facts_known_column(facts, FACT_LEADS, "key");
	const struct column *score = facts_known_column(facts, FACT_LEADS, "score");
	uint32_t rows = facts_rows(facts, FACT_LEADS);
	size_t each = rows / count < LEADS_A_CALLER ? rows / count : LEADS_A_CALLER;

	if (each < 2)
		bench_fail("together", "too few leads");
	for (unsigned i = 0; i < count; i++) {
		callers[i].leads = ARENA_ARRAY(arena, struct held, each);
		callers[i].lead_count = each;
		for (size_t k = 0; k < each; k++) {
			uint32_t row = (uint32_t)((uint64_t)rows * (k * count + i) / (each * count));
			double points = score->at.any ? column_number(score, row) : 0;

			callers[i].leads[k] = (struct held){
				.source = arena_str(arena, facts_source(facts, FACT_LEADS, row)),
				.key = key_list_at(key->at.keys, row, arena),
				.score = isnan(points) ? 0 : (int64_t)points,
			};
		}
	}
}

/* ---- who asks ---- */

struct asker {
	pthread_t id;
	struct live *live;
	atomic_bool over;
	double rounds_s[MOST_ROUNDS], caught_up_s[MOST_ROUNDS];
	size_t rounds;
	uint64_t wrong;
	double sum; /* of the points, less the touches */
};

static double points_less_touches(const struct facts *facts, struct arena *arena)
{
	struct question points = { .measure = "sum(score)", .as_of = DATE_NONE, .scope = SCOPE_EVERYTHING };
	struct question touches = {
		.measure = "count()", .of = "touches", .as_of = DATE_NONE, .scope = SCOPE_EVERYTHING
	};
	struct answer sum, count;
	struct err err = ERR_INIT;

	points.as_of = touches.as_of = facts_last_day(facts) + 365 * 20; /* whatever happened */
	if (measure_ask(facts, &points, arena, &sum, &err) || measure_ask(facts, &touches, arena, &count, &err))
		bench_fail("together", err.text);
	return (sum.row_count ? sum.rows[0].value : 0) - (count.row_count ? count.rows[0].value : 0);
}

static void ask_round(struct asker *asker, bool first)
{
	const struct facts *facts;
	struct answer answers[BENCH_FIGURES];
	struct err err = ERR_INIT;
	struct arena arena;
	double start = bench_now_s(), ready, sum;
	size_t at = asker->rounds < MOST_ROUNDS ? asker->rounds : MOST_ROUNDS - 1;

	if (live_begin(asker->live, DATE_NONE, &facts, &err))
		bench_fail("together", err.text);
	ready = bench_now_s();
	arena_init(&arena);
	for (unsigned i = 0; i < BENCH_QUESTIONS; i++)
		bench_ask(facts, i, &arena, answers);
	asker->rounds_s[at] = bench_now_s() - ready;
	asker->caught_up_s[at] = ready - start;
	sum = points_less_touches(facts, &arena);
	arena_release(&arena);
	live_end(asker->live);
	if (first)
		asker->sum = sum;
	else
		asker->rounds = at + 1;
	asker->wrong += sum != asker->sum;
}

static void *ask_on(void *context)
{
	struct asker *asker = context;

	live_step_back();
	while (!atomic_load(&asker->over))
		ask_round(asker, false);
	return NULL;
}

static int compare_times(const void *left, const void *right)
{
	double a = *(const double *)left, b = *(const double *)right;

	return (a > b) - (a < b);
}

static double median_ms(double *times, size_t count)
{
	if (!count)
		return 0;
	qsort(times, count, sizeof(*times), compare_times);
	return times[count / 2] * 1000;
}

/* ---- both ---- */

/* A later run is told later. */
static int64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static double write_all(struct caller *callers, unsigned count, double seconds)
{
	double start = bench_now_s();
	uint64_t decisions = 0;

	for (unsigned i = 0; i < count; i++) {
		callers[i].start_s = start;
		callers[i].until_s = start + seconds;
		callers[i].decisions = 0;
		if (pthread_create(&callers[i].id, NULL, call, &callers[i]))
			bench_fail("threads", "cannot be started");
	}
	for (unsigned i = 0; i < count; i++) {
		pthread_join(callers[i].id, NULL);
		decisions += callers[i].decisions;
	}
	return 2 * (double)decisions / (bench_now_s() - start); /* two leads each */
}

void bench_together(const char *path, unsigned count, double seconds, double updates_a_second)
{
	static struct caller callers[MAX_CALLERS];
	static struct asker asker;
	struct facts_options options = { .known_at_ms = INT64_MAX, .today = DATE_NONE };
	struct err err = ERR_INIT;
	struct live_counts counts;
	const struct facts *facts;
	struct writer *writer;
	struct book *book;
	struct arena arena;
	double alone, together;

	if (!count || count > MAX_CALLERS)
		bench_fail("callers", "1 to 256");
	arena_init(&arena);
	if (live_open(&asker.live, path, &options, &err) || book_open(&book, path, BOOK_WRITE, &err) ||
	    writer_open(&writer, book, &err) || live_begin(asker.live, DATE_NONE, &facts, &err))
		bench_fail("together", err.text);
	take_leads(callers, count, facts, &arena);
	live_end(asker.live);
	for (unsigned i = 0; i < count; i++) {
		callers[i].writer = writer;
		callers[i].number = i;
		callers[i].every_s = updates_a_second > 0 ? 2.0 * count / updates_a_second : 0;
		callers[i].observed_ms = now_ms();
	}
	ask_round(&asker, true);
	alone = write_all(callers, count, seconds);
	ask_round(&asker, false);
	asker.rounds = 0;
	if (pthread_create(&asker.id, NULL, ask_on, &asker))
		bench_fail("threads", "cannot be started");
	together = write_all(callers, count, seconds);
	atomic_store(&asker.over, true);
	pthread_join(asker.id, NULL);
	counts = live_counts(asker.live);
	printf("done\t%.1f\t%.1f\t%zu\t%.3f\t%.3f\t%" PRIu64 "\t%" PRIu64 "\t%" PRIu64 "\n", alone, together,
	       asker.rounds, median_ms(asker.rounds_s, asker.rounds), median_ms(asker.caught_up_s, asker.rounds),
	       counts.records, counts.loads, asker.wrong);
	writer_close(writer);
	book_close(book);
	live_close(asker.live);
	arena_release(&arena);
}
