/* The rows of one file on their way into the book. */
#include "desk/import_job.h"
#include "io/terminal.h"

void job_progress(const struct job *job, uint64_t read, uint64_t total, uint64_t rows, bool first_pass)
{
	const struct import_options *options = job->call->options;

	if (options->progress)
		options->progress(options->progress_context, job->path,
				  first_pass ? read / 5 : total / 5 + read / 5 * 4, total, first_pass ? 0 : rows);
}

int job_interrupted(struct job *job, struct err *err)
{
	const atomic_int *interrupted = job->call->options->interrupted;

	if (!interrupted || !*interrupted)
		return 0;
	job->interrupted = true;
	return err_set(err, ERR_STATE, "interrupted: nothing of %s was taken in; run the same import again", job->path);
}

typedef int row_fn(struct job *job, const struct fed_row *fed, struct err *err);

/* Every row of the file, understood. The caller's function decides what becomes of it. */
static int each_row(struct job *job, row_fn *each, struct err *err)
{
	const struct fed_rows *some;
	struct feed *feed;
	uint64_t rows = 0;
	int next, rc = feed_open(&feed, job->reader, job->csv, err);

	if (rc)
		return rc;
	while (rc == 0 && (next = feed_next(feed, &some, err)) != 0) {
		rc = next < 0 ? next : 0;
		for (size_t i = 0; rc == 0 && i < some->count; i++) {
			rc = job_interrupted(job, err);
			if (rc == 0)
				rc = each(job, &some->items[i], err);
			if (++rows % PROGRESS_ROWS == 0)
				job_progress(job, some->bytes_read, some->bytes_total, rows, false);
		}
	}
	feed_close(feed);
	return rc;
}

static void keep_problems(struct job *job, const struct problems *wrong)
{
	struct problems *all = &job->file->problems;

	for (size_t i = 0; i < wrong->count && all->count < IMPORT_MAX_PROBLEMS; i++) {
		const struct problem *p = &wrong->items[i];

		problem_add(all, str_of(job->path), p->line, p->column, arena_str(job->call->arena, p->field), "%.*s",
			    STR_ARG(p->text));
	}
}

static int judge_row(struct job *job, const struct fed_row *fed, struct err *err)
{
	(void)err;
	job->file->rows += fed->kind != ROW_INNER_HEADER;
	if (fed->kind == ROW_BAD) {
		job->file->rejected++;
		keep_problems(job, &fed->wrong);
	}
	return 0;
}

static int pass_row(struct job *job, const struct fed_row *fed, struct err *err)
{
	(void)job;
	(void)fed;
	(void)err;
	return 0;
}

int job_weigh(struct job *job, struct err *err)
{
	int rc = reader_weigh(job->reader) ? each_row(job, pass_row, err) : 0;

	reader_restart(job->reader);
	return rc;
}

/* All or nothing: every row is read before the first is written. */
int job_judge(struct job *job, struct err *err)
{
	int rc = each_row(job, judge_row, err);

	reader_restart(job->reader);
	if (rc == 0 && job->file->rejected)
		job->file->refused = true;
	else
		job->file->rows = 0;
	return rc;
}

/* Times as the reports will show them. */
static void preview_value(struct buf *out, const struct zone *zone, const struct value *value)
{
	char text[40];

	if (value->kind != VALUE_TIME) {
		value_format(out, value);
		return;
	}
	zone_format(zone, value->as.time_ms, text);
	buf_add_text(out, text);
}

static void preview_row(struct job *job, const struct understood *row)
{
	struct imported_file *file = job->file;
	struct buf text;

	if (!job->call->options->dry_run || file->preview_rows == PREVIEW_ROWS)
		return;
	buf_init(&text, 1 << 16);
	for (size_t i = 0; i < row->count; i++) {
		const struct record *record = &row->records[i];

		buf_addf(&text, "%s%s %.*s:", i ? "; " : "", object_singular(record->object),
			 record->generated_key ? 8 : (int)record->key.len, record->key.at);
		for (size_t k = 0, said = 0; k < record->count; k++) {
			const struct record_field *field = &record->fields[k];
			const struct field_def *def = field_by_code(record->object, field->code);

			if (field->value.kind == VALUE_EMPTY)
				continue;
			buf_addf(&text, "%s ", said++ ? "," : "");
			buf_add_str(&text, def ? str_of(def->name) : field->name);
			buf_add_char(&text, ' ');
			preview_value(&text, job->call->zone, &field->value);
		}
	}
	if (!file->preview)
		file->preview = ARENA_ARRAY(job->call->arena, struct str, PREVIEW_ROWS);
	file->preview[file->preview_rows++] = arena_str(job->call->arena, buf_str(&text));
	buf_release(&text);
}

static int append(struct job *job, const struct record *record, enum append_result *result, struct err *err)
{
	struct call *call = job->call;
	int rc = book_append(call->book, record, &job->context, result, err);

	if (rc)
		return rc;
	if (*result == APPEND_CHANGED || *result == APPEND_OLDER)
		call->counted = false;
	else if (*result == APPEND_NEW && call->counted)
		counting_see(call->counting, record);
	return 0;
}

static int append_row(struct job *job, const struct understood *row, struct err *err)
{
	struct imported_file *file = job->file;
	enum append_result own = APPEND_UNCHANGED;
	bool changed = false;

	for (size_t i = 0; i < row->count; i++) {
		enum append_result result;
		int rc = append(job, &row->records[i], &result, err);

		if (rc)
			return rc;
		reasons_see(&job->reasons, &row->records[i]);
		if (i == 0 && job->keeps_keys)
			table_put(&job->seen, book_last_key(job->call->book), NULL);
		if (i == 0)
			own = result;
		else
			changed |= result == APPEND_NEW || result == APPEND_CHANGED;
	}
	switch (own) {
	case APPEND_NEW: file->accepted++; break;
	case APPEND_CHANGED: file->changed++; break;
	case APPEND_OLDER: file->older++; break;
	case APPEND_UNCHANGED: changed ? file->changed++ : file->unchanged++; break;
	}
	file->identical += row->identical;
	preview_row(job, row);
	return 0;
}

