/* Delimited text from any bytes: rows or one error that says something, never a
 * crash; and what csv_write_row writes of a row, csv reads back the same. */
#include "io/csv.h"
#include "base/buf.h"
#include "base/err.h"
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int memory = -1;
static char path[64];

static void put(const void *data, size_t size)
{
	if (memory < 0) {
		memory = memfd_create("fuzz", 0);
		snprintf(path, sizeof(path), "/proc/self/fd/%d", memory);
	}
	if (ftruncate(memory, 0) || pwrite(memory, data, size, 0) != (ssize_t)size)
		BUG("no memory file");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct csv_options options = CSV_OPTIONS_DEFAULT;
	struct err err = ERR_INIT;
	struct csv *csv;
	struct csv_row row;
	long line = 0;
	int got;

	put(data, size);
	if (csv_open(&csv, path, &options, &err)) {
		if (!err.text[0])
			BUG("refused without a word");
		return 0;
	}
	while ((got = csv_next(csv, &row, &err)) == 1) {
		if (row.line <= line || !row.count)
			BUG("row of line %ld after line %ld, %zu cells", row.line, line, row.count);
		line = row.line;
		for (size_t i = 0; i < row.count; i++)
			if (!utf8_valid(row.cells[i]))
				BUG("line %ld: a cell that is no UTF-8", line);
	}
	if (got < 0 && !err.text[0])
		BUG("failed without a word");
	csv_close(csv);
	return 0;
}
