/* How long until questions can be asked, and what the columns take. */
#include <inttypes.h>
#include <malloc.h>
#include <stdlib.h>
#include <string.h>

#include "bench.h"
#include "base/date.h"
#include "facts/store.h"

static uint64_t table_bytes(const struct fact_table *table)
{
	static const uint64_t bytes[] = { [COLUMN_TIME] = 4,
					  [COLUMN_NAME] = 4,
					  [COLUMN_NUMBER] = 8,
					  [COLUMN_MONEY] = 9,
					  [COLUMN_FLAG] = 1,
					  [COLUMN_REF] = 4,
					  [COLUMN_KEY] = sizeof(struct str) };
	uint64_t total = table->sources ? table->capacity * sizeof(struct str) : 0;

	for (size_t i = 0; i < table->column_count; i++) {
		const struct column *column = table->columns[i];

		total += column->at.any ? table->capacity * bytes[column->def.type] : 0;
		total += column->version_capacity * sizeof(struct version);
	}
	return total;
}

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

void bench_start(const char *path)
{
	struct facts_options options = { .known_at_ms = INT64_MAX, .today = DATE_NONE };
	uint64_t before = bench_resident_bytes(), after;
	double start = bench_now_s(), opened, loaded;
	struct err err = ERR_INIT;
	struct facts *facts;
	struct book *book;

	if (book_open(&book, path, BOOK_READ, &err))
		bench_fail(path, err.text);
	opened = bench_now_s();
	if (facts_load(&facts, book, &options, &err))
		bench_fail(path, err.text);
	loaded = bench_now_s();
	malloc_trim(0);
	after = bench_resident_bytes();
	for (enum fact fact = 0; fact < FACT__COUNT; fact++)
		printf("%s\t%u\t%" PRIu64 "\n", fact_name(fact), facts_rows(facts, fact),
		       table_bytes(&facts->tables[fact]));
	printf("done\t%.6f\t%.6f\t%" PRIu64 "\t%" PRIu64 "\n", opened - start, loaded - opened, after - before,
	       peak_bytes());
	facts_free(facts);
	book_close(book);
}
