#include "facts/live.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "facts/key_index.h"
#include "facts/load.h"
#include "facts/take_up.h"

/* As a nice value: the last there is. */
enum { STEP_BACK = 19 };

struct live {
	pthread_mutex_t turn;
	pthread_rwlock_t facts_lock;
	/* by who has the turn */
	struct book *book;
	struct facts_options options;
	struct finder finder;
	/* by who has the turn and the lock alone; read by who shares the lock */
	struct facts *facts;
	struct key_index lead_keys;
	struct live_counts counts;
};

/* Who is asking goes on with the old facts until the new ones are there; who begins meanwhile waits for them. */
static int load_anew(struct live *live, struct err *err)
{
	struct facts *fresh, *old = live->facts;
	int failed = facts_load(&fresh, live->book, &live->options, err);

	if (failed)
		return failed;
	/* One connection serves one thread, and many may ask. */
	fresh->book = NULL;
	fresh->papers_seq = fresh->head.seq;
	pthread_rwlock_wrlock(&live->facts_lock);
	live->facts = fresh;
	key_index_release(&live->lead_keys);
	key_index_follow(&live->lead_keys, fresh, FACT_LEADS);
	fresh->lead_keys = &live->lead_keys;
	live->counts.loads++;
	pthread_rwlock_unlock(&live->facts_lock);
	facts_free(old);
	finder_release(&live->finder);
	return 0;
}

static bool has_papers(const struct changes *changes)
{
	for (size_t i = 0; i < changes->count; i++) {
		enum object object = changes->items[i].object;

		if (object_is_paper(object) || object == OBJECT_PERSON)
			return true;
	}
	return changes->imports;
}

static int put_in(struct live *live, struct taking *taking, const struct changes *changes, struct err *err)
{
	int failed = 0;

	pthread_rwlock_wrlock(&live->facts_lock);
	/* First, because it may fail: then all is as it was, and the next to ask tries again. */
	if (changes->imports)
		failed = load_imports(live->facts, live->book, err);
	if (!failed) {
		take_up_apply(taking, live->options.today);
		key_index_follow(&live->lead_keys, live->facts, FACT_LEADS);
		live->counts.records += changes->count;
		if (has_papers(changes))
			live->facts->papers_seq = live->facts->head.seq;
	}
	pthread_rwlock_unlock(&live->facts_lock);
	take_up_free(taking);
	return failed;
}

static int take_up(struct live *live, struct err *err)
{
	struct taking *taking = NULL;
	struct changes changes;
	struct arena arena;
	int failed;

	arena_init(&arena);
	failed = book_changes(live->book, live->facts->head.seq, take_up_most(live->facts), &changes, &arena, err);
	if (!failed)
		failed = take_up_prepare(&taking, live->facts, &live->finder, live->book, &changes, err);
	if (!failed && taking)
		failed = put_in(live, taking, &changes, err);
	else if (!failed)
		failed = load_anew(live, err);
	arena_release(&arena);
	return failed;
}

static int catch_up(struct live *live, struct err *err)
{
	int failed = book_renew(live->book, err);
	struct book_head head = book_head(live->book);

	if (!failed && !live->facts)
		failed = load_anew(live, err);
	else if (!failed && live->facts->head.seq != head.seq)
		failed = take_up(live, err);
	book_rest(live->book);
	return failed;
}

int live_open(struct live **out, const char *path, const struct facts_options *options, struct err *err)
{
	struct book *book;
	struct live *live;
	int failed = book_open(&book, path, BOOK_READ, err);

	if (failed)
		return failed;
	live = must_calloc(1, sizeof(*live));
	live->book = book;
	live->options = *options;
	live->options.known_at_ms = INT64_MAX;
	pthread_mutex_init(&live->turn, NULL);
	pthread_rwlock_init(&live->facts_lock, NULL);
	failed = catch_up(live, err);
	live->counts = (struct live_counts){ 0 };
	if (failed)
		live_close(live);
	else
		*out = live;
	return failed;
}

void live_close(struct live *live)
{
	facts_free(live->facts);
	finder_release(&live->finder);
	key_index_release(&live->lead_keys);
	book_close(live->book);
	pthread_rwlock_destroy(&live->facts_lock);
	pthread_mutex_destroy(&live->turn);
	free(live);
}

/* A day later. */
static void turn_to(struct live *live, int32_t today)
{
	if (live->options.today == today)
		return;
	live->options.today = today;
	pthread_rwlock_wrlock(&live->facts_lock);
	facts_resettle(live->facts, today);
	pthread_rwlock_unlock(&live->facts_lock);
}

static int work_out(struct live *live, const struct live_working_out *what, struct err *err)
{
	int failed;

	if (!what->needed(what->context, live->facts))
		return 0;
	pthread_rwlock_wrlock(&live->facts_lock);
	failed = what->run(what->context, live->facts, err);
	pthread_rwlock_unlock(&live->facts_lock);
	return failed;
}

int live_begin(struct live *live, int32_t today, const struct facts **facts, struct err *err)
{
	return live_begin_with(live, today, NULL, facts, err);
}

int live_begin_with(struct live *live, int32_t today, const struct live_working_out *what, const struct facts **facts,
		    struct err *err)
{
	int failed;

	pthread_mutex_lock(&live->turn);
	turn_to(live, today);
	failed = catch_up(live, err);
	if (!failed && what)
		failed = work_out(live, what, err);
	if (!failed) {
		pthread_rwlock_rdlock(&live->facts_lock);
		*facts = live->facts;
	}
	pthread_mutex_unlock(&live->turn);
	return failed;
}

void live_end(struct live *live)
{
	pthread_rwlock_unlock(&live->facts_lock);
}

/* On Linux a thread has a priority of its own, and hands it on to those it starts. Elsewhere it would be that of the whole process. */
void live_step_back(void)
{
#ifdef __linux__
	(void)setpriority(PRIO_PROCESS, 0, STEP_BACK);
#endif
}

uint64_t live_papers_seq(const struct facts *facts)
{
	return facts->papers_seq;
}

const struct facts *live_stay(struct live *live)
{
	pthread_rwlock_rdlock(&live->facts_lock);
	return live->facts;
}

struct live_counts live_counts(struct live *live)
{
	struct live_counts counts;

	pthread_mutex_lock(&live->turn);
	counts = live->counts;
	pthread_mutex_unlock(&live->turn);
	return counts;
}
