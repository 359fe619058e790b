/* Writing behind: what a book writes is carried out by a thread of its own, in order, while the caller goes on. Another engine does
 * the work.
 *
 * - Statements that return nothing are copied into a batch; full batches and commits go to the thread, a bounded number of them.
 * - Whoever reads sees all that was asked before: reading waits for the thread, and carries out itself what it has not got yet.
 *   What is written while rows are being read is carried out by the reader too. So the connection below is used by one thread at a time.
 * - Whoever only wants what is durable already looks through a second connection, and waits for nobody. It reads, never checkpoints,
 *   and holds on to no commit between two looks, so that the log can be written over.
 * - What is to be done besides (syncing people's keys) begins at once, in another thread, while the connection still has the commit
 *   before; its place among the statements is where they wait for it. So it is done before a commit asked for later begins.
 * - What fails is told with the next call, whichever that is, and nothing after it is carried out until rollback. A commit is
 *   durable when commit, or wait, has returned 0: nothing may be acknowledged before. */
#include <pthread.h>
#include <sodium.h>
#include <stdatomic.h>
#include <stdlib.h>
#include "base/arena.h"
#include "book/engine.h"

enum { BATCHES = 8, BATCH_STEPS = 512, BATCH_BYTES = 1 << 20 };

struct step {
	enum { STEP_RUN, STEP_CALL, STEP_BEGIN, STEP_COMMIT } kind; /* STEP_CALL: waits for it */
	int statement, count;
	const struct engine_value *params;
	uint64_t call; /* its number */
};

/* One thing at a time that is done beside the statements. */
struct beside {
	pthread_t thread;
	bool threaded, closing;
	engine_call_fn *call;
	void *bytes; /* owned, until it is done */
	size_t len;
	uint64_t asked, done;
	bool failed; /* until rollback, and so is what is asked after it */
	struct err err;
};

struct batch {
	struct arena arena;
	struct step steps[BATCH_STEPS];
	size_t count, bytes;
};

/* The caller fills batch `made`; those from `done` on to there are the thread's. */
struct engine {
	const struct engine_ops *below;
	struct engine *db;
	struct engine *looker; /* another connection, that reads: opened when it is first needed */
	char *where;
	pthread_t thread;
	bool threaded, closing;
	pthread_mutex_t mutex;
	pthread_cond_t changed;
	struct batch batches[BATCHES];
	uint64_t made, done;
	uint64_t commits_asked, commits_done;
	struct beside beside; /* under the mutex */
	unsigned reading;     /* rows are being told: the connection stays with the caller */
	atomic_bool failed;   /* told once, by rollback undone; `err` is written before */
	struct err err;
};

/* ---- carrying out ---- */

/* What calls are given are people's keys: no copy stays in memory that was given back. */
static int beside_run(engine_call_fn *call, void *bytes, size_t len, struct err *err)
{
	int rc = call((struct str){ bytes, len }, err);

	sodium_memzero(bytes, len);
	free(bytes);
	return rc;
}

/* With the mutex held. */
static void beside_done(struct engine *e, int rc, const struct err *err)
{
	struct beside *b = &e->beside;

	if (rc != 0) {
		b->failed = true;
		b->err = *err;
	}
	b->done++;
	pthread_cond_broadcast(&e->changed);
}

static void *beside_thread(void *context)
{
	struct engine *e = context;
	struct beside *b = &e->beside;

	pthread_mutex_lock(&e->mutex);
	for (;;) {
		struct err err = ERR_INIT;

		while (b->done == b->asked && !b->closing)
			pthread_cond_wait(&e->changed, &e->mutex);
		if (b->done == b->asked)
			break;
		pthread_mutex_unlock(&e->mutex);
		int rc = beside_run(b->call, b->bytes, b->len, &err);
		pthread_mutex_lock(&e->mutex);
		beside_done(e, rc, &err);
	}
	pthread_mutex_unlock(&e->mutex);
	return NULL;
}

static int beside_wait(struct engine *e, uint64_t number, struct err *err)
{
	struct beside *b = &e->beside;

	pthread_mutex_lock(&e->mutex);
	while (b->done < number)
		pthread_cond_wait(&e->changed, &e->mutex);
	bool failed = b->failed;
	if (failed)
		*err = b->err;
	pthread_mutex_unlock(&e->mutex);
	return failed ? err->kind : 0;
}

static int carry_out_step(struct engine *e, const struct step *step, struct err *err)
{
	switch (step->kind) {
	case STEP_RUN: return e->below->run(e->db, step->statement, step->params, step->count, NULL, NULL, err);
	case STEP_CALL: return beside_wait(e, step->call, err);
	case STEP_BEGIN: return e->below->begin(e->db, err);
	case STEP_COMMIT: return e->below->commit(e->db, err);
	}
	BUG("a step of kind %d", (int)step->kind);
}

static void empty(struct batch *batch)
{
	arena_reset(&batch->arena);
	batch->count = batch->bytes = 0;
}

