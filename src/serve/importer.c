#include "serve/importer.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "desk/import.h"
#include "report/answer_json.h"
#include "report/import_json.h"
#include "serve/lend.h"

enum { JOBS_KEPT = 64, JOBS_WAITING = 16 };

struct job {
	unsigned number; /* 0: a free place */
	enum import_job_state state;
	struct import_wish wish;
	uint64_t rows, read, bytes;
	json_t *result; /* owned; NULL: none yet */
	char error[sizeof(((struct err *)0)->text)];
};

struct importer {
	struct server *server;
	pthread_t thread;
	pthread_mutex_t lock; /* of all below */
	pthread_cond_t wanted;
	struct job jobs[JOBS_KEPT]; /* number N stands at N % JOBS_KEPT */
	unsigned last, next;        /* the last that was asked for; the next to be done */
	bool ending;
	atomic_int interrupted;
};

/* ---- as it is told ---- */

/* Where it stood here is nobody's business: its name alone. */
static void name_alone(json_t *file)
{
	const char *path = json_string_value(json_object_get(file, "file"));
	const char *slash = path ? strrchr(path, '/') : NULL;
	json_t *problem;
	size_t i;

	json_object_set_new(file, "name", json_string(slash ? slash + 1 : path ? path : ""));
	json_object_del(file, "file");
	json_object_del(file, "rejected_file");
	json_array_foreach(json_object_get(file, "problems"), i, problem)
	{
		json_object_del(problem, "file");
	}
}

static json_t *result_json(const struct import_summary *summary, bool dry_run)
{
	json_t *root = import_json(summary, dry_run), *file;
	size_t i;

	json_array_foreach(json_object_get(root, "files"), i, file)
	{
		name_alone(file);
	}
	return root;
}

/* ---- one import ---- */

static int options_of(struct server *server, const struct import_wish *wish, struct import_options *options,
		      const char **path, struct arena *arena, struct err *err)
{
	const char *book = book_path(server_book(server));

	*path = upload_path(book, str_of(wish->file), arena);
	if (!*path)
		return err_set(err, ERR_STATE, "the file is not there any more; send it again");
	*options = (struct import_options){
		.preset = *wish->preset ? wish->preset : NULL,
		.map_path = wish->map ? upload_map_path(book, str_of(wish->file), arena) : NULL,
		.named = *wish->named ? wish->named : NULL,
		.advice = "Send a map, beginning with the draft of this file, or say which import it is like.",
		.as = wish->as,
		.strict = wish->strict,
		.exported_at_ms = wish->exported_at_ms,
		.date_order = wish->date_order,
		.mark = wish->mark,
		.rejects_folder = rejected_folder(book, arena),
		.now_ms = server_now_ms(server),
		.actor = wish->actor,
	};
	return 0;
}

int import_try(struct server *server, const struct import_wish *wish, json_t **out, struct err *err)
{
	struct import_options options;
	struct import_summary summary;
	struct arena arena;
	struct book *book;
	const char *path;
	int failed;

	arena_init(&arena);
	failed = options_of(server, wish, &options, &path, &arena, err);
	options.dry_run = true;
	if (!failed)
		failed = book_open_trial(&book, book_path(server_book(server)), err);
	if (!failed) {
		failed = import_files(book, &path, 1, &options, &arena, &summary, err);
		if (!failed)
			*out = result_json(&summary, true);
		book_close(book);
	}
	arena_release(&arena);
	return failed;
}

struct showing {
	struct importer *importer;
	struct job *job;
};

static void show(void *context, const char *path, uint64_t bytes, uint64_t total, uint64_t rows)
{
	const struct showing *showing = context;

	(void)path;
	pthread_mutex_lock(&showing->importer->lock);
	showing->job->read = bytes;
	showing->job->bytes = total;
	showing->job->rows = rows;
	pthread_mutex_unlock(&showing->importer->lock);
}