/* Those that say something in the book now, this time or before. */
static uint64_t rows_in(const struct imported_file *file)
{
	return file->accepted + file->changed + file->unchanged + file->older;
}

/* Rejected rows are written behind the commit that says where. */
static int commit(struct job *job, struct err *err)
{
	int rc = book_commit(job->call->book, err);

	if (rc)
		return rc;
	job->rows_safe = job->rows_asked = rows_in(job->file);
	return rejects_flush(&job->rejects, err);
}

/* Commits what stands, and begins anew. Where no row was rejected the next ones are taken in while the disk is at work. */
static int next_chunk(struct job *job, struct err *err)
{
	struct book *book = job->call->book;
	int rc;

	if (job->call->options->dry_run)
		return 0;
	if (job->rejects.pending.len) {
		rc = rejects_note(&job->rejects, book, &job->context, err);
		if (rc == 0)
			rc = commit(job, err);
		return rc ? rc : book_begin(book, err);
	}
	rc = book_commit_next(book, err);
	if (rc)
		return rc;
	/* Whoever asks for a commit waits for the one before. */
	job->rows_safe = job->rows_asked;
	job->rows_asked = rows_in(job->file);
	job->head_asked = book_head(book).seq;
	return 0;
}

static int take_row(struct job *job, const struct fed_row *fed, struct err *err)
{
	struct imported_file *file = job->file;
	int rc = 0;

	file->rows += fed->kind != ROW_INNER_HEADER;
	switch (fed->kind) {
	case ROW_INNER_HEADER: file->inner_headers++; break;
	case ROW_SKIPPED: file->skipped_rows++; break;
	case ROW_SUPERSEDED: file->superseded++; break;
	case ROW_GOOD: rc = append_row(job, &fed->row, err); break;
	case ROW_BAD:
		file->rejected++;
		keep_problems(job, &fed->wrong);
		rejects_add(&job->rejects, &fed->own, fed->wrong.items, fed->wrong.count);
		break;
	}
	if (rc == 0 && file->rows % IMPORT_CHUNK_ROWS == 0 && fed->kind != ROW_INNER_HEADER)
		rc = next_chunk(job, err);
	return rc;
}

static int take_definitions(struct job *job, struct err *err)
{
	struct record *records;
	size_t count = reader_definitions(job->reader, &records);

	for (size_t i = 0; i < count; i++) {
		enum append_result result;
		int rc = append(job, &records[i], &result, err);

		if (rc)
			return rc;
	}
	return 0;
}

static void fill_import(struct job *job)
{
	struct import *import = &job->import;
	const struct imported_file *file = job->file;

	import->rows = file->rows;
	import->accepted = file->accepted;
	import->changed = file->changed;
	import->unchanged = file->unchanged;
	import->rejected = file->rejected;
	import->rejected_path = job->rejects.rows ? job->rejects.path : STR_NONE;
}

/* The transaction that is open when rows end: finished, or left to the caller where it is only a try. */
static int finish(struct job *job, struct err *err)
{
	struct book *book = job->call->book;
	int rc;

	if (job->call->options->dry_run) {
		book_import_drop(book);
		return 0;
	}
	rc = rejects_note(&job->rejects, book, &job->context, err);
	fill_import(job);
	if (rc == 0)
		rc = book_import_finish(book, &job->import, &job->context, err);
	if (rc)
		return rc;
	job->file->import_seq = job->import.seq;
	return commit(job, err);
}

/* What went wrong, and how much is in the book all the same. */
static int stopped(const struct job *job, struct err *err)
{
	bool last_is_in = book_head(job->call->book).seq > job->head_asked;
	uint64_t rows = last_is_in ? job->rows_asked : job->rows_safe;
	struct arena *arena = job->call->arena;
	char in[32], total[32];
	const char *how_far;

	count_text((int64_t)rows, in);
	count_text((int64_t)job->rows_total, total);
	if (job->file->resumed)
		how_far =
			arena_printf(arena,
				     "%s: %s of %s rows were gone through, and what was in before stays; run the same "
				     "import again",
				     job->path, in, total);
	else if (!rows || !job->import.seq)
		how_far = arena_printf(arena, "nothing of %s was taken in; run the same import again", job->path);
	else
		how_far = arena_printf(arena,
				       "%s: %s of %s rows are in; run the same import again, or take them back: "
				       "lockstep import --undo %llu",
				       job->path, in, total, (unsigned long long)job->import.seq);
	if (job->interrupted)
		return err_set(err, ERR_STATE, "interrupted: %s", how_far);
	return err_set(err, err->kind, "%s. %s", arena_dup(arena, err->text), how_far);
}

int job_take(struct job *job, struct err *err)
{
	struct book *book = job->call->book;
	int rc = job->call->options->dry_run ? 0 : book_begin(book, err);

	if (rc)
		return rc;
	rc = book_import_announce(book, &job->import, err);
	if (rc == 0)
		rc = take_definitions(job, err);
	if (rc == 0)
		rc = each_row(job, take_row, err);
	if (rc == 0)
		rc = finish(job, err);
	if (rc) {
		book_import_drop(book);
		book_rollback(book);
		if (!job->call->options->dry_run)
			rc = stopped(job, err);
	}
	return rc;
}
