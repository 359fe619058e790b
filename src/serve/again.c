#include "serve/again.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>

#include "serve/answer.h"
#include "serve/at_the_desk.h"
#include "serve/waiting.h"

/* Whatever the clock does meanwhile. */
enum { LONGEST_MS = 2000 };

/* In the arena of its request. */
struct call_waiting {
	struct call *call;
	int64_t due_ms; /* monotonic */
	struct call_waiting *next;
};

struct again {
	struct server *server;
	pthread_t thread;
	pthread_mutex_t lock; /* of all below */
	pthread_cond_t changed;
	struct call_waiting *first; /* the soonest due */
	bool ending;
};

static void stand_in_line(struct call *call)
{
	struct again *again = server_again(call->server);
	struct call_waiting *waiting = call->kept, **at = &again->first;

	pthread_mutex_lock(&again->lock);
	while (*at && (*at)->due_ms <= waiting->due_ms)
		at = &(*at)->next;
	waiting->next = *at;
	*at = waiting;
	pthread_cond_signal(&again->changed);
	pthread_mutex_unlock(&again->lock);
}

void again_later(struct call *call)
{
	struct call_waiting *waiting = ARENA_NEW(call->arena, struct call_waiting);
	int64_t left_ms = call->again_ms - server_now_ms(call->server);

	waiting->call = call;
	waiting->due_ms = monotonic_ms() + (left_ms < 0 ? 0 : left_ms > LONGEST_MS ? LONGEST_MS : left_ms);
	call->kept = waiting;
	call->later = stand_in_line;
}

/* The next whose time has come; NULL: nobody comes any more. */
static struct call_waiting *take_up(struct again *again)
{
	struct call_waiting *waiting;

	pthread_mutex_lock(&again->lock);
	for (;;) {
		waiting = again->first;
		if (waiting && (waiting->due_ms <= monotonic_ms() || again->ending))
			break;
		if (waiting)
			waiting_until(&again->changed, &again->lock, waiting->due_ms);
		else if (again->ending)
			break;
		else
			pthread_cond_wait(&again->changed, &again->lock);
	}
	if (waiting)
		again->first = waiting->next;
	pthread_mutex_unlock(&again->lock);
	return waiting;
}

static void *run(void *context)
{
	struct again *again = context;
	struct call_waiting *waiting;

	while ((waiting = take_up(again))) {
		struct call *call = waiting->call;

		call->again_ms = 0;
		call->later = NULL;
		call->now_ms = server_now_ms(again->server);
		at_the_desk(call);
		if (call->later)
			call->later(call);
		else
			answer_later(call);
	}
	return NULL;
}

int again_open(struct again **out, struct server *server, struct err *err)
{
	struct again *again = must_calloc(1, sizeof(*again));

	again->server = server;
	pthread_mutex_init(&again->lock, NULL);
	waiting_init(&again->changed);
	errno = pthread_create(&again->thread, NULL, run, again);
	if (errno) {
		free(again);
		return err_system(err, "cannot start a thread");
	}
	*out = again;
	return 0;
}

void again_close(struct again *again)
{
	if (!again)
		return;
	pthread_mutex_lock(&again->lock);
	again->ending = true;
	pthread_cond_signal(&again->changed);
	pthread_mutex_unlock(&again->lock);
	pthread_join(again->thread, NULL);
	pthread_cond_destroy(&again->changed);
	pthread_mutex_destroy(&again->lock);
	free(again);
}
