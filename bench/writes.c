/* A bare group commit: callers queue one row each and wait; one writer commits whatever is queued as soon as the last commit has
 * returned. What any book with one fsync a commit can reach on this disk. */
#include <pthread.h>
#include <sqlite3.h>
#include <stdlib.h>

#include "bench.h"

enum { MAX_CALLERS = 256 };

struct writing {
	pthread_mutex_t lock;
	pthread_cond_t queued, committed;
	struct bench_lead *rows[MAX_CALLERS]; /* of the batch that is being filled */
	unsigned count;
	uint64_t filling, done; /* numbers of batches */
	bool stop;
	double until_s;
	const struct bench_rows *made;
	const char *path;
};

struct caller {
	pthread_t id;
	struct writing *writing;
	uint64_t number, writes;
};

static void *call(void *context)
{
	struct caller *caller = context;
	struct writing *w = caller->writing;
	struct bench_lead lead;
	uint64_t batch;

	while (bench_now_s() < w->until_s) {
		bench_rows_lead(w->made, caller->number + caller->writes * MAX_CALLERS, &lead);
		pthread_mutex_lock(&w->lock);
		batch = w->filling;
		w->rows[w->count++] = &lead;
		if (w->count == 1)
			pthread_cond_signal(&w->queued);
		while (w->done < batch)
			pthread_cond_wait(&w->committed, &w->lock);
		pthread_mutex_unlock(&w->lock);
		caller->writes++;
	}
	return NULL;
}

static void commit(struct sqlite3 *db, sqlite3_stmt *insert, struct bench_lead *const *rows, unsigned count)
{
	bench_sqlite_run(db, "BEGIN");
	for (unsigned i = 0; i < count; i++)
		bench_sqlite_lead(db, insert, BENCH_NEXT, rows[i]);
	bench_sqlite_run(db, "COMMIT");
}

static void *write_all(void *context)
{
	struct writing *w = context;
	struct bench_lead *rows[MAX_CALLERS];
	sqlite3_stmt *insert;
	struct sqlite3 *db = bench_sqlite_durable(w->path, &insert);
	unsigned count;

	pthread_mutex_lock(&w->lock);
	for (;;) {
		while (!w->count && !w->stop)
			pthread_cond_wait(&w->queued, &w->lock);
		if (!w->count)
			break;
		count = w->count;
		for (unsigned i = 0; i < count; i++)
			rows[i] = w->rows[i];
		w->count = 0;
		w->filling++;
		pthread_mutex_unlock(&w->lock);
		commit(db, insert, rows, count);
		pthread_mutex_lock(&w->lock);
		w->done = w->filling - 1;
		pthread_cond_broadcast(&w->committed);
	}
	pthread_mutex_unlock(&w->lock);
	bench_sqlite_end(db, insert);
	return NULL;
}

double bench_writes(const char *path, unsigned callers, double seconds)
{
	struct bench_rows rows;
	struct writing w = { .lock = PTHREAD_MUTEX_INITIALIZER,
			     .queued = PTHREAD_COND_INITIALIZER,
			     .committed = PTHREAD_COND_INITIALIZER,
			     .filling = 1,
			     .path = path,
			     .made = &rows };
	struct caller all[MAX_CALLERS] = { 0 };
	uint64_t writes = 0;
	double start;
	pthread_t writer;

	if (!callers || callers > MAX_CALLERS)
		bench_fail("callers", "1 to 256");
	bench_rows_init(&rows, 100000000);
	start = bench_now_s();
	w.until_s = start + seconds;
	if (pthread_create(&writer, NULL, write_all, &w))
		bench_fail("threads", "cannot be started");
	for (unsigned i = 0; i < callers; i++) {
		all[i] = (struct caller){ .writing = &w, .number = i };
		if (pthread_create(&all[i].id, NULL, call, &all[i]))
			bench_fail("threads", "cannot be started");
	}
	for (unsigned i = 0; i < callers; i++) {
		pthread_join(all[i].id, NULL);
		writes += all[i].writes;
	}
	pthread_mutex_lock(&w.lock);
	w.stop = true;
	pthread_cond_signal(&w.queued);
	pthread_mutex_unlock(&w.lock);
	pthread_join(writer, NULL);
	return (double)writes / (bench_now_s() - start);
}