/* The job's place stays as long as it runs: no more are asked for than there are places. */
static void import(struct importer *importer, struct job *job)
{
	struct showing showing = { importer, job };
	struct server *server = importer->server;
	struct import_options options;
	struct import_summary summary;
	struct err err = ERR_INIT;
	struct arena arena;
	const char *path;
	int failed;

	arena_init(&arena);
	lend_begin(server_lend(server));
	failed = options_of(server, &job->wish, &options, &path, &arena, &err);
	options.progress = show;
	options.progress_context = &showing;
	options.interrupted = &importer->interrupted;
	if (!failed)
		failed = import_files(server_book(server), &path, 1, &options, &arena, &summary, &err);
	lend_end(server_lend(server));
	server_told(server);
	pthread_mutex_lock(&importer->lock);
	job->result = failed ? NULL : result_json(&summary, false);
	job->state = failed ? IMPORT_JOB_FAILED : summary.refused ? IMPORT_JOB_REFUSED : IMPORT_JOB_DONE;
	if (failed)
		memcpy(job->error, err.text, sizeof(job->error));
	pthread_mutex_unlock(&importer->lock);
	/* What was refused or went wrong may be tried again, by another map. */
	if (job->state == IMPORT_JOB_DONE)
		upload_drop(book_path(server_book(server)), str_of(job->wish.file));
	arena_release(&arena);
}

static void *run(void *context)
{
	struct importer *importer = context;

	pthread_mutex_lock(&importer->lock);
	for (;;) {
		struct job *job;

		while (importer->next > importer->last && !importer->ending)
			pthread_cond_wait(&importer->wanted, &importer->lock);
		if (importer->ending)
			break;
		job = &importer->jobs[importer->next % JOBS_KEPT];
		job->state = IMPORT_JOB_RUNNING;
		pthread_mutex_unlock(&importer->lock);
		import(importer, job);
		pthread_mutex_lock(&importer->lock);
		importer->next++;
	}
	pthread_mutex_unlock(&importer->lock);
	return NULL;
}

/* ---- asking ---- */

unsigned importer_add(struct importer *importer, const struct import_wish *wish)
{
	unsigned number = 0;
	struct job *job;

	pthread_mutex_lock(&importer->lock);
	if (importer->last + 1 - importer->next < JOBS_WAITING) {
		number = ++importer->last;
		job = &importer->jobs[number % JOBS_KEPT];
		json_decref(job->result);
		*job = (struct job){ .number = number, .wish = *wish };
		pthread_cond_signal(&importer->wanted);
	}
	pthread_mutex_unlock(&importer->lock);
	return number;
}

json_t *importer_job(struct importer *importer, unsigned number)
{
	static const char *const states[] = {
		[IMPORT_JOB_WAITING] = "waiting", [IMPORT_JOB_RUNNING] = "running", [IMPORT_JOB_DONE] = "done",
		[IMPORT_JOB_REFUSED] = "refused", [IMPORT_JOB_FAILED] = "failed",
	};
	const struct job *job;
	json_t *root = NULL;

	pthread_mutex_lock(&importer->lock);
	job = &importer->jobs[number % JOBS_KEPT];
	if (number && job->number == number)
		root = json_pack("{s:I, s:s, s:I, s:I, s:I, s:o, s:o}", "job", (json_int_t)number, "state",
				 states[job->state], "rows", (json_int_t)job->rows, "read", (json_int_t)job->read,
				 "bytes", (json_int_t)job->bytes, "result",
				 job->result ? json_deep_copy(job->result) : json_null(), "error",
				 *job->error ? json_str(str_of(job->error)) : json_null());
	pthread_mutex_unlock(&importer->lock);
	return root;
}

/* ---- opening and closing ---- */

int importer_open(struct importer **out, struct server *server, struct err *err)
{
	struct importer *importer = must_calloc(1, sizeof(*importer));

	importer->server = server;
	importer->next = 1;
	pthread_mutex_init(&importer->lock, NULL);
	pthread_cond_init(&importer->wanted, NULL);
	errno = pthread_create(&importer->thread, NULL, run, importer);
	if (errno) {
		free(importer);
		return err_system(err, "cannot start a thread");
	}
	*out = importer;
	return 0;
}

void importer_close(struct importer *importer)
{
	if (!importer)
		return;
	importer->interrupted = 1;
	pthread_mutex_lock(&importer->lock);
	importer->ending = true;
	pthread_cond_signal(&importer->wanted);
	pthread_mutex_unlock(&importer->lock);
	pthread_join(importer->thread, NULL);
	for (size_t i = 0; i < JOBS_KEPT; i++)
		json_decref(importer->jobs[i].result);
	pthread_cond_destroy(&importer->wanted);
	pthread_mutex_destroy(&importer->lock);
	free(importer);
}
