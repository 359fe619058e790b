/* What there is to tell of a file once its rows were read. */
#include "desk/import_job.h"

enum { SOURCES_MOST = 32 };

void job_note(struct job *job, struct str sentence)
{
	struct imported_file *file = job->file;

	file->notes = arena_grow(job->call->arena, file->notes, sizeof(*file->notes) * file->note_count,
				 sizeof(*file->notes) * (file->note_count + 1));
	file->notes[file->note_count++] = sentence;
}

static void note_all(struct job *job, struct str *sentences, size_t count)
{
	for (size_t i = 0; i < count; i++)
		job_note(job, sentences[i]);
}

static int note_rejects(struct job *job, struct err *err)
{
	struct imported_file *file = job->file;
	struct arena *arena = job->call->arena;
	bool removed = false;
	int rc = 0;

	if (job->rejects.rows) {
		file->rejected_path = job->rejects.path;
		if (job->rejects.instead.len)
			job_note(job, job->rejects.instead);
	} else if (!job->call->options->dry_run) {
		rc = rejects_remove_stale(&job->rejects, job->call->book, &removed, err);
	}
	if (removed)
		job_note(job, str_of(arena_printf(arena, "No row was rejected this time; %.*s is gone.",
						  STR_ARG(job->rejects.path))));
	if (job->rejects.kept.len)
		job_note(job,
			 str_of(arena_printf(arena, "%.*s was %s", STR_ARG(job->rejects.kept),
					     job->rejects.foreign
						     ? "not written from this book, so it stays as it is."
						     : "changed since it was written, so it stays as it is; import it "
						       "once it is mended, then take it away.")));
	return rc;
}

struct vanishing {
	struct job *job;
	struct str source;
};

static int count_vanished(void *context, const struct state *state, struct err *err)
{
	struct vanishing *v = context;

	(void)err;
	if (str_eq(state->record.source, v->source) && !table_get(&v->job->seen, state->record.key))
		v->job->file->vanished++;
	return 0;
}

/* Sources that have ids of this file. */
struct other_sources {
	struct job *job;
	struct str own, names[SOURCES_MOST];
	uint64_t counts[SOURCES_MOST];
	size_t count;
};

static int count_elsewhere(void *context, const struct state *state, struct err *err)
{
	struct other_sources *o = context;
	size_t i = 0;

	(void)err;
	if (str_eq(state->record.source, o->own) || !table_get(&o->job->seen, state->record.key))
		return 0;
	while (i < o->count && !str_eq(o->names[i], state->record.source))
		i++;
	if (i == SOURCES_MOST)
		return 0;
	if (i == o->count)
		o->names[o->count++] = arena_str(o->job->call->arena, state->record.source);
	o->counts[i]++;
	return 0;
}

/* The same system under another name would make every lead a second time: whoever tries a file is told. */
static int find_elsewhere(struct job *job, struct err *err)
{
	struct other_sources others = { .job = job, .own = map_source(job->map) };
	struct reading reading = READING_ALL;
	struct imported_file *file = job->file;
	int rc = book_states(job->call->book, OBJECT_LEAD, &reading, count_elsewhere, &others, err);

	for (size_t i = 0; i < others.count; i++)
		if (others.counts[i] > file->elsewhere) {
			file->elsewhere = others.counts[i];
			file->elsewhere_source = others.names[i];
		}
	return rc;
}

static bool asks_elsewhere(const struct job *job)
{
	return job->call->options->dry_run && job->file->as == OBJECT_LEAD;
}

/* An earlier file of this map and kind: what it had and this one has not is counted, never deleted. */
static bool had_earlier(const struct job *job)
{
	struct str name = map_name(job->map);

	if (path_without_rejects(job->path).len != strlen(job->path))
		return false;
	for (size_t i = 0; i < job->call->import_count; i++) {
		const struct import *import = &job->call->imports[i];

		if (import->object == job->file->as && import->state == IMPORT_FINISHED && import->map.len > name.len &&
		    !memcmp(import->map.at, name.at, name.len) && import->map.at[name.len] == '@' &&
		    memcmp(import->file_hash, job->facts.hash, HASH_BYTES) != 0)
			return true;
	}
	return false;
}

bool job_keeps_keys(const struct job *job)
{
	return asks_elsewhere(job) || had_earlier(job);
}

static void note_reasons(struct job *job)
{
	for (int of = 0; of < REASON_OF__COUNT; of++) {
		struct str sentence = reasons_sentence(&job->reasons, (enum reason_of)of, job->call->arena);

		if (sentence.len)
			job_note(job, str_of(arena_printf(job->call->arena, "%.*s.", STR_ARG(sentence))));
	}
}

int job_tell(struct job *job, struct err *err)
{
	struct vanishing vanishing = { job, map_source(job->map) };
	struct reading reading = READING_ALL;
	struct str *sentences;
	size_t count;
	int rc = 0;

	count = reader_notes(job->reader, job->call->arena, &sentences);
	note_all(job, sentences, count);
	count = lookalikes_sentences(job->call->names, str_of(job->path), job->call->arena, &sentences);
	note_all(job, sentences, count);
	note_reasons(job);
	rc = note_rejects(job, err);
	if (rc == 0 && asks_elsewhere(job))
		rc = find_elsewhere(job, err);
	if (rc == 0 && had_earlier(job))
		rc = book_states(job->call->book, job->file->as, &reading, count_vanished, &vanishing, err);
	return rc;
}
