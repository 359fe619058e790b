#include <pthread.h>
#include <stdatomic.h>

#include "facts/load.h"

enum { THREADS_MAX = 64 };

struct works {
	work_fn *work;
	void *context;
	size_t count;
	atomic_size_t next;
	pthread_mutex_t mutex;
	size_t failed_item;
	int failed;
	struct err *err;
};

static void fail(struct works *works, size_t item, int failed, const struct err *why)
{
	pthread_mutex_lock(&works->mutex);
	if (!works->failed || item < works->failed_item) {
		works->failed = failed;
		works->failed_item = item;
		*works->err = *why;
	}
	pthread_mutex_unlock(&works->mutex);
	/* Nobody begins another. */
	atomic_store(&works->next, works->count);
}

static bool one(struct works *works)
{
	size_t item = atomic_fetch_add(&works->next, 1);
	struct err err = ERR_INIT;
	int failed;

	if (item >= works->count)
		return false;
	failed = works->work(works->context, item, &err);
	if (failed)
		fail(works, item, failed, &err);
	return true;
}

static void *others(void *context)
{
	while (one(context))
		;
	return NULL;
}

int load_each(unsigned threads, size_t count, work_fn *work, void *context, void (*tick)(void *), struct err *err)
{
	struct works works = { .work = work, .context = context, .count = count, .err = err };
	pthread_t ids[THREADS_MAX];
	unsigned started = 0;

	atomic_init(&works.next, 0);
	pthread_mutex_init(&works.mutex, NULL);
	while (started + 1 < threads && started + 1 < count && started < THREADS_MAX &&
	       !pthread_create(&ids[started], NULL, others, &works))
		started++;
	while (one(&works)) {
		if (tick)
			tick(context);
	}
	for (unsigned i = 0; i < started; i++)
		pthread_join(ids[i], NULL);
	pthread_mutex_destroy(&works.mutex);
	return works.failed;
}
