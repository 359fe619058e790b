/* How long until questions can be asked, and what the columns take. */
#include <inttypes.h>
#include <malloc.h>
#include <stdlib.h>
#include <string.h>

#include "bench.h"
#include "base/date.h"
#include "facts/snapshot.h"

static uint64_t peak_bytes(void)
{
	FILE *file = fopen("/proc/self/status", "r");
	char line[256];
	unsigned long long kilobytes = 0;

	while (file && fgets(line, sizeof(line), file)) {
		if (!strncmp(line, "VmHWM:", 6))
			kilobytes = strtoull(line + 6, NULL, 10);
	}
	if (file)
		fclose(file);
	return kilobytes * 1024;
}

static void put_memory(const struct facts *facts)
{
	for (enum fact fact = 0; fact < FACT__COUNT; fact++) {
		struct facts_memory memory = facts_memory(facts, fact);

		printf("%s\t%u\t%" PRIu64 "\t%" PRIu64 "\t%" PRIu64 "\t%" PRIu64 "\n", fact_name(fact),
		       facts_rows(facts, fact), memory.values, memory.names, memory.history, memory.keys);
	}
}

static struct facts *columns_alone(const char *path)
{
	static const struct snapshot_wanted wanted = { .today = DATE_NONE };
	struct facts *facts;
	char why[256];

	if (snapshot_read(&facts, path, &wanted, why) != SNAPSHOT_GOOD)
		bench_fail(path, why);
	return facts;
}

void bench_start(const char *path, bool from_book)
{
	struct facts_options options = { .known_at_ms = INT64_MAX, .today = DATE_NONE, .from_book = from_book };
	uint64_t before = bench_resident_bytes(), after;
	double start = bench_now_s(), opened, loaded;
	struct err err = ERR_INIT;
	struct facts *facts;
	struct book *book = NULL;

	if (!snapshot_is(path) && book_open(&book, path, BOOK_READ, &err))
		bench_fail(path, err.text);
	opened = bench_now_s();
	if (!book)
		facts = columns_alone(path);
	else if (facts_load(&facts, book, &options, &err))
		bench_fail(path, err.text);
	loaded = bench_now_s();
	malloc_trim(0);
	after = bench_resident_bytes();
	put_memory(facts);
	printf("done\t%.6f\t%.6f\t%" PRIu64 "\t%" PRIu64 "\n", opened - start, loaded - opened, after - before,
	       peak_bytes());
	facts_free(facts);
	if (book)
		book_close(book);
}