/* By whoever has the connection. */
static void carry_out(struct engine *e, struct batch *batch)
{
	for (size_t i = 0; i < batch->count && !e->failed; i++) {
		struct err err = ERR_INIT;

		if (carry_out_step(e, &batch->steps[i], &err) != 0) {
			e->err = err;
			e->failed = true;
		} else if (batch->steps[i].kind == STEP_COMMIT) {
			pthread_mutex_lock(&e->mutex);
			e->commits_done++;
			pthread_cond_broadcast(&e->changed);
			pthread_mutex_unlock(&e->mutex);
		}
	}
	empty(batch);
}

static void *run_thread(void *context)
{
	struct engine *e = context;

	pthread_mutex_lock(&e->mutex);
	for (;;) {
		while (e->done == e->made && !e->closing)
			pthread_cond_wait(&e->changed, &e->mutex);
		if (e->done == e->made)
			break;
		pthread_mutex_unlock(&e->mutex);
		carry_out(e, &e->batches[e->done % BATCHES]);
		pthread_mutex_lock(&e->mutex);
		e->done++;
		pthread_cond_broadcast(&e->changed);
	}
	pthread_mutex_unlock(&e->mutex);
	return NULL;
}

static int told(struct engine *e, struct err *err)
{
	if (!e->failed)
		return 0;
	*err = e->err;
	return e->err.kind;
}

/* All that was asked is carried out when it returns, and the connection is the caller's until the next batch is handed over. */
static int settle(struct engine *e, struct err *err)
{
	pthread_mutex_lock(&e->mutex);
	while (e->done != e->made)
		pthread_cond_wait(&e->changed, &e->mutex);
	pthread_mutex_unlock(&e->mutex);
	carry_out(e, &e->batches[e->made % BATCHES]);
	return told(e, err);
}

/* While the caller reads, and without a thread (the system may have none left), the caller does it. */
static void hand_over(struct engine *e)
{
	struct err err;

	if (!e->threaded && !e->reading && pthread_create(&e->thread, NULL, run_thread, e) == 0)
		e->threaded = true;
	if (!e->threaded || e->reading) {
		settle(e, &err);
		return;
	}
	pthread_mutex_lock(&e->mutex);
	e->made++;
	pthread_cond_broadcast(&e->changed);
	while (e->made - e->done == BATCHES)
		pthread_cond_wait(&e->changed, &e->mutex);
	pthread_mutex_unlock(&e->mutex);
}

/* ---- asking ---- */

static struct step *add(struct engine *e, struct step step)
{
	struct batch *batch = &e->batches[e->made % BATCHES];

	if (batch->count == BATCH_STEPS || batch->bytes > BATCH_BYTES) {
		hand_over(e);
		batch = &e->batches[e->made % BATCHES];
	}
	batch->steps[batch->count] = step;
	return &batch->steps[batch->count++];
}

static struct str keep(struct engine *e, struct str bytes)
{
	struct batch *batch = &e->batches[e->made % BATCHES];

	batch->bytes += bytes.len;
	return arena_str(&batch->arena, bytes);
}

static int ask_run(struct engine *e, int statement, const struct engine_value *params, int count, struct err *err)
{
	struct step *step = add(e, (struct step){ .kind = STEP_RUN, .statement = statement, .count = count });
	struct engine_value *copy =
		ARENA_ARRAY(&e->batches[e->made % BATCHES].arena, struct engine_value, (size_t)count);

	for (int i = 0; i < count; i++) {
		copy[i] = params[i];
		if (params[i].bytes.len > 0)
			copy[i].bytes = keep(e, params[i].bytes);
	}
	step->params = copy;
	return told(e, err);
}

static int behind_run(struct engine *e, int statement, const struct engine_value *params, int count, engine_row_fn *row,
		      void *context, struct err *err)
{
	if (!row)
		return ask_run(e, statement, params, count, err);
	int rc = settle(e, err);
	if (rc != 0)
		return rc;
	e->reading++;
	rc = e->below->run(e->db, statement, params, count, row, context, err);
	e->reading--;
	return rc;
}

static int behind_look(struct engine *e, int statement, const struct engine_value *params, int count,
		       engine_row_fn *row, void *context, struct err *err)
{
	struct err ignored = ERR_INIT;

	if (!e->looker && e->below->open(&e->looker, e->where, false, &ignored) == 0)
		e->below->rest(e->looker);
	/* Without it there is the long way. */
	if (!e->looker)
		return behind_run(e, statement, params, count, row, context, err);
	return e->below->run(e->looker, statement, params, count, row, context, err);
}

static int behind_call(struct engine *e, engine_call_fn *call, struct str bytes, struct err *err)
{
	struct beside *b = &e->beside;
	void *copy = must_alloc(bytes.len + 1);

	if (bytes.len > 0)
		memcpy(copy, bytes.at, bytes.len);
	/* One that failed is told by its own step. */
	(void)beside_wait(e, b->asked, &(struct err){ 0 });
	if (!b->threaded && pthread_create(&b->thread, NULL, beside_thread, e) == 0)
		b->threaded = true;
	pthread_mutex_lock(&e->mutex);
	b->asked++;
	b->call = call;
	b->bytes = copy;
	b->len = bytes.len;
	pthread_cond_broadcast(&e->changed);
	pthread_mutex_unlock(&e->mutex);
	if (!b->threaded) {
		struct err why = ERR_INIT;
		int rc = beside_run(call, copy, bytes.len, &why);

		pthread_mutex_lock(&e->mutex);
		beside_done(e, rc, &why);
		pthread_mutex_unlock(&e->mutex);
	}
	add(e, (struct step){ .kind = STEP_CALL, .call = b->asked });
	return told(e, err);
}

