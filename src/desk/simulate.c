#include "desk/simulate.h"

#include <string.h>

#include "io/file.h"

struct simulating {
	struct book *book;
	const struct simulate_options *options;
	struct simulate_summary *summary;
	struct append_context context;
	struct import import;
	uint64_t in_chunk, leads;
};

/* Only into an empty book, or one for which this very story was written before: begun, or done. */
static int may_write(struct book *book, const char *story_path, struct str text, struct arena *arena, struct err *err)
{
	struct err none = ERR_INIT;
	struct str before;

	/* The first entry is that of the book's settings. */
	if (book_head(book).seq <= 1)
		return 0;
	if (!file_read(&before, story_path, 1 << 20, arena, &none) && str_eq(before, text))
		return 0;
	return err_set(
		err, ERR_STATE,
		"%s holds other things: a made-up company does not belong among real ones. Give another --book, or --into to "
		"put it there all the same.",
		book_path(book));
}

static int commit_chunk(struct simulating *run, bool more, struct err *err)
{
	int rc = book_commit(run->book, err);

	run->in_chunk = 0;
	if (run->options->progress)
		run->options->progress(run->options->progress_context, run->leads, run->summary->records);
	return rc ? rc : more ? book_begin(run->book, err) : 0;
}

static int take(void *context, const struct record *record, struct err *err)
{
	struct simulating *run = context;
	struct simulate_summary *summary = run->summary;
	enum append_result result;
	int rc = book_append(run->book, record, &run->context, &result, err);

	if (rc)
		return rc;
	summary->records++;
	summary->added += result == APPEND_NEW;
	summary->changed += result == APPEND_CHANGED;
	summary->older += result == APPEND_OLDER;
	summary->unchanged += result == APPEND_UNCHANGED;
	summary->of[record->object] += result == APPEND_NEW;
	run->leads += record->object == OBJECT_LEAD && result == APPEND_NEW;
	return ++run->in_chunk == SIMULATE_CHUNK ? commit_chunk(run, true, err) : 0;
}

static int write_all(struct simulating *run, const struct sim_story *story, struct err *err)
{
	struct simulate_summary *summary = run->summary;
	int rc = book_begin(run->book, err);

	if (rc)
		return rc;
	/* The import's entry is written with the first record that is news. */
	rc = book_import_announce(run->book, &run->import, err);
	if (!rc)
		rc = sim_run(story, take, run, NULL, err);
	if (!rc) {
		run->import.rows = summary->records;
		run->import.accepted = summary->added;
		run->import.changed = summary->changed + summary->older;
		run->import.unchanged = summary->unchanged;
		rc = book_import_finish(run->book, &run->import, &run->context, err);
	}
	if (!rc)
		rc = commit_chunk(run, false, err);
	if (rc)
		book_rollback(run->book);
	summary->import_seq = run->import.seq;
	return rc;
}

static int name_import(struct import *import, const char *story_path, const struct sim_story *story,
		       struct arena *arena, struct err *err)
{
	struct file_facts facts;
	char *path;
	int rc = file_facts(&facts, story_path, err);

	if (!rc)
		rc = file_real_path(&path, story_path, arena, err);
	if (rc)
		return rc;
	memcpy(import->file_hash, facts.hash, HASH_BYTES);
	import->path = str_of(path);
	import->map = STR(SIM_SOURCE);
	/* The same whenever it is written: noon of the last day, as good as UTC can say it. */
	import->observed_ms = ((int64_t)story->last_day * 24 + 12) * 3600000;
	return 0;
}

int simulate_book(struct book *book, const struct sim_story *story, const char *story_path,
		  const struct simulate_options *options, struct simulate_summary *summary, struct err *err)
{
	struct simulating run = { .book = book,
				  .options = options,
				  .summary = summary,
				  .context = { .now_ms = options->now_ms, .actor = options->actor } };
	struct arena arena;
	struct str text;
	int rc;

	*summary = (struct simulate_summary){ .records = 0 };
	arena_init(&arena);
	rc = sim_truth_of(story, &summary->truth, err);
	if (!rc) {
		text = sim_story_text(story, &summary->truth, &arena);
		rc = options->into ? 0 : may_write(book, story_path, text, &arena, err);
	}
	if (!rc)
		rc = file_write_whole(story_path, text, 0644, err);
	if (!rc)
		rc = name_import(&run.import, story_path, story, &arena, err);
	if (!rc)
		rc = write_all(&run, story, err);
	arena_release(&arena);
	return rc;
}
