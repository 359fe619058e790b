#include "book/writer.h"

#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdlib.h>
#include "book/private.h"

enum {
	QUEUE_MAX = 4096,           /* decisions waiting */
	TRANSACTION_RECORDS = 8192, /* at most, so that nobody waits long for others */
};

/* On its caller's stack, who sleeps until it is done. */
struct request {
	const struct record *records;
	size_t count;
	const struct append_context *context;
	enum append_result *results;
	int rc;
	struct err err;
	struct request *next;
	sem_t done;
};

struct writer {
	struct book *book;
	pthread_t thread;
	pthread_mutex_t mutex;
	pthread_cond_t work, room;
	struct request *first, **last;
	size_t waiting;
	bool closing;
	struct request *flying; /* whose commit is under way */
	struct writer_counts counts;
};

/* ---- the thread ---- */

/* What is waiting, in order. NULL when there is nothing: where `sleep`, only when there is nothing any more and the writer closes. */
static struct request *take(struct writer *w, bool sleep)
{
	struct request *batch, **end = &batch;
	size_t records = 0;

	pthread_mutex_lock(&w->mutex);
	while (sleep && !w->first && !w->closing)
		pthread_cond_wait(&w->work, &w->mutex);
	while (w->first && (records == 0 || records + w->first->count <= TRANSACTION_RECORDS)) {
		*end = w->first;
		records += w->first->count;
		end = &w->first->next;
		w->first = w->first->next;
		w->waiting--;
	}
	*end = NULL;
	if (!w->first)
		w->last = &w->first;
	pthread_cond_broadcast(&w->room);
	pthread_mutex_unlock(&w->mutex);
	return batch;
}

/* What the caller did wrong is found before anything of the decision is in the transaction, which is others' too, but for ERR_LIMIT; the
 * rest befell the book. */
static int append(struct book *book, struct request *request, struct err *err)
{
	int rc = 0;

	for (size_t i = 0; i < request->count && request->rc == 0; i++)
		request->rc = record_check(book, &request->records[i], &request->err);
	for (size_t i = 0; i < request->count && request->rc == 0 && rc == 0; i++)
		rc = book_append(book, &request->records[i], request->context, &request->results[i], err);
	return rc;
}

/* `rc`: what became of their transaction. */
static void tell(struct writer *w, struct request *batch, int rc, const struct err *err)
{
	struct writer_counts more = { .commits = batch && rc == 0 };

	for (struct request *r = batch; r; r = r->next) {
		if (r->rc == 0 && rc != 0) {
			r->rc = rc;
			r->err = *err;
		}
		more.decisions += r->rc == 0;
		more.records += r->rc == 0 ? r->count : 0;
	}
	pthread_mutex_lock(&w->mutex);
	w->counts.commits += more.commits;
	w->counts.decisions += more.decisions;
	w->counts.records += more.records;
	pthread_mutex_unlock(&w->mutex);
	/* Its caller's stack is gone once it is told. */
	for (struct request *r = batch, *next; r; r = next) {
		next = r->next;
		sem_post(&r->done);
	}
}

/* The commit under way has ended, well or not, and those whose it was are told. */
static int land(struct writer *w, struct err *err)
{
	int rc = book_wait(w->book, err);

	tell(w, w->flying, rc, err);
	w->flying = NULL;
	return rc;
}

/* NULL, or who asked for more than fits: which is seen only when it is written. */
static struct request *append_all(struct book *book, struct request *batch, int *rc, struct err *err)
{
	for (struct request *r = batch; r; r = r->next) {
		*rc = append(book, r, err);
		if (*rc != 0)
			return *rc == ERR_LIMIT ? r : NULL;
	}
	return NULL;
}

/* Puts a batch into the transaction that is open, or a fresh one: without those who ask for more than fits. */
static int write_batch(struct writer *w, struct request *batch, struct err *err)
{
	struct book *book = w->book;

	for (;;) {
		struct err ignored = ERR_INIT;
		struct request *refused;
		int rc = book->in_transaction ? 0 : book_begin(book, err);

		if (rc != 0)
			return rc;
		refused = append_all(book, batch, &rc, err);
		if (rc == 0)
			rc = book_ready(book, err);
		if (rc == 0)
			return 0;
		/* The commit under way is another's: it has ended before anything is taken back. */
		if (w->flying)
			(void)land(w, &ignored);
		book_rollback(book);
		if (!refused)
			return rc;
		refused->rc = rc;
		refused->err = *err;
	}
}

/* While a commit is under way the next batch is put together; it is committed as soon as that one has returned. */
static void *run(void *context)
{
	struct writer *w = context;
	struct request *batch;

	while ((batch = take(w, !w->flying)) || w->flying) {
		struct err err = ERR_INIT, before = ERR_INIT;
		int rc = batch ? write_batch(w, batch, &err) : 0;

		if (w->flying && land(w, &before) != 0 && rc == 0) {
			rc = before.kind;
			err = before;
		}
		if (batch && rc == 0)
			rc = book_commit_next(w->book, &err);
		if (rc == 0)
			w->flying = batch;
		else
			tell(w, batch, rc, &err);
	}
	book_rollback(w->book);
	return NULL;
}

/* ---- callers ---- */

int writer_open(struct writer **out, struct book *book, struct err *err)
{
	if (book->mode != BOOK_WRITE || book->in_transaction)
		BUG("a writer needs a book opened for writing, outside a transaction");
	/* So that the first caller does not wait for it. */
	int rc = index_ready(book, err);
	if (rc != 0)
		return rc;
	struct writer *w = must_calloc(1, sizeof(*w));
	w->book = book;
	w->last = &w->first;
	pthread_mutex_init(&w->mutex, NULL);
	pthread_cond_init(&w->work, NULL);
	pthread_cond_init(&w->room, NULL);
	errno = pthread_create(&w->thread, NULL, run, w);
	if (errno != 0) {
		rc = err_system(err, "%s: no thread to write it", book->path);
		free(w);
		return rc;
	}
	*out = w;
	return 0;
}

static void offer(struct writer *w, struct request *request)
{
	pthread_mutex_lock(&w->mutex);
	while (w->waiting >= QUEUE_MAX)
		pthread_cond_wait(&w->room, &w->mutex);
	if (w->closing)
		BUG("a record offered to a writer that is closing");
	*w->last = request;
	w->last = &request->next;
	w->waiting++;
	pthread_cond_signal(&w->work);
	pthread_mutex_unlock(&w->mutex);
}

int writer_append(struct writer *writer, const struct record *records, size_t count,
		  const struct append_context *context, enum append_result *results, struct err *err)
{
	struct request request = {
		.records = records, .count = count, .context = context, .results = results, .err = ERR_INIT
	};

	sem_init(&request.done, 0, 0);
	offer(writer, &request);
	while (sem_wait(&request.done) != 0)
		;
	sem_destroy(&request.done);
	if (request.rc != 0)
		*err = request.err;
	return request.rc;
}

struct writer_counts writer_counts(struct writer *writer)
{
	pthread_mutex_lock(&writer->mutex);
	struct writer_counts counts = writer->counts;
	pthread_mutex_unlock(&writer->mutex);
	return counts;
}

void writer_close(struct writer *writer)
{
	if (!writer)
		return;
	pthread_mutex_lock(&writer->mutex);
	writer->closing = true;
	pthread_cond_signal(&writer->work);
	pthread_mutex_unlock(&writer->mutex);
	pthread_join(writer->thread, NULL);
	pthread_cond_destroy(&writer->work);
	pthread_cond_destroy(&writer->room);
	pthread_mutex_destroy(&writer->mutex);
	free(writer);
}
