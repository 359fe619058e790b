/* A mapping file, a line "===", then the rows of a file it is for. Refused with reasons, or every row is understood, skipped or
 * rejected with a reason; what is understood has fields of its object, each once, with values that can be written and read again. */
#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/problem.h"
#include "base/zone.h"
#include "map/map.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { CELLS_MAX = 32, ROWS_MAX = 64 };

static struct zone *zone;

static void row_hash(void *context, struct str bytes, unsigned char out[16])
{
	uint64_t hash = str_hash(bytes);

	(void)context;
	memset(out, 0, 16);
	memcpy(out, &hash, sizeof(hash));
}

/* Cells of one line; the header's are never fewer than one. */
static struct csv_row split(struct arena *arena, struct str text, long line)
{
	struct csv_row row = { ARENA_ARRAY(arena, struct str, CELLS_MAX), 0, line };

	do {
		row.cells[row.count++] = str_cut(&text, ',');
	} while (text.len && row.count < CELLS_MAX);
	return row;
}

/* What is written can be read, and is the same. */
static void check_value(const struct value *value)
{
	struct value again;
	struct buf bytes;

	buf_init(&bytes, 1u << 24);
	value_write(&bytes, value);
	struct cursor in = cursor_of(bytes.at, bytes.len);
	if (!value_read(&in, &again) || !value_eq(value, &again))
		BUG("a value of kind %d is another once written", (int)value->kind);
	buf_release(&bytes);
}

static void check_record(const struct record *record)
{
	for (size_t i = 0; i < record->count; i++)
		for (size_t j = 0; j < i; j++)
			if (record->fields[i].code == record->fields[j].code &&
			    str_eq(record->fields[i].name, record->fields[j].name))
				BUG("field %d stands twice", (int)record->fields[i].code);
	for (size_t i = 0; i < record->count; i++)
		check_value(&record->fields[i].value);
}

static void read_rows(struct reader *reader, const struct csv_row *rows, size_t count, struct problems *problems)
{
	struct understood understood;
	bool owed = false;

	for (size_t i = 0; i < count; i++)
		reader_scan(reader, &rows[i]);
	size_t before = problems->count;
	reader_decide(reader, problems);
	if (problems->count != before)
		return;
	reader_restart(reader);
	for (size_t i = 0, weighed = reader_weigh(reader) ? count : 0; i < weighed; i++)
		reader_row(reader, &rows[i], &understood, problems);
	reader_restart(reader);
	for (size_t i = 0; i < count; i++) {
		before = problems->count;
		enum row_kind kind = reader_row(reader, &rows[i], &understood, problems);
		if (kind == ROW_BAD && problems->count == before)
			BUG("row %zu was rejected without a word", i);
		for (size_t k = 0; kind == ROW_GOOD && k < understood.count; k++)
			check_record(&understood.records[k]);
		owed = kind == ROW_SUPERSEDED || (owed && kind != ROW_GOOD);
	}
	if (owed)
		BUG("a row gave way to none that is good");
}

static void check(struct arena *arena, struct str yaml, struct str file)
{
	struct reader_settings settings = {
		.zone = zone, .currency = "EUR", .now_ms = 1790000000000, .path = "fuzz.csv", .row_hash = row_hash
	};
	struct csv_row header, rows[ROWS_MAX];
	struct problems problems;
	struct err err = ERR_INIT;
	struct reader *reader = NULL;
	const struct map *map = NULL;
	const struct map_file *part;
	size_t count = 0, notes;
	struct str *sentences;

	problems_init(&problems, arena);
	if (map_parse(&map, yaml, "fuzz.yaml", arena, &problems, &err) || !map) {
		if (!problems.count && !err.text[0])
			BUG("refused without a word");
		return;
	}
	header = split(arena, str_cut(&file, '\n'), 1);
	while (file.len && count < ROWS_MAX) {
		rows[count] = split(arena, str_cut(&file, '\n'), (long)count + 2);
		count++;
	}
	part = map_for(map, "fuzz.csv", &header, OBJECT_NONE);
	if (!part || map_file_skip(part).len)
		return;
	if (reader_new(&reader, map, part, &header, &settings, &problems, &err) || !reader)
		return;
	read_rows(reader, rows, count, &problems);
	notes = reader_notes(reader, arena, &sentences);
	for (size_t i = 0; i < notes; i++)
		if (!sentences[i].len)
			BUG("an empty note");
	reader_free(reader);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str text = { (const char *)data, size };
	struct err err = ERR_INIT;
	struct arena arena;
	ptrdiff_t at = str_find(text, "\n===\n");

	if (!zone && zone_load(&zone, "Europe/Berlin", &err))
		BUG("%s", err.text);
	if (at < 0)
		return 0;
	arena_init(&arena);
	check(&arena, (struct str){ text.at, (size_t)at + 1 },
	      (struct str){ text.at + at + 5, text.len - (size_t)at - 5 });
	arena_release(&arena);
	return 0;
}
