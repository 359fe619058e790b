/* Rows read ahead come in order, and take no more memory when they are long. */
#include <stdlib.h>
#include <unistd.h>
#include "desk/import_feed.h"
#include "tap.h"

enum { ROWS = 600, BYTES_AHEAD = 8 << 20 };

static char path[] = "/tmp/lockstep-feed-XXXXXX";

static void write_rows(size_t cell)
{
	FILE *out = fopen(path, "w");
	char *text = must_alloc(cell + 1);

	memset(text, 'x', cell);
	text[cell] = '\0';
	if (!out)
		bug_at(__FILE__, __LINE__, "no file");
	fputs("id,text\n", out);
	for (int i = 0; i < ROWS; i++)
		fprintf(out, "%d,%s\n", i, text);
	fclose(out);
	free(text);
}

static void test_rows(size_t cell, size_t least, const char *what)
{
	const struct csv_options options = CSV_OPTIONS_DEFAULT;
	const struct fed_rows *some;
	struct err err = ERR_INIT;
	struct feed *feed;
	struct csv *csv;
	size_t rows = 0, most_rows = 0, most_bytes = 0, wrong = 0;

	write_rows(cell);
	if (csv_open(&csv, path, &options, &err) != 0 || feed_open(&feed, NULL, csv, &err) != 0)
		bug_at(__FILE__, __LINE__, "%s", err.text);
	while (feed_next(feed, &some, &err) > 0) {
		size_t bytes = 0;

		for (size_t i = 0; i < some->count; i++, rows++) {
			const struct csv_row *row = &some->items[i].own;
			char number[16];

			snprintf(number, sizeof(number), "%zu", rows);
			wrong += row->count != 2 || !str_is(row->cells[0], number) || row->cells[1].len != cell;
			bytes += cell;
		}
		most_rows = some->count > most_rows ? some->count : most_rows;
		most_bytes = bytes > most_bytes ? bytes : most_bytes;
	}
	feed_close(feed);
	csv_close(csv);
	is_int((long long)rows, ROWS, "%s: all rows come%s", what, err.text);
	is_int((long long)wrong, 0, "%s: in order and whole", what);
	ok(most_rows >= least, "%s: up to %zu at once", what, most_rows);
	ok(most_bytes <= BYTES_AHEAD, "%s: not more than %zu bytes at once", what, most_bytes);
}

int main(void)
{
	int fd = mkstemp(path);

	if (fd < 0)
		bug_at(__FILE__, __LINE__, "no file for the test");
	close(fd);
	test_rows(20, 100, "short rows");
	test_rows(200000, 1, "long rows");
	unlink(path);
	return done();
}