static int behind_begin(struct engine *e, struct err *err)
{
	int rc = settle(e, err);

	return rc == 0 ? e->below->begin(e->db, err) : rc;
}

static int behind_commit(struct engine *e, struct err *err)
{
	add(e, (struct step){ .kind = STEP_COMMIT });
	e->commits_asked++;
	return settle(e, err);
}

static int behind_commit_next(struct engine *e, struct err *err)
{
	add(e, (struct step){ .kind = STEP_COMMIT });
	e->commits_asked++;
	add(e, (struct step){ .kind = STEP_BEGIN });
	/* Asked before the thread has it: what fails behind the commit says nothing of the commit. */
	int rc = told(e, err);
	hand_over(e);
	return rc;
}

static int behind_wait(struct engine *e, struct err *err)
{
	pthread_mutex_lock(&e->mutex);
	while (e->commits_done < e->commits_asked && !e->failed)
		pthread_cond_wait(&e->changed, &e->mutex);
	bool durable = e->commits_done == e->commits_asked;
	pthread_mutex_unlock(&e->mutex);
	return durable ? 0 : told(e, err);
}

static bool behind_landed(struct engine *e)
{
	pthread_mutex_lock(&e->mutex);
	bool landed = e->commits_done == e->commits_asked;
	pthread_mutex_unlock(&e->mutex);
	return landed;
}

/* What was not handed over yet is dropped; what was is carried out, or was not after a failure, and taken back. */
static void behind_rollback(struct engine *e)
{
	struct batch *batch = &e->batches[e->made % BATCHES];
	struct err err;

	empty(batch);
	settle(e, &err);
	(void)beside_wait(e, e->beside.asked, &err);
	e->below->rollback(e->db);
	e->failed = e->beside.failed = false;
	e->commits_asked = e->commits_done;
}

/* ---- the rest ---- */

static void behind_close(struct engine *e)
{
	if (!e)
		return;
	pthread_mutex_lock(&e->mutex);
	e->closing = e->beside.closing = true;
	pthread_cond_broadcast(&e->changed);
	pthread_mutex_unlock(&e->mutex);
	if (e->threaded)
		pthread_join(e->thread, NULL);
	if (e->beside.threaded)
		pthread_join(e->beside.thread, NULL);
	if (e->looker)
		e->below->close(e->looker);
	if (e->db)
		e->below->close(e->db);
	free(e->where);
	for (int i = 0; i < BATCHES; i++)
		arena_release(&e->batches[i].arena);
	pthread_cond_destroy(&e->changed);
	pthread_mutex_destroy(&e->mutex);
	free(e);
}

static int behind_open(struct engine **out, const char *where, bool writing, struct err *err)
{
	const struct engine_ops *below = engine_for(where, err);

	if (!below)
		return err->kind;
	struct engine *e = must_calloc(1, sizeof(*e));
	e->below = below;
	e->where = must_alloc(strlen(where) + 1);
	memcpy(e->where, where, strlen(where) + 1);
	pthread_mutex_init(&e->mutex, NULL);
	pthread_cond_init(&e->changed, NULL);
	for (int i = 0; i < BATCHES; i++)
		arena_init(&e->batches[i].arena);
	int rc = below->open(&e->db, where, writing, err);
	if (rc != 0) {
		e->db = NULL;
		behind_close(e);
		return rc;
	}
	*out = e;
	return 0;
}

static int behind_backup(struct engine *e, const char *to, struct err *err)
{
	int rc = settle(e, err);

	return rc == 0 ? e->below->backup(e->db, to, err) : rc;
}
static int behind_compact(struct engine *e, struct err *err)
{
	int rc = settle(e, err);

	return rc == 0 ? e->below->compact(e->db, err) : rc;
}
static int behind_check(struct engine *e, struct err *err)
{
	int rc = settle(e, err);

	return rc == 0 ? e->below->check(e->db, err) : rc;
}

static int behind_renew(struct engine *e, struct err *err)
{
	int rc = settle(e, err);

	return rc == 0 ? e->below->renew(e->db, err) : rc;
}
static void behind_rest(struct engine *e)
{
	struct err ignored;

	if (settle(e, &ignored) == 0)
		e->below->rest(e->db);
}

const struct engine_ops engine_behind = {
	.name = "writing behind",
	.open = behind_open,
	.close = behind_close,
	.begin = behind_begin,
	.commit = behind_commit,
	.commit_next = behind_commit_next,
	.wait = behind_wait,
	.landed = behind_landed,
	.rollback = behind_rollback,
	.renew = behind_renew,
	.rest = behind_rest,
	.run = behind_run,
	.look = behind_look,
	.call = behind_call,
	.backup = behind_backup,
	.compact = behind_compact,
	.check = behind_check,
};
