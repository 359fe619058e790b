/* Who sends or takes slowly is cut off at a fixed time: a limit on how long nothing may come would be met by a byte a second. */
#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "serve/http_private.h"
#include "serve/waiting.h"

enum { LOOK_EVERY_MS = 250 };

static void cut_off_late(struct visits *visits)
{
	int64_t now_ms = monotonic_ms();

	for (struct visit *visit = visits->first; visit; visit = visit->next) {
		if (!visit->deadline_ms || visit->deadline_ms > now_ms)
			continue;
		/* Whoever waits for the socket sees its end, and closes it. */
		shutdown(visit->fd, SHUT_RDWR);
		visit->deadline_ms = 0;
		visits->cut_off++;
	}
}

static void *watch(void *context)
{
	struct visits *visits = context;

	pthread_mutex_lock(&visits->lock);
	while (!visits->ending)
		if (waiting_until(&visits->ended, &visits->lock, monotonic_ms() + LOOK_EVERY_MS))
			cut_off_late(visits);
	pthread_mutex_unlock(&visits->lock);
	return NULL;
}

int visits_open(struct visits *visits, struct err *err)
{
	*visits = (struct visits){ .first = NULL };
	pthread_mutex_init(&visits->lock, NULL);
	waiting_init(&visits->ended);
	errno = pthread_create(&visits->thread, NULL, watch, visits);
	return errno ? err_system(err, "cannot start a thread") : 0;
}

void visits_close(struct visits *visits)
{
	pthread_mutex_lock(&visits->lock);
	visits->ending = true;
	pthread_cond_signal(&visits->ended);
	pthread_mutex_unlock(&visits->lock);
	pthread_join(visits->thread, NULL);
	pthread_cond_destroy(&visits->ended);
	pthread_mutex_destroy(&visits->lock);
}

struct visit *visit_begin(struct visits *visits, int fd, int64_t within_ms)
{
	struct visit *visit = must_calloc(1, sizeof(*visit));

	visit->fd = fd;
	visit->deadline_ms = monotonic_ms() + within_ms;
	pthread_mutex_lock(&visits->lock);
	visit->next = visits->first;
	if (visit->next)
		visit->next->previous = visit;
	visits->first = visit;
	visits->count++;
	pthread_mutex_unlock(&visits->lock);
	return visit;
}

void visit_end(struct visits *visits, struct visit *visit)
{
	pthread_mutex_lock(&visits->lock);
	if (visit->next)
		visit->next->previous = visit->previous;
	if (visit->previous)
		visit->previous->next = visit->next;
	else
		visits->first = visit->next;
	visits->count--;
	pthread_mutex_unlock(&visits->lock);
	free(visit);
}

void visit_within(struct visits *visits, struct visit *visit, int64_t within_ms)
{
	int64_t deadline_ms = within_ms ? monotonic_ms() + within_ms : 0;

	pthread_mutex_lock(&visits->lock);
	visit->deadline_ms = deadline_ms;
	pthread_mutex_unlock(&visits->lock);
}
