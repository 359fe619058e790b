#include "serve/waiting.h"

#include <errno.h>
#include <time.h>

int64_t monotonic_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

void waiting_init(pthread_cond_t *condition)
{
	pthread_condattr_t monotonic;

	pthread_condattr_init(&monotonic);
	pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	pthread_cond_init(condition, &monotonic);
	pthread_condattr_destroy(&monotonic);
}

bool waiting_until(pthread_cond_t *condition, pthread_mutex_t *lock, int64_t monotonic_until_ms)
{
	struct timespec until = { .tv_sec = (time_t)(monotonic_until_ms / 1000),
				  .tv_nsec = (long)(monotonic_until_ms % 1000) * 1000000 };

	return pthread_cond_timedwait(condition, lock, &until) == ETIMEDOUT;
}
