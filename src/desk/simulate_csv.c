/* The made-up company as the CSV files a CRM would export. */
#include <stdio.h>
#include <unistd.h>
#include "base/buf.h"
#include "base/date.h"
#include "desk/simulate.h"
#include "io/csv.h"
#include "io/file.h"

enum { CELLS = 64 };

struct export_file {
	FILE *stream;
	const char *path, *part; /* written under this name, and renamed when all are whole */
	size_t columns;
};

struct exporting {
	const char *folder;
	struct export_file files[OBJECT__COUNT];
	const struct simulate_options *options;
	struct simulate_summary *summary;
	struct arena paths, row;
	struct buf out;
};

static struct str time_text(int64_t ms, struct arena *arena)
{
	struct civil c = civil_of_date((int32_t)floor_div(ms, 86400000));
	int64_t s = floor_div(ms, 1000) % DAY_SECONDS;

	return str_of(arena_printf(arena, "%04d-%02d-%02dT%02d:%02d:%02dZ", c.year, c.month, c.day, (int)(s / 3600),
				   (int)(s / 60 % 60), (int)(s % 60)));
}

static struct str money_text(const struct value *value, struct arena *arena)
{
	struct buf text;
	struct str copy;

	buf_init(&text, 64);
	money_plain(&text, value->as.money.minor, value->as.money.currency);
	copy = arena_str(arena, buf_str(&text));
	buf_release(&text);
	return copy;
}

static struct str cell_text(const struct value *value, struct arena *arena)
{
	char text[48];

	switch (value->kind) {
	case VALUE_TEXT: return value->as.text;
	case VALUE_REF: return value->as.ref.key;
	case VALUE_NUMBER: decimal_format(value->as.number, text); return str_of(arena_dup(arena, text));
	case VALUE_MONEY: return money_text(value, arena);
	case VALUE_DATE: date_format(value->as.date, text); return str_of(arena_dup(arena, text));
	case VALUE_TIME: return time_text(value->as.time_ms, arena);
	case VALUE_YES: return STR("yes");
	case VALUE_NO: return STR("no");
	default: return STR("");
	}
}

/* All records of a kind have the same fields in the same order, so that the first one gives the header. */
static int begin_file(struct exporting *run, struct export_file *file, const struct record *record, struct err *err)
{
	struct str cells[CELLS];

	file->path = arena_printf(&run->paths, "%s/%s.csv", run->folder, object_plural(record->object));
	file->part = arena_printf(&run->paths, "%s.part", file->path);
	file->stream = fopen(file->part, "w");
	if (!file->stream)
		return err_system(err, "%s cannot be written", file->part);
	cells[0] = STR("id");
	for (size_t i = 0; i < record->count; i++)
		cells[i + 1] = str_of(field_by_code(record->object, record->fields[i].code)->name);
	file->columns = record->count + 1;
	csv_write_row(&run->out, cells, file->columns, ',');
	return 0;
}

static int write_record(void *context, const struct record *record, struct err *err)
{
	struct exporting *run = context;
	struct export_file *file = &run->files[record->object];
	struct str cells[CELLS];
	int rc = 0;

	if (!object_plural(record->object))
		return 0;
	buf_clear(&run->out);
	arena_reset(&run->row);
	if (!file->stream)
		rc = begin_file(run, file, record, err);
	if (rc)
		return rc;
	if (record->count + 1 != file->columns)
		BUG("records of %s have %zu and %zu columns", file->path, file->columns, record->count + 1);
	cells[0] = record->key;
	for (size_t i = 0; i < record->count; i++)
		cells[i + 1] = cell_text(&record->fields[i].value, &run->row);
	csv_write_row(&run->out, cells, file->columns, ',');
	if (fwrite(run->out.at, 1, run->out.len, file->stream) != run->out.len)
		return err_system(err, "%s cannot be written", file->path);
	run->summary->records++;
	run->summary->of[record->object]++;
	if (record->object == OBJECT_LEAD && run->options->progress && run->summary->of[OBJECT_LEAD] % 256 == 0)
		run->options->progress(run->options->progress_context, run->summary->of[OBJECT_LEAD],
				       run->summary->records);
	return 0;
}

/* Whoever stops half-way leaves files that are named as parts, and what stood there before. */
static int close_files(struct exporting *run, int rc, struct err *err)
{
	for (int i = 0; i < OBJECT__COUNT; i++)
		if (run->files[i].stream && fclose(run->files[i].stream) && !rc)
			rc = err_system(err, "%s cannot be written", run->files[i].part);
	for (int i = 0; i < OBJECT__COUNT; i++) {
		struct export_file *file = &run->files[i];

		if (!rc && file->stream && rename(file->part, file->path))
			rc = err_system(err, "%s cannot be written", file->path);
		else if (rc && file->part)
			unlink(file->part);
	}
	return rc;
}

int simulate_csv(const char *folder, const struct sim_story *given, const struct simulate_options *options,
		 struct simulate_summary *summary, struct err *err)
{
	struct exporting run = { .folder = folder, .options = options, .summary = summary };
	struct sim_story story = *given;
	const char *path;
	int rc;

	*summary = (struct simulate_summary){ .records = 0 };
	arena_init(&run.paths);
	arena_init(&run.row);
	buf_init(&run.out, 1 << 20);
	story.history = false; /* an export says how things stand */
	path = arena_printf(&run.paths, "%s/story.yaml", folder);
	rc = file_make_parents(path, err);
	if (!rc)
		rc = sim_truth_of(&story, &summary->truth, err);
	if (!rc)
		rc = file_write_whole(path, sim_story_text(&story, &summary->truth, &run.paths), 0644, err);
	if (!rc)
		rc = sim_run(&story, write_record, &run, NULL, err);
	rc = close_files(&run, rc, err);
	buf_release(&run.out);
	arena_release(&run.row);
	arena_release(&run.paths);
	return rc;
}
