/* What the machine can do: caches emptied, memory read, memory used. */
#include <pthread.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "bench.h"

enum { MAX_THREADS = 64, LARGE_PAGE = 2 << 20 };
static const uint64_t EVICT_BYTES = 256u << 20;

struct walk {
	const uint64_t *words;
	uint64_t count;
	uint64_t sum;
};

/* Eight sums, so that the loop waits for memory and not for additions. */
static void *walk_words(void *context)
{
	struct walk *walk = context;
	uint64_t sums[8] = { 0 };

	for (uint64_t i = 0; i + 8 <= walk->count; i += 8) {
		for (unsigned k = 0; k < 8; k++)
			sums[k] += walk->words[i + k];
	}
	for (unsigned k = 0; k < 8; k++)
		walk->sum += sums[k];
	return NULL;
}

volatile uint64_t bench_sink; /* so that nobody leaves the reading out */

static double walk_all(const uint64_t *words, uint64_t count, unsigned threads)
{
	pthread_t ids[MAX_THREADS];
	struct walk walks[MAX_THREADS];
	uint64_t each = count / threads;
	double start = bench_now_s(), seconds;

	for (unsigned t = 0; t < threads; t++) {
		walks[t] = (struct walk){ words + t * each, each, 0 };
		if (t && pthread_create(&ids[t], NULL, walk_words, &walks[t]))
			bench_fail("threads", "cannot be started");
	}
	walk_words(&walks[0]);
	for (unsigned t = 1; t < threads; t++)
		pthread_join(ids[t], NULL);
	seconds = bench_now_s() - start;
	for (unsigned t = 0; t < threads; t++)
		bench_sink += walks[t].sum;
	return seconds;
}

/* Written once, so that every page is one of its own; in large pages, as columns stand. */
static uint64_t *filled(uint64_t bytes)
{
	void *words_at = NULL;
	uint64_t *words;

	if (posix_memalign(&words_at, LARGE_PAGE, bytes))
		bench_fail("memory", "is short");
	words = words_at;
	madvise(words, bytes, MADV_HUGEPAGE);
	for (uint64_t i = 0; i < bytes / 8; i++)
		words[i] = i;
	return words;
}

static unsigned cores(void)
{
	long count = sysconf(_SC_NPROCESSORS_ONLN);

	return count < 1 ? 1 : count > MAX_THREADS ? MAX_THREADS : (unsigned)count;
}

/* The executor takes one a core. */
unsigned bench_threads(void)
{
	return cores();
}

void bench_evict(void)
{
	static uint64_t *words;

	if (!words)
		words = filled(EVICT_BYTES);
	walk_all(words, EVICT_BYTES / 8, cores());
}

double bench_bandwidth(uint64_t bytes, unsigned threads, unsigned runs)
{
	static uint64_t *words;
	static uint64_t held;
	double best = 0;

	if (held != bytes) {
		free(words);
		words = filled(bytes);
		held = bytes;
	}

	for (unsigned i = 0; i < runs; i++) {
		double rate = (double)bytes / walk_all(words, bytes / 8, threads);

		if (rate > best)
			best = rate;
	}
	return best;
}

uint64_t bench_resident_bytes(void)
{
	FILE *file = fopen("/proc/self/statm", "r");
	unsigned long long total, resident = 0;

	if (file) {
		if (fscanf(file, "%llu %llu", &total, &resident) != 2)
			resident = 0;
		fclose(file);
	}
	return resident * (uint64_t)sysconf(_SC_PAGESIZE);
}
